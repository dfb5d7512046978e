"""Variants of the default forecaster: without one part of it, and one member without a family of features."""

from __future__ import annotations

from sklearn.base import clone

from forecast.forecasters import Forecaster, ProphetModel, Reconciled, default_forecaster
from forecast.forecasters.pooled.features import FAMILIES

SWITCHES = {"calibrate": "ranges as the members give them", "weigh": "equal weights"}
FEATURES = "leave_out"


def variants(metric: str) -> dict[str, Forecaster]:
    """Name to forecaster: the default first, then without each part, each member alone, and families of features."""
    default = default_forecaster(metric)
    found: dict[str, Forecaster] = {"default": default}
    for name, said in SWITCHES.items():
        if key := _key(default, name):
            found[said] = clone(default).set_params(**{key: False})
    wrapped = next((key for key, value in default.get_params().items() if isinstance(value, Reconciled)), None)
    if wrapped:
        inner = default.get_params()[wrapped].forecaster
        found["county only as a sum"] = clone(default).set_params(**{wrapped: clone(inner)})
    key = next((key for key, value in default.get_params().items() if _forecasters(value)), None)
    members = list(default.get_params()[key]) if key else [default]
    if key:
        for place, member in enumerate(members):
            if rest := [*members[:place], *members[place + 1 :]]:
                found[f"without {type(member).__name__}"] = clone(default).set_params(**{key: rest})
        found["with ProphetModel"] = clone(default).set_params(**{key: [*members, ProphetModel()]})
    for member in members:
        found[f"only {type(member).__name__}"] = clone(member)
        found |= {f"only it, no features: {family}": one for family, one in _without_features(member).items()}
    return found


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
