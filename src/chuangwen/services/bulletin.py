"""每日通报: the daily bulletin as a document and a workbook, numbered without gaps (domain.md 6.6)."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.values import Scalar, plain
from chuangwen.services.bulletin_facts import DayFacts, day_facts
from chuangwen.services.bulletin_parts import annexes, at_sites, demanded, notes, overall, praised, ranked, typical
from chuangwen.services.issue_moves import moves_of
from chuangwen.services.statement import ENDINGS, Statement, check_target, write
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_SERIES = _("每日通报")
"""What the codes of daily bulletins begin with, among the papers of kind 通报."""


@dataclass(frozen=True, slots=True)
class Number:
    """第 `number` 期 of a `year`, 总第 `total` 期. `row`: the id of the paper where this day has one already, else ''."""

    year: int
    number: int
    total: int
    row: str = ""

    @property
    def code(self) -> str:
        """As it is kept among the papers of the office."""
        return _("{series}{year}年第{number}期").format(series=_SERIES, year=self.year, number=self.number)

    @property
    def text(self) -> str:
        """As it is printed."""
        return _("第{number}期（总第{total}期）").format(number=self.number, total=self.total)


def number_of(project: Project, day: dt.date) -> Number:
    """The number of a day's bulletin: what it has, else the next. Voided ones keep theirs."""
    orders = project.features("order")
    held: dict[int, set[int]] = {}
    found: Number | None = None
    columns = (orders.column(name) for name in ("code", "kind", "year", "number", "issued_at", "status"))
    for row_id, code, kind, year, number, at, status in zip(orders.ids, *columns, strict=True):
        if kind != "bulletin" or not plain(code).startswith(_SERIES) or not isinstance(year, int) or not isinstance(number, int):
            continue
        held.setdefault(year, set()).add(number)
        if status != "void" and isinstance(at, dt.datetime) and at.date() == day:
            found = Number(year, number, 0, row_id)
    number = found.number if found else max(held.get(day.year, {0})) + 1
    earlier = sum(len(numbers) for year, numbers in held.items() if year < day.year)
    return Number(day.year, number, earlier + number, found.row if found else "")


def facts_of(project: Project, day: dt.date | None = None) -> DayFacts:
    """What is known for the bulletin of a day: now for today, else the evening of that day from the log.

    Raises `UserError` for a day to come and for one before the project was begun.
    """
    campaign = project.campaign
    if day is None or day == campaign.today:
        return day_facts(project, campaign, campaign.now, moves_of(project, project.features("issue")), project.files_folder)
    from chuangwen.services.as_of import PastView

    view = PastView(project, day)
    evening = dt.datetime.combine(day, dt.time(23, 59))
    return day_facts(view, view.campaign, evening, moves_of(project, view.features("issue"), view.number), project.files_folder)


def statement(found: DayFacts, number: Number) -> Statement:
    """The bulletin in parts."""
    names, lists = annexes(found)
    month = _("{month}月{day}日").format(month=found.day.month, day=found.day.day)
    office = found.campaign.office or _("创建办")
    return Statement(
        title=_("{day}问题整改和点位巡查情况通报").format(day=month),
        parts=(*overall(found), *ranked(found), *at_sites(found), *typical(found), *praised(found), *demanded(found)),
        notes=tuple(notes(found)),
        head=found.rules.title,
        number=number.text,
        subtitle=f"{office}　{_('{year}年').format(year=found.day.year)}{month}",
        office=office,
        day=found.day,
        attachments=tuple(names),
        annexes=tuple(lists),
        foot=found.rules.copies,
    )


@dataclass(frozen=True, slots=True)
class Issued:
    """A bulletin that was written: its number and its files."""

    number: Number
    files: tuple[Path, ...]
    facts: DayFacts


def issue(project: Project, out: Path, day: dt.date | None = None) -> Issued:
    """Write the bulletin of a day to a file, or as document and workbook into a folder, and keep its number among the papers of the office.

    A day that has a bulletin keeps its number. Raises `FileProblem` and `UserError`; then no file is written and no number taken.
    """
    found = facts_of(project, day)
    number = number_of(project, found.day)
    made = statement(found, number)
    folder = out.is_dir()
    if not folder:
        check_target(out)  # before a name of our own stands between it and the message
    name = _("{series}_第{number}期_{day}").format(series=_SERIES, number=number.number, day=found.day.isoformat())
    targets = [out / f"{name}{ending}" for ending in ENDINGS] if folder else [out]
    parts = [target.with_name(f".{target.stem}.part{target.suffix}") for target in targets]
    try:
        for part in parts:
            write(made, part)
        _keep(project, found, number, made.title, targets[0], hashlib.sha256(parts[0].read_bytes()).hexdigest())
        for part, target in zip(parts, targets, strict=True):
            part.replace(target)
    finally:
        for part in parts:
            part.unlink(missing_ok=True)
    return Issued(number, tuple(targets), found)


def _keep(project: Project, found: DayFacts, number: Number, title: str, path: Path, digest: str) -> None:
    layer = project.layers["order"]
    values: dict[str, Scalar] = {"name": title, "path": path.name, "sha256": digest, "issued_at": found.facts.now, "status": "printed"}
    label = _("印发{code}").format(code=number.code)
    held = project.features("order").feature(number.row) if number.row else None
    if held is not None:
        project.apply(edits.set_values(layer, [held], values, label))
        return
    row: dict[str, Scalar] = {"code": number.code, "kind": "bulletin", "year": number.year, "number": number.number, **values}
    project.apply(edits.joined(label, [edits.add(layer, row)]))
