@GATE_S32_3
Feature: A position is followed from its proposal to its end
  Whatever becomes of an entry, the journal says where it stands, how it came there and what it earned.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-POSITION-AUDIT-1
  Rule: Every step of a whole lifecycle leaves its POSITION bead

    Scenario: A long position reaches its target
      Given the trader bought 1000000 GBPUSD
      When GBPUSD is bid at 1.26200
      Then its POSITION beads read
        | from      | to        | trigger          | open    | protection |
        | -         | PROPOSED  | INTENT_ACCEPTED  | 0       | NONE       |
        | PROPOSED  | APPROVED  | TOKEN_ISSUED     | 0       | NONE       |
        | APPROVED  | SUBMITTED | ATTEMPT_RECORDED | 0       | NONE       |
        | SUBMITTED | FILLED    | EXECUTION        | 1000000 | NONE       |
        | FILLED    | MANAGED   | PROTECTION_EXACT | 1000000 | EXACT      |
        | MANAGED   | MANAGED   | EXECUTION        | 0       | OVER       |
        | MANAGED   | CLOSED    | EXIT_COMPLETED   | 0       | NONE       |
      And its last POSITION bead says
        | exit reason         | TAKE_PROFIT |
        | average entry price | 1.26010     |
        | average exit price  | 1.26200     |
        | realised pnl        | 1900.00000  |
      And the history is clean

    Scenario: A long position is stopped out
      Given the trader bought 1000000 GBPUSD
      When GBPUSD is bid at 1.25890
      Then the position went through PROPOSED, APPROVED, SUBMITTED, FILLED, MANAGED, CLOSED
      And its last POSITION bead says
        | exit reason        | STOP_LOSS   |
        | average exit price | 1.25890     |
        | realised pnl       | -1200.00000 |
      And the history is clean

    Scenario: A long position is closed by hand
      Given the trader bought 1000000 GBPUSD
      When the trader closes the position
      Then the position went through PROPOSED, APPROVED, SUBMITTED, FILLED, MANAGED, CLOSED
      And its last POSITION bead says
        | exit reason        | MANUAL     |
        | average exit price | 1.26000    |
        | realised pnl       | -100.00000 |
      And the history is clean

    Scenario: A short position reaches its target
      Given the trader sold 1000000 GBPUSD short
      When GBPUSD is bid at 1.25780
      Then the position went through PROPOSED, APPROVED, SUBMITTED, FILLED, MANAGED, CLOSED
      And its last POSITION bead says
        | side               | SHORT       |
        | exit reason        | TAKE_PROFIT |
        | average exit price | 1.25790     |
        | realised pnl       | 2100.00000  |
      And the history is clean

    Scenario: A short position is stopped out
      Given the trader sold 1000000 GBPUSD short
      When GBPUSD is bid at 1.26110
      Then its last POSITION bead says
        | state        | CLOSED      |
        | exit reason  | STOP_LOSS   |
        | realised pnl | -1200.00000 |
      And the history is clean

    Scenario: A limit order rests for two hours before it fills
      Given the trader's limit order rests at 1.25900
      And 2 hours pass
      When GBPUSD is bid at 1.25890
      Then the position went through PROPOSED, APPROVED, SUBMITTED, FILLED, MANAGED
      And 1000000 GBPUSD are open
      And the history is clean

    Scenario: A proposal that the trader passes on
      Given a proposal to buy GBPUSD
      When the trader passes on the proposal
      Then the position went through PROPOSED, CANCELLED
      And the broker has received no order

    Scenario: A proposal that nobody decides lapses with the trading session
      Given a proposal to buy GBPUSD
      When 15 hours pass
      Then the position went through PROPOSED, CANCELLED
      And its last POSITION bead says
        | trigger | SESSION_ENDED |
      And the broker has received no order

    Scenario: An approval that is not used in five minutes expires
      Given an approved entry that was not sent yet
      When 5:00 minutes pass
      Then the position went through PROPOSED, APPROVED, EXPIRED
      And the broker has received no order

    Scenario: A resting entry is cancelled by the operator
      Given the trader's limit order rests at 1.25900
      When the operator cancels what rests
      Then the position went through PROPOSED, APPROVED, SUBMITTED, CANCELLED
      And the broker holds 0 GBPUSD
      And the history is clean

    Scenario: A closed position is examined afterwards
      Given the trader bought 1000000 GBPUSD
      When GBPUSD is bid at 1.26200
      Then there is 1 AUTOPSY bead
      And the position is CLOSED
