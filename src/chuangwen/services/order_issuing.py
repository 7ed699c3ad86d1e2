"""Orders are issued: first all files, then one edit for numbers, rows and moves. Either all of it stands or nothing (domain.md 4.2, 6.5)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.orders import OF_ITS_OWN, awaits_paper, check_issues, check_number, hands_over, issue_codes
from chuangwen.domain.values import LIST_MARK, Scalar, plain
from chuangwen.errors import RuleBroken
from chuangwen.progress import Progress
from chuangwen.services.moving import context_of
from chuangwen.services.order_draft import OrderDraft
from chuangwen.services.order_paper import Illustrations, written
from chuangwen.services.orders import blocked, handed_over
from chuangwen.services.out_folder import written_whole
from chuangwen.services.paper.file_names import file_name
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.moving import Context
    from chuangwen.services.project import Project

Illustrator = Callable[[OrderDraft], Illustrations]
"""Makes the pictures of an order; the map needs a painter, which stands above this layer."""


def papers_folder(project: Project) -> Path:
    """Where orders are written unless somebody says otherwise: beside the photos, so that they travel with the project."""
    return project.files_folder / _("文书")


@dataclass(frozen=True, slots=True)
class Issued:
    """An order that was written: its number, unit, issues and file."""

    code: str
    unit: str
    issues: tuple[str, ...]
    path: Path


def file_names(drafts: Sequence[OrderDraft], day: dt.date) -> list[str]:
    """The names of the files, no two alike: `交办单_{文号}_{单位}_{日期}.docx` (domain.md 6.1)."""
    found: list[str] = []
    for draft in drafts:
        found.append(file_name(draft.template.title, draft.code, draft.unit, f"{day:%Y%m%d}", ".docx", taken=found))
    return found


def issue_orders(
    project: Project, drafts: Sequence[OrderDraft], folder: Path, illustrate: Illustrator = lambda _draft: Illustrations(), progress: Progress | None = None
) -> list[Issued]:
    """Write the documents to `folder` (made where it is missing), then numbers, rows and moves in one edit.

    The files are made in a folder beside and put in place only when all are whole; when the edit is refused they are taken away again. Where an issuing was
    undone its files are still in the project's folder, and the number is free again: they are kept as 已撤销_…, so that no two have one number.
    Raises `RuleBroken` for what stands in the way, a number used meanwhile or an issue that moved meanwhile, `FileProblem` for the disk, `Cancelled`.
    """
    progress = progress or Progress()
    project.refresh()
    refused = blocked(drafts)
    if refused is not None:
        raise refused
    _check_again(project, drafts)
    names = file_names(drafts, project.campaign.today)

    def write(beside: Path) -> None:
        for draft, name in progress.each(zip(drafts, names, strict=True), len(drafts), _("写文书")):
            written(draft, illustrate(draft), project.campaign.today).save(beside / name)

    known = {file_of(project, order) for order in project.features("order") if order.get("status") != "draft"}
    own = papers_folder(project).resolve()

    def left_over(path: Path) -> bool:
        return path.resolve().parent == own and path.resolve() not in known

    placed = written_whole(folder, names, write, lambda paths: _applied(project, drafts, paths), left_over)
    return [Issued(draft.code, draft.unit, tuple(one.code for one in draft.issues), path) for draft, path in zip(drafts, placed, strict=True)]


def _applied(project: Project, drafts: Sequence[OrderDraft], paths: list[Path]) -> list[Path]:
    project.apply(_edit(project, drafts, paths))
    return paths


def void_order(project: Project, code: str, reason: str) -> Edit:
    """作废: the number stays used, the reason is kept. Issues that were handed over by it and not received yet wait for another. The edit is not applied.

    Raises `RuleBroken` without a reason, for an order that is void already, and where an issue of it has moved on.
    """
    order = project.feature(project.layers["order"], code)
    if not reason.strip():
        raise RuleBroken(_("作废 {code} 要写明原因。").format(code=code), {"void_reason": _("不能为空")})
    if order.get("status") == "void":
        raise RuleBroken(_("{code} 已经作废。").format(code=code))
    issues = [one for one in map(project.features("issue").coded, issue_codes(order)) if one is not None and one.get("order_number") == code]
    moved_on = [one.code for one in issues if one.get("status") != "dispatched"]
    if moved_on:
        message = _("{code} 所列的 {issue} 已经签收或者在整改，不能作废。").format(code=code, issue=moved_on[0])
        raise RuleBroken(message, hint=_("需要改变要求的，请另开文书。"))
    change = edits.set_values(project.layers["order"], [order], {"status": "void", "void_reason": reason.strip()})
    label = _("作废 {code}").format(code=code)
    if not issues:
        return edits.joined(label, [change])
    return edits.joined(label, [change, _taken_back(project, issues)])


def _taken_back(project: Project, issues: Sequence[Feature]) -> Edit:
    """Issues whose order was voided go back to where they were before it."""
    changes = []
    for issue in issues:
        designated = issue.get("unit_basis") == "designated"
        after: dict[str, Scalar] = {"order_number": None, "dispatched_at": None, "status": "unassigned" if designated else "registered"}
        if designated:
            after |= {"responsible_unit": None, "unit_basis": None}
        changes.append(Change("issue", issue.id, {name: issue.get(name) for name in after}, dict(after)))
    return Edit("", tuple(changes))


def _check_again(project: Project, drafts: Sequence[OrderDraft]) -> None:
    """Whether what was planned still holds: the numbers are free, the issues are where they were, each is in one order only."""
    orders, issues = project.features("order"), project.features("issue")
    seen: dict[str, str] = {}
    new = [draft for draft in drafts if not draft.replaces]
    for position, draft in enumerate(new):
        if position == 0:
            check_number(orders, draft.template.kind, draft.year, draft.number, draft.code)
        elif draft.number != new[position - 1].number + 1 or orders.coded(draft.code) is not None:
            raise RuleBroken(_("文号 {code} 已经用过，或者不连续。").format(code=draft.code), hint=_("请重新生成预览。"))
    for draft in drafts:
        waiting = orders.feature(draft.replaces) if draft.replaces else None
        if draft.replaces and (waiting is None or waiting.get("status") != "draft"):
            raise RuleBroken(_("文号 {code} 已经用过：不再是草稿。").format(code=draft.code), hint=_("请重新生成预览。"))
        now = [issues.feature(one.id) for one in draft.issues]
        gone = [one.code for one, found in zip(draft.issues, now, strict=True) if found is None]
        if gone:
            raise RuleBroken(_("问题 {code} 已经不在。").format(code=gone[0]), hint=_("请重新生成预览。"))
        check_issues(draft.template, [one for one in now if one is not None], orders)
        for issue in draft.issues:
            if issue.id in seen:
                raise RuleBroken(_("问题 {code} 同时列在 {first} 和 {second}。").format(code=issue.code, first=seen[issue.id], second=draft.code))
            seen[issue.id] = draft.code


def _edit(project: Project, drafts: Sequence[OrderDraft], paths: Sequence[Path]) -> Edit:
    made = []
    context = context_of(project, [issue.id for draft in drafts for issue in draft.issues])
    for draft, path in zip(drafts, paths, strict=True):
        row = _row(project, draft, path)
        waiting = project.features("order").feature(draft.replaces) if draft.replaces else None
        made.append(edits.set_values(project.layers["order"], [waiting], row) if waiting is not None else edits.add(project.layers["order"], row))
        made += _moved(project, draft, context)
    codes = drafts[0].code if len(drafts) == 1 else _("{first} 至 {last}").format(first=drafts[0].code, last=drafts[-1].code)
    return edits.joined(_("印发 {codes}").format(codes=codes), made)


def _row(project: Project, draft: OrderDraft, path: Path) -> dict[str, Scalar]:
    request = draft.request
    near = path.resolve().parent == project.path.resolve().parent or project.path.resolve().parent in path.resolve().parents
    place = path.resolve().relative_to(project.path.resolve().parent).as_posix() if near else str(path.resolve())
    return {
        "code": draft.code,
        "name": draft.name,
        "kind": draft.template.kind,
        "year": draft.year,
        "number": draft.number,
        "unit": draft.unit or None,
        "copied_to": LIST_MARK.join(draft.copies) or None,
        "issued_at": project.campaign.now,
        "due_at": draft.due,
        "due_time": draft.due_time or None,
        "issues": LIST_MARK.join(one.code for one in draft.issues) or None,
        "body": "\n".join([draft.subject(), *draft.paragraphs(), *draft.reasons]),
        "source_meeting": request.meeting or None,
        "meeting_date": request.meeting_date,
        "previous_order": draft.previous or None,
        "approver": request.approver or None,
        "basis_text": request.basis or None,
        "status": "printed",
        "path": place,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def _moved(project: Project, draft: OrderDraft, context: Context) -> list[Edit]:
    """What the order does to its issues: handed over, its number noted where they were already, or one step higher on the ladder."""
    layer, level = project.layers["issue"], draft.template.level
    found = []
    for line in draft.lines:
        issue = project.features("issue").feature(line.issue.id)
        assert issue is not None
        move = handed_over(project, draft.request, replace(line, issue=issue), draft.unit, draft.code, context)
        if move is not None:
            found.append(move)
            continue
        values: dict[str, Scalar] = {}
        if draft.template.kind in OF_ITS_OWN and awaits_paper(issue, project.features("order")):
            values["order_number"] = draft.code
            if draft.request.due is not None and hands_over(draft.template.kind, issue):
                values |= {"due_at": line.due, "due_time": line.due_time or None}
        now = issue.get("escalation_level")
        if level > (now if isinstance(now, int) else 0):
            values["escalation_level"] = level
        if values:
            found.append(edits.set_values(layer, [issue], values))
    return found


def file_of(project: Project, order: Feature) -> Path | None:
    """Where the document of an order lies, None where that was not noted."""
    place = plain(order.get("path"))
    return project.path.resolve().parent / place if place else None
