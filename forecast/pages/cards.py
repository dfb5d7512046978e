"""Small pieces of HTML: cards, a table that folds on a phone, the banner. Every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from forecast import words

STYLE = Path(__file__).with_name("style.css")


def banner(text: str) -> str:
    """Return the banner that marks simulated figures."""
    return f'<div class="ff-banner" role="alert">{escape(text)}</div>'


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


def bullets(sentences: Sequence[str], heading: str = "") -> str:
    """Return a list of sentences, under a heading of its own where one is given."""
    title = f"<h3>{escape(heading)}</h3>" if heading else ""
    items = "".join(f"<li>{escape(s)}</li>" for s in sentences)
    return f'<div class="ff-said">{title}<ul class="ff-list">{items}</ul></div>'


def card(title: str, rows: Sequence[Mapping[str, Any]], reason: str, link: str, wide: bool = False) -> str:
    """Return the card of one location: now, and each date ahead with range, word and chance."""
    first = rows[0]
    known = first["now"] == first["now"] and first["word"] != "cannot say"
    stands = words.count(first["now"]) if known else "Cannot say"
    when = f"a day, average of the last seven reported days, to {words.day(first['now_date'])}" if known else reason
    items = [_item("Now", stands, when, ""), *(_ahead(row, reason) for row in rows)]
    kind = "ff-card ff-wide" if wide else "ff-card"
    return (
        f'<section class="{kind}"><h3>{escape(title)}</h3><dl>{"".join(items)}</dl>'
        f'<div><a href="{escape(link)}">Chart and figures for {escape(title)}</a></div></section>'
    )


def _ahead(row: Mapping[str, Any], reason: str) -> str:
    term = f"In {words.number(int(row['weeks_ahead']))} weeks, {words.day(row['date'])}"
    if row["word"] == "cannot say":
        return _item(term, "Cannot say", reason, "")
    return _item(
        term,
        f"About {words.count(row['median'])}",
        f"{words.LIKELY} {words.span(row['low'], row['high'])}",
        words.direction(row),
    )


def _item(term: str, figure: str, detail: str, word: str) -> str:
    last = f"<em>{escape(word)}</em>" if word else ""
    return (
        f"<div><dt>{escape(term)}</dt><dd><strong>{escape(figure)}</strong>"
        f"<span>{escape(detail)}</span>{last}</dd></div>"
    )


def cards(pieces: Sequence[str]) -> str:
    """Return cards side by side, one under the other on a phone."""
    return f'<div class="ff-cards">{"".join(pieces)}</div>'


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first cell heads its row; a line break in a cell starts smaller text."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(
            f'<td data-label="{escape(name)}">{_cell(cell)}</td>'
            for name, cell in zip(columns[1:], row[1:], strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<table class="ff-table"><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table>"
    )


def publications(measures: Mapping[str, Sequence[str]]) -> str:
    """Return a list of measures, each with the publications it was read from."""
    items = "".join(
        f"<li>{escape(name)}<ul>{''.join(f'<li>{escape(one)}</li>' for one in found)}</ul></li>"
        for name, found in measures.items()
    )
    return f'<ul class="ff-list">{items}</ul>'


def _cell(text: str) -> str:
    first, *rest = text.split("\n")
    return escape(first) + "".join(f"<span>{escape(line)}</span>" for line in rest)
