"""The planner's four lists and the figures of the morning."""

from __future__ import annotations

import datetime as dt

import numpy as np

from chuangwen.domain.campaign import TODOS, Campaign, rate_text, rectification_rate
from chuangwen.domain.change import Step
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.filter import Filter
from chuangwen.domain.geo import Extent, project_epsg, round_scale, scale_text
from chuangwen.domain.history import stacks
from tests.build import issue, layers

TODAY = dt.date(2024, 6, 3)
NOW = dt.datetime(2024, 6, 3, 8, 30)


def table(*rows: Feature) -> Features:
    """Features in columns."""
    layer = layers()["issue"]
    geometry = np.empty(len(rows), dtype=object)
    geometry[:] = [row.geometry for row in rows]
    return Features(layer, [row.id for row in rows], {one.name: [row.get(one.name) for row in rows] for one in layer.fields}, geometry)


ISSUES = table(
    issue("1", status="unassigned"),
    issue("2", status="in_progress", due_at=TODAY),
    issue("3", status="dispatched", due_at=TODAY - dt.timedelta(days=1)),
    issue("4", status="rectified", due_at=TODAY - dt.timedelta(days=1), at=(1.0, 2.0)),
    issue("5", status="closed", due_at=TODAY - dt.timedelta(days=9)),
    issue("6", status="void"),
)


def test_the_four_lists() -> None:
    """待指定, 今日到期, 临期, 逾期, 待核查: closed and void issues are on none, a rectified one is not overdue."""
    lists = {todo.id: [code for code, on in zip(ISSUES.column("code"), todo.mask(ISSUES, NOW), strict=True) if on] for todo in TODOS}

    assert {"unassigned": ["1"], "due_today": ["2"], "due_soon": ["2"], "overdue": ["3"], "to_check": ["4"]} == lists


def test_the_rate_counts_closed_over_all_but_void() -> None:
    """1 of 5; a void issue is neither."""
    assert (1, 5) == rectification_rate(ISSUES)


def test_days_until_the_inspectors_arrive() -> None:
    """A demo project stands still on its day."""
    assert 21 == Campaign(arrival=dt.date(2024, 6, 24), fixed_today=TODAY).days_left
    assert Campaign().days_left is None


def test_a_filter_combines_values_text_and_place() -> None:
    """All conditions must hold."""
    assert [False, False, False, True, False, False] == Filter({"status": ["rectified", "closed"]}, located=True).mask(ISSUES).tolist()
    assert 6 == Filter(text="路面 破损").mask(ISSUES).sum()
    assert 0 == Filter(text="井盖").mask(ISSUES).sum()


def step(number: int, kind: str = "do", of: int | None = None, by: str = "甲") -> Step:
    """A written edit."""
    return Step(number, f"步骤{number}", dt.datetime(2024, 6, 3, 8, number), by, kind, of, 1)


def test_undo_and_redo_follow_from_the_log_alone() -> None:
    """Also for one person's own steps when a colleague writes in between."""
    log = [step(1), step(2), step(3, by="乙"), step(4, "undo", 2)]

    assert ([1], [4]) == tuple([one.number for one in side] for side in stacks(log, "甲"))
    assert ([1, 5], []) == tuple([one.number for one in side] for side in stacks([*log, step(5, "redo", 4)], "甲"))
    assert ([1, 5], []) == tuple([one.number for one in side] for side in stacks([*log, step(5)], "甲"))


def test_the_crs_of_a_district() -> None:
    """Three-degree zones by longitude: domain.md 7.1."""
    assert [4548, 4547, 4534, 4554] == [project_epsg(longitude) for longitude in (116.36, 114.0, 75.0, 135.0)]


def test_round_scales_show_at_least_as_much() -> None:
    """1:3 120 becomes 1:5 000, written with a gap."""
    assert [500, 5000, 5000, 10000] == [round_scale(wanted) for wanted in (10, 3120, 5000, 5001)]
    assert "1:5 000" == scale_text(5000)
    assert Extent(0, 0, 10, 10).joined(Extent(5, -5, 20, 3)) == Extent(0, -5, 20, 10)


def test_patched_features_change_add_and_remove_rows() -> None:
    """The copy in memory follows an edit without reading the file."""
    patched = ISSUES.patched({ISSUES.ids[1]: {"status": "closed"}, "new": {"code": "7", "geometry": None}, ISSUES.ids[0]: None})

    assert ["2", "3", "4", "5", "6", "7"] == patched.column("code")
    assert "closed" == patched.column("status")[0]
    assert "in_progress" == ISSUES.column("status")[1]


def test_an_import_further_down_is_taken_back_by_name() -> None:
    """The step that was undone leaves the stack, not the last one; also where a colleague did it."""
    log = [step(1), step(2), step(3)]

    assert ([1, 3], [4]) == tuple([one.number for one in side] for side in stacks([*log, step(4, "undo", 2)]))
    assert ([1, 3, 5], []) == tuple([one.number for one in side] for side in stacks([*log, step(4, "undo", 2), step(5, "redo", 4)]))
    by_another = step(4, "undo", 2, by="乙")
    assert ([1, 3], []) == tuple([one.number for one in side] for side in stacks([*log, by_another], "甲"))


def test_a_rate_is_cut_off_and_never_rounded_up() -> None:
    """SR-08: 984 of 1,200 is 82.0 %; a hundred is said only of all; nothing to count is a dash."""
    assert rate_text(984, 1200) == "82.0%"
    assert rate_text(2499, 2500) == "99.9%"
    assert rate_text(2500, 2500) == "100.0%"
    assert rate_text(0, 0) == "—"
