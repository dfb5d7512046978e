"""What a fetch has brought, in words. Pure: the same figures give the same words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from forecast.incoming.archive import CHANGED, NEW, UNCHANGED
from forecast.incoming.fetch import FAILED, PUBLISHERS, Fetched
from forecast.incoming.ingest import Ingested
from forecast.observations.store import Store
from forecast.reference import Reference
from forecast.wording import words

_STATES = (NEW, CHANGED, UNCHANGED, FAILED)


def stored_to(store: Store, tables: Reference) -> dict[str, pd.Timestamp]:
    """Newest day stored of each measure that is forecast; of a sum, the older of its parts."""
    known = store.metrics()
    last = dict(zip(known["metric"], known["last"], strict=True))
    found = {}
    for metric in tables.forecast_metrics():
        parts = [metric.name] if metric.name in last else list(metric.derived_from)
        if parts and all(part in last for part in parts):
            found[metric.label] = min(last[part] for part in parts)
    return found


def newest_day(store: Store) -> pd.Timestamp | None:
    """Newest day of which anything is stored."""
    known = store.metrics()
    return None if known.empty else known["last"].max()


def by_publication(fetched: Iterable[Fetched]) -> list[str]:
    """One line a publication: how many of its files are new, changed, unchanged or failed."""
    counts: dict[str, Counter[str]] = {}
    for event in fetched:
        counts.setdefault(event.label, Counter())[event.state] += 1
    lines = []
    for label, states in counts.items():
        told = ", ".join(f"{states[state]} {state}" for state in _STATES if states[state])
        lines.append(f"{label}: {told or 'nothing published yet'}")
    return lines


def problems(fetched: Iterable[Fetched]) -> list[str]:
    """What failed, each message once."""
    return list(dict.fromkeys(event.message for event in fetched if event.state == FAILED))


def notes_once(ingested: Iterable[Ingested]) -> list[str]:
    """Notes on what was read, each once: with its file, or with how many files it is on."""
    files: dict[str, list[str]] = {}
    for result in ingested:
        for note in result.notes:
            files.setdefault(note, []).append(result.path.name)
    return [
        f"{names[0]}: {note}" if len(names) == 1 else f"{len(names)} files: {note}" for note, names in files.items()
    ]


def no_connection(fetched: Sequence[Fetched], newest: pd.Timestamp | None) -> str:
    """Return that nobody could be reached and what there is instead; empty where anything else happened."""
    if not fetched or not all(event.offline for event in fetched):
        return ""
    who = words.listed(list(dict.fromkeys(PUBLISHERS[event.publisher] for event in fetched)))
    if newest is None:
        return f"no connection to {who}, and nothing is stored; check the network and run 'forecast fetch' again"
    return f"no connection to {who}; going on with what is stored to {words.short_day(newest)}"


def whats_new(
    before: Mapping[str, pd.Timestamp], after: Mapping[str, pd.Timestamp], ingested: Iterable[Ingested]
) -> list[str]:
    """Return which measures reach further than before, and how many published figures were revised."""
    lines = []
    for label, day in after.items():
        if label not in before:
            lines.append(f"{label}: first figures, to {words.short_day(day)}")
        elif day > before[label]:
            more = words.plural((day - before[label]).days, "more day")
            lines.append(f"{label}: {more}, to {words.short_day(day)}")
    revised = sum(result.added.changed for result in ingested if result.added)
    if revised:
        lines.append(f"{words.plural(revised, 'published figure')} revised")
    return [*lines, "Run 'forecast refit' to forecast from it."] if lines else ["Nothing is new of what is forecast."]
