import shutil

from made_runs import COUNTY, HOSPITALS, figures
from screen import text_of

from forecast.briefing import briefing
from forecast.reference import reference
from forecast.weekly.metric_forecasts import INDEPENDENT
from forecast.wording import words


def bodies(app):
    return [one.proto.body for one in app.html]


def test_the_answer_stands_first_in_sentences_then_in_four_figures_then_come_tables(open_page, run):
    shown = bodies(open_page("this_week"))
    lead, four, table = (
        next(at for at, body in enumerate(shown) if kind in body)
        for kind in ('class="ff-lead"', 'class="ff-figures"', "<table")
    )
    assert lead < four < table
    assert shown[lead].count("<p>") == len(briefing(run, COUNTY).sentences)
    assert shown[four].count("<dt>") == 4


def test_each_hospital_has_its_figures_its_ranges_and_the_chance_of_each_direction(open_page, run):
    said = text_of(open_page("this_week"))
    for code in (COUNTY, *HOSPITALS):
        for row in figures(run, code):
            assert f"About {words.count(row['median'])} <span>{words.span(row['low'], row['high'])}</span>" in said
            assert f"level {words.chance(row['chance_level'])}" in said


def test_what_is_missing_is_told_with_its_reason(open_page, run):
    said = text_of(open_page("this_week"))
    assert "Covid patients in hospital: no forecast. Reason: newest value is of 30 September 2024" in said
    assert said.count("takes the hospitals as independent") == 1
    assert INDEPENDENT[:60] not in said  # in full on Data
    assert INDEPENDENT[:60] in text_of(open_page("data"))


def test_where_nothing_can_be_said_there_is_a_reason_instead_of_a_forecast(open_page, silent_run):
    said = text_of(open_page("this_week"))
    assert said.count("Flu patients in hospital, James Paget: no forecast. Reason: no usable value since 1 Dec") == 1
    assert "RGP:" not in said
    flu = {code: words.count(figures(silent_run, code, "flu_beds")[0]["now"]) for code in ("RM1", "RCX")}
    assert f"Known: Norfolk and Norwich {flu['RM1']} and Queen Elizabeth King&#x27;s Lynn {flu['RCX']} a day." in said
    assert "Not known: James Paget." in said


def test_what_is_counted_and_the_reported_share_stand_under_the_headline(open_page, run):
    said = text_of(open_page("this_week"))
    assert "people who live outside Norfolk; it is not the number waiting for council care" in said
    assert "about 150 of 600 (25%) were reported to wait for social care (Eastern Daily Press; unverified)" in said


def test_the_reported_share_is_that_of_the_reference_tables_and_left_out_where_they_have_none(
    tmp_path, monkeypatch, open_page, run
):
    tables = tmp_path / "reference"
    shutil.copytree(reference().folder, tables)
    monkeypatch.setenv("FORECAST_REFERENCE", str(tables))
    path = tables / "assumptions.csv"
    text = path.read_text(encoding="utf-8").replace(
        "waiting_for_social_care,NORFOLK,150,", "waiting_for_social_care,NORFOLK,151,"
    )
    path.write_text(text, encoding="utf-8")
    assert "about 151 of 600" in text_of(open_page("this_week"))
    monkeypatch.setenv("FORECAST_REFERENCE", str(shutil.copytree(tables, tmp_path / "other")))
    rows = [row for row in text.splitlines() if "social_care" not in row]
    (tmp_path / "other" / "assumptions.csv").write_text("\n".join(rows), encoding="utf-8")
    app = open_page("this_week")
    assert not app.exception
    assert "were reported to wait" not in text_of(app)
