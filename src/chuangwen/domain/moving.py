"""Whether an issue may make a move (domain.md 4.2; SR-10, SR-56, SR-64), judged by what is passed in. What follows from it stands in `consequences`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chuangwen.domain.deadline import due_moment
from chuangwen.domain.evidence import Photo, of_this_round, older_than
from chuangwen.domain.feature import Feature
from chuangwen.domain.lifecycle import LOCATION, SOURCE, STATES, Move, legal_words, move_of
from chuangwen.domain.roles import PLANNER, ROLES
from chuangwen.domain.values import Scalar, counted
from chuangwen.errors import RuleBroken
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.limits import Timekeeper

_OPEN_TO_CHANGE = frozenset({"draft", "registered", "unassigned", "returned"})
"""States in which the unit may change with a move: nobody is at work."""
_REFERENCES = ("site_code", "site_name", "section_code", "zone_code", "compound_code")
_Values = Mapping[str, Scalar]
_Reasons = dict[str, str]


@dataclass(frozen=True, slots=True)
class MoveRules:
    """What an office may change (`resources/rules/lifecycle.toml`): whether 整改后 photos are needed, how many extensions and returns."""

    needs_photos: bool = True
    max_extensions: int = 1
    max_returns: int = 2


@dataclass(frozen=True, slots=True)
class Context:
    """What a move is judged by beside the issue: when, who, in which role, and what the project holds.

    `photos`: issue's id → its photos. `people`: name → full names of the units that it stands for. `orders`: issue's id → kind → number of its open order.
    `codes`: of all issues, None where they are not to be checked. Without a `keeper` deadlines are neither proposed nor checked.
    """

    now: dt.datetime
    actor: str = ""
    role: str = PLANNER
    rules: MoveRules = MoveRules()
    keeper: Timekeeper | None = None
    photos: Mapping[str, Sequence[Photo]] = field(default_factory=dict)
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    orders: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    codes: Container[str] | None = None

    def with_photos(self, photos: Sequence[Photo]) -> Context:
        """The same with photos that are attached together with the move."""
        owners = dict.fromkeys(photo.owner for photo in photos)
        added = {owner: (*self.photos.get(owner, ()), *(photo for photo in photos if photo.owner == owner)) for owner in owners}
        return replace(self, photos={**self.photos, **added}) if photos else self


def check_move(issue: Feature, wanted: str, given: _Values, context: Context, titles: Mapping[str, str] | None = None) -> Move:
    """The move of `issue` that `wanted` names (its id or the state it leads to), where it may be made with the values `given`.

    Raises `RuleBroken` with a reason per field: an illegal move says which are legal, one of another role whose it is, a legal one what is missing
    (by the `titles` of its fields).
    """
    state = str(issue.get("status") or "draft")
    move = move_of(state, wanted)
    if move is None:
        reason = _("“{source}”的问题不能直接改为“{target}”。可以：{legal}。").format(
            source=STATES[state], target=STATES.get(wanted, _word(wanted)), legal=legal_words(state)
        )
        raise RuleBroken(reason, {"status": reason})
    merges = move.id == "void" and given.get("void_kind") == "duplicate" and context.role == PLANNER  # two made one (SR-09) is her daily work
    reason = ("" if merges else role_reason(move, context.role)) or _forbidden(move, issue)
    if reason:
        raise RuleBroken(reason, {"status": reason})
    after = {**issue.values, **given}
    if given.get("responsible_unit", issue.get("responsible_unit")) != issue.get("responsible_unit") and state not in _OPEN_TO_CHANGE:
        reason = _("“{button}”不能换责任单位。请先“退回”再“改派”。").format(button=move.button)
        raise RuleBroken(reason, {"responsible_unit": reason})
    lacking = _missing(move, after, given, issue, context)
    reasons = dict(lacking)
    for guard in _GUARDS.get(move.id, ()):
        reasons |= {name: reason for name, reason in guard(issue, after, given, context).items() if name not in reasons}
    reasons |= _photo_reasons(move, issue, context)
    if reasons:
        others = [reason for name, reason in reasons.items() if lacking.get(name) != reason or name not in move.needs]
        names = [(titles or {}).get(name, name) for name in lacking if name in move.needs]
        ask = _("“{button}”还要填写：{names}。").format(button=move.button, names="、".join(names)) if names else ""
        raise RuleBroken(ask + "".join(others), reasons)
    return move


def role_reason(move: Move, role: str) -> str:
    """Why a role may not make a move, '' where it may (domain.md 8.5)."""
    if role in move.roles:
        return ""
    return _("“{button}”须由{whose}办理，现在的角色是{role}。请在办理按钮下面换角色（命令行：--role {first}）。").format(
        button=move.button, whose=move.whose, role=ROLES.get(role, role), first=move.roles[0]
    )


def refusal(move: Move, issue: Feature, context: Context) -> str:
    """Why a button is grey: what no filling of fields can mend. '' where the move may be tried."""
    return role_reason(move, context.role) or _forbidden(move, issue) or _spent(move, issue, context)


# --- what is missing, what is forbidden


def _missing(move: Move, after: _Values, given: _Values, issue: Feature, context: Context) -> _Reasons:
    reasons = {}
    for name in move.needs:
        if name == LOCATION:
            if issue.geometry is None and not any(after.get(one) for one in _REFERENCES):
                reasons["site_code"] = _("登记需要位置：请在地图上定位，或填写点位、路段、小区、网格之一。")
        elif name == SOURCE:
            if not (after.get("source_level") or after.get("source_name")):
                reasons["source_name"] = _("登记需要问题来源：请填写“来源级别”或“问题来源”。")
        elif (given if name in move.fresh else after).get(name) in (None, "") and not (name == "due_at" and _proposes(move, after, context)):
            reasons[name] = _("{button}需要填写此项").format(button=move.button)
    return reasons


def _proposes(move: Move, after: _Values, context: Context) -> bool:
    """Whether the deadline follows from the rules, so that nobody needs to say it."""
    return move.id == "dispatch" and context.keeper is not None and context.keeper.due(after, context.now).at is not None


def _forbidden(move: Move, issue: Feature) -> str:
    if move.id == "return" and issue.get("unit_basis") == "designated":
        return _("创建办指定的问题不能退回（SR-56）。单位有不同意见的，可附异议（命令行：move … objection text=…）。")
    return ""


def _spent(move: Move, issue: Feature, context: Context) -> str:
    used = counted(issue.get("extension_count"))
    if move.id == "defer" and used >= context.rules.max_extensions:
        return _("已延期 {used} 次，最多 {most} 次。到进驻前不能完成的，请由创建办负责人“挂账”。").format(used=used, most=context.rules.max_extensions)
    return ""


def _photo_reasons(move: Move, issue: Feature, context: Context) -> _Reasons:
    """domain.md 4.2, 4.3: the photo that a move needs, of this round, and for a rework taken after the failed check."""
    if not move.photo or (not context.rules.needs_photos and move.photo == "after"):
        return {}
    kind = {"after": _("整改后"), "relapse": _("反弹")}[move.photo]
    found = of_this_round(context.photos.get(issue.id, ()), move.photo, issue.values)
    if not found:
        old = any(photo.kind == move.photo for photo in context.photos.get(issue.id, ()))
        why = _("原有的“{kind}”照片是上一轮的，还缺这一轮的").format(kind=kind) if old else _("还没有“{kind}”照片").format(kind=kind)
        remedy = _("{why}。请先在“照片”里添加，类别选“{kind}”（命令行：--photo {word}=文件）。")
        return {"photo": remedy.format(why=why, kind=kind, word=move.photo)}
    failed = issue.get("failed_at")
    if isinstance(failed, dt.datetime) and move.photo == "after":
        old_ones = older_than(found, failed)
        if len(old_ones) == len(found):
            taken = max(photo.taken_at for photo in old_ones if photo.taken_at is not None)
            reason = _("照片拍于 {taken:%Y-%m-%d %H:%M}，早于核查不通过的 {failed:%Y-%m-%d %H:%M}。请添加返工以后拍的“整改后”照片。")
            return {"photo": reason.format(taken=taken, failed=failed)}
    return {}


# --- guards of single moves: each gives a reason per field


def _one_order(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    number = context.orders.get(issue.id, {}).get("work")
    if number and number != after.get("order_number"):
        return {"order_number": _("已在未办结的交办单 {number} 里，同一问题不能有两份。请用这个文号，或先作废那一份。").format(number=number)}
    return {}


def _deadline(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    """SR-10 and the slips: the deadline of a move that hands an issue over, measured from now."""
    return _kept(context, {**after, "dispatched_at": context.now})


def _new_deadline(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    if "due_at" not in given:
        return {}
    moment = due_moment(_due_of(given))
    if moment is not None and moment <= context.now:
        return {"due_at": _("新的时限 {due:%Y-%m-%d %H:%M} 已经过了，请填以后的日期").format(due=moment)}
    return _kept(context, {**after, **_due_of(given)})


def _extension(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    spent = _spent(move_of(str(issue.get("status")), "defer") or _DEFERS, issue, context)
    if spent:
        return {"status": spent}
    moment, before = due_moment(_due_of(given)), due_moment(issue.values)
    cap = context.keeper.cap(after) if context.keeper is not None else None
    if moment is None:
        return {}
    if cap is not None and given["due_at"] > cap.date():  # type: ignore[operator]  # a moment means a date
        words = _("点位问题的延期不能超过进驻前一天 {cap:%Y-%m-%d}。届时完不成的，请由创建办负责人“挂账”。")
        return {"due_at": words.format(cap=cap)}
    if before is not None and moment <= before:
        return {"due_at": _("延期后的时限应晚于原时限 {before:%Y-%m-%d}").format(before=issue.get("due_at"))}
    return _new_deadline(issue, after, given, context)


def _other_unit(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    if given.get("responsible_unit") and given["responsible_unit"] == issue.get("responsible_unit"):
        return {"responsible_unit": _("改派要换一个单位；仍由原单位办理的，请“转待指定”后由创建办负责人“指定”")}
    return {}


def _checker(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    """domain.md 4.2, 8.7: whoever checks is not of the unit that did the work."""
    unit = issue.get("responsible_unit")
    if not unit:
        return {}
    if given.get("checker_unit") == unit:
        return {"checker_unit": _("核查单位不能是责任单位“{unit}”自己").format(unit=unit)}
    own = _("“{name}”是责任单位“{unit}”的人，不能给本单位的问题销号。请由督查组或创建办的人核查。")
    checker = str(given.get("checker") or "")
    namesake = bool(given.get("checker_unit"))
    if checker and not namesake and (str(unit) in context.people.get(checker, ()) or checker in (unit, issue.get("person"))):
        return {"checker": own.format(name=checker, unit=unit) + _("如系同名，请填写核查单位。")}
    if context.actor and str(unit) in context.people.get(context.actor, ()):
        return {"status": own.format(name=context.actor, unit=unit)}
    return {}


def _review(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    day = given.get("review_at")
    if isinstance(day, dt.date) and day <= context.now.date():
        return {"review_at": _("复查日期应在今天以后")}
    return {}


def _voided(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    other = str(given.get("duplicate_of") or "")
    if given.get("void_kind") != "duplicate":
        return {}
    if not other:
        return {"duplicate_of": _("因重复作废的，要写明与哪个问题重复（问题编号）")}
    if other == issue.code:
        return {"duplicate_of": _("问题不能与自己重复")}
    if context.codes is not None and other not in context.codes:
        return {"duplicate_of": _("没有编号为 {code} 的问题").format(code=other)}
    return {}


def _done(issue: Feature, after: _Values, given: _Values, context: Context) -> _Reasons:
    day = given.get("done_at")
    if isinstance(day, dt.date) and _date(day) > context.now.date():
        return {"done_at": _("完成时间 {day} 还没有到").format(day=_date(day).isoformat())}
    return {}


_Guard = Callable[[Feature, _Values, _Values, Context], _Reasons]
_GUARDS: Mapping[str, tuple[_Guard, ...]] = {
    "dispatch": (_one_order, _deadline),
    "designate": (_one_order, _deadline),
    "reassign": (_other_unit, _new_deadline),
    "rectify": (_done,),
    "rectify_again": (_done,),
    "close": (_checker,),
    "fail": (_new_deadline,),
    "defer": (_extension,),
    "resume": (_new_deadline,),
    "relapse": (_new_deadline,),
    "long_term": (_review,),
    "void": (_voided,),
}
_DEFERS = next(move for move in (move_of("in_progress", "defer"),) if move is not None)


def _kept(context: Context, values: _Values) -> _Reasons:
    if context.keeper is None:
        return {}
    try:
        context.keeper.check(values)
    except RuleBroken as broken:
        return broken.reasons
    return {}


def _due_of(given: _Values) -> dict[str, Scalar]:
    return {"due_at": given.get("due_at"), "due_time": given.get("due_time")}


def _word(wanted: str) -> str:
    from chuangwen.domain.lifecycle import MOVES

    return next((move.button for move in MOVES if move.id == wanted), wanted)


def _date(day: dt.date) -> dt.date:
    return day.date() if isinstance(day, dt.datetime) else day
