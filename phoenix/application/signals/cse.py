"""The canonical signal envelope from outside to a `Signal`: the one way in, whatever the path (SPEC 3.1, INV-CSE-1)."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from pydantic import ValidationError

from phoenix.application.signals.cse_model import Envelope
from phoenix.application.signals.strict_json import (
    DOCUMENT_BYTES_MAX,
    Reader,
    Tree,
    checked_tree,
    malformed,
    numbers_as_text,
    read_json,
    shown,
    shown_key,
)
from phoenix.domain.anchor import Anchor
from phoenix.domain.encoding import Json, encode_trusted
from phoenix.domain.refusals import Refused
from phoenix.domain.signal import Signal
from phoenix.domain.vocabulary import RefusalReason


def read_signal(document: bytes | str | Mapping[str, object], read: Reader = read_json) -> Signal:
    """The signal that a document holds, in the notation that `read` reads, or already as a mapping.

    Raises Refused: MALFORMED with the path of the field, or EVIDENCE_MISMATCH.
    """
    tree = read(document) if isinstance(document, bytes | str) else checked_tree(document)
    return _signal(tree, numbers_as_text(tree))


def signal_from_document(document: Json) -> Signal:
    """The signal of a stored document, whose bytes the store vouches for; the envelope's rules are checked again."""
    if not isinstance(document, dict):
        raise malformed("document", f"{shown(document)} is no object", "Give a stored signal document")
    return _signal(document, document)


def _signal(tree: Tree, document: Json) -> Signal:
    """`tree` still knows text from numbers, which is what the envelope's types are checked on."""
    envelope = _envelope(tree)
    assert isinstance(document, dict)
    evidence = document["evidence"]
    _check_evidence_hash(evidence, envelope.evidence_hash)
    body = encode_trusted(document)
    if len(body) > DOCUMENT_BYTES_MAX:
        raise malformed("document", f"{len(body)} bytes are too many", f"Send at most {DOCUMENT_BYTES_MAX} bytes")
    parameters, anchor = envelope.parameters, envelope.state_anchor
    return Signal(
        signal_id=envelope.signal_id,
        timestamp=envelope.timestamp,
        strategy_id=envelope.strategy_id,
        source=envelope.source,
        pair=envelope.pair,
        setup_type=envelope.setup_type,
        confidence=envelope.confidence,
        entry=parameters.entry,
        stop=parameters.stop,
        target=parameters.target,
        risk_percent=parameters.risk_percent,
        order_type=parameters.order_type,
        time_in_force=parameters.time_in_force,
        evidence=evidence,
        evidence_hash=envelope.evidence_hash,
        anchor=Anchor(
            anchor.captured_at, anchor.regime, anchor.components.strategy_params, anchor.components.market_snapshot
        ),
        content_hash=sha256(body).hexdigest(),
        document=document,
    )


def _check_evidence_hash(evidence: Json, claimed: str) -> None:
    actual = sha256(encode_trusted(evidence)).hexdigest()
    if actual != claimed:
        raise Refused(
            RefusalReason.EVIDENCE_MISMATCH, "evidence_hash", f"{claimed} is not the hash of the evidence, {actual}",
            "Hash the canonical form of the evidence (RFC 8785, numbers as text) that is sent",
        )  # fmt: skip


def _envelope(tree: Tree) -> Envelope:
    try:
        return Envelope.model_validate(tree)
    except ValidationError as error:
        raise _refused(error) from error


_BY_TYPE = {
    "missing": ("missing", "Add it"),
    "extra_forbidden": ("not a field of the envelope", "Remove it; free content belongs in evidence"),
}


def _refused(error: ValidationError) -> Refused:
    """The first thing that is wrong, by field."""
    first = error.errors(include_url=False)[0]
    field = ".".join(shown_key(part) for part in first["loc"])
    if first["type"] in _BY_TYPE:
        return malformed(field, *_BY_TYPE[first["type"]])
    context = first.get("ctx", {})
    if "remedy" in context:
        return malformed(field, f"{shown(first['input'])} {context['detail']}", context["remedy"])
    return malformed(field, f"{shown(first['input'])} is no object", "Send an object with the envelope's fields")
