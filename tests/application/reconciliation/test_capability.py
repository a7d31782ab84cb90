"""What reconciliation is able to do, read off its imports and its types: to ask, and to record what it found."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from mypy import api

import phoenix.application.reconciliation
from phoenix.application.reconciliation.findings import FindingAlert, Findings
from phoenix.application.watch.findings import RecordedFindings
from phoenix.ports.broker_reader import BrokerReader

PACKAGE = Path(phoenix.application.reconciliation.__file__).parent
ALLOWED = (
    "phoenix.application.reconciliation", "phoenix.domain", "phoenix.ports.answers", "phoenix.ports.broker_events",
    "phoenix.ports.broker_facts", "phoenix.ports.broker_reader", "phoenix.ports.calendar",
)  # fmt: skip
CACHE = "--cache-dir=.mypy_cache"

GOOD = """\
from datetime import datetime
from phoenix.application.reconciliation.findings import Findings
from phoenix.ports.broker import Broker
from phoenix.ports.broker_reader import BrokerReader

async def look(reader: BrokerReader, findings: Findings, broker: Broker) -> None:
    await reader.holdings()
    as_reader: BrokerReader = broker
    await as_reader.executions()
"""
FORBIDDEN = (
    "await reader.submit(None, None)", "await reader.place(None)", "await reader.cancel('r', 1, None)",
    "await reader.connect()", "await reader.disconnect()", "findings.record(None)", "findings.then(None)",
    "findings.set_kill_flag(None, '')", "findings.work", "findings._work",
)  # fmt: skip


def imported() -> set[str]:
    names: set[str] = set()
    for path in PACKAGE.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                names.add(node.module)
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
    return names


def test_it_imports_no_way_to_act() -> None:
    ours = {name for name in imported() if name.startswith("phoenix")}
    assert ours
    assert {name for name in ours if not name.startswith(ALLOWED)} == set()


def test_its_reader_has_queries_and_nothing_else() -> None:
    offered = {name for name in vars(BrokerReader) if not name.startswith("_")}
    assert offered == {
        "open_orders", "completed_orders", "executions", "holdings", "profit_and_loss", "account", "quote",
    }  # fmt: skip


def test_its_findings_are_runs_drifts_and_alerts_and_nothing_else() -> None:
    for interface in (Findings, RecordedFindings):
        assert {name for name in vars(interface) if not name.startswith("_")} == {"run", "drift", "alert"}
    assert {kind.value for kind in FindingAlert} == {"DRIFT_FOUND", "PNL_DRIFT", "BOOKS_UNKNOWN"}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the type checker says of each line, put into a function that holds a reader and findings."""
    folder = tmp_path_factory.mktemp("types")
    for number, line in enumerate(("pass", *FORBIDDEN)):
        (folder / f"line{number}.py").write_text(f"{GOOD}    {line}\n")
    report, errors, _ = api.run(["--strict", CACHE, *(str(path) for path in sorted(folder.glob("*.py")))])
    assert not errors, errors
    return {
        line: "\n".join(said for said in report.splitlines() if f"line{number}.py:" in said)
        for number, line in enumerate(("pass", *FORBIDDEN))
    }


def test_a_reader_and_findings_type_check_and_every_broker_can_be_read(verdicts: dict[str, str]) -> None:
    assert verdicts["pass"] == ""


@pytest.mark.parametrize("line", FORBIDDEN)
def test_the_type_checker_refuses_to_let_it_act(verdicts: dict[str, str], line: str) -> None:
    assert "attr-defined" in verdicts[line], verdicts
