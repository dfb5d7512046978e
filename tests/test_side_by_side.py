import threading

import pytest

from forecast.side_by_side import side_by_side


def test_each_work_goes_on_while_the_other_waits_and_tells_in_its_own_order():
    second_is_done = threading.Event()

    def first():
        yield "a1"
        assert second_is_done.wait(5)
        yield "a2"

    def second():
        yield "b1"
        yield "b2"
        second_is_done.set()

    told = list(side_by_side([first(), second()]))
    assert [one for one in told if one[0] == "a"] == ["a1", "a2"]
    assert [one for one in told if one[0] == "b"] == ["b1", "b2"]
    assert told[-1] == "a2"
    assert list(side_by_side([])) == []


def test_an_error_of_one_reaches_the_listener_and_ends_the_others():
    broken = threading.Event()
    went_on = []

    def fails():
        yield 1
        broken.set()
        raise OSError("no space left")

    def endless():
        broken.wait(5)
        while True:
            went_on.append(1)
            yield 2

    with pytest.raises(OSError, match="no space left"):
        list(side_by_side([fails(), endless()]))
    before = len(went_on)
    threading.Event().wait(0.05)
    assert len(went_on) == before


def test_when_nobody_listens_any_more_nothing_goes_on_and_waiting_is_cut_short():
    waiting = threading.Event()
    written = []

    def patient():
        yield 1
        waiting.wait(60)
        written.append(1)
        yield 2
        written.append("too much")

    events = side_by_side([patient()], leave=waiting.set)
    assert next(events) == 1
    events.close()
    assert written == [1]
