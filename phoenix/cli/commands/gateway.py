"""`phoenix gateway`: the gateway simulator, for any program that speaks to TWS or IB Gateway."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from phoenix.cli.homes import home_directory
from phoenix.cli.options import HomeOption, JsonFlag

app = typer.Typer(help="A simulated IB gateway on this machine, for any TWS API client.", no_args_is_help=True)

_FILE_HELP = "TOML file with a table [gateway], and perhaps [instruments.PAIR]; options go before it."
_TELL_EXAMPLES = (
    "Such as: tell advance seconds=5; tell inject kind=reject 'detail={\"nth\": 1}'; tell tricks silent=true"
)


@app.command()
def run(
    config: Annotated[Path | None, typer.Option("--config", exists=True, dir_okay=False, help=_FILE_HELP)] = None,
    home: HomeOption = None,
    port: Annotated[str | None, typer.Option("--port", help="Where clients connect; 0 is any free one.")] = None,
    control_port: Annotated[
        str | None, typer.Option("--control-port", help="Where it is directed; 0 is any free one, none is nowhere.")
    ] = None,
    host: Annotated[str | None, typer.Option("--host", help="Address of this machine to listen on.")] = None,
    account: Annotated[str | None, typer.Option("--account", help="The account that clients trade.")] = None,
    currency: Annotated[str | None, typer.Option("--currency", help="The account's currency.")] = None,
    balance: Annotated[str | None, typer.Option("--balance", help="What the account begins with.")] = None,
    mode: Annotated[str | None, typer.Option("--mode", help="INSTANT, REALISTIC or ADVERSARIAL.")] = None,
    seed: Annotated[str | None, typer.Option("--seed", help="What prices and chances follow from.")] = None,
    prices: Annotated[str | None, typer.Option("--prices", help="walk: made up. told: by the control channel.")] = None,
    pair: Annotated[str | None, typer.Option("--pair", help="The pair of --bid and --ask.")] = None,
    bid: Annotated[
        Path | None, typer.Option("--bid", exists=True, dir_okay=False, help="CSV of one-minute bid bars.")
    ] = None,
    ask: Annotated[
        Path | None, typer.Option("--ask", exists=True, dir_okay=False, help="CSV of one-minute ask bars.")
    ] = None,
    book: Annotated[
        Path | None, typer.Option("--book", dir_okay=False, help="File that its state is kept in beyond its end.")
    ] = None,
    time: Annotated[
        str | None, typer.Option("--time", help="real, or told: it stands still until the control channel moves it.")
    ] = None,
    begins: Annotated[str | None, typer.Option("--from", help="Where told time begins.")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="The gateway's time zone.")] = None,
    highest_version: Annotated[
        str | None, typer.Option("--highest-version", help="The highest server version that is agreed to.")
    ] = None,
    no_pacing: Annotated[bool, typer.Option("--no-pacing", help="Take any number of messages in a second.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only the beginning and the end.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document to a line.")] = False,
) -> None:
    """Be a simulated gateway until interrupted, and tell what clients and orders do. It trades nothing anywhere."""
    given = {
        "port": port, "control_port": control_port, "host": host, "account": account, "currency": currency,
        "starting_balance": balance, "mode": None if mode is None else mode.upper(), "seed": seed, "time": time,
        "told_from": begins, "zone": zone, "highest_version": highest_version, "paces": False if no_pacing else None,
        "book": None if book is None else book.absolute(),
    }  # fmt: skip
    said = {name: value for name, value in given.items() if value is not None}
    _serve(config, home, {**said, **_prices_said(prices, pair, bid, ask)}, is_quiet=quiet, as_json=json)


@app.command(epilog=_TELL_EXAMPLES)
def tell(
    verb: Annotated[str, typer.Argument(help="state, advance, inject, quote, tricks, say or ledger.")],
    what: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="What the verb takes.")] = None,
    control_port: Annotated[int, typer.Option("--control-port", min=1, max=65535, help="Of the gateway.")] = 4011,
    json: JsonFlag = False,
) -> None:
    """Direct a running gateway through its control channel: its time, its prices, what goes wrong. Values are JSON, or
    else plain text."""
    from phoenix.cli.printing import print_json
    from phoenix.cli.views.gateway import answer_lines
    from phoenix.runtime.process.gateway_control import ask, request_of

    answer = ask(control_port, request_of(verb, what or ()))
    if json:
        print_json(answer)
        return
    for line in answer_lines(answer):
        print(line)


def _serve(config: Path | None, home: Path | None, said: dict[str, Any], *, is_quiet: bool, as_json: bool) -> None:
    import asyncio

    from phoenix.cli.gateway_lines import PeopleGatewayLines, ProgramGatewayLines
    from phoenix.config.gateway import read_gateway
    from phoenix.runtime.documents.gateway import listening_document
    from phoenix.runtime.process.gateway import gateway_of, home_beside, run_gateway

    own = home_beside(home_directory(home), is_named=home is not None)
    configuration = read_gateway(config, None if own is None else own.settings, said)
    server = gateway_of(configuration)
    lines = (ProgramGatewayLines if as_json else PeopleGatewayLines)(is_quiet=is_quiet)

    def begin() -> None:
        lines.begin(listening_document(server, configuration.options))

    asyncio.run(run_gateway(server, begin, lines.tell, lines.say))
    lines.say("stopped")


def _prices_said(prices: str | None, pair: str | None, bid: Path | None, ask: Path | None) -> dict[str, Any]:
    """Where prices come from. Raises InvalidValue."""
    from phoenix.config.gateway import ALL_TOLD
    from phoenix.domain.errors import InvalidValue

    said: dict[str, Any] = {}
    files = (pair, bid, ask)
    if any(one is not None for one in files):
        if pair is None or bid is None or ask is None:
            raise InvalidValue("--pair", "bars need three options", "Give --pair, --bid and --ask together")
        said["bars"] = {pair: {"bid": bid.absolute(), "ask": ask.absolute()}}
    if prices not in (None, "walk", "told"):
        raise InvalidValue("--prices", f"{prices!r} is no source of prices", "Use walk or told; bars: --bid and --ask")
    if prices == "walk":
        said["told"] = []
    if prices == "told":
        said[ALL_TOLD] = True
    return said
