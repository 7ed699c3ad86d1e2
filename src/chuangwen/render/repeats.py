"""What is drawn again is written once: runs of lines that stand in several places of a PDF become forms (ISO 32000-1, 8.10).

A road is a wide dark line and then a narrower light one along the same vertices, a legend stands on each page, symbols of a kind are alike. A form takes the
colours and widths of where it is called, so the run may be the same though it looks different. A fifth of the bytes of a full map; telling the lines of each
run from where they begin (`near`) saves a quarter of what is left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from chuangwen.render.near import told_near

_STYLED = b" d\n"  # ends what Qt writes when a pen is set
_OTHER = re.compile(rb"\n(?=[/Qq])")
_WORTH = 400  # bytes: shorter ones are dealt with by the compression


def compact(contents: Sequence[bytes]) -> tuple[list[tuple[bytes, list[int]]], list[bytes]]:
    """The contents of pages with their repeated runs called by `/Run<number> Do`, each with the numbers it calls; and the runs, as contents of forms."""
    places = [list(_runs(content)) for content in contents]
    times = Counter(hash(content[start:end]) for content, runs in zip(contents, places, strict=True) for start, end in runs)
    numbers: dict[bytes, int] = {}
    pages = []
    for content, runs in zip(contents, places, strict=True):
        parts: list[bytes] = []
        called: dict[int, None] = {}
        at = 0
        for start, end in runs:
            run = content[start:end]
            if times[hash(run)] > 1:
                number = numbers.setdefault(run, len(numbers))
                called[number] = None
                parts += (content[at:start], b"/Run%d Do\n" % number)
                at = end
            elif (near := told_near(run)) is not None:
                parts += (content[at:start], b"q\n", near, b"Q\n")
                at = end
        pages.append((b"".join((*parts, content[at:])), list(called)))
    return pages, [told_near(run) or run for run in numbers]


def _runs(content: bytes) -> Iterator[tuple[int, int]]:
    """Where lines are drawn one after the other without a change of state."""
    at = 0
    while (at := content.find(_STYLED, at)) >= 0:
        start = at + len(_STYLED)
        found = _OTHER.search(content, start - 1)
        if found is None:
            return
        end = found.end()
        if end - start >= _WORTH and b"T" not in (run := content[start:end]) and b"W" not in run:
            yield start, end
        at = end
