"""The waves that a run keeps: days behind the nation, and peaks."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from forecast.errors import RunError
from forecast.runs import wave_ahead
from forecast.runs.kept_pieces import KeptPieces
from forecast.waves.lag import Lag
from forecast.waves.lag_frames import lags_from_frame
from forecast.waves.peak_value import Peak


class KeptWaves(KeptPieces):
    """Reads the waves of a run; see ``forecast.Run``."""

    def lags(self, metric: str) -> dict[str, Lag]:
        """How many days each place runs behind the nation this season; empty where there was nothing to compare.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        dict of str to Lag
            Code to days behind.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        name = self._wave_file(metric, "lags")
        return lags_from_frame(self._parquet(name)) if name else {}

    def delay_days(self, metric: str) -> int:
        """Days from the nation's newest figure of a metric to ``as_of``: what a lag loses before it warns anybody.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        int
            Days; 0 where the run looks at no wave of the metric.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        return int(self.manifest["metrics"][self._known(metric)].get("wave", {}).get("delay_days", 0))

    def lag_seasons(self, metric: str) -> list[int]:
        """Years in which the earlier seasons began that the ``prior`` of the lags rests on; empty where on none.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        list of int
            Years.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        return list(self.manifest["metrics"][self._known(metric)].get("wave", {}).get("lag_seasons", []))

    def nation(self, metric: str) -> pd.Series:
        """The nation's own course of a metric as known on the as-of day; empty where it is not told.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        Series
            By day or week, in the unit of the metric.

        Raises
        ------
        RunError
            The run has no such metric; or its file is missing or damaged.
        """
        name = self._wave_file(metric, "nation")
        return self._parquet(name).set_index("date")["value"] if name else wave_ahead.nothing_known()

    def peaks(self, metric: str) -> Peak:
        """When and how high a metric peaks this season at each place, one peak a sample path.

        Parameters
        ----------
        metric
            Its name; one of ``metrics``.

        Returns
        -------
        Peak
            Sample by location, see there.

        Raises
        ------
        RunError
            The run has no such metric, or looks for no peak of it; the message says why.
        """
        if reason := self.no_peaks(metric):
            raise RunError(f"run {self.id} looks for no peak of {metric!r}: {reason}")
        if metric not in self._peaks:
            self._peaks[metric] = Peak.from_frame(self._parquet(str(self._wave_file(metric, "peaks"))))
        return self._peaks[metric]

    def no_peaks(self, metric: str) -> str:
        """Say why the run looks for no peak of a metric; empty where it does.

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
        return wave_ahead.lacking(self.manifest["metrics"][self._known(metric)])

    def _wave_file(self, metric: str, part: str) -> str:
        """Name of a piece of a metric's wave; empty where the run has none."""
        name = f"{wave_ahead.FOLDER}/{self._known(metric)}-{part}.parquet"
        return name if name in self.manifest["files"] else ""

    @cached_property
    def _peaks(self) -> dict[str, Peak]:
        return {}
