"""Who is responsible for a spot, and why nobody else (domain.md 8.4): the conflicts, ties and limits; the million and the single spot agree."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.domain.responsibility import Resolution
from chuangwen.services.project import Project
from chuangwen.services.responsibility import Resolver, rules_of
from tests.build import issue
from tests.exchange.made import features
from tests.services.responsible_town import SECTIONS, ZONES, town

TOWN = Resolver(town())


def at(x: float, y: float, category: str | None = None, resolver: Resolver = TOWN) -> tuple[str | None, str | None]:
    found = resolver.explain(x, y, category)
    bulk = resolver.units(np.array([[x, y]]), [category])
    assert (bulk.unit_of(0), bulk.basis_of(0)) == (found.unit, found.basis)
    assert Resolution.evaluate(found.record()) == found.unit
    return found.unit, found.basis


def why_not(x: float, y: float, code: str, category: str | None = None, resolver: Resolver = TOWN) -> str:
    return next(one.why_not for one in resolver.explain(x, y, category).losers if one.code == code)


# --- the conflict tests of 8.4, in its words


def test_inside_a_compound_near_a_road_it_is_the_compounds() -> None:
    """8.4: point inside a compound within 15 m of a road section → compound."""
    assert at(850, 605) == ("单位6", "compound")
    assert why_not(850, 605, "L-1") == "排在“小区包联”之后，X3 路边小区 已先定了"


def test_outside_the_compound_it_is_the_roads() -> None:
    """8.4: point 10 m outside the compound edge and 8 m from the road line → road section."""
    assert at(500, 610) == ("单位11", "road")
    assert why_not(500, 610, "X1") == "此处在它的范围以外 10.0 米"


def test_a_site_inside_a_compound_is_the_sites() -> None:
    """8.4: point inside a site polygon that lies in a compound → site."""
    assert at(150, 150) == ("单位2", "site")


def test_between_two_rings_the_nearer_site_has_it() -> None:
    """8.4: point in the surroundings ring of two sites → nearest."""
    assert at(640, 100) == ("单位5", "site")
    assert why_not(640, 100, "003") == "相距 40.0 米，004 公厕 更近（20.0 米）"


def test_outside_all_grids_somebody_is_to_be_designated() -> None:
    """8.4, SR-64, CV-13: point outside all grids → nobody, whatever lies beside it."""
    assert at(5000, 5000) == (None, None)
    assert Resolution.evaluate(TOWN.explain(5000, 5000).record()) is None


# --- ties


def test_of_several_sites_the_smallest_area_has_it() -> None:
    """8.4: several sites → smallest area; one that holds the spot before one that is only near."""
    assert at(220, 220) == ("单位3", "site")
    assert why_not(220, 220, "001") == "002 小公园 的范围更小"
    assert at(250, 220) == ("单位2", "site")
    assert why_not(250, 220, "002") == "此处在 001 公园 以内，在它以外"


def test_two_sites_equally_near_go_by_number() -> None:
    """8.4: then lower site_no, counted as people do: 9 before 10."""
    rows = [
        {"code": code, "name": code, "category": "mall", "responsible_unit": f"单位{code}", "geometry": shapely.Point(x, 0)}
        for code, x in (("10", 40), ("9", -40))
    ]
    resolver = Resolver(town(site=features("site", *rows)))

    assert at(0, 0, resolver=resolver) == ("单位9", "site")
    assert why_not(0, 0, "10", resolver=resolver) == "9 和它同在此处，交界取编号小的"


def test_the_rings_edge_is_inside() -> None:
    """SR-17: an issue within the radius counts as 点位周边, the boundary inclusive to the millimetre."""
    assert at(600, 50) == ("单位4", "site")
    assert at(600, 49.999) == ("单位10", "grid")
    assert why_not(600, 49.99, "003") == "相距 50.01 米，超过 50 米"


def test_the_shared_edge_of_two_grids_goes_to_the_smaller_code() -> None:
    """8.4: on a shared edge → the grid with the smaller code (9 before 10); community grids do not count; a corner, too."""
    assert at(1000, 50) == ("单位9", "grid")
    assert why_not(1000, 50, "A-10") == "A-9 九号 和它同在此处，交界取编号小的"
    assert at(999.9, 50) == ("单位10", "grid")


def test_the_side_of_a_split_road_counts() -> None:
    """8.4: on side-split roads use the side: left and right as the line was drawn; on the line itself both."""
    assert at(500, 810) == ("单位12", "road")
    assert at(500, 790) == ("单位13", "road")
    assert at(500, 800) == ("单位12", "road")
    assert why_not(500, 790, "L-2") == "在路的另一侧"


def test_equally_near_sections_go_by_the_longer_overlap() -> None:
    """8.4: tie → nearest, then longer overlap: more of its line within reach of the spot."""
    assert at(1200, 508) == ("单位15", "road")
    assert "更长" in why_not(1200, 508, "L-4")


def test_a_sections_reach_is_half_its_width_and_five_metres() -> None:
    """8.4: half width + 5 m, 20 m where the width is not known; inclusive."""
    assert at(300, 638) == ("单位11", "road")
    assert at(300, 638.01) == ("单位10", "grid")
    assert at(300, 820) == ("单位12", "road")


# --- the other rules


def test_a_building_before_its_compound() -> None:
    """8.4 rule 3: inside the footprint, or 3 m beside it within its compound; SR-51: it inherits the compound's unit."""
    assert at(460, 460) == ("单位8", "building")
    assert at(473, 460) == ("单位8", "building")
    assert at(473.01, 460) == ("单位6", "compound")
    assert at(510, 460) == ("单位6", "building")
    assert at(602, 590)[1] == "grid"
    assert why_not(602, 590, "X1-3") == "相距 2.0 米，但此处不在它所属的小区内"


def test_a_worksites_builder_answers_and_the_building_office_leads() -> None:
    """8.4 rule 4, SR-28: responsible body up to 20 m outside the hoarding, 住建局 leads."""
    found = TOWN.explain(1620, 150)

    assert (found.unit, found.basis, found.lead_unit) == ("单位16", "construction", "示范区住房和城乡建设局")
    assert at(1620.01, 150) == ("单位9", "grid")


def test_the_worksite_category_is_led_by_the_building_office() -> None:
    """SR-28: default lead unit for category 建筑工地 is 住建局, also for a hoarding far from any known worksite."""
    assert TOWN.explain(50, 900, "建筑工地").lead_unit == "示范区住房和城乡建设局"
    assert TOWN.explain(50, 900, "围挡").lead_unit == "示范区住房和城乡建设局"
    assert TOWN.explain(50, 900, "出店经营").lead_unit == "示范区城市管理局"


def test_before_a_shop_the_sections_unit_does_it() -> None:
    """8.4 rule 5: within 10 m of the door; the unit of the shop's road section is responsible."""
    assert at(700, 655) == ("单位11", "shop")
    found = TOWN.explain(1800, 805)
    assert (found.unit, found.basis) == ("单位9", "grid")
    assert next(one.why_not for one in found.losers if one.code == "S2") == "S2 水果店 没有填责任单位，改按下一条规则定；请选中它补填“责任单位”"


def test_a_crossing_only_for_traffic_order() -> None:
    """8.4 rule 6: ≤ 50 m of the crossing, only for traffic-order categories; limited rules say nothing where the category is not known."""
    assert at(1240, 500, "交通类") == ("示范区交警大队", "crossing")
    assert at(1240, 500, "闯红灯") == ("示范区交警大队", "crossing")
    assert at(1240, 500, "环境类") == ("单位9", "grid")
    assert at(1240, 500) == ("单位9", "grid")
    assert why_not(1240, 500, "K1", "环境类") == "规则“路口执勤”不管“环境类”"


def test_a_winner_without_a_unit_is_named_and_the_next_rule_decides() -> None:
    """A site, or a zone, with no unit: said where to mend it, never the second best of the same rule."""
    assert at(905, 100) == ("单位10", "grid")
    assert "没有填责任单位" in why_not(905, 100, "005")
    found = TOWN.explain(500, 1500)
    assert (found.unit, found.basis) == ("文昌街道办事处", "catch_all")
    assert next(one.why_not for one in found.losers if one.rule == "grid").startswith("A-8 没有单位的 没有填责任单位")


def test_the_territory_catches_what_nobody_has() -> None:
    """8.4 rule 9: the community, else its street; the street of a zone is only asked where the project has no territories."""
    rows = [
        {"code": "T1", "name": "文昌街道", "level": "street", "geometry": shapely.box(0, 0, 9000, 9000)},
        {
            "code": "T2",
            "name": "某社区",
            "level": "community",
            "responsible_unit": "单位18",
            "road_unit": "单位11",
            "geometry": shapely.box(3000, 3000, 4000, 4000),
        },
    ]
    resolver = Resolver(town(territory=features("territory", *rows)))

    assert at(3500, 3500, resolver=resolver) == ("单位18", "catch_all")
    assert at(5000, 5000, resolver=resolver) == ("文昌街道办事处", "catch_all")
    assert resolver.explain(50, 900).supporting_units == ("文昌街道办事处",)
    assert resolver.explain(3500, 3500).supporting_units == ("单位11", "文昌街道办事处")  # SR-46: the road-chief unit that the community is linked to
    assert "street_of_zone" not in [rule.id for rule in resolver.active]


def test_the_owner_of_a_part_does_it_wherever_it_lies() -> None:
    """domain.md 4.5: 井盖 → 权属单位; the unit of the place helps. Only the column says so, never a guess from the description."""
    found = TOWN.explain(150, 150, "上水井盖")

    assert at(150, 150, "上水井盖") == ("示江供水公司", "category")
    assert "单位2" in found.supporting_units
    assert TOWN.of_issue(issue("1", (150, 150), category="设施类", description="上水井盖破损")).unit == "单位2"
    assert TOWN.of_issue(issue("1", (150, 150), part_code="3205080101000001")).unit == "示江供水公司"


# --- lead and supporting, standing assignments


def test_lead_and_responsible_are_two_things() -> None:
    """SR-12: one responsible, one lead, several supporting; each with its reason, each unit once."""
    found = TOWN.explain(150, 150, "公益广告")

    assert found.unit == "单位2"
    assert (found.lead_unit, found.lead.why if found.lead else "") == ("示范区城市管理局", "001 公园 的牵头单位")
    assert found.supporting_units == ("单位3", "单位4", "文昌街道办事处")
    assert found.supporting[2].why == "属地：A-10 文昌街道"


@pytest.mark.parametrize(("basis", "name"), [("manual", "人工确定"), ("designated", "创建办指定")])
def test_what_was_set_by_hand_or_designated_stands(basis: str, name: str) -> None:
    """8.4 rule 1, SR-56: never overridden; what the place says stands among the losers."""
    found = TOWN.of_issue(issue("1", (150, 150), responsible_unit="单位19", unit_basis=basis))

    assert (found.unit, found.basis) == ("单位19", basis)
    assert found.losers[0].unit == "单位2"
    assert found.losers[0].why_not == f"排在“人工或指定”之后，{name} 已先定了"
    assert Resolution.evaluate(found.record()) == "单位19"


def test_an_issue_off_the_map_goes_by_what_it_is_registered_under() -> None:
    """A site's number is a place, too (4.2: point, or site, section or grid reference); on the map up to the rule's limit."""
    assert TOWN.of_issue(issue("1", site_code="003")).unit == "单位4"
    assert TOWN.of_issue(issue("1", zone_code="A-9")).unit == "单位9"
    assert TOWN.of_issue(issue("1")).unit is None
    assert TOWN.of_issue(issue("1", (640, 100), site_code="003")).unit == "单位4"
    assert TOWN.of_issue(issue("1", (50, 900), site_code="006")).unit == "单位18"
    assert TOWN.of_issue(issue("1", (600, 290), site_code="003")).unit == "单位4"
    assert TOWN.of_issue(issue("1", (600, 301), site_code="003")).unit == "单位10"


# --- days and switches


def test_who_was_responsible_on_12_may() -> None:
    """Boundaries are dated, both ends inclusive: the zone of before and the zone of after."""
    old = {**dict(zip(ZONES.columns, ZONES.at(0).values.values(), strict=True)), "geometry": shapely.box(0, 0, 1000, 1000)}
    rows = [
        {**old, "code": "旧", "responsible_unit": "单位1", "valid_to": dt.date(2024, 5, 12)},
        {**old, "code": "新", "responsible_unit": "单位2", "valid_from": dt.date(2024, 5, 13)},
    ]
    view = town(zone=features("zone", *rows))

    assert Resolver(view, dt.date(2024, 5, 12)).explain(50, 900).unit == "单位1"
    assert Resolver(view, dt.date(2024, 5, 13)).explain(50, 900).unit == "单位2"


def test_rules_are_dated_and_switched() -> None:
    """A rule that is off, or not in force that day, says so; the surroundings of sites can be left out."""
    rules = rules_of(town())
    off = [replace(one, on=one.id != "compound", valid_from=dt.date(2024, 6, 1) if one.id == "road" else None) for one in rules.rules]
    resolver = Resolver(town(), dt.date(2024, 5, 1), replace(rules, rules=tuple(off), covers_surroundings=False))

    assert at(850, 605, resolver=resolver) == ("单位10", "grid")
    assert why_not(850, 605, "X3", resolver=resolver) == "规则“小区包联”已停用"
    assert why_not(850, 605, "L-1", resolver=resolver) == "规则“路长制路段”在 2024-05-01 不生效"
    assert at(600, 90, resolver=resolver) == ("单位10", "grid")
    assert why_not(600, 90, "003", resolver=resolver) == "相距 10.0 米，属于点位周边；规则已设为不管周边"


# --- many


WORDS = [None, "交通类", "上水井盖", "环境类", "没有这一类"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.one_of(st.integers(-20, 2100), st.floats(-20, 2100), st.just(math.nan)),
            st.one_of(st.sampled_from([50, 100, 150, 220, 450, 500, 590, 597, 610, 618, 800, 1000]), st.floats(-20, 2100)),
            st.sampled_from(WORDS),
            st.sampled_from([None, "001", "003", "005", "006"]),
            st.sampled_from([None, "A-9", "A-8", "C-1"]),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_many_spots_get_what_a_single_one_gets(spots: list[tuple[float, float, str | None, str | None, str | None]]) -> None:
    """The bulk answer, the explanation and the explanation weighed again from its text are the same unit."""
    points = np.array([(x, y) if not math.isnan(x) else (math.nan, math.nan) for x, y, *_rest in spots], dtype=float)
    named = {"site_code": [spot[3] for spot in spots], "zone_code": [spot[4] for spot in spots]}
    bulk = TOWN.units(points, [spot[2] for spot in spots], named)

    for number, (x, y, word, site, zone) in enumerate(spots):
        one = issue("1", None, category=word, description="", site_code=site, zone_code=zone)
        found = TOWN.explain(x, y if not math.isnan(x) else math.nan, feature=one)
        assert (bulk.unit_of(number), bulk.basis_of(number)) == (found.unit, found.basis), (x, y, word, site, zone)
        assert Resolution.evaluate(found.record()) == found.unit


def test_ten_thousand_spots_of_the_demo_give_their_unit_again_from_their_record(demo_file: Path) -> None:
    """Issue 5: the explanation, evaluated again from its own text record, gives the same unit; so does the bulk answer."""
    project = Project.open(demo_file, "测试")
    try:
        resolver = Resolver(project)
        bounds = project.features("zone").bounds
        rng = np.random.default_rng(5)
        points = rng.uniform(bounds[:, :2].min(0) - 50, bounds[:, 2:].max(0) + 50, (10_000, 2))
        words = [str(word) for word in rng.choice(["", "交通类", "设施类", "工地类"], 10_000)]
        bulk = resolver.units(points, words)
        wrong = 0
        for number, (x, y) in enumerate(points.tolist()):
            found = resolver.explain(x, y, words[number])
            wrong += not (found.unit == bulk.unit_of(number) == Resolution.evaluate(found.record()))
        assert wrong == 0
        issues = project.features("issue")
        many = resolver.of_issues(issues)
        assert [many.unit_of(at) for at in range(len(issues))] == [resolver.of_issue(one).unit for one in issues]
        assert len(set(bulk.unit.tolist())) > 20
    finally:
        project.close()


def test_what_was_read_is_kept_until_it_changes() -> None:
    """A resolver tells when a layer it looked at was changed."""
    empty = {name: features(name) for name in ("territory", "building")}
    resolver = Resolver(town(**empty))
    changed = town(**empty, section=SECTIONS.patched({"section-0": {"responsible_unit": "单位19"}}))

    assert resolver.is_current(town(**empty), None)
    assert not resolver.is_current(town(**empty), dt.date(2024, 5, 1))
    assert not resolver.is_current(changed, None)
    assert Resolver(changed).explain(500, 610).unit == "单位19"
