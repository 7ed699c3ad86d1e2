"""QGIS, GDAL and hand-written SQL work on the same file: they see all layers with their Chinese words, and what they leave behind is understood."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import subprocess
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from shapely import wkt
from shapely.geometry import Point

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.layer import Layers
from chuangwen.errors import Conflict, FileProblem
from chuangwen.store.geopackage import GeoPackage
from tests.store.build import LAYERS, SITE, ZONE, added, boxes, edit, project, spot, squares, updated

ogrinfo = pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (Debian package gdal-bin) is not installed")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with something in every layer."""
    found = tmp_path / "区.gpkg"
    store = project(found)
    at = dt.datetime(2024, 6, 3, 8, 30)
    site = added("site", "A", spot(), name="龙门广场", status="open", visits=3, score=0.5, key=True, checked_on=at.date(), seen_at=at, unit="区城管局")
    store.write(edit(site, added("unit", "U", name="区城管局"), added("road", "R", wkt.loads("MULTILINESTRING ((0 0, 1 1), (2 2, 3 3))"))), "王")
    store.write(Edit("导入", tuple(squares(1500))), "王")
    store.write(edit(added("anything", "G", wkt.loads("GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))")), added("anything", "E", Point())), "王")
    store.close()
    return found


def qgis(path: Path, *statements: str) -> None:
    """What QGIS does to a file, with the functions that its triggers need."""
    import chuangwen.store.geometry as geometry

    connection = sqlite3.connect(path)
    connection.create_function("ST_IsEmpty", 1, lambda blob: int(geometry.bounds_of(blob) is None))
    for name, number in (("ST_MinX", 0), ("ST_MinY", 1), ("ST_MaxX", 2), ("ST_MaxY", 3)):
        connection.create_function(name, 1, lambda blob, at=number: (geometry.bounds_of(blob) or (None,) * 4)[at])
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


# --- they read ours


def test_gdal_lists_the_layers_and_nothing_else(path: Path, tmp_path: Path) -> None:
    """Not our own tables, neither in a project of maps alone; single shapes, so that an export from QGIS is no PointZM."""
    kinds = dict(pyogrio.list_layers(path))
    assert {"site": "Point", "zone": "Unknown", "road": "Unknown", "anything": "Unknown", "unit": None} == kinds
    project(tmp_path / "maps.gpkg", Layers({"site": SITE, "zone": ZONE})).close()
    assert {"site", "zone"} == set(dict(pyogrio.list_layers(tmp_path / "maps.gpkg")))


def test_gdal_reads_every_value(path: Path) -> None:
    """With no warning; time comes as UTC, the CRS as EPSG."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        site = pyogrio.read_dataframe(path, layer="site").iloc[0]
        assert 1500 == pyogrio.read_info(path, layer="zone")["features"]
        crs = pyogrio.read_info(path, layer="zone")["crs"]
    assert "EPSG:4548" == crs
    assert ("A", "龙门广场", "open", 3, 0.5, True) == (site["id"], site["name"], site["status"], site["visits"], site["score"], site["key"])
    assert dt.datetime(2024, 6, 3, 0, 30, tzinfo=dt.UTC) == site["seen_at"].to_pydatetime()
    assert "2024-06-03" == str(site["checked_on"])[:10]
    assert spot() == site["geometry"]


def test_gdal_knows_the_extent_after_our_write(path: Path) -> None:
    """Also where it had noted one itself before: zoom to layer is right."""
    qgis(path, "UPDATE gpkg_contents SET min_x = 0, min_y = 0, max_x = 1, max_y = 1 WHERE table_name = 'site'")
    store = GeoPackage.open(path, LAYERS)
    store.write(edit(added("site", "far", Point(500_000, 3_200_000))), "王")
    store.close()
    assert pytest.approx((437_018.6, 3_093_065.7, 500_000, 3_200_000), abs=1) == pyogrio.read_info(path, layer="site", force_total_bounds=True)["total_bounds"]


@ogrinfo
def test_ogrinfo_shows_chinese_titles_and_choices_and_complains_of_nothing(path: Path) -> None:
    """Titles of layers and fields, words of choices; every row of every layer read."""
    done = subprocess.run(["ogrinfo", "-ro", "-al", str(path)], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (0, "") == (done.returncode, done.stderr)
    about = subprocess.run(["ogrinfo", "-ro", "-so", str(path), "site"], capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "IDENTIFIER=点位" in about
    assert "status: String (0.0), domain name=site_status" in about
    words = subprocess.run(["ogrinfo", "-ro", "-fielddomain", "site_status", str(path)], capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "open: 未整改" in words


def test_gdal_calls_a_field_by_its_chinese_title(path: Path) -> None:
    """What QGIS shows as its alias. pyogrio does not tell, so its own GDAL is asked."""
    import ctypes

    libraries = sorted((Path(pyogrio.__file__).parents[1] / "pyogrio.libs").glob("libgdal*"))
    if not libraries:
        pytest.skip("pyogrio's GDAL is not a file of its own here")
    gdal = ctypes.CDLL(str(libraries[0]))
    for name in ("GDALOpenEx", "GDALDatasetGetLayerByName", "OGR_L_GetLayerDefn", "OGR_FD_GetFieldDefn"):
        getattr(gdal, name).restype = ctypes.c_void_p
    gdal.OGR_Fld_GetAlternativeNameRef.restype = gdal.OGR_Fld_GetNameRef.restype = ctypes.c_char_p
    gdal.GDALAllRegister()
    opened = ctypes.c_void_p(gdal.GDALOpenEx(str(path).encode(), 4, None, None, None))
    about = ctypes.c_void_p(gdal.OGR_L_GetLayerDefn(ctypes.c_void_p(gdal.GDALDatasetGetLayerByName(opened, b"site"))))
    fields = [ctypes.c_void_p(gdal.OGR_FD_GetFieldDefn(about, number)) for number in range(gdal.OGR_FD_GetFieldCount(about))]
    titles = {gdal.OGR_Fld_GetNameRef(field).decode(): gdal.OGR_Fld_GetAlternativeNameRef(field).decode() for field in fields}
    gdal.GDALClose(opened)
    assert {"id": ""} | {field.name: field.title for field in SITE.fields} == titles


def test_the_words_stand_where_the_standard_wants_them(path: Path) -> None:
    """Identifier of each layer, title of each field, enumeration of each choice, both extensions declared."""
    connection = sqlite3.connect(path)
    assert {("site", "features", "点位"), ("unit", "attributes", "责任单位")} <= set(
        connection.execute("SELECT table_name, data_type, identifier FROM gpkg_contents")
    )
    assert {"编号", "名称", "人口"} == {title for (title,) in connection.execute("SELECT title FROM gpkg_data_columns WHERE table_name = 'zone'")}
    choices = "SELECT value, c.description FROM gpkg_data_column_constraints c JOIN gpkg_data_columns USING (constraint_name) WHERE column_name = 'status'"
    words = connection.execute(choices)
    assert {("open", "未整改"), ("closed", "已销号")} == set(words)
    assert {"gpkg_schema", "gpkg_rtree_index"} <= {name for (name,) in connection.execute("SELECT extension_name FROM gpkg_extensions")}
    assert [(0x47504B47,), (10300,)] == [connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")]
    assert {-1, 0, 4326, 4490, 4548} == {code for (code,) in connection.execute("SELECT srs_id FROM gpkg_spatial_ref_sys")}
    assert [] == connection.execute("PRAGMA foreign_key_check").fetchall()
    connection.close()


def test_heights_are_declared_once_there_are_some(path: Path) -> None:
    """A flat layer is flat to QGIS; a point with a height is not cut."""
    store = GeoPackage.open(path, LAYERS)
    store.write(edit(added("site", "H", Point(1, 2, 3))), "王")
    assert Point(1, 2, 3).wkt == store.features("site", ["H"]).geometry[0].wkt
    store.close()
    assert "Point Z" == dict(pyogrio.list_layers(path))["site"]


# --- we read theirs


def test_rows_that_gdal_appends_are_features_like_any_other(path: Path) -> None:
    """They have no id of ours: read as `fid-n`, which is theirs for good from our next write on; edited, undone, removed."""
    import geopandas

    more = geopandas.GeoDataFrame({"code": ["Q1", "Q2"], "name": ["甲", "乙"]}, geometry=[Point(1, 1), Point(2, 2)], crs=4548)
    pyogrio.write_dataframe(more, path, layer="site", append=True)
    before = path.read_bytes()
    store = GeoPackage.open(path, LAYERS)
    assert ["A", "fid-2", "fid-3"] == store.features("site").ids
    assert ["Q1"] == store.features("site", ["fid-2"]).columns["code"]
    assert before == path.read_bytes()

    step = store.write(edit(updated("site", "fid-2", name=("甲", "丙"))), "王")
    assert ["A", "fid-2", "fid-3"] == store.features("site").ids
    store.write(store.edit_of(step.number).inverse(), "王", "undo", step.number)
    gone = store.features("site", ["fid-3"]).at(0)
    store.write(edit(Change("site", "fid-3", {**gone.values, "geometry": gone.geometry}, None)), "王")
    assert (["A", "fid-2"], 2) == (store.features("site").ids, len(boxes(store, "site")))
    store.close()


def test_what_qgis_rewrites_in_its_own_form_is_no_conflict(path: Path) -> None:
    """The same moment with fewer digits, the same shape in a blob with other flags; a changed one is a conflict."""
    blob = shapely.to_wkb(spot(), byte_order=0)
    header = b"GP\x00\x00" + (4548).to_bytes(4, "big")
    qgis(path, "UPDATE site SET seen_at = '2024-06-03T00:30:00Z', score = 5e-1, geom = x'" + (header + blob).hex() + "'")
    store = GeoPackage.open(path, LAYERS)
    site = store.features("site").at(0)
    assert (dt.datetime(2024, 6, 3, 8, 30), spot()) == (site.get("seen_at"), site.geometry)
    moved = Change("site", "A", {"seen_at": dt.datetime(2024, 6, 3, 8, 30), "geometry": spot()}, {"seen_at": None, "geometry": spot(1, 2)})
    store.write(edit(moved), "王")
    qgis(path, "UPDATE site SET name = '别名'")
    with pytest.raises(Conflict, match="名称"):
        store.write(edit(updated("site", "A", name=("龙门广场", "新"))), "王")
    store.close()


def test_what_another_program_wrote_and_is_no_value_reads_as_empty(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A word for a date, a broken shape: the project opens, the row is there, it can be set right."""
    qgis(path, "UPDATE site SET checked_on = '上周', seen_at = 7, visits = '三', score = 'x', key = 'ja', name = x'ff', geom = x'4750000100'")
    store = GeoPackage.open(path, LAYERS)
    site = store.features("site").at(0)
    assert [None] * 6 == [site.get(name) for name in ("checked_on", "seen_at", "visits", "score", "key", "name")]
    assert site.geometry is None
    assert "site: 1 geometries cannot be read" in caplog.text
    caplog.clear()
    right = {"checked_on": dt.date(2024, 6, 1), "visits": 3, "name": "龙门广场", "geometry": spot()}
    store.write(edit(Change("site", "A", dict.fromkeys(right), right)), "王")
    assert right == {name: store.features("site").at(0).values.get(name, spot()) for name in right}
    assert 1 == len(boxes(store, "site"))
    store.close()


def test_an_import_that_another_program_has_edited_is_not_taken_back(path: Path) -> None:
    """The log knows nothing of it; the digest does."""
    qgis(path, "UPDATE zone SET people = people + 1 WHERE fid = 700")
    store = GeoPackage.open(path, LAYERS)
    with pytest.raises(Conflict, match="导入"):
        store.edit_of(2)
    store.close()


def test_an_r_tree_that_was_removed_is_planted_again(path: Path) -> None:
    """QGIS can delete a spatial index; the next write makes it anew."""
    qgis(
        path,
        *(f"DROP TRIGGER rtree_zone_geom_{name}" for name in ("insert", "update2", "update4", "update5", "update6", "update7", "delete")),
        "DROP TABLE rtree_zone_geom",
        "DELETE FROM gpkg_extensions WHERE table_name = 'zone'",
    )
    store = GeoPackage.open(path, LAYERS)
    assert 1500 == len(store.features("zone"))
    store.write(edit(added("zone", "new", shapely.box(0, 0, 1, 1))), "王")
    assert 1501 == len(boxes(store, "zone"))
    store.close()
    assert 1501 == pyogrio.read_info(path, layer="zone")["features"]


def test_qgis_has_the_project_open_while_we_write(path: Path) -> None:
    """It turns a file to WAL and keeps it so: we write all the same, and bring the journal back when it is gone."""
    theirs = sqlite3.connect(path, isolation_level=None)
    theirs.execute("PRAGMA journal_mode = WAL")
    theirs.execute("BEGIN")
    assert 1 == theirs.execute("SELECT count(*) FROM site").fetchone()[0]
    store = GeoPackage.open(path, LAYERS)
    store.write(edit(added("site", "B", spot())), "王")
    theirs.execute("COMMIT")
    assert 2 == theirs.execute("SELECT count(*) FROM site").fetchone()[0]
    theirs.close()
    store.write(edit(added("site", "C", spot())), "王")
    store.close()
    assert [path] == list(path.parent.iterdir())
    assert b"\x01\x01" == path.read_bytes()[18:20]


def test_a_write_waits_for_another_and_says_who_holds_the_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locked for longer than we wait: a sentence; nothing is written, and it works afterwards."""
    monkeypatch.setattr("chuangwen.store.connecting.WAIT_MS", 100)
    theirs = sqlite3.connect(path, isolation_level=None)
    theirs.execute("BEGIN IMMEDIATE")
    store = GeoPackage.open(path, LAYERS)
    assert 1 == store.count("site")
    with pytest.raises(FileProblem, match="正被另一程序使用"):
        store.write(edit(added("site", "B")), "王")
    theirs.execute("ROLLBACK")
    theirs.close()
    store.write(edit(added("site", "B")), "王")
    assert 2 == store.count("site")
    store.close()


def test_our_bounds_are_those_of_the_shape() -> None:
    """Of blobs with and without an envelope, in either byte order."""
    from chuangwen.store.geometry import bounds_of, to_blobs

    shapes: Any = np.array([Point(1, 2), shapely.box(0, 1, 2, 3), Point(), None, Point(1, 2, 3)], dtype=object)
    assert [(1, 2, 1, 2), (0, 1, 2, 3), None, None, (1, 2, 1, 2)] == [bounds_of(blob) for blob in to_blobs(shapes, 4548)]
    assert bounds_of(b"") is bounds_of(b"GP") is bounds_of(b"not a blob at all") is None
