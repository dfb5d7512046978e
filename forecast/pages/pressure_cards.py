"""Compact cards of the page of pressures: HTML from escaped text, and a picture from numbers only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import pandas as pd

from forecast.wording import pressure_words as said


def card(
    title: str,
    rows: Sequence[Mapping[str, Any]],
    data_to: pd.Timestamp | None,
    link: str,
    *,
    picture: str,
    alternative: str,
    reason: str = "",
) -> str:
    """Return the card of one measure at one place.

    Parameters
    ----------
    rows
        Rows of the summary, the nearest week first.
    picture, alternative
        Source of the small chart, and what it shows in words.
    reason
        Why there is no forecast, where there is none.
    """
    figure, when = said.latest(rows[0])
    told = f'<p class="ff-note">{escape(said.why(reason))}</p>' if reason else _ahead(rows)
    return (
        f'<section class="ff-card ff-compact"><h3>{escape(title)}</h3>'
        f"<p><strong>{escape(figure)}</strong> {escape(when)}</p>"
        f'<img src="{escape(picture)}" alt="{escape(alternative)}">{told}'
        f'<p class="ff-note">{escape(said.data_date(data_to))}. '
        f'<a href="{escape(link)}">Chart and figures<span class="ff-unseen"> of {escape(title)}</span></a></p>'
        "</section>"
    )


def without(title: str, reason: str) -> str:
    """Return the card of a measure that was not forecast."""
    return (
        f'<section class="ff-card ff-compact"><h3>{escape(title)}</h3>'
        f'<p class="ff-note">{escape(said.why(reason))}</p></section>'
    )


def _ahead(rows: Sequence[Mapping[str, Any]]) -> str:
    items = []
    for row in rows:
        when, figure, likely, lean = said.ahead(row)
        more = f"<span>, likely {escape(likely)}</span>" if likely else ""
        word = f"<em>{escape(lean)}</em>" if lean else ""
        items.append(f"<div><dt>{escape(when)}</dt><dd><strong>{escape(figure)}</strong>{more}{word}</dd></div>")
    return f"<dl>{''.join(items)}</dl>"
