"""The way of a patrol: all places, once, and nearly as short as can be."""

from __future__ import annotations

import time
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.services.paper.route import length, tour

CHANCE = np.random.default_rng(11)


def test_along_a_street_one_goes_from_end_to_end() -> None:
    """Whatever order the places come in; from the end that one starts at."""
    street = np.column_stack([CHANCE.permutation(np.arange(0, 2000, 50.0)), np.zeros(40)])
    order = tour(street)
    assert 1950 == length(street, order)
    assert [1950.0, 1900.0] == street[tour(street, (2100.0, 0.0))[:2], 0].tolist()


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), min_size=0, max_size=7), st.booleans())
def test_few_places_are_walked_the_shortest_way_or_nearly(places: list[tuple[int, int]], begun: bool) -> None:
    """Each once; never more than a tenth longer than the best of all ways."""
    points = np.array(places, dtype=float).reshape(-1, 2)
    start = (0.0, 0.0) if begun else None
    order = tour(points, start)
    assert list(range(len(places))) == sorted(order)

    def walked(way: list[int]) -> float:
        return length(np.vstack([points[way], np.empty((0, 2))]) if start is None else np.vstack([[start], points[way]]), list(range(len(way) + begun)))

    if places:
        assert walked(order) <= 1.1 * min(walked(list(way)) for way in permutations(range(len(places)))) + 1e-6


def test_two_hundred_places_at_once_and_always_the_same() -> None:
    """Within a tenth of the length that chance places are known to need: 0.7124 √(nA) (Beardwood, Halton and Hammersley 1959)."""
    points = CHANCE.uniform(0, 3000, (200, 2))
    started = time.perf_counter()
    order = tour(points)
    seconds = time.perf_counter() - started
    assert order == tour(points.copy())
    assert length(points, order) < 1.1 * (0.7124 * np.sqrt(200 * 3000.0**2) * (1 + 0.33 / 200) + 0.55 * 3000 / 2)
    assert seconds < 5, "a runaway, not a measurement"


def test_many_places_and_equal_places() -> None:
    """A thousand are joined by nearness; places on one spot are no trouble."""
    many = CHANCE.uniform(0, 3000, (1000, 2))
    assert list(range(1000)) == sorted(tour(many))
    assert [0, 1, 2] == tour(np.zeros((3, 2)))
    assert ([], [0]) == (tour(np.empty((0, 2))), tour(np.zeros((1, 2)), (5.0, 5.0)))


def test_the_start_is_kept() -> None:
    """From the command post outwards: the first stop is near it."""
    points = CHANCE.uniform(0, 1000, (30, 2))
    order = tour(points, (0.0, 0.0))
    assert list(range(30)) == sorted(order)
    first = np.hypot(*points[order[0]])
    assert first == pytest.approx(min(np.hypot(*points.T)), abs=150)
