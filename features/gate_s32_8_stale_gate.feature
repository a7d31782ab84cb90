@GATE_S32_8
Feature: A stale context opens nothing
  A proposal stands on the context it was made in. When that is too old or has changed, nothing proceeds until a human
  or the source refreshes it.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-STALE-KILL-1
  Rule: A context beyond its limit is a state conflict; beyond fifteen minutes it also sets a temporary kill flag

    Scenario Outline: At proposal, in <regime>, a context that is <age> minutes old still stands
      When a signal arrives in <regime> with a context that is <age> minutes old
      Then it is accepted
      And there is no STATE_CONFLICT bead
      And there is no KILL_FLAG bead

      Examples:
        | regime   | age   |
        | NORMAL   | 15:00 |
        | HIGH_VOL | 15:00 |
        | NEWS     | 10:00 |

    Scenario Outline: At proposal, in <regime>, a context that is <age> minutes old is a conflict
      When a signal arrives in <regime> with a context that is <age> minutes old
      Then it is refused with STATE_CONFLICT at state_anchor
      And a conflict at PROPOSAL is recorded over an age of <age> minutes
      And <flags> kill flag is set on fvg-retest for 5:00 minutes
      And there is no INTENT bead

      Examples:
        | regime   | age       | flags |
        | NORMAL   | 15:00.001 | 1     |
        | HIGH_VOL | 15:00.001 | 1     |
        | NEWS     | 10:00.001 | 0     |
        | NEWS     | 15:00     | 0     |
        | NEWS     | 15:00.001 | 1     |

    Scenario Outline: At approval, in <regime>, a context that is <age> minutes old still stands
      Given a proposal in <regime>
      And <age> minutes pass
      When the trader approves the proposal
      Then the broker has received 1 entry order
      And there is no STATE_CONFLICT bead

      Examples:
        | regime   | age   |
        | NORMAL   | 15:00 |
        | HIGH_VOL | 15:00 |
        | NEWS     | 10:00 |

    Scenario Outline: At approval, in <regime>, a context that is <age> minutes old is a conflict
      Given a proposal in <regime>
      And <age> minutes pass
      When the trader approves the proposal
      Then it is refused with STATE_CONFLICT at state_anchor
      And a conflict at APPROVAL is recorded over an age of <age> minutes
      And <flags> kill flag is set on fvg-retest for 5:00 minutes
      And there is no T2_TOKEN bead

      Examples:
        | regime   | age       | flags |
        | NORMAL   | 15:00.001 | 1     |
        | HIGH_VOL | 15:00.001 | 1     |
        | NEWS     | 10:00.001 | 0     |
        | NEWS     | 15:00.001 | 1     |

    Scenario Outline: At submission, in <regime>, a context that is <age> minutes old still stands
      Given an approved entry in <regime> with a context that was <before> minutes old
      And 3:00 minutes pass
      When the entry is submitted
      Then the broker has received 1 entry order
      And there is no STATE_CONFLICT bead

      Examples:
        | regime   | before | age   |
        | NORMAL   | 12:00  | 15:00 |
        | HIGH_VOL | 12:00  | 15:00 |
        | NEWS     | 7:00   | 10:00 |

    Scenario Outline: At submission, in <regime>, a context that is <age> minutes old is a conflict
      Given an approved entry in <regime> with a context that was <before> minutes old
      And 3:00.001 minutes pass
      When the entry is submitted
      Then it is refused with STATE_CONFLICT at state_anchor
      And a conflict at SUBMISSION is recorded over an age of <age> minutes
      And <flags> kill flag is set on fvg-retest for 5:00 minutes
      And the broker has received no order

      Examples:
        | regime   | before | age       | flags |
        | NORMAL   | 12:00  | 15:00.001 | 1     |
        | HIGH_VOL | 12:00  | 15:00.001 | 1     |
        | NEWS     | 7:00   | 10:00.001 | 0     |

    Scenario: The temporary flag revokes the token
      Given an approved entry in NORMAL with a context that was 12:00 minutes old
      And 3:00.001 minutes pass
      When the entry is submitted
      Then it is refused with STATE_CONFLICT at state_anchor
      And the token beads of the proposal read ISSUED, REJECTED(STATE_CONFLICT), REJECTED(KILL_FLAG, final)
      And the position is EXPIRED
      And the alert STATE_CONFLICT is raised

    Scenario: The conflict in a fast market leaves the token alone
      Given an approved entry in NEWS with a context that was 7:00 minutes old
      And 3:00.001 minutes pass
      When the entry is submitted
      Then it is refused with STATE_CONFLICT at state_anchor
      And the token beads of the proposal read ISSUED, REJECTED(STATE_CONFLICT)
      And the position is APPROVED

  @INV-STALE-KILL-1
  Rule: Whoever submits too late learns that the context is stale, not only that the token expired

    @CV_S32_STALE_APPROVAL
    Scenario Outline: Submitting <late> minutes after the approval
      Given an approved entry that was not sent yet
      And <late> minutes pass
      When the entry is submitted
      Then it is refused with STATE_CONFLICT at state_anchor
      And the token beads of the proposal read ISSUED, EXPIRED
      And the position is EXPIRED
      And 1 kill flag is set on fvg-retest for 5:00 minutes
      And the broker has received no order

      Examples:
        | late  |
        | 16:00 |
        | 31:00 |

    @CV_S32_STALE_APPROVAL
    Scenario Outline: Submitting <late> minutes after the approval, when nothing was swept meanwhile
      Given a bead store in a file
      And Phoenix keeps its beads there
      And an approved entry that was not sent yet
      And Phoenix was down for <late> minutes
      When the entry is submitted
      Then it is refused with STATE_CONFLICT at state_anchor
      And the last beads are T2_TOKEN(EXPIRED), POSITION(EXPIRED), STATE_CONFLICT, KILL_FLAG(SET), ALERT(RAISED), REFUSAL, ALERT(DELIVERED)
      And the broker has received no order

      Examples:
        | late  |
        | 16:00 |
        | 31:00 |

  @INV-STALE-KILL-1
  Rule: The temporary flag is set once for each intent, on its strategy, for five minutes

    Scenario: It blocks the strategy until it expires
      Given a proposal to buy GBPUSD
      And 15:00.001 minutes pass
      And the trader's approval was refused
      And 4:59.999 minutes pass
      When a signal to buy GBPUSD arrives
      Then it is refused with KILL_FLAG at strategy_id

    Scenario: After five minutes the strategy trades again
      Given a proposal to buy GBPUSD
      And 15:00.001 minutes pass
      And the trader's approval was refused
      And 5:00 minutes pass
      When a signal to buy GBPUSD arrives
      Then it is accepted
      And there are 2 KILL_FLAG beads

    Scenario: The same intent sets no second flag
      Given a proposal to buy GBPUSD
      And 15:00.001 minutes pass
      And the trader's approval was refused
      And 5:00 minutes pass
      When the trader approves the proposal
      Then it is refused with STATE_CONFLICT at state_anchor
      And there are 2 STATE_CONFLICT beads
      And there are 2 KILL_FLAG beads

    Scenario: Another intent sets a flag of its own
      Given a proposal to buy GBPUSD
      And another proposal to buy GBPUSD
      And 15:00.001 minutes pass
      And the trader's approval was refused
      And 5:00 minutes pass
      When the trader approves the first proposal
      Then it is refused with STATE_CONFLICT at state_anchor
      And 2 kill flags are set on fvg-retest for 5:00 minutes

    Scenario: Another strategy goes on trading
      Given the strategy breakout is registered too
      And a proposal to buy GBPUSD
      And 15:00.001 minutes pass
      And the trader's approval was refused
      When a signal of breakout to buy GBPUSD arrives
      Then it is accepted

  @INV-STALE-KILL-1
  Rule: A changed context is a state conflict that names what changed, and sets no kill flag

    Scenario Outline: <what> changed before the approval
      Given a proposal to buy GBPUSD
      And 1:00 minutes pass
      And <what> changed
      When the trader approves the proposal
      Then it is refused with STATE_CONFLICT at state_anchor
      And the conflict names <components>
      And no temporary kill flag is set
      And there is no T2_TOKEN bead

      Examples:
        | what                              | components                       |
        | the market snapshot               | market_snapshot                  |
        | the strategy's parameters         | strategy_params                  |
        | both the parameters and the market | strategy_params, market_snapshot |
        | a kill flag came and went, so that flags | kill_flags                 |
        | the decay of the strategy         | decay_alerts                     |
        | the decay of all strategies       | decay_alerts                     |

    Scenario: The market snapshot changed before the submission
      Given an approved entry that was not sent yet
      And 1:00 minutes pass
      And the market snapshot changed
      When the entry is submitted
      Then it is refused with STATE_CONFLICT at state_anchor
      And the conflict names market_snapshot
      And no temporary kill flag is set
      And the token beads of the proposal read ISSUED, REJECTED(STATE_CONFLICT)
      And the broker has received no order

    Scenario: The same context captured anew changes nothing
      Given a proposal to buy GBPUSD
      And 1:00 minutes pass
      And the same context was captured anew
      When the trader approves the proposal
      Then the broker has received 1 entry order

    Scenario: Another strategy's context changes nothing
      Given the strategy breakout is registered too
      And a proposal to buy GBPUSD
      And the context of breakout changed
      When the trader approves the proposal
      Then the broker has received 1 entry order

  @INV-STALE-KILL-1
  Rule: Only a refresh makes a stale proposal approvable, on new evidence

    Scenario: Staleness alone never cancels a proposal
      Given a proposal to buy GBPUSD
      When 31:00 minutes pass
      Then the position is PROPOSED
      And there is no STATE_CONFLICT bead

    Scenario: A proposal lapses at the end of the trading session
      Given a proposal to buy GBPUSD
      When 870:00 minutes pass
      Then the position is CANCELLED

    Scenario: The trader approves what was refreshed
      Given a proposal to buy GBPUSD
      And 16:00 minutes pass
      And the market snapshot changed
      And the trader refreshed the proposal
      When the trader approves the proposal
      Then the broker has received 1 entry order

    Scenario: The old evidence can no longer be approved
      Given a proposal to buy GBPUSD
      And the trader is looking at its evidence
      And 1:00 minutes pass
      And the market snapshot changed
      And the trader refreshed the proposal
      When the trader approves what they were looking at
      Then it is refused with STALE_EVIDENCE at evidence_hash
      And there is no T2_TOKEN bead

    Scenario: Refreshing on a context that is stale itself
      Given a proposal to buy GBPUSD
      And 15:00.001 minutes pass
      When the trader refreshes the proposal
      Then it is refused with STATE_CONFLICT at state_anchor
      And 1 kill flag is set on fvg-retest for 5:00 minutes

    Scenario: What was approved is not refreshed
      Given an approved entry that was not sent yet
      When the trader refreshes the proposal
      Then it is refused with WRONG_STATE at intent_id

    Scenario: Two proposals on one instrument are both refreshed and approved
      Given a proposal to buy GBPUSD
      And another proposal to buy GBPUSD
      And 16:00 minutes pass
      And the market snapshot changed
      And the trader refreshed both proposals
      And the trader approved the first proposal
      When the trader approves the second proposal
      Then the broker has received 2 entry orders

    Scenario: A newer signal makes an older proposal refresh
      Given a proposal to buy GBPUSD
      And 1:00 minutes pass
      And another proposal on a new market snapshot
      When the trader approves the first proposal
      Then it is refused with STATE_CONFLICT at state_anchor
      And the conflict names market_snapshot

    Scenario Outline: The evidence says when a context in <regime> goes stale
      When a signal arrives in <regime> with a context that is 2:00 minutes old
      Then the evidence says that it goes stale <left> minutes from now

      Examples:
        | regime   | left  |
        | NORMAL   | 13:00 |
        | HIGH_VOL | 13:00 |
        | NEWS     | 8:00  |

  @INV-STALE-KILL-1
  Rule: A context is registered in the order of its capture and never from the future

    Scenario: A context that is older than the registered one
      Given a proposal to buy GBPUSD
      When a context that was captured 1:00 minutes ago is registered
      Then it is refused with STATE_CONFLICT at state_anchor.captured_at
      And there is 1 STATE_ANCHOR bead

    Scenario: A signal with a context that is older than the registered one
      Given a proposal to buy GBPUSD
      When a signal arrives in NORMAL with a context that is 1:00 minutes old
      Then it is refused with STATE_CONFLICT at state_anchor.captured_at
      And there is 1 STATE_ANCHOR bead

    Scenario: A context from the future
      Given a proposal to buy GBPUSD
      When a context that will be captured in 0:05.001 minutes is registered
      Then it is refused with SIGNAL_FROM_FUTURE at state_anchor.captured_at
      And there is 1 STATE_ANCHOR bead

    Scenario: Clocks may differ by five seconds
      Given a proposal to buy GBPUSD
      When a context that will be captured in 0:05 minutes is registered
      Then it is accepted
      And there are 2 STATE_ANCHOR beads

  @INV-STALE-KILL-1
  Rule: Context matters until the order is sent, and never to an exit

    Scenario: An open position outlives its context
      Given an open and protected position
      And the market snapshot changed
      When 31:00 minutes pass
      Then the position is MANAGED
      And there is no STATE_CONFLICT bead

    Scenario: A position is closed on a stale context
      Given an open and protected position
      And 31:00 minutes pass
      And the market snapshot changed
      And the trader asked to close the position
      When the trader approves the close
      Then the position is CLOSED
      And there is no STATE_CONFLICT bead
