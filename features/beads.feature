Feature: The journal
  What Phoenix does stands in its journal before it happens, and what stands there can be neither changed nor cut out
  without being found.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-BEAD-FIRST-1
  Rule: The bead is durable before the effect it announces

    Scenario: The claim and the order are on the disk when the broker gets the order
      Given a journal in a file that is looked at whenever the broker gets an order
      When the trader buys 1000000 GBPUSD
      Then the broker has received 1 entry order
      And the file then held T2_TOKEN(USED), ORDER(PREPARED) and POSITION(SUBMITTED)

    Scenario: An entry that cannot be recorded is not sent
      Given a disk that is full when the entry should be recorded
      When the trader buys 1000000 GBPUSD
      Then the caller learns that the store is unavailable
      And the broker has received no order
      And the position is PROPOSED
      And there is no T2_TOKEN bead

    Scenario: An approved entry that cannot be recorded keeps its token
      Given a disk that is full when the entry should be recorded
      And an approved entry that was not sent yet
      When the entry is submitted
      Then the caller learns that the store is unavailable
      And the broker has received no order
      And the position is APPROVED
      And the token beads of the position read ISSUED

    Scenario: Once the disk has room the same approval still opens the broker, once
      Given a disk that is full when the entry should be recorded
      And an approved entry that was not sent yet
      And the entry could not be submitted
      And the disk has room again
      When the entry is submitted
      Then the broker has received 1 entry order
      And the position is MANAGED
      And the history is clean

    Scenario: A cancel that cannot be recorded is not asked for
      Given a disk that is full when the cancel should be recorded
      And the trader's limit order rests at 1.25900
      When the operator cancels what rests
      Then the caller learns that the store is unavailable
      And the broker has received no cancel
      And the position is SUBMITTED

    Scenario: An exit that cannot be recorded is not sent
      Given a disk that is full when the exit should be recorded
      And the trader bought 1000000 GBPUSD and holds it protected
      When the trader closes the position
      Then the caller learns that the store is unavailable
      And the broker has received no exit order
      And 1000000 GBPUSD are open

    Scenario: A kill flag that cannot be recorded raises no alert
      Given a disk that is full when the kill flag should be recorded
      When the operator sets a global kill flag
      Then the caller learns that the store is unavailable
      And no kill flag is set
      And no WARNING alert is raised

    Scenario: An execution that cannot be recorded is kept until it can
      Given a disk that is full when the execution should be recorded
      And the trader tried to buy 1000000 GBPUSD
      And the disk has room again
      When 1 seconds pass
      Then the position is MANAGED
      And the execution was booked once
      And the history is clean

  @INV-BEAD-CHAIN-1
  Rule: Beads are immutable and chained without a fork; any changed byte is found and named

    Scenario: The journal of a whole trade verifies
      Given a journal in a file
      And the trader bought 1000000 GBPUSD
      When GBPUSD is bid at 1.26200
      Then the journal verifies from its first bead to its last

    Scenario Outline: One bit is changed in the <part> of <bead>
      Given a journal in a file, of a position that was closed at its target
      When somebody changes one bit in the <part> of <bead>
      Then the verification names <bead>

      Examples:
        | part          | bead                      |
        | body          | the first bead            |
        | previous hash | the first bead            |
        | hash          | the first bead            |
        | body          | the first SIGNAL bead     |
        | body          | the first EVIDENCE bead   |
        | body          | the first DECISION bead   |
        | hash          | the first T2_TOKEN bead   |
        | body          | the first ORDER bead      |
        | body          | the first EXECUTION bead  |
        | previous hash | the first POSITION bead   |
        | body          | the last bead             |
        | hash          | the last bead             |

    Scenario Outline: Somebody <deed>
      Given a journal in a file, of a position that was closed at its target
      When somebody <deed>
      Then the verification names bead <named>

      Examples:
        | deed                                               | named |
        | removes bead 13                                    | 13    |
        | swaps beads 13 and 14                              | 13    |
        | rewrites bead 13 and hashes it anew                | 14    |
        | tells the index of another token than bead 16 used | 16    |

    Scenario Outline: The database itself refuses to <deed> a bead
      Given a journal in a file, of a position that was closed at its target
      When somebody tries to <deed> bead 13 in the database
      Then the database refuses it
      And the journal verifies from its first bead to its last

      Examples:
        | deed   |
        | change |
        | remove |
        | fork   |

    Scenario: A journal with a changed byte is not opened again
      Given a journal in a file, of a position that was closed at its target
      When somebody changes a byte of bead 14 and Phoenix is started again
      Then the start is refused, naming bead 14
