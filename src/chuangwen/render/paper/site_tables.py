"""The tables of a 点位一页表 (domain.md 6.4, blocks 1 to 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from chuangwen.domain.checklist import DIMENSIONS, Checklist
from chuangwen.domain.feature import Feature
from chuangwen.domain.values import plain
from chuangwen.render import fonts
from chuangwen.render.paper.page import Atlas
from chuangwen.render.paper.table import Column, Table
from chuangwen.services.paper.sites import NEAR, SiteSheet
from chuangwen.text import _

_BOX = "□"
_CELL = 1.9  # mm: both margins of a cell, and a little
_DAYS = 7
_WEEKDAYS = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))
_PEN, _TICK = 4.9, 4.5  # mm: height of a row for the pen, for a tick


def people_table(atlas: Atlas, site: Feature, text: float) -> Table:
    """责任: six people or units with their telephones; what the site does not say is taken from the list of units."""
    unit = _unit(atlas, plain(site.get("responsible_unit")))

    def held(name: str) -> str:
        return plain(unit.get(name)) if unit else ""

    lead = _unit(atlas, plain(site.get("lead_unit")))
    cells = (
        (_("区领导"), plain(site.get("district_leader")), ""),
        (_("牵头单位"), atlas.short_unit(site, "lead_unit"), plain(lead.get("office_phone")) if lead else ""),
        (_("责任单位"), atlas.short_unit(site), held("office_phone")),
        (_("一把手"), plain(site.get("unit_head")) or held("head"), ""),
        (_("点位长"), plain(site.get("chief")), ""),
        (_("联络员"), plain(site.get("contact")) or held("liaison"), plain(site.get("phone")) or held("phone")),
    )
    columns = tuple(Column(title, 1.0, "centre") for title, _name, _phone in cells)
    return Table(_("责任"), columns, (tuple("\n".join(word for word in (name, phone) if word) or "—" for _title, name, phone in cells),), text)


def _unit(atlas: Atlas, name: str) -> Feature | None:
    units = atlas.project.features("unit")
    names = units.column("name")
    return units.at(names.index(name)) if name and name in names else None


def check_table(asked: Checklist, standard: str, text: float, width: float) -> Table:
    """对照测评要点: a box before each requirement, the result of the dimension and its date. `standard`: the version's title; `width`: of the frame, mm."""
    columns = (Column(_("维度"), 12, "centre"), Column(_("要点（合格打√）"), 138), Column(_("结果"), 30, "centre"), Column(_("日期"), 14, "centre"))
    room = width * 138 / 194 - _CELL
    rows = []
    for dimension, title in DIMENSIONS.items():
        lines = asked.lines[dimension]
        listed = [_("按材料清单逐项核对")] if dimension == "materials" and lines else flowing([_BOX + line for line in lines], text, room)
        words = "\n".join(listed)
        rows.append((title, words or _("无专项要求"), _("□达标　□不达标") if words else "—", ""))
    return Table(_("对照测评要点：{standard}").format(standard=standard), columns, tuple(rows), text)


def flowing(pieces: Sequence[str], text: float, room: float) -> list[str]:
    """Pieces in lines of `room` mm, none broken that fits a line, a gap between two."""
    lines: list[str] = []
    for piece in pieces:
        longer = f"{lines[-1]}　{piece}" if lines else piece
        if lines and fonts.width(longer, text) <= room:
            lines[-1] = longer
        else:
            lines.append(piece)
    return lines


def advert_table(asked: Checklist, text: float) -> Table:
    """公益广告: theme, how many are required, and room for how many there are; two themes in a row."""
    columns = (Column(_("主题"), 25), Column(_("要求"), 10, "centre"), Column(_("实有"), 11, "centre")) * 2
    cells = [(theme, count, "") for theme, count in asked.adverts]
    if len(cells) % 2:
        cells.append(("", "", ""))
    rows = [(*left, *right) for left, right in zip(cells[::2], cells[1::2], strict=True)]
    return Table(_("公益广告"), columns, tuple(rows), text, _TICK)


def station_table(text: float) -> Table:
    """志愿服务站: staff, facilities, at least three services (SR-29)."""
    columns = (Column(_("人员"), 21, "centre"), Column(_("设施"), 18, "centre"), Column(_("服务内容（三项以上）"), 61))
    row = (_("□在岗＿＿人"), _("□有　□无"), "1．＿＿＿＿＿ 2．＿＿＿＿＿ 3．＿＿＿＿＿")
    return Table(_("志愿服务站"), columns, (row,), text, _PEN)


def material_table(asked: Checklist, text: float, width: float) -> Table:
    """材料清单: what has to be at hand, a box before each, and its state (domain.md 8.2). `width`: of the table, mm."""
    columns = (Column(_("材料（齐全打√）"), 78), Column(_("结果"), 22, "centre"))
    words = "\n".join(flowing([_BOX + line for line in asked.lines["materials"]], text, width * 0.78 - _CELL))
    rows = ((words, _("□齐全\n□不全　□无")),) if words else ()
    return Table(_("材料清单"), columns, rows, text, _TICK)


def issue_table(atlas: Atlas, sheet: SiteSheet) -> Table:
    """待整改问题: those that name the site, and those within 60 m of it."""
    columns = (
        Column(_("图号"), 13, "centre"),
        Column(_("问题编号"), 26),
        Column(_("问题"), 68),
        Column(_("责任单位"), 28),
        Column(_("状态"), 26, "centre"),
        Column(_("时限"), 16, "centre"),
        Column(_("位置"), 17, "centre"),
    )
    status = atlas.project.layers["issue"].field("status")
    rows = []
    for row in sheet.rows["issue"]:
        issue = row.feature
        due = issue.get("due_at")
        day = _("{month}月{day}日").format(month=due.month, day=due.day) if isinstance(due, dt.date) else ""
        away = sheet.away.get(issue.id)
        where = _("本点位") if away is None else _("周边{metres}米").format(metres=round(away))
        nowhere = _("未定位") if issue.geometry is None else _("图外")
        words = (row.number or nowhere, issue.code, plain(issue.get("description")) or issue.name, atlas.short_unit(issue))
        rows.append((*words, status.show(issue.get("status")), day, where))
    title = _("待整改问题（{count} 个：写明本点位的，和 {near:g} 米以内的）").format(count=len(rows), near=NEAR)
    return Table(title, columns, tuple(rows), sheet.paper.text)


def visit_table(today: dt.date, text: float) -> Table:
    """七天巡查: a column a day from today, boxes for the pen."""
    days = [today + dt.timedelta(days=number) for number in range(_DAYS)]
    titles = [_("{month}月{day}日 周{weekday}").format(month=day.month, day=day.day, weekday=_WEEKDAYS[day.weekday()]) for day in days]
    columns = (Column("", 12, "centre"), *(Column(title, 26, "centre") for title in titles))
    blank = ("",) * _DAYS
    rows = ((_("时间"), *blank), (_("巡查人"), *blank), (_("正常"), *(_BOX,) * _DAYS), (_("问题"), *blank))
    return Table(_("巡查记录"), columns, rows, text, _PEN)
