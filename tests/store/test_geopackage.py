"""The file itself: GDAL and QGIS read it, its index is right, older and newer projects, locks."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.layer import Field, Layer, Layers
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import FileProblem
from chuangwen.store.geometry import bounds_of
from chuangwen.store.geopackage import GeoPackage
from tests.build import layers


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with the shipped layers and a zone and issues in it."""
    found = tmp_path / "区.gpkg"
    store = GeoPackage.create(found, layers(), 4548, Campaign("试验"))
    rows = [
        Change("zone", edits.new_id(), None, {"code": f"A-{number}", "name": f"第{number}网格", GEOMETRY: box(number, 0, number + 1, 1)}) for number in range(5)
    ]
    rows += [Change("issue", edits.new_id(), None, {"code": "1", "name": "坑", "description": "坑", "status": "registered", GEOMETRY: Point(0.5, 0.5)})]
    store.write(Edit("新增", tuple(rows)), "甲")
    store.close()
    return found


def tree_of(path: Path, layer: str) -> dict[int, Any]:
    """What the R-tree holds."""
    with sqlite3.connect(path) as connection:
        return {row[0]: row[1:] for row in connection.execute(f"SELECT id, minx, maxx, miny, maxy FROM rtree_{layer}_geom")}


def bounds_in(path: Path, layer: str) -> dict[int, Any]:
    """What the R-tree should hold."""
    with sqlite3.connect(path) as connection:
        rows = {fid: bounds_of(blob) for fid, blob in connection.execute(f"SELECT fid, geom FROM {layer}")}
    return {fid: (box[0], box[2], box[1], box[3]) for fid, box in rows.items() if box}


def assert_indexed(path: Path, layer: str) -> None:
    """The tree holds just the rows that have a place, each box around its row (the tree rounds outwards to 32 bits)."""
    tree, wanted = tree_of(path, layer), bounds_in(path, layer)
    assert set(tree) == set(wanted)
    for fid, (x0, x1, y0, y1) in wanted.items():
        assert tree[fid] == pytest.approx((x0, x1, y0, y1), rel=1e-5, abs=1e-5)


def test_gdal_reads_all_layers_with_chinese_titles(path: Path) -> None:
    """Names, geometry, CRS and the words of fields and choices."""
    listed = dict(pyogrio.list_layers(path))
    assert set(layers()) == set(listed)
    frame = pyogrio.read_dataframe(path, layer="zone")
    assert list(frame["name"])[:2] == ["第0网格", "第1网格"]
    assert frame.crs.to_epsg() == 4548
    with sqlite3.connect(path) as connection:
        titles = dict(connection.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'issue'"))
        words = dict(connection.execute("SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = 'issue_status'"))
    assert titles["responsible_unit"] == "责任单位"
    assert words["closed"] == "已销号"


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (Debian package gdal-bin) is not installed")
def test_ogrinfo_has_nothing_to_complain_about(path: Path) -> None:
    """No warning, no error, on any layer."""
    done = subprocess.run(["ogrinfo", "-ro", "-al", "-so", str(path)], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert "责任单位" in done.stdout or "AlternativeName" not in done.stdout


def test_the_index_follows_every_kind_of_write(path: Path) -> None:
    """Added, moved, un-placed, removed, in bulk; and undone."""
    store = GeoPackage.open(path, layers())
    many = Edit(
        "导入",
        tuple(Change("zone", edits.new_id(), None, {"code": f"B{n}", "name": "x", GEOMETRY: box(n, 5, n + 1, 6) if n % 7 else None}) for n in range(1500)),
    )
    step = store.write(many, "甲")
    assert_indexed(path, "zone")

    zone = store.features("zone").at(0)
    store.write(Edit("移动", (Change("zone", zone.id, {GEOMETRY: zone.geometry}, {GEOMETRY: box(50, 50, 60, 60)}),)), "甲")
    store.write(Edit("清除", (Change("zone", zone.id, {GEOMETRY: box(50, 50, 60, 60)}, {GEOMETRY: None}),)), "甲")
    store.write(Edit("放回", (Change("zone", zone.id, {GEOMETRY: None}, {GEOMETRY: box(1, 1, 2, 2)}),)), "甲")
    assert_indexed(path, "zone")
    store.write(store.edit_of(step.number).inverse(), "甲", "undo", step.number)
    assert_indexed(path, "zone")
    assert store.count("zone") == 5
    store.close()


def test_a_row_drawn_in_another_program_is_a_feature_like_any_other(path: Path) -> None:
    """QGIS or ogr2ogr add a row without our id: it is read, and it can be edited."""
    frame = pyogrio.read_dataframe(path, layer="site")
    import geopandas

    new = geopandas.GeoDataFrame({"code": ["X1"], "name": ["别的程序加的"]}, geometry=[Point(3, 4)], crs=4548)
    pyogrio.write_dataframe(new, path, layer="site", append=True)
    assert len(frame) == 0

    store = GeoPackage.open(path, layers())
    site = store.features("site").at(0)
    assert site.name == "别的程序加的"
    assert site.id
    store.write(edits.set_values(layers()["site"], [site], {"address": "人民路"}), "甲")
    assert store.features("site").at(0).get("address") == "人民路"
    store.close()


def test_a_field_declared_later_is_empty_until_the_first_write_adds_it(tmp_path: Path) -> None:
    """An older project opens unchanged; the first edit brings it up to date, in its own transaction."""
    old = Layers({"tree": Layer("tree", "古树", geometry="point", fields=(Field("code", "text", "编号"), Field("name", "text", "名称")))})
    new = Layers(
        {
            "tree": Layer("tree", "古树", geometry="point", fields=(*old["tree"].fields, Field("age", "integer", "树龄"))),
            "lamp": Layer("lamp", "路灯", geometry="point", fields=old["tree"].fields),
        }
    )
    path = tmp_path / "旧.gpkg"
    store = GeoPackage.create(path, old, 4548, Campaign())
    step = store.write(Edit("新增", (Change("tree", "t", None, {"code": "1", "name": "樟", GEOMETRY: Point(1, 1)}),)), "甲")
    store.close()
    before = path.read_bytes()

    store = GeoPackage.open(path, new)
    assert (store.features("tree").at(0).get("age"), store.count("lamp")) == (None, 0)
    assert path.read_bytes() == before
    store.write(Edit("修改", (Change("tree", "t", {"age": None}, {"age": 300}),)), "甲")
    assert store.features("tree").at(0).get("age") == 300
    store.write(store.edit_of(2).inverse(), "甲", "undo", 2)
    assert store.edit_of(step.number)
    store.close()
    assert "lamp" in {name for name, _kind in pyogrio.list_layers(path)}


def test_a_newer_major_version_is_refused_and_a_newer_minor_opens(path: Path) -> None:
    """With a sentence that says to upgrade."""
    for version, opens in (("1.9", True), ("2.0", False)):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE cw_meta SET value = ? WHERE key = 'schema'", [version])
        connection.close()
        if opens:
            GeoPackage.open(path, layers()).close()
        else:
            with pytest.raises(FileProblem, match="升级"):
                GeoPackage.open(path, layers())


def test_a_foreign_geopackage_is_told_how_to_come_in(tmp_path: Path) -> None:
    """It is data to import, not a project."""
    import geopandas

    foreign = tmp_path / "别人的.gpkg"
    geopandas.GeoDataFrame({"a": [1]}, geometry=[Point(0, 0)], crs=4548).to_file(foreign, layer="x")

    with pytest.raises(FileProblem, match="导入"):
        GeoPackage.open(foreign, layers())


def test_a_locked_file_is_named_and_nothing_is_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program holds it."""
    monkeypatch.setattr("chuangwen.store.connecting.WAIT_MS", 100)
    store = GeoPackage.open(path, layers())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(FileProblem, match="正被另一程序使用"):
        store.write(Edit("x", (Change("unit", "u", None, {"code": "1", "name": "x"}),)), "甲")
    other.execute("ROLLBACK")
    other.close()

    assert store.count("unit") == 0
    store.close()


def test_a_full_disk_is_named_and_nothing_is_written(path: Path) -> None:
    """SQLite's own limit stands for the disk."""
    store = GeoPackage.open(path, layers())
    store._connection.exec_driver_sql("PRAGMA max_page_count = 1")

    with pytest.raises(FileProblem, match="磁盘已满"):
        store.write(Edit("x", tuple(Change("unit", f"u{n}", None, {"code": str(n), "name": "x" * 500}) for n in range(500))), "甲")

    assert store.count("unit") == 0
    store.close()


def test_a_project_left_in_wal_is_brought_back(path: Path) -> None:
    """WAL fails on shares: the first write takes it off (facts.md 18)."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    connection.close()

    store = GeoPackage.open(path, layers())
    store.write(Edit("x", (Change("unit", "u", None, {"code": "1", "name": "x"}),)), "甲")
    store.close()

    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()


def test_blobs_of_other_writers_are_read(path: Path) -> None:
    """GDAL's header may differ from ours; the shape is the same."""
    frame = pyogrio.read_dataframe(path, layer="zone")
    assert np.array_equal(shapely.to_wkb(np.array(frame.geometry)), shapely.to_wkb(GeoPackage.open(path, layers()).features("zone").geometry))
