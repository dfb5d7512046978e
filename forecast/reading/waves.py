"""What a run holds of the waves of Covid and flu; or, in words, why it does not hold it."""

from __future__ import annotations

from dataclasses import replace

from forecast.figures.wave_frames import Subject
from forecast.reading import by_name
from forecast.reference import reference
from forecast.runs import Run, outlook, wave_ahead
from forecast.waves.lag import Lag
from forecast.waves.peaks import Peak, together
from forecast.weekly import wave_signals
from forecast.wording import words

FLU, COVID = "flu_beds", "covid_beds_occupied"
DISEASES = {"flu": "flu", "covid": "Covid"}
METRICS = {"flu": FLU, "covid": COVID}
NOT_FORECAST = "it is not in this run"


def subject(run: Run, disease: str, place: str) -> Subject:
    """Return whom the page is about, in words."""
    patients = words.lower(by_name.label(METRICS[disease]))
    return Subject(DISEASES[disease], by_name.places(run)[place], patients, run.simulated)


def off_season(run: Run, metric: str) -> str:
    """Say in which months a peak is looked for, where the run's day is in none of them; else empty."""
    tables = reference()
    known = wave_signals.window(metric, run.as_of, tables)
    said = words.sentence(wave_signals.off_season(metric, tables))
    return "" if known else said[:1].upper() + said[1:]


def peaks(run: Run, metric: str) -> Peak | str:
    """Peaks of a metric, or why there are none."""
    if metric not in run.metrics:
        return run.skipped.get(metric, NOT_FORECAST)
    return run.no_peaks(metric) or run.peaks(metric)


def lag(run: Run, metric: str, place: str) -> Lag | str:
    """Days that a place runs behind England this season, or why that is not known."""
    found = run.lags(metric)
    if place in found:
        return found[place] if found[place].identifiable else found[place].reason
    if run.no_peaks(metric) == outlook.OLD_RUN:
        return outlook.OLD_RUN
    return "this place was not compared" if found else wave_ahead.NO_NATION


def earlier(run: Run, metric: str, place: str) -> Lag | None:
    """Days behind England that earlier seasons suggest for a place; None where they tell nothing."""
    found = run.lags(metric)
    if place not in found or not run.lag_seasons(metric):
        return None
    return replace(found[place], days=found[place].prior, identifiable=True, reason="")


def both(run: Run, place: str) -> tuple[float, str]:
    """Chance that both peaks fall within the same fortnight at a place; NaN with what is lacking, in words."""
    found = {disease: peaks(run, METRICS[disease]) for disease in DISEASES}
    known: dict[str, Peak] = {}
    for disease, one in found.items():
        if not isinstance(one, str) and place in one.locations and place not in one.reasons:
            known[disease] = one
    lacking = [name for disease, name in DISEASES.items() if disease not in known]
    if lacking:
        return float("nan"), f"the peak of {words.listed(lacking)} is not known"
    flu, covid = known["flu"], known["covid"]
    if len(flu.dates) != len(covid.dates):
        return float("nan"), "the two forecasts were not drawn together"
    return float(together(flu, covid)[place]), ""
