Feature: Silence of the broker
  An order without a word from the broker is neither rejected nor sent: it is unknown, and a person is told.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-POSITION-SUBMITTED-TTL-1
  Rule: An entry that was not acknowledged within 60 seconds is STALLED, and an alert is raised

    Scenario: After 59 seconds of silence nothing has happened yet
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      When 59 seconds pass
      Then the position is SUBMITTED
      And no CRITICAL alert is raised

    Scenario: After 60 seconds of silence the position is stalled
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      When 60 seconds pass
      Then the position is STALLED
      And the CRITICAL alert POSITION_STALLED is raised once
      And its last POSITION bead says
        | from    | SUBMITTED |
        | trigger | SILENCE   |

    Scenario: An acknowledgement after 59 seconds is in time
      Given a broker that says nothing of the entry for 59 seconds
      And the trader bought 1000000 GBPUSD
      When 60 seconds pass
      Then the position is MANAGED
      And the alert POSITION_STALLED is not raised
      And the history is clean

    Scenario: An acknowledged limit order may rest for as long as it is good
      Given the trader's limit order rests at 1.25900
      When 14 hours pass
      Then the position is SUBMITTED
      And no CRITICAL alert is raised
      And the history is clean

    Scenario: A stalled order is never sent again
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      When 2 hours pass
      Then the position is STALLED
      And the broker has received no order

    Scenario: A stalled position is pointed out again after 15 minutes, once
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      When 60:00 minutes pass
      Then the CRITICAL alert POSITION_STALLED_LONG is raised once
      And the alert POSITION_STALLED is raised once

    Scenario: A stalled position is not pointed out again before its 15 minutes
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      When 15:59 minutes pass
      Then the position is STALLED
      And the alert POSITION_STALLED_LONG is not raised

    Scenario: A stalled position that finds its answer is left in peace
      Given a broker that says nothing of the entry for 90 seconds
      And the trader bought 1000000 GBPUSD
      When 60:00 minutes pass
      Then the position is MANAGED
      And the alert POSITION_STALLED_LONG is not raised
      And the history is clean
