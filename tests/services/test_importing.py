"""An import into a real project file: one step, undone at once, nothing written on refusal."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import DataProblem, FileProblem, UserError
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from tests.exchange.made import CORPUS, REAL, SQUARES, shapefile, workbook

NAMES = {"网格编号": ["A-1", "A-2", "A-3", "A-4"], "网格名称": ["一号网格", "二号网格", "三号网格", "四号网格"]}


@pytest.fixture
def project(tmp_path: Path):
    """A new project in EPSG:4548."""
    made = Project.create(tmp_path / "项目.gpkg", Campaign(title="测试"), 4548, "某某01")
    yield made
    made.close()


def digest(project: Project) -> str:
    return hashlib.sha256(project.path.read_bytes()).hexdigest()


def test_a_gbk_shapefile_comes_in_as_one_step(project: Project, tmp_path: Path) -> None:
    """Four zones, one step in the history, one undo, the record kept."""
    report = run_import(project, shapefile(tmp_path / "网格.shp", NAMES), "zone")

    assert (4, 4, "GBK") == (report.read, report.added, report.encoding)
    assert NAMES["网格名称"] == project.features("zone").column("name")
    assert [1] == [step.number for step in project.store.steps()]
    assert ["网格.shp"] == [record.file for record in project.store.imports()]
    project.undo()
    assert 0 == len(project.features("zone"))


def test_it_is_there_after_opening_again(project: Project, tmp_path: Path) -> None:
    """Geometry and values to the last digit."""
    run_import(project, shapefile(tmp_path / "网格.shp", NAMES), "zone")
    project.close()

    again = Project.open(project.path, "某某02")

    zones = again.features("zone")
    assert [one.equals(other) for one, other in zip(SQUARES, zones.geometry, strict=True)] == [True] * 4
    assert 0 == run_import(again, tmp_path / "网格.shp", "zone").changed
    again.close()


def test_a_dry_run_writes_nothing(project: Project, tmp_path: Path) -> None:
    """The report is the same, the file is not touched."""
    before = digest(project)

    report = run_import(project, shapefile(tmp_path / "网格.shp", NAMES), "zone", ImportOptions(dry_run=True))

    assert (4, before) == (report.added, digest(project))


@pytest.mark.parametrize(
    ("name", "layer", "error"),
    [("没有.shp", "zone", FileProblem), ("图.dwg", "zone", FileProblem), ("坏.geojson", "zone", FileProblem), ("坏.geojson", "zome", UserError)],
)
def test_a_refusal_writes_nothing(project: Project, tmp_path: Path, name: str, layer: str, error: type[UserError]) -> None:
    """Missing, unknown and damaged files; a slip in the layer's name."""
    (tmp_path / "图.dwg").write_bytes(b"AC1015")
    (tmp_path / "坏.geojson").write_text("{", encoding="utf-8")
    before = digest(project)

    with pytest.raises(error):
        run_import(project, tmp_path / name, layer)
    assert before == digest(project)


def test_a_project_without_a_crs_gets_one_from_its_first_data(tmp_path: Path) -> None:
    """design.md, decision 4."""
    project = Project.create(tmp_path / "新.gpkg", Campaign(title="测试"), 0, "某某01")

    run_import(project, shapefile(tmp_path / "网格.shp", NAMES, crs="EPSG:4490", shapes=[_degrees(one) for one in SQUARES]), "zone")

    assert (4548, False) == (project.epsg, project.store.epsg_is_open)
    assert project.features("zone").geometry[0].centroid.distance(SQUARES[0].centroid) < 0.001
    project.close()


def test_a_reference_layer_is_made_and_found_again(project: Project, tmp_path: Path) -> None:
    """--layer reference --name 规划范围."""
    report = run_import(project, shapefile(tmp_path / "范围.shp", NAMES), "reference", ImportOptions(name="规划范围"))
    project.close()

    again = Project.open(project.path, "某某02")

    layer = again.layers.named("规划范围")
    assert ("reference", 4, report.layer) == (layer.kind, len(again.features(layer.id)), layer.id)
    assert ["网格编号", "网格名称"] == [one.title for one in layer.fields if one.name.startswith("f")]
    again.close()


def test_units_first_then_issues_are_checked_against_them(project: Project, tmp_path: Path) -> None:
    """A workbook with title rows and a two-row header; the unknown status is listed, the row of the unknown unit goes in without it."""
    run_import(project, workbook(tmp_path / "单位.xlsx", [["单位名称", "简称"], ["示范区城市管理局", "城管局"]]), "unit")
    rows = [
        ["示范区实地考察点位问题明细表"],
        ["序号", "问题编号", "问题情况", None, "责任单位", "完成情况"],
        [None, None, "问题描述", "问题类别", None, None],
        [1, "W1", "路灯损坏", "设施", "城管局", "已整改"],
        [2, "W2", "积水", "环境", "城馆局", "未整改"],
        [3, "W3", "占道", "秩序", "城管局", "不知道"],
    ]
    path = workbook(tmp_path / "问题.xlsx", rows, ["A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3"])

    report = run_import(project, path, "issue")

    assert (3, 2, [6]) == (report.read, report.added, [one.row for one in report.rejected])
    assert ["unit:城馆局"] == [one.key for one in report.doubts if one.key.startswith("unit")]
    assert ["示范区城市管理局", None] == project.features("issue").column("responsible_unit")


def test_a_project_is_not_imported_into_itself(project: Project) -> None:
    """A slip with the file dialog."""
    with pytest.raises(UserError, match="它自己"):
        run_import(project, project.path, "zone")


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")
@pytest.mark.parametrize("path", sorted((CORPUS / "encoding").glob("*.shp")), ids=lambda path: path.stem)
def test_the_encoding_corpus_comes_in(project: Project, path: Path) -> None:
    """Eight zones of every file."""
    assert (8, 8, ()) == ((report := run_import(project, path, "zone")).read, report.added, report.rejected)


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")
def test_six_digits_without_a_meridian_in_an_open_project(tmp_path: Path) -> None:
    """Nothing decides: refused with what to pass, and with it accepted."""
    project = Project.create(tmp_path / "新.gpkg", Campaign(title="测试"), 0, "某某01")
    path = CORPUS / "crs" / "cgcs2000_3deg_cm117_noprj.shp"

    with pytest.raises(DataProblem, match="无法确定位置"):
        run_import(project, path, "zone")
    assert 8 == run_import(project, path, "zone", ImportOptions(crs="EPSG:4548")).added
    project.close()


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="the real files lie in ../shared/data, which is absent")
def test_all_of_beijing(tmp_path: Path) -> None:
    """331 streets and 903 roads into a project without a CRS."""
    project = Project.create(tmp_path / "北京.gpkg", Campaign(title="测试"), 0, "某某01")

    assert 331 == run_import(project, REAL / "beijing_haidian" / "township" / "beijing.shp", "zone").added
    assert 903 == run_import(project, REAL / "beijing_haidian" / "osm_thu" / "roads.geojson", "road").read
    assert 4548 == project.epsg
    project.close()


def _degrees(shape):
    import shapely
    from pyproj import Transformer

    turn = Transformer.from_crs(4548, 4490, always_xy=True)
    return shapely.transform(shape, turn.transform, interleaved=False)


def test_the_answer_to_the_encoding_decodes_anew(project: Project, tmp_path: Path) -> None:
    """One word that is Chinese in GBK and in Big5: asked, and the answer is what goes in; --encoding still forces."""
    path = shapefile(tmp_path / "网格.shp", {"NAME": ["譚夠", "1", "2", "3"]}, encoding="BIG5")
    dry = ImportOptions(dry_run=True)

    asked = run_import(project, path, "zone", dry)
    answered = run_import(project, path, "zone", ImportOptions(dry_run=True, answers={"encoding": "Big5"}))
    forced = run_import(project, path, "zone", ImportOptions(dry_run=True, encoding="GBK", answers={"encoding": "Big5"}))

    (doubt,) = [one for one in asked.doubts if one.key == "encoding"]
    assert ({"GBK", "Big5"}, True) == ({one.value for one in doubt.answers}, doubt.asks)
    assert ("Big5", "GBK") == (answered.encoding, forced.encoding)
    assert "譚夠" in answered.candidates[[one.name for one in answered.candidates].index("Big5")].samples


def test_rows_of_another_encoding_stand_in_the_report(project: Project, tmp_path: Path) -> None:
    """A text table that was appended to: the row of Excel, and what it was."""
    path = tmp_path / "点位.csv"
    path.write_bytes("编号,名称,点位类型\r\nA-01,文昌广场,广场\r\nA-02,人民路农贸市场,农贸市场\r\n".encode("gbk") + "A-03,石桥社区,社区\r\n".encode())

    report = run_import(project, path, "site", ImportOptions(dry_run=True))

    assert "GBK" == report.encoding
    assert [4] == [one.row for one in report.repaired if "UTF-8" in one.what]
