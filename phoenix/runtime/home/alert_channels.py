"""The channels of a home, with the secrets that belong to them, and the courier that serves them."""

from __future__ import annotations

import os
import stat
import tomllib
from collections.abc import Iterator
from pathlib import Path

from phoenix.adapters.alerts import AppriseChannel, FileChannel, LineChannel, ThreadCourier
from phoenix.config.channels import NAMES, filled_in
from phoenix.ports.alerts import AlertChannel
from phoenix.ports.errors import ConfigurationError
from phoenix.runtime.faults.points import FaultPoints
from phoenix.runtime.faults.wrappers import with_faults_in_alerts
from phoenix.runtime.home import Home
from phoenix.runtime.saying import Say

_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def courier_of(home: Home, say: Say, faults: FaultPoints) -> ThreadCourier:
    """A courier to the file, to whoever watches this process, and to every configured channel.

    Raises ConfigurationError for a secret that is missing, or that others can read.
    """
    channels: list[AlertChannel] = [FileChannel(home.alerts), LineChannel(say), *configured_channels(home)]
    return ThreadCourier(
        [with_faults_in_alerts(channel, faults) for channel in channels], home.settings.alerts.timeout_s
    )


def configured_channels(home: Home) -> Iterator[AlertChannel]:
    """The channels beyond this computer. Raises ConfigurationError."""
    addresses = {name: found.get_secret_value() for name, found in home.settings.alerts.channels.items()}
    secrets = _secrets(home.alert_secrets) if any(map(NAMES.search, addresses.values())) else {}
    for name, address in sorted(addresses.items()):
        yield AppriseChannel(name, filled_in(name, address, secrets))


def _secrets(file: Path) -> dict[str, str]:
    """Every secret by its name; a variable of the environment goes before the file, which need not be there."""
    return {**_of_file(file), **os.environ}


def _of_file(file: Path) -> dict[str, str]:
    try:
        mode, text = file.stat().st_mode, file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise ConfigurationError(
            f"{file}: cannot be read ({error.strerror}). Make it readable for its owner"
        ) from error
    if mode & _FOR_OTHERS:
        raise ConfigurationError(f"{file}: others than its owner can read these secrets. Run chmod 600 {file}")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f'{file}: is not TOML. Write NAME = "text", one to a line') from error
    if not all(isinstance(value, str) for value in found.values()):
        raise ConfigurationError(f'{file}: holds more than text. Write NAME = "text", one to a line')
    return found
