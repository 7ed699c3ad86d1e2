"""A packet: the sheets that are wanted, in the order in which they are carried, on paper printed on both sides."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.change import Change, Edit
from chuangwen.errors import UserError
from chuangwen.services.paper import zones
from chuangwen.services.paper.frames import PAPERS
from chuangwen.services.paper.packet import ORDERS, Selection, along_route, duplex, packet, page_range, patroller_of, stops, unit_of
from chuangwen.services.paper.sheet import MapPart, Numbered, Request, Sheet
from chuangwen.services.project import Project
from tests.build import feature, issue, site


def zone_sheet(code: str, number: int, street: str = "东街", part: int = 0, at: tuple[float, float] | None = None, **people: str) -> Sheet:
    """A sheet of a zone of 100 m."""
    shape: BaseGeometry | None = box(at[0] - 50, at[1] - 50, at[0] + 50, at[1] + 50) if at else None
    subject = feature("zone", code, shape, street=street, **people)
    return Sheet(product="zone", code=code, name=code, group=street, number=number, part=part, paper=PAPERS["A4"], landscape=True, subject=subject)


def codes(sheets: list[Sheet]) -> list[str]:
    """Code and part of each."""
    return [f"{one.code}/{one.part}" if one.part else one.code for one in sheets]


SHEETS = [
    zone_sheet("B-1", 3, "西街", responsible_unit="住建局", member="张"),
    zone_sheet("A-2", 2, part=2, responsible_unit="城管局", chief="李"),
    zone_sheet("A-2", 2, part=1, responsible_unit="城管局", chief="李"),
    zone_sheet("A-1", 1, responsible_unit="住建局"),
]


def test_by_street_by_unit_and_by_patroller() -> None:
    """Each under its heading; what has none comes last and says so."""
    found = {order: [(group.heading, codes(list(group.sheets))) for group in packet(SHEETS, order).groups] for order in ORDERS if order != "route"}

    assert found["street"] == [("东街", ["A-1", "A-2/1", "A-2/2"]), ("西街", ["B-1"])]
    assert found["unit"] == [("住建局", ["A-1", "B-1"]), ("城管局", ["A-2/1", "A-2/2"])]
    assert found["patroller"] == [("张", ["B-1"]), ("李", ["A-2/1", "A-2/2"]), ("没有指定巡查人", ["A-1"])]
    assert ("住建局", "张", "李") == (unit_of(SHEETS[0]), patroller_of(SHEETS[0]), patroller_of(SHEETS[1]))


def test_the_index_comes_first() -> None:
    """Before every group."""
    index = Sheet(product="index", code="", name="索引图", paper=PAPERS["A3"], landscape=True, maps=(MapPart((0, 0), 1000),))
    assert [index, *packet(SHEETS).sheets] == packet(SHEETS, index=[index]).sheets
    assert [] == packet([], "route").sheets


def test_along_a_route_parts_stay_together() -> None:
    """From the command post outwards; a zone without a boundary comes last."""
    row = [zone_sheet(f"A-{n}", n, at=(n * 300.0, 0.0)) for n in (4, 1, 3, 0, 2)]
    parts = [zone_sheet("A-5", 5, part=part, at=(1500.0, 0.0)) for part in (2, 1)]
    lost = zone_sheet("C-1", 9)
    order = along_route([lost, *parts, *row], (-500.0, 0.0))
    assert ["A-0", "A-1", "A-2", "A-3", "A-4", "A-5/1", "A-5/2", "C-1"] == codes(order)
    assert order == packet([*row, *parts, lost], "route", start=(-500.0, 0.0)).sheets
    back = along_route([lost, *parts, *row], (2000.0, 0.0))
    assert ["A-5/1", "A-5/2", "A-4", "A-3", "A-2", "A-1", "A-0", "C-1"] == codes(back)


def test_stops_of_a_patrol() -> None:
    """Sites and issues in the order of the way; those without a place are no stop."""
    rows = {
        "site": tuple(Numbered(f"点{n}", site(f"S{n}", (x, 0.0))) for n, x in ((1, 400.0), (2, 0.0))),
        "issue": (Numbered("问1", issue("I1", (200.0, 5.0))), Numbered("", issue("I2"))),
    }
    sheet = Sheet(product="zone", code="A", name="A", paper=PAPERS["A4"], landscape=True, rows=rows)
    assert ["点2", "问1", "点1"] == [one.number for one in stops(sheet, (-10.0, 0.0))]
    assert ["点1", "问1", "点2"] == [one.number for one in stops(sheet, (500.0, 0.0))]


def test_both_sides_of_the_paper() -> None:
    """Each sheet begins on a front; nothing white is added at the end, nor for a sheet without pages."""
    assert [1, None, 2, 3, 4, None, 5] == duplex([[1], [2, 3], [], [4], [5]])
    assert [] == duplex([])
    assert [1, 2] == duplex([[1, 2]])


@given(st.lists(st.integers(0, 5), max_size=12))
def test_every_sheet_begins_on_a_front(lengths: list[int]) -> None:
    """And no page is lost or turned."""
    runs = [[(number, page) for page in range(length)] for number, length in enumerate(lengths)]
    found = duplex(runs)
    assert [page for run in runs for page in run] == [one for one in found if one is not None]
    assert all(at % 2 == 0 for at, one in enumerate(found) if one is not None and one[1] == 0)
    assert not found or found[-1] is not None


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("1-3,5", [1, 2, 3, 5]),
        ("11-", [11, 12]),
        ("-2", [1, 2]),
        ("", list(range(1, 13))),
        ("１－２，4、 6至7", [1, 2, 4, 6, 7]),
        ("5,1-5", [5, 1, 2, 3, 4]),
        ("12", [12]),
    ],
)
def test_page_ranges(text: str, pages: list[int]) -> None:
    """As people write them, in the order they ask for."""
    assert [page - 1 for page in pages] == page_range(text, 12)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1-5,x", "“x”看不懂"),
        ("5-3", "前大后小"),
        ("13", "没有第 13 页，一共 12 页"),
        ("0", "没有第 0 页"),
        ("1-99", "第 99 页"),
        ("1,,2", "看不懂"),
        ("-", "看不懂"),
        ("20-", "第 20 页"),
    ],
)
def test_a_page_range_that_cannot_be_says_why(text: str, said: str) -> None:
    """The piece, and what would be right."""
    with pytest.raises(UserError, match=said):
        page_range(text, 12)


def test_what_is_wanted_of_the_demo(demo: Project) -> None:
    """By street, unit and code; with open issues; with overdue ones: exactly those."""
    sheets = zones.plan(demo, Request("zone"))
    street, unit = sheets[0].group, unit_of(sheets[5])
    assert [one for one in sheets if one.group == street] == Selection(streets=frozenset({street})).chosen(demo, sheets)
    assert [one for one in sheets if unit_of(one) == unit] == Selection(units=frozenset({unit})).chosen(demo, sheets)
    assert {"YQ-02"} == {one.code for one in Selection(codes=frozenset({"YQ-02"})).chosen(demo, sheets)}
    assert [one for one in sheets if one.rows["issue"]] == Selection(with_issues=True).chosen(demo, sheets)

    today = demo.campaign.today
    late = [
        one
        for one in sheets
        if any(
            isinstance(due := row.feature.get("due_at"), dt.date)
            and (due.date() if isinstance(due, dt.datetime) else due) < today
            and row.feature.get("status") != "rectified"
            for row in one.rows["issue"]
        )
    ]
    assert 0 < len(late) < len(sheets)
    assert late == Selection(with_overdue=True).chosen(demo, sheets)
    assert sheets == Selection().chosen(demo, sheets)


def test_a_word_that_no_sheet_has_is_said_with_the_nearest(demo: Project) -> None:
    """A typing slip, not an empty packet."""
    sheets = zones.plan(demo, Request("zone"))
    with pytest.raises(UserError, match=r"没有街道.*是不是“云桥镇”"):
        Selection(streets=frozenset({"云乔镇"})).chosen(demo, sheets)
    with pytest.raises(UserError, match="没有编号“X-9”"):
        Selection(codes=frozenset({"X-9"})).chosen(demo, sheets)


def test_a_street_with_all_its_issues_closed_has_nothing_to_carry(demo: Project) -> None:
    """The filter follows the data."""
    sheet = next(one for one in zones.plan(demo, Request("zone")) if len(one.rows["issue"]) == 2 and not one.part)
    changes = [Change("issue", row.feature.id, {"status": row.feature.get("status")}, {"status": "closed"}) for row in sheet.rows["issue"]]
    demo.apply(Edit("销号", tuple(changes)))
    sheets = zones.plan(demo, Request("zone"))
    assert sheet.code not in {one.code for one in Selection(with_issues=True).chosen(demo, sheets)}
