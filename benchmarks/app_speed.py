"""How fast the app is in a browser: from the start of the server to a first page, and from each page to each other.

    FORECAST_MODELS=models python benchmarks/app_speed.py [--rounds 3] [--starts 3]

Starts the app on a free port and drives Chromium. A *cold start* is the time from starting the server's process to the
first page's title, and to the page being whole. A *warm switch* is the time from a click in the menu until the other
page is whole: its title stands there, nothing of the page before is left, the script has ended and every chart is
drawn; each page has been seen before. Prints one Markdown row a figure: median and worst; and the server's memory.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import permutations
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from forecast.pages.shell import PAGES

ROOT = Path(__file__).parents[1]
PATIENCE = 60_000
WHOLE = """title => {
    const app = document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]');
    const head = document.querySelector('[data-testid=stMain] h1');
    const charts = [...document.querySelectorAll('[data-testid=stVegaLiteChart]')];
    return app && head && head.textContent.trim() === title && !document.querySelector('[data-stale=true]')
        && document.querySelector('[data-testid=stPageLink]') && charts.every(one => one.querySelector('svg, canvas'));
}"""
SWITCH = f"""title => new Promise((done, failed) => {{
    const whole = {WHOLE};
    const link = [...document.querySelectorAll('[data-testid=stTopNavLink]')].find(a => a.textContent.trim() === title);
    const start = performance.now();
    let head = 0;
    link.click();
    const look = () => {{
        const shown = document.querySelector('[data-testid=stMain] h1');
        if (!head && shown && shown.textContent.trim() === title) head = performance.now() - start;
        if (head && whole(title)) done([head / 1000, (performance.now() - start) / 1000]);
        else if (performance.now() - start > {PATIENCE}) failed(new Error('never whole: ' + title));
        else requestAnimationFrame(look);
    }};
    requestAnimationFrame(look);
}})"""


@contextmanager
def server(prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, subprocess.Popen[bytes], float]]:
    """Start the app: its address, its process, and when it was started."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*prefix, sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true"]
    command += [f"--server.port={port}", "--server.address=127.0.0.1"]
    with tempfile.TemporaryFile() as log:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=log, stderr=subprocess.STDOUT)
        try:
            yield f"http://127.0.0.1:{port}", process, start
        finally:
            process.terminate()
            process.wait(20)


def wait_until_up(address: str) -> None:
    """Until the server answers."""
    end = time.monotonic() + PATIENCE / 1000
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):  # nosec B310 # of this machine
                return
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the app did not start")


def memory(pid: int, what: str = "VmRSS") -> float:
    """Megabytes that a process holds now, or held at the most (``VmHWM``)."""
    rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    return int(next(row for row in rows if row.startswith(what)).split()[1]) / 1024


def row(name: str, seconds: list[float], asked: str = "") -> None:
    """Print one row of the table."""
    print(f"| {name} | {statistics.median(seconds):.2f} s | {max(seconds):.2f} s | {asked} |", flush=True)


def opened(browser: Any, address: str) -> Page:
    """Open the app in a window of its own."""
    page: Page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address, wait_until="commit")
    return page


def cold(browser: Any, starts: int) -> None:
    """Start the server again and again, with the browser already there."""
    titles, wholes = [], []
    first = next(iter(PAGES.values()))
    for _ in range(starts):
        with server() as (address, _, start):
            wait_until_up(address)
            page = opened(browser, address)
            page.wait_for_function(
                "t => document.querySelector('[data-testid=stMain] h1')?.textContent.trim() === t",
                arg=first,
                polling=20,
            )
            titles.append(time.perf_counter() - start)
            page.wait_for_function(WHOLE, arg=first, polling=20)
            wholes.append(time.perf_counter() - start)
            page.context.close()
    row("cold start of the server to the first page's title", titles, "4 s")
    row("cold start of the server to the whole first page", wholes)


def warm(browser: Any, rounds: int) -> None:
    """Go from each page to each other."""
    with server() as (address, process, _):
        wait_until_up(address)
        page = opened(browser, address)
        page.wait_for_function(WHOLE, arg=next(iter(PAGES.values())))
        for title in [*PAGES.values(), *PAGES.values()]:
            if page.locator("h1").first.text_content() != title:
                page.evaluate(SWITCH, title)
        found: dict[str, list[float]] = {title: [] for title in PAGES.values()}
        heads: list[float] = []
        for _ in range(rounds):
            for start, end in permutations(PAGES.values(), 2):
                if page.locator("h1").first.text_content() != start:
                    page.evaluate(SWITCH, start)
                head, whole = page.evaluate(SWITCH, end)
                heads.append(head)
                found[end].append(whole)
        every = [one for some in found.values() for one in some]
        row(f"warm switch to a page's title, {len(heads)} switches", heads)
        row(f"warm switch to a whole page, {len(every)} switches", every, "0.7 s")
        for title, seconds in found.items():
            row(f"... to {title}", seconds)
        print(
            f"| memory of the server, now and at the most | {memory(process.pid):,.0f} MB | "
            f"{memory(process.pid, 'VmHWM'):,.0f} MB | |"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=3)
    given = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    print("| what | median | worst | asked |\n|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        cold(browser, given.starts)
        warm(browser, given.rounds)
        browser.close()


if __name__ == "__main__":
    main()
