"""The pathways that need somebody else's care, by their national numbers."""

import shutil

import pytest

from forecast.errors import InputError
from forecast.placements.plans.names import PATHWAY_LABELS, PATHWAYS
from forecast.placements.waiting.pathways import FILE, pathways
from forecast.reference import Reference, reference


def test_a_plan_s_pathways_are_those_of_the_table_each_with_its_number_and_words() -> None:
    found = pathways(reference())
    assert tuple(way.code for way in found) == PATHWAYS == tuple(PATHWAY_LABELS)
    assert [way.number for way in found] == ["1", "2", "3"]
    assert all(way.source for way in found)


@pytest.mark.parametrize("codes", [(), ("home", "rehabilitation", "care_home", "hospice"), ("home",) * 3])
def test_other_pathways_than_a_plan_has_are_refused(codes: tuple[str, ...], tmp_path) -> None:
    shutil.copytree(reference().folder, tmp_path, dirs_exist_ok=True)
    rows = [f"{code},{number},a test" for number, code in enumerate(codes, 1)]
    (tmp_path / FILE).write_text("\n".join(["pathway,number,source", *rows]), encoding="utf-8")
    with pytest.raises(
        InputError, match=r"pathways.csv: the pathways are .* give a row each for home, rehabilitation, care_home"
    ):
        pathways(Reference(tmp_path))
