from forecast.wording import briefing_words, words

ROW = {"word": "uncertain", "chance_up": 0.04, "chance_level": 0.52, "chance_down": 0.44}


def test_a_direction_that_stands_out_is_told_by_itself():
    assert words.lean({**ROW, "word": "down", "chance_down": 0.62}) == "down, 62% chance"
    assert words.lean({**ROW, "word": "level", "chance_level": 0.7}) == "level, 70% chance"


def test_two_neighbouring_directions_are_told_together_where_the_third_is_unlikely():
    assert words.lean(ROW) == "level or down, 96% chance"
    turned = {**ROW, "chance_up": 0.4, "chance_level": 0.45, "chance_down": 0.15}
    assert words.lean(turned) == "level or up, 85% chance"


def test_up_or_down_but_not_level_is_no_direction():
    apart = {**ROW, "chance_up": 0.5, "chance_level": 0.05, "chance_down": 0.45}
    assert words.lean(apart) == "no clear direction"
    open_ = {**ROW, "chance_up": 0.3, "chance_level": 0.4, "chance_down": 0.3}
    assert words.lean(open_) == "no clear direction"


def test_the_chance_of_each_direction_is_told():
    assert words.chances(ROW) == "up 4%, level 52%, down 44%"
    assert words.chances({**ROW, "word": "cannot say"}) == ""


def test_a_number_that_no_count_of_places_reaches_is_told_so():
    said = briefing_words.places({"flat": float("nan")}, {"flat": 44}, [], 7, 0.9)
    assert said == "To be 90% sure that nobody waits longer than 7 days takes more flats than can be told."
    assert briefing_words.short(float("nan"), 44) == "No number is enough"


def test_places_on_top_of_those_in_use_have_no_count_to_compare_with():
    said = briefing_words.places({"care_home_bed": 1.0}, {"care_home_bed": 0}, ["care_home_bed"], 1, 0.8)
    assert said == (
        "To be 80% sure that nobody waits longer than 1 day takes 1 care-home bed on top of those in use today."
    )


def test_a_forecast_without_a_figure_now_is_told_without_a_direction():
    nan = float("nan")
    row = {**ROW, "word": "uncertain", "now": nan, "chance_up": nan, "chance_level": nan, "chance_down": nan}
    assert words.lean(row) == "no usable figure to compare with"
    assert words.direction(row) == "No usable figure to compare with"
    assert words.chances(row) == ""
    assert words.forecast([row])
