"""Content for tests of drawing: a layer with some features in one line. Coordinates are metres about (500 000, 3 100 000)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from shapely.affinity import translate
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field, Label, Layer, Symbol
from chuangwen.render.scene import LayerContent
from chuangwen.render.view import MapView

EAST, NORTH = 500_000.0, 3_100_000.0


def layer(geometry: str, symbols: Sequence[Symbol] = (Symbol(fill="#336699", stroke="#222222"),), label: Label | None = None, **more: Any) -> Layer:
    """A layer with the fields code, name and class."""
    fields = tuple(Field(name, "text", name) for name in ("code", "name", "class"))
    return Layer(more.pop("id", geometry), more.pop("title", geometry), geometry=geometry, fields=fields, symbols=tuple(symbols), label=label, **more)


def features(of: Layer, shapes: Sequence[BaseGeometry | None], **columns: Sequence[Any]) -> Features:
    """Features with ids 0, 1, 2 … and codes like them."""
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = [None if one is None else translate(one, EAST, NORTH) for one in shapes]
    ids = [str(number) for number in range(len(shapes))]
    return Features(of, ids, {"code": ids, **{name: list(values) for name, values in columns.items()}}, geometry)


def content(of: Layer, shapes: Sequence[BaseGeometry | None], columns: dict[str, Sequence[Any]] | None = None, **more: Any) -> LayerContent:
    """Content of a layer made on the spot."""
    return LayerContent(features(of, shapes, **(columns or {})), **more)


def view(denominator: float = 1_000, width: float = 100, height: float = 80, **more: Any) -> MapView:
    """A view of (EAST, NORTH): at 1:1 000 a metre is a millimetre."""
    return MapView((EAST, NORTH), denominator, width, height, **more)
