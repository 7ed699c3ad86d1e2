"""A grid of cells written as each kind of file that offices send: xlsx, xls (BIFF8 by hand), ods, csv, docx, HTML and XML under the name .xls."""

from __future__ import annotations

import csv
import datetime as dt
import html
import struct
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Merge = tuple[int, int, int, int]
NOT_AVAILABLE = object()
"""A cell of an xls that holds #N/A."""


@dataclass
class Grid:
    """`cells[row][column]`; `merges` (top, left, bottom, right) from 0, inclusive; `hidden_rows` and `hidden_columns` from 0; `records[row]` is the number of
    the clean record that the row holds, None for any other row."""

    cells: list[list[Any]]
    records: list[int | None]
    name: str = "Sheet1"
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    hidden: bool = False

    @property
    def width(self) -> int:
        return max(map(len, self.cells))


def text(value: Any) -> str:
    """A value as a text file holds it."""
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def write_xlsx(path: Path, grids: Sequence[Grid]) -> None:
    from openpyxl import Workbook
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.active)
    for grid in grids:
        sheet = book.create_sheet(grid.name)
        for row in grid.cells:
            sheet.append(row)
        for top, left, bottom, right in grid.merges:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        for row in grid.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in grid.hidden_columns:
            sheet.column_dimensions[get_column_letter(column + 1)].hidden = True
        sheet.sheet_state = "hidden" if grid.hidden else "visible"
    book.save(path)


def write_xls(path: Path, grids: Sequence[Grid]) -> None:
    """[MS-XLS] with the fewest records that Excel's readers ask for: texts and numbers, merges, what is hidden."""
    head = _record(0x809, struct.pack("<HHHHII", 0x600, 0x5, 0, 0, 0, 0))
    names = [_record(0x85, struct.pack("<IBB", 0, grid.hidden, 0) + _short(grid.name)) for grid in grids]
    sheets = [_biff_sheet(grid) for grid in grids]
    at = len(head) + sum(map(len, names)) + 4
    parts = []
    for name, sheet in zip(names, sheets, strict=True):
        parts.append(name[:4] + struct.pack("<I", at) + name[8:])
        at += len(sheet)
    path.write_bytes(compound({"Workbook": head + b"".join(parts) + _record(0x0A, b"") + b"".join(sheets)}))


def _biff_sheet(grid: Grid) -> bytes:
    found = [_record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0))]
    found += [_record(0x7D, struct.pack("<HHHHHH", column, column, 2000, 0, 1, 0)) for column in grid.hidden_columns]
    found += [_record(0x208, struct.pack("<HHHHHHI", row, 0, grid.width, 300, 0, 0, 0x120)) for row in grid.hidden_rows]
    for row, cells in enumerate(grid.cells):
        for column, value in enumerate(cells):
            place = struct.pack("<HHH", row, column, 0)
            if value is NOT_AVAILABLE:
                found.append(_record(0x205, place + b"\x2a\x01"))
            elif isinstance(value, int | float):
                found.append(_record(0x203, place + struct.pack("<d", value)))
            elif value is not None:
                found.append(_record(0x204, place + struct.pack("<HB", len(text(value)), 1) + text(value).encode("utf-16-le")))
    if grid.merges:
        areas = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in grid.merges)
        found.append(_record(0xE5, struct.pack("<H", len(grid.merges)) + areas))
    return b"".join([*found, _record(0x0A, b"")])


def _record(kind: int, content: bytes) -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _short(name: str) -> bytes:
    return struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")


def compound(streams: dict[str, bytes]) -> bytes:
    """[MS-CFB] with sectors of 512 bytes and no small streams: each is padded to 4,096 bytes at least."""
    sector, end, free, table_mark = 512, 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    padded = {name: content.ljust(max(4096, -(-len(content) // sector) * sector), b"\x00") for name, content in streams.items()}
    counts = [len(content) // sector for content in padded.values()]
    used = 1 + sum(counts)
    tables = 1
    while (used + tables) > tables * sector // 4:
        tables += 1
    assert tables <= 109, "too large for a file without further tables"
    links, starts, at = [end], [], 1
    for count in counts:
        starts.append(at)
        links += [*range(at + 1, at + count), end]
        at += count
    links += [table_mark] * tables
    links += [free] * (tables * sector // 4 - len(links))
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    entries += [
        _entry(name, 2, start, len(padded[name]), right=number + 2 if number + 1 < len(padded) else free)
        for number, (name, start) in enumerate(zip(padded, starts, strict=True))
    ]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, 0, 0, 4096, end, 0, end, 0)
    header += struct.pack("<109I", *range(used, used + tables), *[free] * (109 - tables))
    directory = b"".join(entries).ljust(sector, b"\x00")[:sector]
    return header + directory + b"".join(padded.values()) + struct.pack(f"<{len(links)}I", *links)


def _entry(name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF) -> bytes:
    raw = name.encode("utf-16-le")
    return (raw + b"\x00\x00").ljust(64, b"\x00") + struct.pack("<HBBIII16xIQQIQ", len(raw) + 2, kind, 1, 0xFFFFFFFF, right, child, 0, 0, 0, start, size)


def write_ods(path: Path, grids: Sequence[Grid]) -> None:
    tables = "".join(_ods_table(grid) for grid in grids)
    spaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>')
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )


def _ods_table(grid: Grid) -> str:
    rows = []
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merges}
    for row, cells in enumerate(grid.cells):
        parts = []
        for column, value in enumerate([*cells, *[None] * (grid.width - len(cells))]):
            down, right = spans.get((row, column), (1, 1))
            span = f' table:number-rows-spanned="{down}" table:number-columns-spanned="{right}"' if (row, column) in spans else ""
            if value is None:
                parts.append(f"<table:table-cell{span}/>")
            elif isinstance(value, int | float):
                parts.append(f'<table:table-cell{span} office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>')
            elif isinstance(value, dt.date):
                parts.append(f'<table:table-cell{span} office:value-type="date" office:date-value="{value}"><text:p>{value}</text:p></table:table-cell>')
            else:
                lines = "".join(f"<text:p>{html.escape(line)}</text:p>" for line in str(value).split("\n"))
                parts.append(f'<table:table-cell{span} office:value-type="string">{lines}</table:table-cell>')
        hidden = ' table:visibility="collapse"' if row in grid.hidden_rows else ""
        rows.append(f"<table:table-row{hidden}>{''.join(parts)}</table:table-row>")
    blank = f'<table:table-cell table:number-columns-repeated="{grid.width}"/>'
    rest = f'<table:table-row table:number-rows-repeated="{1048576 - len(rows)}">{blank}</table:table-row>'
    away = ' table:visibility="collapse"'
    columns = "".join(f"<table:table-column{away if column in grid.hidden_columns else ''}/>" for column in range(grid.width))
    return f'<table:table table:name="{grid.name}">{columns}{"".join(rows)}{rest}</table:table>'


def write_csv(encoding: str, delimiter: str = ",") -> Callable[[Path, Sequence[Grid]], None]:
    def write(path: Path, grids: Sequence[Grid]) -> None:
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows([[text(value) for value in row] for row in grids[0].cells])

    return write


def write_docx(path: Path, grids: Sequence[Grid]) -> None:
    from docx import Document

    document = Document()
    for grid in grids:
        document.add_paragraph(grid.name)
        table = document.add_table(len(grid.cells), grid.width)
        for cells, row in zip(table.rows, grid.cells, strict=True):
            for cell, value in zip(cells.cells, row, strict=False):
                cell.text = text(value)
        for top, left, bottom, right in grid.merges:
            kept = table.cell(top, left).text
            table.cell(top, left).merge(table.cell(bottom, right)).text = kept
    document.save(str(path))


def write_html(path: Path, grids: Sequence[Grid]) -> None:
    """As a web system does: GBK, a declared charset, the name .xls."""
    tables = []
    for grid in grids:
        spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in grid.merges}
        covered = {
            (row, column)
            for top, left, bottom, right in grid.merges
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
            if (row, column) != (top, left)
        }
        rows = []
        for row, cells in enumerate(grid.cells):
            parts = []
            for column, value in enumerate([*cells, *[None] * (grid.width - len(cells))]):
                if (row, column) not in covered:
                    down, right = spans.get((row, column), (1, 1))
                    inner = html.escape(text(value)).replace("\n", "<br>")
                    parts.append(f"<td rowspan={down} colspan={right}>{inner}</td>")
            rows.append(f"<tr>{''.join(parts)}</tr>")
        tables.append(f"<table border=1>{''.join(rows)}</table>")
    head = '<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><style>td {color: red}</style>'
    path.write_bytes(f"<html><head>{head}</head><body>{''.join(tables)}</body></html>".encode("gb18030"))


def write_spreadsheet_xml(path: Path, grids: Sequence[Grid]) -> None:
    """XML-Tabelle 2003, as old reporting systems write it under the name .xls."""
    sheets = []
    for grid in grids:
        spans = {(top, left): (bottom - top, right - left) for top, left, bottom, right in grid.merges}
        rows = []
        for row, cells in enumerate(grid.cells):
            parts = []
            for column, value in enumerate(cells):
                if value is None:
                    continue
                down, right = spans.get((row, column), (0, 0))
                merge = f' ss:MergeDown="{down}" ss:MergeAcross="{right}"' if (row, column) in spans else ""
                kind = "Number" if isinstance(value, int | float) else "String"
                parts.append(f'<Cell ss:Index="{column + 1}"{merge}><Data ss:Type="{kind}">{html.escape(text(value))}</Data></Cell>')
            rows.append(f'<Row ss:Index="{row + 1}">{"".join(parts)}</Row>')
        sheets.append(f'<Worksheet ss:Name="{grid.name}"><Table>{"".join(rows)}</Table></Worksheet>')
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(
        f'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="{space}" xmlns:ss="{space}">{"".join(sheets)}</Workbook>', "utf-8"
    )
