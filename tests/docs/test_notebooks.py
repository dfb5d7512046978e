"""The notebooks run from nothing, and what their text says of the figures is so."""

from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
CHARTS = {"first-forecast": 1, "behind-england": 2, "forty-four-flats": 1}


def outputs(notebook):
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def said(notebook):
    parts = [output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs(notebook)]
    return "\n".join(parts)


@pytest.fixture(scope="module", params=CHARTS)
def run(request, tmp_path_factory):
    notebook = jupytext.read(FOLDER / f"{request.param}.md")
    folder = tmp_path_factory.mktemp(request.param)
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    return request.param, notebook, folder


def test_a_notebook_runs_draws_its_charts_and_leaves_nothing_behind(run):
    name, notebook, folder = run
    drawn = [output for output in outputs(notebook) if "image/svg+xml" in output.get("data", {})]
    assert len(drawn) == CHARTS[name]
    assert [output.text for output in outputs(notebook) if output.get("name") == "stderr"] == []
    assert list(folder.iterdir()) == []
    told = said(notebook)
    if name == "first-forecast":
        assert "0 new, 0 changed" in told
        assert "known to 12 January 2025, forecast to 9 February 2025" in told
    if name == "behind-england":
        found = next(output for output in outputs(notebook) if "simulated with" in str(output.get("data", "")))
        assert "cannot say" not in found["data"]["text/plain"], "the text says that all three can be told"
        assert "cannot say: whether its wave has turned" in told
    if name == "forty-four-flats":
        assert "44 flats instead of 23 save" in told
