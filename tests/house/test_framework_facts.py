"""Facts of the libraries that the program leans on (facts.md): a new release that changes one is told here."""

from __future__ import annotations

import gc
import sqlite3
import sys
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from PySide6 import __version__ as qt_version
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication


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
