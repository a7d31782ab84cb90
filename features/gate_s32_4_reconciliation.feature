@GATE_S32_4
Feature: The books are compared, and only a human settles what differs
  Phoenix holds its own book against the broker's. What differs is recorded with both sides, told at once, and stays
  until a named human has resolved it; nothing is corrected by itself.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-RECONCILE-AUDIT-1
  Rule: Every drift is recorded, once, with both sides

    @CV_S32_RECONCILIATION_DRIFT
    Scenario: The broker reports a wrong position
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      When the books are compared until it has settled
      Then the comparison is DRIFT
      And 1 POSITION_SIZE drift is open
      And the drift says that Phoenix holds 1000000 and the broker 900000
      And the CRITICAL alert DRIFT_FOUND is raised once
      And 1000000 GBPUSD are open

    Scenario Outline: <what>
      Given the trader bought 1000000 GBPUSD and holds it protected
      And <what>
      When the books are compared until it has settled
      Then 1 <type> drift is open
      And the drift is <origin> and <severity>

      Examples:
        | what                                                    | type           | origin   | severity |
        | the broker holds nothing by now                         | POSITION_COUNT | PHOENIX  | CRITICAL |
        | the broker holds 1050000 GBPUSD by now                  | POSITION_SIZE  | EXTERNAL | CRITICAL |
        | the broker's book lost the stop                         | ORDER_STATUS   | PHOENIX  | CRITICAL |
        | the broker's book has the target as cancelled           | ORDER_STATUS   | PHOENIX  | CRITICAL |
        | the broker's book has 400000 of the entry filled        | POSITION_SIZE  | PHOENIX  | CRITICAL |
        | the broker calls 700 more of profit realised            | PNL            | PHOENIX  | WARNING  |

    @CV_MANUAL_ORDER
    Scenario: An order entered in the broker's own terminal is somebody else's
      Given an order entered by hand in the broker's own terminal
      When the books are compared until it has settled
      Then 1 ORDER_STATUS drift is open
      And the drift is EXTERNAL and CRITICAL
      And there is no POSITION bead

    @CV_BUST
    Scenario: A bust reverses the execution, and drifts
      Given a broker that busts the entry's execution after 30 seconds
      And the trader bought 1000000 GBPUSD
      When 40 seconds pass
      Then 0 GBPUSD are open
      And 1 POSITION_SIZE drift is open

    @CV_WRONG_ABSENT_ATTESTATION
    Scenario: An order that was called absent turns up
      Given a wire that takes the order and cannot say whether it left
      And a market order that was called absent
      When the order turns up at the broker after all
      Then entries are stopped by a global kill flag
      And 1 ORDER_STATUS drift is open among others

    Scenario: The same drift is not recorded anew, a changed one is
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      When 11:00 minutes pass
      Then there is 1 RECONCILIATION_DRIFT bead
      When the broker's holding becomes 800000 GBPUSD, and the books are compared until it has settled
      Then there are 2 RECONCILIATION_DRIFT beads
      And one drift is open, and it supersedes the former

    Scenario: What a comparison found is all in the beads
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      When the beads are folded anew, as after a crash
      Then nothing is forgotten

  @INV-RECONCILE-AUDIT-2
  Rule: Every resolution is a named human's, with notes, and recorded

    Scenario Outline: Resolved as <word>
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      When the operator resolves the drift as <word>
      Then there is 1 RECONCILIATION_RESOLUTION bead
      And it is signed by the operator, with notes
      And no drift is open
      And <held> GBPUSD are open

      Examples:
        | word              | held    |
        | PHOENIX_CORRECTED | 900000  |
        | BROKER_CORRECTED  | 1000000 |
        | ACKNOWLEDGED      | 1000000 |

    Scenario Outline: <who> resolves nothing
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      When <who> resolves the drift
      Then it is refused with <reason>
      And there is no RECONCILIATION_RESOLUTION bead
      And 1 POSITION_SIZE drift is open

      Examples:
        | who                      | reason      |
        | an assistant             | NOT_ALLOWED |
        | a program                | NOT_ALLOWED |
        | an operator without notes | MALFORMED   |

    Scenario: What the broker has corrected is healthy again, and entries reopen
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      And the broker holds 1000000 GBPUSD by now
      When the operator resolves the drift as BROKER_CORRECTED
      Then the comparison is HEALTHY
      And another proposal to buy GBPUSD passes

    Scenario: What the broker has not corrected comes back as a new drift
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      And the operator resolved the drift as BROKER_CORRECTED
      When the books are compared until it has settled
      Then there are 2 RECONCILIATION_DRIFT beads

    Scenario: An acknowledged difference is silent, and entries reopen
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      And the operator resolved the drift as ACKNOWLEDGED
      When 11:00 minutes pass
      Then there is 1 RECONCILIATION_DRIFT bead
      And the comparison is HEALTHY
      And another proposal to buy GBPUSD passes

    Scenario: An acknowledged difference speaks again once either side changes
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared until it had settled
      And the operator resolved the drift as ACKNOWLEDGED
      When the broker's holding becomes 850000 GBPUSD, and the books are compared until it has settled
      Then there are 2 RECONCILIATION_DRIFT beads
      And the drift says that Phoenix holds 1000000 and the broker 850000

    Scenario: A position corrected to nothing, with no order alive, ends as adjusted
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker's book has neither holding nor orders by now
      And the books were compared until they had settled
      When the operator resolves every drift as PHOENIX_CORRECTED
      Then the position is CLOSED
      And its last POSITION bead says
        | exit reason  | ADJUSTED |
        | open         | 0        |
        | realised pnl | -        |
      And there is 1 EXECUTION bead
      And the comparison is HEALTHY

    Scenario: What Phoenix never held is adopted from the drift, not by itself
      Given the broker holds 50000 GBPUSD by now
      And the books were compared until it had settled
      When the operator adopts what the drift shows at 1.26000
      Then 50000 GBPUSD are open
      And the adopted position names what it explains
      When the operator resolves the drift as PHOENIX_CORRECTED
      Then no drift is open
      And 50000 GBPUSD are open

    @CV_RESOLVE_VS_LATE_ACK
    Scenario: The broker's late word comes before the correction
      Given a broker that tells nothing of an execution of 400000 that it made
      And the books were compared until it had settled
      When the late execution arrives and the operator resolves the drift as PHOENIX_CORRECTED
      Then it is refused with CONFLICT
      And there is no RECONCILIATION_RESOLUTION bead
      And 2 executions are booked
      And 1000000 GBPUSD are open

    @CV_RESOLVE_VS_LATE_ACK
    Scenario: The broker's late word comes behind the correction
      Given a broker that tells nothing of an execution of 400000 that it made
      And the books were compared until it had settled
      And the operator resolved the drift as PHOENIX_CORRECTED
      When the late execution arrives
      And the books are compared until it has settled
      Then 2 executions are booked
      And 1 POSITION_SIZE drift is open after a resolved one

  @INV-UNKNOWN-1
  Rule: Books that could not be read are unknown, never healthy

    Scenario Outline: The broker doesn't answer for its <query>
      Given the trader bought 1000000 GBPUSD and holds it protected
      And a broker that does not answer for its <query>
      When the books are compared
      Then the comparison is UNKNOWN
      And the CRITICAL alert BOOKS_UNKNOWN is raised once
      And there is no RECONCILIATION_DRIFT bead

      Examples:
        | query            |
        | open orders      |
        | completed orders |
        | holdings         |
        | executions       |
        | profit and loss  |

    Scenario: What was in question stays so while the broker is silent
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker holds 900000 GBPUSD by now
      And the books were compared
      And a broker that does not answer for its holdings
      When 2:00 minutes pass
      Then the comparison is UNKNOWN
      And there is no RECONCILIATION_DRIFT bead
      And another proposal to buy GBPUSD is refused for settling

    Scenario: A position that is STALLED comes first, and nothing is called healthy
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 70 seconds pass
      When the books are compared
      Then the comparison is SETTLING
      And the run names the stalled position first
      And there is no RECONCILIATION_DRIFT bead
