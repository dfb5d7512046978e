"""The vintages of a folder, numbered in the order of ingest.

Beside each vintage a note names its sources. It is written first, so that what is to be ingested again can be said
even when the vintage itself is destroyed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence

from forecast.errors import StoreError
from forecast.observations import vintages
from forecast.observations.folders import File, Folder
from forecast.observations.vintages import Vintage

NOTES = "sources"
ASIDE = "damaged"
_NUMBER = re.compile(r"(\d{6})\b")


def listed(folder: Folder) -> list[File]:
    """Return the files of the vintages in the order of ingest.

    Raises
    ------
    StoreError
        A number is missing or stands twice.
    """
    files = [file for file in folder.files() if vintages.number_of(file.name) is not None]
    numbers = numbers_of(files)
    if numbers == list(range(1, len(numbers) + 1)):
        return files
    for number in numbers:
        if numbers.count(number) > 1:
            raise StoreError(
                f"{folder.label()}: two vintages are numbered {number}; move one of them away or let 'forecast "
                "doctor' set one aside, then ingest its files again"
            )
    if gone := missing(folder, numbers):
        raise StoreError(
            f"{folder.label(vintages.name_of(gone[0]))}: this file of the store is missing; put it back, or let "
            "'forecast heal' name the files to ingest again"
        )
    return files


def missing(folder: Folder, numbers: Sequence[int]) -> list[int]:
    """Numbers below the newest that are neither there nor known to be set aside."""
    return sorted(set(range(1, max(numbers, default=0))) - set(numbers) - set(set_aside(folder)))


def set_aside(folder: Folder) -> list[int]:
    """Return the numbers of vintages found damaged or missing; none of them is given again."""
    return numbers_of(folder.files(ASIDE))


def numbers_of(files: Iterable[File]) -> list[int]:
    """Return the number at the head of each file name."""
    return [int(found[1]) for file in files if (found := _NUMBER.match(file.name))]


def opened(folder: Folder, files: Sequence[File]) -> list[Vintage]:
    """Read the footers of vintages, all in one go.

    Raises
    ------
    StoreError
        One is damaged or cannot be read.
    """
    tails = folder.read([(file.name, max(0, file.size - vintages.TAIL), file.size) for file in files])
    return [opened_one(folder, file, tail) for file, tail in zip(files, tails, strict=True)]


def opened_one(folder: Folder, file: File, tail: bytes) -> Vintage:
    """Read the footer of one vintage from its last bytes."""
    name, size, _ = file
    return vintages.opened(folder.label(name), name, size, tail, lambda a, b: folder.read([(name, a, b)])[0])


def append(folder: Folder, number: int, content: bytes, sources: Iterable[str]) -> None:
    """Make a vintage of that number, its note first; within ``folder.writing()``.

    Raises
    ------
    FileExistsError
        Another writer has taken the number.
    """
    if folder.alone:
        for left in folder.files(NOTES):
            if max(numbers_of([left]), default=0) >= number:
                folder.remove(f"{NOTES}/{left.name}")
    mark = hashlib.sha256(content).hexdigest()[:12]
    folder.create(f"{NOTES}/{number:06d}-{mark}.txt", "\n".join(sources).encode())
    folder.create(vintages.name_of(number), content)
