"""What a user of a library would expect, held against what was found; printed as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

_WIDTH = 62


@dataclass
class Checks:
    """One line for each expectation, printed as it is checked. `differences` counts what was found otherwise."""

    checked: int = 0
    differences: int = 0

    def equal(self, what: str, expected: object, found: object) -> None:
        """Whether something is as expected."""
        self._say(what, "" if found == expected else f"{found!r}, not {expected!r}")

    def holds(self, what: str, found: object, detail: object = "") -> None:
        """Whether something is so."""
        self._say(what, "" if found else f"no: {detail!r}"[:400])

    def includes(self, what: str, expected: Iterable[object], found: Iterable[object]) -> None:
        """Whether everything that is expected is among what was found."""
        among = list(found)
        missing = [one for one in expected if one not in among]
        self._say(what, f"{missing!r} missing from {among!r}"[:400] if missing else "")

    def raises(
        self, what: str, kind: type[BaseException] | tuple[type[BaseException], ...], act: Callable[[], object]
    ) -> None:
        """Whether something is refused with an exception."""
        try:
            act()
        except kind:
            self._say(what, "")
        else:
            self._say(what, f"no {kind!r} was raised")

    def _say(self, what: str, difference: str) -> None:
        self.checked += 1
        self.differences += bool(difference)
        print(f"{what:<{_WIDTH}}{'DIFFERS  ' + difference if difference else 'OK'}", flush=True)
