"""Lists that offices pass around to columns: title rows, one- and two-row headers, merged cells, section rows, totals (domain.md 5.8)."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path

from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import DataProblem
from chuangwen.exchange.grid import Sheet
from chuangwen.exchange.incoming import SECTION, Column, Incoming, unique_titles
from chuangwen.exchange.sheets import chosen_sheet, read_book
from chuangwen.text import _

_LOOK = 15  # rows in which a header is looked for
_TALLEST = 3  # rows of a header
_TOTAL = re.compile(r"^(合计|小计|总计|共计|总数)")
_SIGNATURE = re.compile(r"^(填表人|填报人|制表人?|审核人?|审批|审签|负责人签字|单位负责人|联系人|备注|注|说明|填报单位|填报时间|填报日期)[：:（(]")
_SECTION = re.compile(r"^[（(]?[一二三四五六七八九十百]+[）)]?[、.．]?\s*(?P<title>.+)$")
_COUNT = re.compile(r"[（(]\s*(?P<count>\d+)\s*[个处条项家所座]?\s*[）)]\s*$")


@dataclass(frozen=True, slots=True)
class _Header:
    """Rows `top`..`bottom` (inclusive, from 0) hold the header; `titles` a column, `names` what each may be matched by."""

    top: int
    bottom: int
    titles: list[str]
    names: list[tuple[str, ...]]
    score: int


def read_workbook(path: Path, words: Set[str], encoding: str = "auto", sheet: str = "") -> Incoming:
    """The list in a workbook or text table. `words` are the folded headers that the target layer knows.

    Without `sheet` the sheet whose header fits best is taken. Raises `FileProblem` for the file, `DataProblem` where no header is found.
    """
    book = read_book(path, encoding)
    named = chosen_sheet(book, sheet, path)
    found = [(one, header) for one in ([named] if named else book.sheets) if (header := find_header(one, words)) is not None]
    if not found:
        if all(not any(cell is not None for row in one.cells for cell in row) for one in book.sheets):
            raise DataProblem(_("{file} 中没有数据。").format(file=path.name), hint=_("请核对是否选错了文件。"))
        raise DataProblem(
            _("在 {file} 的前 {count} 行里找不到表头。").format(file=path.name, count=_LOOK),
            hint=_("请让表头使用图层的字段名（如“编号、名称、责任单位”），或用 --map 源列=字段 指明。"),
        )
    best, header = max(found, key=lambda one: one[1].score)
    warnings = list(book.warnings)
    others = [one.name for one, _header in found if one is not best]
    if others:
        warnings.append(_("只导入了工作表“{sheet}”；其他工作表：{others}。").format(sheet=best.name, others="、".join(others)))
    if header.top < 0:
        warnings.append(_("没有找到表头，各列按列号命名。"))
    read = _columns(best, header, warnings)
    found_out = book.encoding
    return replace(
        read,
        source=path.name,
        encoding=found_out.name,
        encoding_evidence=found_out.evidence,
        sheet=best.name,
        repaired=(*found_out.repaired, *read.repaired),
        doubts=(*found_out.doubts, *read.doubts),
        candidates=found_out.candidates,
    )


def find_header(sheet: Sheet, words: Set[str]) -> _Header | None:
    """The first rows that read like a header: three known words (two in a table of up to four columns, one in a single column)."""
    used = max((sum(cell is not None for cell in row) for row in sheet.cells[: _LOOK * 2]), default=0)
    if not words:
        return _first_full_row(sheet, used)
    needed = 3 if used > 4 else min(2, used)
    best: _Header | None = None
    for top in range(min(_LOOK, len(sheet.cells))):
        for bottom in _bottoms(sheet, top):
            header = _header(sheet, top, bottom, words)
            if bottom > top and not any(text in words for text in _folded_row(sheet, top)) and header.score <= _header(sheet, bottom, bottom, words).score:
                continue  # a title or 填报单位 row above, not a parent
            if header.score >= max(needed, 1) and (best is None or header.score > best.score):
                best = header
        if best is not None and best.top < top:
            break
    return best


def _first_full_row(sheet: Sheet, used: int) -> _Header | None:
    """Where no words are known (a reference layer): the first row whose cells are texts, all different, over most of the width."""
    for row, cells in enumerate(sheet.cells[:_LOOK]):
        texts = [cell for cell in cells if cell is not None]
        if texts and len(texts) * 2 > used and all(isinstance(cell, str) for cell in texts) and len(set(texts)) == len(texts):
            return _header(sheet, row, row, frozenset())
    return _Header(-1, -1, unique_titles([""] * sheet.width), [("",)] * sheet.width, 0) if used else None


def _bottoms(sheet: Sheet, top: int) -> list[int]:
    """Where a header that starts in row `top` may end: its own row, or below what its merged cells span."""
    ends = {top}
    if sum(cell is not None for cell in sheet.cells[top]) < 2:
        return [top]
    for first, left, last, right in sheet.merges:
        if first == top and last - first < _TALLEST:
            ends.add(last)
            if right > left and right - left + 1 < sheet.width and first == last:
                ends.add(top + 1)
    if not sheet.merges and top + 1 < len(sheet.cells) and any(cell is None for cell in sheet.cells[top][:-1]):
        ends.add(top + 1)  # a text table: merges left only blanks
    return sorted(end for end in ends if end < len(sheet.cells))


def _header(sheet: Sheet, top: int, bottom: int, words: Set[str]) -> _Header:
    titles, names = [], []
    score = 0
    for column in range(sheet.width):
        stack = _stack(sheet, top, bottom, column)
        title = "/".join(stack)
        ways = tuple(dict.fromkeys([stack[-1], "".join(stack), *([stack[0]] if len(stack) > 1 and _leads(sheet, top, column) else [])])) if stack else ()
        score += any(folded(way) in words for way in ways[:2]) if ways else 0
        titles.append(title)
        names.append(ways)
    if bottom > top and not any(text in words for row in range(top + 1, bottom + 1) for text in _folded_row(sheet, row)):
        score = min(score, sum(text in words for text in _folded_row(sheet, top)) - 1)  # the second row is data, not header
    return _Header(top, bottom, unique_titles([_one_line(title) for title in titles]), names, score)


def _stack(sheet: Sheet, top: int, bottom: int, column: int) -> list[str]:
    """The header texts of a column from parent to child, each once."""
    texts: list[str] = []
    for row in range(top, bottom + 1):
        text = _text(_spanned(sheet, row, column, parent=row < bottom))
        if text and text not in texts:
            texts.append(text)
    return texts


def _spanned(sheet: Sheet, row: int, column: int, *, parent: bool) -> Scalar:
    """What a header cell says. A parent's word holds for all columns below it, by its merge or, in a text table, by the blanks behind it."""
    for top, left, bottom, right in sheet.merges:
        if top <= row <= bottom and left <= column <= (right if parent else left):
            return _at(sheet, top, left)
    value = _at(sheet, row, column)
    if value is None and parent and not sheet.merges and _at(sheet, row + 1, column) is not None:
        return next((found for left in range(column - 1, -1, -1) if (found := _at(sheet, row, left)) is not None), None)
    return value


def _leads(sheet: Sheet, top: int, column: int) -> bool:
    """Whether the column is the first below its parent, so that the parent's word may stand for it (责任单位 over 单位｜责任人｜电话)."""
    return _at(sheet, top, column) is not None


def _folded_row(sheet: Sheet, row: int) -> list[str]:
    return [folded(text) for cell in sheet.cells[row] if (text := _text(cell))]


def _columns(sheet: Sheet, header: _Header, warnings: list[str]) -> Incoming:
    cells = _filled(sheet, header.bottom)
    kept: list[int] = []
    sections: list[str | None] = []
    section: str | None = None
    promised: dict[str, int] = {}
    dropped: list[str] = []
    for row in range(header.bottom + 1, len(cells)):
        filled = [(position, cell) for position, cell in enumerate(cells[row]) if cell is not None]
        if not filled:
            continue
        own = [(position, cell) for position, cell in enumerate(sheet.cells[row]) if cell is not None]
        first = _text(own[0][1]) if own else ""
        if (
            _TOTAL.match(first)
            or (len(own) >= 2 and own[0][0] < 2 and _TOTAL.match(_text(own[1][1])) and own[1][0] < 3)
            or (_SIGNATURE.match(first) and (len(own) <= 4 or own[0][0] > 0))
        ):
            dropped.append(_("第 {row} 行“{text}”").format(row=row + 1, text=first[:20]))
            continue
        if len(own) == 1 and own[0][0] < 2 and sheet.width > 3 and (match := _SECTION.match(first)):
            section = _COUNT.sub("", match["title"]).strip()
            if counted := _COUNT.search(first):
                promised[section] = int(counted["count"])
            continue
        if [_one_line(_text(cell)) for _position, cell in own] == [title for title in header.titles if title][: len(own)] and len(own) > 2:
            continue  # the header again, at the top of a printed page
        kept.append(row)
        sections.append(section)
    if dropped:
        warnings.append(_("没有当作数据的行：{rows}。").format(rows="、".join(dropped)))
    for title, count in promised.items():
        there = sections.count(title)
        if there != count:
            warnings.append(_("“{title}”标明 {count} 个，实际读到 {there} 个，请核对。").format(title=title, count=count, there=there))
    columns = []
    for position, title in enumerate(header.titles):
        values = [cells[row][position] if position < len(cells[row]) else None for row in kept]
        if any(header.names[position]) or any(value is not None for value in values):
            columns.append(Column(title, values, header.names[position]))
    if any(sections):
        columns.append(Column(_("（分节）"), list(sections), kind=SECTION))
    return Incoming("", tuple(columns), [row + 1 for row in kept], warnings=tuple(warnings))


def _filled(sheet: Sheet, header_bottom: int) -> list[list[Scalar]]:
    """The cells with merged values filled down their own column, inside the merge only."""
    cells = [list(row) for row in sheet.cells]
    for top, left, bottom, _right in sheet.merges:
        if top <= header_bottom or top == bottom:
            continue
        value = _at(sheet, top, left)
        for row in range(top + 1, min(bottom, len(cells) - 1) + 1):
            cells[row] += [None] * (left + 1 - len(cells[row]))
            cells[row][left] = value
    return cells


def _at(sheet: Sheet, row: int, column: int) -> Scalar:
    return sheet.cells[row][column] if 0 <= row < len(sheet.cells) and column < len(sheet.cells[row]) else None


def _text(cell: Scalar) -> str:
    return plain(cell).strip()


def _one_line(text: str) -> str:
    return re.sub(r"\s+", "" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else " ", text).strip()
