"""The page of licences is of the packages that a server gets, and none of them binds who passes the program on."""

import re

import pytest

from deploy.licences import ELSEWHERE, PAGE, licences, locked, refused

ROW = re.compile(r"(?m)^\| ([a-z0-9-]+) \| ([^|]+) \| ([^|]+) \|$")


@pytest.fixture(scope="module")
def told():
    return {name: (version, licence) for name, version, licence in ROW.findall(PAGE.read_text(encoding="utf-8"))}


def test_the_page_lists_what_the_lock_gives_a_server_in_the_locked_versions(told):
    assert {name: version for name, (version, _) in told.items() if name != "package"} == locked(), (
        "run python deploy/licences.py"
    )


def test_the_page_says_what_the_packages_say(told):
    known = licences(sorted(locked()))
    assert len(known) > 80
    out_of_date = {name: licence for name, licence in known.items() if told[name][1] != licence}
    assert out_of_date == {}, "run python deploy/licences.py"


def test_no_licence_is_unknown_or_binds_who_passes_the_program_on():
    assert refused(PAGE.read_text(encoding="utf-8")) == []
    assert set(ELSEWHERE) <= set(locked())


@pytest.mark.parametrize(
    ("licence", "binds"),
    [
        ("GPL-3.0-or-later", True),
        ("AGPL-3.0", True),
        ("GNU General Public License v3 (GPLv3)", True),
        ("GNU Affero General Public License v3", True),
        ("UNKNOWN", True),
        ("GNU Lesser General Public License v3 (LGPLv3)", False),
        ("MIT", False),
        ("MPL-2.0 AND MIT", False),
    ],
)
def test_a_licence_that_binds_is_told_from_one_that_does_not(licence, binds):
    assert bool(refused(f"| a | 1 | {licence} |")) is binds
