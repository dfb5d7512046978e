"""What an ensemble says of a history that is short, old, wrong, empty or without any change."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.forecasters import AutoRegression, Ensemble, Persistence, SeasonalNaive, StructuralModel

SENSIBLE = {"false zeros", "slip", "held slip", "old slip", "no weekend", "month missing", "short"}
SAID = {"vanishes", "equal", "zero", "one value"}
KINDS = [*sorted(SENSIBLE), *sorted(SAID), "every other zero", "nothing"]
MEMBERS = {
    "good": [AutoRegression(), StructuralModel(), Persistence()],
    "simple": [SeasonalNaive(), Persistence()],
    "baseline": [Persistence()],
}


def spoilt(steps: int, kind: str, run: int, step_days: int, rng: np.random.Generator) -> np.ndarray:
    """Counts around 150 with trouble of one kind at the end."""
    values = np.rint(150 * np.exp(0.01 * rng.standard_normal(steps).cumsum() + 0.03 * rng.standard_normal(steps)))
    if kind == "short":
        values[:-10] = np.nan
    elif kind == "month missing":
        values[-30 // step_days :] = np.nan
    elif kind == "false zeros":
        values[-run:] = 0
    elif kind == "slip":
        values[-1] *= 10
    elif kind == "held slip":
        values[-3:] *= 10
    elif kind == "old slip":
        values[steps // 2] = 1e9
    elif kind == "no weekend" and step_days == 1:
        values[(steps - 1 - np.arange(steps)) % 7 < 2] = np.nan
    elif kind == "every other zero":
        values[::2] = 0
    elif kind == "vanishes":
        values[steps // 2 :] = np.nan
    elif kind in ("equal", "zero"):
        values[:] = 40.0 if kind == "equal" else 0.0
    elif kind == "one value":
        values[:-1] = np.nan
    elif kind == "nothing":
        values[:] = np.nan
    return values


@settings(max_examples=16, deadline=None, derandomize=True)
@given(
    kinds=st.lists(st.sampled_from(KINDS), min_size=1, max_size=4),
    members=st.sampled_from(sorted(MEMBERS)),
    steps=st.integers(40, 260),
    step_days=st.sampled_from([1, 1, 7]),
    run=st.integers(1, 9),
    seed=st.integers(0, 99),
)
def test_bad_data_give_a_sensible_forecast_or_the_baseline_with_a_note(kinds, members, steps, step_days, run, seed):
    rng = np.random.default_rng(seed)
    columns = {f"{kind} {k}": spoilt(steps, kind, run, step_days, rng) for k, kind in enumerate(kinds)}
    panel = pd.DataFrame(columns, index=pd.date_range(end="2024-01-31", periods=steps, freq=f"{step_days}D"))
    ensemble = Ensemble(MEMBERS[members], memory=84, every=28).fit(panel)
    t = ensemble.predict(10, samples=100, seed=seed)
    for code, paths in zip(t.locations, t.paths, strict=True):
        kind = code.rpartition(" ")[0]
        if kind == "nothing":
            assert t.notes[code] == "cannot say: no values"
            continue
        assert np.isfinite(paths).all()
        assert (np.ptp(paths, axis=0) > 0).all(), code
        if kind in SENSIBLE:
            believed = panel[code].replace(0, np.nan).dropna()
            level = believed.iloc[-12:-1].median()
            assert (np.abs(np.log(np.median(paths, axis=0) / level)) < np.log(2)).all(), code
            assert np.quantile(paths, 0.95, axis=0).max() < 10 * level
        elif kind in SAID and (kind != "vanishes" or steps * step_days > 80):
            assert t.notes.get(code), code
