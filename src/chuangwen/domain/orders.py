"""Documents that hand over, urge or order: their numbers, and who may still be sent what (domain.md 4.2, 4.6, 6.5, 8.1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.lifecycle import STATES
from chuangwen.domain.values import LIST_MARK, plain
from chuangwen.errors import RuleBroken
from chuangwen.text import _

KINDS = ("work", "remind", "supervise", "designate", "rectify_notice", "cascade")
"""What the office can write here; `bulletin` and `transfer` of the layer are written elsewhere."""
DISPATCHING = {"registered": "dispatch", "unassigned": "designate"}
"""State out of which a document hands an issue over → the move that does it (domain.md 4.2). What came back is first given to another unit (改派)."""
WITHOUT_MOVE = frozenset({"remind", "supervise", "cascade"})
"""Kinds that never change the state of an issue."""
OF_ITS_OWN = ("work", "rectify_notice")
"""Kinds whose number an issue carries as that by which it was handed over."""
PUT_OUT = frozenset({"printed", "sent", "received"})
"""States of an order that count as issued."""


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph of a template: left out where the placeholder `when` is empty, or where `unless` is not."""

    text: str
    when: str = ""
    unless: str = ""

    def applies(self, words: Mapping[str, str]) -> bool:
        """Whether it is written."""
        return bool(not self.when or words.get(self.when)) and not (self.unless and words.get(self.unless))


@dataclass(frozen=True, slots=True)
class Template:
    """The words of one kind of document (`resources/documents/*.toml`).

    `mark`: its character in the number; `states` of issues that it may name; `level` of the ladder that it sets (domain.md 4.6); `asks`: what has to be
    given besides; `copies`: 抄送 unless others are given.
    """

    kind: str
    title: str
    mark: str
    head: str
    subject: str
    opening: tuple[Part, ...]
    demands: tuple[str, ...]
    consequence: str
    closing: str
    states: tuple[str, ...]
    list_title: str = ""
    reason_title: str = ""
    copies: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    level: int = 0
    red: bool = True
    map: bool = False
    feedback: bool = False


def next_number(orders: Features, kind: str, year: int) -> int:
    """The next number of a kind in a year: one after the highest, voided ones included, so that none is missing and none comes twice."""
    return max(_numbers(orders, kind, year), default=0) + 1


def check_number(orders: Features, kind: str, year: int, number: int, code: str) -> None:
    """Raises `RuleBroken` where a number is used already, by name, or would leave a gap. The first of a kind and year may begin anywhere."""
    used = _numbers(orders, kind, year)
    same_code = orders.coded(code)
    if number in used or same_code is not None:
        other = same_code if same_code is not None else orders.at(used[number])
        state = _("（已作废，号码保留）") if other.get("status") == "void" else ""
        message = _("文号 {code} 已经用过：{name}{state}。").format(code=code, name=other.name or other.code, state=state)
        raise RuleBroken(message, {"number": message}, hint=_("下一个文号是第 {number} 号。").format(number=next_number(orders, kind, year)))
    if number < 1 or (used and number != max(used) + 1):
        message = _("文号要连续：这一文种今年下一个是 {next} 号，不能用 {number} 号。").format(next=next_number(orders, kind, year), number=number)
        raise RuleBroken(message, {"number": message})


def _numbers(orders: Features, kind: str, year: int) -> dict[int, int]:
    """Number → position of the orders of a kind in a year."""
    rows = zip(orders.column("kind"), orders.column("year"), orders.column("number"), strict=True)
    return {number: at for at, (of, when, number) in enumerate(rows) if of == kind and when == year and isinstance(number, int)}


def issue_codes(order: Feature) -> list[str]:
    """The codes of the issues that an order names."""
    return [code for code in plain(order.get("issues")).replace("\n", LIST_MARK).split(LIST_MARK) if code]


def orders_of(orders: Features, issue_code: str) -> list[Feature]:
    """The orders that name an issue, in the order of the layer."""
    return [order for order, text in zip(orders, orders.column("issues"), strict=True) if issue_code in plain(text) and issue_code in issue_codes(order)]


def check_issues(template: Template, issues: Sequence[Feature], orders: Features) -> None:
    """Raises `RuleBroken` that names each issue which this kind may not name: its state, or an open order of the same kind (domain.md 4.2)."""
    reasons: dict[str, str] = {}
    allowed = LIST_MARK.join(STATES[state] for state in template.states)
    open_ones = open_by_issue(orders, template.kind)
    for issue in issues:
        state = plain(issue.get("status"))
        other = open_ones.get(issue.code)
        if state not in template.states:
            reason = _("是“{state}”，{title}只能列“{allowed}”的问题")
            reasons[issue.code] = reason.format(state=STATES.get(state, state), title=template.title, allowed=allowed)
        elif other is not None and state not in DISPATCHING and not awaits_paper(issue, orders):
            reasons[issue.code] = _("已有未签收的{title} {code}").format(title=template.title, code=other)
        elif template.kind == "work" and state == "dispatched" and not awaits_paper(issue, orders):
            reasons[issue.code] = _("已经列在 {code} 里").format(code=plain(issue.get("order_number")))
    if reasons:
        first = next(iter(reasons))
        more = _("等 {count} 个问题").format(count=len(reasons)) if len(reasons) > 1 else ""
        message = _("{code}{more}不能开{title}：{reason}。").format(code=first, more=more, title=template.title, reason=reasons[first])
        raise RuleBroken(message, reasons, hint=_("请从选择中去掉它们。"))


def awaits_paper(issue: Feature, orders: Features) -> bool:
    """Whether an issue was handed over without a document for its unit: none, a draft, a void one, or that of the unit before (改派)."""
    if issue.get("status") != "dispatched":
        return False
    order = orders.coded(plain(issue.get("order_number")))
    return order is None or order.get("status") in ("draft", "void") or order.get("unit") != issue.get("responsible_unit")


def open_by_issue(orders: Features, kind: str) -> dict[str, str]:
    """Code of an issue → code of the order of this kind that was put out and has not been received."""
    found: dict[str, str] = {}
    for order in orders:
        if order.get("kind") == kind and order.get("status") in ("printed", "sent"):
            found |= dict.fromkeys(issue_codes(order), order.code)
    return found


def moves(kind: str, issue: Feature) -> bool:
    """Whether issuing a document of this kind hands the issue over."""
    return kind not in WITHOUT_MOVE and issue.get("status") in DISPATCHING


def hands_over(kind: str, issue: Feature) -> bool:
    """Whether an order of this kind sets an issue's deadline: it hands it over, or puts on paper that it was."""
    return moves(kind, issue) or (kind == "work" and issue.get("status") == "dispatched")


def day_words(day: dt.date | None, time: str = "") -> str:
    """A deadline as documents write it: 2024年6月5日 18:00; '' for none."""
    if day is None:
        return ""
    words = _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)
    return f"{words}{time}" if time else words


def joined_numbers(numbers: Iterable[int]) -> str:
    """Numbers of a list as documents name them, runs from end to end: 1、3至5、8."""
    runs: list[list[int]] = []
    for one in sorted(numbers):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    words = [LIST_MARK.join(map(str, run)) if len(run) < 3 else _("{first}至{last}").format(first=run[0], last=run[-1]) for run in runs]
    return LIST_MARK.join(words)
