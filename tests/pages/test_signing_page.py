"""The gate and the sign-off section on the page, without a browser."""

import pytest
from made_runs import make_run
from screen import text_of
from streamlit import config
from streamlit.runtime.secrets import Secrets

from forecast.access import Closed, Person
from forecast.pages import shell, signed_in, signing, upload
from forecast.runs.sign_off import sign_offs

SIGN, TAKE_BACK = "Sign off these figures", "Withdraw the sign-off"


def press(app, label):
    return next(one for one in app.button if one.label == label).click().run()


def buttons(app):
    return [one.label for one in app.button]


@pytest.fixture
def secrets_file(monkeypatch, tmp_path):
    """Let Streamlit read its secrets from a file of this text."""
    before = config.get_option("secrets.files")

    def written(text):
        path = tmp_path / "secrets.toml"
        if text is not None:
            path.write_text(text, encoding="utf-8")
        config.set_option("secrets.files", [str(path)])
        monkeypatch.setattr("streamlit.secrets", Secrets())

    yield written
    config.set_option("secrets.files", before)


def test_without_sign_in_anybody_signs_off_under_a_name_and_every_page_says_so(open_page, run):
    app = open_page("this_week")
    assert "<span>Sign-off <b>Not signed off</b></span>" in text_of(app)
    assert TAKE_BACK not in buttons(app)
    press(app, SIGN)
    assert "Nothing was recorded." in app.error[0].value
    app.text_input(key="sign-off name").set_value("Ann Smith")
    app.text_input(key="sign-off comment").set_value("<b>Fine</b>")
    press(app, SIGN)
    assert not app.exception
    (entry,) = sign_offs(run.path.parent, run.id).entries
    assert (entry.name, entry.comment, entry.by) == ("Ann Smith", "<b>Fine</b>", "")
    said = signing.signed(run)
    assert said == f"Signed off by Ann Smith on {entry.at.day} {entry.at:%B %Y}: <b>Fine</b>"
    assert "&lt;b&gt;Fine&lt;/b&gt;" in text_of(app)
    assert "<span>Sign-off <b>Signed off by Ann Smith on " in text_of(open_page("fit_to_leave"))
    press(app, TAKE_BACK)
    assert signing.signed(run).startswith("Not signed off: withdrawn by Ann Smith")


def test_a_form_drawn_for_one_run_signs_no_other_that_came_meanwhile(open_page, run, folders):
    app = open_page("this_week")
    app.text_input(key="sign-off name").set_value("Ann Smith")
    newer = make_run(folders / "models", silent="RGP")
    press(app, SIGN)
    assert not app.exception
    for one in (run, newer):
        assert sign_offs(one.path.parent, one.id).entries == ()


def test_a_damaged_record_is_told_and_the_page_is_shown(open_page, run):
    folder = run.path.parent / "sign_offs"
    folder.mkdir()
    (folder / f"{run.id}.jsonl").write_text("rubbish\n", encoding="utf-8")
    app = open_page("this_week")
    assert not app.exception
    assert any("line 1: is damaged" in one.value for one in app.warning)


def test_only_approvers_see_the_form_and_may_add_files(open_page, run, monkeypatch):
    person = Person("Bo Li", "bo@norfolk.gov.uk", approver=False)
    monkeypatch.setattr(signed_in, "gate", lambda: None)
    monkeypatch.setattr(signed_in, "person", lambda: person)
    app = open_page("this_week")
    assert "Only the people named as approvers may sign off." in text_of(app)
    assert SIGN not in buttons(app)
    assert "Signed in as <b>Bo Li (bo@norfolk.gov.uk)</b>" in text_of(app)
    data = open_page("data")
    assert "Only the people named as approvers may add figures." in text_of(data)
    assert not data.file_uploader


def test_nobody_may_do_anything_where_the_gate_was_not_passed():
    assert not signed_in.person().approver


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[auth\n", "the file of secrets secrets.toml cannot be read"),
        ("[auht]\nclient_id = 'x'\n", "a section [auht], which is none"),
        ("[access]\ndomains = ['norfolk.gov.uk']\napprovers = []\n", "no section [auth]"),
        ("[auth]\nclient_secret = 'hush'\n[access]\ndomains = ['norfolk.gov.uk']\n", "has no redirect_uri"),
    ],
)
def test_settings_that_cannot_be_used_close_every_page_and_tell_no_secret(open_page, run, secrets_file, text, said):
    secrets_file(text)
    app = open_page("data")
    (error,) = app.error
    assert error.value.startswith("This service is closed")
    assert said in error.value.replace("\\", "")
    assert "hush" not in text_of(app)
    assert run.id not in text_of(app)
    assert shell.NAME in text_of(app)
    assert upload.TITLE not in text_of(app)


def test_a_file_of_secrets_for_other_things_or_none_leaves_the_app_open_unless_sign_in_is_required(
    open_page, run, secrets_file, monkeypatch
):
    secrets_file("[weather]\nkey = 'x'\n")
    assert run.id in text_of(open_page("data"))
    monkeypatch.setenv(signed_in.SWITCH, "required")
    assert "sign-in is required here" in open_page("data").error[0].value


@pytest.mark.parametrize("word", ["true", "1", "yes", "on", "require"])
def test_a_switch_that_is_not_understood_closes_the_app(open_page, run, monkeypatch, word):
    monkeypatch.setenv(signed_in.SWITCH, word)
    app = open_page("data")
    assert f"FORECAST_SIGN_IN is '{word}'; set it to 'required', or leave it out" in app.error[0].value
    assert run.id not in text_of(app)


@pytest.mark.parametrize(("word", "off"), [("", False), ("on", False), ("off", True), ("disabled", True)])
def test_uploads_are_on_only_where_nothing_else_is_said(monkeypatch, word, off):
    monkeypatch.setenv(upload.SWITCH, word)
    assert upload.switched_off() is off


def test_no_file_of_secrets_is_no_fault_and_a_folder_in_its_place_is(secrets_file, tmp_path):
    secrets_file(None)
    assert signed_in._secrets() is None
    (tmp_path / "secrets.toml").mkdir()
    with pytest.raises(Closed, match="IsADirectoryError"):
        signed_in._secrets()
