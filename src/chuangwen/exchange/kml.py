"""KML and KMZ, as 奥维, 91卫图 and Google Earth write them, read by our own hand: GBK that says UTF-8, no namespace, cut in half, HTML for attributes.

Nothing that the file links to is fetched; entities are refused before they expand. Coordinates are WGS 84 degrees by definition.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem
from chuangwen.exchange import encodings
from chuangwen.exchange.incoming import Column, Incoming, Repaired, unique_titles
from chuangwen.text import _

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from shapely.geometry.base import BaseGeometry

_LARGEST = 400 << 20
_WGS84 = 4326
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)[\"'][^>]*\?>", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PREFIX = re.compile(r"(</?)[A-Za-z][\w.-]*:|\s(?:xsi|gx|atom|xal):[\w.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*')")
_TUPLE = re.compile(r"(-?[\d.]+(?:[eE][+-]?\d+)?)\s*,\s*(-?[\d.]+(?:[eE][+-]?\d+)?)")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)(\w+;)?")
_OPENING = ("Document", "Folder", "Placemark", "NetworkLink", "GroundOverlay")
_KEPT = ("name", "description", "address", "phoneNumber", "snippet", "Snippet")


def read_kml(path: Path, content: bytes, wanted: str = "auto") -> Incoming:
    """Every Placemark of the file `path` with its folder, its data and its shape. Raises `FileProblem` for what is no KML or is a trap."""
    if len(content) > _LARGEST:
        raise FileProblem(_("{file} 太大（{size} MB），没有打开。").format(file=path.name, size=len(content) >> 20), hint=_("请核对来源。"))
    text, found = _decoded(content, wanted)
    reader = _Reader(path)
    try:
        reader.read(text)
    except _Unbound:
        reader = _Reader(path)
        reader.read(_PREFIX.sub(lambda one: one[1] or "", text))
    if reader.broken and (escaped := _escaped(text)) != text:
        reader = _Reader(path)
        reader.read(escaped)
    if reader.broken and not reader.rows:
        raise FileProblem(
            _("{file} 无法读取：文件已损坏（第 {line} 行）。").format(file=path.name, line=reader.broken), hint=_("请向提供者重新索取，或重新复制一遍。")
        )
    if not reader.seen:
        raise FileProblem(_("{file} 不是 KML，或里面什么都没有。").format(file=path.name), hint=_("请向提供者重新索取文件。"))
    return reader.incoming(found)


class _Unbound(Exception):
    """A prefix that is declared nowhere."""


class _Reader:
    """Walks the elements as they end, so that a file cut in half gives what stands before the cut."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seen = False
        self.folders: list[str] = []
        self.rows: list[dict[str, Scalar]] = []
        self.shapes: list[BaseGeometry | None] = []
        self.repaired: list[Repaired] = []
        self.warnings: list[str] = []
        self.broken = 0  # the line

    def read(self, text: str) -> None:
        """Collect the Placemarks."""
        from xml.etree.ElementTree import ParseError

        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import iterparse

        stack: list[str] = []
        try:
            for event, element in iterparse(io.BytesIO(text.encode("utf-8", "replace")), events=("start", "end"), forbid_dtd=False):
                tag = _bare(element.tag)
                if event == "start":
                    stack.append(tag)
                    self.seen |= tag in _OPENING
                    if tag in ("Folder", "Document"):
                        self.folders.append("")
                    continue
                stack.pop()
                self._ended(tag, element, stack)
        except DefusedXmlException as error:
            raise FileProblem(
                _("{file} 里有实体定义（可能是恶意文件），没有打开。").format(file=self.path.name), hint=_("请核对来源，或用原软件重新导出。")
            ) from error
        except ParseError as error:
            if "unbound prefix" in str(error):
                raise _Unbound from error
            self.broken = error.position[0]
            self.warnings.append(_("文件从第 {line} 行起已损坏，只读到前 {count} 个。").format(line=self.broken, count=len(self.rows)))

    def _ended(self, tag: str, element: Element, stack: Sequence[str]) -> None:
        if tag == "name" and stack and stack[-1] in ("Folder", "Document") and self.folders:
            self.folders[-1] = _text(element)
        elif tag == "Placemark":
            self._placemark(element)
            element.clear()
        elif tag in ("Folder", "Document") and self.folders:
            self.folders.pop()
        elif tag in ("NetworkLink", "GroundOverlay", "PhotoOverlay", "ScreenOverlay"):
            word = _("文件里有指向别处的链接或贴图（{tag}），没有读取。").format(tag=tag)
            if word not in self.warnings:
                self.warnings.append(word)

    def _placemark(self, element: Element) -> None:
        row = len(self.rows) + 1
        values: dict[str, Scalar] = {}
        for child in element:
            tag = _bare(child.tag)
            if tag in _KEPT and (text := _text(child)):
                values[_TITLES.get(tag, tag)] = text
            elif tag == "ExtendedData":
                values |= _extended(child)
            elif tag == "TimeStamp":
                values[_("时间")] = _text(child)
        description = values.get(_TITLES["description"])
        if isinstance(description, str) and "<" in description:
            pairs = _pairs(description)
            if pairs:
                values = {**pairs, **{name: value for name, value in values.items() if name != _TITLES["description"]}}
        folder = "/".join(name for name in self.folders if name)
        if folder:
            values[_("文件夹")] = folder
        parts = [shape for child in element if (shape := _shape(child)) is not None]
        self.rows.append(values)
        self.shapes.append(_joined(parts))
        if any(_bare(child.tag) in _SHAPES for child in element) and not parts:
            self.repaired.append(Repaired(row, _("坐标读不懂，按未定位处理")))

    def incoming(self, found: encodings.Encoding) -> Incoming:
        """What was collected, as an import takes it."""
        titles = list(dict.fromkeys(name for values in self.rows for name in values))
        columns = tuple(
            Column(unique, [values.get(title) for values in self.rows], (title,)) for unique, title in zip(unique_titles(titles), titles, strict=True)
        )
        geometry = np.empty(len(self.rows), dtype=object)
        geometry[:] = self.shapes
        evidence = found.evidence + (_("示例：{samples}").format(samples=" / ".join(found.samples)) if found.samples else "")
        rows = range(1, len(self.rows) + 1)
        return Incoming(
            self.path.name,
            columns,
            rows,
            geometry,
            f"EPSG:{_WGS84}",
            found.name,
            evidence,
            repaired=tuple(self.repaired),
            warnings=tuple(self.warnings),
        )


_TITLES = {"name": _("名称"), "description": _("描述"), "address": _("地址"), "phoneNumber": _("电话"), "snippet": _("摘要"), "Snippet": _("摘要")}
_SHAPES = ("Point", "LineString", "LinearRing", "Polygon", "MultiGeometry", "Track", "MultiTrack")


def _decoded(content: bytes, wanted: str) -> tuple[str, encodings.Encoding]:
    """The text of the file without its declaration: the declared encoding where the bytes agree, else by evidence."""
    declared = _DECLARED.match(content[:300])
    if wanted.strip().lower() in ("", "auto") and declared:
        codec = encodings.codec_of(declared[1].decode("ascii"))
        try:
            if codec is not None:
                text = content.decode("utf-8-sig" if codec == "utf-8" else codec)
                name = declared[1].decode("ascii").upper()
                return _DECLARATION.sub("", text), encodings.Encoding(name, codec, _("文件声明为 {name}，与内容相符。").format(name=name))
        except UnicodeDecodeError:
            pass
    text, found, _bad = encodings.decode_text(content, wanted)
    return _DECLARATION.sub("", text), found


def _escaped(text: str) -> str:
    """HTML's own entities (&nbsp;) as their characters, and a bare & as one: many a program forgets to escape them."""
    return _ENTITY.sub(lambda one: html.unescape(one[0]) if one[1] and html.unescape(one[0]) != one[0] else "&amp;" + one[0][1:], text)


def _bare(tag: Any) -> str:
    return str(tag).rpartition("}")[2].rpartition(":")[2]


def _text(element: Element) -> str:
    """All text in an element, also where HTML stands in it unescaped."""
    return "".join(element.itertext()).strip()


def _extended(element: Element) -> dict[str, Scalar]:
    """ExtendedData: Data/value, SchemaData/SimpleData, or plain elements."""
    found: dict[str, Scalar] = {}
    for child in element:
        tag = _bare(child.tag)
        if tag == "SchemaData":
            found |= {str(one.get("name") or ""): _text(one) or None for one in child}
        elif tag == "Data":
            shown = next((_text(one) for one in child if _bare(one.tag) == "displayName"), "")
            value = next((_text(one) for one in child if _bare(one.tag) == "value"), "")
            found[shown or str(child.get("name") or "")] = value or None
        else:
            found[tag] = _text(child) or None
    return {name: value for name, value in found.items() if name}


class _Cells(HTMLParser):
    """The rows of the tables in a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self._cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            if self.rows:
                self.rows[-1].append("".join(self._cell).strip())
            self._cell = None

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)


def _pairs(table: str) -> dict[str, Scalar]:
    """The attributes that ArcGIS writes as an HTML table of two columns."""
    cells = _Cells()
    cells.feed(table)
    pairs = [row for row in cells.rows if len(row) == 2 and row[0]]
    return {name: value or None for name, value in pairs} if len(pairs) >= 2 else {}


def _shape(element: Element) -> BaseGeometry | None:
    import shapely

    tag = _bare(element.tag)
    if tag == "Point":
        points = _coordinates(element)
        return shapely.Point(points[0]) if points else None
    if tag in ("LineString", "LinearRing"):
        points = _coordinates(element)
        return shapely.LineString(points) if len(points) > 1 else None
    if tag == "Track":
        points = [(x, y) for one in element if _bare(one.tag) == "coord" for x, y in _triple(one)]
        return shapely.LineString(points) if len(points) > 1 else None
    if tag == "Polygon":
        return _polygon(element)
    if tag in ("MultiGeometry", "MultiTrack"):
        return _joined([shape for child in element if (shape := _shape(child)) is not None])
    return None


def _polygon(element: Element) -> BaseGeometry | None:
    import shapely

    rings: dict[str, list[list[tuple[float, float]]]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
    for side in element:
        for ring in side:
            points = _coordinates(ring)
            if len(points) > 2 and _bare(side.tag) in rings:
                rings[_bare(side.tag)].append(points if points[0] == points[-1] else [*points, points[0]])
    shells = rings["outerBoundaryIs"]
    return shapely.Polygon(shells[0], [ring for ring in rings["innerBoundaryIs"] if len(ring) > 3]) if shells and len(shells[0]) > 3 else None


def _coordinates(element: Element) -> list[tuple[float, float]]:
    text = " ".join(_text(one) for one in element.iter() if _bare(one.tag) == "coordinates")
    found = []
    for x, y in _TUPLE.findall(_without_height(text)):
        try:
            found.append((float(x), float(y)))
        except ValueError:
            continue
    return found


def _without_height(text: str) -> str:
    """x,y,z as x,y: the pattern must not take a height for the next x."""
    return " ".join(",".join(part.split(",")[:2]) for part in re.sub(r"\s*,\s*", ",", text).split())


def _triple(element: Element) -> Iterator[tuple[float, float]]:
    parts = _text(element).split()
    if len(parts) >= 2:
        try:
            yield float(parts[0]), float(parts[1])
        except ValueError:
            return


def _joined(parts: Sequence[BaseGeometry]) -> BaseGeometry | None:
    import shapely

    if len(parts) < 2:
        return parts[0] if parts else None
    kinds = {part.geom_type for part in parts}
    single = kinds.pop() if len(kinds) == 1 else ""
    makers = {"Point": shapely.multipoints, "LineString": shapely.multilinestrings, "Polygon": shapely.multipolygons}
    return makers[single](list(parts)) if single in makers else shapely.geometrycollections(list(parts))
