"""The moves of an issue: domain.md 4.2, each allowed and each forbidden, each guard, each role."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import pytest

from chuangwen.domain import edits
from chuangwen.domain.calendar import Calendar
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change
from chuangwen.domain.evidence import Photo
from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import MOVES, OPEN, STATES, Move, move_of, moves_from, target_of
from chuangwen.domain.limits import LimitRules, Timekeeper
from chuangwen.domain.moving import Context, MoveRules, check_move, refusal
from chuangwen.domain.roles import ROLES
from chuangwen.errors import RuleBroken, UserError
from tests.build import issue, layers

NOW = dt.datetime(2024, 6, 3, 8, 30)
ALLOWED = {
    "draft": {"registered", "long_term", "void"},
    "registered": {"dispatched", "unassigned", "long_term", "void"},
    "unassigned": {"dispatched", "long_term", "void"},
    "dispatched": {"in_progress", "returned", "long_term", "void"},
    "in_progress": {"returned", "rectified", "deferred", "long_term", "void"},
    "returned": {"dispatched", "unassigned", "long_term", "void"},
    "rectified": {"closed", "rework", "long_term", "void"},
    "rework": {"rectified", "deferred", "long_term", "void"},
    "closed": {"rework"},
    "deferred": {"rectified", "long_term", "void"},
    "long_term": {"in_progress", "void"},
    "void": {"registered"},
}
"""domain.md 4.2, written out."""
WHOSE = {
    "登记": {"planner"},
    "交办": {"planner"},
    "转待指定": {"planner"},
    "指定": {"director"},
    "签收": {"liaison", "planner"},
    "退回": {"liaison", "planner"},
    "改派": {"planner"},
    "反馈整改": {"liaison", "planner"},
    "再次反馈": {"liaison", "planner"},
    "核查通过·销号": {"inspector", "planner"},
    "核查不通过": {"inspector"},
    "批准延期": {"director"},
    "挂账": {"director"},
    "恢复整改": {"planner"},
    "回头看反弹": {"inspector"},
    "作废": {"director"},
    "恢复": {"director"},
}
"""The column Role of domain.md 4.2; what the unit does is recorded by the planner, and the director may do what the planner may."""
ISSUE: dict[str, Any] = {
    "description": "井盖松动",
    "category": "市政设施",
    "site_code": "001",
    "found_at": dt.date(2024, 6, 1),
    "source_level": "district",
    "responsible_unit": "区城管局",
    "unit_basis": "grid",
    "order_number": "交办单〔2024〕1号",
    "measure": "已更换",
    "interim_measure": "设围挡",
    "due_at": dt.date(2024, 6, 8),
}
SAID: dict[str, Any] = {
    "responsible_unit": "区住建局",
    "status_note": "说明",
    "suggested_unit": "区住建局",
    "receiver": "某某01",
    "checker": "督查组甲",
    "check_result": "合格",
    "due_at": dt.date(2024, 6, 10),
    "basis_text": "区政府会议纪要",
    "approver": "某主任",
    "approved_at": dt.date(2024, 6, 3),
    "review_at": dt.date(2024, 7, 1),
    "void_kind": "untrue",
}
"""All that any move asks to be said with it."""
REST = {name: value for name, value in SAID.items() if name != "responsible_unit"}
"""The same without another unit."""
PHOTOS = [Photo(kind, "issue-I1", kind) for kind in ("before", "after", "relapse")]


def context(role: str, **others: Any) -> Context:
    """What is known besides: photos of issue I1."""
    others.setdefault("photos", {"issue-I1": PHOTOS})
    return Context(now=NOW, actor="王某", role=role, **others)


def said_with(move: Move) -> dict[str, Any]:
    """What is said with one move."""
    return {name: value for name, value in SAID.items() if name in (*move.fresh, *move.offers)}


def one(state: str, **values: Any) -> Feature:
    """Issue I1, with all that it may need."""
    return issue("I1", (437_000, 3_093_000), **{**ISSUE, "status": state, **values})


def keeper(arrival: dt.date | None = dt.date(2024, 6, 20)) -> Timekeeper:
    """Three days for everything, and an arrival."""
    from chuangwen.domain.calendar import read_limit

    rules = LimitRules(dict.fromkeys(("immediate", "urgent", "normal", "hard"), read_limit("3 天")) | {"long_term": None})
    return Timekeeper(rules, Calendar({}), Campaign("试", arrival=arrival, fixed_today=NOW.date()))


def moved(feature: Feature, wanted: str, role: str = "planner", values: dict[str, Any] | None = None, **known: Any) -> dict[str, Any]:
    """The issue's values after a move."""
    edit = edits.move(layers()["issue"], [feature], wanted, values or {}, context(role, **known))
    now = dict(feature.values)
    for change in edit.changes:
        now |= change.after or {}
    return now


def refused(feature: Feature, wanted: str, role: str = "planner", values: dict[str, Any] | None = None, **known: Any) -> RuleBroken:
    """Why it may not move."""
    with pytest.raises(RuleBroken) as broken:
        edits.move(layers()["issue"], [feature], wanted, values or {}, context(role, **known))
    return broken.value


def test_the_states_are_those_of_the_trade() -> None:
    """Twelve states; the layer file declares the same with the same titles; all but closed and void are open."""
    assert 12 == len(STATES)
    assert STATES == {choice.value: choice.title for choice in layers()["issue"].field("status").choices}
    assert {"closed", "void"} == set(STATES) - OPEN


@pytest.mark.parametrize(("source", "target"), [*itertools.product(STATES, STATES)])
def test_each_pair_of_states_is_allowed_or_refused_as_the_table_says(source: str, target: str) -> None:
    """All 144 pairs of domain.md 4.2, each by a role that may: among the refused draft → closed and closed → void, which name what is legal instead."""
    roles = {"closed": "inspector", "unassigned": "director"}.get(source, "director")
    move = move_of(source, target)
    assert (target in ALLOWED[source]) == (move is not None)
    if move is not None:
        made = check_move(one(source), target, said_with(move), context(move.roles[0]))
        assert (source, target) == (made.source, made.target)
        return
    broken = refused(one(source), target, roles, SAID)
    assert "status" in broken.reasons
    assert all(legal.button in str(broken) for legal in moves_from(source))


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.source}-{move.target}")
def test_each_role_may_what_the_table_says(move: Move) -> None:
    """domain.md 4.2 and 8.5: the others read whose move it is."""
    for role in ROLES:
        may = role in WHOSE[move.button] or (role == "director" and "planner" in WHOSE[move.button])
        assert may == (role in move.roles)
        if may:
            check_move(one(move.source), move.target, said_with(move), context(role))
        else:
            broken = refused(one(move.source), move.target, role, SAID)
            assert "须由" in str(broken)
            assert all(ROLES[whose] in str(broken) for whose in WHOSE[move.button])
            assert "须由" in refusal(move, one(move.source), context(role))


@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.source}-{move.target}")
def test_each_move_names_each_field_that_it_lacks(move: Move) -> None:
    """A field that is to be said with the move is not met by an older word in it."""
    for name in move.needs:
        empty = one(move.source, **{name: None} if name in ISSUE else {})
        values = {key: value for key, value in said_with(move).items() if key != name}
        if name in ("location", "source"):
            bare = replace(one(move.source, source_level=None, site_code=None), geometry=None)
            assert {"site_code", "source_name"} <= set(refused(bare, move.target, move.roles[0], values).reasons)
        else:
            assert name in refused(empty, move.target, move.roles[0], values).reasons, name
    for name in move.fresh:
        older = one(move.source, **{name: SAID[name]})
        assert name in refused(older, move.target, move.roles[0], {key: value for key, value in said_with(move).items() if key != name}).reasons


def test_words_for_moves_and_states() -> None:
    """Identifier, title, button or half of it; another is refused with the nearest."""
    assert ["close", "close", "closed", "closed", "dispatch", "deferred", "void"] == [
        target_of(word) for word in ("close", "销号", "已销号", "closed", "交办", "延期(已批)", "void")
    ]
    with pytest.raises(UserError, match="退回"):
        target_of("退还")


def test_a_dispatch_needs_unit_deadline_and_order() -> None:
    """The deadline follows from the rules where nobody says one; the basis is the planner's word where none is known."""
    bare = one("registered", responsible_unit=None, due_at=None, order_number=None, unit_basis=None)
    assert {"responsible_unit", "due_at", "order_number"} == set(refused(bare, "dispatched").reasons)
    assert "责任单位" in str(refused(bare, "dispatched"))

    now = moved(bare, "dispatched", values={"responsible_unit": "区城管局", "order_number": "1"}, keeper=keeper())
    assert (NOW, dt.date(2024, 6, 6), "08:30", "manual") == tuple(now[name] for name in ("dispatched_at", "due_at", "due_time", "unit_basis"))
    assert "grid" == moved(one("registered"), "dispatched")["unit_basis"]


def test_a_deadline_before_the_dispatch_is_named() -> None:
    """It is no deadline."""
    assert "早于交办" in refused(one("registered", due_at=dt.date(2024, 6, 1)), "dispatched", keeper=keeper()).reasons["due_at"]


def test_sr_10_a_site_issue_is_due_before_the_arrival_or_says_why() -> None:
    """SR-10: on the day of the arrival or later there is a warning; with a reason (长期整改) it may be; other issues are not capped."""
    late = one("registered", due_at=dt.date(2024, 6, 20))
    broken = refused(late, "dispatched", keeper=keeper())
    assert "进驻日" in broken.reasons["due_at"]
    assert "late_reason" in broken.reasons
    assert "管网改造" == moved(late, "dispatched", values={"late_reason": "管网改造"}, keeper=keeper())["late_reason"]
    assert "dispatched" == moved(one("registered", due_at=dt.date(2024, 6, 19)), "dispatched", keeper=keeper())["status"]
    assert "dispatched" == moved(one("registered", due_at=dt.date(2024, 6, 20), site_code=None), "dispatched", keeper=keeper())["status"]


def test_sr_10_an_extension_of_a_site_issue_ends_before_the_arrival() -> None:
    """SR-10: no reason helps; 挂账 is the way."""
    said = {"status_note": "雨天", "due_at": dt.date(2024, 6, 20), "late_reason": "雨天"}
    assert "挂账" in refused(one("in_progress"), "deferred", "director", said, keeper=keeper()).reasons["due_at"]
    now = moved(one("in_progress"), "deferred", "director", {**said, "due_at": dt.date(2024, 6, 19)}, keeper=keeper())
    assert ("deferred", 1, NOW, "王某") == tuple(now[name] for name in ("status", "extension_count", "stopped_at", "approver"))


def test_a_deadline_is_extended_once_and_to_a_later_day() -> None:
    """The rules say how often; the button says so before it is pressed."""
    said = {"status_note": "雨天", "due_at": dt.date(2024, 6, 12)}
    again = one("rework", extension_count=1)
    assert "最多 1 次" in str(refused(again, "deferred", "director", said))
    assert "最多 1 次" in refusal(move_of("rework", "deferred") or MOVES[0], again, context("director"))
    assert 2 == moved(again, "deferred", "director", said, rules=MoveRules(max_extensions=2))["extension_count"]
    assert "晚于原时限" in refused(one("in_progress"), "deferred", "director", {**said, "due_at": dt.date(2024, 6, 8)}).reasons["due_at"]


def test_sr_64_a_designation_needs_unit_basis_date_and_approver_and_blocks_the_return() -> None:
    """SR-64, SR-56: afterwards the basis is 创建办指定, and the unit may only note an objection."""
    said = {name: SAID[name] for name in ("responsible_unit", "basis_text", "approver", "approved_at")}
    for name in said:
        assert {name} == set(refused(one("unassigned"), "dispatched", "director", {key: value for key, value in said.items() if key != name}).reasons)
    now = moved(one("unassigned"), "designate", "director", said)
    assert ("dispatched", "designated", "区住建局") == tuple(now[name] for name in ("status", "unit_basis", "responsible_unit"))

    for state in ("dispatched", "in_progress"):
        designated = one(state, unit_basis="designated")
        broken = refused(designated, "returned", "liaison", REST)
        assert "SR-56" in str(broken)
        assert "异议" in str(broken)
        assert "SR-56" in refusal(move_of(state, "returned") or MOVES[0], designated, context("liaison"))
    note = edits.object_to(layers()["note"], one("dispatched", unit_basis="designated"), "管护协议未移交", context("liaison")).changes[0]
    assert ("note", "objection", "issue-I1", "管护协议未移交") == (note.layer, *(note.after[name] for name in ("kind", "owner_id", "text")))  # type: ignore[index]
    with pytest.raises(RuleBroken, match="退回"):
        edits.object_to(layers()["note"], one("dispatched"), "不服", context("liaison"))


def test_sr_67_what_is_returned_twice_goes_to_be_designated_by_itself() -> None:
    """SR-67: returns are counted, with the units that returned; the second one goes on to 待指定 as a second change of the same step, without an owner."""
    first = moved(one("dispatched"), "returned", "liaison", REST)
    assert ("returned", 1, "区城管局", "区城管局") == tuple(first[name] for name in ("status", "return_count", "returned_by", "responsible_unit"))

    again = one("in_progress", return_count=1, returned_by="区城管局", responsible_unit="区园林局")
    edit = edits.move(layers()["issue"], [again], "returned", REST, context("liaison"))
    assert ["returned", "unassigned"] == [(change.after or {})["status"] for change in edit.changes]
    now = moved(again, "returned", "liaison", REST)
    assert (None, None, 2, "区城管局、区园林局") == tuple(now[name] for name in ("responsible_unit", "unit_basis", "return_count", "returned_by"))
    assert "returned" == moved(again, "returned", "liaison", REST, rules=MoveRules(max_returns=3))["status"]


def test_a_return_is_given_to_another_unit() -> None:
    """改派 to the unit that has just returned it is no answer."""
    back = one("returned", return_count=1, receiver="某某", suggested_unit="区住建局")
    assert "换一个单位" in refused(back, "dispatched", values={"responsible_unit": "区城管局"}).reasons["responsible_unit"]
    now = moved(back, "dispatched", values={"responsible_unit": "区住建局"})
    assert ("dispatched", "区住建局", None, 1, NOW) == tuple(now[name] for name in ("status", "responsible_unit", "receiver", "return_count", "dispatched_at"))


def test_nothing_is_rectified_or_closed_without_an_after_photo() -> None:
    """domain.md 4.2, 8.7: the sentence says how to add one; the rules of an office may do without."""
    for state, target in (("in_progress", "rectified"), ("deferred", "rectified"), ("rework", "rectified"), ("rectified", "closed")):
        only_before = {"issue-I1": PHOTOS[:1]}
        broken = refused(one(state), target, "planner", REST, photos=only_before)
        assert {"photo"} == set(broken.reasons)
        assert "整改后" in str(broken)
        assert "--photo after" in str(broken)
        assert target == moved(one(state), target, "planner", REST, photos=only_before, rules=MoveRules(needs_photos=False))["status"]


def test_a_photo_attached_with_the_move_counts() -> None:
    """Photo and move are one step."""
    row = Change("photo", "p9", None, {"owner_id": "issue-I1", "owner_layer": "issue", "kind": "after", "round": 0})
    edit = edits.move(layers()["issue"], [one("in_progress")], "rectified", {}, context("planner", photos={}), [row])
    assert ["photo", "issue"] == [change.layer for change in edit.changes]


def test_a_rework_needs_a_photo_newer_than_the_failed_check() -> None:
    """Not one of the earlier round, nor one that says itself that it is older."""
    checked = moved(one("rectified"), "fail", "inspector", REST)
    assert ("rework", 1, NOW, NOW.date(), "督查组甲") == tuple(checked[name] for name in ("status", "rework_count", "failed_at", "checked_at", "checker"))
    again = one("rework", rework_count=1, failed_at=NOW)
    assert "上一轮" in refused(again, "rectified").reasons["photo"]
    older = Photo("p", "issue-I1", "after", round=1, taken_at=NOW - dt.timedelta(hours=1))
    assert "早于核查不通过" in refused(again, "rectified", photos={"issue-I1": [older]}).reasons["photo"]
    for taken in (None, NOW + dt.timedelta(hours=1)):
        newer = replace(older, taken_at=taken)
        assert "rectified" == moved(again, "rectified", photos={"issue-I1": [newer]})["status"]


def test_a_failed_check_needs_a_new_deadline_that_is_still_to_come() -> None:
    """And a reason."""
    said = {"status_note": "仍有积水", "due_at": dt.date(2024, 6, 2)}
    assert "已经过了" in refused(one("rectified"), "rework", "inspector", said).reasons["due_at"]
    assert None is moved(one("rectified", due_time="12:00"), "rework", "inspector", {**said, "due_at": dt.date(2024, 6, 5)})["due_time"]


def test_nobody_closes_what_the_own_unit_did() -> None:
    """domain.md 8.7: neither as checker nor as the one who presses the button, nor with the unit as checking unit; a namesake names his unit."""
    people = {"李四": frozenset({"区城管局"}), "王某": frozenset({"创建办"}), "城管": frozenset({"区城管局"})}
    for checker in ("李四", "城管", "区城管局"):
        said = {"checker": checker, "check_result": "合格"}
        assert "责任单位" in refused(one("rectified"), "closed", values=said, people=people).reasons["checker"]
    assert "责任单位" in refused(one("rectified", person="赵六"), "closed", values={**REST, "checker": "赵六"}).reasons["checker"]
    assert "责任单位" in refused(one("rectified"), "closed", values={**REST, "checker_unit": "区城管局"}).reasons["checker_unit"]
    assert "责任单位" in str(refused(one("rectified"), "closed", values=REST, people={"王某": frozenset({"区城管局"})}))
    namesake = {"checker": "李四", "checker_unit": "区住建局", "check_result": "合格"}
    now = moved(one("rectified"), "closed", values=namesake, people=people)
    assert ("closed", NOW.date(), NOW.date()) == tuple(now[name] for name in ("status", "checked_at", "first_closed_at"))


def test_a_relapse_keeps_the_day_of_the_first_close() -> None:
    """回头看反弹 needs a photo of this relapse, counts, and does not count as a failed check; closing again keeps the first day."""
    closed = one("closed", checked_at=dt.date(2024, 5, 20))
    assert "反弹" in refused(closed, "rework", "inspector", photos={}).reasons["photo"]
    now = moved(closed, "relapse", "inspector")
    assert ("rework", 1, dt.date(2024, 5, 20), dt.date(2024, 5, 20), None) == tuple(
        now[name] for name in ("status", "relapse_count", "first_closed_at", "checked_at", "rework_count")
    )
    second = one("closed", relapse_count=1, first_closed_at=dt.date(2024, 5, 20))
    assert "上一轮" in refused(second, "relapse", "inspector").reasons["photo"]
    after = {"issue-I1": [Photo("p", "issue-I1", "after", round=1)]}
    assert (
        dt.date(2024, 5, 20)
        == moved(one("rectified", relapse_count=1, first_closed_at=dt.date(2024, 5, 20)), "closed", "planner", REST, photos=after)["first_closed_at"]
    )


def test_shelving_stops_the_clock_and_resuming_starts_it() -> None:
    """挂账 needs a reason, an interim measure and a review to come; what was left of the limit is given back."""
    assert "以后" in refused(one("in_progress"), "long_term", "director", {**REST, "review_at": NOW.date()}).reasons["review_at"]
    now = moved(one("in_progress"), "long_term", "director", REST)
    assert ("long_term", NOW, "某主任") == tuple(now[name] for name in ("status", "stopped_at", "approver"))
    shelved = one("long_term", stopped_at=NOW - dt.timedelta(days=2), due_at=dt.date(2024, 6, 4), due_time="08:30", site_code=None)
    resumed = moved(shelved, "resume", keeper=keeper())
    assert ("in_progress", None, dt.date(2024, 6, 6), "08:30") == tuple(resumed[name] for name in ("status", "stopped_at", "due_at", "due_time"))
    assert None is moved(one("deferred", stopped_at=NOW), "rectified")["stopped_at"]


def test_a_void_issue_says_of_what_it_is_a_duplicate() -> None:
    """By the code of another issue; it comes back clean."""
    said = {"void_kind": "duplicate"}
    assert "重复" in refused(one("registered"), "void", "director", said).reasons["duplicate_of"]
    assert "自己" in refused(one("registered"), "void", "director", {**said, "duplicate_of": "I1"}).reasons["duplicate_of"]
    assert "I9" in refused(one("registered"), "void", "director", {**said, "duplicate_of": "I9"}, codes={"I1"}).reasons["duplicate_of"]
    assert "void" == moved(one("registered"), "void", "director", {**said, "duplicate_of": "I2"}, codes={"I2"})["status"]
    assert "void" == moved(one("registered"), "void", "planner", {**said, "duplicate_of": "I2"})["status"]
    assert "须由" in str(refused(one("registered"), "void", "planner", {"void_kind": "untrue"}))
    back = moved(one("void", void_kind="duplicate", duplicate_of="I2"), "restore", "director", REST)
    assert ("registered", None, None) == tuple(back[name] for name in ("status", "void_kind", "duplicate_of"))


def test_an_issue_is_in_one_open_order_of_a_kind() -> None:
    """domain.md 4.2: two open orders of the same kind are refused; the one that it is in may be used."""
    orders = {"issue-I1": {"work": "交办单〔2024〕7号"}}
    assert "交办单〔2024〕7号" in refused(one("registered"), "dispatched", orders=orders).reasons["order_number"]
    assert "dispatched" == moved(one("registered", order_number="交办单〔2024〕7号"), "dispatched", orders=orders)["status"]


def test_several_issues_move_together_or_not_at_all() -> None:
    """One that may not move stops all, and is named."""
    layer = layers()["issue"]
    closed = issue("I2", status="closed", responsible_unit="区城管局")
    with pytest.raises(RuleBroken, match="I2"):
        edits.move(layer, [one("dispatched"), closed], "in_progress", REST, context("planner"))
    assert 2 == len(
        edits.move(layer, [one("dispatched"), issue("I3", status="dispatched", responsible_unit="甲")], "receive", REST, context("planner")).changes
    )


def test_what_is_not_set_by_hand() -> None:
    """The status moves; the deadline of a closed issue stays (domain.md 4.2); a closed issue is not deleted, an open one may go."""
    layer = layers()["issue"]
    with pytest.raises(RuleBroken, match="办理按钮"):
        edits.set_values(layer, [one("registered")], {"status": "closed"})
    for values in ({"due_at": dt.date(2024, 7, 1)}, {"due_time": "12:00"}):
        with pytest.raises(RuleBroken, match="已销号"):
            edits.set_values(layer, [one("closed")], values)
    assert edits.set_values(layer, [one("closed")], {"remark": "归档"})
    with pytest.raises(RuleBroken, match="不能删除"):
        edits.remove(layer, [one("closed")])
    assert edits.remove(layer, [one("draft")])


def test_the_unit_changes_only_where_nobody_is_at_work() -> None:
    """Not on the way through 签收 or 销号."""
    for state, target in (("dispatched", "in_progress"), ("rectified", "closed")):
        assert "改派" in refused(one(state), target, values=SAID).reasons["responsible_unit"]


def test_setting_what_is_set_already_is_no_edit() -> None:
    """Undo never offers an empty step."""
    assert not edits.assign_unit(layers()["issue"], [issue("I1", status="draft", responsible_unit="区城管局", unit_basis="manual")], "区城管局")


def test_correcting_the_unit_of_a_designated_issue_keeps_the_designation() -> None:
    """SR-56, SR-64: another unit is still one that the office designated, so that it cannot return the issue; without a unit it cannot be."""
    layer = layers()["issue"]
    designated = issue("1", responsible_unit="城管局", unit_basis="designated", status="dispatched")
    other = issue("2", responsible_unit="城管局", unit_basis="grid", status="dispatched")
    edit = edits.assign_unit(layer, [designated, other], "住建局")
    assert {change.id: dict(change.after or {}) for change in edit.changes} == {
        designated.id: {"responsible_unit": "住建局"},
        other.id: {"responsible_unit": "住建局", "unit_basis": "manual"},
    }
    with pytest.raises(RuleBroken, match="指定"):
        edits.assign_unit(layer, [designated], None)
