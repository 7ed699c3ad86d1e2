"""The demo files read the plain way, without the program's importer: these tests judge the files, not the importer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import openpyxl
import pyogrio
import pytest
from shapely import affinity

MADE = Path(__file__).resolve().parents[2] / "resources" / "demo" / "files"
SHAPEFILES = ["示范区_网格边界", "路长制责任路段", "道路", "水系", "绿地", "区界", "街道界", "街道社区界", "小区范围", "在建工地"]
_LATER = (
    *("单位包小区分工表", "干部包楼栋表", "路口点位表", "门前三包台账", "文书登记簿", "文书签收登记表", "路口执勤排班表"),
    *("网格值守和路段巡查排班表", "点位巡查记录表", "联合督查组督查记录", "测评组动态"),
)  # issue 5
_DATED = ("单位包小区分工表", "门前三包台账", "路口执勤排班表", "网格值守和路段巡查排班表")  # a second line under the title
WORKBOOKS = {"单位通讯录": (2, 2), "点位责任分工表": (3, 3), "问题明细表": (3, 4)} | {
    name: (3, 3) if name in _DATED else (2, 2) for name in _LATER
}  # first and last header row
ZONE_PREFIX = 39_000_000


def layer(name: str, folder: Path = MADE) -> gpd.GeoDataFrame:
    """A map file in metres of EPSG:4548."""
    if name in ("建筑物", "楼栋"):
        return pyogrio.read_dataframe(folder / f"{name}.geojson").to_crs(4548)
    frame = pyogrio.read_dataframe(folder / f"{name}.shp", encoding="GBK")
    if frame.crs is None:
        frame.geometry = [affinity.translate(g, -ZONE_PREFIX) for g in frame.geometry]
        frame = frame.set_crs(4548)
    return frame


def rows(name: str, folder: Path = MADE) -> list[dict[str, Any]]:
    """A workbook's rows by column head; merged cells of a column are filled down."""
    page = openpyxl.load_workbook(folder / f"{name}.xlsx").worksheets[0]
    first, last = WORKBOOKS[name]
    heads = [page.cell(last, c).value or page.cell(first, c).value for c in range(1, page.max_column + 1)]
    merged = [m for m in page.merged_cells.ranges if m.min_row > last]
    down = {(r, m.min_col): page.cell(m.min_row, m.min_col).value for m in merged for r in range(m.min_row, m.max_row + 1)}
    return [
        {head: down.get((r, c), page.cell(r, c).value) for c, head in enumerate(heads, start=1)}
        for r in range(last + 1, page.max_row + 1)
    ]  # fmt: skip


@pytest.fixture(scope="session")
def zones() -> gpd.GeoDataFrame:
    return layer("示范区_网格边界")


@pytest.fixture(scope="session")
def roads() -> gpd.GeoDataFrame:
    return layer("道路")


@pytest.fixture(scope="session")
def sections() -> gpd.GeoDataFrame:
    return layer("路长制责任路段")


@pytest.fixture(scope="session")
def buildings() -> gpd.GeoDataFrame:
    return layer("建筑物")


@pytest.fixture(scope="session")
def units() -> list[dict[str, Any]]:
    return rows("单位通讯录")


@pytest.fixture(scope="session")
def sites() -> list[dict[str, Any]]:
    return rows("点位责任分工表")


@pytest.fixture(scope="session")
def issues() -> list[dict[str, Any]]:
    return rows("问题明细表")
