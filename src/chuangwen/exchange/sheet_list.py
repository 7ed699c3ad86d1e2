"""One sheet with its header to columns: merges filled, sections as columns, pictures at their rows, what is no value said row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from chuangwen.domain.values import LIST_MARK, Scalar
from chuangwen.exchange.grouping_words import headers_for
from chuangwen.exchange.headers import Header
from chuangwen.exchange.incoming import SECTION, Column, Incoming, Picture, Repaired
from chuangwen.exchange.list_meta import meta_of, read_meta
from chuangwen.exchange.list_rows import Rows, sorted_rows
from chuangwen.exchange.sheet_extras import Place
from chuangwen.exchange.sheet_pictures import take_pictures
from chuangwen.exchange.sheets import Book, Sheet, at
from chuangwen.exchange.side_by_side import halves, stacked
from chuangwen.text import _

_MOST_NAMED = 12  # rows named in one sentence


@dataclass(frozen=True, slots=True)
class SheetList:
    """A sheet as a list. `breaks` (n): rows with the same number stand under the same section row; `merged` the titles of columns that hold merged cells."""

    incoming: Incoming
    breaks: list[int]
    merged: frozenset[str]


def read_sheet(book: Book, sheet: Sheet, header: Header, words: Set[str]) -> SheetList:
    """The records of a sheet. Rows are numbered as Excel shows them. `words`: folded headers, which tell where another list begins."""
    pictures, warnings = take_pictures(book, sheet)
    if header.top < 0:
        warnings.append(_("没有认出表头，各列按位置称为“列1、列2……”。"))
    rows = sorted_rows(sheet, header, words)
    if rows.dropped:
        warnings.append(_("没有当作数据的行：{rows}。").format(rows=LIST_MARK.join(rows.dropped)))
    if rows.repeated:
        warnings.append(_("每页重复的标题和表头（{count} 行）已略过。").format(count=rows.repeated))
    if rows.bare:
        warnings.append(_("只有序号的空行（{count} 行）已略过。").format(count=rows.bare))
    warnings += rows.warnings
    warnings += _hidden(sheet, header)
    if book.ragged:
        warnings += _ragged(sheet, header, rows.kept)
    columns = [*_columns(sheet, header, rows.kept, pictures), *_section_columns(rows)]
    repaired, said = _not_values(sheet, header, rows.kept)
    numbers = [row + 1 for row in rows.kept]
    placed = _placed(pictures, sheet, header, rows.kept, warnings)
    meta = read_meta(sheet, header) | {key: value for key, value in meta_of(rows.notes).items() if value and key != _("标题")}
    if book.from_1904:
        meta["date1904"] = "1"
    incoming = Incoming("", tuple(columns), numbers, repaired=tuple(repaired), warnings=(*warnings, *said), pictures=placed, meta=meta)
    merged = frozenset(header.titles[left] for top, left, bottom, _right in sheet.merges if bottom > max(top, header.bottom) and left < len(header.titles))
    breaks = rows.breaks
    if blocks := halves(header):
        incoming, breaks = stacked(incoming, blocks, breaks)
    return SheetList(incoming, breaks, merged)


def _columns(sheet: Sheet, header: Header, kept: Sequence[int], pictures: Mapping[Place, tuple[Picture, ...]]) -> list[Column]:
    cells = _filled(sheet, header.bottom)
    shown = {column for _row, column in pictures}
    columns = []
    for position, title in enumerate(header.titles):
        values = [cells[row][position] if position < len(cells[row]) else None for row in kept]
        if header.names[position] or position in shown or any(value is not None for value in values):
            columns.append(Column(title, values, header.names[position]))
    return columns


def _section_columns(rows: Rows) -> list[Column]:
    """One column a level of sections; called by what its titles name, where they name one kind of thing."""
    depth = max((len(path) for path in rows.sections), default=0)
    columns = []
    for level in range(depth):
        titles = [path[level] if level < len(path) else None for path in rows.sections]
        title = _("（分节）") if not level else _("（分节{level}）").format(level=level + 1)
        values: list[Scalar] = list(titles)
        columns.append(Column(title, values, headers_for([one for one in titles if one]), SECTION))
    return columns


def _filled(sheet: Sheet, header_bottom: int) -> list[list[Scalar]]:
    """The cells with merged values filled down their own column, inside the merge only."""
    cells = [list(row) for row in sheet.cells]
    for top, left, bottom, _right in sheet.merges:
        if top <= header_bottom or top == bottom:
            continue
        value = at(sheet, top, left)
        for row in range(top + 1, min(bottom, len(cells) - 1) + 1):
            cells[row] += [None] * (left + 1 - len(cells[row]))
            cells[row][left] = value
    return cells


def _not_values(sheet: Sheet, header: Header, kept: Sequence[int]) -> tuple[list[Repaired], list[str]]:
    """Error cells and formulas without a result are blank, and said; formulas on other workbooks keep what they last showed, and are said."""
    extras, records = sheet.extras, frozenset(kept)
    repaired = [
        Repaired(row + 1, _("“{title}”是错误值 {error}，按空白处理").format(title=_title(header, column), error=error))
        for (row, column), error in sorted(extras.errors.items())
        if row in records
    ]
    uncached = [(row, column) for row, column in extras.uncached if row in records and at(sheet, row, column) is None]
    repaired += [Repaired(row + 1, _("“{title}”是公式，没有保存计算结果，按空白处理").format(title=_title(header, column))) for row, column in uncached]
    warnings = []
    if uncached:
        count = len(uncached)
        warnings.append(_("有 {count} 格公式没有保存计算结果，按空白处理；请用 Excel 或 WPS 打开保存一次，再导入。").format(count=count))
    if linked := sorted({row for row, _column in extras.linked if row in records}):
        warnings.append(_("{rows}的公式取自别的工作簿，用的是上次保存的结果，请核对。").format(rows=_rows(linked)))
    return repaired, warnings


def _hidden(sheet: Sheet, header: Header) -> list[str]:
    """Hidden rows and columns are read like the others: how many there are."""
    rows = [row for row in sheet.extras.hidden_rows if row > header.bottom and row < len(sheet.cells) and any(cell is not None for cell in sheet.cells[row])]
    columns = [header.titles[column] for column in sheet.extras.hidden_columns if column < len(header.titles) and header.names[column]]
    found = []
    if rows:
        found.append(_("有 {count} 行是隐藏或筛选掉的，也已读取：{rows}。").format(count=len(rows), rows=_rows(rows)))
    if columns:
        found.append(_("有 {count} 列是隐藏的，也已读取：{titles}。").format(count=len(columns), titles=LIST_MARK.join(columns)))
    return found


def _ragged(sheet: Sheet, header: Header, kept: Sequence[int]) -> list[str]:
    """Records of a text table with more cells than the header: a separator inside a value, most likely."""
    last = max((column for column, names in enumerate(header.names) if names), default=0)
    long = [row for row in kept if any(cell is not None for cell in sheet.cells[row][last + 1 :])]
    return [_("{rows}的格数比表头多，多出的内容在没有表头的列里，请核对是否有多余的分隔符。").format(rows=_rows(long))] if long else []


def _placed(
    pictures: Mapping[Place, tuple[Picture, ...]], sheet: Sheet, header: Header, kept: Sequence[int], warnings: list[str]
) -> dict[int, tuple[Picture, ...]]:
    """Position → pictures with the title of their column. A picture that stands beside the records is said."""
    positions = {row: position for position, row in enumerate(kept)}
    found: dict[int, tuple[Picture, ...]] = {}
    away: Counter[int] = Counter()
    for (row, column), some in sorted(pictures.items()):
        if row not in positions:  # in the lower lines of a record several rows high
            row = next((top for top, _left, bottom, _right in sheet.merges if top <= row <= bottom and top in positions), row)
        if row in positions:
            title = header.titles[column] if column < len(header.titles) else ""
            named = tuple(Picture(one.name, one.content, title) for one in some)
            found[positions[row]] = (*found.get(positions[row], ()), *named)
        else:
            away[row] += len(some)
    if away:
        warnings.append(_("有 {count} 张图片不在记录行上，没有导入（{rows}）。").format(count=sum(away.values()), rows=_rows(sorted(away))))
    return found


def _title(header: Header, column: int) -> str:
    return header.titles[column] if column < len(header.titles) and header.names[column] else _("第 {number} 列").format(number=column + 1)


def _rows(rows: Sequence[int]) -> str:
    named = LIST_MARK.join(str(row + 1) for row in rows[:_MOST_NAMED])
    return _("第 {rows} 行").format(rows=named) if len(rows) <= _MOST_NAMED else _("第 {rows} 等 {count} 行").format(rows=named, count=len(rows))
