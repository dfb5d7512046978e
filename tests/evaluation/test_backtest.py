"""Rolling origins: what a forecaster sees, and what the long frame holds."""

import numpy as np
import pandas as pd
import pytest

import forecast as fc
from forecast.errors import InputError
from forecast.evaluation.frames import QUANTILE_COLUMNS
from forecast.forecasters import Forecaster, Persistence, SeasonalNaive
from tests.evaluation.toys import Exact, Falling, Recorder, county, daily, weekly

ORIGINS = ["2024-03-03", "2024-03-10", "2024-03-17"]


def made(forecasters=None, panel=None, **other) -> pd.DataFrame:
    words = {"origins": ORIGINS, "horizon": 5, "samples": 50} | other
    return fc.backtest(forecasters or Persistence(), daily() if panel is None else panel, **words)


def part(b: pd.DataFrame, **values: str) -> pd.DataFrame:
    """Rows whose columns have these values."""
    for name, value in values.items():
        b = b[b[name] == value]
    return b


def test_the_frame_is_what_the_forecaster_says_beside_what_happened():
    panel = daily()
    b = made(SeasonalNaive(), seed=3)
    known = panel.loc[:"2024-03-10"]
    paths = SeasonalNaive().fit(known).predict(5, samples=50, seed=3)
    rows = part(b, model="SeasonalNaive", origin="2024-03-10")
    assert rows["location"].tolist() == ["RM1"] * 5 + ["RGP"] * 5
    assert rows["horizon"].tolist() == [1, 2, 3, 4, 5] * 2
    assert rows["date"].tolist() == list(paths.dates) * 2
    told = paths.quantiles([float(name) for name in QUANTILE_COLUMNS])["value"]
    np.testing.assert_allclose(rows[list(QUANTILE_COLUMNS)].to_numpy().ravel(), told)
    np.testing.assert_array_equal(rows["observed"], panel.loc[paths.dates].T.to_numpy().ravel())


def test_the_baseline_joins_once():
    assert list(made(SeasonalNaive())["model"].unique()) == ["SeasonalNaive", "Persistence"]
    assert list(made(SeasonalNaive(), baseline=False)["model"].unique()) == ["SeasonalNaive"]
    assert list(made(Persistence())["model"].unique()) == ["Persistence"]
    assert list(made({"b": SeasonalNaive(), "a": Persistence()})["model"].unique()) == ["b", "a", "Persistence"]


def test_no_value_after_the_origin_matters():
    panel = daily()
    later = panel.copy()
    later.loc["2024-03-18":] = 9.0
    quantiles = ["location", "origin", "date", *QUANTILE_COLUMNS]
    related = {"flu": panel}
    Recorder.seen.clear()
    seen, changed = (made(Recorder(), one, related={"flu": one}) for one in (panel, later))
    pd.testing.assert_frame_equal(seen[quantiles], changed[quantiles])
    assert not seen["observed"].equals(changed["observed"])
    assert Recorder.seen == {(pd.Timestamp(day), pd.Timestamp(day)) for day in ORIGINS}
    assert made(Recorder(), panel, related=related)["0.5"].equals(seen["0.5"])


def test_a_related_panel_may_be_as_known_on_the_day_too():
    panel, asked = daily(), []

    def known(day):
        asked.append(day)
        return panel.loc[:"2024-02-01"]

    Recorder.seen.clear()
    made(Recorder(), panel, related={"flu": known})
    assert asked == [pd.Timestamp(day) for day in ORIGINS]
    assert Recorder.seen == {(pd.Timestamp(day), pd.Timestamp("2024-02-01")) for day in ORIGINS}


def test_history_is_the_days_before_the_origin():
    Recorder.lengths.clear()
    made(Recorder(), history=30)
    assert Recorder.lengths == {30}


def test_with_as_of_reads_the_days_up_to_the_issue_are_forecast_but_not_told():
    panel = daily()

    def known(day):
        return panel if day is None else panel.loc[: day - pd.Timedelta(days=4)]

    b = made({"exact": Exact()}, known, baseline=False)
    rows = part(b, origin="2024-03-10", location="RM1")
    assert rows["date"].tolist() == list(pd.date_range("2024-03-11", periods=5))
    assert rows["horizon"].tolist() == [1, 2, 3, 4, 5]
    # the toy says how many steps ahead of its data it forecasts: four days of gap come first
    assert rows["0.5"].tolist() == [5, 6, 7, 8, 9]
    assert rows["observed"].tolist() == panel.loc["2024-03-11":"2024-03-15", "RM1"].tolist()


def test_a_revision_is_not_seen_before_it_was_published():
    final = daily()
    first = final.copy()
    first.loc["2024-03-08", "RM1"] = 10.0

    def known(day):
        return final if day is None or day >= pd.Timestamp("2024-03-15") else first.loc[:day]

    then, now = made(SeasonalNaive(), known), made(SeasonalNaive(), final)
    assert (then["observed"].equals(now["observed"])) is True
    same = (then["0.5"] == now["0.5"]).groupby(then["origin"]).all()
    assert same.tolist() == [True, False, True]


def test_a_weekly_panel_is_forecast_in_weeks_from_the_day_of_issue():
    b = made(Persistence(), weekly(), origins=["2024-03-07"], horizon=3)
    assert b["date"].tolist() == [pd.Timestamp(day) for day in ("2024-03-11", "2024-03-18", "2024-03-25")]
    assert b["horizon"].tolist() == [1, 2, 3]


def test_a_county_is_the_sum_of_paths_and_of_what_happened():
    panel = daily()
    panel.loc["2024-03-05", "RGP"] = np.nan
    b = made(Persistence(), panel, locations=["RM1"], totals=county())
    assert list(b["location"].unique()) == ["RM1", "NORFOLK"]
    paths = Persistence().fit(panel.loc[:"2024-03-03"]).predict(5, samples=50).with_total("NORFOLK", of=["RM1", "RGP"])
    rows = part(b, location="NORFOLK", origin="2024-03-03")
    told = paths.select(["NORFOLK"]).quantiles([0.9])["value"]
    np.testing.assert_allclose(rows["0.9"], told)
    summed = panel.sum(axis=1, min_count=2).loc["2024-03-04":"2024-03-08"]
    np.testing.assert_array_equal(rows["observed"], summed)
    assert rows["observed"].isna().tolist() == [False, True, False, False, False]


def test_a_zero_is_an_outcome_unless_it_is_said_to_be_missing():
    panel = daily()
    panel.loc["2024-03-05", "RGP"] = 0
    kept, gone = (made(panel=panel, totals=county(), zeros_missing=one) for one in (False, True))
    for b, missing in ((kept, 0), (gone, 2)):
        day = part(b, date="2024-03-05")
        assert day["observed"].isna().sum() == missing


def test_what_happened_may_be_another_panel():
    b = made(observed=daily() * 2)
    np.testing.assert_array_equal(b["observed"], made()["observed"] * 2)


def test_a_location_not_yet_reported_has_no_forecast_and_says_so():
    panel = daily()

    def known(day):
        return panel if day is None else panel.loc[:day, ["RM1"]]

    rows = part(made(Persistence(), known), location="RGP")
    assert rows["0.5"].isna().all()
    assert rows["observed"].notna().all()
    assert set(rows["note"]) == {"cannot say: no values"}
    assert fc.score(made(Persistence(), known))["location"].tolist() == ["RM1"]


def test_a_model_that_raises_at_one_origin_costs_that_task_only(caplog):
    b = made({"falling": Falling()})
    assert b.attrs["failed"] == [
        {"model": "falling", "origin": "2024-03-10", "reason": "RuntimeError: it broke at 2024-03-10"}
    ]
    assert "falling failed at 2024-03-10: RuntimeError: it broke" in caplog.text
    assert len(b[b["model"] == "falling"]) == 2 * 2 * 5
    assert len(b[b["model"] == "Persistence"]) == 3 * 2 * 5
    scores = fc.score(b, by=["model"]).set_index("model")
    assert scores.loc["falling", "missing"] == 10


def test_when_nothing_can_be_run_the_reason_is_told():
    with pytest.raises(InputError, match="no model could be run at any origin: falling, RuntimeError: it broke"):
        made({"falling": Falling()}, origins=["2024-03-10"], baseline=False)


def test_in_parallel_it_is_the_same():
    models = {"naive": SeasonalNaive(), "Persistence": Persistence()}
    one, two = made(models), made(models, jobs=2)
    pd.testing.assert_frame_equal(one.drop(columns="seconds"), two.drop(columns="seconds"))


def test_the_forecaster_given_stays_unfitted():
    model = Persistence()
    made(model)
    assert not hasattr(model, "panel_")


def test_progress_is_told_task_by_task():
    told = []
    made(SeasonalNaive(), progress=lambda *words: told.append(words))
    assert told[-1][1:] == (6, 6)
    assert [done for label, done, _ in told if label.startswith("SeasonalNaive")] == [1, 3, 5]


def test_the_frame_says_its_metric_and_survives_parquet(tmp_path):
    b = made()
    assert b.attrs["metric"] == "nctr_patients"
    b.to_parquet(tmp_path / "b.parquet")
    again = pd.read_parquet(tmp_path / "b.parquet")
    assert again.attrs == b.attrs
    pd.testing.assert_frame_equal(fc.score(again), fc.score(b))


def test_the_scores_are_those_of_scoringrules():
    sr = pytest.importorskip("scoringrules")
    b = made(SeasonalNaive(), samples=200)
    paths = SeasonalNaive().fit(daily().loc[:"2024-03-17"]).predict(5, samples=200).paths
    rows = part(b, model="SeasonalNaive", origin="2024-03-17")
    oracle = sr.crps_ensemble(rows["observed"].to_numpy().reshape(2, 5), np.moveaxis(paths, 1, -1), estimator="nrg")
    np.testing.assert_allclose(rows["crps"], oracle.ravel())
    levels = np.array([float(name) for name in QUANTILE_COLUMNS])
    losses = sr.quantile_score(b["observed"].to_numpy()[:, None], b[list(QUANTILE_COLUMNS)].to_numpy(), levels)
    wis = pd.Series(2 * losses.mean(axis=1)).groupby(b["model"], observed=True).mean()
    scores = fc.score(b, by=["model"]).set_index("model")
    np.testing.assert_allclose(scores["wis"], wis[scores.index])
    assert scores.loc["SeasonalNaive", "relative_wis"] == pytest.approx(wis["SeasonalNaive"] / wis["Persistence"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"origins": []}, "origins is .*; give at least one day"),
        ({"origins": "2024-03-03"}, "give a list of days"),
        ({"origins": ["03/03/2024"]}, "origin '03/03/2024' is not a date"),
        ({"origins": ["2023-01-01"]}, "origin 2023-01-01 lies outside the data, 2023-11-30 to 2024-03-30"),
        ({"origins": ["2024-04-01"]}, "origin 2024-04-01 lies outside the data"),
        ({"horizon": 0}, "horizon is 0; give a whole number of at least 1"),
        ({"samples": 0}, "samples is 0"),
        ({"history": 0}, "history is 0"),
        ({"locations": ["RCX"]}, "location 'RCX' is not in the panel; there is RM1, RGP"),
        ({"locations": "RM1"}, "locations is 'RM1'; give a list"),
        ({"locations": []}, "locations is "),
        ({"totals": {"NORFOLK": ["RM1", "RCX"]}}, "total 'NORFOLK': the observed panel has neither"),
        ({"totals": {"NORFOLK": "RM1"}}, "total 'NORFOLK' is of 'RM1'; give a list"),
        ({"panel": [1, 2]}, "panel is a list; give a DataFrame, dates by location, or a function"),
        ({"panel": lambda day: [1]}, "observed is a list"),
        (
            {"panel": lambda day: daily().loc[: day.normalize()]},
            "give the panel to score against with observed=",
        ),
        ({"panel": lambda day: daily().iloc[: 0 if day else None]}, "panel: nothing is known at the origin 2024-03-03"),
        ({"observed": 3}, "observed is a int"),
        ({"related": {"flu": 3}}, "related 'flu' is a int"),
        ({"related": {"flu": daily().reset_index()}}, "related 'flu': the index is RangeIndex"),
        ({"forecasters": {}}, "forecasters is {}; give one forecaster"),
        ({"forecasters": {"a": "default"}}, "forecaster 'a' is a str"),
    ],
)
def test_what_cannot_be_backtested_is_named_with_the_remedy(words, said):
    words = {"forecasters": Persistence(), "panel": daily(), "origins": ORIGINS, "horizon": 5} | words
    with pytest.raises(InputError, match=said):
        fc.backtest(words.pop("forecasters"), words.pop("panel"), **words)


def test_every_toy_is_a_forecaster():
    assert all(isinstance(toy, Forecaster) for toy in (Exact(), Falling(), Recorder()))
