"""Why there is no session, and why a question got no answer: a sentence of cause and one of remedy for each.

The same sentences reach whoever reads an alert, the status or a checkup.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from phoenix.adapters.ibkr.guard import USUAL_PORTS, Objection
from phoenix.adapters.ibkr.line import LineFailed
from phoenix.adapters.ibkr.meanings import CLIENT_ID_IN_USE, READ_ONLY
from phoenix.adapters.ibkr.said import ErrorSaid
from phoenix.adapters.ibkr.settings import IbkrSettings
from phoenix.adapters.ibkr.words import words
from phoenix.ports.answers import Unknown
from phoenix.ports.errors import BrokerError, BrokerRefused, BrokerUnavailable

_API_SETTINGS = "in its API settings, enable socket clients and trust this machine's address"
_SUBSCRIBE = (
    "Subscribe to them at the broker, and share them with the paper account where this is one; entries need live prices"
)
_CAUSES: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(
            (354, 10089, 10090, 10168, 10186), ("this login has no subscription to live prices of it", _SUBSCRIBE)
        ),
        200: (
            "the broker knows no such contract",
            "Correct the instrument's symbol, security_type, exchange and currency",
        ),
        10197: (
            "another session of this login has the live prices",
            "Log that session out, or use a login for this gateway alone",
        ),
        100: ("the gateway finds that too many messages are sent", "Wait a minute; see docs/runbooks/RB-008-pacing.md"),
    }
)
"""What a coded refusal of a request comes from; the broker's own words stand behind it."""


def refusal(said: ErrorSaid) -> Unknown:
    """A request that was refused, with its cause where the code tells one."""
    their_words = f"error {said.code}, {words(said.text)}"
    if READ_ONLY in said.text.lower():
        return Unknown(
            f"the gateway's API is set to read-only: it takes no orders and tells of none ({their_words})",
            "Take the tick off Read-Only API in the API settings of TWS or IB Gateway",
        )
    if said.code not in _CAUSES:
        return Unknown(their_words)
    cause, remedy = _CAUSES[said.code]
    return Unknown(f"{cause} ({their_words})", remedy)


def delayed(pair: str) -> Unknown:
    """Prices that are minutes old."""
    return Unknown(f"{pair}: the gateway gives delayed prices only", _SUBSCRIBE)


def unknown(objection: Objection) -> Unknown:
    return Unknown(str(objection), objection.remedy)


def unanswering(silence: Unknown) -> BrokerUnavailable:
    """A session that was opened and says nothing then."""
    return BrokerUnavailable(
        f"the gateway connects and does not answer: {silence.reason}; nothing was sent",
        "Look at the gateway's own screen for a dialog, or start it again",
    )


def zone_missing(name: str, server_version: int) -> BrokerRefused:
    """A server whose times no configured zone makes instants of."""
    return BrokerRefused(
        f"a server of version {server_version} dates executions without a zone; the connection was closed again",
        f"Set broker.{name}.gateway_zone to the zone that the gateway runs in, such as America/New_York",
    )


def library_missing(name: str, error: ImportError) -> BrokerRefused:
    """A client library that does not load."""
    return BrokerRefused(
        f"the client library of {name} does not load: {error}; nothing was connected",
        "Install it where Phoenix is installed, or choose another broker.adapter",
    )


def connect_error(failure: LineFailed, name: str, settings: IbkrSettings) -> BrokerError:
    """What a failed connection means to whoever has to mend it."""
    place = f"{settings.host}:{settings.port}"
    detail = failure.detail.removeprefix(f"{place}: ")
    if failure.code == CLIENT_ID_IN_USE:
        return BrokerRefused(
            f"client id {settings.client_id} is in use at {place} ({detail})",
            f"End the other program, or give this one a broker.{name}.client_id of its own; the orders of an id can be "
            "cancelled by nobody else",
        )
    if failure.stage == "version":
        return BrokerRefused(f"the server at {place} is too old: {detail}", "Update TWS or IB Gateway")
    return _unavailable(failure, detail, place, f"broker.{name}.port")


def _unavailable(failure: LineFailed, detail: str, place: str, key: str) -> BrokerUnavailable:
    match failure.stage, failure.is_silent:
        case "connect", is_silent:
            return BrokerUnavailable(
                f"nothing {'answers' if is_silent else 'listens'} at {place} ({detail})",
                f"Start TWS or IB Gateway there and log in, or correct {key}: unless told otherwise, {USUAL_PORTS}; a "
                "simulator at none of these",
            )
        case "handshake", True:
            return BrokerUnavailable(
                f"what listens at {place} accepts the connection and says nothing ({detail})",
                f"Log in to the gateway there and close its open dialogs; {_API_SETTINGS}; or correct {key}, if it is "
                "another program's",
            )
        case "handshake", _:
            return BrokerUnavailable(
                f"what listens at {place} does not answer as a gateway ({detail})",
                f"Correct {key}, if it is another program's; else update the gateway, and {_API_SETTINGS}",
            )
        case _:
            return BrokerUnavailable(
                f"the gateway at {place} names no account or order id ({detail})",
                "Log in to it, close its open dialogs, and look whether the client id is in use",
            )
