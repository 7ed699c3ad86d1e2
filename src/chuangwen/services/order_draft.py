"""One order as it will be written: what was asked for, its lines, its texts (domain.md 6.5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from chuangwen.domain.feature import Feature
from chuangwen.domain.orders import Template
from chuangwen.domain.values import LIST_MARK
from chuangwen.services.order_templates import filled
from chuangwen.text import _

PER_UNIT, PER_ISSUE = "unit", "issue"


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
        day = _("{month}月{day}日").format(month=self.due.month, day=self.due.day) if self.due else "—"
        return " ".join(part for part in (day, self.due_time) if part) + (f"\n{self.late}" if self.late else "")


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """One order as it will be written. `problems` are in the way of issuing it; `warnings` are only said.

    `duties`: 责任, 牵头, 配合 (SR-12). `replaces`: id of the draft in the register that this puts on paper, '' for a new row.
    """

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
    replaces: str = ""

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
