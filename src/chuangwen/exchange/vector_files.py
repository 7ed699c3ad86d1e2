"""Vector files to columns and shapes: shapefile, GeoJSON, GeoPackage, or one of them in a ZIP. Only here stands pyogrio's reading side."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar
from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange import encodings
from chuangwen.exchange.crs import prj_text
from chuangwen.exchange.field_repair import with_full_names
from chuangwen.exchange.file_sets import ShapefileSet, shapefile_set, unpacked, with_fewer_records
from chuangwen.exchange.incoming import Column, Incoming, Repaired, unique_titles
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

ENDINGS = (".shp", ".shx", ".dbf", ".geojson", ".json", ".gpkg", ".zip")


def read_vector(path: Path, encoding: str = "auto", layer: str = "", *, lists: bool = False, known: Mapping[str, str] = MappingProxyType({})) -> Incoming:
    """The content of a vector file. `layer` picks one of a GeoPackage's; `lists`: its tables without shapes count too.

    `known` are the words that the target layer has for its fields (`field_repair.layer_words`): they help to tell the encoding, and names that were cut.

    Raises `FileProblem` or `DataProblem` with cause and remedy.
    """
    ending = path.suffix.lower()
    if ending == ".zip":
        with unpacked(path) as inner:
            return read_vector(inner, encoding, layer, lists=lists, known=known)
    if ending in (".shp", ".shx", ".dbf"):
        return _read_shapefile(shapefile_set(path), encoding, known)
    if ending == ".gpkg":
        return _read_geopackage(path, layer, lists=lists)
    return _read_geojson(path)


def _read_geojson(path: Path) -> Incoming:
    meta, rows, wkb, fields = _raw(path, path)
    note = _("GeoJSON 规定为 UTF-8。")
    return _incoming(path.name, meta["fields"], rows, wkb, [_plain(values) for values in fields], meta["crs"] or "", "UTF-8", note)


def _read_geopackage(path: Path, layer: str, *, lists: bool) -> Incoming:
    import pyogrio

    with path.open("rb") as file:
        if file.read(16) != b"SQLite format 3\x00":
            raise FileProblem(_("{file} 不是 GeoPackage（内容不符）。").format(file=path.name), hint=_("请向提供者重新索取文件。"))
    with _quiet(path):
        found = [(str(name), kind) for name, kind in pyogrio.list_layers(path)]
    names = [name for name, kind in found if kind is not None or lists]
    if layer:
        if layer not in [name for name, _kind in found]:
            raise DataProblem(_("{file} 中没有图层“{layer}”。").format(file=path.name, layer=layer), hint=_("有：{names}").format(names="、".join(names)))
        names = [layer]
    if not names:
        raise DataProblem(_("{file} 中没有带图形的图层。").format(file=path.name), hint=_("请核对文件，或换一份带边界的数据。"))
    if len(names) > 1:
        shown = "、".join(names[:12]) + ("…" if len(names) > 12 else "")
        raise DataProblem(
            _("{file} 中有 {count} 个图层，请指定一个：{names}。").format(file=path.name, count=len(names), names=shown), hint=_("用 --sheet 图层名 指定。")
        )
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        import shutil

        with tempfile.TemporaryDirectory(prefix="chuangwen-") as folder:
            for part in (path, wal):
                shutil.copyfile(part, Path(folder) / part.name)
            meta, rows, wkb, fields = _raw(Path(folder) / path.name, path, layer=names[0])
    else:  # immutable: SQLite may otherwise leave -shm and -wal beside a file that is not ours
        meta, rows, wkb, fields = _raw(path, path, layer=names[0], IMMUTABLE="YES")
    note = _("GeoPackage 规定为 UTF-8。")
    return _incoming(path.name, meta["fields"], rows, wkb, [_plain(values) for values in fields], meta["crs"] or "", "UTF-8", note, sheet=names[0])


def _read_shapefile(files: ShapefileSet, wanted: str, known: Mapping[str, str]) -> Incoming:
    repaired: list[Repaired] = []
    warnings: list[str] = []
    with tempfile.TemporaryDirectory(prefix="chuangwen-") as folder:
        try:
            meta, rows, wkb, fields = _raw_shapefile(files, Path(folder), warnings)
        except OSError as error:
            raise FileProblem(_("无法读取 {file}：{error}。").format(file=files.name, error=error.strerror or error)) from error
    raw_names = [str(name) for name in meta["fields"]]
    texts = {number: values.tolist() for number, values in enumerate(fields) if _is_text(values)}
    bare_names = [name.encode("latin-1", "replace") for name in raw_names]
    pieces = list(bare_names)
    for values in texts.values():
        joined = "\x00".join([value for value in values if isinstance(value, str)])
        if not joined.isascii():
            pieces += joined.encode("latin-1", "replace").split(b"\x00")
    cpg = files.text("cpg")[:200].decode("gb18030", "replace").strip("\x00 \r\n\t")
    found = encodings.detect(pieces, cpg if encodings.codec_of(cpg) else "", files.ldid, frozenset(map(folded, known)), wanted)
    if cpg and not encodings.codec_of(cpg):
        warnings.append(_(".cpg 的内容认不出是哪种编码，已按数据内容判断。"))
    titles = [encodings.decode_piece(name, found.codec)[0].replace("\ufffd", "") for name in bare_names]
    columns: list[list[Scalar]] = []
    for number, values in enumerate(fields):
        if number in texts:
            decoded, done = encodings.decode_values(texts[number], found.codec)
            columns.append(list(decoded))
            repaired += [Repaired(rows[at], _("“{title}”{what}").format(title=titles[number], what=what)) for at, what in done.items()]
        else:
            columns.append(_plain(values))
    prj = prj_text(files.text("prj"))
    evidence = found.evidence + (_("示例：{samples}").format(samples=" / ".join(found.samples)) if found.samples else "")
    incoming = _incoming(files.name, titles, rows, wkb, columns, prj, found.name, evidence, repaired=repaired, warnings=warnings)
    incoming = replace(incoming, candidates=found.candidates, doubts=found.doubts)
    return with_full_names(incoming, bare_names, found.codec, files.parts["shp"], known)


Raw = tuple[dict[str, Any], Sequence[int], "NDArray[np.object_] | None", list["NDArray[Any]"]]


def _raw_shapefile(files: ShapefileSet, folder: Path, warnings: list[str]) -> Raw:
    """Read the set as it is where it is whole; else a mended copy of it, and say what was mended."""
    from pyogrio.errors import CRSError

    uneven = "dbf" in files.parts and files.records != (files.shapes if files.shapes is not None else files.records)
    cut = "dbf" in files.parts and files.records < files.declared_records
    same_case = len({path.suffix.isupper() for path in files.parts.values()}) == 1
    # pyogrio stumbles over a .prj with Chinese or broken text: it is kept from it then, and the detective looks at the text
    if files.shapes is not None and not uneven and not cut and same_case and "dbf" in files.parts and files.text("prj").isascii():
        with suppress(CRSError):
            return _raw(files.parts["shp"], files.parts["shp"], encoding="ISO-8859-1")
    if "dbf" not in files.parts:
        warnings.append(_("缺少 .dbf：只有图形，没有名称和其他属性。"))
    if files.shapes is None:
        warnings.append(_("缺少 .shx 索引，已按图形重建。"))
    shapes = files.copied(folder, "shp", "shx") if files.shapes is not None else files.copied(folder, "shp")
    meta, rows, wkb, fields = _raw(shapes, files.parts["shp"], encoding="ISO-8859-1", restore=files.shapes is None)
    if "dbf" not in files.parts:
        return meta, rows, wkb, []
    table = files.copied(folder, "dbf").with_suffix(".dbf")
    if cut:
        with_fewer_records(table, files.records)
        warnings.append(_("属性表 .dbf 不完整：应有 {said} 行，只剩 {there} 行。").format(said=files.declared_records, there=files.records))
    lone = folder / "table"
    lone.mkdir()
    table.replace(lone / "x.dbf")
    meta, numbered, _none, fields = _raw(lone / "x.dbf", files.parts["shp"], encoding="ISO-8859-1")
    if files.shapes is not None and files.records != len(rows) and not cut:
        word = _("多出的属性行没有图形，不导入") if files.records > len(rows) else _("多出的图形没有属性")
        warnings.append(_("图形有 {shapes} 个，属性表有 {records} 行，按顺序对应，{word}。").format(shapes=len(rows), records=files.records, word=word))
    return meta, rows, wkb, _aligned(rows, numbered, fields)


def _aligned(rows: Sequence[int], numbered: Sequence[int], fields: list[NDArray[Any]]) -> list[NDArray[Any]]:
    """The table's values in the order of the shapes; None where the table has no row for a shape."""
    position = {row: at for at, row in enumerate(numbered)}
    found = []
    for values in fields:
        plain = values.tolist()
        column = np.empty(len(rows), dtype=object)
        column[:] = [plain[position[row]] if row in position else None for row in rows]
        found.append(column if values.dtype == object else column.astype(object))
    return found


def _raw(path: Path, named: Path, restore: bool = False, **options: Any) -> Raw:
    """pyogrio's answer, its errors turned into sentences about the file `named`. Row numbers count from 1."""
    import pyogrio

    if restore:
        pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    try:
        with _quiet(named):
            try:
                meta, fids, wkb, fields = pyogrio.raw.read(path, force_2d=True, return_fids=True, **options)
            except ValueError:  # a JSON list whose items differ in kind: pyogrio cannot hold it, so such columns are left out
                about = pyogrio.read_info(path)
                plain = [name for name, kind in zip(about["fields"], about["ogr_types"], strict=True) if not kind.endswith("List")]
                meta, fids, wkb, fields = pyogrio.raw.read(path, force_2d=True, return_fids=True, columns=plain)
    finally:
        if restore:
            pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": None})
    count = len(fids) if fids is not None else (len(wkb) if wkb is not None else 0)
    first = 0 if path.suffix.lower() == ".gpkg" else 1
    rows = (np.asarray(fids) + first).tolist() if fids is not None else list(range(1, count + 1))
    if path.suffix.lower() in (".json", ".geojson"):
        rows = list(range(1, count + 1))  # the fid may be any number that the file calls `id`
    return meta, rows, wkb, list(fields)


class _quiet:  # noqa: N801 - used as a `with` word
    """Turns pyogrio's errors into sentences, and keeps GDAL's remarks about repaired details out of the user's sight."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        import warnings

        self._caught = warnings.catch_warnings()
        self._caught.__enter__()
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError

        self._caught.__exit__(None, None, None)
        if isinstance(error, CRSError):  # the caller reads on without the .prj
            return
        if isinstance(error, DataSourceError | DataLayerError | FeatureError | FieldError | GeometryError | UnicodeDecodeError):
            place = re.search(r"line (\d+), character (\d+)", str(error))
            where = _("（第 {line} 行第 {sign} 个字符处）").format(line=place[1], sign=place[2]) if place else ""
            raise FileProblem(
                _("{file} 无法读取：文件已损坏，或不是这种格式{where}。").format(file=self.path.name, where=where),
                hint=_("请向提供者重新索取，或重新复制一遍。"),
            ) from error


def _is_text(values: NDArray[Any]) -> bool:
    return values.dtype == object and set(map(type, values)) <= {str, type(None)}


def _plain(values: NDArray[Any]) -> list[Scalar]:
    """Numpy columns as Python values; NaN and NaT are None."""
    if values.dtype.kind == "M":
        moments = values.astype("datetime64[s]").astype(object).tolist()
        whole = all(one is None or (one.hour, one.minute, one.second) == (0, 0, 0) for one in moments)
        return [one if one is None or not whole else one.date() for one in moments]
    if values.dtype.kind == "f":
        listed: list[Scalar] = values.tolist()
        empty = np.isnan(values)
        return [None if bare else value for value, bare in zip(listed, empty.tolist(), strict=True)] if empty.any() else listed
    found: list[Scalar] = values.tolist()
    if values.dtype == object:
        return [one if isinstance(one, str | int | float | bool | dt.date) or one is None else str(one) for one in found]
    return found


def _incoming(
    name: str,
    titles: Sequence[Any],
    rows: Sequence[int],
    wkb: NDArray[np.object_] | None,
    columns: Sequence[Sequence[Scalar]],
    declared_crs: str,
    encoding: str,
    evidence: str,
    sheet: str = "",
    repaired: Sequence[Repaired] = (),
    warnings: Sequence[str] = (),
) -> Incoming:
    import shapely

    unique = unique_titles([str(title) for title in titles])
    made = tuple(Column(title, list(values), (str(said).strip() or title,)) for title, said, values in zip(unique, titles, columns, strict=False))
    with np.errstate(invalid="ignore"):  # NaN coordinates: the row is reported later
        geometry = shapely.from_wkb(wkb, on_invalid="fix") if wkb is not None else None
    if wkb is not None and geometry is not None:
        lost = [rows[at] for at in np.flatnonzero(shapely.get_type_id(geometry) < 0).tolist() if wkb[at] is not None]
        repaired = [*repaired, *(Repaired(row, _("图形数据已损坏（坐标不是数字），按未定位处理")) for row in lost)]
    count = len(geometry) if geometry is not None else len(rows)
    return Incoming(
        name, made, rows if len(rows) == count else range(1, count + 1), geometry, declared_crs, encoding, evidence, sheet, tuple(repaired), tuple(warnings)
    )
