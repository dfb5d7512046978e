"""What one row of a reference table says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Location:
    """A hospital trust, a county, a region, an integrated care board or a nation."""

    code: str
    name: str
    short_name: str
    kind: str
    parent: str
    catchment_share: float | None
    aliases: tuple[str, ...]
    source: str
    status: str

    @property
    def label(self) -> str:
        """The name for a screen: the short one where there is one."""
        return self.short_name or self.name


@dataclass(frozen=True)
class Metric:
    """What one published number means: unit, census time, how often, and when it becomes public.

    ``name`` may hold ``*``: the row then describes a family of metrics. ``wave``: it comes in waves; ``winter``: in
    those of an illness of the winter, as the table says with "winter" in place of "yes".
    """

    name: str
    label: str
    unit: str
    kind: str
    census_time: str
    frequency: str
    publication_rule: str
    region_scheme: str
    derived_from: tuple[str, ...]
    part_of: str
    wave: bool
    winter: bool
    forecast: bool
    definition: str
    source: str
    status: str


@dataclass(frozen=True)
class PublicationRule:
    """When a value dated ``date`` becomes public. Empty bounds are open.

    ``cadence``: weekly, monthly, once (on the day ``released_on``), or none (nothing need come of these days; what does
    come follows the other rows). ``holiday_delay_days``: how much later a weekly release is in a week with a bank
    holiday before or on its day.
    """

    rule: str
    from_date: str
    to_date: str
    season_start: str
    season_end: str
    cadence: str
    data_to_weekday: str
    release_weekday: str
    holiday_delay_days: str
    released_on: str
    description: str
    source: str
    status: str


@dataclass(frozen=True)
class Assumption:
    """A planning figure with its source; ``location`` is empty where it holds everywhere."""

    name: str
    location: str
    value: float
    unit: str
    low: float | None
    high: float | None
    source: str
    date: str
    status: str
    note: str
