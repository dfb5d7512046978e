"""What changed in the places needed since the run before, and why."""

from __future__ import annotations

import pandas as pd

from forecast.observations.store import Store
from tests.weekly.compared_runs import COUNTS, NOW, THEN, Told, run_of, told


def test_places_needed_are_taken_apart_the_same_way(tmp_path):
    frame = pd.concat([told(metric, weeks=40, RM1=56, RGP=28, RCX=28) for metric in COUNTS])
    store = Store(tmp_path / "data")
    store.add(frame)
    run_of(store, tmp_path / "models", THEN, Told(), compare_days=0)
    run = run_of(store, tmp_path / "models", NOW, Told(add=20))
    rows = run.compared.places
    wide = rows.pivot_table(index=["level", "product"], columns="part", values="places")
    assert set(rows["part"]) == {"before", "model", "revision", "new data", "now"}
    assert (wide.drop(columns="now").sum(axis=1) == wide["now"]).all()
    assert (wide["model"] > 0).any()
    assert (wide["revision"] == 0).all()
    needed = run.places_needed("NORFOLK").set_index(["level", "product"])["places"]
    assert (wide["now"] == needed[wide.index]).all()
