"""The R-tree packed by us is one that SQLite and GDAL search, change and find sound."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chuangwen.domain.change import Change, Edit
from chuangwen.store.geopackage import GeoPackage
from tests.store.build import LAYERS, added, boxes, edit, project, spot, squares


def holds(store: GeoPackage, layer: str) -> None:
    """Every placed row is in the tree, no other is, and each box holds its row."""
    features = store.features(layer)
    wanted = features.bounds[features.located]
    found = np.array([tuple(row[1:]) for row in boxes(store, layer)], dtype=float).reshape(-1, 4)
    assert len(wanted) == len(found)
    assert np.all(found[:, :2] <= wanted[:, :2])
    assert np.all(found[:, 2:] >= wanted[:, 2:])
    assert np.allclose(wanted, found, rtol=2e-7)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(counts=st.lists(st.sampled_from([1, 3, 51, 52, 1000, 1530, 4000]), min_size=1, max_size=4), seed=st.integers(0, 9))
def test_any_mixture_of_large_and_small_edits_keeps_the_tree(tmp_path: Path, counts: list[int], seed: int) -> None:
    """Added by trigger or packed, into an empty tree or beside others; then all of it taken back, one edit after the other."""
    path = tmp_path / "p.gpkg"
    path.unlink(missing_ok=True)
    store = project(path)
    steps = [store.write(Edit("导入", tuple(squares(count, f"{at}-", seed))), "王") for at, count in enumerate(counts)]
    holds(store, "zone")
    for step in reversed(steps):
        store.write(store.edit_of(step.number).inverse(), "王", "undo", step.number)
        holds(store, "zone")
    assert [] == boxes(store, "zone")
    store.close()


def test_a_packed_tree_finds_what_a_search_of_all_rows_finds(tmp_path: Path) -> None:
    """In windows of many sizes."""
    store = project(tmp_path / "p.gpkg")
    store.write(Edit("导入", tuple(squares(20_000))), "王")
    bounds = store.features("zone").bounds
    for x, y, size in np.random.default_rng(3).uniform((430_000, 3_090_000, 1), (440_000, 3_100_000, 4000), (40, 3)):
        query = "SELECT count(*) FROM rtree_zone_geom WHERE maxx >= ? AND minx <= ? AND maxy >= ? AND miny <= ?"
        found = store._connection.exec_driver_sql(query, (x, x + size, y, y + size)).scalar()
        assert found == pytest.approx(
            np.count_nonzero((bounds[:, 2] >= x) & (bounds[:, 0] <= x + size) & (bounds[:, 3] >= y) & (bounds[:, 1] <= y + size)), abs=2
        )
    store.close()


def test_rows_without_a_place_are_not_in_the_tree(tmp_path: Path) -> None:
    """未定位, and empty shapes, also in a large import; a layer of nothing but such rows."""
    store = project(tmp_path / "p.gpkg")
    rows = [added("site", f"S{number}", None if number % 3 else spot(number, number) if number % 2 else shapely.Point()) for number in range(3000)]
    store.write(Edit("导入", tuple(rows)), "王")
    holds(store, "site")
    store.write(Edit("导入", tuple(added("road", f"R{number}") for number in range(1500))), "王")
    holds(store, "road")
    store.close()


def test_rows_move_after_an_import(tmp_path: Path) -> None:
    """The triggers are back: moved, lost, placed and removed rows are followed."""
    store = project(tmp_path / "p.gpkg")
    rows = squares(2000)
    store.write(Edit("导入", tuple(rows)), "王")
    here, there = rows[7].after or {}, shapely.box(0, 0, 5, 5)
    store.write(edit(Change("zone", rows[7].id, {"geometry": here["geometry"]}, {"geometry": there})), "王")
    store.write(edit(Change("zone", rows[8].id, {"geometry": (rows[8].after or {})["geometry"]}, {"geometry": None})), "王")
    store.write(edit(Change("zone", rows[9].id, dict(rows[9].after or {}), None), added("zone", "new", there)), "王")
    holds(store, "zone")
    store.write(edit(Change("zone", rows[8].id, {"geometry": None}, {"geometry": there})), "王")
    holds(store, "zone")
    store.close()


def test_gdal_searches_and_changes_a_packed_tree(tmp_path: Path) -> None:
    """A window read through the index, then rows appended by GDAL into our nodes."""
    path = tmp_path / "p.gpkg"
    store = project(path)
    store.write(Edit("导入", tuple(squares(5000))), "王")
    bounds = store.features("zone").bounds
    store.close()
    window = (433_000.0, 3_093_000.0, 434_000.0, 3_094_000.0)
    inside = (bounds[:, 2] >= window[0]) & (bounds[:, 0] <= window[2]) & (bounds[:, 3] >= window[1]) & (bounds[:, 1] <= window[3])
    assert np.count_nonzero(inside) == len(pyogrio.read_dataframe(path, layer="zone", bbox=window))

    import geopandas

    shapes = [shapely.box(number, 0, number + 1, 1) for number in range(200)]
    more = geopandas.GeoDataFrame({"code": [f"Q{number}" for number in range(200)]}, geometry=shapes, crs=4548)
    pyogrio.write_dataframe(more, path, layer="zone", append=True)
    store = GeoPackage.open(path, LAYERS)
    holds(store, "zone")
    store.close()
