"""Where rows lie: right, or asked; never wrong in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import DataProblem
from chuangwen.exchange.china_offset import to_bd09, to_gcj02
from chuangwen.exchange.doubts import Unanswered
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
    assert ["EPSG:4548"] == [one.chosen for one in report.doubts if one.key == "crs"]  # the question stays, to be answered anew


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
    assert f"points:{points}" == next(one.value for one in report.placements if one.chosen)
    assert not any("控制点之外" in one for one in report.warnings)
    away = shapefile(tmp_path / "远.shp", {"名称": ["远"]}, [shapely.box(40_000, 0, 40_100, 100)])
    away.with_suffix(".prj").unlink()
    assert any("控制点之外" in one for one in run_import(project, away, "reference", ImportOptions(crs=f"points:{points}")).warnings)


def test_a_far_control_point_is_refused_unless_the_user_allows_it(project: Project, tmp_path: Path) -> None:
    """8 m off at one corner: named; taken with a wider limit."""
    drawn = [shapely.affinity.translate(one, -435_000, -4_418_000) for one in SQUARES]
    path = shapefile(tmp_path / "独立.shp", NAMES, drawn)
    corners = [("甲", 0, 0, 0), ("乙", 400, 0, 0), ("丙", 400, 100, 12), ("丁", 0, 100, 0)]
    rows = [["点名", "原X", "原Y", "目标X", "目标Y"], *([name, x, y, x + 435_000, y + 4_418_000 + off] for name, x, y, off in corners)]
    word = f"points:{table(tmp_path / '控制点.csv', rows)}"

    with pytest.raises(DataProblem, match="超过 5 米"):
        run_import(project, path, "reference", ImportOptions(crs=word))
    assert "控制点" in run_import(project, path, "reference", ImportOptions(crs=word, answers={"points_limit": "10"})).crs_evidence


def test_data_of_another_place_is_asked(project: Project, tmp_path: Path) -> None:
    """The district is known: nothing of another one comes in without a word."""
    edge = shapefile(tmp_path / "区界.shp", {"名称": ["示范区"]}, [shapely.box(434_000, 4_417_000, 436_000, 4_419_000)])
    run_import(project, edge, "district")
    away = shapefile(tmp_path / "别处.shp", {"网格编号": ["B-1"], "网格名称": ["外"]}, [shapely.box(460_000, 4_418_000, 460_100, 4_418_100)])

    with pytest.raises(Unanswered, match="区界外") as caught:
        run_import(project, away, "zone")
    assert "outside" == caught.value.doubts[0].key
    report = run_import(project, away, "zone", ImportOptions(answers={"outside": "keep"}))
    assert (1, ["keep"]) == (report.added, [one.chosen for one in report.doubts if one.key == "outside"])


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
    """Xian 80: approximate and said, or by control points."""
    path = shapefile(tmp_path / "西安.shp", {"网格编号": list("abcd"), "网格名称": list("abcd")}, crs="EPSG:2384")
    report = run_import(project, path, "zone", ImportOptions(dry_run=True))

    (doubt,) = [one for one in report.doubts if one.key == "old_datum"]
    assert (True, "approximate") == (doubt.asks, doubt.chosen)
    assert any("数十至百米" in one for one in report.warnings)
    with pytest.raises(Unanswered, match="控制点") as caught:
        run_import(project, path, "zone", ImportOptions(answers={"old_datum": "points"}))
    assert "points:文件" in caught.value.hint
    assert not [one.key for one in run_import(project, path, "zone", ImportOptions(answers={"old_datum": "approximate"}, dry_run=True)).rejected]


def test_single_rows_with_exchanged_axes_are_put_right(project: Project, tmp_path: Path) -> None:
    """Listed; what is of no kind at all stays without a place and is listed too."""
    rows = [["点位编号", "点位名称", "经度", "纬度"], *([f"0{n}", f"点{n}", "116.36", f"39.9{n}"] for n in range(6))]
    rows[3][2:] = rows[3][:1:-1]
    rows[5][2:] = ["500", "700"]
    report = run_import(project, table(tmp_path / "点.csv", rows), "site")

    assert [(4, "已对调"), (6, "不在合理范围")] == [(one.row, next(word for word in ("已对调", "不在合理范围") if word in one.what)) for one in report.repaired]
    assert [True, True, True, True, False, True] == [one is not None for one in project.features("site").geometry]


def sites(tmp_path: Path, name: str, places: np.ndarray, head: tuple[str, str] = ("经度", "纬度")) -> Path:
    """A list of sites 00, 01, … at `places` (n, 2)."""
    rows = [[f"0{number}", f"点{number}", f"{lon:.9f}", f"{lat:.9f}"] for number, (lon, lat) in enumerate(places.tolist())]
    return table(tmp_path / name, [["点位编号", "点位名称", *head], *rows])


TRUE = PLACE + np.arange(12).reshape(6, 2) * 0.001


def test_what_says_that_it_was_shifted_back_is_not_shifted_again(project: Project, tmp_path: Path) -> None:
    """In the header or in the name of the file; the user may insist, or take it as it is."""
    for path in (sites(tmp_path, "点位_已纠偏.csv", TRUE), sites(tmp_path, "点位.csv", TRUE, ("经度（高德转WGS84）", "纬度（高德转WGS84）"))):
        with pytest.raises((Unanswered, DataProblem), match="纠偏"):
            run_import(project, path, "site", ImportOptions(crs="gcj02", dry_run=True))
    report = run_import(project, tmp_path / "点位.csv", "site", ImportOptions(dry_run=True))
    assert ("EPSG:4490", [True]) == (report.crs, [one.asks for one in report.doubts if one.key == "crs"])
    path = tmp_path / "点位_已纠偏.csv"
    kept = run_import(project, path, "site", ImportOptions(crs="gcj02", answers={"shift_twice": "keep"}, dry_run=True))
    shifted = run_import(project, path, "site", ImportOptions(crs="gcj02", answers={"shift_twice": "shift"}, dry_run=True))
    assert ("EPSG:4490", "GCJ-02") == (kept.crs, shifted.crs)


def test_degrees_that_lie_a_shift_away_from_the_same_sites_are_asked(project: Project, tmp_path: Path) -> None:
    """The project has these sites by name; the list comes from 高德 and says nothing. Nothing is moved without a word."""
    run_import(project, sites(tmp_path, "点.csv", TRUE), "site")
    report = run_import(project, sites(tmp_path, "高德.csv", to_gcj02(TRUE)), "site", ImportOptions(dry_run=True))

    (doubt,) = [one for one in report.doubts if one.key == "crs"]
    assert doubt.asks
    assert "gcj02" in [one.value for one in doubt.answers]
    assert any("GCJ-02" in one and "对得上" in one for one in report.warnings)
    answered = run_import(project, tmp_path / "高德.csv", "site", ImportOptions(answers={"crs": "gcj02"}))
    assert ("GCJ-02", 6) == (answered.crs, answered.unchanged)


def project_degrees(points: np.ndarray) -> np.ndarray:
    return np.column_stack(Transformer.from_crs(4548, 4490, always_xy=True).transform(*points.T))


WAYS = {
    "prefix": (lambda p: p + np.array([39e6, 0]), "多了带号 39"),
    "swapped": (lambda p: p[:, ::-1], "已对调"),
    "degrees": (project_degrees, "是经纬度"),
    "kilometres": (lambda p: p / 1000, "单位"),
    "other meridian": (lambda p: Transformer.from_crs(4548, 4526, always_xy=True).transform(*p.T), "带"),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("declared", [True, False])
def test_one_shape_written_otherwise_than_the_others(project: Project, tmp_path: Path, way: str, declared: bool) -> None:
    """Put right where just one reading lands among the others, and listed with its row."""
    change, said = WAYS[way]

    def written(points: np.ndarray) -> np.ndarray:
        found = change(points)
        return np.column_stack(found) if isinstance(found, tuple) else found

    shapes = [*SQUARES[:2], shapely.transform(SQUARES[2], written), SQUARES[3], None]
    path = shapefile(tmp_path / "混.shp", {key: [*values, "E"] for key, values in NAMES.items()}, shapes)
    if not declared:
        path.with_suffix(".prj").unlink()
    report = run_import(project, path, "zone")

    assert [(3, True)] == [(one.row, said in one.what) for one in report.repaired if one.row == 3]
    assert (4, 0) == (report.unchanged, report.changed)


def test_shapes_at_nowhere_cost_only_themselves(project: Project, tmp_path: Path) -> None:
    """One at 0, 0 and one that fits nothing: without a place, listed; the rest as it is."""
    shapes = [*SQUARES[:2], shapely.box(0, 0, 0.001, 0.001), shapely.box(9e8, 9e8, 9e8 + 5, 9e8 + 5)]
    report = run_import(project, shapefile(tmp_path / "混.shp", NAMES, shapes), "zone", ImportOptions(dry_run=True))

    assert {3, 4} == {one.row for one in report.repaired}
    assert 2 == sum(one.row in (3, 4) and "未定位" in one.what for one in report.repaired)


def test_a_province_in_one_zone_keeps_its_rim(empty: Project, tmp_path: Path) -> None:
    """Eastings of 900 km are unusual, declared and sound: nothing of them is lost."""
    shapes = [shapely.affinity.translate(SQUARES[0], 120_000 * n, 0) for n in range(5)]
    path = shapefile(tmp_path / "省.shp", {"名称": list("abcde")}, shapes)

    report = run_import(empty, path, "reference")

    assert (5, ()) == (report.added, report.repaired)


def test_mixed_cells_of_a_list(project: Project, tmp_path: Path) -> None:
    """domain.md 5.8: degrees, swapped ones, metres with a prefix, words: each row for itself."""
    x, y = Transformer.from_crs(4490, 4527, always_xy=True).transform(116.36, 39.9)
    cells = ["116.36,39.90", "116.361，39.901", "39.902,116.362", "116°21′36″E 39°54′00″N", f"{x:.3f},{y:.3f}", "东门旁", "116.363 39.903", "无"]
    rows = [["点位编号", "点位名称", "坐标"], *([f"0{n}", f"点{n}", cell] for n, cell in enumerate(cells))]
    report = run_import(project, table(tmp_path / "点.csv", rows), "site")

    placed = [one is not None for one in project.features("site").geometry]
    assert [True] * 5 + [False, True, False] == placed
    words = {4: "已对调", 6: "平面坐标", 7: "读不懂"}
    assert words == {one.row: next(word for word in words.values() if word in one.what) for one in report.repaired}
    first, last = project.features("site").geometry[0], project.features("site").geometry[4]
    assert first.distance(last) < 0.01


def test_a_column_of_wkt(project: Project, tmp_path: Path) -> None:
    """Zones out of a database, as csv: shapes, with a SRID; a cell that is none is listed."""
    rows = [["网格编号", "网格名称", "WKT"], *([f"W-{n}", f"库{n}", f"SRID=4548;{one.wkt}"] for n, one in enumerate(SQUARES)), ["W-9", "坏", "POLYGON (("]]
    report = run_import(project, table(tmp_path / "库.csv", rows), "zone")

    assert ("EPSG:4548", 5) == (report.crs, report.added)
    assert [(6, "“WKT”中的图形读不懂，按未定位处理")] == [(one.row, one.what) for one in report.repaired]
    assert SQUARES[3].equals(project.features("zone").geometry[7])
