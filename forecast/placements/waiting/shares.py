"""Which pathway the people of a queue wait for: shares with their uncertainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from forecast.errors import InputError
from forecast.placements.plans.numbers import as_number, said
from forecast.placements.waiting.pathways import pathways
from forecast.reference import Reference

SHARE = "share_of_delays_p"
PEOPLE = "share_of_delays_people"


@dataclass(frozen=True)
class PathwayShares:
    """Shares of the people fit to leave who wait for each pathway; the rest wait for the hospital or for a decision.

    What is not known of them is a Dirichlet distribution: as uncertain as a count of ``people[hospital]``.

    Attributes
    ----------
    pathways
        Codes, in order.
    means
        Hospital to its share for each pathway; they sum to at most 1.
    people
        Hospital to the number of independent people that would make its shares as uncertain.
    notes
        Hospital to a plain word on where its shares are from.

    Raises
    ------
    InputError
        A share is not from 0 to 1, those of a hospital sum to more than 1, or its people are none.

    Examples
    --------
    >>> from forecast.placements.waiting.shares import PathwayShares
    >>> shares = PathwayShares(("home", "rehabilitation", "care_home"), {"RM1": (0.13, 0.31, 0.07)}, {"RM1": 100})
    >>> shares.hospitals, "RM1" in shares
    (('RM1',), True)
    >>> shares.draws(500, seed=1).shape
    (1, 3, 500)
    """

    pathways: tuple[str, ...]
    means: Mapping[str, tuple[float, ...]]
    people: Mapping[str, float]
    notes: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for code, shares in self.means.items():
            values = [as_number(share) for share in shares] if isinstance(shares, Sequence) else []
            known = [value for value in values if value is not None and value >= 0]
            if not len(self.pathways) == len(values) == len(known) or not sum(known) <= 1 + 1e-9:
                raise InputError(
                    f"pathway shares of {code} are {said(shares)}; give one from 0 to 1 for each of "
                    f"{', '.join(self.pathways)}, together at most 1"
                )
            people = as_number(self.people.get(code))
            if people is None or people <= 0:
                raise InputError(
                    f"pathway shares of {code}: people is {said(self.people.get(code))}; give a number above 0"
                )

    def __contains__(self, hospital: str) -> bool:
        return hospital in self.means

    @property
    def hospitals(self) -> tuple[str, ...]:
        """Codes of the hospitals."""
        return tuple(self.means)

    def draws(self, samples: int, seed: int, hospitals: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
        """Draw shares, one set a sample path.

        Parameters
        ----------
        samples
            Sample paths.
        seed
            The same seed gives a hospital the same draws whichever others are asked for.
        hospitals
            Which; all when left out.

        Returns
        -------
        array
            (hospital, pathway, sample): from 0 to 1, over the pathways at most 1.

        Raises
        ------
        InputError
            A hospital has no shares.
        """
        wanted = self.hospitals if hospitals is None else tuple(hospitals)
        if unknown := [code for code in wanted if code not in self.means]:
            raise InputError(f"pathway shares: none for {unknown[0]!r}; there are those of {', '.join(self.means)}")
        drawn = np.empty((len(wanted), len(self.pathways), samples))
        for place, code in enumerate(wanted):
            drawn[place] = self._of(code, samples, np.random.default_rng([seed, *code.encode()]))
        return drawn

    def _of(self, code: str, samples: int, random: np.random.Generator) -> npt.NDArray[np.float64]:
        mean = np.asarray(self.means[code], dtype=float)
        weights = self.people[code] * np.append(mean, max(0.0, 1 - mean.sum()))
        found = np.zeros((samples, len(weights)))
        some = weights > 0
        found[:, some] = random.dirichlet(weights[some], size=samples)
        return found[:, :-1].T


def reference_shares(hospitals: Sequence[str], tables: Reference) -> PathwayShares:
    """Return the shares of the reference table: those of the hospital, else those of all trusts.

    Raises
    ------
    InputError
        The table has no share that will do.
    """
    ways = pathways(tables)
    means, people, notes = {}, {}, {}
    for code in hospitals:
        rows = [tables.assumption(SHARE + way.number, code, national=True) for way in ways]
        means[code] = tuple(row.value for row in rows)
        people[code] = tables.assumption(PEOPLE, code, national=True).value
        whose = "its own" if all(row.location == code for row in rows) else "those of all trusts"
        notes[code] = f"shares of delays by pathway: {whose}, {rows[0].source}"
    return PathwayShares(tuple(way.code for way in ways), means, people, notes)
