"""Names that nobody bears, and the tree of command."""

from __future__ import annotations

from shapely.geometry import box

from tests.build import feature, issue, site
from tests.services.checks.plan import Plan, unit, zone

OFFICE = unit("示范区城市管理局", short_name="区城管局", aliases="城管", head="某某01", liaison="某某02", phone="13800000001")


def test_names_of_units_that_the_register_does_not_have() -> None:
    """CV-16: spelling variants with the nearest name, short names with the full one, counted by layer and name; the register's own names pass."""
    plan = Plan(
        OFFICE,
        unit("示范区教育体育局"),
        site("001", responsible_unit="示范区城市管理局"),
        site("002", responsible_unit="区城管局", supporting_units="示范区教育体育局、示范区城管理局"),
        issue("1", responsible_unit="示范区城管理局"),
        issue("2", responsible_unit="示范区城管理局", lead_unit="某某公司"),
    )
    result = plan.result("CV-16")
    assert [(one.text, one.amount) for one in result.findings] == [
        ("“区城管局”应写全称“示范区城市管理局”（点位 1 处）", 1.0),
        ("“示范区城管理局”不在单位名册中，最接近“示范区城市管理局”（点位 1 处）", 1.0),
        ("“示范区城管理局”不在单位名册中，最接近“示范区城市管理局”（问题 2 处）", 2.0),
        ("“某某公司”不在单位名册中（问题 1 处）", 1.0),
    ]
    assert result.findings[2].ids == ("issue-1", "issue-2")
    assert Plan(site("001", responsible_unit="区城管局")).result("CV-16").words == "未建立“单位”数据"


def test_units_that_answer_for_something_have_a_head_and_a_liaison() -> None:
    """SR-57, SR-65: units with sites, zones, sections or open issues; those with nothing to do are left alone."""
    plan = Plan(
        OFFICE,
        unit("示范区教育体育局"),
        unit("示范区民政局", head="某某03", liaison="某某04"),
        unit("示范区财政局"),
        site("001", responsible_unit="示范区城市管理局"),
        site("002", responsible_unit="示范区教育体育局"),
        issue("1", responsible_unit="示范区民政局"),
        issue("2", responsible_unit="示范区财政局", status="closed"),
    )
    assert plan.texts("SR-57") == ["示范区教育体育局：缺一把手（负责 点位 1）"]
    assert plan.texts("SR-65") == ["示范区教育体育局：缺联络员、联络电话（负责 点位 1）", "示范区民政局：缺联络电话（负责 问题 1）"]


def test_every_leaf_has_a_path_to_the_office() -> None:
    """SR-62: a parent that there is not, a ring of parents, zones and sections without a unit of the register; no parent means under the office itself."""
    plan = Plan(
        OFFICE,
        unit("甲所", parent="区城管局"),
        unit("乙所", parent="没有的局"),
        unit("丙队", parent="丁队"),
        unit("丁队", parent="丙队"),
        zone("A-1", box(0, 0, 1, 1), responsible_unit="甲所"),
        zone("A-2", box(1, 0, 2, 1)),
        zone("A-3", box(2, 0, 3, 1), responsible_unit="乙所"),
        feature("compound", "X-1", box(0, 0, 1, 1), responsible_unit="陌生单位"),
    )
    assert plan.texts("SR-62") == [
        "单位 U-乙所 乙所：上级单位“没有的局”不在名册中",
        "单位 U-丙队 丙队：上级单位绕成一圈（丙队 → 丁队 → 丙队）",
        "单位 U-丁队 丁队：上级单位绕成一圈（丁队 → 丙队 → 丁队）",
        "网格 A-2：没有责任单位",
        "网格 A-3：上级单位“没有的局”不在名册中",
        "小区 X-1：责任单位“陌生单位”不在名册中",
    ]
    assert Plan(OFFICE, zone("A-1", box(0, 0, 1, 1), responsible_unit="城管")).count("SR-62") == 0


def test_four_offices_make_the_joint_team() -> None:
    """SR-68: 区委办, 政府办, 纪委监委, 创建办, under their short or their full names."""
    names = ("中共示范区委办公室", "示范区人民政府办公室", "示范区纪委监委", "示范区创建全国文明城市工作办公室")
    register = [unit(name, short_name=short) for name, short in zip(names, ("区委办", "区政府办", "区纪委监委", "区创建办"), strict=True)]

    def record(code: str, *members: str) -> Plan:
        return Plan(*register, feature("supervision", code, kind="duty", team_units="、".join(members)))

    assert record("1", *names).count("SR-68") == 0
    assert record("1", "区委办", "区政府办", "区纪委监委", "区创建办").count("SR-68") == 0
    assert record("1", *names[:2], "区文明办").texts("SR-68") == ["1：督查组缺纪委监委（现有 中共示范区委办公室、示范区人民政府办公室、区文明办）"]
    assert record("1").texts("SR-68") == ["1：督查组缺区委办、政府办、纪委监委、创建办（现有 无）"]
    assert Plan(*register).result("SR-68").words == "未建立“督查记录”数据"
