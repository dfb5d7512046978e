"""A setting of a plan that cannot be used, said by the field."""

from __future__ import annotations

from forecast.errors import InputError


class SettingError(InputError):
    """A setting of a plan is unknown or impossible.

    ``field`` is its name, so that a page can say so beside it; ``fields``: with those that exclude it, where it is
    possible on its own.
    """

    def __init__(self, field: str, message: str, *others: str) -> None:
        super().__init__(message)
        self.field = field
        self.fields = (field, *others)

    def __reduce__(self) -> tuple[type[SettingError], tuple[str, ...]]:
        return type(self), (self.field, str(self), *self.fields[1:])

    def within(self, where: str) -> SettingError:
        """Return the same error of a file: its message begins with the file's name."""
        return type(self)(self.field, f"{where}: {self}", *self.fields[1:])
