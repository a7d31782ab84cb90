@GATE_S32_2
Feature: Nothing reaches the broker without a human's approval
  A token comes from a named human's decision on exactly the evidence shown, and only its claim opens the connector.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-T2-GATE-1
  Rule: The connector refuses an order that doesn't carry its committed claim

    @CV_S32_ORDER_WITHOUT_TOKEN
    Scenario Outline: An order is handed over with <claim>
      Given a proposal to buy GBPUSD
      When its order is handed to the connector with <claim>
      Then the connector refuses it
      And the broker has received no order

      Examples:
        | claim                      |
        | no claim                   |
        | an invented claim          |
        | a copy of a claim          |
        | a claim for a smaller order |

    @CV_S32_ORDER_WITHOUT_TOKEN
    Scenario: A proposal is submitted that nobody approved
      Given a proposal to buy GBPUSD
      When the entry is submitted
      Then it is refused with TOKEN at token_id
      And the position is PROPOSED
      And the broker has received no order

    Scenario: The order is no longer the one that was approved
      Given an approved entry that was not sent yet
      And the approved order was altered behind the approval
      When the entry is submitted
      Then it is refused with TOKEN at order_hash
      And the broker has received no order

  @INV-T2-GATE-1
  Rule: Only a named human approves, and only what they saw

    Scenario Outline: <somebody> approves
      Given a proposal to buy GBPUSD
      When <somebody> approves the proposal
      Then it is refused with NOT_ALLOWED at signer
      And there is no T2_TOKEN bead
      And the broker has received no order

      Examples:
        | somebody              |
        | an assistant          |
        | a program             |
        | a human without a name |

    Scenario: An assistant recommends, and nothing happens
      Given a proposal to buy GBPUSD
      When an assistant recommends the proposal
      Then the position is PROPOSED
      And there is no T2_TOKEN bead

    Scenario: An assistant may say no
      Given a proposal to buy GBPUSD
      When an assistant passes on the proposal
      Then the position is CANCELLED

    Scenario: An assistant can't take an approval back
      Given an approved entry that was not sent yet
      When an assistant withdraws the approval
      Then it is refused with NOT_ALLOWED at signer
      And the position is APPROVED

    Scenario: The trader approves evidence that is not the current one
      Given a proposal to buy GBPUSD
      When the trader approves other evidence than is shown
      Then it is refused with STALE_EVIDENCE at evidence_hash
      And there is no T2_TOKEN bead

    Scenario: The decision proves no human
      Given a proposal to buy GBPUSD
      When the trader approves the proposal without proof
      Then it is refused with PROOF_MISSING at proof
      And there is no T2_TOKEN bead

    Scenario: A typed confirmation is not enough on a paper account
      Given a paper account
      And a proposal to buy GBPUSD
      When the trader approves the proposal by typing
      Then it is refused with PROOF_MISSING at proof
      And there is no T2_TOKEN bead

    Scenario: The word passkey is not enough on a paper account either
      Given a paper account
      And a proposal to buy GBPUSD
      When a program approves the proposal as its trader, with a passkey that nobody verified
      Then it is refused with PROOF_MISSING at proof
      And there is no T2_TOKEN bead

    Scenario: A proposal the trader passed on can't be approved
      Given a proposal to buy GBPUSD
      And the trader passed on the proposal
      When the trader approves the proposal
      Then it is refused with WRONG_STATE
      And there is no T2_TOKEN bead

    Scenario: A decision that is reached a minute later still counts
      Given a proposal to buy GBPUSD
      And the trader approved it in another process
      And 1:00 minutes pass
      When the executor catches up
      Then the broker has received 1 entry order

    Scenario: A decision that is reached more than a minute later lapses
      Given a proposal to buy GBPUSD
      And the trader approved it in another process
      And 1:00.001 minutes pass
      When the executor catches up
      Then the last refusal on record is LAPSED
      And there is no T2_TOKEN bead
      And the broker has received no order
