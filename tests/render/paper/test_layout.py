"""Blocks in frames: nothing is cut, nothing is lost, headers are repeated."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QPainter

from chuangwen.render.headless import start
from chuangwen.render.paper.block import Block
from chuangwen.render.paper.layout import lay_out
from chuangwen.render.paper.page import Page
from chuangwen.render.paper.table import Column, Table
from chuangwen.render.paper.words import Words
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sheet import Sheet
from chuangwen.services.paper.templates import template

pytestmark = pytest.mark.window


class Stone(Block):
    """So many mm high, in one piece."""

    def __init__(self, high: float) -> None:
        self.high = high

    def height(self, width: float) -> float:
        return self.high

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        raise NotImplementedError


@pytest.fixture
def sheet(qapp: object) -> Sheet:
    """A zone's sheet, portrait A4."""
    start()
    return Sheet(product="zone", code="A", name="甲", paper=template("zone").paper("A4"), landscape=False)


def rows_of(blocks: list[Block]) -> list[tuple[str, ...]]:
    """All rows of the tables among them."""
    return [row for block in blocks if isinstance(block, Table) for row in block.rows]


def table(rows: list[tuple[str, str]]) -> Table:
    """Two columns."""
    return Table("表", (Column("一", 1), Column("二", 3)), tuple(rows), 2.5)


def test_a_long_table_goes_on_until_its_last_row(sheet: Sheet) -> None:
    """Every row once, in order; each piece inside its frame; from the second page on it says that it continues."""
    rows = [(str(number), "很长的说明文字" * (number % 7)) for number in range(300)]
    pages = lay_out(sheet, {"tables": [table(rows)]})

    assert rows_of([one.block for page in pages for one in page.placed]) == rows
    assert len(pages) > 3
    for page in pages:
        for one in page.placed:
            assert one.place.bottom <= 297 - 8 + 1e-6
    assert [one.block.goes_on for page in pages for one in page.placed if isinstance(one.block, Table)] == [False] + [True] * (len(pages) - 1)


def test_a_row_higher_than_a_sheet_is_broken_between_lines(sheet: Sheet) -> None:
    """Seven thousand characters in one cell: all of them on paper."""
    words = "".join(chr(0x4E00 + number % 3000) for number in range(7000))
    pages = lay_out(sheet, {"tables": [table([("1", words), ("2", "完")])]})

    rows = rows_of([one.block for page in pages for one in page.placed])
    assert "".join(row[1] for row in rows).replace("\n", "") == words + "完"
    assert all(one.place.bottom <= 297 - 8 + 1e-6 for page in pages for one in page.placed)


def test_words_without_room_go_on(sheet: Sheet) -> None:
    """The people's frame is full: the rest stands on the next sheet."""
    words = "四至范围：" + "东至人民路，" * 120
    pages = lay_out(sheet, {"people": [Words([words], 2.5)]})

    assert len(pages) == 2
    block = [one.block for page in pages for one in page.placed]
    text = "".join(line for one in block if isinstance(one, Words) for line in one.lines(1e9))
    assert text == words


def test_what_cannot_be_divided_stands_alone_and_the_rest_follows(sheet: Sheet) -> None:
    """A block higher than any sheet stops nothing."""
    high, low = Stone(500), Stone(20)
    pages = lay_out(sheet, {"tables": [high, low]})

    assert [one.block for page in pages for one in page.placed] == [high, low]


def test_an_empty_table_says_so_once(sheet: Sheet) -> None:
    """无."""
    pages = lay_out(sheet, {"tables": [table([])]})

    assert len(pages) == 1
    (placed,) = pages[0].placed
    assert placed.block.height(100) > 0
