"""`merge`: issues that may be one (SR-09), and one made of several."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.errors import UserError
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The options of `merge`."""
    command.add_argument("codes", nargs="*", metavar="CODE", help=_("保留的问题编号，然后是并入它的；不写：列出可能重复的"))


def run(options: argparse.Namespace) -> int:
    """Merge issues into the first one, or list who may be the same. Raises `UserError` where one may not become void; then nothing is changed."""
    from chuangwen.services.duplicates import merge
    from chuangwen.services.moving import context_of, issues_of

    project = open_project(options)
    if not options.codes:
        return _proposals(project, as_json=options.json)
    if len(options.codes) == 1:
        raise UserError(_("没有说把哪个问题并入 {code}。").format(code=options.codes[0]), hint=_("例如：merge P.gpkg 20240603-001 20240603-007"))
    kept, *others = issues_of(project, options.codes)
    edit = merge(project.layers["issue"], kept, others, context_of(project, [kept.id, *(one.id for one in others)]))
    project.apply(edit)
    if options.json:
        print_json({"label": edit.label, "kept": kept.code, "void": [one.code for one in others]})
    else:
        print(edit.label)
    return DONE


def _proposals(project: Project, *, as_json: bool) -> int:
    from chuangwen.services.checks.thresholds import thresholds_of
    from chuangwen.services.duplicates import proposals

    issues, limits = project.features("issue"), thresholds_of(project)
    found = proposals(issues, project.features("site"), limits.duplicate_likeness, limits.duplicate_distance_m)
    pairs = [(issues.at(one.first), issues.at(one.second), one.likeness) for one in found]
    if as_json:
        print_json({"pairs": [{"codes": [first.code, second.code], "likeness": round(likeness, 1)} for first, second, likeness in pairs]})
        return DONE
    print(_("可能重复 {count} 对").format(count=len(pairs)))
    for first, second, likeness in pairs:
        print(f"{first.code}  {second.code}  {likeness:.0f}%  {first.name}")
    return DONE
