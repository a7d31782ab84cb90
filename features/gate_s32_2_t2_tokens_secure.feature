@GATE_S32_2
Feature: T2 tokens are secure
  A human's approval opens the broker once, for one order on the evidence that was shown, within five minutes.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-T2-TOKEN-1
  Rule: A token is used once and dies after five minutes

    Scenario: A token still opens the broker just before its five minutes are over
      Given an approved entry that was not sent yet
      And 4:59.999 minutes pass
      When the entry is submitted
      Then the broker has received 1 entry order
