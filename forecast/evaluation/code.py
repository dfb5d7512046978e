"""What a forecaster is, as text: its class, its settings, and the code behind it.

Finished backtest tasks are kept under a name made of this, so that a changed setting or a changed line of a model
means new tasks, and an unchanged one does not.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator


def described(value: object) -> str:
    """Text of a setting, a forecaster or a collection of them; equal settings have equal texts."""
    if isinstance(value, BaseEstimator):
        settings = ", ".join(f"{name}={described(own)}" for name, own in sorted(value.get_params(deep=False).items()))
        kind = type(value)
        code = _code_of(tuple(base.__module__ for base in kind.__mro__))
        return f"{kind.__module__}.{kind.__qualname__}({settings})#{code}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(described, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name!r}: {described(own)}' for name, own in value.items())}}}"
    if isinstance(value, (pd.DataFrame, pd.Series)):
        return digest(value)
    if isinstance(value, np.ndarray):
        return digest(pd.DataFrame(value.reshape(len(value), -1) if value.ndim else value.reshape(1, 1)))
    return repr(value)


def digest(frame: pd.DataFrame | pd.Series) -> str:
    """Hash of the values, dates and columns of a frame."""
    table = frame.to_frame() if isinstance(frame, pd.Series) else frame
    names = repr([list(map(str, table.columns)), table.shape, list(map(str, table.dtypes))]).encode()
    rows = pd.util.hash_pandas_object(table, index=True).to_numpy()
    return hashlib.sha256(names + rows.tobytes()).hexdigest()[:16]


@cache
def _code_of(homes: tuple[str, ...]) -> str:
    """Hash of these modules and of those of their packages, and of this one, that they take names from."""
    start = [sys.modules[home] for home in homes if home in sys.modules]
    tops = {homes[0].partition(".")[0], __name__.partition(".")[0]}
    seen: dict[str, ModuleType] = {}
    while start:
        module = start.pop()
        if module.__name__ in seen or module.__name__.partition(".")[0] not in tops:
            continue
        seen[module.__name__] = module
        for own in vars(module).values():
            name = own.__name__ if isinstance(own, ModuleType) else getattr(own, "__module__", None)
            if isinstance(name, str) and name in sys.modules:
                start.append(sys.modules[name])
    return sources(*sorted(seen))


def sources(*modules: str) -> str:
    """Hash of the files of modules."""
    files = [Path(path) for name in modules if (path := getattr(sys.modules[name], "__file__", None))]
    content = b"\0".join(file.read_bytes() for file in files if file.is_file())
    return hashlib.sha256(content).hexdigest()[:16]
