@GATE_S32_2
Feature: T2 tokens are secure
  A human's approval opens the broker once, for one order on the evidence that was shown, within five minutes.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-T2-TOKEN-1
  Rule: A token is used once

    Scenario: An approval sends one order
      Given a proposal to buy GBPUSD
      When the trader approves the proposal
      Then the broker has received 1 entry order
      And the token beads of the proposal read ISSUED, USED

    @CV_S32_TOKEN_REPLAY
    Scenario: A token that was used is shown again
      Given a proposal to buy GBPUSD
      And the trader approved the proposal
      When the token of the proposal is shown again
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, USED, REJECTED(ALREADY_USED)
      And the broker has received 1 entry order

    @CV_S32_TOKEN_REPLAY
    Scenario: A token stays used when its order is rejected
      Given a proposal to buy GBPUSD
      And the broker will reject the next order
      And the trader approved the proposal
      When the token of the proposal is shown again
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, USED, REJECTED(ALREADY_USED)
      And the position is REJECTED

    @CV_S32_TOKEN_RACE
    Scenario: Two threads claim the same token at once
      Given a bead store in a file that two executors share
      And an approved entry that was not sent yet
      When both executors submit the entry at the same moment
      Then one of them wins and the other is refused with TOKEN
      And the two brokers together have received 1 entry order
      And the token beads of the proposal read ISSUED, USED, REJECTED(ALREADY_USED)

    @CV_S32_TOKEN_RACE
    Scenario: Two claims that both looked before either was written
      Given a bead store in a file that two executors share
      And an approved entry that was not sent yet
      When both executors claim the token on what they saw before, at the same moment
      Then the database refuses one of them by the end of the token
      And the token beads of the proposal read ISSUED, USED

    Scenario: Memory that lags behind the beads opens nothing
      Given an executor whose memory may lag behind the beads
      And an approved entry that was not sent yet
      And the entry was submitted, which the executor's memory does not show
      When the token of the proposal is shown again
      Then it is refused with TOKEN at token_id
      And the CRITICAL alert TOKEN_DISAGREEMENT is raised
      And the broker has received 1 entry order

  @INV-T2-TOKEN-1
  Rule: A token expires five minutes after it was issued

    Scenario: The last millisecond still counts
      Given an approved entry that was not sent yet
      And 4:59.999 minutes pass
      When the entry is submitted
      Then the broker has received 1 entry order
      And the token beads of the proposal read ISSUED, USED

    Scenario: Nothing expires before its time
      Given an approved entry that was not sent yet
      When 4:59.999 minutes pass
      Then the token beads of the proposal read ISSUED
      And the position is APPROVED

    Scenario: The sweeper finds it at five minutes sharp
      Given an approved entry that was not sent yet
      When 5:00 minutes pass
      Then the token beads of the proposal read ISSUED, EXPIRED
      And the position is EXPIRED
      And the broker has received no order

    @CV_S32_TOKEN_EXPIRED
    Scenario: A token is shown after the sweeper expired it
      Given an approved entry that was not sent yet
      And 5:00 minutes pass
      When the entry is submitted
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, EXPIRED, REJECTED(EXPIRED)
      And the broker has received no order

    @CV_S32_TOKEN_EXPIRED
    Scenario: A token is shown at five minutes sharp, before any sweep
      Given an approved entry that was not sent yet
      And it is 5:00 minutes later, before any sweep
      When the entry is submitted
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, EXPIRED, REJECTED(EXPIRED)
      And the position is EXPIRED
      And the broker has received no order

    Scenario: The token of an exit lives as long
      Given an open and protected position
      And the trader asked to close the position
      And the trader approved the close without sending it
      And 4:59.999 minutes pass
      When the approved close is submitted
      Then the position is CLOSED

    @CV_S32_TOKEN_EXPIRED
    Scenario: The token of an exit is shown at five minutes sharp, before any sweep
      Given an open and protected position
      And the trader asked to close the position
      And the trader approved the close without sending it
      And it is 5:00 minutes later, before any sweep
      When the approved close is submitted
      Then it is refused with TOKEN at token_id
      And the token beads of the exit read ISSUED, EXPIRED, REJECTED(EXPIRED)
      And the position is MANAGED

  @INV-T2-TOKEN-1
  Rule: A token opens one order on one bundle of evidence, to whoever holds its secret

    @CV_S32_TOKEN_WRONG_INTENT
    Scenario: A token is shown for another intent
      Given an approved entry that was not sent yet
      And another approved entry that was not sent yet
      When the token of the first proposal is shown for the second proposal
      Then it is refused with TOKEN at token_id
      And the token beads of the first proposal read ISSUED, REJECTED(INTENT_MISMATCH, final)
      And the first position is EXPIRED
      And the second position is APPROVED
      And the CRITICAL alert TOKEN_MISUSED is raised

    @CV_S32_TOKEN_WRONG_INTENT
    Scenario: A token that was shown for another intent no longer opens its own
      Given an approved entry that was not sent yet
      And another approved entry that was not sent yet
      And the token of the first proposal was shown for the second proposal
      When the token of the first proposal is shown again
      Then it is refused with TOKEN at token_id
      And the token beads of the first proposal end with REJECTED(REVOKED)
      And the broker has received no order

    Scenario: A token is shown with a guessed secret
      Given an approved entry that was not sent yet
      When the token of the proposal is shown with a guessed secret
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, REJECTED(BAD_SECRET, final)
      And the position is EXPIRED
      And the CRITICAL alert TOKEN_MISUSED is raised

    Scenario: The evidence changed behind the approval
      Given an approved entry that was not sent yet
      And other evidence was frozen behind the approval
      When the entry is submitted
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, REJECTED(EVIDENCE_MISMATCH, final)
      And the position is EXPIRED
      And the CRITICAL alert TOKEN_MISUSED is raised

    Scenario: A token that was never issued
      Given an approved entry that was not sent yet
      When a token that was never issued is shown for the proposal
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, REJECTED(UNKNOWN_TOKEN)
      And the position is APPROVED
      And the CRITICAL alert TOKEN_MISUSED is raised

  @INV-T2-TOKEN-1
  Rule: An intent has one live token at a time and three at most

    Scenario: Approving again revokes the former token
      Given an approved entry that was not sent yet
      When the trader approves the proposal without sending it
      Then the token beads of the proposal read ISSUED, REJECTED(REVOKED, final), ISSUED
      And the position is APPROVED

    Scenario: The former token opens nothing
      Given an approved entry that was not sent yet
      And the trader approved the proposal again without sending it
      When the first token of the proposal is shown
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal end with REJECTED(REVOKED)
      And the broker has received no order

    Scenario: The third token still sends
      Given an entry approved 3 times that was not sent yet
      When the entry is submitted
      Then the broker has received 1 entry order

    Scenario: There is no fourth token
      Given an entry approved 3 times that was not sent yet
      When the trader approves the proposal
      Then it is refused with TOKEN at intent_id
      And 3 tokens were issued for the proposal
      And the broker has received no order

    Scenario: The trader withdraws an approval
      Given an approved entry that was not sent yet
      When the trader withdraws the approval
      Then the token beads of the proposal read ISSUED, REJECTED(REVOKED, final)
      And the position is EXPIRED

    Scenario: A withdrawn approval sends nothing
      Given an approved entry that was not sent yet
      And the trader withdrew the approval
      When the entry is submitted
      Then it is refused with TOKEN at token_id
      And the broker has received no order
