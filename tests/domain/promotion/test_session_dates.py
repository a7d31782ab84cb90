"""Twenty sessions are twenty trading sessions: no day of a weekend counts as one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from phoenix.domain.errors import InvalidValue
from phoenix.domain.promotion.checks import check_session
from phoenix.rehearsal.performance import session

MONDAY = date(2026, 1, 5)
LATER = date(2026, 6, 1)


@pytest.mark.parametrize("days", range(5))
def test_a_session_ends_on_a_weekday(days: int) -> None:
    check_session(session(0, session_date=MONDAY + timedelta(days=days)), LATER)


@pytest.mark.parametrize("days", [5, 6])
def test_a_day_at_the_weekend_is_no_session(days: int) -> None:
    with pytest.raises(InvalidValue, match="weekend"):
        check_session(session(0, session_date=MONDAY + timedelta(days=days)), LATER)
