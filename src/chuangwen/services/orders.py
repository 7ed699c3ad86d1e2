"""What an order will say before it is written: one for each unit or each issue, with its number, its lists, and what is still in the way (domain.md 6.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chuangwen.domain.deadline import due_moment
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.orders import Template, check_issues, check_number, day_words, joined_numbers, moves, next_number, orders_of
from chuangwen.domain.values import LIST_MARK, plain
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.order_photos import before_photos
from chuangwen.services.order_templates import Wording, filled, read_wording
from chuangwen.services.timing import timekeeper
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.limits import Timekeeper
    from chuangwen.services.project import Project

PER_UNIT, PER_ISSUE = "unit", "issue"
DUE_TIME = "18:00"
"""By when on its last day a document of its own deadline (催办, 督办) has to be answered."""
_ASKED = {"basis": _("指定依据"), "approver": _("批准人"), "meeting": _("会议名称")}


@dataclass(frozen=True, slots=True)
class Request:
    """What the planner asks for.

    `kind` one of `domain.orders.KINDS`; `per`: one document a unit or an issue; `unit`: who is designated (指定函) or whom a 传达通知 goes to; `due`,
    `due_time`: the deadline, None: each issue's own; `basis`, `approver`: of a designation (SR-64); `meeting`, `meeting_date`: what it comes from (SR-02);
    `copies`: 抄送, None: the template's; `number`: where the first number of a year begins, 0: the next; `headless`: also to units without a head (SR-57).
    """

    kind: str
    per: str = PER_UNIT
    unit: str = ""
    due: dt.date | None = None
    due_time: str = ""
    basis: str = ""
    approver: str = ""
    meeting: str = ""
    meeting_date: dt.date | None = None
    source: str = ""
    copies: tuple[str, ...] | None = None
    contact: str = ""
    phone: str = ""
    number: int = 0
    headless: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An issue in the list of an order: its number there, the words of the columns, and its deadline."""

    number: int
    issue: Feature
    place: str
    problem: str
    demand: str
    due: dt.date | None
    due_time: str
    late: str = ""

    @property
    def due_words(self) -> str:
        """The deadline as the list prints it."""
        day = f"{self.due.month}月{self.due.day}日" if self.due else "—"
        return " ".join(part for part in (day, self.due_time) if part) + (f"\n{self.late}" if self.late else "")


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """One order as it will be written. `problems` are in the way of issuing it; `warnings` are only said. `duties`: 责任, 牵头, 配合 (SR-12)."""

    request: Request
    template: Template
    code: str
    year: int
    number: int
    unit: str
    lines: tuple[Line, ...]
    words: Mapping[str, str]
    duties: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    previous: str
    copies: tuple[str, ...]
    due: dt.date | None
    due_time: str
    problems: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def issues(self) -> list[Feature]:
        """The issues that it names."""
        return [line.issue for line in self.lines]

    @property
    def name(self) -> str:
        """What the register of documents calls it."""
        who = self.unit or _("各责任单位")
        return _("{title}：{unit}，{count} 个问题").format(title=self.template.title, unit=who, count=len(self.lines)) if self.lines else self.template.title

    def paragraphs(self) -> list[str]:
        """The opening as it is printed."""
        return [filled(part.text, self.words) for part in self.template.opening if part.applies(self.words)]

    def demands(self) -> list[str]:
        """What is asked for, the consequence last."""
        return [filled(text, self.words) for text in (*self.template.demands, self.template.consequence) if text]

    def subject(self) -> str:
        """The title of the document."""
        return filled(self.template.subject, self.words)

    def preview(self) -> str:
        """The document in plain text, for the screen."""
        rows = [f"{line.number}. {line.place}｜{line.problem}｜{line.demand}｜{line.due_words}".replace("\n", " ") for line in self.lines]
        parts = [self.code, self.subject(), f"{self.unit or _('各责任单位')}：", *self.paragraphs(), self.request.text, *self.reasons, *rows]
        parts += [f"{title}：{text}" for title, text in (*self.duties, *self.people)]
        parts += [f"{number}. {text}" for number, text in enumerate(self.demands(), 1)]
        copies = [_("抄送：{names}").format(names=LIST_MARK.join(self.copies))] if self.copies else []
        return "\n".join(part for part in (*parts, self.template.closing, *copies) if part)


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
    check_number(orders, request.kind, now.year, first, wording.code(request.kind, project.campaign.district, now.year, first))
    keeper = timekeeper(project)
    drafts = []
    for number, (unit, group) in enumerate(_grouped(request, issues, units), first):
        code = wording.code(request.kind, project.campaign.district, now.year, number)
        drafts.append(_draft(project, request, template, wording, code, number, unit, group, units, orders, keeper))
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


def _grouped(request: Request, issues: Sequence[Feature], units: _Units) -> list[tuple[str, list[Feature]]]:
    if request.kind == "cascade":
        return [(request.unit, [])]
    found: dict[str, list[Feature]] = {}
    for issue in issues:
        unit = request.unit if request.kind == "designate" else plain(issue.get("responsible_unit"))
        found.setdefault(unit, []).append(issue)
    ranked = sorted(found.items(), key=lambda pair: units.rank(pair[0]))
    if request.per == PER_ISSUE:
        return [(unit, [issue]) for unit, group in ranked for issue in group]
    return ranked


def _draft(
    project: Project,
    request: Request,
    template: Template,
    wording: Wording,
    code: str,
    number: int,
    unit: str,
    group: Sequence[Feature],
    units: _Units,
    orders: Features,
    keeper: Timekeeper,
) -> OrderDraft:
    now = project.campaign.now
    about = units.of(unit)
    problems: list[str] = []
    warnings: list[str] = []
    if unit or request.kind != "cascade":
        problems, warnings = _in_the_way(unit, about, headless=request.headless)
    lines = tuple(_line(at, issue, request, keeper, now) for at, issue in enumerate(group, 1))
    for line in lines:
        if line.due is None and moves(request.kind, line.issue):
            problems.append(_("{code} 没有时限").format(code=line.issue.code))
        elif moves(request.kind, line.issue) and line.due is not None and (due_moment({"due_at": line.due, "due_time": line.due_time}) or now) <= now:
            problems.append(_("{code} 的时限 {due} 早于交办时间").format(code=line.issue.code, due=line.due_words))
    if template.map:
        warnings += _about_photos(project, group)
    due, due_time = _common_due(request, lines, now, wording.closing)
    before = [order for issue in group for order in orders_of(orders, issue.code) if order.get("status") != "void"]
    previous = LIST_MARK.join(dict.fromkeys(order.code for order in sorted(before, key=lambda one: plain(one.get("issued_at")))))
    late = [line for line in lines if line.late]
    reworks = sum(_count(line.issue.get("rework_count")) for line in lines)
    campaign = project.campaign
    words = {
        "office": campaign.office,
        "district": campaign.district,
        "campaign": campaign.title,
        "unit": unit or _("各责任单位"),
        "count": str(len(lines)),
        "meeting": request.meeting,
        "meeting_date": day_words(request.meeting_date),
        "source": request.source or _sources(group),
        "deadline": day_words(due, due_time) or _("清单所列时限"),
        "previous": previous,
        "overdue": LIST_MARK.join(_("第{number}项{late}").format(number=line.number, late=line.late) for line in late),
        "late_count": str(len(late)),
        "reworks": str(reworks),
        "basis": request.basis,
        "approver": request.approver,
        "contact": request.contact,
        "phone": request.phone,
        "today": day_words(now.date()),
    }
    copies = template.copies if request.copies is None else request.copies
    reasons = tuple(_reasons(lines, previous)) if template.reason_title else ()
    draft = OrderDraft(request, template, code, now.year, number, unit, lines, words, (), (), reasons, previous, copies, due, due_time)
    return replace(draft, duties=_duties(unit, lines), people=_people(about), problems=tuple(problems), warnings=tuple(warnings))


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
    return [*lost, *([_("{count} 个问题没有整改前照片").format(count=without)] if without else [])]


def _line(number: int, issue: Feature, request: Request, keeper: Timekeeper, now: dt.datetime) -> Line:
    due, due_time = issue.get("due_at"), plain(issue.get("due_time"))
    own = due.date() if isinstance(due, dt.datetime) else due if isinstance(due, dt.date) else None
    if moves(request.kind, issue):
        if request.due is not None:
            own, due_time = request.due, request.due_time
        elif own is None:
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
    found = {(line.due, line.due_time) for line in lines}
    return found.pop() if len(found) == 1 else (None, "")


def _reasons(lines: Sequence[Line], previous: str) -> list[str]:
    """督办事由: how late, how often sent back, which order was not followed."""
    late = "，".join(_("第{number}项{late}").format(number=line.number, late=line.late) for line in lines if line.late)
    found = [_("未按时限整改：{late}。").format(late=late)] if late else []
    counts = {line.number: _count(line.issue.get("rework_count")) for line in lines}
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


def _count(value: object) -> int:
    return value if isinstance(value, int) else 0


def blocked(drafts: Sequence[OrderDraft]) -> RuleBroken | None:
    """Why these orders may not be written, each by its unit; None where nothing is in the way."""
    reasons = {draft.unit or draft.code: LIST_MARK.join(draft.problems) for draft in drafts if draft.problems}
    if not reasons:
        return None
    unit, reason = next(iter(reasons.items()))
    more = _("等 {count} 份文书").format(count=len(reasons)) if len(reasons) > 1 else ""
    hint = _("请先补全或改正；单位没有登记一把手的，可以明确允许开单。")
    return RuleBroken(_("{unit}{more}不能开单：{reason}。").format(unit=unit, more=more, reason=reason), reasons, hint=hint)
