"""Pathway shares of the queue, pooled over hospitals, against the delay reasons of the months that followed.

    python benchmarks/pathway_shares.py ../shared/real --folder scratch

What a hospital's shares are expected to be, from the reasons of every month to some day, against the mean of its shares
over the three months after the next one (the first is not yet told when the forecast is made). Settings were chosen on
one half of the trusts outside Norfolk and the reasons of 2022 to 2024; told are the other half, the reasons of the
specification of 2024, which nothing was chosen on, and the three hospitals. Months that cannot be right are left out.
"""

from __future__ import annotations

import backtests as bt
import numpy as np
import pandas as pd
import tables
from scipy.stats import beta

import forecast as fc
from forecast.placements.waiting.delay_counts import delay_counts, unusable_months
from forecast.placements.waiting.pathways import pathways
from forecast.placements.waiting.pooled_shares import pathway_shares
from forecast.reference import reference

DAYS = {
    "2022": pd.date_range("2022-08-20", "2023-11-20", freq="2MS") + pd.Timedelta(days=19),
    "2024": pd.date_range("2024-07-20", "2024-11-20", freq="MS") + pd.Timedelta(days=19),
}
LAST = {"2022": pd.Timestamp("2024-03-31"), "2024": None}
NUMBERS = [way.number for way in pathways(reference())]
LEVELS = (0.5, 0.9)
HALF_SEED = 7


def main() -> None:
    parser = bt.options(__doc__)
    parser.add_argument("real", type=bt.Path, help="folder of published files")
    given = parser.parse_args()
    with bt.kept_folder(given.folder) as folder:
        store = bt.stored(given.real, folder)
        frame = pd.concat([compared(store, specification) for specification in DAYS])
        told, _ = delay_counts(store, NUMBERS, reference(), LAST["2022"])
    others = sorted(set(told.index.get_level_values("location")) - set(bt.HOSPITALS))
    chosen = set(np.random.default_rng(HALF_SEED).choice(others, len(others) // 2, replace=False))
    frame["hospitals"] = frame["hospital"].where(
        frame["hospital"].isin(bt.HOSPITALS),
        frame["hospital"].isin(chosen).map({True: "chosen on", False: "other half"}),
    )
    newer = (frame["specification"] == "2024") & ~frame["hospital"].isin(bt.HOSPITALS)
    frame.loc[newer, "hospitals"] = "others"
    by = ["specification", "hospitals"]
    names = ["people", "pooled", "own newest month", "mean of all", *(f"{100 * c:.0f}% range held" for c in LEVELS)]
    table = frame.groupby(by)[names].mean().reset_index()
    table.insert(2, "times", frame.groupby(by).size().to_numpy())
    note = "Square root of the mean square error of a share, in percentage points; ranges are of the single shares."
    for name in names[1:4]:
        table[name] = 100 * np.sqrt(table[name])
    tables.say("Pathway shares of the three months to come", table.round(dict.fromkeys(names, 2)), note)


def compared(store: fc.Store, specification: str) -> pd.DataFrame:
    """A row a hospital and day: square errors of shares, and the share of them inside the ranges."""
    counts, found = delay_counts(store, NUMBERS, reference(), LAST[specification])
    if found != specification:
        raise SystemExit(f"the reasons told are those of {found}, not of {specification}")
    good = counts[unusable_months(counts) == ""]
    shares = good.div(good.sum(axis=1), axis=0)
    hospitals = sorted(set(shares.index.get_level_values("location")))
    rows = []
    for day in DAYS[specification]:
        pooled = pathway_shares(store, hospitals, day)
        known, _ = delay_counts(store, NUMBERS, reference(), day)
        last = known.index.get_level_values("date").max()
        usual = shares[shares.index.get_level_values("date") <= last].groupby(level="date").mean().iloc[-1]
        for code in hospitals:
            own = shares.loc[code]
            before = own[own.index <= last]
            after = own[(own.index > last + pd.DateOffset(months=1)) & (own.index <= last + pd.DateOffset(months=4))]
            if before.empty or after.empty:
                continue
            mean = np.append(pooled.means[code], 1 - sum(pooled.means[code]))
            rows.append(_row(specification, code, mean, pooled.people[code], before.iloc[-1], usual, after.mean()))
    return pd.DataFrame(rows)


def _row(
    specification: str, code: str, mean: np.ndarray, people: float, own: pd.Series, usual: pd.Series, told: pd.Series
) -> dict[str, object]:
    truth = told.to_numpy()
    guesses = {"pooled": mean, "own newest month": own.to_numpy(), "mean of all": usual.to_numpy()}
    inside = {}
    for level in LEVELS:
        low, high = (beta.ppf(q, people * mean, people * (1 - mean)) for q in ((1 - level) / 2, (1 + level) / 2))
        inside[f"{100 * level:.0f}% range held"] = float(((low <= truth) & (truth <= high)).mean())
    errors = {name: float(((guess - truth) ** 2).mean()) for name, guess in guesses.items()}
    return {"specification": specification, "hospital": code, "people": people, **errors, **inside}


if __name__ == "__main__":
    main()
