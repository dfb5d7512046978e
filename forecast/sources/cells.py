"""What one cell of a published table means: words, a number, a date, or nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

Cell = str | float | int | bool | date | datetime | time | timedelta | None

# How NHS England writes "nothing was published here": suppressed, not available, not applicable, not submitted.
MISSING_MARKERS = frozenset({"", "-", "--", "*", "**", ":", ".", "..", "[x]", "[z]", "[c]", "[-]", "n/a", "na", "null"})

# Hyphens, figure, en and em dashes, the horizontal bar and the minus sign.
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212), "-")
_QUOTES = {ord("‘"): "'", ord("’"): "'", ord("“"): '"', ord("”"): '"', ord("\u00ad"): None, ord("\u200b"): None}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(r"^(mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)(?:day|nesday|sday|rsday|urday)?\b,?\s*")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]00:00(?::00)?)?$", re.ASCII)
_NUMERIC = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})$", re.ASCII)
_WORDS = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[-\s./]*([a-z]{3,9})\.?[-\s,./]*(\d{4}|\d{2})$", re.ASCII)
_NUMBER = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
# Where points part thousands, 1.234 is 1,234: a text that may be either is neither.
_AMBIGUOUS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_FIRST_SERIAL, _LAST_SERIAL = 36526, 73050
_SERIAL_EPOCH = date(1899, 12, 30)


def words(cell: Cell) -> str:
    """Text of a cell with spaces, dashes and quotes made plain, its case kept; numbers and dates give ``""``."""
    if not isinstance(cell, str):
        return ""
    if not cell.isascii():
        cell = unicodedata.normalize("NFKC", cell).translate(_DASHES).translate(_QUOTES)
    return " ".join(cell.split())


def folded(cell: Cell) -> str:
    """Text of a cell as ``words`` gives it, without case: for comparing headers."""
    return words(cell).casefold()


def is_missing(cell: Cell) -> bool:
    """Whether the cell says that nothing was published."""
    return cell is None or (isinstance(cell, str) and folded(cell) in MISSING_MARKERS)


def is_number(cell: Cell) -> bool:
    """Whether the cell holds a number, not a text that reads like one."""
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def number(cell: Cell) -> float | None:
    """Value of a cell; None where nothing was published.

    Raises
    ------
    ValueError
        The cell holds something else.
    """
    if is_number(cell):
        return float(cell)  # type: ignore[arg-type]
    if is_missing(cell):
        return None
    # Not by words(): its plain forms turn a footnote mark into a digit, 98\u00b2 into 982.
    text = str(cell).translate(_DASHES).strip()
    if _NUMBER.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        return float(text.replace(",", ""))
    raise ValueError(shown(cell))


def reads_as_number(cell: Cell) -> bool:
    """Whether the cell is a number or a text that ``number`` reads as one."""
    try:
        return number(cell) is not None
    except ValueError:
        return False


def day(cell: Cell, serials: bool = True) -> date | None:
    """Date of a cell: a real date, an Excel serial number or a text; None where it is no date.

    Parameters
    ----------
    cell
        The cell.
    serials
        Whether a whole number between 2000 and 2099 counted in Excel's days is a date.

    Raises
    ------
    ValueError
        The text gives a weekday that is not that of its date, or a date that does not exist.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if is_number(cell):
        serial = float(cell)  # type: ignore[arg-type]
        if serials and serial.is_integer() and _FIRST_SERIAL <= serial <= _LAST_SERIAL:
            return _SERIAL_EPOCH + timedelta(days=int(serial))
        return None
    return text_day(folded(cell))


def text_day(text: str, month_first: bool = False) -> date | None:
    """Date that a text such as ``monday 24-nov-25`` or ``8th february 2024`` gives; None where it is no date.

    ``02/08/2024`` is 2 August, as NHS England writes; 8 February where ``month_first``.
    """
    named = _WEEKDAY.match(text)
    rest = text[named.end() :] if named else text
    if found := _ISO.match(rest):
        year, month, day_of_month = (int(part) for part in found.groups())
    elif found := _NUMERIC.match(rest):
        day_of_month, month, year = (int(part) for part in found.groups())
        if month_first:
            day_of_month, month = month, day_of_month
    elif (found := _WORDS.match(rest)) and found[2][:3] in _MONTHS:
        day_of_month, month, year = int(found[1]), _MONTHS.index(found[2][:3]) + 1, int(found[3])
    else:
        return None
    try:
        value = date(year + 2000 if year < 100 else year, month, day_of_month)
    except ValueError:
        raise ValueError(f"{text!r} is no day of the calendar") from None
    if named and not _WEEKDAYS[value.weekday()].startswith(named[1][:3]):
        raise ValueError(f"{text!r}: {value:%d %B %Y} is a {_WEEKDAYS[value.weekday()].capitalize()}")
    return value


def shown(cell: Cell) -> str:
    """The cell as a message quotes it."""
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, str):
        return repr(shortened(cell))
    return repr(cell)


def shortened(text: str, longest: int = 60) -> str:
    """The text on one line, cut where it is too long for a message."""
    text = " ".join(text[: 10 * longest].split())
    return text if len(text) <= longest else text[: longest - 3] + "..."


def listed(texts: Iterable[str], most: int = 12) -> str:
    """Texts of a message one after another: the first ones, each shortened, and how many more there are."""
    known = list(texts)
    more = f" and {len(known) - most:,} more" if len(known) > most else ""
    return ", ".join(shortened(text) for text in known[:most]) + more


def a1(row: int, column: int) -> str:
    """Name of a cell counted from zero: ``a1(15, 4)`` is ``E16``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"
