"""A setting of a plan that cannot be used, said by the field."""

from __future__ import annotations

from forecast.errors import InputError


class SettingError(InputError):
    """A setting of a plan is unknown or impossible; ``field`` is its name, so that a page can say so beside it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field

    def __reduce__(self) -> tuple[type[SettingError], tuple[str, str]]:
        return type(self), (self.field, str(self))
