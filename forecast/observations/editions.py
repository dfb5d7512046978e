"""What the name of a source says: the date of its edition, and whether its rows were summed by a compiler."""

from __future__ import annotations

import calendar
import re
from datetime import date

import pandas as pd

_STATED = re.compile(r"\b(?:published|revised|retrieved)[ _-](\d{4}-\d{2}-\d{2})")
_PUBLICATION = re.compile(r"publication[ _-](\d{4}-\d{2}-\d{2})")
_WEEKLY_REPORT = re.compile(r"report[ _-](\d{4})[ _-]?w(\d{2})\b", re.IGNORECASE)
_MONTH = re.compile(r"\bapi[ _-](\d{4})-(\d{2})$")
_SUMMED = re.compile(r"\bsum[-_ ](?:of|over)\b|-sum-of-", re.IGNORECASE)
_THURSDAY = 4


def edition_date(source: str) -> pd.Timestamp | None:
    """Day on which the edition that a source names came out; None where it names none.

    A weekly surveillance report comes out on the Thursday of its ISO week; of a month, the last day is taken, since
    too late a date cannot leak a value into a back test.

    >>> edition_date("ukhsa-weekly-report-2022w01")
    Timestamp('2022-01-06 00:00:00')
    """
    try:
        if days := _STATED.findall(source) or _PUBLICATION.findall(source):
            return max(pd.Timestamp(day) for day in days)
        if week := _WEEKLY_REPORT.search(source):
            return pd.Timestamp(date.fromisocalendar(int(week[1]), int(week[2]), _THURSDAY))
        if month := _MONTH.search(source):
            year, number = int(month[1]), int(month[2])
            return pd.Timestamp(year, number, calendar.monthrange(year, number)[1])
    except ValueError:
        return None
    return None


def marked(source: str) -> str:
    """The source, marked as an estimate where it says that its rows are sums made by a compiler."""
    if source.startswith("estimate:") or not _SUMMED.search(source):
        return source
    return f"estimate: {source}"
