"""Where the figures of a file come from: what each file says of itself, and the name it has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from forecast.briefing import dates
from forecast.runs import Run
from forecast.wording import takeaway_words as said


@dataclass(frozen=True)
class Origin:
    """What each file says of itself.

    Parameters
    ----------
    as_of
        Day whose published data the run knows; also the day that stands in a file as that of its making, so that the
        same run gives the same bytes.
    simulated
        Whether the figures are the simulated twin's.
    facts
        Name to value: the as-of day, the data dates, the run, its code version, who signed it off.
    """

    as_of: pd.Timestamp
    simulated: bool
    facts: Mapping[str, str]

    @classmethod
    def of(cls, run: Run, signed: str = "") -> Origin:
        """Return the origin of a run's figures; ``signed``: who signed them off, in words."""
        facts = {name: plain(value) for name, value in dates(run, plain(signed)).items()}
        return cls(run.as_of, run.simulated, facts)

    @property
    def lines(self) -> tuple[str, str]:
        """Return the same in two lines, to stand under a chart or above a table."""
        return said.source_lines(self.facts, self.as_of, self.simulated)

    @property
    def line(self) -> str:
        """Return the same in one line."""
        return " ".join(self.lines)

    def file(self, name: str, ending: str) -> str:
        """Return the name of a file: it says what it is, of which day, and whether the figures are simulated."""
        return f"{said.SIMULATED_NAME if self.simulated else ''}{name}-{self.as_of:%Y-%m-%d}.{ending}"


def plain(text: str) -> str:
    """Return a text on one line: what cannot be printed is a space."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def slug(text: str) -> str:
    """Return a text as part of a file's name: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
