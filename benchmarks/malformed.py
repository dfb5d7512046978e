"""What becomes of 300 malformed files made from published ones: refused, right, wrong or crashed, by kind.

    python benchmarks/malformed.py ../shared/real/raw

Prints a Markdown table by family, every kind that breaks the rule or cannot be detected, the slowest and the largest.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.malformed import KINDS, Outcome, originals, run

RESULTS = ("refused", "right", "fewer", "wrong", "crashed", "slow", "large")


def by_family(outcomes: list[Outcome]) -> None:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for outcome in outcomes:
        undetectable = outcome.result == "wrong" and outcome.kind.undetectable
        found[outcome.kind.family]["undetectable" if undetectable else outcome.result] += 1
    columns = [*RESULTS, "undetectable"]
    print(f"| what is wrong | files | {' | '.join(columns)} |\n|---|--:|{'--:|' * len(columns)}")
    for family, counts in [*found.items(), ("all", sum(found.values(), Counter()))]:
        print(f"| {family} | {counts.total()} | {' | '.join(str(counts[name]) for name in columns)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raw", type=Path, help="folder of published workbooks")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", action="store_true", help="print what became of every file")
    arguments = parser.parse_args()
    start = time.perf_counter()
    outcomes = []
    for outcome in run(arguments.raw, arguments.count, arguments.seed):
        outcomes.append(outcome)
        if arguments.every or outcome.fault:
            print(f"{outcome.result:8} {outcome.kind.name} ({outcome.original.name[:40]}): {outcome.said}", flush=True)
    by_family(outcomes)
    print(f"\n{len(outcomes)} files of {len(KINDS)} kinds from {len(originals(arguments.raw))} workbooks, ", end="")
    print(f"{time.perf_counter() - start:.0f} s with making them")
    for what, worst in (
        ("slowest", max(outcomes, key=lambda o: o.seconds)),
        ("largest", max(outcomes, key=lambda o: o.memory)),
    ):
        print(f"{what}: {worst.kind.name}, {worst.seconds:.1f} s, {worst.memory:,.0f} MB")
    for outcome in {o.kind.name: o for o in outcomes if o.kind.undetectable}.values():
        print(f"undetectable: {outcome.kind.name} ({outcome.result}): {outcome.kind.undetectable}")


if __name__ == "__main__":
    main()
