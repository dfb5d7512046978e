"""Several forecasters as one, each with an equal share of the paths."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.base import clone

from forecast.errors import InputError
from forecast.forecasters.base import Array, Forecaster


class Ensemble(Forecaster):
    """Equal-weight pool of forecasters: each gives the same share of the sample paths.

    Pooling paths is the linear opinion pool: where the members disagree, the range widens. The shares are
    shuffled with one permutation for all locations, so that sample k comes from the same member everywhere
    and a sum over locations adds paths of one model. Where the samples do not divide evenly, the first
    members give one path more. A member that could be fitted at no location is left out.

    Parameters
    ----------
    members
        Forecasters; they are cloned before fitting.
    """

    members_: list[Forecaster]
    dropped_: list[Forecaster]

    def __init__(self, members: Sequence[Forecaster]) -> None:
        self.members = members

    def _learn(self) -> None:
        wrong = [member for member in self.members if not isinstance(member, Forecaster)]
        if wrong or not len(self.members):
            raise InputError(f"Ensemble: members are {self.members!r}; give a list of at least one forecaster")
        panel = self.panel_.copy()
        panel.attrs["metric"] = self.metric_
        fitted = [clone(member).fit(panel, self.related_) for member in self.members]
        having = {code for code in panel.columns if panel[code].notna().any()}
        useful = [member for member in fitted if having - set(member.failed_)]
        self.members_ = useful or fitted
        self.dropped_ = [member for member in fitted if member not in self.members_]
        for code in having:
            reasons = [member.failed_.get(code) for member in fitted]
            if all(reasons):
                self.failed_[code] = "; ".join(dict.fromkeys(filter(None, reasons)))

    def _draw(
        self, locations: list[str], horizon: int, samples: int, seed: int
    ) -> tuple[Sequence[Array], dict[str, str]]:
        each, more = divmod(samples, len(self.members_))
        shares = [each + (k < more) for k in range(len(self.members_))]
        drawn = [
            (member, member.predict(horizon, locations, share, _own(seed, place)))
            for place, (member, share) in enumerate(zip(self.members_, shares, strict=True))
            if share
        ]
        order = self._stream(seed, "", "shares").permutation(samples)
        paths = np.concatenate([forecast.paths for _, forecast in drawn], axis=1)[:, order]
        notes = {}
        for code in locations:
            said = [f"{member.called}: left out ({member.failed_[code]})" for member in self.dropped_]
            said += [f"{member.called}: {forecast.notes[code]}" for member, forecast in drawn if code in forecast.notes]
            notes[code] = "; ".join(said)
        return list(paths), notes


def _own(seed: int, place: int) -> int:
    """Seed of one member: members that fall back to the same baseline must not draw the same paths."""
    return int(np.random.SeedSequence([seed, place]).generate_state(1)[0])
