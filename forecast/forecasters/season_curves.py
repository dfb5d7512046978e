"""A wave to its end: past waves, fitted to the season so far, carry the nation and the hospitals tied to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from forecast.errors import InputError
from forecast.forecasters.base import Array, Forecaster, Whole
from forecast.forecasters.curves.handover import continued, matched
from forecast.forecasters.curves.nation import Nation, learn
from forecast.forecasters.curves.places import LagDays, Place, follow, nation_itself
from forecast.forecasters.curves.weekly import middle_of, numbers
from forecast.forecasters.outliers import believed
from forecast.forecasters.per_location import BASELINE, carried_forward, ceiling
from forecast.forecasters.persistence import age_note
from forecast.forecasters.replay import Replay

FEWEST_DAYS = 14
FEWEST_NATIONAL_WEEKS = 3
LARGEST_WAVES = 4.0
TIED, TIED_DAYS, TIED_KNOWN = 5, 56, 0.5
"""So many places, known on such a share of their last days, say together which national path a sample lies on."""
NO_NATION = "too little is known of the nation's wave"


class SeasonCurves(Forecaster):
    r"""Past waves shifted, stretched and scaled, weighted by the season so far; hospitals tied to the nation.

    The nation's course is a past wave of the library (its own seasons, those of places, related series of the same
    disease), with the peak moved, stretched and scaled, and a departure that is autocorrelated: see
    ``curves.particles``. Before a season is seen, its peak falls as past ones did and it may be no wave to speak of;
    each week seen reweights the particles. A disease without a season may peak in any week, or not at all, and has
    another wave some time within a year.

    A hospital follows the nation's path of the same sample number, so that hospitals and their sum are coherent: its
    level is its share of the nation's some days ago, times a departure that goes on from today's and an autocorrelated
    error, with the random part of a count. Nothing jumps: at the origin each path is at the hospital's own level.

    Parameters
    ----------
    short
        Forecaster of the first weeks, cloned before fitting; the curves themselves where None.
    handover
        Days that are the short-range forecaster's. Each of its paths goes on along the curve most like it in level and
        slope, and their difference fades.
    national
        The nation's column in the panel; else in ``related`` under the panel's metric; else the sum of the panel.
    seasonal
        Whether the disease has a season; told from past peaks where None.
    lag_days
        Function of a hospital's and the nation's values that gives a distribution of days behind; an internal estimate
        where None.

    Notes
    -----
    Related series whose metric begins with the same word (``flu``, ``covid``) and which have the nation's column give
    past seasons too. Where the nation's newest days are missing, enough other hospitals fill them; a hospital's zeros
    where many patients are to be expected are not believed. A location with too little history, whose values are all
    equal or whose newest is old, is left to the short-range forecaster, or the baseline, with a note.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> wave = 6000 * np.exp(-(((np.arange(800) % 365 - 330) / 25) ** 2)) + 20
    >>> flu = pd.DataFrame({"ENG": wave, "RM1": wave / 60}, index=pd.date_range("2022-02-01", periods=800)).round()
    >>> forecaster = fc.forecasters.SeasonCurves(national="ENG").fit(flu)
    >>> forecaster.cannot_carry(), forecaster.joint
    ('', True)
    >>> forecaster.predict(60, locations=["RM1"], samples=50, seed=1).paths.shape
    (1, 50, 60)
    >>> forecaster.replay(["RM1"]).paths
    {}
    """

    called = "season curves"

    short_: Forecaster | None
    nation_: Nation
    places_: dict[str, Place]

    def __init__(
        self,
        *,
        short: Forecaster | None = None,
        handover: int = 28,
        national: str = "ENG",
        seasonal: bool | None = None,
        lag_days: LagDays | None = None,
    ) -> None:
        self.short = short
        self.handover = handover
        self.national = national
        self.seasonal = seasonal
        self.lag_days = lag_days

    @property
    def joint(self) -> bool:
        """Whether locations are drawn together: they follow one nation, where one can be drawn."""
        if hasattr(self, "nation_") and self.cannot_carry():
            return self.short_ is not None and self.short_.joint
        return True

    def _learn(self) -> None:
        if self.short is not None and not isinstance(self.short, Forecaster):
            raise InputError(
                f"SeasonCurves: short is {self.short!r}; give a forecaster, such as Persistence(), or None"
            )
        if isinstance(self.handover, bool) or not isinstance(self.handover, (int, np.integer)) or self.handover < 7:
            raise InputError(f"SeasonCurves: handover is {self.handover!r}; give a whole number of at least 7")
        # A sum of the others beside them would teach the short range everything twice.
        places = [code for code in self.panel_.columns if code != self.national] or list(self.panel_.columns)
        panel = self.panel_[places].copy()
        panel.attrs["metric"] = self.metric_
        self.short_ = None if self.short is None else clone(self.short).fit(panel, self.related_)
        self.failed_ = {} if self.short_ is None else dict(self.short_.failed_)
        self.nation_ = learn(self.panel_, self.related_, self.metric_, self.national, self.seasonal, self.origin_)
        self.places_ = {}

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        steps = self.handover // self.step_days_
        drawn: dict[str, Array] = {}
        notes: dict[str, str] = {}
        near = self._near(locations)
        if self.short_ is not None and near:
            first = self.short_.predict(min(horizon, steps), near, samples, seed)
            drawn, notes = dict(zip(near, first.paths, strict=True)), dict(first.notes)
            if horizon <= steps and len(near) == len(locations):
                return list(first.paths), notes
        reasons = {code: self._unused(code) for code in locations}
        for code in (code for code in locations if reasons[code]):
            drawn[code], notes[code] = self._left(code, horizon, samples, seed, reasons[code])
        carried = [code for code in locations if not reasons[code] and (horizon > steps or code not in near)]
        if carried:
            nation, nodes = self._nation(horizon, samples, seed)
            nation = nation[self._pairs(nation, nodes, samples, seed)]
            for code in carried:
                far = self._along(code, self._place(code), nation, nodes, horizon, seed)
                drawn[code] = continued(drawn[code], far, 7 // self.step_days_) if code in near else far
                old = age_note(self.panel_[code])
                if old and old not in notes.get(code, ""):
                    notes[code] = "; ".join(filter(None, [notes.get(code), old]))
        return [drawn[code] for code in locations], notes

    def replay(self, locations: Sequence[str], seed: int = 0) -> Replay:
        """Forecasts from earlier origins as the short-range forecaster would have made them then."""
        check_is_fitted(self, "failed_")
        return super().replay(locations, seed) if self.short_ is None else self.short_.replay(locations, seed)

    def cannot_carry(self) -> str:
        """Say why no wave can be drawn; empty where one can.

        Returns
        -------
        str
            The reason, in plain English.

        Raises
        ------
        sklearn.exceptions.NotFittedError
            ``fit`` has not been called.
        """
        check_is_fitted(self, "failed_")
        known = self.nation_.weeks.levels.dropna()
        if len(known) < FEWEST_NATIONAL_WEEKS:
            return NO_NATION
        return "" if (known > 0).any() else f"{NO_NATION}: every value is 0"

    def _unused(self, code: str) -> str:
        """Say why a location cannot follow the nation; empty where it can."""
        values = self.panel_[code].dropna()
        if reason := self.cannot_carry():
            return reason
        if len(values) * self.step_days_ < FEWEST_DAYS:
            return f"too little history ({len(values)} values, {-(-FEWEST_DAYS // self.step_days_)} needed)"
        if (values == values.iloc[0]).all():
            return f"every value is {values.iloc[0]:g}"
        # Between seasons nothing is counted; the share that a hospital had last winter is what is known of it.
        return "" if self.nation_.seasonal else age_note(believed(self.panel_[code], self.step_days_))

    def _left(self, code: str, horizon: int, samples: int, seed: int, reason: str) -> tuple[Array, str]:
        """Paths of a location that cannot follow the nation, and a note."""
        if self.short_ is not None and code in self.short_.panel_:
            found = self.short_.predict(horizon, [code], samples, seed)
            said = f"beyond {self.handover} days as the short range ({reason})"
            return found.paths[0], "; ".join(filter(None, [found.notes.get(code), said]))
        series = self.panel_[code]
        own, note = carried_forward(series, self.step_days_, horizon, samples, self._stream(seed, code))
        return own, "; ".join(filter(None, [f"not used ({reason}), {BASELINE}", note]))

    def _nation(self, horizon: int, samples: int, seed: int) -> tuple[Array, Array]:
        """National logs by week, (samples, weeks), and the weeks' day numbers, to beyond the horizon."""
        last = self.nation_.weeks.levels.index[-1]
        end = self.origin_ + pd.Timedelta(days=horizon * self.step_days_)
        weeks = max(-(-((end - last).days + 7) // 7), 1)
        return self.nation_.paths(weeks, samples, self._stream(seed, "", "nation"))

    def _near(self, locations: list[str]) -> list[str]:
        """Those of the locations that the short-range forecaster draws: not the nation beside its hospitals."""
        if self.short_ is None:
            return []
        return [code for code in locations if code in self.short_.panel_]

    def _pairs(self, nation: Array, nodes: Array, samples: int, seed: int) -> Whole:
        """Which national path each sample number goes on along: the one most like the largest places together.

        One pairing for all locations, whoever is asked for: the same sample number is the same winter everywhere.
        """
        tied = [] if self.short_ is None else self._tied()
        if self.short_ is None or not tied:
            return np.arange(samples, dtype=np.int64)
        steps = self.handover // self.step_days_
        near = self.short_.predict(steps, tied, samples, seed).paths.sum(axis=0)
        together = believed(self.panel_[tied].sum(axis=1, min_count=len(tied)), self.step_days_)
        place = self._learned(together.loc[: together.last_valid_index()])
        return matched(near, self._along("", place, nation, nodes, steps, seed), 7 // self.step_days_)

    def _tied(self) -> list[str]:
        """Places whose short-range paths say which national path they lie on: the largest of those in use."""
        lately = self.panel_.iloc[-TIED_DAYS // self.step_days_ :].drop(columns=self.national, errors="ignore")
        known = lately.loc[:, lately.notna().mean() >= TIED_KNOWN].mean().sort_values(ascending=False, kind="stable")
        return [str(code) for code in known.index if not self._unused(str(code))][:TIED]

    def _along(self, code: str, place: Place, nation: Array, nodes: Array, horizon: int, seed: int) -> Array:
        """Counts of a location along national paths, (samples, horizon)."""
        dates = pd.date_range(self.origin_, periods=horizon + 1, freq=f"{self.step_days_}D")[1:]
        ahead = numbers(dates) + middle_of(dates, self.step_days_)
        found = place.draw(nation, nodes, ahead, self._stream(seed, code, "place"))
        return np.minimum(found, self._highest(code, place)) if code else found

    def _highest(self, code: str, place: Place) -> float:
        """No forecast is above this: ten times the history, or its share of so many times the nation's largest wave."""
        sizes = [wave.size for wave in self.nation_.past if np.isfinite(wave.size)]
        largest = LARGEST_WAVES * max(sizes, default=0.0) * float(np.exp(place.share))
        return max(ceiling(believed(self.panel_[code], self.step_days_)), largest)

    def _place(self, code: str) -> Place:
        """How a location follows the nation; learned when first asked for, since most never are."""
        if code not in self.places_:
            kept = believed(self.panel_[code], self.step_days_)
            kept = kept.loc[: kept.last_valid_index()]
            if code == self.national:
                self.places_[code] = nation_itself(self.nation_.weeks, kept, self.step_days_)
            else:
                self.places_[code] = self._learned(kept)
        return self.places_[code]

    def _learned(self, kept: pd.Series) -> Place:
        return follow(kept, self.nation_.weeks, self.step_days_, self.lag_days)
