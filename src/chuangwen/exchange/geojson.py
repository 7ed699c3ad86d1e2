"""JSON of every kind that a map service hands out: GeoJSON, one feature a line, a list of records; TopoJSON and Esri JSON through GDAL.

GDAL reads a sound file whole. It drops what is no feature and empties shapes that it cannot read without a word: a file of which it gives fewer rows or shapes
than stand in it is read again here, feature by feature, and the bad ones are named.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem
from chuangwen.exchange import encodings
from chuangwen.exchange.incoming import Column, Incoming, unique_titles
from chuangwen.exchange.layer_reading import incoming_of, read_whole
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_COUNTABLE = 64 << 20  # bytes: what is larger is not parsed a second time only to count
ENDINGS = (".geojson", ".json", ".geojsonl", ".topojson")
_HEAD = 4096
_FEATURE = re.compile(rb'"type"\s*:\s*"Feature"')
_FOREIGN = re.compile(rb'"(?:type"\s*:\s*"Topology"|rings"|paths"|geometryType"|esriGeometry|spatialReference")')
_LINKED = re.compile(rb'"crs"\s*:\s*\{[^{}]*"type"\s*:\s*"(?:link|url)"', re.IGNORECASE)
_ASSIGNED = re.compile(r"^\s*(?:var|let|const|window\.)?\s*[\w.$]+\s*=\s*(?=[\[{])")
_FEATURES = re.compile(r'"features"\s*:\s*\[')
_NEXT = re.compile(r'\{\s*"(?:type"\s*:\s*"Feature"|properties"|geometry"|id"|bbox")')
_BETWEEN = re.compile(r"[\s,]*")
_EPSG = re.compile(r"EPSG:(?:[\d.]*:)?(\d+)", re.IGNORECASE)
_GEOMETRIES = ("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection")


def is_foreign(path: Path) -> bool:
    """Whether the file is TopoJSON or Esri JSON, which GDAL's own drivers read."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return bool(_FOREIGN.search(head)) and not _FEATURE.search(head)


def read_geojson(path: Path, wanted: str = "auto") -> Incoming:
    """The features, or records, of a file. Raises `FileProblem` with the line and sign where its frame is broken."""
    content = path.read_bytes()
    if _plain_utf8(content, wanted) and not _LINKED.search(content):
        whole = _whole(path, content)
        if whole is not None:
            return whole
    text, found, bad = encodings.decode_text(content, wanted)
    reader = _Reader(path)
    reader.read(_ASSIGNED.sub("", text.strip("\ufeff\x00 \r\n\t")).rstrip(";"))
    if bad:
        reader.warnings.append(_("{file} 中有 {count} 处损坏的字节，已用�代替。").format(file=path.name, count=bad))
    return reader.incoming(found)


def _whole(path: Path, content: bytes) -> Incoming | None:
    """What GDAL reads, None where it fails or gives less than stands in the file."""
    import shapely

    count = shapes = 0
    if len(content) <= _COUNTABLE:
        try:
            found = json.loads(content)
        except (ValueError, RecursionError):
            return None
        features = found.get("features") if isinstance(found, dict) and found.get("type") == "FeatureCollection" else None
        if not isinstance(features, list) or not features:
            return None
        count = len(features)
        shapes = sum(isinstance(one, dict) and _has_shape(one.get("geometry")) for one in features)
        del found, features
    else:
        count = shapes = len(_FEATURE.findall(content))
    try:
        raw = read_whole(path, path)
    except FileProblem:
        return None  # our own reader knows where it is broken
    incoming = incoming_of(raw, path.name, "UTF-8", _("GeoJSON 规定为 UTF-8。"))
    if incoming.geometry is None or len(incoming) != count:
        return None
    read = (shapely.get_type_id(incoming.geometry) >= 0) & ~shapely.is_empty(incoming.geometry)
    return incoming if int(read.sum()) == shapes else None


def _has_shape(geometry: object) -> bool:
    return isinstance(geometry, dict) and bool(geometry.get("coordinates") or geometry.get("geometries"))


def _plain_utf8(content: bytes, wanted: str) -> bool:
    if wanted.strip().lower() not in ("", "auto", "utf-8", "utf8"):
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass
class _Reader:
    """Collects the features one by one. `rejected`: row → why."""

    path: Path
    values: list[dict[str, Scalar]] = field(default_factory=list)
    shapes: list[BaseGeometry | None] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    crs: str = ""
    flat: bool = False  # records without shapes

    def read(self, text: str) -> None:
        """Take all there is."""
        try:
            self._take(json.loads(text))
        except json.JSONDecodeError as error:
            if error.msg == "Extra data":
                self._take_lines(text)
            elif (start := _FEATURES.search(text)) is not None and text.endswith("}"):
                self._take_pieces(text, start.end(), error)
            else:
                raise self._broken(error) from error
        except RecursionError as error:
            raise self._foreign() from error

    def _take(self, found: Any) -> None:
        if isinstance(found, list):
            features: Any = found
        elif isinstance(found, dict):
            self.crs = _crs(found)
            kind = found.get("type")
            features = found.get("features") if kind == "FeatureCollection" else [found] if kind in ("Feature", *_GEOMETRIES) else found.get("data")
        else:
            features = None
        if not isinstance(features, list):
            raise self._foreign()
        self.flat = bool(features) and not any(_is_feature(one) or _is_shape(one) for one in features)
        if self.flat and not all(isinstance(one, dict) for one in features):
            raise self._foreign()
        for row, feature in enumerate(features, 1):
            self._take_feature(row, feature)

    def _take_lines(self, text: str) -> None:
        """One object a line (newline-delimited GeoJSON)."""
        found = []
        for line, content in enumerate(text.splitlines(), 1):
            if content := content.strip(" \t\x1e"):
                try:
                    found.append((line, json.loads(content)))
                except (json.JSONDecodeError, RecursionError):
                    self.rejected.append((line, _("这一行不是完整的 JSON，无法读取")))
        if len(self.rejected) > len(found):
            raise self._foreign()
        self.flat = not any(_is_feature(one) or _is_shape(one) for _line, one in found)
        for line, one in found:
            self._take_feature(line, one)

    def _take_pieces(self, text: str, at: int, error: json.JSONDecodeError) -> None:
        """Feature by feature, over those whose text is broken. Raises `FileProblem` where nothing but the frame is."""
        decoder = json.JSONDecoder()
        row = 0
        while True:
            at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
            if text[at : at + 1] in ("]", ""):
                break
            row += 1
            try:
                feature, at = decoder.raw_decode(text, at)
                self._take_feature(row, feature)
            except (json.JSONDecodeError, RecursionError):
                self.rejected.append((row, _("这个要素的文字已损坏，无法读取")))
                following = _NEXT.search(text, at + 1)
                if following is None:
                    break
                at = following.start()
        if not self.rejected or not self.rows:
            raise self._broken(error) from error
        self.crs = _crs({"crs": {"properties": {"name": text[: text.find("features")]}}}) if '"crs"' in text[: text.find("features")] else _crs({})

    def _take_feature(self, row: int, feature: Any) -> None:
        if self.flat:
            self._add(row, feature, None)
            return
        if not _is_feature(feature) and not _is_shape(feature):
            self.rejected.append((row, _("这一项不是要素（Feature），无法读取")))
            return
        whole = feature if _is_feature(feature) else {"geometry": feature}
        try:
            shape = _shape(whole.get("geometry"))
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            self.rejected.append((row, _("图形已损坏，无法读取")))
            return
        self._add(row, whole.get("properties"), shape)

    def _add(self, row: int, properties: Any, shape: BaseGeometry | None) -> None:
        self.rows.append(row)
        self.values.append({str(name): _scalar(value) for name, value in properties.items()} if isinstance(properties, dict) else {})
        self.shapes.append(shape)

    def _broken(self, error: json.JSONDecodeError) -> FileProblem:
        where = _("（第 {line} 行第 {sign} 个字符处）").format(line=error.lineno, sign=error.colno)
        return FileProblem(
            _("{file} 无法读取：文件已损坏，或不是这种格式{where}。").format(file=self.path.name, where=where), hint=_("请向提供者重新索取，或重新复制一遍。")
        )

    def _foreign(self) -> FileProblem:
        return FileProblem(_("{file} 是 JSON，但里面没有地图要素。").format(file=self.path.name), hint=_("请向提供者索取 GeoJSON，或带经纬度的表格。"))

    def incoming(self, found: encodings.Encoding) -> Incoming:
        """What was collected, as an import takes it."""
        titles = list(dict.fromkeys(name for values in self.values for name in values))
        columns = tuple(Column(unique, [values.get(title) for values in self.values], (title,)) for unique, title in _pairs(titles))
        geometry = None
        if not self.flat:
            geometry = np.empty(len(self.rows), dtype=object)
            geometry[:] = self.shapes
        return Incoming(
            self.path.name,
            columns,
            self.rows,
            geometry,
            "" if self.flat else self.crs or f"EPSG:{_WGS84}",
            found.name,
            found.evidence,
            warnings=tuple(self.warnings),
            rejected=tuple(self.rejected),
        )


_WGS84 = 4326


def _pairs(titles: list[str]) -> Iterator[tuple[str, str]]:
    return zip(unique_titles(titles), titles, strict=True)


def _is_feature(one: Any) -> bool:
    return isinstance(one, dict) and (one.get("type") == "Feature" or ("geometry" in one and "properties" in one))


def _is_shape(one: Any) -> bool:
    return isinstance(one, dict) and one.get("type") in _GEOMETRIES and ("coordinates" in one or "geometries" in one)


def _shape(geometry: Any) -> BaseGeometry | None:
    """A GeoJSON geometry in two dimensions; None for null and for an empty one. Raises what Python and GEOS raise for a broken one."""
    import shapely
    from shapely.geometry import shape

    if geometry is None:
        return None
    try:
        found: BaseGeometry = shapely.force_2d(shape(geometry))
    except shapely.errors.ShapelyError as error:
        raise ValueError(str(error)) from error
    return None if found.is_empty else found


def _crs(found: Any) -> str:
    """The CRS that a collection names, never fetched: WGS 84 where it names none (RFC 7946), '' where only a link says it."""
    said = found.get("crs")
    if not isinstance(said, dict):
        return f"EPSG:{_WGS84}"
    name = said.get("properties", {}).get("name") if isinstance(said.get("properties"), dict) else None
    code = _EPSG.search(str(name or ""))
    return f"EPSG:{code[1]}" if code else f"EPSG:{_WGS84}" if name else ""


def _scalar(value: Any) -> Scalar:
    if isinstance(value, float) and math.isnan(value):
        return None
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return json.dumps(value, ensure_ascii=False)
