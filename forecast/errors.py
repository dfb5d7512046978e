"""What goes wrong, said so that a person can mend it."""

from collections.abc import Sequence


class ForecastError(Exception):
    """Base of every error this package raises on purpose.

    The message names the thing, the value and the remedy, and can be shown to a person as it is.
    """


class InputError(ForecastError, ValueError):
    """A file, a frame or an argument that cannot be used as it stands."""


class NotObservations(ForecastError):
    """A file that is recognised but holds nothing this package reads: skipped and listed, not a fault."""


class StoreError(ForecastError):
    """The store of observations cannot be read or written."""


class RunError(ForecastError):
    """A run folder is missing, incomplete or made by another version."""


class NoRunYet(RunError):
    """Nothing has been forecast yet in a folder of runs."""


class Refused(ForecastError):
    """The weekly job ran and decided not to publish; the last good run stands.

    ``reasons``: each in words; ``run``: name of the run that was made and kept aside, empty where none was.
    """

    def __init__(self, message: str, reasons: Sequence[str] = (), run: str = "") -> None:
        super().__init__(message)
        self.reasons = tuple(reasons) or (message,)
        self.run = run


class FetchError(ForecastError):
    """A publisher's page or file could not be fetched.

    ``status``: the server's answer; 0 where it gave none or one that is no use.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class Unreachable(FetchError):
    """There is no connection to a publisher's machine."""
