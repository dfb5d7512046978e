"""The briefing: stands by itself, says what the run says, and runs nothing that a text brings with it."""

import re
from html.parser import HTMLParser

import pytest
from made_runs import COUNTY, figures
from made_whole_runs import NEEDED, NO_PLACES

from forecast.takeaway import briefing_html
from forecast.wording import words

VOID = {"meta", "br", "link", "img", "input", "hr"}
LOADS = {"src", "href", "xlink:href", "data", "poster", "srcset", "action", "formaction", "background"}


class Page(HTMLParser):
    """Tags, attributes and text of a page; the text of drawings apart."""

    def __init__(self, made):
        super().__init__()
        self.tags, self.open, self.text, self.drawn, self.style = [], [], [], [], ""
        self.feed(made.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" in self.open:
            self.style += data
        else:
            (self.drawn if "svg" in self.open else self.text).append(data)

    @property
    def said(self):
        return " ".join(" ".join(self.text).split())

    def all(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(whole):
    from forecast.briefing import briefing
    from forecast.takeaway.origin import Origin

    signed = "Signed off by <b>A. Person</b> & others"
    return Page(briefing_html.briefing_html(whole, briefing(whole, COUNTY, signed=signed), Origin.of(whole, signed)))


def test_it_needs_no_other_file_and_runs_nothing(page):
    assert not page.open
    tags = {name for name, _ in page.tags}
    assert tags.isdisjoint({"script", "link", "img", "iframe", "object", "embed", "image", "use", "form", "b" * 2})
    for _, attrs in page.tags:
        assert not [name for name in attrs if name.startswith("on")]
        assert not any(name in LOADS and not str(value).startswith("#") for name, value in attrs.items())
        assert not any(re.search(r"https?://|@import|javascript:", str(value)) for value in attrs.values())
    assert not re.search(r"url\(|@import|https?:", page.style)


def test_a_text_is_never_read_as_html(page):
    assert "Signed off by <b>A. Person</b> & others" in page.said
    assert "Queen Elizabeth King's Lynn" in page.said


def test_it_has_two_sheets_with_headings_in_order_a_language_and_a_title(page):
    assert page.all("html")[0]["lang"] == "en-GB"
    assert len([one for one in page.all("section") if one.get("class") == "sheet"]) == 2
    levels = [name for name, _ in page.tags if re.fullmatch("h[1-6]", name)]
    assert levels[0] == "h1"
    assert set(levels[1:]) == {"h2"}
    assert all(one.get("scope") in {"col", "row"} for one in page.all("th"))
    assert "9 January 2025" in page.said


def test_it_says_what_the_run_says(page, whole):
    for code in (COUNTY, "RM1", "RGP", "RCX"):
        for row in figures(whole, code):
            assert f"{words.count(row['median'])} ({words.span(row['low'], row['high'])})" in page.said
            assert words.count(row["now"]) in page.said
    for many in NEEDED.values():
        assert all(str(value) in page.said.split() for value in many[:2])
    assert "no number" in page.said
    passed = whole.peaks("flu_beds").passed[COUNTY]
    assert words.chance(float(passed)) in page.said


def test_every_chart_is_a_picture_with_a_text_alternative_and_no_two_parts_share_a_name(page):
    drawings = [one for one in page.all("svg") if one.get("role") == "img"]
    assert len(drawings) == len(page.all("figure")) == 4
    assert all(len(one["aria-label"]) > 60 and re.search(r"\d", one["aria-label"]) for one in drawings)
    names = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(names) == len(set(names))
    used = {
        found
        for _, attrs in page.tags
        for value in attrs.values()
        for found in re.findall(r"url\(#(.+?)\)", str(value))
    }
    assert used <= set(names)


def test_each_sheet_says_where_it_comes_from_and_that_it_is_simulated(page, whole):
    foot = page.said.split("Page 1 of 2")
    assert len(foot) == 2
    for part in foot:
        assert words.SIMULATED in part
        assert whole.id in part
        assert "0.1.0+test" in part
        assert "Data to Sunday 5 January 2025" in part


def test_what_a_run_does_not_hold_is_said_and_no_chart_stands_for_it(bare, told):
    (one,), origin = told(bare, "")
    page = Page(briefing_html.briefing_html(bare, one, origin))
    assert "out of season" in page.said
    assert NO_PLACES in page.said
    assert "No usable value since 1 December 2024" in page.said or "no usable value since 1 December 2024" in page.said
    assert "Not signed off" in page.said
    assert "SIMULATED" not in page.said


def test_without_people_fit_to_leave_it_says_so(tmp_path, told):
    from made_whole_runs import make_whole_run

    run = make_whole_run(tmp_path / "models", counts=False, places=False)
    (one,), origin = told(run, "")
    page = Page(briefing_html.briefing_html(run, one, origin))
    assert "no file came" in page.said.lower()
    assert len(page.all("figure")) == 2
