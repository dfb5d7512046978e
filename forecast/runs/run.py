"""A finished run, read from its folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from forecast.runs import changes_ahead
from forecast.runs.changes_ahead import Changes
from forecast.runs.kept_forecasts import KeptForecasts
from forecast.runs.kept_pieces import BACKFILL, BY_HAND, WEEKLY
from forecast.runs.kept_places import KeptPlaces
from forecast.runs.kept_waves import KeptWaves

__all__ = ["BACKFILL", "BY_HAND", "FORMAT", "WEEKLY", "Run"]

FORMAT = 1


@dataclass(frozen=True)
class Run(KeptForecasts, KeptWaves, KeptPlaces):
    """A finished run, read from its folder piece by piece as a page needs it.

    Made by ``latest_run`` or ``open_run``.

    Parameters
    ----------
    path
        Its folder.
    manifest
        What ``manifest.json`` says; keys: format, id, as_of, simulated, made, made_at, gate, code_version, settings,
        seed, vintages, counties, reference, forecasters, metrics, placements, compared, skipped, timings, files, seal.

    Examples
    --------
    >>> run = fc.latest_run("models")
    >>> run.id == run.path.name
    True
    >>> run.as_of, run.simulated, run.made, run.made_at, run.finished_at
    (Timestamp('2025-01-09 00:00:00'), True, 'by hand', None, None)
    >>> run.counties, run.members("NORFOLK"), run.metrics[:2]
    (['NORFOLK'], ['RM1', 'RGP', 'RCX'], ['nctr_patients', 'nctr_remaining'])
    >>> list(run.skipped)
    ['ga_beds_occupied']

    The forecast, what it began from, and what had been published:

    >>> run.last_observed("nctr_patients")
    Timestamp('2025-01-05 00:00:00')
    >>> run.trajectories("nctr_patients").locations
    ['RM1', 'RGP', 'RCX', 'NORFOLK']
    >>> run.baseline("nctr_patients").model
    'Persistence'
    >>> run.history("nctr_patients").columns.tolist()
    ['RM1', 'RGP', 'RCX', 'NORFOLK']
    >>> run.flags("nctr_patients")[["location", "flag"]].values.tolist()
    [['RCX', 'lone_zero']]
    >>> run.cannot_say("nctr_patients"), list(run.notes("nctr_patients"))
    ({}, ['NORFOLK'])
    >>> figures = run.summary.query("metric == 'nctr_patients' and location == 'NORFOLK'")
    >>> figures["weeks_ahead"].tolist()
    [2, 4]

    The season ahead, and waves:

    >>> run.no_outlook("nctr_patients"), run.outlook("nctr_patients").step_days
    ('', 7)
    >>> learned_from, handover = run.season_dates("nctr_patients")
    >>> run.no_peaks("nctr_patients")
    'this measure does not come in waves'
    >>> run.peaks("flu_beds").locations
    ['RM1', 'RGP', 'RCX', 'NORFOLK']
    >>> run.lags("flu_beds")["RM1"].median, run.delay_days("flu_beds"), run.lag_seasons("flu_beds")
    (2.0, 4, [])
    >>> run.nation("flu_beds").empty
    False

    Places:

    >>> run.no_placements("NORFOLK")
    ''
    >>> sorted(run.placements("NORFOLK")["what"].unique())
    ['needed', 'occupied', 'waiting']
    >>> run.places_needed("NORFOLK").query("product == 'flat' and level == 0.9")["places"].tolist()
    [74.0]
    >>> run.pathway_shares("NORFOLK"), run.queue_notes("NORFOLK")
    (None, {})

    What changed since the run before, and whether every file is as it was written:

    >>> run.compared.reason
    'this run was not compared with an earlier one'
    >>> run.changes("nctr_patients").empty, run.piece("nothing.parquet") is None, run.scores.empty
    (True, True, True)
    >>> run.check()
    """

    @cached_property
    def compared(self) -> Changes:
        """What changed since the run before, and why; its ``reason`` says so where nothing can be said."""
        return changes_ahead.changes_of(self.manifest.get("compared"), self._changes, self.id)

    def changes(self, metric: str) -> pd.DataFrame:
        """What changed in the forecasts of a metric since the run before.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        DataFrame
            Columns metric, location, date (last day of the week compared), part (before, now, and what each cause
            added), middle, low, high.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        frame = self.compared.forecasts
        return frame[frame["metric"] == self._known(metric)].reset_index(drop=True)

    def _changes(self, part: str) -> pd.DataFrame:
        name = f"{changes_ahead.FOLDER}/{part}.parquet"
        return self._parquet(name) if name in self.manifest["files"] else pd.DataFrame()
