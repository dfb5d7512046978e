"""Tables of places: how many would do, who needs one when, and the settings of the plan as now."""

from __future__ import annotations

import math
from collections.abc import Sequence

from forecast.briefing import Briefing
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.names import PRODUCT_LABELS
from forecast.reading import by_name
from forecast.runs import Run
from forecast.takeaway.tables import MISSING, Table, table
from forecast.wording import placement_captions, table_words
from forecast.wording.table_words import HIGH, KIND, LOW, MIDDLE, PLACE
from forecast.wording.words import short_day

BANDS = {0.05: LOW, 0.5: MIDDLE, 0.95: HIGH}


def needed(briefings: Sequence[Briefing]) -> Table:
    """Places that make us so sure that nobody waits too long, beside the places as now."""
    found = [
        {
            PLACE: one.place,
            KIND: _kind(need.product),
            table_words.HAVE: MISSING if need.extra and not need.usable else need.usable,
            table_words.EXTRA: table_words.YES if need.extra else table_words.NO,
            **{
                table_words.level_column(level): MISSING if math.isnan(places) else math.ceil(places)
                for level, places in need.needed.items()
            },
        }
        for one in briefings
        for need in one.needs
    ]
    notes = {heading: ("needed",) for heading in (found[0] if found else ()) if heading.endswith("sure")}
    said = [_cannot(one.place, one.no_places) for one in briefings if one.no_places]
    return table("Places needed", table_words.NEEDED_TITLE, found, notes, said)


def need(run: Run) -> Table:
    """People who wait, are in a place or need one, by day, place and kind of place."""
    found, said = [], []
    names = by_name.places(run)
    for county in run.counties:
        if reason := run.no_placements(county):
            said.append(_cannot(names[county], reason))
            continue
        counts = run.placements(county)
        wide = counts[counts["quantile"].isin(BANDS)].pivot(
            index=["what", "location", "product", "date"], columns="quantile", values="value"
        )
        for row in wide.reset_index().to_dict("records"):
            what, code, product = str(row["what"]), str(row["location"]), str(row["product"])
            # Nobody publishes from which hospital those in a place came: only the county's are told.
            if product not in PRODUCT_LABELS or (what != "waiting" and code != county):
                continue
            found.append(
                {
                    PLACE: names.get(code, code),
                    table_words.COUNT: table_words.COUNTED[what],
                    KIND: _kind(product),
                    table_words.DAY: short_day(row["date"]),
                    **{heading: round(float(row[level])) for level, heading in BANDS.items()},
                }
            )
    return table("Need by day", table_words.NEED_TITLE, found, {LOW: ("likely",), HIGH: ("likely",)}, said)


def settings(run: Run) -> Table:
    """Every setting of the plan as now, with its source."""
    found = []
    for county in run.counties:
        for row in PlacementPlan.of(county).settings().to_dict("records"):
            unit = f" {row['unit']}" if row["unit"] else ""
            found.append(
                {
                    PLACE: by_name.places(run)[county],
                    table_words.SETTING: row["label"],
                    table_words.VALUE: f"{row['value']}{unit}",
                    table_words.SOURCE: by_name.named(str(row["source"])),
                    table_words.STATUS: "; ".join(filter(None, [str(row["date"]), str(row["status"])])),
                    "Note": by_name.named(str(row["note"])),
                    "Allowed": row["allowed"],
                }
            )
    return table("Plan settings", table_words.PLAN_TITLE, found)


def _kind(product: str) -> str:
    return placement_captions.first_up(PRODUCT_LABELS[product])


def _cannot(place: str, reason: str) -> str:
    return placement_captions.cannot_say(place, {place: reason})
