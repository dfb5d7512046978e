import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.observations.table import COLUMNS, check
from forecast.sources.twin import simulate
from forecast.sources.twin_fault_kinds import KINDS
from forecast.sources.twin_faults import inject


@pytest.fixture(scope="module")
def twin():
    return simulate(3)


@pytest.fixture(scope="module")
def faulty(twin):
    return inject(twin.observations, seed=3, each=3, traps=twin.truth.traps)


def panel(frame: pd.DataFrame, metric: str) -> pd.DataFrame:
    return frame[frame["metric"] == metric].pivot_table(index="date", columns="location", values="value")


def test_same_seed_same_faults_and_every_kind_is_laid(twin, faulty):
    again = inject(twin.observations, seed=3, each=3, traps=twin.truth.traps)
    pd.testing.assert_frame_equal(again.faults, faulty.faults)
    pd.testing.assert_frame_equal(again.observations, faulty.observations)
    assert set(faulty.faults["kind"]) == {*KINDS, "off season", "merger"}
    assert not inject(twin.observations, seed=4, each=3).faults.equals(faulty.faults)


def test_the_faulty_twin_is_tidy_and_says_that_it_is_simulated(faulty):
    assert tuple(faulty.observations.columns) == COLUMNS
    assert len(check(faulty.observations)) == len(faulty.observations)
    assert faulty.observations["source"].str.startswith("simulated").all()


def test_values_differ_from_the_twin_only_where_a_fault_is_recorded(twin, faulty):
    recorded = {}
    for row in faulty.faults.to_dict("records"):
        recorded.setdefault((row["metric"], row["location"]), []).append((row["first"], row["last"], row["kind"]))
    merged = set(faulty.faults.loc[faulty.faults["kind"] == "merger", "location"])
    for metric in twin.observations["metric"].unique():
        before, after = (panel(frame, metric) for frame in (twin.observations, faulty.observations))
        after = after.reindex(before.index.union(after.index), columns=before.columns)
        before = before.reindex(after.index)
        changed = ~((before == after) | (before.isna() & after.isna()))
        for code in changed.columns[changed.any()]:
            if metric.startswith("nctr") and code in merged:
                continue
            days = changed.index[changed[code]]
            spans = recorded.get((metric, code), [])
            if metric == "flu_ga_beds_occupied":
                days = days[~days.month.isin([6, 7])]
            inside = np.zeros(len(days), dtype=bool)
            for first, last, _ in spans:
                inside |= (days >= first) & (days <= last)
            assert inside.all(), (metric, code)


def test_faults_keep_away_from_each_other_and_from_the_traps(twin, faulty):
    laid = faulty.faults[~faulty.faults["kind"].isin(["off season", "merger"])]
    every = pd.concat([laid, twin.truth.traps])
    for _, rows in every.groupby(["metric", "location"]):
        ordered = rows.sort_values("first")
        apart = (ordered["first"].iloc[1:].to_numpy() - ordered["last"].iloc[:-1].to_numpy()) / np.timedelta64(1, "D")
        both_traps = ordered["flags"].isna().to_numpy()
        assert ((apart >= 20) | (both_traps[1:] & both_traps[:-1])).all()


def test_each_fault_is_what_its_name_says(twin, faulty):
    truth = {metric: panel(twin.observations, metric) for metric in twin.observations["metric"].unique()}
    made = {metric: panel(faulty.observations, metric) for metric in truth}
    for row in faulty.faults.to_dict("records"):
        now = made[row["metric"]][row["location"]].reindex(pd.date_range(row["first"], row["last"]))
        was = truth[row["metric"]][row["location"]].reindex(now.index)
        match row["kind"]:
            case "digit too many":
                assert len(f"{now.iloc[0]:.0f}") == len(f"{was.iloc[0]:.0f}") + 1
            case "digits exchanged":
                assert sorted(f"{now.iloc[0]:.0f}".zfill(4)) == sorted(f"{was.iloc[0]:.0f}".zfill(4))
            case "doubled":
                assert now.iloc[0] == 2 * was.iloc[0]
            case "frozen":
                assert (now == now.iloc[0]).all()
            case "missing submission":
                assert now.isna().all()
            case "copied column":
                gone = truth["nctr_discharged"][row["location"]].reindex(now.index)
                assert (now == gone).all()
            case "below zero":
                assert (now < 0).all()


def test_an_unknown_kind_is_refused(twin):
    with pytest.raises(InputError, match="fault 'gremlins' is not known; choose from"):
        inject(twin.observations, seed=1, kinds=["gremlins"])
