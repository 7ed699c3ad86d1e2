"""The demo district's lists: counts of domain.md 8.6, names that resolve, places that fit the map."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from typing import Any

import geopandas as gpd
import openpyxl
import pytest
from shapely import Point

from .conftest import MADE, WORKBOOKS, layer

Rows = list[dict[str, Any]]

SITES = {
    "主次干道": 14, "背街小巷": 14, "商业大街": 4, "公园": 6, "广场": 4, "社区": 12, "小区": 24, "农贸市场": 8, "商场超市": 5, "医院": 5, "学校": 10, "车站": 2,
    "公交站台": 6, "政务大厅": 2, "窗口单位": 5, "公共文化设施": 4, "文明实践中心": 1, "文明实践所": 3, "文明实践站": 3,
}  # fmt: skip
STATES = {
    "已销号": 1017, "已登记·待交办": 18, "待指定": 12, "已交办·待签收": 38, "整改中": 72,
    "退回待改派": 9, "已整改·待核查": 40, "返工": 14, "延期(已批)": 12, "挂账·长期整改": 8,
}  # fmt: skip
TODAY, ARRIVAL = dt.datetime(2024, 6, 3), dt.datetime(2024, 6, 24)


def test_counts(units: Rows, sites: Rows, issues: Rows) -> None:
    assert len(units) == 62
    assert Counter(s["点位类型"] for s in sites) == SITES
    assert len(sites) == 132
    assert Counter(i["完成情况"] for i in issues) == STATES
    assert len(issues) == 1240
    assert round(100 * 1017 / 1240, 1) == 82.0


def test_numbers_run_without_gap(sites: Rows, issues: Rows) -> None:
    assert [s["点位编号"] for s in sites] == [f"{n:03d}" for n in range(1, 133)]
    days: Counter[str] = Counter()
    for issue in issues:
        day, serial = issue["问题编号"].split("-")
        days[day] += 1
        assert serial == f"{days[day]:03d}"
        assert issue["发现时间"].strftime("%Y%m%d") == day


def test_every_unit_name_resolves_to_one_unit(units: Rows, sites: Rows, issues: Rows, zones: gpd.GeoDataFrame, sections: gpd.GeoDataFrame) -> None:
    names: dict[str, str] = {}
    for unit in units:
        for name in {unit["单位名称"], unit["简称"], *unit["别名/曾用名"].split("、")}:
            assert names.setdefault(name, unit["单位编号"]) == unit["单位编号"], f"{name} means two units"
    used = [*zones["网格单位"], *sections["责任单位"], *sections["牵头单位"], *(s[c] for s in sites for c in ("牵头单位", "责任单位"))]
    used += [i[c] for i in issues for c in ("牵头单位", "责任单位") if i[c]]
    used += [part for i in issues if i["配合单位"] for part in i["配合单位"].split("、")]
    assert sorted({name for name in used if name not in names}) == []
    written = {i["责任单位"] for i in issues if i["责任单位"]}
    assert written & {u["简称"] for u in units}
    assert written & {alias for u in units for alias in u["别名/曾用名"].split("、")}


def test_persons_and_phones_are_plainly_invented(units: Rows, sites: Rows, zones: gpd.GeoDataFrame) -> None:
    persons = [*(u[c] for u in units for c in ("主要负责人", "分管领导", "联络员")), *zones["网格长"]]
    persons += [*(s[c] for s in sites for c in ("区领导", "点位长", "联系人"))]
    assert all(re.fullmatch(r"某某\d{2,3}", name) for name in persons)
    assert all(re.fullmatch(r"1380000\d{4}", phone) for phone in [*(u["手机"] for u in units), *(s["联系电话"] for s in sites), *zones["联系电话"]])


def _points(rows: Rows) -> gpd.GeoDataFrame:
    located = [r for r in rows if r["经度"] is not None]
    return gpd.GeoDataFrame(located, geometry=gpd.points_from_xy([r["经度"] for r in located], [r["纬度"] for r in located]), crs=4490).to_crs(4548)


@pytest.mark.parametrize(("name", "least", "most"), [("点位责任分工表", 120, 120), ("问题明细表", 1080, 1150)])
def test_points_lie_in_the_zone_their_row_names(name: str, least: int, most: int, request: pytest.FixtureRequest, zones: gpd.GeoDataFrame) -> None:
    points = _points(request.getfixturevalue({"点位责任分工表": "sites", "问题明细表": "issues"}[name]))
    assert least <= len(points) <= most
    by_code = zones.set_index("网格编号")
    for row in points.itertuples():
        zone = by_code.loc[row.所属网格]
        assert zone.geometry.distance(row.geometry) < 0.05
        assert zone["所属街道"] == (row.属地街道 if name == "点位责任分工表" else row.街道)


def test_sites_lie_where_such_places_are(sites: Rows, roads: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> None:
    points = _points(sites).set_index("点位名称")
    by_road, greens = roads.set_index("道路名称").geometry, layer("绿地").set_index("名称").geometry
    for name, site in points.iterrows():
        where: Point = site.geometry
        if site["点位类型"] in ("主次干道", "背街小巷"):
            assert by_road[name].distance(where) < 0.05
        elif site["点位类型"] in ("公园", "广场"):
            assert greens[name].contains(where)
        elif site["点位类型"] == "公交站台":
            assert 1 < min(by_road.distance(where)) < 25
        elif site["点位类型"] == "小区":
            assert buildings[buildings["小区名称"] == name].distance(where).min() < 60
        elif site["点位类型"] != "商业大街":
            assert buildings[buildings["名称"].fillna("").str.startswith(name)].distance(where).min() < 1, name


def test_issue_rows_make_sense(issues: Rows, sites: Rows) -> None:
    named = {s["点位编号"]: s for s in sites}
    for issue in issues:
        closed, pending = issue["完成情况"] == "已销号", issue["完成情况"] in ("已登记·待交办", "待指定")
        assert TODAY > issue["发现时间"] >= dt.datetime(2024, 4, 8)
        assert issue["点位名称"]
        assert issue["问题描述"]
        assert issue["问题类别"]
        assert bool(issue["完成时间"]) == (closed or issue["完成情况"] == "已整改·待核查")
        assert bool(issue["核查时间"]) == bool(issue["核查人"]) == closed
        if closed:
            assert issue["发现时间"] <= issue["完成时间"] <= issue["核查时间"] <= TODAY
        if issue["整改时限"]:
            assert not pending
            assert issue["发现时间"] < issue["整改时限"] < ARRIVAL
        if not pending:
            assert issue["责任单位"]
        if issue["点位编号"]:
            assert named[issue["点位编号"]]["点位名称"] == issue["点位名称"]
    blank = [i for i in issues if not i["责任单位"]]
    assert 12 <= len(blank) <= 20
    late = [i for i in issues if i["整改时限"] and i["整改时限"] < TODAY and i["完成情况"] not in ("已销号", "已整改·待核查")]
    assert 20 <= len(late) <= 120
    assert len({re.sub(r"\d+", "", i["问题描述"][-12:]) for i in issues}) > 60


def test_issues_gather_at_some_places_and_are_found_everywhere(issues: Rows, zones: gpd.GeoDataFrame) -> None:
    per_place = Counter(i["点位名称"] for i in issues)
    assert per_place.most_common(1)[0][1] > 25
    assert len(per_place) > 120
    per_zone = Counter(i["所属网格"] for i in issues)
    assert len(per_zone) >= 25
    assert {i["所属网格"] for i in issues if i["完成情况"] == "已销号"} == set(per_zone)
    assert set(per_zone) <= set(zones["网格编号"])


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_look_like_the_office_s(name: str) -> None:
    page = openpyxl.load_workbook(MADE / f"{name}.xlsx").worksheets[0]
    assert page["A1"].font.name == "宋体"
    assert page["A1"].font.bold
    assert any(m.min_row == 1 and m.max_col == page.max_column for m in page.merged_cells.ranges), "the title is merged over all columns"
    _, last = WORKBOOKS[name]
    assert page.freeze_panes == f"A{last + 1}"
    assert page.cell(last + 1, 1).border.left.style == "thin"
    cells = [cell.value for line in page.iter_rows() for cell in line if isinstance(cell.value, str)]
    assert not [value for value in cells if value.startswith("=")], "no formulas"
    assert all(value == value.strip() for value in cells)
    "".join(cells).encode("gbk")
