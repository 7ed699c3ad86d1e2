"""The layers as they are shipped, in a file: GDAL reads them all; a full disk; the speed that an import needs."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import warnings
from pathlib import Path

import pyogrio
import pytest
from shapely.geometry import Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import FileProblem
from chuangwen.store.geopackage import GeoPackage
from tests.build import layers


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project with the shipped layers and a zone and an issue in it."""
    found = tmp_path / "区.gpkg"
    store = GeoPackage.create(found, layers(), 4548, Campaign("试验"))
    rows = [
        Change("zone", edits.new_id(), None, {"code": f"A-{number}", "name": f"第{number}网格", GEOMETRY: box(number, 0, number + 1, 1)}) for number in range(5)
    ]
    rows += [Change("issue", edits.new_id(), None, {"code": "1", "name": "坑", "description": "坑", "status": "registered", GEOMETRY: Point(0.5, 0.5)})]
    store.write(Edit("新增", tuple(rows)), "甲")
    store.close()
    return found


def test_gdal_reads_all_layers_with_their_words(path: Path) -> None:
    """Every shipped layer, no warning; titles of fields and choices."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert set(layers()) == set(dict(pyogrio.list_layers(path)))
        for name in layers():
            pyogrio.read_dataframe(path, layer=name)
        assert ["第0网格", "第1网格"] == list(pyogrio.read_dataframe(path, layer="zone")["name"])[:2]
    connection = sqlite3.connect(path)
    titles = dict(connection.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'issue'"))
    words = dict(connection.execute("SELECT value, description FROM gpkg_data_column_constraints WHERE constraint_name = 'issue_status'"))
    connection.close()
    assert ("责任单位", "已销号") == (titles["responsible_unit"], words["closed"])


@pytest.mark.skipif(shutil.which("ogrinfo") is None, reason="ogrinfo (Debian package gdal-bin) is not installed")
def test_ogrinfo_has_nothing_to_complain_about(path: Path) -> None:
    """No warning, no error, on any shipped layer."""
    done = subprocess.run(["ogrinfo", "-ro", "-al", str(path)], capture_output=True, text=True, encoding="utf-8", check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_a_full_disk_is_named_and_nothing_is_written(path: Path) -> None:
    """SQLite's own limit stands for the disk; there is room again, and it works."""
    store = GeoPackage.open(path, layers())
    store._connection.exec_driver_sql("PRAGMA max_page_count = 1")
    many = Edit("x", tuple(Change("unit", f"u{n}", None, {"code": str(n), "name": "x" * 500}) for n in range(500)))
    with pytest.raises(FileProblem, match="磁盘已满"):
        store.write(many, "甲")
    assert (0, 1) == (store.count("unit"), len(store.steps()))
    store._connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    store.write(many, "甲")
    assert 500 == store.count("unit")
    store.close()


def test_reading_asks_the_file_few_questions(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty thousand issues are one query, whatever the number of rows or fields."""
    store = GeoPackage.open(path, layers())
    asked: list[str] = []
    driver = store._connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_trace_callback(asked.append)
    store.features("issue")
    driver.set_trace_callback(None)
    assert 1 == sum(one.startswith("SELECT issue.") for one in asked)
    assert len(asked) < 10
    store.close()
