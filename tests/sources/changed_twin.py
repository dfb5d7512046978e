"""Another twin: the reference tables with other parameters."""

import csv
import shutil
from pathlib import Path

from forecast.reference import reference


def changed_reference(folder: Path, changes: dict[str, str]) -> Path:
    """A copy of the reference tables in which every twin row of a name has another value."""
    shutil.copytree(reference().folder, folder, dirs_exist_ok=True)
    path = folder / "twin.csv"
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row["value"] = changes.get(row["name"], row["value"])
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return folder
