Feature: An approved order is sent once
  What was sent, or may have been, is never sent again; only a human says what became of it.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-SUBMIT-ONCE-1
  Rule: At most one broker order per approved intent

    Scenario: The trader approves again after the order went out
      Given a proposal to buy GBPUSD
      And the trader approved the proposal
      When the trader approves the proposal
      Then it is refused with WRONG_STATE at position
      And the broker has received 1 entry order

    Scenario: The claim of a sent order is handed over again
      Given every claim is kept
      And a proposal to buy GBPUSD
      And the trader approved the proposal
      When its order is handed to the connector with the claim it was sent with
      Then the connector refuses it
      And the broker has received 1 entry order

    Scenario: A second attempt for the same intent can't even be written
      Given a proposal to buy GBPUSD
      And the trader approved the proposal
      When another process writes a second attempt for the intent
      Then the database refuses it by the attempt

    Scenario Outline: The broker <does> and nothing is sent again
      Given the broker <does>
      And a proposal to buy GBPUSD
      And the trader approved the proposal
      And 1:00 minutes pass
      When the entry is submitted
      Then it is refused with TOKEN at token_id
      And the position is STALLED
      And the broker has received <count> entry orders

      Examples:
        | does                      | count |
        | says nothing of the order | 1     |
        | never gets the order      | 0     |

    Scenario: The process dies between the record and the send
      Given a bead store in a file
      And a process that dies before the next send
      And a proposal to buy GBPUSD
      And the trader's approval was recorded when the process died
      When Phoenix is started again and 20:00 minutes pass
      Then the position is STALLED
      And the CRITICAL alert POSITION_STALLED_LONG is raised
      And the broker has received no order

    Scenario: After the process died, the order can't be submitted again
      Given a bead store in a file
      And a process that dies before the next send
      And a proposal to buy GBPUSD
      And the trader's approval was recorded when the process died
      And Phoenix was started again
      When the entry is submitted
      Then it is refused with TOKEN at token_id
      And the broker has received no order
