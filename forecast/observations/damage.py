"""What is wrong with a store's files, and setting it aside so that everything else can be read again.

A damaged vintage is never deleted: it is moved to ``observations/damaged``. Its rows come back by ingesting its
sources again, with the releases they had: editions may arrive in any order.
"""

from __future__ import annotations

from dataclasses import dataclass

from forecast.observations import numbering, vintages
from forecast.observations.folders import File, Folder
from forecast.observations.numbering import ASIDE, NOTES
from forecast.observations.vintages import DamagedVintage

UNFINISHED = "an ingest was begun and not finished, or is under way"
TWICE = "its number stands twice"


@dataclass(frozen=True)
class Damage:
    """A vintage that cannot be used.

    Parameters
    ----------
    number
        Of the vintage.
    file
        Its file name.
    reason
        What is wrong, in plain English.
    sources
        Editions to ingest again; empty where they are not known.

    Examples
    --------
    >>> from forecast.observations.damage import Damage
    >>> print(Damage(3, "000003.parquet", "its bytes are not those written", ("flu workbook of 9 January",)))
    000003.parquet: its bytes are not those written; ingest again: flu workbook of 9 January
    >>> Damage(4, "000004.parquet", "is missing", ()).unfinished
    False
    """

    number: int
    file: str
    reason: str
    sources: tuple[str, ...]

    @property
    def unfinished(self) -> bool:
        """Whether an ingest was killed before there was a vintage, or is under way."""
        return self.reason == UNFINISHED

    def __str__(self) -> str:
        again = "; ".join(self.sources) or "every file, since it is not known which it held"
        return f"{self.file}: {self.reason}; ingest again: {again}"


def check(folder: Folder) -> list[Damage]:
    """Read every byte and say what is damaged, missing or was begun and not finished, in order of ingest.

    Raises
    ------
    StoreError
        The folder cannot be read.
    """
    files = [file for file in folder.files() if vintages.number_of(file.name) is not None]
    numbers = numbering.numbers_of(files)
    notes = folder.files(NOTES)
    found = [damage for file in files if (damage := _damage(folder, file, notes))]
    found += _twice(folder, [file for file in files if file.name not in {damage.file for damage in found}], notes)
    for number in numbering.missing(folder, numbers):
        found.append(Damage(number, vintages.name_of(number), "it is missing", _noted(folder, notes, number)))
    newest = max([*numbers, *numbering.set_aside(folder)], default=0)
    for number in sorted({n for n in numbering.numbers_of(notes) if n > newest}):
        found.append(Damage(number, vintages.name_of(number), UNFINISHED, _noted(folder, notes, number)))
    return sorted(found, key=lambda damage: damage.number)


def heal(folder: Folder) -> list[Damage]:
    """Move damaged vintages aside and put up with missing ones; return what ``check`` found.

    The note of an ingest that was not finished goes where no other writer can be at work; it is in what is returned.

    Raises
    ------
    StoreError
        The folder cannot be read or written.
    """
    if not check(folder):
        return []
    with folder.writing():
        found = check(folder)
        there = {file.name for file in folder.files()}
        newest = max(numbering.numbers_of(folder.files()), default=0)
        for damage in found:
            if damage.file in there:
                folder.move(damage.file, f"{ASIDE}/{damage.file}")
            elif damage.unfinished:
                _drop_notes(folder, damage.number)
            elif damage.number < newest:
                folder.create(f"{ASIDE}/{damage.number:06d}.missing", "\n".join(damage.sources).encode())
    return found


def _twice(folder: Folder, files: list[File], notes: list[File]) -> list[Damage]:
    """Whole vintages whose number another has too: all but the last of a number by name, since a copy says so."""
    numbers = numbering.numbers_of(files)
    return [
        Damage(number, file.name, TWICE, _noted(folder, notes, number))
        for place, (file, number) in enumerate(zip(files, numbers, strict=True))
        if number in numbers[place + 1 :]
    ]


def _drop_notes(folder: Folder, number: int) -> None:
    if folder.alone:
        for note in folder.files(NOTES):
            if numbering.numbers_of([note]) == [number]:
                folder.remove(f"{NOTES}/{note.name}")


def _damage(folder: Folder, file: File, notes: list[File]) -> Damage | None:
    (content,) = folder.read([(file.name, 0, file.size)])
    held: tuple[str, ...] = ()
    try:
        vintage = numbering.opened_one(folder, file, content)
        held = tuple(vintage.sources)
        for metric in vintage.metrics:
            start, end = vintage.span(metric)
            vintages.rows(vintage, metric, content[start:end], ["value"])
    except DamagedVintage as error:
        number = vintages.number_of(file.name) or 0
        return Damage(number, file.name, error.reason, held or _noted(folder, notes, number))
    return None


def _noted(folder: Folder, notes: list[File], number: int) -> tuple[str, ...]:
    chosen = [note for note in notes if numbering.numbers_of([note]) == [number]]
    texts = folder.read([(f"{NOTES}/{note.name}", 0, note.size) for note in chosen])
    return tuple(dict.fromkeys(line for text in texts for line in text.decode(errors="replace").splitlines() if line))
