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
