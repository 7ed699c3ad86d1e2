"""Small layers and edits for tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.layer import Choice, Field, Layer, Layers
from chuangwen.store.geopackage import GeoPackage

EPSG = 4548

CODE, NAME = Field("code", "text", "编号"), Field("name", "text", "名称")
SITE = Layer(
    "site",
    "点位",
    geometry="point",
    fields=(
        CODE,
        NAME,
        Field("status", "choice", "状态", choices=(Choice("open", "未整改"), Choice("closed", "已销号"))),
        Field("visits", "integer", "巡查次数"),
        Field("score", "real", "得分"),
        Field("key", "boolean", "重点"),
        Field("checked_on", "date", "核查日期"),
        Field("seen_at", "datetime", "发现时间"),
        Field("unit", "ref", "责任单位", to="unit"),
    ),
)
ZONE = Layer("zone", "网格", geometry="polygon", fields=(CODE, NAME, Field("people", "integer", "人口")))
ROAD = Layer("road", "道路", geometry="line", fields=(CODE, NAME))
UNIT = Layer("unit", "责任单位", kind="list", fields=(CODE, NAME))
ANYTHING = Layer("anything", "杂项", geometry="any", fields=(CODE, NAME))
LAYERS = Layers({one.id: one for one in (SITE, ZONE, ROAD, UNIT, ANYTHING)})


def project(path: Path, layers: Layers = LAYERS, epsg: int = EPSG) -> GeoPackage:
    """A new, empty project."""
    return GeoPackage.create(path, layers, epsg, Campaign("示范区创建", arrival=None))


def added(layer: str, row_id: str, geometry: BaseGeometry | None = None, **values: Any) -> Change:
    """A new row."""
    return Change(layer, row_id, None, {"code": row_id, **values, "geometry": geometry})


def updated(layer: str, row_id: str, **fields: tuple[Any, Any]) -> Change:
    """A changed row: field=(before, after)."""
    return Change(layer, row_id, {name: pair[0] for name, pair in fields.items()}, {name: pair[1] for name, pair in fields.items()})


def edit(*changes: Change, label: str = "改") -> Edit:
    """Some changes as one edit."""
    return Edit(label, changes)


def squares(count: int, beginning: str = "Z", seed: int = 1) -> list[Change]:
    """Many zones of 20 m, at places that look random and are always the same."""
    corners = np.random.default_rng(seed).uniform(0, 10_000, (count, 2)) + np.array([430_000, 3_090_000])
    shapes = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + 20, corners[:, 1] + 20)
    return [added("zone", f"{beginning}{number:06}", shape, name=f"网格{number}", people=number) for number, shape in enumerate(shapes)]


def spot(x: float = 437_018.632, y: float = 3_093_065.667) -> Point:
    """A point in the district."""
    return Point(x, y)


def rows(store: GeoPackage, layer: str) -> dict[str, dict[str, Any]]:
    """All rows of a layer as plain values, geometry as text."""
    return {one.id: dict(one.values) | {"geometry": one.geometry and one.geometry.wkt} for one in store.features(layer)}


def boxes(store: GeoPackage, layer: str) -> Sequence[tuple[Any, ...]]:
    """What the R-tree of a layer holds, and what SQLite thinks of it."""
    connection = store._connection
    assert connection.exec_driver_sql(f"SELECT rtreecheck('rtree_{layer}_geom')").scalar() == "ok"
    query = f"SELECT t.id, r.minx, r.miny, r.maxx, r.maxy FROM rtree_{layer}_geom r JOIN {layer} t ON t.fid = r.id ORDER BY t.fid"
    return connection.exec_driver_sql(query).all()
