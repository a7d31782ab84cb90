Feature: Executions
  Executions are what counts. They come late, twice, out of order, corrected or reversed; each is booked, none is lost.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-LATE-FILL-1
  Rule: No execution is ever dropped, and none counts twice

    Scenario: An execution that is reported three times counts once
      Given a broker that repeats every execution and status three times
      When the trader buys 1000000 GBPUSD
      Then the execution was booked once
      And there is no REFUSAL bead
      And 1000000 GBPUSD are open
      And the history is clean

    Scenario: An execution comes before the acknowledgement
      Given a broker that reports the execution before the acknowledgement
      When the trader buys 1000000 GBPUSD
      Then the position went through PROPOSED, APPROVED, SUBMITTED, FILLED, MANAGED
      And the executions read BOOKED
      And the history is clean

    Scenario: A commission comes before its execution
      Given a broker that charges commissions
      And a broker that reports commissions before executions
      When the trader buys 1000000 GBPUSD
      Then the executions read COMMISSION, BOOKED
      And 1000000 GBPUSD are open
      And the history is clean

    Scenario: A cancelled order executes all the same
      Given a broker that fills the entry 5 seconds after it was cancelled
      And the trader's limit order rests at 1.25900
      And the operator cancelled what rests
      When 5 seconds pass
      Then the position is CANCELLED
      And 1000000 GBPUSD are open
      And the CRITICAL alert LATE_EXECUTION is raised once
      And 1 POSITION_SIZE drift is open
      And entries are stopped by a global kill flag
      And the history is clean

    Scenario: What a cancelled order executed is adopted by a human
      Given a broker that fills the entry 5 seconds after it was cancelled
      And the trader's limit order rests at 1.25900
      And the operator cancelled what rests
      And 5 seconds pass
      When the operator adopts what the position holds
      Then the position is FILLED
      And the adopted position names what it explains
      And the history is clean

    Scenario: What was adopted can be closed
      Given a broker that fills the entry 5 seconds after it was cancelled
      And the trader's limit order rests at 1.25900
      And the operator cancelled what rests
      And 5 seconds pass
      And the operator adopted what the position holds
      When the trader closes the position
      Then the position is CLOSED
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: An order is said to have ended part-filled before its execution is told
      Given a broker that fills 40 percent of the entry
      And a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      When the broker's only word is that the entry ended with 400000 filled
      Then the position is SUBMITTED
      And no execution has been told

    Scenario: The execution of an order that was said to have ended part-filled
      Given a broker that fills 40 percent of the entry
      And a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      And the broker's only word was that the entry ended with 400000 filled
      When the broker's only word is that the entry executed
      Then the position is FILLED
      And 400000 GBPUSD are open
      And the history is clean

    Scenario: Executions come the wrong way round
      Given a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      And GBPUSD is bid at 1.26200
      When the broker tells of the target's execution before the entry's
      Then the executions read BOOKED, BOOKED
      And 0 GBPUSD are open
      And entries are stopped by a global kill flag
      And the position went through PROPOSED, APPROVED, SUBMITTED, FILLED

    Scenario: A correction replaces what it corrects
      Given a broker that corrects the entry's execution to 900000 at 1.26020
      And the trader bought 1000000 GBPUSD
      When 30 seconds pass
      Then the executions read BOOKED, CORRECTED
      And its last POSITION bead says
        | filled quantity     | 900000  |
        | open quantity       | 900000  |
        | average entry price | 1.26020 |
        | partial fill ratio  | 0.9     |
      And the history is clean

    Scenario: A report that is older than the correction changes nothing
      Given a broker that corrects the entry's execution to 900000 at 1.26020
      And the trader bought 1000000 GBPUSD
      And 30 seconds pass
      When the broker repeats the execution as it first was
      Then the executions read BOOKED, CORRECTED
      And 900000 GBPUSD are open

    Scenario: A correction of a closed position is told aloud
      Given a broker that corrects the entry's execution to 1000000 at 1.26020
      And the trader bought 1000000 GBPUSD
      And GBPUSD is bid at 1.26200
      When 30 seconds pass
      Then the executions read BOOKED, BOOKED, CORRECTED
      And the CRITICAL alert LATE_EXECUTION is raised once
      And its last POSITION bead says
        | state               | CLOSED     |
        | average entry price | 1.26020    |
        | realised pnl        | 1800.00000 |

    Scenario: A bust reverses what was booked
      Given a broker that busts the entry's execution after 30 seconds
      And the trader bought 1000000 GBPUSD
      When 30 seconds pass
      Then the executions read BOOKED, BUSTED
      And 0 GBPUSD are open
      And the CRITICAL alert EXECUTION_BUSTED is raised once
      And 1 POSITION_SIZE drift is open
      And the history is clean

    Scenario: The orders that a bust leaves behind can be cancelled
      Given a broker that busts the entry's execution after 30 seconds
      And the trader bought 1000000 GBPUSD
      And 30 seconds pass
      When the operator cancels what rests
      Then the position is CLOSED
      And no order of the position is alive at the broker
      And its last POSITION bead says
        | exit reason | BUSTED |
      And the history is clean

    Scenario: A bust of a position that is closed by then stops entries
      Given a broker that busts the entry's execution after 30 seconds
      And the trader bought 1000000 GBPUSD
      And GBPUSD is bid at 1.26200
      When 30 seconds pass
      Then -1000000 GBPUSD are open
      And entries are stopped by a global kill flag
      And the CRITICAL alert EXECUTION_BUSTED is raised once

    Scenario: More is filled than was ordered
      Given a broker that overfills the entry by 20000
      When the trader buys 1000000 GBPUSD
      Then 1020000 GBPUSD are open
      And the CRITICAL alert OVERFILL is raised once
      And 1 POSITION_SIZE drift is open
      And entries are stopped by a global kill flag
      And the history is clean

    Scenario: Leaving an overfilled position is no second overfill
      Given a broker that overfills the entry by 20000
      And the trader bought 1000000 GBPUSD
      When GBPUSD is bid at 1.26200
      Then the position is CLOSED
      And the CRITICAL alert OVERFILL is raised once
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: An execution of an order that nobody knows is parked
      Given a broker that leaves our reference blank
      And a broker that says nothing of the entry for 20 seconds
      And the trader bought 1000000 GBPUSD
      When the operator reads the broker's books
      Then the executions read PARKED
      And the CRITICAL alert EXECUTION_UNMATCHED is raised once
      And the broker's word is still on its way

    Scenario: A parked execution is booked when its order becomes known
      Given a broker that leaves our reference blank
      And a broker that says nothing of the entry for 20 seconds
      And the trader bought 1000000 GBPUSD
      And the operator read the broker's books
      When 20 seconds pass
      Then the executions read PARKED, BOOKED
      And nothing waits parked any more
      And the position is MANAGED
      And the history is clean

    Scenario: A commission does not make a parked execution forgotten
      Given a broker that leaves our reference blank
      And a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      And the operator read the broker's books
      And the commission of the parked execution arrived
      When the broker's only word is that it acknowledges the entry
      Then the executions read PARKED, COMMISSION, BOOKED
      And the history is clean

    Scenario: The acknowledgement alone brings a parked execution home
      Given a broker that leaves our reference blank
      And a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      And the operator read the broker's books
      When the broker's only word is that it acknowledges the entry
      Then the executions read PARKED, BOOKED
      And 1000000 GBPUSD are open
      And the history is clean

    Scenario: A parked execution is booked when a human names its order
      Given a broker that leaves our reference blank
      And a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      And the operator read the broker's books
      When the operator binds the order to the broker's permanent id
      Then the executions read PARKED, BOOKED
      And 1000000 GBPUSD are open
      And the history is clean

    Scenario: A parked execution that is busted is never booked
      Given a broker that leaves our reference blank
      And a broker that says nothing of the entry for 90 seconds
      And a broker that busts the entry's execution after 30 seconds
      And the trader bought 1000000 GBPUSD
      And the operator read the broker's books
      When the broker reports the bust and then acknowledges the order
      Then the executions read PARKED, BUSTED
      And 0 GBPUSD are open

    Scenario: Executions made while the connection was down are booked after it
      Given the trader's limit order rests at 1.25900
      And the connection breaks while GBPUSD falls to 1.25890
      When the connection is back
      Then the position is MANAGED
      And the executions read BOOKED
      And the history is clean
