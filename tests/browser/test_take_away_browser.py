"""The briefing on paper: two sides of A4 whatever the run holds; and files that are made when a button is pressed."""

import re

import pytest
from made_whole_runs import make_whole_run
from openpyxl import load_workbook
from PIL import Image
from steps import download

from forecast.export import files
from forecast.wording import offer_words, words

LONG = "Signed off by A. Person on 9 January 2025: " + "looked at every range and every hospital, " * 22
WHY = "no usable value since 1 December 2024 (no return)"
RUNS = {
    "everything": {},
    "nothing but counts": {"waves": False, "season": False, "places": False, "simulated": False},
    "long texts": {
        "silent": "RGP",
        "cannot": "no usable value since 1 December 2024 (no return)",
        "remark": "late " * 40,
    },
    "no counts": {"counts": False, "places": False},
}
CUT_OFF = "[...document.querySelectorAll('.sheet')].map(one => one.scrollHeight - one.clientHeight)"
PRINTED = {"width": 688, "height": 1000}
"""What is left of A4 between the margins, in the pixels of a screen."""


@pytest.mark.browser
@pytest.mark.parametrize("name", RUNS)
def test_the_briefing_is_two_sides_of_a4_with_nothing_cut_off_and_loads_nothing(browser, tmp_path, name):
    run = make_whole_run(tmp_path / "models", **RUNS[name])
    ((_, made),) = files(run, "briefing", signed=LONG if name == "long texts" else "")
    path = tmp_path / "briefing.html"
    path.write_bytes(made)
    context = browser.new_context(viewport=PRINTED, java_script_enabled=True)
    try:
        page, asked, said = context.new_page(), [], []
        page.on("request", lambda one: asked.append(one.url))
        page.on("console", lambda one: said.append(one.text))
        page.goto(path.as_uri())
        page.emulate_media(media="print")
        assert page.evaluate(CUT_OFF) == [0, 0]
        printed = page.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 2
        assert b"/MediaBox [0 0 594.95996 841.91998]" in printed
        assert asked == [path.as_uri()]
        assert said == []
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 390, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    finally:
        context.close()


@pytest.mark.browser
def test_files_are_made_when_a_button_is_pressed(page, tmp_path):
    page.goto("/")
    name = download(page, offer_words.LABELS["workbook"], tmp_path / "tables.xlsx")
    assert name == "simulated-tables-2025-01-09.xlsx"
    book = load_workbook(tmp_path / "tables.xlsx")
    assert words.SIMULATED in [cell.value for cell in book["Cover"]["A"]]
    page.goto("/fit_to_leave?hospital=RCX")
    button = page.get_by_role("button", name=offer_words.picture_label("png", "The next weeks"))
    with page.expect_download() as waiting:
        button.first.click()
    waiting.value.save_as(tmp_path / "chart.png")
    assert waiting.value.suggested_filename.startswith("simulated-nctr-patients-rcx")
    assert Image.open(tmp_path / "chart.png").convert("RGB").getpixel((1, 1)) == (255, 255, 255)
