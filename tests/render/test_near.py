"""Lines told from where they begin are the same lines."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.render.near import told_near
from chuangwen.render.repeats import compact

number = st.integers(-99_999, 99_999)
vertex = st.tuples(number, number)
ring = st.tuples(st.lists(vertex, min_size=2, max_size=6), st.booleans())
path = st.tuples(st.lists(ring, min_size=1, max_size=3), st.sampled_from(["S", "B", "B*", "f", "f*"]))


def written(paths: list[tuple[list[tuple[list[tuple[int, int]], bool]], str]]) -> bytes:
    """As Qt writes paths."""
    lines = []
    for rings, paint in paths:
        for points, closed in rings:
            lines += [f"{x} {y} {'l' if at else 'm'}" for at, (x, y) in enumerate(points)] + ["h"] * closed
        lines.append(paint)
    return ("\n".join(lines) + "\n").encode("ascii")


def read(content: bytes) -> list[tuple[str, tuple[int, ...]]]:
    """What a viewer draws: each step with its place on the page."""
    steps, x, y = [], 0, 0
    for line in content.decode("ascii").splitlines():
        *numbers, step = line.split()
        values = [int(one) for one in numbers]
        if step == "cm":
            assert values[:4] == [1, 0, 0, 1]
            x, y = x + values[4], y + values[5]
        else:
            steps.append((step, (values[0] + x, values[1] + y) if values else ()))
    return steps


@given(st.lists(path, min_size=1, max_size=6))
def test_the_same_lines_are_drawn(paths: list[tuple[list[tuple[list[tuple[int, int]], bool]], str]]) -> None:
    """Whatever they consist of; the origin moves only between paths."""
    before = written(paths)
    after = told_near(before)

    assert after is not None
    assert read(after) == read(before)
    assert not re.search(rb"[mlh]\n1 0 0 1", after)


def test_what_is_not_straight_or_not_whole_is_left_alone() -> None:
    """Curves, rectangles, fractions."""
    for run in (b"1 2 m\n1 2 3 4 5 6 c\nS\n", b"1 2 3 4 re\nf\n", b"1.5 2 m\n3 4 l\nS\n", b"1 2 m\n3 4 l\n"):
        assert told_near(run) is None


def test_what_is_drawn_twice_is_written_once() -> None:
    """A road: wide and dark, then narrow and light."""
    points = np.random.default_rng(1).integers(0, 9_999, (200, 2)).tolist()
    run = "".join(f"{x} {y} {'l' if at else 'm'}\n" for at, (x, y) in enumerate(points)).encode("ascii") + b"S\n"
    content = b"q\n0 0 0 SCN\n90 w 1 J 1 j []0  d\n" + run + b"/CSp CS\n1 1 1 SCN\n60 w 1 J 1 j []0  d\n" + run + b"Q\n"

    ((page, called),), runs = compact([content])

    assert called == [0]
    assert page.count(b"/Run0 Do\n") == 2
    assert len(page) < 200
    assert read(runs[0]) == read(run)
