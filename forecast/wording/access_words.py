"""Plain words on signing in."""

from __future__ import annotations

from forecast.access import Person

TITLE = "Hospital discharge forecast"
PLEASE = (
    "Please sign in with your work account to see the forecasts. If you came by a link, open the link once more after "
    "you have signed in."
)
IN, OUT, OTHER = "Sign in", "Sign out", "Sign out and use another account"


def who(person: Person) -> dict[str, str]:
    """Return who is signed in, and what that person may do beside looking."""
    name = person.name if person.name == person.email else f"{person.name} ({person.email})"
    return {"Signed in as": f"{name}, approver" if person.approver else name}


def again(reason: str) -> str:
    """Ask to sign in once more."""
    return f"Please sign in again: {reason}."


def refused(reason: str) -> str:
    """Say why a person is not let in."""
    return (
        f"You cannot be let in: {reason}. If you should have access, ask the people who run this service, or sign in "
        "with your work account."
    )


def closed(reason: str) -> str:
    """Say that nobody is let in."""
    return (
        f"This service is closed: its sign-in is not set up properly, so nothing is shown to anybody. For the people "
        f"who run it: {reason}."
    )
