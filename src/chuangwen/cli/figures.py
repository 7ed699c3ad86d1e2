"""The reports made of figures: 每日通报, 排名, 未答项, 进驻前未清零."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.cli.answering import DONE, day_if_said, open_project, print_json
from chuangwen.domain.checklist import VERSION_FIELD, version_of
from chuangwen.errors import UserError
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.figures import Table
    from chuangwen.services.project import Project
    from chuangwen.services.statement import Statement


def daily(options: argparse.Namespace) -> int:
    """The bulletin of a day, numbered and written."""
    from chuangwen.services.bulletin import issue
    from chuangwen.services.figures import as_json

    issued = issue(open_project(options), options.out, day_if_said(options.date))
    if options.json:
        names = ("dispatched", "closed", "rectification", "on_time", "open", "overdue")
        whole = {name: issued.facts.total(name) for name in names} | {name: issued.facts.today(name) for name in ("new", "ended")}
        figures = {name: {"numerator": one.numerator, "denominator": one.denominator, "text": one.text} for name, one in whole.items()}
        visited = None if issued.facts.visited is None else len(issued.facts.visited)
        sites = {"visited": visited, "all": len(issued.facts.view.features("site"))}
        files = [str(path) for path in issued.files]
        number = {"year": issued.number.year, "number": issued.number.number, "total": issued.number.total}
        print_json({"files": files, **number, "date": issued.facts.day, "figures": figures, "sites": sites, "ranking": as_json(issued.facts.units)})
    else:
        for path in issued.files:
            print(_("已写入 {file}：{number}。").format(file=path, number=issued.number.text))
    return DONE


def rank(options: argparse.Namespace) -> int:
    """A table of all figures, ranked; frozen, or held against a frozen one."""
    from chuangwen.services import frozen
    from chuangwen.services.figures import as_json, ranking_rules, table
    from chuangwen.services.issue_moves import moves_of
    from chuangwen.services.report_lists import ranking

    project = open_project(options)
    moves = moves_of(project, project.features("issue"))
    rules = ranking_rules(project.files_folder)
    if options.frozen:
        return _frozen(project, options)
    found = table(project, project.campaign, options.group, _period(options), moves=moves, rules=rules)
    if options.out is not None:
        _written(ranking(project, project.campaign, found), options.out)
    if options.freeze:
        project.apply(frozen.freeze(project, found, options.freeze))
    if options.json:
        print_json(as_json(found))
    else:
        _print(found)
    return DONE


def _frozen(project: Project, options: argparse.Namespace) -> int:
    from chuangwen.services import frozen
    from chuangwen.services.figures import ranking_rules
    from chuangwen.services.issue_moves import moves_of

    kept = project.feature(project.layers["frozen"], _code(project, options.frozen))
    content = frozen.thawed(kept)
    live = frozen.today(project, project.campaign, content, moves_of(project, project.features("issue")), ranking_rules(project.files_folder))
    changed = frozen.differences(kept, live)
    if options.json:
        print_json(
            {
                "name": kept.name,
                "frozen": content,
                "checklist_version": version_of(kept.get(VERSION_FIELD)),
                "changed": [{"group": one.group, "indicator": one.indicator, "then": one.then, "now": one.now} for one in changed],
            }
        )
        return DONE
    print(_("{name}（{period}，{at}定格）").format(name=kept.name, period=content["period"]["title"], at=content["data_time"]))
    print(_("测评标准版本：{version}").format(version=version_of(kept.get(VERSION_FIELD))))
    for line in content["lines"]:
        rate = line["figures"].get("rectification")
        if line["place"] is not None and rate is not None:
            print(f"{line['place']:>4}  {line['title']}  {rate['text']}（{rate['numerator']}/{rate['denominator']}）")
    for one in changed:
        print(_("  现在不同：{group} {indicator} {then} → {now}").format(group=one.group, indicator=one.indicator, then=one.then or "—", now=one.now or "—"))
    return DONE


def _code(project: Project, name: str) -> str:
    records = project.features("frozen")
    return next((str(code) for code, title in zip(records.column("code"), records.column("name"), strict=True) if title == name), name)


def unanswered(options: argparse.Namespace) -> int:
    """未答项 (SR-05)."""
    from chuangwen.services.report_lists import unanswered_list

    project = open_project(options)
    made, found = unanswered_list(project, project.campaign)
    issues = project.features("issue")
    if options.out is not None:
        _written(made, options.out)
    if options.json:
        print_json({"count": len(found), "issues": [{"code": issues.column("code")[issues.index[row_id]], "empty": lacks} for row_id, lacks in found]})
    else:
        print(_("未答项 {count} 条").format(count=len(found)))
        for row_id, lacks in found:
            print(f"{issues.column('code')[issues.index[row_id]]}  " + "、".join(issues.layer.field(name).title for name in lacks))
    return DONE


def uncleared(options: argparse.Namespace) -> int:
    """进驻前未清零 (SR-18)."""
    from chuangwen.services.report_lists import uncleared_list

    project = open_project(options)
    made, found = uncleared_list(project, project.campaign)
    issues = project.features("issue")
    if options.out is not None:
        _written(made, options.out)
    total = sum(len(ids) for _unit, ids in found)
    if options.json:
        units = [{"unit": unit, "count": len(ids), "issues": [issues.column("code")[issues.index[one]] for one in ids]} for unit, ids in found]
        print_json({"count": total, "arrival": project.campaign.arrival, "units": units})
    else:
        print(_("进驻前未清零 {count} 条").format(count=total))
        for unit, ids in found:
            print(f"{len(ids):>5}  {unit or _('（未定单位）')}")
    return DONE


def _written(made: Statement, out: Path) -> None:
    """To the file, or as document and workbook into the folder."""
    from chuangwen.services.statement import ENDINGS, write

    for path in [out / f"{made.title}{ending}" for ending in ENDINGS] if out.is_dir() else [out]:
        write(made, path)


def _print(found: Table) -> None:
    rate, whole = found.column("rectification"), found.total
    print(_("{period}　全区 {rate}").format(period=found.period.title, rate=whole.figures[rate].words))
    for line in found.lines:
        place: Any = line.place if line.place is not None else "—"
        print(f"{place:>4}  {line.group.title}  {line.figures[rate].words}" + (_("  无交办") if line.place is None and line.group.key else ""))


def _period(options: argparse.Namespace) -> Any:
    from chuangwen.domain.issue_facts import Period

    start, end = day_if_said(options.start), day_if_said(options.end)
    if start and end and end < start:
        raise UserError(_("期间的最后一天早于第一天。"))
    return Period(start, end)
