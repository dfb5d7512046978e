"""Social workers' absence from the hospitals' forecast of staff absent: they are taken to rise and fall together."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.demand import Demand
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.wanted import wanted
from forecast.placements.queues.assessment import Shares
from forecast.placements.waiting.backlog_paths import as_days
from forecast.trajectories import Trajectories

RECENT_DAYS = 7
METRIC = "staff_absent"
REMEDY = "leave staff_absent out to use the plan's own absence"


def absence_by_hospitals(staff: Trajectories, plan: PlacementPlan, demand: Demand) -> Shares:
    """Share of social workers absent, (sample, date): the plan's, in proportion to the hospitals' staff absent.

    Today's level is the mean of the first week of the queue's days. Days before and beyond the forecast of absences are
    as its first and its last. Of its locations only the hospitals of the queue count, and of them those with a forecast
    on every day; a queue of more sample paths than there are of absences goes through those again.

    Raises
    ------
    InputError
        It is no forecast of staff absent, tells nothing of these hospitals on these days, or begins with nobody absent.
    """
    wanted("staff_absent", staff, Trajectories, f"sample paths of staff_absent_total, or {REMEDY}")
    if staff.metric and not staff.metric.startswith(METRIC):
        raise InputError(f"staff_absent: a forecast of {staff.metric!r}; give that of staff_absent_total, or {REMEDY}")
    if staff.step_days not in (1, 7):
        raise InputError(f"staff_absent: forecast every {staff.step_days} days; give daily or weekly paths")
    paths = _paths(staff, demand)
    now = paths[:, :RECENT_DAYS].mean()
    if not now > 0:
        raise InputError(f"staff_absent: nobody is absent in the first week, to take a proportion of; {REMEDY}")
    return np.asarray(np.clip(plan.social_worker_absence * paths[np.arange(demand.samples) % len(paths)] / now, 0, 1))


def _paths(staff: Trajectories, demand: Demand) -> npt.NDArray[np.float64]:
    """Staff absent at the queue's hospitals together, (sample, date of the queue)."""
    days, values = as_days(staff)
    rows = [
        row for row, code in enumerate(staff.locations) if code in demand.hospitals and not np.isnan(values[row]).any()
    ]
    if not rows:
        raise InputError(
            f"staff_absent: of {', '.join(demand.hospitals)} none has a forecast on every day (it holds "
            f"{', '.join(staff.locations)}); give one, or {REMEDY}"
        )
    if days[0] > demand.dates[-1] or days[-1] < demand.dates[0]:
        raise InputError(
            f"staff_absent: forecast from {days[0]:%d %B %Y} to {days[-1]:%d %B %Y}, the queue from "
            f"{demand.dates[0]:%d %B %Y} to {demand.dates[-1]:%d %B %Y}; give forecasts of one run, or {REMEDY}"
        )
    known = pd.DataFrame(values[rows].sum(axis=0).T, index=days)
    return np.asarray(known.reindex(demand.dates).ffill().bfill().to_numpy().T)
