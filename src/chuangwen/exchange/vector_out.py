"""Shapes and attributes to the files of GDAL: shapefile, GeoPackage, GeoJSON, FlatGeobuf. Only here stands pyogrio's writing side.

A shapefile is the format that loses most: field names hold ten bytes and texts 254, GBK holds no rare characters. Nothing of that is lost in silence: names
are explained in a field table, whole texts lie in a table beside it, and what GBK cannot hold turns the file into UTF-8 (domain.md 7.6, docs/decisions/0052).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.field_names import short_names, short_titles
from chuangwen.exchange.gdal import pyogrio
from chuangwen.exchange.outgoing import DEGREES, Export, placed, safe, write_table
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIELD_TABLE, LONG_TEXTS = "字段对照表", "长文本"
"""What stands behind the name of a shapefile in the names of its companions."""
_KINDS = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
_MULTI = {"line": (1, shapely.multilinestrings), "polygon": (3, shapely.multipolygons)}
_WIDTH_BYTES = 254
_LDID_GBK = 0x4D
_LDID_AT = 29
_PLAIN_TYPES = ("integer", "real", "boolean", "date", "datetime")


def write_shapefile(export: Export, path: Path) -> list[str]:
    """The set of files, its field table, and the table of texts that were too long. Raises `DataProblem` where GBK was demanded and cannot hold a character."""
    features = export.features
    fields = features.layer.fields
    texts = {one.name: [None if value is None else plain(value) for value in features.column(one.name)] for one in fields if one.type not in _PLAIN_TYPES}
    codec, notes = _codec(export, texts)
    names = short_titles(fields, codec) if export.chinese_names else short_names(fields)
    target = export.wanted_epsg or export.epsg
    cut = {name: [value if value is None else _cut(value, codec) for value in values] for name, values in texts.items()}
    table = {names[one.name]: cut.get(one.name) or features.column(one.name) for one in fields}
    label = "GBK" if codec == "gbk" else "UTF-8"
    _write(path, "ESRI Shapefile", placed(export, target), export, target, table, encoding=label)
    path.with_suffix(".cpg").write_text(label, encoding="ascii")
    if codec == "gbk":
        _say_gbk(path.with_suffix(".dbf"))
    head = [_("字段"), _("名称"), _("单位"), _("取值")]
    rows = [[names[one.name], one.title, one.unit, " ".join(f"{choice.value}={choice.title}" for choice in one.choices)] for one in fields]
    write_table(_beside(path, FIELD_TABLE), [head, *rows])
    codes = features.column("code")
    long = [
        [plain(code), one.title, names[one.name], safe(whole)]
        for one in fields
        for code, whole, short in zip(codes, texts.get(one.name, ()), cut.get(one.name, ()), strict=False)
        if whole is not None and whole != short
    ]
    if long:
        write_table(_beside(path, LONG_TEXTS), [[_("编号"), _("字段"), _("字段名"), _("全文")], *long])
        note = _("{count} 处文字超过 shapefile 的 {size} 字节，文件中截短，全文在 {file}。")
        notes.append(note.format(count=len(long), size=_WIDTH_BYTES, file=_beside(path, LONG_TEXTS).name))
    return notes


def write_geopackage(export: Export, path: Path) -> list[str]:
    """One layer named by its identifier; a table without shapes where the layer has none."""
    layer = export.features.layer
    target = export.wanted_epsg or export.epsg
    _write(path, "GPKG", placed(export, target) if layer.has_geometry else None, export, target, _table(export.features), layer=layer.id)
    return []


def write_geojson(export: Export, path: Path) -> list[str]:
    """RFC 7946: degrees, counter-clockwise; in another CRS on demand, which old programs read."""
    target = export.wanted_epsg or DEGREES
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": "9"} if target == DEGREES else {}  # 0.1 mm; the usual seven digits are a centimetre
    _write(path, "GeoJSON", placed(export, target), export, target, _table(export.features), **options)
    return []


def write_flatgeobuf(export: Export, path: Path) -> list[str]:
    """In the order of the layer: no spatial index, which would sort the rows anew (and refuses those without a place)."""
    target = export.wanted_epsg or export.epsg
    _write(path, "FlatGeobuf", placed(export, target), export, target, _table(export.features), SPATIAL_INDEX="NO")
    return []


def _codec(export: Export, texts: Mapping[str, Iterable[str | None]]) -> tuple[str, list[str]]:
    """The codec of a shapefile, and what must be said of it."""
    wanted = export.encoding.lower()
    if wanted.startswith("utf"):
        return "utf-8", []
    joined = "".join(value for values in texts.values() for value in values if value is not None)
    try:
        joined.encode("gbk")
    except UnicodeEncodeError:
        rare = "".join(dict.fromkeys(sign for sign in joined if not _in_gbk(sign)))[:10]
        if wanted == "auto":
            return "utf-8", [_("有 GBK 里没有的字（{signs}），shapefile 按 UTF-8 写出。").format(signs=rare)]
        raise DataProblem(_("GBK 里没有这些字：{signs}，不能按 GBK 写出。").format(signs=rare), hint=_("请改用 UTF-8，或导出为 GeoPackage。")) from None
    return "gbk", []


def _in_gbk(sign: str) -> bool:
    try:
        sign.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _say_gbk(table: Path) -> None:
    """ArcGIS believes the language byte of the DBF, others the .cpg: both say the same."""
    with table.open("r+b") as file:
        file.seek(_LDID_AT)
        file.write(bytes([_LDID_GBK]))


def _beside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.stem}_{what}.csv")


def _cut(text: str, codec: str) -> str:
    """`text` in what a DBF holds, cut between characters."""
    raw = text.encode(codec)
    return text if len(raw) <= _WIDTH_BYTES else raw[:_WIDTH_BYTES].decode(codec, "ignore")


def _table(features: Features) -> dict[str, Sequence[Scalar]]:
    return {one.name: features.column(one.name) for one in features.layer.fields}


def _write(
    path: Path,
    driver: str,
    geometry: NDArray[np.object_] | None,
    export: Export,
    epsg: int,
    table: Mapping[str, Sequence[Scalar]],
    encoding: str | None = None,
    **options: Any,
) -> None:
    package = pyogrio()
    errors = package.errors
    columns = [_array(one, values) for one, values in zip(export.features.layer.fields, table.values(), strict=True)]
    kind = export.features.layer.geometry
    shaped = None
    if geometry is not None:
        geometry = _as_multi(geometry, kind)
        shaped = np.asarray(shapely.to_wkb(geometry), dtype=object)
    try:
        package.raw.write(
            path,
            shaped,
            [array for array, _mask in columns],
            np.array(list(table), dtype=object),
            field_mask=[mask for _array, mask in columns],
            geometry_type=(_KINDS.get(kind) or _common_type(geometry)) if geometry is not None else None,
            crs=f"EPSG:{epsg}",
            driver=driver,
            encoding=encoding,
            **options,
        )
    except (errors.DataSourceError, errors.FeatureError, errors.FieldError, errors.GeometryError) as error:
        raise FileProblem(_("无法写入 {file}。").format(file=path.name), hint=_("请检查磁盘空间，或换一种格式。")) from error


def _array(one: Field, values: Sequence[Scalar]) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """A numpy column of the field's type, and which values are missing."""
    mask = np.array([value is None for value in values], dtype=bool)
    if one.type == "integer":
        return np.array([0 if value is None else int(value) for value in values], dtype=np.int64), mask  # type: ignore[arg-type]
    if one.type == "real":
        return np.array([0.0 if value is None else float(value) for value in values], dtype=np.float64), mask  # type: ignore[arg-type]
    if one.type == "boolean":
        return np.array([bool(value) for value in values], dtype=bool), mask
    if one.type == "date":
        days = [value.date() if isinstance(value, dt.datetime) else value for value in values]
        return np.array(days, dtype="datetime64[D]"), mask
    if one.type == "datetime":
        return np.array(list(values), dtype="datetime64[ms]"), mask
    texts = np.empty(len(values), dtype=object)
    texts[:] = [None if value is None else plain(value) for value in values]
    return texts, mask


def _as_multi(geometry: NDArray[np.object_], kind: str) -> NDArray[np.object_]:
    """Single lines and areas as multiple ones of one part: a file holds one type."""
    if kind not in _MULTI:
        return geometry
    single, made = _MULTI[kind]
    found = geometry.copy()
    positions = np.flatnonzero(shapely.get_type_id(geometry) == single)
    if len(positions):
        found[positions] = made(geometry[positions], indices=np.arange(len(positions)))
    return found


def _common_type(geometry: NDArray[np.object_]) -> str:
    types = {one.geom_type for one in geometry if one is not None}
    return types.pop() if len(types) == 1 else "Unknown"
