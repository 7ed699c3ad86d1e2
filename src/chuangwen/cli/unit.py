"""`report unit-card` and `note`: what a unit answers for on one page, and what it said (SR-03)."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.cli.answering import DONE, day_if_said, open_project, print_json
from chuangwen.errors import UserError
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Feature
    from chuangwen.services.project import Project


def add_card_arguments(one: argparse.ArgumentParser) -> None:
    """Which units, where to, for whom."""
    one.add_argument("--unit", action="append", default=[], metavar=_("单位"), help=_("全称、简称、别名或编号，可多次给出"))
    one.add_argument("--all", action="store_true", help=_("名录里的全部单位"))
    one.add_argument("--out", type=Path, metavar="FILE.docx|DIR", help=_("写到这个文件，每个单位一页；给文件夹则每个单位一份"))
    one.add_argument("--without-persons", action="store_true", help=_("不写单位名录里的人名和手机"))


def card(options: argparse.Namespace) -> int:
    """The cards of some units, or of all."""
    from chuangwen.services.unit_card import unit_cards
    from chuangwen.services.unit_card_paper import write_cards

    project = open_project(options)
    units = _units(project, options)
    files = write_cards(project, units, options.out, persons=not options.without_persons) if options.out is not None else []
    if options.json:
        print_json(
            {"files": [str(path) for path in files], "cards": [one.as_json() for one in unit_cards(project, units, persons=not options.without_persons)]}
        )
    elif files:
        print(_("已写入 {file}：{count} 个单位。").format(file=options.out, count=len(units)))
    else:
        for one in unit_cards(project, units, persons=not options.without_persons):
            held = "，".join(f"{part.title} {part.count}" for part in one.holdings)
            said = _("未销号 {open}，逾期 {late}，记事 {notes}").format(open=len(one.issues), late=one.late, notes=len(one.notes))
            print(f"{one.unit.name}  {held}  {said}")
    return DONE


def _units(project: Project, options: argparse.Namespace) -> list[Feature]:
    from chuangwen.services.unit_card import unit_named

    if options.all == bool(options.unit):
        raise UserError(_("请用 --unit 写明哪个单位，或用 --all。"))
    return list(project.features("unit")) if options.all else [unit_named(project, word) for word in options.unit]


def add_note_arguments(command: argparse.ArgumentParser) -> None:
    """Of whom, what, when."""
    command.add_argument("unit", metavar=_("单位"), help=_("全称、简称、别名或编号"))
    command.add_argument("text", nargs="?", default="", help=_("要记的话；不写则列出这个单位的记事"))
    command.add_argument("--kind", default="pledge", metavar=_("类别"), help=_("表态（默认）或其他"))
    command.add_argument("--date", metavar="YYYY-MM-DD", help=_("哪一天；默认今天"))


def note(options: argparse.Namespace) -> int:
    """Note what a unit said, then list its notes."""
    from chuangwen.services.notes import noted, notes_of
    from chuangwen.services.unit_card import unit_named

    project = open_project(options)
    unit = unit_named(project, options.unit)
    if options.text:
        kind = str(project.layers["note"].field("kind").read(options.kind))
        project.apply(noted(project, unit, kind, day_if_said(options.date) or project.campaign.today, options.text))
    found = notes_of(project, unit)
    if options.json:
        print_json({"unit": unit.name, "notes": [{"date": one.day, "kind": one.kind, "text": one.text} for one in found]})
    else:
        print(_("{unit}：记事 {count} 条").format(unit=unit.name, count=len(found)))
        for one in found:
            print(f"  {one.day or '—'}  {one.kind}  {one.text}")
    return DONE
