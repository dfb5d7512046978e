"""Small pieces of HTML: cards, a table that folds on a phone, the banner. Every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

from forecast.briefing import Figure

STYLE = Path(__file__).with_name("style.css")


def banner(text: str) -> str:
    """Return the banner that marks simulated figures."""
    return f'<div class="ff-banner" role="alert">{escape(text)}</div>'


def stale(text: str) -> str:
    """Return the banner that marks forecasts too old to plan from; its first sentence stands out."""
    first, _, rest = text.partition(". ")
    return f'<div class="ff-stale" role="alert"><strong>{escape(first)}.</strong> {escape(rest)}</div>'


def facts(pairs: Mapping[str, str]) -> str:
    """Return a line of short facts."""
    return (
        '<p class="ff-facts">'
        + "".join(f"<span>{escape(name)} <b>{escape(value)}</b></span>" for name, value in pairs.items())
        + "</p>"
    )


def lead(sentences: Sequence[str]) -> str:
    """Return the headline sentences, the first one largest."""
    return '<div class="ff-lead">' + "".join(f"<p>{escape(s)}</p>" for s in sentences) + "</div>"


def figures(four: Sequence[Figure]) -> str:
    """Return large figures side by side, each with what it is, its range or date, and where it goes."""
    return f'<dl class="ff-figures">{"".join(_figure(one) for one in four)}</dl>'


def _figure(one: Figure) -> str:
    more = f"<span>{escape(one.detail)}</span>" if one.detail else ""
    word = f"<em>{escape(one.direction)}</em>" if one.direction else ""
    return f"<div><dt>{escape(one.label)}</dt><dd><strong>{escape(one.value)}</strong>{more}{word}</dd></div>"


def plain(sentences: Sequence[str]) -> str:
    """Return sentences in ordinary type, one a line."""
    return '<div class="ff-plain">' + "".join(f"<p>{escape(s)}</p>" for s in sentences) + "</div>"


def reading(text: str) -> str:
    """Return the line that says how a chart is read."""
    return f'<div class="ff-plain"><p class="ff-read"><b>How to read this:</b> {escape(text)}</p></div>'


def chosen(text: str) -> str:
    """Return the mark of what is chosen among several."""
    return f'<p class="ff-chosen">{escape(text)}</p>'


def bullets(sentences: Sequence[str], heading: str = "") -> str:
    """Return a list of sentences, under a heading of its own where one is given."""
    title = f"<h3>{escape(heading)}</h3>" if heading else ""
    items = "".join(f"<li>{escape(s)}</li>" for s in sentences)
    return f'<div class="ff-said">{title}<ul class="ff-list">{items}</ul></div>'


def small(pieces: Sequence[str]) -> str:
    """Return compact cards side by side, as many as there is room for."""
    return f'<div class="ff-cards ff-small">{"".join(pieces)}</div>'


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    kind: str = "ff-folds",
    links: Sequence[str] = (),
) -> str:
    """Return a table whose first cell heads its row; a line break in a cell starts smaller text.

    ``kind``: ``ff-folds`` turns each row into a block on a phone; ``ff-short`` also keeps its cells on one line on a
    desk; empty for a few short numbers that need neither. ``links``: where the head of each row leads, if anywhere.
    """
    heads = [_linked(row[0], link) for row, link in zip(rows, links or [""] * len(rows), strict=True)]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{name}</th>'
        + "".join(
            f'<td data-label="{escape(column)}">{_cell(cell)}</td>'
            for column, cell in zip(columns[1:], row[1:], strict=True)
        )
        + "</tr>"
        for name, row in zip(heads, rows, strict=True)
    )
    return (
        f'<table class="ff-table {kind}"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def publications(measures: Mapping[str, Sequence[str]]) -> str:
    """Return a list of measures, each with the publications it was read from."""
    items = "".join(
        f"<li>{escape(name)}<ul>{''.join(f'<li>{escape(one)}</li>' for one in found)}</ul></li>"
        for name, found in measures.items()
    )
    return f'<ul class="ff-list">{items}</ul>'


def _linked(text: str, link: str) -> str:
    return f'<a href="{escape(link)}">{_cell(text)}</a>' if link else _cell(text)


def _cell(text: str) -> str:
    first, *rest = text.split("\n")
    return escape(first) + "".join(f" <span>{escape(line)}</span>" for line in rest)
