"""The demo district's map files: encodings as offices send them, and a town in which things lie where they can."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from .conftest import MADE, SHAPEFILES, ZONE_PREFIX, layer


@pytest.mark.parametrize("name", SHAPEFILES)
def test_shapefiles_are_gbk_and_do_not_say_so(name: str) -> None:
    table = (MADE / f"{name}.dbf").read_bytes()
    assert not (MADE / f"{name}.cpg").exists()
    assert table[29] == 0, "language driver byte"
    end = int.from_bytes(table[8:10], "little")
    heads = [table[at : at + 11].split(b"\0")[0].decode("gbk") for at in range(32, end - 1, 32)]
    assert all(len(head.encode("gbk")) <= 10 for head in heads)
    text = table[end:].decode("gbk")  # strict: every value
    assert any("\u4e00" <= ch <= "\u9fff" for ch in text)
    with pytest.raises(UnicodeDecodeError):
        table[end:].decode("utf-8")


@pytest.mark.parametrize("name", [n for n in SHAPEFILES if n != "路长制责任路段"])
def test_prj_is_in_the_esri_spelling(name: str) -> None:
    assert (MADE / f"{name}.prj").read_text().startswith('PROJCS["CGCS2000_3_Degree_GK_CM_117E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000"')


def test_section_file_has_no_prj_and_the_zone_number_before_the_easting() -> None:
    assert not (MADE / "路长制责任路段.prj").exists()
    raw = gpd.read_file(MADE / "路长制责任路段.shp", encoding="GBK")
    assert raw.total_bounds[0] > ZONE_PREFIX + 400_000


def test_counts(zones: gpd.GeoDataFrame, sections: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> None:
    assert (len(zones), len(sections), len(buildings)) == (36, 48, 640)
    greens = layer("绿地")
    assert (greens["类型"] == "公园").sum() >= 6
    assert (greens["类型"] == "广场").sum() >= 4
    assert set(layer("水系")["名称"]) == {"示江", "文溪", "镜湖", "月湖"}


def test_zones_cover_the_district_without_gap_or_overlap(zones: gpd.GeoDataFrame) -> None:
    shapes = zones.geometry.to_numpy()
    assert shapely.coverage_is_valid(shapes)
    whole = shapely.coverage_union_all(shapes)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0
    assert whole.symmetric_difference(layer("区界").geometry[0]).area < 200  # the outline runs on the zones' centimetre grid
    areas = shapely.area(shapes) / 1e6
    assert areas.min() > 0.3
    assert areas.max() < 3.3
    assert all(shape.geom_type == "Polygon" and shape.is_valid for shape in shapes)


def test_streets_are_their_zones(zones: gpd.GeoDataFrame) -> None:
    streets = layer("街道界").set_index("名称")
    assert set(zones["所属街道"]) == set(streets.index)
    for name, group in zones.groupby("所属街道"):
        assert 5 <= len(group) <= 7
        assert shapely.union_all(group.geometry.to_numpy()).symmetric_difference(streets.geometry[name]).area < 0.01


def test_zone_codes_and_names(zones: gpd.GeoDataFrame) -> None:
    assert zones["网格编号"].is_unique
    assert zones["网格编号"].str.fullmatch(r"(WC|YJ|ZQ|XF|JH|YQ)-0[1-7]").all()
    assert (zones["网格名称"].str.replace(r"第\d网格", "", regex=True) == zones["所属街道"]).all()
    assert zones["四至范围"].str.fullmatch(r"东至.+，南至.+，西至.+，北至.+").all()


def test_sections_lie_on_their_roads(sections: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> None:
    by_name = roads.set_index("道路名称").geometry
    for section in sections.itertuples():
        road = by_name[section.道路名称]
        vertices = shapely.points(shapely.get_coordinates(section.geometry))
        middles = [section.geometry.interpolate(f, normalized=True) for f in np.linspace(0, 1, 41)]
        assert max(road.distance(p) for p in [*vertices, *middles]) < 0.01, section.路段名称
        assert abs(section.长度 - section.geometry.length) < 1
    shared = [a.intersection(b).length for i, a in enumerate(sections.geometry) for b in sections.geometry[i + 1 :]]
    assert max(shared) < 0.01


def test_road_network_is_whole(roads: gpd.GeoDataFrame) -> None:
    assert roads["道路名称"].is_unique
    streets = roads[roads["道路等级"] != "铁路"]
    assert set(streets["道路等级"]) == {"主干道", "次干道", "支路", "背街小巷", "商业街"}
    assert streets["宽度"].between(3, 50).all()
    joined = shapely.union_all(streets.geometry.buffer(0.05).to_numpy())
    assert joined.geom_type == "Polygon", "every street can be reached from every other"


def test_buildings_stand_clear(buildings: gpd.GeoDataFrame, roads: gpd.GeoDataFrame) -> None:
    shapes = buildings.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    tree = shapely.STRtree(shapes)
    pairs = tree.query(shapes, predicate="intersects")
    assert (pairs[0] == pairs[1]).all(), "two buildings overlap"
    surface = shapely.buffer(roads.geometry.to_numpy(), roads["宽度"].to_numpy() / 2)
    assert tree.query(surface, predicate="intersects").size == 0, "a building stands on a road"
    assert tree.query(layer("水系").geometry.to_numpy(), predicate="intersects").size == 0, "a building stands in the water"
    assert tree.query(layer("区界").geometry.to_numpy(), predicate="contains").shape[1] == len(shapes)
    assert (buildings["名称"].fillna("") != "").mean() > 0.6
    assert shapely.area(shapes).min() > 60


def test_parks_are_neither_road_nor_water(roads: gpd.GeoDataFrame) -> None:
    green = shapely.union_all(layer("绿地").geometry.to_numpy())
    assert green.intersection(shapely.union_all(layer("水系").geometry.to_numpy())).area < 1
    assert green.intersection(shapely.union_all(shapely.buffer(roads.geometry.to_numpy(), roads["宽度"].to_numpy() / 2))).area < 1
