"""Tables that a web system, Excel or an old macro saved under the name .xls but that are text inside: HTML, web archives (MHTML), SpreadsheetML 2003."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes
from io import BytesIO
from pathlib import Path

from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem
from chuangwen.exchange.encodings import Encoding, decode_text
from chuangwen.exchange.office_zip import damaged
from chuangwen.text import _

_WIDEST, _TALLEST = 1_000, 65_536
_MOST_CELLS = 2_000_000
_LARGEST = 24 << 20  # bytes: 30,000 rows; a parser that calls Python back reads 5 MB a second
_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_BLOCKS = frozenset({"br", "p", "div", "li"})


@dataclass
class Table:
    """A table as it is read. `cells[row][column]`; `merges` (top, left, bottom, right); `above` the lines of text before it; `hidden_rows` from 0."""

    name: str = ""
    cells: list[list[Scalar]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden: bool = False


def read_html(raw: bytes, path: Path, encoding: str = "auto") -> tuple[list[Table], Encoding]:
    """The tables of a web page, innermost ones where they are nested. Scripts and styles are no text; nothing is fetched."""
    if len(raw) > _LARGEST:
        raise too_large(path)
    text, found, _bad = decode_text(raw, encoding)
    from lxml import etree

    page = _Page(path)
    parser = etree.HTMLParser(target=page, no_network=True)
    try:
        parser.feed(text.replace("\x00", ""))
        parser.close()
    except etree.LxmlError as error:
        raise damaged(path) from error
    return [table for table in page.tables if any(cell is not None for row in table.cells for cell in row)], found


def read_web_archive(raw: bytes, path: Path, encoding: str = "auto") -> tuple[list[Table], Encoding]:
    """The tables of the pages in an .mht, as Excel's 单个文件网页 is."""
    if len(raw) > _LARGEST:
        raise too_large(path)
    tables: list[Table] = []
    found = None
    for part in message_from_bytes(raw).walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(content, bytes):
            some, found = read_html(content, path, encoding)
            tables += some
    if found is None:
        raise damaged(path)
    return tables, found


class _Page:
    """Hears of tags and texts from the parser, in their order."""

    def __init__(self, path: Path) -> None:
        self.tables: list[Table] = []
        self._path = path
        self._open: list[_OpenTable] = []
        self._loose: list[str] = []
        self._skipping = 0
        self._cells = 0

    def start(self, tag: str, given: Mapping[str, str]) -> None:
        if tag in ("script", "style"):
            self._skipping += 1
        elif tag == "table":
            table = _OpenTable(Table(above=[line for line in "".join(self._loose).splitlines() if line.strip()][-10:]))
            self._loose = []
            self._open.append(table)
            self.tables.append(table.table)
        elif self._open and tag == "tr":
            self._open[-1].row("display:none" in given.get("style", "").replace(" ", "").lower())
        elif self._open and tag in ("td", "th"):
            self._cells += self._open[-1].cell(_span(given.get("colspan"), _WIDEST), _span(given.get("rowspan"), _TALLEST))
            if self._cells > _MOST_CELLS:
                raise too_large(self._path)
        elif tag in _BLOCKS:
            self.data("\n")

    def end(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._skipping = max(self._skipping - 1, 0)
        elif tag == "table" and self._open:
            self._open.pop().close()
        elif tag in ("td", "th", "tr") and self._open:
            self._open[-1].close_cell()

    def data(self, data: str) -> None:
        if self._skipping:
            return
        if self._open and self._open[-1].is_in_cell:
            self._open[-1].text.append(data if data == "\n" else re.sub(r"\s+", " ", data))
        elif not self._open:
            self._loose.append(data)

    def comment(self, _text: str) -> None:
        """Comments are no text; Excel hides its own XML in them."""

    def close(self) -> None:
        while self._open:
            self._open.pop().close()


class _OpenTable:
    """A table whose end is not read yet: where the next cell goes, and which places cells from above cover."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.text: list[str] = []
        self.is_in_cell = False
        self._covered: set[tuple[int, int]] = set()

    def row(self, hidden: bool) -> None:
        self.close_cell()
        self.table.cells.append([])
        if hidden:
            self.table.hidden_rows.append(len(self.table.cells) - 1)

    def cell(self, right: int, down: int) -> int:
        """Begin a cell that spans so many columns and rows; how many places it takes."""
        self.close_cell()
        if not self.table.cells:
            self.row(hidden=False)
        at, row = len(self.table.cells) - 1, self.table.cells[-1]
        while (at, len(row)) in self._covered:
            row.append(None)
        left = len(row)
        row += [None] * right
        self._place = (at, left)
        if right > 1 or down > 1:
            self.table.merges.append((at, left, at + down - 1, left + right - 1))
            if right * down < _MOST_CELLS // 100:
                self._covered |= {(below, column) for below in range(at + 1, at + down) for column in range(left, left + right)}
        self.is_in_cell, self.text = True, []
        return right

    def close_cell(self) -> None:
        if self.is_in_cell:
            row, column = self._place
            text = re.sub(r"[ \u00a0]*\n[ \u00a0]*", "\n", "".join(self.text)).strip(" \n\u00a0")
            self.table.cells[row][column] = text or None
            self.is_in_cell = False

    def close(self) -> None:
        self.close_cell()


def _span(text: str | None, most: int) -> int:
    return min(max(int(text), 1), most) if text and text.strip().isdecimal() and len(text) < 10 else 1


def read_spreadsheet_xml(raw: bytes, path: Path) -> list[Table]:
    """The worksheets of Excel 2003's XML. Raises `FileProblem` for a damaged one and for entities."""
    from xml.etree.ElementTree import ParseError

    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import iterparse

    if len(raw) > _LARGEST:
        raise too_large(path)
    tables: list[Table] = []
    try:
        for event, one in iterparse(BytesIO(raw), events=("start", "end"), forbid_dtd=True):
            if event == "start" and one.tag == f"{_SPREADSHEET}Worksheet":
                tables.append(Table(one.get(f"{_SPREADSHEET}Name", "")))
            elif event == "end" and one.tag == f"{_SPREADSHEET}Row" and tables:
                _add_row(tables[-1], one, path)
                one.clear()
            elif event == "end" and one.tag.endswith("}Visible") and tables:
                tables[-1].hidden = (one.text or "").strip() != "SheetVisible"
    except (ParseError, DefusedXmlException, LookupError) as error:
        raise damaged(path) from error
    return tables


def _add_row(table: Table, row: object, path: Path) -> None:
    from xml.etree.ElementTree import Element

    assert isinstance(row, Element)
    at = _span(row.get(f"{_SPREADSHEET}Index"), 1 << 20) - 1 if row.get(f"{_SPREADSHEET}Index") else len(table.cells)
    if at > len(table.cells) + _TALLEST:
        raise too_large(path)
    table.cells += [[] for _number in range(at - len(table.cells))]
    cells: list[Scalar] = []
    for cell in row.iterfind(f"{_SPREADSHEET}Cell"):
        left = _span(cell.get(f"{_SPREADSHEET}Index"), 16_384) - 1 if cell.get(f"{_SPREADSHEET}Index") else len(cells)
        cells += [None] * (left - len(cells))
        right, down = _number(cell.get(f"{_SPREADSHEET}MergeAcross")), _number(cell.get(f"{_SPREADSHEET}MergeDown"))
        data = cell.find(f"{_SPREADSHEET}Data")
        cells.append(_typed("".join(data.itertext()), data.get(f"{_SPREADSHEET}Type", "")) if data is not None else None)
        if right or down:
            table.merges.append((at, left, at + down, left + right))
            cells += [None] * right
    if row.get(f"{_SPREADSHEET}Hidden") == "1":
        table.hidden_rows.append(at)
    table.cells.append(cells)


def _typed(text: str, kind: str) -> Scalar:
    if kind == "Number":
        try:
            return float(text)
        except ValueError:
            return text
    if kind == "DateTime":
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            return text
    if kind == "Boolean":
        return text == "1"
    return text


def _number(text: str | None) -> int:
    return min(int(text), _WIDEST) if text and text.isdecimal() and len(text) < 10 else 0


def too_large(path: Path) -> FileProblem:
    """What to say of a table of more cells than memory holds."""
    return FileProblem(_("{file} 的表格范围过大，没有读取。").format(file=path.name), hint=_("请删除空白的行列，另存为 xlsx 后再导入。"))
