"""The sentence on how often likely ranges have held, as it stands under every chart and in every export."""

from __future__ import annotations

from forecast.figures import track_frames
from forecast.runs import Run, track
from forecast.runs.diary import Diary, diary_of, listing
from forecast.wording import track_words


def held(run: Run, metric: str, place: str, diary: Diary | None = None) -> str:
    """Say how often the likely range of a place has held, and what that rests on; empty where too little is known.

    From past runs where there are enough of them, else from forecasts made again.

    Parameters
    ----------
    diary
        What earlier runs said of the metric; read from the folder of the run where left out.
    """
    told = (diary_of(run, metric, listing(run.path.parent)) if diary is None else diary).rows
    own = track_frames.ranges_of(told[told["location"] == place])
    if track_frames.forecasts(own) >= track_frames.FEWEST_RUNS:
        return track_words.held(track_frames.held(own), real=True)
    return track_words.held(made_again(run, metric, place), real=False)


def made_again(run: Run, metric: str, place: str) -> track_frames.Held | None:
    """Return how often the likely ranges of forecasts made again held at a place; None where too little is known."""
    again = track.likely_ranges(run, metric)
    return track_frames.held(again[again["location"] == place])
