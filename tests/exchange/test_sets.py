"""A folder, an archive, a file of several layers: the set that fits is taken and said, an overlay takes all, anything else is asked."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest
import shapely

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.doubts import Unanswered
from chuangwen.services.importing import ImportOptions, ImportReport, run_import
from chuangwen.services.project import Project
from tests.exchange.made import SQUARES, gpkg, layer_file, shapefile, table, workbook

NAMES = ["一号网格", "二号网格", "三号网格", "四号网格"]
ROAD = shapely.LineString([(435_000, 4_418_000), (435_100, 4_418_050)])


@pytest.fixture
def project(tmp_path: Path) -> Project:
    path = tmp_path / "p.gpkg"
    Project.create(path, Campaign(title="试点区"), 4548, "某某01").close()
    return Project.open(path, "某某01")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Zones and sections side by side, as a USB stick has them."""
    made = tmp_path / "区里给的资料"
    made.mkdir()
    shapefile(made / "网格.shp", {"网格编号": ["A", "B", "C", "D"], "网格名称": NAMES})
    shapefile(made / "路段.shp", {"名称": ["路一", "路二"]}, [ROAD, ROAD])
    return made


def trial(project: Project, path: Path, layer: str = "reference", **options: object) -> ImportReport:
    return run_import(project, path, layer, ImportOptions(dry_run=True, **options))  # type: ignore[arg-type]


class _GbkName(zipfile.ZipInfo):
    """A name as Windows writes it: GBK, and no flag that says so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode("gbk"), self.flag_bits


def packed(path: Path, folder: Path, inside: str = "资料/") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                archive.writestr(_GbkName(f"{inside}{one.relative_to(folder).as_posix()}"), one.read_bytes())
    return path


def test_the_set_that_fits_the_layer_is_taken_and_said(project: Project, folder: Path) -> None:
    """Areas for 网格, lines for 路段."""
    zones, sections = trial(project, folder, "zone"), trial(project, folder, "section")

    assert (4, 2) == (zones.added, sections.added)
    assert any("只有“网格.shp”适合" in one and "路段.shp" in one for one in zones.warnings)


def test_two_that_fit_are_asked_and_either_can_be_named(project: Project, folder: Path) -> None:
    """By the answer to the doubt, by --sheet, with or without its ending."""
    shapefile(folder / "旧网格.shp", {"网格编号": ["Z1"], "网格名称": ["旧"]}, SQUARES[:1])

    with pytest.raises(Unanswered) as caught:
        trial(project, folder, "zone")
    (doubt,) = caught.value.doubts
    assert ("set", "", True) == (doubt.key, doubt.chosen, doubt.asks)
    assert {"网格.shp", "旧网格.shp"} == {one.value for one in doubt.answers}
    assert 4 == trial(project, folder, "zone", answers={"set": "网格.shp"}).added
    assert 1 == trial(project, folder, "zone", sheet="旧网格").added
    assert "旧网格.shp" == trial(project, folder, "zone", sheet="旧网格").doubts[0].chosen
    with pytest.raises(DataProblem, match="没有图层“别的”"):
        trial(project, folder, "zone", sheet="别的")


def test_none_that_fits_is_said(project: Project, folder: Path) -> None:
    """Sites are points."""
    with pytest.raises(DataProblem, match="没有一份的图形适合"):
        trial(project, folder, "site")


def test_an_empty_set_beside_a_full_one(project: Project, folder: Path) -> None:
    """An empty layer of the right kind is no choice."""
    shapefile(folder / "空网格.shp", {"网格名称": ["x"]}, SQUARES[:1])
    for ending, size in ((".shp", 100), (".shx", 100)):
        path = folder / f"空网格{ending}"
        path.write_bytes(path.read_bytes()[:size])
    (folder / "空网格.dbf").unlink()

    assert 4 == trial(project, folder, "zone").added


def test_an_overlay_takes_all_with_the_name_of_each(project: Project, folder: Path) -> None:
    """Or one of them, where the user says so."""
    report = trial(project, folder)

    assert (6, 6) == (report.read, report.added)
    assert "（图层）" in report.columns
    assert "*" == next(one for one in report.doubts if one.key == "set").chosen
    assert 2 == trial(project, folder, answers={"set": "路段.shp"}).added


def test_layers_of_one_file(project: Project, tmp_path: Path) -> None:
    """A GeoPackage and a geodatabase are asked alike."""
    point = shapely.Point(435_000, 4_418_000)
    path = gpkg(tmp_path / "x.gpkg", {"网格": SQUARES, "点": [point, point]})

    assert (4, 2, 6) == (trial(project, path, "zone").added, trial(project, path, "site").added, trial(project, path).added)
    assert 4 == trial(project, layer_file(tmp_path / "x.gdb", "OpenFileGDB")).added


def test_a_layer_that_stands_in_the_wal_counts(project: Project, tmp_path: Path) -> None:
    """QGIS has the file open: the newest layer is not in the file itself yet."""
    import sqlite3

    path = gpkg(tmp_path / "x.gpkg", {"旧": SQUARES[:1]})
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.executescript(
        "CREATE TABLE 新 AS SELECT * FROM 旧; INSERT INTO gpkg_contents"
        " SELECT '新', data_type, '新', description, last_change, min_x, min_y, max_x, max_y, srs_id"
        " FROM gpkg_contents; INSERT INTO gpkg_geometry_columns SELECT '新', column_name, geometry_type_name, srs_id, z, m FROM gpkg_geometry_columns"
    )

    assert 2 == trial(project, path).added
    connection.close()


def test_layers_of_one_name_in_two_files(project: Project, tmp_path: Path) -> None:
    """The second is named with its file."""
    both = tmp_path / "两份"
    both.mkdir()
    for name in ("a.gpkg", "b.gpkg"):
        gpkg(both / name, {"网格": SQUARES})

    with pytest.raises(Unanswered) as caught:
        trial(project, both, "zone")
    assert ["网格", "b.gpkg/网格"] == [one.value for one in caught.value.doubts[0].answers]
    assert 4 == trial(project, both, "zone", sheet="b.gpkg/网格").added


def test_a_zip_with_gbk_names_and_sub_folders(project: Project, folder: Path, tmp_path: Path) -> None:
    """The name of the set is read; upper-case endings too."""
    for one in list(folder.iterdir()):
        if one.stem == "路段":
            one.unlink()
        else:
            one.rename(one.with_suffix(one.suffix.upper()))
    report = trial(project, packed(tmp_path / "边界.zip", folder), "zone")

    assert 4 == report.added
    assert "边界.zip" == report.file


def test_a_broken_set_does_not_cost_the_others(project: Project, folder: Path) -> None:
    """It is named."""
    (folder / "登录.shp").write_text("<html></html>", encoding="utf-8")
    (folder / "坏.geojson").write_text("{", encoding="utf-8")

    report = trial(project, folder, "zone")

    assert 4 == report.added
    assert any("坏.geojson" in one and "登录.shp" in one for one in report.warnings)


def test_a_zip_in_a_zip(project: Project, folder: Path, tmp_path: Path) -> None:
    """As WeChat users forward them."""
    outer = tmp_path / "outer.zip"
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(packed(tmp_path / "inner.zip", folder, ""), "转发/inner.zip")

    assert 2 == trial(project, outer, "section").added


def test_a_list_in_a_zip(project: Project, tmp_path: Path) -> None:
    """A workbook beside a note."""
    folder = tmp_path / "表"
    folder.mkdir()
    workbook(folder / "点位表.xlsx", [["点位编号", "点位名称", "经度", "纬度"], ["D1", "甲路口", 116.36, 27.95]])
    (folder / "说明.txt").write_text("请查收", encoding="gbk")

    assert 1 == trial(project, packed(tmp_path / "表.zip", folder), "site", crs="EPSG:4490").added


def test_what_is_left_in_a_folder_is_named(project: Project, folder: Path) -> None:
    """A list and a photo beside the shapes."""
    workbook(folder / "联系人.xlsx", [["姓名", "电话"], ["张三", "1"]])
    (folder / "现场.jpg").write_bytes(b"\xff\xd8\xff")

    report = trial(project, folder, "zone")

    assert any("还有 2 个文件没有导入：联系人.xlsx、现场.jpg" in one for one in report.warnings)


def test_a_table_without_shapes_is_a_list(project: Project, folder: Path) -> None:
    """A lone .dbf fills a layer of records, and is no overlay."""
    lone = folder.parent / "单位.dbf"
    made = shapefile(folder / "单位.shp", {"单位名称": ["城管局", "住建局", "交警大队", "某街道"]})
    shutil.move(made.with_suffix(".dbf"), lone)

    report = trial(project, lone, "unit")

    assert (4, 4, "GBK") == (report.read, report.added, report.encoding)
    with pytest.raises(FileProblem, match="没有同名的"):
        trial(project, lone)


def test_an_empty_folder_says_so(project: Project, tmp_path: Path) -> None:
    """And one that is not there."""
    (tmp_path / "空").mkdir()
    for name, words in (("空", "没有可以导入的数据"), ("不存在", "找不到")):
        with pytest.raises(FileProblem, match=words):
            trial(project, tmp_path / name)


@pytest.mark.parametrize(
    ("rows", "located"),
    [
        ([["名称", "wkt"], ["甲", "POINT (435010 4418010)"], ["乙", "point z(435020 4418010 3)"], ["丙", ""], ["丁", "POINT (x)"]], 2),
        ([["名称", "几何"], ["甲", "SRID=4548;POINT(435010 4418010)"], ["乙", "SRID=4548;POINT(435010 4418020)"]], 2),
        ([["名称", "geom"], ["甲", shapely.to_wkb(shapely.set_srid(shapely.Point(435010, 4418010), 4548), hex=True, include_srid=True)]], 1),
    ],
)
def test_shapes_written_in_a_column(project: Project, tmp_path: Path, rows: list[list[str]], located: int) -> None:
    """WKT, EWKT, hexadecimal WKB; what cannot be read is said and has no place."""
    path = table(tmp_path / "x.csv", rows, "gbk")
    run_import(project, path, "site", ImportOptions(crs="EPSG:4548"))

    features = project.features("site")

    assert (len(rows) - 1, located) == (len(features), int(features.located.sum()))


def test_points_of_a_surveyor_in_a_text_file(project: Project, tmp_path: Path) -> None:
    """Tabs, GBK, north called X."""
    path = table(tmp_path / "控制点.txt", [["点位名称", "X", "Y"], ["甲", "3093065.667", "437018.632"]], "gbk", "\t")
    run_import(project, path, "site")

    (site,) = project.features("site")
    assert (pytest.approx(437018.632, abs=0.01), pytest.approx(3093065.667, abs=0.01)) == (site.geometry.x, site.geometry.y)


def test_records_with_coordinates_in_json(project: Project, tmp_path: Path) -> None:
    """As the interface of a city system answers."""
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"code": 0, "data": [{"名称": "甲", "经度": 116.36, "纬度": 27.95}]}, ensure_ascii=False), encoding="utf-8")

    report = trial(project, path, "site", crs="EPSG:4490")

    assert (1, "EPSG:4490") == (report.added, report.crs)
