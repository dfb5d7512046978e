"""The folder of a run: what its manifest says, and its pieces, each read once and compared with its hash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from forecast.errors import RunError
from forecast.runs.pieces import REMEDY, digest_of, read_piece
from forecast.runs.seal import BROKEN, broken

WEEKLY, BY_HAND, BACKFILL = "weekly", "by hand", "backfill"


@dataclass(frozen=True)
class KeptPieces:
    """A folder of a run and what its manifest says; see ``forecast.Run``."""

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
    def finished_at(self) -> pd.Timestamp | None:
        """Time (UTC) at which it was there, by what its steps took; None where ``made_at`` is."""
        took = sum(float(seconds) for seconds in dict(self.manifest.get("timings", {})).values())
        return None if self.made_at is None else self.made_at + pd.Timedelta(seconds=took)

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

    @cached_property
    def _pieces(self) -> dict[str, pd.DataFrame]:
        return {}

    def _parquet(self, name: str) -> pd.DataFrame:
        if name not in self._pieces:
            self._pieces[name] = read_piece(self.path, name, self.manifest["files"].get(name))
        # What a reader does to its copy does not reach the kept frame: pandas copies on writing.
        return self._pieces[name].copy(deep=False)
