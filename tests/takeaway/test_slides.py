"""The slides: charts that PowerPoint draws, with the run's figures, a finding as title, and a text alternative."""

from io import BytesIO

import numpy as np
import pytest
from made_runs import AS_OF, COUNTY, figures
from made_whole_runs import NEEDED, NO_PLACES
from pptx import Presentation

from forecast.takeaway.slides import slides
from forecast.wording import words


@pytest.fixture(scope="module")
def made(whole):
    from forecast.briefing import briefing
    from forecast.takeaway.origin import Origin

    return slides(whole, briefing(whole, COUNTY), Origin.of(whole))


@pytest.fixture(scope="module")
def deck(made):
    return Presentation(BytesIO(made))


def charts(deck):
    return [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart]


def text_of(slide):
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_six_slides_each_with_a_title_of_its_own_and_notes_with_the_source(deck, whole):
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert len(titles) == len(set(titles)) == 6
    assert all(titles)
    for slide in deck.slides:
        notes = slide.notes_slide.notes_text_frame.text
        assert whole.id in notes
        assert "0.1.0+test" in notes
        assert whole.id in text_of(slide)
        assert words.SIMULATED in text_of(slide)
        assert "Not signed off" in text_of(slide)


def test_titles_state_the_runs_findings(deck, whole):
    first, second, *_ = (slide.shapes.title.text_frame.text for slide in deck.slides)
    near, far = figures(whole, COUNTY)
    assert f"{words.count(near['now'])} now, about {words.count(far['median'])} in four weeks" in first
    assert words.span(far["low"], far["high"]) in second
    assert "74 flats (44 now)" in deck.slides[4].shapes.title.text_frame.text


def test_charts_are_native_and_have_the_runs_figures(deck, whole):
    backlog, hospitals, waves, places = (shape.chart for shape in charts(deck))
    series = {one.name: list(one.values) for one in backlog.plots[0].series}
    paths = whole.trajectories("nctr_patients").select([COUNTY]).paths[0]
    assert series["Middle of the forecast"][-1] == round(np.quantile(paths[:, -1], 0.5))
    assert series["High end of the likely range (9 in 10)"][-1] == round(np.quantile(paths[:, -1], 0.95))
    history = whole.history("nctr_patients")[COUNTY]
    assert [one for one in series["Published"] if one is not None][-1] == history.iloc[-1]
    # The sum of a day that looks wrong at one hospital is left out.
    assert series["Published"][[day.strftime("%d %m") for day in dates_of(backlog)].index("10 12")] is None
    published, two, four = hospitals.plots[0].series
    assert list(hospitals.plots[0].categories) == ["Norfolk and Norwich", "James Paget", "Queen Elizabeth King's Lynn"]
    assert list(four.values) == [round(figures(whole, code)[1]["median"]) for code in ("RM1", "RGP", "RCX")]
    assert list(published.values) == [round(figures(whole, code)[0]["now"]) for code in ("RM1", "RGP", "RCX")]
    assert len(list(two.values)) == 3
    flu = next(one for one in waves.plots[0].series if one.name == "Flu")
    chances = whole.peaks("flu_beds").week_probabilities[COUNTY]
    assert max(value for value in flu.values if value is not None) == round(100 * chances.max())
    needed = {one.name: list(one.values) for one in places.plots[0].series}
    assert needed["Needed to be 90% sure"] == [many[1] for many in NEEDED.values()]
    assert needed["Needed to be 95% sure"][1] is None


def dates_of(chart):
    from datetime import date, timedelta

    from pptx.oxml.ns import qn

    values = chart._chartSpace.findall(f".//{qn('c:cat')}")[0].findall(f".//{qn('c:v')}")
    return [date(1899, 12, 30) + timedelta(days=int(float(one.text))) for one in values]


def test_every_chart_and_table_has_a_text_alternative_with_figures(deck):
    assert len(charts(deck)) == 4
    for shape in charts(deck):
        text = shape._element._nvXxPr.cNvPr.get("descr")
        assert len(text) > 60
        assert any(letter.isdigit() for letter in text)
    tables = [shape for slide in deck.slides for shape in slide.shapes if shape.has_table]
    assert all(shape._element._nvXxPr.cNvPr.get("descr") for shape in tables)
    assert not [shape for slide in deck.slides for shape in slide.shapes if shape.shape_type == 13]  # a picture


def test_nothing_stands_off_the_slide(deck):
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= deck.slide_width
            assert shape.top + shape.height <= deck.slide_height


def test_the_same_run_gives_the_same_bytes_with_the_runs_day_in_them(made, deck, whole, told):
    (one,), origin = told(whole, "")
    assert slides(whole, one, origin) == made
    assert deck.core_properties.created == AS_OF.to_pydatetime()
    assert "Steve" not in f"{deck.core_properties.author} {deck.core_properties.last_modified_by}"
    assert str(whole.path.parent).encode() not in made


def test_what_a_run_does_not_hold_is_said_on_its_slide(bare, told):
    (one,), origin = told(bare, '=HYPERLINK("http://x","y")')
    deck = Presentation(BytesIO(slides(bare, one, origin)))
    said = [text_of(slide) for slide in deck.slides]
    assert len(said) == 6
    assert "cannot be said" in said[3]
    assert "out of season" in said[3]
    assert NO_PLACES in said[4]
    assert "1 December 2024" in said[2]
    assert not any("SIMULATED" in one for one in said)
    assert not [rel for slide in deck.slides for rel in slide.part.rels.values() if rel.is_external]
