"""Rosters, records of visits and lists of cadres as offices write them (domain.md 5.5 to 5.7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from chuangwen.exchange.building_ranges import several
from chuangwen.exchange.importing import ImportPlan, Options, plan
from chuangwen.exchange.incoming import Column, Incoming
from tests.build import layers
from tests.exchange.made import View, features

DAY = dt.date(2024, 6, 3)


def taken(layer: str, view: View, **columns: list[Any]) -> ImportPlan:
    count = len(next(iter(columns.values())))
    incoming = Incoming("表.xlsx", tuple(Column(title, values) for title, values in columns.items()), range(3, 3 + count))
    return plan(incoming, layers()[layer], view, Options(year=2024, today=DAY))


def rows(made: ImportPlan) -> list[dict[str, Any]]:
    return [dict(change.after or {}) for change in made.edit.changes]


def test_a_roster_of_crossings_becomes_posts() -> None:
    """SR-48, SR-49: crossing × shift with head counts; the crossing by its name, the shift in one cell."""
    view = View(crossing=features("crossing", {"code": "LK-001", "name": "人民路与解放路交叉口"}), unit=features("unit", {"code": "U1", "name": "区交警大队"}))
    made = taken(
        "post",
        view,
        日期=[DAY, DAY, DAY],
        路口名称=["人民路与解放路交叉口", "人民路与解放路交叉口", "无名路口"],
        时段=["7:30-9:00", "晚高峰 17:30—19:00", "早高峰"],
        类别=["民警", "民警", "志愿者"],
        单位=["区交警大队"] * 3,
        人数=[4, 3, 9],
    )
    first, second, third = rows(made)
    assert (first["place_layer"], first["place_code"], first["name"]) == ("crossing", "LK-001", "人民路与解放路交叉口")
    assert (first["shift_start"], first["shift_end"], first["planned_count"], first["kind"]) == ("07:30", "09:00", 4, "police")
    assert (second["shift_start"], second["shift_end"]) == ("17:30", "19:00")
    assert (third["place_code"], third["shift_start"]) == (None, None)
    said = [one.what for one in made.report.repaired if one.row == 5]
    assert any("早高峰" in what and "7:30-9:00" in what for what in said)
    assert any("无名路口" in what for what in said)
    assert not made.report.rejected


def test_a_record_of_visits_has_its_day_in_one_column_and_its_clock_in_another() -> None:
    """SR-61: day × site; a spreadsheet's clock is a part of a day, a visit without one counts for its day."""
    view = View(site=features("site", {"code": "007", "name": "文昌农贸市场"}))
    made = taken("visit", view, 日期=[DAY, DAY, DAY], 点位=["文昌农贸市场"] * 3, 巡查人=["某某01"] * 3, 到达时间=["8:05", 0.375, None], 发现问题=[2, 0, 1])
    moments = [row["arrived_at"] for row in rows(made)]
    assert moments == [dt.datetime(2024, 6, 3, 8, 5), dt.datetime(2024, 6, 3, 9, 0), dt.datetime(2024, 6, 3)]
    assert {(row["place_layer"], row["place_code"]) for row in rows(made)} == {("site", "007")}


def test_codes_that_a_list_gives_stay() -> None:
    """Where the list has codes and whole moments nothing is touched."""
    at = dt.datetime(2024, 6, 3, 8, 5)
    (row,) = rows(taken("visit", View(), 点位编号=["007"], 点位名称=["文昌农贸市场"], 到达时间=[at]))
    assert (row["place_code"], row["arrived_at"]) == ("007", at)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("1-3栋", ["1栋", "2栋", "3栋"]),
        ("1#-3#", ["1#", "2#", "3#"]),
        ("1、3、5号楼", ["1号楼", "3号楼", "5号楼"]),
        ("5栋", []),
        ("东单元", []),
        ("9-1栋", []),
        ("1-5", []),
    ],
)
def test_ranges_of_buildings(cell: str, names: list[str]) -> None:
    """domain.md 5.5; 1-5 without a word may be a number of its own (building 1, stair 5)."""
    assert several(cell) == names


def test_a_row_of_several_buildings_is_split_on_consent() -> None:
    """SR-51: the cadre stands beside each of them; unasked the row stays whole."""
    incoming = Incoming(
        "干部包楼栋表.xlsx",
        (Column("小区名称", ["甲园", "甲园"]), Column("楼栋号", ["1-3栋", "4栋"]), Column("包楼干部", ["某某01", "某某02"])),
        [3, 4],
    )
    whole = plan(incoming, layers()["building"], View(), Options(year=2024))
    assert [row["name"] for row in rows(whole)] == ["1-3栋", "4栋"]
    assert [one.key for one in whole.report.doubts if one.asks] == ["buildings"]
    apart = plan(incoming, layers()["building"], View(), Options(year=2024, answers={"buildings": "yes"}))
    assert [(row["name"], row["cadre"]) for row in rows(apart)] == [("1栋", "某某01"), ("2栋", "某某01"), ("3栋", "某某01"), ("4栋", "某某02")]
    assert len({row["code"] for row in rows(apart)}) == 4
