"""The receipt of an import: the sender's own rows with what became of each, to send back and have put right (domain.md 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.values import LIST_MARK, Scalar, plain
from chuangwen.exchange.importing import ImportReport
from chuangwen.exchange.incoming import MADE, Incoming
from chuangwen.exchange.whole_file import whole_file
from chuangwen.exchange.workbook_out import AMBER, RED, ListSheet, new_book, save_book, widths
from chuangwen.text import _

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

_RESULT_WIDTH, _REASON_WIDTH = 10.0, 48.0
_HEAD_ROWS = 3


def write_receipt(path: Path, source: Path, report: ImportReport, incoming: Incoming) -> None:
    """An xlsx with the rows of `source` in the sender's own columns and order, each with 结果 and 原因; a second sheet lists every problem.

    Rows that were split are one row again. Raises `FileProblem` where the file cannot be written; then nothing is left under its name.
    """
    book = new_book((RED, AMBER))
    _rows_sheet(book, source, report, incoming)
    _problems_sheet(book, report)
    with whole_file(path) as part:
        save_book(book, part)


def _rows_sheet(book: Workbook, source: Path, report: ImportReport, incoming: Incoming) -> None:
    columns = [column for column in incoming.columns if column.kind != MADE]
    first: dict[int, int] = {}
    for position, row in enumerate(incoming.rows):
        first.setdefault(row, position)
    rejected = _by_row([(one.row, one.reason) for one in report.rejected])
    repaired = _by_row([(one.row, one.what) for one in report.repaired])
    titles = [_("行号"), *(column.title for column in columns), _("结果"), _("原因和处理")]
    rows: list[tuple[list[Scalar], str]] = []
    for row, position in first.items():
        reasons = [*rejected.get(row, ()), *repaired.get(row, ())]
        result, fill = (_("未导入"), RED) if row in rejected else (_("已处理"), AMBER) if row in repaired else (_("已导入"), "")
        rows.append(([row, *(column.values[position] for column in columns), result, "；".join(reasons) or None], fill))
    count = len(titles)
    sheet = ListSheet(
        book, _("导入回执"), widths(titles, [row for row, _fill in rows], {count - 2: _RESULT_WIDTH, count - 1: _REASON_WIDTH}), frozen_rows=_HEAD_ROWS
    )
    sheet.heading(_("{file} 导入回执").format(file=source.name))
    sheet.heading(_summary(report), 10, bold=False)
    sheet.row(titles, head=True)
    for cells, fill in rows:
        sheet.row(cells, fill)
    sheet.filtered(_HEAD_ROWS, _HEAD_ROWS + len(rows))


def _summary(report: ImportReport) -> str:
    words = [
        report.sentence(),
        _("时间：{time}").format(time=plain(dt.datetime.now())),
        *([_("文字编码：{name}").format(name=report.encoding)] if report.encoding else []),
        *([_("坐标系：{code}").format(code=report.crs)] if report.crs else []),
    ]
    return "　".join(words)


def _problems_sheet(book: Workbook, report: ImportReport) -> None:
    titles = [_("行号"), _("类别"), _("内容")]
    rows: list[list[Scalar]] = [[one.row, _("未导入"), one.reason] for one in report.rejected]
    rows += [[one.row, _("已处理"), one.what] for one in report.repaired]
    rows += [
        [LIST_MARK.join(map(str, doubt.rows)) or None, _("问题"), _("{question} 按“{chosen}”处理").format(question=doubt.question, chosen=doubt.chosen_title)]
        for doubt in report.doubts
    ]
    rows += [[None, _("请注意"), warning] for warning in report.warnings]
    sheet = ListSheet(book, _("问题汇总"), [12.0, 10.0, 90.0], frozen_rows=1)
    sheet.row(titles, head=True)
    for row in rows:
        sheet.row(row)


def _by_row(entries: Sequence[tuple[int, str]]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row, text in entries:
        found.setdefault(row, []).append(text)
    return found
