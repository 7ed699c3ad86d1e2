"""What lies beside a shapefile and says what its fields mean: a field table (our own 字段对照表.csv, or any list of field and name), ESRI's .shp.xml."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chuangwen.domain.values import plain
from chuangwen.errors import UserError
from chuangwen.exchange.sheets import Sheet, read_book
from chuangwen.text import _

_TABLE_WORDS = ("字段", "对照", "数据字典", "属性说明", "属性表说明", "属性结构", "数据说明", "field")
_TITLE_WORDS = ("中文名称", "中文名", "名称", "别名", "字段名称", "中文含义", "含义", "标题", "字段含义", "字段中文名", "字段别名", "说明", "字段说明", "描述")
_ENDINGS = (".csv", ".xlsx", ".xls", ".txt")
_LARGEST = 4 << 20
_MOST_FILES = 8
_HEADER_ROWS = 10


@dataclass(frozen=True, slots=True)
class Described:
    """What one source says. `titles`: field name in lower case → its title; `long_names`: names as they were before they were cut, in the fields' order."""

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    long_names: tuple[str, ...] = ()


def described(path: Path, names: Sequence[str]) -> tuple[list[Described], list[str]]:
    """All that is said about the fields `names` of the shapefile `path`, the best first; and warnings about what could not be read."""
    found = []
    warnings = []
    for table in _tables(path):
        try:
            sheets = read_book(table).sheets
        except UserError as error:
            warnings.append(_("旁边的字段表读不了，没有用它：{error}").format(error=error.message))
            continue
        ranked = [one for sheet in sheets if (one := _table(sheet, table.name, names)) is not None]
        if ranked:
            found.append(max(ranked, key=lambda one: len(one.titles)))
    if (metadata := _metadata(path)) is not None:
        found.append(metadata)
    return found, warnings


def _tables(path: Path) -> list[Path]:
    """The files beside `path` that by their name are field tables; none that belongs to another shapefile of the folder."""
    try:
        beside = sorted(path.parent.iterdir())
    except OSError:
        return []
    others = {one.stem for one in beside if one.suffix.lower() == ".shp"} - {path.stem}
    found = [
        one
        for one in beside
        if one.suffix.lower() in _ENDINGS
        and not one.name.startswith("~$")
        and any(word in one.stem.lower().removeprefix(path.stem.lower()) for word in _TABLE_WORDS)
        and (one.stem.startswith(path.stem) or not any(one.stem.startswith(other) for other in others))
        and one.stat().st_size <= _LARGEST
    ]
    return sorted(found, key=lambda one: not one.stem.startswith(path.stem))[:_MOST_FILES]


def _table(sheet: Sheet, name: str, names: Sequence[str]) -> Described | None:
    """A table whose one column holds names of the fields (however it is headed), and whose other one their titles."""
    wanted = {one.lower() for one in names if one}
    rows = [[plain(cell).strip() for cell in row] for row in sheet.cells]
    width = sheet.width
    hits = [sum(_cell(row, column).lower() in wanted for row in rows) for column in range(width)]
    if width < 2 or max(hits) < max(1, min(2, len(wanted))):
        return None
    key = hits.index(max(hits))
    first = next(number for number, row in enumerate(rows) if _cell(row, key).lower() in wanted)
    headers = rows[max(0, first - _HEADER_ROWS) : first]
    ranked = [
        (_TITLE_WORDS.index(word), column) for row in headers for column in range(width) if column != key and (word := _cell(row, column)) in _TITLE_WORDS
    ]
    if not ranked and width > 2 and headers:
        return None
    title = min(ranked)[1] if ranked else (1 if key == 0 else 0)
    pairs = [(_cell(row, key), _cell(row, title)) for row in rows[first:]]
    return Described(name, {own.lower(): said for own, said in pairs if own and said}, tuple(own for own, _said in pairs if own and own.lower() not in wanted))


def _cell(row: Sequence[str], column: int) -> str:
    return row[column] if column < len(row) else ""


def _metadata(path: Path) -> Described | None:
    """Names and aliases of the fields in ESRI's metadata; None without any. Entities and external references are not followed."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    beside = next(
        (one for one in (path.with_name(path.name + ".xml"), path.with_suffix(".xml"), path.with_name(path.stem + ".SHP.XML")) if one.is_file()), None
    )
    if beside is None or beside.stat().st_size > _LARGEST:
        return None
    try:
        root = fromstring(beside.read_bytes(), forbid_dtd=True)
    except (ParseError, DefusedXmlException, OSError, ValueError, LookupError):
        return None
    titles, names = {}, []
    for attribute in root.iter("attr"):
        own, alias = ((attribute.findtext(part) or "").strip() for part in ("attrlabl", "attalias"))
        if own:
            names.append(own)
            if alias:
                titles[own.lower()] = alias
                names += [alias] if alias != own and not alias.isascii() else []
    return Described(beside.name, titles, tuple(dict.fromkeys(names))) if names else None
