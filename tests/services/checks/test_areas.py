"""Ground that nobody has, or two."""

from __future__ import annotations

import datetime as dt

from shapely.geometry import Point, Polygon, box

from tests.build import feature
from tests.services.checks.plan import Plan, zone

DISTRICT = feature("district", "示范区", box(0, 0, 1000, 1000))


def test_a_gap_is_larger_than_100_square_metres_and_wider_than_2_metres() -> None:
    """CV-01: 100 m² and 2 m pass, what is beyond both is found with its area and its place; a long strip of 2 m is drawing, not ground."""
    west = zone("A-1", box(0, 0, 500, 1000))
    for width, found in ((0.0, 0), (2.0, 0), (2.1, 1)):
        assert Plan(DISTRICT, west, zone("A-2", box(500 + width, 0, 1000, 1000))).count("CV-01") == found

    hole = box(600, 600, 610, 610)
    for size, found in ((10.0, 0), (10.01, 1)):
        hole = box(600, 600, 600 + size, 610)
        plan = Plan(DISTRICT, west, zone("A-2", Polygon(box(500, 0, 1000, 1000).exterior.coords, [hole.exterior.coords])))
        assert plan.count("CV-01") == found
    finding = plan.result("CV-01").findings[0]
    assert round(finding.amount or 0, 2) == 100.1
    assert finding.measure == "平方米"
    assert finding.geometry is not None
    assert finding.geometry.equals(hole)
    assert finding.ids == ("zone-A-2",)
    assert "A-2" in finding.text


def test_a_gap_with_a_strip_hanging_on_it_is_the_gap_alone() -> None:
    """CV-01: the strip along the district's border, one metre wide, does not make the hole at its end larger."""
    zones = zone("A-1", box(0, 0, 979, 999)), zone("A-2", box(979, 20, 999, 999))
    found = Plan(DISTRICT, *zones).result("CV-01").findings
    assert [round(one.amount or 0) for one in found] == [21 * 20]


def test_only_campaign_zones_in_force_cover_ground() -> None:
    """CV-01: a community zone covers nothing, nor does a zone that is no longer in force; without campaign zones nothing is said to be sound."""
    campaign = zone("A-1", box(0, 0, 500, 1000))
    assert Plan(DISTRICT, campaign, zone("S-1", box(500, 0, 1000, 1000), kind="community")).count("CV-01") == 1
    assert Plan(DISTRICT, campaign, zone("A-2", box(500, 0, 1000, 1000), valid_to=dt.date(2024, 6, 2))).count("CV-01") == 1
    assert Plan(DISTRICT, campaign, zone("A-2", box(500, 0, 1000, 1000), valid_to=dt.date(2024, 6, 3))).count("CV-01") == 0
    assert Plan(DISTRICT, zone("S-1", box(0, 0, 9, 9), kind="community")).result("CV-01").words == "未建立“创建网格”数据"
    assert Plan(DISTRICT).result("CV-01").state == "no_data"


def test_without_a_district_gaps_lie_between_zones() -> None:
    """CV-01: the district is not imported yet: holes are found, and it is told that the border was not looked at."""
    ring = Polygon(box(0, 0, 500, 500).exterior.coords, [box(100, 100, 200, 200).exterior.coords])
    result = Plan(zone("A-1", ring)).result("CV-01")
    assert [one.amount for one in result.findings] == [10_000.0]
    assert result.unseen == ("区界",)


def test_overlaps_count_within_one_kind_and_level() -> None:
    """CV-02: 100 m² pass, more is found; a community zone lies in a campaign zone by right, a community in its street too."""
    first = zone("A-1", box(0, 0, 100, 100))
    for wide, found in ((1.0, 0), (1.01, 1)):
        plan = Plan(first, zone("A-2", box(100 - wide, 0, 200, 100)))
        assert plan.count("CV-02") == found
    one = plan.result("CV-02").findings[0]
    assert set(one.ids) == {"zone-A-1", "zone-A-2"}
    assert round(one.amount or 0, 2) == 101.0
    assert Plan(first, zone("S-1", box(50, 0, 200, 100), kind="community")).count("CV-02") == 0
    assert Plan(first, zone("A-2", box(0, 0, 100, 100))).count("CV-02") == 1

    street = feature("territory", "J-1", box(0, 0, 100, 100), level="street")
    community = feature("territory", "C-1", box(0, 0, 100, 50), level="community")
    assert Plan(first, street, community).count("CV-02") == 0
    again = Plan(first, street, community, feature("territory", "C-2", box(0, 40, 100, 100), level="community"))
    assert [(one.layer, one.ids) for one in again.result("CV-02").findings] == [("territory", ("territory-C-1", "territory-C-2"))]


def test_a_building_outside_everything_is_found() -> None:
    """CV-07: in a compound, in a zone, on a border of either: sound. Without a place the compound that it names must exist."""
    compound = feature("compound", "X-1", box(0, 0, 100, 100), name="月湖花园")
    within = feature("building", "B-1", box(10, 10, 20, 20))
    outside = feature("building", "B-2", box(300, 10, 320, 20))
    unplaced = feature("building", "B-3", compound_code="月湖花园")
    lost = feature("building", "B-4", compound_code="没有的小区")
    plan = Plan(compound, within, outside, unplaced, lost)
    assert [one.ids for one in plan.result("CV-07").findings] == [("building-B-2",), ("building-B-4",)]
    assert Plan(compound, outside, zone("A-1", box(200, 0, 400, 100))).count("CV-07") == 0
    assert Plan(compound, feature("building", "B-5", box(95, 0, 105, 10)), zone("A-1", Point(900, 900).buffer(1))).count("CV-07") == 0
    assert Plan(compound).result("CV-07").words == "未建立“楼栋”数据"
