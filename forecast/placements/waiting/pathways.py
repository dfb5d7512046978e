"""The discharge pathways on which a person waits in hospital for onward care."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.errors import InputError
from forecast.placements.plans.names import PATHWAYS
from forecast.reference import Reference

FILE = "pathways.csv"


@dataclass(frozen=True)
class Pathway:
    """One way out of hospital that needs somebody else's care.

    Attributes
    ----------
    code
        One of ``plan_names.PATHWAYS``.
    number
        Number in the national discharge guidance, as the categories of reasons and destinations name it.
    """

    code: str
    number: str
    source: str


def pathways(tables: Reference) -> tuple[Pathway, ...]:
    """Return the pathways in the order of the table ``pathways.csv``.

    Raises
    ------
    InputError
        The table has no row, one that a plan does not know, or one twice.
    """
    columns = ("pathway", "number", "source")
    found = tuple(Pathway(*(row[name] for name in columns)) for row in tables.table(FILE, columns, national=True))
    codes = [way.code for way in found]
    if not codes or len(set(codes)) < len(codes) or not set(codes) <= set(PATHWAYS):
        raise InputError(
            f"{tables.folder / FILE}: the pathways are {', '.join(codes) or 'none'}; give a row each for "
            f"{', '.join(PATHWAYS)}"
        )
    return found
