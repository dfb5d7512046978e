"""What a refit may be asked for."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.reference import Reference


@dataclass(frozen=True)
class Settings:
    """What a refit may be asked for; every default stands in ``data/reference/assumptions.csv``.

    horizon_days counts from the as-of day, as does outlook_days, to which the backlog and patients with flu or Covid
    are forecast as weekly means (0: not at all); history_days is what the forecasters learn from. A location whose last
    usable value is older than freshness_days, or with under fewest_values in the four weeks to its last datum, gets no
    forecast. Where compare_days is not 0, a run is compared with the one before it; where there is none, with a
    forecast made again as of so many days earlier.
    """

    horizon_days: int
    samples: int
    freshness_days: int
    fewest_values: int
    history_days: int
    seed: int = 1
    outlook_days: int = 0
    compare_days: int = 0

    @classmethod
    def from_reference(cls, tables: Reference) -> Settings:
        """Read the settings in force from the reference tables."""
        return cls(
            horizon_days=int(tables.assumption("run_horizon").value),
            samples=int(tables.assumption("run_samples").value),
            freshness_days=int(tables.assumption("freshness_limit").value),
            fewest_values=int(tables.assumption("fewest_recent_values").value),
            history_days=int(tables.assumption("history_days").value),
            outlook_days=int(tables.assumption("outlook_horizon").value),
            compare_days=int(tables.assumption("comparison_days", national=True).value),
        )
