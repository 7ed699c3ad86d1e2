"""Shapefiles: the set read as it is where it is whole, else a mended copy of it; names and values decoded by evidence (domain.md 7.6)."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem
from chuangwen.exchange import encodings
from chuangwen.exchange.crs import prj_text
from chuangwen.exchange.file_sets import ShapefileSet, with_fewer_records
from chuangwen.exchange.gdal import pyogrio
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.exchange.layer_reading import Raw, incoming_of, is_text, plain_column, read_layer
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray


def read_shapefile(files: ShapefileSet, wanted: str) -> Incoming:
    repaired: list[Repaired] = []
    warnings: list[str] = []
    with tempfile.TemporaryDirectory(prefix="chuangwen-") as folder:
        try:
            raw = _raw_shapefile(files, Path(folder), warnings)
            _name_deleted(raw, files)
        except OSError as error:
            raise FileProblem(_("无法读取 {file}：{error}。").format(file=files.name, error=error.strerror or error)) from error
    raw_names, rows, fields = raw.names, raw.rows, raw.columns
    texts = {number: values.tolist() for number, values in enumerate(fields) if is_text(values)}
    pieces = [name.encode("latin-1", "replace") for name in raw_names]
    for values in texts.values():
        joined = "\x00".join([value for value in values if isinstance(value, str)])
        if not joined.isascii():
            pieces += joined.encode("latin-1", "replace").split(b"\x00")
    if wanted.strip().lower() in ("", "auto"):
        cpg = files.text("cpg")[:200].decode("latin-1").strip("\x00 \r\n\t")
        found = encodings.detect(pieces, cpg if encodings.codec_of(cpg) else "", files.ldid)
        if cpg and not encodings.codec_of(cpg):
            warnings.append(_(".cpg 的内容认不出是哪种编码，已按数据内容判断。"))
    else:
        found = encodings.forced(wanted, pieces)
    titles = [encodings.decode_piece(name.encode("latin-1", "replace"), found.codec)[0].replace("\ufffd", "") for name in raw_names]
    columns: list[list[Scalar]] = []
    for number, values in enumerate(fields):
        if number in texts:
            decoded, damaged = encodings.decode_column(texts[number], found.codec)
            columns.append(list(decoded))
            repaired += [Repaired(rows[at], _("“{title}”中有损坏的字节，已用�代替").format(title=titles[number])) for at in damaged]
        else:
            columns.append(plain_column(values))
    prj = prj_text(files.text("prj"))
    evidence = found.evidence + (_("示例：{samples}").format(samples=" / ".join(found.samples)) if found.samples else "")
    raw.crs = prj
    return incoming_of(raw, files.name, found.name, evidence, titles, columns, repaired=repaired, warnings=warnings)


def _name_deleted(raw: Raw, files: ShapefileSet) -> None:
    """Records that the table marks as deleted are left out by GDAL: the user is told."""
    if "dbf" in files.parts and files.shapes is not None and len(raw.rows) < files.shapes:
        there = set(raw.rows) | set(raw.lost)
        gone = [row for row in range(1, min(files.shapes, files.records) + 1) if row not in there]
        raw.lost |= dict.fromkeys(gone, _("这条记录在属性表里已标为删除"))


def _raw_shapefile(files: ShapefileSet, folder: Path, warnings: list[str]) -> Raw:
    """Read the set as it is where it is whole; else a mended copy of it, and say what was mended."""
    unreadable_prj = pyogrio().errors.CRSError
    uneven = "dbf" in files.parts and files.records != (files.shapes if files.shapes is not None else files.records)
    cut = "dbf" in files.parts and files.records < files.declared_records
    same_case = len({path.suffix.isupper() for path in files.parts.values()}) == 1
    # pyogrio stumbles over a .prj with Chinese or broken text: it is kept from it then, and the detective looks at the text
    if files.shapes is not None and not uneven and not cut and same_case and "dbf" in files.parts and files.text("prj").isascii():
        with suppress(unreadable_prj):
            return read_layer(files.parts["shp"], files.parts["shp"], encoding="ISO-8859-1")
    if "dbf" not in files.parts:
        warnings.append(_("缺少 .dbf：只有图形，没有名称和其他属性。"))
    if files.shapes is None:
        warnings.append(_("缺少 .shx 索引，已按图形重建。"))
    shapes = files.copied(folder, "shp", "shx") if files.shapes is not None else files.copied(folder, "shp")
    raw = read_layer(shapes, files.parts["shp"], encoding="ISO-8859-1", restore=files.shapes is None)
    if "dbf" not in files.parts:
        raw.names, raw.columns = [], []
        return raw
    table = files.copied(folder, "dbf").with_suffix(".dbf")
    if cut:
        with_fewer_records(table, files.records)
        warnings.append(_("属性表 .dbf 不完整：应有 {said} 行，只剩 {there} 行。").format(said=files.declared_records, there=files.records))
    lone = folder / "table"
    lone.mkdir()
    table.replace(lone / "x.dbf")
    attributes = read_layer(lone / "x.dbf", files.parts["shp"], encoding="ISO-8859-1")
    if files.shapes is not None and files.records != len(raw.rows) and not cut:
        word = _("多出的属性行没有图形，不导入") if files.records > len(raw.rows) else _("多出的图形没有属性")
        warnings.append(_("图形有 {shapes} 个，属性表有 {records} 行，按顺序对应，{word}。").format(shapes=len(raw.rows), records=files.records, word=word))
    raw.names, raw.columns = attributes.names, _aligned(raw.rows, attributes.rows, attributes.columns)
    return raw


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
