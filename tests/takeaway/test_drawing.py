"""A chart as a picture: on white, with its words and its source, the same whatever screen it was drawn for."""

import re
from io import BytesIO
from xml.etree import ElementTree as ET

import numpy as np
import pandas as pd
import pytest
from made_fans import fan
from PIL import Image

from forecast.charts.fan_charts import fan_chart
from forecast.charts.ink import DARK, LIGHT
from forecast.charts.wave_charts import size_chart
from forecast.figures.wave_frames import Subject
from forecast.takeaway import drawing
from forecast.takeaway.origin import Origin
from forecast.wording import words

FACTS = {"Data to": "5 January 2025", "Run": "the-run", "Sign-off": "Not <signed> & off", "Code version": "1.2.3"}
ORIGIN = Origin(pd.Timestamp("2025-01-09"), True, FACTS)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn():
    return drawing.svg(lambda ink: fan_chart(fan(), colours=ink), ORIGIN, "Text <alternative> & 505 people")


def texts(picture):
    return [" ".join(one.itertext()) for one in ET.fromstring(picture).iter(f"{SVG}text")]


def test_the_picture_says_what_it_shows_and_where_it_comes_from(drawn):
    said = texts(drawn)
    foot = " ".join(said)
    assert "James Paget" in foot
    for part in (words.SIMULATED, "Not <signed> & off", "run the-run", "code version 1.2.3", "Data to 5 January 2025"):
        assert part in foot
    assert ET.fromstring(drawn).find(f"{SVG}title").text == "Text <alternative> & 505 people"


def test_it_is_white_needs_nothing_else_and_its_words_are_inside(drawn):
    root = ET.fromstring(drawn)
    assert root.find(f"{SVG}rect").get("fill") == "white"
    assert not re.search(rb'(href|src)="(?!#)', drawn)
    image = Image.open(BytesIO(drawing.png_of(drawn))).convert("RGB")
    assert image.size == (round(2 * float(root.get("width"))), round(2 * float(root.get("height"))))
    pixels = np.asarray(image)
    edge = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    assert (edge == 255).all()
    assert (pixels[-110:-30] < 100).any()


@pytest.mark.parametrize("kind", ["fan", "cells"])
def test_a_chart_of_a_dark_screen_gives_the_picture_of_a_light_one(kind):
    weeks = pd.to_datetime(["2025-01-06", "2025-01-13"])
    rows = pd.DataFrame(
        {"week": weeks.repeat(2), "low": [0.0, 20, 0, 20], "high": [20.0, np.inf] * 2, "share": [0.6, 0.2, 0.15, 0.05]}
    )
    about = Subject("flu", "James Paget", "flu patients in hospital")
    draw = {
        "fan": lambda ink: fan_chart(fan(), baseline=True, colours=ink),
        "cells": lambda ink: size_chart(rows, [True, False], about, ink),
    }[kind]
    dark, light = draw(DARK), draw(LIGHT)
    assert drawing.svg(lambda _: dark, ORIGIN) == drawing.svg(lambda _: light, ORIGIN)


def test_headings_of_the_picture_of_sizes_stand_above_each_other_nowhere():
    weeks = pd.to_datetime(["2025-01-06"])
    rows = pd.DataFrame({"week": weeks.repeat(2), "low": [0.0, 20], "high": [20.0, np.inf], "share": [0.6, 0.4]})
    about = Subject("flu", "James Paget", "flu patients in hospital")
    said = texts(drawing.svg(lambda ink: size_chart(rows, [False], about, ink), ORIGIN))
    assert "under 20" in said
    assert "over 20" in said


def test_drawings_in_one_page_name_their_parts_apart():
    one, two = (
        drawing.inline(lambda ink: fan_chart(fan(), baseline=True, colours=ink), "what", name, width=690)
        for name in "ab"
    )
    names = [set(re.findall(r'\bid="([^"]+)"', drawn)) for drawn in (one, two)]
    assert names[0]
    assert names[0].isdisjoint(names[1])
    assert "http" not in one
    assert 'aria-label="what"' in one
