"""Reference tables of other parts of England, made from the package's with rows replaced, never with code."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from forecast.reference import reference

NORFOLK = ("NORFOLK", "RM1", "RGP", "RCX")
KENT = {"KENT": ("Kent and Medway", "Y59", ("RVV", "RWF", "RN7", "RPA"))}
DEVON = {"DEVON": ("Devon", "Y58", ("RH8", "RA9", "RK9"))}
CORNWALL = {"CORNWALL": ("Cornwall", "Y58", ("REF",))}
SHORT = {
    "RVV": "East Kent",
    "RWF": "Maidstone and Tunbridge Wells",
    "RN7": "Dartford and Gravesham",
    "RPA": "Medway",
    "RH8": "Royal Devon",
    "RA9": "Torbay and South Devon",
    "RK9": "Plymouth",
    "REF": "Royal Cornwall",
}
OWN_ROWS = ("assumptions.csv", "place_schedule.csv", "routes.csv", "queue_rules.csv", "twin.csv")
"""Tables with rows of a county or of its hospitals."""

Rows = list[dict[str, str]]
County = tuple[str, str, Sequence[str]]


def reference_of(folder: Path, counties: Mapping[str, County], *, norfolk: bool = False) -> Path:
    """Write reference tables of counties, code -> (name, NHS region, hospitals); ``norfolk``: beside Norfolk."""
    shutil.copytree(reference().folder, folder)
    _rewrite(folder / "locations.csv", lambda rows: _placed(rows, counties, norfolk))
    for file in () if norfolk else OWN_ROWS:
        _rewrite(folder / file, lambda rows: [row for row in rows if row["location"] not in NORFOLK])
    return folder


def _placed(rows: Rows, counties: Mapping[str, County], norfolk: bool) -> Rows:
    parents = {code: county for county, (_, _, hospitals) in counties.items() for code in hospitals}
    gone = () if norfolk else NORFOLK
    found = [row for row in rows if row["code"] not in gone or row["kind"] != "county"]
    for row in found:
        if row["parent"] in gone:
            row |= {"parent": "Y61", "catchment_share": ""}
        if row["code"] in parents:
            row |= {"parent": parents[row["code"]], "short_name": SHORT[row["code"]]}
    for code, (name, region, _) in counties.items():
        empty = dict.fromkeys(rows[0], "")
        found.append(empty | {"code": code, "name": name, "kind": "county", "parent": region, "source": "a test"})
    return found


def _rewrite(path: Path, change: Callable[[Rows], Rows]) -> None:
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(change(rows))
