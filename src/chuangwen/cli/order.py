"""`order`: documents of the office. Written, received, answered, voided, listed; the list of issues split by unit (domain.md 6.5; SR-02, SR-04, SR-58)."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.cli.answering import DONE, IN_PART, day_if_said, open_project, print_json
from chuangwen.domain.reach import received
from chuangwen.domain.values import LIST_MARK, parse, plain
from chuangwen.errors import UserError
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Feature
    from chuangwen.services.order_draft import OrderDraft
    from chuangwen.services.project import Project

KINDS = {
    "work": "work",
    "remind": "remind",
    "supervise": "supervise",
    "designate": "designate",
    "notice": "rectify_notice",
    "cascade": "cascade",
}
ACTIONS = ("receipt", "feedback", "void", "list", "reach", "split")
_METHODS = ("paper", "wechat", "phone", "oa")


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `order`."""
    command.add_argument("action", choices=[*KINDS, *ACTIONS], help=_("文种，或者：签收、反馈、作废、台账、送达、按单位拆分"))
    command.add_argument("codes", nargs="*", metavar="CODE", help=_("问题编号；receipt、void、reach：文号；feedback：问题编号"))
    command.add_argument("--unit", default="", metavar=_("单位"), help=_("这个单位的问题；designate：指定给它；cascade：只发给它"))
    command.add_argument("--todo", action="store_true", help=_("所有该开这种单的问题"))
    command.add_argument("--out", type=Path, metavar="DIR", help=_("文书写到哪个文件夹；reach：未签收名单写到哪个 xlsx"))
    command.add_argument("--per", choices=["unit", "issue"], default="unit", help=_("每个单位一份，或每个问题一份"))
    command.add_argument("--due", default="", metavar=_("时限"), help=_("2024-06-05 或 2024-06-05 18:00；不给则用各问题自己的"))
    command.add_argument("--number", type=int, default=0, metavar="N", help=_("今年这一文种从几号开始"))
    command.add_argument("--meeting", default="", metavar=_("会议"), help=_("会议来源；list：只列出自这次会议的"))
    command.add_argument("--meeting-date", default="", metavar="YYYY-MM-DD")
    command.add_argument("--basis", default="", metavar=_("依据"), help=_("designate：指定的依据"))
    command.add_argument("--approver", default="", metavar=_("姓名"), help=_("designate：批准人"))
    command.add_argument("--copies", default=None, metavar=_("单位、单位"), help=_("抄送；不给则按模板"))
    command.add_argument("--contact", default="", metavar=_("姓名"))
    command.add_argument("--phone", default="", metavar=_("电话"))
    command.add_argument("--text", default="", metavar=_("文字"), help=_("正文里另加的一段"))
    command.add_argument("--no-head", action="store_true", help=_("单位没有登记一把手也开单"))
    command.add_argument("--plain", action="store_true", help=_("不附地图和照片"))
    command.add_argument("--dry-run", action="store_true", help=_("只看会写什么"))
    command.add_argument("--receiver", default="", metavar=_("姓名"), help=_("receipt：接收人"))
    command.add_argument("--at", default="", metavar=_("时间"), help=_("receipt：接收时间；feedback：完成日期"))
    command.add_argument("--method", choices=_METHODS, default="paper")
    command.add_argument("--promised", default="", metavar="YYYY-MM-DD", help=_("receipt：承诺完成时间"))
    command.add_argument("--target", default="", metavar="zone:CODE", help=_("receipt：网格、点位或岗位的签收"))
    command.add_argument("--measure", default="", metavar=_("措施"), help=_("feedback：整改措施"))
    command.add_argument("--photo", type=Path, action="append", default=[], metavar="FILE", help=_("feedback：整改后照片，可多次给出"))
    command.add_argument("--reason", default="", metavar=_("原因"), help=_("void：作废原因"))


def run(options: argparse.Namespace) -> int:
    """One action on the documents of a project."""
    project = open_project(options)
    actions: dict[str, Callable[[Project, argparse.Namespace], int]] = {
        "receipt": _receipt,
        "feedback": _feedback,
        "void": _void,
        "list": _list,
        "reach": _reach,
        "split": _split,
    }
    return actions.get(options.action, _issue)(project, options)


def _issue(project: Project, options: argparse.Namespace) -> int:
    from chuangwen.services.order_draft import Request
    from chuangwen.services.order_issuing import issue_orders
    from chuangwen.services.order_paper import Illustrations
    from chuangwen.services.orders import blocked, plan

    due, due_time = _moment(options.due)
    request = Request(
        KINDS[options.action],
        options.per,
        options.unit if options.action in ("designate", "cascade") else "",
        due,
        due_time,
        options.basis,
        options.approver,
        options.meeting,
        day_if_said(options.meeting_date),
        copies=None if options.copies is None else tuple(filter(None, options.copies.split(LIST_MARK))),
        contact=options.contact,
        phone=options.phone,
        number=options.number,
        headless=options.no_head,
        text=options.text,
    )
    drafts = plan(project, request, _wanted(project, options))
    if options.dry_run:
        refused = blocked(drafts)
        if options.json:
            print_json({"orders": [_draft_json(one) for one in drafts], "issued": False})
        else:
            for one in drafts:
                print(one.preview())
                _say(one)
        return IN_PART if refused is not None else DONE
    if options.out is None:
        raise UserError(_("请用 --out 给出文书写到哪个文件夹。"))
    refused = blocked(drafts)
    if refused is not None:
        raise refused
    if options.plain:
        written = issue_orders(project, drafts, options.out, lambda _draft: Illustrations())
    else:
        from chuangwen.render.documents import illustrator

        written = issue_orders(project, drafts, options.out, illustrator(project))
    if options.json:
        files = {one.code: str(one.path) for one in written}
        print_json({"orders": [{**_draft_json(one), "file": files[one.code]} for one in drafts], "issued": True})
    else:
        for draft, issued in zip(drafts, written, strict=True):
            print(_("{code}  {unit}  {count} 个问题  {file}").format(code=issued.code, unit=issued.unit, count=len(issued.issues), file=issued.path))
            _say(draft)
    return DONE


def _wanted(project: Project, options: argparse.Namespace) -> list[Feature]:
    """The issues named, those of a unit, or all that this kind may name."""
    from chuangwen.services.order_choice import due_for

    if options.action == "cascade":
        return []
    layer = project.layers["issue"]
    if options.codes:
        return [project.feature(layer, code) for code in options.codes]
    unit = options.unit if options.action != "designate" else ""
    if not unit and not options.todo:
        raise UserError(_("请给出问题编号，或用 --unit、--todo。"))
    return due_for(project, KINDS[options.action], unit)


def _receipt(project: Project, options: argparse.Namespace) -> int:
    from chuangwen.services.order_returns import Receipt, receive

    at = parse(options.at, "datetime")
    layer, _colon, target = options.target.partition(":")
    who = Receipt(
        options.receiver,
        at if isinstance(at, dt.datetime) else None,
        options.method,
        day_if_said(options.promised),
        (layer, target) if options.target else None,
    )
    done = []
    for code in _codes(options):
        edit = receive(project, code, who)
        project.apply(edit)
        done.append({"order": code, "label": edit.label, "issues": sum(change.layer == "issue" for change in edit.changes)})
    _answer(options, {"receipts": done}, [str(one["label"]) for one in done])
    return DONE


def _feedback(project: Project, options: argparse.Namespace) -> int:
    from chuangwen.services.evidence import write_then
    from chuangwen.services.order_returns import feed_back

    done = []
    for code in _codes(options):
        edit, attached = feed_back(project, code, options.measure, day_if_said(options.at), options.photo)
        write_then(attached, project.files_folder, partial(project.apply, edit))
        done.append(edit.label)
    _answer(options, {"feedback": done}, done)
    return DONE


def _void(project: Project, options: argparse.Namespace) -> int:
    from chuangwen.services.order_issuing import void_order

    done = []
    for code in _codes(options):
        edit = void_order(project, code, options.reason)
        project.apply(edit)
        done.append(edit.label)
    _answer(options, {"void": done}, done)
    return DONE


def _list(project: Project, options: argparse.Namespace) -> int:
    from chuangwen.services.order_returns import reach_of

    layer = project.layers["order"]
    got = received(project.features("receipt"))
    rows: list[dict[str, Any]] = []
    for order in project.features("order"):
        if options.meeting and options.meeting not in plain(order.get("source_meeting")):
            continue
        if options.unit and order.get("unit") != options.unit:
            continue
        reached = reach_of(project, order, got)
        rows.append({**order.values, "id": order.id, "received": len(reached.received), "targets": len(reached.targets), "reach_rate": reached.rate})
    lines = [
        "  ".join(
            (plain(row["code"]), layer.field("kind").show(row["kind"]), plain(row["unit"]), layer.field("status").show(row["status"]), str(row["reach_rate"]))
        )
        for row in rows
    ]
    _answer(options, {"orders": rows}, lines or [_("还没有文书。")])
    return DONE


def _reach(project: Project, options: argparse.Namespace) -> int:
    from chuangwen.services.order_returns import reach_of, write_call_list

    found = []
    lines = []
    for code in _codes(options):
        if options.out is not None:
            write_call_list(project, project.feature(project.layers["order"], code), options.out)
        reached = reach_of(project, project.feature(project.layers["order"], code))
        unreached = [{"layer": one.layer, "code": one.code, "name": one.name, "unit": one.unit} for one in reached.unreached]
        late = [{"layer": one.layer, "code": one.code, "unit": one.unit, "received_at": one.received_at} for one in reached.late]
        found.append(
            {"order": code, "rate": reached.rate, "received": len(reached.received), "targets": len(reached.targets), "unreached": unreached, "late": late}
        )
        lines.append(_("{code}：{got}/{all} 已签收，{rate}").format(code=code, got=len(reached.received), all=len(reached.targets), rate=reached.rate))
        lines += [_("  未签收：{code} {name} {unit}").format(code=one.code, name=one.name, unit=one.unit) for one in reached.unreached]
        lines += [_("  迟签收：{code} {name} {unit}").format(code=one.code, name=one.name, unit=one.unit) for one in reached.late]
    _answer(options, {"reach": found}, lines)
    return DONE


def _split(project: Project, options: argparse.Namespace) -> int:
    from chuangwen.services.order_choice import chosen
    from chuangwen.services.unit_lists import export_split

    if options.out is None:
        raise UserError(_("请用 --out 给出清单写到哪个文件夹。"))
    done = export_split(project, chosen(project, options.codes), options.out)
    files = [{"unit": one.unit or None, "rows": len(one.rows), "shared": sum(one.shared), "file": str(path)} for one, path in done]
    _answer(
        options,
        {"files": files},
        [_("{unit}：{rows} 个问题，{file}").format(unit=one["unit"] or _("待指定"), rows=one["rows"], file=one["file"]) for one in files],
    )
    return DONE


def _codes(options: argparse.Namespace) -> Sequence[str]:
    if not options.codes:
        raise UserError(_("请给出编号。"))
    codes: Sequence[str] = options.codes
    return codes


def _draft_json(draft: OrderDraft) -> dict[str, Any]:
    return {
        "code": draft.code,
        "kind": draft.template.kind,
        "unit": draft.unit,
        "issues": [one.code for one in draft.issues],
        "due_at": draft.due,
        "due_time": draft.due_time or None,
        "previous_order": draft.previous or None,
        "copied_to": list(draft.copies),
        "duties": dict(draft.duties),
        "problems": list(draft.problems),
        "warnings": list(draft.warnings),
    }


def _say(draft: OrderDraft) -> None:
    for word in draft.problems:
        print(_("  不能开单：{word}").format(word=word))
    for word in draft.warnings:
        print(_("  注意：{word}").format(word=word))


def _answer(options: argparse.Namespace, found: dict[str, Any], lines: Sequence[str]) -> None:
    print_json(found) if options.json else print("\n".join(lines))


def _moment(text: str) -> tuple[dt.date | None, str]:
    found = parse(text, "datetime")
    if not isinstance(found, dt.datetime):
        return None, ""
    return found.date(), f"{found:%H:%M}" if found.time() != dt.time() else ""
