"""Small real files that the tests of this folder make."""

from __future__ import annotations

import csv
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely
from openpyxl import Workbook

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layers
from chuangwen.store.base import SourceRows
from tests.build import SHARED, layers

CORPUS = SHARED / "corpus" / "derived_cn"
REAL = SHARED / "real"

SQUARES = [shapely.box(435_000 + 100 * n, 4_418_000, 435_100 + 100 * n, 4_418_100) for n in range(4)]
"""Four neighbours in EPSG:4548."""


def shapefile(path: Path, columns: dict[str, Sequence[str]], shapes: Sequence[Any] = SQUARES, crs: str = "EPSG:4548", encoding: str = "GBK") -> Path:
    """A shapefile with text columns, as an office would get it: GBK, no .cpg."""
    geometry = np.array([None if one is None else shapely.to_wkb(one) for one in shapes], dtype=object)
    kind = next(one.geom_type for one in shapes if one is not None).removeprefix("Multi")
    values = [np.array(list(column), dtype=object) for column in columns.values()]
    pyogrio.raw.write(path, geometry, values, np.array(list(columns), dtype=object), geometry_type=kind, crs=crs, driver="ESRI Shapefile", encoding=encoding)
    path.with_suffix(".cpg").unlink()
    return path


def layer_file(path: Path, driver: str, shapes: Sequence[Any] = SQUARES, layer: str | None = None, *, fields: bool = True, **options: str) -> Path:
    """One layer of `shapes` named 1号, 2号 … in any format of GDAL's; added to the file where `layer` is given and the file is there."""
    geometry = np.array([None if one is None else shapely.to_wkb(one) for one in shapes], dtype=object)
    values = [np.array([f"{number}号" for number in range(1, len(shapes) + 1)], dtype=object)] if fields else []
    kind = next((one.geom_type for one in shapes if one is not None), "Unknown")
    named = {"layer": layer, "append": False} if layer else {}
    more = {"layer_options": options} if options else {}
    titles = np.array(["名称"] if fields else [], dtype=object)
    pyogrio.raw.write(path, geometry, values, titles, geometry_type=kind, crs="EPSG:4548", driver=driver, **named, **more)
    return path


def gpkg(path: Path, layers: dict[str, Sequence[Any]]) -> Path:
    """A GeoPackage with these layers."""
    for name, shapes in layers.items():
        layer_file(path, "GPKG", shapes, name)
    return path


def set_ldid(path: Path, ldid: int) -> None:
    """Write the language byte of a DBF."""
    with path.with_suffix(".dbf").open("r+b") as file:
        file.seek(29)
        file.write(struct.pack("B", ldid))


def workbook(path: Path, rows: Sequence[Sequence[Any]], merges: Sequence[str] = ()) -> Path:
    """A workbook of one sheet."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merges:
        book.active.merge_cells(area)
    book.save(path)
    return path


def table(path: Path, rows: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    """A text table."""
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


class View:
    """A project in memory, as `importing.plan` and `placing.propose` see one."""

    def __init__(self, epsg: int = 4548, last: SourceRows | None = None, **features: Features) -> None:
        self.layers: Layers = layers()
        self.epsg = epsg
        self._features = features
        self._last = last

    def features(self, layer: str) -> Features:
        return self._features[layer] if layer in self._features else Features(self.layers[layer], [], {})

    def former(self, layer: str, list_key: str) -> SourceRows | None:
        return self._last if self._last is not None and self._last.layer == layer else None

    def said_before(self, layer: str) -> SourceRows:
        return self.former(layer, "") or SourceRows(layer)


def features(layer: str, *rows: dict[str, Any]) -> Features:
    """Features of a shipped layer; the key `geometry` holds a shape."""
    declared = layers()[layer]
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [row.get("geometry") for row in rows]
    columns = {one.name: [row.get(one.name) for row in rows] for one in declared.fields}
    return Features(declared, [f"{layer}-{number}" for number in range(len(rows))], columns, geometry)
