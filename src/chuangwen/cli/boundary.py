"""`boundary`: move a vertex or a side of a border of zones; see what changes hands, take it over, write the hand-over list."""

from __future__ import annotations

import argparse
from pathlib import Path

from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.errors import UserError
from chuangwen.text import _

_REACH_M = 5.0


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `boundary`."""
    command.add_argument("--at", required=True, metavar="X,Y", help=_("边界上的顶点或边附近的坐标（米，先东后北）"))
    command.add_argument("--shift", required=True, metavar="DX,DY", help=_("向东、向北移动多少米，例如 --shift=-12,5"))
    command.add_argument("--apply", action="store_true", help=_("写入项目；不给则只预演"))
    command.add_argument("--out", type=Path, metavar="FILE.docx|.xlsx", help=_("把交接清单写到这个文件"))


def run(options: argparse.Namespace) -> int:
    """Preview or do it. Raises `UserError` where no border is near, or the move would tear the zones."""
    from chuangwen.services.handover import HandOver, taking_over
    from chuangwen.services.what_if import COUNTED, WhatIf

    (x, y), (dx, dy) = _pair(options.at, "--at"), _pair(options.shift, "--shift")
    project = open_project(options)
    what = WhatIf(project, project.campaign.today)
    handle = what.nearest(x, y, _REACH_M)
    if handle is None:
        raise UserError(_("({at}) 附近 {reach:.0f} 米内没有网格边界。").format(at=options.at, reach=_REACH_M), hint=_("请给出边界上顶点的坐标。"))
    what.take(handle)
    preview = what.drag(dx, dy)
    edit = taking_over(what, preview)
    hand_over = HandOver(what, preview, project.campaign, project.campaign.today)
    if options.out is not None:
        hand_over.write(options.out)
    if options.apply:
        project.apply(edit)
    if options.json:
        transfers = [
            {
                "from": one.giver.code or None,
                "to": one.taker.code or None,
                "from_unit": one.giver.unit or None,
                "to_unit": one.taker.unit or None,
                "area_m2": round(one.area_m2, 2),
                "section_m": round(one.section_m, 2),
                "road_m": round(one.road_m, 2),
                **{layer: one.count(layer) for layer in COUNTED},
            }
            for one in preview.transfers
        ]
        owners = [{"code": one.code, "from": one.before, "to": one.after, "assigned": one.assigned, "consent": one.needs_consent} for one in preview.owners]
        print_json({"held": handle.kind, "transfers": transfers, "owners": owners, "applied": options.apply, "file": str(options.out) if options.out else None})
        return DONE
    for row in hand_over.rows():
        print("；".join(f"{title}：{value}" for title, value in zip(hand_over.header(), row, strict=True) if value not in (None, 0)))
    for row in hand_over.owners():
        print(_("问题 {code}：{before} → {after}（现承办 {assigned}，改派{consent}）").format(**dict(zip(_OWNER_KEYS, row, strict=True))))
    print(_("已写入项目。") if options.apply else _("只是预演，没有写入；加 --apply 写入。"))
    return DONE


_OWNER_KEYS = ("code", "before", "after", "assigned", "consent")


def _pair(text: str, option: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError as error:
        raise UserError(_("{option} 要给两个数：{text}").format(option=option, text=text), hint=_("例如 --at 436363.1,3094392.2")) from error
    return x, y
