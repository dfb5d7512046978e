"""A backtest before it is run: its forecasters, its origins and what each of them may know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import clone

from forecast.errors import InputError
from forecast.evaluation.known import Panel, checked_origins, known_at, truth_of
from forecast.evaluation.scoring import BASELINE
from forecast.evaluation.tasks import Done, Known, Settings, Task, dates_after
from forecast.forecasters import Persistence
from forecast.forecasters.base import Forecaster
from forecast.observations.table import step_days


@dataclass(frozen=True, eq=False)
class Outcome:
    """What became of one task: the model, the origin, the metric it was told of, and its rows or why it failed."""

    model: str
    origin: pd.Timestamp
    metric: str
    done: Done


@dataclass(frozen=True, eq=False)
class Plan:
    """One metric's backtest: every model at every origin; see ``planned``."""

    models: Mapping[str, Forecaster]
    days: Sequence[pd.Timestamp]
    panel: Panel
    related: Mapping[str, Panel]
    truth: pd.DataFrame
    history: int | None
    settings: Settings

    @property
    def size(self) -> int:
        """How many tasks there are."""
        return len(self.days) * len(self.models)

    def origins(self) -> Iterator[Known]:
        """What is known at each origin, read when it is asked for: a year of every trust is never held at once."""
        for origin in self.days:
            yield _known(self.panel, self.related, origin, self.history, self.settings, self.truth)

    def tasks(self, known: Known) -> Iterator[Task]:
        """One task a model at an origin."""
        for name, model in self.models.items():
            yield Task(name, clone(model), known, self.settings)

    def frame(self, outcomes: Sequence[Outcome]) -> pd.DataFrame:
        """Long frame of the outcomes of all tasks in their order; see ``backtest``.

        Raises
        ------
        InputError
            Every task failed.
        """
        failed = [
            {"model": one.model, "origin": f"{one.origin:%Y-%m-%d}", "reason": one.done.reason}
            for one in outcomes
            if one.done.rows is None
        ]
        parts = [one.done.rows for one in outcomes if one.done.rows is not None]
        if not parts:
            raise InputError(f"no model could be run at any origin: {failed[0]['model']}, {failed[0]['reason']}")
        notes = sorted({note for part in parts for note in part["note"].cat.categories})
        for column, categories in (("model", list(self.models)), ("location", self.settings.kept), ("note", notes)):
            parts = [part.assign(**{column: part[column].cat.set_categories(list(categories))}) for part in parts]
        frame = pd.concat(parts, ignore_index=True)
        frame = frame.sort_values(["model", "origin", "location", "date"], kind="stable", ignore_index=True)
        frame.attrs = {"metric": outcomes[0].metric, "failed": failed}
        return frame


def planned(
    forecasters: Forecaster | Mapping[str, Forecaster],
    panel: Panel,
    *,
    origins: Iterable[str | pd.Timestamp],
    horizon: int,
    related: Mapping[str, Panel] | None = None,
    locations: Sequence[str] | None = None,
    totals: Mapping[str, Sequence[str]] | None = None,
    observed: pd.DataFrame | None = None,
    zeros_missing: bool = False,
    baseline: bool = True,
    samples: int = 1000,
    seed: int = 0,
    history: int | None = None,
) -> Plan:
    """Check what a backtest is asked for; parameters and errors are those of ``backtest``."""
    models = _named(forecasters, baseline)
    _check_numbers(horizon=(horizon, 1), samples=(samples, 1), seed=(seed, 0))
    if history is not None:
        _check_numbers(history=(history, 1))
    totals = _checked_totals(totals)
    truth = truth_of(panel, observed, totals, zeros_missing)
    days = checked_origins(origins, panel, truth)
    step = step_days(truth.index)
    wanted, kept = _wanted(locations, totals, panel if isinstance(panel, pd.DataFrame) else truth)
    settings = Settings(int(horizon), step, wanted, kept, totals, int(samples), int(seed))
    return Plan(models, days, panel, related or {}, truth, history, settings)


def _known(
    panel: Panel,
    related: Mapping[str, Panel],
    origin: pd.Timestamp,
    history: int | None,
    settings: Settings,
    truth: pd.DataFrame,
) -> Known:
    found = known_at(panel, origin, history)
    lacking = [code for code in settings.locations if code not in found.columns]
    if lacking:
        # not reported yet: a column without values, which forecasters answer with no forecast and a note
        attrs = found.attrs
        found = found.reindex(columns=[*found.columns, *lacking])
        found.attrs = attrs
    dates = dates_after(origin, found.index[-1], settings.step, settings.horizon)
    beside = {name: known_at(own, origin, what=f"related {name!r}") for name, own in related.items()}
    return Known(origin, found, beside, truth.reindex(index=dates, columns=list(settings.kept)))


def _named(forecasters: Forecaster | Mapping[str, Forecaster], baseline: bool) -> dict[str, Forecaster]:
    models = {type(forecasters).__name__: forecasters} if isinstance(forecasters, Forecaster) else forecasters
    if not isinstance(models, Mapping) or not models:
        raise InputError(f"forecasters is {forecasters!r}; give one forecaster, or a dict of name to forecaster")
    for name, model in models.items():
        if not isinstance(model, Forecaster):
            raise InputError(f"forecaster {name!r} is a {type(model).__name__}; give one of forecast.forecasters")
    named = {str(name): model for name, model in models.items()}
    if baseline and BASELINE not in named:
        named[BASELINE] = Persistence()
    return named


def _wanted(
    locations: Sequence[str] | None, totals: Mapping[str, Sequence[str]], panel: pd.DataFrame
) -> tuple[list[str], list[str]]:
    """Locations to forecast, and those to tell: the members of a total are forecast for it."""
    there = [str(code) for code in panel.columns]
    if locations is None:
        chosen = [code for code in there if code not in totals]
    elif isinstance(locations, str) or not len(locations):
        raise InputError(f"locations is {locations!r}; give a list of locations, such as {there[:3]}")
    else:
        chosen = list(dict.fromkeys(map(str, locations)))
    own = [code for code in chosen if code not in totals]
    wanted = list(dict.fromkeys([*own, *(code for members in totals.values() for code in members)]))
    unknown = [code for code in wanted if code not in there]
    if unknown:
        raise InputError(
            f"location {unknown[0]!r} is not in the panel; there is {', '.join(there[:8])}"
            f"{' and others' if len(there) > 8 else ''}"
        )
    return wanted, [*own, *totals]


def _checked_totals(totals: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    for name, members in (totals or {}).items():
        if isinstance(members, str) or not len(members):
            raise InputError(f"total {name!r} is of {members!r}; give a list of locations")
    return {str(name): list(map(str, members)) for name, members in (totals or {}).items()}


def _check_numbers(**numbers: tuple[object, int]) -> None:
    for name, (value, least) in numbers.items():
        if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < least:
            raise InputError(f"{name} is {value!r}; give a whole number of at least {least}")
