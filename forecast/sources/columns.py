"""The columns of a CSV or Parquet table, texts as dictionaries: a million rows in about a second."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from forecast.errors import InputError
from forecast.sources.cells import MISSING_MARKERS
from forecast.sources.workbook import looks_like_html

_ISO_DAY = r"^\d{4}-\d{2}-\d{2}(?:[ T]|$)"
_TEXT = pa.dictionary(pa.int32(), pa.string())
_MISSING = sorted(
    {form for marker in MISSING_MARKERS for form in (marker, marker.upper())} | {"NaN", "nan", "None", "<NA>"}
)


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
        if pa.types.is_temporal(column.type):
            found = pd.Series(pd.to_datetime(column.to_pandas()))
        else:
            texts = pd.Series(self.unique(name), dtype="str").str.strip()
            known = pd.to_datetime(texts, format="ISO8601", errors="coerce")
            known = known.where(texts.str.match(_ISO_DAY))
            if known.isna().any():
                wrong = int(np.argmax(known.isna().to_numpy()))
                raise self._wrong(name, wrong, texts[wrong], "is not a date; write it as 2024-01-31")
            days = known.to_numpy().astype("datetime64[us]")
            codes = self.codes(name)
            found = pd.Series(np.append(days, np.datetime64("NaT", "us"))[codes])
        if getattr(found.dt, "tz", None) is not None:
            found = found.dt.tz_localize(None)
        if name == "date" and found.isna().any():
            row = int(np.argmax(found.isna().to_numpy()))
            raise InputError(f"{self.path}, line {self.line(row)}, column {name!r}: the cell is empty; fill it in")
        return found.astype("datetime64[us]").dt.normalize()

    def numbers(self, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
        """A column of numbers, NaN where the cell is a missing marker."""
        column = self.column(name)
        if pa.types.is_null(column.type):
            return np.full(self.rows, np.nan)
        if pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type):
            return np.asarray(pc.fill_null(pc.cast(column, pa.float64()), np.nan), dtype=np.float64)
        known = []
        for i, text in enumerate(self.unique(name)):
            try:
                known.append(np.nan if text.strip().casefold() in MISSING_MARKERS else float(text.replace("_", "?")))
            except ValueError:
                raise self._wrong(name, i, text, "is not a number; leave missing values empty") from None
        values = np.array([*known, np.nan], dtype=np.float64)
        return np.take(values, self.codes(name))

    def _wrong(self, name: str, number: int, text: str, why: str) -> InputError:
        row = int(np.argmax(self.codes(name) == number))
        return InputError(f"{self.path}, line {self.line(row)}, column {name!r}: {text!r} {why}")

    def _dictionary(self, name: str) -> pa.DictionaryArray:
        if name not in self._dictionaries:
            column = self.column(name)
            if not pa.types.is_dictionary(column.type):
                column = pc.cast(column, pa.string()).dictionary_encode()
            self._dictionaries[name] = (
                column.unify_dictionaries().combine_chunks() if column.num_chunks else pa.array([], _TEXT)
            )
        return self._dictionaries[name]


def coded(codes: np.ndarray[Any, np.dtype[np.int64]], texts: list[str]) -> pd.Categorical[Any]:
    """Texts by their numbers."""
    kind: Any = pd.CategoricalDtype(texts)
    return pd.Categorical.from_codes(codes, dtype=kind)


def load_columns(path: Path, wanted: Collection[str], refuse: Callable[[Path, list[str]], None]) -> Columns:
    """Read the wanted columns of a CSV (gzipped or not) or Parquet file.

    ``refuse`` is given the names of all columns, folded, and raises when they will not do.
    """
    with path.open("rb") as handle:
        start = handle.read(4096)
    if not start:
        raise InputError(f"{path}: the file is empty; give a header and at least one row")
    if looks_like_html(start):
        raise InputError(
            f"{path}: this is a web page, not a table (the download got an error page); download the file itself"
        )
    table = _parquet(path, wanted, refuse) if start.startswith(b"PAR1") else _csv(path, wanted, refuse, start)
    if not table.num_rows:
        raise InputError(f"{path}: a header and no rows; give at least one row")
    return Columns(path, table)


def _parquet(path: Path, wanted: Collection[str], refuse: Callable[[Path, list[str]], None]) -> pa.Table:
    try:
        file = pa.parquet.ParquetFile(path)
        names = {_folded(name): name for name in file.schema_arrow.names}
        refuse(path, list(names))
        chosen = [name for folded, name in names.items() if folded in wanted]
        table = file.read(columns=chosen)
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"{path}: the Parquet file cannot be read ({_short(error)}); write it again") from error
    return table.rename_columns([_folded(name) for name in table.column_names])


def _csv(path: Path, wanted: Collection[str], refuse: Callable[[Path, list[str]], None], start: bytes) -> pa.Table:
    packed = start.startswith(b"\x1f\x8b")
    try:
        with gzip.open(path) if packed else path.open("rb") as handle:
            head = handle.readline(1_000_000)
    except (EOFError, OSError, zlib.error) as error:
        raise _damaged(path, error) from error
    if not head.strip():
        raise InputError(f"{path}: the first line is empty; give a header and at least one row")
    if b"\x00" in head:
        raise InputError(f"{path}: this is not a CSV file whatever its name says; write it as plain text")
    names = [_folded(name) for name in next(csv.reader([_text(head)]), [])]
    refuse(path, names)
    if twice := [name for i, name in enumerate(names) if name in wanted and name in names[:i]]:
        raise InputError(f"{path}: column {twice[0]!r} stands twice; keep one")
    chosen = [name for name in names if name in wanted]
    # A value that is no number, or a byte that is no UTF-8, is found by reading again, more slowly, as text.
    for value_type, encoding in ((pa.float64(), "utf-8"), (_TEXT, "utf-8"), (_TEXT, "windows-1252")):
        convert = pa.csv.ConvertOptions(
            column_types={name: value_type if name == "value" else _TEXT for name in chosen},
            include_columns=chosen,
            null_values=_MISSING,
            strings_can_be_null=True,
        )
        options = pa.csv.ReadOptions(column_names=names, skip_rows=1, encoding=encoding)
        try:
            with pa.input_stream(str(path), compression="gzip" if packed else None) as stream:
                return pa.csv.read_csv(stream, read_options=options, convert_options=convert)
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            if isinstance(error, OSError) and not isinstance(error, pa.ArrowInvalid):
                raise _damaged(path, error) from error
            if "Could not skip initial" in str(error):
                raise InputError(f"{path}: a header and no rows; give at least one row") from error
            if "CSV parse error" in str(error) or encoding == "windows-1252":
                raise InputError(f"{path}: {_short(error)}; correct the row or write the table again") from error
    raise InputError(f"{path}: the table cannot be read; write it again as UTF-8 text")


def _damaged(path: Path, error: BaseException) -> InputError:
    return InputError(f"{path}: the file is cut short or damaged ({_short(error)}); download it again")


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("windows-1252")


def _folded(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").split()).casefold()


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
