"""A progress bar on standard error, where a person is watching."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def progress_bar(label: str, *, is_quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """Yields what to call with (done, total). Draws nothing when quiet, or when standard error is no terminal."""
    if is_quiet or not sys.stderr.isatty():
        yield _draw_nothing
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def _draw_nothing(done: int, total: int) -> None:
    del done, total
