"""`phoenix gateway`: a simulated TWS on this machine, for Phoenix and for any other TWS API client."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from phoenix.cli.options import JsonFlag

app = typer.Typer(
    help="A simulated TWS on this machine, which any TWS API client can connect to.", no_args_is_help=True
)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", exists=True, dir_okay=False, help="A TOML file of options; flags go first."),
]
HomeOption = Annotated[
    Path | None, typer.Option("--home", help="Take account, currency and instruments from a home's configuration.")
]


@app.command()
def run(
    config: ConfigOption = None,
    home: HomeOption = None,
    port: Annotated[int | None, typer.Option("--port", help="For clients; 0 takes any free one.")] = None,
    control_port: Annotated[int | None, typer.Option("--control-port", help="For the control channel.")] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="ID", help="Whose login it is.")] = None,
    mode: Annotated[str | None, typer.Option("--mode", help="INSTANT, REALISTIC or ADVERSARIAL.")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="What prices and chances are drawn from.")] = None,
    book: Annotated[Path | None, typer.Option("--book", help="The file that its broker lives in.")] = None,
    told_from: Annotated[
        str | None, typer.Option("--told-from", metavar="INSTANT", help="Live in told time, from this instant on.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document to a line.")] = False,
) -> None:
    """Serve until interrupted. Says where it listens, then every order, execution and connection as it happens."""
    import asyncio

    from phoenix.adapters.calendar import AlwaysOpen
    from phoenix.adapters.clock import SystemClock
    from phoenix.adapters.gateway.configured import gateway_options, make_server
    from phoenix.cli.gateway_lines import PeopleLines, ProgramLines
    from phoenix.runtime.process.gateway import run_gateway

    given, traded = _from_home(home)
    given |= _from_file(config)
    flags = {
        "port": port, "control_port": control_port, "account": account, "mode": None if mode is None else mode.upper(),
        "seed": seed, "book": None if book is None else str(book.absolute()), "told_from": told_from,
    }  # fmt: skip
    options = gateway_options(given | {name: value for name, value in flags.items() if value is not None})
    folder = Path() if config is None else config.parent
    server = make_server(options, SystemClock(), AlwaysOpen(), folder, traded)
    lines = (ProgramLines if json else PeopleLines)()
    asyncio.run(run_gateway(server, lines.ready, lines.record))


@app.command()
def tell(
    request: Annotated[str, typer.Argument(metavar="JSON", help='Such as \'{"do": "advance", "seconds": 5}\'.')],
    port: Annotated[int, typer.Option("--port", help="The control port, which the gateway names when it starts.")],
    json: JsonFlag = False,
) -> None:
    """Direct a running gateway: move time and prices, script faults, see its ledger. docs/gateway.md has the words."""
    from phoenix.cli.printing import show
    from phoenix.runtime.gateway_control import ask

    answer = ask(port, request)
    show(answer, lambda: "\n".join(_answer_lines(answer)), as_json=json)


def _from_home(directory: Path | None) -> tuple[dict[str, Any], Any]:
    if directory is None:
        return {}, None
    from phoenix.cli.homes import home_directory
    from phoenix.runtime.home import Home

    policy = Home.open(home_directory(directory)).settings.policy()
    return {"account": policy.account.account, "currency": policy.account.currency}, policy.instruments


def _from_file(file: Path | None) -> dict[str, Any]:
    if file is None:
        return {}
    import tomllib

    from phoenix.ports.errors import ConfigurationError

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationError(f"{file.name}: {error}. Correct the file") from error


def _answer_lines(answer: dict[str, Any]) -> list[str]:
    lines = [f"{name}: {value}" for name, value in answer.items() if name != "records"]
    return [*lines, *(str(record) for record in answer.get("records", ()))] or ["done"]
