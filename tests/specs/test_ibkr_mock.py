"""Binds the rule that no test touches the real broker, with its own steps: they look at the source, not at a world."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_bdd import parsers, scenarios, then, when

from phoenix.testing.network_guard import REAL_IBKR_PORTS
from tools.architecture.check import check, check_source
from tools.architecture.rules import VENDORS
from tools.architecture.source import Source

scenarios("ibkr_mock.feature")

ROOT = Path(__file__).parents[2]
CONTRACTS = ("tests-without-vendors", "core-without-vendors", "ib-insync-has-one-home", "ibapi-has-one-home")
RULES = frozenset({"vendor-import", "dynamic-import", "hidden-vendor-import", "real-port", "unseen"})
# Put together at run time; written out, these lines would break the very rule they are about.
VENDOR, PORT = min(VENDORS), min(REAL_IBKR_PORTS)
SOURCES = {
    "imports an IBKR library": f"import {VENDOR}",
    "loads an IBKR library by its name": f"import importlib\nimportlib.import_module('{VENDOR}')",
    "loads one in a process of its own": f"run([python, '-c', 'import {VENDOR}'])",
    "names the port of a real gateway": f"import socket\nsocket.create_connection(('127.0.0.1', {PORT}))",
}


@when("every import of Phoenix and its tests is followed", target_fixture="lint")
def imports_followed() -> subprocess.CompletedProcess[str]:
    wanted = [part for contract in CONTRACTS for part in ("--contract", contract)]
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", "importlinter.ini", "--no-logo", *wanted]
    return subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)


@then("no test and no part of the core reaches an IBKR library")
def contracts_kept(lint: subprocess.CompletedProcess[str]) -> None:
    assert lint.returncode == 0, lint.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in lint.stdout


@when("the syntax of every file is checked", target_fixture="violations")
def syntax_checked() -> list[str]:
    return [str(violation) for violation in check(ROOT) if violation.rule in RULES]


@then("no file outside the adapters' homes loads an IBKR library or names a real gateway's port")
def no_violations(violations: list[str]) -> None:
    assert violations == []


@when(parsers.parse("the syntax of a test that {does} is checked"), target_fixture="found")
def one_checked(does: str) -> set[str]:
    return {violation.rule for violation in check_source(Source("tests/test_it.py", ast.parse(SOURCES[does])))}


@then(parsers.parse("the check names INV-IBKR-MOCK-1's rule {rule}"))
def check_names(found: set[str], rule: str) -> None:
    assert rule in found


@when(parsers.parse("a test connects to {host}:{port:d}"), target_fixture="outcome")
def connects(host: str, port: int) -> BaseException | None:
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        try:
            client.sendto(b"", (host, port))
        except pytest.fail.Exception as refusal:
            return refusal
    return None


@then("the connection is refused before it is made")
def connection_refused(outcome: BaseException | None) -> None:
    assert outcome is not None
    assert "INV-IBKR-MOCK-1" in str(outcome)


@when("the modules of this process are listed", target_fixture="modules")
def modules_listed() -> set[str]:
    return {name.partition(".")[0] for name in sys.modules}


@then("none of them is an IBKR library")
def none_is_vendor(modules: set[str]) -> None:
    assert modules.isdisjoint(VENDORS)
