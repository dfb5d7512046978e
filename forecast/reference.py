"""Locations, metrics and planning assumptions, read from ``data/reference``.

Everything the code knows about the world is in those tables, each row with its source. Another county is
another set of rows: point ``FORECAST_REFERENCE`` at a folder with the same files.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cached_property, lru_cache
from pathlib import Path

from forecast.categories import KINDS, Categories, Category
from forecast.errors import InputError
from forecast.formulas import Term, parse_all, parts
from forecast.reference_rows import Assumption, Location, Metric, PublicationRule

__all__ = ["Assumption", "Category", "Location", "Metric", "PublicationRule", "Reference", "reference"]

FOLDER = "FORECAST_REFERENCE"
"""Environment variable that names another folder of reference tables."""
FILES = (
    "locations.csv",
    "metrics.csv",
    "metric_aliases.csv",
    "derived_metrics.csv",
    "publication_rules.csv",
    "assumptions.csv",
    "discharge_categories.csv",
)


class Reference:
    """The reference tables of one folder.

    Parameters
    ----------
    folder
        A folder with the files of ``FILES``.

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
        """Hash of every table of the folder, so that a run says which reference it used."""
        content = b"".join(path.read_bytes() for path in sorted(self.folder.glob("*.csv")))
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
        computed = {"derived_from", "winter"}
        return {
            row["metric"]: Metric(
                name=row["metric"],
                **{k: v for k, v in row.items() if k not in {"metric", "wave", "forecast"}},
                derived_from=parts(self.formulas.get(row["metric"], ())),
                wave=row["wave"] in {"yes", "winter"},
                winter=row["wave"] == "winter",
                forecast=row["forecast"] == "yes",
            )
            for row in self._rows("metrics.csv", Metric, renamed={"name": "metric"}, elsewhere=computed)
        }

    @cached_property
    def formulas(self) -> Mapping[str, tuple[Term, ...]]:
        """Terms of the metrics that are computed from published ones."""
        rows = self._read("derived_metrics.csv", ("metric", "formula", "note", "source"))
        named = {row["metric"] for row in self._read("metrics.csv", ("metric",))}
        return parse_all(
            {row["metric"]: row["formula"] for row in rows}, named, str(self.folder / "derived_metrics.csv")
        )

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Other spellings of a metric and the name used here."""
        rows = self._read("metric_aliases.csv", ("alias", "metric", "source"))
        return {**self._crosswalk.aliases(), **{row["alias"]: row["metric"] for row in rows}}

    @property
    def categories(self) -> tuple[Category, ...]:
        """Every delay reason and discharge destination."""
        return self._crosswalk.rows

    def category(self, text: str, kind: str) -> Category | None:
        """Delay reason (``kind`` "reason") or "destination" that a published text names; None when nobody knows it.

        Case, punctuation and the spelling of a pathway make no difference; a text cut short is found as long as only
        one category begins like it.
        """
        return self._crosswalk.find(text, kind)

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

    def assumption(self, name: str, location: str = "", *, national: bool = False) -> Assumption:
        """One planning figure: that of the location, else the one that holds everywhere.

        ``national``: the figure holds for any county, so that a folder without a row that will do takes that of the
        package: of the location itself, or of everywhere, never another county's.

        Raises
        ------
        InputError
            No row has that name for that location.
        """
        folders = (self, _load(str(_shipped()))) if national else (self,)
        for tables in folders:
            rows = {a.location: a for a in tables.assumptions_named(name)}
            if found := rows.get(location) or rows.get(""):
                return found
        where = f" for location {location!r}" if location else ""
        raise InputError(f"{self.folder / 'assumptions.csv'}: no assumption {name!r}{where}; add a row with its source")

    def assumptions_named(self, name: str, *, national: bool = False) -> list[Assumption]:
        """Every row of a planning figure; ``national``: of a folder that has none, those of the package."""
        found = [one for one in self.assumptions if one.name == name]
        if found or not national or self.folder == _shipped():
            return found
        return [one for one in _load(str(_shipped())).assumptions if one.name == name]

    def _assumption(self, row: dict[str, str]) -> Assumption:
        value, low, high = (
            self._number("assumptions.csv", row["name"], row.pop(key)) for key in ("value", "low", "high")
        )
        if value is None:
            raise InputError(f"{self.folder / 'assumptions.csv'}: row {row['name']!r} has no value; give a number")
        return Assumption(**row, value=value, low=low, high=high)

    @cached_property
    def _crosswalk(self) -> Categories:
        path = self.folder / "discharge_categories.csv"
        rows = []
        for row in self._rows(path.name, Category):
            if row["kind"] not in KINDS:
                raise InputError(f"{path}: row {row['code']!r} is of kind {row['kind']!r}; write {' or '.join(KINDS)}")
            tidy, pathway = _split(row.pop("tidy"), "|"), _split(row.pop("pathway"), "|")
            rows.append(Category(**row, tidy=tidy, pathway=pathway))
        found = Categories(tuple(rows))
        if shared := found.shared():
            raise InputError(f"{path}: two rows of a kind share {shared!r}; each code, text and name needs its own row")
        return found

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

    def table(self, file: str, columns: tuple[str, ...], *, national: bool = False) -> list[dict[str, str]]:
        """Rows of a further table of the folder, beside those of ``FILES``.

        ``national``: the table holds for any county, so that a folder without it takes the one of the package.

        Raises
        ------
        InputError
            The file or one of its columns is missing.
        """
        if not (self.folder / file).is_file():
            if national and self.folder != _shipped():
                return _load(str(_shipped())).table(file, columns)
            raise InputError(f"{self.folder / file}: the table is missing; copy it from data/reference of the package")
        return list(self._read(file, columns))

    def _rows(
        self, file: str, kind: type, renamed: Mapping[str, str] | None = None, elsewhere: Collection[str] = ()
    ) -> Iterator[dict[str, str]]:
        renamed = renamed or {}
        fields = (field for field in kind.__dataclass_fields__ if field not in elsewhere)  # type: ignore[attr-defined]
        columns = tuple(renamed.get(field, field) for field in fields)
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
    chosen = os.environ.get(FOLDER)
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
