"""Tables of the benchmarks of forecasts, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from forecast.evaluation import coverage_range, difference, frames, score
from forecast.evaluation.bootstrap import block_weights, usual_block
from forecast.evaluation.scoring import measured

BASELINE = "Persistence"
DRAWS = 2000


def say(title: str, table: pd.DataFrame, note: str = "") -> None:
    """Print a table under its title."""
    print(f"\n### {title}\n", *([note, ""] if note else []), table.to_markdown(index=False), sep="\n", flush=True)


def ratios(backtest: pd.DataFrame, locations: Sequence[str], mean_of: Sequence[str], baseline: str) -> pd.DataFrame:
    """WIS over the baseline's: a row a model, a column a location and the mean of some, with 9-in-10 ranges."""
    rows = []
    for model in _models(backtest, baseline):
        found = difference(backtest, model, baseline, by=("location",)).set_index("location")
        cells = {
            place: _ranged(*found.loc[place, ["ratio", "low", "high"]]) for place in locations if place in found.index
        }
        mean = "" if not set(mean_of) <= set(found.index) else _ranged(*mean_ratio(backtest, model, mean_of, baseline))
        rows.append({"model": model, f"mean of {len(mean_of)}": mean, **cells})
    return pd.DataFrame(rows).fillna("")


def by_band(backtest: pd.DataFrame, locations: Sequence[str], baseline: str) -> pd.DataFrame:
    """WIS over the baseline's: a row a location and band of horizons, a column a model."""
    scores = score(backtest, by=("model", "location", "horizon_band"), baseline=baseline)
    wide = scores.pivot_table(
        index=["location", "horizon_band"], columns="model", values="relative_wis", observed=True
    ).reindex(locations, level="location")
    return wide[_models(backtest, baseline)].round(3).reset_index().astype(object).fillna("")


def mean_ratio(
    backtest: pd.DataFrame, model: str, locations: Sequence[str], baseline: str, other: str | None = None
) -> tuple[float, float, float]:
    """Mean over locations of the ratio of WIS, with its range by resampling blocks of origins.

    ``other``: that of the model over that of this one.
    """
    names = list(dict.fromkeys([model, baseline, *([other] if other else [])]))
    rows = frames.checked(backtest[backtest["model"].isin(names) & backtest["location"].isin(locations)])
    rows = rows.assign(wis=measured(rows)["wis"])
    wide = rows.pivot_table(index=["origin", "location", "date"], columns="model", values="wis").dropna()
    sums = wide.reset_index().pivot_table(
        index="origin", columns="location", values=names, aggfunc="sum", fill_value=0.0
    )
    block = usual_block(pd.DatetimeIndex(sums.index), rows["date"], rows["origin"])
    weights = np.vstack([np.ones(len(sums)), block_weights(len(sums), block, DRAWS, 0)])

    def mean(name: str) -> np.ndarray:
        return np.asarray((weights @ sums[name].to_numpy() / (weights @ sums[baseline].to_numpy())).mean(axis=1))

    values = mean(model) / mean(other) if other else mean(model)
    low, high = np.nanquantile(values[1:], [0.05, 0.95])
    return float(values[0]), float(low), float(high)


def below_best(
    backtest: pd.DataFrame, model: str, peers: Sequence[str], groups: dict[str, Sequence[str]], baseline: str
) -> pd.DataFrame:
    """How far a model is below the best of the peers, in per cent of WIS; the best is chosen group by group."""
    rows = []
    for group, locations in groups.items():
        there = backtest[backtest["location"].isin(locations)].groupby("model")["location"].nunique()
        able = [peer for peer in peers if there.get(peer, 0) == len(locations)]
        of_peers = {peer: mean_ratio(backtest, peer, locations, baseline)[0] for peer in able}
        best = min(of_peers, key=lambda peer: of_peers[peer])
        share, low, high = mean_ratio(backtest, model, locations, baseline, best)
        rows.append(
            {
                "place": group,
                "best peer": best,
                "its ratio": round(of_peers[best], 3),
                f"{model} below it": f"{100 * (1 - share):.0f}% ({100 * (1 - high):.0f} to {100 * (1 - low):.0f})",
            }
        )
    return pd.DataFrame(rows)


def coverage(backtest: pd.DataFrame, by: Sequence[str], levels: Sequence[float] = (0.5, 0.9)) -> pd.DataFrame:
    """Share of outcomes in the central ranges, with 9-in-10 ranges of that share."""
    columns = []
    for level in levels:
        found = coverage_range(backtest, level, by=by).set_index(list(by))
        cells = [_ranged(*row) for row in found[["coverage", "low", "high"]].itertuples(index=False)]
        columns.append(pd.Series(cells, index=found.index, name=f"{100 * level:.0f}% range held"))
    return pd.concat(columns, axis=1).reset_index()


def at_every_trust(backtest: pd.DataFrame, fewest: int, baseline: str) -> pd.DataFrame:
    """Median ratio over trusts, share of them better than the baseline, median coverage."""
    scores = score(backtest, by=("model", "location"), baseline=baseline)
    rows = []
    for model in _models(backtest, baseline):
        own = scores[(scores["model"] == model) & (scores["n"] >= fewest)]
        ratio = own["relative_wis"].dropna()
        rows.append(
            {
                "model": model,
                "trusts": len(ratio),
                "median ratio": round(ratio.median(), 3),
                "better than the baseline": f"{100 * (ratio < 1).mean():.0f}%",
                "worst": f"{ratio.max():.2f} ({own.loc[ratio.idxmax(), 'location']})",
                "median of 50% range held": round(own["coverage_50"].median(), 3),
                "median of 90% range held": round(own["coverage_90"].median(), 3),
            }
        )
    return pd.DataFrame(rows)


def on_log_scale(backtest: pd.DataFrame) -> pd.DataFrame:
    """The same forecasts and outcomes on the scale log(1 + max(y, 0)), on which RM1's near-zero days weigh no more."""
    columns = [*frames.QUANTILE_COLUMNS, "observed"]
    return backtest.assign(**{name: np.log1p(backtest[name].clip(lower=0)) for name in columns})


def failures(backtest: pd.DataFrame) -> None:
    """Print the tasks that failed."""
    for one in backtest.attrs.get("failed", []):
        print(f"\nfailed: {one['model']} at {one['origin']}: {one['reason']}")


def _models(backtest: pd.DataFrame, baseline: str) -> list[str]:
    return [name for name in backtest["model"].drop_duplicates() if name != baseline]


def _ranged(value: float, low: float, high: float) -> str:
    return f"{value:.3f} ({low:.2f} to {high:.2f})" if np.isfinite(low) else f"{value:.3f}"
