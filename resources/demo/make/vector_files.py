"""The map files as a survey institute hands them over.

Shapefiles carry GBK text and say so nowhere: no `.cpg`, language driver byte 0. Field names are Chinese and no longer than
the ten bytes a DBF holds. The section file came without its `.prj` and with the zone number before the easting.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas as gpd
import plan
import pyogrio
from curves import parts
from shapely import Polygon, affinity, coverage_union_all, get_coordinates, set_coordinates
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient
from town import Town

_DBF_DATE = bytes([124, 6, 3])  # 2024-06-03: the day of writing would make every run different
ZONE_PREFIX = 39_000_000.0
Record = dict[str, Any]


def to_map(geometry: BaseGeometry) -> BaseGeometry:
    """Town coordinates → EPSG:4548, to the millimetre. The same vertex always comes out the same."""
    moved = affinity.translate(geometry, *plan.ORIGIN)
    return set_coordinates(moved, get_coordinates(moved).round(3))


def _clockwise(geometry: BaseGeometry) -> BaseGeometry:
    return orient(geometry, -1.0) if isinstance(geometry, Polygon) else geometry


def shapefile(path: Path, records: list[Record], shapes: list[BaseGeometry], epsg: int | None = plan.EPSG) -> None:
    """Write a GBK shapefile that does not say that it is GBK."""
    for name in records[0]:
        if len(name.encode("gbk")) > 10:
            msg = f"{name} does not fit a DBF field name"
            raise ValueError(msg)
    # always written with a .prj, which goes again where the office got none: without a CRS pyogrio warns
    frame = gpd.GeoDataFrame(records, geometry=[_clockwise(s) for s in shapes], crs=epsg or plan.EPSG)
    pyogrio.write_dataframe(frame, path, driver="ESRI Shapefile", encoding="GBK", RESIZE="YES")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if epsg is None:
        path.with_suffix(".prj").unlink(missing_ok=True)
    dbf = path.with_suffix(".dbf")
    data = bytearray(dbf.read_bytes())
    data[1:4], data[29] = _DBF_DATE, 0
    dbf.write_bytes(data)


def base_layers(town: Town, folder: Path) -> None:
    """区界, 街道界, 道路 (with the railway), 水系, 绿地 and the building outlines."""
    shapefile(folder / "区界.shp", [{"编号": "QJ01", "名称": plan.DISTRICT}], [to_map(town.land.district)])
    roads = [{"编号": f"DL{n:03d}", "道路名称": r.name, "道路等级": r.rank, "宽度": r.width} for n, r in enumerate(town.network.roads, start=1)]
    roads.append({"编号": f"DL{len(roads) + 1:03d}", "道路名称": "示江铁路", "道路等级": "铁路", "宽度": 8.0})
    shapefile(folder / "道路.shp", roads, [*(to_map(r.line) for r in town.network.roads), to_map(town.land.railway)])
    waters = town.land.waters
    shapefile(
        folder / "水系.shp", [{"编号": f"SX{n:02d}", "名称": w.name, "类型": w.kind} for n, w in enumerate(waters, start=1)], [to_map(w.shape) for w in waters]
    )
    greens = town.greens
    shapefile(
        folder / "绿地.shp", [{"编号": f"LD{n:02d}", "名称": g.name, "类型": g.kind} for n, g in enumerate(greens, start=1)], [to_map(g.shape) for g in greens]
    )
    _buildings(town, folder / "建筑物.geojson")


def geojson(path: Path, records: list[Record], shapes: list[BaseGeometry]) -> None:
    """Shapes of the town in degrees (EPSG:4490), as a web platform exports them."""
    frame = gpd.GeoDataFrame(records, geometry=[to_map(s) for s in shapes], crs=plan.EPSG).to_crs(4490)
    pyogrio.write_dataframe(frame, path, driver="GeoJSON", COORDINATE_PRECISION="8", WRITE_NAME="NO")


def _buildings(town: Town, path: Path) -> None:
    """The building outlines of the base map."""
    records = [
        {"编号": f"JZ{n:04d}", "名称": b.name, "用途": b.use, "层数": b.floors, "小区名称": b.compound} for n, b in enumerate(town.built.buildings, start=1)
    ]
    geojson(path, records, [b.shape for b in town.built.buildings])


def zones(path: Path, records: list[Record], town: Town) -> None:
    """The zone boundaries, with the grid table's columns (domain.md 5.3) under names cut to five characters."""
    shapefile(path, records, [to_map(z.shape) for z in town.zones])


def sections(path: Path, records: list[Record], town: Town) -> None:
    """The road-chief sections: no `.prj`, eastings with the zone number 39."""
    shapefile(path, records, [affinity.translate(to_map(s.line), ZONE_PREFIX) for s in town.sections], epsg=None)


def streets(path: Path, town: Town) -> None:
    """The six streets: their zones put together."""
    names = list(dict.fromkeys(z.street for z in town.zones))
    shapes = [coverage_union_all([to_map(z.shape) for z in town.zones if z.street == name]) for name in names]
    shapefile(path, [{"编号": f"{n:03d}", "名称": name} for n, name in enumerate(names, start=1)], shapes)
    if not all(parts(s, Polygon) for s in shapes):
        raise ValueError("a street has no area")


def degrees(town_points: list[BaseGeometry]) -> list[tuple[float, float]]:
    """Longitude and latitude (CGCS2000) to the seventh place, about a centimetre."""
    series = gpd.GeoSeries([to_map(p) for p in town_points], crs=plan.EPSG).to_crs(4490)
    return [(round(float(p.x), 7), round(float(p.y), 7)) for p in series]
