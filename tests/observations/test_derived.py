"""Metrics computed from published ones, worked by hand."""

import shutil

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.formulas import Term, parse
from forecast.observations.store import Store
from forecast.reference import Reference, reference
from tests.frames import days, edition, tidy

HEAD = "metric,formula,note,source\n"


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "data")


@pytest.fixture
def table(tmp_path):
    """A function that gives the reference tables other formulas."""
    folder = tmp_path / "reference"
    shutil.copytree(reference().folder, folder)

    def written(text: str) -> Reference:
        (folder / "derived_metrics.csv").write_text(text)
        return Reference(folder)

    return written


def test_a_formula_is_read_term_by_term():
    terms = parse("nctr_patients(t) - nctr_remaining( t - 1 )+x(t-14)", "row")
    assert terms == (Term(1, "nctr_patients"), Term(-1, "nctr_remaining", 1), Term(1, "x", 14))
    assert parse("-x(t)", "row") == (Term(-1, "x"),)


@pytest.mark.parametrize(
    ("formula", "rest"),
    [
        ("", "''"),
        ("flu", "'flu'"),
        ("a(t) b(t)", "'b(t)'"),
        ("a(t) +", "'+'"),
        ("a(t) * 2", "'* 2'"),
        ("a(t+1)", "'a(t+1)'"),
        ("__import__('os')", '"__import__'),
    ],
)
def test_a_formula_that_is_none_names_its_row_and_where_it_stops_making_sense(formula, rest, table):
    tables = table(HEAD + f'mine,"{formula}",n,s\n')
    with pytest.raises(InputError, match=r"derived_metrics.csv, row 'mine': cannot read the formula") as said:
        _ = tables.formulas
    assert f"from {rest}" in str(said.value)


def test_a_formula_is_made_of_published_metrics_only(table):
    with pytest.raises(InputError, match=r"row 'mine': 'unheard_of' is not in metrics.csv"):
        _ = table(HEAD + "mine,unheard_of(t),n,s\n").formulas
    with pytest.raises(InputError, match=r"row 'mine': 'flu_beds' is computed itself"):
        _ = table(HEAD + "flu_beds,flu_ga_beds_occupied(t),n,s\nmine,flu_beds(t),n,s\n").metrics


def test_every_computed_metric_is_described_and_says_what_it_is_made_of():
    tables = reference()
    for name in tables.formulas:
        assert tables.metrics[name].name == name
    assert tables.metric("nctr_inflow").derived_from == ("nctr_patients", "nctr_remaining")
    assert tables.metric("nctr_patients").derived_from == ()


def test_the_inflow_is_those_fit_to_leave_less_those_left_the_evening_before(store):
    first = dict(zip(days("2024-01-01", 4), (100, 120, 90, 95), strict=True))
    left = dict(zip(days("2024-01-01", 4), (70, 60, 65, 50), strict=True))
    store.add(tidy(first))
    store.add(tidy(left, metric="nctr_remaining"))
    inflow = store.panel("nctr_inflow")["RM1"]
    assert inflow.index[0] == pd.Timestamp("2024-01-02")
    assert inflow.tolist() == [120 - 70, 90 - 60, 95 - 65]
    assert store.panel("nctr_inflow").attrs["metric"] == "nctr_inflow"


def test_the_inflow_is_missing_after_an_evening_without_a_count(store):
    store.add(tidy(dict.fromkeys(days("2024-01-01", 5), 100.0)))
    left = tidy(dict.fromkeys(days("2024-01-01", 5), 60.0), metric="nctr_remaining")
    store.add(left.drop(index=2))
    inflow = store.panel("nctr_inflow")["RM1"]
    assert inflow.index[inflow.isna()].tolist() == [pd.Timestamp("2024-01-04")]


def test_the_inflow_as_of_a_day_is_made_of_what_was_known_then(store):
    store.add(edition({"2022-04-02": 100}, "april, published 2022-05-11", "2022-05-11"))
    store.add(edition({"2022-04-01": 60}, "left, published 2022-05-11", "2022-05-11", metric="nctr_remaining"))
    store.add(edition({"2022-04-01": 55}, "left, revised 2023-12-14", "2023-12-14", metric="nctr_remaining"))
    assert store.panel("nctr_inflow", as_of="2023-12-13")["RM1"].tolist() == [40]
    assert store.panel("nctr_inflow", as_of="2023-12-14")["RM1"].tolist() == [45]


def test_an_inflow_below_zero_stays_as_computed_and_is_flagged(store):
    store.add(tidy({"2024-01-02": 50, "2024-01-03": 50}))
    store.add(tidy({"2024-01-01": 60, "2024-01-02": 20}, metric="nctr_remaining"))
    assert store.panel("nctr_inflow")["RM1"].tolist() == [-10, 30]
    (flag,) = store.flags("nctr_inflow").itertuples()
    assert (flag.date, flag.location, flag.flag) == (pd.Timestamp("2024-01-02"), "RM1", "negative")
    assert "nctr_patients(t) and nctr_remaining(t-1)" in flag.note
    assert store.panel("nctr_inflow", clean=True)["RM1"].dropna().tolist() == [30]


def test_a_flagged_count_flags_the_inflow_of_the_day_that_it_counts_in(store):
    span = days("2024-01-01", 21)
    left = dict(zip(span, [100.0] * 10 + [0.0] + [100.0] * 10, strict=True))
    for code in ("RM1", "RGP"):
        # on the day of the zero nobody told how many there were, so nothing explains it
        store.add(tidy(dict.fromkeys(span[:10] + span[11:], 170.0), code))
        store.add(tidy(left if code == "RGP" else dict.fromkeys(span, 100.0), code, "nctr_remaining"))
    assert store.flags("nctr_remaining")["date"].tolist() == [pd.Timestamp("2024-01-11")]
    (flag,) = store.flags("nctr_inflow").itertuples()
    assert (flag.date, flag.location) == (pd.Timestamp("2024-01-12"), "RGP")
    assert flag.note.startswith("nctr_remaining: ")
    clean = store.panel("nctr_inflow", clean=True)
    assert np.isnan(clean.loc["2024-01-12", "RGP"])
    assert store.flags("nctr_inflow", locations=["RM1"]).empty


def test_a_clean_inflow_knows_only_the_faults_that_could_be_seen_on_the_day(store):
    """The zero of 11 January is released on the 14th, the count of the 12th that shows it to be false on the 15th."""

    def released_after(frame, after):
        return frame.assign(released=pd.to_datetime(frame["date"]) + pd.Timedelta(days=after))

    span = days("2024-01-01", 15)
    left = dict(zip(span, [15.0] * 10 + [0.0] + [15.0] * 4, strict=True))
    store.add(released_after(tidy(dict.fromkeys(span[:10] + span[11:], 170.0)), 1))
    store.add(released_after(tidy(left, metric="nctr_remaining"), 3))
    assert store.panel("nctr_inflow", as_of="2024-01-14", clean=True).loc["2024-01-12", "RM1"] == 170
    assert store.flags("nctr_inflow", as_of="2024-01-14").empty
    assert store.flags("nctr_inflow", as_of="2024-01-15")["date"].tolist() == [pd.Timestamp("2024-01-12")]
    assert store.panel("nctr_inflow", as_of="2024-01-15", clean=True).get("RM1").isna()["2024-01-12"]


def test_what_is_told_of_a_series_hides_no_wrong_value(store):
    """On 27 May 2024 the specification changed; that evening's zero is wrong, and so is what follows from it."""
    span = days("2024-05-01", 60)
    at = span.index("2024-05-26")
    store.add(tidy(dict.fromkeys(span[:at] + span[at + 1 :], 170.0)))
    store.add(tidy(dict.fromkeys(span, 100.0) | {span[at]: 0.0}, metric="nctr_remaining"))
    flagged = store.flags("nctr_inflow").set_index("flag")["date"]
    assert flagged["specification_change"] == flagged["lone_zero"] == pd.Timestamp("2024-05-27")
    assert len(flagged) == 2
    assert np.isnan(store.panel("nctr_inflow", clean=True).loc["2024-05-27", "RM1"])


def test_a_value_stored_itself_counts_over_the_computed_one_and_hides_no_other(store):
    for code in ("RM1", "RGP"):
        store.add(tidy({"2024-01-01": 20, "2024-01-02": 21}, code, "flu_ga_beds_occupied"))
        store.add(tidy({"2024-01-01": 2, "2024-01-02": 2}, code, "flu_cc_beds_occupied"))
    store.add(edition({"2024-01-01": 25}, "revised 2024-06-01", "2024-06-01", "RM1", "flu_beds"))
    panel = store.panel("flu_beds")
    assert panel["RM1"].tolist() == [25, 23]
    assert panel["RGP"].tolist() == [22, 23]
    assert store.sources("flu_beds") == ["revised 2024-06-01", "test"]


def test_a_value_stored_later_hides_nothing_from_a_day_before(store):
    store.add(tidy({"2024-01-01": 20}, metric="flu_ga_beds_occupied"))
    store.add(tidy({"2024-01-01": 2}, metric="flu_cc_beds_occupied"))
    before = store.panel("flu_beds", as_of="2024-02-01")
    given = tidy({"2024-03-01": 25}, metric="flu_beds").assign(released="2024-03-07")
    store.add(given)
    pd.testing.assert_frame_equal(store.panel("flu_beds", as_of="2024-02-01"), before)


def test_a_metric_that_is_stored_itself_is_not_computed(store):
    store.add(tidy({"2024-01-01": 20}, metric="flu_ga_beds_occupied"))
    store.add(tidy({"2024-01-01": 2}, metric="flu_cc_beds_occupied"))
    assert store.panel("flu_beds")["RM1"].tolist() == [22]
    store.add(tidy({"2024-01-01": 25}, metric="flu_beds"))
    assert store.panel("flu_beds")["RM1"].tolist() == [25]
