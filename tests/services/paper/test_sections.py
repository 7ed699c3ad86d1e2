"""Sections planned: everything beside the road is on a strip and in a table under one number; every odd line gets its sheets."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point
from shapely.geometry.base import BaseGeometry

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import UserError
from chuangwen.services.paper.fingerprint import Fingerprints
from chuangwen.services.paper.sections import SectionSheet, plan, road_name
from chuangwen.services.paper.sheet import Request
from chuangwen.services.paper.strip import on_paper
from chuangwen.services.project import Project
from tests.build import feature

X, Y = 437_000.0, 3_093_000.0


def adding(layer: str, code: str, geometry: BaseGeometry | None = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project; tests bring their roads."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区", office="试验区创建办"), 4548, "甲")
    yield found
    found.close()


def sheets(project: Project, *codes: str, paper: str = "A4", scale: int | None = None) -> list[SectionSheet]:
    """The sheets of some sections, all where none is named."""
    return [one for one in plan(project, Request("section", codes or None, paper, scale)) if isinstance(one, SectionSheet)]


def shown(sheet: SectionSheet, point: Point) -> bool:
    """Whether some strip of the sheet shows a point."""
    places = [on_paper(strip.map, sheet.width, sheet.height, np.array([[point.x, point.y]]))[0] for strip in sheet.strips]
    return any(0 < x < sheet.width and 0 < y < sheet.height for x, y in places)


def winding(bends: int, length: float, swing: float) -> LineString:
    """A road that swings to and fro."""
    t = np.linspace(0, 1, 40 * bends + 2)
    return LineString(np.column_stack([X + length * t, Y + swing * np.sin(t * bends * np.pi)]))


LINES = {
    "twenty metres": LineString([(X, Y), (X + 12, Y + 16)]),
    "six kilometres": LineString([(X, Y), (X + 6000, Y + 300)]),
    "two pieces": MultiLineString([[(X, Y), (X + 300, Y)], [(X + 420, Y), (X + 700, Y + 50)]]),
    "two far pieces": MultiLineString([[(X, Y), (X + 300, Y)], [(X + 5000, Y), (X + 5300, Y)]]),
    "a loop": LineString(np.column_stack([X + 150 * np.cos(np.linspace(0, 2 * np.pi, 60)), Y + 150 * np.sin(np.linspace(0, 2 * np.pi, 60))])),
    "bends": winding(8, 600, 180),
    "to the west": LineString([(X + 700, Y), (X, Y + 5)]),
}


@pytest.mark.parametrize("paper", ["A4", "A3"])
@pytest.mark.parametrize("line", LINES)
def test_the_strips_of_all_sheets_together_show_the_whole_road(project: Project, line: str, paper: str) -> None:
    """Strip after strip without a gap in chainage, each with its stretch inside its frame, at a scale of 1:1 000 to 1:2 000."""
    project.apply(Edit("x", (adding("section", "S", LINES[line]),)))
    found = sheets(project, paper=paper)
    strips = [strip for sheet in found for strip in sheet.strips]

    assert strips[0].start == 0
    assert strips[-1].end == pytest.approx(LINES[line].length)
    assert [one.end for one in strips[:-1]] == [one.start for one in strips[1:]]
    assert [strip.number for strip in strips] == list(range(1, len(strips) + 1))
    assert all(1000 <= strip.map.denominator <= 2000 for strip in strips)
    assert [sheet.part for sheet in found] == ([0] if len(found) == 1 else list(range(1, len(found) + 1)))
    for sheet in found:
        assert sheet.landscape or paper == "A4"
        assert sheet.maps == tuple(strip.map for strip in sheet.strips)
        for strip in sheet.strips:
            assert sheet.road is not None
            way = on_paper(strip.map, sheet.width, sheet.height, sheet.road.between(strip.start, strip.end)[1:-1])
            assert (way >= -1e-6).all()
            assert (way <= (sheet.width, sheet.height)).all()


def test_straight_roads_run_from_left_to_right(project: Project) -> None:
    """Within two degrees, whichever way they were drawn; scale true to a thousandth."""
    ways = [math.radians(turn) for turn in range(0, 360, 24)]
    rows = [adding("section", f"S{at:02d}", LineString([(X, Y), (X + 400 * math.cos(way), Y + 400 * math.sin(way))])) for at, way in enumerate(ways)]
    project.apply(Edit("x", tuple(rows)))

    for sheet in sheets(project):
        (strip, *_more) = sheet.strips
        assert sheet.road is not None
        start, end = on_paper(strip.map, sheet.width, sheet.height, sheet.road.point(np.array([strip.start, strip.end])))
        assert abs(math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))) < 2
        assert np.hypot(*(end - start)) * strip.map.denominator / 1000 == pytest.approx(strip.end - strip.start, rel=0.001)


def test_what_lies_beside_is_numbered_along_the_road_with_chainage_and_side(project: Project) -> None:
    """Open issues and sites to 30 m; chainage and offset within half a metre; closed issues, far ones and those past the end are not there."""
    place = {"a": (650, 20), "b": (120, -28), "c": (300, 0), "far": (400, 33), "past": (880, 2), "closed": (200, 5)}
    rows = [adding("issue", code, Point(X + dx, Y + dy), status="closed" if code == "closed" else "in_progress") for code, (dx, dy) in place.items()]
    rows += [adding("section", "S", LineString([(X, Y), (X + 860, Y)])), adding("site", "001", Point(X + 500, Y + 10), name="学校")]
    project.apply(Edit("x", tuple(rows)))
    found = sheets(project)

    issues = [(row.number, row.feature.code) for sheet in found for row in sheet.rows["issue"]]
    assert issues == [("问1", "b"), ("问2", "c"), ("问3", "a")]
    assert [(row.number, row.feature.code) for sheet in found for row in sheet.rows["site"]] == [("点1", "001")]
    for row in (row for sheet in found for row in sheet.rows["issue"]):
        where = {row_id: place for sheet in found for row_id, place in sheet.beside.items()}[row.feature.id]
        assert (where.metres, where.offset) == pytest.approx(place[row.feature.code], abs=0.5)
    assert found[0].whole == {"site": 1, "issue": 3}


@settings(max_examples=12, deadline=None)
@given(
    st.integers(0, 10_000), st.sampled_from(["six kilometres", "a loop", "bends", "two pieces", "to the west", "twenty metres"]), st.sampled_from(["A4", "A3"])
)
def test_every_issue_beside_the_road_is_on_the_map_of_the_sheet_that_lists_it(
    tmp_path_factory: pytest.TempPathFactory, seed: int, line: str, paper: str
) -> None:
    """However the road bends, and once only."""
    chance = np.random.default_rng(seed)
    road = LINES[line]
    spots = [road.interpolate(chance.uniform(0, road.length)) for _ in range(25)]
    points = [Point(spot.x + chance.uniform(-20, 20), spot.y + chance.uniform(-20, 20)) for spot in spots]
    found = Project.create(tmp_path_factory.mktemp("区") / "区.gpkg", Campaign("区"), 4548, "甲")
    rows = [adding("issue", f"{at:02d}", point, status="in_progress") for at, point in enumerate(points)]
    found.apply(Edit("x", (adding("section", "S", road), *rows)))
    planned = sheets(found, paper=paper)
    listed = [(sheet, row) for sheet in planned for row in sheet.rows["issue"]]
    near = {f"{at:02d}" for at, point in enumerate(points) if road.distance(point) <= 30}

    missing = near - {row.feature.code for _sheet, row in listed}
    assert all(15 < points[int(code)].distance(road.boundary) <= 30 for code in missing)  # past an end
    assert len({row.feature.code for _sheet, row in listed}) == len(listed)
    assert sorted(row.number for _sheet, row in listed) == sorted(f"问{n}" for n in range(1, len(listed) + 1))
    for sheet, row in listed:
        assert isinstance(row.feature.geometry, Point)
        assert shown(sheet, row.feature.geometry)
    found.close()


def test_a_smaller_scale_is_taken_where_the_largest_would_not_show_everything(project: Project) -> None:
    """A lane of 130 m with a bend fits one strip at 1:1 000; what stands 29 m outside the bend needs 1:1 500."""
    lane = LineString([(X, Y), (X + 60, Y + 30), (X + 120, Y)])
    project.apply(Edit("x", (adding("section", "S", lane),)))
    assert [1000] == [part.denominator for sheet in sheets(project) for part in sheet.maps]
    project.apply(Edit("y", (adding("issue", "out", Point(X + 60, Y + 59), status="in_progress"),)))
    (sheet,) = sheets(project)
    assert sheet.map.denominator == 1500
    assert ["问1"] == [row.number for row in sheet.rows["issue"]]
    assert shown(sheet, Point(X + 60, Y + 59))


def test_moving_an_issue_changes_its_sheet_alone(project: Project) -> None:
    """Of a road of 6 km: the sheet that lists it and shows it; on the first one nothing printed is different either."""
    rows = [adding("issue", f"{at:02d}", Point(X + 300 * at + 40, Y + 15 * at + 8), status="in_progress") for at in range(20)]
    project.apply(Edit("x", (adding("section", "S", LINES["six kilometres"]), *rows)))
    before = [Fingerprints(project).facts(sheet).fingerprint for sheet in sheets(project)]
    (moved,) = [one for one in project.features("issue") if one.code == "10"]
    project.apply(Edit("y", (Change("issue", moved.id, {GEOMETRY: moved.geometry}, {GEOMETRY: Point(X + 3043, Y + 150)}),)))
    after = sheets(project)
    different = [sheet for sheet, old in zip(after, before, strict=True) if Fingerprints(project).facts(sheet).fingerprint != old]
    assert [True] == ["10" in [row.feature.code for row in sheet.rows["issue"]] for sheet in different]


def test_a_section_without_a_line_has_a_sheet_without_map(project: Project) -> None:
    """It still has a chief; the same for a line without length."""
    project.apply(Edit("x", (adding("section", "S", None, length_m=500.0), adding("section", "T", LineString([(X, Y), (X, Y)])))))
    for sheet in sheets(project):
        assert sheet.strips == sheet.maps == ()
        assert sheet.rows == {}
        assert not sheet.doubtful


def test_lengths_that_differ_by_more_than_a_twentieth_are_doubtful(project: Project) -> None:
    """1 000 m on the map."""
    line = LineString([(X, Y), (X + 1000, Y)])
    rows = [adding("section", f"S{metres}", line, length_m=float(metres)) for metres in (949, 951, 1049, 1051)]
    project.apply(Edit("x", (*rows, adding("section", "S000", line))))
    assert {sheet.code: sheet.doubtful for sheet in sheets(project)} == {"S000": False, "S949": True, "S951": False, "S1049": False, "S1051": True}


def test_a_scale_asked_for_is_kept_and_what_it_cannot_show_says_so(project: Project) -> None:
    """At 1:200 an issue 29 m beside the road lies off the strip: it is listed, without a number."""
    rows = [adding("issue", "far", Point(X + 50, Y + 29), status="in_progress"), adding("issue", "near", Point(X + 50, Y + 3), status="in_progress")]
    project.apply(Edit("x", (adding("section", "S", LineString([(X, Y), (X + 80, Y)])), *rows)))
    found = sheets(project, scale=200)
    assert {part.denominator for sheet in found for part in sheet.maps} == {200}
    assert {row.feature.code: bool(row.number) for sheet in found for row in sheet.rows["issue"]} == {"far": False, "near": True}


def test_what_cannot_be_printed_is_said(project: Project) -> None:
    """No sections at all, an unknown one, a paper that the product is not made for."""
    with pytest.raises(UserError, match="还没有路段"):
        sheets(project)
    project.apply(Edit("x", (adding("section", "S", LineString([(X, Y), (X + 80, Y)])),)))
    with pytest.raises(UserError, match="X-9"):
        sheets(project, "X-9")
    with pytest.raises(UserError, match="A0"):
        sheets(project, paper="A0")


def test_the_road_of_a_section() -> None:
    """From its field, else from its name."""
    assert road_name(feature("section", "1", name="人民路（解放西路—站前大道）", road_name="人民路")) == "人民路"
    assert road_name(feature("section", "1", name="人民路(解放西路-站前大道)")) == "人民路"
    assert road_name(feature("section", "1", name="扁担巷")) == "扁担巷"
