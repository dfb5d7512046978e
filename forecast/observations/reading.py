"""What a store held at one moment, and everything read from it: rows, panels, flags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from forecast.errors import InputError
from forecast.formulas import Term, parts
from forecast.observations import catalogue, derived, flagging, panels, quality, table, totals, vintages
from forecast.observations.folders import Folder
from forecast.observations.revisions import ESTIMATE
from forecast.observations.vintages import Vintage
from forecast.reference import Reference

HISTORY = ("date", "location", "metric", "value", "released", "published", "source")
MANY = 12
"""Names that a message lists."""
_DATES = ("date", "released", "published")


@dataclass(frozen=True)
class Reading:
    """The vintages of a store at one moment: one read sees one set of them, whatever is written meanwhile.

    Parameters
    ----------
    folder
        Where the vintages lie.
    stored
        All of them, in the order of ingest.
    tables
        Reference tables in force.
    """

    folder: Folder
    stored: Sequence[Vintage]
    tables: Reference

    def rows(
        self, metric: str, columns: Sequence[str] = HISTORY, locations: Sequence[str] | None = None
    ) -> pd.DataFrame:
        """Rows of a stored metric in the order of ingest; only the vintages that hold it are read.

        ``locations``: keep only theirs; ``columns`` must then hold the location.

        Raises
        ------
        StoreError
            The rows cannot be read, or are not what was written.
        """
        holders = [vintage for vintage in self.stored if metric in vintage.metrics]
        contents = self.folder.read([(vintage.name, *vintage.span(metric)) for vintage in holders])
        found = [vintages.rows(v, metric, content, columns) for v, content in zip(holders, contents, strict=True)]
        if locations is not None:
            wanted = pa.array(list(locations), pa.string())
            found = [table.filter(pc.is_in(table["location"], wanted)) for table in found]
        schema = pa.schema([vintages.SCHEMA.field(column) for column in columns])
        whole = pa.concat_tables(found).unify_dictionaries() if found else schema.empty_table()
        rows: pd.DataFrame = whole.to_pandas(date_as_object=False, use_threads=False)
        kinds = {name: "datetime64[us]" if name in _DATES else "str" for name in columns if name != "value"}
        return rows.astype(kinds)

    def name(self, metric: str) -> str:
        """The name of a metric here, whatever its spelling elsewhere."""
        return self.tables.aliases.get(metric, metric)

    def terms(self, metric: str) -> tuple[Term, ...]:
        """How a metric is computed; the metric itself where it has no formula, or nothing of its formula is stored."""
        name = self.name(metric)
        terms = self.tables.formulas.get(name, ())
        return terms if self.held.intersection(parts(terms)) else (Term(1, name),)

    @property
    def held(self) -> set[str]:
        """Names of the stored metrics."""
        return {name for vintage in self.stored for name in vintage.metrics}

    def panel(self, metric: str, locations: Sequence[str] | None, as_of: pd.Timestamp | None) -> pd.DataFrame:
        """Values of a metric as known on a day: the stored one of a date and location, else the computed one.

        Raises
        ------
        InputError
            Nobody has stored or defined that metric.
        """
        if self.name(metric) not in self.held and self.tables.metric(metric) is None:
            raise InputError(
                f"metric {metric!r} is neither stored nor in the reference tables; "
                f"stored are {_listed(sorted(self.held))}"
            )

        def read(part: str) -> pd.DataFrame:
            rows = self.rows(part, ("date", "location", "value", "released"))
            return panels.as_known(rows if locations is None else rows[rows["location"].isin(list(locations))], as_of)

        panel = self._known(metric, self.terms(metric), read)
        return panels.trimmed(panel) if len(panel) else panel

    def panel_with_areas(
        self,
        metric: str,
        locations: Sequence[str] | None,
        as_of: pd.Timestamp | None,
        clean: bool = False,
        estimate: bool = False,
    ) -> pd.DataFrame:
        """Values of a metric, those of counties and regions summed where nobody published them."""
        row = self.tables.metric(metric)
        summed = () if row and row.kind == totals.RATE else locations or ()
        areas = {code: found for code in summed if (found := totals.members(code, self.tables))}
        wanted = None if locations is None else [*locations, *(code for found in areas.values() for code in found)]
        known = panel = self.panel(metric, None if clean else wanted, as_of)
        if clean:
            panel = quality.masked(panel, self.flags(metric, as_of, wanted, panel))
        if areas:
            compiled = self._compiled(metric, list(areas), as_of)
            panel = totals.with_totals(panel, known, areas, compiled, self.tables, estimate)
        if locations is not None:
            panel = panels.trimmed(panel.reindex(columns=pd.Index(list(locations), name="location")))
        panel.attrs["metric"] = self.name(metric)
        return panel

    def flags(
        self,
        metric: str,
        as_of: pd.Timestamp | None,
        locations: Sequence[str] | None,
        panel: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Values of a metric that cannot be right; ``panel``: all its values, where they have been read already.

        Of a county or region, those of its hospitals.
        """
        if locations is not None:
            members = (code for area in locations for code in totals.members(area, self.tables))
            locations = list(dict.fromkeys([*locations, *members]))

        def read(other: str) -> pd.DataFrame:
            return self.panel(other, None, as_of)

        panel = read(metric) if panel is None else panel
        terms = self.terms(metric)
        if derived.is_sum(terms):
            return flagging.flags_of(metric, panel, read, self.tables, locations)
        return derived.flags(panel, terms, lambda part: self.flags(part, as_of, locations), locations)

    def _compiled(self, metric: str, areas: Sequence[str], as_of: pd.Timestamp | None) -> pd.DataFrame:
        """True where the value of an area comes from a source that is an estimate."""
        terms = [Term(1, term.metric, term.days) for term in self.terms(metric)]
        sources = catalogue.sources(self.stored, {self.name(metric), *parts(tuple(terms))})
        if not any(source.startswith(ESTIMATE) for source in sources):
            return pd.DataFrame()

        def read(part: str) -> pd.DataFrame:
            rows = self.rows(part, ("date", "location", "released", "source"))
            rows = rows[rows["location"].isin(areas)]
            return panels.as_known(rows.assign(value=rows["source"].str.startswith(ESTIMATE).astype(float)), as_of)

        return self._known(metric, terms, read) > 0

    def _known(self, metric: str, terms: Sequence[Term], read: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
        """The panel of a metric, stored values before computed ones; ``read``: from a stored metric to its panel."""
        own = read(self.name(metric))
        if [term.metric for term in terms] == [self.name(metric)]:
            return own
        computed = derived.computed(terms, read)
        return table.regular(own.combine_first(computed)) if len(own) else computed


def _listed(names: Sequence[str]) -> str:
    return (", ".join(names[:MANY]) + (f" and {len(names) - MANY} more" if len(names) > MANY else "")) or "none"
