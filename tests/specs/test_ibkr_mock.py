"""Binds the rule that no test touches the real broker, with its own steps: they look at the source, not at a world."""

from __future__ import annotations

import ast
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_bdd import given, parsers, scenarios, then, when

from phoenix.adapters.ibkr.guard import REAL_PORTS
from tests import children
from tests.examples.copies import run
from tests.tools.test_import_contracts import lint, name_of
from tools.architecture.check import check, check_source
from tools.architecture.rules import VENDORS
from tools.architecture.source import Source

scenarios("ibkr_mock.feature")

ROOT = Path(__file__).parents[2]
CONTRACTS = (
    "ib-insync-has-one-home", "ibapi-has-one-home", "eventkit-has-no-importer", "ibkr-adapters-are-loaded-by-name",
    "probes-are-run-not-imported", "core-without-vendors", "tests-without-vendors", "tools-without-vendors",
)  # fmt: skip
RULES = frozenset({"vendor-import", "dynamic-import", "hidden-vendor-import", "real-port", "unseen", "unguarded-child"})
# Put together at run time; written out, these lines would break the very rule they are about.
VENDOR, PORT = min(VENDORS), min(REAL_PORTS)
SOURCES = {
    "imports an IBKR library": f"import {VENDOR}",
    "loads an IBKR library by its name": f"import importlib\nimportlib.import_module('{VENDOR}')",
    "loads one in a process of its own": f"run([python, '-c', 'import {VENDOR}'])",
    "names the port of a real gateway": f"import socket\nsocket.create_connection(('127.0.0.1', {PORT}))",
    "starts Python without the guard": "import sys\nrun([sys.executable, '-I', '-c', program])",
    "makes an environment by hand": "import subprocess\nsubprocess.run(command, env={'TZ': 'UTC'})",
}
# What a process does that a test starts; each says at its end that it got so far, the ones that are stopped do not.
PROGRAMS = {
    "connects to another machine": "socket.create_connection(('192.0.2.1', 12345))",
    "connects to a real gateway's port": f"socket.socket().connect(('127.0.0.1', {sorted(REAL_PORTS)[1]}))",
    "swallows the refusal": f"""
try:
    socket.create_connection(('127.0.0.1', {PORT}))
except Exception as error:
    print(error)
""",
    "connects by asyncio": f"asyncio.run(asyncio.open_connection('127.0.0.1', {PORT}))",
    "listens at every address": "socket.create_server(('0.0.0.0', 0))",
    "looks up another machine": "socket.getaddrinfo('example.invalid', 80)",
    "talks to itself": """
with socket.create_server(('127.0.0.1', 0)) as server, socket.create_connection(server.getsockname()) as client:
    client.sendall(b'.')
""",
}
CONFTEST = 'pytest_plugins = ["phoenix.testing.plugin"]\n'
SUITE = """
import subprocess
import sys


def test_it() -> None:
    done = subprocess.run([sys.executable, "program.py"], capture_output=True, text=True)
    print("the process said:", done.stdout, done.stderr)
"""
BEGINNINGS = (
    "phoenix.cli.main",
    "phoenix.cli.app",
    "phoenix.testing.plugin",
    "phoenix.testing.broker_contract",
    "phoenix.rehearsal.world",
    "phoenix.embedding",
)


@when("every import of Phoenix, its tests, tools and benchmarks is followed", target_fixture="lint")
def imports_followed() -> subprocess.CompletedProcess[str]:
    wanted = [part for contract in CONTRACTS for part in ("--contract", contract)]
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", "importlinter.ini", "--no-logo", *wanted]
    return subprocess.run([*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)


@then("no test, no tool, no benchmark and no part of the core reaches an IBKR library")
def contracts_kept(lint: subprocess.CompletedProcess[str]) -> None:
    assert lint.returncode == 0, lint.stdout
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in lint.stdout


@when("the syntax of every file is checked", target_fixture="violations")
def syntax_checked() -> list[str]:
    return [str(violation) for violation in check(ROOT) if violation.rule in RULES]


@then("no file but the adapters and the probes loads an IBKR library or names a real gateway's port")
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


@given("a small tree whose imports are lawful", target_fixture="tree")
def lawful_tree(tmp_path: Path) -> Path:
    return tmp_path


@when(parsers.parse("{module} imports {what} there"), target_fixture="linted")
def imports_there(module: str, what: str, tree: Path) -> subprocess.CompletedProcess[str]:
    return lint(tree, (f"{module.replace('.', '/')}.py", f"import {what}"))


@then(parsers.parse("lint-imports says that {contract} is broken by {module}"))
def broken_by(contract: str, module: str, linted: subprocess.CompletedProcess[str]) -> None:
    assert linted.returncode == 1
    broken = " ".join(linted.stdout.partition("Broken contracts")[2].split())
    assert name_of(contract) in broken, linted.stdout
    assert f"{module} -> " in broken


@when(parsers.parse("a test run of one test starts a process that {does}"), target_fixture="session")
def one_test_run(does: str, tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return _session(tmp_path, does, "-p", "no:xdist")


@when("a test run with two workers starts a process that swallows the refusal", target_fixture="session")
def run_with_workers(tmp_path: Path) -> subprocess.CompletedProcess[str]:
    return _session(tmp_path, "swallows the refusal", "-n", "2")


def _session(folder: Path, does: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "conftest.py").write_text(CONFTEST, encoding="utf-8")
    (folder / "test_it.py").write_text(SUITE, encoding="utf-8")
    (folder / "program.py").write_text(f"import asyncio\nimport socket\n{PROGRAMS[does]}\nprint('got so far')\n")
    # All of this run's refusals are its own: those of the run that this is part of stay as they are.
    return run(folder, "-m", "pytest", "-rP", "-p", "no:cacheprovider", *options, report=folder / "refused")


@then("the process is refused")
def process_refused(session: subprocess.CompletedProcess[str]) -> None:
    assert "INV-IBKR-MOCK-1: a test tried to " in session.stdout.partition("the process said:")[2]


@then("the run fails, naming the process and INV-IBKR-MOCK-1")
def run_fails(session: subprocess.CompletedProcess[str]) -> None:
    assert session.returncode == pytest.ExitCode.TESTS_FAILED, session.stdout
    assert "1 passed" in session.stdout
    told = session.stdout.partition("processes that tests started reached out")[2]
    assert "INV-IBKR-MOCK-1: process " in told
    assert "program.py" in told


@then("the run passes")
def run_passes(session: subprocess.CompletedProcess[str]) -> None:
    assert session.returncode == pytest.ExitCode.OK, session.stdout
    assert "got so far" in session.stdout


@when("a fresh process imports the command line, the testing kit and the rehearsal", target_fixture="modules")
def fresh_process() -> set[str]:
    program = f"import sys, {', '.join(BEGINNINGS)}; print(*sys.modules)"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=children.environment(), capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()}


@then("it has loaded no IBKR library")
def none_is_vendor(modules: set[str]) -> None:
    assert "phoenix" in modules
    assert modules.isdisjoint(VENDORS)
