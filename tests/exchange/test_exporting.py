"""What goes out can be opened by others, runs nothing in a spreadsheet, and comes back as it was."""

from __future__ import annotations

import csv
import datetime as dt
import json
from pathlib import Path

import openpyxl
import pyogrio
import pytest
import shapely

from chuangwen.domain.layer import Field
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.exporting import Export, safe, write
from chuangwen.exchange.field_names import short_names
from chuangwen.exchange.importing import Options, plan
from chuangwen.exchange.matching import known_words
from chuangwen.exchange.vector_files import read_vector
from chuangwen.exchange.workbooks import read_workbook
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


@pytest.mark.parametrize("ending", [".shp", ".gpkg", ".geojson", ".csv", ".xlsx"])
@pytest.mark.parametrize(("layer", "rows"), [("issue", ISSUES), ("zone", ZONES)])
def test_an_export_comes_back_unchanged(tmp_path: Path, ending: str, layer: str, rows) -> None:
    """Out and in again: every row is known and none differs."""
    path = tmp_path / f"导出{ending}"

    assert len(rows) == write(Export(rows, 4548), path)
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


def test_long_texts_are_cut_between_characters(tmp_path: Path) -> None:
    """A DBF holds 254 bytes."""
    rows = features("zone", {"code": "1", "name": "甲", "remark": "网" * 200, "geometry": SQUARES[0]})
    write(Export(rows, 4548, encoding="utf-8"), tmp_path / "a.shp")

    assert "网" * 84 == read_vector(tmp_path / "a.shp").column("remark").values[0]


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
