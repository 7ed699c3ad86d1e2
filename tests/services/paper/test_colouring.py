"""No two neighbours look alike."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.services.paper.colouring import coloured, neighbours


def areas(*shapes: object) -> np.ndarray:
    """An array of shapes."""
    found = np.empty(len(shapes), dtype=object)
    found[:] = shapes
    return found


def test_areas_that_were_drawn_apart_by_a_hand_s_breadth_still_touch() -> None:
    """Half a metre between two boundaries is no gap; ten metres are. What has no geometry touches nothing."""
    found = neighbours(areas(shapely.box(0, 0, 100, 100), shapely.box(100.5, 0, 200, 100), shapely.box(210, 0, 300, 100), None))

    assert found == [{1}, {0}, set(), set()]


@given(st.integers(1, 12), st.integers(1, 12))
def test_a_chequerboard_needs_no_more_than_four(columns: int, rows: int) -> None:
    """Corners count as touching; six colours are always enough for it and neighbours differ."""
    cells = [shapely.box(x, y, x + 1, y + 1) for x in range(columns) for y in range(rows)]
    touching = neighbours(shapely.transform(areas(*cells), lambda xy: xy * 50))

    found = coloured(touching, 6)

    assert all(found[a] != found[b] for a, others in enumerate(touching) for b in others)


def test_all_colours_are_used_and_too_few_are_taken_all_the_same() -> None:
    """Six areas far apart get six colours; a ring of three with two colours gets one twice."""
    assert sorted(coloured([set() for _ in range(6)], 6)) == [0, 1, 2, 3, 4, 5]
    assert set(coloured([{1, 2}, {0, 2}, {0, 1}], 2)) == {0, 1}
    assert coloured([], 6) == []
