"""Several forecasters as one: each weighs what its recent forecasts were worth, and the range is what held."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from scipy.special import ndtri
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from forecast.errors import InputError
from forecast.forecasters.base import Array, Forecaster
from forecast.forecasters.counts import counting_noise, counts_of, stabilised
from forecast.forecasters.dependence import Dependence, of_changes
from forecast.forecasters.per_location import BASELINE
from forecast.forecasters.persistence import persist
from forecast.forecasters.pooled.history import History
from forecast.forecasters.record import LEVELS, Record, outcomes, past_origins
from forecast.forecasters.replay import Replay
from forecast.forecasters.replaying import replayed

log = logging.getLogger(__name__)
RECORD_DAYS = 42
"""Longest horizon that past forecasts are made for; beyond it the last band's weights stand."""
WILD_FACTOR = 4.0
RECENT_DAYS = 364
UNCHANGING = "its values never change; the range is that of random counts"


@dataclass(frozen=True)
class _Pooling:
    """How the members are pooled at one location: which, with what weights by step, and how much wider."""

    members: tuple[int, ...]
    weights: Array
    spread: Array
    notes: tuple[str, ...]


class Ensemble(Forecaster):
    r"""Weighted pool of forecasters, recalibrated on its own record.

    Quantiles are averaged (Vincentisation) on the scale of ``forecast.forecasters.counts``:
    :math:`Q(u) = m + f\,(\sum_k w_k Q_k(u) - m)`, with :math:`m` the pooled median. Weights :math:`w` and width
    :math:`f` come from the members' forecasts from earlier origins, one every ``every`` days, each made from data up
    to it: weights from the last ``memory`` days (``Record.weights``), the width from the last half of them
    (``Record.spread``); both by location and band of steps. A member that fails at a location, or whose middle leaves
    the values of the last year by more than ``WILD_FACTOR`` times, is left out there with a note; where none is left,
    the last value is carried forward. Paths join the quantiles with the dependence over steps and between locations
    learned by a member, or that of past changes where no member learns it.

    Parameters
    ----------
    members
        Forecasters; they are cloned before fitting.
    weigh, calibrate
        Whether to use the record for weights and for the width.
    memory, every
        Days of record and days between its origins.
    power, prior
        How sharply scores turn into weights, and how many origins equal weights count for.
    """

    members_: list[Forecaster]
    dependence_: Dependence
    joint: ClassVar[bool] = True

    def __init__(
        self,
        members: Sequence[Forecaster],
        *,
        weigh: bool = True,
        calibrate: bool = True,
        memory: int = 364,
        every: int = 14,
        power: float = 16.0,
        prior: float = 5.0,
    ) -> None:
        self.members = members
        self.weigh = weigh
        self.calibrate = calibrate
        self.memory = memory
        self.every = every
        self.power = power
        self.prior = prior

    def _learn(self) -> None:
        wrong = [member for member in self.members if not isinstance(member, Forecaster)]
        if wrong or not len(self.members):
            raise InputError(f"Ensemble: members are {self.members!r}; give a list of at least one forecaster")
        panel = self.panel_.copy()
        panel.attrs["metric"] = self.metric_
        self.members_ = []
        self.dropped_: list[str] = []
        for member in self.members:
            try:
                self.members_.append(clone(member).fit(panel, self.related_))
            except Exception:
                log.warning("%s could not be fitted", type(member).__name__, exc_info=True)
                self.dropped_.append(f"{member.called}: left out (it could not be fitted)")
        self.records_: dict[str, tuple[tuple[int, ...], Record]] = {}
        learned = [member.dependence_ for member in self.members_ if hasattr(member, "dependence_")]
        self.dependence_ = learned[0] if learned else self._of_changes()

    def _of_changes(self) -> Dependence:
        weekday = pd.DatetimeIndex(self.panel_.index).day_of_week.to_numpy()
        past = History(self.panel_.to_numpy(dtype=np.float64), weekday, 7 // self.step_days_)
        return of_changes(past.plain, list(self.panel_.columns), self.step_days_)

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        forecasts = [self._predicted(member, horizon, locations, samples, seed) for member in self.members_]
        ranks = self.dependence_.ranks(locations, horizon, samples, lambda *names: self._stream(seed, *names))
        drawn, notes = [], {}
        for place, code in enumerate(locations):
            given = [None if one is None else one[0][place] for one in forecasts]
            said = [one[1].get(code, "") if one else "" for one in forecasts]
            pooling = self._pooling(code, horizon, given)
            if not pooling.members:
                own, note = self._carried_forward(code, horizon, samples, seed)
                drawn.append(own)
                notes[code] = "; ".join(filter(None, [*pooling.notes, BASELINE, note]))
                continue
            used = [np.sort(stabilised(_given(given[k])), axis=0) for k in pooling.members]
            drawn.append(_joined(used, pooling, ranks[place]))
            kept = [f"{self.members_[k].called}: {said[k]}" for k in pooling.members if said[k]]
            notes[code] = "; ".join([*pooling.notes, *kept])
        return drawn, notes

    def _carried_forward(self, code: str, horizon: int, samples: int, seed: int) -> tuple[Array, str]:
        """Paths of the baseline; where they would all be one value, with the spread of random counts."""
        own, note = persist(self.panel_[code], horizon, samples, self._stream(seed, code))
        same = np.ptp(own, axis=0) == 0
        if not same.any():
            return own, note
        ranks = self.dependence_.ranks([code], horizon, samples, lambda *names: self._stream(seed, *names))[0]
        level = stabilised(own)
        spread = np.sqrt(2.0 * counting_noise(level)) * ndtri(ranks)
        return np.where(same, counts_of(level + spread), own), "; ".join(filter(None, [note, UNCHANGING]))

    def _predicted(
        self, member: Forecaster, horizon: int, locations: list[str], samples: int, seed: int
    ) -> tuple[Array, dict[str, str]] | None:
        try:
            found = member.predict(horizon, locations, samples, seed)
        except Exception:
            log.warning("%s could not be simulated", type(member).__name__, exc_info=True)
            return None
        return found.paths, dict(found.notes)

    def _pooling(self, code: str, horizon: int, given: Sequence[Array | None]) -> _Pooling:
        notes = list(self.dropped_)
        members = []
        for k, member in enumerate(self.members_):
            paths = given[k]
            if code in member.failed_:
                notes.append(f"{member.called}: left out ({member.failed_[code]})")
            elif paths is None or np.isnan(paths).any():
                notes.append(f"{member.called}: left out (it could not be simulated)")
            elif self._wild(code, paths):
                notes.append(f"{member.called}: left out (its figures went far beyond those of the last year)")
            else:
                members.append(k)
        chosen = tuple(members)
        equal = np.full((len(chosen), horizon), 1.0 / max(len(chosen), 1))
        record = self._record(code, chosen) if chosen and (self.weigh or self.calibrate) else None
        if record is None:
            return _Pooling(chosen, equal, np.ones(horizon), tuple(notes))
        weights, spread = self._weighed(record)
        at = np.minimum(np.arange(horizon), len(spread) - 1)
        return _Pooling(chosen, weights[:, at], spread[at], tuple(notes))

    def _weighed(self, record: Record) -> tuple[Array, Array]:
        """Weights (members, steps) and factor on the width (steps,) that a record gives."""
        members, origins, steps, _ = record.quantiles.shape
        weights = record.weights(self.power, self.prior) if self.weigh else np.full((members, steps), 1.0 / members)
        latest = max(self.memory // self.every // 2, 1)
        spread = record.spread(weights, latest, self.prior) if self.calibrate and origins else np.ones(steps)
        return weights, spread

    def replay(self, locations: Sequence[str], seed: int = 0) -> Replay:
        """Forecasts from earlier origins of the last ``memory`` days, each pooled as its own past would have had it.

        Only locations that a forecast has been drawn for (``predict``) and that have a record.
        """
        check_is_fitted(self, "failed_")
        found = {code: self.records_[code] for code in locations if self.records_.get(code)}
        records = {code: kept[1] for code, kept in found.items() if kept is not None}
        return replayed(
            records, self._origins(), self._weighed, self.dependence_, lambda *names: self._stream(seed, *names)
        )

    def _origins(self) -> pd.DatetimeIndex:
        every = max(self.every // self.step_days_, 1)
        least = 8 * 7 // self.step_days_ + 4
        return past_origins(pd.DatetimeIndex(self.panel_.index), every, max(self.memory // self.every, 1), least)

    def _wild(self, code: str, paths: Array) -> bool:
        recent = self.panel_[code].iloc[-RECENT_DAYS // self.step_days_ :].dropna()
        middle = np.median(paths, axis=0)
        highest = WILD_FACTOR * max(float(recent.max()), 10.0) if len(recent) else np.inf
        return bool((middle > highest).any())

    def _record(self, code: str, members: tuple[int, ...]) -> Record | None:
        """Past forecasts of these members at a location; None where there are too few."""
        kept = self.records_.get(code)
        if kept is not None and kept[0] == members:
            return kept[1]
        origins = self._origins()
        if not len(origins):
            return None
        steps = max(RECORD_DAYS // self.step_days_, 1)
        quantiles = np.stack([self.members_[k].hindcast(origins, steps, LEVELS, [code])[0] for k in members])
        record = Record(quantiles, outcomes(self.panel_[code], origins, steps, self.step_days_), self.step_days_)
        self.records_[code] = (members, record)
        return record


def _given(paths: Array | None) -> Array:
    return np.empty((0, 0)) if paths is None else paths


def _joined(ordered: Sequence[Array], pooling: _Pooling, ranks: Array) -> Array:
    """Paths (samples, steps) from members' ordered samples on the stabilised scale and ranks in (0, 1)."""
    pooled = np.einsum("ms,mks->ks", pooling.weights, np.stack(ordered))
    middle = np.median(pooled, axis=0)
    widened = middle + pooling.spread * (pooled - middle)
    place = np.minimum((ranks * len(widened)).astype(np.int64), len(widened) - 1)
    return counts_of(np.take_along_axis(widened, place, axis=0))
