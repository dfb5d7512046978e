from dataclasses import replace

import pandas as pd
from made_fans import fan

from forecast.wording import captions, words


def test_the_text_alternative_holds_every_figure_a_reader_of_the_chart_would_take_away():
    said = captions.alternative(fan(), baseline=True)
    for part in (
        "Published from 1 January 2025 to 5 January 2025",
        "highest 1,510 on 5 January 2025, lowest 480 on 4 January 2025, newest 1,510",
        "1 published value looks wrong",
        "Forecast from 6 January 2025 to 7 January 2025: the middle goes from 500 to 505",
        "likely range (9 in 10) is 431 to 575",
        "within 472 to 531",
        "on 7 January 2025 would be 400 to 600",
    ):
        assert part in said
    assert "400 to 600" not in captions.alternative(fan())


def test_a_chart_without_a_forecast_or_history_says_so():
    empty = fan(published=fan().published.iloc[:0], forecast=fan().forecast.iloc[:0])
    assert captions.alternative(empty) == (
        "Line chart of fit to leave, before the day's discharges, James Paget (patients), day by day. "
        "There is no forecast."
    )


def test_a_comparison_that_is_left_out_is_neither_described_nor_explained_by_its_marks():
    without = replace(fan(), baseline=fan().baseline.iloc[:0], left_out="it says little")
    assert captions.left_out(without) == "The comparison with no change is left out: it says little."
    assert captions.left_out(fan()) == ""
    assert "Dashed" not in captions.alternative(without, baseline=True)
    assert "Dashed" not in captions.marks(without, baseline=True)


def test_no_line_of_a_title_is_wider_than_the_narrowest_phone():
    wide = fan(place="Norfolk, three hospitals together", metric="Fit to leave and still in a bed", simulated=True)
    title, subtitle = captions.narrow(captions.title(wide)), captions.subtitle(wide.simulated)
    assert max(map(len, title)) <= 34
    assert max(map(len, subtitle)) <= 38
    assert words.SIMULATED in " ".join(subtitle)
    assert " ".join(title).endswith("(patients)")
    assert len(captions.title(wide)) == 2


def test_the_marks_of_a_chart_are_explained():
    said = captions.marks(fan(), baseline=True, off_chart=True)
    assert said.startswith("Thin line: published. Pale band: likely range (9 in 10)")
    assert "Dotted upright: 9 January 2025, the day of this run." in said
    assert "Hollow circles: published, but they look wrong and are left out" in said
    sound = replace(fan(), published=fan().published.assign(flagged=False))
    assert "Hollow" not in captions.marks(sound, baseline=True)
    assert said.endswith("no change; its upper end is off the chart.")


def test_dates_are_those_of_the_figures_drawn():
    late = fan(published=fan().published.assign(date=pd.date_range("2024-12-01", periods=5)))
    assert "Published from 1 December 2024 to 5 December 2024" in captions.alternative(late)
