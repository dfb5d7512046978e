from pathlib import Path

import pytest
from changed_twin import changed_reference

from forecast.errors import InputError
from forecast.sources.twin import simulate


@pytest.mark.parametrize(
    ("seed", "end", "message"),
    [
        (-1, None, "seed -1 is negative"),
        (1, "someday", "'someday' is not a date"),
        (1, "2031-01-01", "outside the simulated days; choose from 2021-10-01 to 2025-04-30"),
    ],
)
def test_a_seed_or_day_that_cannot_be_used_is_named(seed: int, end: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        simulate(seed, end)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"flu_stay": "a week"}, "flu_stay at every location is 'a week'; give numbers"),
        ({"simulated_as_of": "mid-winter"}, "simulated_as_of is 'mid-winter', not a date"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], message: str
) -> None:
    monkeypatch.setenv("FORECAST_REFERENCE", str(changed_reference(tmp_path / "reference", changes)))
    with pytest.raises(InputError, match=message):
        simulate()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("flu_stay,", "flu_stays,", "no row 'flu_stay'; add one with its source"),
        ("ga_beds_open,RTD,", "ga_beds_open,NOBODY,", "location 'NOBODY' is not in locations.csv"),
        ("2022-11-20/2023-01-05", "2022-11-20", "trap false zeros has when '2022-11-20'"),
        ("name,location,when,", "name,location,day,", "column 'when' is missing"),
    ],
)
def test_a_table_that_is_broken_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
) -> None:
    folder = changed_reference(tmp_path / "reference", {})
    path = folder / "twin.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    with pytest.raises(InputError, match=message):
        simulate()


def test_a_folder_without_the_parameters_says_what_to_restore(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = changed_reference(tmp_path / "reference", {})
    (folder / "twin.csv").unlink()
    monkeypatch.setenv("FORECAST_REFERENCE", str(folder))
    with pytest.raises(InputError, match=r"restore data/reference/twin\.csv"):
        simulate()
