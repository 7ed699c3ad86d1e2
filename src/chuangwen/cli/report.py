"""`report`: what is printed for leaders and units, one subcommand a report (盲区检查表 …)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from chuangwen.cli import figures, ladder, responsibility_map, unit
from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.text import _


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The reports, each with options of its own: `report coverage P.gpkg --out FILE`."""
    kinds = command.add_subparsers(dest="kind", metavar=_("报表"), required=True)

    def kind(name: str, title: str) -> argparse.ArgumentParser:
        one = kinds.add_parser(name, help=title, description=title)
        one.add_argument("project", type=Path, metavar="P.gpkg")
        # The same options stand at `report` itself: without a default here the one that is not given leaves the other's value.
        one.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=_("输出一个 JSON 对象"))
        one.add_argument("--by", default=argparse.SUPPRESS, metavar=_("姓名"), help=_("写入修改经过的姓名"))
        return one

    coverage = kind("coverage", _("盲区检查表（docx、xlsx）"))
    coverage.add_argument("--out", type=Path, required=True, metavar="FILE.docx|.xlsx")
    coverage.add_argument("--check", action="append", default=[], metavar="CV-01", help=_("只要这一项，可多次给出"))

    whole = kind("responsibility", _("责任一张图：每处归谁，哪里没人管、哪里两家管（xlsx）"))
    whole.add_argument("--out", type=Path, metavar="FILE.xlsx")
    whole.add_argument("--category", action="append", default=[], metavar=_("类别"), help=_("按这一类问题的规则，可多次给出；默认不分类别"))

    def out(one: argparse.ArgumentParser, *, required: bool = False) -> argparse.ArgumentParser:
        one.add_argument("--out", type=Path, metavar="FILE.docx|.xlsx|DIR", required=required, help=_("写到这个文件；给文件夹则文档和表格各一份"))
        return one

    unit.add_card_arguments(kind("unit-card", _("单位责任卡：一个单位一页（docx）")))

    daily = out(kind("daily", _("每日通报（docx、xlsx，按年编号）")), required=True)
    daily.add_argument("--date", metavar="YYYY-MM-DD", help=_("哪一天的通报；默认今天"))

    rank = out(kind("rank", _("整改率排名和全部指标")))
    rank.add_argument("--group", default="unit", metavar="unit|zone|street|source|level|category|subcategory|site|section", help=_("按什么分组；默认责任单位"))
    rank.add_argument("--from", dest="start", metavar="YYYY-MM-DD", help=_("统计期间的第一天"))
    rank.add_argument("--to", dest="end", metavar="YYYY-MM-DD", help=_("统计期间的最后一天"))
    rank.add_argument("--freeze", default="", metavar=_("名称"), help=_("定格这张表，以后不再改动"))
    rank.add_argument("--frozen", default="", metavar=_("名称"), help=_("显示定格的表，并与现在比较"))

    for name, title in (("unanswered", _("未答项：缺单位、时限、措施或状态的问题")), ("uncleared", _("进驻前未清零：点位及周边未销号的问题，按单位"))):
        out(kind(name, title))
    for name, title in (("escalation", _("催督办建议：谁该催、该督、该通报")), ("deduction", _("扣分建议")), ("transfer", _("移交纪委监委清单"))):
        one = kind(name, title)
        one.add_argument("--out", type=Path, metavar="FILE.xlsx")
        if name == "deduction":
            one.add_argument("--apply", action="store_true", help=_("记入扣分台账"))


def kind_first(arguments: list[str]) -> list[str]:
    """`report P.gpkg daily` means `report daily P.gpkg`: elsewhere the project comes first."""
    if len(arguments) > 2 and arguments[0] == "report" and arguments[1] not in REPORTS and arguments[2] in REPORTS:
        return [arguments[0], arguments[2], arguments[1], *arguments[3:]]
    return arguments


def run(options: argparse.Namespace) -> int:
    """Write one report."""
    return REPORTS[options.kind](options)


def _coverage(options: argparse.Namespace) -> int:
    from chuangwen.services.checks.registry import run as run_checks
    from chuangwen.services.coverage_sheet import CoverageSheet, write

    project = open_project(options)
    results = run_checks(project, project.campaign, options.check or None)
    write(CoverageSheet(project, project.campaign, results), options.out)
    found = sum(len(one.findings) for one in results)
    if options.json:
        print_json({"file": str(options.out), "checks": len(results), "findings": found})
    else:
        print(_("已写入 {file}：{checks} 项检查，{count} 处。").format(file=options.out, checks=len(results), count=found))
    return DONE


REPORTS: dict[str, Callable[[argparse.Namespace], int]] = {
    "coverage": _coverage,
    "unit-card": unit.card,
    "responsibility": responsibility_map.responsibility,
    "escalation": ladder.escalation,
    "deduction": ladder.deduction,
    "transfer": ladder.transfer,
    "daily": figures.daily,
    "rank": figures.rank,
    "unanswered": figures.unanswered,
    "uncleared": figures.uncleared,
}
