"""The evidence of a signal in words. What it holds is the source's own affair, so every shape is put up with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phoenix.domain.encoding import Json

NOT_GIVEN = "not given by the source"
_KNOWN = ("quality", "htf", "ltf", "red_checks")
_PLAIN = ("timeframe", "bias", "setup")


@dataclass(frozen=True, slots=True)
class RedCheck:
    """A check of the source's own. `passed` is None where it doesn't say."""

    name: str
    passed: bool | None
    detail: str


@dataclass(frozen=True, slots=True)
class SetupWords:
    """What a source says about its setup. `others` are the fields that have no place of their own."""

    score: str
    breakdown: str
    htf: str
    ltf: str
    red_checks: tuple[RedCheck, ...] | None
    others: tuple[tuple[str, str], ...]


def setup_words(evidence: Json) -> SetupWords:
    """The evidence of a signal as it is shown: failed checks first, nothing left out."""
    fields = evidence if isinstance(evidence, Mapping) else {}
    score, breakdown = _quality(fields.get("quality"))
    others = tuple((str(name), words(value)) for name, value in fields.items() if name not in _KNOWN)
    checks = fields.get("red_checks")
    return SetupWords(
        score, breakdown, _view(fields.get("htf")), _view(fields.get("ltf")),
        None if checks is None else _red_checks(checks), others,
    )  # fmt: skip


def words(value: Json) -> str:
    """Any JSON value on one line."""
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case Mapping():
            return ", ".join(f"{name} {words(item)}" for name, item in value.items()) or "nothing"
        case list() | tuple():
            return "; ".join(words(item) for item in value) or "nothing"
        case _:
            return str(value)


def _quality(quality: Json) -> tuple[str, str]:
    if quality is None:
        return NOT_GIVEN, ""
    if not isinstance(quality, Mapping):
        return words(quality), ""
    rest = {name: item for name, item in quality.items() if name not in ("score", "breakdown")}
    parts = [words(item) for item in (quality.get("breakdown"), rest or None) if item is not None]
    score = quality.get("score")
    return NOT_GIVEN if score is None else words(score), ", ".join(parts)


def _view(view: Json) -> str:
    """One timeframe's alignment: what it is, whether it is aligned, and everything else."""
    if view is None:
        return NOT_GIVEN
    if not isinstance(view, Mapping):
        return words(view)
    parts = [words(view[name]) for name in _PLAIN if name in view]
    if "aligned" in view:
        aligned = view["aligned"]
        parts.append({True: "aligned", False: "NOT ALIGNED"}[aligned] if isinstance(aligned, bool) else words(aligned))
    parts += [
        words(item) if name == "detail" else f"{name} {words(item)}"
        for name, item in view.items()
        if name not in (*_PLAIN, "aligned")
    ]
    return ", ".join(parts) or "nothing"


def _red_checks(checks: Json) -> tuple[RedCheck, ...]:
    if isinstance(checks, Mapping):
        found = [_named(str(name), check) for name, check in checks.items()]
    elif isinstance(checks, Sequence) and not isinstance(checks, str):
        found = [_check(check) for check in checks]
    else:
        found = [RedCheck(words(checks), None, "")]
    return tuple(sorted(found, key=lambda check: _ORDER[check.passed]))


_ORDER = {False: 0, None: 1, True: 2}


def _named(name: str, check: Json) -> RedCheck:
    return _check({"name": name, **check}) if isinstance(check, Mapping) else _check({"name": name, "passed": check})


def _check(check: Json) -> RedCheck:
    if not isinstance(check, Mapping):
        return RedCheck(words(check), None, "")
    passed = check.get("passed")
    rest = {name: item for name, item in check.items() if name not in ("name", "passed", "detail")}
    parts = [words(item) for item in (check.get("detail"), rest or None) if item is not None]
    if passed is not None and not isinstance(passed, bool):
        parts.insert(0, words(passed))
    return RedCheck(words(check.get("name", "unnamed")), passed if isinstance(passed, bool) else None, ", ".join(parts))
