"""The forecast as a value: sample paths for each location.

Sums over locations, peak dates and queues are functions of whole paths, so paths are what a forecast is;
quantiles and chances are read off them. The same sample number at two locations was drawn together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr

from forecast.errors import InputError
from forecast.path_checks import check_values, step_of

DIMS = ("location", "sample", "date")
HUBVERSE_QUANTILES = (0.01, 0.025, *(round(0.05 * k, 2) for k in range(1, 20)), 0.975, 0.99)
HUBVERSE_COLUMNS = (
    "reference_date",
    "target",
    "horizon",
    "target_end_date",
    "location",
    "output_type",
    "output_type_id",
    "value",
)
_INT32_MAX = np.iinfo(np.int32).max
_FLOAT32_WHOLE_MAX = 2**24


@dataclass(frozen=True, eq=False)
class Trajectories:
    """Sample paths of one metric at one or more locations.

    Parameters
    ----------
    samples
        Float array with dims (location, sample, date): non-negative, NaN only where a location has no
        forecast for a date, and then in every sample. Dates are equally spaced and all after ``origin``.
    metric
        Name of the metric; empty where nobody said.
    origin
        Last day whose data the forecast may have used.
    notes
        Location to a plain-English note on how its forecast was made; empty where there is nothing to say.
    model
        Name of the forecaster.
    step_days
        Days from one date to the next (1 daily, 7 weekly); 0 means: read it off the dates.

    Raises
    ------
    InputError
        The dims are others, something is empty, a location stands twice, dates are not equally spaced or not after the
        origin, or a value is negative or missing in some samples only.

    Examples
    --------
    Two paths of three days at two hospitals; path 0 at one was drawn with path 0 at the other.

    >>> paths = [[[10, 11, 12], [10, 9, 8]], [[5, 5, 6], [5, 5, 4]]]
    >>> dates = pd.date_range("2025-01-02", periods=3)
    >>> array = xr.DataArray(
    ...     np.array(paths, dtype=float),
    ...     dims=("location", "sample", "date"),
    ...     coords={"location": ["RM1", "RGP"], "sample": [0, 1], "date": dates},
    ... )
    >>> t = fc.Trajectories(array, "nctr_patients", pd.Timestamp("2025-01-01"), model="by hand")
    >>> t.locations, t.dates[0], t.paths.shape
    (['RM1', 'RGP'], Timestamp('2025-01-02 00:00:00'), (2, 2, 3))
    >>> total = t.with_total("NORFOLK", of=["RM1", "RGP"])
    >>> total.select(["NORFOLK"]).paths[0]
    array([[15., 16., 18.],
           [15., 14., 12.]])
    >>> t.select(["RM1"]).quantiles([0.5])["value"].tolist()
    [10.0, 10.0, 10.0]
    >>> float(t.probability_above(11)["RM1"].iloc[-1])
    0.5
    >>> t.after("2025-01-03").dates.tolist()
    [Timestamp('2025-01-04 00:00:00')]
    >>> t.to_hubverse("fit to leave", levels=[0.5]).loc[0, ["horizon", "output_type_id", "value"]].tolist()
    [1.0, 0.5, 10.0]
    >>> fc.Trajectories.from_frame(t.to_frame()).model
    'by hand'
    """

    samples: xr.DataArray
    metric: str
    origin: pd.Timestamp
    notes: Mapping[str, str] = field(default_factory=dict)
    model: str = ""
    step_days: int = 0

    def __post_init__(self) -> None:
        if tuple(self.samples.dims) != DIMS:
            raise InputError(f"trajectories: dims are {tuple(self.samples.dims)}; they need to be {DIMS}")
        if 0 in self.samples.shape:
            raise InputError(f"trajectories: empty ({dict(self.samples.sizes)}); give a location, a sample and a date")
        origin = pd.Timestamp(self.origin)
        dates = pd.DatetimeIndex(self.samples["date"].to_numpy()).as_unit("us")
        locations = [str(code) for code in self.samples["location"].to_numpy()]
        step = step_of(dates, origin, self.step_days)
        repeated = pd.Index(locations).duplicated()
        if repeated.any():
            raise InputError(f"trajectories: location {locations[int(repeated.argmax())]!r} stands twice; keep one")
        values = np.array(self.samples.to_numpy(), dtype=np.float64)
        check_values(values, locations, dates)
        values.setflags(write=False)
        coords = {"location": locations, "sample": np.arange(values.shape[1]), "date": dates}
        object.__setattr__(self, "samples", xr.DataArray(values, dims=DIMS, coords=coords, name="value"))
        object.__setattr__(self, "origin", origin)
        object.__setattr__(self, "notes", {code: self.notes[code] for code in locations if self.notes.get(code)})
        object.__setattr__(self, "step_days", step)

    @property
    def locations(self) -> list[str]:
        """Codes of the locations, in order."""
        return [str(code) for code in self.samples["location"].to_numpy()]

    @property
    def dates(self) -> pd.DatetimeIndex:
        """Forecast dates, earliest first."""
        return pd.DatetimeIndex(self.samples["date"].to_numpy(), name="date")

    @property
    def paths(self) -> npt.NDArray[np.float64]:
        """The paths as a read-only array, (location, sample, date)."""
        array: npt.NDArray[np.float64] = self.samples.to_numpy()
        return array

    def quantiles(self, levels: Iterable[float]) -> pd.DataFrame:
        """Quantiles of each location and date, between order statistics by linear interpolation.

        Parameters
        ----------
        levels
            Numbers from 0 to 1.

        Returns
        -------
        DataFrame
            Columns location, date, quantile, value; NaN where there is no forecast.

        Raises
        ------
        InputError
            There is no level, or one is not between 0 and 1.
        """
        chosen = np.asarray(list(levels), dtype=float)
        if chosen.size == 0 or not ((chosen >= 0) & (chosen <= 1)).all():
            raise InputError(f"quantile levels {chosen.tolist()}: give numbers from 0 to 1, such as 0.05, 0.5, 0.95")
        values = np.moveaxis(np.quantile(self.paths, chosen, axis=1), 0, -1)
        keys = pd.MultiIndex.from_product([self.locations, self.dates, chosen], names=["location", "date", "quantile"])
        return pd.DataFrame({"value": values.ravel()}, index=keys).reset_index()

    def probability_above(self, threshold: float) -> pd.DataFrame:
        """Share of paths strictly above ``threshold``: date by location, NaN where there is no forecast.

        Parameters
        ----------
        threshold
            In the unit of the metric.

        Returns
        -------
        DataFrame
            Dates by location, shares from 0 to 1.
        """
        share = (self.paths > threshold).mean(axis=1)
        share = np.where(np.isnan(self.paths).any(axis=1), np.nan, share)
        return pd.DataFrame(share.T, index=self.dates, columns=pd.Index(self.locations, name="location"))

    def with_total(self, name: str, of: Sequence[str]) -> Trajectories:
        """Add a location that is the sum of others, path by path; NaN where one of them has no forecast.

        Parameters
        ----------
        name
            Code of the sum.
        of
            Locations to sum, each once.

        Returns
        -------
        Trajectories
            These locations, and the sum as the last one.

        Raises
        ------
        InputError
            There is no member, one is unknown or named twice, or the name is taken.
        """
        if not of:
            raise InputError(f"total {name!r}: no members given; name the locations to sum")
        if len(set(of)) < len(of):
            raise InputError(f"total {name!r}: {', '.join(of)} names a member twice; name each once")
        if name in self.locations:
            raise InputError(f"total {name!r} is already a location of this forecast; choose another name")
        total = self._pick(of, f"total {name!r}").sum(dim="location", skipna=False).expand_dims(location=[name])
        samples = xr.concat([self.samples, total], dim="location").transpose(*DIMS)
        lacking = [code for code in of if np.isnan(self.samples.sel(location=code)).any()]
        said = f"cannot say: no forecast for {', '.join(lacking)}" if lacking else ""
        return replace(self, samples=samples, notes={**self.notes, name: said})

    def select(self, locations: Sequence[str]) -> Trajectories:
        """Keep these locations, in this order.

        Parameters
        ----------
        locations
            Codes.

        Returns
        -------
        Trajectories
            The same paths at those locations.

        Raises
        ------
        InputError
            One is unknown, or a text was given in place of a list.
        """
        return replace(self, samples=self._pick(locations, "select"))

    def after(self, date: str | pd.Timestamp) -> Trajectories:
        """Keep the dates strictly later than ``date``; the origin stays.

        Parameters
        ----------
        date
            A day, as text or Timestamp.

        Returns
        -------
        Trajectories
            The same paths on the later dates.

        Raises
        ------
        InputError
            The forecast ends by then.
        """
        later = self.dates > pd.Timestamp(date)
        if not later.any():
            raise InputError(
                f"no forecast date after {pd.Timestamp(date):%Y-%m-%d}: the forecast ends on "
                f"{self.dates[-1]:%Y-%m-%d}; forecast further ahead or give an earlier date"
            )
        return replace(self, samples=self.samples.isel(date=later))

    def to_hubverse(
        self,
        target: str,
        levels: Iterable[float] = HUBVERSE_QUANTILES,
        reference_date: str | pd.Timestamp | None = None,
    ) -> pd.DataFrame:
        """Quantiles in the exchange format of the forecasting hubs, columns ``HUBVERSE_COLUMNS``.

        Parameters
        ----------
        target
            Name of the target in the hub.
        levels
            Quantile levels.
        reference_date
            Day from which the horizon is counted, in steps (0 on that day); the origin unless given.

        Returns
        -------
        DataFrame
            One row a location, date and level. Where there is no forecast there is no row.

        Raises
        ------
        InputError
            ``reference_date`` is no whole number of steps from the forecast dates.
        """
        reference = self.origin if reference_date is None else pd.Timestamp(reference_date)
        rows = self.quantiles(levels).dropna(subset="value").reset_index(drop=True)
        days = (rows["date"] - reference).dt.days
        if (days % self.step_days).any():
            raise InputError(
                f"reference_date {reference:%Y-%m-%d} is no whole number of {self.step_days}-day steps from "
                f"{self.dates[0]:%Y-%m-%d}; give a date on the same weekday as the forecast dates"
            )
        rows = rows.rename(columns={"date": "target_end_date", "quantile": "output_type_id"})
        rows = rows.assign(
            reference_date=reference, target=target, horizon=days // self.step_days, output_type="quantile"
        )
        return rows.loc[:, list(HUBVERSE_COLUMNS)]

    def to_frame(self) -> pd.DataFrame:
        """Wide frame for Parquet: location, sample, one column a date (ISO text).

        Whole numbers are kept exactly; other values to the seven digits of a 32-bit float. What is not in
        the columns (metric, origin, notes, model) goes into ``attrs``, which pandas keeps in Parquet.

        Returns
        -------
        DataFrame
            One row a location and sample.
        """
        count, draws, _ = self.paths.shape
        columns: dict[str, Any] = {
            "location": np.repeat(np.asarray(self.locations, dtype=object), draws),
            "sample": np.tile(np.arange(draws, dtype=np.int32), count),
        }
        for k, date in enumerate(self.dates):
            columns[f"{date:%Y-%m-%d}"] = _smallest(self.paths[:, :, k].ravel())
        frame = pd.DataFrame(columns)
        frame.attrs = {
            "metric": self.metric,
            "origin": f"{self.origin:%Y-%m-%d}",
            "notes": dict(self.notes),
            "model": self.model,
            "step_days": self.step_days,
        }
        return frame

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        metric: str | None = None,
        origin: str | pd.Timestamp | None = None,
        notes: Mapping[str, str] | None = None,
        model: str | None = None,
    ) -> Trajectories:
        """Read what ``to_frame`` wrote; arguments stand in for ``attrs`` that are missing or replaced.

        Parameters
        ----------
        frame
            What ``to_frame`` returned, or read back from Parquet.
        metric, origin, notes, model
            Used in place of what stands in ``attrs``.

        Returns
        -------
        Trajectories
            Equal to what was written, to the seven digits of a 32-bit float where values are not whole.

        Raises
        ------
        InputError
            A column is missing, locations have different samples, or no origin is known.
        """
        for column in ("location", "sample"):
            if column not in frame.columns:
                raise InputError(f"trajectories frame: column {column!r} is missing; give the frame made by to_frame")
        origin = frame.attrs.get("origin") if origin is None else origin
        if origin is None:
            raise InputError("trajectories frame: no origin in its attrs; pass origin=")
        locations = frame["location"].drop_duplicates().tolist()
        draws = frame["sample"].nunique()
        if len(frame) != len(locations) * draws or frame.duplicated(["location", "sample"]).any():
            raise InputError("trajectories frame: the locations do not have the same samples; restore the missing rows")
        place = pd.Categorical(frame["location"], categories=locations).codes
        order = np.lexsort((frame["sample"].to_numpy(), place))
        wide = frame.drop(columns=["location", "sample"])
        values = wide.to_numpy(dtype=np.float64)[order].reshape(len(locations), draws, -1)
        coords = {
            "location": locations,
            "sample": np.arange(draws),
            "date": pd.to_datetime(wide.columns, format="ISO8601"),
        }
        return cls(
            samples=xr.DataArray(values, dims=DIMS, coords=coords),
            metric=str(frame.attrs.get("metric", "")) if metric is None else metric,
            origin=pd.Timestamp(origin),
            notes=dict(frame.attrs.get("notes", {})) if notes is None else notes,
            model=str(frame.attrs.get("model", "")) if model is None else model,
            step_days=int(frame.attrs.get("step_days", 0)),
        )

    def _pick(self, locations: Sequence[str], what: str) -> xr.DataArray:
        if isinstance(locations, str):
            raise InputError(f"{what}: {locations!r} is one text; give a list of locations")
        unknown = [code for code in locations if code not in self.locations]
        if unknown:
            raise InputError(
                f"{what}: no forecast for {', '.join(map(repr, unknown))}; "
                f"this forecast holds {', '.join(self.locations)}"
            )
        return self.samples.sel(location=list(locations))


def _smallest(values: npt.NDArray[np.float64]) -> npt.NDArray[Any]:
    """Return the values in the narrowest type that keeps whole numbers exactly."""
    finite = values[np.isfinite(values)]
    largest = finite.max(initial=0.0)
    whole = bool((finite == np.rint(finite)).all())
    if whole and len(finite) == len(values) and largest <= _INT32_MAX:
        return values.astype(np.int32)
    exact = largest <= _FLOAT32_WHOLE_MAX if whole else largest <= np.finfo(np.float32).max
    return values.astype(np.float32 if exact else np.float64)
