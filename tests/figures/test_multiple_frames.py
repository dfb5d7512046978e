"""Places side by side: the same dates always, the same scale unless each is to have its own."""

import pandas as pd
from made_fans import fan

from forecast.figures.multiple_frames import ROOM, panels


def small(**changes):
    published = pd.DataFrame(
        {"date": pd.date_range("2024-12-20", periods=2), "value": [9.0, 90.0], "flagged": [False, True], "note": ""}
    )
    forecast = fan().forecast.assign(low=5.0, quarter=7.0, median=8.0, three_quarters=9.0, high=20.0)
    return fan(published=published, forecast=forecast, **changes)


def made(shared):
    return panels({"RM1": fan(), "RGP": small()}, {"RM1": ["a line"]}, chosen="RGP", shared=shared)


def test_all_places_have_the_dates_of_the_first_and_the_last_of_them():
    assert {one.dates for one in made(True)} == {(pd.Timestamp("2024-12-20"), pd.Timestamp("2025-01-09"))}


def test_on_the_same_scale_everything_of_every_place_fits():
    assert [one.counts for one in made(True)] == [(0.0, ROOM * 1510)] * 2


def test_on_a_scale_of_its_own_a_place_fills_its_chart_and_a_flagged_value_does_not_count():
    assert [one.counts for one in made(False)] == [(0.0, ROOM * 1510), (0.0, ROOM * 20)]


def test_the_order_is_the_one_given_and_the_chosen_place_is_known():
    assert [(one.code, one.chosen, one.lines) for one in made(True)] == [
        ("RM1", False, ("a line",)),
        ("RGP", True, ()),
    ]


def test_one_place_or_nine_make_as_many_panels():
    for many in (1, 9):
        fans = {f"R{n}": fan() for n in range(many)}
        assert len(panels(fans, {}, chosen="R0", shared=True)) == many


def test_a_place_with_nothing_to_draw_still_has_its_panel():
    empty = fan(published=fan().published.iloc[:0], forecast=fan().forecast.iloc[:0])
    (one,) = panels({"RM1": empty}, {}, chosen="", shared=False)
    assert one.counts == (0.0, ROOM)
    assert one.dates == (empty.as_of, empty.as_of)
