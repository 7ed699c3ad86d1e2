"""What an ods holds beside its values and calamine does not give: merged cells, hidden rows and columns, and how far its repeated cells reach."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from chuangwen.exchange.sheet_extras import Extras, Place

_TAG = re.compile(rb"<(/?)table:(table-row|table-column|table-cell|covered-table-cell|table)(?![\w-])([^<>]{0,2000}?)(/?)>")
_BETWEEN = re.compile(rb"(</?(?:table:table|table:table-row|table:table-cell|table:table-column|table:covered-table-cell|text:p)\b[^<>]{0,2000}>)\s+(?=<)")
_ATTRIBUTE = re.compile(rb'([\w-]+:[\w-]+)="([^"]*)"')
_TYPED = b"office:value-type"


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """Of one table: its merges as (top, left, bottom, right), what is hidden, its extent (rows, columns), whether the sheet itself is hidden."""

    merges: tuple[tuple[int, int, int, int], ...]
    extras: Extras
    extent: Place
    hidden: bool = False


def open_sheets(xml: bytes) -> list[OpenSheet]:
    """The tables of a content.xml in their order."""
    hidden_styles = set(
        re.findall(rb'<style:style style:name="([^"]+)" style:family="table"[^<>]{0,500}>\s*<style:table-properties[^<>]{0,500}table:display="false"', xml)
    )
    tags = list(_TAG.finditer(xml))
    starts = [number for number, tag in enumerate(tags) if tag[2] == b"table" and not tag[1]]
    ends = [*starts[1:], len(tags)] if starts else []
    return [_open_sheet(tags[start:end], hidden_styles) for start, end in zip(starts, ends, strict=True)]


def is_indented(xml: bytes) -> bool:
    """Whether blanks stand between the tags of a table, as KSpread writes them: calamine stops at those."""
    start = xml.find(b"<table:table")
    return _BETWEEN.search(xml, max(start, 0), max(start, 0) + 100_000) is not None


def compact(path: Path, xml: bytes) -> BytesIO:
    """The ods with its content in one line, in memory."""
    sink = BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(sink, "w") as target:
        for entry in source.infolist():
            if not entry.filename.startswith(("Pictures/", "Thumbnails/")):
                target.writestr(entry.filename, _BETWEEN.sub(rb"\1", xml) if entry.filename == "content.xml" else source.read(entry))
    sink.seek(0)
    return sink


def _open_sheet(tags: list[re.Match[bytes]], hidden_styles: set[bytes]) -> OpenSheet:
    merges: list[tuple[int, int, int, int]] = []
    hidden_rows: list[int] = []
    hidden_columns: list[int] = []
    row = column = columns_seen = rows = width = 0
    repeat = 1
    is_hidden = dict(_ATTRIBUTE.findall(tags[0][3])).get(b"table:style-name", b"") in hidden_styles
    for tag in tags[1:]:
        closing, kind, text, empty = tag[1], tag[2], tag[3], tag[4]
        if closing:
            row += repeat if kind == b"table-row" else 0
            continue
        attributes = dict(_ATTRIBUTE.findall(text))
        count = _count(attributes, b"table:number-rows-repeated" if kind == b"table-row" else b"table:number-columns-repeated")
        away = attributes.get(b"table:visibility") in (b"collapse", b"filter")
        if kind == b"table-column":
            hidden_columns += range(columns_seen, columns_seen + min(count, 1024)) if away else ()
            columns_seen += count
        elif kind == b"table-row":
            repeat, column = count, 0
            hidden_rows += range(row, row + min(count, 100_000)) if away else ()
            row += count if empty else 0
        else:
            down, right = _count(attributes, b"table:number-rows-spanned"), _count(attributes, b"table:number-columns-spanned")
            if down > 1 or right > 1:
                merges.append((row, column, row + down - 1, column + right - 1))
            column += count
            if _TYPED in text:
                rows, width = max(rows, row + repeat), max(width, column)
    return OpenSheet(
        tuple(merges), Extras(tuple(at for at in hidden_rows if at < rows), tuple(at for at in hidden_columns if at < width)), (rows, width), is_hidden
    )


def _count(attributes: dict[bytes, bytes], name: bytes) -> int:
    value = attributes.get(name, b"1")
    return max(int(value), 1) if value.isdigit() and len(value) < 10 else 1
