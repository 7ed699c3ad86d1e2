"""What is wrong with single shapes is found where it is, before it is repaired, and every repair is listed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from chuangwen.exchange.findings import Finding, shortened
from chuangwen.exchange.importing import ImportPlan, Options, plan
from chuangwen.exchange.incoming import Column, Incoming
from tests.build import layers
from tests.exchange.made import View

X, Y = 437_000.0, 4_418_000.0


def area(*points: tuple[float, float]) -> shapely.Polygon:
    return shapely.Polygon([(X + x, Y + y) for x, y in points])


def square(x: float, side: float = 100.0) -> shapely.Polygon:
    return shapely.box(X + x, Y, X + x + side, Y + side)


def imported(shapes: list[Any], layer: str = "zone", **options: Any) -> ImportPlan:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    columns = (Column("编号", [str(n + 1) for n in range(len(shapes))]), Column("名称", [f"名{n}" for n in range(len(shapes))]))
    return plan(Incoming("面.geojson", columns, range(1, len(shapes) + 1), geometry, "EPSG:4548"), layers()[layer], View(), Options(year=2024, **options))


def kinds(made: ImportPlan) -> list[tuple[str, tuple[int, ...]]]:
    return [(one.kind, one.rows) for one in made.report.findings]


def shape(made: ImportPlan, row: int) -> Any:
    return made.edit.changes[row - 1].after["geometry"]


def test_a_bow_tie_is_placed_and_its_repair_asks() -> None:
    """Its area by the shoelace rule is 0; the two triangles have 5,000 m²: the question names both, and `drop` leaves it out."""
    tie = area((0, 0), (100, 100), (100, 0), (0, 100))
    made = imported([square(500), tie])
    dropped = imported([square(500), tie], answers={"repair:2": "drop"})

    assert [("bowtie", (2,))] == kinds(made)
    (finding,) = made.report.findings
    assert finding.geometry is not None
    assert finding.geometry.equals(shapely.Point(X + 50, Y + 50))
    assert [(2, "图形自相交，已修复：面积 0.00 → 5,000.00 平方米")] == [(one.row, one.what) for one in made.report.repaired]
    assert [("repair:2", "repair")] == [(one.key, one.chosen) for one in made.report.doubts]
    assert (2, None) == (dropped.report.added, shape(dropped, 2))


def test_many_repairs_are_one_question() -> None:
    ties = [area((x, 0), (x + 100, 100), (x + 100, 0), (x, 100)) for x in range(0, 3_000, 200)]
    made = imported(ties, answers={"repair": "drop", "repair:3": "repair"})

    assert [("repair", "drop", 15)] == [(one.key, one.chosen, len(one.rows)) for one in made.report.doubts]
    assert [3] == [row for row in range(1, 16) if shape(made, row) is not None]


def test_a_repair_that_moves_nothing_does_not_ask() -> None:
    """A border that touches itself in a point."""
    made = imported([area((0, 0), (100, 0), (100, 100), (50, 0), (0, 100))])

    assert [] == [one for one in made.report.doubts if one.key.startswith("repair")]
    assert ["第 1 行已修复"] == [f"第 {one.row} 行已修复" for one in made.report.repaired]
    assert shape(made, 1).area == pytest.approx(5_000)


def test_repeated_nodes_are_taken_out_and_counted() -> None:
    made = imported([area((0, 0), (100, 0), (100, 0), (100, 100), (100, 100), (0, 100)), square(500)])

    assert [("nodes", (1,))] == kinds(made)
    assert [(1, "去掉了 2 个重复的节点")] == [(one.row, one.what) for one in made.report.repaired]
    assert (5, 10_000.0) == (shapely.get_num_coordinates(shape(made, 1)), shape(made, 1).area)


@pytest.mark.parametrize("turn", range(4))
def test_a_spike_is_found_at_its_tip_wherever_the_ring_starts(turn: int) -> None:
    """35 m out and back, half a metre wide at its foot: told, not cut."""
    points = [(0, 0), (100, 0), (100, 50), (135, 50.2), (100, 50.5), (100, 100), (0, 100)]
    made = imported([area(*points[turn:], *points[:turn]), square(500)])

    assert [("spike", (1,))] == kinds(made)
    (finding,) = made.report.findings
    assert finding.geometry is not None
    assert finding.geometry.equals(shapely.Point(X + 135, Y + 50.2))
    assert "第 1 行的边界有一处毛刺，长约 35.0 米" == finding.title
    assert () == made.report.repaired


def test_sizes_that_cannot_be_meant() -> None:
    """A strip of 0.3 m, a tenth of a square metre, a zone a thousand times the others, two parts 3 km apart; good ones beside them are not named."""
    shapes = [square(200.0 * n) for n in range(5)]
    shapes += [area((0, 500), (100, 500), (100, 500.3), (0, 500.3)), area((0, 600), (1, 600), (1, 600.1), (0, 600.1))]
    shapes += [shapely.box(X, Y + 5_000, X + 3_163, Y + 8_163), shapely.multipolygons([square(5_000), square(8_000)])]

    assert {("sliver", (6,)), ("tiny", (7,)), ("huge", (8,)), ("apart", (9,))} == set(kinds(imported(shapes)))


def test_what_has_no_place_is_named() -> None:
    """Nothing, infinity, zero area."""
    broken = shapely.Polygon([(X, Y), (np.inf, Y), (X, Y + 1)])
    made = imported([None, broken, area((0, 0), (100, 0), (0, 0)), square(500)])

    assert {("empty", (1,)), ("outside", (2,)), ("empty", (3,))} == {one for one in kinds(made) if one[0] != "nodes"}
    assert [2, 3] == [one.row for one in made.report.repaired]


def test_a_hole_outside_its_area_is_a_wrong_ring() -> None:
    made = imported([shapely.Polygon(square(0).exterior, [square(300, 10).exterior]), square(500)])

    assert [("ring", (1,))] == kinds(made)
    assert [(1, True)] == [(one.row, "空洞在边界之外" in one.what) for one in made.report.repaired]


def test_the_same_section_twice() -> None:
    """Lines have no coverage: doubles among them are found by their nodes, whichever way they run."""
    line = shapely.LineString([(X, Y), (X + 100, Y), (X + 200, Y + 50)])
    made = imported([line, shapely.LineString([(X, Y), (X + 5, Y)]), line.reverse()], "section")

    assert [("same", (1, 3))] == kinds(made)


def test_a_thousand_of_a_kind_are_enough() -> None:
    """The rest stands in one finding with all its rows."""
    many = [Finding("tiny", "小", (row,), area=0.5) for row in range(1, 2_501)]
    kept = shortened([*many, Finding("bowtie", "交", (7,))])

    assert 1_002 == len(kept)
    assert set(range(1, 2_501)) == {row for one in kept if one.kind == "tiny" for row in one.rows}
