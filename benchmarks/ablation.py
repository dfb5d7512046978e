"""Variants of the default forecaster: without one member, one family of features, or the calibration."""

from __future__ import annotations

from typing import Any

from sklearn.base import clone

from forecast.forecasters import Ensemble, Forecaster, default_forecaster
from forecast.forecasters.pooled.boosting import PooledBoosting
from forecast.forecasters.pooled.features import FAMILIES

SWITCHES = {"calibrate": False, "calibration": False}
"""Parameters that turn the calibration off, whichever a forecaster has."""


def variants(metric: str) -> dict[str, Forecaster]:
    """Name to forecaster; the default first, and each member alone last."""
    default = default_forecaster(metric)
    found: dict[str, Forecaster] = {"default": default}
    for name, value in SWITCHES.items():
        if name in default.get_params(deep=False):
            found["no calibration"] = clone(default).set_params(**{name: value})
    for place, member in enumerate(_members(default)):
        others = [clone(one) for one in _members(default)]
        del others[place]
        if others:
            found[f"without {_called(member)}"] = clone(default).set_params(members=others)
        if isinstance(member, PooledBoosting):
            for family in FAMILIES:
                changed = [clone(one) for one in _members(default)]
                changed[place].set_params(leave_out=(*member.leave_out, family))
                found[f"without features: {family}"] = clone(default).set_params(members=changed)
    found |= {f"only {_called(member)}": clone(member) for member in _members(default)}
    if isinstance(default, PooledBoosting):
        found |= {f"without features: {name}": clone(default).set_params(leave_out=(name,)) for name in FAMILIES}
    return found


def _members(model: Forecaster) -> list[Any]:
    return list(model.members) if isinstance(model, Ensemble) else []


def _called(model: Forecaster) -> str:
    return type(model).__name__
