"""What stands beside the charts and tables of the track record: how to read them, and what they are of."""

from __future__ import annotations

from forecast.figures.track_frames import AHEAD_DAYS, WINDOW_DAYS
from forecast.wording.track_words import AGAIN, SOURCES
from forecast.wording.words import LIKELY

PICTURES = {
    "replay": "This forecast",
    "relative": "The comparison",
    "weeks": "The weeks ahead",
    "origins": "The dates",
    "parts": "The parts",
    "reliability": "The levels",
}
"""What the charts are called on the buttons that give them as pictures."""
HOW = {
    "replay": (
        "The bands are what was forecast then, the thin line with dots is what came. Pale band: "
        f"{LIKELY}; dark band: 1 in 2; thick line: middle. About nine dots in ten should lie inside the pale band; "
        "those outside it are hollow and larger."
    ),
    "weeks": (
        "Each dot is how often the likely range held so many weeks ahead. Dots below the dashed line "
        "mean ranges too narrow, dots above it ranges wider than needed."
    ),
    "origins": (
        "Each dot is one forecast. The days of one forecast hang together, so single dots jump "
        "about; what counts is whether they lie about the dashed line as a whole."
    ),
    "relative": (
        "Dots left of the line 'no change' were closer to what came than a forecast that nothing "
        "changes, dots right of it further off. Both the middle and the range count."
    ),
    "reliability": (
        "On the dashed line as many outcomes lie below each level as should. Dots above it say that "
        "the forecast lay too high there, dots below it too low."
    ),
    "parts": (
        "Each bar is the share of outcomes in one part of the forecast, the mark across it what "
        "would be right. Long outer bars mean ranges too narrow, short ones ranges too wide."
    ),
}
SCORES_ARE = (
    "Score: how far off the forecast was on average, its middle and the width of its range both counted, in the unit "
    "of the measure (weighted interval score over the nine quantiles that a run keeps); lower is better. Miss: how far "
    "the middle was from what came, on average. Lean: how much too high or too low the middle was, on average. All of "
    "them on the same days."
)
PARTS_ARE = (
    "The forecast is pooled from the models below it. For a county each of them is what it said of the county's own "
    "total, and 'no change' is the sum over its hospitals."
)
NO_PARTS = (
    "A run keeps what it said and 'no change'; how each of the models that it was pooled from would have done stands "
    f"under '{SOURCES[AGAIN]}'."
)
PARTS_TABLE = "Share of outcomes in each part of the forecast (histogram of the probability integral transform, PIT)"
LEVELS_TABLE = "Share of outcomes below each level of the forecast (reliability)"
DOUBTED = "Days whose published figure looks wrong are left out; Data lists them."
WINDOW = (
    f"Every figure from here on is of the last {WINDOW_DAYS // 7} weeks and of forecasts up to {AHEAD_DAYS // 7} weeks "
    "ahead, unless it says otherwise."
)
FEW_RUNS = "No earlier run in the folder of runs has been overtaken by published figures yet."
RANGES_ONLY = (
    "This run was made before more was kept than its likely ranges, so that there are no charts to show; the next run "
    "keeps all of it."
)
