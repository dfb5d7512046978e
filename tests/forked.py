"""A copy of this process that does one thing and ends, whatever watches the tests.

Not ``multiprocessing``: under coverage its children write a file of their own when they end, which those without rights
or room cannot.
"""

import os
import signal
import time
import traceback
from collections.abc import Callable


class Forked:
    """A child process, started at once."""

    def __init__(self, action: Callable[[], object]) -> None:
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                action()
                code = 0
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(code)

    def ended(self, seconds: float = 60) -> int:
        """Exit code; minus the signal of one that was killed, as is one that takes longer."""
        end = time.monotonic() + seconds
        while True:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return os.waitstatus_to_exitcode(status)
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.002)
