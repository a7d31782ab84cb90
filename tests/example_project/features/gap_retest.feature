Feature: Our gap retests are kept in hand

  Background:
    Given a simulator account and the strategy fvg-retest

  Rule: A setup that promises at least two to one is worth a look

    Scenario: A gap of ten pips
      When our scanner finds a gap of 10 pips
      Then the evidence promises 2.0 R
      And the proposal is PROPOSED
      And the broker has received no order

    Scenario: The trader agrees
      Given our scanner found a gap of 10 pips
      When the trader approves the proposal
      Then the position is MANAGED
      And the broker has received 1 entry order
      And the history is clean

  Rule: What goes wrong at the broker is not our strategy's to mend

    Scenario: Half of it is filled
      Given a broker that fills 50 percent of the entry
      When the trader buys 1000000 GBPUSD
      Then 500000 GBPUSD are open

    Scenario: The market runs into the stop
      Given our scanner found a gap of 10 pips
      And the trader approved the proposal
      When GBPUSD is bid at 1.25890
      Then the position is CLOSED

    Scenario: Nobody enters during a halt
      Given our scanner found a gap of 10 pips
      And the operator set a kill flag on all strategies
      When the trader approves the proposal
      Then it is refused with KILL_FLAG
