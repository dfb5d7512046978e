"""How many cells a second a published workbook is read at, on one core, to the tidy frame.

    python benchmarks/parsing.py ../shared/real/raw

For each workbook that is read, and a season of 135 trusts made here: values (rows of the frame) and cells (those of the
file that are not empty, in sheets that are shown), the median of five runs of `read_file`, and both a second; best and
worst beside them; the largest memory of the process. Each file has a process of its own, held to one core, and is read
once beforehand. `--cpu` counts the time of the process instead of the clock's, for a machine that others use as well.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from forecast.errors import NotObservations
from forecast.reference import reference
from forecast.sources import read_file
from forecast.sources.spreadsheet.workbook import open_workbook
from tests import workbooks

RUNS = 5


def season(path: Path, days: int = 140, trusts: int = 135) -> Path:
    """A winter workbook of three sheets, as large as a season's."""
    known = [place for place in reference().locations.values() if place.kind == "trust"]
    names = {place.code: place.name for place in known[:trusts]}

    def fill(sheets: workbooks.Sheets) -> None:
        for rows in sheets.values():
            england = next(row for row in rows if len(row) > 3 and row[3] == "ENGLAND")
            top = rows.index(england) + 1
            counts = [[100 + (7 * i + 3 * day) % 50 for day in range(days)] for i in range(len(names))]
            england[4:] = [sum(day) for day in zip(*counts, strict=True)]
            rows[top:] = [
                [None, "London", code, name, *row] for (code, name), row in zip(names.items(), counts, strict=True)
            ]

    return workbooks.winter_absences(path, count=days, edit=fill)


def measured(path: Path, cpu: bool) -> dict[str, float]:
    """Values, cells, seconds and memory; in this process, on one core."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    clock = time.process_time if cpu else time.perf_counter
    values = len(read_file(path).frame)
    seconds = []
    for _ in range(RUNS):
        start = clock()
        read_file(path)
        seconds.append(clock() - start)
    # Not getrusage: its maximum begins with that of the process that started this one.
    memory = int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024
    cells = sum(cell not in ("", None) for sheet in open_workbook(path).sheets for row in sheet.rows for cell in row)
    return {"values": values, "cells": cells, "seconds": statistics.median(seconds), "best": min(seconds),
            "worst": max(seconds), "memory": memory}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="folder of published workbooks")
    parser.add_argument("--cpu", action="store_true", help="time of the process instead of the clock's")
    parser.add_argument("--one", action="store_true", help="measure one file and print JSON")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measured(arguments.path, arguments.cpu)))
        return
    print("| workbook | values | cells | median | values a second | best to worst | cells a second | memory |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as scratch:
        made = season(Path(scratch) / "season of 135 trusts, made.xlsx")
        for path in [*sorted(arguments.path.glob("*.xls*")), made]:
            try:
                read_file(path)
            except NotObservations:
                continue
            command = [sys.executable, __file__, str(path), "--one", *(["--cpu"] if arguments.cpu else [])]
            found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            print(
                f"| {path.stem} | {found['values']:,} | {found['cells']:,} | {1000 * found['seconds']:.0f} ms "
                f"| {found['values'] / found['seconds']:,.0f} "
                f"| {found['values'] / found['best']:,.0f} to {found['values'] / found['worst']:,.0f} "
                f"| {found['cells'] / found['seconds']:,.0f} | {found['memory']:.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
