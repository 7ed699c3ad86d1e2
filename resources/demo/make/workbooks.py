"""Workbooks as offices make them: a merged title, who filled it in, a merged header, borders, 宋体, no formulas."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

_WHEN = dt.datetime(2024, 6, 3, 9, 0)
_THIN = Side(style="thin", color="000000")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_BODY = Font(name="宋体", size=10)
_HEAD = Font(name="宋体", size=11, bold=True)


@dataclass(frozen=True)
class Column:
    """One column: its head, the group that stands above it (empty: none), its width, and whether text starts at the left."""

    head: str
    width: float
    group: str = ""
    left: bool = False
    number_format: str = "General"


@dataclass(frozen=True)
class Sheet:
    """A list to be written."""

    title: str
    subtitle: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    merge_down: str = ""  # head of the column whose equal values are merged


def write(path: Path, name: str, sheet: Sheet) -> None:
    """Write one workbook with one sheet."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = name
    last = get_column_letter(len(sheet.columns))
    row = 1
    for text, font, height in ((sheet.title, Font(name="宋体", size=18, bold=True), 34), (sheet.subtitle, Font(name="宋体", size=11), 20)):
        if text:
            page.merge_cells(f"A{row}:{last}{row}")
            page.cell(row, 1, text).font = font
            page.cell(row, 1).alignment = _CENTRE
            page.row_dimensions[row].height = height
            row += 1
    header_top, first = row, _header(page, sheet, row)
    for r, values in enumerate(sheet.rows, start=first):
        for c, (column, value) in enumerate(zip(sheet.columns, values, strict=True), start=1):
            cell = page.cell(r, c, value if value != "" else None)
            cell.font, cell.border, cell.alignment = _BODY, _BORDER, _LEFT if column.left else _CENTRE
            cell.number_format = column.number_format
    if sheet.merge_down:
        _merge_down(page, sheet, first)
    page.freeze_panes = f"A{first}"
    page.print_title_rows = f"{header_top}:{first - 1}"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.properties.creator = "区创建办"
    book.save(path)
    _same_every_time(path)


def _header(page: Worksheet, sheet: Sheet, row: int) -> int:
    """One header row, or two where some columns stand in groups; returns the first data row."""
    two = any(c.group for c in sheet.columns)
    for c, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(c)].width = column.width
        if two and not column.group:
            page.merge_cells(start_row=row, end_row=row + 1, start_column=c, end_column=c)
        page.cell(row + 1 if column.group else row, c, column.head)
    start = 1
    for group, members in groupby(sheet.columns, key=lambda c: c.group):
        count = len(list(members))
        if group:
            page.cell(row, start, group)
            page.merge_cells(start_row=row, end_row=row, start_column=start, end_column=start + count - 1)
        start += count
    for r in range(row, row + 1 + two):
        page.row_dimensions[r].height = 26
        for c in range(1, len(sheet.columns) + 1):
            page.cell(r, c).font, page.cell(r, c).border, page.cell(r, c).alignment = _HEAD, _BORDER, _CENTRE
    return row + 1 + two


def _merge_down(page: Worksheet, sheet: Sheet, first: int) -> None:
    c = [column.head for column in sheet.columns].index(sheet.merge_down) + 1
    start = first
    for _, members in groupby(sheet.rows, key=lambda values: values[c - 1]):
        count = len(list(members))
        if count > 1:
            page.merge_cells(start_row=start, end_row=start + count - 1, start_column=c, end_column=c)
        start += count


def _same_every_time(path: Path) -> None:
    """Write the package again with fixed times, so that the same content gives the same file."""
    with zipfile.ZipFile(path) as package:
        members = [(info.filename, package.read(info)) for info in package.infolist()]
    stamp = f"{_WHEN:%Y-%m-%dT%H:%M:%SZ}".encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, data in members:
            if name == "docProps/core.xml":
                data = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>" + stamp, data)
            package.writestr(zipfile.ZipInfo(name, _WHEN.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
