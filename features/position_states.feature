Feature: What a position can do
  The lifecycle is a closed table. Whatever is not in it does not happen, and is refused aloud.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-POSITION-SM-1
  Rule: Only the moves of the lifecycle table are made

    Scenario: No pair of state and trigger beyond the table moves a position
      Given the lifecycle table
        | from      | trigger               | to        |
        | -         | INTENT_ACCEPTED       | PROPOSED  |
        | -         | ORDER_ADOPTED         | SUBMITTED |
        | -         | HOLDING_ADOPTED       | FILLED    |
        | PROPOSED  | TOKEN_ISSUED          | APPROVED  |
        | PROPOSED  | PASSED                | CANCELLED |
        | PROPOSED  | SESSION_ENDED         | CANCELLED |
        | APPROVED  | ATTEMPT_RECORDED      | SUBMITTED |
        | APPROVED  | TOKEN_ENDED           | EXPIRED   |
        | APPROVED  | WITHDRAWN             | EXPIRED   |
        | SUBMITTED | EXECUTION             | FILLED    |
        | SUBMITTED | BROKER_REJECTED       | REJECTED  |
        | SUBMITTED | BROKER_CANCELLED      | CANCELLED |
        | SUBMITTED | NOT_SENT              | CANCELLED |
        | SUBMITTED | SILENCE               | STALLED   |
        | SUBMITTED | RECOVERY_INCONCLUSIVE | STALLED   |
        | STALLED   | EXECUTION             | FILLED    |
        | STALLED   | BROKER_ACKNOWLEDGED   | SUBMITTED |
        | STALLED   | BROKER_REJECTED       | REJECTED  |
        | STALLED   | BROKER_CANCELLED      | CANCELLED |
        | STALLED   | ATTESTED_ABSENT       | CANCELLED |
        | FILLED    | PROTECTION_EXACT      | MANAGED   |
        | FILLED    | EXIT_COMPLETED        | CLOSED    |
        | MANAGED   | EXIT_COMPLETED        | CLOSED    |
      When every state meets every trigger
      Then exactly the moves of the table are made, and every other is refused

    @CV_S32_LIFECYCLE_INVALID
    Scenario Outline: A <state> position refuses what it cannot do
      Given a position that is <state>
      When somebody tries to <act> it
      Then it is refused with <reason>
      And the position is <state>
      And the history is clean

      Examples:
        | state     | act         | reason      |
        | PROPOSED  | withdraw    | WRONG_STATE |
        | PROPOSED  | close       | WRONG_STATE |
        | PROPOSED  | cancel      | WRONG_STATE |
        | PROPOSED  | call absent | WRONG_STATE |
        | APPROVED  | pass on     | WRONG_STATE |
        | APPROVED  | close       | WRONG_STATE |
        | APPROVED  | call absent | WRONG_STATE |
        | SUBMITTED | pass on     | WRONG_STATE |
        | SUBMITTED | approve     | WRONG_STATE |
        | SUBMITTED | withdraw    | WRONG_STATE |
        | SUBMITTED | close       | WRONG_STATE |
        | SUBMITTED | call absent | WRONG_STATE |
        | STALLED   | pass on     | WRONG_STATE |
        | STALLED   | approve     | WRONG_STATE |
        | STALLED   | close       | WRONG_STATE |
        | FILLED    | pass on     | WRONG_STATE |
        | FILLED    | call absent | WRONG_STATE |
        | MANAGED   | approve     | WRONG_STATE |
        | MANAGED   | withdraw    | WRONG_STATE |
        | MANAGED   | cancel      | WRONG_STATE |
        | MANAGED   | call absent | WRONG_STATE |
        | CLOSED    | approve     | WRONG_STATE |
        | CLOSED    | close       | WRONG_STATE |
        | CLOSED    | cancel      | WRONG_STATE |
        | CANCELLED | approve     | WRONG_STATE |
        | CANCELLED | close       | WRONG_STATE |
        | CANCELLED | cancel      | WRONG_STATE |
        | REJECTED  | approve     | WRONG_STATE |
        | REJECTED  | cancel      | WRONG_STATE |
        | REJECTED  | call absent | WRONG_STATE |
        | EXPIRED   | approve     | WRONG_STATE |
        | EXPIRED   | withdraw    | WRONG_STATE |

    Scenario: An order that has executed cannot be called absent
      Given a stalled entry that the books did not show, and half of which has executed since
      When the operator attests that the order is absent
      Then it is refused as no move of the table
      And the position is FILLED

    Scenario: The broker's words about an order that ended move nothing
      Given the trader bought 1000000 GBPUSD
      And GBPUSD is bid at 1.26200
      When the operator reads the broker's books
      Then the position went through PROPOSED, APPROVED, SUBMITTED, FILLED, MANAGED, CLOSED
      And the broker holds 0 GBPUSD
      And the history is clean
