"""What every site, zone, compound, building and shop must have."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from shapely.geometry import LineString, Point, box

from chuangwen.domain.feature import Feature
from chuangwen.services.checks.thresholds import thresholds
from tests.build import feature, site
from tests.services.checks.plan import Plan, zone

WEST, EAST = zone("A-1", box(0, 0, 100, 100), questionnaire_person="某某01"), zone("A-2", box(100, 0, 200, 100), questionnaire_person="某某02")


def whole(code: str, at: tuple[float, float] | None, **values: Any) -> Feature:
    """A site that has what it must have."""
    return site(code, at, **{"responsible_unit": "城管局", "district_leader": "某某03", "unit_head": "某某04", "zone_code": "A-1", **values})


def test_a_site_has_unit_leader_zone_and_place() -> None:
    """CV-03: each thing that lacks is named; the zone is looked up by the site's place and by what its list says."""
    plan = Plan(
        WEST,
        EAST,
        whole("001", (50, 50)),
        whole("002", (50, 50), responsible_unit=None, district_leader=" "),
        whole("003", None),
        whole("004", (500, 50)),
        whole("005", (150, 50)),
        whole("006", (50, 50), zone_code="没有"),
        whole("007", None, zone_code=None),
        whole("008", (100, 50)),
        whole("009", (50, 50), zone_code=None),
    )
    assert plan.texts("CV-03") == [
        "002：缺责任单位、区领导",
        "003：缺位置",
        "004：不在任何创建网格里",
        "005：登记网格 A-1，实际落在 A-2",
        "006：登记的网格“没有”不存在",
        "007：缺位置；没有登记网格",
    ]
    assert plan.result("CV-03").findings[1].by == "城管局"


def test_without_zones_the_rest_of_a_site_is_looked_at() -> None:
    """CV-03: no zone is there yet: that part is told to be unseen, and a whole site passes; no sites are no pass."""
    result = Plan(whole("001", (50, 50))).result("CV-03")
    assert (result.state, result.unseen) == ("pass", ("网格",))
    assert Plan(WEST).result("CV-03").words == "未建立“点位”数据"


def test_132_sites_located_and_owned() -> None:
    """SR-16: the count against its target, the unlocated and those without a unit; 132 whole sites pass."""
    sites = [whole(f"{number:03d}", (50, 50)) for number in range(132)]
    assert Plan(*sites).count("SR-16") == 0
    result = Plan(*sites[:129], whole("200", None), whole("201", (1, 1), responsible_unit="")).result("SR-16")
    assert result.summary == "点位 131/132：已定位 130，未定位 1，没有责任单位 1"
    assert [one.text for one in result.findings] == ["上报点位应为 132 个，现有 131 个，少 1 个", "200：未定位", "201：没有责任单位"]
    few = Plan(*sites[:60], limits=replace(thresholds(), site_target=60))
    assert few.count("SR-16") == 0
    assert Plan(*sites[:60], limits=replace(thresholds(), site_target=0)).count("SR-16") == 0


def test_district_leader_and_unit_head_on_every_site() -> None:
    """SR-19: a site that lacks either is listed."""
    plan = Plan(whole("001", None), whole("002", None, unit_head=None), whole("003", None, district_leader=None, unit_head=None))
    assert plan.texts("SR-19") == ["002：缺单位一把手", "003：缺区领导、单位一把手"]


def test_a_building_inherits_the_unit_of_its_compound_and_never_the_person() -> None:
    """CV-06, SR-51: compound by name, by code or by place; unit, person and telephone."""
    compound = feature("compound", "X-1", box(0, 0, 100, 100), name="月湖花园", responsible_unit="民政局", person="某某01", phone="13800000001")
    own: dict[str, Any] = {"cadre": "某某02", "phone": "13800000002"}
    plan = Plan(
        compound,
        feature("compound", "X-2", name="锦绣苑", responsible_unit="民政局", phone="13800000001"),
        feature("building", "1栋", compound_code="月湖花园", **own),
        feature("building", "2栋", compound_code="X-1"),
        feature("building", "3栋", box(10, 10, 20, 20), **own),
        feature("building", "4栋", box(500, 10, 520, 20), **own),
        feature("building", "5栋", responsible_unit="教体局", **own),
    )
    assert plan.texts("CV-06") == ["X-2 锦绣苑：缺责任人", "月湖花园 2栋：缺包栋干部、联系电话", "4栋：缺责任单位"]
    assert plan.result("CV-06").findings[1].by == "民政局"
    assert Plan(compound).result("CV-06").unseen == ("楼栋",)
    assert Plan().result("CV-06").state == "no_data"


def test_a_shop_has_its_letter_and_its_section() -> None:
    """CV-08: a section by name, or one within 20 m, border included."""
    section = feature("section", "L-1", LineString([(0, 0), (100, 0)]), name="人民路一段", road_name="人民路")
    signed: dict[str, Any] = {"letter_signed": True}
    plan = Plan(
        section,
        feature("shop", "1", Point(50, 20), **signed),
        feature("shop", "2", Point(50, 20.1), **signed),
        feature("shop", "3", Point(50, 900), section_code="人民路一段", **signed),
        feature("shop", "4", Point(50, 5), letter_signed=False),
        feature("shop", "5", section_code="没有的路", **signed),
        feature("shop", "6", Point(50, 5)),
    )
    assert plan.texts("CV-08") == ["2：没有责任路段", "4：没有签责任书", "5：登记的路段“没有的路”不存在", "6：没有签责任书"]
    assert Plan(section).result("CV-08").words == "未建立“门店”数据"


def test_every_campaign_zone_has_a_questionnaire_person() -> None:
    """CV-10, SR-40: community zones need none."""
    assert Plan(WEST, EAST).count("CV-10") == 0
    plan = Plan(WEST, zone("A-3", questionnaire_person=""), zone("S-1", kind="community"))
    assert plan.texts("CV-10") == ["A-3：缺问卷责任人"]
