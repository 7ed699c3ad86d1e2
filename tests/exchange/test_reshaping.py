"""Areas drawn as lines, joined in one, or cut finer than wanted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from chuangwen.errors import DataProblem, UserError
from chuangwen.exchange.importing import ImportPlan, Options, plan
from chuangwen.exchange.incoming import Column, Incoming
from tests.build import layers
from tests.exchange.made import View, features

X, Y = 435_000.0, 4_418_000.0


def at(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(X + x, Y + y) for x, y in points])


def box(x0: float, y0: float, x1: float, y1: float) -> shapely.Polygon:
    return shapely.box(X + x0, Y + y0, X + x1, Y + y1)


def taken(shapes: list[Any], view: View | None = None, columns: dict[str, list[Any]] | None = None, layer: str = "zone", **options: Any) -> ImportPlan:
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    made = tuple(Column(title, values) for title, values in (columns or {}).items())
    incoming = Incoming("网格.geojson", made, range(1, len(shapes) + 1), geometry, "EPSG:4548")
    return plan(incoming, layers()[layer], view or View(), Options(year=2024, **options))


def areas(made: ImportPlan) -> dict[str, float]:
    return {str(change.after["code"]): change.after["geometry"].area for change in made.edit.changes if change.after["geometry"] is not None}


def test_closed_lines_are_areas_and_nearly_closed_ones_are_closed() -> None:
    """0.4 m apart: closed and said. 5 m apart: an open line, refused by name."""
    square = [(0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0)]
    far = [(x + 300, y) for x, y in square]
    nearly = [(x + 600, y) for x, y in square]
    made = taken([at(*square, (0, 0)), at(*far, (300, 5)), at(*nearly, (600, 0.4))], columns={"网格编号": ["A", "B", "C"]})

    assert {"A": 10_000.0, "C": 10_000.0} == {code: round(area, 6) for code, area in areas(made).items()}
    assert [(2, "图形是线，图层需要面")] == [(one.row, one.reason) for one in made.report.rejected]
    assert [(3, "边界线首尾相差 0.40 米，已闭合")] == [(one.row, one.what) for one in made.report.repaired]
    assert ["lines"] == [one.kind for one in made.report.findings]


def test_open_lines_that_shut_in_ground_together_are_asked_about() -> None:
    """An outline, a dividing line that stops half a metre short: two zones, named by the points inside; or none of it, on the answer."""
    lines = [at((0, 0), (200, 0), (200, 100)), at((200, 100), (0, 100), (0, 0)), at((100, -0.0), (100, 99.5)), shapely.Point(X + 50, Y + 50)]
    lines.append(shapely.Point(X + 150, Y + 50))
    columns = {"网格编号": [None, None, None, "西", "东"], "街道": ["文昌街道", "文昌街道", "文昌街道", None, None]}
    made = taken(lines, columns=columns)

    assert {"西": 10_000, "东": 10_000} == {code: round(area) for code, area in areas(made).items()}
    assert {"文昌街道"} == {change.after["street"] for change in made.edit.changes}
    (doubt,) = (one for one in made.report.doubts if one.key == "lines")
    assert doubt.asks
    assert (1, 2, 3) == doubt.rows
    with pytest.raises(DataProblem):
        taken(lines[:3], answers={"lines": "closed"})


def test_an_outline_that_is_divided_is_no_zone_itself() -> None:
    """A closed border and a line across it: two zones, not three."""
    made = taken([at((0, 0), (200, 0), (200, 100), (0, 100), (0, 0)), at((80, -3), (80, 103))])

    assert [8_000, 12_000] == sorted(round(area) for area in areas(made).values())


def test_lines_that_shut_in_nothing_are_refused() -> None:
    with pytest.raises(DataProblem, match="需要面图形"):
        taken([at((0, 0), (100, 0)), at((0, 50), (100, 50))])


def test_lines_in_degrees_close_within_a_metre_too() -> None:
    """0.000004° is 0.4 m."""
    line = shapely.LineString([(116.3, 39.95), (116.31, 39.95), (116.31, 39.96), (116.3, 39.96), (116.3, 39.950004)])
    geometry = np.array([line], dtype=object)
    made = plan(Incoming("网格.kml", (), [1], geometry, "EPSG:4326"), layers()["zone"], View(), Options(year=2024))

    assert 1 == made.report.added
    assert made.edit.changes[0].after["geometry"].geom_type == "Polygon"


def test_all_zones_in_one_shape_are_taken_apart_on_consent() -> None:
    whole = shapely.multipolygons([box(200 * n, 0, 200 * n + 100, 100) for n in range(4)])
    columns = {"网格编号": ["A"], "网格名称": ["创建网格"], "街道": ["文昌街道"]}
    asked = taken([whole], columns=columns)
    made = taken([whole], columns=columns, answers={"explode": "yes"})

    (doubt,) = (one for one in asked.report.doubts if one.key == "explode")
    assert (1, True, "no") == (asked.report.added, doubt.asks, doubt.chosen)
    assert {f"A-{n}": 10_000.0 for n in range(1, 5)} == areas(made)
    assert [f"创建网格-{n}" for n in range(1, 5)] == [change.after["name"] for change in made.edit.changes]
    assert {"文昌街道"} == {change.after["street"] for change in made.edit.changes}
    assert [(1, "拆成了 4 块，编号和名称后加了序号")] == [(one.row, one.what) for one in made.report.repaired]
    assert ["merged"] == [one.kind for one in made.report.findings if one.kind == "merged"]


COMMUNITY = {
    "网格编号": ["c1", "c2", "c3", "c4", "c5"],
    "创建网格": ["甲", "甲", "乙", "乙", None],
    "户数": [100, 50, None, 7, 9],
    "街道": ["文昌街道", "文昌街道", "迎江街道", "北湖街道", "北湖街道"],
    "网格类别": ["社区网格"] * 5,
}
STRIP = [box(100 * n, 0, 100 * n + 100, 100) for n in range(5)]


def test_community_zones_are_joined_to_campaign_zones_by_a_column() -> None:
    """Areas joined, households added up, streets listed, a row without a value left single, every joined row named."""
    made = taken(STRIP, columns=COMMUNITY, dissolve="创建网格")

    found = {change.after["code"]: change.after for change in made.edit.changes}
    assert {"甲": (20_000.0, 150, "文昌街道"), "乙": (20_000.0, 7, "迎江街道、北湖街道")} == {
        code: (found[code]["geometry"].area, found[code]["households"], found[code]["street"]) for code in ("甲", "乙")
    }
    assert "Polygon" == found["甲"]["geometry"].geom_type
    assert [(1, "由第 1、2 行共 2 个合并而成（原编号 c1、c2）"), (3, "由第 3、4 行共 2 个合并而成（原编号 c3、c4）")] == [
        (one.row, one.what) for one in made.report.repaired
    ]
    assert 3 == made.report.added


def test_joining_is_offered_where_a_column_repeats_itself_among_neighbours() -> None:
    shapes = [box(100 * n, 0, 100 * n + 100, 100) for n in range(6)]
    columns: dict[str, list[Any]] = {"编号": list("123456"), "创建网格": ["甲", "甲", "甲", "乙", "乙", "乙"]}
    asked = taken(shapes, columns=columns)
    made = taken(shapes, columns=columns, answers={"dissolve": "创建网格"})

    (doubt,) = (one for one in asked.report.doubts if one.key == "dissolve")
    assert (6, "no", ["no", "创建网格"]) == (asked.report.added, doubt.chosen, [one.value for one in doubt.answers])
    assert {"甲": 30_000.0, "乙": 30_000.0} == areas(made)
    scattered = taken(shapes, columns=columns | {"创建网格": ["甲", "乙"] * 3})
    assert not [one for one in scattered.report.doubts if one.key == "dissolve"]


def test_an_unknown_column_to_join_by_is_refused() -> None:
    with pytest.raises(UserError, match="没有列“创建网络”"):
        taken(STRIP, columns=COMMUNITY, dissolve="创建网络")


def test_a_clean_file_is_not_asked_about() -> None:
    """Four squares, four codes."""
    made = taken(STRIP[:4], View(zone=features("zone")), columns={"网格编号": list("1234")})

    assert ((), (), None) == (made.report.doubts, made.report.findings, made.report.cleaning)
