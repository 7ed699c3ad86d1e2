"""What is proposed for an issue of the inbox, why, and the edit that accepting it makes (docs/decisions/0029). Nothing is written here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.deadline import due_moment, due_text, left_text
from chuangwen.domain.feature import Feature
from chuangwen.domain.values import LIST_MARK, Scalar
from chuangwen.domain.why_not import what
from chuangwen.errors import RuleBroken
from chuangwen.services import assigning, placing
from chuangwen.services.deadlines_by_hand import checked, read_due
from chuangwen.services.duplicates import merge
from chuangwen.services.inbox import DRAFT, NOWHERE, OVERDUE, RECTIFIED, REGISTERED, RETURNED, TWIN, UNASSIGNED, Item
from chuangwen.services.moving import context_of, plan_move
from chuangwen.services.timing import timekeeper
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.change import Edit
    from chuangwen.domain.limits import Timekeeper
    from chuangwen.services.project import Project
    from chuangwen.services.responsibility import Resolver

_PASSED = _("现场核查，已整改到位")
HANDED = (RETURNED, REGISTERED, DRAFT)
"""Kinds that accepting gives a unit and a deadline."""
_ACCEPTS = {
    RETURNED: _("改派"), UNASSIGNED: _("指定…"), REGISTERED: _("接受"), DRAFT: _("登记"), RECTIFIED: _("核查通过"),
    OVERDUE: _("开催办单…"), TWIN: _("接受"), NOWHERE: _("定位"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """What the planner chose in place of what is proposed: a unit's full name, a deadline in words; '' for what is proposed."""

    unit: str = ""
    due: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """All that is shown of an item. `unit` '' where nobody can be proposed; `due`: the fields that hold the deadline; `place`: where an unlocated one may lie;
    `accept`: the word for what Enter does.
    """

    item: Item
    issue: Feature
    why: str
    accept: str
    unit: str = ""
    unit_why: str = ""
    proposal: assigning.Proposal | None = None
    due: Mapping[str, Scalar] = field(default_factory=dict)
    due_why: str = ""
    place: placing.Proposal | None = None
    twin: Feature | None = None

    @property
    def due_words(self) -> str:
        """The deadline as papers write it, '' for none."""
        return due_text(self.due)


def card(project: Project, resolver: Resolver, item: Item, choice: Choice | None = None) -> Card | None:
    """What is proposed for an item, with what was chosen instead; None where the issue is gone. Raises `DataProblem` for a deadline that cannot be read."""
    issues = project.features("issue")
    issue = issues.feature(item.id)
    if issue is None:
        return None
    choice = choice or Choice()
    made = Card(item, issue, _why(project, item, issue), _ACCEPTS[item.kind], twin=issues.feature(item.twin) if item.twin else None)
    if issue.geometry is None:
        places = placing.propose(project, issue)
        made = replace(made, place=places[0] if places else None)
    if item.kind == NOWHERE:
        return made
    if item.kind not in HANDED:
        return replace(made, unit=str(issue.get("responsible_unit") or ""), due={name: issue.get(name) for name in ("due_at", "due_time")})
    keeper = timekeeper(project)
    made = _with_unit(made, resolver, choice.unit)
    if not made.unit and item.kind == REGISTERED and not choice.unit:
        made = replace(made, accept=_("转待指定"))
    return _with_due(made, keeper, choice.due)


def _with_unit(made: Card, resolver: Resolver, chosen: str) -> Card:
    issue = made.issue
    if chosen:
        return replace(made, unit=chosen, unit_why=_("您选的"))
    found = assigning.propose(issue, resolver)
    basis = resolver.view.layers["issue"].field("unit_basis").show(found.found.basis)
    by_rule = _("{basis}：{what}").format(basis=basis, what=what(found.found.winner)) if found.found.winner is not None else _("按规则没有责任单位")
    if made.item.kind == RETURNED:
        return _other_unit(made, resolver, found, by_rule)
    stands = str(issue.get("responsible_unit") or "")
    if found.action == assigning.KEEP and stands:
        return replace(made, unit=stands, unit_why=found.why, proposal=found)
    return replace(made, unit=found.found.unit or "", unit_why=by_rule if found.action != assigning.NONE else found.why, proposal=found)


def _other_unit(made: Card, resolver: Resolver, found: assigning.Proposal, by_rule: str) -> Card:
    """改派: whom the unit that returned it named, where the register knows it; else who the rules name by now; never one that returned it."""
    issue = made.issue
    gave_back = {*str(issue.get("returned_by") or "").split(LIST_MARK), str(issue.get("responsible_unit") or "")}
    suggested = str(issue.get("suggested_unit") or "")
    if suggested and suggested not in gave_back and suggested in resolver.view.features("unit").column("name"):
        return replace(made, unit=suggested, unit_why=_("退回单位建议"), proposal=found)
    if found.found.unit and found.found.unit not in gave_back:
        return replace(made, unit=found.found.unit, unit_why=by_rule, proposal=found)
    return replace(made, unit_why=_("退回过的单位不再改派，请按 U 选别的单位"), proposal=found)


def _with_due(made: Card, keeper: Timekeeper, chosen: str) -> Card:
    values, now = made.issue.values, keeper.campaign.now
    if chosen:
        fresh = {**values, "dispatched_at": None} if made.item.kind == RETURNED else values
        return replace(made, due=read_due(chosen, fresh, keeper), due_why=_("您定的：{words}").format(words=chosen))
    stands = due_moment(values)
    if stands is not None and stands > now:
        return replace(made, due={name: values.get(name) for name in ("due_at", "due_time")}, due_why=_("已定的时限"))
    due = keeper.due(values, now)
    return replace(made, due=due.values(), due_why=due.why)


def _why(project: Project, item: Item, issue: Feature) -> str:
    """为什么在这里, in a sentence."""
    note = str(issue.get("status_note") or "").strip()
    if item.kind == RETURNED:
        return _("{unit}退回：{note}").format(unit=issue.get("responsible_unit") or "", note=note or _("没有写理由"))
    if item.kind == UNASSIGNED:
        return _("按规则没有责任单位，由创建办负责人指定。") if not issue.get("returned_by") else _("{units}先后退回。").format(units=issue.get("returned_by"))
    if item.kind == REGISTERED:
        missing = [word for name, word in (("responsible_unit", _("责任单位")), ("due_at", _("时限"))) if not issue.get(name)]
        return _("已登记，还没有{missing}。").format(missing=LIST_MARK.join(missing))
    if item.kind == DRAFT:
        return _("草稿，还没有登记。")
    if item.kind == RECTIFIED:
        done = issue.get("done_at")
        return _("{unit}报告整改完毕{day}，等核查。").format(
            unit=issue.get("responsible_unit") or "", day=f"（{done:%m-%d}）" if hasattr(done, "month") else ""
        )
    if item.kind == OVERDUE:
        moment = due_moment(issue.values)
        left = left_text((moment - project.campaign.now).total_seconds() / 60) if moment is not None else ""
        return _("{left}，还没有催办。").format(left=left)
    if item.kind == TWIN:
        return _("与另一个问题相似 {likeness:.0f}%。").format(likeness=item.likeness)
    return _("在地图上没有位置。")


def accepted(project: Project, shown: Card, choice: Choice | None = None) -> Edit:
    """What Enter does. Raises `RuleBroken` that says what stands in the way; an item whose acceptance asks for more (指定, 催办) is not made here."""
    choice = choice or Choice()
    layer, issue, kind = project.layers["issue"], shown.issue, shown.item.kind
    if kind == TWIN:
        raise RuleBroken(_("是同一件的，按 M 合并；不是的，按 S 跳过。"))
    if kind == NOWHERE and shown.place is not None:
        return edits.place(layer, issue, shown.place.geometry)
    if kind == RECTIFIED:
        today = project.campaign.today
        return plan_move(project, [issue], "close", {"checker": project.actor, "check_result": _PASSED, "checked_at": today})
    if kind == RETURNED:
        if not shown.unit:
            raise RuleBroken(_("还没有改派给谁。"), hint=_("请按 U 选单位，或者转待指定。"))
        return plan_move(project, [issue], "reassign", {"responsible_unit": shown.unit, **shown.due})
    if kind not in HANDED:
        raise RuleBroken(_("{accept}不能直接办理。").format(accept=shown.accept))
    made: list[Edit] = [_unit_set(project, shown, choice)]
    if shown.unit and shown.due.get("due_at"):
        made.append(checked(timekeeper(project), edits.set_values(layer, [issue], shown.due), [issue]))
    elif shown.unit:
        raise RuleBroken(_("按规则只定复查日期，还没有时限。"), hint=_("请按 T 写时限。"))
    if kind == DRAFT:
        made.append(edits.move(layer, [issue], "register", {}, context_of(project, [issue.id])))
    if not shown.unit and kind == REGISTERED and made == [edits.joined("", [])]:
        raise RuleBroken(shown.unit_why, hint=_("请按 U 选单位，或先定位。"))
    label = _("{code}：{accept}").format(code=issue.code, accept=shown.accept)
    said = _("，{unit}，{due}前").format(unit=shown.unit, due=shown.due_words) if shown.unit else ""
    return edits.joined(label + said, made)


def _unit_set(project: Project, shown: Card, choice: Choice) -> Edit:
    """The unit as chosen by hand or as proposed, with the record of the decision."""
    if choice.unit:
        return edits.assign_unit(project.layers["issue"], [shown.issue], choice.unit)
    found = shown.proposal
    if found is None or not found.values:
        return edits.joined("", [])
    return edits.joined("", [assigning.assign(project, [found])])


def merged(project: Project, shown: Card) -> Edit:
    """M: the shown duplicate and the issue become one; the earlier one found is kept. Raises `RuleBroken` as `duplicates.merge` does."""
    if shown.twin is None:
        raise RuleBroken(_("没有可以合并的问题。"))
    first, second = sorted((shown.issue, shown.twin), key=_age)
    if second.get("status") in _AT_A_UNIT and first.get("status") in _UNSENT:
        first, second = second, first  # what a unit works on is kept
    return merge(project.layers["issue"], first, [second], context_of(project, [first.id, second.id]))


_UNSENT = ("draft", "registered", "unassigned", "returned")
_AT_A_UNIT = ("dispatched", "in_progress", "rectified", "rework", "deferred", "long_term")


def _age(issue: Feature) -> tuple[str, str]:
    found = issue.get("found_at")
    return (str(found) if found is not None else "9999", issue.code)
