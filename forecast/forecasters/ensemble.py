"""Several forecasters as one: each weighs what its recent forecasts were worth; ranges too narrow are widened."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import ndtri
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from forecast.errors import InputError
from forecast.forecasters.base import Array, Forecaster
from forecast.forecasters.certainty import never_certain
from forecast.forecasters.counts import counts_of, stabilised
from forecast.forecasters.dependence import Dependence, of_changes
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import BASELINE, RUNAWAY_FACTOR, carried_forward
from forecast.forecasters.pooled.history import History
from forecast.forecasters.record import LEVELS, Record, outcomes, past_origins
from forecast.forecasters.replay import Replay
from forecast.forecasters.replaying import replayed, said_by
from forecast.forecasters.scale import SMALL

log = logging.getLogger(__name__)
RECORD_DAYS = 42
"""Longest horizon that past forecasts are made for; beyond it the last band's weights stand."""
WILD_FACTOR = 4.0
RECENT_DAYS = 364

_Given = dict[str, tuple[Array, str]]
"""What a member gives: location -> paths (samples, steps) and a note."""


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
    :math:`f` come from the members' forecasts from earlier origins, one every ``every`` days of the last ``memory``
    days, each made from the data up to it (``Record.weights``, ``Record.spread``), by location and band of steps. Both
    are shrunk strongly (weights to ``shares``), and the range is never made narrower: a dozen origins tell little about
    who will be better next. A member that fails at a location, or whose middle leaves the believable values of the last
    year by more than ``WILD_FACTOR`` times, or whose range has no end, is left out there with a note; where none is
    left, the last believable value is carried forward. Where all paths would be one value, they get the spread of
    random counts, since nothing is certain. Paths join the quantiles with the dependence over steps and between
    locations learned by a member, or that of past changes where no member learns it.

    Parameters
    ----------
    members
        Forecasters; they are cloned before fitting.
    weigh, calibrate
        Whether to use the record for weights and for the width.
    memory, every
        Days of record and days between its origins.
    power, prior
        How sharply scores turn into weights, and how many origins ``shares`` count for.
    shares
        What the members weigh, against each other, before anything is known of them; the same unless given.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> members = [fc.forecasters.SeasonalNaive(), fc.forecasters.AutoRegression()]
    >>> forecaster = fc.forecasters.Ensemble(members, memory=56, every=28).fit(panel)
    >>> t = forecaster.predict(7, samples=100, seed=1)
    >>> t.paths.shape, forecaster.joint, sorted(forecaster.replay(["RM1"]).paths)
    ((2, 100, 7), True, ['RM1'])
    """

    members_: list[Forecaster]
    dependence_: Dependence

    def __init__(
        self,
        members: Sequence[Forecaster],
        *,
        weigh: bool = True,
        calibrate: bool = True,
        memory: int = 364,
        every: int = 28,
        power: float = 8.0,
        prior: float = 10.0,
        shares: Sequence[float] | None = None,
    ) -> None:
        self.members = members
        self.weigh = weigh
        self.calibrate = calibrate
        self.memory = memory
        self.every = every
        self.power = power
        self.prior = prior
        self.shares = shares

    @property
    def joint(self) -> bool:
        """Whether locations are drawn together: they are."""
        return True

    def _learn(self) -> None:
        wrong = [member for member in self.members if not isinstance(member, Forecaster)]
        if wrong or not len(self.members):
            raise InputError(f"Ensemble: members are {self.members!r}; give a list of at least one forecaster")
        for name, least in (("memory", 0), ("every", 1), ("power", 0), ("prior", 0)):
            if getattr(self, name) < least:
                raise InputError(f"Ensemble: {name} is {getattr(self, name)!r}; give a number of at least {least}")
        shares = self._checked_shares()
        panel = self.panel_.copy()
        panel.attrs["metric"] = self.metric_
        self.members_ = []
        self.shares_: list[float] = []
        self.dropped_: list[str] = []
        for member, share in zip(self.members, shares, strict=True):
            try:
                self.members_.append(clone(member).fit(panel, self.related_))
                self.shares_.append(share)
            except Exception:
                log.info("%s could not be fitted", type(member).__name__, exc_info=True)
                self.dropped_.append(f"{member.called}: left out (it could not be fitted)")
        self.past_: dict[tuple[str, int], Array | None] = {}
        self.records_: dict[str, Record] = {}
        tied = [member for member in self.members_ if hasattr(member, "dependence_")]
        # One that could learn nothing says nothing of how places move together.
        learned = [member.dependence_ for member in tied if getattr(member, "learner_", True) is not None]
        self.dependence_ = learned[0] if learned else self._of_changes()

    def _checked_shares(self) -> list[float]:
        if self.shares is None:
            return [1.0] * len(self.members)
        if len(self.shares) != len(self.members) or min(self.shares) <= 0:
            raise InputError(
                f"Ensemble: shares are {self.shares!r}; give a number above 0 for each of {len(self.members)} members"
            )
        return [float(share) for share in self.shares]

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
        for code, own_ranks in zip(locations, ranks, strict=True):
            pooling = self._pooling(code, horizon, forecasts)
            if pooling.members:
                given = [forecasts[k][code] for k in pooling.members]
                paths = _joined([np.sort(stabilised(one), axis=0) for one, _ in given], pooling, own_ranks)
                said = [
                    f"{self.members_[k].called}: {note}"
                    for k, (_, note) in zip(pooling.members, given, strict=True)
                    if note
                ]
                doubted = self._doubted(code)
            else:
                rng = self._stream(seed, code)
                paths, note = carried_forward(self.panel_[code], self.step_days_, horizon, samples, rng)
                said, doubted = [BASELINE, note], ""
            paths, certain = never_certain(paths, self._as_counts(code, paths), ndtri(own_ranks))
            drawn.append(paths)
            notes[code] = "; ".join(filter(None, [*pooling.notes, *said, doubted, certain]))
        return drawn, notes

    def _doubted(self, code: str) -> str:
        """Say from when on the latest values of a location are not believed; empty where they are."""
        series = self.panel_[code].dropna()
        last = self._believed(code).last_valid_index()
        since = series.index[series.index > last]
        return f"values from {since[0]:%-d %B %Y} on are not believed" if len(since) else ""

    def _predicted(self, member: Forecaster, horizon: int, locations: list[str], samples: int, seed: int) -> _Given:
        """What a member gives at each location it does not fail at."""
        try:
            found = member.predict(horizon, locations, samples, seed)
        except Exception:
            if len(locations) == 1:
                log.info("%s could not be simulated at %s", type(member).__name__, locations[0], exc_info=True)
                return {}
            alone = [self._predicted(member, horizon, [code], samples, seed) for code in locations]
            return {code: given for one in alone for code, given in one.items()}
        return {code: (own, found.notes.get(code, "")) for code, own in zip(found.locations, found.paths, strict=True)}

    def _pooling(self, code: str, horizon: int, forecasts: Sequence[_Given]) -> _Pooling:
        origins = self._origins() if self.weigh or self.calibrate else pd.DatetimeIndex([])
        notes = list(self.dropped_)
        members = []
        for k, member in enumerate(self.members_):
            why = self._fault(code, member, forecasts[k].get(code))
            if not why and len(origins) and self._past(code, k, origins) is None:
                why = "its past forecasts could not be made"
            if why:
                notes.append(f"{member.called}: left out ({why})")
            else:
                members.append(k)
        chosen = tuple(members)
        if not chosen or not len(origins):
            shares = np.array([self.shares_[k] for k in chosen])
            weights = np.repeat((shares / shares.sum())[:, None], horizon, axis=1)
            return _Pooling(chosen, weights, np.ones(horizon), tuple(notes))
        weights, spread = self._weighed(self._record(code, chosen, origins))
        at = np.minimum(np.arange(horizon), len(spread) - 1)
        return _Pooling(chosen, weights[:, at], spread[at], tuple(notes))

    def _fault(self, code: str, member: Forecaster, given: tuple[Array, str] | None) -> str:
        """Why a member is left out at a location; empty where it is not."""
        if code in member.failed_:
            return member.failed_[code]
        if given is None or not np.isfinite(given[0]).all():
            return "it could not be simulated"
        if BASELINE in given[1]:
            return given[1].partition(f"), {BASELINE}")[0].removeprefix("not used (")
        if self._wild(code, given[0]):
            return "its figures went far beyond those of the last year"
        return ""

    def _weighed(self, record: Record) -> tuple[Array, Array]:
        """Weights (members, steps) and factor on the width (steps,) that a record gives."""
        _, origins, steps, _ = record.quantiles.shape
        shares = np.repeat(record.prior_shares()[:, None], steps, axis=1)
        weights = record.weights(self.power, self.prior) if self.weigh else shares
        spread = record.spread(weights, self.prior) if self.calibrate and origins else np.ones(steps)
        return weights, spread

    def replay(self, locations: Sequence[str], seed: int = 0) -> Replay:
        """Forecasts from earlier origins of the last ``memory`` days, each pooled as its own past would have had it.

        Only locations that a forecast has been drawn for (``predict``) and that have a record. How steps and locations
        hang together is as learned today, as is which values are believed.
        """
        check_is_fitted(self, "failed_")
        records = {code: self.records_[code] for code in locations if code in self.records_}
        origins = self._origins()
        found = replayed(records, origins, self._weighed, self.dependence_, lambda *names: self._stream(seed, *names))
        kinds = [type(member).__name__ for member in self.members_]
        return replace(found, members=said_by(kinds, self.past_, list(records), origins.get_indexer(found.origins)))

    def _origins(self) -> pd.DatetimeIndex:
        every = max(self.every // self.step_days_, 1)
        least = 8 * 7 // self.step_days_ + 4
        return past_origins(pd.DatetimeIndex(self.panel_.index), every, max(self.memory // self.every, 1), least)

    def _believed(self, code: str) -> pd.Series:
        return believed(self.panel_[code], self.step_days_)

    def _wild(self, code: str, paths: Array) -> bool:
        history = self._believed(code)
        recent = history.iloc[-RECENT_DAYS // self.step_days_ :].dropna()
        if recent.empty:
            return False
        middle = np.median(paths, axis=0)
        # A count of up to ten may vanish, or rise from nothing.
        highest = WILD_FACTOR * max(float(recent.max()), SMALL)
        lowest = (float(recent.min()) - SMALL) / WILD_FACTOR
        # A sane middle may hide a range without end.
        end = RUNAWAY_FACTOR * max(float(history.max()), SMALL)
        runaway = (np.quantile(paths, 0.95, axis=0) > end).any()
        return bool(runaway or (middle > highest).any() or (middle < lowest).any())

    def _past(self, code: str, k: int, origins: pd.DatetimeIndex) -> Array | None:
        """Quantiles (origins, steps, levels) of a member's past forecasts; None where it fails."""
        if (code, k) not in self.past_:
            steps = max(RECORD_DAYS // self.step_days_, 1)
            try:
                self.past_[code, k] = self.members_[k].hindcast(origins, steps, LEVELS, [code])[0]
            except Exception:
                log.info("%s could not be hindcast at %s", type(self.members_[k]).__name__, code, exc_info=True)
                self.past_[code, k] = None
        return self.past_[code, k]

    def _record(self, code: str, members: tuple[int, ...], origins: pd.DatetimeIndex) -> Record:
        """Past forecasts of these members at a location."""
        quantiles = np.stack([past for k in members if (past := self._past(code, k, origins)) is not None])
        observed = outcomes(self.panel_[code], origins, quantiles.shape[2], self.step_days_)
        shares = tuple(self.shares_[k] for k in members)
        self.records_[code] = Record(quantiles, observed, self.step_days_, shares)
        return self.records_[code]


def _joined(ordered: Sequence[Array], pooling: _Pooling, ranks: Array) -> Array:
    """Paths (samples, steps) from members' ordered samples on the stabilised scale and ranks in (0, 1)."""
    pooled = np.einsum("ms,mks->ks", pooling.weights, np.stack(ordered))
    middle = np.median(pooled, axis=0)
    widened = middle + pooling.spread * (pooled - middle)
    place = np.minimum((ranks * len(widened)).astype(np.int64), len(widened) - 1)
    return counts_of(np.take_along_axis(widened, place, axis=0))
