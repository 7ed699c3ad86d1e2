"""Roads without a chief, or with two."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from shapely.geometry import LineString, box

from chuangwen.domain.feature import Feature
from tests.build import feature
from tests.services.checks.plan import Plan

DISTRICT = feature("district", "示范区", box(0, -500, 1000, 500))


def road(code: str, *points: tuple[float, float], **values: Any) -> Feature:
    """A main road."""
    values.setdefault("class", "main")
    return feature("road", code, LineString(points), **values)


def section(code: str, *points: tuple[float, float], **values: Any) -> Feature:
    """A section with unit and chief."""
    values = {"responsible_unit": "城管局", "chief1": "某某01", **values}
    return feature("section", code, LineString(points), **values)


def test_a_road_within_15_metres_of_a_section_has_a_chief() -> None:
    """CV-04: 15 m is near, more is not; what is bare is counted in metres and lies on the map."""
    main = road("R-1", (0, 0), (1000, 0), name="人民路")
    for away, bare in ((0.0, 0), (15.0, 0), (15.1, 1)):
        assert Plan(DISTRICT, main, section("L-1", (-50, away), (1050, away))).count("CV-04") == bare
    half = Plan(DISTRICT, main, section("L-1", (0, 0), (500, 0))).result("CV-04")
    (found,) = half.findings
    assert found.amount == pytest.approx(485.0, abs=0.05)  # the section reaches 15 m beyond its end
    assert found.measure == "米"
    assert found.text == "人民路：485 米没有路长"
    assert found.geometry is not None
    assert found.geometry.bounds == pytest.approx((515, 0, 1000, 0), abs=0.05)
    assert "1,000 米" in half.summary


def test_metres_are_listed_by_the_name_of_the_road_inside_the_district() -> None:
    """CV-04: pieces of one road are one line; what lies beyond the district, paths and railways are nobody's fault."""
    plan = Plan(
        DISTRICT,
        road("R-1", (0, 100), (200, 100), name="人民路"),
        road("R-2", (300, 100), (400, 100), name="人民路"),
        road("R-3", (900, 200), (1900, 200), name=""),
        road("R-4", (0, 300), (500, 300), **{"class": "path"}),
        road("R-5", (0, 310), (500, 310), **{"class": "railway"}),
        section("L-1", (0, -400), (900, -400)),
    )
    found = plan.result("CV-04").findings
    assert [(one.text, one.ids) for one in found] == [
        ("人民路：300 米没有路长", ("road-R-1", "road-R-2")),
        ("没有名称的道路：100 米没有路长", ("road-R-3",)),
    ]


def test_no_roads_or_no_sections_is_no_pass() -> None:
    """CV-04: neither a project without roads nor one without sections in force is covered."""
    main = road("R-1", (0, 0), (1000, 0))
    assert Plan(DISTRICT, main).result("CV-04").words == "未建立“路段”数据"
    assert Plan(DISTRICT, section("L-1", (0, 0), (9, 0))).result("CV-04").words == "未建立“道路”数据"
    assert Plan(main, section("L-1", (0, 0), (9, 0), valid_from=dt.date(2024, 6, 4))).result("CV-04").state == "no_data"


def test_two_sections_may_share_20_metres() -> None:
    """CV-05: 20 m pass, more is found with its length; crossing and parallel sections share nothing."""
    first = section("L-1", (0, 0), (500, 0))
    for shared, found in ((20.0, 0), (20.5, 1), (300.0, 1)):
        plan = Plan(first, section("L-2", (500 - shared, 0), (1000, 0)))
        assert plan.count("CV-05") == found
    (one,) = plan.result("CV-05").findings
    assert one.amount == pytest.approx(300.0)
    assert set(one.ids) == {"section-L-1", "section-L-2"}
    assert Plan(first, section("L-2", (250, -250), (250, 250))).count("CV-05") == 0
    assert Plan(first, section("L-2", (0, 30), (500, 30))).count("CV-05") == 0


@pytest.mark.parametrize(
    ("one", "other", "backwards", "found"),
    [
        ("left", "right", False, 0),
        ("left", "left", False, 1),
        ("left", "left", True, 0),
        ("left", "right", True, 1),
        ("both", "left", False, 1),
        (None, "right", False, 1),
    ],
)
def test_each_side_of_a_road_may_have_its_own_section(one: str | None, other: str, backwards: bool, found: int) -> None:
    """CV-05: left and right are seen along each line, so a line drawn the other way round has its left on the other side."""
    points = [(0.0, 0.0), (500.0, 0.0)]
    second = section("L-2", *(points[::-1] if backwards else points), side=other)
    assert Plan(section("L-1", *points, side=one), second).count("CV-05") == found


def test_sections_and_communities_of_the_road_chief_system_have_their_unit() -> None:
    """SR-46: a section has a unit and any one chief; a community is linked by itself or by a section that names it."""
    bare = section("L-2", (0, 9), (9, 9), responsible_unit=None, chief1=None)
    second = section("L-3", (0, 9), (9, 9), chief1=None, chief2="某某02", communities="月湖社区、和平社区")
    plan = Plan(
        section("L-1", (0, 0), (9, 0)),
        bare,
        second,
        feature("territory", "C-1", box(0, 0, 9, 9), name="月湖社区", level="community"),
        feature("territory", "C-2", box(0, 0, 9, 9), name="文昌社区", level="community"),
        feature("territory", "C-3", box(0, 0, 9, 9), name="锦绣社区", level="community", road_unit="城管局"),
        feature("territory", "J-1", box(0, 0, 9, 9), name="文昌街道", level="street"),
    )
    assert plan.texts("SR-46") == ["路段 L-2：缺责任单位、路长", "社区 C-2 文昌社区：没有联系的路长单位"]
    assert Plan(section("L-1", (0, 0), (9, 0))).result("SR-46").unseen == ("属地",)
