"""Every setting of a placement plan: what it is called, its unit, and what is allowed."""

from __future__ import annotations

from dataclasses import dataclass

from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.numbers import said


@dataclass(frozen=True, kw_only=True)
class Field:
    """One setting.

    Parameters
    ----------
    name
        Name in code.
    key
        Name in a link.
    label
        Name for people.
    unit
        What a number of it counts.
    kind
        How it is written: county, schedule, routes, stays, placed, whole, number, share, events or switch.
    low, high
        Least and most that is allowed, of each number in it.
    row
        Row of ``assumptions.csv`` its default comes from; empty where it comes from elsewhere.
    absent
        What leaving it out means, in words; empty where it must have a value.
    """

    name: str
    key: str
    label: str
    unit: str
    kind: str
    low: float = 0.0
    high: float = 1.0
    row: str = ""
    absent: str = ""

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        numbers = f"{self.low:,g} to {self.high:,g} {self.unit}".strip()
        said = {
            "county": "a county of locations.csv",
            "schedule": f"{numbers}, one number or dates in order",
            "routes": "shares of 0 to 1 by pathway and product; at most 1 together for a pathway, and not all 0",
            "stays": f"{numbers} for each pathway",
            "placed": f"{numbers} for each product",
            "whole": f"{numbers}, whole",
            "share": f"a share between {self.low:g} and {self.high:g} ({self.low:.0%} to {self.high:.0%}) {self.unit}",
            "events": f"at most {self.high:g} events, each with a name, days and shares of 0 to 1",
            "switch": "yes or no",
        }.get(self.kind, numbers)
        return f"{said}, or none ({self.absent})" if self.absent else said


def _places(name: str, key: str, label: str) -> Field:
    return Field(name=name, key=key, label=label, unit="places", kind="schedule", high=2000)


def _price(name: str, key: str, label: str, row: str) -> Field:
    return Field(name=name, key=key, label=label, unit="pounds a day", kind="number", high=5000, row=row)


FIELDS = {
    field.name: field
    for field in (
        Field(name="location", key="county", label="County", unit="", kind="county"),
        _places("flats", "flats", "Housing-with-care flats"),
        _places("care_home_beds", "care-home-beds", "Care-home beds"),
        _places("community_beds", "community-beds", "Community beds"),
        Field(name="routes", key="routes", label="Which pathway may use which place", unit="share", kind="routes"),
        Field(name="stay_means", key="stays", label="Mean stay in a place", unit="days", kind="stays", low=1, high=365),
        Field(
            name="stay_sigma",
            key="stay-spread",
            label="Spread of stays",
            unit="log days",
            kind="number",
            high=2,
            row="stay_sigma_beds",
        ),
        Field(
            name="stay_limit",
            key="stay-limit",
            label="Longest stay by the rule",
            unit="days",
            kind="whole",
            low=1,
            high=365,
            row="flat_stay_limit",
        ),
        Field(
            name="limit_kept",
            key="limit-kept",
            label="How often the rule is kept",
            unit="of those who would stay longer",
            kind="share",
            row="stay_limit_kept",
        ),
        Field(
            name="turnaround_days",
            key="turnaround",
            label="Turnaround between stays",
            unit="days",
            kind="whole",
            high=60,
            row="turnaround_days",
        ),
        Field(
            name="usable_share",
            key="good-homes",
            label="Care homes rated good or outstanding",
            unit="of care-home beds",
            kind="share",
            low=0.01,
            row="care_homes_good_or_outstanding",
        ),
        Field(
            name="requires_improvement_share",
            key="improving-homes",
            label="Care homes that require improvement",
            unit="of care-home beds",
            kind="share",
            row="care_homes_requires_improvement",
        ),
        Field(
            name="requires_improvement_accepted",
            key="improving-accepted",
            label="Of those, homes whose checks give confidence",
            unit="of them",
            kind="share",
            row="requires_improvement_accepted",
        ),
        Field(
            name="already_placed",
            key="already-placed",
            label="People already in a place on the first day",
            unit="people",
            kind="placed",
            high=2000,
            absent="as many as there are places as now",
        ),
        Field(
            name="home_care_starts",
            key="home-care-starts",
            label="People who start home care a day",
            unit="people a day",
            kind="number",
            high=1000,
            row="home_care_starts",
        ),
        Field(
            name="home_care_start_lasts",
            key="start-lasts",
            label="Days for which one more start of home care shortens the queue",
            unit="days",
            kind="number",
            low=1,
            high=1000,
            row="one_more_discharge_lasts",
        ),
        Field(
            name="assessments_per_day",
            key="assessments",
            label="Assessments a day, hospital and community together",
            unit="people a day",
            kind="number",
            high=2000,
            absent="as many as now are needed",
        ),
        Field(
            name="hospital_share_of_assessments",
            key="hospital-assessments",
            label="Assessments for people in hospital",
            unit="of all assessments",
            kind="share",
            low=0.01,
            row="hospital_share_of_assessments",
        ),
        Field(
            name="waiting_for_assessment",
            key="waiting-assessment",
            label="People in the community who wait for an assessment",
            unit="people",
            kind="whole",
            high=20_000,
            row="waiting_for_assessment",
        ),
        Field(
            name="social_worker_posts",
            key="social-workers",
            label="Posts for social workers",
            unit="posts",
            kind="whole",
            low=1,
            high=10_000,
            row="social_worker_posts",
        ),
        Field(
            name="social_worker_vacancies",
            key="vacancies",
            label="Vacant posts for social workers",
            unit="posts",
            kind="whole",
            high=10_000,
            row="social_worker_vacancies",
        ),
        Field(
            name="social_worker_absence",
            key="absence",
            label="Social workers off sick",
            unit="of those in post",
            kind="share",
            row="social_worker_absence",
        ),
        Field(name="events", key="events", label="Dated events", unit="", kind="events", high=50),
        Field(
            name="longest_wait",
            key="longest-wait",
            label="Longest wait anyone should have",
            unit="days",
            kind="whole",
            high=90,
            row="longest_wait",
        ),
        _price("price_flat", "price-flat", "Price of a flat", "price_flat"),
        _price("price_care_home_bed", "price-care-home-bed", "Price of a care-home bed", "cost_a_day_p3"),
        _price("price_community_bed", "price-community-bed", "Price of a community bed", "cost_a_day_p2"),
        _price(
            "price_hospital_bed",
            "price-hospital-bed",
            "Price of a day's wait in hospital",
            "cost_a_day_delayed_acute_bed",
        ),
        Field(
            name="price_home_care_start",
            key="price-home-care-start",
            label="Price of one person's home care",
            unit="pounds a start",
            kind="number",
            high=50_000,
            row="price_home_care_start",
            absent="not counted",
        ),
        Field(
            name="residents_only",
            key="residents-only",
            label="Only people who live in the county",
            unit="",
            kind="switch",
        ),
    )
}
"""Every setting by its name in code, in the order in which a page shows them."""

KEYS = {field.key: field for field in FIELDS.values()}
"""Every setting by its name in a link."""


def known(name: object) -> Field:
    """Return the setting of that name.

    Raises
    ------
    SettingError
        A plan has no such setting.
    """
    if name not in FIELDS:
        raise SettingError(
            said(name).strip("'"), f"{said(name)} is no setting of a placement plan; choose among {', '.join(FIELDS)}"
        )
    return FIELDS[str(name)]
