"""Hospitals whose sum is forecast as a series of its own too, and which are moved to agree with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.validation import check_is_fitted

from forecast.errors import InputError
from forecast.forecasters.base import Array, Forecaster
from forecast.forecasters.outliers import robust
from forecast.forecasters.per_location import BASELINE
from forecast.forecasters.replay import Replay
from forecast.reference import reference

LONGEST_LAG_DAYS = 7
"""A sum that was last known this many days before one of its members knows less than the members do."""
EXAMPLE = {"NORFOLK": ["RM1", "RGP", "RCX"]}
"""What messages show."""


class Reconciled(Forecaster):
    r"""A forecaster whose paths are moved so that sums of locations have the range of a direct forecast of the sum.

    What is noise at each hospital partly cancels in their sum, so its level is known better from the sum itself; and a
    range of the sum needs no assumption on how the hospitals move together. At every step, with :math:`b_k` the sum of
    path :math:`k` over the members and :math:`d_{(r)}` the :math:`r`-th smallest value of the direct forecast, the path
    whose sum has rank :math:`r` is moved by :math:`d_{(r)} - b_k`, shared among the members in proportion to the
    variances of their forecasts: the weights that minimum-variance reconciliation has for independent errors
    (Wickramasuriya, Athanasopoulos and Hyndman, *Journal of the American Statistical Association* 114, 2019). The sum
    of the moved paths is the direct forecast, up to rounding and to counts that cannot be below zero; the course of
    each path and which hospitals rise together stay as they were.

    Parameters
    ----------
    forecaster
        Forecaster of the locations and of the sums; it is cloned before fitting.
    totals
        Name of a sum -> its members; the counties of the reference tables unless given. A sum one of whose members is
        not in the panel, or whose name is a column of it, is left alone.

    Notes
    -----
    The sum is known on days on which all of its members are, and none stands out as a slip. Where it was last known
    more than a week before one of its members, or gets no forecast of its own, the members' paths stay as they are.
    Where two sums share a member, paths add up to the later one of ``totals``.

    Examples
    --------
    >>> days = pd.date_range("2024-01-01", periods=120)
    >>> counts = np.tile([200, 220, 224, 216, 240, 180, 170], 18)[:120] + np.random.default_rng(1).integers(-9, 10, 120)
    >>> panel = pd.DataFrame({"RM1": counts, "RGP": counts // 2}, index=days)
    >>> forecaster = fc.forecasters.Reconciled(fc.forecasters.SeasonalNaive(), {"SUM": ["RM1", "RGP"]}).fit(panel)
    >>> t = forecaster.predict(7, samples=100, seed=1)
    >>> t.with_total("SUM", of=["RM1", "RGP"]).locations, forecaster.joint
    (['RM1', 'RGP', 'SUM'], True)
    >>> forecaster.replay(["RM1"]).paths
    {}
    """

    called = "forecasts that agree with their sum"

    forecaster_: Forecaster
    groups_: dict[str, list[str]]

    def __init__(self, forecaster: Forecaster, totals: Mapping[str, Sequence[str]] | None = None) -> None:
        self.forecaster = forecaster
        self.totals = totals

    @property
    def joint(self) -> bool:
        """Whether locations are drawn together: they are."""
        return True

    def _learn(self) -> None:
        if not isinstance(self.forecaster, Forecaster):
            raise InputError(f"Reconciled: forecaster is {self.forecaster!r}; give one, such as Persistence()")
        panel = self.panel_.copy()
        known = set(panel.columns)
        self.groups_ = {
            name: list(members)
            for name, members in self._totals().items()
            if name not in known and len(members) > 1 and known.issuperset(members)
        }
        for name, members in self.groups_.items():
            panel[name] = self._believed(members, self.origin_).sum(axis=1, skipna=False)
        panel.attrs["metric"] = self.metric_
        self.forecaster_ = clone(self.forecaster).fit(panel, self.related_)
        self.failed_ = {code: why for code, why in self.forecaster_.failed_.items() if code in known}

    def _totals(self) -> Mapping[str, Sequence[str]]:
        if self.totals is not None:
            return _checked(self.totals)
        tables = reference()
        return {county.code: tables.members(county.code) for county in tables.counties()}

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        groups = self._touched(locations)
        together = dict.fromkeys([*locations, *(code for one in groups.items() for code in (*one[1], one[0]))])
        found = self.forecaster_.predict(horizon, list(together), samples, seed)
        paths = dict(zip(found.locations, found.paths, strict=True))
        for name, members in groups.items():
            if BASELINE not in found.notes.get(name, ""):
                moved = agreeing(np.stack([paths[code] for code in members]), paths[name])
                paths |= dict(zip(members, moved, strict=True))
        return [paths[code] for code in locations], {code: found.notes.get(code, "") for code in locations}

    def replay(self, locations: Sequence[str], seed: int = 0) -> Replay:
        """Forecasts from earlier origins, moved as this one's are where their sum was known then."""
        check_is_fitted(self, "forecaster_")
        groups = self._touched(list(locations))
        together = dict.fromkeys([*locations, *(code for one in groups.items() for code in (*one[1], one[0]))])
        found = self.forecaster_.replay(list(together), seed)
        paths = dict(found.paths)
        for name, members in groups.items():
            if all(code in paths for code in (name, *members)):
                moved = np.stack([paths[code] for code in members], axis=1)
                for place, (origin, total) in enumerate(zip(found.origins, paths[name], strict=True)):
                    if np.isfinite(total).all() and self._fresh(members, origin):
                        moved[place] = agreeing(moved[place], total)
                paths |= dict(zip(members, np.moveaxis(moved, 1, 0), strict=True))
        kept = [code for code in locations if code in paths]
        # What members said of a sum stays: it is theirs, whoever asks for the sum.
        return replace(found, paths={code: paths[code] for code in kept})

    def _touched(self, locations: Sequence[str]) -> dict[str, list[str]]:
        """Sums with one of these locations among their members that can be forecast themselves."""
        chosen = set(locations)
        return {
            name: members
            for name, members in self.groups_.items()
            if chosen.intersection(members)
            and name not in self.forecaster_.failed_
            and self._fresh(members, self.origin_)
        }

    def _believed(self, members: Sequence[str], origin: pd.Timestamp) -> pd.DataFrame:
        """Values of the members up to a day, without those that stand out: a slip at one would hide in the sum."""
        values = self.panel_.loc[:origin, list(members)]
        return values.apply(lambda series: robust(series.to_numpy(dtype=np.float64), self.step_days_), raw=False)

    def _fresh(self, members: Sequence[str], origin: pd.Timestamp) -> bool:
        """Whether, as known at an origin, all members have a value on a day not long before the newest of any."""
        values = self._believed(members, origin)
        all_known = values.dropna().index
        newest = values.dropna(how="all").index
        return len(all_known) > 0 and newest[-1] - all_known[-1] <= pd.Timedelta(days=LONGEST_LAG_DAYS)


def _checked(totals: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Return sums as they are given, or say what is wrong with them."""
    if not isinstance(totals, Mapping):
        raise InputError(f"Reconciled: totals is {totals!r}; give a sum's name with its members, such as {EXAMPLE}")
    for name, members in totals.items():
        if isinstance(members, str):
            raise InputError(f"Reconciled: {name!r} has the members {members!r}; give a list, as in {EXAMPLE}")
        if len(set(members)) < len(members):
            raise InputError(f"Reconciled: {name!r} names a member of {list(members)} twice; name each once")
    return totals


def agreeing(paths: Array, total: Array) -> Array:
    """Paths of members moved so that their sum takes the values of a forecast of the sum, rank by rank.

    Parameters
    ----------
    paths
        Counts (members, samples, steps).
    total
        Counts of the sum (samples, steps), in any order.

    Returns
    -------
    Array
        Counts (members, samples, steps), none below zero.
    """
    summed = paths.sum(axis=0)
    wanted = np.empty_like(summed)
    np.put_along_axis(wanted, summed.argsort(axis=0, kind="stable"), np.sort(total, axis=0), axis=0)
    variance = paths.var(axis=1) + np.finfo(np.float64).tiny
    share = variance / variance.sum(axis=0)
    return np.asarray(np.maximum(paths + share[:, None, :] * (wanted - summed), 0.0))
