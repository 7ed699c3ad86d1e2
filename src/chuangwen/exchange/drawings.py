"""DXF drawings and MapInfo tables: what GDAL reads, with the texts decoded by what the file declares and its bytes allow.

A drawing knows no areas: closed lines become areas where a layer of areas is filled, and a text inside one is its name (domain.md 7.6).
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.values import Scalar
from chuangwen.exchange import encodings
from chuangwen.exchange.gdal import configured
from chuangwen.exchange.incoming import Column, Incoming, Repaired
from chuangwen.exchange.layer_reading import Raw, incoming_of, is_text, plain_column, read_layer
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_CODEPAGE = re.compile(rb"\$DWGCODEPAGE\s+3\s+([^\r\n]+)")
_VERSION = re.compile(rb"\$ACADVER\s+1\s+AC(\d{4})")
_UNITS = re.compile(rb"\$INSUNITS\s+70\s+(\d+)")
_UNIT_WORDS = {1: _("英寸"), 2: _("英尺"), 4: _("毫米"), 5: _("厘米"), 6: _("米"), 7: _("千米")}
_METRES = 6
_ENTITIES = re.compile(rb"\n\s*2\r?\n\s*ENTITIES")
_LAST_ENTITY = re.compile(rb"\r?\n[ ]{0,2}0\r?\n(?=[A-Z])")
_END = b"\r\n  0\r\nENDSEC\r\n  0\r\nEOF\r\n"
_UTF8_SINCE = 1021  # AutoCAD 2007
_ICONV = {"gb18030": "GB18030", "utf-8": "UTF-8", "big5hkscs": "BIG5-HKSCS", "cp1252": "CP1252", "latin-1": "ISO-8859-1"}
_CHARSET = re.compile(rb"charset\s+\"?([\w.-]+)\"?", re.IGNORECASE)
_CHARSETS = {"windowssimpchinese": "936", "windowstradchinese": "950", "utf-8": "utf-8"}
_BELIEVED = {"windowscyrillic": "cp1251"}
_COMPANIONS = (".dat", ".map", ".id", ".ind", ".mid", ".dbf")
_TITLES = {"Layer": _("图层"), "Text": _("文字"), "Linetype": _("线型"), "EntityHandle": _("句柄")}
_DROPPED = ("PaperSpace", "SubClasses", "ExtendedEntity")
_ESCAPE = re.compile(r"\\U\+([0-9A-Fa-f]{4})|\\M\+5([0-9A-Fa-f]{4})")  # a character of Unicode; two bytes of code page 936
_KINDS = {"point": (0, 4), "line": (1, 2, 5), "polygon": (1, 2, 3, 5, 6)}
_LEFT = {"point": _("线和面"), "line": _("点、文字和面"), "polygon": _("点和文字")}
_HEAD = 65_536
_COLLECTION = 7


def read_dxf(path: Path, wanted: str, kind: str) -> Incoming:
    """The entities of a drawing. `kind`: polygon joins closed lines and the texts inside them; anything else takes the entities as they are."""
    content = path.read_bytes()
    pieces = [line for line in content.split(b"\n") if not line.isascii()]
    page = _CODEPAGE.search(content[:_HEAD])
    version = _VERSION.search(content[:_HEAD])
    declared = "utf-8" if version and int(version[1]) >= _UTF8_SINCE else page[1].decode("latin-1").replace("ANSI_", "") if page else ""
    found = encodings.detect(pieces, declared) if wanted.strip().lower() in ("", "auto") else encodings.forced(wanted, pieces)
    warnings: list[str] = []
    if not _ENTITIES.search(content):
        raw = Raw([], [], np.empty(0, dtype=object), [])
    else:
        with configured(DXF_ENCODING=_ICONV.get(found.codec, found.codec.upper())), _whole(path, content, warnings) as readable:
            raw = read_layer(readable, path)
    unit = _UNITS.search(content[:_HEAD])
    if unit and int(unit[1]) in _UNIT_WORDS and int(unit[1]) != _METRES:
        warnings.append(_("图纸单位是{unit}。").format(unit=_UNIT_WORDS[int(unit[1])]))
    kept = [at for at, name in enumerate(raw.names) if name not in _DROPPED and any(value is not None for value in raw.columns[at])]
    titles = [_TITLES.get(raw.names[at], raw.names[at]) for at in kept]
    columns = [_unescaped(plain_column(raw.columns[at])) for at in kept]
    evidence = found.evidence + (_("示例：{samples}").format(samples=" / ".join(found.samples)) if found.samples else "")
    incoming = incoming_of(raw, path.name, found.name, evidence, titles, columns, warnings=warnings)
    incoming = replace(incoming, candidates=found.candidates, doubts=found.doubts)
    return _of_kind(_areas(incoming) if kind == "polygon" else incoming, kind)


def _unescaped(values: list[Scalar]) -> list[Scalar]:
    """Characters that AutoCAD writes as \\U+7F51 where its code page has none."""
    return [_ESCAPE.sub(_character, value) if isinstance(value, str) and "\\" in value else value for value in values]


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else bytes.fromhex(found[2]).decode("gb18030", "replace")


def _of_kind(incoming: Incoming, kind: str) -> Incoming:
    """A drawing holds everything: a layer takes what is of its kind, and says what it left. Open lines stay with the areas, for the check of shapes."""
    import shapely

    if kind not in _KINDS or incoming.geometry is None:
        return incoming
    types = shapely.get_type_id(incoming.geometry)
    kept = np.isin(types, _KINDS[kind]) | (types == _COLLECTION)
    if kept.all() or not kept.any():
        return incoming
    note = _("图纸中的{what}没有读取（{count} 个）。").format(what=_LEFT[kind], count=int((~kept).sum()))
    return incoming.take(np.flatnonzero(kept).tolist(), note)


@contextmanager
def _whole(path: Path, content: bytes, warnings: list[str]) -> Iterator[Path]:
    """The drawing, or a copy that ends after its last whole entity where the file was cut off."""
    if content.rstrip().endswith(b"EOF"):
        yield path
        return
    last = list(_LAST_ENTITY.finditer(content))
    if not last:
        yield path
        return
    warnings.append(_("{file} 不完整（中途截断），只读到截断之前的图形。").format(file=path.name))
    with tempfile.TemporaryDirectory(prefix="chuangwen-") as folder:
        mended = Path(folder) / "x.dxf"
        mended.write_bytes(content[: last[-1].start()] + _END)
        yield mended


def read_mapinfo(path: Path, wanted: str) -> Incoming:
    """A TAB or MIF with its companions; decoded by evidence, with its charset as a hint that may lie. Of other scripts the charset is believed."""
    content = path.read_bytes()[:_HEAD]
    charset = _CHARSET.search(content)
    word = charset[1].decode("latin-1").lower() if charset else ""
    if word in _BELIEVED and wanted.strip().lower() in ("", "auto"):
        name = charset[1].decode("latin-1") if charset else ""
        return incoming_of(read_layer(path, path), path.name, encodings.title_of(_BELIEVED[word]), _("文件声明字符集 {name}。").format(name=name))
    with tempfile.TemporaryDirectory(prefix="chuangwen-") as folder:
        raw = read_layer(_neutral(path, Path(folder)), path, encoding="ISO-8859-1")
    return _decoded(raw, path, wanted, _CHARSETS.get(word, ""))


def _neutral(path: Path, folder: Path) -> Path:
    """A copy of the set that names no charset, so that GDAL hands over the bytes as they are; and that reaches no file beside its own."""
    copied = folder / f"x{path.suffix.lower()}"
    for other in path.parent.iterdir():
        if other.stem.lower() == path.stem.lower() and other.suffix.lower() in _COMPANIONS:
            shutil.copyfile(other, copied.with_suffix(other.suffix.lower()))
    head = path.read_bytes()
    end = len(head) if path.suffix.lower() == ".tab" else min(len(head), _HEAD)
    copied.write_bytes(_CHARSET.sub(lambda one: one[0].replace(one[1], b"Neutral"), head[:end]) + head[end:])
    return copied


def _decoded(raw: Raw, path: Path, wanted: str, declared: str) -> Incoming:
    texts = {at: column.tolist() for at, column in enumerate(raw.columns) if is_text(column)}
    pieces = [name.encode("latin-1", "replace") for name in raw.names]
    pieces += [value.encode("latin-1", "replace") for values in texts.values() for value in values if isinstance(value, str)]
    found = encodings.detect(pieces, declared) if wanted.strip().lower() in ("", "auto") else encodings.forced(wanted, pieces)
    titles = [encodings.decode_piece(name.encode("latin-1", "replace"), found.codec)[0] for name in raw.names]
    columns: list[list[Scalar]] = []
    repaired: list[Repaired] = []
    for at, column in enumerate(raw.columns):
        if at not in texts:
            columns.append(plain_column(column))
            continue
        decoded, done = encodings.decode_values(texts[at], found.codec)
        columns.append(list(decoded))
        repaired += [Repaired(raw.rows[position], _("“{title}”{what}").format(title=titles[at], what=what)) for position, what in done.items()]
    incoming = incoming_of(raw, path.name, found.name, found.evidence, titles, columns, repaired=repaired)
    return replace(incoming, candidates=found.candidates, doubts=found.doubts)


def _areas(incoming: Incoming) -> Incoming:
    """Closed lines as areas, each named by the text inside it; the texts are no rows then. What is open stays a line, for the shapes' own check."""
    import shapely

    if incoming.geometry is None:
        return incoming
    geometry = incoming.geometry.copy()
    types = shapely.get_type_id(geometry)
    lines = np.flatnonzero((types == 1) & shapely.is_closed(geometry) & (shapely.get_num_points(geometry) > 3))
    if not len(lines):
        return incoming
    geometry[lines] = [shapely.Polygon(shapely.get_coordinates(one)) for one in geometry[lines]]
    areas = np.flatnonzero(np.isin(shapely.get_type_id(geometry), (3, 6)))
    words = incoming.column(_("文字"))
    names: dict[int, str] = {}
    absorbed: set[int] = set()
    if words is not None:
        texts = [at for at in np.flatnonzero(types == 0).tolist() if words.values[at]]
        names, absorbed = _names(geometry, areas, texts, words)
    kept = [at for at in range(len(incoming)) if at not in absorbed]
    taken = replace(incoming, geometry=geometry).take(kept)
    note = _("{count} 条闭合线按面读取，{names} 个用图中的文字作名称。").format(count=len(lines), names=len(names))
    column = Column(_("名称"), [names.get(at) for at in kept], (_("名称"),))
    return replace(taken, columns=(*taken.columns, column), warnings=(*taken.warnings, note))


def _names(geometry: NDArray[np.object_], areas: NDArray[np.int_], texts: list[int], words: Column) -> tuple[dict[int, str], set[int]]:
    import shapely

    tree = shapely.STRtree(geometry[areas])
    names: dict[int, str] = {}
    absorbed = set()
    size = shapely.area(geometry[areas])
    for at in texts:
        around = tree.query(geometry[at], predicate="within")
        if len(around):
            area = int(areas[around[np.argmin(size[around])]])
            names[area] = f"{names[area]} {words.values[at]}" if area in names else str(words.values[at])
            absorbed.add(at)
    return names, absorbed
