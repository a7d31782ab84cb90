"""What every test runs under: no network but loopback, repeatable properties, and the real month where it is given."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REAL_MONTH_VARIABLE = "PHOENIX_REAL_MONTH"
_TAG = re.compile(r"@([\w-]+)")

pytest_plugins = ["phoenix.testing.plugin"]
collect_ignore = ["example_project"]
"""It is run from a copy, as somebody else's."""
settings.register_profile("explore", deadline=None)
settings.register_profile("steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", deadline=None, max_examples=2_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


def pytest_configure(config: pytest.Config) -> None:
    """Registers every tag of the specifications as a marker, so that strict markers still catch a misspelt one.

    Processes that tests interrupt inherit how interrupts are treated; a shell's background jobs begin by ignoring them,
    and what nohup runs ignores hang-ups.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    for tag in sorted(set(_tags(config.rootpath / "features"))):
        config.addinivalue_line("markers", f"{tag}: a tag of the specifications in features/")


def pytest_report_header() -> str:
    """Says where the real month is, or that its tests are left out."""
    folder = os.environ.get(REAL_MONTH_VARIABLE)
    return f"real month: {folder or f'not given (set {REAL_MONTH_VARIABLE}); its tests are deselected'}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Marks the tests that replay the real month, and leaves them out where it is not given."""
    for item in items:
        if "real_month" in getattr(item, "fixturenames", ()):
            item.add_marker("real_month")
    if not os.environ.get(REAL_MONTH_VARIABLE):
        left_out = [item for item in items if item.get_closest_marker("real_month")]
        items[:] = [item for item in items if item not in left_out]
        if left_out:
            config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def real_month() -> Path:
    """The folder of the real month: README.md, the bid and ask files, and signals/."""
    folder = Path(os.environ[REAL_MONTH_VARIABLE])
    assert (folder / "signals").is_dir(), f"{REAL_MONTH_VARIABLE}={folder} holds no signals/; name the month's folder"
    return folder


def _tags(features: Path) -> Iterator[str]:
    for path in features.rglob("*.feature"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.lstrip().startswith("@"):
                yield from _TAG.findall(line)
