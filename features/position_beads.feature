Feature: The journal of a position
  A POSITION bead is written at every transition and at every execution, and says all there is to know.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-POSITION-AUDIT-1
  Rule: There is a POSITION bead at every transition and at every execution

    Scenario: An execution that moves nothing leaves a bead all the same
      Given a broker that fills 40 percent of the entry and the rest 20 s later
      And the trader bought 1000000 GBPUSD
      When 21 seconds pass
      Then its POSITION beads read
        | from      | to        | trigger          | filled  | partial fill ratio |
        | -         | PROPOSED  | INTENT_ACCEPTED  | 0       | 0                  |
        | PROPOSED  | APPROVED  | TOKEN_ISSUED     | 0       | 0                  |
        | APPROVED  | SUBMITTED | ATTEMPT_RECORDED | 0       | 0                  |
        | SUBMITTED | FILLED    | EXECUTION        | 400000  | 0.4                |
        | FILLED    | FILLED    | EXECUTION        | 1000000 | 1                  |
        | FILLED    | MANAGED   | PROTECTION_EXACT | 1000000 | 1                  |

    Scenario: A bead names the position, the signal, the intent, the token and the broker's order
      Given the trader bought 1000000 GBPUSD
      When GBPUSD is bid at 1.26200
      Then each of its POSITION beads since SUBMITTED names signal, intent and token
      And each of its POSITION beads since FILLED names the broker's permanent id

    Scenario: A bead states what was planned beside what was done
      Given a broker that fills 50 percent of the entry
      When the trader buys 1000000 GBPUSD
      Then its last POSITION bead says
        | pair                | GBPUSD  |
        | side                | LONG    |
        | entry price         | 1.26000 |
        | stop price          | 1.25900 |
        | target price        | 1.26200 |
        | average entry price | 1.26010 |
        | requested quantity  | 1000000 |
        | filled quantity     | 500000  |
        | partial fill ratio  | 0.5     |
        | open quantity       | 500000  |
        | protection          | NONE    |
        | realised pnl        | -       |
        | exit reason         | -       |

    Scenario: A bead that comes with a token's end
      Given an approved entry that was not sent yet
      When the trader withdraws the approval
      Then its last POSITION bead says
        | state          | EXPIRED   |
        | previous state | APPROVED  |
        | trigger        | WITHDRAWN |

    Scenario: Two positions keep stories of their own
      Given the trader bought 1000000 GBPUSD
      And the trader bought USDJPY as well
      When GBPUSD is bid at 1.26200
      Then the first position is CLOSED
      And the second position is MANAGED
      And the history is clean
