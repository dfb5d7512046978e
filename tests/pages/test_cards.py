import pytest

from forecast.briefing import Figure
from forecast.pages import cards

ODD = "<img src=x onerror=alert(1)>\n<b>second</b>"


@pytest.mark.parametrize(
    "html",
    [
        cards.table(ODD, [ODD, ODD], [[ODD, ODD]]),
        cards.bullets([ODD], heading=ODD),
        cards.plain([ODD]),
        cards.lead([ODD]),
        cards.facts({ODD: ODD}),
        cards.banner(ODD),
        cards.publications({ODD: [ODD]}),
        cards.table(ODD, [ODD], [[ODD]], links=['"><img src=x onerror=alert(1)>']),
        cards.figures([Figure(ODD, ODD, ODD, ODD)]),
    ],
)
def test_no_text_of_a_file_is_ever_html(html):
    assert "<img" not in html
    assert "<b>second" not in html
    assert "&lt;img src=x onerror=alert(1)&gt;" in html
