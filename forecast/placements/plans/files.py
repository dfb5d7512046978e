"""A plan's settings as JSON: a file a person keeps, sends and opens again.

A file holds every setting, so that a plan stays what it was when the reference's figures change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from forecast.errors import InputError
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.fields import known
from forecast.placements.plans.names import FrozenMap
from forecast.placements.plans.numbers import said
from forecast.placements.plans.schedule import Schedule

FORMAT = "norfolk-forecast placement plan"
VERSION = 1
LARGEST = 1_000_000
"""Most characters of a file that is read; a plan has a few thousand."""


def as_json(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings as numbers, texts, lists and dicts."""
    return {name: _plain(value) for name, value in values.items()}


def to_text(values: Mapping[str, Any], *, name: str = "") -> str:
    """Return the text of a plan's file; ``name``: what a person calls the plan."""
    content = {"format": FORMAT, "version": VERSION, "name": name, "settings": as_json(values)}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def from_text(text: str, *, where: str = "the plan") -> tuple[str, dict[str, Any]]:
    """Name and settings in the text of a plan's file, not yet checked.

    Raises
    ------
    InputError
        It is not a plan's file, or one of a later version; the message begins with ``where``.
    """
    if len(text) > LARGEST:
        raise InputError(f"{where}: {len(text):,} characters are too many for a plan; choose a file saved as a plan")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{where}: it is not JSON; choose a file saved as a plan") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError(f'{where}: it is not a saved plan ("format" is not {FORMAT!r}); choose a file saved as a plan')
    version, settings, name = content.get("version"), content.get("settings"), content.get("name", "")
    if version != VERSION:
        raise InputError(
            f"{where}: the plan is of version {said(version)}, and this toolkit reads version {VERSION}; save it anew "
            "with the toolkit that is to read it, or bring the toolkit up to date"
        )
    if not isinstance(settings, dict) or not isinstance(name, str):
        raise InputError(f'{where}: "settings" holds no settings or "name" is no text; choose a file saved as a plan')
    try:
        for setting in settings:
            known(setting)
    except SettingError as error:
        raise error.within(where) from None
    return name, settings


def write(values: Mapping[str, Any], path: str | Path, *, name: str = "") -> None:
    """Write a plan's file, whole or not at all.

    Raises
    ------
    InputError
        The file cannot be written.
    """
    path = _named(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.writing")
    try:
        text = to_text(values, name=name).encode()
    except UnicodeEncodeError:
        raise InputError(
            f"the plan's name is {said(name)}, which cannot be written; take out what is no letter"
        ) from None
    try:
        temporary.write_bytes(text)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"{path}: the plan cannot be written ({error.strerror}); choose another folder") from error


def read(path: str | Path) -> tuple[str, dict[str, Any]]:
    """Name and settings in a plan's file, not yet checked.

    Raises
    ------
    InputError
        The file cannot be read or is not a plan's; the message names it.
    """
    path = _named(path)
    try:
        if path.stat().st_size > 4 * LARGEST:
            raise InputError(f"{path}: the file is too large for a plan; choose a file saved as a plan")
        return from_text(path.read_text(encoding="utf-8-sig"), where=str(path))
    except UnicodeDecodeError:
        raise InputError(f"{path}: it is not a text file; choose a file saved as a plan") from None
    except OSError as error:
        raise InputError(f"{path}: the file cannot be read ({error.strerror}); check the path") from error


def _named(path: str | Path) -> Path:
    if not isinstance(path, str | Path) or "\0" in str(path) or not Path(path).name:
        raise InputError(f"{said(path)} names no file; give the path of a plan's file, such as plan.json")
    return Path(path)


def _plain(value: Any) -> Any:
    if isinstance(value, Schedule):
        first, *later = value.steps
        return [[f"{date:%Y-%m-%d}", count] for date, count in value.steps] if later else first[1]
    if isinstance(value, FrozenMap):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [event.to_dict() for event in value]
    return value
