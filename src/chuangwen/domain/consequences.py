"""What follows from a move that may be made: counters, dates, the clock (domain.md 4.2, 4.4; SR-67)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chuangwen.domain.deadline import due_moment
from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import STOPPED, Move
from chuangwen.domain.moving import Context, MoveRules
from chuangwen.domain.roles import DIRECTOR
from chuangwen.domain.values import LIST_MARK, Scalar, counted

_Values = Mapping[str, Scalar]
_DEFAULTS = frozenset({"received_at", "done_at", "checked_at", "checker", "approver", "approved_at", "due_at", "due_time"})
"""What follows from a move only where nothing else was said."""


def follows(move: Move, issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    """What a move that may be made sets beside what was given: counters, dates, the clock."""
    found: dict[str, Scalar] = {"status": move.target}
    own = _FOLLOWS.get(move.id)
    if own is not None:
        found |= own(issue, given, context)
    if move.target in STOPPED:
        found["stopped_at"] = context.now.replace(second=0, microsecond=0)
    elif issue.get("stopped_at") is not None:
        found["stopped_at"] = None
    if "due_at" in given and "due_time" not in given:
        found["due_time"] = None  # the time of day belonged to the old deadline
    return {name: value for name, value in found.items() if name not in given or name not in _DEFAULTS}


def returned_too_often(issue_values: _Values, rules: MoveRules) -> bool:
    """SR-67: whether an issue that has just been returned goes to 待指定 by itself."""
    return counted(issue_values.get("return_count")) >= rules.max_returns


def unowned() -> dict[str, Scalar]:
    """What becomes of an issue that goes to 待指定: nobody owns it."""
    return {"status": "unassigned", "responsible_unit": None, "unit_basis": None}


def _dispatched(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {"dispatched_at": context.now, "received_at": None, "receiver": None}
    due = due_moment({**issue.values, **given})
    if (due is None or due <= context.now) and context.keeper is not None:
        found |= context.keeper.due({**issue.values, **given}, context.now).values()
    if not given.get("unit_basis") and ("responsible_unit" in given or not issue.get("unit_basis")):
        found["unit_basis"] = "manual"  # the planner's word, and she answers for it
    return found


def _reassigned(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    return {**_dispatched(issue, given, context), "suggested_unit": None}


def _designated(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    return {**_dispatched(issue, given, context), "unit_basis": "designated", "suggested_unit": None}


def _returned(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    units = [name for name in str(issue.get("returned_by") or "").split(LIST_MARK) if name]
    unit = str(issue.get("responsible_unit") or "")
    return {
        "return_count": counted(issue.get("return_count")) + 1,
        "returned_by": LIST_MARK.join(dict.fromkeys([*units, *([unit] if unit else [])])) or None,
    }


def _failed(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    return {
        "rework_count": counted(issue.get("rework_count")) + 1,
        "failed_at": context.now,
        "checked_at": context.now.date(),
        "checker": context.actor or None,
    }


def _closed(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    day = given.get("checked_at") or context.now.date()
    return {"checked_at": context.now.date(), "first_closed_at": issue.get("first_closed_at") or day}


def _relapsed(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    return {
        "relapse_count": counted(issue.get("relapse_count")) + 1,
        "first_closed_at": issue.get("first_closed_at") or issue.get("checked_at"),
        "failed_at": context.now,
        **({} if given.get("due_at") or context.keeper is None else context.keeper.due({**issue.values, **given}, context.now).values()),
    }


def _approved(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    return {"approver": context.actor or None, "approved_at": context.now.date()} if context.role == DIRECTOR else {}


def _deferred(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    return {**_approved(issue, given, context), "extension_count": counted(issue.get("extension_count")) + 1}


def _resumed(issue: Feature, given: _Values, context: Context) -> dict[str, Scalar]:
    """What was left of the limit when the clock stopped is added."""
    if given.get("due_at") or context.keeper is None:
        return {}
    return context.keeper.resumed({**issue.values, **given}, context.now).values()


_Follow = Callable[[Feature, _Values, Context], dict[str, Scalar]]
_FOLLOWS: Mapping[str, _Follow] = {
    "dispatch": _dispatched,
    "designate": _designated,
    "reassign": _reassigned,
    "unassign": lambda issue, given, context: unowned(),
    "receive": lambda issue, given, context: {"received_at": context.now},
    "return": _returned,
    "rectify": lambda issue, given, context: {"done_at": context.now.date()},
    "rectify_again": lambda issue, given, context: {"done_at": context.now.date()},
    "close": _closed,
    "fail": _failed,
    "relapse": _relapsed,
    "defer": _deferred,
    "long_term": _approved,
    "resume": _resumed,
    "restore": lambda issue, given, context: {"void_kind": None, "duplicate_of": None},
}
