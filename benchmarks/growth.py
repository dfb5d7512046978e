"""How time and memory grow with places and with history: a forecast, a panel read and an ingest, on simulated data.

    python benchmarks/growth.py [--draw docs/growth.svg] [--repeats 1]

Places 3, 30 and 120 with three years of history; one, three and eight years with 30 places. Each figure is of a process
of its own: processor seconds (they hold on a busy machine), and peak memory above that of the process before the work.
Prints one Markdown row a figure, and the slope of log time over log size, by least squares: 1 is linear.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

PLACES, YEARS = (3, 30, 120), (1, 3, 8)
USUAL_PLACES, USUAL_YEARS = 30, 3
LAST = pd.Timestamp("2024-12-29")
WORK = {
    "forecast": "forecast of fit to leave, four weeks ahead at every place",
    "read": "panel read as of a day",
    "ingest": "ingest of the whole history",
}
ONE = """
import resource, sys, time
import numpy as np, pandas as pd
from pathlib import Path
from forecast.observations.store import Store
from forecast.forecasters import default_forecaster

def cpu():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

what, folder, metric = sys.argv[1:]
store = Store(Path(folder) / "data")
if what == "ingest":
    frame = pd.read_parquet(Path(folder) / "rows.parquet")
    act = lambda: Store(Path(folder) / "fresh").add(frame)
elif what == "read":
    act = lambda: store.panel(metric, as_of="2024-12-20")
else:
    panel = store.panel(metric)
    panel.attrs["metric"] = metric
    act = lambda: default_forecaster(metric).fit(panel).predict(28, None, 1000, 1)
before, start = peak(), cpu()
act()
print(cpu() - start, peak() - before)
"""


def rows(places: int, years: int) -> pd.DataFrame:
    """Counts that drift, with a shape of the week, for so many places and years."""
    rng = np.random.default_rng(1)
    days = pd.date_range(end=LAST, periods=365 * years)
    level = 100 * np.exp(rng.normal(0, 0.02, (len(days), places)).cumsum(axis=0).clip(-1, 1))
    week = 1 + 0.06 * np.sin(2 * np.pi * np.arange(len(days)) / 7)
    values = rng.poisson(level * week[:, None]).astype(float)
    wide = pd.DataFrame(values, index=days, columns=[f"X{k:03d}" for k in range(places)])
    long = wide.rename_axis("date").reset_index().melt("date", var_name="location")
    return long.assign(metric="nctr_patients", source="simulated")


def measured(places: int, years: int, repeats: int) -> list[dict[str, object]]:
    from forecast.observations.store import Store

    found = []
    with tempfile.TemporaryDirectory() as folder:
        frame = rows(places, years)
        frame.to_parquet(Path(folder) / "rows.parquet")
        Store(Path(folder) / "data").add(frame)
        for what in WORK:
            told = []
            for repeat in range(repeats):
                command = [
                    sys.executable,
                    "-c",
                    ONE.replace('"fresh"', f'"fresh{repeat}"'),
                    what,
                    folder,
                    "nctr_patients",
                ]
                out = subprocess.run(command, capture_output=True, text=True, check=False)
                if out.returncode:
                    sys.exit(out.stderr[-2000:])
                told.append(list(map(float, out.stdout.split())))
            seconds, memory = zip(*told, strict=True)
            one = {"what": what, "places": places, "years": years, "seconds": statistics.median(seconds)}
            found.append(one | {"least": min(seconds), "most": max(seconds), "memory": statistics.median(memory)})
            print(
                f"| {WORK[what]} | {places} | {years} | {one['seconds']:.3g} "
                f"({min(seconds):.3g} to {max(seconds):.3g}) "
                f"| {statistics.median(memory):,.0f} |",
                flush=True,
            )
    return found


def slope(sizes: pd.Series, figures: pd.Series) -> float:
    """Of the logarithm of a figure over that of the size."""
    return float(np.polyfit(np.log(sizes), np.log(figures.clip(lower=1e-3)), 1)[0])


def slopes(found: pd.DataFrame) -> None:
    print("\n| what | time with places | with years | memory with places | with years |\n|---|---|---|---|---|")
    for what, label in WORK.items():
        own = found[found["what"] == what]
        by_place, by_year = own[own["years"] == USUAL_YEARS], own[own["places"] == USUAL_PLACES]
        told = [
            slope(part[size], part[figure])
            for figure in ("seconds", "memory")
            for part, size in ((by_place, "places"), (by_year, "years"))
        ]
        print(f"| {label} | {' | '.join(f'{one:.2f}' for one in told)} |")


def drawn(found: pd.DataFrame) -> alt.VConcatChart:
    """Seconds and memory over places and over years, both axes logarithmic, with a line that is linear growth."""
    ink, grid = "#737b88", "#9ca3af"  # readable on white and on a dark page, as are the colours below
    colours = {"forecast": "#3b82c4", "read": "#1f9484", "ingest": "#d9622b"}
    panels = []
    for figure, title in (("seconds", "Processor seconds"), ("memory", "Memory, MB")):
        across = []
        for size, part, name in (
            ("places", found[found["years"] == USUAL_YEARS], f"Places ({USUAL_YEARS} years)"),
            ("years", found[found["places"] == USUAL_PLACES], f"Years of history ({USUAL_PLACES} places)"),
        ):
            part = part.assign(**{figure: part[figure].clip(lower=0.01 if figure == "seconds" else 1)})
            ticks = sorted(part[size].unique().tolist())
            axes = (
                alt.X(f"{size}:Q", title=name).scale(type="log", nice=False).axis(values=ticks, grid=False),
                alt.Y(f"{figure}:Q", title=title)
                .scale(type="log")
                .axis(values=[10.0**k for k in range(-2, 5)], format="~g"),
            )
            colour = alt.Color("what:N", legend=None).scale(domain=list(colours), range=list(colours.values()))
            base = alt.Chart(part).encode(x=axes[0], y=axes[1], color=colour)
            last = part[part[size] == part[size].max()]
            words = (
                alt.Chart(last)
                .mark_text(align="left", dx=8, fontSize=12)
                .encode(x=axes[0], y=axes[1], text="what:N", color=colour)
            )
            straight = []
            for _, own in part.groupby("what"):
                start = own.sort_values(size).iloc[0]
                straight += [
                    {size: at, figure: start[figure] * at / start[size], "what": start["what"]} for at in ticks
                ]
            linear = alt.Chart(pd.DataFrame(straight)).mark_line(strokeDash=[3, 4], strokeWidth=1, opacity=0.8)
            linear = linear.encode(x=axes[0], y=axes[1], color=colour)
            line = base.mark_line(strokeWidth=2.5)
            dots = base.mark_point(filled=True, size=60, opacity=1).encode(shape=alt.Shape("what:N", legend=None))
            across.append(alt.layer(linear, line, dots, words).properties(width=250, height=200))
        panels.append(alt.hconcat(*across, spacing=60))
    chart = alt.vconcat(*panels, spacing=30).properties(
        title=alt.TitleParams(
            "How time and memory grow",
            subtitle="Both axes logarithmic. Dashed: growth in proportion, from the smallest.",
            anchor="start",
            color=ink,
            subtitleColor=ink,
        ),
        background="transparent",
        padding={"left": 10, "right": 70, "top": 10, "bottom": 10},
    )
    axis = {"labelColor": ink, "titleColor": ink, "gridColor": grid, "gridOpacity": 0.35, "domainColor": grid}
    axis |= {"tickColor": grid, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"}
    config = {"axis": axis, "view": {"stroke": None}, "font": "Arial, Helvetica, sans-serif"}
    return chart.configure(**config)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", type=Path, help="file to draw to: .svg or .png")
    parser.add_argument(
        "--figures", type=Path, help="CSV file of the figures: written, or drawn from where it is there"
    )
    parser.add_argument("--repeats", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.figures and arguments.figures.is_file():
        found = pd.read_csv(arguments.figures)
    else:
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; {arguments.repeats} repeats")
        print("| what | places | years | processor s, median (best to worst) | peak MB above the start |")
        print("|---|---|---|---|---|")
        sizes = [(places, USUAL_YEARS) for places in PLACES] + [(USUAL_PLACES, years) for years in YEARS]
        told = [one for size in dict.fromkeys(sizes) for one in measured(*size, arguments.repeats)]
        found = pd.DataFrame(told)
        if arguments.figures:
            found.to_csv(arguments.figures, index=False)
    slopes(found)
    if arguments.draw:
        drawn(found).save(arguments.draw)


if __name__ == "__main__":
    main()
