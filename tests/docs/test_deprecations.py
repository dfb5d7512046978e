"""Whatever is on its way out says since when, until when, and what to use instead."""

import re
import warnings
from importlib import metadata

import pytest
from public_names import members, public_objects
from typing_extensions import deprecated

NOTICE = re.compile(r"use .+ instead; deprecated since (\d+)\.(\d+), removed in (\d+)\.(\d+)")
VERSION = tuple(map(int, metadata.version("norfolk-forecast").split(".")[:2]))


def fault(notice, version=VERSION):
    found = NOTICE.fullmatch(notice)
    if not found:
        return "does not say what to use, since when and until when"
    since, until = (int(found[1]), int(found[2])), (int(found[3]), int(found[4]))
    if until <= version:
        return "should be gone by now"
    if until[0] == since[0] and until[1] - since[1] < 2:
        return "goes after less than two minor versions"
    return ""


def test_every_public_name_that_goes_says_so_in_full():
    classes = {name: thing for name, thing in public_objects().items() if isinstance(thing, type)}
    own = {f"{name}.{at}": part for name, cls in classes.items() for at, part in members(cls)}
    parts = {**public_objects(), **own}
    notices = {name: part.__deprecated__ for name, part in parts.items() if hasattr(part, "__deprecated__")}
    assert {name: fault(notice) for name, notice in notices.items() if fault(notice)} == {}


@pytest.mark.parametrize(
    ("notice", "version", "wrong"),
    [
        ("use peaks instead; deprecated since 0.2, removed in 0.4", (0, 3), ""),
        ("use peaks instead; deprecated since 0.2, removed in 0.4", (0, 4), "should be gone by now"),
        ("use peaks instead; deprecated since 0.2, removed in 0.3", (0, 2), "goes after less than two minor versions"),
        ("do not use this", (0, 2), "does not say what to use, since when and until when"),
    ],
)
def test_a_notice_is_complete_and_in_time(notice, version, wrong):
    assert fault(notice, version) == wrong


def test_the_way_the_policy_names_warns_whoever_calls():
    @deprecated("use new instead; deprecated since 0.2, removed in 0.4")
    def old():
        return 1

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert old() == 1
    assert [str(one.message) for one in said] == [old.__deprecated__]
    assert said[0].category is DeprecationWarning
