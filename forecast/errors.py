"""What goes wrong, said so that a person can mend it."""


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


class Refused(ForecastError):
    """The weekly job ran and decided not to publish; the last good run stands."""
