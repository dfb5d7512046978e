"""What the gate found, and whether a run may be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Finding:
    """One thing that a check found.

    Parameters
    ----------
    check
        Which: one of ``forecast.gate.judging.CHECKS``.
    says
        The thing, the value and the remedy, in words.
    refuses
        Whether a run is not published because of it; else it is only worth knowing.
    """

    check: str
    says: str
    refuses: bool = True


@dataclass(frozen=True)
class Verdict:
    """What the gate found of one refit.

    Parameters
    ----------
    findings
        In the order of the checks.
    compared_with
        Name of the run that was served then; empty where there was none.
    forced
        Why a person has the run published whatever was found; empty where nobody does.
    """

    findings: tuple[Finding, ...] = ()
    compared_with: str = ""
    forced: str = ""

    @property
    def against(self) -> tuple[Finding, ...]:
        """Findings that speak against publishing."""
        return tuple(finding for finding in self.findings if finding.refuses)

    @property
    def refused(self) -> bool:
        """Whether the run is not published."""
        return bool(self.against) and not self.forced

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks against publishing, in words."""
        return tuple(finding.says for finding in self.against)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What else is worth knowing, in words."""
        return tuple(finding.says for finding in self.findings if not finding.refuses)

    def entry(self) -> dict[str, Any]:
        """Return what the manifest says of it."""
        return {**asdict(self), "findings": [asdict(finding) for finding in self.findings]}


def verdict_of(entry: Mapping[str, Any] | None) -> Verdict | None:
    """Read what a manifest says of the verdict; None where the gate was not asked."""
    if entry is None:
        return None
    findings = tuple(
        Finding(str(one["check"]), str(one["says"]), bool(one["refuses"])) for one in entry.get("findings", ())
    )
    return Verdict(findings, str(entry.get("compared_with", "")), str(entry.get("forced", "")))
