"""The seal of a manifest: a hash over all that stands in it, so that a changed figure or day is noticed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"
BROKEN = "its manifest is not what was written"


def sealed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return a manifest as it is written, with its seal."""
    plain = json.loads(json.dumps(manifest, default=str))
    return {**plain, SEAL: _seal(plain)}


def broken(manifest: Mapping[str, Any]) -> bool:
    """Whether a manifest differs from what was sealed; one of before there were seals has none."""
    return SEAL in manifest and manifest[SEAL] != _seal(manifest)


def _seal(manifest: Mapping[str, Any]) -> str:
    told = {key: value for key, value in manifest.items() if key != SEAL}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
