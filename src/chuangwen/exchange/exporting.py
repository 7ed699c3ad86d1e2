"""A layer to a file: shapefile, GeoPackage, GeoJSON, FlatGeobuf, KML, CSV or workbook. Written beside its name and renamed: no half file under the right name.

Here stand what is written (which fields, in whose words), and the lists; the shapes are written by `vector_out` and `kml_out`. Cells of lists that a
spreadsheet would take for a formula are written as text (docs/decisions/0033).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from chuangwen.domain.layer import Field, folded
from chuangwen.domain.values import LIST_MARK, Scalar, plain
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.kml_out import write_kml
from chuangwen.exchange.matching import SERIAL
from chuangwen.exchange.outgoing import DEGREES, Export, Written, placed, safe, write_table
from chuangwen.exchange.vector_out import write_flatgeobuf, write_geojson, write_geopackage, write_shapefile
from chuangwen.exchange.workbook_out import write_workbook
from chuangwen.text import _

FORMATS = (".shp", ".gpkg", ".geojson", ".json", ".fgb", ".kml", ".csv", ".xlsx")
SHAPES_ONLY = (".shp", ".geojson", ".json", ".fgb", ".kml")
LISTS = (".csv", ".xlsx")


def write(export: Export, path: Path) -> Written:
    """Write the file and its companions. Raises `FileProblem` or `DataProblem`; then nothing is left under the name."""
    writers: dict[str, Callable[[Export, Path], list[str]]] = {
        ".shp": write_shapefile,
        ".gpkg": write_geopackage,
        ".geojson": write_geojson,
        ".json": write_geojson,
        ".fgb": write_flatgeobuf,
        ".kml": write_kml,
        ".csv": _write_csv,
        ".xlsx": _write_workbook,
    }
    ending = path.suffix.lower()
    if ending not in writers:
        known = LIST_MARK.join(FORMATS)
        raise FileProblem(_("不能导出为“{ending}”格式。").format(ending=ending or path.name), hint=_("可以用：{known}。").format(known=known))
    layer = export.features.layer
    if ending in SHAPES_ONLY and not layer.has_geometry:
        raise DataProblem(_("“{layer}”没有图形，不能导出为 {ending}。").format(layer=layer.title, ending=ending), hint=_("请导出为 xlsx 或 csv。"))
    if not path.parent.is_dir():
        raise FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))
    notes: list[str] = []
    try:
        with tempfile.TemporaryDirectory(prefix=".chuangwen-", dir=path.parent) as folder:
            notes += writers[ending](export, Path(folder) / path.name)
            for part in sorted(Path(folder).iterdir(), key=lambda one: one.name == path.name):  # the file itself last
                part.replace(path.parent / part.name)
    except PermissionError as error:
        hint = _("请关闭正在使用它的程序，或换一个文件夹。")
        raise FileProblem(_("无法写入 {file}：文件正被另一程序打开，或文件夹只读。").format(file=path.name), hint=hint) from error
    except OSError as error:
        raise FileProblem(_("无法写入 {file}：{error}。").format(file=path.name, error=error.strerror or error), hint=_("请检查磁盘空间和文件夹。")) from error
    return Written(len(export.features), tuple(notes))


def list_rows(export: Export) -> tuple[list[str], list[list[Scalar]]]:
    """Titles and rows of a list: the fields as people read them, and the place in degrees where there is one; or the columns that `titles` asks for."""
    layer = export.features.layer
    if export.titles:
        return [title for title, _name in export.titles], _transposed([_asked(export, title, name) for title, name in export.titles], len(export.features))
    titles = [one.title for one in layer.fields]
    columns: list[Sequence[Scalar]] = [_readable(one, export.features.column(one.name)) for one in layer.fields]
    if layer.geometry == "point" and export.degrees:
        titles += [_("经度（CGCS2000）"), _("纬度（CGCS2000）")]  # named, so that nobody takes them for a web map's
        places = placed(export, DEGREES)
        columns += [[None if one is None else round(one.x, 7) for one in places], [None if one is None else round(one.y, 7) for one in places]]
    return titles, _transposed(columns, len(export.features))


def _asked(export: Export, title: str, name: str) -> Sequence[Scalar]:
    """A column that somebody asked for: a field, a running number, or nothing."""
    if name:
        return _readable(export.features.layer.field(name), export.features.column(name))
    count = len(export.features)
    return list(range(1, count + 1)) if folded(title) in SERIAL else [None] * count


def _readable(one: Field, values: Sequence[Scalar]) -> list[Scalar]:
    """A field's values as people read them; numbers and dates stay what they are, so that a spreadsheet can sort and add them."""
    if one.type in ("integer", "real", "date", "datetime"):
        return list(values)
    return [None if value is None else one.show(value) for value in values]


def _transposed(columns: Sequence[Sequence[Scalar]], count: int) -> list[list[Scalar]]:
    return [list(row) for row in zip(*columns, strict=True)] if columns else [[] for _number in range(count)]


def _write_csv(export: Export, path: Path) -> list[str]:
    titles, rows = list_rows(export)
    codec = "utf-8-sig" if export.encoding.lower().startswith("utf") else "gb18030"  # holds every character, and Excel opens it as GBK
    write_table(path, [[safe(title) for title in titles], *[[safe(plain(cell)) for cell in row] for row in rows]], codec)
    return []


def _write_workbook(export: Export, path: Path) -> list[str]:
    titles, rows = list_rows(export)
    layer = export.features.layer
    write_workbook(path, export.title or layer.title, layer.title, titles, rows)
    return []
