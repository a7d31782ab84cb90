"""The gateway simulator is what the users of the bare client libraries expect of TWS; so is what its codec writes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIMIT_S = 60


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A program that loads a vendor's library, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False
    )


@pytest.mark.parametrize("library", ["ib_insync", "ibapi"])
def test_a_bare_library_finds_what_its_users_expect(library: str) -> None:
    probe = run("tools.probes.bare", library)
    assert "DIFFERS" not in probe.stdout
    assert probe.returncode == 0, probe.stdout + probe.stderr


def test_the_libraries_read_and_write_what_the_codec_writes_and_reads() -> None:
    probe = run("tools.probes.decoders")
    assert probe.returncode == 0, probe.stdout + probe.stderr


@pytest.mark.parametrize("probe", ["tools.probes.bare", "tools.probes.decoders"])
def test_a_probe_of_an_unknown_library_fails_and_names_those_there_are(probe: str) -> None:
    told = run(probe, "ib_nothing")
    assert told.returncode == 2
    assert "ib_insync, ibapi, ib_async" in told.stderr
