"""The moves of an issue: domain.md 4.2, each allowed and each forbidden."""

from __future__ import annotations

import itertools

import pytest

from chuangwen.domain import edits
from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import MOVES, OPEN, STATES, check_move, moves_from
from chuangwen.errors import RuleBroken
from tests.build import issue, layers

FULL = {
    "description": "井盖松动",
    "responsible_unit": "区城管局",
    "measure": "已更换",
    "checker": "督查组",
    "status_note": "说明",
    "due_at": "2024-06-10",
}


def test_the_states_are_those_of_the_trade() -> None:
    """Twelve states; the layer file declares the same with the same titles."""
    choices = layers()["issue"].field("status").choices

    assert 12 == len(STATES)
    assert STATES == {choice.value: choice.title for choice in choices}


@pytest.mark.parametrize(("source", "target"), sorted({(move.source, move.target) for move in MOVES}))
def test_an_allowed_move_passes_when_its_fields_are_filled(source: str, target: str) -> None:
    """And names each field that is not."""
    check_move({**FULL, "status": source}, target)
    needs = check_move({**FULL, "status": source}, target).needs
    for name in needs:
        with pytest.raises(RuleBroken) as refused:
            check_move({**FULL, "status": source, name: None}, target)
        assert name in refused.value.reasons


@pytest.mark.parametrize(
    ("source", "target"), [pair for pair in itertools.permutations(STATES, 2) if pair not in {(move.source, move.target) for move in MOVES}]
)
def test_every_other_move_is_refused_and_says_what_is_legal(source: str, target: str) -> None:
    """Among them draft → closed and closed → void."""
    with pytest.raises(RuleBroken) as refused:
        check_move({**FULL, "status": source}, target)

    assert "status" in refused.value.reasons
    assert all(move.button in str(refused.value) for move in moves_from(source))


def test_a_move_counts_rework_and_returns() -> None:
    """返工 and 退回 are counted; a check leaves its date."""
    layer = layers()["issue"]
    checked = issue("I1", status="rectified", **{**FULL, "due_at": None})

    edit = edits.move_status(layer, [checked], "rework", {"status_note": "仍有积水"})
    assert {"status": "rework", "status_note": "仍有积水", "rework_count": 1} == dict(edit.changes[0].after or {})
    assert edits.move_status(layer, [checked], "closed").changes[0].after["checked_at"] is not None  # type: ignore[index]


def test_several_issues_move_together_or_not_at_all() -> None:
    """One that may not move stops all."""
    layer = layers()["issue"]
    fine = issue("I1", status="dispatched", responsible_unit="区城管局")
    closed = issue("I2", status="closed", responsible_unit="区城管局")

    with pytest.raises(RuleBroken):
        edits.move_status(layer, [fine, closed], "in_progress")
    assert 1 == len(edits.move_status(layer, [fine], "in_progress").changes)


def test_a_closed_issue_is_not_deleted() -> None:
    """It is evidence; an open one may go."""
    layer = layers()["issue"]

    with pytest.raises(RuleBroken, match="不能删除"):
        edits.remove(layer, [issue("I1", status="closed")])
    assert edits.remove(layer, [issue("I1", status="draft")])


def test_setting_what_is_set_already_is_no_edit() -> None:
    """Undo never offers an empty step."""
    layer = layers()["issue"]
    one: Feature = issue("I1", status="draft", responsible_unit="区城管局", unit_basis="manual")

    assert not edits.assign_unit(layer, [one], "区城管局")


def test_open_states_are_those_with_work_left() -> None:
    """Closed and void are not open."""
    assert {"closed", "void"} == set(STATES) - OPEN
