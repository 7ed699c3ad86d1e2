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
        ("E116.36", 116.36),
        ("116.36°E", 116.36),
        ("经度：116.36", 116.36),
        ("116°21.6\u2032", 116.36),
        ("116º21'36''E", 116.36),
        ("116-21-36", 116.36),
        ("116 21 36", 116.36),
        ("１１６．３６", 116.36),
        ("437 018.632", 437018.632),
        ("437018.632米", 437018.632),
        ("东门", None),
        (True, None),
    ],
)
def test_one_number(cell, value) -> None:
    """Full-width, apostrophes, letters, degrees with minutes and seconds."""
    assert number(cell) == (pytest.approx(value) if value is not None else None)


@pytest.mark.parametrize(
    "cell",
    [
        "116.36,39.95",
        "116.36，39.95",
        "(116.36, 39.95)",
        "116.36 39.95",
        "116.36；39.95",
        "116.36/39.95",
        "116.36E,39.95N",
        "N39.95 E116.36",
        "北纬39.95，东经116.36",
        "经度:116.36 纬度:39.95",
        "116°21\u203236\u2033，39°57\u20320\u2033",
        "39°57\u2032N，116°21\u203236\u2033E",
        "E116°21\u203236\u2033N39°57\u203200\u2033",
        "116°21\u203236\u2033E39°57\u203200\u2033N",
        "东经116度21分36秒，北纬39度57分",
        "POINT(116.36 39.95)",
        "SRID=4490;POINT Z (116.36 39.95 12)",
        '{"lng":116.36,"lat":39.95}',
    ],
)
def test_both_in_one_cell(cell: str) -> None:
    """Any separator, any label; what says that it is the latitude goes second."""
    points, unread = points_of([Column("坐标", [cell])], {"both": "坐标"})

    assert points[0] == pytest.approx([116.36, 39.95])
    assert {} == unread


def test_unreadable_cells_are_listed_and_blank_ones_are_not() -> None:
    """无 and blanks are no places, 东门 is a mistake to show."""
    columns = [Column("经度", [116.36, None, "无", "东门"]), Column("纬度", [39.95, None, "无", "旁边"])]

    points, unread = points_of(columns, {"lon": "经度", "lat": "纬度"})

    assert [False, True, True, True] == np.isnan(points[:, 0]).tolist()
    assert {3: "东门, 旁边"} == unread


@pytest.mark.parametrize("cell", ["116.36", "116.36,", "116.36,39.95,12", "北京", "6月3日", "13800000000"])
def test_what_is_no_pair(cell: str) -> None:
    """Half a pair is no place: it is listed."""
    points, unread = points_of([Column("坐标", [cell])], {"both": "坐标"})

    assert np.isnan(points).all()
    assert {0: cell} == unread


def test_plain_columns_and_odd_ones_read_alike() -> None:
    """Numbers, texts, blanks and a spelling among them: the fast way and the slow one give the same; infinity is no place."""
    plain = [116.36, "116.37", None, 116, "", "116.38"]

    fast, _unread = points_of([Column("经度", plain), Column("纬度", [40.0] * 6)], {"lon": "经度", "lat": "纬度"})
    slow, unread = points_of([Column("经度", [*plain, "E116.39", "inf"]), Column("纬度", [40.0] * 8)], {"lon": "经度", "lat": "纬度"})

    assert fast[:, 0].tolist() == pytest.approx([116.36, 116.37, np.nan, 116.0, np.nan, 116.38], nan_ok=True)
    assert slow[:6] == pytest.approx(fast, nan_ok=True)
    assert 116.39 == slow[6, 0]
    assert "inf, 40.0" == unread[7]
