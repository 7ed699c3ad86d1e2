"""Tables that a web system saves under the name of a workbook: HTML, and the XML of Excel 2003. Read for their cells, run for nothing (domain.md 5.8)."""

from __future__ import annotations

from html.parser import HTMLParser

from chuangwen.domain.values import Scalar
from chuangwen.exchange.grid import Sheet
from chuangwen.text import _

_SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
_MOST_SPAN = 1000


class _Tables(HTMLParser):
    """The cells of every outermost table, with what they span."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[tuple[str, int, int]]]] = []
        self._depth = 0
        self._cell: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._depth += 1
            if self._depth == 1:
                self.tables.append([])
        elif self._depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append([])
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
            given = dict(attrs)
            self._span = (_number(given.get("rowspan")), _number(given.get("colspan")))
            self._cell = []
        elif tag == "br" and self._cell is not None:
            self._cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._end_cell()
            self._depth = max(self._depth - 1, 0)
        elif self._depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _end_cell(self) -> None:
        if self._cell is not None and self.tables:
            if not self.tables[-1]:
                self.tables[-1].append([])
            self.tables[-1][-1].append(("".join(self._cell).strip(), *self._span))
        self._cell = None


def html_sheets(text: str) -> list[Sheet]:
    """The tables of a page as sheets, row- and column-spans as merges."""
    reader = _Tables()
    reader.feed(text)
    return [_laid_out(_("表{number}").format(number=number), rows) for number, rows in enumerate(reader.tables, 1) if any(rows)]


def spreadsheet_sheets(text: str) -> list[Sheet]:
    """The sheets of Excel 2003's XML. Raises `defusedxml`'s and ElementTree's errors for what is unsafe or broken."""
    from defusedxml.ElementTree import fromstring

    sheets = []
    for sheet in fromstring(text).iter(f"{_SPREADSHEET}Worksheet"):
        rows: list[list[tuple[str, int, int]]] = []
        for row in sheet.iter(f"{_SPREADSHEET}Row"):
            cells: list[tuple[str, int, int]] = []
            for cell in row.iter(f"{_SPREADSHEET}Cell"):
                index = _number(cell.get(f"{_SPREADSHEET}Index"), 0)
                cells += [("", 1, 1)] * (index - 1 - len(cells))
                across, down = (_number(cell.get(f"{_SPREADSHEET}Merge{way}"), 0) for way in ("Across", "Down"))
                cells.append(("".join(cell.itertext()).strip(), down + 1, across + 1))
            rows.append(cells)
        sheets.append(_laid_out(sheet.get(f"{_SPREADSHEET}Name") or "", rows))
    return sheets


def _laid_out(name: str, rows: list[list[tuple[str, int, int]]]) -> Sheet:
    """Cells with spans on a grid."""
    cells: list[list[Scalar]] = []
    merges = []
    taken: set[tuple[int, int]] = set()
    for number, row in enumerate(rows):
        line: list[Scalar] = []
        column = 0
        for text, down, across in row:
            while (number, column) in taken:
                line.append(None)
                column += 1
            line.append(text or None)
            if down > 1 or across > 1:
                merges.append((number, column, number + down - 1, column + across - 1))
                taken |= {(number + y, column + x) for y in range(down) for x in range(across)} - {(number, column)}
            line += [None] * (across - 1)
            column += across
        cells.append(line)
    return Sheet(name, cells, tuple(merges))


def _number(text: str | None, least: int = 1) -> int:
    return min(max(int(text), least), _MOST_SPAN) if text is not None and text.strip().isdecimal() else least
