"""Plain words on who answers for a forecast."""

from __future__ import annotations

from forecast.runs.sign_off import SignOff, Standing
from forecast.wording.words import listed, sentence, short_day

NOT_SIGNED = "Not signed off"
INTRODUCTION = (
    "Signing off says that a named person has looked at these figures and answers for them. The name and the day "
    "stand on every page; with the comment also here and, as far as there is room, in every file made from this "
    "forecast."
)
NAME_FIRST = "Nothing was recorded. Type your name first."
ONLY_APPROVERS = "Only the people named as approvers may sign off."
OWN_NAME = "You sign off under the name and e-mail address that you signed in with:"


def signed_words(found: Standing, *, comments: bool = True) -> str:
    """Return who signed a run off, when and with what words; or that nobody did, and why one does not count."""
    if found.signed:
        who = [_who(entry, comments) for entry in found.signed]
        return f"Signed off by {'; and by '.join(who) if comments else listed(who)}"
    if (taken := found.withdrawn) is not None:
        return f"{NOT_SIGNED}: withdrawn by {_who(taken, comments)}"
    if found.other is not None:
        return f"{NOT_SIGNED}: what {_who(found.other, False)} signed off is another forecast of the same name"
    return NOT_SIGNED


def recorded(entry: SignOff) -> str:
    """Return what was recorded just now."""
    return sentence(f"Recorded for forecast {entry.run}: {entry.kind} by {_who(entry, True)}")


def history(entry: SignOff) -> str:
    """Return one line of the record."""
    return f"{entry.kind.capitalize()} by {_who(entry, True)}"


def _who(entry: SignOff, comments: bool) -> str:
    said = f"{entry.name} on {short_day(entry.at)}"
    return f"{said}: {entry.comment}" if comments and entry.comment else said
