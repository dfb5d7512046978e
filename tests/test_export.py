"""What is written into a folder: every file as a whole, the same bytes each time, or a message and nothing."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from made_whole_runs import make_whole_run

from forecast import export as library
from forecast.errors import InputError
from forecast.export import KINDS, bundle, bundle_name, export

QUICK = ("hub", "briefing", "slides")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return make_whole_run(tmp_path_factory.mktemp("run") / "models", season=False, places=False)


@pytest.fixture(autouse=True)
def one_picture(monkeypatch):
    """A picture of each kind is enough here."""
    from forecast.takeaway import pictures

    every = pictures.pictures
    monkeypatch.setattr(pictures, "pictures", lambda *given: list(every(*given))[:1])


def test_files_say_what_they_are_of_which_day_and_that_figures_are_simulated(run, tmp_path):
    told = []
    paths = export(run, tmp_path / "new" / "folder", signed="Signed off by A. Person", progress=told.append)
    assert [path.name for path in paths] == told == sorted(told, key=told.index)
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(told)
    assert {path.suffix for path in paths} == {".xlsx", ".html", ".pptx", ".csv", ".yml", ".svg", ".png"}
    assert all("simulated" in path.name for path in paths)
    assert all("2025-01-09" in path.name for path in paths if path.suffix != ".yml")
    texts = [path.read_text("utf-8") for path in paths if path.suffix in (".html", ".svg", ".yml")]
    texts = [" ".join(re.sub("<[^>]+>", " ", text).split()) for text in texts]
    assert len(texts) == 3
    for text in texts:
        assert "Signed off by A. Person" in text
        assert run.id in text
        assert "0.1.0+test" in text
        assert "Sunday 5 January 2025" in text


def test_the_same_run_gives_the_same_bytes_and_replaces_what_is_there(run, tmp_path):
    kinds = (*QUICK, "pictures")
    first = {path: path.read_bytes() for path in export(run, tmp_path, kinds=kinds)}
    assert {path: path.read_bytes() for path in export(run, tmp_path, kinds=kinds)} == first


def test_real_figures_are_nowhere_called_simulated(tmp_path):
    real = make_whole_run(tmp_path / "models", simulated=False, season=False, places=False)
    for path in export(real, tmp_path / "out", kinds=("hub", "briefing")):
        assert "simulated" not in path.name
        assert "simulated" not in path.read_text("utf-8").lower()


def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(run, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(InputError, match=r"file: 2025-01-09-.*csv cannot be written there .*; choose another folder"):
        export(run, tmp_path / "file", kinds=["hub"])
    assert (tmp_path / "file").read_text() == "no folder"


def test_a_file_that_cannot_be_finished_leaves_the_one_before(run, tmp_path, monkeypatch):
    (path,) = export(run, tmp_path, kinds=["briefing"])
    before = path.read_bytes()

    def full(self, content):
        Path.open(self, "wb").close()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(InputError, match="No space left on device"):
        export(run, tmp_path, signed="another", kinds=["briefing"])
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("kinds", [["word"], []])
def test_an_unknown_kind_is_named_with_those_there_are(run, tmp_path, kinds):
    with pytest.raises(InputError, match="choose among workbook, briefing, slides, hub, pictures"):
        export(run, tmp_path, kinds=kinds)


def test_a_download_is_one_file_an_archive_where_there_are_several(run):
    names = {kind: bundle_name(run, kind) for kind in KINDS}
    assert all(re.fullmatch(r"simulated-[a-z]+-2025-01-09\.(xlsx|html|pptx|zip)", name) for name in names.values())
    assert len(set(names.values())) == len(KINDS)
    assert bundle(run, "briefing").startswith(b"<!DOCTYPE html>")
    assert bundle(run, "slides").startswith(b"PK")
    from io import BytesIO

    with ZipFile(BytesIO(bundle(run, "hub"))) as archive:
        assert [Path(name).suffix for name in archive.namelist()] == [".csv", ".yml"]


def test_offering_the_files_loads_nothing_that_draws_or_writes_them():
    import subprocess
    import sys

    said = subprocess.run(
        [sys.executable, "-c", "import sys, forecast.export; print(*sys.modules)"], capture_output=True, text=True
    ).stdout.split()
    assert library.__name__ in said
    assert not {"pptx", "gptables", "vl_convert", "streamlit"} & set(said)
