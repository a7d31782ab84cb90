"""Who sits at the terminal."""

from __future__ import annotations

import getpass

from phoenix.domain.beads.envelope import Signer
from phoenix.domain.vocabulary import SignerKind


def person() -> Signer:
    """The operating system's user, as a human who acts at a terminal.

    It names who acted; it proves nothing, which is why a typed approval counts on a simulated account only.
    """
    return Signer(SignerKind.HUMAN, f"{getpass.getuser()} at a terminal")
