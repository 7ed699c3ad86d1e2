"""Pictures come with the row they belong to: floating over cells, in groups, in cells by WPS and by Excel, in Word tables."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.matching import known_words
from chuangwen.exchange.splitting import Splitting
from chuangwen.exchange.workbooks import read_workbook
from tests.build import layers
from tests.exchange.made import workbook

ISSUES = known_words(layers()["issue"])
HEAD = ["问题编号", "点位名称", "存在问题", "整改前照片", "整改后照片"]
ROWS = [["点位问题明细表"], HEAD, *([f"{n}", f"点{n}", "积水", None, None] for n in range(1, 5))]


def picture(colour: str, kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    sink = io.BytesIO()
    Image.new("RGB", size, colour).save(sink, kind)
    return sink.getvalue()


def repacked(path: Path, members: dict[str, Any]) -> Path:
    """The archive with members (texts or bytes) added or replaced."""
    with zipfile.ZipFile(path) as archive:
        there = {name: archive.read(name) for name in archive.namelist()}
    there |= {name: content.encode() if isinstance(content, str) else content for name, content in members.items()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in there.items():
            archive.writestr(name, content)
    return path


def placed(incoming: Incoming) -> dict[int, list[tuple[str, bytes]]]:
    return {position: [(one.column, one.content) for one in some] for position, some in incoming.pictures.items()}


def test_floating_pictures_belong_to_the_cell_under_their_middle(tmp_path: Path) -> None:
    """One-cell and two-cell anchors; one that hangs over into the next row; one beside the records is said."""
    from openpyxl import Workbook
    from openpyxl.drawing.image import Image as Floating
    from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

    book = Workbook()
    sheet = book.active
    for row in ROWS:
        sheet.append(row)
    for row in range(3, 7):
        sheet.row_dimensions[row].height = 60
    for colour, place in (("red", "D3"), ("green", "E4"), ("blue", "A1")):
        sheet.add_image(Floating(io.BytesIO(picture(colour, "JPEG" if colour == "red" else "PNG"))), place)
    hanging = Floating(io.BytesIO(picture("black")))
    hanging.anchor = TwoCellAnchor(_from=AnchorMarker(col=3, row=4, rowOff=100_000), to=AnchorMarker(col=4, row=5, rowOff=150_000))
    sheet.add_image(hanging)
    book.save(tmp_path / "a.xlsx")

    incoming = read_workbook(tmp_path / "a.xlsx", ISSUES)

    assert {0: [("整改前照片", picture("red", "JPEG"))], 1: [("整改后照片", picture("green"))], 2: [("整改前照片", picture("black"))]} == placed(incoming)
    assert [".jpg", ".png", ".png"] == [Path(one.name).suffix for some in incoming.pictures.values() for one in some]
    assert "有 1 张图片不在记录行上，没有导入（第 1 行）。" in incoming.warnings


def drawing(*shapes: str) -> dict[str, str]:
    """Members that put `shapes` over the first sheet; picture n is the relation r{n}."""
    space = 'xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    space += 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    links = "".join(f'<Relationship Id="r{n}" Type="x/image" Target="../media/p{n}.png"/>' for n in range(1, 4))
    relations = 'Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    return {
        "xl/drawings/drawing1.xml": f"<xdr:wsDr {space}>{''.join(shapes)}</xdr:wsDr>",
        "xl/drawings/_rels/drawing1.xml.rels": f"<{relations}>{links}</Relationships>",
        "xl/worksheets/_rels/sheet1.xml.rels": f'<{relations}><Relationship Id="d" Type="x/drawing" Target="/xl/drawings/drawing1.xml"/></Relationships>',
    }


def pic(number: int, x: int, y: int, size: int = 1000) -> str:
    frame = f'<xdr:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{size}" cy="{size}"/></a:xfrm></xdr:spPr>'
    return f'<xdr:pic><xdr:blipFill><a:blip r:embed="r{number}"/></xdr:blipFill>{frame}</xdr:pic>'


def test_pictures_in_a_group_go_to_their_own_rows(tmp_path: Path) -> None:
    """A group over two records: each picture by its place inside; an emf is said, not taken."""
    marks = "<xdr:from><xdr:col>3</xdr:col><xdr:row>2</xdr:row></xdr:from><xdr:to><xdr:col>4</xdr:col><xdr:row>4</xdr:row></xdr:to>"
    group = '<xdr:grpSpPr><a:xfrm><a:chOff x="0" y="0"/><a:chExt cx="1000" cy="2000"/></a:xfrm></xdr:grpSpPr>' + pic(1, 0, 0) + pic(2, 0, 1000)
    alone = "<xdr:oneCellAnchor><xdr:from><xdr:col>4</xdr:col><xdr:row>5</xdr:row></xdr:from><xdr:ext cx='9' cy='9'/>" + pic(3, 0, 0) + "</xdr:oneCellAnchor>"
    members: dict[str, Any] = drawing(f"<xdr:twoCellAnchor>{marks}<xdr:grpSp>{group}</xdr:grpSp></xdr:twoCellAnchor>", alone)
    members |= {"xl/media/p1.png": picture("red"), "xl/media/p2.png": picture("green"), "xl/media/p3.png": b"\x01\x00\x00\x00EMF"}
    incoming = read_workbook(repacked(workbook(tmp_path / "a.xlsx", ROWS), members), ISSUES)

    assert {0: [("整改前照片", picture("red"))], 1: [("整改前照片", picture("green"))]} == placed(incoming)
    assert any("1 张图片没有读取" in warning and "第 6 行（p3.png）" in warning for warning in incoming.warnings)


CELL_IMAGES = """<etc:cellImages xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
 xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><etc:cellImage><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="2" name="ID_0A"/></xdr:nvPicPr>
<xdr:blipFill><a:blip r:embed="rId1"/></xdr:blipFill></xdr:pic></etc:cellImage></etc:cellImages>"""
RELATIONS = """<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="x/image"
 Target="media/image1.png"/></Relationships>"""


@pytest.mark.parametrize("cached", [True, False])
def test_pictures_that_wps_put_into_cells(tmp_path: Path, cached: bool) -> None:
    """`=DISPIMG("ID_…",1)`: the picture of the row, and no text in its cell; also where the formula has no saved result."""
    path = workbook(tmp_path / "a.xlsx", [HEAD, ["1", "甲", "积水", "K", None], ["2", "乙", "占道", None, None]])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    shown = '<v>=DISPIMG("ID_0A",1)</v>' if cached else ""
    start = sheet.index('<c r="D2"')
    cell = f'<c r="D2" t="str"><f>_xlfn.DISPIMG(&quot;ID_0A&quot;,1)</f>{shown}</c>'
    sheet = sheet[:start] + cell + sheet[sheet.index("</c>", start) + 4 :]
    members = {"xl/worksheets/sheet1.xml": sheet, "xl/cellimages.xml": CELL_IMAGES, "xl/_rels/cellimages.xml.rels": RELATIONS}
    incoming = read_workbook(repacked(path, members | {"xl/media/image1.png": picture("red")}), ISSUES)

    assert {0: [("整改前照片", picture("red"))]} == placed(incoming)
    assert [None, None] == next(column.values for column in incoming.columns if column.title == "整改前照片")
    assert () == incoming.repaired


def test_pictures_that_excel_put_into_cells(tmp_path: Path) -> None:
    """Excel 365: #VALUE! in the cell, the way to the picture through metadata.xml and richData; no error is listed."""
    path = workbook(tmp_path / "a.xlsx", [HEAD, ["1", "甲", "积水", None, "K"]])
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    start = sheet.index('<c r="E2"')
    sheet = sheet[:start] + '<c r="E2" t="e" vm="1"><v>#VALUE!</v></c>' + sheet[sheet.index("</c>", start) + 4 :]
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rich = "http://schemas.microsoft.com/office/spreadsheetml/2017/richdata"
    metadata = (
        f'<metadata xmlns="{main}" xmlns:x="{rich}"><futureMetadata name="XLRICHVALUE"><bk><extLst><ext><x:rvb i="0"/></ext></extLst></bk></futureMetadata>'
    )
    metadata += '<valueMetadata count="1"><bk><rc t="1" v="0"/></bk></valueMetadata></metadata>'
    links = f'<richValueRels xmlns="{rich}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><rel r:id="rId1"/></richValueRels>'
    members = {
        "xl/worksheets/sheet1.xml": sheet,
        "xl/metadata.xml": metadata,
        "xl/richData/rdrichvalue.xml": f'<rvData xmlns="{rich}"><rv s="0"><v>0</v><v>5</v></rv></rvData>',
        "xl/richData/richValueRel.xml": links,
        "xl/richData/_rels/richValueRel.xml.rels": RELATIONS.replace("media/", "../media/"),
        "xl/media/image1.png": picture("blue"),
    }
    incoming = read_workbook(repacked(path, members), ISSUES)

    assert {0: [("整改后照片", picture("blue"))]} == placed(incoming)
    assert () == incoming.repaired


def test_pictures_of_a_word_table_and_of_split_rows(tmp_path: Path) -> None:
    """Two problems in a row with two pictures in one column: one each; the single picture of another column goes to both."""
    from docx import Document

    document = Document()
    grid = document.add_table(2, 5)
    for cells, texts in zip(grid.rows, [HEAD, ["1", "甲", "1.路灯损坏；2.积水", "", ""]], strict=True):
        for cell, text in zip(cells.cells, texts, strict=True):
            cell.text = text
    for column, colour in ((3, "red"), (3, "green"), (4, "blue")):
        grid.rows[1].cells[column].paragraphs[0].add_run().add_picture(io.BytesIO(picture(colour)))
    document.save(str(tmp_path / "a.docx"))

    incoming = read_workbook(tmp_path / "a.docx", ISSUES, splitting=Splitting({"存在问题"}))

    blue = ("整改后照片", picture("blue"))
    assert {0: [("整改前照片", picture("red")), blue], 1: [("整改前照片", picture("green")), blue]} == placed(incoming)
