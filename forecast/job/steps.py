"""The steps of an attempt as they go: what each took, what it did, what it failed of."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from forecast.job.journal import FAILED, LEFT_OUT, Step

_log = logging.getLogger(__name__)


class Steps:
    """Steps done so far, in their order."""

    def __init__(self) -> None:
        self.done: list[Step] = []

    @contextmanager
    def timed(self, name: str) -> Iterator[list[str]]:
        """Note a step when it ends; what is put into the list that it gives is its detail."""
        start, detail = perf_counter(), list[str]()
        try:
            yield detail
        except Exception as error:
            self._note(Step(name, _since(start), FAILED, str(error)))
            raise
        self._note(Step(name, _since(start), detail="; ".join(detail)))

    def left_out(self, name: str, why: str) -> None:
        """Note that a step was not done, and why."""
        self._note(Step(name, 0.0, LEFT_OUT, why))

    def add(self, step: Step) -> None:
        """Note a step that was timed elsewhere."""
        self._note(step)

    def _note(self, step: Step) -> None:
        self.done.append(step)
        level = logging.WARNING if step.outcome == FAILED else logging.INFO
        told = {"step": step.step, "seconds": step.seconds, "outcome": step.outcome}
        _log.log(level, "%s: %s%s", step.step, step.outcome, f", {step.detail}" if step.detail else "", extra=told)


def _since(start: float) -> float:
    return round(perf_counter() - start, 2)
