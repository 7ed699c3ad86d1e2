"""Visits of every day, inspections of worksites, receipts of orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from shapely.geometry import box

from chuangwen.domain.feature import Feature
from tests.build import feature, site
from tests.services.checks.plan import TODAY, Plan, zone


def visit(layer: str, code: str, day: int, month: int = 6) -> Feature:
    """A visit at nine in the morning."""
    return feature("visit", f"{layer}-{code}-{month}-{day}", place_layer=layer, place_code=code, arrived_at=dt.datetime(2024, month, day, 9))


def test_sites_that_nobody_came_to_today() -> None:
    """CV-11: by the site's code or name; a visit of yesterday does not count, and without any record nothing is said to be sound."""
    sites = [site("001", responsible_unit="城管局"), site("002", name="文昌公园"), site("003")]
    result = Plan(*sites, visit("site", "001", 3), visit("点位", "文昌公园", 3), visit("site", "003", 2)).result("CV-11")
    assert [one.text for one in result.findings] == ["003：今日未到"]
    assert result.summary == "今日已到 2/3"
    assert Plan(*sites, *[visit("site", code, 3) for code in ("001", "002", "003")]).count("CV-11") == 0
    assert Plan(*sites).result("CV-11").words == "未建立“巡查”数据"


def test_every_site_every_day_since_the_start() -> None:
    """SR-61: from the first day of the campaign to today, by date and unit, the latest first; two visits of a day are one."""
    sites = [site("001", responsible_unit="城管局"), site("002", responsible_unit="民政局"), site("003", responsible_unit="民政局")]
    came = [visit("site", "001", day) for day in (1, 2, 3)] + [visit("site", "002", 3), visit("site", "003", 1), visit("site", "003", 31, 5)]
    result = Plan(*sites, *came, feature("visit", "again", place_layer="site", place_code="001", arrived_at=dt.datetime(2024, 6, 3, 17))).result("SR-61")
    assert [one.text for one in result.findings] == [
        "2024-06-03 民政局：1 个点位未到（003）",
        "2024-06-02 民政局：2 个点位未到（002、003）",
        "2024-06-01 民政局：1 个点位未到（002）",
    ]
    assert result.findings[1].by == "民政局"
    assert result.summary == "2024-06-01 至 2024-06-03，应到 9 点次，已到 5 点次"


def test_worksites_are_inspected_since_the_order() -> None:
    """CV-15, SR-28: since the last order that names the worksite, else since the campaign began; the day itself counts."""

    def worksite(code: str, day: dt.date | None = None) -> Feature:
        return feature("worksite", code, box(0, 0, 1, 1), last_inspected_at=day)

    order = feature("order", "责改〔2024〕1号", kind="rectify_notice", issued_at=dt.datetime(2024, 6, 2, 10), status="sent")
    named = feature("receipt", "1", order_code="责改〔2024〕1号", target_layer="worksite", target_code="G-4")
    plan = Plan(
        worksite("G-1", dt.date(2024, 6, 1)),
        worksite("G-2", dt.date(2024, 5, 31)),
        worksite("G-3"),
        worksite("G-4", dt.date(2024, 6, 1)),
        worksite("G-5", dt.date(2024, 5, 1)),
        order,
        named,
        visit("worksite", "G-5", 2),
    )
    assert plan.texts("CV-15") == [
        "G-2：2024-06-01 下达以来没有检查，上次检查 2024-05-31",
        "G-3：没有检查记录",
        "G-4：2024-06-02 下达以来没有检查，上次检查 2024-06-01",
    ]
    assert plan.result("CV-15").summary == "已检查 2/5"
    assert Plan().result("CV-15").state == "no_data"


def test_orders_reach_every_target() -> None:
    """CV-12, SR-58, SR-59: the unit, each target noted for it, and with a cascade every zone, by its own receipt or its unit's."""

    def order(code: str, **values: Any) -> Feature:
        return feature("order", code, **{"kind": "work", "status": "sent", "unit": "城管局", **values})

    def receipt(order_code: str, unit: str | None = None, target: str | None = None, *, got: bool = True) -> Feature:
        at = dt.datetime.combine(TODAY, dt.time(16)) if got else None
        return feature("receipt", f"{order_code}-{unit}-{target}", order_code=order_code, unit=unit, target_code=target, received_at=at)

    zones = zone("A-1", responsible_unit="民政局"), zone("A-2", responsible_unit="教体局"), zone("A-3", responsible_unit="城管局")
    plan = Plan(
        *zones,
        order("1号"),
        order("2号"),
        receipt("2号", "城管局"),
        order("3号", status="received"),
        order("4号", status="draft"),
        order("5号", status="void"),
        order("6号"),
        receipt("6号", "城管局"),
        receipt("6号", target="A-1", got=False),
        order("7号", kind="cascade", unit=None),
        receipt("7号", "民政局"),
        receipt("7号", target="A-2"),
    )
    assert plan.texts("CV-12") == ["1号：城管局 未签收", "6号：A-1 未签收", "7号：A-3 未签收"]
    assert Plan(order("4号", status="draft")).result("CV-12").words == "未建立“已印发的文书”数据"
