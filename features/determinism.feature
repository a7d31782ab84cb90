Feature: Determinism
  The same seed and the same inputs make the same journal, byte for byte, wherever and however often they are lived
  through.

  @INV-DETERMINISM-1
  Rule: Same seed, same inputs, same beads

    Scenario: A busy morning is lived through twice
      Given a busy morning with seed 3
      When the same morning is lived through again
      Then both journals are the same, byte for byte
      And the history check finds the two the same

    Scenario Outline: A fresh process with hash seed <hash seed> lives through it
      Given a busy morning with seed 3
      When a fresh process with hash seed <hash seed> lives through the same morning
      Then it comes to the same last hash

      Examples:
        | hash seed |
        | 0         |
        | 4242      |

    Scenario: Time passes in small steps instead of long stretches
      Given a busy morning with seed 3
      When the same morning is lived through in stretches of 7 seconds
      Then both journals are the same, byte for byte

    Scenario: Another seed makes another morning
      Given a busy morning with seed 3
      When the morning is lived through with seed 4
      Then the journals part

    Scenario: Another last word changes only what follows it
      Given a busy morning with seed 3
      When the same morning is lived through with another last word
      Then the journals part at the KILL_FLAG bead
