"""Which rows below a header are records, and what the others say: sections, totals, signatures, repeated headers (domain.md 5.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate

from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar, half_width
from chuangwen.exchange.headers import Header, Heading, is_other_header, numbers_columns
from chuangwen.exchange.matching import SERIAL
from chuangwen.exchange.sheets import Sheet, at, text_of
from chuangwen.text import _

_TOTAL = re.compile(r"^(?:本[页表街]|全[区市县]|.{0,8}?)(?:合计|小计|总计|共计|总数)(?:[：:（(\d]|$)")
_NOTE = re.compile(r"^(?:备注|注|说明|填[表报写]说明|注意事项?)\d?[：:（(]|^[★※＊*]")
_SIGNATURE = re.compile(
    r"^(?:填表人|填报人|制表人?|审核人?|复核人?|审批|审签|负责人签字|单位负责人|主要负责人签字|联系人|联系电话|填报单位|填报时间|填报日期|填表日期|制表时间|"
    r"制表单位|签字|盖章|单位[（(]盖章[）)])[：:（(]"
)
_EXAMPLE = re.compile(r"^[（(]?(?:例|示例|样例|填写示例|举例)[）)：:]?$")
_STYLES = (
    ("part", re.compile(r"^第[一二三四五六七八九十百\d]+(?:部分|类|片区?|组)[、：:\s]*(?P<title>.*)$")),
    ("numeral", re.compile(r"^[一二三四五六七八九十百]+\s*[、.．]\s*(?P<title>.+)$")),
    ("bracket", re.compile(r"^[（(][一二三四五六七八九十百]+[）)][、.．]?\s*(?P<title>.+)$")),
)
_BARE = re.compile(r"^[一二三四五六七八九十百]+\s+(?P<title>.+)$")
_RANKS = {"part": 0, "numeral": 1, "bracket": 2}
_COUNT = re.compile(r"[（(]?\s*共?\s*(?P<count>\d{1,9})\s*[个处条项家所座名人栋户件]?\s*[）)]?\s*$")
_COUNTED = re.compile(
    r"(?:[（(]\s*共?\s*(?P<count>\d{1,9})\s*[个处条项家所座名人栋户件]?\s*[）)]|[：:]\s*共?\s*(?P<bare>\d{1,9})\s*[个处条项家所座名人栋户件])\s*$"
)
_SERIAL = re.compile(r"^[\d.①-⑳一二三四五六七八九十（）()、]+$")
_SERIAL_NUMERAL = re.compile(r"^[（(]?[一二三四五六七八九十百]+[）)]?[、.．]?$")
_LONGEST_SECTION = 40
_AVERAGES = re.compile(r"率|占比|比例|均|满意度|得分|排名|电话|手机|编号|日期|时间|年份")


@dataclass
class Rows:
    """`kept`: rows of the sheet that are records, from 0; `sections` a path of section titles for each; `dropped` and `warnings` are sentences.

    `notes`: texts of signature and note rows.
    """

    kept: list[int] = field(default_factory=list)
    sections: list[tuple[str, ...]] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[list[str]] = field(default_factory=list)
    repeated: int = 0
    bare: int = 0  # rows with nothing but a serial number


def sorted_rows(sheet: Sheet, header: Header, words: Set[str]) -> Rows:
    """All rows below the header, each as what it is. `breaks` number the stretch between two section rows that a record stands in."""
    found = Rows()
    sections = _Sections()
    totals = _Totals(sheet, header)
    heading = Heading(sheet, header)
    in_notes = False
    serials = {column for column, names in enumerate(header.names) if any(folded(name) in SERIAL for name in names)}
    full = (row for row in range(len(sheet.cells) - 1, header.bottom, -1) if sum(cell is not None for cell in sheet.cells[row]) >= max(3, header.width * 0.4))
    last_full = next(full, header.bottom)
    has_numbers = any(isinstance(at(sheet, row, header.left), int | float) for row in range(header.bottom + 1, len(sheet.cells)))
    wide = {top: right - left + 1 for top, left, bottom, right in sheet.merges if top == bottom and right - left + 1 >= max(3, header.width * 0.6)}
    for row in range(header.bottom + 1, len(sheet.cells)):
        own = [(column, cell) for column, cell in enumerate(sheet.cells[row]) if cell is not None]
        if not own:
            continue  # blank, or the lower lines of a record whose cells are all merged
        texts = [text_of(cell) for _column, cell in own[:3]]
        first = texts[0]
        if row == header.bottom + 1 and numbers_columns(sheet, header, row):
            found.dropped.append(_said(row, "、".join(texts)))
        elif heading.is_again([cell for _column, cell in own]):
            found.repeated += 1
            _titles_above_are_sections(found, sections, sheet, row)
        elif words and is_other_header([cell for _column, cell in own], words):
            _titles_above_are_sections(found, sections, sheet, row)
            found.warnings.append(_("第 {row} 行起是另一张表（表头不同），没有读取；请把它单独存成一张工作表再导入。").format(row=row + 1))
            break
        elif _is_total(own, header):
            found.dropped.append(_said(row, first))
            totals.add(row, len(found.kept), sections.since)
        elif _is_note(own, header, texts) or (in_notes and len(own) == 1 and row > last_full):
            in_notes = True
            found.notes.append([text_of(cell) for _column, cell in own])
            found.dropped.append(_said(row, first))
        elif any(_EXAMPLE.match(text) for text in texts[:2]):
            found.dropped.append(_said(row, first))
        elif title := _section(_with_its_serial(own) if has_numbers else own, header, row in wide):
            sections.enter(*title, at=len(found.kept))
        elif all(column in serials and _SERIAL.match(text_of(cell)) for column, cell in own):
            found.bare += 1
        else:
            found.kept.append(row)
            found.sections.append(sections.path)
            found.breaks.append(sections.since)
    _unused_section_is_a_note(found, sections)
    found.warnings += [*totals.compared(found.kept), *sections.compared(found.sections)]
    return found


def _titles_above_are_sections(found: Rows, sections: _Sections, sheet: Sheet, row: int) -> None:
    """A line alone above a header that comes again was no record: it is the title of the part that follows."""
    if found.kept and found.kept[-1] == row - 1 and sum(cell is not None for cell in sheet.cells[row - 1]) == 1:
        title = next(text_of(cell) for cell in sheet.cells[row - 1] if cell is not None)
        for gathered in (found.kept, found.sections, found.breaks):
            gathered.pop()
        sections.enter("plain", title, None, at=len(found.kept))


def _said(row: int, text: str) -> str:
    return _("第 {row} 行“{text}”").format(row=row + 1, text=text[:20])


def _is_total(own: Sequence[tuple[int, Scalar]], header: Header) -> bool:
    """合计 in one of the first three columns, blanks between its characters or not."""
    texts = [re.sub(r"\s", "", cell) for column, cell in own[:2] if isinstance(cell, str) and column < header.left + 3]
    return any(_TOTAL.match(text) and len(text) <= 24 for text in texts)


def _is_note(own: Sequence[tuple[int, Scalar]], header: Header, texts: Sequence[str]) -> bool:
    if not isinstance(own[0][1], str):
        return False
    first = re.sub(r"[\s\u3000]", "", texts[0])
    if _NOTE.match(first):
        return len(own) <= 2
    return bool(_SIGNATURE.match(first)) and (len(own) <= 4 or own[0][0] > header.left)


def _with_its_serial(own: Sequence[tuple[int, Scalar]]) -> Sequence[tuple[int, Scalar]]:
    """`一｜主次干道` in two cells as one text, in a list whose records are numbered 1, 2, 3."""
    if len(own) in (2, 3) and isinstance(own[0][1], str) and isinstance(own[1][1], str) and _SERIAL_NUMERAL.match(own[0][1]):
        mark = own[0][1].rstrip("、.．")
        return [(own[0][0], f"{mark}{'' if mark[-1] in '）)' else '、'}{own[1][1]}"), *own[2:]]
    return own


def _section(own: Sequence[tuple[int, Scalar]], header: Header, wide: bool) -> tuple[str, str, int | None] | None:
    """Style, title and promised count of a section row; None for a record."""
    column, cell = own[0]
    if len(own) > 2 or not isinstance(cell, str):
        return None
    text = re.sub(r"[\s\u3000]+", " ", text_of(cell)).strip()
    if column > header.left + 1 or len(text) > _LONGEST_SECTION:
        return None
    counts = [_COUNT.fullmatch(half_width(text_of(other))) for _column, other in own[1:]]
    if not all(counts) or not (wide or header.width > 3):
        return None
    promised = int(counts[0]["count"]) if counts and counts[0] else None
    if counted := _COUNTED.search(text):
        promised = int(counted["count"] or counted["bare"])
        text = text[: counted.start()].strip()
    for style, pattern in _STYLES:
        if (found := pattern.match(text)) and (found["title"].strip() or style == "part"):
            return style, found["title"].strip() or text, promised
    if found := _BARE.match(text):
        return "numeral", found["title"].strip(), promised
    return ("plain", text, promised) if wide and len(own) == 1 else None


class _Sections:
    """The section rows that the current row stands under, outermost first, and what each promised."""

    def __init__(self) -> None:
        self._open: list[tuple[str, str]] = []
        self._promises: list[tuple[tuple[str, ...], int]] = []
        self.since = 0
        self.last: tuple[str, int] | None = None

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(title for _style, title in self._open)

    def enter(self, style: str, title: str, promised: int | None, at: int) -> None:
        styles = [one for one, _title in self._open]
        if style in styles:
            del self._open[styles.index(style) :]
        else:
            while self._open and style in _RANKS and _RANKS.get(self._open[-1][0], -1) > _RANKS[style]:
                self._open.pop()
        self._open.append((style, title))
        if promised is not None:
            self._promises.append((self.path, promised))
        self.since = at
        self.last = (title, at)

    def compared(self, paths: Sequence[tuple[str, ...]]) -> list[str]:
        """Sentences on the sections whose number of records is not the promised one."""
        found = []
        for path, promised in self._promises:
            there = sum(one[: len(path)] == path for one in paths)
            if there != promised:
                found.append(_("“{title}”标明 {count} 个，实际读到 {there} 个，请核对。").format(title=path[-1], count=promised, there=there))
        return found


def _unused_section_is_a_note(found: Rows, sections: _Sections) -> None:
    """A numbered line behind the last record is a remark, not a section: it is said."""
    if sections.last and sections.last[1] == len(found.kept) and found.kept:
        found.dropped.append(_("末尾的“{text}”").format(text=sections.last[0][:20]))


class _Totals:
    """Compares the numbers in total rows with the records around them: those above, of the section, since the last total, or, for one that stands on top,
    those below."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        self._sheet = sheet
        self._header = header
        self._rows: list[tuple[int, int, int]] = []  # row, records above it, records before its section

    def add(self, row: int, above: int, section: int) -> None:
        self._rows.append((row, above, section))

    def compared(self, kept: Sequence[int]) -> list[str]:
        """Sentences on the numbers that no such stretch of records gives."""
        found = []
        sums: dict[int, list[float]] = {}
        for number, (row, above, section) in enumerate(self._rows):
            before = self._rows[number - 1][1] if number else 0
            after = self._rows[number + 1][1] if number + 1 < len(self._rows) else len(kept)
            stretches = [(0, above), (section, above), (before, above), (above, after), (0, len(kept))]
            label = next(text_of(cell) for cell in self._sheet.cells[row] if cell is not None)
            own = stretches[1] if re.search(r"小\s*计", label) and above else stretches[0] if above else stretches[4]
            for column, cell in enumerate(self._sheet.cells[row]):
                title = self._header.titles[column] if column < len(self._header.titles) else ""
                said = _number(cell)
                if said is None or _AVERAGES.search(title):
                    continue
                if column not in sums:
                    sums[column] = list(accumulate((_number(at(self._sheet, one, column)) or 0.0 for one in kept), initial=0.0))
                possible = [sums[column][end] - sums[column][start] for start, end in stretches] + [float(end - start) for start, end in stretches]
                if all(abs(said - one) > 1e-6 * max(abs(said), 1) for one in possible):
                    summed = sums[column][own[1]] - sums[column][own[0]]
                    computed = summed if summed and title != "序号" else own[1] - own[0]
                    sentence = _("第 {row} 行“{label}”的“{title}”写的是 {number:g}，按读到的行算是 {computed:g}，请核对。")
                    found.append(sentence.format(row=row + 1, label=label[:20], title=title, number=said, computed=computed))
        return found


def _number(cell: Scalar) -> float | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return float(cell)
    found = _COUNT.fullmatch(half_width(cell).replace(",", "")) if isinstance(cell, str) else None
    return float(found["count"]) if found else None
