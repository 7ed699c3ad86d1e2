"""What the pre-flight says of the data, before anything is drawn."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.services.paper.checks import defects
from chuangwen.services.paper.crs_check import crs_defects
from chuangwen.services.paper.defects import Defect
from chuangwen.services.paper.sheet import Request
from chuangwen.services.paper.zones import plan
from chuangwen.services.project import Project

EAST, NORTH = 437_000.0, 3_093_000.0


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty one."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区"), 4548, "甲")
    yield found
    found.close()


def add(project: Project, layer: str, code: str, place: BaseGeometry | None, **values: object) -> None:
    """One row."""
    row = {"code": code, "name": code, **values, GEOMETRY: place}
    project.apply(Edit("加", (Change(layer, edits.new_id(), None, row),)))  # type: ignore[arg-type]


def add_zones(project: Project, count: int, east: float = EAST, **values: object) -> None:
    """A row of squares."""
    for n in range(count):
        add(project, "zone", f"A-{n:02d}", box(east + 300 * n, NORTH, east + 300 * (n + 1), NORTH + 300), **values)


def found(project: Project, *codes: str) -> list[Defect]:
    """What is said of some zones, of all where none is named."""
    request = Request("zone", codes or None)
    return list(defects(project, request, plan(project, request), "zone", dt.datetime.now()))


def test_three_zones_with_nobody_are_told_one_by_one_and_twelve_in_one_sentence(project: Project) -> None:
    """An office that has imported boundaries only is not shouted at twelve times."""
    add_zones(project, 3)
    assert [one.kind for one in found(project)] == ["nobody"] * 3
    assert {one.sheet.code for one in found(project) if one.sheet} == {"A-00", "A-01", "A-02"}

    add_zones(project, 12, EAST + 5_000)
    told = [one for one in found(project) if one.kind == "nobody"]
    assert len(told) == 1
    assert "15 个" in told[0].words


def test_somebody_is_enough(project: Project) -> None:
    """A 网格员 without a unit can be called."""
    add_zones(project, 1, member="某某")

    assert found(project) == []


def test_issues_that_no_sheet_shows(project: Project) -> None:
    """Outside all zones, or without place and zone; those that name their zone are only noted, closed ones are nobody's business."""
    add_zones(project, 1, chief="某某")
    add(project, "issue", "I-1", Point(EAST - 900, NORTH), status="in_progress", description="坑")
    add(project, "issue", "I-2", None, status="in_progress", description="坑")
    add(project, "issue", "I-3", None, status="in_progress", description="坑", zone_code="A-00")
    add(project, "issue", "I-4", Point(EAST - 900, NORTH), status="closed", description="坑")

    told = found(project)

    assert sorted((one.severity, one.kind) for one in told) == [("note", "unlocated"), ("warning", "on_no_sheet"), ("warning", "on_no_sheet")]
    said = " ".join(one.words for one in told if one.kind == "on_no_sheet")
    assert "I-1" in said
    assert "I-2" in said
    assert "I-4" not in said
    assert [one.kind for one in found(project, "A-00")] == ["unlocated"]


def test_a_project_without_a_system_says_so(tmp_path: Path) -> None:
    """Before the first import."""
    from chuangwen.services.create import create_project

    bare = create_project(tmp_path / "新.gpkg", "新", "auto", None, "甲")
    assert [(one.severity, one.kind) for one in crs_defects(bare, [])] == [("error", "crs")]
    bare.close()


@pytest.mark.parametrize(("place", "words"), [(Point(116.3, 39.9), "经纬度"), (Point(39_437_000, NORTH), "带号"), (Point(12_955_000, 3_260_000), "墨卡托")])
def test_numbers_of_another_system_are_recognised(project: Project, place: Point, words: str) -> None:
    """And the remedy named."""
    add(project, "issue", "I-1", place, status="in_progress", description="坑")

    (one,) = crs_defects(project, [])
    assert one.severity == "error"
    assert words in one.words
    assert one.feature is not None


@pytest.mark.parametrize(("east", "severities"), [(437_000.0, []), (630_000.0, ["note"]), (700_000.0, ["warning"])])
def test_a_district_far_from_its_central_meridian(project: Project, east: float, severities: list[str]) -> None:
    """130 km off is usual at the edge of a zone and only said; 200 km off belongs to the next zone."""
    add_zones(project, 1, east, chief="某某")

    told = [one for one in found(project) if one.kind == "crs"]

    assert [one.severity for one in told] == severities
    if severities == ["warning"]:
        assert "120°" in told[0].words


def test_a_code_that_two_zones_share_is_told_though_one_of_them_is_asked_for(project: Project) -> None:
    """The other one would be missed in silence."""
    add_zones(project, 2, chief="某某")
    add(project, "zone", "A-01", box(EAST, NORTH + 900, EAST + 300, NORTH + 1200), chief="某某")

    (one,) = found(project, "A-01")
    assert one.kind == "same_code"
    assert "2 个" in one.words
    assert found(project, "A-00") == []
