"""What the doctor found wrong with one thing, and what it did about it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong.

    Parameters
    ----------
    where
        The file, folder or run.
    wrong
        What is wrong with it, in words.
    did
        What was done about it; empty where it was only looked at, or nothing could be done.
    remedy
        What a person has to do now; empty where nothing is left to do.
    """

    where: str
    wrong: str
    did: str = ""
    remedy: str = ""

    def __str__(self) -> str:
        return "; ".join(filter(None, [f"{self.where}: {self.wrong}", self.did, self.remedy]))
