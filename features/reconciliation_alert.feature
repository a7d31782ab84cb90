Feature: Drift is told at once
  A difference that can be a lag is given time to settle; from then on a human knows within the same step.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-RECONCILE-ALERT-1
  Rule: A drift raises an alert in the step that records it

    Scenario: The alert shows both sides and its runbook
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      When the books are compared until it has settled
      Then the CRITICAL alert DRIFT_FOUND is raised once
      And the alert shows 1000000 and 900000, and names RB-002
      And the alert is as old as the drift

    @CV_S32_PARTIAL_DRIFT
    Scenario: Half is filled, and the broker says that it is six tenths
      Given a broker that fills 50 percent of the entry and calls it 60
      When the trader buys 1000000 GBPUSD
      Then 1 POSITION_SIZE drift is open
      And the CRITICAL alert DRIFT_FOUND is raised once
      And 500000 GBPUSD are open
      And the position is FILLED

    @CV_S32_FILL_PARTIAL
    Scenario: A partial fill alone is no drift
      Given a broker that fills 50 percent of the entry
      And the trader bought 1000000 GBPUSD
      When the books are compared until it has settled
      Then there is no RECONCILIATION_DRIFT bead
      And the comparison is HEALTHY

    @CV_POSITION_LAG
    Scenario: Holdings that lag behind the fill settle, however often somebody looks
      Given a broker whose holdings lag 20 seconds behind
      When the trader buys 1000000 GBPUSD
      Then the comparison is SETTLING
      And another proposal to buy GBPUSD is refused for settling
      When 10 seconds pass
      And the books are compared
      Then the comparison is SETTLING
      When 30 seconds pass
      Then the comparison is HEALTHY
      And there is no RECONCILIATION_DRIFT bead

    @CV_POSITION_LAG
    Scenario: Holdings that go on lagging are drift, half a minute later
      Given a broker whose holdings lag 300 seconds behind
      And the trader bought 1000000 GBPUSD
      When 29 seconds pass
      Then there is no RECONCILIATION_DRIFT bead
      When 1 seconds pass
      Then 1 POSITION_COUNT drift is open
      And the CRITICAL alert DRIFT_FOUND is raised once

    Scenario: Each execution gives the instrument half a minute more
      Given a broker that fills 50 percent of the entry and the rest 20 s later
      And the trader bought 1000000 GBPUSD
      And an order entered by hand in the broker's own terminal
      And the books were compared
      When 48 seconds pass
      Then there is no RECONCILIATION_DRIFT bead
      When 1 seconds pass
      Then 1 ORDER_STATUS drift is open

    Scenario: Without a time to settle the second look comes at once
      Given differences that settle at once
      And the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      When the books are compared
      Then 1 POSITION_SIZE drift is open

    Scenario: A drift that nobody resolves is told again after a quarter of an hour, once
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      When 14:00 minutes pass
      Then the alert DRIFT_UNRESOLVED is not raised
      When 31:00 minutes pass
      Then the CRITICAL alert DRIFT_UNRESOLVED is raised once

    Scenario: A drift that was resolved is not told again
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      And the operator resolved the drift as ACKNOWLEDGED
      When 30:00 minutes pass
      Then the alert DRIFT_UNRESOLVED is not raised

    Scenario: A difference in profit is a warning
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker calls 700 more of profit realised
      When the books are compared until it has settled
      Then the WARNING alert PNL_DRIFT is raised once
      And the alert DRIFT_FOUND is not raised
      And another proposal to buy GBPUSD passes

  @INV-RECONCILE-ALERT-1
  Rule: Somebody looks whenever something happened, and every five minutes besides

    Scenario Outline: At once when <what>
      Given <what> while the broker holds 5000 EURUSD that nobody knows of
      Then the comparison is SETTLING

      Examples:
        | what                    |
        | an entry is filled      |
        | an exit is rejected     |
        | an entry is cancelled   |

    Scenario: After five minutes in which nothing happened
      Given the broker holds 5000 EURUSD that nobody knows of
      When 5:00 minutes pass
      Then the comparison is SETTLING
      When 30 seconds pass
      Then 1 POSITION_COUNT drift is open

    Scenario: Not while the market is closed
      Given a market that has closed for the weekend
      And the broker holds 5000 EURUSD that nobody knows of
      When 60:00 minutes pass
      Then the comparison is HEALTHY
      And it was last made before the market closed

    Scenario: Whatever happens, the broker is asked twelve times a minute at most, and nothing is passed over
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      When the books are to be compared 40 times within 20 seconds
      Then the broker was asked for its holdings 12 times
      When 60 seconds pass
      Then 1 POSITION_SIZE drift is open
      And every one of the 40 is answered by a run
