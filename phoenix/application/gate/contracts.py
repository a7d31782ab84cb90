"""What the broker says of an instrument, against what is configured: what contradicts it is not traded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from phoenix.application.alerts import AlertKind
from phoenix.application.work import Work
from phoenix.domain.instrument import Instrument
from phoenix.domain.numbers import ZERO, decimal_text, is_multiple
from phoenix.domain.refusals import Refused
from phoenix.domain.vocabulary import RefusalReason
from phoenix.ports.answers import Answer, Unknown
from phoenix.ports.broker_facts import ContractDetails


def contradictions(instrument: Instrument, details: ContractDetails) -> tuple[str, ...]:
    """Where a configuration contradicts the broker, in words. What the broker does not report contradicts nothing.

    A coarser grid that lies on the broker's is safe; a finer one, or one beside it, is not, nor a smaller least size.
    """
    return tuple(_contradictions(instrument, details))


def _contradictions(instrument: Instrument, details: ContractDetails) -> Iterator[str]:
    if instrument.currency != details.currency:
        yield f"its currency is {details.currency} at the broker, {instrument.currency} in the configuration"
    for name, ours, theirs in (
        ("tick", instrument.tick, details.tick), ("size_step", instrument.size_step, details.size_step)
    ):  # fmt: skip
        if theirs is not None and not _lies_on(ours, theirs):
            yield f"{name} {decimal_text(ours)} does not lie on the broker's {decimal_text(theirs)}"
    least = details.min_size
    if least is not None and instrument.min_size < least:
        yield f"min_size {decimal_text(instrument.min_size)} is below the broker's {decimal_text(least)}"


def _lies_on(ours: Decimal, theirs: Decimal) -> bool:
    return theirs > ZERO and is_multiple(ours, theirs)


def require_contract(work: Work, pair: str, answer: Answer[ContractDetails]) -> None:
    """Entries in an instrument wait for the broker's own word on it, and for a configuration that agrees with it."""
    if isinstance(answer, Unknown):
        raise Refused(
            RefusalReason.CONNECTION, f"instruments.{pair}",
            f"the broker does not say what {pair} is there: {answer.reason}",
            "Wait until it answers; see that the instrument's symbol and exchange are the broker's",
        )  # fmt: skip
    found = contradictions(work.policy.instruments[pair], answer.value)
    if found:
        raise Refused(
            RefusalReason.CONFLICT, f"instruments.{pair}", "; ".join(found),
            f"Correct instruments.{pair} in the configuration and restart",
        )  # fmt: skip


def on_contracts_read(work: Work, contracts: Mapping[str, Answer[ContractDetails]]) -> None:
    """Tell of the instruments that stay closed for entries in this session, and why."""
    for pair, answer in sorted(contracts.items()):
        try:
            require_contract(work, pair, answer)
        except Refused as refusal:
            text = f"entries in {pair} are closed: {refusal.detail}. {refusal.remedy}"
            work.alert(AlertKind.CONTRACT_CONTRADICTED, text, key=pair)
