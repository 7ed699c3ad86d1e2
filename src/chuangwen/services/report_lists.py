"""Single lists that are laid before leaders: the ranking by itself, 未答项 (SR-05) and 进驻前未清零 by unit (SR-18)."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.deadline import due_text
from chuangwen.domain.feature import Features
from chuangwen.domain.indicators import BY_ID
from chuangwen.domain.ranking import score_text
from chuangwen.domain.values import Scalar, plain
from chuangwen.services.bulletin_facts import short_names
from chuangwen.services.bulletin_parts import formula_note, ranking_listing, time_note
from chuangwen.services.checks.check import Look, NoData
from chuangwen.services.checks.issues import unanswered, uncleared
from chuangwen.services.checks.thresholds import thresholds_of
from chuangwen.services.figures import RANKING, Table
from chuangwen.services.statement import Heading, Listing, Part, Statement, Words
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.placing import View


def ranking(view: View, campaign: Campaign, found: Table) -> Statement:
    """The ranking of a table made with the indicators of `RANKING`, and every other figure it has, in the workbook."""
    title = _("{by}整改率排名").format(by=found.title)
    names = short_names(view) if found.by == "unit" else {}
    shown = found if tuple(one.id for one in found.indicators) == RANKING else _narrowed(found)
    parts: list[Part] = [Words(_("统计期间：{period}。").format(period=found.period.title)), ranking_listing(shown, title, "", names)]
    idle = [names.get(line.group.key, line.group.title) for line in found.idle]
    if idle and found.by == "unit":
        parts.append(Words(_("无交办、不参加排名：{names}。").format(names="、".join(idle))))
    parts += [_everything(found, names), _formulas(found)]
    return Statement(_("{district}{title}").format(district=campaign.district, title=title), tuple(parts), (time_note(found.now), formula_note(found.rules)))


def _narrowed(found: Table) -> Table:
    """The same lines with the figures of the ranking alone."""
    from dataclasses import replace

    at = [found.column(name) for name in RANKING]
    lines = tuple(replace(line, figures=tuple(line.figures[one] for one in at)) for line in found.lines)
    total = replace(found.total, figures=tuple(found.total.figures[one] for one in at))
    return replace(found, indicators=tuple(BY_ID[name] for name in RANKING), lines=lines, total=total)


def _everything(found: Table, names: dict[str, str]) -> Listing:
    """Every indicator with numerator and denominator, for the workbook."""
    header = (_("排名"), found.title, *(one.title for one in found.indicators), _("综合得分"))
    rows: list[tuple[Scalar, ...]] = [
        (
            line.place,
            names.get(line.group.key, line.group.title),
            *(cell.words if cell.denominator is not None or cell.text == "—" else cell.numerator for cell in line.figures),
            score_text(line.score) if line.group.key else None,
        )
        for line in (*found.lines, found.total)
    ]
    return Listing(_("全部指标"), header, tuple(rows))


def _formulas(found: Table) -> Listing:
    rows: list[tuple[Scalar, ...]] = [
        (one.title, one.formula, one.by, one.source, cell.note) for one, cell in zip(found.indicators, found.total.figures, strict=True)
    ]
    return Listing(_("指标口径"), (_("指标"), _("算法"), _("按哪个时间归期"), _("出处"), _("说明")), tuple(rows))


def unanswered_list(view: View, campaign: Campaign) -> tuple[Statement, list[tuple[str, list[str]]]]:
    """未答项: issues without unit, deadline, measure or state; the statement, and (id, empty fields) of each (SR-05)."""
    issues = view.features("issue")
    names = short_names(view)
    found = unanswered(issues)
    rows: list[tuple[Scalar, ...]] = []
    for number, (at, lacks) in enumerate(found, 1):
        titles = "、".join(issues.layer.field(name).title for name in lacks)
        rows.append((number, *about_issue(issues, at, names), titles))
    eve = _eve(campaign)
    rule = _("到 {eve} 必须为 0。").format(eve=eve) if eve else ""
    words = Words(_("问题整改是必答题：缺责任单位、整改时限、整改措施或状态的共 {count} 条。{rule}").format(count=len(rows), rule=rule))
    header = (_("序号"), _("问题编号"), _("位置和问题"), _("责任单位"), _("未答项"))
    listing = Listing(_("未答项"), header, tuple(rows), (11.0, 28.0, 62.0, 26.0, 29.0), centred=frozenset({0}))
    made = Statement(_("{district}问题整改未答项清单").format(district=campaign.district), (words, listing), (time_note(campaign.now),))
    return made, [(issues.ids[at], lacks) for at, lacks in found]


def uncleared_list(view: View, campaign: Campaign) -> tuple[Statement, list[tuple[str, list[str]]]]:
    """进驻前未清零: open issues at sites and around them, by unit; the statement, and (unit, ids) of each (SR-18)."""
    issues = view.features("issue")
    names = short_names(view)
    try:
        found = uncleared(Look(view, campaign, thresholds_of(view)))
    except NoData:
        found = []
    eve = _eve(campaign)
    total = sum(len(members) for _unit, members in found)
    rule = _("到 {eve} 必须清零。").format(eve=eve) if eve else ""
    parts: list[Part] = [
        Words(_("点位及周边未销号问题共 {total} 条，涉及 {units} 个单位。{rule}").format(total=total, units=sum(1 for unit, _rows in found if unit), rule=rule))
    ]
    counts: list[tuple[Scalar, ...]] = [(number, names.get(unit, unit) or _("（未定单位）"), len(members)) for number, (unit, members) in enumerate(found, 1)]
    parts.append(Listing(_("按单位"), (_("序号"), _("责任单位"), _("未清零")), tuple(counts), (14.0, 80.0, 30.0), centred=frozenset({0, 2})))
    everything: list[tuple[Scalar, ...]] = []
    for number, (unit, members) in enumerate(found, 1):
        rows = [
            (at, *about_issue(issues, row, names), due_text({name: issues.column(name)[row] for name in ("due_at", "due_time")}))
            for at, row in enumerate(members, 1)
        ]
        everything += rows
        parts.append(Heading(_("{number}. {unit}（{count} 条）").format(number=number, unit=names.get(unit, unit) or _("（未定单位）"), count=len(members)), 2))
        own = tuple((*row[:3], row[4]) for row in rows)
        parts.append(Listing("", (*_header()[:3], _header()[4]), own, (11.0, 28.0, 92.0, 25.0), centred=frozenset({0, 3})))
    parts.append(Listing(_("清单"), _header(), tuple((number, *row[1:]) for number, row in enumerate(everything, 1))))
    made = Statement(_("{district}进驻前未清零问题清单").format(district=campaign.district), tuple(parts), (time_note(campaign.now),))
    return made, [(unit, [issues.ids[row] for row in members]) for unit, members in found]


def _header() -> tuple[str, ...]:
    return (_("序号"), _("问题编号"), _("位置和问题"), _("责任单位"), _("时限"))


def about_issue(issues: Features, at: int, names: dict[str, str]) -> tuple[str, str, str]:
    """Code, place and problem, and responsible unit of an issue, as lists print them; `names`: unit → how it is called on paper."""
    place = plain(issues.column("site_name")[at] or issues.column("address")[at])
    what, unit = plain(issues.column("description")[at]), plain(issues.column("responsible_unit")[at])
    return plain(issues.column("code")[at]), what if not place or what.startswith(place) else f"{place}：{what}", names.get(unit, unit)


def _eve(campaign: Campaign) -> str:
    """The day before the inspectors arrive."""
    return (campaign.arrival - dt.timedelta(days=1)).isoformat() if campaign.arrival else ""
