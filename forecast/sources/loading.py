"""Which columns of a CSV or Parquet file are read, and why a file is no table."""

from __future__ import annotations

import csv
import gzip
import os
import zlib
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute
import pyarrow.csv
import pyarrow.parquet

from forecast.errors import InputError, NotObservations
from forecast.sources.cells import MISSING_MARKERS, shortened, shown
from forecast.sources.columns import TEXT, Columns
from forecast.sources.spreadsheet.workbook import looks_like_html

_SAVE_AS = "save the table as CSV UTF-8 (comma delimited)"
_LONGEST_HEADER = 1_000_000
# The store marks its own files with this entry in the footer.
_STORE_MARK = b"forecast_index"
_MISSING = sorted(
    {form for marker in MISSING_MARKERS for form in (marker, marker.upper())} | {"NaN", "nan", "None", "<NA>"}
)


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
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in start[:2]:
        raise InputError(f"{path}: the text is UTF-16; {_SAVE_AS}")
    table = _parquet(path, wanted, refuse) if start.startswith(b"PAR1") else _csv(path, wanted, refuse, start)
    if not table.num_rows:
        raise InputError(f"{path}: a header and no rows; give at least one row")
    return Columns(path, table)


def column_names(path: Path) -> list[str]:
    """Names of the columns of a CSV file, folded; none where the first line is no header."""
    try:
        with path.open("rb") as handle:
            packed = handle.read(2) == b"\x1f\x8b"
        with gzip.open(path) if packed else path.open("rb") as handle:
            head = handle.readline(_LONGEST_HEADER)
        return _header(path, head)
    except (InputError, EOFError, OSError, zlib.error):
        return []


def _parquet(path: Path, wanted: Collection[str], refuse: Callable[[Path, list[str]], None]) -> pa.Table:
    try:
        file = pa.parquet.ParquetFile(path)
        if _STORE_MARK in (file.metadata.metadata or {}):
            raise NotObservations(f"{path}: a file of the store of this toolkit; nothing in it was used")
        names = [_folded(name) for name in file.schema_arrow.names]
        refuse(path, names)
        _refuse_twice(path, names, wanted)
        chosen = [field for field in file.schema_arrow if _folded(field.name) in wanted]
        for column in chosen:
            _refuse_kind(path, column)
        table = file.read(columns=[column.name for column in chosen])
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: the Parquet file cannot be read ({_short(error)}); write it again") from error
    # Nested columns share the first part of their names with others.
    return table.select([column.name for column in chosen]).rename_columns([_folded(c.name) for c in chosen])


def _refuse_twice(path: Path, names: Sequence[str], wanted: Collection[str]) -> None:
    if twice := [name for i, name in enumerate(names) if name in wanted and name in names[:i]]:
        raise InputError(f"{path}: column {twice[0]!r} stands twice; keep one")


def _refuse_kind(path: Path, column: pa.Field) -> None:
    """Refuse a column whose type cannot hold what its name says: a duration would pass as a number."""
    name = _folded(column.name)
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    text = pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    number = pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)
    moment = pa.types.is_date(kind) or pa.types.is_timestamp(kind)
    fits = {"value": number, "date": moment, "released": moment}.get(name, False)
    if not (text or fits or pa.types.is_null(kind)):
        needed = {"value": "numbers", "date": "dates", "released": "dates"}.get(name, "texts")
        raise InputError(f"{path}, column {name!r}: a column of type {shortened(str(kind))}; write {needed}")


def _csv(path: Path, wanted: Collection[str], refuse: Callable[[Path, list[str]], None], start: bytes) -> pa.Table:
    packed = start.startswith(b"\x1f\x8b")
    try:
        with gzip.open(path) if packed else path.open("rb") as handle:
            head = handle.readline(_LONGEST_HEADER)
    except (EOFError, OSError, zlib.error) as error:
        raise _damaged(path, error) from error
    names = _header(path, head)
    _refuse_separator(path, names, wanted)
    refuse(path, names)
    _refuse_twice(path, names, wanted)
    if not packed and names[-1:] == ["value"]:
        _refuse_open_end(path)
    chosen = [name for name in names if name in wanted]
    # A value that is no number, or a byte that is no UTF-8, is found by reading again, more slowly, as text.
    for value_type, encoding in ((pa.float64(), "utf-8"), (TEXT, "utf-8"), (TEXT, "windows-1252")):
        convert = pa.csv.ConvertOptions(
            column_types={name: value_type if name == "value" else TEXT for name in chosen},
            include_columns=chosen,
            null_values=_MISSING,
            strings_can_be_null=True,
        )
        options = pa.csv.ReadOptions(column_names=names, skip_rows=1, encoding=encoding)
        try:
            with pa.input_stream(str(path), compression="gzip" if packed else None) as stream:
                table = pa.csv.read_csv(stream, read_options=options, convert_options=convert)
            _refuse_damaged(path, table)
            return table
        except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
            if isinstance(error, OSError) and not isinstance(error, pa.ArrowInvalid):
                raise _damaged(path, error) from error
            if "Could not skip initial" in str(error):
                raise InputError(f"{path}: a header and no rows; give at least one row") from error
            if "straddling" in str(error):
                raise InputError(
                    f"{path}: a row is longer than 1 MB, so a cell is or a quote is never closed; correct the row"
                ) from error
            if "CSV parse error" in str(error):
                raise _ragged(path, packed, len(names), error) from error
            if encoding == "windows-1252":
                raise InputError(f"{path}: {_short(error)}; correct the row or write the table again") from error
    raise InputError(f"{path}: the table cannot be read; write it again as UTF-8 text")


def _header(path: Path, head: bytes) -> list[str]:
    """Names of the columns from the first line."""
    if not head.strip():
        raise InputError(f"{path}: the first line is empty; give a header and at least one row")
    if b"\x00" in head:
        raise InputError(f"{path}: this is not a CSV file whatever its name says; write it as plain text")
    if b"\r" in head.rstrip(b"\r\n"):
        raise InputError(f"{path}: the lines end in carriage returns alone; {_SAVE_AS}")
    try:
        names = next(csv.reader([_text(head)]), [])
    except csv.Error as error:
        raise InputError(f"{path}: the first line is no header ({error}); give the names of the columns") from error
    if len(head) >= _LONGEST_HEADER:
        raise InputError(f"{path}: the first line is longer than 1 MB; give a header and rows on lines of their own")
    return [_folded(name) for name in names]


def _refuse_separator(path: Path, names: Sequence[str], wanted: Collection[str]) -> None:
    """Refuse a table whose columns are parted by something else than commas."""
    # A tab is a space once the names are folded.
    for separator, words in ((";", "semicolons"), (" ", "tabs or spaces"), ("|", "bars")):
        parts = {part.strip() for name in names for part in name.split(separator)}
        if len(names) == 1 and len(parts & set(wanted)) >= 3:
            raise InputError(f"{path}: the columns are parted by {words}, not commas; {_SAVE_AS}")


def _refuse_open_end(path: Path) -> None:
    """Refuse a table that ends within a line of which the number is the last cell: 168 cut to 1 is a number too."""
    with path.open("rb") as handle:
        handle.seek(-1, os.SEEK_END)
        if handle.read(1) not in b"\r\n":
            raise InputError(
                f"{path}: the file ends within its last line, whose number may be cut short; download it again, or "
                "add a line break at the end if it is whole"
            )


def _refuse_damaged(path: Path, table: pa.Table) -> None:
    """Refuse texts with NUL bytes, and names with a stray quote: they would pass as other names."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        if not pa.types.is_dictionary(column.type):
            continue
        for text in pa.compute.unique(column).dictionary_decode().drop_null().to_pylist():
            if "\x00" in text or ('"' in text and name != "source"):
                what = "NUL bytes" if "\x00" in text else "a stray quote"
                raise InputError(
                    f"{path}, column {name!r}: {shown(text)} holds {what}, so the file is damaged; correct the cell or "
                    "download the file again"
                )


def _ragged(path: Path, packed: bool, width: int, error: BaseException) -> InputError:
    """The first row with too many or too few cells, by its line: read again by one thread, which counts rows."""
    wrong: list[Any] = []

    def note(row: Any) -> str:
        wrong.append(row)
        return "error"

    # Every byte is a text in Latin 1, and commas are commas in all of these encodings.
    options = pa.csv.ReadOptions(
        use_threads=False, column_names=[str(i) for i in range(width)], skip_rows=1, encoding="latin-1"
    )
    try:
        with pa.input_stream(str(path), compression="gzip" if packed else None) as stream:
            pa.csv.read_csv(stream, options, pa.csv.ParseOptions(invalid_row_handler=note))
    except (pa.ArrowException, OSError, UnicodeDecodeError):
        pass
    if not wrong or wrong[0].number is None:
        return InputError(f"{path}: {_short(error)}; correct the row or write the table again")
    return InputError(
        f"{path}, line {wrong[0].number}: Expected {width} columns, got {wrong[0].actual_columns}; correct the row"
    )


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
    return shortened(str(error).splitlines()[0], 120) if str(error) else type(error).__name__
