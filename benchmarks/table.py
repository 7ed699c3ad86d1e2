"""Rows of the speed table and how they are measured and printed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """One line: what was done, our seconds (or another `unit`), what design.md §8 asks, the peer's figure in the same run or None."""

    work: str
    ours: float
    asked: str
    peer: float | None = None
    note: str = ""
    unit: str = "s"


def median_of(work: Callable[[], object], times: int = 3) -> float:
    """Median seconds of some runs after one to warm up."""
    work()
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return median(spent)


def seconds_of(work: Callable[[], object]) -> float:
    """Seconds of a single run: for work that cannot be repeated."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def printed(rows: list[Row]) -> str:
    """The table as text."""
    lines = [f"{'work':34} {'ours':>10} {'peer':>10} {'ratio':>7}  {'must reach':22} note"]
    for row in rows:
        peer = f"{row.peer:8.3f} {row.unit}" if row.peer is not None else "—"
        ratio = f"{row.ours / row.peer:6.2f}" if row.peer else "—"
        lines.append(f"{row.work:34} {row.ours:8.3f} {row.unit:1} {peer:>10} {ratio:>7}  {row.asked:22} {row.note}")
    return "\n".join(lines)
