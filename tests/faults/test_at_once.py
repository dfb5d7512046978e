"""Two at once: one is refused in words and the other does its work, or both do, and nothing is lost."""

import os
from functools import partial

import pandas as pd
import pytest

from forecast.errors import Refused
from forecast.forecasters import Persistence
from forecast.incoming.ingest import ingest_files
from forecast.observations.store import Store
from forecast.refit import refit
from forecast.runs import BACKFILL, open_run, served
from forecast.runs.diary import diary_of
from forecast.weekly.backfill import backfill
from tests.faults.weekly_work import FIRST, METRIC, SMALL, left_overs, names, refitted, stored, week
from tests.forked import Forked
from tests.frames import days, tidy


@pytest.fixture
def store(tmp_path):
    store = stored(tmp_path / "data")
    store.add(week())
    return store


class Halfway:
    """A process stops in the middle of its work until it is let go on."""

    def __init__(self):
        self.there, self.tell_there = os.pipe()
        self.go_on, self.tell_go_on = os.pipe()
        self.stopped = False

    def baseline(self, metric):
        """The baseline, made by whoever gets there first after a stop."""
        if metric == METRIC and not self.stopped:
            self.stopped = True
            os.write(self.tell_there, b".")
            os.read(self.go_on, 1)
        return Persistence()

    def wait(self):
        os.read(self.there, 1)

    def let_go(self):
        os.write(self.tell_go_on, b".")


def test_of_two_refits_at_once_one_is_refused_in_words_and_the_other_publishes(store, tmp_path):
    models, halfway = tmp_path / "models", Halfway()
    first = Forked(lambda: refit(store, models, settings=SMALL, forecaster=halfway.baseline))
    halfway.wait()
    with pytest.raises(Refused, match="another refit is running; wait for it to finish, then try again"):
        refitted(store, models)
    halfway.let_go()
    assert first.ended() == 0
    (name,) = names(models)
    assert served(models).run.id == name
    assert served(models).problem == ""
    assert left_overs(models) == []
    assert refitted(store, models).id == name


def test_a_backfill_and_a_refit_at_once_both_do_their_work(store, tmp_path):
    models, halfway = tmp_path / "models", Halfway()
    early = pd.Timestamp(FIRST)

    def fill():
        list(backfill(store, models, [early], settings=SMALL, forecaster=halfway.baseline))

    filling = Forked(fill)
    halfway.wait()
    run = refitted(store, models)
    halfway.let_go()
    assert filling.ended() == 0
    assert served(models).run.id == run.id
    filled, new = names(models)
    assert new == run.id
    assert open_run(models / filled).made == BACKFILL
    open_run(models / filled).check()
    assert diary_of(run, METRIC).runs == 1
    assert left_overs(models) == []


def test_of_two_ingests_at_once_every_row_is_stored(tmp_path):
    def ingest(who):
        paths = []
        for number in range(3):
            frame = tidy(dict.fromkeys(days(f"202{number}-01-01", 20), float(number)), who, source=f"{who} {number}")
            paths.append(tmp_path / f"{who}-{number}.csv")
            frame.to_csv(paths[-1], index=False)
        for path in paths:
            (result,) = ingest_files(Store(tmp_path / "data"), [path])
            assert result.added.new == 20

    writers = [Forked(partial(ingest, who)) for who in ("RM1", "RGP")]
    assert [writer.ended() for writer in writers] == [0, 0]
    store = Store(tmp_path / "data")
    assert [vintage.number for vintage in store.vintages()] == [1, 2, 3, 4, 5, 6]
    panel = store.panel("nctr_patients").dropna()
    for number in range(3):
        assert panel[panel.index.year == 2020 + number][["RM1", "RGP"]].eq(number).all(axis=None)
    assert len(panel) == 60
    assert store.check() == []
