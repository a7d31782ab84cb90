@INV-UNKNOWN-1
Feature: The executor's heart and its workers are watched
  Every 30 seconds, give or take 5, the executor asks the broker for its time and looks at itself: the process, the
  connection, and whether orders, fills and comparisons really go on. What is not known is not healthy.

  Background:
    Given a simulator account and the strategy fvg-retest
    And the executor's heart beats

  Rule: A heart that is well goes on record every ten minutes, and its changes at once

    Scenario: An hour of calm
      When the executor lives for 3600 seconds
      Then every pause between two beats is between 25 and 35 seconds
      And the heart is HEALTHY
      And there is a HEARTBEAT bead at least every 10 minutes
      And no alert of the heart was raised

    Scenario: A broker that is silent for a while
      When the executor lives for 60 seconds
      And the broker does not tell its time for 2 beats
      Then the HEARTBEAT beads say HEALTHY, DEGRADED, HEALTHY
      And one alert of the heart was raised, a WARNING

  Rule: What stands still makes it DEGRADED

    Scenario Outline: <what>
      Given <what>
      When the executor lives for 70 seconds
      Then the heart is DEGRADED
      And it names "<check>"
      And one alert of the heart was raised, a WARNING

      Examples:
        | what                                    | check                |
        | the session was lost for good           | connection           |
        | the broker's clock is 9 seconds behind  | connection           |
        | a session that is open and silent       | connection           |
        | an order that the broker never answers  | orders flowing       |
        | a fill that no execution bears out      | fills updating       |
        | holdings that the broker does not tell  | reconciliation fresh |
        | a decision that nobody acts on          | nothing stuck        |

  Rule: Behind a heart that hears nothing no entry passes

    Scenario: An approval while the session is open and silent
      Given a proposal to buy GBPUSD
      And a session that is open and silent
      When the executor lives for 70 seconds
      And the trader approves the proposal
      Then it is refused with RISK_LIMIT
      And the heart is DEGRADED
      And the broker has received no order

    Scenario: An approval while the broker does not tell its time, and no limit on clocks stands
      Given no limit on how far clocks may be apart
      And a proposal to buy GBPUSD
      And a broker that does not answer for its server time
      When the trader approves the proposal
      Then it is refused with CONNECTION at server_time
      And the broker has received no order

  @INV-RUNBOOK-1
  Rule: A worker that stops is never silent

    Scenario: A worker had no turn for too long
      When a worker had its last turn 31 seconds ago
      Then it is late
      And that is a CRITICAL alert which names the runbook RB-009-worker-stopped

    Scenario: A worker dies of an error that nothing provides for
      When a worker dies
      Then that is a CRITICAL alert which names the runbook RB-009-worker-stopped
      And whoever drives it is told to end
