"""Where a page with pictures goes: a file of its own, which nothing is lost for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from phoenix.domain.promotion.regimes import RegimeRule
    from phoenix.runtime.readings.promotions import StrategyRecord

PageOption = Annotated[
    Path | None,
    typer.Option("--page", dir_okay=False, help="Write the record with pictures as one HTML page, for any browser."),
]
OverwriteFlag = Annotated[bool, typer.Option("--overwrite", help="Replace the page if there is one already.")]


def write_page(page: Path | None, reading: StrategyRecord, rule: RegimeRule, *, overwrite: bool, as_json: bool) -> None:
    """Write a strategy's record, if a page was asked for. Raises InvalidValue rather than replacing a file unasked."""
    if page is None:
        return
    from phoenix.cli.plain import plain
    from phoenix.cli.printing import say
    from phoenix.runtime.pages.promotion import promotion_page

    _write(page, promotion_page(reading, rule), overwrite=overwrite)
    if not as_json:
        say(f"Written: {plain(page)}")


def _write(page: Path, text: str, *, overwrite: bool) -> None:
    from phoenix.domain.errors import InvalidValue

    if not page.parent.is_dir():
        raise InvalidValue(str(page), f"the folder {page.parent} does not exist", "Make it, or write elsewhere")
    try:
        with page.open("w" if overwrite else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise InvalidValue(str(page), "there is such a file already", "Name another, or say --overwrite") from error
