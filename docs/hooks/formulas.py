"""Formulas drawn at build, so that no page needs a script from elsewhere."""

from __future__ import annotations

import hashlib
import html
import io
import re
from functools import cache
from typing import Any

import matplotlib
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser, math_to_image

_SPAN = re.compile(r'<(?P<tag>span|div) class="arithmatex">\\[(\[](?P<tex>.*?)\\[)\]]</(?P=tag)>', re.DOTALL)
_SIZES = re.compile(r"\\(?:[bB]igg?[lrm]?)(?![a-zA-Z])")
_POINTS = 11


def on_page_content(content: str, **_: Any) -> str:
    """Put pictures in the place of the formulas of a page."""
    return _SPAN.sub(_replaced, content)


def _replaced(found: re.Match[str]) -> str:
    picture = drawn(" ".join(html.unescape(found["tex"]).split()))
    return picture if found["tag"] == "span" else f'<span class="formula-block">{picture}</span>'


@cache
def drawn(tex: str) -> str:
    """Draw a formula as SVG in the colour of the text around it, its source as the text alternative."""
    source = f"${_SIZES.sub('', tex)}$"
    into = io.BytesIO()
    face = FontProperties(size=_POINTS)
    with matplotlib.rc_context({"svg.hashsalt": tex, "mathtext.fontset": "stix", "svg.fonttype": "path"}):
        depth = MathTextParser("path").parse(source, prop=face).depth
        math_to_image(source, into, prop=face, format="svg")
    svg = into.getvalue().decode("utf-8")
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="patch_1">.*?</g>', "", svg, count=1, flags=re.DOTALL)
    width, height = (float(found) for found in re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg).groups())
    size = (
        f'style="width:{width / _POINTS:.3f}em;height:{height / _POINTS:.3f}em;vertical-align:{-depth / _POINTS:.3f}em"'
    )
    svg = re.sub(r'width="[\d.]+pt" height="[\d.]+pt"', size, svg, count=1)
    label = html.escape(tex, quote=True)
    svg = svg.replace("<svg", f'<svg class="formula" role="img" aria-label="{label}"', 1)
    own = hashlib.sha256(tex.encode()).hexdigest()[:8]
    svg = re.sub(r'id="([^"]+)"', rf'id="\1-{own}"', svg)
    svg = re.sub(r'href="#([^"]+)"', rf'href="#\1-{own}"', svg)
    return re.sub(r">\s+<", "><", svg.replace("fill: #000000", "")).strip()
