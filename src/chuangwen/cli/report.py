"""`report`: what is printed for leaders and units, one subcommand a report (盲区检查表 …)."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from chuangwen.cli import ladder
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

    coverage = kind("coverage", _("盲区检查表（docx、xlsx、pdf）"))
    coverage.add_argument("--out", type=Path, required=True, metavar="FILE.docx|.xlsx|.pdf")
    coverage.add_argument("--check", action="append", default=[], metavar="CV-01", help=_("只要这一项，可多次给出"))
    for name, title in (("escalation", _("催督办建议：谁该催、该督、该通报")), ("deduction", _("扣分建议")), ("transfer", _("移交纪委监委清单"))):
        one = kind(name, title)
        one.add_argument("--out", type=Path, metavar="FILE.xlsx")
        if name == "deduction":
            one.add_argument("--apply", action="store_true", help=_("记入扣分台账"))


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
    "escalation": ladder.escalation,
    "deduction": ladder.deduction,
    "transfer": ladder.transfer,
}
