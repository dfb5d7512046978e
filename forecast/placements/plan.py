"""What a county has and does for people who are fit to leave: the settings of a simulation, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from forecast.errors import InputError
from forecast.placements.plans import files as plan_files
from forecast.placements.plans.checks import ROUNDING, check_together, checked
from forecast.placements.plans.defaults import defaults, first_county
from forecast.placements.plans.errors import SettingError
from forecast.placements.plans.events import Event, share_left
from forecast.placements.plans.fields import FIELDS, known
from forecast.placements.plans.names import PRODUCTS, SCHEDULES, FrozenMap
from forecast.placements.plans.numbers import said
from forecast.placements.plans.query import from_query, to_query
from forecast.placements.plans.schedule import Schedule
from forecast.placements.plans.social_work import relative_to
from forecast.placements.plans.words import settings_table
from forecast.reference import Reference, reference


@dataclass(frozen=True, init=False)
class PlacementPlan:
    """Flats, beds, services and prices of a county; what is not given is as now, from ``data/reference``.

    Parameters
    ----------
    location
        Code of the county; default: the first county of the reference.
    flats, care_home_beds, community_beds
        Places by date: a ``Schedule``, a number, or dates with numbers (a mapping or pairs, dates rising).
    routes
        Pathway -> product -> share of those who wait for the pathway that may use the product; at most 1 for a pathway,
        the rest waits for something else. A pathway that is not named keeps its default.
    stay_means
        Pathway -> mean days in an interim place, 1 to 365.
    stay_sigma
        Standard deviation of the logarithm of a stay in days.
    stay_limit
        Days after which a person should leave by the rule.
    limit_kept
        Of those who would stay longer, the share that leaves on that day: 0, stays overrun as published; 1, none does.
    turnaround_days
        Days between two stays in the same place.
    usable_share, requires_improvement_share, requires_improvement_accepted
        Share of care-home beds in homes rated good or outstanding, in homes that require improvement, and the share of
        the latter where checks give confidence. Beds in inadequate homes are never used.
    already_placed
        Product -> people in a place on the first day; None, or a product not named: as many as there are places as now.
    home_care_starts
        People who start home care, a day.
    home_care_start_lasts
        Days for which one more start shortens the queue, on average: many who go home would soon have gone anyway, and
        others take their place.
    assessments_per_day
        Of people in hospital and in the community together; None: as many as now are needed.
    hospital_share_of_assessments
        Share of them for people in hospital.
    waiting_for_assessment
        People in the community who wait for one.
    social_worker_posts, social_worker_vacancies, social_worker_absence
        Posts, those vacant, and the share of those in post who are off sick.
    events
        Dated events that leave a share of normal; ``Event`` or mappings of its fields.
    longest_wait
        Days that nobody should wait longer than.
    price_flat, price_care_home_bed, price_community_bed
        Pounds a day for a place, used or not.
    price_hospital_bed
        Pounds a day for a person who waits.
    price_home_care_start
        Pounds for each person who starts home care, in all; None: not counted.
    residents_only
        Count only people who live in the county.
    tables
        Reference tables the defaults come from; default: those in force.

    Raises
    ------
    InputError
        A setting is unknown, or its value impossible; the message names the setting, the value and what is allowed. Of
        an impossible value it is a ``SettingError``, whose ``field`` is the setting's name.

    Examples
    --------
    >>> plan = fc.PlacementPlan(flats={"2024-12-01": 44, "2025-01-01": 60}, care_home_beds=30)
    >>> days = pd.DatetimeIndex(["2024-12-31", "2025-01-01"])
    >>> plan.capacity("flat", days).tolist()
    [44, 60]
    >>> plan.capacity("care_home_bed", days).tolist(), round(plan.usable_care_home_share, 2)
    ([20, 20], 0.69)
    >>> fc.PlacementPlan.of("NORFOLK").location
    'NORFOLK'
    >>> strike = {"name": "strike", "first": "2025-01-01", "last": "2025-01-03", "assessments": 0.2}
    >>> struck = plan.changed(events=[strike], social_worker_absence=0.1)
    >>> struck.share_on("assessments", days).tolist()
    [1.0, 0.2]
    >>> bool((struck.social_work_capacity(days) < 1.1).all())
    True

    Kept, sent, and told in words:

    >>> plan.save("winter.json", name="More flats in January")
    >>> fc.PlacementPlan.load("winter.json") == plan == fc.PlacementPlan.from_dict(plan.to_dict())
    True
    >>> fc.PlacementPlan.from_query(plan.to_query()) == plan
    True
    >>> plan.values()["longest_wait"], len(plan.settings()) > 20
    (7, True)
    """

    location: str
    flats: Schedule
    care_home_beds: Schedule
    community_beds: Schedule
    routes: FrozenMap[FrozenMap[float]]
    stay_means: FrozenMap[float]
    stay_sigma: float
    stay_limit: int
    limit_kept: float
    turnaround_days: int
    usable_share: float
    requires_improvement_share: float
    requires_improvement_accepted: float
    already_placed: FrozenMap[int] | None
    home_care_starts: float
    home_care_start_lasts: float
    assessments_per_day: float | None
    hospital_share_of_assessments: float
    waiting_for_assessment: int
    social_worker_posts: int
    social_worker_vacancies: int
    social_worker_absence: float
    events: tuple[Event, ...]
    longest_wait: int
    price_flat: float
    price_care_home_bed: float
    price_community_bed: float
    price_hospital_bed: float
    price_home_care_start: float | None
    residents_only: bool

    def __init__(self, *, tables: Reference | None = None, **settings: Any) -> None:
        for name in settings:
            known(name)
        if settings.keys() == FIELDS.keys() and tables is None:
            # Every setting is given: a plan of a county that only another reference knows stays possible to change.
            usual: Mapping[str, Any] = settings
        else:
            tables = tables or reference()
            location = checked("location", settings.get("location", first_county(tables)))
            usual = {name: default.value for name, default in defaults(location, tables).items()}
        values = {
            name: checked(name, settings[name], usual[name]) if name in settings else usual[name] for name in FIELDS
        }
        check_together(values)
        for name, value in values.items():
            object.__setattr__(self, name, value)

    @classmethod
    def of(cls, location: str, *, tables: Reference | None = None) -> PlacementPlan:
        """Return the plan of a county as it is now.

        Parameters
        ----------
        location
            Code of the county.
        tables
            Reference tables; those in force when left out.

        Returns
        -------
        PlacementPlan
            Every setting as the reference has it.

        Raises
        ------
        InputError
            The county is unknown, or the reference lacks one of its figures.
        """
        return cls(location=location, tables=tables)

    def changed(self, **settings: Any) -> PlacementPlan:
        """Return the plan with other settings; a mapping may name only the pathways or products that change.

        Parameters
        ----------
        **settings
            By name, as in the plan itself.

        Returns
        -------
        PlacementPlan
            Another plan; this one stays.

        Raises
        ------
        InputError
            As the plan itself; and where ``location`` is to change, since every other setting is the county's own.
        """
        for name, value in settings.items():
            known(name)
            if name == "location" and value != self.location:
                raise InputError(
                    f"location is to change from {self.location} to {value!r}, but every other setting is the "
                    "county's own; make the other county's plan with PlacementPlan.of"
                )
        values = self.values()
        return PlacementPlan(**{**values, **{name: checked(name, settings[name], values[name]) for name in settings}})

    def values(self) -> dict[str, Any]:
        """Every setting by its name.

        Returns
        -------
        dict
            Name to value.
        """
        return {field.name: getattr(self, field.name) for field in dataclass_fields(self)}

    @property
    def usable_care_home_share(self) -> float:
        """Share of care-home beds that people may be placed in."""
        return self.usable_share + self.requires_improvement_share * self.requires_improvement_accepted

    def capacity(self, product: str, dates: pd.DatetimeIndex) -> npt.NDArray[np.int64]:
        """Places of a product that can be used on each date.

        Of care-home beds, those in homes that may be used: the share of the beds, rounded down.

        Parameters
        ----------
        product
            flat, care_home_bed or community_bed.
        dates
            Days.

        Returns
        -------
        array
            (date,), whole places.

        Raises
        ------
        InputError
            The product is unknown.
        """
        if product not in PRODUCTS:
            raise InputError(f"{product!r} is no product; choose among {', '.join(PRODUCTS)}")
        schedule: Schedule = getattr(self, SCHEDULES[product])
        places = schedule.on(dates)
        if product != "care_home_bed":
            return places
        usable: npt.NDArray[np.int64] = np.floor(places * self.usable_care_home_share + ROUNDING).astype(np.int64)
        return usable

    def share_on(self, what: str, dates: pd.DatetimeIndex) -> npt.NDArray[np.float64]:
        """Share of a normal day's work on each date; events that overlap multiply.

        Parameters
        ----------
        what
            ``assessments``, ``home_care_starts`` or ``placements``.
        dates
            Days.

        Returns
        -------
        array
            (date,), from 0 to 1.

        Raises
        ------
        InputError
            ``what`` is nothing an event affects.
        """
        return share_left(self.events, what, dates)

    def social_work_capacity(
        self, dates: pd.DatetimeIndex, *, now: PlacementPlan | None = None, absence: pd.Series | None = None
    ) -> npt.NDArray[np.float64]:
        """Social workers at work on each date as a share of those at work as now, shape (date,); above 1 with more.

        (posts - vacancies) (1 - absence), times what events leave of assessments, over that of ``now`` without events.

        Parameters
        ----------
        dates
            Days.
        now
            The plan as now; default: the county's defaults.
        absence
            Share of social workers absent by date, in place of the plan's own where it has a value.

        Returns
        -------
        array
            (date,).

        Raises
        ------
        InputError
            Nobody is at work in the plan as now, so that no share of it can be taken; or an absence is no share.
        """
        left = self.share_on("assessments", dates)
        return relative_to(now or PlacementPlan.of(self.location), self, dates, absence) * left

    def settings(self, *, tables: Reference | None = None) -> pd.DataFrame:
        """One row a setting, in words; columns as ``plan_words.COLUMNS``.

        Source, date, status and note are the default's; ``changed`` says where the plan has another value.

        Parameters
        ----------
        tables
            Reference tables; those in force when left out.

        Returns
        -------
        DataFrame
            Columns as ``forecast.placements.plans.words.COLUMNS``.
        """
        tables = tables or reference()
        usual = defaults(self.location, tables)
        return settings_table(self.values(), usual, county=tables.label(self.location))

    def to_dict(self) -> dict[str, Any]:
        """Every setting as JSON knows it.

        Returns
        -------
        dict
            Name to text, number, list or dict.
        """
        return plan_files.as_json(self.values())

    @classmethod
    def from_dict(cls, settings: Mapping[str, Any], *, tables: Reference | None = None) -> PlacementPlan:
        """Return the plan of these settings; those that are missing are as now.

        Parameters
        ----------
        settings
            What ``to_dict`` returned, or some of it.
        tables
            Reference tables; those in force when left out.

        Returns
        -------
        PlacementPlan
            The plan.

        Raises
        ------
        InputError
            As the plan itself.
        """
        if not isinstance(settings, Mapping):
            raise InputError(f"the settings of a plan are {said(settings)}; give them by name, as to_dict returns them")
        for name in settings:
            known(name)
        return cls(**{**settings, **({} if settings.keys() == FIELDS.keys() else {"tables": tables})})

    def save(self, path: str | Path, *, name: str = "") -> None:
        """Write every setting to a JSON file.

        Parameters
        ----------
        path
            The file; an older one is replaced.
        name
            What a person calls the plan.

        Raises
        ------
        InputError
            The file cannot be written.
        """
        plan_files.write(self.values(), path, name=name)

    @classmethod
    def load(cls, path: str | Path, *, tables: Reference | None = None) -> PlacementPlan:
        """Read a saved plan.

        Parameters
        ----------
        path
            What ``save`` wrote.
        tables
            Reference tables; those in force when left out.

        Returns
        -------
        PlacementPlan
            The plan.

        Raises
        ------
        InputError
            The file cannot be read, is not a saved plan, or has an impossible setting; the message names the file.
        """
        _, settings = plan_files.read(path)
        try:
            return cls.from_dict(settings, tables=tables)
        except SettingError as error:
            raise error.within(str(path)) from error

    def to_query(self, *, tables: Reference | None = None) -> dict[str, str]:
        """Key -> text of the settings that are not the county's defaults, for a link.

        Parameters
        ----------
        tables
            Reference tables; those in force when left out.

        Returns
        -------
        dict of str to str
            For the address of the page.
        """
        tables = tables or reference()
        usual = {name: default.value for name, default in defaults(self.location, tables).items()}
        return to_query(self.values(), {**usual, "location": first_county(tables)})

    @classmethod
    def from_query(cls, query: Mapping[str, str], *, tables: Reference | None = None) -> PlacementPlan:
        """Return the plan a link describes; see ``forecast.placements.plans.links`` to keep what is good of a bad one.

        Parameters
        ----------
        query
            Key to text, as ``to_query`` returns them.
        tables
            Reference tables; those in force when left out.

        Returns
        -------
        PlacementPlan
            The plan.

        Raises
        ------
        SettingError
            A key is unknown or a value impossible; the message names the setting.
        """
        return cls(tables=tables, **from_query(query))
