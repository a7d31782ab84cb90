"""`phoenix orders`, `fills`, `account` and `quote`: what is at the broker, as far as it told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from phoenix.cli.desks import desk_at
from phoenix.cli.options import HomeOption, JsonFlag

if TYPE_CHECKING:
    from rich.console import RenderableType

AllFlag = Annotated[bool, typer.Option("--all", "-a", help="Ended ones too.")]


def orders(home: HomeOption = None, ended: AllFlag = False, json: JsonFlag = False) -> None:
    """List the orders that can still do something at the broker, each with the last word on it."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.orders import orders_document
    from phoenix.runtime.readings.orders import last_words_of

    with desk_at(home) as desk:
        found = desk.read.orders(ended=ended)
        words = last_words_of(desk.store, [order.position_id for order in found])
        instruments, now = desk.home.settings.policy().instruments, SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.orders import orders_view

        return orders_view(found, words, instruments, now)

    show(orders_document(found, words, now), view, as_json=json)


def fills(home: HomeOption = None, json: JsonFlag = False) -> None:
    """List every execution, correction and bust, oldest first."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.orders import fills_document
    from phoenix.runtime.readings.orders import commissions

    with desk_at(home) as desk:
        found, costs = desk.read.fills(), commissions(desk.store)
        instruments, now = desk.home.settings.policy().instruments, SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.orders import fills_view

        return fills_view(found, costs, instruments, now)

    show(fills_document(found, costs, now), view, as_json=json)


def account(home: HomeOption = None, json: JsonFlag = False) -> None:
    """Show the last account snapshot and how old it is. What the broker did not tell is unknown."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.printing import show
    from phoenix.runtime.documents.orders import account_document

    with desk_at(home) as desk:
        reading, now = desk.read.account(), SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.orders import account_view

        return account_view(reading, now)

    show(account_document(reading, now), view, as_json=json)


def quote(
    pair: Annotated[str | None, typer.Argument(help="Instrument; without it, every configured one.")] = None,
    home: HomeOption = None,
    json: JsonFlag = False,
) -> None:
    """Show the last quotes of the executor at work; without one, ask the broker."""
    from phoenix.adapters.clock import SystemClock
    from phoenix.cli.exit_codes import ExitCode
    from phoenix.cli.printing import show
    from phoenix.ports.answers import Unknown
    from phoenix.runtime.documents.orders import quotes_document

    with desk_at(home) as desk:
        instruments = desk.home.settings.policy().instruments
        quotes = desk.quotes([_configured(pair, list(instruments))] if pair is not None else sorted(instruments))
        now = SystemClock().now()

    def view() -> RenderableType:
        from phoenix.cli.views.orders import quotes_view

        return quotes_view(quotes, instruments, now)

    show(quotes_document(quotes, now), view, as_json=json)
    if any(isinstance(answer, Unknown) for answer in quotes.values()):
        raise typer.Exit(ExitCode.BROKER_UNREACHABLE)


def _configured(pair: str, known: list[str]) -> str:
    """The pair as it is configured. Raises Refused where it is not."""
    from phoenix.domain.refusals import Refused
    from phoenix.domain.vocabulary import RefusalReason

    if pair.upper() in known:
        return pair.upper()
    raise Refused(
        RefusalReason.INSTRUMENT_UNKNOWN, "pair", f"{pair} is not configured", f"Configured: {', '.join(sorted(known))}"
    )
