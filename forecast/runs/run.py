"""A finished run, read from its folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import InputError, RunError
from forecast.placements.waiting.shares import PathwayShares
from forecast.runs import changes_ahead, outlook, places_ahead, scores, wave_ahead
from forecast.runs.changes_ahead import Changes
from forecast.runs.pieces import REMEDY, digest_of, read_piece
from forecast.trajectories import Trajectories
from forecast.waves.lag import Lag
from forecast.waves.lag_frames import lags_from_frame
from forecast.waves.peak_value import Peak

FORMAT = 1
WEEKLY, BY_HAND, BACKFILL = "weekly", "by hand", "backfill"


@dataclass(frozen=True)
class Run:
    """A finished run, read from its folder piece by piece as a page needs it.

    ``manifest`` keys: format, id, as_of, simulated, made, made_at, gate, code_version, settings, seed, vintages,
    counties, reference, forecasters, metrics, placements, compared, skipped, timings, files.
    """

    path: Path
    manifest: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Name of the run's folder."""
        return str(self.manifest["id"])

    @property
    def as_of(self) -> pd.Timestamp:
        """Day whose published data the run knows; horizons count from it."""
        return pd.Timestamp(self.manifest["as_of"])

    @property
    def simulated(self) -> bool:
        """Whether the data are the simulated twin's."""
        return bool(self.manifest["simulated"])

    @property
    def made(self) -> str:
        """How it came to be: ``"weekly"`` (the scheduled job), ``"by hand"`` or ``"backfill"`` (long after)."""
        return str(self.manifest.get("made", BY_HAND))

    @property
    def made_at(self) -> pd.Timestamp | None:
        """Time (UTC) at which it was made; None of a run made before that was kept."""
        told = self.manifest.get("made_at")
        return None if told is None else pd.Timestamp(told)

    @property
    def metrics(self) -> list[str]:
        """Forecast metrics in the order of the reference table."""
        return list(self.manifest["metrics"])

    @property
    def skipped(self) -> Mapping[str, str]:
        """Metrics that were not forecast, with the reason."""
        return dict(self.manifest["skipped"])

    def members(self, county: str) -> list[str]:
        """Hospitals summed into a county."""
        return list(self.manifest["counties"][county])

    @property
    def counties(self) -> list[str]:
        """Counties of the run."""
        return list(self.manifest["counties"])

    def last_observed(self, metric: str) -> pd.Timestamp:
        """Newest day with data of a metric; the forecast begins the day after."""
        return pd.Timestamp(self.manifest["metrics"][metric]["origin"])

    def cannot_say(self, metric: str) -> dict[str, str]:
        """Locations without a forecast of a metric, with the reason in words."""
        return dict(self.manifest["metrics"][metric]["cannot_say"])

    def notes(self, metric: str) -> dict[str, str]:
        """Locations whose forecast needs a remark, with the remark."""
        return dict(self.manifest["metrics"][metric]["notes"])

    def trajectories(self, metric: str) -> Trajectories:
        """Sample paths of a metric at each hospital and county, from the day after the newest datum."""
        return self._paths("trajectories", metric)

    def baseline(self, metric: str) -> Trajectories:
        """Return the same for the baseline, ``Persistence``."""
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
        >>> paths = latest_run("models").outlook("nctr_patients")  # doctest: +SKIP
        >>> paths.quantiles([0.05, 0.5, 0.95])  # doctest: +SKIP
        """
        self._looks_ahead(metric)
        return Trajectories.from_frame(self._parquet(f"{outlook.FOLDER}/{metric}.parquet"))

    def no_outlook(self, metric: str) -> str:
        """Say why the run has no season outlook of a metric; empty where it has one."""
        return outlook.lacking(self.manifest["metrics"][self._known(metric)])

    def season_dates(self, metric: str) -> tuple[pd.Timestamp, pd.Timestamp]:
        """First day that the season outlook was learned from, and last day that is the short range's own."""
        told = self._looks_ahead(metric)
        return pd.Timestamp(told["learned_from"]), pd.Timestamp(told["handover"])

    def lags(self, metric: str) -> dict[str, Lag]:
        """How many days each place runs behind the nation this season; empty where there was nothing to compare."""
        name = self._wave_file(metric, "lags")
        return lags_from_frame(self._parquet(name)) if name else {}

    def delay_days(self, metric: str) -> int:
        """Days from the nation's newest figure of a metric to ``as_of``: what a lag loses before it warns anybody."""
        return int(self.manifest["metrics"][self._known(metric)].get("wave", {}).get("delay_days", 0))

    def lag_seasons(self, metric: str) -> list[int]:
        """Years in which the earlier seasons began that the ``prior`` of the lags rests on; empty where on none."""
        return list(self.manifest["metrics"][self._known(metric)].get("wave", {}).get("lag_seasons", []))

    def nation(self, metric: str) -> pd.Series:
        """The nation's own course of a metric as known on the as-of day; empty where it is not told."""
        name = self._wave_file(metric, "nation")
        return self._parquet(name).set_index("date")["value"] if name else wave_ahead.nothing_known()

    def peaks(self, metric: str) -> Peak:
        """When and how high a metric peaks this season at each place, one peak a sample path.

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
        """Say why the run looks for no peak of a metric; empty where it does."""
        return wave_ahead.lacking(self.manifest["metrics"][self._known(metric)])

    def placements(self, county: str) -> pd.DataFrame:
        """Who waits, who is in a place and who needs one, with the plan as now; columns ``QUANTILE_COLUMNS``.

        Raises
        ------
        RunError
            The run plans no places for the county; the message says why.
        """
        return self._placed_frame(county, "counts", places_ahead.QUANTILE_COLUMNS)

    def places_needed(self, county: str) -> pd.DataFrame:
        """Places that make so sure that nobody waits too long: columns level, product, places; see ``placements``."""
        return self._placed_frame(county, "needed", places_ahead.NEEDED_COLUMNS)

    def pathway_shares(self, county: str) -> PathwayShares | None:
        """Pathways of those who wait at the county's hospitals, as known on the as-of day; None where not told."""
        try:
            return places_ahead.shares_of(self._placed(county).get("shares"))
        except (InputError, KeyError, TypeError, AttributeError) as error:
            raise RunError(
                f"run {self.id}: its pathway shares cannot be read ({error}); run 'forecast refit' to make a new run"
            ) from error

    def queue_notes(self, county: str) -> dict[str, str]:
        """Hospital to how its queue was read off the forecast, or why it was left out."""
        return dict(self._placed(county).get("notes", {}))

    def no_placements(self, county: str) -> str:
        """Say why the run plans no places for a county; empty where it does."""
        return str(self._placed(county)["reason"])

    def history(self, metric: str) -> pd.DataFrame:
        """Panel of a metric as published and known on the as-of day; a county only where all members reported."""
        frame = self._parquet(f"history/{self._known(metric)}.parquet")
        frame.index = pd.DatetimeIndex(frame.index, name="date")
        frame.columns.name = "location"
        return frame

    def flags(self, metric: str) -> pd.DataFrame:
        """Flagged values of a metric: date, location, flag, note."""
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

    def piece(self, name: str) -> pd.DataFrame | None:
        """One Parquet file of the run by its name in the manifest; None where the run keeps none of that name."""
        return self._parquet(name) if name in self.manifest["files"] else None

    @cached_property
    def compared(self) -> Changes:
        """What changed since the run before, and why; its ``reason`` says so where nothing can be said."""
        return changes_ahead.changes_of(self.manifest.get("compared"), self._changes, self.id)

    def changes(self, metric: str) -> pd.DataFrame:
        """What changed in the forecasts of a metric; columns ``changes_ahead.FORECAST_COLUMNS``."""
        frame = self.compared.forecasts
        return frame[frame["metric"] == self._known(metric)].reset_index(drop=True)

    def check(self) -> None:
        """Compare every file with its hash in the manifest.

        Raises
        ------
        RunError
            A file is missing, cannot be read or differs.
        """
        for name, expected in self.manifest["files"].items():
            try:
                whole = digest_of(self.path / name) == expected
            except FileNotFoundError:
                raise RunError(f"run {self.id}: {name} is missing; {REMEDY}") from None
            except OSError as error:
                raise RunError(f"run {self.id}: {name} cannot be read ({error.strerror or error}); {REMEDY}") from error
            if not whole:
                raise RunError(f"run {self.id}: {name} has been changed; {REMEDY}")

    def _known(self, metric: str) -> str:
        if metric not in self.manifest["metrics"]:
            raise RunError(
                f"run {self.id} has no forecast of {metric!r}; it has {', '.join(self.metrics)}"
                + (f" ({self.skipped[metric]})" if metric in self.skipped else "")
            )
        return metric

    def _wave_file(self, metric: str, part: str) -> str:
        """Name of a piece of a metric's wave; empty where the run has none."""
        name = f"{wave_ahead.FOLDER}/{self._known(metric)}-{part}.parquet"
        return name if name in self.manifest["files"] else ""

    def _changes(self, part: str) -> pd.DataFrame:
        name = f"{changes_ahead.FOLDER}/{part}.parquet"
        return self._parquet(name) if name in self.manifest["files"] else pd.DataFrame()

    def _placed(self, county: str) -> Mapping[str, Any]:
        told = self.manifest.get("placements", {county: {"reason": places_ahead.OLD_RUN}})
        others = f"it is no county of the run, which has {', '.join(self.counties)}"
        found = told.get(county, {"reason": others}) if isinstance(told, Mapping) else None
        if not isinstance(found, Mapping) or "reason" not in found or not isinstance(found.get("notes", {}), Mapping):
            raise RunError(f"run {self.id}: what it tells of places cannot be read; run 'forecast refit' for a new run")
        return found

    def _place_file(self, county: str, part: str) -> str:
        if reason := self.no_placements(county):
            raise RunError(f"run {self.id} plans no places for {county!r}: {reason}")
        return f"{places_ahead.FOLDER}/{county}-{part}.parquet"

    def _placed_frame(self, county: str, part: str, columns: Sequence[str]) -> pd.DataFrame:
        name = self._place_file(county, part)
        frame = self._parquet(name)
        if missing := [column for column in columns if column not in frame]:
            raise RunError(f"run {self.id}: {name} lacks {missing[0]!r}; run 'forecast refit' to make a new run")
        return frame

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

    @cached_property
    def _peaks(self) -> dict[str, Peak]:
        return {}

    @cached_property
    def _pieces(self) -> dict[str, pd.DataFrame]:
        return {}

    def _parquet(self, name: str) -> pd.DataFrame:
        if name not in self._pieces:
            self._pieces[name] = read_piece(self.path, name, self.manifest["files"].get(name))
        # What a reader does to its copy does not reach the kept frame: pandas copies on writing.
        return self._pieces[name].copy(deep=False)
