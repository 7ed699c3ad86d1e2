"""DXF drawings and MapInfo tables: Chinese text whatever is declared, closed lines as areas named by the text inside, endings in capitals."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from chuangwen.errors import FileProblem
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.vector_files import Wish, read_vector

_HEAD = "  0\nSECTION\n  2\nHEADER\n  9\n$ACADVER\n  1\n{version}\n  9\n$DWGCODEPAGE\n  3\n{page}\n  9\n$INSUNITS\n 70\n     {unit}\n  0\nENDSEC\n"
_BODY = "  0\nSECTION\n  2\nENTITIES\n{entities}  0\nENDSEC\n  0\nEOF\n"


def dxf(path: Path, entities: str, encoding: str, page: str = "ANSI_936", version: str = "AC1015", unit: int = 6) -> Path:
    text = _HEAD.format(version=version, page=page, unit=unit) + _BODY.format(entities=entities)
    path.write_bytes(text.replace("\n", "\r\n").encode(encoding))
    return path


def square(handle: int, x: float, y: float, side: float = 100, closed: int = 1) -> str:
    corners = "".join(f" 10\n{x + dx}\n 20\n{y + dy}\n" for dx, dy in [(0, 0), (side, 0), (side, side), (0, side)])
    return f"  0\nLWPOLYLINE\n  5\n{handle:X}\n100\nAcDbEntity\n  8\n网格线\n100\nAcDbPolyline\n 90\n4\n 70\n{closed}\n{corners}"


def text(handle: int, x: float, y: float, words: str) -> str:
    return f"  0\nTEXT\n  5\n{handle:X}\n100\nAcDbEntity\n  8\n注记\n100\nAcDbText\n 10\n{x}\n 20\n{y}\n 40\n2.5\n  1\n{words}\n"


PLAN = (
    square(80, 435_000, 4_418_000)
    + text(96, 435_050, 4_418_050, "一号网格")
    + square(81, 435_100, 4_418_000)
    + text(97, 435_150, 4_418_050, "二号网格")
    + text(98, 439_999, 4_419_999, "网格划分图")
)


def column(incoming: Incoming, title: str) -> list[object]:
    found = incoming.column(title)
    assert found is not None, [one.title for one in incoming.columns]
    return list(found.values)


@pytest.mark.parametrize(
    ("page", "encoding", "version"),
    [("ANSI_936", "gbk", "AC1015"), ("ANSI_1252", "gbk", "AC1015"), ("ANSI_936", "utf-8", "AC1015"), ("ANSI_936", "utf-8", "AC1021")],
)
def test_closed_lines_are_areas_named_by_the_text_inside(tmp_path: Path, page: str, encoding: str, version: str) -> None:
    """The code page may lie. The title of the drawing is no area's name and no row: it is said."""
    incoming = read_vector(dxf(tmp_path / "x.dxf", PLAN, encoding, page, version), wish=Wish(kind="polygon"))

    assert ["一号网格", "二号网格"] == column(incoming, "名称")
    assert ["网格线", "网格线"] == column(incoming, "图层")
    assert [10_000.0, 10_000.0] == [one.area for one in incoming.geometry]
    assert any("点和文字没有读取（1 个）" in one for one in incoming.warnings)


def test_an_overlay_shows_a_drawing_as_it_is(tmp_path: Path) -> None:
    """Lines, and texts where they stand."""
    incoming = read_vector(dxf(tmp_path / "x.dxf", PLAN, "gbk"))

    assert ["LineString", "Point", "LineString", "Point", "Point"] == [one.geom_type for one in incoming.geometry]
    assert [None, "一号网格", None, "二号网格", "网格划分图"] == column(incoming, "文字")


def test_texts_are_points_for_a_layer_of_points(tmp_path: Path) -> None:
    """The lines are said."""
    incoming = read_vector(dxf(tmp_path / "x.dxf", PLAN, "gbk"), wish=Wish(kind="point"))

    assert ["一号网格", "二号网格", "网格划分图"] == column(incoming, "文字")
    assert any("线和面没有读取（2 个）" in one for one in incoming.warnings)


def test_characters_that_autocad_escapes(tmp_path: Path) -> None:
    """\\U+7F51 in a drawing whose code page has no Chinese; \\M+5 with the two bytes of code page 936."""
    plan = square(80, 435_000, 4_418_000).replace("网格线", "\\U+7F51\\U+683C") + text(96, 435_050, 4_418_050, "\\M+5D2BB\\M+5BAC5").replace("注记", "0")

    incoming = read_vector(dxf(tmp_path / "x.dxf", plan, "ascii", "ANSI_1252"), wish=Wish(kind="polygon"))

    assert (["网格"], ["一号"]) == (column(incoming, "图层"), column(incoming, "名称"))


def test_a_drawing_cut_off_gives_what_is_whole(tmp_path: Path) -> None:
    """And says so."""
    path = dxf(tmp_path / "x.dxf", PLAN, "gbk")
    path.write_bytes(path.read_bytes()[:-400])

    incoming = read_vector(path, wish=Wish(kind="polygon"))

    assert ["一号网格"] == column(incoming, "名称")[:1]
    assert any("不完整" in one for one in incoming.warnings)


def test_the_unit_of_a_drawing_is_said(tmp_path: Path) -> None:
    """Millimetres."""
    incoming = read_vector(dxf(tmp_path / "x.dxf", square(80, 435_000_000, 4_418_000_000, 100_000), "gbk", unit=4), wish=Wish(kind="polygon"))

    assert any("毫米" in one for one in incoming.warnings)


def mapinfo(folder: Path, ending: str, charset: str, encoding: str = "CP936") -> Path:
    """Two points with Chinese names; the charset is written over afterwards."""
    points = np.array([shapely.to_wkb(shapely.Point(116.3, 40)), shapely.to_wkb(shapely.Point(116.4, 40))], dtype=object)
    names = [np.array(["一号网格", "海淀区街道"], dtype=object)]
    more = {"dataset_options": {"FORMAT": "MIF"}} if ending == "mif" else {}
    path = folder / f"x.{ending}"
    pyogrio.raw.write(
        path,
        points,
        names,
        np.array(["名称"], dtype=object),
        geometry_type="Point",
        crs="EPSG:4326",
        driver="MapInfo File",
        layer_options={"ENCODING": encoding},
        encoding="UTF-8",
        **more,
    )
    path.write_bytes(re.sub(rb"WindowsSimpChinese|UTF-8", charset.encode(), path.read_bytes()))
    return path


@pytest.mark.parametrize("ending", ["tab", "mif"])
@pytest.mark.parametrize(
    ("charset", "encoding"),
    [("WindowsSimpChinese", "CP936"), ("Neutral", "CP936"), ("WindowsLatin1", "CP936"), ("UTF-8", "UTF-8"), ("WindowsSimpChinese", "UTF-8")],
)
def test_mapinfo_whatever_its_charset_says(tmp_path: Path, ending: str, charset: str, encoding: str) -> None:
    """Names and values."""
    incoming = read_vector(mapinfo(tmp_path, ending, charset, encoding))

    assert ["一号网格", "海淀区街道"] == column(incoming, "名称")
    assert 2 == sum(one is not None for one in incoming.geometry)


@pytest.mark.parametrize("ending", ["tab", "mif"])
def test_mapinfo_with_endings_in_capitals(tmp_path: Path, ending: str) -> None:
    """Old discs."""
    made = mapinfo(tmp_path, ending, "WindowsSimpChinese")
    (tmp_path / "大写").mkdir()
    for one in tmp_path.glob("x.*"):
        shutil.copyfile(one, tmp_path / "大写" / f"GRID{one.suffix.upper()}")

    assert ["一号网格", "海淀区街道"] == column(read_vector(tmp_path / "大写" / f"GRID{made.suffix.upper()}"), "名称")


def test_a_table_that_does_not_fit_its_header_is_refused_quietly(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """GDAL's words hold Chinese in bytes of its own: neither package prints a traceback of them."""
    path = mapinfo(tmp_path, "tab", "WindowsSimpChinese")
    path.write_bytes(path.read_bytes().replace(b"Char (254)", b"Float"))

    with pytest.raises(FileProblem, match=r"x\.tab"):
        read_vector(path)
    assert ("", "") == capfd.readouterr()
