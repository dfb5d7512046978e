"""Lengths of stay as the publications write them."""

from __future__ import annotations

import re

import pytest

from forecast.sources.publications.stays import stay_of, stay_pattern


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("delay reason los 7+", 7),
        ("delay reason los 14+", 14),
        ("number of patients delayed by reason with a length of stay of 14+ days", 14),
        ("january 2024 - average number of people per day with length of stay 14 days or over who no longer", 14),
        ("length of stay (los) of 21 days and over, from week beginning 25 november 2024", 21),
        ("length of stay 21+ days, number of patients discharged", 21),
        ("stay of 7 days", None),
        ("table 5: 14 reasons", None),
        ("los 7-13 days", 0),
        ("length of stay of 7 to 13 days", 0),
        ("length of stay of 7+ and 14+ days", 0),
        ("length of stay of 7+ days and of 14+ days", 0),
        ("los 7+ contains those of los 14+", 0),
    ],
)
def test_the_one_length_that_a_text_names(text: str, days: int | None) -> None:
    assert stay_of(text) == days
    for known in (7, 14, 21):
        if days:
            assert bool(re.search(stay_pattern(known), text)) == (known == days)
