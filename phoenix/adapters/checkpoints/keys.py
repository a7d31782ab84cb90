"""The Ed25519 keys that sign checkpoints: the private one in a file for its owner only, the public one as text.

What reads and writes key files takes a while to import; whoever only verifies does without.
"""

from __future__ import annotations

import os
import stat
from os import PathLike

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from phoenix.adapters.files import read_file
from phoenix.ports.errors import ConfigurationError

_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO
WAY_OUT = (
    "Restore the key from a backup. Where it is lost for good, phoenix init DIRECTORY makes another pair elsewhere: "
    "copy that checkpoint.key here and that checkpoints.public_key into this configuration, move the old checkpoints "
    "file away, and sign anew with phoenix checkpoint"
)
"""What to do about a private key that is not the one it should be, or is gone."""


def make_key(path: str | PathLike[str]) -> str:
    """Write a new private key, mode 600, and return its public key, 64 hexadecimal digits, for the configuration.

    Raises ConfigurationError when something is there already.
    """
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigurationError(
            f"{os.fspath(path)}: no key was written ({error.strerror}). Give a new path"
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    return public_text(private)


def load_private_key(path: str | PathLike[str]) -> Ed25519PrivateKey:
    """The private key of a file. Raises ConfigurationError when others may read it, or it is none."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        content = read_file(path)
        if os.stat(path).st_mode & _FOR_OTHERS:
            raise ConfigurationError(
                f"{os.fspath(path)}: others can read this key; it was not used. chmod 600 it, then phoenix doctor"
            )
        key = load_pem_private_key(content, password=None)
    except OSError as error:
        raise ConfigurationError(
            f"{os.fspath(path)}: no private key could be read ({error.strerror}). {WAY_OUT}"
        ) from error
    except (ValueError, TypeError) as error:
        raise ConfigurationError(f"{os.fspath(path)}: no private key could be read from it. {WAY_OUT}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(f"{os.fspath(path)}: this is not an Ed25519 key. {WAY_OUT}")
    return key


def load_public_key(text: str) -> Ed25519PublicKey:
    """The public key of 64 hexadecimal digits. Raises ConfigurationError."""
    try:
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(text))
    except ValueError as error:
        raise ConfigurationError(
            f"public key: {text!r} is not 64 hexadecimal digits. Copy it from where it was made"
        ) from error


def public_text(private: Ed25519PrivateKey) -> str:
    """The public half of a key, as it stands in the configuration."""
    return private.public_key().public_bytes_raw().hex()
