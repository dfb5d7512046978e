"""Formulas of computed metrics: metrics added or taken away, each on a day, such as ``a(t) + b(t) - c(t-1)``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from forecast.errors import InputError

_TERM = re.compile(r"\s*([+-]?)\s*([a-z][a-z0-9_]*)\s*\(\s*t\s*(?:-\s*(\d{1,3})\s*)?\)\s*")


@dataclass(frozen=True)
class Term:
    """One metric of a formula: added (sign 1) or taken away (-1), ``days`` earlier than the day computed."""

    sign: int
    metric: str
    days: int = 0

    def __str__(self) -> str:
        return f"{self.metric}(t-{self.days})" if self.days else f"{self.metric}(t)"


def parse(formula: str, row: str) -> tuple[Term, ...]:
    """Terms of a formula.

    Parameters
    ----------
    formula
        ``a(t) + b(t) - c(t-7)``.
    row
        What a message calls the row that the formula stands in.

    Raises
    ------
    InputError
        The text is no such chain.

    Examples
    --------
    >>> [str(term) for term in parse("a(t) - b(t-1)", "example")]
    ['a(t)', 'b(t-1)']
    """
    terms: list[Term] = []
    place = 0
    while place < len(formula) or not terms:
        found = _TERM.match(formula, place)
        if found is None or bool(terms) > bool(found[1]):
            raise InputError(
                f"{row}: cannot read the formula {formula!r} from {formula[place:]!r} on; write metrics added or taken "
                "away, each with its day, such as a(t) + b(t) - c(t-1)"
            )
        terms.append(Term(-1 if found[1] == "-" else 1, found[2], int(found[3] or 0)))
        place = found.end()
    return tuple(terms)


def parts(terms: tuple[Term, ...]) -> tuple[str, ...]:
    """Metrics of a formula, each once, in order."""
    return tuple(dict.fromkeys(term.metric for term in terms))


def parse_all(formulas: Mapping[str, str], published: Collection[str], table: str) -> dict[str, tuple[Term, ...]]:
    """Terms of every formula.

    Parameters
    ----------
    formulas
        By the name of the metric that each computes.
    published
        Metrics that a formula may use.
    table
        What a message calls the table.

    Raises
    ------
    InputError
        A formula cannot be read, or is made of something that is not published.
    """
    found = {}
    for name, formula in formulas.items():
        row = f"{table}, row {name!r}"
        found[name] = parse(formula, row)
        for part in parts(found[name]):
            if part in formulas or part not in published:
                raise InputError(
                    f"{row}: {part!r} is {'computed itself' if part in formulas else 'not in metrics.csv'}; write "
                    "published metrics by their names there"
                )
    return found
