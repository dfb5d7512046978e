"""Pieces of a page of HTML that stands by itself. Every text is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

STYLE = """
@page { size: A4; margin: 12mm 14mm; }
* { box-sizing: border-box; }
html { font: 14px/1.42 Arial, Arimo, Helvetica, sans-serif; color: #0b0c0c; background: #eef1f4; }
body { margin: 0; }
.sheet { background: #fff; max-width: 760px; margin: 16px auto; padding: 32px 36px; display: flex;
  flex-direction: column; gap: 12px; }
h1, h2, p, ul, ol, dl, dd, figure, table { margin: 0; }
h1 { font-size: 22px; line-height: 1.2; color: #12436D; }
h2 { font-size: 15.5px; line-height: 1.25; color: #12436D; border-top: 2px solid #12436D; padding-top: 5px; }
.banner { border: 2px solid #0b0c0c; padding: 4px 10px; font-weight: bold; text-align: center; }
.facts { font-size: 12.5px; }
.facts span + span::before { content: " \\2022  "; }
.said { padding-left: 22px; display: grid; gap: 3px; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 10px; }
.figures div { border: 1px solid #8a949e; border-top: 5px solid #12436D; padding: 6px 9px 8px; }
.figures dt { font-size: 12px; line-height: 1.3; min-height: 2.6em; }
.figures dd { font-size: 12px; line-height: 1.3; }
.figures dd.value { font-size: 24px; font-weight: bold; line-height: 1.15; }
.figures dd.word { font-weight: bold; }
table { border-collapse: collapse; width: 100%; font-size: 12.5px; line-height: 1.3; }
caption { text-align: left; padding-bottom: 3px; font-size: 12.5px; }
th, td { text-align: left; vertical-align: top; padding: 3px 8px 3px 0; border-bottom: 1px solid #b1b9c1; }
th[scope=row] { font-weight: bold; }
thead th { border-bottom: 2px solid #0b0c0c; }
td small { display: block; font-size: 11.5px; }
figure figcaption { font-weight: bold; font-size: 12.5px; padding-bottom: 2px; }
figure svg { display: block; width: 100%; height: auto; }
.marks { font-size: 11.5px; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 18px; align-items: start; }
.sheet > *, .two > * { min-width: 0; }
.small { font-size: 12px; line-height: 1.35; }
.small ul { padding-left: 17px; }
footer { margin-top: auto; border-top: 1px solid #8a949e; padding-top: 5px; font-size: 11px; display: flex; gap: 16px;
  justify-content: space-between; }
footer span:last-child { white-space: nowrap; }
@media (max-width: 640px) {
  .sheet { padding: 18px 16px; margin: 0 0 12px; }
  .figures { grid-template-columns: 1fr 1fr; }
  .two { grid-template-columns: 1fr; }
  .wide { overflow-x: auto; }
  .wide table { min-width: 480px; }
  .wide svg { min-width: 560px; }
}
@media print {
  html { background: #fff; font-size: 12.5px; line-height: 1.36; }
  h1 { font-size: 20px; }
  .sheet { margin: 0; padding: 0; max-width: none; height: 272mm; overflow: hidden; gap: 7px; }
  th, td { padding-top: 2px; padding-bottom: 2px; }
  .figures dd.value { font-size: 22px; }
  .sheet + .sheet { break-before: page; }
  .sheet > * { flex-shrink: 0; }
  .sheet > figure { flex-shrink: 1; min-height: 120px; display: flex; flex-direction: column; }
  .sheet > figure > .wide { flex: 0 1 auto; min-height: 0; display: flex; }
  .sheet > figure svg { min-height: 0; height: auto; flex: 0 1 auto; }
  .figures div { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def document(title: str, pages: Sequence[str]) -> str:
    """Return a document of pages, each of which is one sheet of paper."""
    return (
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(pages)
        + "\n</main>\n</body>\n</html>\n"
    )


def sheet(parts: Sequence[str], foot: str, page: str) -> str:
    """Return one sheet of paper with its foot."""
    inner = "\n".join(filter(None, parts))
    footer = f"<footer><span>{escape(foot)}</span><span>{escape(page)}</span></footer>"
    return f'<section class="sheet">\n{inner}\n{footer}\n</section>'


def heading(text: str, level: int = 2) -> str:
    """Return a heading."""
    return f"<h{level}>{escape(text)}</h{level}>"


def banner(text: str) -> str:
    """Return the banner that marks simulated figures."""
    return f'<p class="banner">{escape(text)}</p>'


def facts(pairs: Mapping[str, str]) -> str:
    """Return a line of short facts."""
    told = "".join(f"<span>{escape(name)}: <b>{escape(value)}</b></span>" for name, value in pairs.items())
    return f'<p class="facts">{told}</p>'


def said(sentences: Sequence[str]) -> str:
    """Return numbered sentences."""
    return '<ol class="said">' + "".join(f"<li>{escape(one)}</li>" for one in sentences) + "</ol>"


def bullets(sentences: Sequence[str]) -> str:
    """Return a list in small type."""
    return '<div class="small"><ul>' + "".join(f"<li>{escape(one)}</li>" for one in sentences) + "</ul></div>"


def small(text: str) -> str:
    """Return a paragraph in small type."""
    return f'<p class="small">{escape(text)}</p>'


def figures(told: Sequence[tuple[str, str, str, str]]) -> str:
    """Return large figures side by side: label, value, detail and direction of each."""
    boxes = "".join(
        f'<div><dt>{escape(label)}</dt><dd class="value">{escape(value)}</dd>'
        + (f"<dd>{escape(detail)}</dd>" if detail else "")
        + (f'<dd class="word">{escape(word)}</dd>' if word else "")
        + "</div>"
        for label, value, detail, word in told
    )
    return f'<dl class="figures">{boxes}</dl>'


def table(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first cell heads its row; a line break in a cell starts smaller text."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{_cell(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return (
        f'<div class="wide"><table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def figure(title: str, drawn: str, marks: str = "") -> str:
    """Return a drawn chart under its title; ``drawn`` is SVG and stands as it is."""
    under = f'<p class="marks">{escape(marks)}</p>' if marks else ""
    return f'<figure><figcaption>{escape(title)}</figcaption><div class="wide">{drawn}</div>{under}</figure>'


def two(left: str, right: str) -> str:
    """Return two pieces side by side, one under the other on a phone."""
    return f'<div class="two"><div>{left}</div><div>{right}</div></div>'


def _cell(text: str) -> str:
    first, *rest = text.split("\n")
    return escape(first) + "".join(f"<small>{escape(line)}</small>" for line in rest)
