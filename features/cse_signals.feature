Feature: One signal format on every path
  Whatever hands a signal in, it is the canonical envelope or it is refused with the field, the reason and the remedy.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-CSE-1
  Rule: Every path reads the same envelope and comes to the same proposal

    Scenario Outline: A signal comes <path>
      When a signal to buy GBPUSD comes <path>
      Then the proposal is to buy 1000000 GBPUSD at 1.26000, stop 1.25900, target 1.26200
      And the signal is kept under the hash of its content

      Examples:
        | path                           |
        | as bytes                       |
        | as text                        |
        | with its fields in other order |
        | through another process        |
        | from a folder of files         |
        | on a paper account             |

    Scenario Outline: A signal with a confidence of 1.5 comes <path>
      When a malformed signal comes <path>
      Then the last refusal on record is MALFORMED
      And there is no INTENT bead

      Examples:
        | path                           |
        | as bytes                       |
        | as text                        |
        | with its fields in other order |
        | through another process        |
        | from a folder of files         |
        | on a paper account             |

    Scenario: An unreadable signal of another process holds nothing up
      Given a malformed signal came in through another process and was not looked at yet
      When a signal to buy GBPUSD comes through another process
      Then the proposal is to buy 1000000 GBPUSD at 1.26000, stop 1.25900, target 1.26200
      And the last refusal on record is MALFORMED

    Scenario: A price off the grid is refused, though another process took the signal in
      Given a signal with its entry at 1.260001 came in through another process and was not looked at yet
      When the executor catches up
      Then the last refusal on record is PRICE_INVALID
      And there is no INTENT bead

    Scenario: A target below the entry makes it a short
      When a signal arrives with a stop at 1.26100 and a target at 1.25800
      Then the proposal is to sell 1000000 GBPUSD at 1.26000, stop 1.26100, target 1.25800

    Scenario: A plan that risks more than it may win carries a warning
      When a signal arrives with a stop at 1.25900 and a target at 1.26050
      Then the evidence warns that reward/risk is 0.5

  @INV-CSE-1
  Rule: The same content again answers the first outcome

    Scenario: A signal that became a proposal
      Given a proposal to buy GBPUSD
      When the same signal arrives again
      Then it answers the same proposal
      And there is 1 SIGNAL bead
      And there is 1 INTENT bead

    Scenario: Its order is out already
      Given a proposal to buy GBPUSD
      And the trader approved the proposal
      When the same signal arrives again
      Then it answers the same proposal
      And the broker has received 1 entry order

    Scenario: The same content with its fields in other order
      Given a proposal to buy GBPUSD
      When the same signal arrives again with its fields in other order
      Then it answers the same proposal
      And there is 1 SIGNAL bead

    Scenario: A signal that was refused stays refused
      Given a signal of the unknown strategy breakout was refused
      And the strategy breakout is registered afterwards
      When the same signal arrives again
      Then it is refused with STRATEGY_UNKNOWN at strategy_id
      And there is 1 REFUSAL bead

    Scenario: A document that was no signal is refused once on record
      Given a signal whose confidence is 1.5 was refused
      When the same signal arrives again
      Then it is refused with MALFORMED at confidence
      And there is 1 REFUSAL bead

    Scenario: Other content under a known id
      Given a proposal to buy GBPUSD
      When a signal arrives under the same id with a target at 1.26300
      Then it is refused with SIGNAL_CONFLICT at signal_id
      And there is 1 SIGNAL bead
      And there is 1 INTENT bead

  @INV-CSE-1
  Rule: What is not as it should be is refused with its field, and only the refusal is kept

    Scenario Outline: <field> is <value>
      When a signal arrives whose <field> is <value>
      Then it is refused with <reason> at <field>
      And there is 1 REFUSAL bead
      And there is no SIGNAL bead
      And there is no INTENT bead

      Examples: Values that no signal may hold
        | field                      | value                    | reason    |
        | cse_version                | "2.0"                    | MALFORMED |
        | cse_version                | 1.0                      | MALFORMED |
        | signal_id                  | "7"                      | MALFORMED |
        | timestamp                  | "yesterday"              | MALFORMED |
        | timestamp                  | "2026-03-02T09:30:00"    | MALFORMED |
        | timestamp                  | "2026-02-30T09:30:00Z"   | MALFORMED |
        | strategy_id                | ""                       | MALFORMED |
        | source                     | "RUMOUR"                 | MALFORMED |
        | pair                       | 7                        | MALFORMED |
        | setup_type                 | ""                       | MALFORMED |
        | confidence                 | -0.1                     | MALFORMED |
        | confidence                 | 1.1                      | MALFORMED |
        | confidence                 | "high"                   | MALFORMED |
        | parameters                 | []                       | MALFORMED |
        | parameters.entry           | "dear"                   | MALFORMED |
        | parameters.entry           | null                     | MALFORMED |
        | parameters.risk_percent    | 0.49                     | MALFORMED |
        | parameters.risk_percent    | 2.51                     | MALFORMED |
        | parameters.order_type      | "STOP"                   | MALFORMED |
        | parameters.time_in_force   | "IOC"                    | MALFORMED |
        | evidence                   | []                       | MALFORMED |
        | evidence_hash              | "abc"                    | MALFORMED |
        | state_anchor.regime        | "CALM"                   | MALFORMED |
        | state_anchor.captured_at   | "noon"                   | MALFORMED |
        | state_anchor.components    | "none"                   | MALFORMED |
        | leverage                   | 100                      | MALFORMED |
        | parameters.leverage        | 100                      | MALFORMED |
        | confidence                 | 1e300                    | MALFORMED |
        | confidence                 | 0.12345678901234567890   | MALFORMED |
        | confidence                 | NaN                      | MALFORMED |
        | confidence                 | Infinity                 | MALFORMED |

      Examples: Values that can't be traded
        | field                      | value                    | reason             |
        | pair                       | "XAUUSD"                 | INSTRUMENT_UNKNOWN |
        | timestamp                  | "2026-03-02T09:30:05.001Z" | SIGNAL_FROM_FUTURE |
        | state_anchor.captured_at   | "2026-03-02T09:30:05.001Z" | SIGNAL_FROM_FUTURE |
        | parameters.entry           | "0"                      | PRICE_INVALID      |
        | parameters.entry           | "-1.26"                  | PRICE_INVALID      |
        | parameters.entry           | "1.260001"               | PRICE_INVALID      |
        | parameters.stop            | "1.26100"                | PRICE_INVALID      |
        | parameters.stop            | "1.26000"                | PRICE_INVALID      |
        | parameters.target          | "1.26000"                | PRICE_INVALID      |

      Examples: Evidence that is not what was hashed
        | field         | value                                                              | reason            |
        | evidence_hash | "0000000000000000000000000000000000000000000000000000000000000000" | EVIDENCE_MISMATCH |

    Scenario Outline: <field> is missing
      When a signal arrives without its <field>
      Then it is refused with MALFORMED at <missing>
      And there is no SIGNAL bead

      Examples:
        | field                      | missing                                 |
        | cse_version                | cse_version                             |
        | signal_id                  | signal_id                               |
        | timestamp                  | timestamp                               |
        | strategy_id                | strategy_id                             |
        | source                     | source                                  |
        | pair                       | pair                                    |
        | setup_type                 | setup_type                              |
        | confidence                 | confidence                              |
        | parameters                 | parameters                              |
        | parameters.entry           | parameters.entry                        |
        | parameters.stop            | parameters.stop                         |
        | parameters.target          | parameters.target                       |
        | evidence                   | evidence                                |
        | evidence_hash              | evidence_hash                           |
        | state_anchor               | state_anchor                            |
        | state_anchor.captured_at   | state_anchor.captured_at                |
        | state_anchor.regime        | state_anchor.regime                     |
        | state_anchor.components    | state_anchor.components                 |

    Scenario Outline: The document is <what>
      When a document arrives that is <what>
      Then it is refused with MALFORMED at <field>
      And there is 1 REFUSAL bead
      And there is no SIGNAL bead

      Examples:
        | what                                | field               |
        | empty                               | document            |
        | not JSON                            | document            |
        | a list                              | document            |
        | not UTF-8                           | document            |
        | larger than 65536 bytes             | document            |
        | a signal with its confidence twice  | confidence          |
        | a signal with evidence 17 levels deep | evidence.deep.deep.deep.deep.deep.deep.deep.deep.deep.deep.deep.deep.deep.deep.deep |

    Scenario: A strategy that nobody registered
      When a signal arrives whose strategy_id is "breakout"
      Then it is refused with STRATEGY_UNKNOWN at strategy_id
      And there is no INTENT bead

    Scenario: Clocks may differ by five seconds
      When a signal arrives whose timestamp is "2026-03-02T09:30:05Z"
      Then it is accepted
