"""Flats & beds: who waits in hospital at the county and each of its hospitals, side by side."""

from __future__ import annotations

from typing import Any

import pandas as pd

from forecast.figures import placement_frames as frames
from forecast.figures.fan import Fan
from forecast.pages import side_by_side
from forecast.pages.placement_sections import View, figures, unpublished, whens
from forecast.placements.results import ALL
from forecast.wording import multiple_captions, words
from forecast.wording import placement_captions as said


def together(view: View) -> None:
    """Draw who waits at every place of the county, small."""
    result = view.result
    names = {code: view.names[code] for code in (result.county, *result.hospitals)}
    found = frames.who_waits(result, list(names), view.run.as_of)
    found = found[found["pathway"] == ALL]
    own = {code: _records(found[found["location"] == code]) for code in names}
    last = {
        names[code]: {**rows[-1], "median": rows[-1]["middle"]} for code, rows in own.items() if code != result.county
    }
    day = pd.Timestamp(found["date"].iloc[-1])
    side_by_side.draw(
        view.run,
        {code: side_by_side.short(_waiting(view, code), code) for code in names},
        {code: said.waiting_lines(rows[0], rows[-1]) for code, rows in own.items()},
        view.where,
        heading=said.TOGETHER_HEADING,
        finding=multiple_captions.finding(last, f"hospital on {words.short_day(day)}"),
        caption=f"People who wait in hospital for any of these places, middle and {words.LIKELY}",
        columns=["Place", *whens(found)],
        rows=[[names[code], *figures(found[found["location"] == code])] for code in names],
        name="who-waits",
    )


def _waiting(view: View, code: str) -> Fan:
    return unpublished(view, said.WAITING, view.names[code], frames.waiting_bands(view.result, code))


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
