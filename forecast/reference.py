"""Locations, metrics and planning assumptions, read from ``data/reference``.

Everything the code knows about the world is in those tables, each row with its source. Another county is
another set of rows: point ``FORECAST_REFERENCE`` at a folder of the same five files.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from pathlib import Path

from forecast.errors import InputError

FILES = ("locations.csv", "metrics.csv", "metric_aliases.csv", "publication_rules.csv", "assumptions.csv")


@dataclass(frozen=True)
class Location:
    """A hospital trust, a county, a region, an integrated care board or a nation."""

    code: str
    name: str
    short_name: str
    kind: str
    parent: str
    catchment_share: float | None
    aliases: tuple[str, ...]
    source: str
    status: str

    @property
    def label(self) -> str:
        """The name for a screen: the short one where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Metric:
    """What one published number means: unit, census time, how often, and when it becomes public.

    ``name`` may hold ``*``: the row then describes a family of metrics.
    """

    name: str
    label: str
    unit: str
    kind: str
    census_time: str
    frequency: str
    publication_rule: str
    region_scheme: str
    derived_from: tuple[str, ...]
    part_of: str
    wave: bool
    forecast: bool
    definition: str
    source: str
    status: str


@dataclass(frozen=True)
class PublicationRule:
    """When a value dated ``date`` becomes public. Empty bounds are open.

    ``cadence``: weekly, monthly, once (on the day ``released_on``), or none (nothing need come of these days; what does
    come follows the other rows). ``holiday_delay_days``: how much later a weekly release is in a week with a bank
    holiday before or on its day.
    """

    rule: str
    from_date: str
    to_date: str
    season_start: str
    season_end: str
    cadence: str
    data_to_weekday: str
    release_weekday: str
    holiday_delay_days: str
    released_on: str
    description: str
    source: str
    status: str


@dataclass(frozen=True)
class Assumption:
    """A planning figure with its source; ``location`` is empty where it holds everywhere."""

    name: str
    location: str
    value: float
    unit: str
    low: float | None
    high: float | None
    source: str
    date: str
    status: str
    note: str


class Reference:
    """The reference tables of one folder.

    Parameters
    ----------
    folder
        A folder with the five files of ``FILES``.

    Raises
    ------
    InputError
        A file or column is missing, or a cell cannot be read; the message names it.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        missing = [name for name in FILES if not (self.folder / name).is_file()]
        if missing:
            raise InputError(
                f"{self.folder}: reference file {missing[0]} is missing; "
                "restore data/reference or point FORECAST_REFERENCE at a folder that holds it"
            )

    @cached_property
    def digest(self) -> str:
        """Hash of the five files, so that a run says which reference it used."""
        content = b"".join((self.folder / name).read_bytes() for name in FILES)
        return hashlib.sha256(content).hexdigest()[:12]

    @cached_property
    def locations(self) -> Mapping[str, Location]:
        """Every known location by code."""
        found: dict[str, Location] = {}
        for row in self._rows("locations.csv", Location):
            if row["code"] in found:
                raise InputError(f"{self.folder / 'locations.csv'}: code {row['code']!r} stands twice; keep one row")
            share = self._number("locations.csv", row["code"], row.pop("catchment_share"))
            aliases = _split(row.pop("aliases"), "|")
            found[row["code"]] = Location(**row, catchment_share=share, aliases=aliases)
        return found

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """Metric rows by name; families by their pattern."""
        return {
            row["metric"]: Metric(
                name=row["metric"],
                **{k: v for k, v in row.items() if k not in {"metric", "derived_from", "wave", "forecast"}},
                derived_from=_split(row["derived_from"], "+"),
                wave=row["wave"] == "yes",
                forecast=row["forecast"] == "yes",
            )
            for row in self._rows("metrics.csv", Metric, renamed={"name": "metric"})
        }

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Other spellings of a metric and the name used here."""
        return {row["alias"]: row["metric"] for row in self._read("metric_aliases.csv", ("alias", "metric", "source"))}

    @cached_property
    def publication_rules(self) -> tuple[PublicationRule, ...]:
        """Publication rules in the order in which they apply."""
        return tuple(PublicationRule(**row) for row in self._rows("publication_rules.csv", PublicationRule))

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every planning assumption."""
        return tuple(self._assumption(row) for row in self._rows("assumptions.csv", Assumption))

    def metric(self, name: str) -> Metric | None:
        """Row of a metric by its name, or by the first family pattern that fits; None when nobody knows it."""
        name = self.aliases.get(name, name)
        if name in self.metrics:
            return self.metrics[name]
        return next((m for pattern, m in self.metrics.items() if fnmatchcase(name, pattern)), None)

    def forecast_metrics(self) -> list[Metric]:
        """Metrics the weekly run forecasts."""
        return [metric for metric in self.metrics.values() if metric.forecast]

    def label(self, code: str) -> str:
        """Screen name of a location; the code itself when nobody knows it."""
        return self.locations[code].label if code in self.locations else code

    def find_location(self, text: str, scheme: str = "nhs") -> str | None:
        """Code of the location that ``text`` names by code, name or alias.

        Region names mean different areas to the NHS (seven regions) and to UKHSA (nine): ``scheme`` says whose.
        """
        key = _fold(text)
        by_name = self._names[scheme] if scheme in self._names else self._names["nhs"]
        return by_name.get(key)

    def counties(self) -> list[Location]:
        """The planning areas whose hospitals the weekly run forecasts."""
        return [location for location in self.locations.values() if location.kind == "county"]

    def members(self, code: str) -> list[str]:
        """Codes of the locations whose parent is ``code``, in the order of the table."""
        return [location.code for location in self.locations.values() if location.parent == code]

    def assumption(self, name: str, location: str = "") -> Assumption:
        """One planning figure: that of the location, else the one that holds everywhere.

        Raises
        ------
        InputError
            No row has that name for that location.
        """
        rows = {a.location: a for a in self.assumptions if a.name == name}
        if found := rows.get(location) or rows.get(""):
            return found
        where = f" for location {location!r}" if location else ""
        raise InputError(f"{self.folder / 'assumptions.csv'}: no assumption {name!r}{where}; add a row with its source")

    def _assumption(self, row: dict[str, str]) -> Assumption:
        value, low, high = (
            self._number("assumptions.csv", row["name"], row.pop(key)) for key in ("value", "low", "high")
        )
        if value is None:
            raise InputError(f"{self.folder / 'assumptions.csv'}: row {row['name']!r} has no value; give a number")
        return Assumption(**row, value=value, low=low, high=high)

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        tables: dict[str, dict[str, str]] = {"nhs": {}, "ukhsa": {}}
        for scheme, table in tables.items():
            other = "ukhsa_region" if scheme == "nhs" else "nhs_region"
            for location in self.locations.values():
                texts = [location.code]
                if location.kind != other:
                    texts += [location.name, location.short_name, *location.aliases]
                for text in filter(None, texts):
                    table.setdefault(_fold(text), location.code)
        return tables

    def _rows(self, file: str, kind: type, renamed: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
        renamed = renamed or {}
        columns = tuple(renamed.get(field, field) for field in kind.__dataclass_fields__)  # type: ignore[attr-defined]
        return self._read(file, columns)

    def _read(self, file: str, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
        path = self.folder / file
        with path.open(newline="", encoding="utf-8") as handle:
            reader = csv.DictReader(handle)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"{path}: column {missing[0]!r} is missing; the file needs {', '.join(columns)}")
            for row in reader:
                yield {column: (row[column] or "").strip() for column in columns}

    def _number(self, file: str, row: str, text: str) -> float | None:
        try:
            return float(text) if text else None
        except ValueError:
            raise InputError(f"{self.folder / file}: row {row!r} has {text!r} where a number belongs") from None


def reference() -> Reference:
    """Return the reference tables in force: ``$FORECAST_REFERENCE``, else those shipped with the package."""
    chosen = os.environ.get("FORECAST_REFERENCE")
    return _load(chosen or str(_shipped()))


@lru_cache(maxsize=8)
def _load(folder: str) -> Reference:
    return Reference(folder)


def _shipped() -> Path:
    here = Path(__file__).resolve().parent
    beside = here.parent / "data" / "reference"
    return beside if beside.is_dir() else here / "_reference"


def _split(text: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(separator) if part.strip())


def _fold(text: str) -> str:
    """Case, spaces, curly quotes, ampersands and a leading "The" make no difference to a name."""
    plain = text.replace("’", "'").replace("‘", "'").replace("&", "and").replace("\xa0", " ")
    words = plain.rstrip("*").casefold().split()
    return " ".join(words[1:] if words[:1] == ["the"] else words)
