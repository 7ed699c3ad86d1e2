"""JSON in every dress: encodings, marks, assignments, records, Esri and TopoJSON; a broken frame is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chuangwen.errors import FileProblem
from chuangwen.exchange.vector_files import read_vector

POINT = {"type": "Feature", "properties": {"名称": "清华园街道第一网格", "户数": 12}, "geometry": {"type": "Point", "coordinates": [116.3, 40.0]}}


def collection(*features: Any, **more: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", **more, "features": list(features)}


def written(path: Path, value: Any, encoding: str = "utf-8", before: str = "", after: str = "") -> Path:
    path.write_bytes((before + (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)) + after).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "before", "after"),
    [
        ("utf-8", "", ""),
        ("utf-8-sig", "", ""),
        ("gbk", "", ""),
        ("utf-16", "", ""),
        ("utf-8", "var data = ", ";\n"),
        ("utf-8", "window.zones=", ""),
        ("utf-8", "\n\n", "\n"),
    ],
)
def test_whatever_it_is_wrapped_in(tmp_path: Path, encoding: str, before: str, after: str) -> None:
    """GBK without a word, a byte order mark, a script."""
    incoming = read_vector(written(tmp_path / "x.geojson", collection(POINT), encoding, before, after))

    assert (["清华园街道第一网格"], [12]) == tuple(list(column.values) for column in incoming.columns)
    assert (116.3, 40.0) == (incoming.geometry[0].x, incoming.geometry[0].y)


@pytest.mark.parametrize("value", [POINT, POINT["geometry"], [POINT, POINT], {"type": "GeometryCollection", "geometries": [POINT["geometry"]]}])
def test_what_is_no_collection(tmp_path: Path, value: Any) -> None:
    """One feature, one geometry, a bare list of features."""
    assert read_vector(written(tmp_path / "x.json", value)).geometry[0] is not None


def test_numbers_that_are_none(tmp_path: Path) -> None:
    """NaN and Infinity, which JSON does not have."""
    text = json.dumps(collection(POINT, POINT), ensure_ascii=False).replace("12", "NaN", 1)

    incoming = read_vector(written(tmp_path / "x.geojson", text))

    assert [None, 12] == [None if value is None else int(value) for value in incoming.column("户数").values]


@pytest.mark.parametrize(
    ("crs", "wanted"),
    [
        (None, "EPSG:4326"),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4547"}}, "EPSG:4547"),
        ({"type": "name", "properties": {"name": "EPSG:4490"}}, "EPSG:4490"),
        ({"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}, "EPSG:4326"),
    ],
)
@pytest.mark.parametrize("broken", [False, True])
def test_the_crs_that_it_names(tmp_path: Path, crs: Any, wanted: str, broken: bool) -> None:
    """Whole by GDAL, or feature by feature."""
    more = {"crs": crs} if crs else {}
    path = written(tmp_path / "x.geojson", collection(POINT, *(["junk"] if broken else []), **more))

    assert wanted.removeprefix("EPSG:") in read_vector(path).declared_crs.replace("CRS84", "4326")


def test_esri_and_topojson(tmp_path: Path) -> None:
    """As ArcGIS Server and d3 hand them out."""
    esri = {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4490},
        "fields": [{"name": "名称", "type": "esriFieldTypeString"}],
        "features": [{"attributes": {"名称": "甲"}, "geometry": {"x": 116.3, "y": 40.0}}],
    }
    topology = {
        "type": "Topology",
        "objects": {"网格": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [116.3, 40], "properties": {"名称": "甲"}}]}},
        "arcs": [],
    }
    for value in (esri, topology):
        incoming = read_vector(written(tmp_path / "x.json", value))
        assert ["甲"] == incoming.column("名称").values
        assert (116.3, 40.0) == (incoming.geometry[0].x, incoming.geometry[0].y)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"type": "FeatureCollection", "features": [{"type": "Feature"},]}', r"第 1 行第 6\d 个字符处"),
        (json.dumps(collection(POINT), ensure_ascii=False)[:-30], "第 1 行"),
        ('{"name": "package", "version": 1}', "没有地图要素"),
        ('{"type": "FeatureCollection", "features": null}', "没有地图要素"),
        ("[1, 2, 3]", "没有地图要素"),
        ("<kml></kml>", "第 1 行第 1 个字符处"),
        ("", "无法读取"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(tmp_path: Path, text: str, where: str) -> None:
    """A comma too many, a cut file, other JSON, other things."""
    with pytest.raises(FileProblem, match=where) as caught:
        read_vector(written(tmp_path / "x.geojson", text))
    assert "x.geojson" in caught.value.message


def test_nested_values_stay_readable(tmp_path: Path) -> None:
    """As JSON text."""
    feature = {**POINT, "properties": {"标签": {"a": [1, "二"]}}}
    path = written(tmp_path / "x.geojson", collection(feature, "junk"))

    assert ['{"a": [1, "二"]}'] == read_vector(path).columns[0].values
