"""Police at the crossings, hours that nobody covers, posts that lack something."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from shapely.geometry import LineString, Point, box

from chuangwen.domain.feature import Feature
from tests.build import feature
from tests.services.checks.plan import CAMPAIGN, TODAY, Plan, zone


def crossing(number: int, **values: Any) -> Feature:
    """A crossing."""
    return feature("crossing", f"K-{number:03d}", Point(number, 0), **values)


def post(code: str, layer: str, place: str, kind: str = "police", clock: tuple[str, str] = ("07:30", "09:00"), **values: Any) -> Feature:
    """A row of the roster."""
    given = {"place_layer": layer, "place_code": place, "kind": kind, "shift_start": clock[0], "shift_end": clock[1], "date": TODAY}
    return feature("post", code, **{**given, "planned_count": 4, "duty_text": "值守", "persons": "某某01", **values})


@pytest.mark.parametrize(("officers", "found"), [(2, 1), (3, 0), (4, 0), (5, 0), (6, 1)])
def test_three_to_five_officers_at_a_crossing(officers: int, found: int) -> None:
    """CV-09, SR-49: 2 and 6 are flagged, 3 and 5 accepted; two rows of one shift are added up."""
    assert Plan(crossing(1), post("1", "crossing", "K-001", planned_count=officers)).count("CV-09") == found
    split = Plan(crossing(1), post("1", "crossing", "K-001", planned_count=officers - 1), post("2", "路口", "K-001", planned_count=1))
    assert split.count("CV-09") == found


def test_a_crossing_of_its_own_measure() -> None:
    """CV-09: a crossing that says 1 to 2 is held to that; names count where no number is given."""
    assert Plan(crossing(1, police_min=1, police_max=2), post("1", "crossing", "K-001", planned_count=2)).count("CV-09") == 0
    assert Plan(crossing(1), post("1", "crossing", "K-001", planned_count=None, persons="某某01、某某02、某某03")).count("CV-09") == 0


def test_one_shift_may_take_three_hundred_officers() -> None:
    """CV-09, SR-49: 60 crossings at 5 and 100 at 3 are served by 300, 101 at 3 lack three, a total of 301 is flagged."""
    for count, officers in ((60, 5), (100, 3)):
        rows = [post(str(one), "crossing", f"K-{one:03d}", planned_count=officers) for one in range(count)]
        assert Plan(*[crossing(one) for one in range(count)], *rows).count("CV-09") == 0
    many = Plan(*[crossing(one) for one in range(101)], *[post(str(one), "crossing", f"K-{one:03d}", planned_count=3) for one in range(101)])
    assert ["警力不足 3 人" in text for text in many.texts("CV-09")] == [True, True]
    rows = [post(str(one), "crossing", f"K-{one:03d}", planned_count=5 if one < 60 else 1) for one in range(61)]
    crossings = [crossing(one, police_min=1) for one in range(61)]
    assert [text.rpartition("，")[2] for text in Plan(*crossings, *rows).texts("CV-09")] == ["警力不足 1 人"]


def test_a_crossing_without_anybody_is_listed_and_yesterday_is_over() -> None:
    """CV-09: the roster of the past mends nothing."""
    yesterday = post("1", "crossing", "K-001", planned_count=9, date=TODAY - dt.timedelta(days=1))
    assert Plan(crossing(1), yesterday).texts("CV-09") == ["K-001：没有排警力"]
    assert Plan(yesterday).result("CV-09").words == "未建立“路口”数据"


def test_patrols_cover_the_hours_without_a_gap() -> None:
    """CV-14, SR-47: 07:00–22:00 by default, the section's own hours where it has some; what is missing is named with its hours."""
    section = feature("section", "L-1", LineString([(0, 0), (9, 0)]), responsible_unit="城管局")
    day = [post("1", "section", "L-1", "patrol", ("07:00", "14:30")), post("2", "section", "L-1", "patrol", ("14:00", "22:00"))]
    assert Plan(section, *day).count("CV-14") == 0
    (found,) = Plan(section, day[0], post("2", "section", "L-1", "patrol", ("15:00", "22:00"))).result("CV-14").findings
    assert found.text == "L-1：无人巡查 06-03 14:30–15:00"
    assert (found.amount, found.measure, found.by) == (0.5, "小时", "城管局")
    short = feature("section", "L-1", LineString([(0, 0), (9, 0)]), patrol_hours="8:00—12:00")
    assert Plan(short, day[0]).count("CV-14") == 0
    assert Plan(section, day[0], day[1], post("3", "section", "L-1", "patrol", ("07:00", "22:00"), planned_count=0, persons=None)).count("CV-14") == 0
    nobody = post("1", "section", "L-1", "patrol", ("07:00", "22:00"), planned_count=0)
    assert Plan(section, nobody).texts("CV-14") == ["L-1：无人巡查 06-03 07:00–22:00"]


def test_standby_is_round_the_clock_and_a_night_reaches_into_the_morning() -> None:
    """CV-14, SR-41: each zone, each day of the roster, 00:00–24:00, at the zone or at the door of its unit."""
    first, second = zone("A-1", box(0, 0, 1, 1), responsible_unit="民政局"), zone("A-2", box(1, 0, 2, 1), responsible_unit="教体局")
    every = [post("1", "zone", "A-1", "standby", ("06:00", "20:00"), date=None), post("2", "", "", "standby", ("20:00", "06:00"), date=None, unit="民政局")]
    assert Plan(first, *every).count("CV-14") == 0
    assert Plan(first, second, *every).texts("CV-14") == ["A-2：无人值守 06-03 00:00–24:00"]
    night = [post("1", "zone", "A-1", "standby", ("00:00", "24:00")), post("2", "zone", "A-1", "standby", ("08:00", "24:00"), date=dt.date(2024, 6, 4))]
    assert Plan(first, *night).texts("CV-14") == ["A-1：无人值守 06-04 00:00–08:00"]
    assert Plan(first, *night, post("3", "zone", "A-1", "standby", ("20:00", "08:00"))).count("CV-14") == 0


def test_during_the_assessment_a_zone_without_standby_is_a_gap() -> None:
    """CV-14, SR-41: from the arrival to the end every zone, though nothing was planned; before it a roster without standby is no roster."""
    police = post("1", "crossing", "K-001")
    here = replace(CAMPAIGN, arrival=TODAY, end=dt.date(2024, 6, 4))
    assert Plan(zone("A-1"), police, campaign=here).texts("CV-14") == ["A-1：无人值守 06-03 00:00–24:00、06-04 00:00–24:00"]
    assert Plan(zone("A-1"), police).result("CV-14").words == "未建立“值守、巡查岗位”数据"
    assert Plan(zone("A-1")).result("CV-14").words == "未建立“岗位”数据"


def test_a_post_has_place_people_duty_and_shift() -> None:
    """SR-60: what lacks is named; a place that there is not is no place."""
    plan = Plan(
        crossing(1),
        post("1", "crossing", "K-001", name="1"),
        post("2", "", "", planned_count=None, persons=None, duty_text=None, shift_end=None),
        post("3", "crossing", "K-999"),
        post("4", "crossing", "K-001", shift_start="早高峰"),
    )
    assert plan.texts("SR-60") == ["2：缺地点、人员、职责、班次时间", "3：地点“K-999”不存在", "4：缺班次时间"]
    assert Plan().result("SR-60").state == "no_data"
