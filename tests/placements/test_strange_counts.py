"""Published reasons and destinations that cannot be right, or are not what they are said to be."""

import numpy as np
import pandas as pd
import pytest
from published import MONTHS, destinations, reasons

from forecast.errors import InputError
from forecast.placements.waiting.discharges import pathway_discharges
from forecast.placements.waiting.pooled_shares import pathway_shares

OTHERS = {f"R{number:02d}": (20 + number, 10, 15, 30) for number in range(25)}
RM1 = {"RM1": (20, 10, 10, 40)}


@pytest.mark.parametrize("value", [-50.0, np.inf, np.nan])
def test_a_hospital_whose_counts_are_no_numbers_of_people_is_as_one_that_told_nothing(value) -> None:
    told, silent = reasons({**OTHERS, **RM1}), reasons(OTHERS)
    told.loc[told["location"] == "RM1", "value"] = value
    assert pathway_shares(told, ["RM1"]).means == pathway_shares(silent, ["RM1"]).means


@pytest.mark.parametrize("value", [-50.0, np.inf])
def test_a_month_of_impossible_discharges_is_no_month(value) -> None:
    frame = destinations({**OTHERS, "RM1": (500, 40, 20, 10)})
    wrong = (frame["location"] == "RM1") & (frame["date"] == MONTHS[0])
    frame.loc[wrong, "value"] = value
    found = pathway_discharges(frame, ["RM1"])
    assert len(found.people) == len(MONTHS) - 1
    assert np.isfinite(found.people.to_numpy(dtype=float)).all()


def test_where_nobody_is_discharged_elsewhere_nothing_is_imputed_and_nothing_warned_of(recwarn) -> None:
    found = pathway_discharges(destinations({"RM1": (500, 40, 0, 0), "RGP": (500, 0, 0, 0)}), ["RM1", "RGP"])
    assert found.people.loc["RM1", "home"].tolist() == [40.0] * len(MONTHS)
    assert not recwarn.list


@pytest.mark.parametrize("call", [pathway_shares, pathway_discharges])
@pytest.mark.parametrize("source", [None, "x", {}, [], pd.DataFrame({"value": [1.0]})])
def test_what_is_neither_store_nor_frame_is_refused(call, source) -> None:
    with pytest.raises(InputError, match="give a store or a frame with date, location, metric, value"):
        call(source, ["RM1"])


@pytest.mark.parametrize("as_of", ["x", "2024-13-45", "", pd.NaT, 5])
def test_an_as_of_that_is_no_date_is_refused(as_of) -> None:
    with pytest.raises(InputError, match="as_of is"):
        pathway_shares(reasons(RM1), ["RM1"], as_of)


def test_an_as_of_with_a_time_zone_is_the_day_there() -> None:
    days = ("2024-08-15", pd.Timestamp("2024-08-15", tz="Europe/London"))
    once, again = (pathway_shares(reasons(RM1), ["RM1"], day) for day in days)
    assert once == again


@pytest.mark.parametrize("call", [pathway_shares, pathway_discharges])
@pytest.mark.parametrize("hospitals", [None, [None], [3], "RM1"])
def test_hospitals_that_are_no_codes_are_refused(call, hospitals) -> None:
    with pytest.raises(InputError, match=r"hospitals: .*give a list of codes"):
        call(reasons(RM1), hospitals)


def test_dates_with_a_time_zone_are_the_days_there() -> None:
    frame = reasons({**OTHERS, **RM1})
    zoned = frame.assign(date=frame["date"].dt.tz_localize("Europe/London"))
    assert pathway_shares(zoned, ["RM1"]) == pathway_shares(frame, ["RM1"])
