"""Signing JSON documents with the home's Ed25519 key, and telling those that were signed with it from all others."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

from cryptography.exceptions import InvalidSignature

from phoenix.adapters.checkpoints.keys import WAY_OUT, load_private_key, load_public_key, public_text
from phoenix.domain.encoding import Json, canonical_bytes
from phoenix.domain.errors import PhoenixError
from phoenix.ports.errors import ConfigurationError

_SIGNATURE = "signature"


class NotSigned(PhoenixError):
    """A document bears no signature of the configured key."""


class Signatures:
    """Signs with the private key, where there is one, and verifies with the public key."""

    def __init__(self, private_key_path: str | PathLike[str] | None, public_key: str) -> None:
        self._public = load_public_key(public_key)
        self._private = None if private_key_path is None else load_private_key(private_key_path)
        if self._private is not None and public_text(self._private) != public_key.lower():
            raise ConfigurationError(
                f"{private_key_path}: this is not the private key of checkpoints.public_key. {WAY_OUT}"
            )

    def signed(self, document: Mapping[str, Json]) -> bytes:
        """The canonical bytes of a document with its signature. Raises ConfigurationError without the private key."""
        if self._private is None:
            raise ConfigurationError("checkpoints: there is no private key, so nothing is signed. Configure its path")
        signature = self._private.sign(canonical_bytes(document))
        return canonical_bytes({**document, _SIGNATURE: signature.hex()})

    def verified(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """What was signed of a document. Raises NotSigned."""
        content = dict(document)
        try:
            self._public.verify(bytes.fromhex(content.pop(_SIGNATURE)), canonical_bytes(content))
        except (KeyError, ValueError, TypeError, PhoenixError, InvalidSignature) as error:
            raise NotSigned("its signature is not that of the configured key") from error
        return content
