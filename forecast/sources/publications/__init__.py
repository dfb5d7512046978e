"""The NHS England publications: how each is recognised by its own words, and which tables of it are read.

A publication more is a row more: patterns are searched in text without case, with plain quotes, dashes and spaces.
"""

from forecast.sources.publications import covid, discharge, monthly, uec
from forecast.sources.publications.table import Publication, Table

# The order matters: the first that fits is taken.
PUBLICATIONS: tuple[Publication, ...] = (
    *discharge.PUBLICATIONS,
    uec.AMBULANCES,
    *monthly.PUBLICATIONS,
    *covid.PUBLICATIONS,
    *uec.PUBLICATIONS,
)

__all__ = ["PUBLICATIONS", "Publication", "Table"]
