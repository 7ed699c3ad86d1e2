"""Lists that offices pass around to columns: the sheets to read, their headers, and what each cell stands for (domain.md 5.8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from chuangwen.domain.layer import folded
from chuangwen.domain.values import LIST_MARK, Scalar
from chuangwen.errors import DataProblem
from chuangwen.exchange.doubts import Answer, Answers, Doubt, Unanswered, settled
from chuangwen.exchange.filling import filled_down, without_dittos
from chuangwen.exchange.grouping_words import headers_for, is_spare, is_summary, name_parts_of_one_list, without_serial
from chuangwen.exchange.headers import LOOK, Header, find_header, header_at, possible_headers
from chuangwen.exchange.incoming import SHEET, Column, Incoming, Picture, Repaired, SheetRow
from chuangwen.exchange.sheet_list import SheetList, read_sheet
from chuangwen.exchange.sheets import Book, Sheet, chosen_sheet, read_book
from chuangwen.exchange.splitting import Splitting, split_rows
from chuangwen.text import _

ALL_SHEETS = "all"
_ALIKE = 0.8
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class _Found:
    """A sheet with its header."""

    sheet: Sheet
    header: Header

    @property
    def titles(self) -> frozenset[str]:
        return frozenset(folded(title) for title, names in zip(self.header.titles, self.header.names, strict=True) if names)

    @property
    def rows(self) -> int:
        return sum(any(cell is not None for cell in row) for row in self.sheet.cells[self.header.bottom + 1 :])


def read_workbook(
    path: Path, words: Set[str], encoding: str = "auto", sheet: str = "", *, answers: Answers = _NOTHING, splitting: Splitting | None = None
) -> Incoming:
    """The list in a workbook, a Word document or a text table. `words` are the folded headers that the target layer knows.

    Without `sheet` the sheet whose header fits best is taken; several of one list are read together (doubt `sheets`: a name, or `all`). `splitting` says which
    columns may hold several records in a cell (doubt `split:<列>`). Raises `FileProblem` for the file, `DataProblem` where no header is found.
    """
    book = read_book(path, encoding)
    named = chosen_sheet(book, sheet, path)
    found = _found([named] if named else book.sheets, words, answers)
    if not found:
        raise _no_header(book, named, path)
    taken, doubts, warnings = _choice(book, found, answers, named)
    doubts += _header_doubt(taken, answers)
    read = _joined([(one.sheet, read_sheet(book, one.sheet, one.header, words)) for one in taken])
    incoming = replace(
        read.incoming,
        source=path.name,
        encoding=book.encoding.name,
        encoding_evidence=book.encoding.evidence,
        warnings=(*book.warnings, *warnings, *read.incoming.warnings),
        repaired=(*book.encoding.repaired, *read.incoming.repaired),
        doubts=(*book.encoding.doubts, *doubts),
        candidates=book.encoding.candidates,
    )
    incoming = without_dittos(filled_down(incoming, read.breaks, read.merged, answers))
    return split_rows(incoming, splitting, answers) if splitting else incoming


def _found(sheets: Sequence[Sheet], words: Set[str], answers: Answers) -> list[_Found]:
    """The sheets that have a header; the user's answer `header` (a row as Excel shows it) says where it stands."""
    row = answers.get("header", "")
    if row.isdecimal() and len(row) < 10 and int(row):
        named = [_Found(one, header) for one in sheets if not one.hidden and (header := header_at(one, int(row) - 1, words)) is not None]
        return [max(named, key=lambda one: one.header.score)] if named else []
    return [_Found(one, header) for one in sheets if (header := find_header(one, words)) is not None]


def _no_header(book: Book, named: Sheet | None, path: Path) -> DataProblem:
    if all(one.is_empty for one in book.sheets):
        return DataProblem(_("{file} 中没有数据。").format(file=path.name), hint=_("请核对是否选错了文件。"))
    message = _("在 {file} 的前 {count} 行里找不到表头。").format(file=path.name, count=LOOK)
    hint = _("请让表头使用图层的字段名（如“编号、名称、责任单位”），或用 --map 源列=字段 指明。")
    sheet = named or next(one for one in book.sheets if not one.is_empty)
    rows = _header_answers(sheet)
    return Unanswered(message, hint, [Doubt("header", _("哪一行是表头？"), rows, "", asks=True)]) if rows else DataProblem(message, hint)


def _header_doubt(taken: Sequence[_Found], answers: Answers) -> list[Doubt]:
    """Where few of its words are known, or the user has said it, the row of the header can be said again."""
    one = taken[0]
    if len(taken) > 1 or (one.header.sure and "header" not in answers):
        return []
    question = _("只认出表头的 {count} 个列名，第 {row} 行是表头吗？").format(count=max(one.header.score, 0), row=one.header.top + 1)
    return [Doubt("header", question, _header_answers(one.sheet), str(one.header.top + 1))]


def _header_answers(sheet: Sheet) -> tuple[Answer, ...]:
    return tuple(Answer(str(row + 1), _("第 {row} 行：{text}").format(row=row + 1, text=text)) for row, text in possible_headers(sheet))


def _choice(book: Book, found: Sequence[_Found], answers: Answers, named: Sheet | None) -> tuple[Sequence[_Found], list[Doubt], list[str]]:
    """The sheets to read, the doubt where there was more than one to choose from, and what was left."""
    shown = [one for one in found if not one.sheet.hidden] or list(found)
    best = max(shown, key=lambda one: (not is_spare(one.sheet.name), one.header.score, one.rows > 0))
    alike = [one for one in shown if not is_spare(one.sheet.name) and _are_alike(best, one)]
    possible = [Answer(one.sheet.name, one.sheet.name, _("{count} 行").format(count=one.rows)) for one in found]
    if len(alike) > 1:
        possible.append(Answer(ALL_SHEETS, _("全部（{names}）").format(names=LIST_MARK.join(one.sheet.name for one in alike)), _("合在一起读取")))
    chosen = settled("sheets", answers, possible, _by_default(best, alike))
    taken = alike if chosen == ALL_SHEETS and len(alike) > 1 else [next(one for one in found if one.sheet.name == chosen)]
    left = [one for one in found if one not in taken]
    doubts = []
    if any(one.rows for one in left) or len(taken) > 1:
        question = _("文件里有 {count} 张带表头的工作表，要读哪一张？").format(count=len(found))
        doubts.append(Doubt("sheets", question + _done(taken), tuple(possible), chosen))
    return taken, doubts, _left(book, taken, found, named)


def _done(taken: Sequence[_Found]) -> str:
    names = LIST_MARK.join(one.sheet.name for one in taken)
    return _("已把“{names}”合在一起读取。").format(names=names) if len(taken) > 1 else _("已读取“{names}”。").format(names=names)


def _by_default(best: _Found, alike: Sequence[_Found]) -> str:
    """All, where the sheets of one header are called by streets, units or days. A sheet called 汇总 that holds as much as the others already holds them."""
    summaries = [one for one in alike if is_summary(one.sheet.name)]
    parts = [one for one in alike if one not in summaries]
    if not name_parts_of_one_list(one.sheet.name for one in parts):
        return best.sheet.name
    if summaries:
        whole = max(summaries, key=lambda one: one.rows)
        return whole.sheet.name if whole.rows >= sum(one.rows for one in parts) else best.sheet.name
    return ALL_SHEETS


def _are_alike(one: _Found, other: _Found) -> bool:
    return len(one.titles & other.titles) >= _ALIKE * max(len(one.titles), len(other.titles))


def _left(book: Book, taken: Sequence[_Found], found: Sequence[_Found], named: Sheet | None) -> list[str]:
    """Sentences on the sheets that were not read, and why."""
    if named:
        return []
    sheets = [one.sheet for one in taken]
    rest = [one for one in book.sheets if not any(one is other for other in sheets) and not one.is_empty]
    headed = [one.sheet for one in found]
    hidden = [one.name for one in rest if one.hidden]
    others = [one.name for one in rest if not one.hidden and any(one is other for other in headed)]
    bare = [one.name for one in rest if not one.hidden and one.name not in others]
    warnings = []
    if others:
        said = _("只导入了工作表“{sheet}”；其他工作表：{others}。")
        warnings.append(said.format(sheet=LIST_MARK.join(one.name for one in sheets), others=LIST_MARK.join(others)))
    if bare:
        warnings.append(_("没有认出表头、没有读取的工作表：{names}。").format(names=LIST_MARK.join(bare)))
    if hidden:
        warnings.append(_("隐藏的工作表没有读取：{names}。").format(names=LIST_MARK.join(hidden)))
    return warnings


def _joined(lists: Sequence[tuple[Sheet, SheetList]]) -> SheetList:
    """Several sheets as one list: columns by title, the sheet's name as a column of its own, rows that know their sheet."""
    if len(lists) == 1:
        sheet, only = lists[0]
        return replace(only, incoming=replace(only.incoming, sheet=sheet.name))
    columns: dict[str, Column] = {}
    for _sheet, one in lists:
        for column in one.incoming.columns:
            columns.setdefault(folded(column.title), column)
    values: dict[str, list[Scalar]] = {key: [] for key in columns}
    rows: list[int] = []
    names: list[str] = []
    breaks: list[int] = []
    repaired: list[Repaired] = []
    warnings: list[str] = []
    pictures: dict[int, tuple[Picture, ...]] = {}
    meta: dict[str, str] = {}
    for sheet, one in lists:
        own = {folded(column.title): column.values for column in one.incoming.columns}
        for key, gathered in values.items():
            gathered += own.get(key, [None] * len(one.incoming))
        pictures |= {len(rows) + position: some for position, some in one.incoming.pictures.items()}
        breaks += [len(rows) + at for at in one.breaks]
        rows += [SheetRow(row, sheet.name) for row in one.incoming.rows]
        names += [sheet.name] * len(one.incoming)
        repaired += [Repaired(SheetRow(each.row, sheet.name), each.what) for each in one.incoming.repaired]
        warnings += [_("工作表“{sheet}”：{warning}").format(sheet=sheet.name, warning=warning) for warning in one.incoming.warnings]
        meta = {**one.incoming.meta, **meta}
    made = [replace(column, values=values[key]) for key, column in columns.items()]
    made.append(Column(_("（工作表）"), [without_serial(name) for name in names], headers_for(names), SHEET))
    incoming = Incoming(
        "",
        tuple(made),
        rows,
        sheet=LIST_MARK.join(sheet.name for sheet, _one in lists),
        repaired=tuple(repaired),
        warnings=tuple(warnings),
        pictures=pictures,
        meta=meta,
        sheets=names,
    )
    return SheetList(incoming, breaks, frozenset[str]().union(*(one.merged for _sheet, one in lists)))
