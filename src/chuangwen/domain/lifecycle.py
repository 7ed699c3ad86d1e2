"""The life of an issue: its states and the moves between them (domain.md 4.1, 4.2, first form).

The table is the rule; the form offers exactly the moves it allows, the command line refuses the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chuangwen.domain.values import Scalar
from chuangwen.errors import RuleBroken
from chuangwen.text import _

STATES = {
    "draft": "草稿",
    "registered": "已登记·待交办",
    "unassigned": "待指定",
    "dispatched": "已交办·待签收",
    "in_progress": "整改中",
    "returned": "退回待改派",
    "rectified": "已整改·待核查",
    "rework": "返工",
    "closed": "已销号",
    "deferred": "延期(已批)",
    "long_term": "挂账·长期整改",
    "void": "作废",
}
"""Identifier → title. The identifiers are stored, the titles are shown and written to office files."""

OPEN = frozenset(STATES) - {"closed", "void"}
"""States in which somebody still has to do something."""

NEEDS_OWNER = frozenset({"dispatched", "in_progress", "rectified", "rework", "deferred", "long_term"})
"""States that an issue may be in only with a responsible unit (domain.md 8.3)."""


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed transition: the button's word, and the fields that must be filled by then."""

    source: str
    target: str
    button: str
    needs: tuple[str, ...] = ()


def _moves() -> tuple[Move, ...]:
    owner = ("responsible_unit",)
    note = ("status_note",)
    rows = [
        Move("draft", "registered", "登记", ("description",)),
        Move("registered", "dispatched", "交办", owner),
        Move("registered", "unassigned", "转待指定"),
        Move("unassigned", "dispatched", "指定", (*owner, *note)),
        Move("dispatched", "in_progress", "签收", owner),
        Move("dispatched", "returned", "退回", note),
        Move("in_progress", "returned", "退回", note),
        Move("returned", "dispatched", "改派", owner),
        Move("returned", "unassigned", "转待指定"),
        Move("in_progress", "rectified", "反馈整改", ("measure",)),
        Move("rectified", "closed", "核查通过·销号", ("checker",)),
        Move("rectified", "rework", "核查不通过", note),
        Move("rework", "rectified", "再次反馈", ("measure",)),
        Move("in_progress", "deferred", "批准延期", (*note, "due_at")),
        Move("rework", "deferred", "批准延期", (*note, "due_at")),
        Move("deferred", "rectified", "反馈整改", ("measure",)),
        Move("long_term", "in_progress", "恢复整改", owner),
        Move("closed", "rework", "回头看反弹", note),
        Move("void", "registered", "恢复", note),
    ]
    rows += [Move(state, "long_term", "挂账", (*owner, *note)) for state in STATES if state in OPEN and state not in ("draft", "long_term")]
    rows += [Move(state, "void", "作废", note) for state in STATES if state not in ("closed", "void")]
    return tuple(rows)


MOVES = _moves()
_BY_ENDS = {(move.source, move.target): move for move in MOVES}


def moves_from(state: str) -> list[Move]:
    """The moves that an issue in `state` may make, in the order of the table."""
    return [move for move in MOVES if move.source == state]


def check_move(values: Mapping[str, Scalar], target: str) -> Move:
    """The move of an issue with `values` (as they will stand) from its `status` to `target`.

    Raises `RuleBroken` with a reason per field: an illegal move says which moves are legal, a legal one names what is missing.
    """
    source = str(values.get("status") or "draft")
    move = _BY_ENDS.get((source, target))
    if move is None:
        legal = "、".join(f"{one.button}→{STATES[one.target]}" for one in moves_from(source))
        reason = _("“{source}”的问题不能直接改为“{target}”。可以：{legal}。").format(source=STATES[source], target=STATES.get(target, target), legal=legal)
        raise RuleBroken(reason, {"status": reason})
    missing = {name: _("{button}需要填写此项").format(button=move.button) for name in move.needs if values.get(name) in (None, "")}
    if missing:
        raise RuleBroken(_("{button}前还有必填项未填。").format(button=move.button), missing)
    return move
