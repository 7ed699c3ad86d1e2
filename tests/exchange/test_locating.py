"""Where rows lie: right, or asked; never wrong in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.geo import Extent, project_epsg
from chuangwen.errors import DataProblem
from chuangwen.exchange import crs
from chuangwen.exchange.china_offset import to_bd09, to_gcj02
from chuangwen.exchange.doubts import Unanswered
from chuangwen.exchange.source_crs import Home
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from tests.exchange.made import SQUARES, shapefile, table

NAMES = {"网格编号": ["A-1", "A-2", "A-3", "A-4"], "网格名称": ["一", "二", "三", "四"]}
PLACE = np.array([116.36, 39.9])


@pytest.fixture
def project(tmp_path: Path):
    """Meridian 117, four zones at home."""
    made = Project.create(tmp_path / "项目.gpkg", Campaign(title="测试"), 4548, "某某01")
    run_import(made, shapefile(tmp_path / "网格.shp", NAMES), "zone")
    yield made
    made.close()


@pytest.fixture
def empty(tmp_path: Path):
    """No CRS yet."""
    made = Project.create(tmp_path / "空.gpkg", Campaign(title="测试"), 0, "某某01")
    yield made
    made.close()


def six_digits(tmp_path: Path) -> Path:
    path = shapefile(tmp_path / "无说明.shp", NAMES)
    path.with_suffix(".prj").unlink()
    return path


def test_six_digits_without_a_meridian_are_asked(empty: Project, tmp_path: Path) -> None:
    """The candidates come with the question and with where each would lie; the answer places them."""
    with pytest.raises(Unanswered) as caught:
        run_import(empty, six_digits(tmp_path), "zone")

    (doubt,) = caught.value.doubts
    assert ("crs", True, "") == (doubt.key, doubt.asks, doubt.chosen)
    assert "EPSG:4548" in [one.value for one in doubt.answers]
    places = {one.value: one for one in caught.value.placements}
    assert np.median(places["EPSG:4548"].points[:, 0]) == pytest.approx(116.24, abs=0.05)
    assert "国家2000坐标，中央经线 117°" == places["EPSG:4548"].title
    assert 0 == len(empty.features("zone"))

    report = run_import(empty, six_digits(tmp_path), "zone", ImportOptions(answers={"crs": "EPSG:4548"}))
    assert (4, "EPSG:4548", 4548) == (report.added, report.crs, empty.epsg)


def test_an_overlay_that_nobody_can_place_is_shown_as_drawn(empty: Project, tmp_path: Path) -> None:
    """It says so, it asks, and it leaves the project's CRS open."""
    report = run_import(empty, six_digits(tmp_path), "reference")

    assert ("local", 4) == (report.crs, report.added)
    assert any("先按原坐标放置" in one for one in report.warnings)
    assert [True] == [one.asks for one in report.doubts if one.key == "crs"]
    assert empty.store.epsg_is_open
    assert SQUARES[0].bounds == empty.features("reference_1").geometry[0].bounds


def test_a_drawing_laid_on_by_control_points(project: Project, tmp_path: Path) -> None:
    """--crs points:FILE, residuals in the record."""
    drawn = [shapely.affinity.translate(one, -435_000, -4_418_000) for one in SQUARES]
    path = shapefile(tmp_path / "独立.shp", NAMES, drawn)
    path.with_suffix(".prj").unlink()
    corners = [(0, 0), (400, 0), (400, 100), (0, 100)]
    rows = [["点名", "原X", "原Y", "目标X", "目标Y"], *([f"p{x}", str(x), str(y), str(x + 435_000), str(y + 4_418_000)] for x, y in corners)]
    points = table(tmp_path / "控制点.csv", rows)

    with pytest.raises(Unanswered):
        run_import(project, path, "zone")
    report = run_import(project, path, "zone", ImportOptions(crs=f"points:{points}"))

    assert (0, 4) == (report.changed, report.unchanged)
    assert "4 个控制点" in report.crs_evidence


def test_data_of_another_place_is_asked(project: Project, tmp_path: Path) -> None:
    """The district is known: nothing of another one comes in without a word."""
    edge = shapefile(tmp_path / "区界.shp", {"名称": ["示范区"]}, [shapely.box(434_000, 4_417_000, 436_000, 4_419_000)])
    run_import(project, edge, "district")
    away = shapefile(tmp_path / "别处.shp", {"网格编号": ["B-1"], "网格名称": ["外"]}, [shapely.box(460_000, 4_418_000, 460_100, 4_418_100)])

    with pytest.raises(Unanswered, match="区界外") as caught:
        run_import(project, away, "zone")
    assert "outside" == caught.value.doubts[0].key
    assert 1 == run_import(project, away, "zone", ImportOptions(answers={"outside": "keep"})).added


@pytest.mark.parametrize(("word", "shift"), [("gcj02", to_gcj02), ("bd09", to_bd09)])
def test_shifted_coordinates_come_back_and_never_twice(project: Project, tmp_path: Path, word: str, shift) -> None:
    """Within a millimetre; what already lies right is not shifted again; metres are refused."""
    rows = [["点位编号", "点位名称", "经度", "纬度"]]
    true = PLACE + np.arange(8).reshape(4, 2) * 0.001
    for number, (lon, lat) in enumerate(shift(true).tolist()):
        rows.append([f"00{number}", f"点{number}", f"{lon:.9f}", f"{lat:.9f}"])
    report = run_import(project, table(tmp_path / "点.csv", rows), "site", ImportOptions(crs=word))

    there = shapely.get_coordinates(project.features("site").geometry)
    x, y = Transformer.from_crs(4490, 4548, always_xy=True).transform(*true.T)
    assert there == pytest.approx(np.column_stack([x, y]), abs=0.001)
    assert "残差" in report.crs_evidence

    for number, (lon, lat) in enumerate(true.tolist()):
        rows[number + 1][2:] = [f"{lon:.9f}", f"{lat:.9f}"]
    with pytest.raises(Unanswered, match="可能已经纠偏过"):
        run_import(project, table(tmp_path / "再.csv", rows), "site", ImportOptions(crs=word))
    with pytest.raises(DataProblem, match="不是经纬度"):
        run_import(project, tmp_path / "网格.shp", "zone", ImportOptions(crs=word))
    rows[0][2:] = ["经度（CGCS2000）", "纬度（CGCS2000）"]
    with pytest.raises(DataProblem, match="不再按"):
        run_import(project, table(tmp_path / "真.csv", rows), "site", ImportOptions(crs=word))


def test_old_systems_are_asked(project: Project, tmp_path: Path) -> None:
    """Xian 80: approximate and said, or not at all."""
    path = shapefile(tmp_path / "西安.shp", {"网格编号": list("abcd"), "网格名称": list("abcd")}, crs="EPSG:2384")
    report = run_import(project, path, "zone", ImportOptions(dry_run=True))

    (doubt,) = [one for one in report.doubts if one.key == "old_datum"]
    assert (True, "approximate") == (doubt.asks, doubt.chosen)
    assert any("数十至百米" in one for one in report.warnings)
    with pytest.raises(DataProblem, match="按您的选择"):
        run_import(project, path, "zone", ImportOptions(answers={"old_datum": "stop"}))


def test_single_rows_with_exchanged_axes_are_put_right(project: Project, tmp_path: Path) -> None:
    """Listed; what is of no kind at all stays without a place and is listed too."""
    rows = [["点位编号", "点位名称", "经度", "纬度"], *([f"0{n}", f"点{n}", "116.36", f"39.9{n}"] for n in range(6))]
    rows[3][2:] = rows[3][:1:-1]
    rows[5][2:] = ["500", "700"]
    report = run_import(project, table(tmp_path / "点.csv", rows), "site")

    assert [(4, "已对调"), (6, "不在合理范围")] == [(one.row, next(word for word in ("已对调", "不在合理范围") if word in one.what)) for one in report.repaired]
    assert [True, True, True, True, False, True] == [one is not None for one in project.features("site").geometry]


FAMILIES = {
    "geographic": lambda lon: 4490,
    "cm": lambda lon: 4509 + round(lon / 3),
    "zone": lambda lon: 4488 + round(lon / 3),
    "six": lambda lon: 4478 + int(lon // 6) + 1,
    "mercator": lambda lon: 3857,
}


@settings(deadline=None)
@given(
    st.floats(76, 134),
    st.floats(19, 50),
    st.sampled_from(sorted(FAMILIES)),
    st.booleans(),
    st.sampled_from([1.0, 1e3, 1e-3]),
    st.booleans(),
    st.booleans(),
)
def test_right_or_asked_all_over_china(lon: float, lat: float, family: str, swapped: bool, factor: float, declared: bool, at_home: bool) -> None:
    """Any place, any family, swapped or in other units, with or without a .prj, the project at home or empty: within a metre, or a question."""
    target = FAMILIES[family](lon)
    if family in ("geographic", "mercator") or declared:
        factor = 1.0
    if family == "mercator":
        swapped = False
    degrees = np.array([[lon, lat], [lon + 0.001, lat + 0.001], [lon - 0.001, lat]])
    x, y = Transformer.from_crs(4490, target, always_xy=True).transform(*degrees.T)
    points = np.column_stack([x, y]) / factor
    points = points[:, ::-1] if swapped else points
    home = Home(project_epsg(lon), Extent(lon - 0.1, lat - 0.1, lon + 0.1, lat + 0.1)) if at_home else Home()
    try:
        found = crs.find(CRS.from_epsg(target).to_wkt("WKT1_ESRI") if declared else "", points, home)
    except Unanswered:
        return
    off = np.abs(found.to_degrees(points) - degrees).max() * 111_000
    asked = any(doubt.asks for doubt in found.doubts)
    assert off < 1 or asked, (found.code, off)
