"""Where on a page a feature is spoken of: what the preview lights up."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtWidgets import QApplication

from chuangwen.render.paper.table import Column, Table
from chuangwen.services.paper.frames import Rect

COLUMNS = (Column("图号", 1), Column("名称", 3))


def test_rows_are_where_they_are_drawn_and_pieces_of_a_table_keep_their_features(qapp: QApplication) -> None:
    """Rows of different height, divided over two sheets: each place is that of its row."""
    rows = tuple((str(number), "很长的名称" * (2 + 2 * (number % 3))) for number in range(9))
    table = Table("点位", COLUMNS, rows, 2.5, of=tuple(("site", f"id{number}") for number in range(9)))
    whole = table.height(60.0)

    spots = table.spots(Rect(10.0, 20.0, 60.0, whole))
    assert [spot.id for spot in spots] == [f"id{number}" for number in range(9)]
    assert all(abs(below.place.y - above.place.bottom) < 1e-9 for above, below in pairwise(spots))
    assert abs(spots[-1].place.bottom - (20.0 + whole)) < 1e-9
    assert spots[1].place.height > spots[0].place.height

    head, tail = table.split(60.0, spots[5].place.y - 20.0)
    assert head is not None
    assert tail is not None
    assert [spot.id for spot in head.spots(Rect(0, 0, 60, 100))] == [f"id{number}" for number in range(5)]
    assert [spot.id for spot in tail.spots(Rect(0, 0, 60, 100))] == [f"id{number}" for number in range(5, 9)]
