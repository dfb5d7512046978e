"""Pages made at build from what the project itself says, so that they cannot grow old."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import typer
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from typer.cli import get_docs_for_click

from forecast.cli import app

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "data" / "reference"

ASSUMPTIONS = {
    "assumptions.csv": "Planning figures",
    "place_schedule.csv": "Flats and beds by date",
    "routes.csv": "Which place serves which pathway",
    "queue_rules.csv": "Which official count says who waits",
    "peak_seasons.csv": "Window in which a peak is looked for",
    "seasons.csv": "Days on which a figure is published at all",
    "holiday_effects.csv": "What bank holidays do to the counts",
}
_HEAD = """---
hide: [toc]
---

# Assumptions log

Every figure about the world that the forecasts and plans rest on and that no published daily return gives. This page is
made from the tables in `data/reference` whenever the site is built, so it is what the program uses. *Unverified* means
that nobody has checked the figure against its owner's records; *own estimate*, that it was worked out here from
published data. To use another figure, change the row (and its source and date) in a copy of the folder and point
`FORECAST_REFERENCE` at it; a plan can also be changed in the app without touching the tables.

"""

_EXIT_CODES = """Made from the program itself when the site is built. Exit code 0: done; 1: it ran but refused to
publish, and says why; 2: wrong usage or input that cannot be read.
"""


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put pages that the navigation does not name under *How to*, so that a new one is never lost."""
    places: list[Any] = config.nav or []
    named = set(re.findall(r"[\w/-]+\.md", str(places))) | {"index.md"}
    new = sorted(path.name for path in Path(config.docs_dir).glob("*.md") if path.name not in named)
    for section in places:
        if "How to" in section:
            section["How to"] += [name for name in new if name not in section["How to"]]
    return config


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages to those that lie in the folder."""
    for address, make in PAGES.items():
        files.append(File.generated(config, address, content=make()))
    return files


def assumptions() -> str:
    """Every row of the tables of assumptions, with unit, source, date and status."""
    parts = [_HEAD]
    for name, title in ASSUMPTIONS.items():
        frame = pd.read_csv(REFERENCE / name, dtype=str, keep_default_na=False)
        parts += [f"## {title}\n\n`data/reference/{name}`, {len(frame)} rows.\n\n", table(told(frame)), "\n"]
    return "".join(parts)


def told(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows in fewer columns: value with unit and range, source with its date."""
    if {"value", "unit", "low", "high"} <= set(frame):
        ends = zip(frame["low"], frame["high"], strict=True)
        ranges = [f" ({low or '…'} to {high or '…'})" if low or high else "" for low, high in ends]
        frame = frame.assign(value=frame["value"] + " " + frame["unit"] + ranges)
        frame = frame.drop(columns=["unit", "low", "high"])
    if {"source", "date"} <= set(frame):
        frame = frame.assign(source=frame["source"] + ", " + frame["date"]).drop(columns="date")
    return frame


def table(frame: pd.DataFrame) -> str:
    """A Markdown table; columns without any value are left out."""
    kept = [name for name in frame if (frame[name] != "").any()]
    lines = ["| " + " | ".join(str(name).replace("_", " ") for name in kept) + " |", "|" + " --- |" * len(kept)]
    lines += ["| " + " | ".join(map(_cell, row)) + " |" for row in frame[kept].itertuples(index=False)]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    code = re.fullmatch(r"[a-z0-9]+(?:_[a-z0-9]+)+", text)
    safe = text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
    return f"`{text}`" if code else safe


def command_line() -> str:
    """What ``forecast --help`` and its commands say."""
    command = typer.main.get_command(app)
    context = typer.Context(command, info_name="forecast")
    said = get_docs_for_click(obj=command, ctx=context, name="forecast", title="Command line")
    lines = [
        f"* [`{name}`](#forecast-{name}): {(one.help or '').splitlines()[0]}" for name, one in command.commands.items()
    ]
    said = re.sub(r"(?<=\*\*Commands\*\*:\n\n)(?:\* .*\n)+", "\n".join(lines) + "\n", said)
    title, _, rest = said.partition("\n")
    return f"{title}\n\n{_EXIT_CODES}\n{rest}"


def beside(path: str, title: str = "") -> Callable[[], str]:
    """Return a function that gives a Markdown file from outside ``docs``, under another title where one is given."""

    def read() -> str:
        text = (ROOT / path).read_text(encoding="utf-8")
        text = re.sub(r"\A# .*", f"# {title}", text) if title else text
        return re.sub(r"(?<=\]\()(?!https?:|#|mailto:)", "../" * 2 + _folder(path), text)

    return read


def _folder(path: str) -> str:
    folder = Path(path).parent.as_posix()
    return "" if folder == "." else f"{folder}/"


PAGES: dict[str, Callable[[], str]] = {
    "reference/assumptions.md": assumptions,
    "reference/command-line.md": command_line,
    "reference/runs.md": beside("models/README.md", "Layout of a run"),
    "reference/results.md": beside("benchmarks/RESULTS.md"),
    "reference/changes.md": beside("CHANGELOG.md", "Changes"),
}
