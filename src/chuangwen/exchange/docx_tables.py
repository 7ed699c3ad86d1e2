"""The tables of a Word document: merged cells, automatic numbers as they are displayed, pictures in cells, the lines above each table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chuangwen.domain.values import Scalar
from chuangwen.exchange.office_zip import Package

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_IMAGEDATA = "{urn:schemas-microsoft-com:vml}imagedata"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
DOCUMENT = "word/document.xml"


@dataclass
class WordTable:
    """`cells[row][column]` by the table's grid; `merges` (top, left, bottom, right); `above` the paragraphs before it; `pictures`: place → members."""

    cells: list[list[Scalar]] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    above: list[str] = field(default_factory=list)
    pictures: dict[tuple[int, int], list[str]] = field(default_factory=dict)


def read_word_tables(package: Package) -> list[WordTable]:
    """The tables of the document's body in their order. Raises `FileProblem` for damaged XML."""
    root = package.xml(DOCUMENT)
    body = root.find(f"{_W}body") if root is not None else None
    reader = _Reader(package.relations(DOCUMENT))
    tables: list[WordTable] = []
    above: list[str] = []
    for block in body if body is not None else ():
        for one in block.iterfind(f"{_W}sdtContent/*") if block.tag == f"{_W}sdt" else (block,):
            if one.tag == f"{_W}p":
                above += [text] if (text := reader.text(one).strip()) else []
            elif one.tag == f"{_W}tbl":
                tables.append(reader.table(one, above[-10:]))
                above = []
    return tables


class _Reader:
    def __init__(self, relations: Mapping[str, str]) -> None:
        self._relations = relations
        self._numbers: Counter[tuple[str, str]] = Counter()

    def table(self, element: Element, above: list[str]) -> WordTable:
        table = WordTable(above=above)
        open_merges: dict[int, tuple[int, int, int]] = {}  # left → (top, right, last row)
        for at, row in enumerate(element.iterfind(f"{_W}tr")):
            cells: list[Scalar] = [None] * _value(row.find(f"{_W}trPr/{_W}gridBefore"))
            for cell in _own_cells(row):
                left, right = len(cells), len(cells) + max(_value(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1), 1) - 1
                down = cell.find(f"{_W}tcPr/{_W}vMerge")
                if down is not None and down.get(f"{_W}val", "continue") == "continue" and left in open_merges:
                    top, last_right, _last = open_merges[left]
                    open_merges[left] = (top, last_right, at)
                    cells += [None] * (right - left + 1)
                    continue
                self._close(table, open_merges, left)
                cells += [self._cell(cell), *[None] * (right - left)]
                if members := self._members(cell):
                    table.pictures[at, left] = members
                if down is not None or right > left:
                    open_merges[left] = (at, right, at)
                    if down is None:
                        self._close(table, open_merges, left)
            table.cells.append(cells)
        for left in list(open_merges):
            self._close(table, open_merges, left)
        return table

    def text(self, paragraph: Element) -> str:
        """A paragraph's text; deleted text and the second copy of drawings are no part of it."""
        parts: list[str] = []
        _collect(paragraph, parts)
        return "".join(parts)

    def _cell(self, cell: Element) -> str | None:
        lines: list[tuple[str, int]] = []
        for paragraph in cell.iter(f"{_W}p"):
            numbering = paragraph.find(f"{_W}pPr/{_W}numPr")
            number = 0
            if numbering is not None and (list_id := _text(numbering.find(f"{_W}numId"))) not in ("", "0"):
                key = (list_id, _text(numbering.find(f"{_W}ilvl")))
                self._numbers[key] += 1
                number = self._numbers[key]
            lines.append((self.text(paragraph).strip(), number))
        numbered = [line for line in lines if line[1]]
        if len(numbered) > 1:
            first = numbered[0][1]
            lines = [(f"{number - first + 1}. {text}" if number else text, number) for text, number in lines]
        elif numbered and not any(text for text, _number in lines):
            return str(numbered[0][1])  # 序号 that Word counts by itself
        return "\n".join(text for text, _number in lines if text) or None

    def _members(self, cell: Element) -> list[str]:
        ids = [one.get(f"{_R}embed") for one in cell.iter(_BLIP)] or [one.get(f"{_R}id") for one in cell.iter(_IMAGEDATA)]
        return [self._relations[one] for one in ids if one and one in self._relations]

    @staticmethod
    def _close(table: WordTable, open_merges: dict[int, tuple[int, int, int]], left: int) -> None:
        if left in open_merges:
            top, right, last = open_merges.pop(left)
            if last > top or right > left:
                table.merges.append((top, left, last, right))


def _collect(element: Element, parts: list[str]) -> None:
    for one in element:
        if one.tag == f"{_W}t":
            parts.append(one.text or "")
        elif one.tag in (f"{_W}br", f"{_W}cr"):
            parts.append("\n")
        elif one.tag == f"{_W}tab":
            parts.append("\t")
        elif one.tag not in (f"{_W}pPr", f"{_W}rPr", f"{_W}del", _FALLBACK, f"{_W}p"):
            _collect(one, parts)


def _own_cells(row: Element) -> Iterator[Element]:
    """The row's cells, also those in a form's content controls; not those of tables inside its cells."""
    for one in row:
        if one.tag == f"{_W}tc":
            yield one
        elif one.tag == f"{_W}sdt":
            yield from one.iterfind(f"{_W}sdtContent/{_W}tc")


def _text(element: Element | None) -> str:
    return element.get(f"{_W}val", "") if element is not None else ""


def _value(element: Element | None, otherwise: int = 0) -> int:
    text = _text(element)
    return min(int(text), 1_000) if text.isdecimal() and len(text) < 10 else otherwise
