"""The life of an issue: its states and the moves between them (domain.md 4.1, 4.2). What a move asks for stands here; whether it may be made, in `moving`.

The table is the rule: the window's buttons, the command line and the tests read it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chuangwen.domain.roles import DIRECTOR, INSPECTOR, LIAISON, PLANNER, ROLES
from chuangwen.errors import UserError, nearest
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

STOPPED = frozenset({"deferred", "long_term"})
"""States in which the first clock stands still (domain.md 4.4): `stopped_at` says since when."""

LOCATION, SOURCE = "location", "source"
"""Needs of 登记 that several fields can meet: a point or a reference to a site, section, compound or zone; the level or the name of the source."""


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed transition.

    `id` is the same for all moves of one button; `roles` may make it; `needs` must be filled by then, of these `fresh` must be said with the move itself (an
    older word in the field does not count); `offers` are fields that may be said with it; `photo`: the kind of photo that must be there.
    """

    id: str
    source: str
    target: str
    button: str
    roles: tuple[str, ...]
    needs: tuple[str, ...] = ()
    fresh: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    photo: str = ""

    @property
    def whose(self) -> str:
        """The roles that may make it, in words."""
        return "、".join(ROLES[role] for role in self.roles)


_OFFICE = (PLANNER, DIRECTOR)
"""The head of the office may do what her planner may (docs/decisions/0006)."""
_UNIT = (LIAISON, *_OFFICE)
"""What a unit says is recorded by the planner (domain.md 4.2)."""
_NOTE = ("status_note",)
_APPROVAL = ("approver", "approved_at")

_REGISTER = Move("register", "draft", "registered", "登记", _OFFICE, ("description", "category", LOCATION, "found_at", SOURCE))
_RECTIFY = Move("rectify", "in_progress", "rectified", "反馈整改", _UNIT, ("measure",), offers=("done_at", "result_text"), photo="after")
_DEFER = Move("defer", "in_progress", "deferred", "批准延期", (DIRECTOR,), ("status_note", "due_at"), ("status_note", "due_at"), ("due_time", *_APPROVAL))
_RETURN = Move("return", "dispatched", "returned", "退回", _UNIT, ("status_note", "suggested_unit"), ("status_note", "suggested_unit"))
_SHELVE = Move(
    "long_term",
    "",
    "long_term",
    "挂账",
    (DIRECTOR,),
    ("responsible_unit", "status_note", "interim_measure", "review_at"),
    ("status_note", "review_at"),
    _APPROVAL,
)
_VOID = Move("void", "", "void", "作废", (DIRECTOR,), ("void_kind",), ("void_kind",), ("duplicate_of", "status_note"))
_DUE = ("due_at", "due_time", "late_reason")

MOVES: tuple[Move, ...] = (
    _REGISTER,
    Move(
        "dispatch",
        "registered",
        "dispatched",
        "交办",
        _OFFICE,
        ("responsible_unit", "due_at", "order_number"),
        offers=("lead_unit", "due_time", "late_reason"),
    ),
    Move("unassign", "registered", "unassigned", "转待指定", _OFFICE),
    Move(
        "designate",
        "unassigned",
        "dispatched",
        "指定",
        (DIRECTOR,),
        ("responsible_unit", "basis_text", *_APPROVAL),
        ("responsible_unit", "basis_text", *_APPROVAL),
        ("order_number", *_DUE),
    ),
    Move("receive", "dispatched", "in_progress", "签收", _UNIT, ("responsible_unit", "receiver"), ("receiver",), ("received_at",)),
    _RETURN,
    replace(_RETURN, source="in_progress"),
    Move("reassign", "returned", "dispatched", "改派", _OFFICE, ("responsible_unit",), ("responsible_unit",), ("order_number", *_DUE)),
    Move("unassign", "returned", "unassigned", "转待指定", _OFFICE),
    _RECTIFY,
    Move(
        "close",
        "rectified",
        "closed",
        "核查通过·销号",
        (INSPECTOR, *_OFFICE),
        ("checker", "check_result"),
        ("checker", "check_result"),
        ("checker_unit", "checked_at"),
        photo="after",
    ),
    Move(
        "fail", "rectified", "rework", "核查不通过", (INSPECTOR,), ("status_note", "due_at"), ("status_note", "due_at"), ("due_time", "late_reason", "checker")
    ),
    replace(_RECTIFY, id="rectify_again", source="rework", button="再次反馈"),
    _DEFER,
    replace(_DEFER, source="rework"),
    replace(_RECTIFY, source="deferred"),
    Move("resume", "long_term", "in_progress", "恢复整改", _OFFICE, ("responsible_unit",), offers=_DUE),
    Move("relapse", "closed", "rework", "回头看反弹", (INSPECTOR,), offers=("status_note", *_DUE, "checker"), photo="relapse"),
    Move("restore", "void", "registered", "恢复", (DIRECTOR,), _NOTE, _NOTE),
    # A draft that is to be shelved is checked as for 登记: nobody shelves what was never looked at (docs/decisions/0006).
    *(replace(_SHELVE, source=state) for state in STATES if state in OPEN and state not in ("draft", "long_term")),
    replace(_SHELVE, source="draft", needs=(*_REGISTER.needs, *_SHELVE.needs)),
    *(replace(_VOID, source=state) for state in STATES if state not in ("closed", "void")),
)
"""All of domain.md 4.2, in the order of its buttons."""

ASKED = frozenset(name for move in MOVES for name in (*move.needs, *move.offers)) - {LOCATION, SOURCE}
"""Fields that are said with a move, also those that nobody fills otherwise."""
_BY_ENDS = {(move.source, move.target): move for move in MOVES}


def moves_from(state: str, role: str = "") -> list[Move]:
    """The moves that an issue in `state` may make, in the order of the table; with a `role` only those that it may make."""
    return [move for move in MOVES if move.source == state and (not role or role in move.roles)]


def target_of(word: str) -> str:
    """What is meant by a word of the command line: a move's id or button, a state's identifier or title. Gives the id of a move or a state.

    Raises `UserError` with the nearest right word.
    """
    text = word.strip()
    for known in ({move.id: move.id for move in MOVES}, {state: state for state in STATES}):
        if text in known:
            return known[text]
    by_title = {move.button: move.id for move in MOVES} | {title: state for state, title in STATES.items()}
    by_title |= {part: state for state, title in STATES.items() for part in title.replace("(", "·").split("·")[:1] if part not in by_title}
    by_title |= {part: move.id for move in MOVES for part in move.button.split("·") if part not in by_title}
    if text in by_title:
        return by_title[text]
    close = nearest(text, [*by_title, *STATES, *(move.id for move in MOVES)])
    raise UserError(
        _("没有“{word}”这个办理动作或状态。").format(word=word),
        hint=_("是不是“{close}”？").format(close=close)
        if close
        else _("可以用：{words}").format(words="、".join(dict.fromkeys(move.button for move in MOVES))),
    )


def move_of(state: str, wanted: str) -> Move | None:
    """The move from `state` that has the id, or leads to the state, `wanted`; None where it is forbidden."""
    return _BY_ENDS.get((state, wanted)) or next((move for move in MOVES if move.source == state and move.id == wanted), None)


def legal_words(state: str) -> str:
    """The legal moves of a state in one line: 交办→已交办·待签收、…"""
    return "、".join(f"{move.button}→{STATES[move.target]}" for move in moves_from(state)) or _("没有下一步")
