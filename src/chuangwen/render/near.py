"""Lines of a PDF told from where each begins: a house of five corners far from the page's edge takes ten small numbers instead of ten large ones.

PDF knows no relative steps within a path, but the origin may be moved between paths. A third of the bytes of outlines after compression.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_LETTERS = bytes(range(ord("A"), ord("Z") + 1)) + bytes(range(ord("a"), ord("z") + 1)) + b"*"
_BLANKS = bytes.maketrans(_LETTERS, b" " * len(_LETTERS))
_NUMBERS = b"0123456789- \n"
_PLAIN = frozenset(b"mlhSBf*")
_PAINTED = np.frombuffer(b"SBf", dtype=np.uint8)
_M, _L, _FIRST = (ord(letter) for letter in "mlM")


def told_near(run: bytes) -> bytes | None:
    """A run of paths, in whole numbers, from the beginning of each; the origin is left moved. None for what is not made of straight lines in whole numbers."""
    letters = run.translate(None, _NUMBERS)
    if b"." in run or not _PLAIN.issuperset(letters) or not run.endswith(b"\n"):
        return None
    points = np.fromstring(run.translate(_BLANKS), dtype=np.int64, sep=" ").reshape(-1, 2)
    steps = np.frombuffer(letters, dtype=np.uint8)
    ends = np.isin(steps, _PAINTED)
    drawn = (steps == _M) | (steps == _L)
    path: NDArray[np.int64] = (np.cumsum(ends) - ends)[drawn]  # of each vertex
    first = np.flatnonzero(np.diff(path, prepend=-1))
    begun = bool((steps[drawn][first] == _M).all())
    if len(points) != len(path) or len(first) != int(ends.sum()) or not begun:
        return None
    origins = points[first]
    points = points - origins[path]
    points[first] = np.diff(origins, axis=0, prepend=0)
    marked = steps.copy()
    marked[np.flatnonzero(drawn)[first]] = _FIRST
    pattern = marked.tobytes()
    for letter, text in _TEXTS:
        pattern = pattern.replace(letter, text)
    return pattern % tuple(points.ravel().tolist())


# In an order in which no replacement holds a letter that is still to come.
_TEXTS = (
    (b"*", b"\x00"),
    (b"S", b"S\n"),
    (b"B", b"B\n"),
    (b"f", b"f\n"),
    (b"\n\x00", b"*\n"),
    (b"h", b"h\n"),
    (b"l", b"%d %d l\n"),
    (b"m", b"%d %d m\n"),
    (b"M", b"1 0 0 1 %d %d cm\n0 0 m\n"),
)
