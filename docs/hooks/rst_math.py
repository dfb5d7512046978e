"""Formulas of docstrings, written in reStructuredText, as the Markdown of the site writes them."""

from __future__ import annotations

import inspect
import re
from typing import Any

from griffe import Extension, Object

_INLINE = re.compile(r":math:`([^`]+)`")
_BLOCK = re.compile(r"^\.\. math::[ \t]*(?P<same>[^\n]*)\n(?P<below>(?:[ \t]*\n|[ \t]+[^\n]+\n?)*)", re.MULTILINE)


def markdown(docstring: str) -> str:
    """Return a docstring with ``.. math::`` and ``:math:`` as dollar formulas."""
    blocks = _BLOCK.sub(_block, docstring + "\n")
    return _INLINE.sub(lambda found: f"${' '.join(found[1].split())}$", blocks).rstrip("\n")


def _block(found: re.Match[str]) -> str:
    text = " ".join(f"{found['same']} {inspect.cleandoc(found['below'])}".split())
    return f"\n$$\n{text}\n$$\n\n"


class RstMath(Extension):
    """Rewrites every docstring once it is read."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Rewrite the docstring of one object."""
        if obj.docstring is not None and "math:" in obj.docstring.value:
            obj.docstring.value = markdown(obj.docstring.value)
