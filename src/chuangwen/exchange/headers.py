"""Where the header of a list stands, one to three rows high, and what its columns are called (domain.md 5.8)."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar
from chuangwen.exchange.incoming import unique_titles
from chuangwen.exchange.sheets import Sheet, at, text_of

LOOK = 15
"""Rows in which a header is looked for."""

_TALLEST = 3


@dataclass(frozen=True, slots=True)
class Header:
    """Rows `top`..`bottom` (inclusive, from 0) hold the header; `titles` a column, `names` what each may be matched by."""

    top: int
    bottom: int
    titles: list[str]
    names: list[tuple[str, ...]]
    score: int
    sure: bool = True  # False: fewer known words than a header should have

    @property
    def left(self) -> int:
        """The first column that has a title."""
        return next((column for column, names in enumerate(self.names) if names), 0)

    @property
    def width(self) -> int:
        """How many columns have a title."""
        return sum(bool(names) for names in self.names)


def find_header(sheet: Sheet, words: Set[str]) -> Header | None:
    """The first rows that read like a header: three known words (two in a table of up to four columns, one in a single column).

    `words` are folded; none means that any texts over most of the width will do.
    """
    used = max((sum(cell is not None for cell in row) for row in sheet.cells[: LOOK * 2]), default=0)
    sheet = _head_of(sheet)
    if not words:
        return _first_full_rows(sheet, used)
    needed = 3 if used > 4 else min(2, used)
    best: Header | None = None
    for top in range(min(LOOK, len(sheet.cells))):
        for bottom in _bottoms(sheet, top):
            header = _header(sheet, top, bottom, words)
            if bottom > top and not any(text in words for text in _folded_row(sheet, top)) and header.score <= _header(sheet, bottom, bottom, words).score:
                continue  # a title or 填报单位 row above, not a parent
            if header.score >= max(needed, 1) and (best is None or header.score > best.score):
                best = header
        if best is not None and best.top < top:
            break
    return best or _nearly(sheet, words, used)


def header_at(sheet: Sheet, row: int, words: Set[str]) -> Header | None:
    """The header that begins in a row (from 0) that the user named; None where the row is blank."""
    sheet = _head_of(sheet)
    if row >= len(sheet.cells) or all(cell is None for cell in sheet.cells[row]):
        return None
    return max((_header(sheet, row, bottom, words) for bottom in _bottoms(sheet, row)), key=lambda one: one.score)


def possible_headers(sheet: Sheet) -> list[tuple[int, str]]:
    """Rows that might be the header, from 0, with what they say: several texts and nothing else."""
    rows = [(row, [text_of(cell) for cell in cells if cell is not None]) for row, cells in enumerate(sheet.cells[:LOOK])]
    return [(row, "｜".join(texts)[:60]) for row, texts in rows if len(texts) > 1 and all(isinstance(cell, str | None) for cell in sheet.cells[row])]


def _nearly(sheet: Sheet, words: Set[str], used: int) -> Header | None:
    """Two known words in a row that is otherwise all different texts over most of the width: a header in words that the layer does not know."""
    for row, _said in possible_headers(sheet):
        own = _folded_row(sheet, row)
        if len(own) * 5 >= used * 3 and len(set(own)) == len(own) and sum(text in words for text in own) >= 2:
            found = header_at(sheet, row, words)
            return replace(found, sure=False) if found else None
    return None


def _first_full_rows(sheet: Sheet, used: int) -> Header | None:
    """Where no words are known (a reference layer, a duty roster): the first row whose cells are texts, all different, over most of the width, with the
    rows that its merged cells stand over."""
    for row, cells in enumerate(sheet.cells[:LOOK]):
        filled = [cell for cell in cells if cell is not None]
        covered = sum(right - left for top, left, _bottom, right in sheet.merges if top == row and right - left + 1 < max(used, 2))
        blanks = 0 if _is_merged(sheet, row, row + 1) else _blanks_under_parents(sheet, row)
        if len(filled) < min(2, used) or (len(filled) + covered + blanks) * 2 <= used or not all(_is_title(cell) for cell in filled):
            continue
        if len(set(filled)) < len(filled):
            continue
        bottoms = [bottom for bottom in _bottoms(sheet, row) if _are_titles(sheet, row + 1, bottom) and _continues(sheet, row, bottom)]
        return _header(sheet, row, max(bottoms, default=row), frozenset())
    return _no_header(sheet) if used else None


def _no_header(sheet: Sheet) -> Header:
    """Numbers from the first row on: the columns are called by their place, nothing is lost."""
    titles = unique_titles([""] * sheet.width)
    return Header(-1, -1, titles, [(title,) for title in titles], 0)


def _is_title(cell: Scalar) -> bool:
    return not isinstance(cell, int | float)  # a date may be one: a roster's 6月3日


def _are_titles(sheet: Sheet, first: int, last: int) -> bool:
    return all(_is_title(cell) for row in range(first, last + 1) for cell in sheet.cells[row] if cell is not None)


def _continues(sheet: Sheet, top: int, bottom: int) -> bool:
    """Whether the row below belongs to the header where no words tell: merges say so; without them its first cell is blank, for the name above holds."""
    first = next(column for column, cell in enumerate(sheet.cells[top]) if cell is not None)
    return bottom == top or _is_merged(sheet, top, top + 1) or at(sheet, top + 1, first) is None


def _head_of(sheet: Sheet) -> Sheet:
    """The sheet with only the merges that a header may have."""
    return replace(sheet, merges=tuple(merge for merge in sheet.merges if merge[0] < LOOK + _TALLEST))


def _is_merged(sheet: Sheet, top: int, bottom: int) -> bool:
    """Whether cells of these rows are merged; where none are, a parent's word holds for the blanks behind it."""
    return any(first <= bottom and last >= top for first, _left, last, _right in sheet.merges)


def _blanks_under_parents(sheet: Sheet, row: int) -> int:
    """In a text table: columns that a parent to their left names, for the row below goes on where this one is blank."""
    below = sheet.cells[row + 1] if row + 1 < len(sheet.cells) else []
    own = sheet.cells[row]
    return sum(own[column] is None and column < len(below) and below[column] is not None for column in range(1, len(own)))


def _bottoms(sheet: Sheet, top: int) -> list[int]:
    """Where a header that starts in row `top` may end: its own row, or below what its merged cells span."""
    if sum(cell is not None for cell in sheet.cells[top]) < 2:
        return [top]
    ends = {top}
    for first, left, last, right in sheet.merges:
        if first == top and last - first < _TALLEST:
            ends.add(last)
            if left < right < left + sheet.width - 1 and first == last:
                ends |= {top + 1, *(top + 2 for row, begin, end, stop in sheet.merges if row == end == top + 1 and begin < stop)}
    if not _is_merged(sheet, top, top + 1) and top + 1 < len(sheet.cells) and any(cell is None for cell in sheet.cells[top][:-1]):
        ends.add(top + 1)  # a text table, or 跨列居中: blanks where merges might be
    return sorted(end for end in ends if end < len(sheet.cells))


def _header(sheet: Sheet, top: int, bottom: int, words: Set[str]) -> Header:
    titles, names = [], []
    score = 0
    for column in range(sheet.width):
        stack = _stack(sheet, top, bottom, column)
        title = "/".join(stack)
        ways = (
            tuple(dict.fromkeys([stack[-1], "".join(stack), *([stack[0]] if len(stack) > 1 and at(sheet, top, column) is not None else [])])) if stack else ()
        )
        score += any(folded(way) in words for way in ways[:2]) if ways else 0
        titles.append(title)
        names.append(ways)
    if bottom > top and not any(text in words for row in range(top + 1, bottom + 1) for text in _folded_row(sheet, row)):
        score = min(score, sum(text in words for text in _folded_row(sheet, top)) - 1)  # the second row is data, not header
    return Header(top, bottom, unique_titles([one_line(title) for title in titles]), names, score)


def _stack(sheet: Sheet, top: int, bottom: int, column: int) -> list[str]:
    """The header texts of a column from parent to child, each once. The first below its parent may go by the parent's word (责任单位)."""
    texts: list[str] = []
    for row in range(top, bottom + 1):
        text = text_of(_spanned(sheet, row, column, parent=row < bottom))
        if text and text not in texts:
            texts.append(text)
    return texts


def _spanned(sheet: Sheet, row: int, column: int, *, parent: bool) -> Scalar:
    """What a header cell says. A parent's word holds for all columns below it, by its merge or, in a text table, by the blanks behind it."""
    for top, left, bottom, right in sheet.merges:
        if top <= row <= bottom and left <= column <= (right if parent else left):
            return at(sheet, top, left)
    value = at(sheet, row, column)
    if value is None and parent and not _is_merged(sheet, row, row + 1) and at(sheet, row + 1, column) is not None:
        return next((found for left in range(column - 1, -1, -1) if (found := at(sheet, row, left)) is not None), None)
    return value


def _folded_row(sheet: Sheet, row: int) -> list[str]:
    return [folded(text) for cell in sheet.cells[row] if (text := text_of(cell))]


def one_line(text: str) -> str:
    """A title in one line: blanks go where it is Chinese, else they become one."""
    return re.sub(r"\s+", "" if any("\u4e00" <= sign <= "\u9fff" for sign in text) else " ", text).strip()


class Heading:
    """What stands in the header and above it, to know it again at the top of each printed page."""

    def __init__(self, sheet: Sheet, header: Header) -> None:
        heads = [[folded(text_of(cell)) for cell in row if cell is not None] for row in sheet.cells[: header.bottom + 1]]
        self._heads = [head for head in heads if len(head) > 1 or (head and len(head[0]) > 5)]
        self._firsts = {head[0] for head in self._heads}

    def is_again(self, own: Sequence[Scalar]) -> bool:
        """Whether a row of these values (no blanks) says the same."""
        return folded(text_of(own[0])) in self._firsts and [folded(text_of(cell)) for cell in own] in self._heads


def is_other_header(own: Sequence[Scalar], words: Set[str]) -> bool:
    """Whether the texts of a row (no blanks) are known headers, most of them: another list begins."""
    if len(own) < 3 or not all(isinstance(cell, str) for cell in own):
        return False
    known = sum(folded(text_of(cell)) in words for cell in own)
    return known >= 3 and known * 5 >= len(own) * 3


def numbers_columns(sheet: Sheet, header: Header, row: int) -> bool:
    """Whether the row under the header only counts its columns: A B C, 1 2 3, （1）（2）, 甲 乙 1 2, 栏次."""
    own = [folded(text_of(cell)).strip("()") for cell in sheet.cells[row] if cell is not None]
    if len(own) < 3 or len(own) < header.width - 1:
        return False
    if own[0] in ("栏次", "栏号", "列次"):
        own = own[1:]
    letters = [chr(97 + number) for number in range(26)]
    counted = [str(number) for number in range(1, len(own) + 1)]
    heavenly = [sign for sign in own if sign in "甲乙丙丁戊己庚辛壬癸"]
    rest = own[len(heavenly) :]
    return own == letters[: len(own)] or own == counted or (bool(heavenly) and own[: len(heavenly)] == heavenly and rest == counted[: len(rest)])
