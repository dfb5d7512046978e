"""The places that a run plans: who waits, who is in one, how many are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from forecast.errors import InputError, RunError
from forecast.placements.waiting.shares import PathwayShares
from forecast.runs import places_ahead
from forecast.runs.kept_pieces import KeptPieces


class KeptPlaces(KeptPieces):
    """Reads the places of a run; see ``forecast.Run``."""

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
