"""python -m tools.soak_virtual [--lifecycles 2000] [--seed 1] [--mode ADVERSARIAL] [--adapter chaos_mock]

A soak in virtual time, in this process; with ib_insync or ibapi, over sockets to a gateway simulator. Ends with code 1
where an invariant is broken, the books differ or something is left open that nothing explains.
"""

from __future__ import annotations

import argparse
import sys
import time

from phoenix.adapters.simulation.chaos import ChaosMode
from phoenix.adapters.wired import WireOptions
from phoenix.bunny.soaking import SoakResult, worlds

IN_PROCESS = "chaos_mock"


def main() -> int:
    arguments = _arguments()
    began = time.monotonic()
    lived, failed = 0, 0
    wire = None if arguments.adapter == IN_PROCESS else WireOptions(arguments.adapter)
    for result in worlds(arguments.seed, arguments.mode, arguments.lifecycles, wire):
        lived += result.lifecycles
        failed += not result.ok
        print("\n".join(report_lines(result, lived)), flush=True)
    took_s = time.monotonic() - began
    verdict = f"{failed} worlds FAILED" if failed else "OK"
    print(f"Seed {arguments.seed}, mode {arguments.mode}: {lived} lifecycles, {verdict}")
    print(f"{took_s:.1f} s, {1000 * took_s / lived:.1f} ms a lifecycle")
    return 1 if failed else 0


def report_lines(result: SoakResult, lived: int) -> list[str]:
    """One world of the soak for people; all that is known of it where it failed."""
    orders, executions = (result.ended.get(kind, 0) for kind in ("ORDER_RECEIVED", "EXECUTION"))
    head = f"{lived:6} lifecycles: {result.history.beads} beads, {orders} orders, {executions} executions"
    if result.ok:
        return [f"{head}, OK"]
    acts = ", ".join(f"{count} {name}" for name, count in result.acts.items())
    return [
        f"{head}, FAILED", f"acts: {acts}", *(f"unexplained: {one}" for one in result.unexplained),
        result.history.text(),
    ]  # fmt: skip


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.soak_virtual", description=__doc__)
    parser.add_argument("--lifecycles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", type=ChaosMode, choices=list(ChaosMode), default=ChaosMode.ADVERSARIAL)
    parser.add_argument("--adapter", choices=[IN_PROCESS, "ib_insync", "ibapi"], default=IN_PROCESS)
    arguments = parser.parse_args()
    if arguments.lifecycles < 1:
        parser.error("--lifecycles: must be 1 or more")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
