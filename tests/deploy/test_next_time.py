"""When the weekly job of a container begins."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from deploy.next_time import seconds_until

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (datetime(2026, 11, 26, 10, 59, tzinfo=LONDON), 60),
        (datetime(2026, 11, 26, 11, 0, tzinfo=LONDON), 7 * 86400),
        (datetime(2026, 11, 27, 11, 0, tzinfo=LONDON), 6 * 86400),
        # Clocks go back on 25 October: a week between has an hour more.
        (datetime(2026, 10, 22, 11, 0, tzinfo=LONDON), 7 * 86400 + 3600),
        (datetime(2026, 3, 26, 11, 0, tzinfo=LONDON), 7 * 86400 - 3600),
        # A machine whose clock shows UTC: eleven in London is ten there in summer.
        (datetime(2026, 7, 2, 9, 30, tzinfo=UTC), 1800),
    ],
)
def test_the_next_thursday_at_eleven_by_the_clocks_of_london(now, seconds):
    assert seconds_until(now, "Thursday", "11:00") == seconds


@pytest.mark.parametrize(
    ("day", "time", "said"), [("Thirsday", "11:00", "is no weekday"), ("Friday", "25:00", "no time")]
)
def test_what_is_no_day_or_time_is_named(day, time, said):
    with pytest.raises(ValueError, match=said):
        seconds_until(datetime(2026, 1, 1, tzinfo=LONDON), day, time)
