"""What happened to every issue between its discovery and 2024-06-03, and the orders (交办单, 催办单, 督办单) by which it was handed over.

The creation office has kept a register of its orders since 2024-05-20; what it handed over before that went out with lists. What an issue's row says
agrees with its state: nobody received what waits for a receipt, what came back was sent once, what is deferred was approved.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field, replace

from chance import pick, stream
from issues import CLOSED, TODAY, Issue, handed_over
from people import People, Person
from photos import evidence
from units import Register, Unit

REGISTERED_SINCE = dt.date(2024, 5, 20)
_UNSENT = ("已登记·待交办", "待指定")
_MARKS = {"交办单": "交", "催办单": "催", "督办单": "督"}
_RESULTS = ("已按要求整改到位", "已清理完毕，落实专人每日巡查", "已修复并恢复原状", "已更换到位，现场无遗留", "已整改，责任人每日巡查两次")


@dataclass
class Life:
    """What the office's list says of an issue beyond its plain row; '' or None where it says nothing."""

    sent: dt.datetime | None = None
    order: str = ""
    received: dt.datetime | None = None
    receiver: str = ""
    basis: str = ""
    returns: int = 0
    suggested: str = ""
    reworks: int = 0
    relapses: int = 0
    first_closed: dt.date | None = None
    failed: dt.datetime | None = None
    returned_by: str = ""
    extensions: int = 0
    approver: str = ""
    approved: dt.date | None = None
    interim: str = ""
    review: dt.date | None = None
    stopped: dt.datetime | None = None
    result: str = ""
    check: str = ""
    priority: str = ""
    escalation: int = 0
    lost: bool = False
    cause: str = ""


@dataclass(frozen=True)
class Order:
    """One order. `issues`: codes; `received` None: nobody has."""

    kind: str
    number: int
    unit: Unit
    issued: dt.datetime
    due: dt.date
    title: str
    issues: tuple[str, ...]
    status: str
    received: dt.datetime | None = None
    receiver: Person | None = None
    method: str = ""
    previous: str = ""
    reason: str = ""

    @property
    def code(self) -> str:
        """示范区创建办交〔2024〕12号, as resources/documents numbers them."""
        return f"示范区创建办{_MARKS[self.kind]}〔2024〕{self.number}号"


@dataclass
class Story:
    """The lives by issue code, and all orders as they were numbered."""

    lives: dict[str, Life] = field(default_factory=dict)
    orders: list[Order] = field(default_factory=list)


def _at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute))


def make_story(issues: list[Issue], register: Register, people: People) -> Story:
    """The lives of all issues, then the orders that tell of them."""
    rng = stream("lives")
    director = people.next().name
    story = Story()
    provincial = 0
    for issue in issues:
        life = Life()
        story.lives[issue.code] = life
        days = (issue.due - handed_over(issue.found)).days if issue.due else 0
        life.priority = "紧急" if 0 < days <= 3 else "较难" if days > 7 else "一般"
        life.basis = (
            "行业主管" if issue.problem.owner and issue.responsible else "点位责任" if issue.site else "属地兜底" if issue.category == "小区" else "路长制"
        )
        if not issue.responsible:
            life.basis = ""
        if issue.source_level == "省":
            provincial += 1
            life.lost, life.cause = provincial % 9 == 1, pick(rng, ("主观", "客观")) if provincial % 9 == 1 else ""
        if issue.status in _UNSENT:
            continue
        _sent(issue, life, register, int(rng.integers(0, 40)))
        _ended(issue, life, register, director, float(rng.random()), pick(rng, _RESULTS))
    for issue in evidence(issues):  # 首次销号 is noted where there are photos to show for it
        story.lives[issue.code].first_closed = issue.checked
    _orders(story, issues, register)
    return story


def _sent(issue: Issue, life: Life, register: Register, minute: int) -> None:
    """Handed over at ten; received that afternoon or the next morning."""
    unit = register.find(issue.responsible)
    life.sent = _at(handed_over(issue.found), 10)
    if issue.status not in ("已交办·待签收", "退回待改派") and unit is not None:
        soon = issue.done is None or issue.done > life.sent.date()
        life.received = (
            _at(life.sent.date() + dt.timedelta(days=1), 8, 20 + minute) if soon and minute % 3 == 0 else _at(life.sent.date(), 14, 30 + minute // 2)
        )
        if life.received > _at(TODAY, 8):
            life.received = _at(life.sent.date(), 17)
        life.receiver = unit.liaison.name


def _ended(issue: Issue, life: Life, register: Register, director: str, chance: float, result: str) -> None:
    """What each state brings with it."""
    assert life.sent is not None
    if issue.done:
        life.result = result
    if issue.status == CLOSED:
        life.check = "现场核查合格"
        life.reworks = 2 if chance < 0.01 else 1 if chance < 0.075 else 0
        life.returns = 1 if 0.1 < chance < 0.135 else 0
        life.returned_by = register[issue.zone.street].name if life.returns else ""
    elif issue.status == "返工":
        life.reworks, life.check = 2 if chance < 0.2 else 1, "现场核查不合格，限期返工"
        life.failed = max(_at(life.received.date() if life.received else life.sent.date(), 17, 30), _at(TODAY - dt.timedelta(days=1 + int(chance * 4)), 11))
        if "反弹" in issue.note:
            life.relapses, life.first_closed = 1, max(life.sent.date() + dt.timedelta(days=1), TODAY - dt.timedelta(days=9))
    elif issue.status == "退回待改派":
        unit = register.find(issue.responsible)
        life.returns, life.suggested, life.returned_by = 2 if chance < 0.25 else 1, issue.zone.street, unit.name if unit else ""
    elif issue.status == "延期(已批)":
        life.extensions, life.approver = 1, director
        life.approved = max(life.sent.date(), TODAY - dt.timedelta(days=1 + int(chance * 4)))
    elif issue.status == "挂账·长期整改":
        life.approver, life.interim, life.priority = director, issue.note, "长期"
        life.approved = max(life.sent.date(), TODAY - dt.timedelta(days=2 + int(chance * 5)))
        life.stopped, life.review = _at(life.approved, 16), TODAY + dt.timedelta(days=14)


def _orders(story: Story, issues: list[Issue], register: Register) -> None:
    """Work orders for each day and unit; then reminders of what waits for a receipt, and supervision orders of what is late."""
    groups: dict[tuple[dt.datetime, str, bool], list[Issue]] = defaultdict(list)
    by_code = {unit.code: unit for unit in register.units}
    for issue in issues:
        life, unit = story.lives[issue.code], register.find(issue.responsible)
        if life.sent is not None and life.sent.date() >= REGISTERED_SINCE and unit is not None:
            groups[life.sent, unit.code, issue.status in ("已交办·待签收", "退回待改派")].append(issue)
    rng = stream("orders")
    void_at = 40
    for (sent, code, waits), some in sorted(groups.items()):
        unit = by_code[code]
        if len(story.orders) == void_at:
            story.orders.append(
                Order("交办单", void_at + 1, unit, sent, TODAY, f"关于整改{unit.short}责任范围内问题的交办单", (), "作废", reason="主送单位写错，另行印发")
            )
        due = max((i.due for i in some if i.due), default=sent.date() + dt.timedelta(days=7))
        order = Order(
            "交办单",
            len(story.orders) + 1,
            unit,
            sent,
            due,
            f"关于整改{len(some)}个点位问题的交办单",
            tuple(i.code for i in some),
            "已送达" if waits else "已签收",
        )
        if not waits:
            received = min(story.lives[i.code].received or sent for i in some)
            order = replace(order, received=received, receiver=unit.liaison, method=pick(rng, ("微信", "微信", "纸质", "办公系统")))
        for issue in some:
            life = story.lives[issue.code]
            life.order = order.code
            if order.received is not None and life.received is not None:
                life.received = order.received
        story.orders.append(order)
    _urged(story, issues, register)


def _urged(story: Story, issues: list[Issue], register: Register) -> None:
    """催办单 on 06-01 to who has not received, 督办单 on 06-02 to who is late by a day or more."""
    waiting = [o for o in story.orders if o.status == "已送达" and o.issued.date() < dt.date(2024, 5, 31)]
    for n, old in enumerate(waiting[:10], start=1):
        urged = Order(
            "催办单", n, old.unit, _at(dt.date(2024, 6, 1), 9), dt.date(2024, 6, 4), f"关于尽快签收{old.code}的催办单", old.issues, "已送达", previous=old.code
        )
        story.orders.append(urged)
        for code in old.issues:
            story.lives[code].escalation = 1
    late: dict[str, list[Issue]] = defaultdict(list)
    for issue in issues:
        unit = register.find(issue.responsible)
        if issue.status in ("整改中", "返工") and issue.due and issue.due < TODAY - dt.timedelta(days=2) and unit is not None:
            late[unit.code].append(issue)
    by_code = {unit.code: unit for unit in register.units}
    for n, (code, some) in enumerate(sorted(late.items(), key=lambda pair: (-len(pair[1]), pair[0]))[:8], start=1):
        unit, received = by_code[code], _at(dt.date(2024, 6, 2), 11, n)
        order = Order(
            "督办单", n, unit, _at(dt.date(2024, 6, 2), 9), dt.date(2024, 6, 5), f"关于{len(some)}个逾期问题的督办单", tuple(i.code for i in some), "已签收"
        )
        story.orders.append(replace(order, received=received, receiver=unit.liaison, method="纸质") if n < 7 else replace(order, status="已送达"))
        for issue in some:
            story.lives[issue.code].escalation = 2
