Feature: Sudden death
  A process may die at any instant, as by kill -9, and real ones do here. What it had put on record stands, what it had
  not did not happen, and the next executor finds out at the broker what became of the rest.

  Background:
    Given a home with a proposal to buy GBPUSD

  @INV-SUBMIT-ONCE-1
  Rule: At most one broker order per approved intent, whenever a process dies

    @CV_CRASH_BEFORE_CLAIM
    Scenario: The claim never became durable
      Given the executor will die before the claim is durable
      When the trader approves, and another executor takes over
      Then no token was used
      And the broker has received no order
      And the position is PROPOSED

    @CV_CRASH_AFTER_CLAIM
    Scenario: The claim became durable and the order was not sent
      Given the executor will die after the claim is durable
      When the trader approves, and another executor takes over
      Then one token was used
      And the broker has received no order
      And the position is STALLED

    @CV_CRASH_AFTER_SEND
    Scenario: The order was sent and its acknowledgement was not recorded
      Given the executor will die after the order was sent
      When the trader approves, and another executor takes over
      Then one token was used
      And the broker has received the entry once
      And the position is MANAGED

    @CV_CRASH_LOOP
    Scenario Outline: One executor after the other dies on the way, <steps> steps further than the one before
      Given every executor will die <steps> steps further than the one before
      When the trader goes on until the trade is closed
      Then every bead that was acknowledged is still there
      And the broker has received no order twice
      And the history is sound

      Examples:
        | steps |
        | 5     |
        | 11    |
        | 13    |

    @CV_S32_ORDER_RACE
    Scenario: Two processes approve the same intent at once
      Given an executor that serves
      When two processes approve the intent at the same moment
      Then one of them learns that it was sent, the other that it was refused
      And the broker has received the entry once

  @INV-LATE-FILL-1
  Rule: No execution is lost with the process that heard of it

    @CV_CRASH_BEFORE_FILL_BEAD
    Scenario: A fill was heard of and not recorded
      Given the executor will die before a fill is durable
      When the trader approves, and another executor takes over
      Then the entry's execution was booked once
      And the position is MANAGED

  @INV-KILL-BLOCKS-ENTRY-1
  Rule: A kill flag outlives the process that set it

    @CV_CRASH_AFTER_KILL
    Scenario: The process died right after the kill flag was recorded
      Given the process that sets a kill flag dies once it is recorded
      When the trader approves, and another executor takes over
      Then the approval was refused for KILL_FLAG
      And the broker has received no order

  @INV-SUBMIT-ONCE-1
  Rule: A store has one executor

    @CV_SECOND_EXECUTOR
    Scenario: A second executor is started
      Given an executor that serves
      When a second one is started
      Then it is refused, naming the first and since when it is at work
