"""Vector files of every kind that a district sends: which reader, which of several sets or layers, and what to say of those that cannot be read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.values import LIST_MARK, Scalar
from chuangwen.errors import DataProblem, FileProblem, UserError
from chuangwen.exchange import geojson, photos_in, sheets
from chuangwen.exchange.archives import unpacked
from chuangwen.exchange.doubts import Answer, Doubt, Unanswered
from chuangwen.exchange.drawings import read_dxf, read_mapinfo
from chuangwen.exchange.file_sets import shapefile_set
from chuangwen.exchange.incoming import SHEET, Column, Incoming
from chuangwen.exchange.kml import read_kml
from chuangwen.exchange.layer_reading import incoming_of, layers_of, read_layer
from chuangwen.exchange.shapefiles import read_shapefile
from chuangwen.exchange.shapes import kind_of
from chuangwen.exchange.signatures import check_content
from chuangwen.store.foreign import plain_tables
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.doubts import Answers

ENDINGS = (
    *(".shp", ".shx", ".dbf", ".geojson", ".json", ".geojsonl", ".topojson", ".gpkg", ".kml", ".kmz"),
    *(".dxf", ".tab", ".mif", ".fgb", ".gdb", ".zip"),
)
SHOWN = ("shp", "geojson", "gpkg", "kml", "kmz", "dxf", "tab", "mif", "fgb", "zip")
"""What a user is told, without the companions."""
REMEDIES: Mapping[str, str] = {
    ".dwg": _("请在 CAD 里另存为 DXF，再导入。"),
    ".rar": _("请先解压，再导入其中的文件（或重新打成 zip）。"),
    ".7z": _("请先解压，再导入其中的文件（或重新打成 zip）。"),
    ".et": _("请在 WPS 里另存为 xlsx，再导入。"),
    ".doc": _("请另存为 docx 或 xlsx，再导入。"),
    ".pdf": _("请索取原来的表格或图形文件。"),
    ".wps": _("请在 WPS 里另存为 docx，再导入。"),
    ".mdb": _("请在 ArcGIS 里导出为 shapefile 或 gpkg，再导入。"),
    ".lyr": _("图层样式文件里没有数据，请索取它指向的 shapefile。"),
    ".mxd": _("地图文档里没有数据，请索取它指向的 shapefile。"),
    ".qgz": _("地图工程里没有数据，请索取它指向的文件。"),
}
_INSIDE = (".shp", *geojson.ENDINGS, ".gpkg", ".kml", ".dxf", ".tab", ".mif", ".fgb", ".gdb")
_LISTS = (*sheets.ENDINGS, ".dbf")
KEY = "set"
"""The doubt about which of several sets or layers is meant."""
ALL = "*"
"""Its answer for an overlay that takes them together."""
_MOST_SETS = 300
_MOST_ENTRIES = 20_000
_NAMED = 5
_SQLITE = b"SQLite format 3\x00"
_FGB = b"fgb"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants of a file. `kind`: the geometry of the layer to be filled (point, line, polygon, any, none). `together`: several sets are read
    as one where they can be. `set_name`: the set or layer that the user named. `answers`: to the doubt `set`. `read_list` reads a workbook or text table (and
    the sheet named) that lies in an archive or folder. `drafts`: photos become draft issues. `known`: the layer's words for its fields
    (`field_repair.layer_words`), which help to tell the encoding and complete names that were cut.
    """

    encoding: str = "auto"
    kind: str = "any"
    together: bool = False
    set_name: str = ""
    answers: Answers | None = None
    read_list: Callable[[Path, str], Incoming] | None = None
    drafts: bool = False
    known: Mapping[str, str] | None = None

    @property
    def named(self) -> str:
        """The set that was chosen, '' for none."""
        return self.set_name or (self.answers or {}).get(KEY, "")


_Reader = Callable[[], Incoming]


def read_vector(path: Path, encoding: str = "auto", layer: str = "", *, lists: bool = False, wish: Wish | None = None) -> Incoming:
    """The content of a vector file. `lists`: its tables without shapes count too. Raises `FileProblem` or `DataProblem` with cause and remedy, `Unanswered`
    where several sets could be meant."""
    wish = wish or Wish(encoding, "none" if lists else "any", set_name=layer)
    ending = path.suffix.lower()
    if path.is_dir() and ending != ".gdb":
        return _read_in(path, path, wish, held=False)
    if ending in (".zip", ".kmz"):
        with unpacked(path) as folder:
            try:
                return _read_in(folder, path, wish, held=True)
            except FileProblem as problem:  # it names the member: the user knows the archive
                if path.name in problem.message:
                    raise
                raise FileProblem(_("{file} 里的 {problem}").format(file=path.name, problem=problem.message), problem.hint) from problem
    return _chosen(path.name, _sets_of(path, path.name, wish), wish)


def _read_in(folder: Path, source: Path, wish: Wish, *, held: bool) -> Incoming:
    """What is meant of everything in a folder: what has shapes; where there is none, or a list is wanted, the lists; else the photos. The rest is named.

    `held`: the folder will be gone when the import is written.
    """
    files = _files_of(folder, source)
    shaped = _of(files, _INSIDE)
    stems = {one.with_suffix("") for one in _of(files, (".shp", ".tab"))}
    lists = [one for one in _of(files, _LISTS) if wish.read_list and (one.suffix.lower() != ".dbf" or one.with_suffix("") not in stems)]
    photos = _of(files, photos_in.ENDINGS)
    data = (lists or shaped) if wish.kind == "none" else (shaped or lists)
    if not data and not photos:
        raise FileProblem(_("{file} 里没有可以导入的数据。").format(file=source.name), hint=_("请看看里面是什么，再选择其中一份导入。"))
    if not data:
        return photos_in.read_photos(source.name, photos, drafts=wish.drafts, held=held)
    incoming = _chosen(source.name, _sets_in(data[:_MOST_SETS], source, wish), wish)
    left = [*data[_MOST_SETS:], *(one for one in (*shaped, *lists, *photos) if one not in data)]
    if source.suffix.lower() == ".kmz":
        left = [one for one in left if one.suffix.lower() != ".png"]  # icons
    if not left:
        return incoming
    names = LIST_MARK.join(one.name for one in left[:_NAMED]) + ("…" if len(left) > _NAMED else "")
    note = _("{file} 里还有 {count} 个文件没有导入：{names}。").format(file=source.name, count=len(left), names=names)
    return replace(incoming, warnings=(*incoming.warnings, note))


def _sets_in(files: Sequence[Path], source: Path, wish: Wish) -> dict[str, _Reader]:
    """The sets and layers of several files, by name."""
    found: dict[str, _Reader] = {}
    for one in files:
        try:
            check_content(one) if one.is_file() else None
            sets = _sets_of(one, source.name, wish)
        except (FileProblem, DataProblem) as problem:  # one broken set does not cost the others, and is named
            sets = {one.name: _refusing(problem)}
        for name, reader in sets.items():
            key = name if name not in found else f"{one.name if name != one.name else one.parent.name}/{name}"
            found[key] = reader
    return found


def _refusing(problem: UserError) -> _Reader:
    def reader() -> Incoming:
        raise problem

    return reader


def _files_of(folder: Path, source: Path) -> list[Path]:
    """The files below a folder, a geodatabase as one; what looks like another's companion is left out."""
    found: list[Path] = []
    for at, one in enumerate(folder.rglob("*")):
        if at > _MOST_ENTRIES:
            raise FileProblem(_("文件夹 {file} 里的文件太多。").format(file=source.name), hint=_("请选择放数据的那一层文件夹，或直接选择文件。"))
        if (one.is_file() or one.suffix.lower() == ".gdb") and not any(parent.suffix.lower() == ".gdb" for parent in one.parents):
            found.append(one)
    doubles = {one.with_suffix("") for one in _of(found, (".shp", ".tab"))}
    return sorted(one for one in found if one.suffix.lower() != ".mif" or one.with_suffix("") not in doubles)


def _of(files: Sequence[Path], endings: Sequence[str]) -> list[Path]:
    return [one for one in files if one.suffix.lower() in endings]


def _sets_of(path: Path, source: str, wish: Wish) -> dict[str, _Reader]:
    """The layers of one file, by name; a file of one layer has its own name."""
    ending = path.suffix.lower()
    read_list = wish.read_list
    if ending in photos_in.ENDINGS:
        return {path.name: lambda: photos_in.read_photos(path.name, [path], drafts=wish.drafts, held=False)}
    if ending in _LISTS and ending != ".dbf" and read_list is not None:
        return {path.name: lambda: read_list(path, "")}
    if ending in (".shp", ".shx", ".dbf"):
        files = shapefile_set(path, lone=ending == ".dbf" and wish.kind in ("none", "point"))
        return {files.name: lambda: read_shapefile(files, wish.encoding, wish.known or {})}
    if ending == ".kml":
        return {path.name: lambda: read_kml(path, path.read_bytes(), wish.encoding)}
    if ending == ".dxf":
        return {path.name: lambda: read_dxf(path, wish.encoding, wish.kind)}
    if ending in (".tab", ".mif"):
        return {path.name: lambda: _mapinfo(path, wish)}
    if ending == ".gpkg":
        _check_signature(path, _SQLITE, "GeoPackage")
    if ending == ".fgb":
        _check_signature(path, _FGB, "FlatGeobuf")
        return {path.name: lambda: incoming_of(read_layer(path, path), path.name, "UTF-8", _("FlatGeobuf 规定为 UTF-8。"))}
    if ending in geojson.ENDINGS and not geojson.is_foreign(path):
        return {path.name: lambda: geojson.read_geojson(path, wish.encoding)}
    return _layers(path, source, wish)


def _mapinfo(path: Path, wish: Wish) -> Incoming:
    incoming = read_mapinfo(path, wish.encoding)
    if incoming.geometry is None and wish.kind != "none":
        raise FileProblem(_("{file} 里只有属性表，没有图形。").format(file=path.name), hint=_("请核对是否少了 .map 文件，或换一份带图形的数据。"))
    return incoming


def _layers(path: Path, source: str, wish: Wish) -> dict[str, _Reader]:
    with _open_copy(path) as readable:
        found = layers_of(readable, path)
        tables = plain_tables(readable) if path.suffix.lower() == ".gpkg" else None
    found = [(name, shaped) for name, shaped in found if tables is None or name in tables]
    names = [name for name, shaped in found if shaped or wish.kind == "none"]
    if wish.named in [name for name, _shaped in found]:
        names = [wish.named]
    if not names:
        raise DataProblem(_("{file} 中没有带图形的图层。").format(file=source), hint=_("请核对文件，或换一份带边界的数据。"))
    return {name: (lambda name=name: _layer(path, name)) for name in names}  # type: ignore[misc]


def _layer(path: Path, name: str) -> Incoming:
    note = _("这种格式规定为 UTF-8。")
    with _open_copy(path) as readable:
        options: dict[str, Any] = (
            {"IMMUTABLE": "YES"} if readable == path and path.suffix.lower() == ".gpkg" else {}
        )  # else SQLite leaves -shm and -wal beside it
        return incoming_of(read_layer(readable, path, layer=name, **options), path.name, "UTF-8", note, sheet=name)


class _open_copy:  # noqa: N801 - used as a `with` word
    """The file itself, or a copy of it with its -wal where a program left one: what that holds belongs to the file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Path:
        wal = self._path.with_name(self._path.name + "-wal")
        if self._path.suffix.lower() != ".gpkg" or not wal.exists() or not wal.stat().st_size:
            return self._path
        self._folder = tempfile.TemporaryDirectory(prefix="chuangwen-")
        for part in (self._path, wal):
            shutil.copyfile(part, Path(self._folder.name) / part.name)
        return Path(self._folder.name) / self._path.name

    def __exit__(self, *_error: object) -> None:
        if self._folder is not None:
            self._folder.cleanup()


def _check_signature(path: Path, start: bytes, title: str) -> None:
    with path.open("rb") as file:
        if file.read(len(start)) != start:
            raise FileProblem(_("{file} 不是 {title}（内容不符）。").format(file=path.name, title=title), hint=_("请向提供者重新索取文件。"))


def _chosen(source: str, sets: Mapping[str, _Reader], wish: Wish) -> Incoming:
    """The set that is meant: named, the only one, the only one that fits the layer; all together where that is wanted."""
    if wish.named and not (wish.together and wish.named == ALL):
        name = wish.named if wish.named in sets else next((name for name in sets if PurePath(name).stem == wish.named), "")
        if not name:
            names = LIST_MARK.join(sets)
            raise DataProblem(_("{file} 中没有图层“{layer}”。").format(file=source, layer=wish.named), hint=_("有：{names}").format(names=names))
        one = _named(sets[name](), source, name if len(sets) > 1 else "")
        return replace(one, doubts=(*one.doubts, _doubt(source, sets, name, together=wish.together))) if len(sets) > 1 else one
    if len(sets) == 1:
        return _named(next(iter(sets.values()))(), source)
    read, unread = _all(sets)
    filled = {name: one for name, one in read.items() if len(one)}
    fitting = {name: one for name, one in filled.items() if _fits(one, wish.kind)}
    if len(fitting) == 1 and (not wish.together or len(sets) == len(unread) + 1):
        name, one = next(iter(fitting.items()))
        others = LIST_MARK.join(other for other in sets if other != name)
        note = _("{file} 里有 {count} 份数据，只有“{name}”适合，导入了它；其他：{others}。").format(file=source, count=len(sets), name=name, others=others)
        return replace(_named(one, source, name), warnings=(*one.warnings, note))
    if wish.together and filled and len({one.declared_crs for one in filled.values() if one.declared_crs}) <= 1:
        joined = _joined(source, filled)
        lost = (_("没有读出的：{names}。").format(names=LIST_MARK.join(unread)),) if unread else ()
        return replace(joined, warnings=(*joined.warnings, *lost), doubts=(*joined.doubts, _doubt(source, filled, ALL, together=True)))
    if filled and not fitting:
        raise DataProblem(
            _("{file} 里有 {count} 份数据，没有一份的图形适合这个图层：{names}。").format(file=source, count=len(filled), names=LIST_MARK.join(filled)),
            hint=_("请核对文件，或导入到别的图层（--layer reference 可作参考图层显示）。"),
        )
    choices = list(fitting or read)
    shown = LIST_MARK.join(choices[:12]) + ("…" if len(choices) > 12 else "")
    raise Unanswered(
        _("{file} 中有 {count} 份数据，请指定一份：{names}。").format(file=source, count=len(choices), names=shown),
        _("用 --sheet 名称 指定。"),
        [_doubt(source, {name: read[name] for name in choices}, "", together=False)],
    )


def _doubt(source: str, sets: Mapping[str, Incoming | _Reader], chosen: str, *, together: bool) -> Doubt:
    """Which of several. Without a `chosen` one the import waits."""
    answers = [Answer(ALL, _("全部一起"))] if together else []
    answers += [Answer(name, name, _("{count} 条").format(count=len(one)) if isinstance(one, Incoming) else "") for name, one in sets.items()]
    return Doubt(KEY, _("{file} 里有几份数据，导入哪一份？").format(file=source), tuple(answers), chosen, asks=not chosen)


def _all(sets: Mapping[str, _Reader]) -> tuple[dict[str, Incoming], list[str]]:
    """What each set holds, and the names of those that cannot be read. Raises the first problem where none can."""
    read: dict[str, Incoming] = {}
    problems: dict[str, UserError] = {}
    for name, reader in sets.items():
        try:
            read[name] = reader()
        except (FileProblem, DataProblem) as problem:
            problems[name] = problem
    if not read:
        raise next(iter(problems.values()))
    return read, list(problems)


def _named(one: Incoming, source: str, name: str = "") -> Incoming:
    """The report names the file that the user chose, with what was taken out of it."""
    return replace(one, source=source, sheet=one.sheet or name)


def _fits(one: Incoming, kind: str) -> bool:
    """Whether a layer of that kind can take it; a list may give points their places."""
    if one.geometry is None:
        return kind in ("none", "any", "point")
    return kind == "any" or (kind != "none" and kind_of(one.geometry) in (kind, "any"))


def _joined(source: str, sets: Mapping[str, Incoming]) -> Incoming:
    """Several sets of one CRS as one, the name of the set in a column of its own."""
    titles = list(dict.fromkeys(column.title for one in sets.values() for column in one.columns))
    columns = []
    for title in titles:
        values: list[Scalar] = []
        words: tuple[str, ...] = ()
        for one in sets.values():
            column = one.column(title)
            values += column.values if column else [None] * len(one)
            words = words or (column.words if column else ())
        columns.append(Column(title, values, words))
    names = [name for name, one in sets.items() for _row in one.rows]
    columns.append(Column(_("（图层）"), list(names), kind=SHEET))
    shapes = [one.geometry if one.geometry is not None else np.full(len(one), None, dtype=object) for one in sets.values()]
    first = next(iter(sets.values()))
    note = _("{file} 里的 {count} 份数据一起导入：{names}。").format(file=source, count=len(sets), names=LIST_MARK.join(sets))
    return Incoming(
        source,
        tuple(columns),
        [row for one in sets.values() for row in one.rows],
        np.concatenate(shapes),
        next((one.declared_crs for one in sets.values() if one.declared_crs), ""),
        first.encoding,
        first.encoding_evidence,
        LIST_MARK.join(sets),
        tuple(repair for one in sets.values() for repair in one.repaired),
        (note, *dict.fromkeys(warning for one in sets.values() for warning in one.warnings)),
        doubts=tuple({doubt.key: doubt for one in sets.values() for doubt in one.doubts}.values()),
        candidates=first.candidates,
        rejected=tuple((row, f"{name}：{why}") for name, one in sets.items() for row, why in one.rejected),
        sheets=names,
    )
