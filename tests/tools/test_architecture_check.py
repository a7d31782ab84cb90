"""Each rule of the architecture check finds a deliberate violation, and lets its lawful neighbour pass."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.architecture.check import Violation, check, check_source
from tools.architecture.rules import RULES, VENDORS
from tools.architecture.source import Source

CORE = "phoenix/domain/sizing.py"
TEST = "tests/domain/test_sizing.py"

# `$` before a vendor's name is taken out later; without it this file would break the very rules it tests.
BROKEN = [
    ("vendor-import", TEST, "import $ib_insync"),
    ("vendor-import", "conftest.py", "from $ib_insync.client import Thing"),
    ("vendor-import", "phoenix/adapters/brokers/chaos_mock/book.py", "def f():\n    import $ib_insync.wrapper as w"),
    ("vendor-import", "tools/make_sample.py", "import $ib_insync"),
    ("dynamic-import", TEST, "import importlib\nimportlib.import_module('$ib_insync.client')"),
    ("dynamic-import", TEST, "from importlib import import_module as load\nload(name)"),
    ("dynamic-import", TEST, "__import__('$ib_insync')"),
    ("dynamic-import", TEST, "import pytest\npytest.importorskip('$ib_insync')"),
    ("dynamic-import", TEST, "exec('import $ib_insync')"),
    ("dynamic-import", TEST, "import runpy\nrunpy.run_module(name)"),
    ("dynamic-import", "phoenix/application/work.py", "import importlib\nimportlib.import_module(name)"),
    ("hidden-vendor-import", TEST, "run([python, '-c', 'from $ib_insync import IB'])"),
    ("hidden-vendor-import", TEST, "run(['sh', '-c', 'python -c \"import os, $ib_insync\"'])"),
    ("hidden-vendor-import", TEST, "PROGRAM = '''\nimport os; import $ib_insync\n'''"),
    ("clock", CORE, "from datetime import datetime as dt\ndt.now(zone)"),
    ("clock", CORE, "import datetime\ndatetime.datetime.utcnow()"),
    ("clock", CORE, "from datetime import date\nfield(default_factory=date.today)"),
    ("clock", CORE, "from time import monotonic"),
    ("clock", "phoenix/ports/clock.py", "import time as t\nt.time()"),
    ("chance", CORE, "import random"),
    ("chance", CORE, "import uuid\nuuid.uuid4()"),
    ("chance", "phoenix/application/work.py", "from uuid import uuid1 as new_id\nnew_id()"),
    ("chance", CORE, "from secrets import token_hex"),
    ("chance", CORE, "hash('GBPUSD')"),
    ("outside-world", CORE, "import os\nos.environ['X']"),
    ("outside-world", CORE, "open('signals.json')"),
    ("outside-world", CORE, "print('hello')"),
    ("outside-world", CORE, "import threading"),
    ("outside-world", CORE, "def f():\n    global book\n    book = 1"),
    ("broad-except", "phoenix/adapters/store/sql.py", "try:\n    f()\nexcept Exception:\n    pass"),
    ("broad-except", "phoenix/cli/commands/replay.py", "try:\n    f()\nexcept:\n    pass"),
    ("broad-except", CORE, "try:\n    f()\nexcept (ValueError, BaseException) as error:\n    log(error)"),
    ("broad-except", CORE, "import contextlib\nwith contextlib.suppress(Exception):\n    f()"),
    ("empty-assert", TEST, "assert True"),
    ("empty-assert", TEST, "assert found or True"),
    ("empty-assert", TEST, "assert (found, 'message')"),
    ("skip", TEST, "import pytest\n@pytest.mark.skipif(cond, reason='x')\ndef test_a(): ..."),
    ("skip", TEST, "from pytest import skip\nskip('later')"),
    ("skip", TEST, "import pytest\npytestmark = pytest.mark.xfail"),
    ("sleep", TEST, "import time\ntime.sleep(1)"),
    ("sleep", "phoenix/adapters/brokers/chaos_mock/book.py", "import asyncio\nasyncio.sleep(0.1)"),
    ("unguarded-child", TEST, "import subprocess\nsubprocess.run(command, env={'TZ': 'UTC'})"),
    ("unguarded-child", TEST, "environment = {'HOME': home, 'PYTHONPA' 'TH': root}\nrun(command, env=environment)"),
    ("unguarded-child", TEST, "def test_it(monkeypatch):\n    monkeypatch.delenv('PYTHONPA' 'TH')"),
    ("unguarded-child", TEST, "import sys\nrun([sys.executable, '-I', '-c', program])"),
    ("unguarded-child", TEST, "import sys\nstart(sys.executable, '-W', 'error', '-uS', 'program.py')"),
    ("unguarded-child", TEST, "run(['bash', '-c', 'pyth' 'on3 -W error -Im phoenix'])"),
    ("real-port", TEST, "import socket\nsocket.create_connection(('127.0.0.1', 4002))"),
    ("real-port", TEST, "client.connect('127.0.0.1', port=7496)"),
]

LAWFUL = [
    ("phoenix/adapters/brokers/ibapi/client.py", "from $ibapi.client import EClient"),
    ("phoenix/adapters/brokers/loader.py", "import importlib\nimportlib.import_module(name)"),
    ("phoenix/adapters/clock.py", "from datetime import UTC, datetime\ndatetime.now(UTC)"),
    ("phoenix/cli/main.py", "try:\n    f()\nexcept Exception:\n    report()"),
    (CORE, "from datetime import UTC, datetime\nfrom uuid import UUID\ndatetime.fromtimestamp(0, UTC)\nbar.open"),
    (CORE, "def f(now, clock):\n    return clock.now()"),
    (CORE, "try:\n    f()\nexcept (ValueError, KeyError):\n    pass"),
    ("phoenix/adapters/store/sql.py", "try:\n    f()\nexcept BaseException:\n    rollback()\n    raise"),
    (TEST, "run('from phoenix.adapters.brokers import $ibapi')"),
    (TEST, "assert config.broker == 'ib_insync'\nassert settings(port=4002).mode is PAPER"),
    (TEST, "import asyncio\nasyncio.sleep(0)"),
    (
        TEST,
        "import sys\nrun([sys.executable, '-W', 'error', '-m', 'x'], env=children.environment(TZ='UTC'))",
    ),
    (TEST, "run(['bash', '-c', 'python -m phoenix --EIS'])"),
    (TEST, "assert sizes == (1, 2) and not found"),
]


def violations_in(path: str, text: str) -> list[Violation]:
    return list(check_source(Source(path, ast.parse(text))))


@pytest.mark.parametrize(("rule", "path", "text"), BROKEN)
def test_a_deliberate_violation_is_found_at_its_line(rule: str, path: str, text: str) -> None:
    found = violations_in(path, text.replace("$", ""))
    assert rule in {violation.rule for violation in found}
    assert all(1 <= violation.line <= text.count("\n") + 1 for violation in found)


@pytest.mark.parametrize("vendor", sorted(VENDORS))
def test_every_ibkr_library_is_known(vendor: str) -> None:
    assert [found.rule for found in violations_in(TEST, f"import {vendor}")] == ["vendor-import"]


@pytest.mark.parametrize(("path", "text"), LAWFUL)
def test_lawful_code_passes(path: str, text: str) -> None:
    assert violations_in(path, text.replace("$", "")) == []


def test_every_rule_has_a_deliberate_violation() -> None:
    assert {rule.name for rule in RULES} == {rule for rule, _, _ in BROKEN}


def test_a_violation_reads_as_place_fault_and_remedy() -> None:
    [violation] = violations_in(CORE, "x = 1\nprint(x)")
    place, fault = "phoenix/domain/sizing.py:2", "print() touches the world outside"
    assert str(violation) == f"{place}: [outside-world] {fault}; do it in an adapter, behind a port"


def test_a_folder_that_the_linter_would_pass_by_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "domain"
    folder.mkdir(parents=True)
    (tmp_path / "tests" / "__init__.py").touch()
    (folder / "test_a.py").touch()
    assert [(found.path, found.rule) for found in check(tmp_path)] == [("tests/domain", "unseen")]


def test_files_at_the_root_and_in_every_source_folder_are_read(tmp_path: Path) -> None:
    places = ["conftest.py", "features/steps.py", "benchmarks/run.py", "tools/probe.py"]
    for place in places:
        (tmp_path / place).parent.mkdir(exist_ok=True)
        (tmp_path / place).write_text("import $eventkit".replace("$", ""), encoding="utf-8")
    assert sorted(found.path for found in check(tmp_path) if found.rule == "vendor-import") == sorted(places)
