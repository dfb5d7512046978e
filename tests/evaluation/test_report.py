"""What a backtest says in a terminal."""

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from forecast.evaluation.report import coverage_words, error_words, remarks, table
from forecast.reference import reference
from tests.evaluation.made_frames import of_errors, row


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((0.84, 0.79, 0.9), "0.84 (0.79 to 0.90), 16% less"),
        ((1.2, 1.05, 1.4), "1.20 (1.05 to 1.40), 20% more"),
        ((0.95, 0.8, 1.1), "0.95 (0.80 to 1.10), may be no different"),
        ((0.9, np.nan, np.nan), "0.90, too few origins to say how sure"),
        ((np.nan, np.nan, np.nan), "cannot say"),
    ],
)
def test_an_error_is_said_with_how_sure_it_is(figures, words):
    assert error_words(*figures) == words


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ((0.91, 0.88, 0.94), "91% (88 to 94), about right"),
        ((0.7, 0.6, 0.8), "70% (60 to 80), too narrow"),
        ((0.99, 0.98, 1.0), "99% (98 to 100), too wide"),
        ((0.84, 0.75, 0.92), "84% (75 to 92), may be right"),
        ((0.5, np.nan, np.nan), "50%, too narrow"),
    ],
)
def test_coverage_is_said_with_what_it_means(figures, words):
    assert coverage_words(*figures) == words


def shown(frame: pd.DataFrame) -> str:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(table(frame, reference()))
    return capture.get()


def test_the_table_has_a_line_for_each_place_and_model():
    rows = [
        row(model, 100, 100, width, horizon=h, origin=day)
        for model, width in (("[mine]", 5), ("Persistence", 10))
        for h in (1, 2)
        for day in pd.date_range("2024-01-07", periods=6, freq="7D")
    ]
    frame = pd.DataFrame(rows).rename(columns={"0.1": "0.05", "0.9": "0.95"})
    frame.attrs["metric"] = "nctr_patients"
    told = shown(frame)
    assert "6 origins, 7 January 2024 to 11 February 2024, 2 days ahead" in told
    baseline, mine = (line for line in told.splitlines() if "Norfolk and Norwich" in line)
    for text in ("[mine]", "12", "0.50 (0.50 to 0.50), 50% less", "100% (100 to 100), too wide"):
        assert text in mine
    for text in ("no change (baseline)", "1.00"):
        assert text in baseline


def test_a_model_with_nothing_to_compare_is_told_without_ratio():
    frame = of_errors({"mine": np.ones(4)}).assign(**{"0.05": 90.0, "0.95": 110.0})
    assert "cannot say" in shown(frame)


def test_what_failed_is_told():
    frame = pd.DataFrame([row("mine", 100, 100, 5, seconds=1.25)])
    frame.attrs["failed"] = [{"model": "mine", "origin": "2024-01-14", "reason": "RuntimeError: it broke"}]
    assert remarks(frame) == [
        "mine: 1.2 seconds an origin",
        "failed: mine at 2024-01-14 (RuntimeError: it broke)",
    ]
