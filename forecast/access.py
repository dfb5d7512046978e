"""Who may see the app, and who may sign off and add figures: decided from settings and a person's claims, no more.

Whatever is wrong with the settings closes the app: it is open without sign-in only where nobody has asked for one.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from forecast.errors import ForecastError

AUTH, ACCESS = "auth", "access"
LOOKS_LIKE = (AUTH, ACCESS, "authentication", "authorisation", "authorization")
MEANT = {"oidc", "openid", "oauth", "oauth2", "login", "signin", "sign_in", "sso"}
NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
ALSO = ("client_kwargs", "expose_tokens")
KNOWN = ("domains", "approvers", "hours")
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32
"""Characters of the secret that signs the cookie: 256 bits where it is random."""
HOURS, MOST_HOURS = 12, 24 * 7
"""How long a sign-in holds unless the settings say otherwise, a working day; and the longest they may say."""
EARLY = pd.Timedelta(minutes=5)
"""How far the provider's clock may run ahead of this machine's."""
MICROSOFT = "login.microsoftonline.com"
OWN_MACHINE = {"localhost", "127.0.0.1", "::1"}


class Closed(ForecastError):
    """The settings of sign-in cannot be used: nobody is let in."""


@dataclass(frozen=True)
class Access:
    """Settings of sign-in.

    Parameters
    ----------
    domains
        What may stand after the @ of an e-mail address.
    approvers
        Addresses of those who may sign off and add figures.
    hours
        How long a sign-in holds.
    """

    domains: tuple[str, ...]
    approvers: tuple[str, ...]
    hours: float = HOURS


@dataclass(frozen=True)
class Person:
    """Somebody who was let in. Without sign-in: nobody in particular, who may do everything."""

    name: str = ""
    email: str = ""
    approver: bool = True

    @property
    def known(self) -> bool:
        """Whether it is known who this is."""
        return bool(self.email)


@dataclass(frozen=True)
class Refusal:
    """Why somebody who has signed in at the provider is not let in, and whether signing in again may help."""

    reason: str
    again: bool = field(default=False)


def settings(secrets: Mapping[str, Any] | None, *, required: bool = False) -> Access | None:
    """Return the settings of sign-in; None where nobody has asked for it.

    Parameters
    ----------
    secrets
        What the secrets hold, by section; None where there are none.
    required
        Nobody is let in without sign-in, also where there are no settings.

    Raises
    ------
    Closed
        The settings are incomplete or wrong; the message names what, and never a secret.
    """
    told = dict(secrets or {})
    for name, value in told.items():
        _refuse_misspelt(str(name), value)
    if AUTH not in told and ACCESS not in told:
        if required:
            raise Closed("sign-in is required here, but the secrets have no section [auth]")
        return None
    for section in (AUTH, ACCESS):
        if not isinstance(told.get(section), Mapping) or not told[section]:
            raise Closed(
                f"the secrets have no section [{section}], or an empty one; both [auth] and [access] are needed"
            )
    _check_provider(told[AUTH])
    return _access(told[ACCESS])


def decide(access: Access, claims: Mapping[str, Any], now: pd.Timestamp) -> Person | Refusal:
    """Let a person in, or say why not.

    Parameters
    ----------
    claims
        What the provider has said of the person, from a token whose signature was checked.
    now
        The time, in UTC.
    """
    if reason := _too_old(access, claims.get("iat"), now):
        return Refusal(reason, again=True)
    email = claims.get("email")
    if not isinstance(email, str) or not email.strip():
        return Refusal("your organisation's sign-in did not tell an e-mail address")
    plain = _plain(email)
    if not plain:
        return Refusal("the e-mail address that your organisation's sign-in told cannot be used")
    if not _verified(claims):
        return Refusal("your organisation's sign-in did not confirm that the e-mail address is yours")
    if plain.rpartition("@")[2] not in access.domains:
        return Refusal("this service is not open to your organisation's e-mail addresses")
    name = claims.get("name")
    shown = " ".join("".join(c for c in name if c.isprintable()).split())[:100] if isinstance(name, str) else ""
    return Person(shown if any(map(str.isalpha, shown)) else plain, plain, plain in access.approvers)


def _refuse_misspelt(name: str, value: Any) -> None:
    """Refuse a section that was meant to be one of ours: the app would stand open, and nobody would know."""
    plain = name.strip().casefold()
    if name in (AUTH, ACCESS):
        return
    if not isinstance(value, Mapping):
        if plain in {*NEEDED, *KNOWN}:
            raise Closed(f"the secrets have {name!r} outside of any section; put it under [auth] or [access]")
        return
    alike = plain in MEANT or difflib.get_close_matches(plain, LOOKS_LIKE, n=1, cutoff=0.7)
    if alike or {*map(str, value)} & {*NEEDED, *KNOWN}:
        raise Closed(f"the secrets have a section [{name}], which is none; the sections are [auth] and [access]")


def _check_provider(auth: Mapping[str, Any]) -> None:
    for key in NEEDED:
        value = auth.get(key)
        if not isinstance(value, str) or not value.strip() or value.startswith("<"):
            raise Closed(f"[auth] in the secrets has no {key}, or an empty one or one to be filled in")
    if unknown := [key for key in auth if key not in (*NEEDED, *ALSO)]:
        raise Closed(f"[auth] in the secrets has {unknown[0]!r}, which is no setting; it has {', '.join(NEEDED)}")
    if len(auth["cookie_secret"]) < SHORTEST_SECRET:
        raise Closed(
            f"cookie_secret under [auth] is too short; make one of {SHORTEST_SECRET} random characters or more"
        )
    if not auth["redirect_uri"].endswith(CALLBACK):
        raise Closed(f"redirect_uri under [auth] does not end with {CALLBACK}")
    for key in ("redirect_uri", "server_metadata_url"):
        address = _address(auth[key])
        if address.scheme != "https" and not (address.scheme == "http" and address.hostname in OWN_MACHINE):
            raise Closed(f"{key} under [auth] does not begin with https://")


def _address(text: str) -> Any:
    try:
        return urlsplit(text)
    except ValueError:
        return urlsplit("")


def _access(told: Mapping[str, Any]) -> Access:
    if unknown := [key for key in told if key not in KNOWN]:
        raise Closed(f"[access] in the secrets has {unknown[0]!r}, which is no setting; it has {', '.join(KNOWN)}")
    domains = tuple(_domain(one) for one in _texts(told, "domains"))
    if not domains:
        raise Closed('domains under [access] is empty, so nobody may sign in; write domains = ["example.gov.uk"]')
    approvers = []
    for one in _texts(told, "approvers"):
        plain = _plain(one)
        if plain.rpartition("@")[2] not in domains:
            raise Closed(f"approvers under [access]: {one!r} is no e-mail address at one of the domains")
        approvers.append(plain)
    hours = told.get("hours", HOURS)
    if isinstance(hours, bool) or not isinstance(hours, (int, float)) or not 0 < hours <= MOST_HOURS:
        raise Closed(f"hours under [access] is {hours!r}; give a number of hours up to {MOST_HOURS}")
    return Access(domains, tuple(approvers), float(hours))


def _texts(told: Mapping[str, Any], key: str) -> Sequence[str]:
    found = told.get(key)
    if not isinstance(found, Sequence) or isinstance(found, str) or not all(isinstance(one, str) for one in found):
        raise Closed(f'[access] in the secrets has no list of {key}; write {key} = ["..."]')
    return found


def _domain(text: str) -> str:
    plain = text.strip().lower()
    parts = plain.split(".")
    letters = all(part and part.isascii() and part.replace("-", "").isalnum() for part in parts)
    if len(parts) < 2 or not letters:
        raise Closed(f"domains under [access]: {text!r} is no domain; write what stands after the @, without wildcards")
    return plain


def _plain(email: str) -> str:
    """Return an address in small letters; empty where it is none, or has letters that only look like others."""
    text = email.strip()
    name, at, domain = text.partition("@")
    odd = not text.isascii() or not text.isprintable() or " " in text or len(text) > 254
    return "" if odd or not name or not at or not domain or "@" in domain else text.lower()


def _verified(claims: Mapping[str, Any]) -> bool:
    """Whether the provider confirms the address: by the standard's claim, or by that of Microsoft Entra ID."""
    if "email_verified" in claims:
        return _yes(claims["email_verified"])
    issuer = _address(str(claims.get("iss", "")))
    return issuer.hostname == MICROSOFT and _yes(claims.get("xms_edov"))


def _yes(claim: Any) -> bool:
    """Whether a claim says yes; some providers send a text, Microsoft also a one."""
    return claim is True or str(claim).casefold() in {"true", "1"}


def _too_old(access: Access, issued: Any, now: pd.Timestamp) -> str:
    if isinstance(issued, bool) or not isinstance(issued, (int, float)) or not math.isfinite(issued):
        return "your organisation's sign-in did not tell when you signed in"
    try:
        at = pd.Timestamp(issued, unit="s", tz="UTC")
    except (ValueError, OverflowError):
        return "your organisation's sign-in did not tell when you signed in"
    age = now - at
    if age < -EARLY:
        return "the time at which you signed in lies ahead of this machine's clock"
    if age > pd.Timedelta(hours=access.hours):
        return f"you signed in more than {access.hours:g} hours ago"
    return ""
