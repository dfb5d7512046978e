"""A chart as a picture: SVG and PNG on white, with what it shows and where the figures come from in the picture."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from textwrap import wrap
from typing import Any
from xml.sax.saxutils import escape, quoteattr  # nosec B406 # writes XML, parses none

import altair as alt
import vl_convert as vlc

from forecast.charts.fan_charts import RANGE
from forecast.charts.ink import DARK, LIGHT, Ink
from forecast.charts.wave_charts import CELLS, STRONG, cell_ink
from forecast.takeaway.origin import Origin, plain

Chart = alt.TopLevelMixin
Draw = Callable[[Ink], Chart]
"""Draws a chart in given colours: a picture is always drawn for white paper, whatever the screen has."""

FONT = "Arial, Arimo, Helvetica, sans-serif"
WIDTH, SCALE = 720, 2.0
MARGIN, LINE, SMALL = 16, 15, 11
LETTER = 0.52
"""Mean width of a letter as a share of the type's size."""
ROOM, AS_OF_WORDS = 600, "as of "
TWO_LINES, ONE_LINE = "split(datum.label, '|')", "replace(replace(datum.label, '–|', '–'), '|', ' ')"
_ID = re.compile(r'(\bid="|url\(#|xlink:href="#)([^")]+)')


def svg(draw: Draw, origin: Origin, text: str = "") -> bytes:
    """Return a chart as an SVG picture of its own.

    Parameters
    ----------
    draw
        Draws the chart in the colours given.
    origin
        Stands under the chart: dates, run, code version, sign-off, and whether the figures are simulated.
    text
        Text alternative: what the chart shows and finds.
    """
    inner, width, height = _parts(bare(_spec(draw)))
    lines = [part for line in origin.lines for part in wrap(line, int((width - 2) / (LETTER * SMALL)))]
    whole = (width + 2 * MARGIN, height + 2 * MARGIN + LINE * len(lines) + LINE / 2)
    source = "".join(
        f'<text x="{MARGIN}" y="{height + MARGIN + LINE * (number + 1.3):.1f}" font-size="{SMALL}" '
        f'font-family="{FONT}" fill="{LIGHT.text}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'width="{whole[0]:g}" height="{whole[1]:g}" viewBox="0 0 {whole[0]:g} {whole[1]:g}">'
        f"<title>{escape(plain(text))}</title>"
        f'<rect width="100%" height="100%" fill="white"/><g transform="translate({MARGIN},{MARGIN})">{inner}</g>'
        f"{source}</svg>\n"
    ).encode()


def png(draw: Draw, origin: Origin, text: str = "") -> bytes:
    """Return the same picture as PNG, fine enough for print."""
    return png_of(svg(draw, origin, text))


def png_of(picture: bytes) -> bytes:
    """Return an SVG picture as PNG."""
    return vlc.svg_to_png(picture.decode(), scale=SCALE)


def inline(draw: Draw, text: str, name: str, *, width: int, height: int | None = None) -> str:
    """Return a chart as SVG that stands in a page of HTML: no address in it, its parts named after ``name``.

    The page says what the chart is, so that it has no title of its own; ``text`` is its text alternative.
    """
    spec = _spec(draw)
    spec.pop("title", None)
    if width < ROOM:
        spec = _sparing(spec)
    inner, wide, high = _parts(bare(spec, width, height))
    inner = re.sub(r"\saria-[a-z]+=\"[^\"]*\"|\srole=\"[^\"]*\"", "", inner)
    inner = _ID.sub(rf"\g<1>{name}-\g<2>", inner).replace("xlink:href", "href")
    return f'<svg role="img" aria-label={quoteattr(plain(text))} viewBox="0 0 {wide:g} {high:g}">{inner}</svg>'


def bare(spec: dict[str, Any], width: int = WIDTH, height: int | None = None) -> str:
    """Draw a Vega-Lite specification on white, as wide as said where it fills its container."""
    sized = _filled(spec, width)
    if height is not None and "height" in sized:
        sized["height"] = height
    config = {**sized.get("config", {}), "font": FONT, "background": "white"}
    return vlc.vegalite_to_svg({**sized, "config": config})


def _spec(draw: Draw) -> dict[str, Any]:
    return on_white(draw(LIGHT).to_dict())


def on_white(spec: dict[str, Any]) -> dict[str, Any]:
    """Give a chart that was drawn for a dark screen the colours of white paper; any other stays as it is."""
    if DARK.text not in _texts(spec):
        return spec
    # What stands in the strongest cells has the text colour of the other screen: the opposite again on paper.
    inks = dict(zip(vars(DARK).values(), vars(LIGHT).values(), strict=True))
    return dict(_replaced(spec, {**inks, LIGHT.text: cell_ink(STRONG, LIGHT)}))


def _texts(spec: Any) -> set[str]:
    """Every text of a specification but those of its data."""
    if isinstance(spec, dict):
        return {text for key, one in spec.items() if key != "datasets" for text in _texts(one)}
    if isinstance(spec, list):
        return {text for one in spec for text in _texts(one)}
    return {spec} if isinstance(spec, str) else set()


def _replaced(spec: Any, texts: Mapping[str, str]) -> Any:
    if isinstance(spec, dict):
        return {key: one if key == "datasets" else _replaced(one, texts) for key, one in spec.items()}
    if isinstance(spec, list):
        # As a whole: one of its colours is also that of a line, which has another on paper.
        return list(CELLS[LIGHT.text]) if spec == list(CELLS[DARK.text]) else [_replaced(one, texts) for one in spec]
    return texts.get(spec, spec) if isinstance(spec, str) else spec


def _filled(spec: Any, width: int) -> Any:
    """Put a number in place of every width that is to fill the container, and labels on one line: there is room."""
    if isinstance(spec, dict):
        kept = {key: _filled(one, width) for key, one in spec.items()}
        return {**kept, "width": width} if kept.get("width") == "container" else kept
    if isinstance(spec, list):
        return [_filled(one, width) for one in spec]
    # Two lines above a top axis would stand on each other: this version of Vega counts them downward.
    return ONE_LINE if spec == TWO_LINES else spec


def _sparing(spec: dict[str, Any]) -> dict[str, Any]:
    """Leave out of a small chart the words beside the as-of day and above the range: the page says both."""
    tables = {
        name: [row for row in rows if row.get("text") != RANGE] for name, rows in spec.get("datasets", {}).items()
    }
    dated = {
        name for name, rows in tables.items() if any(str(row.get("text", "")).startswith(AS_OF_WORDS) for row in rows)
    }
    layers = [layer for layer in spec.get("layer", []) if layer.get("data", {}).get("name") not in dated]
    return {**spec, "datasets": tables, "layer": layers} if layers else spec


def _parts(picture: str) -> tuple[str, float, float]:
    """Content, width and height of an SVG picture; its parts are named in their order.

    Vega names them after how many it has drawn so far: the same chart would give other bytes the next time.
    """
    head, _, rest = picture.partition(">")
    found = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', head)
    if found is None:
        raise ValueError("the drawn chart has no viewBox")
    numbers = {name: f"part{at}" for at, name in enumerate(dict.fromkeys(one[2] for one in _ID.finditer(rest)))}
    inner = _ID.sub(lambda one: one[1] + numbers[one[2]], rest)
    return inner.removesuffix("\n").removesuffix("</svg>"), float(found[1]), float(found[2])
