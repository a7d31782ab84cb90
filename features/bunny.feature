@GATE_S32_7
Feature: The chaos suite passes
  Whatever goes wrong that the specification names, on whatever seed: what is expected comes of it, and the record keeps
  every promise.

  Rule: Every vector of the waves that have landed is green

    @CV_S32_TOKEN_REPLAY @CV_S32_TOKEN_EXPIRED @CV_S32_TOKEN_WRONG_INTENT @CV_S32_ORDER_WITHOUT_TOKEN @CV_S32_TOKEN_RACE
    @CV_S32_IBKR_TIMEOUT @CV_S32_IBKR_REJECTION @CV_S32_FILL_PARTIAL @CV_S32_PARTIAL_DRIFT
    @CV_S32_RECONCILIATION_DRIFT @CV_S32_ORDER_RACE
    @CV_S32_LIFECYCLE_INVALID @CV_S32_PROMOTION_BYPASS @CV_S32_PROMOTION_PARTIAL @CV_S32_PROMOTION_VETO
    @CV_S32_KILL_ENTRY_ATTEMPT @CV_S32_STALE_APPROVAL
    Scenario Outline: Seed <seed>, <mode>
      When the chaos suite runs with seed <seed> in mode <mode>
      Then no vector fails
      And each of the 17 vectors of waves 1 to 4 passes
      And each vector of wave 11 passes
      And every verdict but NOT BUILT stands on beads or says what was seen

      Examples:
        | seed | mode        |
        | 1    | INSTANT     |
        | 2    | INSTANT     |
        | 3    | INSTANT     |
        | 4    | INSTANT     |
        | 5    | INSTANT     |
        | 1    | REALISTIC   |
        | 2    | REALISTIC   |
        | 3    | REALISTIC   |
        | 4    | REALISTIC   |
        | 5    | REALISTIC   |
        | 1    | ADVERSARIAL |
        | 2    | ADVERSARIAL |
        | 3    | ADVERSARIAL |
        | 4    | ADVERSARIAL |
        | 5    | ADVERSARIAL |

  Rule: The report says what happened, and can be had again

    @INV-DETERMINISM-1
    Scenario: The report in the documents is what the suite writes
      When the chaos suite runs as it does by itself
      Then its report is the one in docs/BUNNY_REPORT_S32.md, byte for byte

    Scenario: Another seed is another history
      When waves 1 to 4 run with seed 1 and with seed 2
      Then both are green
      And they share no bead

  Rule: Nothing is taken for passed that wasn't seen

    Scenario: A vector whose part is missing
      Given a vector that nobody has built
      When it is run
      Then it reads NOT BUILT and names what it needs

    Scenario: A vector that raises
      Given a vector that raises an error of its own
      When it is run
      Then it reads FAIL and quotes the error

    Scenario: A process that dies where nothing expects it
      Given a vector in which the process dies unexpectedly
      When it is run
      Then it reads FAIL and quotes the error

    Scenario: A vector that sees what it expects in a history that breaks a promise
      Given a vector that leaves an order at the broker which Phoenix never sent
      When it is run
      Then it reads FAIL and names INV-SUBMIT-ONCE-1
