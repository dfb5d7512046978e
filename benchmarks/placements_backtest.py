"""Who waits in hospital for onward care, forecast at each month's start, against what was then published.

    python benchmarks/placements_backtest.py ../shared/real --folder scratch

Origins on the first of each month, January 2023 to January 2024, with what was public on that day: counts of people
fit to leave (to 4 days before in winter, to a month and more before in summer), delay reasons and discharges. The
forecast is that of the autoregression, a fast member of the default, beside Persistence; both are made into queues by
``demand``. A published queue is the hospital's count times the shares of that month's delay reasons.

(b) takes the month's real discharges by pathway as known and shortens the queue by what they are above those of the
three months before: by a person for each on every later day (as a simulation does that holds arrivals fixed), or for as
long as one more discharge was seen to last, or by the share of them that was missing from the queues of later months;
the latter two learned from the trusts outside the county on what was public on 1 January 2023.
"""

from __future__ import annotations

from typing import Any

import backtests as bt
import numpy as np
import pandas as pd
import placements_reach as pr
import tables

import forecast as fc
from forecast.forecasters import AutoRegression, Forecaster, Persistence
from forecast.placements.demand import Demand, demand
from forecast.placements.waiting.pooled_shares import pathway_shares
from forecast.placements.waiting.queue_rules import queue_rules
from forecast.reference import reference

ORIGINS = pd.date_range("2023-01-01", "2024-01-01", freq="MS")
METRICS = ("nctr_patients", "nctr_remaining")
MODELS: dict[str, type[Forecaster]] = {"autoregression": AutoRegression, "persistence": Persistence}
PLACES = ("RM1", "RGP", "RCX", bt.COUNTY)
ALL = "all"
LEVELS = (0.5, 0.9)
ORDER = {name: place for place, name in enumerate((ALL, *pr.CODES, *PLACES))}


def main() -> None:
    parser = bt.options(__doc__)
    parser.add_argument("real", type=bt.Path, help="folder of published files")
    given = parser.parse_args()
    with bt.kept_folder(given.folder) as folder:
        store = bt.stored(given.real, folder)
        panels = {metric: bt.learned(store, metric) for metric in METRICS}
        queue, reasons = published(store)
        lasts, reaches = learned(store, panels)
        more = pr.more_a_day(store, bt.HOSPITALS)
        rows = []
        for origin in ORIGINS:
            shares = pathway_shares(store, bt.HOSPITALS, origin)
            for name, model in MODELS.items():
                ahead = demand(paths(panels, model(), origin, given.samples), shares=shares)
                rows += compared(ahead, origin, name, queue, reasons, more, lasts, reaches)
        frame = pd.DataFrame(rows)
    report(frame)


def paths(
    panels: dict[str, bt.PanelAt], model: Forecaster, origin: pd.Timestamp, samples: int
) -> dict[str, fc.Trajectories]:
    """Sample paths of both counts from the last day that was public to the end of the month."""
    known = {metric: panel(origin)[bt.HOSPITALS] for metric, panel in panels.items()}
    last = min(panel.index[-1] for panel in known.values())
    days = (origin + pd.offsets.MonthEnd(0) - last).days
    return {
        metric: model.fit(panel.loc[:last]).predict(days, samples=samples, seed=1) for metric, panel in known.items()
    }


def published(store: fc.Store) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts that the rules take, date by hospital, and the shares of the months' delay reasons, as last published."""
    rules = queue_rules(bt.HOSPITALS, reference())
    counts = {
        code: store.panel(rule.metric, [code], clean=True)[code].loc[ORIGINS[0] :] for code, rule in rules.items()
    }
    shares = pr.months_of_shares(store, pd.Timestamp("2024-03-31"))
    fixed = {code: rule.share for code, rule in rules.items() if rule.share is not None}
    for code, share in fixed.items():
        own = shares.loc[[code]]
        shares.loc[[code]] = share * own.div(own.sum(axis=1), axis=0)
    return pd.DataFrame(counts), shares


def learned(store: fc.Store, panels: dict[str, bt.PanelAt]) -> tuple[pr.Lasting, dict[str, float]]:
    """What is learned from the other trusts before the first origin; what all of them say later is only shown."""
    first, after = ORIGINS[0], pd.Timestamp("2024-03-31")
    both = {}
    reaches = []
    for label, day, since in (("before 2023", first, "2022-04-01"), ("2023", after, "2023-01-01")):
        counts = {m: panels[m](day) for m in METRICS}
        others = [code for code in bt.hospital_trusts(counts[METRICS[0]]) if code not in bt.HOSPITALS]
        patients, remaining = (counts[m].reindex(columns=others).loc[since:] for m in METRICS)
        both[label] = pr.lasting(patients, patients - remaining, remaining)
        whole = counts[METRICS[1]].reindex(columns=others)
        errors = pr.month_errors(whole, pr.months_of_shares(store, day), pr.more_a_day(store, others, day))
        for way in pr.CODES:
            chosen = errors[(errors["pathway"] == way) & (errors["month"] >= since)]
            value, low, high = pr.reach(chosen)
            reaches.append((label, way, len(chosen), value, low, high))
    shown = pd.DataFrame(reaches, columns=["told", "pathway", "hospital months", "reach", "low", "high"])
    tables.say("Share of the people discharged more who are missing from the month's queue", shown.round(3))
    wide = both["before 2023"].table().merge(both["2023"].table(), on="days", suffixes=(", before 2023", ", 2023"))
    sums = [
        f"{name} {lasts.fewer(30)[-1]:.1f} ({low:.1f} to {high:.1f})"
        for name, lasts in both.items()
        for low, high in [lasts.fewer_between(30)]
    ]
    tables.say(
        "Share of one more discharge that is still missing from the queue days later",
        wide.round(2),
        f"People fewer after 30 days of one more discharge a day: {'; '.join(sums)}",
    )
    before = shown[shown["told"] == "before 2023"].set_index("pathway")["reach"]
    return both["before 2023"], {way: float(before[way]) for way in pr.CODES}


def compared(
    ahead: Demand,
    origin: pd.Timestamp,
    model: str,
    counts: pd.DataFrame,
    shares: pd.DataFrame,
    more: pd.DataFrame,
    lasts: pr.Lasting,
    reaches: dict[str, float],
) -> list[dict[str, Any]]:
    """Rows by place, pathway, correction and day: what was told, median and ends of the ranges."""
    within = ahead.dates >= origin
    days = int(within.sum())
    real = {code: shares.loc[(code, origin)].to_numpy() for code in ahead.hospitals if (code, origin) in shares.index}
    extra = np.array([_more(more, code, origin) for code in ahead.hospitals])
    each, seen = np.arange(1, days + 1), lasts.fewer(days)
    gone = {
        "as forecast": np.zeros((len(pr.CODES), days)),
        "a person each": np.tile(each, (len(pr.CODES), 1)),
        "as long as seen": np.tile(seen, (len(pr.CODES), 1)),
        "share seen": np.outer([reaches[way] for way in pr.CODES], each),
    }
    rows = []
    for how, people in gone.items():
        queue = np.maximum(ahead.queue[..., within] - (extra[:, :, None] * people[None])[:, :, None], 0)
        told = {}
        for place, code in enumerate(ahead.hospitals):
            paths, usual = queue[place], ahead.shares.means[code]
            # a hospital whose reasons cannot be right is told by the total that its usual shares give
            share = real.get(code, _of_rule(np.array(usual), ahead.rules[code].share))
            truth = np.outer(share, counts[code].reindex(ahead.dates[within]))
            told[code] = paths.sum(axis=0), truth.sum(axis=0)
            rows += _days(how, model, origin, code, ALL, *told[code])
            if code in real:
                for k, way in enumerate(pr.CODES):
                    rows += _days(how, model, origin, code, way, paths[k], truth[k])
        if len(told) == len(bt.HOSPITALS):
            rows += _days(
                how, model, origin, bt.COUNTY, ALL, *(sum(parts) for parts in zip(*told.values(), strict=True))
            )
    return rows


def _more(more: pd.DataFrame, code: str, month: pd.Timestamp) -> np.ndarray:
    return more.loc[(code, month)].fillna(0.0).to_numpy() if (code, month) in more.index else np.zeros(len(pr.CODES))


def _of_rule(share: np.ndarray, fixed: float | None) -> np.ndarray:
    return share if fixed is None else fixed * share / share.sum()


def _days(
    how: str, model: str, origin: pd.Timestamp, place: str, way: str, paths: np.ndarray, truth: np.ndarray
) -> list[dict[str, Any]]:
    ends = np.quantile(paths, [0.05, 0.25, 0.5, 0.75, 0.95], axis=0)
    names = ("low 0.9", "low 0.5", "median", "high 0.5", "high 0.9")
    keys = {"how": how, "model": model, "month": origin, "place": place, "pathway": way}
    return [
        {**keys, "observed": value, **dict(zip(names, day, strict=True))}
        for value, day in zip(truth, ends.T, strict=True)
        if np.isfinite(value)
    ]


def report(frame: pd.DataFrame) -> None:
    """Print error and coverage by place and pathway, month by month, and what knowing the discharges does."""
    forecast = frame[frame["how"] == "as forecast"]
    whole = forecast[forecast["pathway"] == ALL]
    tables.say("Everybody who waits for onward care: days of the month", scored(whole, ["place", "model"]))
    own = forecast[(forecast["model"] == "autoregression") & (forecast["pathway"] != ALL)]
    tables.say("By pathway, autoregression, months whose delay reasons can be right", scored(own, ["place", "pathway"]))
    months = whole[(whole["model"] == "autoregression") & whole["place"].isin(["RM1", bt.COUNTY])]
    tables.say("Month by month, autoregression", scored(months, ["place", "month"]))
    known = frame[(frame["model"] == "autoregression") & frame["pathway"].isin([ALL, "home"])]
    known = known.sort_values(["pathway", "place"], key=lambda one: one.map(ORDER), kind="stable")
    found = scored(known, ["pathway", "place", "how"])
    tables.say("Knowing the month's discharges", found.merge(better(known), how="left").fillna(""))


def better(frame: pd.DataFrame) -> pd.DataFrame:
    """In how many months a correction told the month's mean queue better than the forecast without it."""
    keys = ["pathway", "place"]
    means = frame.groupby([*keys, "month", "how"])[["median", "observed"]].mean().reset_index()
    means["off"] = (means["median"] - means["observed"]).abs()
    wide = means.pivot_table(index=[*keys, "month"], columns="how", values="off")
    wins = wide.lt(wide["as forecast"], axis=0).drop(columns="as forecast").groupby(level=keys)
    told = wins.sum().astype(str) + " of " + wins.count().astype(str)
    return told.melt(var_name="how", value_name="months better", ignore_index=False).reset_index()


def scored(frame: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Mean observed, bias and absolute error of the median in people and in per cent, days inside the ranges."""
    held = {f"{100 * c:.0f}% range held": (f"low {c}", f"high {c}") for c in LEVELS}
    rows = frame.assign(error=frame["median"] - frame["observed"])
    rows = rows.assign(
        absolute=rows["error"].abs(),
        **{name: rows["observed"].between(rows[low], rows[high]) for name, (low, high) in held.items()},
    )
    people = ["observed", "median", "error", "absolute"]
    found = rows.groupby(by, sort=False)[[*people, *held]].mean().reset_index()
    found.insert(len(by) + len(people), "per cent", 100 * found["absolute"] / found["observed"])
    found.insert(len(by), "days", rows.groupby(by, sort=False).size().to_numpy())
    if "month" in found:
        found["month"] = found["month"].dt.strftime("%B %Y")
    return found.round({**dict.fromkeys(people, 1), "per cent": 0, **dict.fromkeys(held, 2)})


if __name__ == "__main__":
    main()
