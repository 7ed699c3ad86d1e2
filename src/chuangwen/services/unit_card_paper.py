"""单位责任卡 on paper: one A4 page a unit, as a document (SR-03). What does not fit is counted, not dropped in silence."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from chuangwen.exchange.documents.lines import width
from chuangwen.exchange.documents.official import OfficialDocument
from chuangwen.services.out_folder import written_whole
from chuangwen.services.paper.file_names import file_name
from chuangwen.services.statement import check_target, short
from chuangwen.services.unit_card import UnitCard, unit_cards
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Feature
    from chuangwen.services.project import Project

Row = TypeVar("Row")

_ROOM = 190.0
"""mm of the type area (225) below a title of one line and the line under it, a little kept back: word processors differ."""
_TITLE_CHARACTERS = 20
_SLIP_MM, _SLIP_LINE_MM = 1.9, 5.95  # of the form at the top: rules and margins of a row, a line of it
_SLIP_CHARACTERS = (10, 28)  # beside another, alone
_ROW_MM, _LINE_MM = 1.7, 5.05  # of a small table
_GAP_MM = 2.4
_HELD_MM = (28.0, 14.0, 114.0)
_ISSUE_MM = (34.0, 67.0, 30.0, 25.0)
_NOTE_MM = (24.0, 16.0, 116.0)
_CHARACTER_MM = 3.75  # 五号, with a little for what may not stand at the end of a line
_WIDE = ("zone", "section", "site")
"""What may take more than one line."""
_SIZES = ((2, 2, 3, 3), (1, 2, 2, 3), (1, 1, 1, 2), (1, 1, 1, 1))
"""Lines of a list of names, an issue and a note, and how many issues and notes there must be at least: the first that fits."""


def write_cards(project: Project, units: Sequence[Feature], out: Path, *, persons: bool = True) -> list[Path]:
    """Write the cards of `units` to `out`: one document, a page a unit; to a folder a document for each, all of them or none.

    Raises `FileProblem` where the disk will not, `UserError` as `unit_cards` does.
    """
    cards = unit_cards(project, units, persons=persons)
    if not out.is_dir():
        check_target(out, (".docx",))
        document(project, cards).save(out)
        return [out]
    names: list[str] = []
    day = project.campaign.today.isoformat()
    for one in cards:
        names.append(file_name(_("单位责任卡"), one.unit.code, one.unit.name, day, ".docx", taken=names))

    def write(beside: Path) -> None:
        for one, name in zip(cards, names, strict=True):
            document(project, [one]).save(beside / name)

    return written_whole(out, names, write, lambda paths: paths)


def document(project: Project, cards: Sequence[UnitCard]) -> OfficialDocument:
    """The cards one after another, each on a page of its own; not saved yet."""
    made = OfficialDocument()
    now = project.campaign.now
    line = "　".join(filter(None, (_("数据时间 {now}").format(now=f"{now:%Y-%m-%d %H:%M}"), project.store.imprint.footer)))
    for number, card in enumerate(cards):
        if number:
            made.page_break()
        _put(made, card, line)
    return made


def _put(made: OfficialDocument, card: UnitCard, line: str) -> None:
    title = _("{unit}责任卡").format(unit=card.unit.name)
    form = [list(card.who[at : at + 2]) for at in range(0, len(card.who), 2)] + ([[(_("备注"), card.remark)]] if card.remark else [])
    if width(title) > _TITLE_CHARACTERS:  # one line for the title: the name stands in the form
        title = _("单位责任卡")
        form.insert(0, [(_("单位名称"), card.unit.name)])
    made.title(title).subtitle(line)
    room = _ROOM - 5 * _GAP_MM

    lines = []
    for number, pairs in enumerate(form):
        most = _SLIP_CHARACTERS[len(pairs) == 1]
        form[number] = [(name, short(words, 2 * most)) for name, words in pairs]
        lines.append(max(math.ceil(width(words) / most) for _name, words in form[number]))
    made.slip("", form, 7.5)
    room -= sum(_SLIP_MM + _SLIP_LINE_MM * max(count, 1) for count in lines)

    made.table([name for name, _words in card.figures], [[words for _name, words in card.figures]], small=True, centred=range(len(card.figures)))
    room -= _height(2) + _height(1)  # a title of four characters takes two lines

    plan = next((found for size in _SIZES if (found := _planned(card, room, *size)).fits), None) or _planned(card, room, *_SIZES[-1])
    made.table((_("负责"), _("数量"), _("是哪些")), plan.held, _HELD_MM, small=True, centred=(0, 1))
    counted = _("未销号问题 {count} 个").format(count=len(card.issues)) + (_("（逾期 {late} 个）").format(late=card.late) if card.late else "")
    late = {at for at, one in enumerate(card.issues[: plan.shown]) if one.late}
    made.table((_("问题编号"), counted, _("状态"), _("时限")), plan.issues, _ISSUE_MM, small=True, centred=(2, 3), marked=late)
    made.table((_("日期"), _("类别"), _("记事（表态、备注）")), plan.notes, _NOTE_MM, small=True, centred=(0, 1))


@dataclass(frozen=True, slots=True)
class _Plan:
    """Rows of the three lists, cut to the page; `shown` of the issues are on it. `fits`: not even the fewest are too many."""

    held: list[tuple[str, ...]]
    issues: list[tuple[str, ...]]
    notes: list[tuple[str, ...]]
    shown: int
    fits: bool


def _planned(card: UnitCard, room: float, names: int, issue: int, note: int, fewest: int) -> _Plan:
    """What fits `room` mm where a list of names, an issue and a note may take so many lines."""
    held = [(one.title, str(one.count), _named(one.names, names if one.layer in _WIDE else 1) or _("无")) for one in card.holdings]
    issues = [(one.code, _cut(one.what, _ISSUE_MM[1], issue), one.state, one.left or one.due) for one in card.issues]
    notes = [(f"{one.day:%Y-%m-%d}" if one.day else "—", one.kind, _cut(one.text, _NOTE_MM[2], note)) for one in card.notes]
    room -= 3 * _height(1) + sum(_row(one, _HELD_MM) for one in held)
    tall = [_row(one, _ISSUE_MM) for one in issues]
    least = min(sum(tall), sum(tall[:fewest]) + _height(1)) or _height(1)
    kept, used = _fitting([_row(one, _NOTE_MM) for one in notes], room - least, fewest)
    shown, more = _fitting(tall, room - used, fewest)
    rows = [*issues[:shown], *_rest(len(issues) - shown, lambda words: ("…", words, "", ""), _("另有 {count} 个，见问题清单"))]
    rows_of_notes = [*notes[:kept], *_rest(len(notes) - kept, lambda words: ("…", "", words), _("另有较早的 {count} 条，见程序里的记事"))]
    return _Plan(list(held), list(rows), list(rows_of_notes), shown, used + more <= room)


def _rest(count: int, row: Callable[[str], Row], words: str) -> list[Row]:
    """The row that counts what has no room."""
    return [row(words.format(count=count))] if count > 0 else []


def _fitting(heights: Sequence[float], room: float, fewest: int) -> tuple[int, float]:
    """How many of the rows, in their order, fit `room` mm, `fewest` at least, and what they take; where not all do, with the row that counts the rest."""
    if sum(heights) <= room:
        return len(heights), sum(heights) or _height(1)  # 无
    left, kept = room - _height(1), 0
    while kept < len(heights) and heights[kept] <= left:
        left -= heights[kept]
        kept += 1
    kept = max(kept, min(fewest, len(heights)))
    return kept, sum(heights[:kept]) + _height(1)


def _fits(wide_mm: float) -> int:
    """Full-width characters of a line of a column."""
    return int((wide_mm - 3) / _CHARACTER_MM)


def _cut(text: str, wide_mm: float, lines: int) -> str:
    """What of a text stands on so many lines of a column."""
    line = short(text, len(text) + 1)
    most = _fits(wide_mm) * lines
    while width(line) > most:
        line = line.rstrip("…")[:-1] + "…"
    return line


def _named(names: Sequence[str], lines: int) -> str:
    """As many names as so many lines have room for, whole; 等 where there are more: the number stands beside."""
    whole = "、".join(names)
    most = (_fits(_HELD_MM[2]) - 1) * lines  # names in letters and digits are not broken
    if width(whole) <= most:
        return whole
    kept = ""
    for name in names:
        longer = f"{kept}、{name}" if kept else name
        if width(longer) > most - 2:
            break
        kept = longer
    return _("{names} 等").format(names=kept or _cut(names[0], _HELD_MM[2], 1))


def _row(cells: Sequence[str], widths_mm: Sequence[float]) -> float:
    """mm of a row of a small table: its tallest cell decides."""
    return _height(max(math.ceil(width(words) / _fits(wide)) for words, wide in zip(cells, widths_mm, strict=True)))


def _height(lines: int) -> float:
    return _ROW_MM + _LINE_MM * max(lines, 1)
