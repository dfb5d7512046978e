"""A run folder that somebody or something has harmed: said in words with the remedy, and no other page suffers."""

import json
import shutil

import pytest
import streamlit as st
from made_runs import make_run
from screen import text_of

from forecast.errors import RunError
from forecast.pages import shell
from forecast.runs import open_run
from forecast.runs import whole as whole_of
from forecast.runs.seal import sealed

PAGES = [path.rsplit("/", 1)[1].removesuffix(".py") for path in shell.PAGES]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("whole") / "models").path.parent


@pytest.fixture
def models(folders, whole):
    return shutil.copytree(whole, folders / "models")


def newest(models):
    return models / (models / "latest").read_text().strip()


def told(**changes):
    """Harm that changes what the manifest says."""

    def harm(models):
        path = newest(models) / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return harm


def flip(path):
    """Change one byte in the middle of a file: it may well still be read, as another figure."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


HARMS = {
    "no manifest": (lambda models: (newest(models) / "manifest.json").unlink(), "its manifest cannot be read"),
    "half a manifest": (
        lambda models: (newest(models) / "manifest.json").write_text('{"format": 1, "id'),
        "its manifest cannot be read",
    ),
    "a manifest edited by hand": (told(metrics=["nctr_patients"]), "says of 'metrics' what cannot be"),
    "the folder is gone": (lambda models: shutil.rmtree(newest(models)), "its manifest cannot be read"),
}
POINTERS = {
    "is empty": lambda pointer: pointer.write_text(""),
    "is a folder": lambda pointer: (pointer.unlink(), pointer.mkdir()),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_run_that_cannot_be_opened_is_told_in_words_with_the_remedy(open_page, models, harm):
    act, words = HARMS[harm]
    act(models)
    app = open_page("this_week")
    assert not app.exception
    (error,) = app.error
    assert words in error.value
    assert "forecast refit" in error.value


@pytest.mark.parametrize("page", PAGES)
def test_a_run_of_a_newer_version_is_told_on_every_page_which_still_leads_to_the_others(open_page, models, page):
    told(format=2)(models)
    app = open_page(page)
    assert not app.exception
    assert "made in format 2, this version reads 1; install the newer" in app.error[0].value
    assert len(app.get("page_link")) >= len(PAGES) - 1


@pytest.mark.parametrize("harm", POINTERS)
def test_without_a_pointer_the_newest_whole_run_is_shown_and_said_to_be(open_page, models, harm):
    POINTERS[harm](models / "latest")
    app = open_page("this_week")
    assert not app.exception
    assert not app.error
    assert "The app cannot tell which forecasts are the newest." in text_of(app)
    assert "forecast doctor" in text_of(app)


@pytest.fixture
def week_before(models):
    """The run of a week before, beside the newest: the same figures under another day."""
    folder = shutil.copytree(newest(models), models / "2025-01-02-515100")
    path = folder / "manifest.json"
    path.write_text(json.dumps(sealed({**json.loads(path.read_text()), "id": folder.name, "as_of": "2025-01-02"})))
    return folder


def harmed(models):
    flip(newest(models) / "outlook" / "nctr_patients.parquet")


@pytest.mark.parametrize("harm", [HARMS["half a manifest"][0], harmed])
def test_the_run_before_is_shown_in_the_place_of_a_damaged_one_and_the_page_says_so(
    open_page, models, week_before, harm
):
    harm(models)
    app = open_page("this_week")
    assert not app.exception
    assert not app.error
    said = text_of(app)
    assert "The newest forecasts cannot be used, so the ones before them are shown." in said
    assert "These know only what was published by Thursday 2 January 2025." in said
    assert "Not used: run 2025-01-09-515100 (" in said
    assert week_before.name in said


def test_a_piece_found_damaged_while_it_is_read_leads_to_the_run_before(open_page, models, week_before, monkeypatch):
    """The disk gives another byte back: neither the size nor the times of the file tell of it."""
    assert "cannot be used" not in text_of(open_page("fit_to_leave"))
    harmed(models)
    monkeypatch.setattr("forecast.runs.whole.stamp_of", lambda folder: ())
    monkeypatch.setitem(whole_of._verdicts, str(newest(models).absolute()), ((), ""))
    st.cache_resource.clear()
    st.cache_data.clear()
    app = open_page("fit_to_leave")
    assert not app.exception
    assert not app.error
    assert "Not used: run 2025-01-09-515100 (outlook/nctr_patients.parquet is not what was written)" in text_of(app)


def test_a_harmed_piece_stops_only_the_page_that_needs_it(open_page, models):
    piece = "outlook/nctr_patients.parquet"
    flip(newest(models) / piece)
    hurt = open_page("fit_to_leave")
    assert not hurt.exception
    assert "Part of these forecasts is damaged and there are no others to show." in text_of(hurt)
    assert f"Damaged: {piece} is not what was written." in text_of(hurt)
    assert f"{piece} cannot be read (it is not what was written); run 'forecast refit'" in hurt.error[0].value
    for page in ("this_week", "data"):
        app = open_page(page)
        assert not app.exception
        assert not app.error


def test_one_changed_byte_in_any_piece_is_found_before_a_figure_is_shown(models):
    run = open_run(newest(models))
    for name in run.manifest["files"]:
        flip(run.path / name)
    for read in (run.trajectories, run.baseline, run.history, run.outlook):
        with pytest.raises(RunError, match="it is not what was written"):
            read("nctr_patients")
    with pytest.raises(RunError, match=r"summary\.parquet cannot be read"):
        _ = run.summary


def test_what_a_reader_does_to_a_figure_does_not_reach_the_next_reader(models):
    run = open_run(newest(models))
    mine = run.history("nctr_patients")
    mine.iloc[:, :] = 0
    assert run.history("nctr_patients").to_numpy().max() > 0


def test_no_page_is_blank_without_a_run(open_page):
    for page in PAGES:
        app = open_page(page)
        assert not app.exception
        assert "There is no forecast to show yet" in text_of(app)
