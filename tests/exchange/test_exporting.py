"""What goes out can be opened by others, runs nothing in a spreadsheet, and comes back as it was."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import openpyxl
import pyogrio
import pytest
import shapely

from chuangwen.domain.audience import disclosed
from chuangwen.domain.layer import Field
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.exporting import write
from chuangwen.exchange.field_names import short_names, short_titles
from chuangwen.exchange.importing import Options, plan
from chuangwen.exchange.matching import known_words
from chuangwen.exchange.outgoing import Export, safe
from chuangwen.exchange.source_crs import project_crs
from chuangwen.exchange.vector_files import read_vector
from chuangwen.exchange.workbooks import read_workbook
from chuangwen.services.audiences import audience
from tests.build import layers
from tests.exchange.made import SQUARES, View, features

ISSUES = features(
    "issue",
    {
        "code": "007",
        "name": "路灯",
        "description": '=HYPERLINK("http://x")',
        "status": "rectified",
        "phone": "13800000000",
        "due_at": dt.date(2024, 6, 3),
        "remark": "两行\n文字，逗号",
        "geometry": shapely.Point(437018.632, 3093065.667),
    },
    {"code": "008", "name": "积水", "description": "+1", "status": "registered", "rework_count": 2},
)
ZONES = features(
    "zone",
    *(
        {"code": f"A-{n}", "name": f"第{n}网格", "street": "文昌街道", "households": 100 + n, "kind": "campaign", "geometry": shape}
        for n, shape in enumerate(SQUARES)
    ),
)


def come_back(path: Path, layer: str, existing) -> tuple[int, int, int, int]:
    """What an import of the file would do to the layer it came from."""
    incoming = read_workbook(path, known_words(layers()[layer])) if path.suffix in (".xlsx", ".csv") else read_vector(path, lists=True)
    report = plan(incoming, layers()[layer], View(**{layer: existing}), Options()).report
    return report.added, report.changed, report.unchanged, len(report.rejected)


@pytest.mark.parametrize("ending", [".shp", ".gpkg", ".geojson", ".csv", ".xlsx"])  # KML and FlatGeobuf below: our own reader learns them elsewhere
@pytest.mark.parametrize(("layer", "rows"), [("issue", ISSUES), ("zone", ZONES)])
def test_an_export_comes_back_unchanged(tmp_path: Path, ending: str, layer: str, rows) -> None:
    """Out and in again: every row is known and none differs."""
    path = tmp_path / f"导出{ending}"

    assert len(rows) == write(Export(rows, 4548), path).count
    assert (0, 0, len(rows), 0) == come_back(path, layer, rows)


@pytest.mark.parametrize(("encoding", "cpg"), [("gbk", "GBK"), ("utf-8", "UTF-8")])
def test_a_shapefile_says_its_encoding_and_explains_its_names(tmp_path: Path, encoding: str, cpg: str) -> None:
    """ASCII names of at most ten bytes, .cpg, .prj and 字段对照表.csv."""
    write(Export(ZONES, 4548, encoding=encoding), tmp_path / "网格.shp")

    info = pyogrio.read_info(tmp_path / "网格.shp")
    assert cpg == (tmp_path / "网格.cpg").read_text()
    assert all(name.isascii() and len(name) <= 10 for name in info["fields"])
    assert len(ZONES.layer.fields) == len({name.lower() for name in info["fields"]})
    with (tmp_path / "网格_字段对照表.csv").open(encoding="utf-8-sig", newline="") as file:
        assert ["questionna", "问卷责任人"] in [row[:2] for row in csv.reader(file)]
    assert "第0网格" in pyogrio.raw.read(tmp_path / "网格.shp")[3][1]


@pytest.mark.parametrize(("encoding", "held"), [("gbk", 127), ("utf-8", 84)])
def test_long_texts_are_cut_between_characters_and_kept_whole_beside(tmp_path: Path, encoding: str, held: int) -> None:
    """A DBF holds 254 bytes; the whole text lies in 长文本.csv, and the result says so."""
    rows = features("zone", {"code": "1", "name": "甲", "remark": "a" + "网" * 200, "geometry": SQUARES[0]}, {"code": "2", "name": "乙", "remark": "短"})
    written = write(Export(rows, 4548, encoding=encoding), tmp_path / "a.shp")

    assert "a" + "网" * (held - (encoding == "gbk")) == read_vector(tmp_path / "a.shp").column("remark").values[0]
    with (tmp_path / "a_长文本.csv").open(encoding="utf-8-sig", newline="") as file:
        assert ["1", "备注", "remark", "a" + "网" * 200] == list(csv.reader(file))[1]
    assert "1 处文字" in written.notes[0]


def test_a_character_that_gbk_lacks_is_never_a_question_mark(tmp_path: Path) -> None:
    """䶮 turns the file into UTF-8 and is named; on demand of GBK the export is refused and leaves nothing."""
    rows = features("zone", {"code": "1", "name": "龑䶮㛃", "geometry": SQUARES[0]})
    written = write(Export(rows, 4548), tmp_path / "a.shp")

    assert "UTF-8" == (tmp_path / "a.cpg").read_text()
    assert "䶮㛃" in written.notes[0]
    assert "龑䶮㛃" == read_vector(tmp_path / "a.shp").column("name").values[0]
    with pytest.raises(DataProblem, match="䶮㛃"):
        write(Export(rows, 4548, encoding="gbk"), tmp_path / "b.shp")
    assert [] == list(tmp_path.glob("b*"))


def test_the_two_declarations_of_gbk_agree(tmp_path: Path) -> None:
    """.cpg for most programs, the language byte for ArcGIS; either alone is enough to read it."""
    write(Export(ZONES, 4548), tmp_path / "a.shp")
    assert 0x4D == (tmp_path / "a.dbf").read_bytes()[29]
    (tmp_path / "a.cpg").unlink()

    assert "第0网格" in pyogrio.raw.read(tmp_path / "a.shp")[3][1]


@pytest.mark.parametrize(("encoding", "name"), [("gbk", "问卷责任人"), ("utf-8", "问卷责")])
def test_chinese_field_names_are_cut_between_characters(tmp_path: Path, encoding: str, name: str) -> None:
    """Ten bytes: five characters of GBK, three of UTF-8; never half a one, never two the same; known again at import."""
    write(Export(ZONES, 4548, encoding=encoding, chinese_names=True), tmp_path / "a.shp")

    names = [str(one) for one in pyogrio.read_info(tmp_path / "a.shp")["fields"]]
    assert name in names
    assert len(ZONES.layer.fields) == len(set(names))
    if encoding == "gbk":
        assert (0, 0, len(ZONES), 0) == come_back(tmp_path / "a.shp", "zone", ZONES)


def test_titles_that_collapse_stay_apart() -> None:
    """责任单位名称 and 责任单位名录 have one stem of ten bytes."""
    fields = [Field("a", "text", "责任单位名称"), Field("b", "text", "责任单位名录"), Field("c", "text", "备 注")]

    assert {"a": "责任单位名", "b": "责任单位2", "c": "备注"} == short_titles(fields, "gbk")


def test_a_prj_that_others_know(tmp_path: Path) -> None:
    """ESRI's own name of the CRS."""
    write(Export(ZONES, 4548), tmp_path / "a.shp")

    assert 'PROJCS["CGCS2000_3_Degree_GK_CM_117E"' in (tmp_path / "a.prj").read_text()


def test_kml_has_everything_and_runs_nothing(tmp_path: Path) -> None:
    """Degrees to a tenth of a millimetre, Chinese titles, escaped texts, one without a place kept."""
    rows = features(
        "issue",
        {"code": "1", "name": "<script>alert(1)</script>&\x07", "status": "closed", "description": "甲", "geometry": shapely.Point(437018.632, 3093065.667)},
        {"code": "2", "name": "乙", "status": "registered", "description": "乙"},
    )
    written = write(Export(rows, 4548, title="问题"), tmp_path / "a.kml")

    text = (tmp_path / "a.kml").read_text(encoding="utf-8")
    root = ET.fromstring(text)
    places = [tuple(map(float, one.text.split(","))) for one in root.iter("{http://www.opengis.net/kml/2.2}coordinates")]
    assert [pytest.approx((116.36, 27.95), abs=1e-8)] == places
    assert "<script>" not in text
    assert "<displayName>状态</displayName>" in text
    assert "<value>已销号</value>" in text
    assert ("1 条没有位置，在 KML 中只有属性。",) == written.notes
    meta, _fids, shapes, columns = pyogrio.raw.read(tmp_path / "a.kml")
    assert "乙" == columns[list(meta["fields"]).index("Name")][1]
    assert shapes[1] is None


def test_kml_holds_areas_with_holes(tmp_path: Path) -> None:
    """Shell and holes, and two parts, come back as the same shape."""
    shape = shapely.union_all([SQUARES[0].difference(SQUARES[0].buffer(-20)), SQUARES[2]])
    write(Export(features("zone", {"code": "1", "name": "甲", "geometry": shape}), 4548), tmp_path / "a.kml")

    back = shapely.from_wkb(pyogrio.raw.read(tmp_path / "a.kml", force_2d=True)[2][0])
    assert shape.area == pytest.approx(shapely.transform(back, lambda points: project_crs(4490).to(points, 4548)).area, rel=1e-6)


def test_flatgeobuf_keeps_order_and_the_unlocated(tmp_path: Path) -> None:
    """As many rows as there are, in the layer's order."""
    write(Export(ISSUES, 4548), tmp_path / "a.fgb")

    meta, _fids, shapes, columns = pyogrio.raw.read(tmp_path / "a.fgb")
    assert ["007", "008"] == columns[list(meta["fields"]).index("code")].tolist()
    assert [False, True] == [one is None for one in shapes]


@pytest.mark.parametrize("ending", [".csv", ".xlsx", ".geojson", ".shp", ".kml"])
def test_the_public_sees_no_people(tmp_path: Path, ending: str) -> None:
    """Private fields are not in the file; a telephone in a text is masked; a list does not say where a point is."""
    rows = features("issue", {"code": "1", "name": "甲", "status": "closed", "description": "联系13812345678", "person": "某某01", "phone": "13800000000"})
    public = audience("public").with_masks()
    write(Export(disclosed(rows, public), 4548, degrees=False), tmp_path / f"a{ending}")

    blob = b"".join(one.read_bytes() for one in tmp_path.iterdir()) if ending != ".xlsx" else _cells(tmp_path / "a.xlsx")
    for secret in ("某某01", "13800000000", "13812345678", "责任人", "经度"):
        assert not any(secret.encode(codec) in blob for codec in ("utf-8", "gbk"))
    assert b"138****5678" in blob


def _cells(path: Path) -> bytes:
    return "|".join(str(cell.value) for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row).encode()


def test_a_list_in_the_senders_own_columns(tmp_path: Path) -> None:
    """Their titles in their order; a running number; what we do not hold stays blank."""
    asked = (("序号", ""), ("存在问题", "description"), ("本单位编码", ""), ("进展", "status"))
    write(Export(ISSUES, 4548, titles=asked), tmp_path / "a.xlsx")

    rows = list(openpyxl.load_workbook(tmp_path / "a.xlsx").active.iter_rows(values_only=True))
    assert ("序号", "存在问题", "本单位编码", "进展") == rows[1]
    assert (2, "+1", None, "已登记·待交办") == rows[3]


def test_geojson_is_in_degrees(tmp_path: Path) -> None:
    """RFC 7946, whatever the project has."""
    write(Export(ISSUES, 4548), tmp_path / "a.geojson")

    feature = json.loads((tmp_path / "a.geojson").read_text(encoding="utf-8"))["features"][0]
    assert feature["geometry"]["coordinates"] == pytest.approx([116.36, 27.95], abs=1e-8)


def test_another_crs_on_demand(tmp_path: Path) -> None:
    """--crs EPSG:4527."""
    write(Export(ISSUES, 4548, 4527), tmp_path / "a.gpkg")

    assert 39437018.632 == pytest.approx(shapely.from_wkb(pyogrio.raw.read(tmp_path / "a.gpkg")[2][0]).x, abs=0.001)


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_looks_like_a_formula_is_text(cell: str) -> None:
    """An apostrophe goes in front; plain words and numbers stay."""
    assert f"'{cell}" == safe(cell)
    assert ["路灯", "-3.5", ""] == [safe(one) for one in ("路灯", "-3.5", "")]


def test_a_workbook_is_what_an_office_expects(tmp_path: Path) -> None:
    """Title over the columns, bold header frozen and repeated, A4 landscape, codes and telephones as text, 合计."""
    write(Export(ISSUES, 4548, title="示范区 问题"), tmp_path / "a.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    header = [cell.value for cell in sheet[2]]
    assert "示范区 问题" == sheet["A1"].value
    assert "A1" == str(next(iter(sheet.merged_cells.ranges))).split(":")[0]
    assert ("A3", "landscape", 9, "$2:$2") == (sheet.freeze_panes, sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.print_title_rows)
    assert sheet[2][0].font.bold
    row = dict(zip(header, sheet[3], strict=True))
    assert ("007", "@") == (row["问题编号"].value, row["问题编号"].number_format)
    assert ("13800000000", "s") == (row["联系电话"].value, row["联系电话"].data_type)
    assert ('\'=HYPERLINK("http://x")', "s") == (row["问题描述"].value, row["问题描述"].data_type)
    assert ("已整改·待核查", dt.datetime(2024, 6, 3)) == (row["状态"].value, row["整改时限"].value)
    assert ["合计", 2] == [cell.value for cell in sheet[5]][:2]


def test_nothing_is_left_of_an_export_that_fails(tmp_path: Path) -> None:
    """A folder that is not there; a layer without shapes as a shapefile; a format nobody knows."""
    units = features("unit", {"code": "U1", "name": "甲"})
    for path, error, rows in [
        (tmp_path / "no" / "a.csv", FileProblem, ISSUES),
        (tmp_path / "a.shp", DataProblem, units),
        (tmp_path / "a.dwg", FileProblem, ISSUES),
    ]:
        with pytest.raises(error):
            write(Export(rows, 4548), path)
    assert [] == list(tmp_path.iterdir())


def test_short_names_are_unique() -> None:
    """responsible_unit and responsible_person do not collapse."""
    fields = [Field(name, "text", name) for name in ("responsible_unit", "responsible_person", "code")]

    assert {"responsible_unit": "responsibl", "responsible_person": "responsib2", "code": "code"} == short_names(fields)
