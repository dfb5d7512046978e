"""Twenty people at once: how long a page takes to be whole for them, and what the server holds in memory.

    FORECAST_MODELS=models python benchmarks/app_load.py [--people 20] [--minutes 2] [--think 5]

Each person is a websocket that speaks Streamlit's own protocol: it asks for a page, of a hospital of its choosing, and
counts the time until the server says that the script has ended; then it reads for a while (exponential, ``--think``
seconds on average) and goes to another page. The server keeps all processors but the last one, which the people have
for themselves, so that asking costs the server nothing. Prints one Markdown row a figure.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import statistics
import time

import websockets
from app_speed import memory, server, wait_until_up
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

PLACES = ("NORFOLK", "RM1", "RGP", "RCX")
PATIENCE = 120.0


class Person:
    """One who looks at the app."""

    def __init__(self, address: str, number: int) -> None:
        self.address = f"{address.replace('http', 'ws')}/_stcore/stream"
        self.random = random.Random(number)
        self.pages: dict[str, str] = {}
        self.first = 0.0
        self.switches: list[tuple[str, float]] = []
        self.errors = 0

    async def look(self, until: float, think: float) -> None:
        """Come within a few seconds, and go from page to page until the time is over."""
        await asyncio.sleep(self.random.uniform(0, think))
        async with websockets.connect(self.address, subprotocols=["streamlit"], max_size=None) as socket:
            self.first = await self.ask(socket, "", "")
            here = ""
            while time.monotonic() < until:
                await asyncio.sleep(self.random.expovariate(1 / think))
                here = self.random.choice([name for name in self.pages if name != here])
                place = self.random.choice(PLACES)
                self.switches.append((here, await self.ask(socket, self.pages[here], f"hospital={place}")))

    async def ask(self, socket: websockets.ClientConnection, page: str, query: str) -> float:
        """Seconds until a page is whole."""
        message = BackMsg()
        message.rerun_script.page_script_hash = page
        message.rerun_script.query_string = query
        start = time.perf_counter()
        await socket.send(message.SerializeToString())
        while True:
            told = ForwardMsg()
            told.ParseFromString(await asyncio.wait_for(socket.recv(), PATIENCE))  # type: ignore[arg-type]
            kind = told.WhichOneof("type")
            if kind == "navigation":
                self.pages = {one.page_name: one.page_script_hash for one in told.navigation.app_pages}
            elif kind == "delta" and told.delta.new_element.WhichOneof("type") == "exception":
                self.errors += 1
            elif kind == "script_finished":
                if told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                    return time.perf_counter() - start
                self.errors += 1


async def crowd(address: str, people: int, seconds: float, think: float) -> list[Person]:
    """Everybody at once."""
    found = [Person(address, number) for number in range(people)]
    until = time.monotonic() + seconds
    await asyncio.gather(*(one.look(until, think) for one in found))
    return found


def ninety_five(seconds: list[float]) -> float:
    """95th percentile."""
    return sorted(seconds)[max(0, -(-95 * len(seconds) // 100) - 1)]


def row(name: str, seconds: list[float], asked: str = "") -> None:
    print(
        f"| {name} | {len(seconds)} | {statistics.median(seconds):.2f} s | {ninety_five(seconds):.2f} s | "
        f"{max(seconds):.2f} s | {asked} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=2)
    parser.add_argument("--think", type=float, default=5, help="seconds that a page is read, on average")
    given = parser.parse_args()
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, cores[-1:])
    kept = ",".join(str(core) for core in cores[:-1] or cores)
    with server(("taskset", "-c", kept)) as (address, process, _):
        wait_until_up(address)
        people = asyncio.run(crowd(address, given.people, 60 * given.minutes, given.think))
        print("| what | times | median | 95 in 100 within | worst | asked |\n|---|---|---|---|---|---|")
        row("first page of a person", [one.first for one in people])
        every = [one for person in people for one in person.switches]
        row("switch to another page", [seconds for _, seconds in every], "3 s")
        for name in dict.fromkeys(name for name, _ in sorted(every)):
            row(f"... to {name.replace('_', ' ')}", [seconds for one, seconds in every if one == name])
        print(
            f"\nErrors: {sum(one.errors for one in people)}. Memory of the server, at the most: "
            f"{memory(process.pid, 'VmHWM'):,.0f} MB (asked: under 2,000)."
        )


if __name__ == "__main__":
    main()
