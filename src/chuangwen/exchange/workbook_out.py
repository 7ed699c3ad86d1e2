"""Workbooks as offices make them: title merged over the list, bold header frozen and repeated on paper, A4 landscape, 合计 in the last row (domain.md 5.8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.domain.values import Scalar, plain
from chuangwen.exchange.outgoing import safe
from chuangwen.exchange.whole_file import whole_file
from chuangwen.text import _

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

FONT = "宋体"
RED, AMBER, GREEN = "FFFADBD8", "FFFCF3CF", "FFE8F5E9"
_WIDEST, _NARROWEST = 40, 8
_MEASURED = 500  # rows that a column's width is taken from
_FORMATS = {"text": "@", "number": "General", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm", "head": "@"}
A4, A3 = 9, 8
"""Sizes of paper as spreadsheets number them."""


class ListSheet:
    """One sheet, written row by row from the top: 20,000 rows of 30 columns in seconds and without holding them all.

    `paper`: A4 or A3, landscape. `style` names below are text, number, date, moment and head, each with a colour of `fills` behind it or without.
    """

    def __init__(self, book: Workbook, title: str, widths: Sequence[float], frozen_rows: int, paper: int = A4) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.properties import PageSetupProperties

        self._sheet: Any = book.create_sheet(title[:31])  # the stubs know half of what a write-only sheet has
        self._row = 0
        for column, width in enumerate(widths, 1):
            self._sheet.column_dimensions[get_column_letter(column)].width = width
        self._sheet.freeze_panes = f"A{frozen_rows + 1}"
        self._sheet.print_title_rows = f"{frozen_rows}:{frozen_rows}"
        self._sheet.page_setup.orientation = "landscape"
        self._sheet.page_setup.paperSize = paper
        self._sheet.page_setup.fitToWidth = 1
        self._sheet.page_setup.fitToHeight = 0
        self._sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        self._width = max(len(widths), 1)
        self._cells: dict[str, Any] = {}  # one cell a style, filled anew for each value: a row is written cell by cell as it is walked

    def heading(self, text: str, size: int = 16, *, bold: bool = True) -> None:
        """A line over the whole width."""
        from openpyxl.styles import Alignment, Font

        cell = self._cell(text, f"heading{size}")
        cell.font = Font(name=FONT, size=size, bold=bold)
        cell.alignment = Alignment(horizontal="center" if bold else "left", vertical="center", wrap_text=not bold)
        self._sheet.row_dimensions[self._row + 1].height = size * 1.9 if bold else 16 * (1 + text.count("\n"))
        self._append([cell])
        if self._width > 1:
            self._sheet.merged_cells.ranges.add(_area(self._row, self._width))

    def row(self, values: Iterable[Scalar], fill: str = "", head: bool = False) -> None:
        """Values side by side. Texts are stored as texts, whatever they begin with; telephones and codes keep their zeros."""
        self._append(self._cell(value, f"list_{'head' if head else _style(value)}{fill}") for value in values)

    def filtered(self, header_row: int, last_row: int) -> None:
        """Arrows for filtering at the header."""
        from openpyxl.utils import get_column_letter

        self._sheet.auto_filter.ref = f"A{header_row}:{get_column_letter(self._width)}{max(last_row, header_row)}"

    def _append(self, cells: Iterable[Any]) -> None:
        self._sheet.append(cells)
        self._row += 1

    def _cell(self, value: Scalar, style: str) -> Any:
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        if isinstance(value, bool):
            value = plain(value)
        cell = self._cells.get(style)
        if cell is None:
            cell = self._cells[style] = WriteOnlyCell(self._sheet)
            if style.startswith("list_"):
                cell.style = style
        if isinstance(value, str):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", safe(value))
            cell.data_type = "s"  # never "f": nothing here is a formula
        else:
            cell.value = value
        return cell


def new_book(fills: Sequence[str] = ()) -> Workbook:
    """A workbook with our styles, plain and with each of `fills` (aRGB) behind. Setting the properties cell by cell makes 20,000 rows take a minute."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    book = Workbook(write_only=True)
    thin = Side(style="thin", color="FF999999")
    for fill in ("", *fills):
        for name, number_format in _FORMATS.items():
            style = NamedStyle(name=f"list_{name}{fill}", number_format=number_format)
            style.font = Font(name=FONT, size=10, bold=name == "head")
            style.border = Border(left=thin, right=thin, top=thin, bottom=thin)
            style.alignment = Alignment(vertical="center", wrap_text=True, horizontal="center" if name == "head" else None)
            if fill:
                style.fill = PatternFill("solid", fgColor=fill)
            book.add_named_style(style)
    return book


def save_book(book: Workbook, path: Path) -> None:
    """Write the file of a `new_book`. Raises `OSError`; its sheets are closed even then: left to the garbage collector they complain on stderr."""
    try:
        book.save(path)
    except OSError:
        sheet: Any
        for sheet in book.worksheets:
            with suppress(OSError):  # a full disk has no room for the end of a sheet either
                if not sheet.closed:
                    sheet.close()
        raise


def write_workbook(path: Path, title: str, sheet_title: str, titles: Sequence[str], rows: Sequence[Sequence[Scalar]]) -> None:
    """A list of one sheet: title, header, `rows`, 合计 with their number."""
    book = new_book()
    sheet = ListSheet(book, sheet_title, widths(titles, rows), frozen_rows=2)
    sheet.heading(title)
    sheet.row(titles, head=True)
    for row in rows:
        sheet.row(row)
    sheet.row([_("合计"), len(rows), *[None] * (len(titles) - 2)][: max(len(titles), 1)], head=False)
    save_book(book, path)


def save_workbook(path: Path, title: str, sheet_title: str, titles: Sequence[str], rows: Sequence[Sequence[Scalar]]) -> None:
    """`write_workbook`: the whole list or nothing. Raises `FileProblem`."""
    with whole_file(path) as part:
        write_workbook(part, title, sheet_title, titles, rows)


def widths(titles: Sequence[str], rows: Sequence[Sequence[Scalar]], given: Mapping[int, float] | None = None) -> list[float]:
    """How wide each column is, in characters: what its header and its first rows need, within reason; `given` (position → width) overrides."""
    found = []
    for position, title in enumerate(titles):
        longest = max([_size(title), *(_size(plain(row[position])) for row in rows[:_MEASURED])])
        found.append((given or {}).get(position) or float(min(max(longest + 2, _NARROWEST), _WIDEST)))
    return found


def _area(row: int, width: int) -> Any:
    from openpyxl.worksheet.cell_range import CellRange

    return CellRange(min_col=1, min_row=row, max_col=width, max_row=row)


def _style(value: Scalar) -> str:
    if isinstance(value, dt.datetime):
        return "moment"
    if isinstance(value, dt.date):
        return "date"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else "text"


def _size(text: str) -> int:
    """The width of a cell's longest line in half-width characters."""
    return max((sum(2 if sign > "\u2e80" else 1 for sign in line) for line in text.splitlines()), default=0)
