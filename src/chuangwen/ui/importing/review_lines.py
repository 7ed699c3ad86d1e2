"""What an import would do, as lines of one table: the review, the rows that are refused or put right, what is wrong with the shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from chuangwen.exchange import findings, review
from chuangwen.exchange.importing import ImportPlan
from chuangwen.exchange.review import FieldChange
from chuangwen.text import _

REJECTED, REPAIRED, FINDING = "rejected", "repaired", "finding"
TITLES = {**review.TITLES, REJECTED: _("不能导入"), REPAIRED: _("已处理"), FINDING: _("图形问题")}
ATTENTION = (review.CONFLICT, review.DUPLICATE, REJECTED, FINDING, review.GONE, review.CHANGED, review.ADDED, REPAIRED, review.UNCHANGED)
"""The order of the kinds in the table: what needs a look first."""
CHIPS = (review.ADDED, review.CHANGED, review.UNCHANGED, review.GONE, review.CONFLICT, review.DUPLICATE, REJECTED, FINDING, REPAIRED)
FINDINGS = {
    findings.BOWTIE: _("自相交"),
    findings.RING: _("边界线有错"),
    findings.DUPLICATE_NODES: _("重复节点"),
    findings.SLIVER: _("碎面"),
    findings.OUTSIDE: _("坐标越界"),
    findings.EMPTY: _("没有图形"),
    findings.LINES: _("用线画的面"),
    findings.MERGED: _("合成了一个"),
    findings.GAP: _("缝隙"),
    findings.OVERLAP: _("重叠"),
    findings.SAME: _("完全重合"),
}
_MOST_CHANGES = 3
CLEAN, REPAIR = "clean", "repair"
OF_KIND = {
    "conflicts": review.CONFLICT,
    "conflict": review.CONFLICT,
    "duplicates": review.DUPLICATE,
    "duplicate": review.DUPLICATE,
    "gone": review.GONE,
    "deleted": review.GONE,
    "numbers": review.ADDED,
    CLEAN: FINDING,
    REPAIR: REPAIRED,
}
"""What doubts' keys begin with → the lines that they are about: these are asked in step three, beside the lines."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `rows` are the source's (none: a feature that only the project has), `at` the position in the file (-1: none), `key` the doubt that decides."""

    kind: str
    title: str
    rows: tuple[int, ...]
    code: str
    name: str
    what: str
    at: int = -1
    id: str = ""
    key: str = ""
    note: str = ""
    fields: tuple[FieldChange, ...] = ()
    geometry: BaseGeometry | None = field(default=None, compare=False)

    @property
    def rows_text(self) -> str:
        """The row numbers as people read them."""
        shown = "、".join(str(row) for row in self.rows[:3])
        return f"{shown}…" if len(self.rows) > 3 else shown


def kind_asked(key: str) -> str:
    """The kind of lines that a doubt is about, '' for a doubt of step two."""
    return OF_KIND.get(key.partition(":")[0], "")


def lines_of(plan: ImportPlan) -> tuple[Line, ...]:
    """All lines, those that need a look first; within a kind in the order of the source. Made on the worker."""
    report = plan.report
    position = {int(row): at for at, row in reversed(list(enumerate(plan.incoming.rows)))}
    found: dict[str, list[Line]] = {kind: [] for kind in ATTENTION}
    for one in report.review:
        title = TITLES.get(one.kind, one.kind)
        rows = (one.row,) if one.row else ()
        line = Line(
            one.kind, title, rows, one.code, one.name, _changes(one.fields) or one.note, position.get(one.row, -1), one.id, one.key, one.note, one.fields
        )
        found.setdefault(one.kind, []).append(line)
    asked = {doubt.key for doubt in report.doubts}
    named = {line.at: line for some in found.values() for line in some}
    for kind, said in ((REJECTED, [(one.row, one.reason) for one in report.rejected]), (REPAIRED, [(one.row, one.what) for one in report.repaired])):
        for row, why in said:
            at = position.get(row, -1)
            known = named.get(at) if at >= 0 else None
            code, name = (known.code, known.name) if known else _named(plan, at)
            key = f"{REPAIR}:{row}"
            found[kind].append(Line(kind, TITLES[kind], (row,), code, name, why, at, key=key if kind == REPAIRED and key in asked else ""))
    for flaw in report.findings:
        at = position.get(flaw.rows[0], -1) if flaw.rows else -1
        title = FINDINGS.get(flaw.kind, TITLES[FINDING])
        found[FINDING].append(Line(FINDING, title, flaw.rows, "、".join(flaw.codes), "", flaw.title, at, geometry=flaw.geometry))
    return tuple(line for some in found.values() for line in some)


def counts(plan: ImportPlan, lines: Sequence[Line]) -> dict[str, int]:
    """Kind → how many. New, changed and unchanged rows as the report counts them."""
    report = plan.report
    found = {review.ADDED: report.added, review.CHANGED: report.changed, review.UNCHANGED: report.unchanged}
    for line in lines:
        if line.kind not in found:
            found[line.kind] = 0
    for kind in found:
        if kind not in (review.ADDED, review.CHANGED, review.UNCHANGED):
            found[kind] = sum(line.kind == kind for line in lines)
    return found


def _changes(fields: Sequence[FieldChange]) -> str:
    told = [f"{one.title}：{one.before or _('（空）')} → {one.after or _('（空）')}" for one in fields[:_MOST_CHANGES]]
    more = [_("另有 {count} 项").format(count=len(fields) - _MOST_CHANGES)] if len(fields) > _MOST_CHANGES else []
    return "；".join([*told, *more])


def _named(plan: ImportPlan, at: int) -> tuple[str, str]:
    def value(name: str) -> str:
        values = plan.values.get(name, ())
        return str(values[at]) if 0 <= at < len(values) and values[at] is not None else ""

    return value("code"), value("name")
