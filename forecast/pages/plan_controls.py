"""Fields and tables in which a person changes a plan; each with what it is as now, its source and what is allowed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from forecast.figures import placement_edits as edits
from forecast.pages import cards, placing, plan_columns, plan_state
from forecast.placements.plan import PlacementPlan
from forecast.placements.plans.fields import FIELDS
from forecast.placements.plans.names import PATHWAY_LABELS, PRODUCT_LABELS, SCHEDULES
from forecast.reading import by_name
from forecast.wording import words
from forecast.wording.placement_captions import EXTRA_FIELD

MAIN = (
    ("home_care_starts", "social_worker_absence", "longest_wait"),
    ("limit_kept", "requires_improvement_accepted", "residents_only"),
)
SEEN = {*SCHEDULES.values(), *(name for row in MAIN for name in row)}
"""Fields that stand open."""
PRICES = ("price_flat", "price_care_home_bed", "price_community_bed", "price_hospital_bed", "price_home_care_start")
STEPS = {"home_care_starts": 1.0, "stay_sigma": 0.1, "price_home_care_start": 10.0, "assessments_per_day": 1.0}
PRICE_STEP = 1.0
LABELS = {
    "limit_kept": "How often the rule of the longest stay is kept",
    "requires_improvement_accepted": "Care homes that require improvement: share accepted",
}
"""Labels of fields that stand on their own here."""
EMPTY = "as now"
SHARE_FORMAT = "%d%%"
DATED = "Places that open or close on a date"
DATED_HELP = (
    "One row a date, and the number of places from that day on; before the first date its number holds too. A number "
    "entered above takes the place of all the dates. To add a step, click into the empty row."
)
EVENTS_HELP = "Of a normal day, per cent that still happens from the first to the last day of the event."
ROUTES_HELP = "Per cent of those who wait for each kind of care that may use each kind of place; the rest waits on."


class Controls:
    """One drawing of the fields.

    ``wanted`` holds the settings a person has changed, by name; ``tell`` says what holds.
    """

    def __init__(self, plan: PlacementPlan, day: pd.Timestamp) -> None:
        self.plan, self.day = plan, day
        self.wanted: dict[str, Any] = {}
        self._rooms: dict[str, Any] = {}
        self._top: Any = st

    def draw(self) -> None:
        """Draw every field."""
        self._top = st.container()
        numbers = st.columns(len(SCHEDULES))
        dated = st.expander(DATED)
        with dated:
            st.html(cards.plain([DATED_HELP]))
            for column, name in zip(st.columns(len(SCHEDULES)), SCHEDULES.values(), strict=True):
                with column:
                    self._schedule(name)
        for column, name in zip(numbers, SCHEDULES.values(), strict=True):
            with column:
                self._field(name)
        for row in MAIN:
            for column, name in zip(st.columns(len(row)), row, strict=True):
                with column:
                    self._field(name)
        with st.expander("Prices"):
            self._grid(PRICES)
        with st.expander("Everything else: stays, assessments, who may use which place, strikes and other events"):
            self._rest()
        with st.expander("Every setting: source, status and what is allowed"):
            self._settings = st.container()

    def tell(self, changed: PlacementPlan, wrong: dict[str, str]) -> None:
        """Say under each field what holds now, and by it what could not be used."""
        about = changed.settings()
        rows = {str(row["field"]): row for row in about.to_dict("records")}
        extra = [SCHEDULES[product] for product in placing.extra(changed.location)]
        for name, room in self._rooms.items():
            room.caption(words.literal(_said(rows[name], name in extra)))
        for name, message in wrong.items():
            room = self._rooms.get(name, st)
            told = f"{words.literal(message)} Left at {words.literal(str(rows[name]['value']))}."
            room.error(told)
            if name not in SEEN:
                # Its field stands in an expander, which may be closed.
                self._top.error(told)
        self._settings.html(settings_table(about))

    def _rest(self) -> None:
        drawn = {*SEEN, *PRICES}
        rest = [name for name, field in FIELDS.items() if name not in drawn]
        self._grid([name for name in rest if FIELDS[name].kind in {"whole", "number", "share"}])
        for name, kind in (("stay_means", PATHWAY_LABELS), ("already_placed", PRODUCT_LABELS)):
            st.markdown(f"**{FIELDS[name].label}** ({FIELDS[name].unit})")
            self._by(name, kind)
            self._room(name)
        self._table(
            "routes", edits.route_rows, edits.routes_from, ROUTES_HELP, fixed=True, config=plan_columns.route_columns()
        )
        self._table("events", edits.event_rows, edits.events_from, EVENTS_HELP, config=plan_columns.event_columns())

    def _grid(self, names: Sequence[str], width: int = 3) -> None:
        for at in range(0, len(names), width):
            for column, name in zip(st.columns(width), names[at : at + width], strict=False):
                with column:
                    self._field(name)

    def _field(self, name: str) -> None:
        """Draw a setting of one value."""
        field, key = FIELDS[name], _key(name)
        label = LABELS.get(name, field.label)
        now = edits.shown(name, getattr(self.plan, name), self.day)
        if key not in st.session_state:
            st.session_state[key] = now
        if field.kind == "switch":
            value: Any = st.toggle(label, key=key)
        elif field.kind == "share":
            lowest = round(edits.PERCENT * field.low)
            value = st.slider(label, lowest, edits.PERCENT, step=1, format=SHARE_FORMAT, key=key)
        else:
            # No bounds: what is out of range gets the plan's own message, and not a silent correction.
            step: Any = 1 if field.kind in {"whole", "schedule"} else STEPS.get(name, PRICE_STEP)
            written = "%d" if isinstance(step, int) else "%0.1f"
            hint = EMPTY if field.absent else None
            value = st.number_input(_with_unit(name), value=None, step=step, format=written, key=key, placeholder=hint)
            if value is None and not field.absent:
                value = now
        # Dates that were changed are more than the number that stands for them here.
        if value != now and name not in self.wanted:
            self.wanted[name] = edits.meant(name, value)
        self._room(name)

    def _by(self, name: str, kinds: dict[str, str]) -> None:
        """Draw a setting of one value a pathway or product."""
        values = getattr(self.plan, name) or {}
        changed = {}
        for column, (kind, label) in zip(st.columns(len(kinds)), kinds.items(), strict=True):
            key = _key(name, kind)
            now = values.get(kind)
            if key not in st.session_state:
                st.session_state[key] = now
            whole = FIELDS[name].kind == "placed"
            with column:
                value = st.number_input(
                    f"In {label}" if whole else words_up(label),
                    value=None,
                    step=1 if whole else 0.5,
                    format="%d" if whole else "%0.1f",
                    key=key,
                    placeholder=EMPTY if whole else None,
                )
            if value != now and (whole or value is not None):
                changed[kind] = value
        if changed:
            kept = {kind: number for kind, number in {**values, **changed}.items() if number is not None}
            self.wanted[name] = kept or None

    def _schedule(self, name: str) -> None:
        """Draw the dates of a schedule; what is changed there shows in its field too."""
        st.markdown(f"**{FIELDS[name].label}**")
        schedule, key, seen = getattr(self.plan, name), _key(name), f"{name} number taken"
        number = st.session_state.get(key, now := edits.shown(name, schedule, self.day))
        if number != now and number != st.session_state.get(seen):
            # The number takes the place of the dates, whose table begins anew with it.
            st.session_state[_round(name)] = st.session_state.get(_round(name), 0) + 1
            schedule = getattr(edits.applied(self.plan, {name: number})[0], name)
        st.session_state[seen] = number
        rows = edits.schedule_rows(schedule, self.day)
        base, rows = self._edited(
            name, rows, label=f"{FIELDS[name].label} by date", config=plan_columns.schedule_columns()
        )
        if rows.equals(base):
            return
        asked = edits.schedule_from(rows)
        changed, wrong = edits.applied(self.plan, {name: asked})
        if wrong or getattr(changed, name) != getattr(self.plan, name):
            self.wanted[name] = asked
        if not wrong:
            st.session_state[key] = edits.shown(name, getattr(changed, name), self.day)

    def _table(
        self,
        name: str,
        to_rows: Callable[[Any], pd.DataFrame],
        from_rows: Callable[[pd.DataFrame], Any],
        said: str,
        *,
        fixed: bool = False,
        config: dict[str, Any],
    ) -> None:
        st.markdown(f"**{FIELDS[name].label}**")
        st.html(cards.plain([said]))
        now = to_rows(getattr(self.plan, name))
        if fixed:
            now = now.rename(index=lambda way: words_up(PATHWAY_LABELS[str(way)]))
        base, rows = self._edited(name, now, label=FIELDS[name].label, config=config, fixed=fixed)
        if not rows.equals(base):
            self.wanted[name] = from_rows(rows)
        self._room(name)

    def _edited(
        self, name: str, now: pd.DataFrame, *, label: str, config: dict[str, Any], fixed: bool = False
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Draw a table to edit; return what it began with and what it has become."""
        key = _key(name, "rows", str(st.session_state.get(_round(name), 0)))
        begun = f"{key} begun"
        if key not in st.session_state or begun not in st.session_state:
            st.session_state[begun] = now
        base = st.session_state[begun]
        rows = st.data_editor(
            base,
            key=key,
            num_rows="fixed" if fixed else "dynamic",
            column_config=config,
            hide_index=not fixed,
            alt=label,
        )
        return base, rows

    def _room(self, name: str) -> None:
        """Leave room under a field for what is said of it once the whole plan is known."""
        self._rooms[name] = st.container()


def _said(row: Mapping[Hashable, Any], extra: bool = False) -> str:
    """Say what a setting is in the plan and as now, and where that is from; what is allowed stands in the table."""
    source, status = str(row["source"]), str(row["status"])
    # "choice of this project: a week" says already that it is a choice.
    told = [source] if status in source else [source, status]
    changed = f"In this plan: {row['value']}. " if row["changed"] else ""
    origin = by_name.named("; ".join(filter(None, told)))
    return f"{EXTRA_FIELD if extra else ''} {changed}As now: {row['default']}. Source: {origin}.".strip()


def edited(plan: PlacementPlan, day: pd.Timestamp) -> PlacementPlan:
    """Let a person change a plan, and keep it; what cannot be used is told by its field, and stays as it was.

    Parameters
    ----------
    plan
        As it was drawn last.
    day
        First day of the forecast: a single number of places stands for those of this day.
    """
    controls = Controls(plan, day)
    controls.draw()
    changed, wrong = edits.applied(plan, controls.wanted)
    if changed != plan:
        plan_state.forget_wrong()
    controls.tell(changed, {**plan_state.wrong_in_link(), **wrong})
    plan_state.keep(changed)
    return changed


def settings_table(about: pd.DataFrame) -> str:
    """Return the table of every setting with its source."""
    rows = []
    for row in about.to_dict("records"):
        unit = f" {row['unit']}" if row["unit"] else ""
        value = f"{row['value']}{unit}" + (f"\nas now: {row['default']}" if row["changed"] else "")
        origin = "\n".join(filter(None, [row["source"], "; ".join(filter(None, [row["date"], row["status"]]))]))
        origin = by_name.named(f"{origin}\n{row['note']}".strip())
        rows.append([row["label"], value, origin, row["allowed"]])
    return cards.table("Every setting of the plan", ["Setting", "Value", "Source and status", "Allowed"], rows)


def _with_unit(name: str) -> str:
    """Label of a number with its unit, where the label does not say it."""
    field = FIELDS[name]
    said = not field.unit or field.kind == "schedule" or field.unit.split()[0] in field.label.casefold()
    return field.label if said else f"{field.label} ({field.unit})"


def words_up(text: str) -> str:
    """Return the text with a capital first letter."""
    return text[:1].upper() + text[1:]


def _round(name: str) -> str:
    return f"round of {name} rows"


def _key(*names: str) -> str:
    """Key of a field; another one once the plan is replaced as a whole, so that the field begins anew."""
    return " ".join(["plan", *names, str(plan_state.turn())])
