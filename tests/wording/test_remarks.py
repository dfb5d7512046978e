from forecast.wording import remarks

LABELS = {"NORFOLK": "Norfolk, three hospitals together", "RGP": "James Paget"}


def test_a_remark_names_its_place_and_ends_with_one_full_stop():
    said = {"RGP": "smoothing model not used (too short), the last value is carried forward instead", "R1X": "late."}
    assert remarks.notes(said, LABELS) == [
        "James Paget: smoothing model not used (too short), the last value is carried forward instead.",
        "R1X: late.",
    ]


def test_a_remark_on_several_measures_is_said_once_with_their_names():
    said = {"Flu": ["Wide.", "Late."], "Covid": ["Wide."]}
    assert remarks.grouped(said) == ["Wide. (All measures.)", "Late. (Flu.)"]
    assert remarks.grouped({"Flu": ["Wide."], "Covid": ["Wide."], "Staff": []})[0] == "Wide. (Flu; Covid.)"
