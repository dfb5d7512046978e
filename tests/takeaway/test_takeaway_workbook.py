"""The workbook: the accessible standard, the run's figures, and no text that a spreadsheet would run."""

import re
from io import BytesIO
from zipfile import ZipFile

import numpy as np
import pandas as pd
import pytest
from made_runs import AS_OF, COUNTY, HOSPITALS, figures
from made_whole_runs import NEEDED, NO_PLACES
from openpyxl import load_workbook

from forecast.takeaway.origin import Origin
from forecast.takeaway.tables import Table
from forecast.takeaway.workbook import harmless, workbook, written
from forecast.wording import words

FRONT = ["Cover", "Contents", "Notes"]
HOSTILE = (
    '=HYPERLINK("http://x","y")',
    "{=1+1}",
    "+1",
    "@SUM(A1)",
    "-2+3",
    "\t=1+1",
    "\r=cmd|'/c calc'!A0",
    "http://example.org/x",
    "mailto:a@example.org",
    "internal:'Cover'!A1",
    "[press](http://example.org)",
    "$$likely$$ $$$$unknown$$",
    "=",
    "45672",
)


@pytest.fixture(scope="module")
def made(whole):
    from forecast.briefing import briefing

    told = [briefing(whole, COUNTY, signed="Signed off by A. Person")]
    return workbook(whole, told, Origin.of(whole, "Signed off by A. Person"))


@pytest.fixture(scope="module")
def book(made):
    return load_workbook(BytesIO(made))


def rows_of(book, sheet):
    """Rows of the one table of a sheet, by heading without its notes."""
    (table,) = book[sheet].tables.values()
    header, *rows = book[sheet][table.ref]
    names = [str(cell.value).split("\n")[0] for cell in header]
    return [dict(zip(names, [cell.value for cell in row], strict=True)) for row in rows]


def test_every_sheet_but_the_cover_holds_one_table_at_the_left_under_its_title_and_nothing_below(book):
    assert book.sheetnames[:3] == FRONT
    names = []
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        names.append(table.name)
        first, last = table.ref.split(":")
        assert first.startswith("A")
        assert sheet["A1"].value
        assert sheet["A1"].font.bold
        assert sheet.max_row == int(re.sub("[A-Z]", "", last))
        assert table.headerRowCount == 1
        assert table.autoFilter is None
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z_]+", name) for name in names)


def test_nothing_is_merged_frozen_hidden_blank_or_drawn(book, made):
    for sheet in book.worksheets:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes is None
        assert sheet.sheet_state == "visible"
        assert not any(one.hidden for one in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()))
        for table in sheet.tables.values():
            assert all(cell.value not in (None, "") for row in sheet[table.ref] for cell in row), sheet.title
    assert not [name for name in ZipFile(BytesIO(made)).namelist() if re.search("vba|drawing|media", name)]


def test_the_contents_link_to_every_sheet_and_every_note_mark_has_its_text(book):
    listed = rows_of(book, "Contents")
    assert [row["Worksheet"] for row in listed] == book.sheetnames[3:]
    assert {cell.hyperlink.location for cell in book["Contents"]["A"] if cell.hyperlink} == {
        f"'{name}'!A1" for name in book.sheetnames[3:]
    }
    marks = {
        int(mark)
        for sheet in book.worksheets[3:]
        for row in sheet.iter_rows()
        for cell in row
        for mark in re.findall(r"\[note (\d+)\]", str(cell.value or ""))
        if cell.row > 4 or "marked" not in str(cell.value)
    }
    notes = rows_of(book, "Notes")
    assert marks == {row["Note number"] for row in notes}
    assert "nine times out of ten" in next(row["Note text"] for row in notes if row["Note text"].startswith("Likely"))


def test_the_figures_are_the_runs(book, whole):
    frame = whole.summary
    for row in rows_of(book, "This week"):
        code = {"Norfolk and Norwich": "RM1", "James Paget": "RGP", "Queen Elizabeth King's Lynn": "RCX"}.get(
            row["Place"], COUNTY
        )
        if row["Measure"] != "Fit to leave, before the day's discharges":
            continue
        own = figures(whole, code)[[2, 4].index(row["Weeks ahead"])]
        found = [
            row[name] for name in ("Latest published, a day", "Low end of 9 in 10", "Middle", "High end of 9 in 10")
        ]
        assert found == [round(own[name]) for name in ("now", "low", "median", "high")]
    assert len(rows_of(book, "This week")) == len(frame)
    paths = whole.trajectories("nctr_patients").select(["RGP"])
    last = [
        row
        for row in rows_of(book, "Fit to leave by day")
        if row["Place"] == "James Paget" and row["Measure"].endswith("before the day's discharges")
    ][-1]
    levels = np.quantile(paths.paths[0, :, -1], [0.05, 0.25, 0.5, 0.75, 0.95]).round()
    assert [value for name, value in last.items() if name not in ("Measure", "Place", "Day")] == levels.tolist()
    assert last["Day"] == "20 February 2025"


def test_peaks_and_places_are_the_runs(book, whole):
    chances = whole.peaks("flu_beds").week_probabilities["RM1"]
    weeks = [r for r in rows_of(book, "Peak weeks") if (r["Illness"], r["Place"]) == ("Flu", "Norfolk and Norwich")]
    assert weeks
    for row in weeks:
        assert row["Chance (%)"] == round(100 * chances[pd.Timestamp(row["Week beginning"])], 1)
    needed = {row["Kind of place"]: row for row in rows_of(book, "Places needed")}
    assert [needed["Housing-with-care flats"][f"Places to be {level}% sure"] for level in (80, 90, 95)] == list(
        NEEDED["flat"]
    )
    assert needed["Housing-with-care flats"]["Usable places as now"] == 44
    beds = next(row for name, row in needed.items() if name.startswith("Care"))
    assert beds["Places to be 95% sure"] == "[x]"
    need = [r for r in rows_of(book, "Need by day") if r["People who"].startswith("need")]
    assert {row["Place"] for row in need} == {"Norfolk, three hospitals together"}


def test_a_date_is_a_date_that_people_read_and_the_file_carries_the_runs_day(book, made):
    dated = ("Day", "Week to", "Week beginning", "Latest published week to", "Newest day used")
    seen = 0
    for sheet in book.sheetnames[3:]:
        for row in rows_of(book, sheet):
            for name in dated:
                if row.get(name) not in (None, "[x]"):
                    assert re.fullmatch(r"\d{1,2} [A-Z][a-z]+ 20\d\d", row[name]), (sheet, row)
                    seen += 1
    assert seen > 500
    assert book.properties.created == AS_OF.to_pydatetime()
    assert "http" not in str(book.properties.creator)


def test_every_sheet_says_that_figures_are_simulated_and_where_they_come_from(book, whole):
    for sheet in book.worksheets:
        top = "\n".join(str(row[0]) for row in sheet.iter_rows(max_row=12, max_col=1, values_only=True))
        if sheet.title not in FRONT[1:]:
            assert words.SIMULATED in top
            assert whole.id in top
            assert "Signed off by A. Person" in top
            assert "0.1.0+test" in top


def test_the_same_run_gives_the_same_bytes_and_no_trace_of_the_machine(bare, told, made, whole):
    assert workbook(bare, *told(bare, HOSTILE[0])) == workbook(bare, *told(bare, HOSTILE[0]))
    with ZipFile(BytesIO(made)) as parts:
        everything = b"".join(parts.read(name) for name in parts.namelist())
    assert str(whole.path.parent).encode() not in everything


def hostile_book(text):
    origin = Origin(AS_OF, False, {"Run": text, "Data to": text, "Sign-off": text, "Code version": text, "As of": text})
    frame = pd.DataFrame({f"x {text}": ["a", text], "Number": [1, 2], "Text": [text, "b"]})
    tables = [
        Table("First", text, frame, {f"x {text}": ("likely",)}, [text]),
        Table("Second", f"about {text}", pd.DataFrame({text: [text]})),
    ]
    return written(tables, origin, [text])


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_stays_a_text_wherever_it_stands(text):
    made = hostile_book(text)
    with ZipFile(BytesIO(made)) as parts:
        for name in parts.namelist():
            part = parts.read(name).decode()
            if name.startswith("xl/worksheets/sheet"):
                assert "<f>" not in part
                assert "<f " not in part
            assert 'TargetMode="External"' not in part
            assert "Formula>" not in part
    book = load_workbook(BytesIO(made))
    shown = harmless(text)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value == shown]
    assert len(cells) >= 5
    assert {cell.data_type for cell in cells} == {"s"}
    assert not any(cell.hyperlink for cell in cells)
    links = [cell.hyperlink for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert {link.location for link in links} == {"'First'!A1", "'Second'!A1"}
    assert all(link.target is None for link in links)


def test_what_a_run_does_not_hold_has_a_sheet_that_says_why_and_its_remarks_are_texts(bare, told):
    made = workbook(bare, *told(bare, HOSTILE[0]))
    book = load_workbook(BytesIO(made))
    said = {
        sheet: " ".join(str(cell.value) for row in book[sheet].iter_rows() for cell in row if cell.value)
        for sheet in book.sheetnames
    }
    assert "out of season" in said["Peak weeks"]
    assert "does not look so far ahead" in said["Season ahead"]
    assert NO_PLACES in said["Places needed"]
    assert "no usable value since 1 December 2024" in said["Warnings"]
    assert "SIMULATED" not in " ".join(said.values())
    assert set(HOSPITALS).isdisjoint(said["This week"].split())
    # The remark of the run and the sign-off, both of them formulas by their looks.
    assert HOSTILE[0] in said["Warnings"]
    assert HOSTILE[0] in said["Cover"]
    with ZipFile(BytesIO(made)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f" + end in sheet for sheet in sheets for end in (">", " "))
