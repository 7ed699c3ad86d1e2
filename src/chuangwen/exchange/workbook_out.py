"""A list as an office workbook: title merged over it, bold header frozen and repeated on paper, A4 landscape, 合计 in the last row (domain.md 5.8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar, plain
from chuangwen.text import _

_FONT = "宋体"
_WIDEST, _NARROWEST = 40, 8


def write_workbook(path: Path, title: str, layer: Layer, titles: Sequence[str], rows: Sequence[Sequence[Scalar]]) -> None:
    """Write `rows` under `titles`. Texts are stored as texts, whatever they begin with; telephones and codes keep their zeros."""
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, Side
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    from chuangwen.exchange.exporting import safe

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = layer.title[:31]
    thin = Side(style="thin", color="FF999999")
    formats = {"text": "@", "number": "General", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "head": "@"}
    for name, number_format in formats.items():  # named styles: setting four properties a cell makes 20,000 rows take a minute
        style = NamedStyle(name=f"list_{name}", number_format=number_format)
        style.font = Font(name=_FONT, size=10, bold=name == "head")
        style.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        style.alignment = Alignment(vertical="center", wrap_text=True)
        book.add_named_style(style)

    def put(row: int, column: int, value: Scalar, style: str = "") -> None:
        cell = sheet.cell(row, column)
        assert isinstance(cell, Cell)
        cell.style = f"list_{style or _style(value)}"
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", safe(value))
            cell.data_type = "s"  # never "f": nothing here is a formula
        elif value is not None:
            cell.value = value

    width = max(len(titles), 1)
    sheet.cell(1, 1, safe(title)).font = Font(name=_FONT, size=16, bold=True)
    sheet.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center")
    if width > 1:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.row_dimensions[1].height = 30
    for column, text in enumerate(titles, 1):
        put(2, column, text, "head")
        longest = max([_size(text), *(_size(plain(row[column - 1])) for row in rows[:500])])
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, _NARROWEST), _WIDEST)
    for number, row in enumerate(rows, 3):
        for column, value in enumerate(row, 1):
            put(number, column, value)
    put(len(rows) + 3, 1, _("合计"), "head")
    if width > 1:
        put(len(rows) + 3, 2, len(rows))
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "2:2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    book.save(path)


def _style(value: Scalar) -> str:
    if isinstance(value, dt.datetime):
        return "moment"
    if isinstance(value, dt.date):
        return "date"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else "text"


def _size(text: str) -> int:
    """The width of a cell's longest line in half-width characters."""
    return max((sum(2 if sign > "\u2e80" else 1 for sign in line) for line in text.splitlines()), default=0)
