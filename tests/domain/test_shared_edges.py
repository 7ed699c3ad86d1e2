"""Borders of zones move in all zones that hold them; what would tear is refused (issue 5, boundary what-if)."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.domain.shared_edges import EDGE, NOBODY, VERTEX, SharedEdges
from chuangwen.errors import RuleBroken

A = shapely.box(0, 0, 100, 100)
B = shapely.box(100, 0, 200, 100)
C = shapely.box(0, 100, 200, 200)  # its lower side has no vertex where A and B meet: a T-junction


def _mesh(*areas: shapely.Geometry) -> SharedEdges:
    return SharedEdges(np.array(areas, dtype=object), "ABCDE"[: len(areas)])


def _sound(mesh: SharedEdges, total: float, *, noded: bool = True) -> None:
    assert not noded or bool(shapely.coverage_is_valid(mesh.geometry))
    assert shapely.area(shapely.union_all(mesh.geometry)) == pytest.approx(total, abs=1e-6)
    assert shapely.area(mesh.geometry).sum() == pytest.approx(total, abs=1e-6)


@given(st.floats(-60, 60), st.floats(-60, 60))
def test_a_t_junction_moves_in_all_three_zones(dx: float, dy: float) -> None:
    """Where A and B meet C has no vertex: it gets one, and neither gap nor overlap opens. What A and B lose C gains."""
    mesh = _mesh(A, B, C)
    handle = mesh.nearest(101, 99, 5)
    assert handle is not None
    assert (handle.kind, handle.points, handle.zones) == (VERTEX, ((100.0, 100.0),), (0, 1, 2))
    moved = mesh.grip(handle).moved(dx, dy)
    assert moved.refused == ""
    after = mesh.accepted(moved)
    _sound(after, 40_000)
    for zone in range(3):
        won = sum(one.area_m2 for one in moved.pieces if one.taker == zone) - sum(one.area_m2 for one in moved.pieces if one.giver == zone)
        assert after.geometry[zone].area - mesh.geometry[zone].area == pytest.approx(won, abs=0.1)


def test_a_side_moves_with_both_ends() -> None:
    """The whole side between A and B goes east: B gives 100 m × 10 m to A, and the outer border follows."""
    mesh = _mesh(A, B)
    handle = mesh.nearest(101, 50, 5)
    assert handle is not None
    assert handle.kind == EDGE
    moved = mesh.grip(handle).moved(10, 0)
    assert [(one.giver, one.taker, round(one.area_m2)) for one in moved.pieces] == [(1, 0, 1000)]
    _sound(mesh.accepted(moved), 20_000)


def test_a_move_across_a_neighbour_is_refused_by_name() -> None:
    """Through a border, and over a zone that does not hold the vertex."""
    mesh = _mesh(A, B, C)
    handle = mesh.nearest(100, 100, 1)
    assert handle is not None
    through = mesh.grip(handle).moved(0, -150)
    assert "网格" in through.refused
    with pytest.raises(RuleBroken):
        mesh.accepted(through)
    apart = _mesh(A, shapely.box(120, 0, 200, 100))
    corner = apart.nearest(100, 100, 1)
    assert corner is not None
    assert apart.grip(corner).moved(50, -40).refused == "会盖住网格 B。"
    assert [(one.giver, one.taker) for one in apart.grip(corner).moved(10, 0).pieces] == [(NOBODY, 0)]


def test_a_vertex_more_and_a_vertex_less() -> None:
    """Inserted in both zones, moved, taken out again: the zones are what they were. A place where three borders meet keeps its vertex."""
    mesh = _mesh(A, B, C)
    handle = mesh.nearest(101, 50, 5)
    assert handle is not None
    more = mesh.accepted(mesh.inserted(handle))
    vertex = more.nearest(100, 50, 1)
    assert vertex is not None
    assert (vertex.kind, vertex.zones) == (VERTEX, (0, 1))
    moved = more.accepted(more.grip(vertex).moved(20, 5))
    _sound(moved, 40_000, noded=False)  # the T-junction of C was not touched: it stays as it came
    there = moved.nearest(120, 55, 1)
    assert there is not None
    back = moved.accepted(moved.removed(there))
    assert all(one.equals(two) for one, two in zip(back.geometry[:2], mesh.geometry[:2], strict=True))
    junction = mesh.nearest(100, 100, 1)
    assert junction is not None
    assert "交汇" in mesh.removed(junction).refused


def test_a_piece_goes_to_the_neighbour_it_borders() -> None:
    """A line cuts off the east of A: B takes it, C gets the vertices of the cut. A line that cuts nothing is refused."""
    mesh = _mesh(A, B, C)
    given_away = mesh.given(0, [(70, -5), (70, 105)])
    assert [(one.giver, one.taker, round(one.area_m2)) for one in given_away.pieces] == [(0, 1, 3000)]
    _sound(mesh.accepted(given_away), 40_000)
    assert "没有把网格" in mesh.given(0, [(20, 20), (40, 40)]).refused
