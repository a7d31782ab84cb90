"""The library itself. Nothing else imports it."""

from __future__ import annotations

from ibapi.client import EClient
from ibapi.common import MAX_MSG_LEN
from ibapi.connection import Connection
from ibapi.contract import Contract
from ibapi.decoder import Decoder
from ibapi.execution import ExecutionFilter
from ibapi.order import Order
from ibapi.reader import EReader
from ibapi.server_versions import MAX_CLIENT_VER, MIN_CLIENT_VER
from ibapi.utils import BadMessage

__all__ = [
    "MAX_CLIENT_VER",
    "MAX_MSG_LEN",
    "MIN_CLIENT_VER",
    "BadMessage",
    "Connection",
    "Contract",
    "Decoder",
    "EClient",
    "EReader",
    "ExecutionFilter",
    "Order",
]
