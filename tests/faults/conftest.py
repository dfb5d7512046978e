"""The publishers' sites of the tests of fetching."""

from tests.incoming.conftest import forecast, nhs, published, ukhsa

__all__ = ["forecast", "nhs", "published", "ukhsa"]
