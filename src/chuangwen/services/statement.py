"""What is laid before leaders: parts in order, written as a document (GB/T 9704 form) or as a workbook with a sheet for each list."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain.personal import masked
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import FileProblem
from chuangwen.exchange.whole_file import whole_file
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.documents.official import OfficialDocument

ENDINGS = (".docx", ".xlsx")
_LONGEST = 80
"""Characters of one cell on paper; the workbook has them all."""
_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\]")
_RED = "FFFADBD8"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 or 2; its number is part of the text."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: `sheet` names it in the workbook ('': on paper only), `caption` stands above it on paper. `widths_mm` of the columns on paper, empty: in the
    workbook only. `marked`: rows in red. At most `most` rows are put on paper. `first`: the first sheet of the workbook, wherever it stands on paper.
    """

    sheet: str
    header: tuple[str, ...]
    rows: tuple[tuple[Scalar, ...], ...]
    widths_mm: tuple[float, ...] = ()
    caption: str = ""
    centred: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()
    most: int = 200
    first: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """Two photos side by side, before and after, each with its words; None: there is none."""

    before: bytes | None
    after: bytes | None
    captions: tuple[str, str]


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


Part = Heading | Words | Listing | Pair | NewPage


@dataclass(frozen=True, slots=True)
class Statement:
    """`head` and `number`: the red head of a bulletin ('' none). `notes`: formulas and the time of the data, the last words of the text and of every sheet."""

    title: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    head: str = ""
    number: str = ""
    subtitle: str = ""
    office: str = ""
    day: dt.date | None = None
    attachments: tuple[str, ...] = ()
    annexes: tuple[Part, ...] = ()
    foot: str = ""


def write(statement: Statement, path: Path) -> None:
    """Write `path`, .docx or .xlsx by its ending, whole or not at all. Raises `FileProblem`."""
    check_target(path)
    if path.suffix.lower() == ".docx":
        document(statement).save(path)
    else:
        _write_workbook(statement, path)


def check_target(path: Path, endings: Sequence[str] = ENDINGS) -> None:
    """Raises `FileProblem` for an ending that is none of `endings`, and for a folder that is not there."""
    if path.suffix.lower() not in endings:
        hint = _("可以用：{endings}，或一个文件夹。").format(endings="、".join(endings))
        raise FileProblem(_("不能写成“{ending}”。").format(ending=path.suffix.lower() or path.name), hint=hint)
    if not path.parent.is_dir():
        raise FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))


def document(statement: Statement) -> OfficialDocument:
    """The statement as a document, not written yet."""
    from chuangwen.exchange.documents.official import OfficialDocument

    made = OfficialDocument(statement.head, statement.number) if statement.head else OfficialDocument()
    made.title(statement.title)
    if statement.subtitle:
        made.subtitle(statement.subtitle)
    for part in statement.parts:
        _put(made, part)
    for note in statement.notes:
        made.paragraph(note)
    made.attachments(statement.attachments)
    if statement.office and statement.day:
        made.signed(statement.office, statement.day)
    for part in statement.annexes:
        _put(made, part)
    if statement.foot and statement.office and statement.day:
        made.foot(statement.foot, statement.office, statement.day)
    return made


def _put(made: OfficialDocument, part: Part) -> None:
    if isinstance(part, Heading):
        made.heading(part.level, part.text)
    elif isinstance(part, Words):
        made.paragraph(masked(part.text))
    elif isinstance(part, Pair):
        made.pair(part.before, part.after, (masked(part.captions[0]), masked(part.captions[1])))
    elif isinstance(part, NewPage):
        made.page_break()
    elif part.widths_mm:
        if part.caption:
            made.subtitle(part.caption)
        rows = [[short(masked(plain(value))) for value in row] for row in part.rows[: part.most]]
        made.table(part.header, rows, part.widths_mm, small=True, centred=part.centred, marked=part.marked)
        if len(part.rows) > part.most:
            made.paragraph(_("另有 {count} 条，见表格文件（xlsx）。").format(count=len(part.rows) - part.most))


def short(text: str, most: int = _LONGEST) -> str:
    """`text` on one line and no longer than a cell or a sentence can bear."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _write_workbook(statement: Statement, path: Path) -> None:
    from chuangwen.exchange.workbook_out import A3, ListSheet, new_book, save_book, widths

    book = new_book((_RED,))
    lists = [part for part in (*statement.parts, *statement.annexes) if isinstance(part, Listing) and part.sheet]
    lists.sort(key=lambda part: not part.first)
    for number, part in enumerate(lists):
        rows = [[masked(value) if isinstance(value, str) else value for value in row] for row in part.rows]
        page = ListSheet(book, _SHEET_SIGNS.sub(" ", part.sheet), widths(part.header, rows), frozen_rows=3, paper=A3)
        page.heading(statement.title if number == 0 else part.caption or part.sheet)
        page.heading(statement.subtitle or statement.number, 10, bold=False)
        page.row(part.header, head=True)
        for at, row in enumerate(rows):
            page.row(row, fill=_RED if at in part.marked else "")
        if not rows:
            page.row([_("无"), *[None] * (len(part.header) - 1)])
        for note in statement.notes if number == 0 else ():
            page.heading(note, 10, bold=False)
    with whole_file(path) as written:
        save_book(book, written)


def joined(names: Sequence[str], most: int = 6) -> str:
    """A、B、C 等 12 个."""
    from chuangwen.services.checks.check import listed

    return listed(list(names), most)
