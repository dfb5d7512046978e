"""What the gate lets through; every default stands in ``data/reference/assumptions.csv``."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.reference import Reference


@dataclass(frozen=True)
class Limits:
    """What the gate lets through.

    Parameters
    ----------
    grace_days
        Days that a release may be late.
    wrong_share, silent_share
        Share of trusts whose newest week looks wrong, or did not come.
    moved
        How many times the largest weekly move of the record the sum over all trusts may move.
    retold_share
        Share of the last weeks' values that may be told otherwise.
    past_runs
        Past runs that a new model is compared on.
    loses
        Ratio of scores from which a new model is worse.
    jump
        Share of the earlier likely range that a forecast may move without new figures.
    """

    grace_days: int
    wrong_share: float
    silent_share: float
    moved: float
    retold_share: float
    past_runs: int
    loses: float
    jump: float

    @classmethod
    def from_reference(cls, tables: Reference) -> Limits:
        """Read the limits in force from the reference tables."""

        def value(name: str) -> float:
            return tables.assumption(name, national=True).value

        return cls(
            grace_days=int(value("gate_grace")),
            wrong_share=value("gate_wrong_share"),
            silent_share=value("gate_silent_share"),
            moved=value("gate_moved"),
            retold_share=value("gate_retold_share"),
            past_runs=int(value("gate_past_runs")),
            loses=value("gate_loses"),
            jump=value("gate_jump"),
        )
