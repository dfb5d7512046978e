"""The forecasts that a run keeps, what they began from, and how those of past runs did."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from forecast.errors import RunError
from forecast.runs import outlook, scores
from forecast.runs.kept_pieces import KeptPieces
from forecast.trajectories import Trajectories


class KeptForecasts(KeptPieces):
    """Reads the forecasts of a run; see ``forecast.Run``."""

    def last_observed(self, metric: str) -> pd.Timestamp:
        """Newest day with data of a metric; the forecast begins the day after.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        Timestamp
            A day.

        Raises
        ------
        KeyError
            The run has no such metric.
        """
        return pd.Timestamp(self.manifest["metrics"][metric]["origin"])

    def cannot_say(self, metric: str) -> dict[str, str]:
        """Locations without a forecast of a metric, with the reason in words.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        dict of str to str
            Code to reason; empty where every location has a forecast.

        Raises
        ------
        KeyError
            The run has no such metric.
        """
        return dict(self.manifest["metrics"][metric]["cannot_say"])

    def notes(self, metric: str) -> dict[str, str]:
        """Locations whose forecast needs a remark, with the remark.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        dict of str to str
            Code to remark.

        Raises
        ------
        KeyError
            The run has no such metric.
        """
        return dict(self.manifest["metrics"][metric]["notes"])

    def trajectories(self, metric: str) -> Trajectories:
        """Sample paths of a metric at each hospital and county, from the day after the newest datum.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        Trajectories
            (location, sample, date), in the unit of the metric.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        return self._paths("trajectories", metric)

    def baseline(self, metric: str) -> Trajectories:
        """Return the same for the baseline, ``Persistence``.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        Trajectories
            On the same locations and dates.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        return self._paths("baseline", metric)

    def outlook(self, metric: str) -> Trajectories:
        """Weekly means of the sample paths of a metric, to the end of the season outlook (30 weeks).

        Parameters
        ----------
        metric
            Its name; see ``no_outlook`` for whether the run looks at it a season ahead.

        Returns
        -------
        Trajectories
            Hospitals and counties, step 7 days; a date is the last day of its week, a whole number of weeks from
            ``as_of``; values are patients a day on average. Its paths are those of ``trajectories`` carried further,
            with the same sample numbers; the means of shared weeks agree to the seven digits of a 32-bit float.

        Raises
        ------
        RunError
            The run has no such metric, or no outlook of it; the message says why.

        Examples
        --------
        >>> paths = fc.latest_run("models").outlook("nctr_patients")
        >>> paths.step_days, sorted(paths.quantiles([0.05, 0.5, 0.95]).columns)
        (7, ['date', 'location', 'quantile', 'value'])
        """
        self._looks_ahead(metric)
        return Trajectories.from_frame(self._parquet(f"{outlook.FOLDER}/{metric}.parquet"))

    def no_outlook(self, metric: str) -> str:
        """Say why the run has no season outlook of a metric; empty where it has one.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        str
            The reason, in plain English.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        return outlook.lacking(self.manifest["metrics"][self._known(metric)])

    def season_dates(self, metric: str) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First day that the season outlook was learned from, and last day that is the short range's own.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        tuple of Timestamp
            Two days.

        Raises
        ------
        RunError
            The run has no such metric, or no outlook of it.
        """
        told = self._looks_ahead(metric)
        return pd.Timestamp(told["learned_from"]), pd.Timestamp(told["handover"])

    def history(self, metric: str) -> pd.DataFrame:
        """Panel of a metric as published and known on the as-of day; a county only where all members reported.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        DataFrame
            Dates by location, NaN where nothing was published; flagged values included.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        frame = self._parquet(f"history/{self._known(metric)}.parquet")
        frame.index = pd.DatetimeIndex(frame.index, name="date")
        frame.columns.name = "location"
        return frame

    def flags(self, metric: str) -> pd.DataFrame:
        """Flagged values of a metric.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        DataFrame
            Columns date, location, flag, note.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        frame = self._parquet("flags.parquet")
        return frame[frame["metric"] == self._known(metric)].drop(columns="metric").reset_index(drop=True)

    @cached_property
    def summary(self) -> pd.DataFrame:
        """Figures for cards and reports, one row a metric, location and day ahead; see ``forecast.summary``."""
        return self._parquet("summary.parquet")

    @cached_property
    def scores(self) -> pd.DataFrame:
        """How the forecasts of past runs did, by what this run knows; columns ``forecast.runs.scores.COLUMNS``.

        No rows in runs made before they were kept.
        """
        kept = self.piece(scores.FILE)
        return pd.DataFrame(columns=list(scores.COLUMNS)) if kept is None else kept

    def _looks_ahead(self, metric: str) -> Mapping[str, Any]:
        if reason := self.no_outlook(metric):
            raise RunError(f"run {self.id} has no season outlook of {metric!r}: {reason}")
        told: Mapping[str, Any] = self.manifest["metrics"][metric]["outlook"]
        return told

    def _paths(self, kind: str, metric: str) -> Trajectories:
        entry = self.manifest["metrics"][self._known(metric)]
        return Trajectories.from_frame(
            self._parquet(f"{kind}/{metric}.parquet"),
            metric=metric,
            origin=entry["origin"],
            notes=entry["notes"],
            model=entry["model"] if kind == "trajectories" else "Persistence",
        )
