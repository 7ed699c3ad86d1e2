"""The golden cases: a folder each with layer.toml, data.geojson (metres of a project's CRS), view.toml, reference.png."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
from shapely.geometry import shape

from chuangwen.domain.feature import Features
from chuangwen.domain.layer_text import parse_layer
from chuangwen.render.scene import LayerContent
from chuangwen.render.view import MapView

FOLDER = Path(__file__).parents[1] / "golden"
CASES = sorted(path.parent for path in FOLDER.glob("*/layer.toml"))


def read(case: Path) -> tuple[list[LayerContent], MapView]:
    """Content and view of a case."""
    layer = parse_layer((case / "layer.toml").read_text(encoding="utf-8"), f"{case.name}/layer.toml")
    rows = json.loads((case / "data.geojson").read_text(encoding="utf-8"))["features"]
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [shape(row["geometry"]) for row in rows]
    columns = {one.name: [row["properties"].get(one.name) for row in rows] for one in layer.fields}
    features = Features(layer, [str(row["properties"].get("code", number)) for number, row in enumerate(rows)], columns, geometry)
    table = tomllib.loads((case / "view.toml").read_text(encoding="utf-8"))
    faded = frozenset(table.pop("faded", ()))
    numbers = table.pop("numbers", {})
    view = MapView(centre=tuple(table.pop("centre")), **table)
    return [LayerContent(features, faded=faded, numbers=numbers)], view
