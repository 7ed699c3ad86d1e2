"""`assign`: who is responsible for issues by the rules, why nobody else, and the edit that makes it so (domain.md 8.4)."""

from __future__ import annotations

import argparse

from chuangwen.cli.answering import DONE, day_if_said, open_project, print_json
from chuangwen.domain.layer import Layer
from chuangwen.domain.why_not import what
from chuangwen.services.assigning import KEEP, NONE, SET, UNASSIGNED, Proposal, as_json, assign, open_issues, propose_all
from chuangwen.services.responsibility import Resolver
from chuangwen.text import _


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`assign P.gpkg [CODE…] [--apply [--consent]] [--on DAY]`."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help=_("问题编号；不给：所有没有办结的"))
    parser.add_argument("--apply", action="store_true", help=_("写入：没有交办的定责任单位，找不到的转待指定；已经交办的、人工和指定的不动"))
    parser.add_argument("--consent", action="store_true", help=_("同意改：点名的问题已经交办的也按规则改（人工和指定的仍然不动）"))
    parser.add_argument("--on", default="", metavar="YYYY-MM-DD", help=_("按这一天的规则和界线判定，例如 2024-05-12 那天归谁；只看，不写"))


def run(options: argparse.Namespace) -> int:
    """Print the proposals; with --apply write them as one step."""
    from chuangwen.errors import UserError

    if options.on and options.apply:
        raise UserError(_("--on 只用来看过去某一天归谁，不能和 --apply 一起用。"))
    if options.consent and not options.codes:
        raise UserError(_("--consent 要点名：assign P.gpkg CODE --apply --consent。"))
    project = open_project(options)
    layer = project.layers["issue"]
    resolver = Resolver(project, day_if_said(options.on))
    issues = [project.feature(layer, code) for code in options.codes] or open_issues(project)
    proposals = propose_all(issues, resolver, consent=options.consent)
    edit = assign(project, proposals) if options.apply else None
    if edit:
        project.apply(edit)
    if options.json:
        answer = {"day": resolver.day, "issues": [as_json(one) for one in proposals], "notes": list(resolver.rules.notes)}
        written = sum(change.layer == "issue" for change in edit.changes) if edit else 0
        print_json({**answer, "applied": written, "label": edit.label if edit else None})
        return DONE
    for one in proposals:
        _tell(layer, one)
    if resolver.rules.notes:
        words = _("注意：规则文件里有 {count} 处单位不在单位名册中，不起作用，例如：{note}（--json 看全部）")
        print(words.format(count=len(resolver.rules.notes), note=resolver.rules.notes[0]))
    counts = {action: sum(one.action == action for one in proposals) for action in (SET, KEEP, UNASSIGNED, NONE)}
    print(
        _("{count} 个问题：{set} 个可定责任单位，{keep} 个不动，{unassigned} 个转待指定，{none} 个要先定位。").format(
            count=len(proposals), set=counts[SET], keep=counts[KEEP], unassigned=counts[UNASSIGNED], none=counts[NONE]
        )
    )
    if options.apply:
        print(_("已写入：{label}").format(label=edit.label) if edit else _("没有要改的。"))
    return DONE


def _tell(layer: Layer, one: Proposal) -> None:
    found = one.found
    basis = layer.field("unit_basis").show(found.basis)
    head = f"{found.unit}　{basis}：{what(found.winner)}" if found.winner is not None else _("没有责任单位（待指定）")
    print(f"{one.issue.code}  {head}")
    if found.lead is not None:
        print(_("    牵头  {unit}（{why}）").format(unit=found.lead.unit, why=found.lead.why))
    for helper in found.supporting:
        print(_("    配合  {unit}（{why}）").format(unit=helper.unit, why=helper.why))
    for loser in found.losers:
        print(_("    不是  {unit}　{what}：{why}").format(unit=loser.unit or _("（没有单位）"), what=what(loser), why=loser.why_not))
    if one.why:
        now = one.issue.get("responsible_unit")
        print(_("    现状  {unit}：{why}").format(unit=now or _("没有责任单位"), why=one.why))
