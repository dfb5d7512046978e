"""The columns of a CSV or Parquet table, texts as dictionaries: a million rows in about a second."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from forecast.errors import InputError
from forecast.observations.table import EARLIEST
from forecast.sources.cells import MISSING_MARKERS, shown

_ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]|$)"
_OFFSET = r"[ T][0-9:.]+ ?(?:[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)$"
_THOUSANDS = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_DAY_ALONE = "write the day alone, as 2024-01-31"
TEXT = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Columns:
    """The columns of one file that are read, and where a row stands in it."""

    path: Path
    table: pa.Table
    lines: Any = None
    _dictionaries: dict[str, pa.DictionaryArray] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self.table.column_names)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return int(self.table.num_rows)

    def column(self, name: str) -> pa.ChunkedArray:
        """One column."""
        return self.table.column(name)

    def filter(self, keep: Any) -> Columns:
        """The rows for which ``keep`` is true, their line numbers kept."""
        lines = self.lines if self.lines is not None else np.arange(self.rows)
        return Columns(self.path, self.table.filter(keep), lines[np.asarray(keep)])

    def line(self, row: int) -> int:
        """Line of the file on which a row stands, the header being line 1."""
        return int(self.lines[row] if self.lines is not None else row) + 2

    def unique(self, name: str) -> list[str]:
        """The different texts of a column."""
        if name not in self.names:
            return []
        return [str(text) for text in self._dictionary(name).dictionary.to_pylist()]

    def codes(self, name: str) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Number of each row's text among ``unique``; -1 for none."""
        return np.asarray(self._dictionary(name).indices.fill_null(-1)).astype(np.int64)

    def first_null(self, name: str) -> int | None:
        """First row without a text in the column."""
        if not self.column(name).null_count:
            return None
        return int(np.argmax(self.codes(name) < 0))

    def categories(self, name: str, renamed: Mapping[str, str], default: str = "") -> pd.Categorical[Any]:
        """A column of texts, renamed; ``default`` where the column or a cell is missing."""
        if name not in self.names:
            return coded(np.zeros(self.rows, dtype=np.int64), [default])
        texts = [renamed[text] for text in self.unique(name)] + [default]
        different = list(dict.fromkeys(texts))
        numbers = np.array([different.index(text) for text in texts])
        return coded(numbers[self.codes(name)], different).remove_unused_categories()

    def dates(self, name: str) -> pd.Series:
        """A column of dates.

        Raises
        ------
        InputError
            A cell is no ISO date, or a date is missing where every row needs one.
        """
        column = self.column(name)
        if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
            found = self._moments(name)
        else:
            texts = pd.Series(self.unique(name), dtype="str").str.strip()
            if (zoned := texts.str.contains(_OFFSET)).any():
                wrong = int(np.argmax(zoned.to_numpy()))
                raise self._wrong(name, wrong, texts[wrong], f"has an offset from UTC; {_DAY_ALONE}")
            known = pd.to_datetime(texts.where(texts.str.match(_ISO_DAY)), format="ISO8601", errors="coerce")
            if known.isna().any():
                wrong = int(np.argmax(known.isna().to_numpy()))
                raise self._wrong(name, wrong, texts[wrong], "is not a date; write it as 2024-01-31")
            days = known.to_numpy().astype("datetime64[us]")
            codes = self.codes(name)
            found = pd.Series(np.append(days, np.datetime64("NaT", "us"))[codes])
        if name == "date" and found.isna().any():
            row = int(np.argmax(found.isna().to_numpy()))
            raise InputError(f"{self.path}, line {self.line(row)}, column {name!r}: the cell is empty; fill it in")
        if name == "date" and (early := found < EARLIEST).any():
            row = int(np.argmax(early.to_numpy()))
            raise InputError(
                f"{self.path}, line {self.line(row)}, column {name!r}: {found[row]:%Y-%m-%d} is before "
                f"{EARLIEST:%Y}; correct the date"
            )
        return found.astype("datetime64[us]").dt.normalize()

    def _moments(self, name: str) -> pd.Series:
        """A column of dates or timestamps; with a time zone only where every moment is a midnight there."""
        column = self.column(name)
        days = column.combine_chunks().cast(pa.date32(), safe=False) if pa.types.is_date(column.type) else column
        found = days.to_pandas(date_as_object=False)
        if (zone := getattr(found.dt, "tz", None)) is not None:
            found = found.dt.tz_localize(None)
            if not (found.dropna() == found.dropna().dt.normalize()).all():
                raise InputError(
                    f"{self.path}, column {name!r}: moments in the time zone {zone} that are no midnights there; "
                    f"{_DAY_ALONE}"
                )
        return pd.Series(found)

    def numbers(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """A column of numbers, NaN where the cell is a missing marker."""
        values = self._numbers(name)
        if (infinite := np.isinf(values)).any():
            line = self.line(int(np.argmax(infinite)))
            raise InputError(
                f"{self.path}, line {line}, column {name!r}: an infinite value; leave missing values empty"
            )
        return values

    def _numbers(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        column = self.column(name)
        if pa.types.is_null(column.type):
            return np.full(self.rows, np.nan)
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            try:
                return np.asarray(pc.fill_null(pc.cast(column, pa.float64()), np.nan), dtype=np.float64)
            except pa.ArrowInvalid as error:
                raise InputError(
                    f"{self.path}, column {name!r}: a whole number is too large to be read exactly; correct it"
                ) from error
        known = []
        for i, text in enumerate(self.unique(name)):
            try:
                known.append(_number(text))
            except ValueError:
                raise self._wrong(name, i, text, "is not a number; leave missing values empty") from None
        values = np.array([*known, np.nan], dtype=np.float64)
        return np.take(values, self.codes(name))

    def _wrong(self, name: str, number: int, text: str, why: str) -> InputError:
        row = int(np.argmax(self.codes(name) == number))
        return InputError(f"{self.path}, line {self.line(row)}, column {name!r}: {shown(text)} {why}")

    def _dictionary(self, name: str) -> pa.DictionaryArray:
        if name not in self._dictionaries:
            column = self.column(name)
            if not pa.types.is_dictionary(column.type):
                column = pc.cast(column, pa.string()).dictionary_encode()
            self._dictionaries[name] = (
                column.unify_dictionaries().combine_chunks() if column.num_chunks else pa.array([], TEXT)
            )
        return self._dictionaries[name]


def coded(codes: np.ndarray[Any, np.dtype[np.int64]], texts: list[str]) -> pd.Categorical[Any]:
    """Texts by their numbers."""
    kind: Any = pd.CategoricalDtype(texts)
    return pd.Categorical.from_codes(codes, dtype=kind)


def _number(text: str) -> float:
    """Number of a text, NaN where it is a missing marker; a comma only where it parts thousands."""
    plain = text.strip()
    if plain.casefold() in MISSING_MARKERS:
        return np.nan
    if not plain.isascii() or "_" in plain:
        raise ValueError(text)
    return float(plain.replace(",", "") if _THOUSANDS.fullmatch(plain) else plain)
