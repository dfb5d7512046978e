"""What a panel, and a related one, is refused for, and what is taken as it is meant."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.forecasters import Persistence


def daily(days: int) -> pd.DataFrame:
    """RM1 and RGP, whole numbers that all differ, up to 31 January 2024."""
    dates = pd.date_range(end="2024-01-31", periods=days, name="date")
    steps = np.arange(days)
    return pd.DataFrame({"RM1": 200.0 + steps * (-1) ** steps, "RGP": 50.0 + steps}, index=dates)


@pytest.mark.parametrize(
    ("panel", "says"),
    [
        (daily(10).reset_index(drop=True), "DatetimeIndex"),
        (daily(10).iloc[:0], "empty"),
        (daily(10)[[]], "empty"),
        (daily(10)["RM1"], "Series"),
        (pd.concat([daily(10), daily(10).iloc[:1]]), "2024-01-22 stands twice"),
        (daily(10).replace(daily(10).iloc[3, 0], np.inf), "'RM1' is infinite on 2024-01-25"),
        (daily(10).astype(object).replace(daily(10).iloc[3, 0], "n/a"), "'RM1' has 'n/a' on 2024-01-25"),
        (daily(10).shift(3, freq="h"), "time of day"),
        (daily(10).tz_localize("UTC"), "time zone UTC"),
        (daily(10).set_axis(["RM1", "RM1"], axis=1), "'RM1' stands twice"),
        (daily(10).set_axis(pd.date_range("2023-01-01", periods=10, freq="MS")), "months apart"),
        (daily(10).set_axis(pd.DatetimeIndex([pd.NaT, *daily(10).index[1:]])), "missing date"),
    ],
)
def test_a_panel_that_cannot_be_used_is_refused_by_name_date_and_value(panel, says):
    with pytest.raises(InputError, match=says):
        Persistence().fit(panel)


def test_related_panels_are_checked_too():
    with pytest.raises(InputError, match="'flu_beds' is a list"):
        Persistence().fit(daily(10), related={"flu_beds": [1, 2]})
    with pytest.raises(InputError, match=r"'flu_beds'.*DatetimeIndex"):
        Persistence().fit(daily(10), related={"flu_beds": daily(10).reset_index(drop=True)})
    text = daily(10).astype(object).replace(daily(10).iloc[3, 0], "n/a")
    with pytest.raises(InputError, match="related 'flu_beds': column 'RM1' has 'n/a' on 2024-01-25"):
        Persistence().fit(daily(10), related={"flu_beds": text})
    with pytest.raises(InputError, match="related 'flu_beds': column 'RM1' stands twice"):
        Persistence().fit(daily(10), related={"flu_beds": daily(10).set_axis(["RM1", "RM1"], axis=1)})


def test_negative_values_of_a_derived_count_are_taken_as_zero():
    panel = daily(40)
    negative, zero = panel.copy(), panel.copy()
    negative.iloc[5, 0], zero.iloc[5, 0] = -3, 0
    one, other = (Persistence().fit(p).predict(5, samples=20).paths for p in (negative, zero))
    assert np.array_equal(one, other)


def test_nullable_and_text_free_object_columns_are_numbers():
    panel = daily(40)
    nullable = panel.astype("Int64")
    nullable.iloc[5, 0] = pd.NA
    panel.iloc[5, 0] = np.nan
    plain = Persistence().fit(panel).predict(5, samples=20).paths
    for typed in (nullable, nullable.astype(object)):
        assert np.array_equal(Persistence().fit(typed).predict(5, samples=20).paths, plain)
