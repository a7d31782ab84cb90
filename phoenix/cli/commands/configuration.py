"""`phoenix config`: what counts, where it comes from, and whether a start would take it."""

from __future__ import annotations

from typing import Annotated

import typer

from phoenix.cli.exit_codes import ExitCode
from phoenix.cli.homes import home_directory
from phoenix.cli.options import HomeOption, JsonFlag

app = typer.Typer(help="Show and check the configuration.", no_args_is_help=True)

OriginFlag = Annotated[bool, typer.Option("--origin", "-o", help="Say of each setting what set it.")]


@app.command("show")
def show_settings(origin: OriginFlag = False, home: HomeOption = None, json: JsonFlag = False) -> None:
    """Show every setting that counts, as TOML that could stand in the file."""
    from phoenix.cli.printing import print_json
    from phoenix.cli.views.configuration import settings_lines
    from phoenix.config.origins import effective_settings
    from phoenix.config.reading import read_layers
    from phoenix.runtime.documents.configuration import settings_document
    from phoenix.runtime.home import Home, configuration_of

    directory = home_directory(home)
    opened = Home.open(directory)
    settings = effective_settings(opened.settings, read_layers(configuration_of(directory)))
    if json:
        print_json(settings_document(settings, with_origin=origin))
    else:
        print("\n".join(settings_lines(settings, with_origin=origin)))


@app.command()
def check(home: HomeOption = None, json: JsonFlag = False) -> None:
    """Check everything that a start would refuse, without starting. Leaves with 3 where anything is wrong."""
    from phoenix.cli.printing import show
    from phoenix.cli.views.checkup import findings_view
    from phoenix.runtime.checkup import Verdict, examine_configuration
    from phoenix.runtime.documents.checkup import checkup_document

    findings = list(examine_configuration(home_directory(home)))
    is_sound = all(finding.verdict is not Verdict.FAILED for finding in findings)
    code = ExitCode.OK if is_sound else ExitCode.REFUSED
    show(checkup_document(findings, code), lambda: findings_view(findings), as_json=json)
    raise typer.Exit(code)
