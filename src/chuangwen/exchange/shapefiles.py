"""Shapefiles: the set read as it is where it is whole, else a mended copy of it; names and values decoded by evidence (domain.md 7.6)."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem
from chuangwen.exchange import encodings
from chuangwen.exchange.crs import prj_text
from chuangwen.exchange.field_repair import with_full_names
from chuangwen.exchange.file_sets import ShapefileSet, damaged_shapes, with_fewer_records
from chuangwen.exchange.gdal import pyogrio
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.exchange.layer_reading import Raw, incoming_of, is_text, plain_column, read_layer
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_shapefile(files: ShapefileSet, wanted: str, known: Mapping[str, str]) -> Incoming:
    """The content of a set. `known`: the target layer's words for its fields. Raises `FileProblem`, `UserError` for an encoding `wanted` that nobody knows."""
    repaired: list[Repaired] = []
    warnings: list[str] = []
    with tempfile.TemporaryDirectory(prefix="chuangwen-") as folder:
        try:
            raw = _raw_shapefile(files, Path(folder), warnings)
            _name_deleted(raw, files)
        except OSError as error:
            raise FileProblem(_("无法读取 {file}：{error}。").format(file=files.name, error=error.strerror or error)) from error
    rows, fields = raw.rows, raw.columns
    names = [name.encode("latin-1", "replace") for name in raw.names]
    texts = {number: values.tolist() for number, values in enumerate(fields) if is_text(values)}
    joined = {number: encodings.join_values(values) for number, values in texts.items()}
    pieces = [*names, *(piece for one in joined.values() for piece in encodings.pieces_of(one))]
    cpg = files.text("cpg")[:200].decode("gb18030", "replace").strip("\x00 \r\n\t")
    found = encodings.detect(pieces, cpg if encodings.codec_of(cpg) else "", files.ldid, frozenset(map(folded, known)), wanted)
    if cpg and not encodings.codec_of(cpg):
        warnings.append(_(".cpg 的内容认不出是哪种编码，已按数据内容判断。"))
    titles = [encodings.decode_value(name, found.codec)[0].replace("\ufffd", "") for name in names]
    columns: list[list[Scalar]] = []
    for number, values in enumerate(fields):
        if number in texts:
            decoded, done = encodings.decode_values(texts[number], found.codec, whole=joined[number])
            columns.append(list(decoded))
            repaired += [Repaired(rows[at], _("“{title}”{what}").format(title=titles[number], what=what)) for at, what in done.items()]
        else:
            columns.append(plain_column(values))
    prj = prj_text(files.text("prj"))
    evidence = found.evidence + (_("示例：{samples}").format(samples=" / ".join(found.samples)) if found.samples else "")
    raw.crs = prj
    incoming = incoming_of(raw, files.name, found.name, evidence, titles, columns, repaired=repaired, warnings=warnings)
    incoming = replace(incoming, candidates=found.candidates, doubts=(*found.doubts, *incoming.doubts))
    return with_full_names(incoming, names, found.codec, files.parts.get("shp") or files.parts["dbf"], known)


def _name_deleted(raw: Raw, files: ShapefileSet) -> None:
    """Records that the table marks as deleted are left out by GDAL: the user is told."""
    if "dbf" in files.parts and files.shapes is not None and len(raw.rows) < files.shapes:
        there = set(raw.rows) | set(raw.lost)
        gone = [row for row in range(1, min(files.shapes, files.records) + 1) if row not in there]
        raw.lost |= dict.fromkeys(gone, _("这条记录在属性表里已标为删除"))


def _raw_shapefile(files: ShapefileSet, folder: Path, warnings: list[str]) -> Raw:
    """Read the set as it is where it is whole; else a mended copy of it, and say what was mended."""
    if "shp" not in files.parts:
        warnings.append(_("旁边没有同名的 .shp：只当表格读取，没有图形。"))
        raw = read_layer(_table(files, folder, warnings), files.parts["dbf"], encoding="ISO-8859-1")
        raw.wkb = None
        return raw
    unreadable_prj = pyogrio().errors.CRSError
    uneven = "dbf" in files.parts and files.records != (files.shapes if files.shapes is not None else files.records)
    cut = "dbf" in files.parts and files.records < files.declared_records
    same_case = len({path.suffix.isupper() for path in files.parts.values()}) == 1
    # pyogrio stumbles over a .prj with Chinese or broken text: it is kept from it then, and the detective looks at the text
    if files.shapes is not None and not uneven and not cut and same_case and "dbf" in files.parts and files.text("prj").isascii():
        with suppress(unreadable_prj):
            raw = read_layer(files.parts["shp"], files.parts["shp"], encoding="ISO-8859-1")
            _lose_damaged(raw, files.parts["shp"], files.parts["shx"])
            return raw
    if "dbf" not in files.parts:
        warnings.append(_("缺少 .dbf：只有图形，没有名称和其他属性。"))
    if files.shapes is None:
        warnings.append(_("缺少 .shx 索引，已按图形重建。"))
    shapes = files.copied(folder, "shp", "shx") if files.shapes is not None else files.copied(folder, "shp")
    raw = read_layer(shapes, files.parts["shp"], encoding="ISO-8859-1", restore=files.shapes is None)
    _lose_damaged(raw, shapes, shapes.with_suffix(".shx"))
    if "dbf" not in files.parts:
        raw.names, raw.columns = [], []
        return raw
    attributes = read_layer(_table(files, folder, warnings), files.parts["shp"], encoding="ISO-8859-1")
    if files.shapes is not None and files.records != len(raw.rows) and not cut:
        word = _("多出的属性行没有图形，不导入") if files.records > len(raw.rows) else _("多出的图形没有属性")
        warnings.append(_("图形有 {shapes} 个，属性表有 {records} 行，按顺序对应，{word}。").format(shapes=len(raw.rows), records=files.records, word=word))
    raw.names, raw.columns = attributes.names, _aligned(raw.rows, attributes.rows, attributes.columns)
    return raw


def _table(files: ShapefileSet, folder: Path, warnings: list[str]) -> Path:
    """A copy of the .dbf alone, which claims no more records than it has."""
    lone = folder / "table"
    lone.mkdir()
    table = files.copied(lone, "dbf").with_suffix(".dbf")
    if files.records < files.declared_records:
        with_fewer_records(table, files.records)
        warnings.append(_("属性表 .dbf 不完整：应有 {said} 行，只剩 {there} 行。").format(said=files.declared_records, there=files.records))
    return table


def _lose_damaged(raw: Raw, shp: Path, shx: Path) -> None:
    """Records whose shape is there but cannot be read are named, not shown as records without a place."""
    bare = [at for at, shape in enumerate(raw.wkb) if shape is None] if raw.wkb is not None else []
    if bare and shx.exists():
        damaged = set(damaged_shapes(shp, shx, [raw.rows[at] for at in bare]))
        raw.lose([at for at in bare if raw.rows[at] in damaged], _("这条记录的图形已损坏，无法读取"))


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
