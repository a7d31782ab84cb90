"""Drives the gateway simulator with a bare client library, as its users do, and says where it is not what they expect.

    python -m tools.probes.bare ib_insync|ibapi|ib_async

Exit code 1 on any difference, 2 when the library is not named or not installed.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tools.directing import GatewayProcess
from tools.probes import bare_ibapi, bare_insync
from tools.probes.checks import Checks

LIBRARIES = ("ib_insync", "ibapi", "ib_async")


def main(arguments: Sequence[str]) -> int:
    """Prints a line for each expectation. Returns the exit code."""
    if len(arguments) != 1 or arguments[0] not in LIBRARIES:
        print(f"Name one of {', '.join(LIBRARIES)}", file=sys.stderr)
        return 2
    checks = Checks()
    try:
        with GatewayProcess() as gateway:
            if arguments[0] == "ibapi":
                bare_ibapi.probe(gateway, checks)
            else:
                bare_insync.probe(arguments[0], gateway, checks)
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed: nothing can be held against it", file=sys.stderr)
        return 2
    print(f"{arguments[0]}: {checks.checked} expectations, {checks.differences} differences")
    return 1 if checks.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
