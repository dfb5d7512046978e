"""What the page says of the files that can be taken away. Pure."""

from __future__ import annotations

from collections.abc import Mapping

HEADING = "Take away"
INTRO = (
    "Each file carries the dates of its data, the run, the version of the code, and who signed the figures off. "
    "A file is made when you ask for it."
)
SIMULATED = "The word simulated stands in every file and in its name."
LABELS: Mapping[str, str] = {
    "briefing": "Briefing, two pages (HTML)",
    "slides": "Slides (PowerPoint)",
    "workbook": "Workbook of tables (Excel)",
    "pictures": "Every chart (SVG and PNG)",
    "hub": "For analysts: hubverse CSV",
}
"""Kind of file to the words on its button, in the order in which people want them."""
TELLS: Mapping[str, str] = {
    "briefing": "opens in any browser and prints on two sides of A4",
    "slides": "six slides, with charts that can be changed in PowerPoint",
    "workbook": "every table, to the government's standard for accessible spreadsheets",
    "pictures": "one archive of pictures for reports, each with its source; takes up to a minute",
    "hub": "quantiles in the exchange format of the forecasting hubs, with a description of the model",
}


def tells() -> list[str]:
    """Say what each file is."""
    return [f"{LABELS[kind]}: {what}." for kind, what in TELLS.items()]


def picture_label(kind: str, what: str) -> str:
    """Return the words on the button of a picture; ``what``: the chart, where a page has several."""
    return f"{what} as a picture ({kind.upper()})" if what else f"Chart as a picture ({kind.upper()})"
