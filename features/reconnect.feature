Feature: Three attempts to reconnect, then a human
  A session that is lost is opened anew three times at most. After that nobody but a human asks for it.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-RECONNECT-1
  Rule: A lost session is opened anew after 5 s, 15 s more and 45 s more, and not once again

    Scenario: A session that comes back before the first attempt
      Given an open and protected position
      And the connection breaks for 3 seconds
      When 600 seconds pass
      Then there was 1 attempt to reconnect
      And the session is open and its books are read
      And the alert RECONNECT_FAILED is not raised

    Scenario: A session that comes back before the third attempt
      Given an open and protected position
      And the connection breaks for 40 seconds
      When 1200 seconds pass
      Then there were 3 attempts to reconnect
      And the session is open and its books are read
      And the alert RECONNECT_FAILED is not raised

    Scenario: A session that stays away
      Given an open and protected position
      When the connection breaks for good
      And 86000 seconds pass
      Then there were 3 attempts to reconnect
      And the session is not open
      And the CRITICAL alert RECONNECT_FAILED is raised once

    Scenario: An account that the broker refuses is tried no more often
      Given an open and protected position
      And the broker will refuse the session
      When the connection breaks for good
      And 86000 seconds pass
      Then there were 3 attempts to reconnect
      And the session is not open
      And the CRITICAL alert RECONNECT_FAILED is raised once

  @INV-RECONNECT-1
  Rule: After the third attempt a human asks, and each time once

    Scenario: The operator asks when the broker is back
      Given an open and protected position
      And the connection breaks for 700 seconds
      And 1200 seconds pass
      When the operator asks for the session
      Then there were 3 attempts to reconnect
      And the session is open and its books are read

    Scenario: The operator asks while the broker is away
      Given an open and protected position
      And the connection is down
      And 1200 seconds pass
      When the operator asks for the session
      And 86000 seconds pass
      Then there were 3 attempts to reconnect
      And the last refusal on record is CONNECTION
      And the session is not open

    Scenario: An assistant asks
      Given an open and protected position
      And the connection breaks for 700 seconds
      And 1200 seconds pass
      When an assistant asks for the session
      Then it is refused with NOT_ALLOWED at signer
      And the session is not open

  @INV-RECONNECT-1
  Rule: Without a session nothing is opened

    Scenario: An approval while the session is lost
      Given a proposal to buy GBPUSD
      And the connection is down
      When the trader approves the proposal
      Then it is refused with RISK_LIMIT at margin
      And there is no T2_TOKEN bead
      And the broker has received no order

  @INV-RECONNECT-1
  Rule: In the broker's nightly reset no entry passes, and no attempt is spent before it is over

    Background:
      Given a broker that resets its servers from 09:40 to 10:10 UTC

    Scenario: An approval in the reset, though the session outlives it
      Given a proposal to buy GBPUSD
      And 600 seconds pass
      When the trader approves the proposal
      Then it is refused with CONNECTION at reset_windows
      And there is no T2_TOKEN bead

    Scenario: An entry that was approved before the reset is not sent in it
      Given 480 seconds pass
      And an approved entry that was not sent yet
      And 120 seconds pass
      When the proposal is submitted
      Then it is refused with CONNECTION at reset_windows
      And the broker has received no order

    Scenario: After a reset that the session outlived, everything is as ever
      Given 2460 seconds pass
      And a proposal to buy GBPUSD
      When the trader approves the proposal
      Then the proposal is MANAGED
      And there were 0 attempts to reconnect

    Scenario: An exit in the reset
      Given an open and protected position
      And 600 seconds pass
      When the trader closes the position
      Then the position is CLOSED

    Scenario: The session is lost in the reset and can be had again after it
      Given an open and protected position
      And 720 seconds pass
      And the connection breaks for 1200 seconds
      And 1620 seconds pass
      Then there were 0 attempts to reconnect
      And the session is not open
      When 90 seconds pass
      Then there was 1 attempt to reconnect
      And the session is open and its books are read
      And the WARNING alert SESSION_RESET is raised once
      And no CRITICAL alert is raised
      And the history is clean

    Scenario: The session is still away after the reset
      Given an open and protected position
      And 720 seconds pass
      When the connection breaks for good
      And 86000 seconds pass
      Then there were 3 attempts to reconnect
      And the session is not open
      And the CRITICAL alert RECONNECT_FAILED is raised once

    Scenario: The reset begins while the session is being opened anew
      Given 590 seconds pass
      When the connection breaks for good
      And 1200 seconds pass
      Then there was 1 attempt to reconnect
      When 86000 seconds pass
      Then there were 3 attempts to reconnect
      And the CRITICAL alert RECONNECT_FAILED is raised once

    Scenario: The broker's own line goes down in the reset and comes back
      Given 720 seconds pass
      And the broker's own line is down for 600 seconds
      When 3600 seconds pass
      Then the WARNING alert SESSION_RESET is raised once
      And no CRITICAL alert is raised
      And the session is open and its books are read

    Scenario: The broker's own line is still down after the reset
      Given 720 seconds pass
      And the broker's own line is down for 7200 seconds
      When 3600 seconds pass
      Then the WARNING alert SESSION_RESET is raised once
      And the CRITICAL alert CONNECTION_LOST is raised once
      And the session is not open
