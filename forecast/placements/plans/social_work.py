"""How many social workers are at work, as a share of those at work as now."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError


class Staffing(Protocol):
    """What of a plan says how many social workers are at work."""

    @property
    def social_worker_posts(self) -> int: ...  # noqa: D102

    @property
    def social_worker_vacancies(self) -> int: ...  # noqa: D102

    @property
    def social_worker_absence(self) -> float: ...  # noqa: D102


def relative_to(
    now: Staffing, plan: Staffing, dates: pd.DatetimeIndex, absence: pd.Series | None = None
) -> npt.NDArray[np.float64]:
    """(posts - vacancies) (1 - absence) of ``plan`` on each date over that of ``now``, shape (date,).

    Parameters
    ----------
    absence
        Share of social workers absent by date, in place of the plan's own where it has a value.

    Raises
    ------
    InputError
        Nobody is at work as now, so that no share can be taken; or an absence is no share.
    """
    usual = _in_post(now) * (1 - now.social_worker_absence)
    if usual <= 0:
        raise InputError(
            "as now no social worker is at work (social_worker_posts, social_worker_vacancies, "
            "social_worker_absence); give the figures of today"
        )
    away = np.full(len(dates), plan.social_worker_absence)
    if absence is not None:
        given = absence.reindex(dates).to_numpy(dtype=float)
        if ((given < 0) | (given > 1)).any():
            raise InputError("absence has a value outside 0 to 1; give the share of social workers who are absent")
        away = np.where(np.isnan(given), away, given)
    at_work: npt.NDArray[np.float64] = _in_post(plan) * (1 - away) / usual
    return at_work


def _in_post(staff: Staffing) -> int:
    return staff.social_worker_posts - staff.social_worker_vacancies
