"""A deck of slides, one piece at a time: titles, text, tables and charts that PowerPoint itself draws."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import pandas as pd
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE, XL_TICK_LABEL_POSITION
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Length, Pt

from forecast.takeaway.origin import Origin, plain
from forecast.takeaway.packages import fixed
from forecast.wording import takeaway_words, words

FONT = "Arial"


def _ink(code: str) -> RGBColor:
    return RGBColor(*bytes.fromhex(code))  # type: ignore[no-untyped-call]


BLUE, TEAL, PLUM, GREY = _ink("12436D"), _ink("28A197"), _ink("801650"), _ink("3D3D3D")
BLACK, PALE, WHITE = _ink("0B0C0C"), _ink("B1B9C1"), _ink("FFFFFF")
WIDE, HIGH = Inches(13.333), Inches(7.5)
LEFT, TOP, ACROSS = Inches(0.6), Inches(1.75), Inches(12.13)
BODY = Inches(4.75)
TITLE_ONLY = 5
"""Layout of the bare deck that has a title and nothing else."""


_LIVE = ("=", "{=", "http", "ftp", "mailto", "internal:", "external:")


def inert(name: str) -> str:
    """Keep the workbook inside a chart from making a formula or a link of a name."""
    return f" {name}" if name.startswith(_LIVE) else name


class Deck:
    """Slides in the making.

    Parameters
    ----------
    origin
        Stands at the foot of every slide and in the properties of the file.
    title
        Of the file.
    """

    def __init__(self, origin: Origin, title: str) -> None:
        self.origin = origin
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = WIDE, HIGH
        told = self._deck.core_properties
        told.title, told.subject, told.author = title, origin.line, takeaway_words.MAKER
        told.last_modified_by, told.comments = takeaway_words.MAKER, words.SIMULATED if origin.simulated else ""
        told.keywords = told.category = ""
        told.created = told.modified = origin.as_of.to_pydatetime()
        told.revision, told.language = 1, "en-GB"

    def slide(self, title: str, notes: Sequence[str]) -> Any:
        """Add a slide whose title states what it shows; ``notes``: for who speaks, and where the figures are from."""
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[TITLE_ONLY])
        shape = slide.shapes.title
        shape.left, shape.top, shape.width, shape.height = LEFT, Inches(0.55), ACROSS, Inches(1.1)
        shape.text_frame.word_wrap, shape.text_frame.vertical_anchor = True, MSO_ANCHOR.TOP
        shape.text_frame.margin_left = 0
        _paragraph(shape.text_frame, title, Pt(26), bold=True, colour=BLUE, first=True)
        if self.origin.simulated:
            self.text(slide, [words.SIMULATED], top=Inches(0.12), height=Inches(0.4), size=Pt(14), bold=True)
        foot = [self.origin.line]
        self.text(slide, foot, top=Inches(6.98), height=Inches(0.4), size=Pt(10.5), colour=GREY)
        slide.notes_slide.notes_text_frame.text = "\n".join(plain(one) for one in (*notes, self.origin.line))
        return slide

    def text(
        self,
        slide: Any,
        lines: Sequence[str],
        *,
        top: Length = TOP,
        left: Length = LEFT,
        width: Length = ACROSS,
        height: Length = BODY,
        size: Length | None = None,
        bold: bool = False,
        colour: RGBColor = BLACK,
    ) -> None:
        """Add lines of text, one a paragraph."""
        frame = slide.shapes.add_textbox(left, top, width, height).text_frame
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = 0
        for at, line in enumerate(lines):
            _paragraph(frame, line, size or Pt(18), bold=bold, colour=colour, first=not at)

    def table(
        self,
        slide: Any,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        name: str,
        *,
        large: int = 14,
        **at: Length,
    ) -> None:
        """Add a table with a row of headings; ``name``: its text; ``large``: points of the first line of a cell."""
        where = {"left": LEFT, "top": TOP, "width": ACROSS, "height": Inches(0.4 * (len(rows) + 1))} | at
        shape = slide.shapes.add_table(
            len(rows) + 1, len(columns), where["left"], where["top"], where["width"], where["height"]
        )
        _describe(shape, name, name)
        for row, cells in enumerate([columns, *rows]):
            for column, text in enumerate(cells):
                cell = shape.table.cell(row, column)
                cell.fill.solid()
                cell.fill.fore_color.rgb = BLUE if not row else WHITE
                colour = BLACK if row else WHITE
                cell.margin_top = cell.margin_bottom = Inches(0.04)
                for line, part in enumerate(text.split("\n")):
                    bold = not row or (not line and large > 14)
                    size = Pt(large if row and not line else 12 if line else 14)
                    _paragraph(cell.text_frame, part, size, bold=bold, colour=colour, first=not line)

    def lines(
        self,
        slide: Any,
        dates: pd.DatetimeIndex,
        series: Sequence[tuple[str, Sequence[float], str]],
        text: str,
        unit: str,
    ) -> None:
        """Add a chart of lines over dates.

        Parameters
        ----------
        series
            Name, values (NaN where none) and kind of each: "past", "middle" or "edge".
        text
            Text alternative: what the chart shows and finds.
        """
        data = CategoryChartData(number_format="#,##0")  # type: ignore[no-untyped-call]
        data.categories = [date.date() for date in dates]
        for name, values, _ in series:
            data.add_series(inert(name), [None if pd.isna(one) else float(one) for one in values])  # type: ignore[no-untyped-call]
        chart = self._chart(slide, XL_CHART_TYPE.LINE, data, text, unit)
        chart.category_axis.tick_labels.number_format = "d mmm yyyy"
        chart.category_axis.tick_labels.number_format_is_linked = False
        _fortnights(chart.category_axis)
        for line, (_, _, kind) in zip(chart.plots[0].series, series, strict=True):
            line.smooth = False
            line.marker.style = XL_MARKER_STYLE.NONE
            line.format.line.color.rgb = BLUE if kind == "past" else PLUM
            line.format.line.width = Pt(3 if kind == "middle" else 2 if kind == "past" else 1.25)
            line.format.line.dash_style = MSO_LINE.DASH if kind == "edge" else MSO_LINE.SOLID

    def columns(
        self,
        slide: Any,
        names: Sequence[str],
        series: Sequence[tuple[str, Sequence[float]]],
        text: str,
        unit: str,
        **at: Length,
    ) -> None:
        """Add a chart of columns side by side with their figures above them."""
        data = CategoryChartData(number_format="#,##0")  # type: ignore[no-untyped-call]
        data.categories = [inert(plain(name)) for name in names]
        for name, values in series:
            data.add_series(inert(name), [None if pd.isna(one) else float(one) for one in values])  # type: ignore[no-untyped-call]
        chart = self._chart(slide, XL_CHART_TYPE.COLUMN_CLUSTERED, data, text, unit, **at)
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 60, -5
        plot.has_data_labels = True
        plot.data_labels.font.size, plot.data_labels.font.name = Pt(12), FONT
        plot.data_labels.number_format, plot.data_labels.number_format_is_linked = "#,##0", False
        for line, colour in zip(plot.series, (BLUE, TEAL, PLUM, GREY), strict=False):
            line.format.fill.solid()
            line.format.fill.fore_color.rgb = colour

    def done(self) -> bytes:
        """Return the file; the same slides give the same bytes."""
        with BytesIO() as found:
            self._deck.save(found)
            return fixed(found.getvalue(), self.origin.as_of)

    def _chart(self, slide: Any, kind: Any, data: CategoryChartData, text: str, unit: str, **at: Length) -> Any:
        where = {"left": LEFT, "top": TOP, "width": ACROSS, "height": BODY} | at
        shape = slide.shapes.add_chart(kind, where["left"], where["top"], where["width"], where["height"], data)
        _describe(shape, takeaway_words.CHART, text)
        chart = shape.chart
        chart.font.size, chart.font.name = Pt(13), FONT
        chart.font.color.rgb = BLACK
        chart.has_title = False
        chart.has_legend = len(list(chart.plots[0].series)) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        value = chart.value_axis
        value.minimum_scale = 0
        value.major_gridlines.format.line.color.rgb = PALE
        value.format.line.fill.background()
        value.has_title = True
        value.axis_title.text_frame.text = unit
        value.axis_title.text_frame.paragraphs[0].runs[0].font.size = Pt(12)
        value.axis_title.text_frame.paragraphs[0].runs[0].font.bold = False
        chart.category_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
        chart.category_axis.has_major_gridlines = False
        return chart


def _fortnights(axis: Any) -> None:
    """Name every second week on an axis of days; the library has no word for it."""
    element = axis._element
    before = element.find(qn("c:crossBetween"))
    for name, value in (("c:baseTimeUnit", "days"), ("c:majorUnit", "14"), ("c:majorTimeUnit", "days")):
        for old in element.findall(qn(name)):
            element.remove(old)
        unit = element.makeelement(qn(name), {"val": value})
        element.append(unit) if before is None else before.addprevious(unit)


def _describe(shape: Any, name: str, text: str) -> None:
    """Give a shape its name and its text alternative."""
    told = shape._element._nvXxPr.cNvPr
    told.set("name", plain(name))
    told.set("descr", plain(text))


def _paragraph(frame: Any, text: str, size: Length, *, bold: bool, colour: RGBColor, first: bool) -> None:
    paragraph = frame.paragraphs[0] if first else frame.add_paragraph()
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.space_after = Pt(6)
    run = paragraph.add_run()
    run.text = plain(text)
    run.font.size, run.font.bold, run.font.name = size, bold, FONT
    run.font.color.rgb = colour
