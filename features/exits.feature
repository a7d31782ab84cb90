Feature: Exits
  A person can always leave a position. Leaving takes an approval, waits for what still works, and never turns a
  position over.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-EXIT-1
  Rule: What blocks entries never blocks an exit

    Scenario Outline: A position is closed although <obstacle>
      Given the trader bought 1000000 GBPUSD and holds it protected
      And <obstacle>
      When the trader closes the position
      Then the position is CLOSED
      And the broker holds 0 GBPUSD
      And the history is clean

      Examples:
        | obstacle                                    |
        | a global kill flag was set                  |
        | a kill flag was set on the strategy         |
        | 16:00 minutes have passed                   |
        | 31:00 minutes have passed                   |
        | the market context has changed              |
        | an unresolved drift in GBPUSD               |
        | a broker that does not answer for its quote |
        | a broker whose clock is 60 seconds ahead    |
        | the broker's books have not been agreed     |

    Scenario Outline: An entry is refused where the exit just passed, because <obstacle>
      Given the trader bought 1000000 GBPUSD and holds it protected
      And <obstacle>
      And the trader closed the position
      When another proposal to buy GBPUSD is approved
      Then it is refused with <reason>
      And the history is clean

      Examples:
        | obstacle                                    | reason     |
        | a global kill flag was set                  | KILL_FLAG  |
        | an unresolved drift in GBPUSD               | RISK_LIMIT |
        | a broker whose clock is 60 seconds ahead    | RISK_LIMIT |
        | the broker's books have not been agreed     | CONNECTION |

    Scenario: The limits of a day are reached, and the position is closed all the same
      Given limits that allow one order a day
      And the trader bought 1000000 GBPUSD and holds it protected
      When the trader closes the position
      Then the position is CLOSED
      And the history is clean

    Scenario: A kill flag does not end the approval of an exit
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader asked to close the position
      And the trader approved the close without sending it
      And a global kill flag was set
      When the approved close is submitted
      Then the position is CLOSED
      And the history is clean

    Scenario: A kill flag that is set just before the send does not hold an exit back
      Given another process sets a kill flag just after the exit is recorded
      And the trader bought 1000000 GBPUSD and holds it protected
      When the trader closes the position
      Then the position is CLOSED
      And entries are stopped by a global kill flag
      And the history is clean

    Scenario: A halt stops entries and lists what rests; each position is left by an approval of its own
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader's limit order rests at 1.25900
      And a global kill flag was set
      And the operator cancelled what rests
      When the trader closes the first position
      Then the first position is CLOSED
      And the second position is CANCELLED
      And no order of the position is alive at the broker

  @INV-EXIT-1
  Rule: An exit takes a human who has seen what is open

    Scenario: Nothing happens before the approval
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the trader asks to close the position
      Then the broker has received no exit order
      And its protection is EXACT
      And the history is clean

    Scenario: An assistant approves
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader asked to close the position
      When an assistant approves the close
      Then it is refused with NOT_ALLOWED
      And its protection is EXACT
      And the broker has received no exit order

    Scenario: The approval is for other evidence
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader asked to close the position
      When the trader approves the close on other evidence
      Then it is refused with STALE_EVIDENCE
      And the broker has received no exit order

    Scenario: The approval proves no human
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader asked to close the position
      When the trader approves the close without proof of being human
      Then it is refused with PROOF_MISSING
      And the broker has received no exit order

    Scenario: The approval runs out
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader asked to close the position
      And the trader approved the close without sending it
      And 5:00 minutes pass
      When the approved close is submitted
      Then it is refused with WRONG_STATE
      And the position is MANAGED
      And its protection is EXACT

    Scenario: The trader changes his mind
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader asked to close the position
      And the trader approved the close without sending it
      When the trader drops the close
      Then the token of the close ended as REJECTED
      And the position is MANAGED
      And its protection is EXACT

    Scenario: Without a connection an exit is refused, and nothing is cancelled
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the connection is down
      When the trader closes the position
      Then it is refused with CONNECTION
      And the broker has received no exit order
      And the broker has received no cancel

    Scenario: The session ends between the record and the send
      Given a session that ends just after the exit is recorded
      And the trader bought 1000000 GBPUSD and holds it protected
      When the trader closes the position
      Then the CRITICAL alert EXIT_NOT_SENT is raised once
      And the broker has received no exit order
      And the token of the close ended as USED
      And the position is MANAGED

  @INV-EXIT-1
  Rule: An exit never turns a position over

    Scenario: Stop and target are cancelled before the exit is sent
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the trader closes the position
      Then an exit order for 1000000 was sent
      And the cancels were asked for before the exit was sent
      And no order of the position is alive at the broker
      And the history is clean

    Scenario: A short position is bought back
      Given the trader sold 1000000 GBPUSD short
      When the trader closes the position
      Then the position is CLOSED
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: The stop fills while it is being cancelled
      Given a broker that takes 5 seconds over everything about the stop
      And the trader bought 1000000 GBPUSD
      And 5 seconds pass
      And the trader closed the position
      When GBPUSD is bid at 1.25890
      Then the broker has received no exit order
      And the broker holds 0 GBPUSD
      And the CRITICAL alert EXIT_NOT_SENT is raised once
      And the token of the close ended as REJECTED
      And the history is clean

    Scenario: Part of the stop fills while it is being cancelled
      Given a broker that takes 5 seconds over everything about the stop
      And a broker that fills 40 percent of the stop
      And the trader bought 1000000 GBPUSD
      And 5 seconds pass
      And the trader closed the position
      And GBPUSD is bid at 1.25890
      When 5 seconds pass
      Then an exit order for 600000 was sent
      And the position is CLOSED
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: What rests of the entry is cancelled before the exit is sent
      Given a broker that fills 50 percent of the entry
      And the trader bought 1000000 GBPUSD
      When the trader closes the position
      Then an exit order for 500000 was sent
      And no order of the position is alive at the broker
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: The rest of the entry fills while it is being cancelled
      Given a broker that takes 5 seconds over everything about the entry
      And a broker that fills 50 percent of the entry and the rest 3 s later
      And the trader bought 1000000 GBPUSD
      And 5 seconds pass
      And the trader closed the position
      When 10 seconds pass
      Then an exit order for 1000000 was sent
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: The broker counts a fill of the stop that no execution has told of
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the broker says that 1000000 of the stop are filled
      When the trader closes the position
      Then the CRITICAL alert EXIT_NOT_SENT is raised once
      And the broker has received no exit order

    Scenario: Part of a position is closed
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the trader closes 400000 of the position
      Then the position is MANAGED
      And 600000 GBPUSD are open
      And the broker holds 600000 GBPUSD
      And the history is clean

    Scenario: The rest of a position is closed
      Given the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed 400000 of the position
      When the trader closes the position once more
      Then the position is CLOSED
      And an exit order for 600000 was sent
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario Outline: A part that cannot be closed
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the trader closes <quantity> of the position
      Then it is refused with MALFORMED at quantity
      And its protection is EXACT

      Examples:
        | quantity |
        | 1001000  |
        | 400500   |
        | 0        |

    Scenario: There is one unsettled exit at a time
      Given a broker that loses the first exit on its way
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      When the trader asks to close the position
      Then it is refused with UNSETTLED
      And the position is MANAGED

  @INV-EXIT-1
  Rule: The silence about an exit is told, and nothing is sent again

    Scenario: A cancel that is not confirmed within 60 seconds
      Given a broker that ignores every cancel of the stop
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      When 60 seconds pass
      Then the CRITICAL alert EXIT_SILENT is raised once
      And the broker has received no exit order
      And the position is MANAGED
      And the history is clean

    Scenario: After 59 seconds a cancel may still be confirmed
      Given a broker that ignores every cancel of the stop
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      When 59 seconds pass
      Then the alert EXIT_SILENT is not raised
      And the broker has received no exit order

    Scenario: A cancel that the broker refuses
      Given a broker that refuses every cancel of the stop
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      When 60 seconds pass
      Then the CRITICAL alert EXIT_SILENT is raised once
      And the broker has received no exit order
      And the position is MANAGED

    Scenario: An exit that waits for a cancel for longer than its approval lives
      Given a broker that ignores every cancel of the stop
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      When 5:00 minutes pass
      Then the token of the close ended as EXPIRED
      And the position is MANAGED
      And the broker has received no exit order

    Scenario: An exit without an answer for 60 seconds
      Given a broker that loses the first exit on its way
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      When 60:00 minutes pass
      Then the CRITICAL alert EXIT_SILENT is raised once
      And 1 ORDER(SILENT) bead was written
      And the position is MANAGED
      And the broker has received no exit order

    Scenario: An exit that is answered after 90 seconds
      Given a broker that says nothing of the exit for 90 seconds
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      When 90 seconds pass
      Then the CRITICAL alert EXIT_SILENT is raised once
      And the position is CLOSED
      And the broker has received 1 exit order
      And the history is clean

    Scenario: A human finds that the exit never arrived, and closes again
      Given a broker that loses the first exit on its way
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      And 61 seconds pass
      And the operator found in the books that the order is absent
      When the trader closes the position once more
      Then the position is CLOSED
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: An exit that fills by half and then rests
      Given a broker that fills only half of an exit
      And the trader bought 1000000 GBPUSD and holds it protected
      And the trader closed the position
      When the operator cancels what rests
      Then the position is MANAGED
      And 500000 GBPUSD are open
      And no order of the position is alive at the broker
      And the history is clean

    Scenario: An exit that the broker rejects
      Given a broker that rejects the first exit
      And the trader bought 1000000 GBPUSD and holds it protected
      When the trader closes the position
      Then the CRITICAL alert EXIT_REJECTED is raised once
      And the position is MANAGED
      And 1000000 GBPUSD are open
      And the history is clean
