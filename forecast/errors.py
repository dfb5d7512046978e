"""What goes wrong, said so that a person can mend it."""

from collections.abc import Sequence

from forecast.addresses import without_secrets


class ForecastError(Exception):
    """Base of every error this package raises on purpose.

    The message names the thing, the value and the remedy, and can be shown to a person as it is.

    Examples
    --------
    >>> try:
    ...     fc.latest_run("nowhere")
    ... except fc.ForecastError as error:
    ...     print(error)
    nowhere: no run yet; run 'forecast refit' (after 'forecast ingest' or 'forecast demo')
    """

    def __init__(self, *said: object) -> None:
        # What is said here goes to screens, logs, the journal and reports: no address in it opens anything.
        super().__init__(*(without_secrets(one) if isinstance(one, str) else one for one in said))


class InputError(ForecastError, ValueError):
    """A file, a frame or an argument that cannot be used as it stands.

    Examples
    --------
    >>> fc.latest_run("models").trajectories("nctr_patients").quantiles([50])
    Traceback (most recent call last):
        ...
    forecast.errors.InputError: quantile levels [50.0]: give numbers from 0 to 1, such as 0.05, 0.5, 0.95
    """


class NotObservations(ForecastError):
    """A file that is recognised but holds nothing this package reads: skipped and listed, not a fault.

    Examples
    --------
    >>> _ = Path("map.svg").write_text("<svg/>")
    >>> fc.read("map.svg")
    Traceback (most recent call last):
        ...
    forecast.errors.NotObservations: map.svg: a file .svg, not a workbook, CSV or Parquet table; nothing in it was used
    """


class StoreError(ForecastError):
    """The store of observations cannot be read or written.

    Examples
    --------
    >>> try:
    ...     fc.Store("memory://nothing-here").newest_release()
    ... except fc.StoreError as error:
    ...     print(error)
    memory://nothing-here/observations: nothing is stored; run 'forecast ingest PATH' or 'forecast demo' first
    """


class RunError(ForecastError):
    """A run folder is missing, incomplete or made by another version.

    Examples
    --------
    >>> try:
    ...     fc.open_run("models/2020-01-01-none")
    ... except fc.RunError as error:
    ...     print(error)
    run 2020-01-01-none: its manifest cannot be read (FileNotFoundError); run 'forecast refit' to make a new run
    """


class NoRunYet(RunError):
    """Nothing has been forecast yet in a folder of runs."""


class Refused(ForecastError):
    """The weekly job ran and decided not to publish; the last good run stands.

    ``reasons``: each in words; ``run``: name of the run that was made and kept aside, empty where none was.

    Examples
    --------
    >>> issubclass(fc.Refused, fc.ForecastError)
    True
    """

    def __init__(self, message: str, reasons: Sequence[str] = (), run: str = "") -> None:
        super().__init__(message)
        self.reasons = tuple(map(without_secrets, reasons or (message,)))
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


class Busy(ForecastError):
    """Another process is at it: the same may be tried again, and nothing is wrong."""


class RefitAtWork(Refused, Busy):
    """Another refit holds the folder of runs."""


class FetchAtWork(StoreError, Busy):
    """Another fetch holds the folder of what was fetched."""
