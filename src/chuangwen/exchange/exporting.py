"""A layer to a file: shapefile, GeoPackage, GeoJSON, CSV or workbook. Written beside its name and renamed: no half file under the right name.

Shapefile field names hold ten bytes: they are ASCII here, and a sidecar 字段对照表.csv says what each means (domain.md 7.6). Cells of lists
that a spreadsheet would take for a formula are written as text.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.crs import project_crs
from chuangwen.exchange.field_names import short_names
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

FORMATS = (".shp", ".gpkg", ".geojson", ".json", ".csv", ".xlsx")
_GEOJSON = 4326  # RFC 7946
_SIDECAR = "字段对照表.csv"
_KINDS = {"point": "Point", "line": "MultiLineString", "polygon": "MultiPolygon"}
_MULTI = {"line": (1, shapely.multilinestrings), "polygon": (3, shapely.multipolygons)}
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_WIDTH_BYTES = 254


@dataclass(frozen=True, slots=True)
class Export:
    """What to write: the features of one layer with their CRS, the CRS wanted (0: the project's, or what the format demands), the encoding of a shapefile."""

    features: Features
    epsg: int
    wanted_epsg: int = 0
    encoding: str = "gbk"
    title: str = ""


def write(export: Export, path: Path) -> int:
    """Write the file (and its companions); how many features. Raises `FileProblem` or `DataProblem`; then nothing is left under the name."""
    writers: dict[str, Callable[[Export, Path], None]] = {
        ".shp": _write_shapefile,
        ".gpkg": _write_geopackage,
        ".geojson": _write_geojson,
        ".json": _write_geojson,
        ".csv": _write_csv,
        ".xlsx": _write_workbook,
    }
    ending = path.suffix.lower()
    if ending not in writers:
        known = "、".join(FORMATS)
        raise FileProblem(_("不能导出为“{ending}”格式。").format(ending=ending or path.name), hint=_("可以用：{known}。").format(known=known))
    layer = export.features.layer
    if ending in (".shp", ".geojson", ".json") and not layer.has_geometry:
        raise DataProblem(_("“{layer}”没有图形，不能导出为 {ending}。").format(layer=layer.title, ending=ending), hint=_("请导出为 xlsx 或 csv。"))
    if not path.parent.is_dir():
        raise FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))
    try:
        with tempfile.TemporaryDirectory(prefix=".chuangwen-", dir=path.parent) as folder:
            writers[ending](export, Path(folder) / path.name)
            for part in sorted(Path(folder).iterdir()):
                part.replace(path.parent / part.name)
    except PermissionError as error:
        hint = _("请关闭正在使用它的程序，或换一个文件夹。")
        raise FileProblem(_("无法写入 {file}：文件正被另一程序打开，或文件夹只读。").format(file=path.name), hint=hint) from error
    except OSError as error:
        raise FileProblem(_("无法写入 {file}：{error}。").format(file=path.name, error=error.strerror or error), hint=_("请检查磁盘空间和文件夹。")) from error
    return len(export.features)


def safe(cell: str) -> str:
    """`cell` so that a spreadsheet shows it and runs nothing: text that begins like a formula gets an apostrophe in front. Plain numbers stay."""
    return f"'{cell}" if cell.startswith(_DANGEROUS) and not _NUMBER.match(cell) else cell


def _placed(export: Export, target: int) -> NDArray[np.object_]:
    if target == export.epsg:
        return export.features.geometry
    source = project_crs(export.epsg)
    return np.asarray(shapely.transform(export.features.geometry, lambda points: source.to(points, target)), dtype=object)


def _write_shapefile(export: Export, path: Path) -> None:
    fields = export.features.layer.fields
    names = short_names(fields)
    geometry = _placed(export, export.wanted_epsg or export.epsg)
    codec = "gb18030" if export.encoding.lower() in ("gbk", "gb18030", "gb2312") else "utf-8"
    table = {names[one.name]: _column(one, export.features, width=_WIDTH_BYTES, codec="gbk" if codec == "gb18030" else codec) for one in fields}
    label = "GBK" if codec == "gb18030" else "UTF-8"
    _write_vector(path, "ESRI Shapefile", geometry, export, export.wanted_epsg or export.epsg, table, encoding=label)
    path.with_suffix(".cpg").write_text(label, encoding="ascii")
    rows = [[_("字段"), _("名称"), _("说明"), _("取值")]]
    rows += [[names[one.name], one.title, one.unit, " ".join(f"{choice.value}={choice.title}" for choice in one.choices)] for one in fields]
    _csv(path.with_name(f"{path.stem}_{_SIDECAR}"), rows)


def _write_geopackage(export: Export, path: Path) -> None:
    layer = export.features.layer
    geometry = _placed(export, export.wanted_epsg or export.epsg) if layer.has_geometry else None
    table = {one.name: _column(one, export.features) for one in layer.fields}
    _write_vector(path, "GPKG", geometry, export, export.wanted_epsg or export.epsg, table, layer=layer.id)


def _write_geojson(export: Export, path: Path) -> None:
    target = export.wanted_epsg or _GEOJSON
    table = {one.name: _column(one, export.features) for one in export.features.layer.fields}
    options = {"RFC7946": "YES", "COORDINATE_PRECISION": "9"} if target == _GEOJSON else {}  # 0.1 mm; the usual seven digits are a centimetre
    _write_vector(path, "GeoJSON", _placed(export, target), export, target, table, **options)


def _column(one: Field, features: Features, width: int = 0, codec: str = "utf-8") -> list[Scalar]:
    """A column as a vector format takes it: dates and datetimes as they are, choices by their stored value, texts cut to `width` bytes between characters."""
    values = features.column(one.name)
    if not width or one.type in ("integer", "real", "boolean", "date", "datetime"):
        return values
    return [_cut(value, width, codec) if isinstance(value, str) else value for value in values]


def _cut(text: str, width: int, codec: str) -> str:
    raw = text.encode(codec, "replace")
    return raw[:width].decode(codec, "ignore") if len(raw) > width else raw.decode(codec)


def _write_vector(
    path: Path,
    driver: str,
    geometry: NDArray[np.object_] | None,
    export: Export,
    epsg: int,
    table: dict[str, list[Scalar]],
    encoding: str | None = None,
    **options: Any,
) -> None:
    import pyogrio
    from pyogrio.errors import DataSourceError, FeatureError, GeometryError

    arrays, masks = [], []
    for one, values in zip(export.features.layer.fields, table.values(), strict=True):
        array, mask = _array(one, values)
        arrays.append(array)
        masks.append(mask)
    kind = export.features.layer.geometry
    shaped = None
    if geometry is not None:
        geometry = _as_multi(geometry, kind)
        shaped = np.empty(len(geometry), dtype=object)
        shaped[:] = [None if one is None else shapely.to_wkb(one) for one in geometry]
    try:
        pyogrio.raw.write(
            path,
            shaped,
            arrays,
            np.array(list(table), dtype=object),
            field_mask=masks,
            geometry_type=(_KINDS.get(kind) or _common_type(geometry)) if geometry is not None else None,
            crs=f"EPSG:{epsg}",
            driver=driver,
            encoding=encoding,
            **options,
        )
    except (DataSourceError, FeatureError, GeometryError) as error:
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
    if kind not in _MULTI:
        return geometry
    single, made = _MULTI[kind]
    found = geometry.copy()
    for position in np.flatnonzero(shapely.get_type_id(geometry) == single).tolist():
        found[position] = made([geometry[position]])
    return found


def _common_type(geometry: NDArray[np.object_]) -> str:
    types = {one.geom_type for one in geometry if one is not None}
    return types.pop() if len(types) == 1 else "Unknown"


def _list_rows(export: Export) -> tuple[list[str], list[list[Scalar]]]:
    """Titles and rows of a list: every field as people read it, and the place in degrees where there is one."""
    layer = export.features.layer
    titles = [one.title for one in layer.fields]
    columns: list[list[Scalar]] = [[_readable(one, value) for value in export.features.column(one.name)] for one in layer.fields]
    if layer.geometry == "point":
        titles += [_("经度（CGCS2000）"), _("纬度（CGCS2000）")]  # named, so that nobody takes them for a web map's
        places = _placed(export, _GEOJSON)
        columns += [[None if one is None else round(one.x, 7) for one in places], [None if one is None else round(one.y, 7) for one in places]]
    return titles, [list(row) for row in zip(*columns, strict=True)]


def _readable(one: Field, value: Scalar) -> Scalar:
    if value is None or (isinstance(value, int | float | dt.date) and not isinstance(value, bool) and one.type != "text"):
        return value
    return one.show(value)


def _write_csv(export: Export, path: Path) -> None:
    titles, rows = _list_rows(export)
    _csv(path, [titles, *[[safe(plain(cell)) for cell in row] for row in rows]], "utf-8-sig" if export.encoding.lower().startswith("utf") else "gb18030")


def _csv(path: Path, rows: Sequence[Sequence[str]], codec: str = "utf-8-sig") -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(codec))


def _write_workbook(export: Export, path: Path) -> None:
    from chuangwen.exchange.workbook_out import write_workbook

    titles, rows = _list_rows(export)
    layer = export.features.layer
    write_workbook(path, export.title or layer.title, layer, titles, rows)
