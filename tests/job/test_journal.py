import json
from dataclasses import replace

import pytest

from forecast.errors import RunError
from forecast.job.journal import JOURNAL, Attempt, Step, add, attempts, last_attempt

FIRST = Attempt(
    "2025-01-09T07:00:00+00:00",
    "2025-01-09T07:03:00+00:00",
    "weekly",
    "refused",
    run="2025-01-09-0123456789",
    as_of="2025-01-09",
    reasons=("half a file", "another"),
    steps=(Step("fetch", 2.5), Step("decide", 0.1, detail="not published")),
)
SECOND = replace(FIRST, outcome="published", reasons=(), forced="seen by A. Person")


def test_what_is_added_is_read_back_oldest_first(tmp_path):
    assert attempts(tmp_path / "none") == []
    assert last_attempt(tmp_path) is None
    add(tmp_path, FIRST)
    add(tmp_path, SECOND)
    assert attempts(tmp_path) == [FIRST, SECOND]
    assert last_attempt(tmp_path) == SECOND
    assert [attempt.published for attempt in attempts(tmp_path)] == [False, True]


def test_a_line_that_an_ended_process_left_unfinished_costs_only_itself(tmp_path):
    add(tmp_path, FIRST)
    journal = tmp_path / JOURNAL
    journal.write_text(journal.read_text() + '{"started": "2025-01')
    add(tmp_path, SECOND)
    assert attempts(tmp_path) == [FIRST, SECOND]


@pytest.mark.parametrize("line", ["no json", "[]", "{}", '{"started": 1, "finished": 2, "kind": 3, "outcome": "odd"}'])
def test_damaged_lines_are_left_out(tmp_path, line):
    add(tmp_path, FIRST)
    with (tmp_path / JOURNAL).open("a") as handle:
        handle.write(line + "\n")
    add(tmp_path, SECOND)
    assert attempts(tmp_path) == [FIRST, SECOND]


def test_every_line_is_one_json_object_that_other_programs_can_read(tmp_path):
    add(tmp_path, FIRST)
    (line,) = (tmp_path / JOURNAL).read_text().splitlines()
    told = json.loads(line)
    assert told["outcome"] == "refused"
    assert told["steps"][1] == {"step": "decide", "seconds": 0.1, "outcome": "done", "detail": "not published"}


def test_a_folder_that_is_a_file_is_told_with_the_remedy(tmp_path):
    (tmp_path / "models").write_text("")
    with pytest.raises(RunError, match=r"journal.jsonl: cannot be written .* free some space or give the folder"):
        add(tmp_path / "models", FIRST)
