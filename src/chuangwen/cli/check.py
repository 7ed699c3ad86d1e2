"""`check`: the coverage checks, each with a count and a list (design.md §9; domain.md 1.6)."""

from __future__ import annotations

import argparse
import json
from typing import Any

import shapely

from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.services.checks.check import Result
from chuangwen.services.checks.registry import run as run_checks
from chuangwen.services.coverage_sheet import CoverageSheet
from chuangwen.text import _

_TOLD = 5  # findings of one check that are told in words; all of them stand in the JSON


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    command.add_argument("ids", nargs="*", metavar="CV-01", help=_("检查项的编号，可多个；不给则全部"))


def run(options: argparse.Namespace) -> int:
    """Check and tell; what is found is no failure. Raises `UserError` for a check that there is not."""
    project = open_project(options)
    results = run_checks(project, project.campaign, options.ids or None)
    sheet = CoverageSheet(project, project.campaign, results)
    if options.json:
        print_json({"today": project.campaign.today.isoformat(), "checks": [_as_json(sheet, one) for one in results]})
        return DONE
    for one in results:
        print(f"{one.check.id}  {one.check.title}  {one.words}" + (f"  {one.summary}" if one.summary else ""))
        if one.unseen and not one.missing:
            print("       " + _("未查：没有{layers}数据").format(layers="、".join(one.unseen)))
        for finding in one.findings[:_TOLD]:
            print(f"       {finding.text}")
        if len(one.findings) > _TOLD:
            print("       " + _("还有 {count} 处，用 --json 看全部，或用 report coverage 写成检查表。").format(count=len(one.findings) - _TOLD))
    return DONE


def _as_json(sheet: CoverageSheet, result: Result) -> dict[str, Any]:
    return {
        "id": result.check.id,
        "title": result.check.title,
        "definition": result.check.definition,
        "state": result.state,
        "count": len(result.findings),
        "missing": result.missing or None,
        "unseen": list(result.unseen),
        "summary": result.summary,
        "findings": [
            {
                "text": one.text,
                "layer": one.layer or None,
                "codes": sheet.codes(one),
                "ids": list(one.ids),
                "amount": one.amount,
                "measure": one.measure or None,
                "unit": one.by or None,
                "geometry": json.loads(shapely.to_geojson(one.geometry)) if one.geometry is not None else None,
            }
            for one in result.findings
        ],
    }
