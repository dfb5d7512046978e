"""How long the four daily pieces of work take against what an analyst would use instead, in one run.

    python benchmarks/speed_table.py STORE ../shared/real --peers-python peers/bin/python

(a) a weekly forecast of one metric at three hospitals, (b) a backtest of weekly origins, (c) reading a panel as of a
day, (d) reading a workbook. Ours learns on every trust and forecasts from sample paths; the others take the three
series. Of (b) ``--origins`` are run and told an origin: each is fitted anew, so that 52 take 26 times two. Ratios are
of processor seconds, ours over theirs: they hold on a busy machine too; the load stands above the table.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import pandas as pd
from speed_peers import processor

AS_OF, METRIC = "2024-11-01", "nctr_patients"
HOSPITALS = ["RM1", "RGP", "RCX"]
DAYS = 730


class Times:
    """Wall and processor seconds of each repeat of one figure."""

    def __init__(self, wall: list[float], spent: list[float]) -> None:
        self.wall, self.spent = wall, spent

    @classmethod
    def of(cls, action: object, repeats: int) -> Times:
        """Time something several times."""
        wall, spent = [], []
        for _ in range(repeats):
            start, clock = processor(), time.perf_counter()
            action()  # type: ignore[operator]
            wall.append(time.perf_counter() - clock)
            spent.append(processor() - start)
        return cls(wall, spent)


def row(part: str, name: str, times: Times, ours: Times | None, note: str = "") -> None:
    middle, spent = statistics.median(times.wall), statistics.median(times.spent)
    ratio = "1" if ours is None else f"{statistics.median(ours.spent) / max(spent, 1e-6):.2f}"
    between = f"{min(times.spent):.3g} to {max(times.spent):.3g}"
    print(f"| {part} | {name} | {middle:.3g} | {spent:.3g} ({between}) | {ratio} | {note} |", flush=True)


def known(store: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the default forecaster learns from, and the three series without gaps for the others."""
    from forecast.reference import reference
    from forecast.weekly.learning import learning_panel, usable_values

    tables = reference()
    values = usable_values(store, METRIC, pd.Timestamp(AS_OF), tables)  # type: ignore[arg-type]
    days = int(tables.assumption("history_days").value)
    panel = learning_panel(values, values.index[-1], 1, days, HOSPITALS)
    three = panel[HOSPITALS].iloc[-DAYS:].interpolate(limit_direction="both").clip(lower=1)
    long = three.rename_axis("ds").reset_index().melt("ds", var_name="unique_id", value_name="y")
    return panel, long[["unique_id", "ds", "y"]].sort_values(["unique_id", "ds"], ignore_index=True)


def ours(panel: pd.DataFrame) -> None:
    from forecast.forecasters import default_forecaster

    default_forecaster(METRIC).fit(panel).predict(28, HOSPITALS, 1000, 1)


def backtested(panel: pd.DataFrame, origins: int) -> None:
    from forecast.evaluation import backtest
    from forecast.forecasters import default_forecaster

    days = [panel.index[-1] - pd.Timedelta(days=28 + 7 * back) for back in range(origins)]
    backtest(default_forecaster(METRIC), panel, origins=days, horizon=28, locations=HOSPITALS, baseline=False)


def plain(path: Path) -> pd.DataFrame:
    """What an analyst writes to read a metric as of a day from one file of all that was published."""
    rows = pd.read_csv(path, parse_dates=["date", "published"]) if path.suffix == ".csv" else pd.read_parquet(path)
    rows = rows[(rows["metric"] == METRIC) & (rows["published"] <= AS_OF)]
    rows = rows.drop_duplicates(["date", "location"], keep="last")
    return rows.pivot_table(index="date", columns="location", values="value", observed=True)


def largest(real: Path) -> tuple[Path, str]:
    """The workbook that most values are read from, and its largest sheet."""
    import openpyxl

    from forecast.errors import NotObservations
    from forecast.sources import read_file

    found: list[tuple[int, Path]] = []
    for path in real.rglob("*.xlsx"):
        try:
            found.append((len(read_file(path).frame), path))
        except NotObservations:
            continue
    book = max(found)[1]
    sheets = openpyxl.load_workbook(book).worksheets
    return book, max(sheets, key=lambda sheet: (sheet.max_row or 0) * (sheet.max_column or 0)).title


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store")
    parser.add_argument("real", type=Path, help="folder of published files")
    parser.add_argument(
        "--peers-python", default="", help="python of the peers' environment; without it, (c), (d) only"
    )
    parser.add_argument("--origins", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    from forecast.observations.store import Store
    from forecast.sources import read_file

    store, again = Store(arguments.store), arguments.repeats
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {again} repeats")
    print("| | what | wall s, median | processor s, median (best to worst) | ours over it | note |")
    print("|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as scratch:
        if arguments.peers_python:
            panel, three = known(store)
            path = Path(scratch) / "three.parquet"
            three.to_parquet(path)
            words = ["--origins", str(arguments.origins), "--repeats", str(again)]
            mine = {"a": Times.of(lambda: ours(panel), again)}
            mine["b"] = Times.of(lambda: backtested(panel, arguments.origins), again)
            row("a", "default forecaster, fit and 28 days", mine["a"], None, f"learned on {panel.shape[1]} trusts")
            row("b", f"backtest, {arguments.origins} weekly origins", mine["b"], None, "")
            peers = [arguments.peers_python, str(Path(__file__).with_name("speed_peers.py")), str(path), *words]
            told = subprocess.run(peers, capture_output=True, text=True, check=True).stdout
            for line in filter(None, told.splitlines()):
                found = json.loads(line)
                part, _, name = found["name"].rpartition("|")
                if found["wall"]:
                    row(part, name, Times(found["wall"], found["processor"]), mine[part])
        everything = store.history(METRIC)
        for suffix in (".parquet", ".csv"):
            path = Path(scratch) / f"all{suffix}"
            everything.to_csv(path, index=False) if suffix == ".csv" else everything.to_parquet(path)
        fresh = Times.of(lambda: Store(arguments.store).panel(METRIC, as_of=AS_OF), 3 * again)
        row(
            "c", "panel as of a day, store opened anew", fresh, None, f"{len(everything):,} stored values of the metric"
        )
        row("c", "the same again, store open", Times.of(lambda: store.panel(METRIC, as_of=AS_OF), 3 * again), fresh)
        for suffix in (".parquet", ".csv"):
            path = Path(scratch) / f"all{suffix}"
            row("c", f"pandas from one {suffix[1:]} file", Times.of(lambda p=path: plain(p), 3 * again), fresh)
        book, sheet = largest(arguments.real)
        read = Times.of(lambda: read_file(book), again)
        row(
            "d",
            "workbook read, checked and made tidy",
            read,
            None,
            f"{book.name}: {len(read_file(book).frame):,} values",
        )
        excel = Times.of(lambda: pd.read_excel(book, sheet_name=sheet, header=None, engine="openpyxl"), again)
        row("d", "pandas.read_excel (openpyxl), its largest sheet alone, nothing checked", excel, read, sheet)
        whole = Times.of(lambda: pd.read_excel(book, sheet_name=None, header=None, engine="openpyxl"), again)
        row("d", "pandas.read_excel (openpyxl), all sheets", whole, read)


if __name__ == "__main__":
    main()
