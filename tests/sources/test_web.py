import socket
import threading

import httpx
import pytest

from forecast.errors import FetchError, Unreachable
from forecast.sources.web import Web
from tests.http_server import PAGE, empty, silent, status


def test_a_server_in_trouble_is_asked_again_after_longer_and_longer_waits(site, web, time):
    url = site.put("/page", "hello")
    site.first("/page", status(500), status(503), status(502))
    assert web.text(url) == "hello"
    assert time.waits == [1, 2, 4]
    assert site.asked("/page") == 4


def test_waits_are_spread_so_that_clients_do_not_come_back_together(site, time):
    url = site.put("/page", "hello")
    spread = iter([0.0, 1.0])
    site.first("/page", status(500), status(500))
    with Web(pace=0, sleep=time.sleep, jitter=lambda: next(spread), clock=time.clock) as web:
        web.text(url)
    assert time.waits == [0.5, 3]


def test_a_server_that_stays_in_trouble_is_given_up_with_what_to_do(site, web):
    site.first("/page", *[status(503)] * 9)
    with pytest.raises(FetchError, match=r"in trouble \(503\) 5 times; run the command again later") as caught:
        web.text(site.base + "/page")
    assert caught.value.status == 503
    assert site.asked("/page") == 5


@pytest.mark.parametrize(
    ("told", "waited"),
    [
        ({"Retry_After": "7"}, 7),
        ({"Retry_After": "Thu, 09 Jan 2025 09:30:20 GMT", "Date": "Thu, 09 Jan 2025 09:30:00 GMT"}, 20),
    ],
)
def test_retry_after_is_kept_to(site, web, time, told, waited):
    url = site.put("/page", "hello")
    site.first("/page", status(429, **told))
    assert web.text(url) == "hello"
    assert time.waits[0] == waited


def test_a_server_that_wants_an_hour_is_not_waited_for(site, web, time):
    site.first("/page", status(429, Retry_After="3600"))
    with pytest.raises(FetchError, match=r"too many requests .*asks to wait 60 minutes"):
        web.text(site.base + "/page")
    assert time.waits == []


def test_a_refusal_is_tried_a_little_then_told_with_the_remedy(site, web):
    site.first("/page", *[status(403)] * 9)
    with pytest.raises(FetchError, match=r"refused \(403\) 3 times; .*wait an hour.*download the files in a browser"):
        web.text(site.base + "/page")
    assert site.asked("/page") == 3


def test_what_is_gone_is_not_asked_for_again(site, web):
    with pytest.raises(FetchError, match="not there any more"):
        web.text(site.base + "/gone")
    assert site.asked("/gone") == 1


def test_a_wrong_question_is_told_with_the_servers_words(site, web):
    site.first("/page", status(400, b'{"date": ["Enter a valid date."]}'))
    with pytest.raises(FetchError, match=r"answers 400 \(.*Enter a valid date"):
        web.text(site.base + "/page")


def test_an_empty_page_slows_the_pace_and_is_asked_for_again(site, time):
    url = site.put("/page", "hello")
    site.first("/page", empty)
    with Web(pace=0.25, sleep=time.sleep, jitter=lambda: 0.5, clock=time.clock) as web:
        assert web.text(url) == "hello"
        web.text(url)
    # a second until the next try, which is the new pace too; then a second between requests instead of a quarter
    assert time.waits == [1, 1]


def test_requests_to_one_host_keep_their_distance_and_two_hosts_do_not_wait_for_each_other(site, time):
    urls = [site.put("/a", "a"), site.put("/b", "b")]
    elsewhere = urls[0].replace("127.0.0.1", "localhost")
    with Web(pace=0.25, sleep=time.sleep, clock=time.clock) as web:
        for url in (*urls, elsewhere):
            web.text(url)
    assert time.waits == [0.25]


def test_threads_that_share_a_client_keep_the_distance_too(site, time):
    url = site.put("/page", "hello")
    with Web(pace=0.25, sleep=time.waits.append, clock=lambda: 0.0) as web:
        threads = [threading.Thread(target=web.text, args=(url,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    # the clock stands still, so that each waits for its own turn
    assert sorted(time.waits) == [0.25, 0.5]


def test_a_client_that_is_stopped_waits_for_nothing_and_asks_nobody(site):
    url = site.put("/page", "hello")
    site.first("/page", *[status(503, Retry_After="100")] * 5)
    with Web(pace=0) as web:
        threading.Timer(0.2, web.stop).start()
        with pytest.raises(FetchError, match="not asked, the fetch was ended; run the command again"):
            web.text(url)
        with pytest.raises(FetchError, match="the fetch was ended"):
            web.text(url)
    assert site.asked("/page") == 1


def test_no_answer_in_time_is_tried_again(site, web):
    url = site.put("/page", "hello")
    site.first("/page", silent)
    assert web.text(url) == "hello"
    assert site.asked("/page") == 2


def test_without_a_connection_it_says_so_and_does_not_ask_that_host_again(web, time):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match=f"127.0.0.1:{port}: no connection; check the network"):
        web.text(f"http://127.0.0.1:{port}/a")
    waits = list(time.waits)
    with pytest.raises(Unreachable):
        web.text(f"http://127.0.0.1:{port}/b")
    assert time.waits == waits


def test_a_host_that_gives_nothing_three_times_in_a_row_is_left_alone(site, web, time):
    good = site.put("/good", "hello")

    def refused(number: int) -> str:
        site.first(f"/{number}", *[status(403)] * 9)
        with pytest.raises(FetchError) as caught:
            web.text(f"{site.base}/{number}")
        return str(caught.value)

    assert "left alone" not in refused(1) + refused(2)
    web.text(good)
    assert "left alone" not in refused(3) + refused(4) + refused(5)
    asked, waited = len(site.requests), list(time.waits)
    with pytest.raises(FetchError, match=r"\(403\), 3 pages or files in a row; it was left alone: .*wait an hour"):
        web.text(good)
    assert (len(site.requests), time.waits) == (asked, waited)


def test_redirects_are_followed_on_the_web_and_nowhere_else(site, web):
    site.put("/new", "hello")
    site.first("/old", status(301, Location="/new"))
    assert web.text(site.base + "/old") == "hello"
    site.first("/away", status(302, Location="file:///etc/hostname"))
    with pytest.raises(FetchError, match="leads to file:/etc/hostname, which is not the web"):
        web.text(site.base + "/away")
    site.first("/round", *[status(302, Location="/round")] * 9)
    with pytest.raises(FetchError, match="redirected more than 5 times"):
        web.text(site.base + "/round")
    assert site.asked("/round") == 6


def test_a_redirect_to_another_site_is_not_followed_and_one_within_the_site_is(web, monkeypatch):
    moved = {
        "england.nhs.uk": "https://www.england.nhs.uk/page",
        "publisher.org": "https://publisher.org.elsewhere.com/page",
        "a.org": "https://not-a.org/page",
    }
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        target = moved.get(request.url.host)
        return httpx.Response(301, headers={"Location": target}) if target else httpx.Response(200, text="hello")

    monkeypatch.setattr(web, "_client", httpx.Client(transport=httpx.MockTransport(answer)))
    assert web.text("https://england.nhs.uk/page") == "hello"
    for host in ("publisher.org", "a.org"):
        with pytest.raises(FetchError, match=rf"{host}/page: leads to another site, {moved[host]}; not followed"):
            web.text(f"https://{host}/page")
    assert asked == ["england.nhs.uk", "www.england.nhs.uk", "publisher.org", "a.org"]


def test_a_page_in_letters_nobody_knows_is_read_as_utf_8(site, web):
    site.first("/page", status(200, "Norfolk’s".encode(), Content_Type="text/html; charset=klingon"))
    assert web.text(site.base + "/page") == "Norfolk’s"


def test_a_redirect_from_https_to_http_is_not_followed(web, monkeypatch):
    moved = httpx.MockTransport(lambda request: httpx.Response(301, headers={"Location": "http://host/page"}))
    monkeypatch.setattr(web, "_client", httpx.Client(transport=moved))
    with pytest.raises(FetchError, match="leads from https to http://host/page, which is not safe"):
        web.text("https://host/page")


def test_a_certificate_that_cannot_be_verified_is_said_as_such(web, monkeypatch):
    def inspected(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate")

    monkeypatch.setattr(web, "_client", httpx.Client(transport=httpx.MockTransport(inspected)))
    with pytest.raises(Unreachable, match=r"host: its certificate could not be verified; .*SSL_CERT_FILE"):
        web.text("https://host/page")


def test_a_page_of_any_length_is_not_read(site, web, monkeypatch):
    monkeypatch.setattr("forecast.sources.web.PAGE_BYTES", 20)
    with pytest.raises(FetchError, match="no page is; not read"):
        web.text(site.put("/page", PAGE))


def test_the_program_says_who_it_is(site, web):
    web.text(site.put("/page", "hello"))
    assert site.requests[0][1]["User-Agent"].startswith("norfolk-forecast")
