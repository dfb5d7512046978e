"""Faults of tidy tables, CSV and Parquet, made from the values of a workbook."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

import pandas as pd

from forecast.sources import read_file
from tests.malformed_kinds import KINDS, Kind, Made

ROWS = 4_000


@cache
def original(path: Path) -> pd.DataFrame:
    """Some thousand values of a workbook, in columns as an analyst would write them."""
    frame = read_file(path).frame[["date", "location", "metric", "value"]]
    return frame.head(ROWS).assign(date=frame["date"].dt.strftime("%Y-%m-%d"), value=frame["value"].astype(int))


def of_csv(name: str, keeps: bool = False, ending: str = ".csv", undetectable: str = "") -> Callable[..., None]:
    """Register a fault made to the text of a CSV file."""

    def register(change: Callable[[str, Random], str | bytes]) -> None:
        def make(path: Path, random: Random) -> Made:
            changed = change(original(path).to_csv(index=False), random)
            return Made(path.stem + ending, changed.encode() if isinstance(changed, str) else changed)

        KINDS.append(Kind(name, make, "table", keeps, undetectable))

    return register


def of_frame(name: str, keeps: bool = False) -> Callable[..., None]:
    """Register a fault made to the rows and columns before they are written as CSV."""

    def register(change: Callable[[pd.DataFrame, Random], pd.DataFrame]) -> None:
        def make(path: Path, random: Random) -> Made:
            return Made(path.stem + ".csv", change(original(path).copy(), random).to_csv(index=False).encode())

        KINDS.append(Kind(name, make, "table", keeps))

    return register


def of_parquet(name: str, keeps: bool = False, ending: str = ".parquet") -> Callable[..., None]:
    """Register a fault made to the bytes of a Parquet file."""

    def register(change: Callable[[bytes, Random], bytes]) -> None:
        def make(path: Path, random: Random) -> Made:
            file = io.BytesIO()
            original(path).assign(value=lambda rows: rows["value"].astype(float)).to_parquet(file)
            return Made(path.stem + ending, change(file.getvalue(), random))

        KINDS.append(Kind(name, make, "table", keeps))

    return register


def cell(text: str, random: Random, column: int, instead: str) -> str:
    """The table with one cell changed."""
    lines = text.split("\n")
    at = random.randrange(1, len(lines) - 1)
    cells = lines[at].split(",")
    cells[column] = instead
    return "\n".join([*lines[:at], ",".join(cells), *lines[at + 1 :]])


of_csv("CSV cut at a random byte")(lambda text, random: text[: random.randrange(40, len(text) - 1)])
of_csv("CSV cut within the last number")(lambda text, random: text[: text.rindex(",") + 2])
of_csv("CSV cut to a part of its header")(lambda text, random: text[:17])
of_csv("CSV with semicolons")(lambda text, random: text.replace(",", ";"))
of_csv("CSV with tabs")(lambda text, random: text.replace(",", "\t"))
of_csv("CSV with decimal commas")(lambda text, random: re.sub(r",(\d+)\n", r",\1,0\n", text))
of_csv("CSV in UTF-16")(lambda text, random: text.encode("utf-16"))
of_csv("CSV in UTF-16 without a mark")(lambda text, random: text.encode("utf-16-le"))
of_csv("CSV with a byte order mark", keeps=True)(lambda text, random: text.encode("utf-8-sig"))
of_csv("CSV with Windows line ends", keeps=True)(lambda text, random: text.replace("\n", "\r\n"))
of_csv("CSV with old Macintosh line ends")(lambda text, random: text.replace("\n", "\r"))
of_csv("CSV with NUL bytes")(lambda text, random: text[:500] + "\0" * 40 + text[500:])
of_csv("CSV with a NUL in a number")(lambda text, random: text[:-2] + "\0" + text[-2:])
of_csv("CSV with a quote never closed")(lambda text, random: text[:900] + '"' + text[900:])
of_csv("CSV with blank lines", keeps=True)(lambda text, random: text.replace("\n", "\n\n"))
of_csv("CSV with its header twice")(lambda text, random: text + text)
of_csv("CSV with a cell too many")(lambda text, random: text[:-1] + ",5\n")
of_csv("CSV with a text for a number")(lambda text, random: cell(text, random, 3, "12a"))
of_csv("CSV with a number as 1.234,5")(lambda text, random: cell(text, random, 3, '"1.234,5"'))
of_csv("CSV with a number too large")(lambda text, random: cell(text, random, 3, "1e999"))
of_csv("CSV with a date 31/01/2024")(lambda text, random: cell(text, random, 0, "31/01/2024"))
of_csv("CSV with a date that is none")(lambda text, random: cell(text, random, 0, "2024-02-30"))
of_csv("CSV with a date in 1924")(lambda text, random: cell(text, random, 0, "1924-01-31"))
of_csv("CSV with a date to come")(lambda text, random: cell(text, random, 0, "2094-01-31"))
of_csv("CSV with an unknown place")(lambda text, random: cell(text, random, 1, "Atlantis"))
of_csv("CSV without a place")(lambda text, random: cell(text, random, 1, ""))
of_csv("CSV without a metric")(lambda text, random: cell(text, random, 2, ""))
of_csv("CSV with places in lower case", keeps=True)(
    lambda text, random: re.sub(r",([A-Z0-9_]+),", lambda m: m[0].lower(), text)
)
of_csv("gzipped CSV, cut", ending=".csv.gz")(
    lambda text, random: gzip.compress(text.encode())[: random.randrange(20, 3000)]
)
of_csv("gzipped CSV, damaged", ending=".csv.gz")(
    lambda text, random: gzip.compress(text.encode())[:200] + random.randbytes(50) + gzip.compress(text.encode())[250:]
)
of_csv("gzipped CSV with 300 MB of line ends", keeps=True, ending=".csv.gz")(
    lambda text, random: gzip.compress(text.encode() + b"\n" * 300_000_000, 1)
)
of_csv("gzipped CSV with a line of 300 MB", ending=".csv.gz")(
    lambda text, random: gzip.compress(text.encode() + b"1" * 300_000_000, 1)
)
of_csv("CSV named as Parquet", keeps=True, ending=".parquet")(lambda text, random: text)
of_csv("a web page named as CSV")(lambda text, random: "<html><body>404</body></html>")
of_csv("random bytes named as CSV")(lambda text, random: random.randbytes(3000))

of_frame("columns in another order", keeps=True)(lambda rows, random: rows[random.sample(list(rows), 4)])
of_frame("rows in another order", keeps=True)(lambda rows, random: rows.sample(frac=1, random_state=1))
of_frame("a column of values left out")(lambda rows, random: rows.drop(columns="value"))
of_frame("a column of dates left out")(lambda rows, random: rows.drop(columns="date"))
of_frame("a column of places misspelt")(lambda rows, random: rows.rename(columns={"location": "loaction"}))
of_frame("two columns of values")(lambda rows, random: pd.concat([rows, rows[["value"]] + 1], axis=1))
of_frame("columns of dates and places under each other's names")(
    lambda rows, random: rows.rename(columns={"date": "location", "location": "date"})
)
of_frame("columns of metrics and places under each other's names")(
    lambda rows, random: rows.rename(columns={"metric": "location", "location": "metric"})
)
of_frame("rows twice")(lambda rows, random: pd.concat([rows, rows.head(50)]))
of_frame("rows twice with other values")(
    lambda rows, random: pd.concat([rows, rows.head(50).assign(value=lambda twice: twice["value"] + 1)])
)
of_frame("no rows")(lambda rows, random: rows.head(0))
of_frame("no values")(lambda rows, random: rows.assign(value=""))
of_frame("the last rows cut off")(lambda rows, random: rows.head(random.randrange(10, 3000)))

of_parquet("Parquet cut")(lambda data, random: data[: random.randrange(10, len(data) - 1)])
of_parquet("Parquet with a stretch of zeros")(lambda data, random: data[:300] + bytes(200) + data[500:])
of_parquet("Parquet with its footer overwritten")(
    lambda data, random: data[:-900] + random.randbytes(700) + data[-200:]
)
of_parquet("Parquet named as CSV", keeps=True, ending=".csv")(lambda data, random: data)
