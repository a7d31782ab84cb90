@INV-RUNBOOK-1
Feature: Alerts reach somebody who knows what to do
  What is CRITICAL is told at once and again until a human takes care of it; the rest is gathered. A channel that fails
  loses nothing and holds up nobody.

  Background:
    Given a simulator account and the strategy fvg-retest
    And alerts go to the desk and to the phone

  Rule: Every CRITICAL alert names a runbook that is there

    Scenario: The connection is lost
      When the connection breaks for good
      Then the CRITICAL alert CONNECTION_LOST is raised
      And it names the runbook RB-001-connection-loss

    Scenario: An entry is met with silence
      Given a broker that never speaks of the entry
      And an entry that was sent and is never settled
      When 61 seconds pass
      Then the CRITICAL alert POSITION_STALLED is raised
      And it names the runbook RB-003-stalled

    Scenario: The stop is rejected
      Given a broker that rejects the stop when it should begin to work
      And an entry that was sent and is never settled
      When 11 seconds pass
      Then the CRITICAL alert POSITION_UNPROTECTED is raised
      And it names the runbook RB-004-emergency-halt

    Scenario: A channel is down
      Given the phone is out of order
      And a WARNING was raised
      When 15 seconds pass
      Then the CRITICAL alert ALERTS_DOWN is raised
      And it names the runbook RB-006-alerts-down

    Scenario: Whatever can be CRITICAL
      When every kind of CRITICAL alert is looked up
      Then each of them names a runbook that is there

  Rule: CRITICAL is told at once, the rest together and not too often

    Scenario: A flood of fifty warnings
      Given 50 WARNINGs of one matter were raised
      When 300 seconds pass
      Then the phone got 2 messages about 50 alerts
      And the last one says that there were 48 more

    Scenario: A flood of fifty alarms
      Given a WARNING was raised a moment ago
      When 50 CRITICAL alerts of one matter are raised
      Then the phone got all of them at once, each in full

    Scenario: At home nothing is held back
      When 50 WARNINGs of one matter are raised
      Then the file got 50 alerts

  Rule: A channel that fails loses nothing and holds up nobody

    Scenario: An outage of an hour
      Given the phone is out of order
      And a CRITICAL alert was raised
      And 60:00 minutes pass
      And the phone works again
      When 900 seconds pass
      Then the phone got that alert
      And every failure and the delivery are on record

    Scenario: The others hear of it, once
      Given the phone is out of order
      And a WARNING was raised
      When 60:00 minutes pass
      Then the alert ALERTS_DOWN is raised 1 times
      And the desk got it, the phone did not

    Scenario: A channel that says nothing
      Given the phone says nothing
      And a CRITICAL alert was raised
      And a proposal to buy GBPUSD
      And the trader approved the proposal
      When 1 seconds pass
      Then the position is MANAGED
      And the desk got that alert

  Rule: What was raised is delivered, whoever has to do it

    Scenario: Death between raising and delivering
      Given a bead store in a file
      And Phoenix keeps its beads there
      And a CRITICAL alert was put on record and nothing more
      When another process takes over
      Then the desk and the phone get that alert once

    Scenario: Death while a channel says nothing
      Given a bead store in a file
      And Phoenix keeps its beads there
      And the phone says nothing
      And a CRITICAL alert was raised
      When another process takes over
      Then the phone gets that alert, the desk does not get it again

  Rule: A CRITICAL alert is told again until a human acknowledges it

    Scenario: Nobody acknowledges it
      Given a CRITICAL alert was raised
      When 900 seconds pass
      Then the phone got that alert 2 times
      And the beads of the alert read RAISED, DELIVERED, ESCALATED, DELIVERED

    Scenario: Nobody ever does
      Given a CRITICAL alert was raised
      When 600:00 minutes pass
      Then the phone got that alert 5 times
      And the alert is still open

    Scenario: The operator acknowledges it
      Given a CRITICAL alert was raised
      And the operator acknowledged it
      When 60:00 minutes pass
      Then the phone got that alert 1 times
      And the record says that the operator acknowledged it

    Scenario: An assistant may not
      Given a CRITICAL alert was raised
      When an assistant acknowledges it
      Then it is refused with NOT_ALLOWED at signer
      And the alert is still open

    Scenario: Once is enough
      Given a CRITICAL alert was raised
      And the operator acknowledged it
      When the operator acknowledges it again
      Then it is refused with WRONG_STATE at alert_id
