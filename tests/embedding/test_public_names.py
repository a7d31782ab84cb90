"""The public names: all there, cheap to import, typed."""

from __future__ import annotations

import subprocess
import sys
from importlib.resources import files

import pytest

import phoenix
import phoenix.embedding
from tests import children

HEAVY = {"alembic", "asyncio", "cryptography", "orjson", "pydantic", "sqlalchemy", "typer", "typing"}


def test_the_package_offers_exactly_the_names_of_its_public_api() -> None:
    assert sorted(phoenix.__all__) == sorted(phoenix.embedding.__all__)
    assert set(phoenix.__all__) <= set(dir(phoenix))
    for name in phoenix.__all__:
        assert getattr(phoenix, name) is getattr(phoenix.embedding, name)


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        getattr(phoenix, "nothing_of_the_kind")  # noqa: B009 - mypy would refuse the plain way, rightly


def test_importing_the_package_imports_nothing_heavy() -> None:
    program = "import sys; before = set(sys.modules); import phoenix; print(*set(sys.modules) - before)"
    run = subprocess.run(
        [sys.executable, "-c", program], env=children.environment(), capture_output=True, text=True, check=True
    )
    assert {name.partition(".")[0] for name in run.stdout.split()} & HEAVY == set()


def test_the_package_says_that_it_is_typed() -> None:
    assert files("phoenix").joinpath("py.typed").is_file()
