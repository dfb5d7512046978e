"""Sheets of the situation reports by season, with the headers that they had."""

from __future__ import annotations

from collections.abc import Sequence

Season = dict[str, Sequence[str]]

VOID = "{} G&A beds unavailable to non-covid admissions “void”"
LONG_STAY = "Beds Occ by long stay patients"
OLD: Season = {
    "A&E closures": (),
    "A&E diverts": (),
    "G&A beds": ("Core beds avail", "Escalation beds avail", "Total beds avail", "Total beds occ'd", "Occupancy rate"),
    "Adult critical care": ("CC Adult avail", "CC Adult Occ", "Occupancy rate"),
    "D&V, Norovirus": ("Beds closed norovirus", "Beds closed unocc"),
}
WINTER_2019: Season = {
    "A&E Closures": (),
    "A&E Diverts": (),
    "G&A beds": ("Core Beds Open", "Escalation Beds Open", "Total Beds Open", "Total beds occ'd", "Occupancy rate"),
    LONG_STAY: ("> 7 days", "> 14 days", "> 21 days"),
    "D&V, Norovirus": ("Beds closed", "Beds closed unocc"),
    "Adult critical care": ("CC Adult Open", "CC Adult Occ", "Occupancy rate"),
    "Paediatric intensive care": ("Paed Int Care Open", "Paed Int Care Occ", "Occupancy rate"),
    "Neonatal intensive care ": ("Neo Int Care Open", "Neo Int Care Occ", "Occupancy rate"),
    "Ambulance Arrivals and Delays": ("Arriving by ambulance", "Delay 30-60 mins", "Delay >60 mins"),
}
WINTER_2021: Season = {
    "Adult G&A beds": ("Adult G&A Beds Open", "Adult G&A beds occ'd", "Occupancy rate"),
    "Paediatric G&A beds": ("Paeds G&A Beds Open", "Paeds G&A beds occ'd", "Occupancy rate"),
    LONG_STAY: ("> 7 days", "> 14 days", "> 21 days"),
    "Flu": ("G&A flu beds", "CC flu beds"),
    "RSV ": ("Paeds RSV beds closed", "Paeds RSV beds closed unocc"),
    "D&V, Norovirus": ("Beds closed", "Beds closed unocc"),
    "A&E Diverts": (),
}
WINTER_2022: Season = {
    "Adult G&A beds": ("Adult G&A Beds Open", VOID.format("Adult"), "Adult G&A beds occ'd", "Occupancy rate"),
    "Paediatric G&A beds": ("Paeds G&A Beds Open", VOID.format("Paeds"), "Paeds G&A beds occ'd", "Occupancy rate"),
    "Adult D&V, Norovirus": ("Adult D&V beds closed", "Adult D&V beds closed unocc"),
    "Paediatric D&V, Norovirus": ("Paeds D&V beds closed", "Paeds D&V beds closed unocc"),
    "Flu": ("G&A flu beds", "CC flu beds"),
}
WINTER_2024: Season = {
    "Adult G&A beds": (
        "Adult core beds open",
        "Adult escalation beds open",
        "Adult G&A beds open",
        VOID.format("Adult"),
        "Adult G&A beds occ'd",
        "Adult G&A occupancy rate",
    ),
    **{name: heads for name, heads in WINTER_2022.items() if name != "Adult G&A beds"},
}
