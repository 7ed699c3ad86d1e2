"""Facts of the libraries that the program leans on (facts.md): a new release that changes one is told here."""

from __future__ import annotations

import datetime as dt
import gc
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pypdf
import pyproj
import PySide6
import pytest
import shapely
from fontTools.ttLib import TTFont
from openpyxl.utils.datetime import from_excel
from PySide6 import __version__ as qt_version
from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QFont, QPainter, QPdfWriter
from PySide6.QtWidgets import QApplication

from chuangwen.exchange.china_offset import from_gcj02, to_bd09, to_gcj02
from chuangwen.services.doctor import LIBRARIES, WEB_LIBRARIES
from tests.build import ROOT


class _Speaker(QObject):
    said = Signal(int)


def test_emitting_keeps_references(qapp: QApplication) -> None:
    """1: PySide6 6.12 drops a reference to True with each emit on Python 3.11 and aborts after some hundred."""
    speaker = _Speaker()
    speaker.said.connect(lambda _number: None)
    gc.collect()
    before = sys.getrefcount(True), sys.getrefcount(None)
    for number in range(3000):
        speaker.said.emit(number)
    after = sys.getrefcount(True), sys.getrefcount(None)

    assert qt_version.startswith("6.8.")
    assert all(late > early - 500 for early, late in zip(before, after, strict=True))


BASE = re.compile(r"^(libc|libm|libdl|librt|libpthread|libresolv|libgcc_s|libstdc\+\+|libz|libzstd|ld-linux.*)\.so|^libQt6|^libicu")
"""In every Debian that has a Python, or inside the wheel."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system libraries are named for Linux only")
@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf (Debian package binutils) is not installed")
def test_the_doctor_knows_every_library_that_qt_asks_the_system_for() -> None:
    """A new Qt that needs one more would stop on a bare machine with a message nobody there understands."""
    qt = Path(PySide6.__file__).parent / "Qt"
    loaded = [qt / "lib" / f"libQt6{name}.so.6" for name in ("Core", "Gui", "Widgets", "PrintSupport", "DBus", "XcbQpa")]
    loaded += [qt / "plugins" / name for name in ("platforms/libqxcb.so", "platforms/libqoffscreen.so", "printsupport/libcupsprintersupport.so")]
    loaded += sorted((qt / "plugins" / "xcbglintegrations").glob("*.so"))
    needed = _needed(loaded)

    assert "libxcb-cursor.so.0" in needed
    assert sorted(name for name in needed if not BASE.match(name) and name not in LIBRARIES) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="system libraries are named for Linux only")
@pytest.mark.skipif(shutil.which("readelf") is None, reason="readelf (Debian package binutils) is not installed")
def test_the_doctor_knows_every_library_that_the_web_engine_asks_the_system_for() -> None:
    """One that is missing sends the web map to the browser."""
    qt = Path(PySide6.__file__).parent / "Qt"
    names = ("WebEngineCore", "WebEngineWidgets", "WebChannel", "Quick", "QuickWidgets", "Qml", "QmlModels", "Positioning", "Network", "OpenGL")
    needed = _needed([*(qt / "lib" / f"libQt6{name}.so.6" for name in names), qt / "libexec" / "QtWebEngineProcess"])
    inside_nss = {"libsmime3.so", "libnssutil3.so", "libplds4.so", "libplc4.so"}

    assert "libnss3.so" in needed
    assert sorted(name for name in needed - inside_nss if not BASE.match(name) and name not in LIBRARIES | WEB_LIBRARIES) == []


def _needed(files: list[Path]) -> set[str]:
    """The libraries that some files say they load."""
    said = subprocess.run(["readelf", "-d", *map(str, files)], capture_output=True, text=True, check=True, env={"LC_ALL": "C"}).stdout
    return set(re.findall(r"\(NEEDED\).*\[(.+)\]", said))


def test_text_in_a_pdf_is_found_again(qapp: QApplication, tmp_path: Path) -> None:
    """6: with the derived face digits are no control characters, and 网 见 长 门 no radicals."""
    for style in ("Regular", "Bold"):
        with TTFont(ROOT / "resources" / "fonts" / f"ChuangwenSans-{style}.ttf", lazy=True) as font:
            assert "GSUB" not in font
            assert [code for code in font.getBestCmap() if 0x2E80 <= code <= 0x2FDF] == []
    text = "第3网格 A-17 路段L-02 1:5 000 见长高龙门青面"
    writer = QPdfWriter(str(tmp_path / "a.pdf"))
    painter = QPainter(writer)
    painter.setFont(QFont("Chuangwen Sans", 12))
    painter.drawText(QPointF(500, 500), text)
    painter.end()

    page = pypdf.PdfReader(tmp_path / "a.pdf").pages[0]
    assert "".join(page.extract_text().split()) == "".join(text.split())  # pypdf breaks lines where words end
    # 5: the face is embedded as a subset, not drawn as paths
    assert [font["/BaseFont"] for font in page["/Resources"]["/Font"].values() if "Chuangwen" in font["/BaseFont"]]  # type: ignore[index]


def test_gdal_reads_gbk_without_cpg_as_mojibake(tmp_path: Path) -> None:
    """10: silently, which is why our own importer looks at the bytes; ISO-8859-1 gives the bytes back."""
    import geopandas

    geopandas.GeoDataFrame({"名称": ["网格"]}, geometry=[shapely.Point(0, 0)], crs=4490).to_file(tmp_path / "a.shp", encoding="GBK")
    (tmp_path / "a.cpg").unlink()

    _meta, _index, _geometry, columns = pyogrio.raw.read(tmp_path / "a.shp", encoding="ISO-8859-1")
    assert columns[0][0] != "网格"
    assert columns[0][0].encode("latin-1").decode("gbk") == "网格"


def test_chinese_grids_have_northing_first_unless_asked() -> None:
    """11, and the check of 12."""
    assert pyproj.CRS.from_epsg(4548).axis_info[0].abbrev == "X"
    east, north = pyproj.Transformer.from_crs(4490, 4548, always_xy=True).transform(116.36, 27.95)
    assert (east, north) == pytest.approx((437018.632, 3093065.667), abs=1e-3)


def test_gdal_takes_old_datums_for_the_new_one_in_silence() -> None:
    """11: which is why an import from 西安80 or 北京54 always warns."""
    for old in (4610, 4214):
        transformer = pyproj.Transformer.from_crs(old, 4490, always_xy=True)
        assert transformer.transform(116.36, 27.95) == pytest.approx((116.36, 27.95), abs=1e-5)
        assert transformer.accuracy == -1


def test_map_apps_are_off_by_the_published_offset() -> None:
    """12: reference values, and the way back by iteration."""
    here = np.array([[116.36, 27.95]])

    assert to_gcj02(here)[0] == pytest.approx((116.365009, 27.946868), abs=1e-6)
    assert to_bd09(here)[0] == pytest.approx((116.371518, 27.952775), abs=1e-6)
    assert from_gcj02(to_gcj02(here))[0] == pytest.approx(here[0], abs=1e-9)


def test_an_excel_date_is_a_number_of_days(tmp_path: Path) -> None:
    """16: 45446 is 2024-06-03; a cell without a date format gives back the bare number."""
    assert from_excel(45446) == dt.datetime(2024, 6, 3)
    book = openpyxl.Workbook()
    book.active.append([45446, 6.1])  # type: ignore[union-attr]
    book.save(tmp_path / "a.xlsx")
    assert [cell.value for cell in openpyxl.load_workbook(tmp_path / "a.xlsx").active[1]] == [45446, 6.1]  # type: ignore[index]


def test_plain_sqlite_cannot_write_to_a_spatial_table(tmp_path: Path) -> None:
    """17: the triggers of the R-tree call functions that we must register."""
    import geopandas

    path = tmp_path / "a.gpkg"
    geopandas.GeoDataFrame({"a": [1]}, geometry=[shapely.Point(0, 0)], crs=4548).to_file(path, layer="x")
    with sqlite3.connect(path) as connection, pytest.raises(sqlite3.OperationalError, match="ST_"):
        connection.execute("INSERT INTO x (geom) SELECT geom FROM x")
    connection.close()


def test_geos_has_the_coverage_functions() -> None:
    """19: and a million points find their zone in a second (20)."""
    cells = shapely.box(*np.array([(x, y, x + 1, y + 1) for x in range(20) for y in range(20)], dtype=float).T)

    assert shapely.coverage_is_valid(cells)
    points = shapely.points(np.random.default_rng(0).uniform(0, 20, (1000, 2)))
    found, _zones = shapely.STRtree(cells).query(points, predicate="intersects")
    assert len(set(found.tolist())) == 1000


def test_coverages_are_checked_and_cleaned() -> None:
    """19: GEOS flags only the inner of two areas in each other, wants nodes on both sides, closes shut gaps only, and moves sound nodes within the snapping
    distance."""
    box = shapely.box
    inner = shapely.coverage_invalid_edges([box(0, 0, 10, 10), box(2, 2, 4, 4)])
    along = np.column_stack([np.linspace(0, 100, 401), 100 + np.sin(np.linspace(0, 100, 401))])
    sound = [shapely.Polygon([(0, 0), (100, 0), *along[::-1]]), shapely.Polygon([*along, (100, 200), (0, 200)])]

    assert [True, False] == shapely.is_empty(inner).tolist()
    assert not shapely.coverage_is_valid([box(0, 0, 10, 10), box(10, 0, 20, 5), box(10, 5, 20, 10)])
    assert 90.0 == shapely.coverage_clean([box(0, 0, 10, 10), box(11, 0, 20, 10)], gap_width=2.0)[1].area
    assert shapely.coverage_is_valid(sound)
    assert shapely.get_num_coordinates(shapely.coverage_clean(sound, snapping_distance=0.01)).tolist() == [404, 404]
    assert shapely.get_num_coordinates(shapely.coverage_clean(sound, snapping_distance=0.5)).max() < 300
