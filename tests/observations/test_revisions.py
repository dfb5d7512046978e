"""Whatever the order in which editions arrive, a read as of a day gives what was known then."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.observations.revisions import fresh_rows

DAY = pd.Timestamp("2022-04-01")
RULE = pd.Timestamp("2022-05-12")
COLUMNS = ["date", "location", "value", "released", "published", "source"]


def edition(value: float, published: pd.Timestamp) -> pd.DataFrame:
    row = [DAY, "RM1", value, min(RULE, published), published, f"published {published:%Y-%m-%d}"]
    return pd.DataFrame([row], columns=COLUMNS)


def empty() -> pd.DataFrame:
    return edition(0.0, RULE).iloc[:0]


def in_force(history: pd.DataFrame, as_of: pd.Timestamp) -> float | None:
    known = history[history["released"] <= as_of]
    return None if known.empty else float(known.sort_values("released", kind="stable")["value"].iloc[-1])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(-20, 600), min_size=1, max_size=6, unique=True), st.randoms(use_true_random=False))
def test_editions_may_arrive_in_any_order(days, random):
    published = [RULE + pd.Timedelta(days=day) for day in days]
    editions = {when: float(k + 1) for k, when in enumerate(sorted(published))}
    arriving = list(editions)
    random.shuffle(arriving)
    history = empty()
    for when in [*arriving, *arriving]:
        rows, _, _ = fresh_rows(edition(editions[when], when), history)
        history = pd.concat([history, rows], ignore_index=True)
    first = min(editions)
    for as_of in sorted({*editions, RULE, RULE - pd.Timedelta(days=30), *(d + pd.Timedelta(days=1) for d in editions)}):
        told = [when for when in editions if when <= as_of]
        expected = editions[max(told)] if told else (editions[first] if as_of >= RULE else None)
        assert in_force(history, as_of) == expected, (as_of, history)


def passed_on(value: float, retrieved: pd.Timestamp) -> pd.DataFrame:
    source = f"UKHSA data dashboard, retrieved {retrieved:%Y-%m-%d}"
    row = [DAY, "RM1", value, retrieved, retrieved, source]
    return pd.DataFrame([row], columns=COLUMNS)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.booleans()), min_size=1, max_size=6, unique_by=lambda one: one[0]),
    st.lists(st.sampled_from([1.0, 2.0, 3.0]), min_size=6, max_size=6),
    st.randoms(use_true_random=False),
)
def test_what_is_passed_on_counts_only_where_its_collector_has_told_nothing(days, values, random):
    """In any order of arrival, with figures that agree and figures that differ."""
    told = [
        (RULE + pd.Timedelta(days=day), own, value) for (day, own), value in zip(sorted(days), values, strict=False)
    ]
    arriving = list(told)
    random.shuffle(arriving)
    history = empty()
    for when, own, value in [*arriving, *arriving]:
        rows, _, _ = fresh_rows((edition if own else passed_on)(value, when), history)
        history = pd.concat([history, rows], ignore_index=True)
    published = [(when, value) for when, own, value in told if own]
    copied = [(when, value) for when, own, value in told if not own]
    for as_of in sorted({RULE, RULE - pd.Timedelta(days=1), *(when for when, _, _ in told)}):
        known = [value for when, value in published if when <= as_of] or [value for _, value in published[:1]]
        copies = [value for when, value in copied if when <= as_of]
        expected = known if known and as_of >= RULE else copies
        assert in_force(history, as_of) == (expected[-1] if expected else None), (as_of, history)


def test_a_second_arrival_adds_nothing():
    history, new, changed = fresh_rows(edition(5.0, RULE), empty())
    assert (len(history), new.sum(), changed.sum()) == (1, 1, 0)
    again, new, changed = fresh_rows(edition(5.0, RULE), history)
    assert (len(again), new.sum(), changed.sum()) == (0, 0, 0)
