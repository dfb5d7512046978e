"""Seconds until a weekday and time in London: ``python next_time.py Thursday 11:00``."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def seconds_until(now: datetime, day: str, time: str) -> int:
    """Return the seconds from ``now``, with its zone, to the next such day and time by the clocks of London.

    Raises
    ------
    ValueError
        The day or the time is none.
    """
    if day.capitalize() not in DAYS:
        raise ValueError(f"{day!r} is no weekday; write one of {', '.join(DAYS)}")
    try:
        hour, minute = map(int, time.split(":"))
        here = now.astimezone(LONDON)
        due = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    except ValueError:
        raise ValueError(f"{time!r} is no time; write hours and minutes, such as 11:00") from None
    due += timedelta(days=(DAYS.index(day.capitalize()) - due.weekday()) % 7)
    if due <= here:
        due += timedelta(days=7)
    # Through UTC: two times of one zone are else subtracted as clocks show them, an hour wrong when they change.
    return round((due.astimezone(ZoneInfo("UTC")) - now.astimezone(ZoneInfo("UTC"))).total_seconds())


if __name__ == "__main__":
    try:
        print(seconds_until(datetime.now(LONDON), *sys.argv[1:3]))
    except (TypeError, ValueError) as error:
        sys.exit(str(error))
