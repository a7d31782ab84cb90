Feature: Reconciliation detects and never corrects
  It can read the broker and record what it found. There is no door from it to an order, a position or the broker.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-RECONCILE-READONLY-1
  Rule: A comparison changes nothing but what is known of the comparison

    Scenario: Positions, orders and the broker stay as they were
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      When the books are compared until it has settled
      Then nothing was recorded since but runs, a drift and alerts
      And the broker has received 1 entry order
      And the broker has received no exit order
      And the broker was asked to cancel nothing
      And the broker holds 900000 GBPUSD
      And 1000000 GBPUSD are open

    Scenario: What somebody else holds is never adopted silently
      Given the broker holds 50000 GBPUSD by now
      When 20:00 minutes pass
      Then there is no POSITION bead
      And 1 POSITION_COUNT drift is open
      And the drift is EXTERNAL and CRITICAL

    Scenario: The way to the broker that it has leads nowhere but to answers
      Given a broker that can only be read
      When its books are compared with Phoenix's through that
      Then nothing else of the broker was asked for

    Scenario Outline: Drift closes entries in its instrument, and exits never: <act>
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      When <act>
      Then <outcome>

      Examples:
        | act                                         | outcome                                              |
        | another proposal to buy GBPUSD is approved  | it is refused with RISK_LIMIT at drift               |
        | another proposal to buy USDJPY is approved  | the broker has received 2 entry orders               |
        | the trader closes the position              | the broker has received 1 exit order                 |

  @INV-RECONCILE-READONLY-1
  Rule: Only a human's word changes Phoenix's book, and only as far as it goes

    Scenario: A correction is signed, as large as the difference, and no execution
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      When the operator resolves the drift as PHOENIX_CORRECTED
      Then the correction is of -100000 GBPUSD, borne by the position and signed by the operator
      And there is 1 EXECUTION bead
      And the comparison is HEALTHY

    Scenario: What no position can bear is borne by nobody, and still counted
      Given the broker holds 50000 GBPUSD by now
      And the books were compared until it had settled
      When the operator resolves the drift as PHOENIX_CORRECTED
      Then there is no POSITION bead
      And Phoenix and the broker hold the same GBPUSD
      And the comparison is HEALTHY

    Scenario: Of several positions the one that has more is named by the human
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader bought another 500000 GBPUSD
      And the broker holds 1600000 GBPUSD by now
      And the books were compared until it had settled
      When the operator resolves the drift as PHOENIX_CORRECTED
      Then it is refused with MALFORMED at position_id
      When the operator resolves it, naming the second position
      Then 600000 GBPUSD are open

    Scenario: An order that the broker no longer has is given up on a human's word
      Given the trader's limit order rests at 1.25900
      And the broker's book lost the whole bracket
      And the books were compared until they had settled
      When the operator resolves every drift as PHOENIX_CORRECTED
      Then the position is CANCELLED
      And the comparison is HEALTHY
