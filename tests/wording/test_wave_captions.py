"""What is said of waves, in plain sentences."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from forecast.charts import fan_charts, wave_charts
from forecast.figures import wave_frames
from forecast.trajectories import DIMS, Trajectories
from forecast.waves.peaks import peak
from forecast.wording import lag_captions, wave_captions
from forecast.wording.words import SIMULATED

WINDOW = (pd.Timestamp("2024-10-01"), pd.Timestamp("2025-04-30"))
ORIGIN = pd.Timestamp("2024-12-15")
JAMES = wave_frames.Subject("flu", "James Paget", "flu patients in hospital", True)


def found(*rows, observed=None, origin=ORIGIN, weeks=20):
    """Peaks of weekly paths that go on at 1 to the end of the season."""
    values = np.array([[*row, *[1] * (weeks - len(row))] for row in rows], dtype=float)[None]
    dates = pd.date_range(origin + pd.Timedelta(days=1), periods=weeks, freq="7D")
    coords = {"location": ["RGP"], "sample": np.arange(len(rows)), "date": dates}
    t = Trajectories(xr.DataArray(values, dims=DIMS, coords=coords), "flu_beds", origin)
    panel = None
    if observed is not None:
        index = pd.date_range(end=origin - pd.Timedelta(days=6), periods=len(observed), freq="7D")
        panel = pd.DataFrame({"RGP": np.asarray(observed, dtype=float)}, index=index)
    return peak(t, observed=panel, window=WINDOW)


def test_a_peak_to_come_is_told_with_its_week_height_and_chances():
    assert wave_captions.peak_story(found([30, 20], [10, 40], [10, 30], [1, 20]), "RGP", JAMES) == [
        "Most likely peak: the week of 23 December 2024 (75% chance; likely range (9 in 10) from the week of "
        "16 December 2024 to that of 23 December 2024).",
        "How high: about 30 patients a day in its highest week, likely range (9 in 10) 22 to 38.",
        "The chance that the peak has passed is less than 1%, from figures to 15 December 2024.",
    ]


def test_a_peak_that_has_probably_passed_is_told_first():
    said = wave_captions.peak_story(found([30], [10], [10], [10], observed=[20, 25, 22]), "RGP", JAMES)
    assert said[0] == "Flu has probably peaked here already (75% chance, from figures to 15 December 2024)."
    assert said[1].startswith("Most likely peak: the week of 2 December 2024 (75% chance; ")


def test_where_a_week_that_is_over_leads_but_the_peak_is_likely_to_come_both_are_told():
    said = wave_captions.peak_story(found([30], [10], [10], [10, 40], [1, 1, 50], observed=[20, 25, 22]), "RGP", JAMES)
    assert said[0] == (
        "Highest so far: the week of 2 December 2024 (40% chance that it stays the highest). More likely the peak is "
        "still to come, if so most likely in the week of 16 December 2024 (20% chance; likely range (9 in 10) up to "
        "the week of 30 December 2024)."
    )


def test_the_last_week_of_the_season_stands_for_later_peaks():
    late = found([10, 30], origin=pd.Timestamp("2025-04-20"))
    assert wave_captions.week_marks(late, "RGP").endswith(
        " The last week shown also stands for a peak after 30 April 2025."
    )
    assert wave_captions.week_marks(found([10, 30]), "RGP") == wave_captions.WEEK_MARKS


def test_paths_that_still_rise_at_the_season_s_end_do_not_make_its_last_week_the_likeliest():
    # three paths rise to the end: their last week is no date
    rising = list(range(10, 30))
    rows = [[1] * week + [60] for week in (2, 5, 5, 9, 13)]
    said = wave_captions.peak_story(found(*rows, rising, rising, rising), "RGP", JAMES)
    assert said[0].startswith("Most likely peak: the week of 20 January 2025 (25% chance; ")
    assert said[0].endswith("to that of 21 April 2025).")
    said = wave_captions.peak_story(found([1, 60], rising, rising), "RGP", JAMES)
    assert said[0].startswith("Most likely peak: the week of 21 April 2025 (67% chance; ")


def test_a_forecast_that_ends_early_says_that_a_later_peak_would_not_be_seen():
    said = wave_captions.peak_story(found([10, 30], weeks=3), "RGP", JAMES)
    assert said[-1] == "The forecast ends on 2 January 2025: a later peak would not be seen."


def test_a_season_that_is_over_is_told_as_a_fact():
    over = found([9], [9], observed=[20] * 10 + [55] + [20] * 24, origin=pd.Timestamp("2025-06-01"))
    assert wave_captions.peak_story(over, "RGP", JAMES) == [
        "Flu peaked here in the week of 9 December 2024, at about 55 patients a day."
    ]


def test_what_cannot_be_said_has_its_reason():
    said = wave_captions.peak_story(found([1, 2], [2, 1]), "RGP", JAMES)
    assert len(said) == 1
    assert said[0].startswith("When flu peaks here cannot be said: the wave is too small")
    assert wave_captions.fortnight(float("nan"), "the peak of flu is not known") == (
        "Whether flu and Covid peak here within the same fortnight cannot be said: the peak of flu is not known."
    )
    told = wave_captions.fortnight(0.31, "")
    assert told.endswith("peak here within the same fortnight is 31%, if neither wave bears on the other.")


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((12, 8, 15), "About 12 days behind England this winter, likely range (9 in 10) 8 to 15 days behind."),
        (
            (1, -2, 4),
            "About 1 day behind England this winter, likely range (9 in 10) from 2 days ahead to 4 days behind.",
        ),
        ((-3, -6, -1), "About 3 days ahead of England this winter, likely range (9 in 10) 1 to 6 days ahead."),
        ((0, -2, 2), "In step with England this winter, likely range (9 in 10) from 2 days ahead to 2 days behind."),
    ],
)
def test_days_behind_england_are_told_in_words(days, said):
    assert lag_captions.lag_story(*days) == said


def test_the_usable_warning_is_what_the_delay_of_publication_leaves():
    late = "England's newest figures are 4 days old on the day of this forecast"
    assert lag_captions.warning(8, 4, 11, 4) == (
        f"{late}, so its curve gives about 8 days of usable warning (likely range (9 in 10) 4 to 11)."
    )
    assert lag_captions.warning(-1, -4, 2, 4) == f"{late}, so its curve gives no usable warning here."


def test_days_above_a_threshold_are_told_with_those_of_so_far():
    days = np.repeat([10.0, 24, 60], [1, 8, 1])
    assert wave_captions.above_story(days, 30, 5, found([10, 30])) == (
        "More than 30 patients at once, 1 October 2024 to 30 April 2025: about 24 days, likely range (9 in 10) "
        "16 to 44 (5 so far)."
    )
    assert wave_captions.above_story(days, 30, 0, found([10, 30])).endswith("(any such day: more than 99% chance).")


def test_text_alternatives_state_the_finding():
    peaks = found([30, 20], [10, 40], [10, 30], [1, 20])
    weeks, sizes = wave_frames.week_rows(peaks, "RGP"), wave_frames.size_rows(peaks, "RGP")
    assert "highest in the week of 23 December 2024 (75%), more than 99% within a week of it." in (
        wave_captions.week_alternative(weeks, JAMES)
    )
    assert "Likeliest together: " in wave_captions.size_alternative(sizes, JAMES)
    own = pd.Series(np.arange(5, 45.0), index=pd.date_range(end=ORIGIN, periods=40))
    said = wave_captions.echo_alternative(wave_frames.echo(own, own * 90, 12), JAMES)
    assert "England's curve scaled to it and moved 12 days later" in said
    assert "England's curve goes on to" in said
    assert "24 December 2024" in said  # of the three days after it half a week is not known yet


def test_bands_read_as_a_person_would_say_them():
    assert [wave_captions.band(*ends) for ends in ((0, 20), (20, 40), (60, np.inf))] == [
        "under 20",
        "20 to 40",
        "60 or more",
    ]
    assert [wave_captions.days_band(*ends) for ends in ((0, 0), (1, 7), (57, np.nan))] == [
        "no day",
        "1 to 7 days",
        "57 days or more",
    ]


def every_chart(colours):
    peaks = found([30, 20], [10, 40], [10, 30], [1, 20])
    weeks, sizes = wave_frames.week_rows(peaks, "RGP"), wave_frames.size_rows(peaks, "RGP")
    own = pd.Series(np.arange(5, 45.0), index=pd.date_range(end=ORIGIN, periods=40))
    lags = wave_frames.lag_rows(pd.Series([0.2, 0.5, 0.3], index=[4, 5, 6]))
    return {
        "weeks": wave_charts.week_chart(weeks, JAMES, colours),
        "sizes": wave_charts.size_chart(sizes, list(weeks["past"]), JAMES, colours),
        "lag": wave_charts.lag_chart(lags, 5, JAMES, colours),
        "echo": wave_charts.echo_chart(wave_frames.echo(own, own * 90, 12), JAMES, colours),
        "above": wave_charts.above_chart(wave_frames.above_rows(np.array([0.0, 9])), 30, JAMES, colours),
    }


@pytest.mark.parametrize("colours", [fan_charts.LIGHT, fan_charts.DARK])
def test_every_chart_is_drawn_and_a_simulated_one_says_so_when_copied_out(colours):
    for name, chart in every_chart(colours).items():
        spec = chart.to_dict()
        assert " ".join(spec["title"]["subtitle"]) == SIMULATED, name


def test_chances_are_printed_so_that_colour_is_not_the_only_signal():
    drawn = every_chart(fan_charts.LIGHT)
    for name in ("weeks", "sizes", "above"):
        texts = {row["text"] for rows in drawn[name].to_dict()["datasets"].values() for row in rows}
        assert any(text.endswith("%") for text in texts), name
    labels = wave_charts.week_labels(
        pd.Series(pd.to_datetime(["2024-12-30", "2025-01-06", "2025-01-13"])), pd.Series([True, False, False])
    )
    assert labels == ["30 Dec 2024, over", "6 Jan 2025", "13 Jan"]


def test_lines_that_end_together_have_names_that_do_not_overlap():
    own = pd.Series(np.arange(5, 45.0), index=pd.date_range(end=ORIGIN, periods=40))
    spec = wave_charts.echo_chart(wave_frames.echo(own, own * 90, 0), JAMES, fan_charts.LIGHT).to_dict()
    ends = [rows[0] for rows in spec["datasets"].values() if len(rows) == 1]
    assert {end["text"] for end in ends} == {"here", "England"}
    assert abs(ends[0]["value"] - ends[1]["value"]) > 0.05 * 44


def contrast(one, other):
    def light(colour):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        return np.dot(
            [0.2126, 0.7152, 0.0722], [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        )

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [fan_charts.LIGHT, fan_charts.DARK])
def test_the_text_in_a_cell_can_be_read_on_every_colour(colours):
    for step, shade in enumerate(wave_charts.CELLS[colours.text]):
        assert contrast(shade, wave_charts.cell_ink(step, colours)) >= 4.5, shade


def test_the_highest_chance_has_the_last_colour_and_none_the_first():
    rows = every_chart(fan_charts.LIGHT)["sizes"].to_dict()["datasets"]
    cells = [row for some in rows.values() for row in some]
    best = max(cells, key=lambda row: row["share"])
    assert best["step"] == len(wave_charts.CELLS[fan_charts.LIGHT.text]) - 1
    assert {row["step"] for row in cells if row["share"] == 0} == {0}
