"""python -m tools.soak_virtual [--lifecycles 3000] [--seed 1] [--mode ADVERSARIAL]

A soak in virtual time, in this process. Ends with code 1 where an invariant is broken, the books differ or something is
left open that nothing explains.
"""

from __future__ import annotations

import argparse
import sys
import time

from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.bunny.soaking import Soak, SoakResult


def main() -> int:
    arguments = _arguments()
    began = time.monotonic()
    soak = Soak(arguments.seed, arguments.mode)
    soak.live(arguments.lifecycles)
    lived_s = time.monotonic() - began
    result = soak.conclude()
    print("\n".join(report_lines(result, f"seed {arguments.seed}, mode {arguments.mode}")))
    print(f"{lived_s:.1f} s, {1000 * lived_s / result.lifecycles:.1f} ms a lifecycle")
    return 0 if result.ok else 1


def report_lines(result: SoakResult, what: str) -> list[str]:
    """The soak for people."""
    return [
        f"Soak of {result.lifecycles} lifecycles, {what}: {'OK' if result.ok else 'FAILED'}",
        f"acts: {', '.join(f'{count} {name}' for name, count in result.acts.items())}; {result.refused} refused",
        f"at the broker: {', '.join(f'{count} {kind}' for kind, count in result.ended.items())}",
        *(f"unexplained: {one}" for one in result.unexplained),
        result.history.text(),
    ]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.soak_virtual", description=__doc__)
    parser.add_argument("--lifecycles", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", type=ChaosMode, choices=list(ChaosMode), default=ChaosMode.ADVERSARIAL)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
