"""The worked example: the reported situation, and the answer that the documentation gives."""

from pathlib import Path

import numpy as np
import pytest

from forecast.placements.brief_answer import BriefAnswer, answer

DOCUMENT = Path(__file__).parents[2] / "docs" / "places.md"


@pytest.fixture(scope="module")
def answered() -> BriefAnswer:
    return answer()


def test_150_of_600_people_wait_when_the_example_begins(answered: BriefAnswer) -> None:
    first = answered.people.demand.queue[..., 0].sum(axis=(0, 1))
    assert first.mean() == pytest.approx(150, abs=0.5)
    assert (answered.now.paths("waiting") == answered.people.demand.queue.sum(axis=(0, 1))).all()


def test_with_fewer_flats_more_wait_on_every_path_and_at_most_as_many_as_flats_are_missing_are_not_placed(
    answered: BriefAnswer,
) -> None:
    more = answered.fewer.paths("waiting") - answered.now.paths("waiting")
    assert (more >= 0).all()
    assert np.median(more[:, 27]) == pytest.approx(21, abs=5)


def test_the_cheapest_number_of_flats_is_fewer_than_would_make_it_nine_in_ten_sure(answered: BriefAnswer) -> None:
    assert 44 < answered.cheapest_flats < answered.sure_flats


def test_the_documentation_tells_the_answer_of_today(answered: BriefAnswer) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    told = text.split("<!-- answer -->")[1].split("<!-- end -->")[0].strip().splitlines()
    assert told == [f"- {sentence}" for sentence in answered.in_words()]
