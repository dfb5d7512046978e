from types import SimpleNamespace

import pandas as pd

from forecast.doctor.counted import Counted
from forecast.doctor.finding import Finding
from forecast.runs import Served
from forecast.wording import doctor_words, served_words

RUN = SimpleNamespace(id="2025-01-09-aaaa", as_of=pd.Timestamp("2025-01-09"))
MENDED, LEFT = Finding("run a", "flags.parquet is missing", "set aside"), Finding("run b", "made by a newer version")


def test_the_banner_says_what_is_wrong_what_is_shown_and_who_to_ask():
    assert served_words.banner(Served(RUN, RUN.id)) == ""
    assert served_words.banner(Served(RUN, "2025-01-16-bbbb", "its folder is missing")) == (
        "The newest forecasts cannot be used, so the ones before them are shown. These know only what was published by "
        "Thursday 9 January 2025. Not used: run 2025-01-16-bbbb (its folder is missing). Ask whoever looks after this "
        "app to type 'forecast doctor', which sets aside what is damaged, and then 'forecast refit', which makes the "
        "forecasts again."
    )
    assert "so others are shown" in served_words.banner(Served(RUN, "2025-01-02-bbbb", "its folder is missing"))
    part = served_words.banner(Served(RUN, RUN.id, "flags.parquet is missing"))
    assert part.startswith("Part of these forecasts is damaged and there are no others to show.")
    lost = served_words.banner(Served(RUN, "", "names no run ('')"))
    assert lost.startswith("The app cannot tell which forecasts are the newest.")
    assert "The note that names them names no run ('')." in lost


def test_the_doctor_says_how_much_was_wrong_and_what_is_left():
    there = Counted(vintages=1, runs=1_000, files=0)
    kept = "(1 vintage in the store, 1,000 runs, 0 fetched files)."
    said = doctor_words.closing
    assert said([], there, check=False) == f"Nothing is wrong: all that is kept is what was written {kept}"
    assert said([MENDED], there, check=False) == f"Set right: 1 thing. All that is left can be read {kept}"
    assert said([MENDED, LEFT], there, check=False) == f"Wrong: 2 things; left for you: 1 thing, see above {kept}"
    assert said([LEFT], there, check=True).startswith("Wrong: 1 thing. 'forecast doctor' without --check")
    assert "nothing is stored, no run has been made" in said([], Counted(0, 0, 0), check=True)
