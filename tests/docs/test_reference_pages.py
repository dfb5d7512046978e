"""The reference names everything that is public, and the tables are described column by column."""

import csv
import re
from pathlib import Path

import pytest
import typer
from public_names import public_objects

import forecast as fc
from forecast.cli import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs"
REFERENCE = ROOT / "data" / "reference"


def page(name):
    return (PAGES / "reference" / name).read_text(encoding="utf-8")


def test_every_public_name_has_its_place_in_the_reference():
    pages = [*(PAGES / "reference").glob("*.md"), *(ROOT / "docs").glob("*.md")]
    drawn = {
        path.rpartition(".")[2] for text in pages for path in re.findall(r"^::: (\S+)", text.read_text(), re.MULTILINE)
    }
    assert sorted(set(public_objects()) - drawn) == []
    assert set(fc.__all__) - {"forecasters"} <= drawn


@pytest.mark.parametrize("table", sorted(path.name for path in REFERENCE.glob("*.csv")))
def test_every_column_of_a_reference_table_is_described_and_no_other(table):
    section = re.search(rf"^## {re.escape(table)}\n(.*?)(?=^## |\Z)", page("tables.md"), re.DOTALL | re.MULTILINE)
    assert section, f"reference/tables.md has no section {table}"
    rows = [line.split("|")[1] for line in section[1].splitlines() if line.startswith("| `")]
    with (REFERENCE / table).open(encoding="utf-8") as file:
        columns = next(csv.reader(file))
    assert sorted(name for row in rows for name in re.findall(r"`([^`]+)`", row)) == sorted(columns)


def test_every_command_has_help_for_itself_and_for_each_option():
    for name, command in typer.main.get_command(app).commands.items():
        assert command.help, name
        assert [option.name for option in command.params if not getattr(option, "help", "")] == [], name
