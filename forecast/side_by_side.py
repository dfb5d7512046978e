"""Several pieces of work at once, each in a thread of its own; what they tell comes as one stream."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class _Told(Generic[T]):
    """What one piece of work told; the last thing it tells is that it has ended, and with which error."""

    what: T | None = None
    ended: bool = False
    error: BaseException | None = None


def side_by_side(works: Sequence[Iterable[T]], leave: Callable[[], None] = lambda: None) -> Generator[T, None, None]:
    """What each work tells, as it comes; of one work in its order.

    An error of one ends the others. Whoever stops listening early waits until each has told its next thing, which
    ``leave`` hastens, so that nothing goes on behind their back.

    Raises
    ------
    BaseException
        The first error that a work ended with.
    """
    told: SimpleQueue[_Told[T]] = SimpleQueue()
    leaving = threading.Event()

    def run(work: Iterable[T]) -> None:
        try:
            for what in work:
                told.put(_Told(what))
                if leaving.is_set():
                    break
        except BaseException as error:
            told.put(_Told(ended=True, error=error))
        else:
            told.put(_Told(ended=True))

    threads = [threading.Thread(target=run, args=(work,), daemon=True) for work in works]
    for thread in threads:
        thread.start()
    running = len(threads)
    try:
        while running:
            one = told.get()
            if one.error is not None:
                raise one.error
            if one.ended:
                running -= 1
            elif one.what is not None:
                yield one.what
    finally:
        leaving.set()
        if running:
            leave()
        for thread in threads:
            thread.join()
