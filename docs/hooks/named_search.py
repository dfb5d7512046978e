"""The box of the search has a name for people who hear the page."""

from __future__ import annotations

from typing import Any

_BOX = 'data-md-component="search" role="dialog"'


def on_post_page(output: str, **_: Any) -> str:
    """Name it."""
    return output.replace(_BOX, f'{_BOX} aria-label="Search"')
