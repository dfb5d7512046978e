from forecast import remarks
from forecast.forecasters.per_location import BASELINE
from forecast.forecasters.persistence import COUNTING_NOISE
from forecast.refit import INDEPENDENT

LABELS = {"NORFOLK": "Norfolk (three hospitals)", "RM1": "Norfolk and Norwich", "RGP": "James Paget"}


def test_remarks_name_hospitals_and_are_said_once():
    said = {
        "RM1": "too little history (5 values, 60 needed): baseline used",
        "NORFOLK": "RM1: too little history (5 values, 60 needed): baseline used; " + remarks.INDEPENDENT,
    }
    assert remarks.notes(said, LABELS) == [
        "Norfolk and Norwich: the usual model was not used (too little history (5 values, 60 needed)); the last value "
        "carried forward stands in.",
        "The total assumes that the hospitals rise and fall independently of each other. If they move together, the "
        "true range is wider.",
    ]


def test_a_total_does_not_repeat_what_its_members_say_nor_what_cannot_be_said():
    said = {
        "RM1": "cannot say: no usable value since 1 December 2024 (0 while England had 6,174; a false zero)",
        "RGP": "ProphetModel: too short: left out; last value is 12 days old (2024-12-24)",
        "NORFOLK": "RGP: ProphetModel: too short: left out; last value is 12 days old (2024-12-24)",
    }
    assert remarks.notes(said, LABELS) == [
        "James Paget: the seasonal model was not used (too short).",
        "James Paget: last value is 12 days old (24 December 2024).",
    ]


def test_a_model_that_was_not_used_is_named_in_plain_words():
    said = {"RGP": "ExponentialSmoothing: the model's paths ran away beyond 270: baseline used"}
    assert remarks.notes(said, LABELS) == [
        "James Paget: the smoothing model was not used (impossibly high figures); the last value carried forward "
        "stands in."
    ]
    assert remarks.notes({"RGP": "ProphetModel: too short: left out"}, LABELS) == [
        "James Paget: the seasonal model was not used (too short)."
    ]


def test_the_remark_on_independence_is_the_one_the_weekly_run_makes():
    assert remarks.INDEPENDENT == INDEPENDENT


def test_codes_and_iso_dates_become_names_and_dates():
    assert remarks.named("no forecast for RGP since 2024-12-01", LABELS) == (
        "no forecast for James Paget since 1 December 2024"
    )


def test_a_remark_on_several_measures_is_said_once_with_their_names():
    said = {"Flu": ["Wide.", "Late."], "Covid": ["Wide."]}
    assert remarks.grouped(said) == ["All measures. Wide.", "Flu. Late."]
    assert remarks.grouped({"Flu": ["Wide."], "Covid": ["Wide."], "Staff": []})[0] == "Flu; Covid. Wide."


def test_the_remarks_of_the_forecasters_are_known():
    said = {"RGP": f"too short: {BASELINE}; {COUNTING_NOISE}"}
    assert remarks.notes(said, LABELS) == [
        "James Paget: the usual model was not used (too short); the last value carried forward stands in.",
        "James Paget: too little history to learn how much it varies; the range is that of a count that varies by "
        "chance alone.",
    ]
