"""A publisher in trouble, from the server to the store: nothing stored changes, it is said, the next fetch heals."""

from pathlib import Path

import pytest

from forecast.doctor.examining import examine
from forecast.incoming import bringing
from forecast.observations.store import Store
from forecast.sources.web import Web
from tests.faults.weekly_work import content
from tests.http_server import Time, empty, half, page, silent, status, web_page
from tests.incoming.conftest import ACUTE, AREAS, FEBRUARY, JANUARY

LANDING = f"{AREAS}/discharge-delays/acute-discharge-situation-report/"
TRIES = 50
TROUBLE = {
    "times out": (silent, ("no answer in time", "run the command again")),
    "answers 500": (status(500), ("the server is in trouble (500)", "run the command again later")),
    "answers with a web page": (web_page, ("instead of the file 3 times", "run the command again later")),
    "answers 200 and nothing": (empty, ("an empty file", "run the command again")),
    "breaks off in the middle": (half(FEBRUARY), ("broke off", "run the command again")),
    "serves last month's file": (None, ("the same to the last byte as Daily-discharge", "'forecast fetch' again when")),
}


@pytest.mark.parametrize("trouble", TROUBLE)
def test_a_publisher_that_fails_costs_nothing_and_the_next_good_fetch_heals(
    forecast, tmp_path, nhs, published, monkeypatch, trouble
):
    store = Path(tmp_path / "data" / "observations")
    nhs.put(LANDING, page((JANUARY, "January 2024")))
    assert forecast("--publication", ACUTE).exit_code == 0
    before = content(store)
    panel = Store("data").panel("nctr_patients")

    nhs.put(LANDING, page((FEBRUARY, "February 2024"), (JANUARY, "January 2024")))
    answer, words = TROUBLE[trouble]
    if answer is None:
        nhs.put(FEBRUARY, published[JANUARY])
    else:
        nhs.first(FEBRUARY, *[answer] * TRIES)
    if answer is silent:
        time = Time()
        monkeypatch.setattr(bringing, "Web", lambda: Web(pace=0, timeout=0.3, sleep=time.sleep, clock=time.clock))
    said = forecast("--publication", ACUTE)
    assert FEBRUARY.rpartition("/")[2] in said.output
    for word in words:
        assert word in said.output
    assert content(store) == before
    assert Store("data").panel("nctr_patients").equals(panel)

    nhs.scripts.clear()
    nhs.put(FEBRUARY, published[FEBRUARY])
    healed = forecast("--publication", ACUTE)
    assert healed.exit_code == 0, healed.output
    assert "Fit to leave, before the day's discharges: 29 more days, to 29 February 2024" in healed.output
    assert Store("data").panel("nctr_patients").loc[panel.index].equals(panel)
    assert examine([Store("data")], "models", "data/raw", mend=False) == []


def test_a_file_damaged_in_the_archive_is_set_aside_and_fetched_again(forecast, tmp_path, nhs, published):
    assert forecast("--publication", ACUTE).exit_code == 0
    raw, stores = tmp_path / "data" / "raw", [Store("data")]
    folder = raw / ACUTE
    one, other = sorted(folder.glob("*.xlsx"))
    whole = one.read_bytes()
    damaged = bytearray(whole)
    damaged[len(damaged) // 2] ^= 1
    one.write_bytes(bytes(damaged))
    other.unlink()
    with (folder / "manifest.jsonl").open("a", encoding="utf-8") as handle:
        handle.write('{"url": "http://half')
    assert len(examine(stores, "models", raw, mend=False)) == 3
    found = examine(stores, "models", raw)
    assert [str(finding).partition(": ")[2] for finding in found] == [
        "it is not what was fetched; set aside in data/raw/acute_discharge_monthly/.damaged; 'forecast fetch' fetches "
        "it again".replace("data/raw", str(raw)),
        "it is missing; its line was put aside; 'forecast fetch' fetches it again",
        "a line is damaged; put aside in manifest.set-aside; with 'forecast fetch' files that it told of are fetched "
        "again",
    ]
    assert (folder / ".damaged" / one.name).read_bytes() == bytes(damaged)
    assert examine(stores, "models", raw) == []
    again = forecast("--publication", ACUTE)
    assert "2 new" in again.output
    assert {path.read_bytes() for path in folder.glob("*.xlsx")} == {published[JANUARY], published[FEBRUARY]}
    assert examine(stores, "models", raw) == []


def test_a_series_of_the_dashboard_is_known_by_its_rows(forecast, tmp_path):
    assert forecast("--publication", "ukhsa_dashboard").exit_code == 0
    raw = tmp_path / "data" / "raw"
    assert examine([], "models", raw) == []
    path = next(raw.glob("*/*.json"))
    path.write_text(path.read_text().replace("3.0", "4.0"))
    (found,) = examine([], "models", raw, mend=False)
    assert found.wrong == "it is not what was fetched"
