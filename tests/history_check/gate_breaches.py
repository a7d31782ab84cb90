"""Breaches of tokens, the gate and submission."""

from __future__ import annotations

from tests.history_check.breaches import breaks, trade
from tests.history_check.histories import History, instant, session
from tests.history_check.trades import Trade, one_trade, opened

# --- tokens ----------------------------------------------------------------------------------------------------------


@breaks("INV-T2-TOKEN-1")
def token_used_at_its_expiry() -> History:
    history = opened()
    Trade(history, at=10).closed(delay=301)
    return history


@breaks("INV-T2-TOKEN-1")
def token_that_lives_six_minutes() -> History:
    history, _ = one_trade()
    history.find("T2_TOKEN", event="ISSUED").payload["expires_at"] = instant(371)
    return history


@breaks("INV-T2-TOKEN-1")
def token_used_twice() -> History:
    history, made = one_trade()
    used = history.find("T2_TOKEN", event="USED")
    made.token("USED", used.at)
    history.last_to(history.drafts.index(used) + 1)
    return history


@breaks("INV-T2-TOKEN-1")
def fourth_token_of_an_intent() -> History:
    history = opened()
    made = Trade(history, at=10).approved()
    for number in range(2, 5):
        former = made.token_id if number == 2 else f"again-{number - 1}"
        made.token("REJECTED", 12, token_id=former, reason="REVOKED")
        made.token("ISSUED", 12, token_id=f"again-{number}")
    made.token("REJECTED", 13, token_id="again-4", reason="REVOKED")
    made.position("EXPIRED", "TOKEN_ENDED", 13)
    return history


@breaks("INV-T2-TOKEN-1")
def second_token_while_the_first_lives() -> History:
    history = opened()
    made = Trade(history, at=10).approved()
    made.token("ISSUED", 12, token_id="again")
    for token_id in (made.token_id, "again"):
        made.token("REJECTED", 13, token_id=token_id, reason="REVOKED")
    made.position("EXPIRED", "TOKEN_ENDED", 13)
    return history


@breaks("INV-T2-TOKEN-1")
def token_expired_before_its_time() -> History:
    history = opened()
    made = Trade(history, at=10).approved()
    made.token("EXPIRED", 300)
    made.position("EXPIRED", "TOKEN_ENDED", 300)
    return history


@breaks("INV-T2-TOKEN-1")
def used_token_that_was_revoked() -> History:
    history, made = one_trade()
    made.token("REJECTED", 500, reason="REVOKED")
    return history


@breaks("INV-T2-TOKEN-1")
def token_rejected_without_a_reason() -> History:
    history, made = one_trade()
    made.token("REJECTED", 500, final=False)
    return history


@breaks("INV-T2-TOKEN-AUDIT-1")
def token_that_timed_out_without_a_bead() -> History:
    history, _ = trade("approved")
    return history


@breaks("INV-T2-TOKEN-AUDIT-1")
def token_issued_without_a_trace_of_its_secret() -> History:
    history, _ = one_trade()
    history.find("T2_TOKEN", event="ISSUED").payload["secret_hash"] = None
    return history


@breaks("INV-T2-TOKEN-AUDIT-1")
def position_approved_without_a_token() -> History:
    history = opened()
    made = Trade(history, at=10).proposed()
    made.position("APPROVED", "TOKEN_ISSUED", 11)
    return history


# --- the gate --------------------------------------------------------------------------------------------------------


@breaks("INV-T2-GATE-1")
def order_without_its_token_used() -> History:
    history, made = one_trade()
    history.drop("T2_TOKEN", event="USED")
    made.token("EXPIRED", 311)
    end = next(draft for draft in history.drafts if draft.at > 311)
    history.drafts.insert(history.drafts.index(end), history.drafts.pop())
    return history


@breaks("INV-T2-GATE-1")
def order_that_names_no_token() -> History:
    history, _ = one_trade()
    history.find("ORDER", event="PREPARED").payload["token_id"] = None
    return history


@breaks("INV-T2-GATE-1")
def order_other_than_approved() -> History:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["order_hash"] = "00"
    return history


@breaks("INV-T2-GATE-1")
def order_hash_of_another_order() -> History:
    history, _ = one_trade()
    history.find("ORDER", event="PREPARED").payload["order_hash"] = "00"
    return history


@breaks("INV-T2-GATE-1")
def evidence_altered_behind_its_hash() -> History:
    history, _ = one_trade()
    history.find("EVIDENCE").payload["bundle"]["order"]["quantity"] = "90000"
    return history


@breaks("INV-T2-GATE-1")
def decision_on_other_evidence() -> History:
    history, _ = one_trade()
    history.find("DECISION").payload["evidence_hash"] = "00"
    return history


@breaks("INV-T2-GATE-1")
def broker_received_another_quantity() -> History:
    history, made = one_trade()
    history.booked("ORDER_RECEIVED", reference=made.reference("E"))["quantity"] = "20000"
    return history


@breaks("INV-T2-GATE-1")
def broker_received_another_time_in_force() -> History:
    history, made = one_trade()
    history.booked("ORDER_RECEIVED", reference=made.reference("S"))["time_in_force"] = "DAY"
    return history


@breaks("INV-T2-GATE-1")
def order_amended_at_the_broker() -> History:
    history, made = one_trade()
    history.book("AMENDED", 500, reference=made.reference("S"), quantity="20000")
    return history


@breaks("INV-T2-GATE-1")
def broker_received_an_order_nobody_prepared() -> History:
    history, _ = one_trade()
    history.book("ORDER_RECEIVED", 500, reference="PXSTRAY-E", quantity="1")
    return history


@breaks("INV-T2-GATE-1")
def broker_received_an_order_without_a_reference() -> History:
    history, _ = one_trade()
    history.book("ORDER_RECEIVED", 500, reference=None, quantity="1")
    return history


@breaks("INV-HUMAN-1")
def paper_approval_without_a_passkey() -> History:
    history = History()
    history.add("CONFIG_CHANGE", 0, config_hash="c", settings={})
    session(history, 0, "CONNECTED", "PAPER", "DU1")
    session(history, 0, "RECONCILED", "PAPER", "DU1")
    Trade(history, at=10, account="DU1", proof="TYPED").closed()
    return history


@breaks("INV-HUMAN-1")
def token_for_another_than_the_approver() -> History:
    history, _ = one_trade()
    history.find("T2_TOKEN", event="ISSUED").payload["approver"] = "bob"
    return history


@breaks("INV-PAPER-GUARD-1")
def live_order_without_leave() -> History:
    history = History()
    history.add("CONFIG_CHANGE", 0, config_hash="c", settings={"broker": {"allow_live": False}})
    session(history, 0, "CONNECTED", "LIVE", "U1")
    session(history, 0, "RECONCILED", "LIVE", "U1")
    Trade(history, at=10, account="U1", proof="PASSKEY").closed()
    return history


@breaks("INV-PAPER-GUARD-1")
def live_account_in_paper_mode() -> History:
    history = History()
    session(history, 0, "CONNECTED", "PAPER", "U1")
    session(history, 0, "RECONCILED", "PAPER", "U1")
    Trade(history, at=10, account="U1", proof="PASSKEY").closed()
    return history


# --- submission ------------------------------------------------------------------------------------------------------


@breaks("INV-SUBMIT-ONCE-1")
def second_attempt_of_an_intent() -> History:
    history, made = one_trade()
    second = made.prepared(13)
    legs = [{**leg, "reference": f"PXSECOND-{leg['reference'][-1]}"} for leg in made.legs()]
    second.payload["plan"]["legs"] = legs
    history.last_to(history.drafts.index(history.find("POSITION", state="SUBMITTED")) + 1)
    return history


@breaks("INV-SUBMIT-ONCE-1")
def order_received_twice() -> History:
    history, made = one_trade()
    made.received(12, made.legs()[:1])
    return history


@breaks("INV-BEAD-FIRST-1")
def order_received_before_its_bead() -> History:
    history, made = one_trade()
    history.booked("ORDER_RECEIVED", reference=made.reference("E"))["at"] = instant(11.5)
    return history


@breaks("INV-BEAD-FIRST-1")
def acknowledgement_of_what_was_not_yet_prepared() -> History:
    history, _ = one_trade()
    acknowledged = history.find("ORDER", event="ACKNOWLEDGED", role="TAKE_PROFIT")
    history.move_before(acknowledged, history.find("ORDER", event="PREPARED"))
    return history


@breaks("INV-BEAD-FIRST-1")
def cancel_received_without_a_bead() -> History:
    history, made = one_trade()
    history.book("CANCEL_RECEIVED", 20, reference=made.reference("T"))
    return history
