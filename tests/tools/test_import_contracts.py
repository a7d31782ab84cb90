"""Each contract of importlinter.ini breaks on a deliberate violation, and holds on a lawful tree of the same shape."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest

CONTRACTS = Path(__file__).parents[2] / "importlinter.ini"
# `$` before a vendor's name is taken out on writing; without it this file would itself break INV-IBKR-MOCK-1.
MOCK = "phoenix/adapters/brokers/chaos_mock/__init__.py"
LAWFUL = {
    "phoenix/domain/encoding.py": "import orjson",
    "phoenix/ports/store.py": "from phoenix.domain import encoding",
    "phoenix/application/entry.py": "from phoenix.ports import store",
    "phoenix/application/effects.py": "",
    "phoenix/application/kernel.py": "from phoenix.ports import store",
    "phoenix/application/work.py": "from phoenix.application import reconciliation",
    "phoenix/application/reconciliation/__init__.py": "from phoenix.ports import broker_reader",
    "phoenix/ports/broker.py": "from phoenix.ports import broker_reader",
    "phoenix/ports/broker_reader.py": "",
    "phoenix/ports/claims.py": "",
    "phoenix/adapters/store/__init__.py": "import sqlalchemy\nfrom phoenix.ports import store",
    "phoenix/adapters/yaml_notation.py": "import yaml",
    "phoenix/adapters/alerts/courier.py": "import stamina\nimport apprise",
    MOCK: "from phoenix.ports import store",
    "phoenix/adapters/brokers/ib_insync/library.py": "import $ib_insync\nimport $ib_async",
    "phoenix/adapters/brokers/ib_insync/session.py": "from phoenix.adapters.brokers.ib_insync import library",
    "phoenix/adapters/brokers/ibapi/session.py": "from $ibapi.client import EClient",
    "phoenix/history_check/__init__.py": "import json",
    "phoenix/config/__init__.py": "import pydantic_settings",
    "phoenix/container/__init__.py": "import dependency_injector\nfrom phoenix.adapters import store",
    "phoenix/cli/main.py": "import typer\nfrom phoenix import container, history_check",
    "phoenix/testing/plugin.py": "import pytest\nfrom phoenix import container",
    "tests/test_entry.py": "from phoenix.cli import main\nfrom phoenix.testing import plugin",
    "tools/soak.py": "from phoenix.cli import main",
    "tools/probes/driver.py": "import $ibapi\nimport $ib_insync\nfrom phoenix.adapters.brokers.ibapi import session",
    "benchmarks/restart.py": "from phoenix.cli import main",
}
BROKEN = [
    ("layers", "phoenix/domain/encoding.py", "from phoenix.application import entry"),
    ("layers", "phoenix/application/entry.py", "from phoenix.adapters import store"),
    ("layers", "phoenix/adapters/store/__init__.py", "from phoenix import container"),
    ("layers", "phoenix/governance.py", ""),
    ("layers", "phoenix/cli/main.py", "from phoenix.testing import plugin"),
    ("layers", "phoenix/history_check/__init__.py", "from phoenix.domain import encoding"),
    ("core-without-frameworks", "phoenix/application/entry.py", "from pydantic import BaseModel"),
    ("bytes-in-one-place", "phoenix/domain/anchor.py", "import orjson"),
    ("yaml-has-one-home", "phoenix/adapters/store/__init__.py", "import yaml"),
    ("deterministic-domain", "phoenix/domain/encoding.py", "import asyncio"),
    ("deterministic-application", "phoenix/application/entry.py", "import logging"),
    ("ib-insync-has-one-home", "phoenix/adapters/store/__init__.py", "import $ib_async"),
    ("ib-insync-has-one-home", "tests/test_entry.py", "import $ib_insync"),
    ("ib-insync-has-one-home", "phoenix/cli/main.py", "from $ib_insync import IB"),
    ("ibapi-has-one-home", "phoenix/adapters/brokers/ib_insync/session.py", "import $ibapi.client"),
    ("ibapi-has-one-home", "phoenix/application/entry.py", "from $ibapi import client"),
    ("ibapi-has-one-home", "tools/soak.py", "import $ibapi"),
    ("eventkit-has-no-importer", "phoenix/adapters/brokers/ib_insync/session.py", "import $eventkit"),
    ("ibkr-adapters-are-loaded-by-name", "phoenix/cli/main.py", "from phoenix.adapters.brokers.ibapi import session"),
    ("probes-are-run-not-imported", "tests/test_entry.py", "from tools.probes import driver"),
    ("probes-are-run-not-imported", "tools/soak.py", "from tools.probes import driver"),
    ("tools-without-vendors", "benchmarks/restart.py", "import $ib_async"),
    ("tools-without-vendors", "tools/soak.py", "from phoenix.adapters.brokers.ib_insync import session"),
    ("core-without-vendors", "phoenix/ports/store.py", "import $ib_async"),
    ("tests-without-vendors", "tests/test_entry.py", "import $ib_insync"),
    ("tests-without-vendors", "tests/test_entry.py", "from phoenix.adapters.brokers.ibapi import session"),
    ("tests-without-vendors", "phoenix/testing/plugin.py", "import $ibapi"),
    ("broker-independence", MOCK, "from phoenix.adapters.brokers import ibapi"),
    ("apprise-has-one-home", "phoenix/adapters/store/__init__.py", "import apprise"),
    ("apprise-has-one-home", MOCK, "import stamina"),
    ("frameworks-at-home", "phoenix/application/entry.py", "import dependency_injector"),
    ("test-frameworks-at-home", "phoenix/cli/main.py", "import pytest_bdd"),
    ("history-check-stays-outside", "phoenix/application/entry.py", "from phoenix import history_check"),
    ("reconciliation-only-looks", "phoenix/application/reconciliation/__init__.py", "from phoenix.ports import broker"),
    ("reconciliation-only-looks", "phoenix/ports/broker_reader.py", "from phoenix.ports import store"),
]


def lint(root: Path, *changes: tuple[str, str]) -> subprocess.CompletedProcess[str]:
    for path, text in (*LAWFUL.items(), *changes):
        _write(root, path, text)
    command = [str(Path(sys.executable).parent / "lint-imports"), "--config", str(CONTRACTS), "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)


def _write(root: Path, path: str, text: str) -> None:
    target = root / path
    target.parent.mkdir(parents=True, exist_ok=True)
    for folder in (target.parent, *target.parent.relative_to(root).parents):
        if folder != Path():
            (root / folder / "__init__.py").touch()
    target.write_text(text.replace("$", ""), encoding="utf-8")


def name_of(contract: str) -> str:
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS, encoding="utf-8")
    return parser[f"importlinter:contract:{contract}"]["name"]


def test_a_lawful_tree_keeps_every_contract(tmp_path: Path) -> None:
    result = lint(tmp_path)
    assert result.returncode == 0, result.stdout
    assert ", 0 broken" in result.stdout


@pytest.mark.parametrize(("contract", "path", "text"), BROKEN)
def test_a_deliberate_violation_breaks_its_contract(contract: str, path: str, text: str, tmp_path: Path) -> None:
    result = lint(tmp_path, (path, text))
    assert result.returncode == 1
    broken = " ".join(result.stdout.partition("Broken contracts")[2].split())
    assert name_of(contract) in broken, result.stdout


def test_every_contract_has_a_deliberate_violation() -> None:
    parser = configparser.ConfigParser()
    parser.read(CONTRACTS, encoding="utf-8")
    written = {section.rpartition(":")[2] for section in parser.sections() if ":contract:" in section}
    assert written == {contract for contract, _, _ in BROKEN}
