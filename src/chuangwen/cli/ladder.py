"""`report escalation|deduction|transfer`: what the ladder proposes, what the rules charge, who is handed over (domain.md 4.6, 4.7; SR-70, SR-72)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.domain.values import Scalar, plain
from chuangwen.text import _

_Rows = list[list[Scalar]]


def escalation(options: argparse.Namespace) -> int:
    """What is due of the ladder now, as a proposal; nothing is done."""
    from chuangwen.services.escalating import proposals, read_ladder
    from chuangwen.services.figures import ranked_units

    project = open_project(options)
    ranking = ranked_units(project, project.campaign, project.files_folder)
    found = proposals(project, project.campaign.now, read_ladder(project.files_folder), ranking)
    titles = [_("级别"), _("措施"), _("编号"), _("名称"), _("单位"), _("原因"), _("签发")]
    rows: _Rows = [
        [one.due.step.level, one.due.step.name, one.code, one.name, one.unit or _("待指定"), one.due.reason, one.due.step.signed_by] for one in found
    ]
    return _said(options, _("催督办建议"), titles, rows, {"proposals": [one.as_json() for one in found]})


def deduction(options: argparse.Namespace) -> int:
    """The lines that are due for the ledger; `--apply` enters them."""
    from chuangwen.services.deducting import deducted, due_lines, enter, read_scheme

    project = open_project(options)
    found = due_lines(project, project.campaign.now, read_scheme(project.files_folder))
    if options.apply:
        project.apply(enter(project, found))
    titles = [_("日期"), _("单位"), _("扣分"), _("规则"), _("规则内容"), _("问题或事件"), _("说明")]
    rows: _Rows = [[one.event.date, one.event.unit, one.points, one.rule.id, one.rule.name, one.event.subject, one.event.note] for one in found]
    lines = [dict(zip(("date", "unit", "points", "rule", "text", "subject", "note"), row, strict=True)) for row in rows]
    return _said(
        options,
        _("扣分建议"),
        titles,
        rows,
        {"lines": lines, "applied": bool(options.apply), "totals": {unit: float(points) for unit, points in deducted(project).items()}},
    )


def transfer(options: argparse.Namespace) -> int:
    """移交纪委监委: points lost and records with a subjective cause."""
    from chuangwen.services.escalating import transfer_list

    project = open_project(options)
    found = transfer_list(project)
    titles = [_("类别"), _("编号"), _("单位"), _("事由"), _("日期")]
    rows: _Rows = [
        [
            project.layers[one.layer].title,
            one.code,
            plain(one.get("responsible_unit") or one.get("unit")),
            plain(one.get("cause") or one.get("description")),
            plain(one.get("date") or one.get("found_at")),
        ]
        for one in found
    ]
    return _said(
        options, _("移交纪委监委清单"), titles, rows, {"transfer": [dict(zip(("layer", "code", "unit", "cause", "date"), row, strict=True)) for row in rows]}
    )


def _said(options: argparse.Namespace, title: str, titles: Sequence[str], rows: _Rows, found: dict[str, object]) -> int:
    out: Path | None = options.out
    if out is not None:
        from chuangwen.exchange.workbook_out import save_workbook

        save_workbook(out, title, title, titles, rows)
    if options.json:
        print_json(found)
        return DONE
    for row in rows:
        print("  ".join(plain(value) for value in row))
    print(_("{title}：{count} 条").format(title=title, count=len(rows)))
    return DONE
