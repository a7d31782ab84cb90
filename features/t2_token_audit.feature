@GATE_S32_2
Feature: The life of every token can be read in the beads

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-T2-TOKEN-AUDIT-1
  Rule: Every change of a token is a bead, in one commit with what it brings about

    Scenario: The bead that issues a token says who, why and until when
      Given a proposal to buy GBPUSD
      When the trader approves the proposal without sending it
      Then its token names the trader, their decision and the evidence they saw
      And its token expires 5:00 minutes after it was issued
      And the secret of the token stands in no bead

    Scenario: Issuing it and approving are one commit
      Given every commit is watched
      And a proposal to buy GBPUSD
      When the trader approves the proposal without sending it
      Then one commit holds T2_TOKEN(ISSUED), POSITION(APPROVED)

    Scenario: Using it and recording the attempt are one commit
      Given every commit is watched
      And an approved entry that was not sent yet
      When the entry is submitted
      Then one commit holds T2_TOKEN(USED), ORDER(PREPARED), POSITION(SUBMITTED)

    Scenario: Its expiry and the end of the approval are one commit
      Given every commit is watched
      And an approved entry that was not sent yet
      When 5:00 minutes pass
      Then one commit holds T2_TOKEN(EXPIRED), POSITION(EXPIRED)

    Scenario: Withdrawing and the end of the approval are one commit
      Given every commit is watched
      And an approved entry that was not sent yet
      When the trader withdraws the approval
      Then one commit holds T2_TOKEN(REJECTED), POSITION(EXPIRED)

    Scenario: A kill flag and the end of the tokens it revokes are one commit
      Given every commit is watched
      And an approved entry that was not sent yet
      When the operator sets a kill flag on all strategies
      Then one commit holds KILL_FLAG(SET), T2_TOKEN(REJECTED), POSITION(EXPIRED)

    Scenario: Misuse, the end of the approval and the alert are one commit
      Given every commit is watched
      And an approved entry that was not sent yet
      When the token of the proposal is shown with a guessed secret
      Then it is refused with TOKEN at token_id
      And one commit holds T2_TOKEN(REJECTED), POSITION(EXPIRED), ALERT(RAISED)

    Scenario: Replacing it and issuing the next are one commit
      Given every commit is watched
      And an approved entry that was not sent yet
      When the trader approves the proposal without sending it
      Then one commit holds T2_TOKEN(REJECTED), T2_TOKEN(ISSUED)

    Scenario: It expires once, however often it is shown afterwards
      Given an approved entry that was not sent yet
      And 5:00 minutes pass
      And the token of the proposal was shown again
      When the token of the proposal is shown again
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, EXPIRED, REJECTED(EXPIRED), REJECTED(EXPIRED)
