Feature: Protection
  What is open has a stop that really works at the broker for exactly that quantity, or somebody is told.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-PROTECT-1
  Rule: An open position without exact working protection raises a CRITICAL alert

    Scenario: A filled entry is protected at once
      When the trader buys 1000000 GBPUSD
      Then its protection is EXACT
      And a stop for 1000000 at 1.25900 works at the broker
      And no CRITICAL alert is raised
      And the history is clean

    Scenario: A stop that waits for the rest of the entry does not protect yet
      Given a broker that fills 50 percent of the entry
      And the trader bought 1000000 GBPUSD
      When 9 seconds pass
      Then its protection is NONE
      And the alert POSITION_UNPROTECTED is not raised

    Scenario: After 10 seconds without protection somebody is told, once
      Given a broker that fills 50 percent of the entry
      And the trader bought 1000000 GBPUSD
      When 2 hours pass
      Then the CRITICAL alert POSITION_UNPROTECTED is raised once
      And the position is FILLED
      And the history is clean

    Scenario: A stop that takes 5 seconds to work is waited for
      Given a broker that takes 5 seconds over everything about the stop
      And the trader bought 1000000 GBPUSD
      When 5 seconds pass
      Then the position is MANAGED
      And no CRITICAL alert is raised

    Scenario: A stop that takes 90 seconds to work is reported, and protects in the end
      Given a broker that takes 90 seconds over everything about the stop
      And the trader bought 1000000 GBPUSD
      When 90 seconds pass
      Then the position is MANAGED
      And the CRITICAL alert POSITION_UNPROTECTED is raised once
      And the history is clean

    Scenario: The stop is rejected while the entry still rests
      Given a broker that rejects the stop when it comes in
      When the trader's limit order comes to rest at 1.25900
      Then the CRITICAL alert PROTECTION_LOST is raised once
      And the position is SUBMITTED
      And the history is clean

    Scenario: The stop is rejected when it should begin to work
      Given a broker that rejects the stop when it should begin to work
      When the trader buys 1000000 GBPUSD
      Then the CRITICAL alert PROTECTION_LOST is raised once
      And its protection is NONE
      And the position is FILLED

    Scenario: A rejected stop is reported again when the position stays open without one
      Given a broker that rejects the stop when it should begin to work
      And the trader bought 1000000 GBPUSD
      When 10 seconds pass
      Then the CRITICAL alert POSITION_UNPROTECTED is raised once
      And the history is clean

    Scenario Outline: Somebody cancels the <child> in the broker's own terminal
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the <child> is cancelled in the broker's own terminal
      Then the CRITICAL alert PROTECTION_LOST is raised once
      And its protection is <protection>
      And the position is MANAGED
      And the history is clean

      Examples:
        | child  | protection |
        | stop   | NONE       |
        | target | EXACT      |

    Scenario: A correction leaves more stop than position
      Given a broker that corrects the entry's execution to 600000 at 1.26010
      And the trader bought 1000000 GBPUSD
      When 40 seconds pass
      Then its protection is OVER
      And the CRITICAL alert POSITION_UNPROTECTED is raised once
      And the history is clean

    Scenario: The broker's books no longer show the stop
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker forgets the stop
      When the connection breaks for 3 seconds
      Then its protection is UNKNOWN
      And the CRITICAL alert POSITION_UNPROTECTED is raised once
      And entries are closed until the books agree

    Scenario: A position that is stopped out is no longer open, so nothing is missing
      Given the trader bought 1000000 GBPUSD and holds it protected
      And GBPUSD is bid at 1.25890
      When 2 hours pass
      Then no CRITICAL alert is raised
      And the position is CLOSED

    Scenario: Phoenix puts no stop in place by itself
      Given a broker that rejects the stop when it should begin to work
      And the trader bought 1000000 GBPUSD
      When 2 hours pass
      Then the broker has received 3 orders
      And its protection is NONE

  @INV-PROTECT-1
  Rule: Protection is put in place by a human's approval

    Scenario: A lost stop is replaced
      Given a broker that rejects the stop when it should begin to work
      And the trader bought 1000000 GBPUSD
      When the trader protects the position with a stop at 1.25950
      Then its protection is EXACT
      And the position is MANAGED
      And a stop for 1000000 at 1.25950 works at the broker
      And the history is clean

    Scenario: A stop is moved
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the trader protects the position between 1.25950 and 1.26300
      Then a stop for 1000000 at 1.25950 works at the broker
      And its protection is EXACT
      And the history is clean

    Scenario: A stop that was moved ends the position
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader protected the position with a stop at 1.25950
      When GBPUSD is bid at 1.25940
      Then its last POSITION bead says
        | state        | CLOSED     |
        | exit reason  | STOP_LOSS  |
        | realised pnl | -700.00000 |
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: What is left after a part was closed is protected anew
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed 400000 of the position
      When the trader protects the position between 1.25900 and 1.26200
      Then a stop for 600000 at 1.25900 works at the broker
      And its protection is EXACT
      And the history is clean

    Scenario: Too much stop is shrunk
      Given a broker that corrects the entry's execution to 600000 at 1.26010
      And the trader bought 1000000 GBPUSD
      And 30 seconds pass
      When the trader protects the position between 1.25900 and 1.26200
      Then a stop for 600000 at 1.25900 works at the broker
      And its protection is EXACT
      And the history is clean

    Scenario: A kill flag does not stand in the way of protection
      Given a broker that rejects the stop when it should begin to work
      And the trader bought 1000000 GBPUSD
      And a global kill flag was set
      When the trader protects the position with a stop at 1.25950
      Then its protection is EXACT
      And the history is clean

    Scenario: Protection that is lost twice is reported twice
      Given a broker that rejects the first stop when it should begin to work
      And the trader bought 1000000 GBPUSD
      And 10 seconds pass
      And the trader protected the position with a stop at 1.25950
      And the stop was cancelled in the broker's own terminal
      When 10 seconds pass
      Then the alert POSITION_UNPROTECTED is raised 2 times
      And the history is clean

    Scenario Outline: A stop that no broker would take
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the trader protects the position between <stop> and <target>
      Then it is refused with PRICE_INVALID at <field>
      And its protection is EXACT

      Examples:
        | stop     | target  | field        |
        | 1.259001 | 1.26200 | stop_price   |
        | 1.25900  | 1.26203 | target_price |
        | 1.26300  | 1.26200 | stop_price   |

    Scenario: There is nothing to protect in a closed position
      Given a position that is CLOSED
      When the trader protects the position with a stop at 1.25950
      Then it is refused with WRONG_STATE
