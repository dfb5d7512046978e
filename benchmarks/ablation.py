"""Variants of the default forecaster: without one member, one family of features, or the calibration."""

from __future__ import annotations

from sklearn.base import clone

from forecast.forecasters import Forecaster, default_forecaster
from forecast.forecasters.pooled.features import FAMILIES

SWITCHES = {"calibrate": False, "calibration": False, "calibrated": False}
"""Parameters that turn the calibration off, whichever a forecaster has."""
FEATURES = "leave_out"


def variants(metric: str) -> dict[str, Forecaster]:
    """Name to forecaster; the default first, and each member alone last."""
    default = default_forecaster(metric)
    found: dict[str, Forecaster] = {"default": default}
    for name in SWITCHES:
        if key := _key(default, name):
            found["no calibration"] = clone(default).set_params(**{key: SWITCHES[name]})
    key = next((key for key, value in default.get_params().items() if _forecasters(value)), None)
    if key is None:
        return found | {f"no features: {family}": one for family, one in _without_features(default).items()}
    members = list(default.get_params()[key])
    for place, member in enumerate(members):
        rest = [*members[:place], *members[place + 1 :]]
        if rest:
            found[f"without {type(member).__name__}"] = clone(default).set_params(**{key: rest})
        for family, changed in _without_features(member).items():
            others = [*members[:place], changed, *members[place + 1 :]]
            found[f"no features: {family}"] = clone(default).set_params(**{key: others})
    return found | {f"only {type(member).__name__}": clone(member) for member in members}


def _without_features(model: Forecaster) -> dict[str, Forecaster]:
    """Family to the forecaster without it, of one that learns from families of features."""
    key = _key(model, FEATURES)
    if key is None:
        return {}
    before = tuple(model.get_params()[key])
    return {family: clone(model).set_params(**{key: (*before, family)}) for family in FAMILIES if family not in before}


def _key(model: Forecaster, name: str) -> str | None:
    """How a parameter of a forecaster, or of one within it, is addressed."""
    return next((key for key in model.get_params() if key.split("__")[-1] == name), None)


def _forecasters(value: object) -> bool:
    return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(one, Forecaster) for one in value)
