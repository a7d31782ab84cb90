"""Binds the rules on the executor's heart and its workers."""

from __future__ import annotations

from pytest_bdd import scenarios

from tests.specs.steps.heartbeat import *  # noqa: F403

scenarios("heartbeat.feature")
