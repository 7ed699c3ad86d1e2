"""A layer as KML: what phones and Ovital or Google Earth open. Degrees, a style for each symbol of the layer, every field under its Chinese title.

Written by ElementTree, which escapes whatever a field holds; texts stand in ExtendedData and never as HTML.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # written only, never parsed

import shapely

from chuangwen.domain.layer import Layer, Symbol
from chuangwen.exchange.outgoing import DEGREES, Export, placed
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_NAMESPACE = "http://www.opengis.net/kml/2.2"
_DECIMALS = 9  # 0.1 mm
_UNSEEN = dict.fromkeys((*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0xFFFE, 0xFFFF))  # what XML cannot hold


def write_kml(export: Export, path: Path) -> list[str]:
    """Every feature is a Placemark; one without a place has no shape and is kept."""
    features = export.features
    layer = features.layer
    root = ET.Element("kml", xmlns=_NAMESPACE)
    document = ET.SubElement(root, "Document")
    _text(document, "name", export.title or layer.title)
    for number, symbol in enumerate(layer.symbols):
        _style(document, f"s{number}", symbol, layer)
    shapes = placed(export, DEGREES)
    shown = [[one.show(value) if value is not None else "" for value in features.column(one.name)] for one in layer.fields]
    for at in range(len(features)):
        mark = ET.SubElement(document, "Placemark")
        _text(mark, "name", str(features.column("name")[at] or features.column("code")[at] or ""))
        _text(mark, "styleUrl", f"#s{_symbol_of(layer, {one.name: features.column(one.name)[at] for one in layer.fields})}")
        data = ET.SubElement(mark, "ExtendedData")
        for one, texts in zip(layer.fields, shown, strict=True):
            if texts[at]:
                held = ET.SubElement(data, "Data", name=one.name)
                _text(held, "displayName", one.title)
                _text(held, "value", texts[at])
        if shapes[at] is not None:
            _shape(mark, shapes[at])
    ET.indent(root, " ")
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    nowhere = len(features) - int((shapely.get_type_id(shapes) >= 0).sum())
    return [_("{count} 条没有位置，在 KML 中只有属性。").format(count=nowhere)] if nowhere else []


def _text(parent: ET.Element, tag: str, text: str) -> None:
    ET.SubElement(parent, tag).text = text.translate(_UNSEEN)


def _symbol_of(layer: Layer, values: dict[str, object]) -> int:
    return next((number for number, symbol in enumerate(layer.symbols) if all(values.get(name) in wanted for name, wanted in symbol.when.items())), 0)


def _style(document: ET.Element, name: str, symbol: Symbol, layer: Layer) -> None:
    style = ET.SubElement(document, "Style", id=name)
    if layer.geometry == "point":
        icon = ET.SubElement(style, "IconStyle")
        _text(icon, "color", _colour(symbol.fill or symbol.stroke))
        return
    line = ET.SubElement(style, "LineStyle")
    _text(line, "color", _colour(symbol.stroke))
    _text(line, "width", f"{max(symbol.stroke_width * 4, 1):g}")
    if layer.geometry == "polygon":
        area = ET.SubElement(style, "PolyStyle")
        _text(area, "color", _colour(symbol.fill, "66") if symbol.fill else "00ffffff")


def _colour(rgb: str, alpha: str = "ff") -> str:
    """#rrggbb as KML's aabbggrr."""
    return f"{alpha}{rgb[5:7]}{rgb[3:5]}{rgb[1:3]}" if len(rgb) == 7 else f"{alpha}000000"


def _shape(parent: ET.Element, shape: BaseGeometry) -> None:
    parts = list(getattr(shape, "geoms", [shape]))
    home = ET.SubElement(parent, "MultiGeometry") if len(parts) != 1 else parent
    for part in parts:
        if part.geom_type == "Polygon":
            area = ET.SubElement(home, "Polygon")
            for tag, ring in _rings(part):
                edge = ET.SubElement(ET.SubElement(area, tag), "LinearRing")
                _text(edge, "coordinates", _coordinates(ring))
        elif not part.is_empty:
            one = ET.SubElement(home, "Point" if part.geom_type == "Point" else "LineString")
            _text(one, "coordinates", _coordinates(part))


def _rings(area: BaseGeometry) -> Iterator[tuple[str, BaseGeometry]]:
    turned = shapely.orient_polygons(area)  # the shell counter-clockwise, as KML wants it
    yield "outerBoundaryIs", turned.exterior
    for hole in turned.interiors:
        yield "innerBoundaryIs", hole


def _coordinates(shape: BaseGeometry) -> str:
    return " ".join(f"{x:.{_DECIMALS}f},{y:.{_DECIMALS}f}" for x, y in shapely.get_coordinates(shape).tolist())
