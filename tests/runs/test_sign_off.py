"""Sign-offs: kept beside the run, only added to, of this very content, whoever writes at the same time."""

import json
import multiprocessing
from pathlib import Path

import pandas as pd
import pytest

from forecast.errors import InputError, RunError
from forecast.runs.run import Run
from forecast.runs.sign_off import FOLDER, sign_off, sign_offs, standing
from forecast.wording.sign_off_words import signed_words

DAY = pd.Timestamp("2025-01-16 09:30")
NEXT = pd.Timestamp("2025-01-17")
ID = "2025-01-09-0a1b2c"


@pytest.fixture
def run(tmp_path):
    (tmp_path / ID).mkdir()
    (tmp_path / ID / "manifest.json").write_text('{"id": "x"}', encoding="utf-8")
    return Run(tmp_path / ID, {"id": ID})


def lines(run):
    return (run.path.parent / FOLDER / f"{ID}.jsonl").read_text(encoding="utf-8").splitlines()


def said(run):
    return signed_words(standing(run.path.parent, run))


def test_a_run_is_signed_off_by_name_day_and_comment_beside_its_folder(run):
    models = run.path.parent
    assert said(run) == "Not signed off"
    sign_off(models, run, name=" Ann Smith ", comment="Checked against the ward count", at=DAY, by="ann@norfolk.gov.uk")
    assert said(run) == "Signed off by Ann Smith on 16 January 2025: Checked against the ward count"
    assert signed_words(standing(models, run), comments=False) == "Signed off by Ann Smith on 16 January 2025"
    assert [path.name for path in run.path.iterdir()] == ["manifest.json"]
    (told,) = map(json.loads, lines(run))
    assert (told["name"], told["at"], told["by"]) == ("Ann Smith", "2025-01-16T09:30:00", "ann@norfolk.gov.uk")


def test_each_person_stands_once_with_the_newest_words_and_a_comment_may_be_empty(run):
    models = run.path.parent
    for name, comment, day in (("Ann Smith", "", DAY), ("Bo Li", "Fine", DAY), ("ANN SMITH", "Again", NEXT)):
        sign_off(models, run, name=name, comment=comment, at=day)
    assert said(run) == "Signed off by Bo Li on 16 January 2025: Fine; and by ANN SMITH on 17 January 2025: Again"
    assert signed_words(standing(models, run), comments=False) == (
        "Signed off by Bo Li on 16 January 2025 and ANN SMITH on 17 January 2025"
    )


def test_a_withdrawal_is_a_further_line_that_takes_back_every_sign_off_before_it(run):
    models = run.path.parent
    sign_off(models, run, name="Ann Smith", comment="", at=DAY)
    sign_off(models, run, name="Bo Li", comment="RCX is wrong", at=NEXT, withdrawn=True)
    assert said(run) == "Not signed off: withdrawn by Bo Li on 17 January 2025: RCX is wrong"
    assert len(lines(run)) == 2
    sign_off(models, run, name="Ann Smith", comment="", at=NEXT)
    assert said(run) == "Signed off by Ann Smith on 17 January 2025"


def test_a_sign_off_of_another_content_of_the_same_name_does_not_count(run):
    sign_off(run.path.parent, run, name="Ann Smith", comment="", at=DAY)
    (run.path / "manifest.json").write_text('{"id": "y"}', encoding="utf-8")
    assert said(run) == (
        "Not signed off: what Ann Smith on 16 January 2025 signed off is another forecast of the same name"
    )


@pytest.mark.parametrize(
    "damage",
    [
        b"not json",
        b"[]",
        b"\xff\xfe",
        b'{"kind": "signed off"}',
        b'{"kind": "signed off", "run": "other", "manifest": "", "name": "B", "comment": "", "at": "2025-01-01"}',
        b'{"kind": "approved", "run": "2025-01-09-0a1b2c", "manifest": "", "name": "B", "comment": "", "at": "2025"}',
        b'{"kind": "signed off", "run": "2025-01-09-0a1b2c", "manifest": "", "name": 7, "comment": "", "at": "2025"}',
        b'{"kind": "signed off", "run": "2025-01-09-0a1b2c", "manifest": "", "name": "B", "comment": "", "at": "soon"}',
        b"[" * 5000,
        b"x" * 30_000,
    ],
)
def test_a_damaged_line_is_put_aside_with_a_message_and_the_others_are_used(run, damage):
    models = run.path.parent
    sign_off(models, run, name="Ann Smith", comment="", at=DAY)
    path = models / FOLDER / f"{ID}.jsonl"
    path.write_bytes(path.read_bytes() + damage)  # without its end: a write that was cut short
    sign_off(models, run, name="Bo Li", comment="", at=DAY)
    found = sign_offs(models, ID)
    assert [entry.name for entry in found.entries] == ["Ann Smith", "Bo Li"]
    (problem,) = found.problems
    assert problem.startswith(f"{ID}.jsonl, line 2: is damaged and does not count")


@pytest.mark.parametrize(
    ("name", "comment", "message"),
    [
        ("", "", "the name is ''"),
        (" 42 ", "", "the name is '42'"),
        ("A" * 101, "", "the name has 101 characters; give at most 100"),
        ("Ann", "x" * 1001, "the comment has 1,001 characters; give at most 1,000"),
        ("Ann\nSigned off by Bo", "", r"the name holds '\\n'"),
        ("Ann", "fine\x00", r"the comment holds '\\x00'"),
        ("Ann\u202eoB", "", r"the name holds '\\u202e'"),
    ],
)
def test_what_is_no_name_or_comment_is_refused_and_nothing_is_recorded(run, name, comment, message):
    with pytest.raises(InputError, match=message):
        sign_off(run.path.parent, run, name=name, comment=comment, at=DAY)
    assert not (run.path.parent / FOLDER).exists()


@pytest.mark.parametrize("name", ["../x", "a/b", "", ".hidden", "C:\\x", "a\x00b", "x" * 300])
def test_a_run_whose_name_leads_elsewhere_is_refused(tmp_path, name):
    with pytest.raises(RunError, match="is no name of a run"):
        sign_offs(tmp_path, name)


def test_a_record_that_cannot_be_written_or_read_says_so(run):
    models = run.path.parent
    (models / FOLDER / f"{ID}.jsonl").mkdir(parents=True)
    with pytest.raises(RunError, match=r"cannot be written .*nothing was recorded"):
        sign_off(models, run, name="Ann", comment="", at=DAY)
    found = standing(models, run)
    assert found.signed == ()
    assert "cannot be read" in found.problems[0]


def _sign(models: str, name: str, times: int) -> None:
    run = Run(Path(models) / ID, {"id": ID})
    for number in range(times):
        sign_off(models, run, name=name, comment="x" * 900 + str(number), at=DAY)


def test_approvers_who_sign_at_the_same_time_are_all_recorded_whole(run):
    models = str(run.path.parent)
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_sign, args=(models, f"Person {letter}", 10)) for letter in "ABC"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    found = sign_offs(models, ID)
    assert not found.problems
    assert len(found.entries) == 30
    assert {entry.name for entry in standing(models, run).signed} == {f"Person {letter}" for letter in "ABC"}
