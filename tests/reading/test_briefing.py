import json

import numpy as np
import pandas as pd
import pytest
from made_runs import AS_OF, COUNTY, HOSPITALS, figures, make_run
from made_wave_runs import make_wave_run

from forecast.briefing import briefing
from forecast.errors import RunError
from forecast.reading import briefing_tables
from forecast.runs import open_run
from forecast.wording import words

NEEDED = pd.DataFrame(
    {
        "level": [0.8, 0.9, 0.95] * 2,
        "product": ["flat"] * 3 + ["care_home_bed"] * 3,
        "places": [40.0, 47.0, 50.0, 10.0, 12.0, np.nan],
    }
)


def with_places(run, needed=NEEDED):
    """Give a run the places of a county, as a refit does."""
    folder = run.path / "placements"
    folder.mkdir()
    needed.to_parquet(folder / f"{COUNTY}-needed.parquet", index=False)
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["placements"] = {COUNTY: {"reason": "", "notes": {}, "shares": None}}
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return open_run(run.path)


def test_the_backlog_is_told_now_and_ahead_with_its_ranges(tmp_path):
    run = make_run(tmp_path)
    told = briefing(run, COUNTY)
    two, four = figures(run, COUNTY)
    assert told.sentences[0].startswith("Norfolk, three hospitals together: ")
    for row in (two, four):
        assert f"about {words.count(row['median'])} (" in told.sentences[1]
        assert words.span(row["low"], row["high"]) in told.sentences[1]
    assert [one.value for one in told.figures[:3]] == [
        words.count(two["now"]),
        f"About {words.count(two['median'])}",
        f"About {words.count(four['median'])}",
    ]


def test_there_are_at_most_six_sentences_and_always_four_figures(tmp_path):
    for run in (make_run(tmp_path / "a"), make_run(tmp_path / "b", silent="RGP"), make_wave_run(tmp_path / "c")):
        told = briefing(run, COUNTY)
        assert len(told.sentences) <= 6
        assert len(told.figures) == 4
        assert [one.code for one in told.hospitals] == [COUNTY, *HOSPITALS]


def test_places_needed_are_told_against_the_places_that_can_be_used(tmp_path):
    told = briefing(with_places(make_run(tmp_path)), COUNTY)
    assert (
        "To be 90% sure that nobody waits longer than 7 days takes 47 flats (44 can be used now: 3 more), and 12 "
        "care-home beds on top of those in use today." in told.sentences
    )
    assert (told.figures[3].value, told.figures[3].direction) == ("47", "3 short")
    table = briefing_tables.needs(told)
    assert table.rows[0] == ("Flats", "44", "40", "47", "50", "3 short")
    assert table.rows[1][1:] == ("not published", "10", "12", "none will do", "12 short")


def test_enough_places_are_told_as_enough(tmp_path):
    needed = NEEDED.assign(places=[30.0, 44.0, 45.0, 0.0, 0.0, 0.0])
    told = briefing(with_places(make_run(tmp_path), needed), COUNTY)
    assert told.figures[3].direction == "Enough"
    assert any("44 flats (44 can be used now: enough)" in said for said in told.sentences)


def test_without_places_the_reason_is_told(tmp_path):
    told = briefing(make_run(tmp_path), COUNTY)
    assert told.needs == ()
    assert any("How many places are needed cannot be said: " in one for one in told.sentences)
    assert briefing_tables.needs(told) is None


def test_each_wave_is_told_with_the_chance_that_its_peak_has_passed(tmp_path):
    run = make_wave_run(tmp_path)
    told = briefing(run, COUNTY)
    peak = run.peaks("flu_beds")
    chance = words.chance(float(peak.passed[COUNTY]))
    (flu,) = [one for one in told.sentences if one.startswith("Flu: ")]
    assert f"{chance} chance" in flu
    table = briefing_tables.waves(told, "flu")
    assert [row[0] for row in table.rows] == [one.place for one in told.hospitals]
    assert table.rows[0][-1] == chance
    assert table.caption.startswith("Flu: ")


def test_a_peak_that_is_more_likely_to_come_is_put_in_a_week_that_is_not_over(tmp_path):
    run = make_wave_run(tmp_path)
    peak = run.peaks("covid_beds_occupied")
    assert float(peak.passed[COUNTY]) < 0.5
    (covid,) = [one for one in briefing(run, COUNTY).sentences if one.startswith("Covid: ")]
    chances = peak.week_probabilities[COUNTY]
    to_come = chances[pd.DatetimeIndex(chances.index) + pd.Timedelta(days=6) > peak.origin]
    if to_come.max() < 0.25:
        assert "and no week stands out" in covid
    else:
        assert f"most likely in the week of {words.short_day(to_come.idxmax())};" in covid


def test_out_of_season_the_months_are_told_and_there_is_no_table(tmp_path):
    run = make_wave_run(tmp_path, off_season="it is summer")
    told = briefing(run, COUNTY)
    assert briefing_tables.waves(told, "flu") is None
    assert any(one.startswith("Flu: ") and "when it peaks cannot be said" in one for one in told.sentences)


def test_a_county_that_lacks_a_hospital_says_what_is_known_and_what_is_not(tmp_path):
    run = make_run(tmp_path, silent="RGP")
    told = briefing(run, COUNTY)
    assert any("Flu patients in hospital: Known: Norfolk and Norwich" in one for one in told.warnings)
    assert any("Flu patients in hospital, James Paget: no forecast" in one for one in told.warnings)


def test_old_figures_say_how_old_they_are(tmp_path):
    run = make_run(tmp_path)
    path = run.path / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "as_of": "2025-01-14"}), encoding="utf-8")
    told = briefing(open_run(run.path), COUNTY)
    assert "(9 days before this run)" in told.sentences[0]
    assert "(9 days before this run)" in told.figures[0].detail
    assert briefing_tables.hospitals(told).rows[1][1].endswith("\n(9 days before this run)")


def test_without_the_backlog_the_reason_is_told_four_times_over(tmp_path):
    told = briefing(make_wave_run(tmp_path), COUNTY)
    assert told.sentences[0].startswith("Norfolk, three hospitals together: no forecast of people fit to leave.")
    assert {one.value for one in told.figures} == {"No forecast"}
    assert briefing_tables.hospitals(told) is None


def test_dates_name_the_run_its_code_and_who_signed_it_off(tmp_path):
    run = make_run(tmp_path)
    told = briefing(run, COUNTY, signed="Signed off by Ann Smith").dates
    assert told["As of"].startswith(words.day(AS_OF))
    assert (told["Run"], told["Code version"]) == (run.id, "0.1.0+test")
    assert told["Sign-off"] == "Signed off by Ann Smith"
    assert told["Figures"] == words.SIMULATED
    assert briefing(run, COUNTY).dates["Sign-off"] == "Not signed off"


def test_an_unknown_county_is_refused_with_those_there_are(tmp_path):
    with pytest.raises(RunError, match="no county 'SUFFOLK'; it has NORFOLK"):
        briefing(make_run(tmp_path), "SUFFOLK")
