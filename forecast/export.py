"""What a run gives a person to take away: workbook, briefing, slides, exchange file, pictures; written or as bytes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from forecast.briefing import Briefing, briefing
from forecast.errors import InputError
from forecast.reference import reference
from forecast.runs import Run
from forecast.takeaway.origin import Origin, slug
from forecast.takeaway.packages import archive
from forecast.wording import takeaway_words as said

WORKBOOK, BRIEFING, SLIDES, HUB, PICTURES = KINDS = ("workbook", "briefing", "slides", "hub", "pictures")
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "zip": "application/zip",
}
_ENDINGS = {WORKBOOK: "xlsx", BRIEFING: "html", SLIDES: "pptx"}
_MANY = (HUB, PICTURES)
"""Kinds that are more than one file in any case."""


def export(
    run: Run,
    folder: str | Path,
    *,
    signed: str = "",
    kinds: Sequence[str] = KINDS,
    progress: Callable[[str], None] | None = None,
) -> list[Path]:
    """Write what a person takes away from a run into a folder.

    Parameters
    ----------
    run
        A finished run.
    folder
        Made where it is missing; files of the same name in it are replaced, each as a whole.
    signed
        Who signed the run off, in words; "Not signed off" stands in every file where it is empty.
    kinds
        Some of ``KINDS``.
    progress
        Called with the name of each file once it is written.

    Returns
    -------
    list of Path
        The files written. The same run, sign-off and earlier runs beside it give the same bytes.

    Raises
    ------
    InputError
        A kind is unknown, or the folder cannot be written.
    RunError
        A piece of the run cannot be read.

    Examples
    --------
    >>> export(latest_run("models"), "reports", signed="Signed off by A. Person")  # doctest: +SKIP
    """
    folder = Path(folder)
    written = []
    for kind in _known(kinds):
        for name, content in files(run, kind, signed=signed):
            written.append(_write(folder, name, content))
            if progress is not None:
                progress(name)
    return written


def files(run: Run, kind: str, *, signed: str = "") -> Iterator[tuple[str, bytes]]:
    """Name and content of each file of a kind, made one after the other; raises as ``export``."""
    (kind,) = _known([kind])
    origin = Origin.of(run, signed)
    told = [briefing(run, county, signed=signed) for county in run.counties]
    yield from _made(run, kind, told, origin)


def bundle(run: Run, kind: str, *, signed: str = "") -> bytes:
    """Return a kind as one file to download: see ``bundle_name``; raises as ``export``."""
    made = dict(files(run, kind, signed=signed))
    return archive(made) if _zipped(run, kind) else next(iter(made.values()))


def bundle_name(run: Run, kind: str) -> str:
    """Return the name of the one file that a kind is downloaded as: a zip archive where it is several."""
    (kind,) = _known([kind])
    names = {WORKBOOK: said.WORKBOOK, BRIEFING: said.BRIEFING, SLIDES: said.SLIDES, HUB: HUB, PICTURES: said.PICTURES}
    return Origin.of(run).file(names[kind], "zip" if _zipped(run, kind) else _ENDINGS[kind])


def _made(run: Run, kind: str, told: Sequence[Briefing], origin: Origin) -> Iterator[tuple[str, bytes]]:
    # What draws and writes is loaded when it is asked for: a page that only offers the files does not wait for it.
    if kind == WORKBOOK:
        from forecast.takeaway.workbook import workbook

        yield origin.file(said.WORKBOOK, "xlsx"), workbook(run, told, origin)
    elif kind == HUB:
        from forecast.takeaway import hub

        yield hub.file_name(run, origin), hub.csv(run)
        yield hub.metadata_name(run, origin), hub.metadata(run, origin)
    elif kind == PICTURES:
        from forecast.takeaway import pictures

        yield from pictures.files(run, told, origin)
    else:
        for one in told:
            yield _of_county(run, kind, one, origin)


def _of_county(run: Run, kind: str, told: Briefing, origin: Origin) -> tuple[str, bytes]:
    named = f"-{slug(reference().label(told.county))}" if len(run.counties) > 1 else ""
    if kind == BRIEFING:
        from forecast.takeaway.briefing_html import briefing_html

        return origin.file(said.BRIEFING + named, "html"), briefing_html(run, told, origin)
    from forecast.takeaway.slides import slides

    return origin.file(said.SLIDES + named, "pptx"), slides(run, told, origin)


def _zipped(run: Run, kind: str) -> bool:
    return kind in _MANY or (kind in (BRIEFING, SLIDES) and len(run.counties) > 1)


def _known(kinds: Sequence[str]) -> list[str]:
    wrong = [kind for kind in kinds if kind not in KINDS]
    if wrong or not kinds:
        raise InputError(f"{wrong[0] if wrong else 'nothing'!r} cannot be taken away; choose among {', '.join(KINDS)}")
    return list(dict.fromkeys(kinds))


def _write(folder: Path, name: str, content: bytes) -> Path:
    """Write a file under a temporary name and rename it: whoever opens it finds all of it or none."""
    path, half = folder / name, folder / f".{name}.{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        raise InputError(
            f"{folder}: {name} cannot be written there ({error.strerror or error}); choose another folder"
        ) from error
    finally:
        # What could not be written may not be there to remove either; the message above says it.
        with suppress(OSError):
            half.unlink(missing_ok=True)
    return path
