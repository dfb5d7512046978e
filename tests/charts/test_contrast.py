"""Contrast of every colour that is drawn, by the formula of WCAG 2.2 (relative luminance), on both backgrounds."""

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from forecast.charts import wave_charts
from forecast.charts.fan_charts import DARK, LIGHT
from forecast.pages import cards

BACKGROUNDS = {"light": "#ffffff", "dark": "#171614"}
"""Of Streamlit's own themes, which the app keeps."""
TEXT, GRAPHIC = 4.5, 3.0
STYLE = Path(cards.__file__).with_name("style.css").read_text(encoding="utf-8")


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_formula_gives_what_the_standard_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("theme", "ink"), [("light", LIGHT), ("dark", DARK)])
def test_text_and_lines_stand_out_from_the_background(theme, ink):
    colours = {name: colour for name, colour in asdict(ink).items() if name != "grid"}
    short = {
        name: round(contrast(colour, BACKGROUNDS[theme]), 2)
        for name, colour in colours.items()
        if contrast(colour, BACKGROUNDS[theme]) < (TEXT if name == "text" else GRAPHIC)
    }
    assert short == {}


@pytest.mark.parametrize("ink", [LIGHT, DARK])
def test_a_chance_can_be_read_in_every_cell(ink):
    other = DARK if ink == LIGHT else LIGHT
    cells = wave_charts.CELLS[ink.text]
    for step, cell in enumerate(cells):
        text = other.text if step >= wave_charts.STRONG else ink.text
        assert contrast(text, cell) >= TEXT, (step, cell, text)


def test_the_banners_can_be_read():
    for name in ("ff-banner", "ff-stale"):
        rule = re.search(rf"\.{name} \{{(.*?)\}}", STYLE, re.DOTALL)[1]
        text, back = re.search(r"(?<!-)color: (#\w+)", rule)[1], re.search(r"background: (#\w+)", rule)[1]
        assert contrast(text, back) >= TEXT
