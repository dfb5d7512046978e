"""Malformed files made from the published ones: refused in one message, or read with every value right."""

from __future__ import annotations

import pytest

from tests.malformed import KINDS, Outcome, run
from tests.real.conftest import REAL

# Half of what `python benchmarks/malformed.py` makes, by the same seed.
COUNT = 150


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return list(run(REAL / "raw", COUNT))


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the published files are not at {REAL}")
def test_no_malformed_file_gives_a_wrong_value_another_error_or_takes_the_machine(outcomes: list[Outcome]) -> None:
    assert len(outcomes) == COUNT
    faults = [f"{o.result}: {o.kind.name} ({o.original.name}): {o.said}" for o in outcomes if o.fault]
    assert not faults, "\n".join(faults)


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason=f"NO REAL DATA: the published files are not at {REAL}")
def test_the_malformed_files_are_of_many_kinds_and_few_are_read_in_spite_of_them(outcomes: list[Outcome]) -> None:
    assert len({o.kind.name for o in outcomes}) > 130
    assert sum(o.result == "refused" for o in outcomes) > 0.6 * COUNT
    assert sum(bool(kind.undetectable) for kind in KINDS) <= 4
