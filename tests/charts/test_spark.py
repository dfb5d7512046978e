"""A fan as a picture of numbers only."""

from base64 import b64decode
from xml.etree import ElementTree

from made_fans import fan

from forecast.charts.fan_charts import LIGHT
from forecast.charts.spark import EDGE, HEIGHT, WIDTH, as_source, spark

SVG = "{http://www.w3.org/2000/svg}"


def drawn(one):
    return ElementTree.fromstring(spark(one, LIGHT))


def points(element):
    return [tuple(map(float, pair.split(","))) for pair in element.get("points").split()]


def lines(root, colour):
    return [points(line) for line in root.findall(f"{SVG}polyline") if line.get("stroke") == colour]


def test_both_bands_are_closed_shapes_along_their_edges():
    bands = drawn(fan()).findall(f"{SVG}polygon")
    assert [len(points(band)) for band in bands] == [4, 4]


def test_the_highest_and_the_lowest_thing_touch_the_edges_and_nothing_leaves_the_picture():
    every = [point for element in drawn(fan()) for point in points(element)]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in every)
    inside = [
        y for line in [*lines(drawn(fan()), LIGHT.history), *lines(drawn(fan()), LIGHT.forecast)] for _, y in line
    ]
    assert (min(inside), max(inside)) == (EDGE, HEIGHT - EDGE)


def test_a_value_that_looks_wrong_breaks_the_line():
    assert [len(line) for line in lines(drawn(fan()), LIGHT.history)] == [2, 2]


def test_nothing_but_a_line_of_history_without_a_forecast():
    root = drawn(fan(forecast=fan().forecast.iloc[:0]))
    assert not root.findall(f"{SVG}polygon")
    assert not lines(root, LIGHT.forecast)
    assert lines(root, LIGHT.history)


def test_nothing_at_all_is_still_a_picture():
    empty = fan(published=fan().published.iloc[:0], forecast=fan().forecast.iloc[:0])
    assert [element.tag for element in drawn(empty)] == [f"{SVG}polyline"]  # the day of the run


def test_no_name_or_text_gets_into_the_picture():
    assert spark(fan(place="<script>", metric='"&'), LIGHT) == spark(fan(), LIGHT)


def test_the_source_holds_the_picture_itself():
    head, body = as_source("<svg/>").split(",")
    assert head == "data:image/svg+xml;base64"
    assert b64decode(body) == b"<svg/>"
