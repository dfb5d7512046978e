"""From the backlog to places: who needs a flat or a bed, who gets one, and who waits in hospital meanwhile.

The library calls its function ``placements`` and keeps what it is made of here, under the same name: importing any
module of this package would hide the function, so that the package itself can be called.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Placements(ModuleType):
    def __call__(self, *args: Any, **settings: Any) -> Any:
        """Run a plan on sample paths; see ``forecast.placements.simulation.placements``."""
        from forecast.placements.simulation import placements

        return placements(*args, **settings)


sys.modules[__name__].__class__ = _Placements
