Feature: A promotion takes a human's token
  A token for a promotion comes from a named human's decision on exactly the record shown, and is used once.

  Background:
    Given a simulator account and the strategy fvg-retest

  @INV-PROMOTION-T2-1 @INV-HUMAN-1
  Rule: Only a named human asks and approves, with proof

    Scenario Outline: <somebody> asks
      Given complete shadow evidence
      When <somebody> asks for the promotion
      Then it is refused with NOT_ALLOWED at signer
      And no promotion was proposed

      Examples:
        | somebody               |
        | an assistant           |
        | a program              |
        | a human without a name |

    Scenario Outline: <somebody> approves
      Given complete shadow evidence
      And the trader asked for the promotion
      When <somebody> approves the promotion
      Then it is refused with NOT_ALLOWED at signer
      And there is no T2_TOKEN bead
      And the strategy is SHADOW

      Examples:
        | somebody               |
        | an assistant           |
        | a program              |
        | a human without a name |

    Scenario: No proof
      Given complete shadow evidence
      And the trader asked for the promotion
      When the trader approves the promotion without proof
      Then it is refused with PROOF_MISSING at proof
      And the strategy is SHADOW

    Scenario: On a paper account typing proves no human
      Given a paper account
      And complete shadow evidence
      And the trader asked for the promotion
      When the trader approves the promotion by typing
      Then it is refused with PROOF_MISSING at proof
      And the strategy is SHADOW

  @INV-PROMOTION-T2-1
  Rule: The token is bound to the bundle as of its last PERFORMANCE bead

    Scenario: Other evidence than is shown
      Given complete shadow evidence
      And the trader asked for the promotion
      When the trader approves other evidence than the promotion shows
      Then it is refused with STALE_EVIDENCE at evidence_hash
      And the strategy is SHADOW

    Scenario: Performance that comes between the proposal and the approval
      Given complete shadow evidence
      And the trader asked for the promotion
      And one more session was recorded
      When the trader approves the promotion
      Then it is refused with STALE_EVIDENCE at evidence_hash
      And there is no T2_TOKEN bead

    Scenario: Performance that comes between the approval and the promotion
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader approved the promotion without carrying it out
      And one more session was recorded
      When the promotion is carried out
      Then it is refused with STALE_EVIDENCE at evidence_hash
      And the token beads of the promotion read ISSUED, REJECTED(EVIDENCE_MISMATCH, final)
      And the promotion beads of the strategy read LAPSED
      And the strategy is SHADOW

    Scenario: Asked for anew, it covers the later session
      Given complete shadow evidence
      And the trader asked for the promotion
      And one more session was recorded
      And the trader asked for the promotion
      When the trader approves the promotion
      Then the strategy is LIVE

  @INV-PROMOTION-T2-1
  Rule: The token is used once, within its five minutes, for this promotion

    Scenario: No token at all
      Given complete shadow evidence
      And the trader asked for the promotion
      When the promotion is carried out without a token
      Then it is refused with TOKEN at token_id
      And the strategy is SHADOW

    Scenario: Just in time
      Given complete shadow evidence
      And the trader asked for the promotion
      When the promotion is approved and carried out 4:59.999 minutes later
      Then the strategy is LIVE

    Scenario: Too late
      Given complete shadow evidence
      And the trader asked for the promotion
      When the promotion is approved and carried out 5:00 minutes later
      Then it is refused with TOKEN at token_id
      And the token beads of the promotion read ISSUED, EXPIRED, REJECTED(EXPIRED)
      And the promotion beads of the strategy read LAPSED
      And the strategy is SHADOW

    Scenario: Shown once more after it was used
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader approved the promotion
      When its token is shown once more
      Then it is refused with TOKEN at token_id
      And the token beads of the promotion read ISSUED, USED, REJECTED(ALREADY_USED)
      And there is 1 PROMOTION bead

    Scenario: A guessed secret
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader approved the promotion without carrying it out
      When its token is shown with a guessed secret
      Then it is refused with TOKEN at token_id
      And the token beads of the promotion read ISSUED, REJECTED(BAD_SECRET, final)
      And the CRITICAL alert TOKEN_MISUSED is raised
      And the strategy is SHADOW

    Scenario: The token of an entry opens no promotion
      Given complete shadow evidence
      And an approved entry that was not sent yet
      And the trader asked for the promotion
      When the token of the entry is shown for the promotion
      Then it is refused with TOKEN at token_id
      And the token beads of the proposal read ISSUED, REJECTED(INTENT_MISMATCH, final)
      And the strategy is SHADOW

  @INV-PROMOTION-T2-1
  Rule: A promotion that nobody carries out ends, on record

    Scenario: The trader passes
      Given complete shadow evidence
      And the trader asked for the promotion
      When the trader passes on the promotion
      Then the promotion beads of the strategy read PASSED
      And the strategy is SHADOW

    Scenario: What was passed on cannot be approved
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader passed on the promotion
      When the trader approves the promotion
      Then it is refused with WRONG_STATE at intent_id
      And the strategy is SHADOW

    Scenario: An assistant may pass while nobody has approved
      Given complete shadow evidence
      And the trader asked for the promotion
      When an assistant passes on the promotion
      Then the promotion beads of the strategy read PASSED

    Scenario: An assistant may not pass on what a human approved
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader approved the promotion without carrying it out
      When an assistant passes on the promotion
      Then it is refused with NOT_ALLOWED at signer

    Scenario: The trader withdraws
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader approved the promotion without carrying it out
      When the trader withdraws the approval of the promotion
      Then the token beads of the promotion read ISSUED, REJECTED(REVOKED, final)
      And the promotion beads of the strategy read WITHDRAWN
      And no live token is left

    Scenario: Nobody decides within a day
      Given complete shadow evidence
      And the trader asked for the promotion
      When 1440:00 minutes pass
      Then the promotion beads of the strategy read LAPSED
      And the strategy is SHADOW

    Scenario: Approved anew, the former token is over
      Given complete shadow evidence
      And the trader asked for the promotion
      And the trader approved the promotion without carrying it out
      When the trader approves the promotion
      Then the token beads of the promotion read ISSUED, REJECTED(REVOKED, final), ISSUED, USED
      And the strategy is LIVE

  @INV-PROMOTION-T2-1
  Rule: Of two promotions at once, one succeeds

    Scenario: One after the other
      Given complete shadow evidence
      And the trader asked for the promotion
      And another trader asked for the promotion too
      And the trader approved the promotion
      When the trader approves the other promotion
      Then it is refused with WRONG_STATE at intent_id
      And the promotion beads of the strategy read PROMOTED, LAPSED
      And the strategy is LIVE

    Scenario: Two executors at the same moment
      Given a bead store in a file that two executors share
      And complete shadow evidence
      And the trader asked for the promotion
      And another trader asked for the promotion too
      When both executors carry out a promotion of it at the same moment
      Then one of them succeeds, and the database refuses the other
      And the strategy is LIVE
      And no live token is left

    Scenario: Two strategies do not hinder each other
      Given the strategy breakout is registered too
      And complete shadow evidence
      And complete shadow evidence of breakout
      And the trader asked for the promotion of breakout
      And the trader asked for the promotion
      When the trader approves the promotion
      Then the strategy is LIVE
      When the trader approves the other promotion
      Then breakout is LIVE too

  @INV-PROMOTION-EVIDENCE-1
  Rule: What was signalled before the promotion ends its life as shadow

    Scenario: A signal from before is not proposed again on a live account
      Given a proposal to buy GBPUSD
      And the trader passed on the proposal
      And the strategy was promoted
      And the account is a live one from now on
      When the trader proposes the signal from before the promotion again
      Then it is refused with STRATEGY_MODE at signal_id
      And there are 2 INTENT beads

    Scenario: A signal that came in before is not proposed on a live account
      Given a signal that waits on record
      And the strategy was promoted
      And the account is a live one from now on
      When the executor catches up
      Then the last refusal on record is STRATEGY_MODE
      And the broker has received no order
