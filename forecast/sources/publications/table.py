"""What is known of a publication and of a table in it: the words it is recognised and read by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from forecast.sources.cells import folded
from forecast.sources.grid import Measure


@dataclass(frozen=True)
class Table:
    """A table that is read.

    Attributes
    ----------
    measures
        Column headers and their metrics. A single measure with an empty header: one column a day, all of that metric.
    sheet
        Name of its sheet, as a pattern.
    heading
        Words above a table of one metric, which say what it counts where the sheet's name does not.
    expects
        Words of the headers: a sheet of that name that has them, but not as a row of headers, is an error.
    whole, parts
        Metrics of which the first is the sum of the others in every row: a header that has slipped breaks it.
    summed
        Metrics whose England and regions are the sums of their trusts on every day.
    areas
        Kinds of areas that the table has rows for.
    named
        Its headers alone do not tell it from its neighbours: the sheet must have the name too.
    providers
        It has rows for every provider of care, not for NHS trusts alone.
    ranges
        A column may stand for several days, and weekends may be left out: the situation reports to 2015-16.
    stacked
        The sheet holds a block of rows for each measure, one below another, each under a title of its own.
    """

    measures: tuple[Measure, ...]
    sheet: str
    heading: str = ""
    expects: str = ""
    whole: str = ""
    parts: tuple[str, ...] = ()
    summed: tuple[str, ...] = ()
    areas: tuple[str, ...] = ("country", "nhs_region")
    named: bool = False
    providers: bool = False
    ranges: bool = False
    stacked: bool = False

    @property
    def one_metric(self) -> bool:
        """Whether the table has one column a day, all of the same metric."""
        return not self.stacked and not self.measures[0].header


@dataclass(frozen=True)
class Publication:
    """A publication: recognised when every pattern that it gives is found.

    Attributes
    ----------
    words
        What it is called in sources and messages.
    tables
        The tables read; none: the publication is recognised and left alone.
    title
        Pattern in one of the ``Title:`` lines.
    sheets, without_sheets
        Pattern that one sheet's name fits, or that none may fit.
    says
        Pattern in any cell above or at the head of a table.
    untitled
        The workbook has no title at all, and one of the tables is found by its headers.
    monthly
        It covers one calendar month, also where no period is stated.
    totals
        Metrics that some workbooks publish in parts, each on a sheet of its own, and the metrics of the parts.
    left
        Names of sheets that are left out on purpose, as a pattern, and why.
    shares_title
        Other collections have titles like its own: a workbook with none of its tables is left alone, not in error.
    """

    words: str
    tables: tuple[Table, ...] = ()
    title: str = ""
    sheets: str = ""
    without_sheets: str = ""
    says: str = ""
    untitled: bool = False
    monthly: bool = False
    totals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    shares_title: bool = False

    def names(self, sheet: str) -> bool:
        """Whether a sheet has the name of one of the tables."""
        return any(table.sheet and re.search(table.sheet, folded(sheet)) for table in self.tables)
