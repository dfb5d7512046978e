"""What the pages explain once: how to read the figures, and what each count counts."""

from __future__ import annotations

from forecast.summary import LEVEL_BAND, SURE
from forecast.wording.words import EITHER, chance

FIRST_CHECK = (
    "How often they have held so far is on Track record. On past dates those of flu held somewhat less often than nine "
    "times in ten: near a peak treat them as too narrow."
)
HOW_TO_READ = (
    'The figures are averages a day over a week, so that quiet weekends do not mislead: "week to Sunday 12 January" '
    "means the seven days that end on it.",
    "Likely range (9 in 10): we expect the week's average to lie inside it nine times out of ten, and outside it once. "
    + FIRST_CHECK,
    f"Up, level or down: whether that average is more than {chance(LEVEL_BAND)} above the latest published week, "
    f"within {chance(LEVEL_BAND)} of it, or more than {chance(LEVEL_BAND)} below. The chance says how sure we are.",
    f"Level or up, level or down: neither of the two alone has a chance of {chance(SURE)}, but both together have one "
    f"of {chance(EITHER)} or more. No clear direction: not even that.",
    "No forecast: the published figures are missing, too old or wrong.",
    "Figures are rounded one by one, so that sums and chances may be one out.",
)
WEEKLY_AND_DAILY = (
    "The chart shows single days, and counts differ by weekday, so its days lie above and below the weekly averages "
    "given here and on This week."
)
NO_CHANGE = (
    "No change: a forecast that only carries the last value on, with the spread that such a guess has had so far. It "
    "is there to compare with."
)
INDEPENDENT = "The county's range takes the hospitals as independent; if they move together, it is wider."
WHO = {
    "nctr_patients": "people fit to leave but still in hospital in the morning",
    "nctr_remaining": "people fit to leave and still in a bed at the end of the day",
}
COUNT_MEANS = {
    "nctr_patients": "everyone who no longer needed to be in an acute hospital bed that day, including those who left "
    "later in the day.",
    "nctr_remaining": "of those, the people who had not left by midnight. This is the count of the national headlines.",
}
