"""The speed table of design.md §8 for what exists: `make bench`, or `python benchmarks/run.py [WORD…]` for rows whose function is named so.

A new row is a function that returns rows, named in ROWS. A row whose code does not exist yet is left out, not faked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks.coverage import coverage
from benchmarks.drawing import drawing, panning
from benchmarks.figures import figures
from benchmarks.importing import importing
from benchmarks.lettering import lettering
from benchmarks.paper import atlas, cancelling, demo_atlas, preview
from benchmarks.projects import opening
from benchmarks.responsibility import responsibility
from benchmarks.table import Row, printed
from benchmarks.web import web
from benchmarks.what_if import what_if
from benchmarks.window import window

ROWS: tuple[Callable[[], list[Row]], ...] = (
    drawing,
    lettering,
    panning,
    opening,
    window,
    importing,
    coverage,
    responsibility,
    what_if,
    figures,
    demo_atlas,
    preview,
    cancelling,
    atlas,
    web,
)


def main(words: list[str]) -> None:
    """Measure and print."""
    rows: list[Row] = []
    for work in ROWS:
        if not words or any(word in work.__name__ for word in words):
            print(f"… {work.__name__}", file=sys.stderr)
            rows += work()
    print(printed(rows))


if __name__ == "__main__":
    main(sys.argv[1:])
