"""Coordinates in cells, however they were typed."""

from __future__ import annotations

import numpy as np
import pytest

from chuangwen.exchange.coordinates import number, points_of
from chuangwen.exchange.incoming import Column


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (116.36, 116.36),
        (" 116．36", 116.36),
        ("'116.36", 116.36),
        ("116.36E", 116.36),
        ("东经116.36", 116.36),
        ("116°21\u203236\u2033", 116.36),
        ("116°21'36\"E", 116.36),
        ("116度21分36秒", 116.36),
        ("39,437,018.632", 39437018.632),
        ("无", None),
        (None, None),
        ("116°75\u2032", None),
    ],
)
def test_one_number(cell, value) -> None:
    """Full-width, apostrophes, letters, degrees with minutes and seconds."""
    assert number(cell) == (pytest.approx(value) if value is not None else None)


@pytest.mark.parametrize("cell", ["116.36,39.95", "116.36，39.95", "(116.36, 39.95)", "116.36 39.95", "116.36；39.95"])
def test_both_in_one_cell(cell: str) -> None:
    """Any separator."""
    points, unread = points_of([Column("坐标", [cell])], {"both": "坐标"})

    assert points[0] == pytest.approx([116.36, 39.95])
    assert {} == unread


def test_unreadable_cells_are_listed_and_blank_ones_are_not() -> None:
    """无 and blanks are no places, 东门 is a mistake to show."""
    columns = [Column("经度", [116.36, None, "无", "东门"]), Column("纬度", [39.95, None, "无", "旁边"])]

    points, unread = points_of(columns, {"lon": "经度", "lat": "纬度"})

    assert [False, True, True, True] == np.isnan(points[:, 0]).tolist()
    assert {3: "东门, 旁边"} == unread
