import pandas as pd
import pytest

from forecast.errors import InputError
from forecast.observations.store import Store
from forecast.reference import FILES, Reference, reference
from forecast.weekly.wave_signals import nation_of, related_panels, signals, window


def rows(metric, location, values, first, released, freq="D"):
    dates = pd.date_range(first, periods=len(values), freq=freq)
    return pd.DataFrame(
        {"date": dates, "location": location, "metric": metric, "value": [float(v) for v in values]}
    ).assign(released=pd.Timestamp(released), source="test")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = Store(tmp_path_factory.mktemp("signals") / "data")
    made.add(
        pd.concat(
            [
                rows("flu_beds", "ENG", [100, 120, 150], "2022-12-01", "2022-12-08"),
                rows("flu_beds", "ENG", [190], "2022-12-04", "2022-12-15"),
                rows("flu_hosp_admission_rate_per_100k", "ENG", [0.2, 0.4], "2022-11-14", "2022-12-01", "7D"),
                rows("flu_beds", "RM1", [5, 6, 8], "2022-12-01", "2022-12-08"),
            ]
        )
    )
    return made


def test_a_wave_is_set_beside_the_nation_and_its_past_seasons(store):
    found = related_panels(store, "flu_beds", None, reference())
    assert set(found) == {"flu_beds", "flu_hosp_admission_rate_per_100k"}
    assert found["flu_beds"]["ENG"].dropna().tolist() == [100, 120, 150, 190]
    assert found["flu_hosp_admission_rate_per_100k"]["ENG"].dropna().tolist() == [0.2, 0.4]
    assert list(found["flu_beds"].columns) == ["ENG"]


def test_what_came_out_later_is_not_seen(store):
    found = related_panels(store, "flu_beds", pd.Timestamp("2022-12-10"), reference())
    assert found["flu_beds"]["ENG"].dropna().tolist() == [100, 120, 150]


def test_nothing_known_of_the_nation_is_no_error(store):
    found = related_panels(store, "covid_beds_occupied", None, reference())
    assert found == {}
    assert nation_of("covid_beds_occupied", found, reference()).empty
    assert related_panels(store, "nctr_patients", None, reference()) == {}


def test_the_nation_is_the_same_measure_not_its_past_seasons(store):
    found = related_panels(store, "flu_beds", None, reference())
    assert nation_of("flu_beds", found, reference()).tolist() == [100, 120, 150, 190]
    del found["flu_beds"]
    assert nation_of("flu_beds", found, reference()).empty


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-10-01", ("2024-10-01", "2025-04-30")),
        ("2025-01-16", ("2024-10-01", "2025-04-30")),
        ("2025-04-30", ("2024-10-01", "2025-04-30")),
        ("2025-05-01", None),
        ("2024-09-30", None),
    ],
)
def test_a_peak_is_looked_for_from_october_to_april(day, expected):
    found = window("flu_beds", pd.Timestamp(day), reference())
    assert found == (tuple(map(pd.Timestamp, expected)) if expected else None)


def test_a_measure_without_waves_has_no_season_of_peaks():
    assert window("nctr_patients", pd.Timestamp("2025-01-16"), reference()) is None


def test_every_forecast_wave_of_the_tables_has_a_nation():
    tables = reference()
    for metric in tables.forecast_metrics():
        roles = [one.role for one in signals(metric.name, tables)]
        assert ("nation" in roles) == metric.wave


@pytest.mark.parametrize(
    ("file", "before", "after", "ask", "said"),
    [
        (
            "wave_signals.csv",
            ",nation,",
            ",country,",
            lambda tables: signals("flu_beds", tables),
            "has the role 'country'; write 'nation' or 'past seasons'",
        ),
        (
            "peak_seasons.csv",
            "10-01",
            "13-01",
            lambda tables: window("flu_beds", pd.Timestamp("2025-01-16"), tables),
            "has '13-01' under first; write month and day, such as 10-01",
        ),
        (
            "peak_seasons.csv",
            "04-30",
            "04-31",
            lambda tables: window("flu_beds", pd.Timestamp("2025-01-16"), tables),
            "has '04-31' under last; write month and day",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_told(tmp_path, file, before, after, ask, said):
    for path in reference().folder.glob("*.csv"):
        (tmp_path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    text = (tmp_path / file).read_text(encoding="utf-8")
    (tmp_path / file).write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        ask(Reference(tmp_path))


def test_another_county_need_not_bring_the_nation_s_tables(tmp_path):
    assert window("flu_beds", pd.Timestamp("2025-01-16"), Reference(_few(tmp_path))) is not None


def _few(folder):
    for name in FILES:
        (folder / name).write_text((reference().folder / name).read_text(encoding="utf-8"), encoding="utf-8")
    return folder
