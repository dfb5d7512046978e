"""Small pieces of HTML: cards, a table that folds on a phone, the banner. Every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from forecast import words

STYLE = """<style>
.stMainBlockContainer {max-width: 1180px; padding-top: 4.5rem; padding-bottom: 3rem;}
.ff-banner {border: 3px solid currentColor; border-left-width: 14px; padding: .7rem 1rem; font-weight: 700;
  font-size: 1.15rem; line-height: 1.35;
  background: repeating-linear-gradient(135deg, transparent 0 14px, color-mix(in srgb, currentColor 7%, transparent) 14px 28px);}
.ff-facts {display: flex; flex-wrap: wrap; gap: .15rem 1.6rem; margin: 0; font-size: .95rem; opacity: .86;}
.ff-facts b {font-weight: 600;}
.ff-lead p {font-size: 1.2rem; line-height: 1.5; margin: 0 0 .55rem; max-width: 62rem;}
.ff-lead p:first-child {font-size: 1.4rem; font-weight: 600; line-height: 1.4;}
.ff-cards {display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 270px), 1fr)); gap: 1rem;}
.ff-card {border: 1px solid color-mix(in srgb, currentColor 28%, transparent); border-top: 5px solid #28A197;
  border-radius: 4px; padding: .9rem 1.1rem 1rem; display: flex; flex-direction: column;}
.ff-card h3 {margin: 0 0 .6rem; padding: 0; font-size: 1.25rem; line-height: 1.25; font-weight: 700;}
.ff-card dl {margin: 0; display: grid; gap: .85rem; flex: 1 0 auto; align-content: start;}
.ff-card dl > div {border-top: 1px solid color-mix(in srgb, currentColor 15%, transparent); padding-top: .55rem;}
.ff-card dt {font-size: .95rem; line-height: 1.35; margin: 0;}
.ff-card dd {margin: 0; line-height: 1.4;}
.ff-card dd strong {display: block; font-size: 2rem; line-height: 1.25; font-weight: 700;}
.ff-card dd span {display: block; font-size: 1rem;}
.ff-card dd em {display: block; font-style: normal; font-weight: 600; font-size: 1rem;}
.ff-card a {display: inline-block; margin-top: .9rem; color: inherit; text-decoration: underline;
  text-underline-offset: .2em; padding: .2rem 0;}
.ff-wide {grid-column: 1 / -1; border-top-width: 8px;}
.ff-wide dl {grid-template-columns: repeat(auto-fit, minmax(min(100%, 250px), 1fr)); gap: .85rem 1.6rem;}
.ff-wide dd strong {font-size: 2.6rem;}
.ff-table {width: 100%; border-collapse: collapse; font-size: 1rem;}
.ff-table caption {text-align: left; padding: 0 0 .4rem; caption-side: top; color: inherit;}
.ff-table th, .ff-table td {text-align: left; vertical-align: top; padding: .5rem 1rem .5rem 0; line-height: 1.4;
  border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent);}
.ff-table thead th {border-bottom: 2px solid currentColor; font-weight: 600;}
.ff-table tbody th {font-weight: 600;}
.ff-table td span {display: block; font-size: .92rem;}
.ff-list {margin: 0; padding-left: 1.2rem; max-width: 62rem;}
.ff-list li {margin: 0 0 .4rem; line-height: 1.5;}
@media (max-width: 640px) {
  .stMainBlockContainer {padding-left: 1rem; padding-right: 1rem;}
  .ff-lead p {font-size: 1.08rem;} .ff-lead p:first-child {font-size: 1.22rem;}
  .ff-table thead {position: absolute; left: -9999px;}
  .ff-table tr {display: block; padding: .5rem 0; border-bottom: 2px solid color-mix(in srgb, currentColor 30%, transparent);}
  .ff-table th, .ff-table td {display: block; border: 0; padding: .15rem 0;}
  .ff-table td::before {content: attr(data-label) ": "; font-weight: 600;}
}
</style>"""


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


def bullets(sentences: Sequence[str]) -> str:
    """Return a list of sentences."""
    return '<ul class="ff-list">' + "".join(f"<li>{escape(s)}</li>" for s in sentences) + "</ul>"


def card(title: str, rows: Sequence[Mapping[str, Any]], reason: str, link: str, wide: bool = False) -> str:
    """Return the card of one location: now, and each date ahead with range, word and chance."""
    first = rows[0]
    known = first["now"] == first["now"]
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


def _cell(text: str) -> str:
    first, *rest = text.split("\n")
    return escape(first) + "".join(f"<span>{escape(line)}</span>" for line in rest)
