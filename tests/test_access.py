"""Who is let in: by table, and whatever is wrong with the settings closes the app."""

import pandas as pd
import pytest

from forecast.access import Access, Closed, Person, Refusal, decide, settings

NOW = pd.Timestamp("2025-01-16 12:00", tz="UTC")
FRESH = int(pd.Timestamp("2025-01-16 09:00", tz="UTC").timestamp())
ACCESS = Access(("norfolk.gov.uk", "nhs.net"), ("ann.smith@norfolk.gov.uk",))
AUTH = {
    "redirect_uri": "https://forecast.norfolk.gov.uk/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "app",
    "client_secret": "hush",
    "server_metadata_url": "https://login.example.org/.well-known/openid-configuration",
}
WHO = {"domains": ["norfolk.gov.uk"], "approvers": ["Ann.Smith@norfolk.gov.uk"]}
GOOD = {"auth": AUTH, "access": WHO}
ENTRA = "https://login.microsoftonline.com/0a1b/v2.0"


def claims(email="bo@norfolk.gov.uk", **other):
    return {"email": email, "email_verified": True, "iat": FRESH, "name": "Bo Li", **other}


@pytest.mark.parametrize(
    ("email", "approver"),
    [
        ("bo@norfolk.gov.uk", False),
        ("BO@Norfolk.GOV.UK", False),
        (" bo@nhs.net ", False),
        ("ANN.Smith@norfolk.gov.uk", True),
        ("ann.smith@nhs.net", False),
        ("ann.smith+x@norfolk.gov.uk", False),
    ],
)
def test_a_confirmed_address_at_an_allowed_domain_is_let_in_and_only_approvers_approve(email, approver):
    found = decide(ACCESS, claims(email), NOW)
    assert found == Person("Bo Li", email.strip().lower(), approver)


@pytest.mark.parametrize(
    "email",
    [
        "x@norfolk.gov.uk.evil.org",
        "x@evil.org",
        "x@notnorfolk.gov.uk",
        "x@sub.norfolk.gov.uk",
        "x@norfolk.gov.uk.",
        "norfolk.gov.uk",
        "@norfolk.gov.uk",
        "x@",
        "x@evil.org@norfolk.gov.uk",
        '"x@norfolk.gov.uk"@evil.org',
        "x@norfol\u212a.gov.uk",  # the sign of Kelvin, whose small letter is k
        "x@norf\u043elk.gov.uk",  # a Cyrillic o
        "x y@norfolk.gov.uk",
        "x\n@norfolk.gov.uk",
        "x\x00@norfolk.gov.uk",
        "x" * 300 + "@norfolk.gov.uk",
        "",
        "   ",
        None,
        7,
        ["bo@norfolk.gov.uk"],
    ],
)
def test_no_other_address_is_let_in(email):
    found = decide(ACCESS, claims(email), NOW)
    assert isinstance(found, Refusal)
    assert not found.again


@pytest.mark.parametrize(
    "said",
    [
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email_verified": ""},
        {"email_verified": ["true"]},
        {"email_verified": False, "iss": ENTRA, "xms_edov": True},
    ],
)
def test_an_address_that_the_provider_does_not_confirm_is_not_let_in(said):
    found = decide(ACCESS, claims(**said), NOW)
    assert isinstance(found, Refusal)
    assert "did not confirm" in found.reason


@pytest.mark.parametrize(
    ("issuer", "edov", "let_in"),
    [
        (ENTRA, True, True),
        (ENTRA, "1", True),
        (ENTRA, 1, True),
        (ENTRA, False, False),
        (ENTRA, None, False),
        ("https://login.microsoftonline.com.evil.org/v2.0", True, False),
        ("https://evil.org/login.microsoftonline.com", True, False),
        ("https://[", True, False),
    ],
)
def test_entra_confirms_an_address_by_a_claim_of_its_own(issuer, edov, let_in):
    told = {key: value for key, value in claims().items() if key != "email_verified"}
    found = decide(ACCESS, {**told, "iss": issuer, "xms_edov": edov}, NOW)
    assert isinstance(found, Person) is let_in


@pytest.mark.parametrize("hours", [12.01, 24, 24 * 29])
def test_a_sign_in_of_yesterday_has_expired(hours):
    found = decide(ACCESS, claims(), pd.Timestamp(FRESH, unit="s", tz="UTC") + pd.Timedelta(hours=hours))
    assert found == Refusal("you signed in more than 12 hours ago", again=True)


@pytest.mark.parametrize("issued", [None, "soon", True, float("nan"), 1e300, FRESH + 86_400])
def test_a_sign_in_without_a_time_or_from_the_future_does_not_hold(issued):
    found = decide(ACCESS, claims(iat=issued), NOW)
    assert isinstance(found, Refusal)
    assert found.again


def test_a_name_is_shown_without_what_does_not_print_and_the_address_where_there_is_none():
    assert decide(ACCESS, claims(name="Bo\n\u202eLi\x00"), NOW).name == "BoLi"
    assert decide(ACCESS, claims(name=None), NOW).name == "bo@norfolk.gov.uk"
    assert decide(ACCESS, claims(name="  "), NOW).name == "bo@norfolk.gov.uk"


@pytest.mark.parametrize("secrets", [None, {}, {"openai": {"key": "x"}, "connections": {"a": {"url": "y"}}}])
def test_without_settings_the_app_is_open_unless_sign_in_is_required(secrets):
    assert settings(secrets) is None
    with pytest.raises(Closed, match="sign-in is required here"):
        settings(secrets, required=True)


def test_good_settings_are_read():
    assert settings(GOOD) == Access(("norfolk.gov.uk",), ("ann.smith@norfolk.gov.uk",), 12)
    assert settings({**GOOD, "access": {**WHO, "approvers": [], "hours": 8}}) == Access(("norfolk.gov.uk",), (), 8)
    local = {**AUTH, "redirect_uri": "http://localhost:8501/oauth2callback"}
    assert settings({**GOOD, "auth": local}) is not None


@pytest.mark.parametrize(
    ("secrets", "message"),
    [
        ({"auth": AUTH}, r"no section \[access\]"),
        ({"access": WHO}, r"no section \[auth\]"),
        ({"auth": {}, "access": WHO}, r"no section \[auth\]"),
        ({"auth": AUTH, "access": {}}, r"no section \[access\]"),
        ({"auth": "yes", "access": WHO}, r"no section \[auth\]"),
        ({"Auth": AUTH, "access": WHO}, r"\[Auth\], which is none"),
        ({"auht": AUTH}, r"\[auht\], which is none"),
        ({"oidc": AUTH}, r"\[oidc\], which is none"),
        ({"sso": AUTH}, r"\[sso\], which is none"),
        ({**GOOD, "acces": WHO}, r"\[acces\], which is none"),
        ({"team": WHO}, r"\[team\], which is none"),
        ({"client_id": "x"}, "'client_id' outside of any section"),
        ({"domains": ["norfolk.gov.uk"]}, "'domains' outside of any section"),
        *[({**GOOD, "auth": {**AUTH, key: ""}}, f"no {key}") for key in AUTH],
        *[({**GOOD, "auth": {k: v for k, v in AUTH.items() if k != key}}, f"no {key}") for key in AUTH],
        ({**GOOD, "auth": {**AUTH, "client_id": "<your client id>"}}, "no client_id"),
        ({**GOOD, "auth": {**AUTH, "cookie_secret": "short"}}, "cookie_secret under .* too short"),
        ({**GOOD, "auth": {**AUTH, "redirect_uri": "https://x.org/"}}, "does not end with /oauth2callback"),
        ({**GOOD, "auth": {**AUTH, "redirect_uri": "http://x.org/oauth2callback"}}, "does not begin with https"),
        ({**GOOD, "auth": {**AUTH, "server_metadata_url": "http://x.org/y"}}, "does not begin with https"),
        ({**GOOD, "auth": {**AUTH, "server_metadata_url": "http://["}}, "does not begin with https"),
        ({**GOOD, "auth": {**AUTH, "google": {"client_id": "x"}}}, "'google', which is no setting"),
        ({**GOOD, "access": {"approvers": []}}, "no list of domains"),
        ({**GOOD, "access": {"domains": ["norfolk.gov.uk"]}}, "no list of approvers"),
        ({**GOOD, "access": {**WHO, "domains": []}}, "domains under .* is empty, so nobody may sign in"),
        ({**GOOD, "access": {**WHO, "domains": "norfolk.gov.uk"}}, "no list of domains"),
        ({**GOOD, "access": {**WHO, "domains": [7]}}, "no list of domains"),
        ({**GOOD, "access": {**WHO, "domains": ["*"]}}, r"'\*' is no domain"),
        ({**GOOD, "access": {**WHO, "domains": ["*.gov.uk"]}}, "is no domain"),
        ({**GOOD, "access": {**WHO, "domains": ["uk"]}}, "is no domain"),
        ({**GOOD, "access": {**WHO, "domains": [""]}}, "is no domain"),
        ({**GOOD, "access": {**WHO, "approvers": ["ann@evil.org"]}}, "'ann@evil.org' is no e-mail address at one"),
        ({**GOOD, "access": {**WHO, "approver": []}}, "'approver', which is no setting"),
        ({**GOOD, "access": {**WHO, "hours": 0}}, "hours under .* is 0"),
        ({**GOOD, "access": {**WHO, "hours": "12"}}, "hours under .* is '12'"),
        ({**GOOD, "access": {**WHO, "hours": True}}, "hours under .* is True"),
    ],
)
def test_settings_that_are_incomplete_misspelt_or_wrong_close_the_app_and_name_no_secret(secrets, message):
    with pytest.raises(Closed, match=message) as error:
        settings(secrets)
    assert AUTH["client_secret"] not in str(error.value)
    assert AUTH["cookie_secret"] not in str(error.value)
