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
from forecast.runs.seal import BROKEN, broken
from forecast.trajectories import Trajectories
from forecast.waves.lag import Lag
from forecast.waves.lag_frames import lags_from_frame
from forecast.waves.peak_value import Peak

FORMAT = 1
WEEKLY, BY_HAND, BACKFILL = "weekly", "by hand", "backfill"


@dataclass(frozen=True)
class Run:
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
    >>> run.as_of, run.simulated, run.made, run.made_at
    (Timestamp('2025-01-09 00:00:00'), True, 'by hand', None)
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
        """Hospitals summed into a county.

        Parameters
        ----------
        county
            Its code; one of ``counties``.

        Returns
        -------
        list of str
            Codes.

        Raises
        ------
        KeyError
            The run has no such county.
        """
        return list(self.manifest["counties"][county])

    @property
    def counties(self) -> list[str]:
        """Counties of the run."""
        return list(self.manifest["counties"])

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

    def placements(self, county: str) -> pd.DataFrame:
        """Who waits, who is in a place and who needs one, with the plan as now.

        Parameters
        ----------
        county
            Its code; one of ``counties``.

        Returns
        -------
        DataFrame
            Columns what (waiting, occupied, needed), location, product, date, quantile, value (people at the end of
            the day).

        Raises
        ------
        RunError
            The run plans no places for the county; the message says why.
        """
        return self._placed_frame(county, "counts", places_ahead.QUANTILE_COLUMNS)

    def places_needed(self, county: str) -> pd.DataFrame:
        """Places that make so sure that nobody waits too long; see ``forecast.placements.assurance``.

        Parameters
        ----------
        county
            Its code; one of ``counties``.

        Returns
        -------
        DataFrame
            Columns level (share of paths), product, places (NaN where no number would do).

        Raises
        ------
        RunError
            The run plans no places for the county; the message says why.
        """
        return self._placed_frame(county, "needed", places_ahead.NEEDED_COLUMNS)

    def pathway_shares(self, county: str) -> PathwayShares | None:
        """Pathways of those who wait at the county's hospitals, as known on the as-of day; None where not told.

        Parameters
        ----------
        county
            Its code; one of ``counties``.

        Returns
        -------
        PathwayShares or None
            By hospital and pathway.

        Raises
        ------
        RunError
            They cannot be read.
        """
        try:
            return places_ahead.shares_of(self._placed(county).get("shares"))
        except (InputError, KeyError, TypeError, AttributeError) as error:
            raise RunError(
                f"run {self.id}: its pathway shares cannot be read ({error}); run 'forecast refit' to make a new run"
            ) from error

    def queue_notes(self, county: str) -> dict[str, str]:
        """Hospital to how its queue was read off the forecast, or why it was left out.

        Parameters
        ----------
        county
            Its code; one of ``counties``.

        Returns
        -------
        dict of str to str
            In plain English.

        Raises
        ------
        RunError
            What the run tells of places cannot be read.
        """
        return dict(self._placed(county).get("notes", {}))

    def no_placements(self, county: str) -> str:
        """Say why the run plans no places for a county; empty where it does.

        Parameters
        ----------
        county
            Its code; one of ``counties``.

        Returns
        -------
        str
            The reason, in plain English.

        Raises
        ------
        RunError
            What the run tells of places cannot be read.
        """
        return str(self._placed(county)["reason"])

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

    def piece(self, name: str) -> pd.DataFrame | None:
        """One Parquet file of the run by its name in the manifest; None where the run keeps none of that name.

        Parameters
        ----------
        name
            Such as ``flags.parquet``; see the layout of a run.

        Returns
        -------
        DataFrame or None
            As it is in the file.

        Raises
        ------
        RunError
            The file is missing or damaged.
        """
        return self._parquet(name) if name in self.manifest["files"] else None

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

    def check(self) -> None:
        """Compare the manifest with its seal, and every file with its hash in the manifest.

        Raises
        ------
        RunError
            A file is missing, cannot be read or differs.
        """
        if broken(self.manifest):
            raise RunError(f"run {self.id}: {BROKEN}; {REMEDY}")
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
