"""The Data page in every state: no store, simulated, real, empty; files good, bad, known already."""

import re
import shutil
from io import BytesIO

import pandas as pd
import pytest
from filelock import FileLock
from made_runs import make_run, rewrite
from made_stores import change, fill
from screen import text_of

from forecast.observations.store import Store
from forecast.pages import upload, value_history
from forecast.runs import latest_run
from forecast.wording import due_words, upload_words, words

HEAD = "date,location,metric,value,source\n"
NEW = HEAD + "2025-01-06,RM1,nctr_patients,231,NHS England, published 2025-01-16\n".replace("England,", "England")
REVISED = NEW + "2024-12-03,RCX,nctr_patients,115,revised 2025-01-30\n2024-12-04,RCX,nctr_patients,100,other\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A real and a simulated run with their stores, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("made")
    for simulated in (False, True):
        here = folder / str(simulated)
        make_run(here / "models", simulated=simulated)
        fill(here / "data", simulated=simulated)
    return folder


@pytest.fixture
def real(folders, made):
    shutil.copytree(made / "False", folders, dirs_exist_ok=True)
    return Store(folders / "data")


@pytest.fixture
def simulated(folders, made):
    shutil.copytree(made / "True", folders, dirs_exist_ok=True)
    return Store(folders / "data" / "twin")


def give(app, content, name="figures.csv"):
    app.file_uploader[0].upload(name, content.encode() if isinstance(content, str) else content)
    return app.run()


def pressed(app, label=upload.ADD):
    (button,) = [one for one in app.button if one.label == label]
    return button.click().run()


def offered(app, label):
    return [one for one in app.get("download_button") if one.proto.label == label]


def test_the_calendar_tells_what_was_due_what_came_and_what_did_not(open_page, real):
    app = open_page("data")
    assert not app.exception
    said = text_of(app)
    calendar = next(html.proto.body for html in app.html if "ff-calendar" in html.proto.body)
    assert "Acute discharge situation report: of 9 releases due" in said
    assert "Next due Thursday 16 January 2025." in said
    assert "2 of 3 hospitals; James Paget nothing" in calendar
    for state in ("Came in full", "Came in part", "Missing", "Out of season", "Expected"):
        assert re.search(rf'<i aria-hidden="true">.</i> {state}</b>', calendar)
    assert "Fri 3 Jan, for 23 to 29 Dec" in calendar  # the week of New Year is a day late
    covid = re.findall(r'data-label="COVID-19 hospital activity"><div class="ff-due ff-([a-z-]+)"', calendar)
    assert set(covid) == {"missing", "expected"}  # not forecast, and nothing of it stored


def test_the_order_of_the_page(open_page, real):
    headings = [header.value for header in open_page("data").header]
    assert headings == [
        "What was due, and what came",
        "Where the figures come from, and how old they are",
        "What could not be used, and remarks",
        "How one published figure changed",
        "Published figures that look wrong",
        "Add figures from a file",
    ]


def test_without_a_store_the_page_shows_the_run_and_takes_files(open_page, folders):
    make_run(folders / "models", simulated=False)
    app = open_page("data")
    assert not app.exception
    assert "is not here: only the forecast itself is shown" in text_of(app)
    assert "What was due, and what came" not in [header.value for header in app.header]
    give(app, NEW)
    assert "1 new, 0 changed, 0 stored already" in text_of(app)
    assert not (folders / "data").exists()
    pressed(app)
    assert Store(folders / "data").history("nctr_patients")["value"].tolist() == [231.0]
    assert "What was due, and what came" in [header.value for header in app.header]


def test_a_damaged_store_is_told_in_words(open_page, real):
    (path, *_) = [vintage.path for vintage in real.vintages()]
    path.write_bytes(b"not parquet")
    app = open_page("data")
    assert not app.exception
    assert "this file of the store is damaged" in app.error[0].value


def test_a_simulated_run_says_how_to_get_real_figures(open_page, simulated):
    app = open_page("data")
    assert not app.exception
    assert upload_words.REAL_FIGURES in text_of(app)
    assert "simulated twin, seed 1" in text_of(app)
    make_run(latest_run(simulated.folder.parents[1] / "models").path.parent, simulated=False)
    assert upload_words.REAL_FIGURES not in text_of(open_page("data"))


def test_the_newest_changed_figure_is_shown_first_in_one_sentence(open_page, real):
    app = open_page("data")
    assert app.selectbox(key="changed").value == "nctr_patients"
    assert (app.selectbox(key="changed_at").value, app.selectbox(key="changed_on").value) == ("RM1", "2024-11-05")
    said = text_of(app)
    assert "2 stored figures of these hospitals changed after coming out: 2 of fit to leave" in said
    assert "First published as 100 on 12 December 2024, changed to 90 on 2 January 2025." in said
    assert app.selectbox(key="changed_at").options[:2] == [
        "Norfolk and Norwich (1 changed)",
        "Queen Elizabeth King's Lynn (1 changed)",
    ]
    assert offered(app, "Download this history (CSV)")
    assert offered(app, "Download all changed figures of this measure (CSV)")
    said = text_of(open_page("data", changed_at="RCX"))
    assert "First published as 100 on 12 December 2024, changed to 110 on 19 December 2024." in said


def test_only_what_a_link_asks_for_stands_open(open_page, real):
    closed = {one.label: one.proto.expanded for one in open_page("data").expander}
    assert closed[value_history.LOOK_UP] is False
    assert closed[due_words.CALENDAR] is False
    linked = {one.label: one.proto.expanded for one in open_page("data", changed_at="RCX").expander}
    assert linked[value_history.LOOK_UP] is True


def test_an_unchanged_figure_says_so(open_page, real):
    app = open_page("data", changed="staff_absent_total", changed_at="RGP", changed_on="2024-12-29")
    assert "First published as 100 on 3 January 2025, and not changed since." in text_of(app)
    assert app.query_params["changed_on"] == "2024-12-29"


def test_a_change_of_measure_drops_a_day_that_it_does_not_have(open_page, real):
    real.add(change("2024-10-01", "RM1", 1, "2025-01-03"))
    app = open_page("data", changed_at="RM1", changed_on="2024-10-01")
    assert app.selectbox(key="changed_on").value == "2024-10-01"
    app.selectbox(key="changed").set_value("staff_absent_total").run()
    assert not app.exception
    assert not app.warning
    assert app.selectbox(key="changed_on").value == "2025-01-05"


def test_the_newest_flagged_series_is_drawn_with_its_reason(open_page, real):
    app = open_page("data")
    assert (app.selectbox(key="flag_metric").value, app.selectbox(key="flag_place").value) == ("nctr_patients", "RCX")
    chart = app.get("vega_lite_chart")[0].proto
    assert chart.alt == app.caption[-1].value
    assert "1 figure looked wrong and was left out of the forecast." in chart.alt
    said = text_of(app)
    assert "A zero between high values <span>Left out of the forecast</span>" in said
    assert "✚ Crosses: figures left out of the forecast." in said
    assert offered(app, "Download these values (CSV)")


def test_all_measures_and_hospitals_are_a_list_without_a_chart(open_page, real):
    app = open_page("data", flag_metric="everything", flag_place="everything", flag_window="all")
    assert not app.get("vega_lite_chart")
    assert "1 figure left out, 0 remarks. Choose one measure and one hospital to see them on a chart." in text_of(app)
    assert app.query_params["flag_place"] == "everything"


def test_a_flag_nobody_knows_is_shown_in_plain_words_and_a_remark_is_kept(open_page, real, folders):
    run = latest_run(folders / "models")
    rows = [("2024-12-20", "odd_shape", "an odd shape"), ("2023-01-01", "weekday_shift", "days look shifted by one")]
    flags = pd.DataFrame(rows, columns=["date", "flag", "note"]).assign(metric="nctr_patients", location="RM1")
    flags["date"] = pd.to_datetime(flags["date"]).astype("datetime64[us]")
    rewrite(run, "flags.parquet", flags[["metric", "date", "location", "flag", "note"]])
    app = open_page("data", flag_window="120")
    said = text_of(app)
    assert "Odd shape <span>Left out of the forecast</span>" in said
    assert "Days that look shifted <span>Kept: a remark only</span>" in said  # though it began before the window
    assert "1 remark tells of a series as a whole, such as a new usual level; its figures are used." in said
    assert app.selectbox(key="flag_metric").options[0] == "Fit to leave, before the day's discharges (1 left out)"


def test_a_file_is_shown_and_stored_only_when_somebody_agrees(open_page, real):
    app = give(open_page("data"), REVISED)
    assert not app.exception
    said = text_of(app)
    assert "1 new, 1 changed, 1 stored already" in said
    assert '<td data-label="Stored now">110</td><td data-label="In this file">115</td>' in said
    assert "Nothing is stored yet." in said
    assert len(real.vintages()) == 3
    app = pressed(app)
    assert not app.exception
    assert app.success[0].value == "figures.csv: stored 1 new figure and 1 changed figure. 1 was there already."
    assert "`forecast refit`" in text_of(app)
    assert len(real.vintages()) == 4
    assert "2 stored figures of these hospitals changed" in text_of(app)  # one of them twice
    assert app.selectbox(key="changed_at").options[0].startswith("Queen Elizabeth")


def test_a_file_given_twice_has_nothing_to_add(open_page, real):
    app = pressed(give(open_page("data"), REVISED))
    app = give(app, REVISED)
    assert upload_words.NOTHING_NEW in [info.value for info in app.info]
    assert not [one for one in app.button if one.label == upload.ADD]
    assert len(real.vintages()) == 4


def test_what_somebody_else_stored_in_the_meantime_is_not_stored_again(open_page, real):
    mine, theirs = give(open_page("data"), REVISED), give(open_page("data"), REVISED)
    pressed(theirs)
    mine = pressed(mine)
    assert not mine.exception
    assert upload_words.NOTHING_NEW in [info.value for info in mine.info]
    assert len(real.vintages()) == 4


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("page.csv", "<!DOCTYPE html><html>", "page.csv: this is a web page"),
        ("broken.xlsx", b"PK\x03\x04 no workbook", "broken.xlsx"),
        ("twin.csv", NEW.replace("NHS", "simulated NHS"), "marks simulated figures"),
    ],
)
def test_a_bad_file_gets_its_message_and_nothing_is_stored(open_page, real, name, content, said):
    app = give(open_page("data"), content, name)
    assert not app.exception
    assert app.error[0].value.startswith("Nothing was stored. ")
    assert said in app.error[0].value
    assert not [one for one in app.button if one.label == upload.ADD]
    assert len(real.vintages()) == 3


def test_what_a_file_calls_itself_is_text_and_nothing_else(open_page, real):
    name = "<img src=x onerror=alert(1)>![x](y).csv"
    app = give(open_page("data"), NEW.replace("RM1", "<i>RM1"), name)
    assert app.error[0].value.startswith(r"Nothing was stored. \_img src=x onerror=alert(1)\_!\[x\](y).csv")
    assert r"\<i\>RM1" in app.error[0].value
    app = give(open_page("data"), NEW, name)
    assert "What is in _img src=x onerror=alert(1)_![x](y).csv" in text_of(app)
    assert "<img" not in text_of(app)
    assert pressed(app).success[0].value.startswith(r"\_img src=x onerror=alert(1)\_!\[x\](y).csv: stored 1")


def test_a_link_that_somebody_sends_puts_no_picture_on_the_page(open_page, real):
    (warning,) = open_page("data", flag_place="![x](http://elsewhere/x.png)").warning
    shown = words.literal("'![x](http://elsewhere/x.png)'")
    assert f"asks for flag_place {shown}, which this forecast does not have" in warning.value
    assert r"!\[x\]" in shown
    assert "://" not in shown.replace("\u2060", "|")  # what joins nothing keeps it from being a link


def test_a_store_that_another_process_is_writing_to_is_told(open_page, real, monkeypatch):
    monkeypatch.setattr(upload, "WAIT_SECONDS", 0.1)
    app = give(open_page("data"), REVISED)
    with FileLock(real.folder / "observations" / ".lock"):
        app = pressed(app)
    assert not app.exception
    assert "Nothing was stored." in app.error[0].value
    assert "another process has been writing" in app.error[0].value
    assert len(real.vintages()) == 3
    pressed(app)
    assert len(real.vintages()) == 4


def test_a_file_added_beside_a_simulated_run_joins_the_real_figures(open_page, simulated, folders):
    app = give(open_page("data"), NEW)
    assert f"{upload_words.INTO_REAL} `make app`." in text_of(app)
    pressed(app)
    assert Store(folders / "data").history("nctr_patients")["value"].tolist() == [231.0]
    assert len(simulated.vintages()) == 1


def test_a_parquet_file_and_a_packed_table_are_read(open_page, real):
    buffer = BytesIO()
    change("2024-12-05", "RM1", 7, "2025-01-05").to_parquet(buffer, index=False)
    app = give(open_page("data"), buffer.getvalue(), "figures.parquet")
    assert "0 new, 1 changed, 0 stored already" in text_of(app)


def test_files_can_be_switched_off(open_page, real, monkeypatch):
    for on in ("", "on", "1"):
        monkeypatch.setenv(upload.SWITCH, on)
        assert not upload.switched_off()
    for off in ("OFF", "0", "no", "off"):
        monkeypatch.setenv(upload.SWITCH, off)
        assert upload.switched_off()
    app = open_page("data")
    assert upload_words.OFF in text_of(app)
    assert not app.file_uploader
    assert upload.SWITCH in upload_words.FOR_OPERATORS


def test_the_choices_on_the_page_stand_in_the_address(open_page, real):
    app = open_page("data", flag_metric="flu_beds", flag_place="rgp", flag_window="120", changed_at="RCX")
    assert [app.selectbox(key=key).value for key in ("flag_metric", "flag_place", "flag_window", "changed_at")] == [
        "flu_beds",
        "RGP",
        "120",
        "RCX",
    ]
    assert "Nothing in it looks wrong." in text_of(app)
    app.selectbox(key="flag_place").set_value("RM1").run()
    assert app.query_params["flag_place"] == "RM1"


def test_downloads_say_where_they_come_from(open_page, simulated, monkeypatch):
    from forecast.pages import downloads

    kept = {}
    real_one = downloads.to_csv
    monkeypatch.setattr(downloads, "to_csv", lambda table: kept.setdefault(len(kept), table) is None or real_one(table))
    monkeypatch.setattr(downloads, "offer", lambda _label, written, _run, _name: written())
    open_page("data")
    assert len(kept) == 3  # calendar, history, flags
    for table in kept.values():
        assert set(table["figures"]) == {words.SIMULATED}
        assert len(set(table["run"])) == 1
        assert {"date", "due"} & set(table.columns)
