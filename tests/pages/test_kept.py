import json

from made_runs import make_run

from forecast.pages import kept
from forecast.runs import open_run, point_latest
from forecast.runs.seal import sealed


def test_a_run_is_kept_until_the_pointer_moves_or_its_manifest_changes(tmp_path):
    first = make_run(tmp_path)
    served = kept.latest(tmp_path)
    assert served.summary is kept.latest(tmp_path).summary
    second = make_run(tmp_path, simulated=False)
    assert kept.latest(tmp_path).id == second.id
    point_latest(tmp_path, first.id)
    assert kept.latest(tmp_path) is served
    path = first.path / "manifest.json"
    path.write_text(json.dumps(sealed({**json.loads(path.read_text()), "as_of": "2025-01-16"})))
    assert f"{kept.latest(tmp_path).as_of:%Y-%m-%d}" == "2025-01-16"


def test_a_piece_that_was_read_is_not_read_again(tmp_path):
    run = make_run(tmp_path)
    before = kept.opened(str(run.path)).history("nctr_patients")
    (run.path / "history" / "nctr_patients.parquet").unlink()
    assert kept.opened(str(run.path)).history("nctr_patients").equals(before)
    assert open_run(run.path).id == run.id
