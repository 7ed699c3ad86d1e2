"""Boards for the public: nobody's own telephone, chiefs with unit and post, a map that holds the road."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from shapely.geometry import LineString
from shapely.geometry.base import BaseGeometry

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.services.paper.boards import BoardSheet, Chief, plan
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project

X, Y = 437_000.0, 3_093_000.0
ROAD = LineString([(X, Y), (X + 800, Y + 100)])


def adding(layer: str, code: str, geometry: BaseGeometry | None = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """A unit with people, a district leader in the list of persons."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区", office="试验区创建办"), 4548, "甲")
    rows = [
        adding("unit", "U1", name="区住建局", head="张三", liaison="李四", phone="13800000001", office_phone="8000001"),
        adding("unit", "U2", name="区城管局", head="王五", deputy="李四", phone="13800000002"),
        adding("person", "P1", name="赵六", unit="区政府", post="副区长"),
        adding("section", "S1", ROAD, responsible_unit="区住建局", chief1="赵六", chief2="张三", chief3="李四", phone="13800000003"),
        adding("section", "S2", None, responsible_unit="区城管局", chief2="孙七", phone="13800000004"),
        adding("section", "S3", ROAD, responsible_unit="没有这个单位", chief3="李四"),
    ]
    found.apply(Edit("x", tuple(rows)))
    yield found
    found.close()


def boards(project: Project, paper: str = "A3") -> dict[str, BoardSheet]:
    """Code → board."""
    return {one.code: one for one in plan(project, Request("board", None, paper)) if isinstance(one, BoardSheet)}


def test_only_the_units_office_telephone_is_public(project: Project) -> None:
    """The section's and the unit's own telephones are private fields; where there is no other, none."""
    assert {code: board.phone for code, board in boards(project).items()} == {"S1": "8000001", "S2": "", "S3": ""}


def test_chiefs_are_known_by_the_list_of_persons_or_their_unit(project: Project) -> None:
    """Of two 李四 the one of the section's unit; where neither is, no guess."""
    found = boards(project)
    assert found["S1"].chiefs == (
        Chief("一级路长", "赵六", "区政府", "副区长"),
        Chief("二级路长", "张三", "区住建局", "主要负责人"),
        Chief("三级路长", "李四", "区住建局", "联络员"),
    )
    assert found["S2"].chiefs[1] == Chief("二级路长", "孙七")
    assert found["S3"].chiefs[2] == Chief("三级路长", "李四")


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_map_holds_the_road_and_a_board_without_road_has_none(project: Project, paper: str) -> None:
    """With room around it."""
    found = boards(project, paper)
    assert found["S2"].maps == ()
    board = found["S1"]
    frame = board.template.map_frame(board.paper, landscape=True)
    wide, high = frame.width * board.map.denominator / 1000, frame.height * board.map.denominator / 1000
    assert wide * 0.75 > 800 or high * 0.75 > 100
    assert wide > 800
    assert board.map.centre == pytest.approx((X + 400, Y + 50))


def test_print_is_large_enough_to_read_from_two_metres(project: Project) -> None:
    """5 mm on A3, the same sheet smaller on A4."""
    assert boards(project, "A3")["S1"].paper.text >= 5
    assert boards(project, "A4")["S1"].paper.text == pytest.approx(5 / 2**0.5, abs=0.02)
