"""What an order will say before it is written: one for each unit or each issue, with its number, its lists, and what is still in the way (domain.md 6.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.deadline import due_moment
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.orders import (
    DISPATCHING,
    OF_ITS_OWN,
    Template,
    check_issues,
    check_number,
    day_words,
    hands_over,
    joined_numbers,
    moves,
    next_number,
    orders_of,
)
from chuangwen.domain.values import LIST_MARK, Scalar, counted, plain
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.moving import context_of
from chuangwen.services.order_draft import PER_ISSUE, Line, OrderDraft, Request
from chuangwen.services.order_photos import before_photos
from chuangwen.services.order_templates import Wording, read_wording
from chuangwen.services.timing import timekeeper
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.change import Edit
    from chuangwen.domain.limits import Timekeeper
    from chuangwen.domain.moving import Context
    from chuangwen.services.project import Project

DUE_TIME = "18:00"
"""By when on its last day a document of its own deadline (催办, 督办) has to be answered."""
_ASKED = {"basis": _("指定依据"), "approver": _("批准人"), "meeting": _("会议名称")}


def plan(project: Project, request: Request, issues: Sequence[Feature], wording: Wording | None = None) -> list[OrderDraft]:
    """The orders for `issues`, grouped and numbered in the order of the units' codes. Nothing is written.

    Raises `RuleBroken` for issues that this kind may not name and for a number that is used, `UserError` for what has to be given besides.
    """
    wording = wording or read_wording(project.files_folder)
    template = wording.templates[request.kind]
    missing = [_ASKED[name] for name in template.asks if not getattr(request, name)]
    if request.kind == "designate" and not request.unit:
        missing.insert(0, _("被指定单位"))
    if missing:
        raise UserError(_("{title}还要填写：{missing}。").format(title=template.title, missing=LIST_MARK.join(missing)))
    if not issues and request.kind != "cascade":
        raise UserError(_("没有可以列入{title}的问题。").format(title=template.title), hint=_("请先选择问题。"))
    orders = project.features("order")
    check_issues(template, issues, orders)
    units = _Units(project.features("unit"))
    if request.kind == "designate" and request.unit and not units.known(request.unit):
        raise UserError(_("单位名册里没有“{unit}”。").format(unit=request.unit), hint=_("请先在“单位”表里登记。"))
    now = project.campaign.now
    first = request.number or next_number(orders, request.kind, now.year)
    made = _Making(project, request, template, wording, orders, units, timekeeper(project), context_of(project, [issue.id for issue in issues]))
    drafts: list[OrderDraft] = []
    for unit, group, waiting in _grouped(request, issues, units, orders):
        if waiting is not None:
            drafts.append(made.draft(waiting.code, int(str(waiting.get("number"))), unit, group, waiting.id))
            continue
        code = wording.code(request.kind, project.campaign.district, now.year, first)
        if not any(not one.replaces for one in drafts):
            check_number(orders, request.kind, now.year, first, code)
        drafts.append(made.draft(code, first, unit, group))
        first += 1
    return drafts


class _Units:
    """The register of units by name."""

    def __init__(self, units: Features) -> None:
        self._by_name = {name: at for at, name in enumerate(map(plain, units.column("name")))}
        self._units = units

    def known(self, name: str) -> bool:
        return name in self._by_name

    def of(self, name: str) -> Feature | None:
        at = self._by_name.get(name)
        return None if at is None else self._units.at(at)

    def rank(self, name: str) -> tuple[bool, int, str]:
        return (not name, self._by_name.get(name, len(self._by_name)), name)


def _grouped(request: Request, issues: Sequence[Feature], units: _Units, orders: Features) -> list[tuple[str, list[Feature], Feature | None]]:
    """Unit, its issues, and the draft in the register that waits to be put on paper for them."""
    if request.kind == "cascade":
        return [(request.unit, [], None)]
    found: dict[tuple[str, str], list[Feature]] = {}
    for issue in issues:
        unit = request.unit if request.kind == "designate" else plain(issue.get("responsible_unit"))
        order = orders.coded(plain(issue.get("order_number"))) if request.kind == "work" and issue.get("status") == "dispatched" else None
        waiting = order is not None and order.get("status") == "draft" and order.get("unit") == unit
        found.setdefault((unit, order.code if order is not None and waiting else ""), []).append(issue)
    ranked = sorted(found.items(), key=lambda pair: (units.rank(pair[0][0]), pair[0][1]))
    listed: list[tuple[str, list[Feature], Feature | None]] = []
    for (unit, code), group in ranked:
        if request.per == PER_ISSUE and not code:
            listed += [(unit, [issue], None) for issue in group]
        else:
            listed.append((unit, group, orders.coded(code) if code else None))
    return listed


@dataclass(frozen=True, slots=True)
class _Making:
    """What all drafts of a plan are made from."""

    project: Project
    request: Request
    template: Template
    wording: Wording
    orders: Features
    units: _Units
    keeper: Timekeeper
    context: Context

    def draft(self, code: str, number: int, unit: str, group: Sequence[Feature], replaces: str = "") -> OrderDraft:
        """One order."""
        project, request, template = self.project, self.request, self.template
        now = project.campaign.now
        about = self.units.of(unit)
        problems: list[str] = []
        warnings: list[str] = []
        if unit or request.kind != "cascade":
            problems, warnings = _in_the_way(unit, about, headless=request.headless)
        lines = tuple(_line(at, issue, request, self.keeper, now) for at, issue in enumerate(group, 1))
        for line in lines:
            problems += self._refused(line, unit, code)
        passed = sum(bool(line.late) for line in lines)
        if passed and request.kind in OF_ITS_OWN:
            warnings.append(_("{count} 个的时限已过，可给新的时限").format(count=passed))
        if template.map:
            warnings += _about_photos(project, group)
        due, due_time = _common_due(request, lines, now, self.wording.closing)
        before = [order for issue in group for order in orders_of(self.orders, issue.code) if order.get("status") not in ("void", "draft")]
        previous = LIST_MARK.join(dict.fromkeys(order.code for order in sorted(before, key=lambda one: plain(one.get("issued_at")))))
        return OrderDraft(
            request,
            template,
            code,
            now.year,
            number,
            unit,
            lines,
            self._words(unit, lines, due, due_time, previous),
            _duties(unit, lines),
            _people(about),
            tuple(_reasons(lines, previous)) if template.reason_title else (),
            previous,
            template.copies if request.copies is None else request.copies,
            due,
            due_time,
            tuple(problems),
            tuple(warnings),
            replaces,
        )

    def _refused(self, line: Line, unit: str, code: str) -> list[str]:
        """Why an issue cannot be handed over by this order: what the life of an issue says (domain.md 4.2)."""
        try:
            handed_over(self.project, self.request, line, unit, code, self.context)
        except RuleBroken as broken:
            return [_("{code}：{reason}").format(code=line.issue.code, reason=broken.message.rstrip("。"))]
        return []

    def _words(self, unit: str, lines: Sequence[Line], due: dt.date | None, due_time: str, previous: str) -> dict[str, str]:
        request, campaign = self.request, self.project.campaign
        late = [line for line in lines if line.late]
        return {
            "office": campaign.office,
            "district": campaign.district,
            "campaign": campaign.title,
            "unit": unit or _("各责任单位"),
            "count": str(len(lines)),
            "meeting": request.meeting,
            "meeting_date": day_words(request.meeting_date),
            "source": request.source or _sources([line.issue for line in lines]),
            "deadline": day_words(due, due_time) or _("清单所列时限"),
            "previous": previous,
            "overdue": LIST_MARK.join(_("第{number}项{late}").format(number=line.number, late=line.late) for line in late),
            "late_count": str(len(late)),
            "reworks": str(sum(counted(line.issue.get("rework_count")) for line in lines)),
            "basis": request.basis,
            "approver": request.approver,
            "contact": request.contact,
            "phone": request.phone,
            "today": day_words(campaign.today),
        }


def handed_over(project: Project, request: Request, line: Line, unit: str, code: str, context: Context) -> Edit | None:
    """The edit by which an order hands an issue over, None where it does not. Raises `RuleBroken` as the life of an issue asks."""
    if not moves(request.kind, line.issue):
        return None
    values: dict[str, Scalar] = {"order_number": code}
    if line.due is not None:
        values |= {"due_at": line.due, "due_time": line.due_time or None}
    if request.kind == "designate":
        values |= {"responsible_unit": unit, "basis_text": request.basis, "approver": request.approver, "approved_at": project.campaign.today}
    return edits.move(project.layers["issue"], [line.issue], DISPATCHING[plain(line.issue.get("status"))], values, context)


def _in_the_way(unit: str, about: Feature | None, *, headless: bool) -> tuple[list[str], list[str]]:
    """What stops an order to a unit (SR-57) and what is only said."""
    if not unit:
        return [_("没有责任单位")], []
    missing = [] if about is not None else [_("不在单位名册里")]
    if about is not None and not about.get("head"):
        missing.append(_("没有登记一把手"))
    warnings = []
    if about is not None and not (about.get("liaison") and about.get("phone")):
        warnings.append(_("没有登记联络员或者电话"))
    return ([], [*missing, *warnings]) if headless else (missing, warnings)


def _about_photos(project: Project, group: Sequence[Feature]) -> list[str]:
    """What is said of the photos before the work: one each is the rule (domain.md 4.3)."""
    photos = before_photos(project, group)
    lost = [_("{code} 的整改前照片 {file} 不见了").format(code=one.issue.code, file=one.path.name) for one in photos if not one.there]
    without = len(group) - len({one.issue.id for one in photos})
    return [*lost, *([_("{count} 个没有整改前照片").format(count=without)] if without else [])]


def _line(number: int, issue: Feature, request: Request, keeper: Timekeeper, now: dt.datetime) -> Line:
    due, due_time = issue.get("due_at"), plain(issue.get("due_time"))
    own = due.date() if isinstance(due, dt.datetime) else due if isinstance(due, dt.date) else None
    if request.due is not None and hands_over(request.kind, issue):
        own, due_time = request.due, request.due_time
    elif own is None and moves(request.kind, issue):
        moment = keeper.due(issue.values, now).at
        own, due_time = (moment.date(), f"{moment:%H:%M}") if moment else (None, "")
    late = ""
    moment = due_moment({"due_at": own, "due_time": due_time})
    if not moves(request.kind, issue) and moment is not None and moment <= now:
        days = (now - moment).days
        late = _("逾期{days}天").format(days=days) if days else _("逾期不足1天")
    place = plain(issue.get("site_name")) or plain(issue.get("address")) or plain(issue.get("zone_code"))
    problem = plain(issue.get("description")) or issue.name
    return Line(number, issue, place, problem, plain(issue.get("measure")) or _("按标准整改到位"), own, due_time, late)


def _common_due(request: Request, lines: Sequence[Line], now: dt.datetime, closing: dt.time) -> tuple[dt.date | None, str]:
    """The deadline that the order itself names: the given one; that of all its issues; for what urges, the next day; for what is passed on, today's end."""
    if request.due is not None:
        return request.due, request.due_time
    if request.kind == "cascade":
        return now.date(), f"{closing:%H:%M}"
    if request.kind in ("remind", "supervise"):
        return now.date() + dt.timedelta(days=1), DUE_TIME
    found = {(line.due, line.due_time) for line in lines if not line.late}
    return found.pop() if len(found) == 1 else (None, "")


def _reasons(lines: Sequence[Line], previous: str) -> list[str]:
    """督办事由: how late, how often sent back, which order was not followed."""
    late = "，".join(_("第{number}项{late}").format(number=line.number, late=line.late) for line in lines if line.late)
    found = [_("未按时限整改：{late}。").format(late=late)] if late else []
    counts = {line.number: counted(line.issue.get("rework_count")) for line in lines}
    reworks = "，".join(_("第{number}项返工{count}次").format(number=number, count=count) for number, count in counts.items() if count)
    if reworks:
        found.append(_("核查不通过：{reworks}。").format(reworks=reworks))
    if previous:
        found.append(_("前次文号：{previous}。").format(previous=previous))
    return found


def _duties(unit: str, lines: Sequence[Line]) -> tuple[tuple[str, str], ...]:
    """责任单位, 牵头单位, 配合单位, each with the numbers of its issues where it is not all of them (SR-12)."""
    lead: dict[str, list[int]] = {}
    supporting: dict[str, list[int]] = {}
    for line in lines:
        one = plain(line.issue.get("lead_unit"))
        if one:
            lead.setdefault(one, []).append(line.number)
        for name in filter(None, plain(line.issue.get("supporting_units")).split(LIST_MARK)):
            supporting.setdefault(name, []).append(line.number)
    if not lines:
        return ()
    listed = [(_("责任单位"), unit)]
    for title, found in ((_("牵头单位"), lead), (_("配合单位"), supporting)):
        names = [
            name if len(numbers) == len(lines) else _("{name}（第{numbers}项）").format(name=name, numbers=joined_numbers(numbers))
            for name, numbers in found.items()
        ]
        listed.append((title, "；".join(names) or _("无")))
    return tuple(listed)


def _people(about: Feature | None) -> tuple[tuple[str, str], ...]:
    """The head of the unit and the liaison, each with a telephone (SR-57)."""
    if about is None:
        return ()
    rows = [(_("单位主要负责人"), about.get("head"), about.get("office_phone") or about.get("phone")), (_("联络员"), about.get("liaison"), about.get("phone"))]
    return tuple((title, f"{plain(name)}（{plain(phone)}）" if phone else plain(name)) for title, name, phone in rows if name)


def _sources(group: Sequence[Feature]) -> str:
    names = dict.fromkeys(filter(None, (plain(issue.get("source_name")) for issue in group)))
    return LIST_MARK.join(names) or _("督查检查")


def blocked(drafts: Sequence[OrderDraft]) -> RuleBroken | None:
    """Why these orders may not be written, each by its unit; None where nothing is in the way."""
    reasons = {draft.unit or draft.code: LIST_MARK.join(draft.problems) for draft in drafts if draft.problems}
    if not reasons:
        return None
    unit, reason = next(iter(reasons.items()))
    more = _("等 {count} 份文书").format(count=len(reasons)) if len(reasons) > 1 else ""
    hint = _("请先补全或改正；单位没有登记一把手的，可以明确允许开单。")
    return RuleBroken(_("{unit}{more}不能开单：{reason}。").format(unit=unit, more=more, reason=reason), reasons, hint=hint)
