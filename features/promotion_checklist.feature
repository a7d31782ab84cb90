Feature: The promotion checklist
  Every item must be known and say so. What is absent, unknown or not configured fails, and is named.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-PROMOTION-EVIDENCE-1
  Rule: Sessions, regimes and autopsies are counted

    Scenario: Twenty sessions are enough
      Given shadow evidence of 20 sessions
      When the trader asks for the promotion
      Then it is accepted

    @CV_S32_PROMOTION_PARTIAL
    Scenario Outline: Only sessions of <regime>
      Given shadow evidence whose sessions are all <regime>
      When the trader asks for the promotion
      Then it is refused with EVIDENCE_INCOMPLETE at regimes
      And it lists what is missing: REGIMES

      Examples:
        | regime  |
        | TREND   |
        | RANGE   |
        | UNKNOWN |

    @CV_S32_PROMOTION_PARTIAL
    Scenario: A trade that nobody examined
      Given shadow evidence in which 1 trades were not examined
      When the trader asks for the promotion
      Then it is refused with EVIDENCE_INCOMPLETE at autopsy_summary
      And it lists what is missing: AUTOPSY_SUMMARY
      And the refusal cites 19 of 20 trades have one

    Scenario: Undefined with its reason counts as recorded
      Given shadow evidence of 20 sessions without a trade
      When the trader asks for the promotion
      Then it is accepted

    Scenario: The same performance again adds nothing
      Given complete shadow evidence
      When the same performance is imported again
      Then it is refused with CONFLICT at sessions
      And there are 20 PERFORMANCE beads

    Scenario: What is recorded is never changed
      Given complete shadow evidence
      When a session on record is imported with another result
      Then it is refused with CONFLICT at sessions[0]
      And there are 20 PERFORMANCE beads

  @INV-PROMOTION-EVIDENCE-1
  Rule: A check that is not configured or cannot be read fails

    Scenario: Promotion is not configured
      Given promotion is not configured
      And complete shadow evidence
      When the trader asks for the promotion
      Then it is refused with KILL_FLAG at kill_flags
      And the refusal cites promotion is not configured
      And the strategy is SHADOW

    Scenario: The strategy is not known
      When the trader asks for the promotion of an unknown strategy
      Then it is refused with STRATEGY_UNKNOWN at strategy_id

  @INV-PROMOTION-SAFE-1
  Rule: A kill flag vetoes, whoever set it and whenever it came

    Scenario: Flag and missing evidence are both listed
      Given the operator set a kill flag on all strategies
      When the trader asks for the promotion
      Then it is refused with KILL_FLAG at kill_flags
      And the refusal cites SESSIONS: 0

    Scenario: A flag on another strategy is no hindrance
      Given the strategy breakout is registered too
      And complete shadow evidence
      And the operator set a kill flag on breakout
      When the trader asks for the promotion
      Then it is accepted

    @CV_S32_PROMOTION_VETO
    Scenario: A flag that comes between the proposal and the approval
      Given complete shadow evidence
      And the trader asked for the promotion
      And the operator set a kill flag on all strategies
      When the trader approves the promotion
      Then it is refused with KILL_FLAG at kill_flags
      And there is no T2_TOKEN bead
      And the strategy is SHADOW

    @CV_S32_PROMOTION_VETO
    Scenario: A flag that comes between the approval and the promotion
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader approved the promotion without carrying it out
      And the operator set a kill flag on fvg-retest
      When the promotion is carried out
      Then it is refused with KILL_FLAG at strategy_id
      And the refusal cites the kill flag
      And the token beads of the promotion read ISSUED, REJECTED(KILL_FLAG, final)
      And the promotion beads of the strategy read LAPSED
      And the strategy is SHADOW

    Scenario: A lifted flag is no hindrance
      Given complete shadow evidence
      And the operator set a kill flag on all strategies
      And the operator lifted the kill flag
      When the trader asks for the promotion
      Then it is accepted

  @INV-PROMOTION-SAFE-2
  Rule: Unresolved drift, a stalled position and books that were not compared veto too

    Scenario: A drift that comes between the proposal and the approval
      Given complete shadow evidence
      And the trader asked for the promotion
      And an unresolved drift in EURUSD
      When the trader approves the promotion
      Then it is refused with UNSETTLED at drift
      And the strategy is SHADOW

    Scenario: A drift that comes between the approval and the promotion
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader approved the promotion without carrying it out
      And an unresolved drift in EURUSD
      When the promotion is carried out
      Then it is refused with UNSETTLED at drift
      And the strategy is SHADOW

    @INV-UNKNOWN-1
    Scenario: Books that were not compared say nothing
      Given complete shadow evidence
      And the books are not compared
      When the trader asks for the promotion
      Then it is refused with UNSETTLED at drift
      And the refusal cites not known

    @INV-PROMOTION-SAFE-2
    Scenario: A drift that is known is cited, though the books are not compared by now
      Given complete shadow evidence
      And an unresolved drift in EURUSD
      And the books are not compared
      When the trader asks for the promotion
      Then it is refused with UNSETTLED at drift
      And the refusal cites in EURUSD

    @INV-UNKNOWN-1
    Scenario: A comparison that came to nothing is no agreement
      Given complete shadow evidence
      And the last comparison of the books came to nothing
      When the trader asks for the promotion
      Then it is refused with UNSETTLED at drift
      And the refusal cites the holdings timed out

    Scenario: A difference that is settling
      Given complete shadow evidence
      And a difference in EURUSD that is settling
      When the trader asks for the promotion
      Then it is refused with UNSETTLED at drift
      And the refusal cites SETTLING net:EURUSD

    Scenario: A stalled position anywhere
      Given complete shadow evidence
      And an entry whose order nobody answers for
      And 1:00 minutes pass
      When the trader asks for the promotion
      Then it is refused with UNSETTLED at stalled
      And the strategy is SHADOW
