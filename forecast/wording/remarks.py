"""The remarks of a run for people: each said once, with the place or the measures it holds for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from forecast.wording import words


def notes(said: Mapping[str, str], labels: Mapping[str, str]) -> list[str]:
    """Remarks of a run on one metric, each with the name of its place.

    Parameters
    ----------
    said
        Location to remark.
    labels
        Code to screen name.
    """
    return [f"{labels.get(code, code)}: {words.sentence(text)}" for code, text in said.items()]


def grouped(remarks: Mapping[str, Sequence[str]]) -> list[str]:
    """Say each remark once, with the measures it holds for.

    Parameters
    ----------
    remarks
        Label of a measure to its remarks.
    """
    holds: dict[str, list[str]] = {}
    for label, texts in remarks.items():
        for text in texts:
            holds.setdefault(text, []).append(label)
    return [
        f"{text} (All measures.)" if len(labels) == len(remarks) > 1 else f"{text} ({'; '.join(labels)}.)"
        for text, labels in holds.items()
    ]
