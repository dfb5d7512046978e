"""The workbook of tables, to the UK government's standard for accessible spreadsheets.

Written with gptables, which by itself turns a text that begins with an equals sign into a live formula, an address into
a link, ``[text](address)`` into a link and ``$$`` into a note. Here every text stays a text: see ``harmless``.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from io import BytesIO
from textwrap import wrap
from typing import Any

import gptables as gpt
import pandas as pd

from forecast.briefing import Briefing
from forecast.reading.fans import Fans
from forecast.runs import Run
from forecast.takeaway import forecast_tables, plan_tables, run_tables
from forecast.takeaway.origin import Origin, plain
from forecast.takeaway.packages import fixed
from forecast.takeaway.tables import Table
from forecast.takeaway.tables import notes as every_note
from forecast.wording import table_words, takeaway_words, words

TEXTS_ONLY = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
COVER, CONTENTS, NOTES_SHEET = "Cover", "Contents", "Notes"
WIDEST, WIDE, FIRST, NARROWEST = 80, 36, 46, 11
"""Widths of columns in letters: the widest of few columns and of many, of the first one, and the narrowest."""
FEW = 4
LETTER, LINE = 1.0, 15.5
"""Width of a letter of the theme's type, in the letters that Excel counts widths in; height of a line, in points."""
HEADED = 2
"""Row of the headings on the sheets of contents and notes, counted from 0."""
A4 = 9


def workbook(run: Run, briefings: Sequence[Briefing], origin: Origin) -> bytes:
    """Return the workbook of a run (xlsx): cover, contents, notes, and one sheet a table."""
    return written(tables_of(run, briefings), origin, [one.place for one in briefings])


def tables_of(run: Run, briefings: Sequence[Briefing]) -> list[Table]:
    """Tables of a run in the order of the sheets."""
    fans = Fans(run)
    return [
        run_tables.summary(briefings),
        forecast_tables.outlook(run),
        forecast_tables.days(run, fans),
        forecast_tables.published(run, fans),
        forecast_tables.season(run, fans),
        forecast_tables.peak_weeks(run),
        forecast_tables.peak_sizes(run),
        plan_tables.needed(briefings),
        plan_tables.need(run),
        plan_tables.settings(run),
        run_tables.record(run),
        run_tables.changed(run),
        run_tables.warnings(run, briefings),
        run_tables.dates(run),
    ]


def written(tables: Sequence[Table], origin: Origin, places: Sequence[str]) -> bytes:
    """Write tables as a workbook with cover, contents and notes."""
    used = list(dict.fromkeys(key for one in tables for keys in one.notes.values() for key in keys))
    texts = every_note()
    notes = pd.DataFrame({"key": used, table_words.NOTE_TEXT: [harmless(texts[key]) for key in used]})
    sheets = {one.sheet: _sheet(one, origin) for one in tables}
    found = BytesIO()
    with warnings.catch_warnings():
        # Of gptables: what it will have to change for a later pandas, and that a sheet has no note.
        warnings.simplefilter("ignore")
        book = gpt.produce_workbook(
            found,
            sheets,
            cover=_cover(origin, places),
            contentsheet_label=CONTENTS,
            contentsheet_options={
                "title": table_words.CONTENTS_TITLE,
                "instructions": table_words.INSTRUCTIONS,
                "column_names": [table_words.SHEET, table_words.DESCRIPTION],
            },
            notes_table=notes if used else None,
            notesheet_label=NOTES_SHEET,
            notesheet_options={"title": table_words.NOTES_TITLE, "instructions": table_words.INSTRUCTIONS},
            auto_width=False,
            workbook_options=TEXTS_ONLY,
        )
        for sheet in book.worksheets():
            sheet.set_paper(A4)
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
        for one in tables:
            _room(book.get_worksheet_by_name(one.sheet), sheets[one.sheet].table, sheets[one.sheet].data_range[0])
        _room(book.get_worksheet_by_name(CONTENTS), _contents(tables), HEADED)
        if used:
            _room(book.get_worksheet_by_name(NOTES_SHEET), _numbered(notes), HEADED)
        book.set_properties(
            {
                "title": harmless(takeaway_words.title(words.listed(places))),
                "subject": harmless(origin.line),
                "author": takeaway_words.MAKER,
                "comments": words.SIMULATED if origin.simulated else "",
                "created": origin.as_of.to_pydatetime(),
            }
        )
        book.close()
    return fixed(found.getvalue(), origin.as_of)


def harmless(text: str) -> str:
    """Return a text that gptables writes as it is: on one line, no note and no link in it, with a letter or digit."""
    shown = plain(text)
    while "$$" in shown:
        shown = shown.replace("$$", "$ $")
    shown = shown.replace("](", "] (")
    return shown if re.search(r"[a-zA-Z0-9]", shown) or not shown else f"{shown} (only symbols)"


def _sheet(one: Table, origin: Origin) -> gpt.GPTable:
    frame = one.frame.rename(columns={name: harmless(str(name)) for name in one.frame})
    frame = frame.map(lambda value: harmless(value) if isinstance(value, str) else value).astype(object)
    marks = {harmless(name): "".join(f"$${key}$$" for key in keys) for name, keys in one.notes.items()}
    said = [harmless(text) for text in one.said] if len(frame.columns) > 1 else []
    legend = [table_words.LEGEND] if frame.isin(["[x]"]).to_numpy().any() else []
    return gpt.GPTable(
        table=frame,
        table_name=one.name,
        title=harmless(one.title),
        subtitles=[words.SIMULATED] if origin.simulated else [],
        instructions=table_words.WITH_NOTES if marks else table_words.INSTRUCTIONS,
        legend=[*legend, *said],
        source=harmless(origin.lines[0]),
        scope=harmless(origin.lines[1]),
        table_notes=marks or None,
        index_columns={2: 0},
        additional_formatting=[
            {
                "column": {
                    "columns": [at],
                    "include_names": True,
                    "format": {"valign": "top", **_side(frame[name])},
                }
            }
            for at, name in enumerate(frame)
        ],
    )


def _side(values: pd.Series) -> dict[str, object]:
    """Side on which a column stands: numbers on the right, also where some are not available."""
    numbers = any(isinstance(value, int | float) for value in values)
    return {"align": "right"} if numbers else {"align": "left", "indent": 1}


def _cover(origin: Origin, places: Sequence[str]) -> gpt.Cover:
    where = harmless(words.listed(places))
    return gpt.Cover(
        title=harmless(takeaway_words.title(words.listed(places))),
        intro=table_words.cover_intro(words.SIMULATED if origin.simulated else "", where),
        about=[harmless(f"{name}: {value}") for name, value in origin.facts.items()],
        contact=[harmless(table_words.CONTACT)],
        cover_label=COVER,
        width=100,
    )


def _contents(tables: Sequence[Table]) -> pd.DataFrame:
    return pd.DataFrame(
        {table_words.SHEET: [one.sheet for one in tables], table_words.DESCRIPTION: [one.title for one in tables]}
    )


def _numbered(notes: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({"Note number": range(1, len(notes) + 1), table_words.NOTE_TEXT: notes[table_words.NOTE_TEXT]})


def _room(sheet: Any, frame: pd.DataFrame, header: int) -> None:
    """Give columns and rows the room that their texts need: no spreadsheet but Excel finds it by itself."""
    widest = WIDEST if len(frame.columns) <= FEW else WIDE
    widths = [_width(str(name), frame[name], widest if at else FIRST) for at, name in enumerate(frame)]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    rows = [list(frame.columns), *frame.to_numpy().tolist()]
    for at, row in enumerate(rows):
        lines = max(_lines(str(value), width) for value, width in zip(row, widths, strict=True))
        if lines > 1:
            sheet.set_row(header + at, LINE * lines + 2)


def _width(name: str, values: pd.Series, widest: float) -> float:
    """Width of a column: of its longest text, within bounds, and of the longest word of its heading."""
    longest = max((len(str(value)) for value in values), default=0)
    word = max(len(part) for part in name.split())
    return min(max(LETTER * longest + 3, LETTER * word + 2, NARROWEST), widest)


def _lines(text: str, width: float) -> int:
    """Count the lines that a text takes in a column."""
    return sum(len(wrap(line, max(int(width / LETTER), 1))) or 1 for line in text.split("\n"))
