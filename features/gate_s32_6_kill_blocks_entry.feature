@GATE_S32_6
Feature: A kill flag blocks entries
  While a flag is active, no entry is proposed, approved or sent, and the broker hears nothing of it.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-KILL-BLOCKS-ENTRY-1
  Rule: An active flag blocks every step of an entry in its scope

    Scenario Outline: No proposal comes of a signal under a flag on <scope>
      Given the operator set a kill flag on <scope>
      When a signal to buy GBPUSD arrives
      Then it is refused with KILL_FLAG at strategy_id
      And there is no INTENT bead
      And there is no EVIDENCE bead

      Examples:
        | scope          |
        | all strategies |
        | fvg-retest     |

    Scenario: A flag on one strategy leaves the others free
      Given the strategy breakout is registered too
      And the operator set a kill flag on breakout
      And a proposal to buy GBPUSD
      When the trader approves the proposal
      Then the broker has received 1 entry order

    Scenario Outline: No approval under a flag on <scope>
      Given a proposal to buy GBPUSD
      And the operator set a kill flag on <scope>
      When the trader approves the proposal
      Then it is refused with KILL_FLAG at strategy_id
      And there is no T2_TOKEN bead
      And the position is PROPOSED

      Examples:
        | scope          |
        | all strategies |
        | fvg-retest     |

    @CV_S32_KILL_ENTRY_ATTEMPT
    Scenario Outline: No submission under a flag on <scope>
      Given an approved entry that was not sent yet
      And the operator set a kill flag on <scope>
      When the entry is submitted
      Then it is refused with KILL_FLAG at strategy_id
      And the broker has received no order

      Examples:
        | scope          |
        | all strategies |
        | fvg-retest     |

    Scenario: A flag that another process wrote blocks at once
      Given an approved entry that was not sent yet
      And another process set a kill flag on all strategies
      When the entry is submitted
      Then it is refused with KILL_FLAG at strategy_id
      And the token beads of the proposal read ISSUED, REJECTED(KILL_FLAG, final)
      And the broker has received no order

    Scenario: A flag set between the record and the send still stops the order
      Given a kill flag that another process sets just before the next send
      And a proposal to buy GBPUSD
      When the trader approves the proposal
      Then the broker has received no order
      And the position is CANCELLED
      And the token beads of the proposal read ISSUED, USED
      And the order is recorded as NOT_SENT

    Scenario Outline: A flag set by <source> blocks
      Given <source> set a kill flag on all strategies
      When a signal to buy GBPUSD arrives
      Then it is refused with KILL_FLAG at strategy_id

      Examples:
        | source    |
        | MANUAL    |
        | SIGNALMAN |
        | SYSTEM    |

    Scenario: Nothing is refreshed under a flag
      Given a proposal to buy GBPUSD
      And the operator set a kill flag on fvg-retest
      When the trader refreshes the proposal
      Then it is refused with KILL_FLAG at strategy_id

    Scenario: Nothing is proposed again under a flag
      Given a proposal to buy GBPUSD
      And the trader passed on the proposal
      And the operator set a kill flag on fvg-retest
      When the trader proposes the signal again
      Then it is refused with KILL_FLAG at strategy_id

    Scenario: The flag answers before the stale context
      Given a proposal to buy GBPUSD
      And the operator set a kill flag on fvg-retest
      And 16:00 minutes pass
      When the trader approves the proposal
      Then it is refused with KILL_FLAG at strategy_id
      And there is no STATE_CONFLICT bead
