@GATE_S32_6
Feature: Kill flags are easy to set and hard to lift
  Anyone may stop entries; only a named human with a reason lets them go on. Exits are never stopped.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-KILL-BLOCKS-ENTRY-1
  Rule: Setting a flag revokes the unclaimed tokens in its scope

    Scenario: A flag on all strategies
      Given an approved entry that was not sent yet
      And another approved entry that was not sent yet
      When the operator sets a kill flag on all strategies
      Then the token beads of the first proposal read ISSUED, REJECTED(KILL_FLAG, final)
      And the token beads of the second proposal read ISSUED, REJECTED(KILL_FLAG, final)
      And the first position is EXPIRED
      And the second position is EXPIRED
      And the alert KILL_FLAG_SET is raised

    Scenario: A flag that another process set
      Given an approved entry that was not sent yet
      And another process set a kill flag on all strategies
      When the executor catches up
      Then the token beads of the proposal read ISSUED, REJECTED(KILL_FLAG, final)
      And the position is EXPIRED
      And the alert KILL_FLAG_SET is raised once

    Scenario: A flag on one strategy
      Given the strategy breakout is registered too
      And an approved entry that was not sent yet
      And another approved entry of breakout that was not sent yet
      When the operator sets a kill flag on fvg-retest
      Then the token beads of the first proposal read ISSUED, REJECTED(KILL_FLAG, final)
      And the token beads of the second proposal read ISSUED
      And the second position is APPROVED

    Scenario: A revoked token stays revoked when the flag is lifted
      Given an approved entry that was not sent yet
      And the operator set a kill flag on all strategies
      And the operator lifted the kill flag
      When the token of the proposal is shown again
      Then it is refused with STATE_CONFLICT
      And the broker has received no order

    Scenario: An order that is out stays out
      Given an open and protected position
      When the operator sets a kill flag on all strategies
      Then the position is MANAGED
      And the broker was asked to cancel nothing

    Scenario: A flag needs a reason
      When the operator sets a kill flag without a reason
      Then it is refused with MALFORMED at reason
      And there is no KILL_FLAG bead

    Scenario: A flag can't have expired before it is set
      When the operator sets a kill flag that expires 0:00 minutes from now
      Then it is refused with MALFORMED at expires_at
      And there is no KILL_FLAG bead

  @INV-KILL-BLOCKS-ENTRY-1
  Rule: Only a named human with a reason lifts a flag

    Scenario Outline: <somebody> lifts it
      Given the operator set a kill flag on all strategies
      When <somebody> lifts the kill flag
      Then it is refused with NOT_ALLOWED at signer
      And the kill flag is active

      Examples:
        | somebody               |
        | an assistant           |
        | a program              |
        | a human without a name |

    Scenario Outline: The operator lifts it <how>
      Given the operator set a kill flag on all strategies
      When the operator lifts the kill flag <how>
      Then it is refused with MALFORMED at reason
      And the kill flag is active

      Examples:
        | how                 |
        | without a reason    |
        | for a blank reason  |

    Scenario: Lifting a flag that nobody set
      Given the operator set a kill flag on all strategies
      When the operator lifts another kill flag
      Then it is refused with NOT_FOUND at flag_id
      And the kill flag is active

    Scenario: Lifting a flag twice
      Given the operator set a kill flag on all strategies
      And the operator lifted the kill flag
      When the operator lifts the kill flag
      Then it is refused with NOT_FOUND at flag_id
      And there are 2 KILL_FLAG beads

    Scenario: New signals pass again once it is lifted
      Given the operator set a kill flag on all strategies
      And the operator lifted the kill flag
      And a proposal to buy GBPUSD
      When the trader approves the proposal
      Then the broker has received 1 entry order

    Scenario: One of two flags is lifted, the other goes on blocking
      Given the operator set a kill flag on fvg-retest
      And the operator set a kill flag on all strategies
      And the operator lifted the kill flag
      When a signal to buy GBPUSD arrives
      Then it is refused with KILL_FLAG at strategy_id

  @INV-KILL-BLOCKS-ENTRY-1
  Rule: A temporary flag ends with its expiry bead and not before

    Scenario: Just before its time
      Given the operator set a kill flag for 5:00 minutes
      And 4:59.999 minutes pass
      When a signal to buy GBPUSD arrives
      Then it is refused with KILL_FLAG at strategy_id
      And there is 1 KILL_FLAG bead

    Scenario: At its time, while nobody wrote the bead
      Given the operator set a kill flag for 5:00 minutes
      And it is 5:00 minutes later, before any sweep
      When a signal to buy GBPUSD arrives
      Then it is refused with KILL_FLAG at strategy_id
      And there is 1 KILL_FLAG bead

    Scenario: At its time, with the bead
      Given the operator set a kill flag for 5:00 minutes
      And 5:00 minutes pass
      When a signal to buy GBPUSD arrives
      Then it is accepted
      And there are 2 KILL_FLAG beads

    Scenario: A flag without an expiry never ends by itself
      Given the operator set a kill flag on all strategies
      When 600:00 minutes pass
      Then the kill flag is active

  @INV-KILL-BLOCKS-ENTRY-1 @INV-EXIT-1
  Rule: A flag never stops an exit

    Scenario: A position is closed under a flag
      Given an open and protected position
      And the operator set a kill flag on all strategies
      And the trader asked to close the position
      When the trader approves the close
      Then the position is CLOSED

    Scenario: An approved exit survives a flag
      Given an open and protected position
      And the trader asked to close the position
      And the trader approved the close without sending it
      And the operator set a kill flag on all strategies
      When the approved close is submitted
      Then the position is CLOSED

    Scenario: A stop still works under a flag
      Given an open and protected position
      And the operator set a kill flag on all strategies
      When the market falls to its stop
      Then the position is CLOSED

    Scenario: A resting entry waits for a human to cancel it
      Given a limit order that rests at the broker
      And the operator set a kill flag on all strategies
      And the broker was asked to cancel nothing
      When the operator cancels the resting entry
      Then the position is CANCELLED
