"""The page Pressures: its cards, by measure and by place, what was not forecast, and one measure in full."""

import re

import pytest
from made_runs import figures
from screen import text_of

from forecast.wording import words


def cards(app):
    return re.findall(r'<section class="ff-card ff-compact">.*?</section>', text_of(app))


@pytest.fixture
def board(open_page, run):
    return open_page("pressures")


def test_every_place_has_a_card_with_now_ahead_range_word_chance_and_data_date(board, run):
    assert not board.exception
    found = cards(board)
    assert len([one for one in found if "No forecast" not in one]) == 4
    paget = next(one for one in found if "<h3>James Paget</h3>" in one)
    now, ahead = figures(run, "RGP", "staff_absent_total")[0], figures(run, "RGP", "staff_absent_total")
    assert f"<strong>{words.count(now['now'])}</strong> on average, week to 5 January 2025" in paget
    for row in ahead:
        assert f"Week to {words.short_day(row['date'])}" in paget
        assert f"<strong>{words.count(row['median'])}</strong>" in paget
        assert f"likely {words.span(row['low'], row['high'])}" in paget
        assert f"<em>{words.direction(row)}</em>" in paget
    assert "Data to 5 January 2025" in paget
    assert 'href="pressures?measure=staff_absent_total&amp;hospital=RGP"' in paget


def test_the_small_chart_of_a_card_tells_its_figures_to_those_who_do_not_see_it(board, run):
    row = figures(run, "RGP", "staff_absent_total")[-1]
    (alternative,) = re.findall(r'alt="(Small chart of staff absent, all reasons, James Paget\.[^"]*)"', text_of(board))
    assert words.span(row["low"], row["high"]) in alternative
    assert 'src="data:image/svg+xml;base64,' in text_of(board)


def test_a_measure_that_was_not_forecast_has_a_card_that_says_why(board):
    said = text_of(board)
    assert [one.value for one in board.header][-2:] == ["Not forecast this week", "One measure in full, day by day"]
    lacking = [one for one in cards(board) if "No forecast. Reason:" in one]
    assert len(lacking) == 4
    assert "Ambulance handovers delayed over 30 minutes" in "".join(lacking)
    assert "Reason: it is not in this run" in said


def test_measures_with_a_page_of_their_own_are_not_on_the_board(board):
    assert not any("Flu patients" in one or "Fit to leave" in one for one in cards(board))


def test_cards_may_be_grouped_by_place_and_the_address_keeps_it(open_page, run):
    app = open_page("pressures", group="place")
    assert app.query_params["group"] == "place"
    assert [one.value for one in app.header][:2] == ["Norfolk", "Norfolk and Norwich"]
    assert any("<h3>Staff absent, all reasons</h3>" in one for one in cards(app))
    app.pills(key="group").set_value("measure").run()
    assert "group" not in app.query_params  # as usual
    assert next(one.value for one in app.header) == "Staff absent, all reasons"


def test_the_link_of_a_card_opens_the_large_chart_before_the_board(open_page, run):
    app = open_page("pressures", measure="staff_absent_total", hospital="RGP")
    assert next(one.value for one in app.header) == "One measure in full, day by day"
    assert "staff absent, all reasons, James Paget" in app.caption[-1].value
    assert "Download these figures (CSV)" in [one.proto.label for one in app.get("download_button")]


def test_a_hospital_without_a_forecast_has_its_reason_on_its_card(open_page, folders, monkeypatch):
    import made_runs

    drawn = made_runs._forecast
    silent = {"staff_absent_total": "RGP"}
    monkeypatch.setattr(made_runs, "_forecast", lambda metric, _, learned: drawn(metric, silent.get(metric), learned))
    made_runs.make_run(folders / "models", simulated=False)
    app = open_page("pressures")
    assert not app.exception
    paget = next(one for one in cards(app) if "<h3>James Paget</h3>" in one)
    assert "No forecast. Reason: no usable value since 1 December 2024 (no return)." in paget
    assert "There is no forecast." in paget
