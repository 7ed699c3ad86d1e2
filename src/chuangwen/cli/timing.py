"""`calendar`, `campaign` and `due`: the working calendar, the dates and phase of the campaign, and by when an issue is due and why (decision 0008)."""

from __future__ import annotations

import argparse
import calendar
import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

from chuangwen.cli.answering import DONE, open_project, print_json
from chuangwen.domain.calendar import OwnDays, hours_text, read_hours
from chuangwen.domain.campaign import PHASES, Campaign, banner, check_dates
from chuangwen.domain.checklist import version_of
from chuangwen.domain.deadline import due_moment, due_text, left_text, minutes_left
from chuangwen.domain.feature import Features
from chuangwen.domain.limits import Timekeeper
from chuangwen.errors import UserError, nearest
from chuangwen.services.checklists import choices, read_version
from chuangwen.services.project import Project
from chuangwen.services.timing import calendar_of, keep_own_days, limit_rules, own_days, timekeeper
from chuangwen.text import _

_WORK = {_("上班"): True, _("休息"): False, "work": True, "rest": False}
_TEXTS = ("title", "district", "office")
_DATES = ("start", "arrival", "end", "fixed_today")


def add_calendar_arguments(parser: argparse.ArgumentParser) -> None:
    """Days to change, hours, the month to show."""
    parser.add_argument("days", nargs="*", metavar=_("2027-01-01=休息"), help=_("把某天改为上班或休息，只影响这个项目"))
    parser.add_argument("--hours", default="", metavar="08:30-12:00,14:30-17:30", help=_("上班时间"))
    parser.add_argument("--filled-to", type=int, default=0, metavar="YEAR", help=_("放假安排已补到哪一年"))
    parser.add_argument("--month", default="", metavar="YYYY-MM", help=_("显示哪个月；默认本月"))
    parser.add_argument("--reset", action="store_true", help=_("恢复默认"))


def run_calendar(options: argparse.Namespace) -> int:
    """Change the working calendar of a project, then show a month of it."""
    project = open_project(options)
    own = OwnDays() if options.reset else own_days(project.store)
    own = replace(own, days={**own.days, **dict(map(_day, options.days))})
    if options.hours:
        own = replace(own, hours=read_hours(options.hours))
    if options.filled_to:
        own = replace(own, last_year=options.filled_to)
    if options.reset or own != own_days(project.store):
        keep_own_days(project.store, own)
    now = calendar_of(project)
    first = _month(options.month) if options.month else project.campaign.today.replace(day=1)
    month = [first.replace(day=number) for number in range(1, calendar.monthrange(first.year, first.month)[1] + 1)]
    days = [{"day": day, "works": now.works(day), "name": now.names.get(day, ""), "changed": day in own.days} for day in month]
    if options.json:
        print_json({"hours": hours_text(now.hours), "last_year": now.last_year, "days": days, "warning": now.beyond(first)})
    else:
        print(_("上班时间 {hours}，放假安排到 {year} 年").format(hours=hours_text(now.hours), year=now.last_year))
        for one in days:
            print(
                "  ".join(
                    part for part in (str(one["day"]), _("上班") if one["works"] else _("休息"), str(one["name"]), _("已改") if one["changed"] else "") if part
                )
            )
        if warning := now.beyond(first):
            print(warning)
    return DONE


def add_campaign_arguments(parser: argparse.ArgumentParser) -> None:
    """Fields to change."""
    parser.add_argument(
        "values",
        nargs="*",
        metavar="field=value",
        help=_(
            "title、district、office；start、arrival、end、fixed_today（日期）；phase=日常|迎检|测评中|复盘；already_arrived=是|否；limit_table=时限表；checklist=测评标准版本"
        ),
    )


def run_campaign(options: argparse.Namespace) -> int:
    """Change the dates and the phase of a project, then say how it stands."""
    project = open_project(options)
    campaign = project.campaign
    for entry in options.values:
        name, equals, text = entry.partition("=")
        if not equals:
            raise UserError(_("“{entry}”应写成 字段=值。").format(entry=entry))
        campaign = replace(campaign, **{name: _value(name, text.strip(), project.files_folder)})
    check_dates(campaign)
    if campaign != project.campaign:
        project.store.set_campaign(campaign)
    keeper = timekeeper(project)
    answer = {name: getattr(campaign, name) for name in (*_TEXTS, *_DATES, "phase", "already_arrived", "limit_table")}
    answer["checklist"] = version_of(campaign.checklist)
    answer |= {"banner": banner(campaign), "days_left": campaign.days_left, "now": campaign.now, "visits_per_day": keeper.visits_per_day}
    if options.json:
        print_json(answer)
    else:
        table = keeper.rules.table(campaign.limit_table)
        words = [campaign.title, banner(campaign), _("阶段：{phase}").format(phase=PHASES[campaign.phase])]
        words += [_("每个点位每天巡查 {count} 次").format(count=keeper.visits_per_day)] if keeper.visits_per_day else []
        words += [_("分类时限：{table}").format(table=table.title)] if table is not None else []
        titles = {one.id: one.title for one in choices(project.files_folder, campaign.checklist)}
        words.append(_("测评标准：{title}").format(title=titles[version_of(campaign.checklist)]))
        print("  ".join(word for word in words if word))
    return DONE


def add_due_arguments(parser: argparse.ArgumentParser) -> None:
    """Which issues."""
    parser.add_argument("codes", nargs="*", metavar="CODE", help=_("问题编号；不写：所有临期和逾期的"))


def run_due(options: argparse.Namespace) -> int:
    """By when issues are due, how much is left, and what the rules would give them."""
    project = open_project(options)
    keeper = timekeeper(project)
    found = _asked(project, options.codes)
    lines = [_line(keeper, found, at) for at in range(len(found))]
    lines.sort(key=lambda line: (line["minutes_left"] is None, line["minutes_left"], line["code"]))
    if options.json:
        print_json({"issues": lines})
    else:
        for line in lines:
            print("  ".join(part for part in (line["code"], line["due"], line["left"], line["why"], *line["notes"]) if part))
    return DONE


def _asked(project: Project, codes: list[str]) -> Features:
    issues = project.features("issue")
    if codes:
        return issues.take([issues.index[project.feature(project.layers["issue"], code).id] for code in codes])
    return issues.take(minutes_left(issues, project.campaign.now) <= 24 * 60)


def _line(keeper: Timekeeper, issues: Features, at: int) -> dict[str, Any]:
    values = issues.at(at).values
    minutes = float(minutes_left(issues.take([at]), keeper.campaign.now)[0])
    dispatched = values.get("dispatched_at")
    start = dispatched if isinstance(dispatched, dt.datetime) else keeper.campaign.now
    proposed, due = keeper.due(values, start), due_moment(values)
    return {
        "code": values.get("code"),
        "due": due_text(values),
        "left": left_text(minutes),
        "minutes_left": None if minutes != minutes else int(minutes),
        "by_rule": proposed.at,
        "why": proposed.why,
        "notes": list(proposed.notes),
        "steps": [{"title": title, "at": moment} for title, moment in proposed.steps],
        "milestones": [{"title": title, "at": moment} for title, moment in keeper.milestones(start, due)] if due is not None and due > start else [],
    }


def _day(entry: str) -> tuple[dt.date, bool]:
    day, _equals, word = entry.partition("=")
    try:
        return dt.date.fromisoformat(day.strip()), _WORK[word.strip()]
    except (ValueError, KeyError):
        raise UserError(_("“{entry}”应写成 2027-01-01=休息 或 2027-01-03=上班。").format(entry=entry)) from None


def _month(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        raise UserError(_("月份“{text}”应写成 2027-01 的样子。").format(text=text)) from None


def _value(name: str, text: str, files_folder: Path) -> Any:
    if name in _TEXTS:
        return text
    if name in _DATES:
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            raise UserError(_("日期“{text}”应写成 2024-06-24 的样子。").format(text=text)) from None
    if name == "already_arrived":
        from chuangwen.domain.values import parse

        return bool(parse(text, "boolean"))
    if name == "phase":
        return _chosen(text, PHASES, _("阶段"))
    if name == "limit_table":
        return _chosen(text, {table.id: table.title for table in limit_rules(files_folder).tables}, _("时限表")) if text else ""
    if name == "checklist":
        chosen = _chosen(text, {one.id: one.title for one in choices(files_folder)}, _("测评标准版本")) if text else ""
        read_version(chosen, files_folder)  # a broken one is not chosen
        return chosen
    raise UserError(_("项目信息里没有“{name}”。").format(name=name), hint=_("有：{names}").format(names="、".join(Campaign.__dataclass_fields__)))


def _chosen(text: str, titles: dict[str, str], what: str) -> str:
    found = next((value for value, title in titles.items() if text in (value, title)), None)
    if found is None:
        close = nearest(text, [*titles, *titles.values()])
        hint = _("是不是“{close}”？").format(close=close) if close else _("可选：{titles}").format(titles="、".join(titles.values()))
        raise UserError(_("没有{what}“{text}”。").format(what=what, text=text), hint=hint)
    return found
