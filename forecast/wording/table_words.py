"""Headings, titles and notes of the tables of the workbook. Pure."""

from __future__ import annotations

from forecast.wording import season_captions, wave_captions
from forecast.wording.words import LIKELY

WHY = "Why there is no table"
NOTHING = "This run holds nothing of it."
HALF = (
    "Half of the possible outcomes lie between the low and the high end of 1 in 2; one in four lies below it and one "
    "in four above."
)
SEASON = season_captions.CHECKED
PEAK = wave_captions.WEEK_MARKS
NEEDED = (
    "Places that can be used, open from the first day of the forecast on. The heading says how sure they make us that "
    "nobody waits longer than the plan allows."
)
MEASURE, PLACE, ILLNESS, DAY, WEEK_TO, WEEK_OF = "Measure", "Place", "Illness", "Day", "Week to", "Week beginning"
LOW, MIDDLE, HIGH = "Low end of 9 in 10", "Middle", "High end of 9 in 10"
HALF_LOW, HALF_HIGH = "Low end of 1 in 2", "High end of 1 in 2"
BANDS = {"low": LOW, "quarter": HALF_LOW, "median": MIDDLE, "three_quarters": HALF_HIGH, "high": HIGH}
LATEST, LATEST_WEEK = "Latest published, a day", "Latest published week to"
CHANCE, OVER, PASSED = "Chance (%)", "Week is over", "Chance that the peak has passed"
KIND, HAVE = "Kind of place", "Usable places as now"
PUBLISHED, LOOKS_WRONG = "Published", "What looks wrong"
SETTING, VALUE, SOURCE, STATUS = "Setting", "Value", "Source", "Date and status"
NEWEST, PUBLICATION, AGE = "Newest day used", "Publication", "Age on the as-of day"
WHAT, SAYS, TRACK = "About", "What is said", "Track record"
POINT = "Point"
YES, NO = "yes", "no"
DIRECTION, CHANCES, WEEKS_AHEAD = "Direction", "Chance of each direction", "Weeks ahead"
EXTRA = "Counted on top of places in use today"
INSTRUCTIONS = "This worksheet contains one table."
WITH_NOTES = f"{INSTRUCTIONS} Notes, marked [note 1] and so on, are on the worksheet Notes."
LEGEND = "[x] means that a figure is not available."
CONTENTS_TITLE, NOTES_TITLE = "Table of contents", "Notes"
SHEET, DESCRIPTION = "Worksheet", "What it holds"
NOTE_TEXT = "Note text"
SUMMARY, OUTLOOK_TITLE = "The answer in short", "This week, and in two and in four weeks, averages a day"
DAYS_TITLE = "Fit to leave: forecast of each day"
PAST_TITLE = "Fit to leave: published figures of the last weeks"
SEASON_TITLE = "The season ahead: forecast of each week, averages a day"
WEEKS_TITLE = "Covid and flu: chance of each week to hold the peak"
SIZES_TITLE = "Covid and flu: when and how high the peak is"
NEEDED_TITLE = "Places needed, by how sure we want to be that nobody waits too long"
NEED_TITLE = "People who wait for a place, and in the county who needs one, day by day"
PLAN_TITLE = "Settings of the plan as it is now, with their sources"
RECORD_TITLE = "What past forecasts were worth"
WARNINGS_TITLE = "What to be careful with, and what cannot be said"
DATES_TITLE = "Data: what was used, and how old it was"
CHANGED_TITLE = "What changed since the last forecast, and why"
COUNTED = {"waiting": "wait in hospital", "occupied": "are in a place", "needed": "need a place: wait or are in one"}
COUNT = "People who"


def added(cause: str) -> str:
    """Name what a cause added."""
    return f"Added by: {cause}"


def level_column(level: float) -> str:
    """Return the heading of the places that make us so sure."""
    return f"Places to be {level:.0%} sure"


def cover_intro(simulated: str, place: str) -> list[str]:
    """Return what the cover says first; ``simulated``: the warning, where it applies."""
    said = [
        f"Forecasts of people fit to leave hospital, of Covid and flu, and of the flats and beds needed, for {place}.",
        f"Every forecast is given as a middle and a {LIKELY}: read the range, not the middle alone.",
    ]
    return [simulated, *said] if simulated else said


PART, PARTS = "What", {"before": "Forecast then", "now": "Forecast now"}
CONTACT = "Ask whoever gave you this workbook; the sign-off above says who stands for its figures."
