import pandas as pd
import pytest
from made_fans import fan

from forecast.wording import captions, season_captions


def season(**changes):
    weeks = pd.date_range("2025-01-16", periods=30, freq="7D")
    number = range(30)
    forecast = pd.DataFrame(
        {
            "date": weeks,
            "low": [400.0 - n for n in number],
            "quarter": [450.0] * 30,
            "median": [500.0 + n for n in number],
            "three_quarters": [550.0] * 30,
            "high": [1200.0 + n for n in number],
        }
    )
    past = pd.DataFrame(
        {
            "date": pd.to_datetime(["2024-12-15", "2024-12-22", "2025-01-05"]),
            "value": [510.0, 470.4, 490.0],
            "flagged": False,
            "note": "",
        }
    )
    return fan(**{"forecast": forecast, "published": past, "weekly": True, **changes})


def test_ten_twenty_and_thirty_weeks_are_told_with_their_ranges():
    assert season_captions.ahead(season()) == [
        "In 10 weeks, the week to 20 March 2025: about 509 a day, likely range (9 in 10) 391 to 1,209.",
        "In 20 weeks, the week to 29 May 2025: about 519 a day, likely range (9 in 10) 381 to 1,219.",
        "In 30 weeks, the week to 7 August 2025: about 529 a day, likely range (9 in 10) 371 to 1,229.",
    ]


@pytest.mark.parametrize(("known", "past"), [(2, "past seasons"), (0, "the months known so far")])
def test_where_the_short_range_ends_and_what_comes_after_is_told(known, past):
    said = season_captions.handed_over(pd.Timestamp("2025-01-05"), pd.Timestamp("2025-02-16"), known)
    assert said == (
        "Up to 16 February 2025 this is the forecast above, week by week. Beyond those six weeks it is what "
        f"{past} did from here: the ranges are wide."
    )


@pytest.mark.parametrize(
    ("first", "last", "known"),
    [
        ("2022-04-01", "2025-01-05", 2),
        ("2022-12-01", "2024-03-01", 2),
        ("2022-12-02", "2024-03-01", 1),
        ("2022-12-01", "2023-02-28", 0),
        ("2024-04-01", "2025-01-05", 0),
    ],
)
def test_only_whole_winters_count(first, last, known):
    assert season_captions.winters(pd.Timestamp(first), pd.Timestamp(last)) == known


def test_how_many_winters_it_knows_is_told_and_a_memory_without_one_is_called_too_short():
    first = pd.Timestamp("2024-04-01")
    assert season_captions.learned(1).startswith("It has learned from one whole winter. It was checked on past dates")
    assert season_captions.learned(0) == season_captions.CHECKED
    assert season_captions.too_short(first, 1) == ""
    assert "go back to 1 April 2024 and hold no whole winter" in season_captions.too_short(first, 0)


def test_the_text_alternative_holds_the_figures_of_the_chart():
    said = season_captions.alternative(season())
    for part in (
        "Weekly line chart of fit to leave, before the day's discharges, James Paget (patients)",
        "3 weeks up to the one to 5 January 2025: highest 510 in the week to 15 December 2024, lowest 470 in the week "
        "to 22 December 2024, newest 490",
        "Outlook to the week to 7 August 2025: the middle goes from 500 to 529, staying within 500 to 529",
        "likely range (9 in 10) is 371 to 1,229",
        "within 450 to 550",
    ):
        assert part in said
    nothing = season(published=season().published.iloc[:0], forecast=season().forecast.iloc[:0])
    assert season_captions.alternative(nothing).endswith("There is no outlook.")


def test_a_gap_is_explained_where_there_is_one():
    assert season_captions.GAP in season_captions.marks(season())
    whole = season().published.iloc[:2]
    assert season_captions.GAP not in season_captions.marks(season(published=whole))


def test_the_title_says_that_it_shows_weekly_averages_and_fits_a_phone():
    title = season_captions.title(season(place="Norfolk, three hospitals together"))
    assert title[1].endswith("(patients, weekly averages)")
    assert max(map(len, captions.narrow(title))) <= 34
