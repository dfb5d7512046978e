"""Which published count a hospital's queue is taken from, and what share of it.

The official count of who is still in a bed is ``nctr_remaining``. Where a hospital's returns make it no count of who
waits, the queue is a stated share of ``nctr_patients``. The rules are rows of ``queue_rules.csv``.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from forecast.errors import InputError
from forecast.placements.plans.numbers import as_number, said
from forecast.reference import Reference

METRICS = ("nctr_patients", "nctr_remaining")
FILE = "queue_rules.csv"
COLUMNS = (
    "location",
    "metric",
    "share_assumption",
    "other_metric",
    "ratio_assumption",
    "source",
    "date",
    "status",
    "note",
)


@dataclass(frozen=True)
class QueueRule:
    """How the queue of one hospital is read off a count of people fit to leave.

    Attributes
    ----------
    hospital
        Its code.
    metric
        The count to take.
    share
        Share of the count who wait for onward care, 0 to 1; None: as many as the shares of delays say.
    other_metric
        Another count that will do where there is no forecast of ``metric``; empty for none.
    ratio
        What ``metric`` is of ``other_metric``, 0 to 1.
    source, date, status, note
        Where the rule comes from and why it is so.
    """

    hospital: str
    metric: str
    share: float | None = None
    other_metric: str = ""
    ratio: float = 1.0
    source: str = ""
    date: str = ""
    status: str = ""
    note: str = ""

    def count_in(self, metrics: Collection[str]) -> tuple[str, float] | None:
        """Return the count to take of those there are and the number to multiply it by; None where none will do."""
        if self.metric in metrics:
            return self.metric, 1.0
        return (self.other_metric, self.ratio) if self.other_metric in metrics else None


def queue_rules(
    hospitals: Sequence[str], tables: Reference, *, shares: Mapping[str, float] | None = None
) -> dict[str, QueueRule]:
    """Return the rule of each hospital: its own row of the table, else the row without a location.

    Parameters
    ----------
    hospitals
        Codes.
    tables
        Reference tables.
    shares
        Hospital to the share of its count who wait for onward care, in place of the rule's own.

    Raises
    ------
    InputError
        A share is not from 0 to 1 or of a hospital that is not asked for, or the table has no row that will do.
    """
    chosen = _checked(shares or {}, hospitals)
    rows = {row["location"]: row for row in tables.table(FILE, COLUMNS, national=True)}
    rules = {code: _rule(code, rows, tables) for code in hospitals}
    return {
        code: replace(rule, share=chosen[code], source="set by hand", date="", status="") if code in chosen else rule
        for code, rule in rules.items()
    }


def _rule(code: str, rows: Mapping[str, Mapping[str, str]], tables: Reference) -> QueueRule:
    row = rows.get(code) or rows.get("")
    if row is None:
        raise InputError(f"{tables.folder / FILE}: no row for {code!r} and none without a location; add one")
    if row["metric"] not in METRICS or row["other_metric"] not in ("", *METRICS):
        raise InputError(
            f"{tables.folder / FILE}: the row for {code!r} names {row['metric']!r} and {row['other_metric']!r}; "
            f"a queue is read off {' or '.join(METRICS)}"
        )
    place = tables.locations.get(code)

    def figure(name: str) -> float:
        own = any(one.location == code for one in tables.assumptions_named(name, national=True))
        value = tables.assumption(name, code if own or place is None else place.parent, national=True).value
        if not 0 <= value <= 1:
            raise InputError(
                f"{tables.folder / 'assumptions.csv'}: {name}, with which the queue of {code} is read off, is "
                f"{value:g}; give a share from 0 to 1"
            )
        return value

    return QueueRule(
        hospital=code,
        metric=row["metric"],
        share=figure(row["share_assumption"]) if row["share_assumption"] else None,
        other_metric=row["other_metric"],
        ratio=figure(row["ratio_assumption"]) if row["ratio_assumption"] else 1.0,
        source=row["source"],
        date=row["date"],
        status=row["status"],
        note=row["note"],
    )


def _checked(shares: Mapping[str, float], hospitals: Sequence[str]) -> dict[str, float]:
    found = {}
    if not isinstance(shares, Mapping):
        raise InputError(f"queue shares are {said(shares)}; give hospital to share, such as {{'RM1': 0.25}}")
    for code, given in shares.items():
        if code not in hospitals:
            raise InputError(
                f"queue share of {said(code)}: the forecast holds {', '.join(hospitals)}; name one of them"
            )
        share = as_number(given)
        if share is None or not 0 <= share <= 1:
            raise InputError(f"queue share of {code} is {said(given)}; give a share from 0 to 1, such as 0.25")
        found[code] = share
    return found
