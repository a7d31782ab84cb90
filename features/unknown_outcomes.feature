Feature: Unknown outcomes
  No answer, an empty answer and zero are three different things. What is not known stays unknown until the broker or a
  human says more, and entries wait.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-UNKNOWN-1
  Rule: An order without an answer is neither rejected nor absent until somebody says so

    Scenario: A stalled order is acknowledged late
      Given a broker that says nothing of the entry for 90 seconds
      And the trader's limit order rests at 1.25900
      When 90 seconds pass
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED, SUBMITTED
      And the broker has received 1 entry order
      And the history is clean

    Scenario: A stalled order executes late
      Given a broker that says nothing of the entry for 90 seconds
      And a broker that reports the execution before the acknowledgement
      And the trader bought 1000000 GBPUSD
      When 90 seconds pass
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED, FILLED, MANAGED
      And 1000000 GBPUSD are open
      And the history is clean

    Scenario: A stalled order is rejected late
      Given a broker that says nothing of the entry for 90 seconds
      And a broker that rejects the first entry for insufficient margin
      And the trader bought 1000000 GBPUSD
      When 90 seconds pass
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED, REJECTED
      And the alert ORDER_REJECTED is raised once
      And the history is clean

    Scenario: A stalled order turns out to have ended unfilled
      Given a broker that never speaks of the entry
      And a broker that never fills the entry
      And the trader bought 1000000 GBPUSD
      And 60 seconds pass
      When the broker's only word is that the entry ended unfilled
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED, CANCELLED
      And the broker holds 0 GBPUSD

    Scenario: A stalled order is found working in the broker's books
      Given a broker that never speaks of the entry
      And the trader's limit order rests at 1.25900
      And 60 seconds pass
      When the operator reads the broker's books
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED, SUBMITTED
      And the broker has received 1 entry order
      And the history is clean

    Scenario: A stalled order is found executed in the broker's books
      Given a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      And 60 seconds pass
      When the operator reads the broker's books
      Then the position is MANAGED
      And 1000000 GBPUSD are open
      And the history is clean

    Scenario: A wire that cannot say whether the order left
      Given a wire that takes the order and cannot say whether it left
      And the trader bought 1000000 GBPUSD
      When 60 seconds pass
      Then the CRITICAL alert SEND_UNKNOWN is raised once
      And the position went through PROPOSED, APPROVED, SUBMITTED, STALLED
      And the token beads of the position read ISSUED, USED
      And the history is clean

    Scenario: While an order is stalled no other entry is made in its instrument
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 60 seconds pass
      When another proposal to buy GBPUSD is approved
      Then it is refused with RISK_LIMIT
      And the broker has received no order

    Scenario: A stalled order does not stand in the way of another instrument
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 60 seconds pass
      When the trader buys USDJPY
      Then the second position is MANAGED
      And the first position is STALLED

    Scenario: The connection breaks while an order is on its way
      Given a broker that never speaks of the entry
      And a broker that does not answer for its open orders
      And the trader's limit order rests at 1.25900
      When the connection breaks for 3 seconds
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED
      And entries are closed until the books agree
      And the CRITICAL alert POSITION_STALLED is raised once
      And the history is clean

    Scenario: An order that was acknowledged and is in no book any more
      Given the trader's limit order rests at 1.25900
      And the broker forgets the bracket
      When the connection breaks for 3 seconds
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED
      And entries are closed until the books agree
      And the CRITICAL alert POSITION_STALLED is raised once

    Scenario: The books show a fill and no execution
      Given the connection breaks in the moment of the fill, and executions are withheld for 20 seconds
      When the connection is back
      Then the position is STALLED
      And entries are closed until the books agree
      And the CRITICAL alert FILL_WITHOUT_EXECUTION is raised once
      And no execution has been told

    Scenario: The execution that the books withheld comes later
      Given the connection breaks in the moment of the fill, and executions are withheld for 20 seconds
      And 60 seconds pass
      When the operator reads the broker's books
      Then the position is MANAGED
      And entries are open again
      And the history is clean

  @INV-UNKNOWN-1 @INV-SUBMIT-ONCE-1
  Rule: Where the broker contradicts what we think of an order, its books are read, and nothing is sent again

    Scenario: A duplicate order id, and the order is at the broker
      Given a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      And 5 seconds pass
      When the broker's only word is notice 103 on the entry, which leaves its state open
      Then the position is MANAGED
      And 1000000 GBPUSD are open
      And the broker has received 1 entry order
      And the history is clean

    Scenario: A duplicate order id, and the broker has no such order
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 5 seconds pass
      When the broker's only word is notice 103 on the entry, which leaves its state open
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED
      And the CRITICAL alert POSITION_STALLED is raised once
      And the broker has received no order
      And the history is clean

    Scenario: A duplicate order id, and books that are not told
      Given a broker that never speaks of the entry
      And a broker that does not answer for its open orders
      And the trader's limit order rests at 1.25900
      When the broker's only word is notice 103 on the entry, which leaves its state open
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED
      And entries are closed until the books agree
      And the broker has received 1 entry order

    Scenario: An order that cannot be cancelled because it is filled
      Given a broker that never speaks of the entry
      And the trader bought 1000000 GBPUSD
      And 5 seconds pass
      When the broker's only word is notice 10148 on the entry, which leaves its state open
      Then the position went through PROPOSED, APPROVED, SUBMITTED, FILLED, MANAGED
      And 0 ORDER(CANCELLED) beads were written
      And the history is clean

    Scenario: A remark on an order is told and changes nothing
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 5 seconds pass
      When the broker's only word is notice 399 on the entry, a mere remark
      Then the position is SUBMITTED
      And the alert BROKER_NOTICE is raised once

  @INV-UNKNOWN-1
  Rule: Only a human calls an order absent, against complete books that are newer than the send

    Scenario: Nobody has read the books since the send
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 61 seconds pass
      When the operator attests that the order is absent
      Then it is refused with UNKNOWN_OUTCOME
      And the position is STALLED

    Scenario: The books that were read are older than the send
      Given a broker that loses the first entry on its way
      And the operator read the broker's books
      And the trader bought 1000000 GBPUSD
      And 61 seconds pass
      When the operator attests that the order is absent
      Then it is refused with UNKNOWN_OUTCOME
      And the position is STALLED

    Scenario Outline: The broker did not answer for its <book>
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 61 seconds pass
      And a broker that does not answer for its <book>
      And the operator read the broker's books
      When the operator attests that the order is absent
      Then it is refused with UNKNOWN_OUTCOME
      And the position is STALLED

      Examples:
        | book             |
        | open orders      |
        | completed orders |
        | executions       |
        | holdings         |

    Scenario: The books are complete and do not show it
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 61 seconds pass
      And the operator read the broker's books
      When the operator attests that the order is absent
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED, CANCELLED
      And 1 ORDER(ABSENT) bead was written
      And the token beads of the position read ISSUED, USED
      And the history is clean

    Scenario: An assistant attests it
      Given a broker that loses the first entry on its way
      And the trader bought 1000000 GBPUSD
      And 61 seconds pass
      And the operator read the broker's books
      When an assistant attests that the order is absent
      Then it is refused with NOT_ALLOWED
      And the position is STALLED

    Scenario: An order that was called absent turns up after all
      Given a broker that loses the first entry on its way
      And a limit order that was called absent
      When the order turns up at the broker after all
      Then entries are stopped by a global kill flag
      And the CRITICAL alert ABSENT_ORDER_APPEARED is raised once
      And 1 ORDER_STATUS drift is open
      And the position is CANCELLED
      And the history is clean

    Scenario: An order that turned up is cancelled by the operator
      Given a broker that loses the first entry on its way
      And a limit order that was called absent
      And the order turned up at the broker after all
      When the operator cancels what rests
      Then no order of the position is alive at the broker
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: An order that was called absent turns up and executes
      Given a broker that loses the first entry on its way
      And a market order that was called absent
      When the order turns up at the broker after all
      Then the position is CANCELLED
      And 1000000 GBPUSD are open
      And the CRITICAL alert LATE_EXECUTION is raised once
      And the history is clean

    Scenario: What an absent order executed is adopted
      Given a broker that loses the first entry on its way
      And a market order that was called absent
      And the order turned up at the broker after all
      And the operator cancelled what rests
      When the operator adopts what the position holds
      Then the position is FILLED
      And the adopted position names what it explains
      And the history is clean

  @INV-UNKNOWN-1
  Rule: A human says under which number the broker knows an order

    Scenario: An order that the broker never spoke of is bound by hand
      Given a broker that loses the first entry on its way
      And a broker that never speaks of the entry
      And the trader's limit order rests at 1.25900
      And 61 seconds pass
      And the order turned up at the broker after all
      When the operator binds the order to the broker's permanent id
      Then the position went through PROPOSED, APPROVED, SUBMITTED, STALLED, SUBMITTED
      And 1 ORDER(BOUND) bead was written
      And the history is clean

    Scenario: A number that belongs to another order
      Given a broker that loses the first entry on its way
      And the trader bought USDJPY as well, while GBPUSD is stalled
      When the operator binds the first order to the number of the second
      Then it is refused with CONFLICT
      And the first position is STALLED

  @INV-UNKNOWN-1
  Rule: A query without an answer is not an empty answer

    Scenario Outline: After a reconnect the broker does not answer for its <book>
      Given the trader bought 1000000 GBPUSD and holds it protected
      And a broker that does not answer for its <book>
      When the connection breaks for 3 seconds
      Then entries are closed until the books agree
      And the position is MANAGED
      And 1000000 GBPUSD are open
      And the CRITICAL alert RECOVERY_INCOMPLETE is raised once
      And the history is clean

      Examples:
        | book             |
        | open orders      |
        | completed orders |
        | executions       |
        | holdings         |

    Scenario: Entries wait for the books
      Given a broker that does not answer for its holdings
      And the connection breaks for 3 seconds
      When another proposal to buy GBPUSD is approved
      Then it is refused with CONNECTION
      And the broker has received no order

    Scenario: Empty holdings do not make a position flat
      Given the trader bought 1000000 GBPUSD and holds it protected
      And a broker whose holdings lag ten minutes behind
      When the connection breaks for 3 seconds
      Then 1000000 GBPUSD are open
      And the position is MANAGED
      And entries are closed until the books agree
      And the CRITICAL alert RECOVERY_INCOMPLETE is raised once

    Scenario: Complete books that agree open entries again
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the connection breaks for 3 seconds
      Then entries are open again
      And its protection is EXACT
      And the history is clean

    Scenario Outline: Before an entry the broker does not answer for its <fact>
      Given a broker that does not answer for its <fact>
      When another proposal to buy GBPUSD is approved
      Then it is refused with <reason>
      And the broker has received no order

      Examples:
        | fact        | reason     |
        | account     | SIZING     |
        | quote       | RISK_LIMIT |
        | server time | RISK_LIMIT |

    Scenario: The connection is gone and does not come back
      Given the trader bought 1000000 GBPUSD and holds it protected
      When the connection breaks for good
      Then the CRITICAL alert CONNECTION_LOST is raised once
      And the position is MANAGED
      And 1000000 GBPUSD are open

  @INV-UNKNOWN-1
  Rule: Where the broker contradicts itself or us, entries stop until a human has looked

    Scenario: One reference under two permanent ids
      Given a broker that shows the entry under a second permanent id
      When the trader's limit order comes to rest at 1.25900
      Then entries are stopped by a global kill flag
      And the CRITICAL alert PERMANENT_ID_CONFLICT is raised once
      And the position is SUBMITTED
      And the history is clean

    Scenario: An order that was said to have ended works after all
      Given the trader's limit order rests at 1.25900
      And the operator cancelled what rests
      When the broker says that the entry works after all
      Then entries are stopped by a global kill flag
      And the CRITICAL alert ORDER_RESURRECTED is raised once
      And 1 ORDER_STATUS drift is open
      And the position is CANCELLED

    Scenario: The broker's book shows another quantity than was sent
      Given the trader's limit order rests at 1.25900
      And the broker's book says the entry is for 900000
      When the connection breaks for 3 seconds
      Then entries are stopped by a global kill flag
      And the CRITICAL alert PERMANENT_ID_CONFLICT is raised once
      And the position is SUBMITTED

    Scenario: An order that Phoenix did not send is shown, and left alone
      Given an order entered by hand in the broker's own terminal
      When the operator reads the broker's books
      Then the alert ORDER_UNMATCHED is raised once
      And the broker has received no cancel
      And there is no INTENT bead

    Scenario: The same contradiction is told once, however often the books are read
      Given the trader's limit order rests at 1.25900
      And the broker's book says the entry is for 900000
      And the operator read the broker's books
      And the operator read the broker's books
      When the operator reads the broker's books
      Then the CRITICAL alert PERMANENT_ID_CONFLICT is raised once
      And the CRITICAL alert RECOVERY_INCOMPLETE is raised once
      And entries are stopped by a global kill flag

  @INV-UNKNOWN-1
  Rule: What is adopted is what the broker reported, whatever a human calls it

    Scenario Outline: An order is adopted under a wrong <field>
      Given an order entered by hand in the broker's own terminal
      And the operator read the broker's books
      When the operator adopts the order as one with <field> <said>
      Then it is refused with CONFLICT at <field>
      And there is no INTENT bead

      Examples:
        | field       | said    |
        | pair        | USDJPY  |
        | side        | SHORT   |
        | quantity    | 90000   |
        | entry_price | 1.26000 |

    Scenario: An order is adopted as the books show it
      Given an order entered by hand in the broker's own terminal
      And the operator read the broker's books
      When the operator adopts the order
      Then the position is SUBMITTED
      And the adopted position names what it explains
      And the history is clean

    Scenario: The books were not read in full
      Given an order entered by hand in the broker's own terminal
      And the operator read the broker's books
      And a broker that does not answer for its holdings
      And the operator read the broker's books
      When the operator adopts the order
      Then it is refused with UNKNOWN_OUTCOME
      And there is no INTENT bead

  @INV-UNKNOWN-1
  Rule: Only the process that held an order back may say that it was not sent

    Scenario: A kill flag is set between the record and the send
      Given another process sets a kill flag just after the entry is recorded
      When the trader buys 1000000 GBPUSD
      Then the position went through PROPOSED, APPROVED, SUBMITTED, CANCELLED
      And 1 ORDER(NOT_SENT) bead was written
      And the token beads of the position read ISSUED, USED
      And the broker has received no order
      And the history is clean

    Scenario: The session ends between the record and the send
      Given a session that ends just after the entry is recorded
      When the trader buys 1000000 GBPUSD
      Then the position went through PROPOSED, APPROVED, SUBMITTED, CANCELLED
      And 1 ORDER(NOT_SENT) bead was written
      And the broker has received no order
      And the history is clean
