"""The channels that alerts go out through, as they are configured: each an address that is never shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import SecretStr

from phoenix.domain.alerting.policy import ALL_CHANNELS, LOCAL_CHANNELS
from phoenix.ports.errors import ConfigurationError

NAMES = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
"""Places in an address where a secret is filled in, by its name."""
HIDDEN = "***"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,30}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def require_channel_names(channels: Mapping[str, SecretStr]) -> None:
    """Raises ValueError for a name that a channel cannot have, and for an address without a scheme."""
    for name, address in channels.items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"a channel's name is lower-case letters, digits, - and _, not {name!r}")
        if name in (*LOCAL_CHANNELS, ALL_CHANNELS):
            raise ValueError(f"the name {name!r} means something else already")
        if shown_address(address.get_secret_value()) == HIDDEN:
            raise ValueError(f"the address of {name} begins with the scheme of a service, such as json:// or tgram://")


def shown_address(address: str) -> str:
    """What may be seen of an address: its scheme, or the name of the secret that it is as a whole."""
    if NAMES.fullmatch(address):
        return address
    scheme = _SCHEME.match(address)
    return HIDDEN if scheme is None else f"{scheme[0]}{HIDDEN}"


def filled_in(name: str, address: str, secrets: Mapping[str, str]) -> str:
    """An address with its secrets. Raises ConfigurationError, naming the secret that is missing."""
    missing = [found for found in NAMES.findall(address) if found not in secrets]
    if missing:
        raise ConfigurationError(
            f"alerts.channels.{name}: there is no secret {missing[0]}. Set the variable of that name, or put it into "
            "the file that alerts.secrets names"
        )
    return NAMES.sub(lambda found: secrets[found[1]], address)
