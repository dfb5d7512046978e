"""Many frames stored in one call: as if one call after the other, in one vintage."""

import itertools

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecast.errors import InputError
from forecast.observations.panels import as_known
from forecast.observations.store import Added, Store

DAYS = ("2024-11-01", "2024-11-02")
AS_OF = tuple(map(pd.Timestamp, ("2024-11-03", "2024-11-14", "2024-12-11", "2024-12-12", "2024-12-20", "2025-02-06")))

_fresh = itertools.count()


def file(source: str, published: str | None, values: dict[tuple[str, str], float]) -> pd.DataFrame:
    rows = [(day, "RM1", metric, value) for (day, metric), value in values.items()]
    frame = pd.DataFrame(rows, columns=["date", "location", "metric", "value"]).assign(source=source)
    frame.attrs["published"] = {source: published} if published else {}
    return frame


FILES = st.lists(
    st.builds(
        file,
        st.sampled_from(["workbook", "table", "estimate: sums", "another workbook"]),
        st.sampled_from([None, "2024-11-03", "2024-12-12", "2024-12-20", "2025-02-06"]),
        st.dictionaries(
            st.tuples(st.sampled_from(DAYS), st.sampled_from(["nctr_patients", "flu_ga_beds_occupied"])),
            st.sampled_from([1.0, 2.0, 3.0]),
            min_size=1,
        ),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 5), FILES)
def test_frames_added_together_give_what_they_give_one_after_the_other(before, frames):
    single, together = (Store(f"memory://{name}-{next(_fresh)}") for name in ("single", "together"))
    counts = [single.add(frame) for frame in frames]
    told = [together.add(frame) for frame in frames[:before]]
    assert [*told, *together.add_all(frames[before:])] == counts
    for metric in {metric for frame in frames for metric in frame["metric"]}:
        one, other = single.history(metric), together.history(metric)
        for as_of in AS_OF:
            pd.testing.assert_frame_equal(as_known(one, as_of), as_known(other, as_of))


def test_frames_added_together_are_one_vintage_and_each_is_counted(tmp_path):
    store = Store(tmp_path)
    key = ("2024-11-01", "nctr_patients")
    added = store.add_all(
        [
            file("first", "2024-12-12", {key: 5.0, ("2024-11-02", "nctr_patients"): 6.0}),
            file("confirms", "2024-12-19", {key: 5.0}),
            file("revises", "2025-01-09", {key: 7.0}),
        ]
    )
    assert added == [Added(2, 0, 0), Added(0, 0, 1), Added(0, 1, 0)]
    assert len(store.vintages()) == 1
    assert store.panel("nctr_patients", as_of="2025-01-08").loc["2024-11-01", "RM1"] == 5
    assert store.panel("nctr_patients").loc["2024-11-01", "RM1"] == 7


def test_one_frame_that_cannot_be_used_leaves_all_of_them_out(tmp_path):
    store = Store(tmp_path)
    good = file("first", "2024-12-12", {("2024-11-01", "nctr_patients"): 5.0})
    with pytest.raises(InputError, match="column 'value' is missing"):
        store.add_all([good, good.drop(columns="value")])
    assert store.empty
    assert store.add_all([]) == []
