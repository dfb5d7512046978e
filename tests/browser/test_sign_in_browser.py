"""Signing in at a real OpenID provider: who sees what, and that nothing is shown to anybody else."""

import re
import urllib.request

import pytest
from conftest import served
from playwright.sync_api import expect
from sign_in import CLIENT_SECRET, COOKIE_SECRET, provider, secrets_for
from steps import settled

pytestmark = pytest.mark.browser
RUN = re.compile("2025-01-09-5151|fit to leave|Norfolk|SIMULATED")


@pytest.fixture(scope="module")
def closed_app(tmp_path_factory):
    """Address of an app that asks for sign-in, and its folder."""
    from made_runs import make_run

    folder = tmp_path_factory.mktemp("signed")
    make_run(folder / "models")
    with provider() as server:
        (folder / "secrets.toml").write_text(secrets_for(server), encoding="utf-8")
        with served(folder, f"--secrets.files={folder / 'secrets.toml'}") as found:
            yield found.replace("127.0.0.1", "localhost"), folder


@pytest.fixture
def page(browser, closed_app):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", base_url=closed_app[0])
    context.set_default_timeout(20_000)
    yield context.new_page()
    context.close()


def sign_in(page, who, path="/"):
    page.goto(path)
    settled(page).get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name=who, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    return settled(page)


@pytest.mark.parametrize("path", ["/", "/data?hospital=RGP"])
def test_before_sign_in_nothing_of_a_forecast_is_shown_on_any_page(page, path):
    received = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(frame)))
    page.goto(path)
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    settled(page)
    assert not RUN.search(page.locator("body").inner_text())
    assert not RUN.search(page.title())
    expect(page.get_by_role("link", name="Data")).to_have_count(0)
    sent = b"".join(frame if isinstance(frame, bytes) else frame.encode() for frame in received)
    assert sent
    assert not RUN.search(sent.decode("latin-1"))
    assert not any(secret.encode() in sent for secret in (CLIENT_SECRET, COOKIE_SECRET))


def test_a_person_of_the_council_sees_the_forecast_but_may_neither_sign_off_nor_add_files(page):
    sign_in(page, "bo")
    expect(page.get_by_role("heading", name="This week")).to_be_visible()
    who = page.get_by_text("Bo <b>Li</b> [x](http://evil.org) (bo@norfolk.gov.uk)")
    expect(who).to_be_visible()
    assert page.locator("b", has_text=re.compile("^Li$")).count() == 0
    expect(page.get_by_text("Only the people named as approvers may sign off.")).to_be_visible()
    expect(page.get_by_role("button", name="Sign off these figures")).to_have_count(0)
    settled(page).get_by_test_id("stTopNavLink").filter(has_text="Data").click()
    expect(page.get_by_text("Only the people named as approvers may add figures.")).to_be_visible()
    expect(page.locator("input[type=file]")).to_have_count(0)
    settled(page).get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/oauth2/end_session"))  # the provider's own page
    page.go_back()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    assert not RUN.search(settled(page).locator("body").inner_text())


@pytest.mark.parametrize(
    ("who", "told"),
    [
        ("eve", "this service is not open to your organisation's e-mail addresses"),
        ("una", "did not confirm that the e-mail address is yours"),
        ("olive", "Please sign in again: you signed in more than 12 hours ago."),
    ],
)
def test_others_are_told_why_they_are_not_let_in(page, closed_app, who, told):
    sign_in(page, who)
    expect(page.get_by_text(told)).to_be_visible()
    assert not RUN.search(page.locator("body").inner_text())
    log = (closed_app[1] / "log.txt").read_text(encoding="utf-8")
    assert "was not let in" in log
    assert not any(text in log for text in (CLIENT_SECRET, COOKIE_SECRET, "norfolk.gov.uk", "Una"))


def test_an_approver_signs_off_under_the_providers_name_and_takes_it_back(page, closed_app):
    sign_in(page, "ann")
    expect(page.get_by_text("Sign-off Not signed off")).to_be_visible()
    page.locator("summary", has_text="Sign these figures off").click()
    expect(page.get_by_text("Ann Smith (ann.smith@norfolk.gov.uk)").last).to_be_visible()
    expect(page.get_by_label("Your name")).to_have_count(0)
    page.get_by_label("What you have looked at").fill("All of it <img src=x onerror=alert(1)>")
    settled(page).get_by_role("button", name="Sign off these figures").click()
    expect(page.get_by_text(re.compile(r"Sign-off Signed off by Ann Smith on \d+ \w+ \d{4}$"))).to_be_visible()
    expect(page.get_by_text("All of it <img src=x onerror=alert(1)>").first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    (record,) = (closed_app[1] / "models" / "sign_offs").glob("*.jsonl")
    assert '"by": "ann.smith@norfolk.gov.uk"' in record.read_text(encoding="utf-8")
    settled(page).get_by_role("button", name="Withdraw the sign-off").click()
    expect(page.get_by_text("Sign-off Not signed off: withdrawn by Ann Smith")).to_be_visible()
    settled(page).get_by_test_id("stTopNavLink").filter(has_text="Data").click()
    expect(page.locator("input[type=file]")).to_be_attached()


def test_the_callback_and_forged_cookies_let_nobody_in(page, closed_app):
    with urllib.request.urlopen(f"{closed_app[0]}/oauth2callback?code=x&state=y", timeout=10) as answer:
        assert CLIENT_SECRET not in answer.read().decode()
    page.context.add_cookies(
        [{"name": "_streamlit_user", "value": '2|1:0|forged:{"is_logged_in": true}', "url": closed_app[0]}]
    )
    page.goto("/")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
