"""What is known of a publication and of a table in it: the words it is recognised and read by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from forecast.sources.cells import folded
from forecast.sources.publications.cadence import DAYS, Cadence
from forecast.sources.publications.measure import Measure


@dataclass(frozen=True)
class Headed:
    """Columns headed by delay reasons (``kind`` "reason") or by destinations of discharges ("destination").

    ``span`` says how often they are given: daily, weekly or monthly; ``community``, that they are those of community
    hospitals.
    """

    kind: str
    span: str
    community: bool = False


@dataclass(frozen=True)
class Table:
    """A table that is read.

    Attributes
    ----------
    measures
        Column headers and their metrics. A single measure with an empty header: one column a day, all of that metric.
    categories
        Columns headed by reasons or destinations, beside the measures or instead of them.
    every
        Step of the dates of its columns or rows; None: columns without dates, of the month of the file.
    sheet
        Name of its sheet, as a pattern.
    by_name
        Only a sheet of that name holds it; its headers alone do not tell it from its neighbours.
    heading
        Words above a table of one metric, which say what it counts where the sheet's name does not.
    expects
        Words of the headers: a sheet of that name that has them, but not as a row of headers, is an error.
    always
        Every edition has it: a workbook without it is noted.
    whole, parts
        Metrics of which the first is the sum of the others in every row: a header that has slipped breaks it.
    nested
        Metrics each of which counts a part of the one before it, so that none is larger.
    summed
        Metrics whose England and regions are the sums of their trusts; a pattern such as ``ae_*`` for a family.
    areas
        Kinds of areas that the table has rows for.
    any_provider
        It has rows for every provider of care, not for NHS trusts alone: codes of any shape are kept.
    begins_late
        Zeros from its first row on mean that a column was not collected then.
    ranges
        A column may stand for several days, and weekends may be left out: the situation reports to 2015-16.
    stacked
        The sheet holds a block of rows for each measure, one below another, each under a title of its own.
    """

    sheet: str
    measures: tuple[Measure, ...] = ()
    categories: Headed | None = None
    every: Cadence | None = DAYS
    by_name: bool = False
    heading: str = ""
    expects: str = ""
    always: bool = False
    whole: str = ""
    parts: tuple[str, ...] = ()
    nested: tuple[str, ...] = ()
    summed: tuple[str, ...] = ()
    areas: tuple[str, ...] = ("country", "nhs_region")
    any_provider: bool = False
    begins_late: bool = False
    ranges: bool = False
    stacked: bool = False

    def adds_up(self, metric: str) -> bool:
        """Whether England and its regions are the sums of their trusts in a metric."""
        return any(fnmatchcase(metric, pattern) for pattern in self.summed)

    def names(self, sheet: str) -> bool:
        """Whether a sheet has its name."""
        return bool(self.sheet) and re.search(self.sheet, folded(sheet)) is not None

    @property
    def one_metric(self) -> bool:
        """Whether the table has one column a day, all of the same metric."""
        return bool(self.measures) and not self.measures[0].header and not self.stacked

    @property
    def unit(self) -> str:
        """What one of its dates stands for: a day, a week or a month."""
        return self.every.unit if self.every else "month"


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
    months
        Metrics counted by the day, each with the pattern of those that divide the same count by the month.
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
    months: tuple[tuple[str, str], ...] = ()
    left: tuple[tuple[str, str], ...] = ()
    shares_title: bool = False

    def names(self, sheet: str) -> bool:
        """Whether a sheet has the name of one of the tables."""
        return any(table.names(sheet) for table in self.tables)
