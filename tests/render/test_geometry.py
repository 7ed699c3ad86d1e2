"""Flat arrays hold what the shapes held."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from shapely.geometry import GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon, box

from chuangwen.domain.layer import Symbol
from chuangwen.render.geometry import flatten, ragged, rings_of, simpler, single_edges
from tests.render.build import features, layer


def test_every_kind_finds_its_place_and_its_owner() -> None:
    """Singles, multis, collections, empty shapes and none at all."""
    shapes = [
        Point(1, 1),
        None,
        MultiPoint([(2, 2), (3, 3)]),
        LineString([(0, 0), (1, 0)]),
        MultiLineString([[(0, 0), (1, 0)], [(5, 5), (6, 6)]]),
        box(0, 0, 2, 2),
        MultiPolygon([box(0, 0, 1, 1), box(5, 5, 6, 6)]),
        GeometryCollection([Point(9, 9), GeometryCollection([box(7, 7, 8, 8)])]),
        Polygon(),
    ]
    flat = flatten(features(layer("any"), shapes))
    assert [0, 2, 2, 7] == flat.points.owner.tolist()
    assert [3, 4, 4] == flat.lines.owner.tolist()
    assert [5, 6, 6, 7] == flat.areas.owner.tolist()


def test_no_features_are_no_trouble() -> None:
    """An empty layer is flat too."""
    flat = flatten(features(layer("polygon"), []))
    assert 0 == len(flat.areas.owner) == len(flat.points.owner) == len(flat.classes)


def test_after_an_edit_of_a_status_the_geometry_is_taken_over() -> None:
    """Only the classes are worked out anew; a moved point is not overlooked."""
    of = layer("point", [Symbol(when={"class": ("a",)}), Symbol(when={"class": ("b",)})])
    old = features(of, [Point(0, 0), Point(1, 1)], **{"class": ["a", "a"]})
    before = flatten(old)
    renamed = flatten(old.patched({"1": {"class": "b"}}), before)
    assert renamed.points is before.points
    assert [0, 1] == renamed.classes.tolist()
    moved = flatten(old.patched({"1": {"geometry": Point(5, 5)}}), before)
    assert [5, 5] == moved.points.xy[1].tolist()


def test_taking_groups_out_of_flat_arrays() -> None:
    """Groups of 2, 0 and 3 members, taken in another order."""
    positions, begins = ragged(np.array([0, 2, 2, 5]), np.array([2, 0, 1]))
    assert [2, 3, 4, 0, 1] == positions.tolist()
    assert [0, 3, 5, 5] == begins.tolist()


def test_rings_and_holes_are_taken_with_their_area() -> None:
    """The second of two areas, with its hole."""
    holed = Polygon([(0, 0), (9, 0), (9, 9), (0, 9)], [[(3, 3), (3, 6), (6, 6), (6, 3)]])
    rings = rings_of(np.array([box(20, 20, 21, 21), holed], dtype=object)).take(np.array([1]))
    assert [0, 5, 10] == rings.starts.tolist()
    assert [0, 2] == rings.parts.tolist()
    assert 9 == rings.coords.max()


def test_a_coarser_copy_stays_within_its_tolerance() -> None:
    """No vertex of the full line lies farther than the tolerance from the thin one; small areas do not vanish."""
    turns = np.linspace(0, 20, 2_000)
    line = LineString(np.stack([turns * 30, np.sin(turns) * 40], axis=1))
    dot = Point(500, 500).buffer(0.5)
    for tolerance in (0.5, 2.0, 10.0):
        thin, kept = simpler(np.array([line, dot], dtype=object), tolerance)
        assert shapely.hausdorff_distance(line, thin) <= tolerance
        assert len(thin.coords) < len(line.coords) / 5
        assert not kept.is_empty


def test_a_shared_boundary_is_one_line() -> None:
    """Two squares side by side have seven sides, not eight; the outer ones keep their length."""
    edges = single_edges(np.array([box(0, 0, 10, 10), box(10, 0, 20, 10)], dtype=object))
    assert 70 == pytest.approx(float(shapely.length(edges).sum()))


def test_neighbours_give_way_on_a_shared_boundary() -> None:
    """The pale square leaves the common side to the other."""
    edges = single_edges(np.array([box(0, 0, 10, 10)], dtype=object), np.array([box(10, 0, 20, 10)], dtype=object))
    assert 30 == pytest.approx(float(shapely.length(edges).sum()))
