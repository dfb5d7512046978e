"""Running the tasks of backtests: on this machine through joblib, or on the workers of a Dask cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import pandas as pd
from joblib import Parallel, delayed

from forecast.evaluation.kept import Kept
from forecast.evaluation.planning import Outcome, Plan
from forecast.evaluation.tasks import Done, Task, name_of, run

Progress = Callable[[str, int, int], None]
Key = tuple[int, int]
"""Place of a plan among the plans, and of a task in its plan."""
Work = Callable[[Iterator[tuple[Key, Task]]], Iterator[tuple[Key, Done]]]
"""What does tasks: takes them one by one as it has room, and gives each back when it is done, in any order."""
_log = logging.getLogger(__name__)


def workers(jobs: int | None = None, dask: str | None = None) -> AbstractContextManager[Work]:
    """Return what does tasks: processes of this machine, or those of a cluster by its scheduler's address.

    Raises
    ------
    InputError
        On entering: the cluster cannot be used; see ``forecast.evaluation.cluster``.
    """
    if dask is None:
        return nullcontext(partial(_here, jobs))
    from forecast.evaluation.cluster import cluster  # only who names a scheduler needs the package behind it

    return cluster(dask)


def run_plans(
    plans: Sequence[Plan], work: Work, *, folder: str | Path | None = None, progress: Progress | None = None
) -> Iterator[tuple[int, pd.DataFrame]]:
    """Run the tasks of several plans as one stream, so that nobody idles while the last of a plan are at work.

    Parameters
    ----------
    plans
        In the order in which their tasks are begun.
    work
        Does them; see ``workers``.
    folder, progress
        As in ``backtest``.

    Yields
    ------
    tuple of int and DataFrame
        Place of a plan and its long frame, as soon as its last task is done.
    """
    feed = _Feed(plans, Kept(folder) if folder is not None else None)
    tell = progress or (lambda *_: None)
    total = sum(plan.size for plan in plans)
    told: set[int] = set()
    tell("reading what was known", 0, total)
    for (place, number), done in work(feed.tasks()):
        outcome, name = feed.finished(place, number, done)
        if done.rows is None:
            _log.warning("%s failed at %s: %s", outcome.model, f"{outcome.origin:%Y-%m-%d}", done.reason)
        elif feed.kept:
            feed.kept.write(name, done.rows)
        tell(f"{outcome.model}, {outcome.origin:%-d %B %Y}", feed.done, total)
        yield from feed.whole(told)
    if feed.error is not None:
        raise feed.error
    tell("backtest", feed.done, total)
    yield from feed.whole(told)


class _Feed:
    """The tasks that are to be done, and the outcomes of all.

    An error on the way is kept and raised by who waits for the results: joblib asks for tasks in threads of its own,
    where it would be lost.
    """

    def __init__(self, plans: Sequence[Plan], kept: Kept | None) -> None:
        self.kept = kept
        self.error: Exception | None = None
        self._plans = plans
        self._begun: dict[Key, tuple[Outcome, str]] = {}
        self._outcomes: list[dict[int, Outcome]] = [{} for _ in plans]
        self._handed_over: set[int] = set()

    @property
    def done(self) -> int:
        """How many tasks are done, now or before."""
        over = sum(self._plans[place].size for place in self._handed_over)
        return over + sum(len(outcomes) for outcomes in self._outcomes)

    def tasks(self) -> Iterator[tuple[Key, Task]]:
        """Tasks that are not kept from before."""
        try:
            for place, plan in enumerate(self._plans):
                yield from self._of(place, plan)
        except Exception as error:
            self.error = error

    def finished(self, place: int, number: int, done: Done) -> tuple[Outcome, str]:
        """Note what became of a task; return it with the name it is kept under."""
        begun, name = self._begun.pop((place, number))
        outcome = Outcome(begun.model, begun.origin, begun.metric, done)
        self._outcomes[place][number] = outcome
        return outcome, name

    def whole(self, told: set[int]) -> Iterator[tuple[int, pd.DataFrame]]:
        """Frames of the plans whose tasks are all done and that have not been told."""
        for place, plan in enumerate(self._plans):
            if place not in told and len(self._outcomes[place]) == plan.size:
                told.add(place)
                outcomes, self._outcomes[place] = self._outcomes[place], {}
                self._handed_over.add(place)
                yield place, plan.frame([outcomes[number] for number in range(plan.size)])

    def _of(self, place: int, plan: Plan) -> Iterator[tuple[Key, Task]]:
        number = 0
        for known in plan.origins():
            data = known.described() if self.kept else ""
            metric = str(known.panel.attrs.get("metric", ""))
            for task in plan.tasks(known):
                name = name_of(task, data) if self.kept else ""
                rows = self.kept.read(name) if self.kept else None
                begun = Outcome(task.name, known.origin, metric, Done(rows))
                if rows is not None:
                    self._outcomes[place][number] = begun
                else:
                    self._begun[place, number] = (begun, name)
                    yield (place, number), task
                number += 1


def _here(jobs: int | None, tasks: Iterator[tuple[Key, Task]]) -> Iterator[tuple[Key, Done]]:
    # max_nbytes: joblib would hand large panels over as read-only files, which a forecaster may want to write in
    parallel = Parallel(n_jobs=jobs, return_as="generator_unordered", max_nbytes=None)
    yield from parallel(delayed(_keyed)(key, task) for key, task in tasks)


def _keyed(key: Key, task: Task) -> tuple[Key, Done]:
    return key, run(task)
