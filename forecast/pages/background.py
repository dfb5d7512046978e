"""What a count of people fit to leave is and is not, with the share reported to wait for social care."""

from __future__ import annotations

from forecast.errors import InputError
from forecast.reference import reference
from forecast.wording import words


def what_is_counted(county: str) -> list[str]:
    """Return the sentences that stand under the headline of a county."""
    tables = reference()
    said = [words.everyone(tables.label(county))]
    try:
        names = ("waiting_for_social_care", "fit_to_leave_patients", "share_waiting_for_social_care")
        said.append(words.reported_share(*(tables.assumption(name, county) for name in names)))
    except InputError:
        # Another county's reference need not hold such a report.
        pass
    return said
