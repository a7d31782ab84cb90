Feature: Chaos at the broker
  The broker is late, says no, or fills half. Nothing is invented, nothing is sent again.

  Background:
    Given a simulator account and the strategy fvg-retest

  @CV_S32_IBKR_TIMEOUT @INV-POSITION-SUBMITTED-TTL-1
  Rule: A slow broker is waited for, a silent one is unknown

    Scenario: An acknowledgement that takes 30 seconds is simply waited for
      Given a broker that says nothing of the entry for 30 seconds
      And the trader bought 1000000 GBPUSD
      When 29 seconds pass
      Then the position is SUBMITTED
      And no CRITICAL alert is raised
      And the broker's word is still on its way

    Scenario: After 30 seconds the word arrives and everything follows
      Given a broker that says nothing of the entry for 30 seconds
      And the trader bought 1000000 GBPUSD
      When 30 seconds pass
      Then the position is MANAGED
      And the broker has received 1 entry order
      And the history is clean

    Scenario: Beyond 60 seconds the position is stalled and somebody is told
      Given a broker that says nothing of the entry for 90 seconds
      And the trader bought 1000000 GBPUSD
      When 61 seconds pass
      Then the position is STALLED
      And the CRITICAL alert POSITION_STALLED is raised once
      And the broker has received 1 entry order
      And the broker's word is still on its way

  @CV_S32_IBKR_REJECTION
  Rule: A rejected order is rejected, told and left alone

    Scenario: The account has too little margin
      Given a broker that rejects the first entry for insufficient margin
      When the trader buys 1000000 GBPUSD
      Then the position went through PROPOSED, APPROVED, SUBMITTED, REJECTED
      And the alert ORDER_REJECTED is raised once
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: A rejected order is not tried again
      Given a broker that rejects the first entry for insufficient margin
      And the trader bought 1000000 GBPUSD
      When 2 hours pass
      Then the broker has received 1 entry order
      And the position is REJECTED

    Scenario: After a rejection the same signal takes a new approval
      Given a broker that rejects the first entry for insufficient margin
      And the trader bought 1000000 GBPUSD
      When the trader asks for the signal again and approves it
      Then the position is MANAGED
      And the broker has received 2 entry orders
      And the history is clean

  @CV_S32_FILL_PARTIAL
  Rule: A partial fill is what it is

    Scenario: Half of the entry is filled
      Given a broker that fills 50 percent of the entry
      When the trader buys 1000000 GBPUSD
      Then its last POSITION bead says
        | state              | FILLED |
        | filled quantity    | 500000 |
        | open quantity      | 500000 |
        | partial fill ratio | 0.5    |
      And the broker holds 500000 GBPUSD
      And the history is clean

    Scenario: Half a fill leaves the rest resting, and its protection waiting
      Given a broker that fills 50 percent of the entry
      And the trader bought 1000000 GBPUSD
      When 10 seconds pass
      Then its protection is NONE
      And the CRITICAL alert POSITION_UNPROTECTED is raised once

    Scenario: The rest of a part-filled entry is cancelled without moving the position
      Given a broker that fills 50 percent of the entry
      And the trader bought 1000000 GBPUSD
      When the operator cancels what rests
      Then the position went through PROPOSED, APPROVED, SUBMITTED, FILLED, MANAGED
      And 500000 GBPUSD are open
      And a stop for 500000 at 1.25900 works at the broker
      And the history is clean

    Scenario: Half of an entry comes to its target
      Given a broker that fills 50 percent of the entry
      And the trader bought 1000000 GBPUSD
      And the operator cancelled what rests
      When GBPUSD is bid at 1.26200
      Then its last POSITION bead says
        | state              | CLOSED    |
        | partial fill ratio | 0.5       |
        | realised pnl       | 950.00000 |
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: Books that are read after half a fill agree
      Given a broker that fills 50 percent of the entry
      And the trader bought 1000000 GBPUSD
      When the operator reads the broker's books
      Then entries are open again
      And there is no RECONCILIATION_DRIFT bead

  @INV-LATE-FILL-1
  Rule: Whatever chance brings, the books agree in the end

    Scenario Outline: A morning of 12 entries with an <mood> broker, seed <seed>
      Given an <mood> broker with seed <seed>
      When 12 entries are made, 5 minutes apart, and prices move
      Then the history is clean
      And every position holds what the broker says it executed

      Examples:
        | mood        | seed |
        | REALISTIC   | 1    |
        | REALISTIC   | 2    |
        | ADVERSARIAL | 1    |
        | ADVERSARIAL | 2    |
        | ADVERSARIAL | 3    |
        | ADVERSARIAL | 4    |
