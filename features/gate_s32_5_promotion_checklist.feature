@GATE_S32_5
Feature: A strategy earns its way from SHADOW to LIVE
  Complete evidence and a human's token lead to LIVE. Anything less keeps the strategy in SHADOW, and says what is missing.

  @INV-PROMOTION-EVIDENCE-1 @INV-PROMOTION-T2-1
  Rule: Complete evidence and a token lead to LIVE

    Scenario: The whole ceremony
      Given a simulator account and the strategy fvg-retest
      And complete shadow evidence
      When the trader asks for the promotion
      Then its evidence holds the whole checklist, every session and the last PERFORMANCE bead
      And the strategy is SHADOW
      When the trader approves the promotion
      Then the strategy is LIVE
      And the token beads of the promotion read ISSUED, USED
      And the promotion names the trader, the intent and the evidence they saw

    Scenario: On a live account a promoted strategy may propose
      Given a simulator account and the strategy fvg-retest
      And the strategy was promoted
      And the account is a live one from now on
      And 0:01 minutes pass
      When a signal to buy GBPUSD arrives
      Then it is accepted

    Scenario: A promotion goes one way
      Given a simulator account and the strategy fvg-retest
      And the strategy was promoted
      When the trader asks for the promotion
      Then it is refused with STRATEGY_MODE at strategy_id
      And the strategy is LIVE

  @INV-PROMOTION-EVIDENCE-1
  Rule: Incomplete evidence is refused with every missing item

    @CV_S32_PROMOTION_PARTIAL
    Scenario: Nothing was recorded at all
      Given a simulator account and the strategy fvg-retest
      When the trader asks for the promotion
      Then it is refused with EVIDENCE_INCOMPLETE at sessions
      And it lists what is missing: SESSIONS, REGIMES, MAX_DRAWDOWN, WORST_DAY, SHARPE, WOULD_HAVE_KILLED, OVERRIDE_FREQUENCY, AUTOPSY_SUMMARY
      And no promotion was proposed

    @CV_S32_PROMOTION_PARTIAL
    Scenario: A session short
      Given a simulator account and the strategy fvg-retest
      And shadow evidence of 19 sessions
      When the trader asks for the promotion
      Then it is refused with EVIDENCE_INCOMPLETE at sessions
      And it lists what is missing: SESSIONS
      And the strategy is SHADOW

    @CV_S32_PROMOTION_BYPASS
    Scenario: Live trading without a shadow period
      Given a live account and the strategy fvg-retest
      When a signal to buy GBPUSD arrives
      Then it is refused with STRATEGY_MODE at strategy_id
      And the refusal cites SESSIONS: 0
      And the refusal cites AUTOPSY_SUMMARY: absent
      And there is no INTENT bead
      And the broker has received no order

    @CV_S32_PROMOTION_BYPASS
    Scenario: Live trading with complete evidence and without a promotion
      Given a live account and the strategy fvg-retest
      And complete shadow evidence
      When a signal to buy GBPUSD arrives
      Then it is refused with STRATEGY_MODE at strategy_id
      And the refusal cites nothing but a human's promotion
      And the broker has received no order

  @INV-PROMOTION-SAFE-1
  Rule: An active kill flag refuses the promotion, and is cited

    @CV_S32_PROMOTION_VETO
    Scenario Outline: A flag on <scope>
      Given a simulator account and the strategy fvg-retest
      And complete shadow evidence
      And the operator set a kill flag on <scope>
      When the trader asks for the promotion
      Then it is refused with KILL_FLAG at kill_flags
      And the refusal cites the kill flag
      And no promotion was proposed

      Examples:
        | scope          |
        | all strategies |
        | fvg-retest     |

  @INV-PROMOTION-SAFE-2
  Rule: Unresolved drift refuses the promotion

    Scenario: A drift in another instrument
      Given a simulator account and the strategy fvg-retest
      And complete shadow evidence
      And an unresolved drift in EURUSD
      When the trader asks for the promotion
      Then it is refused with UNSETTLED at drift
      And no promotion was proposed

    Scenario: The same drift, resolved
      Given a simulator account and the strategy fvg-retest
      And complete shadow evidence
      And an unresolved drift in EURUSD
      And the drift was resolved
      When the trader asks for the promotion
      Then it is accepted
