"""From a what-if to what is written: one edit for borders and zone codes, and the list of who hands over what to whom (交接清单, decision 0010)."""

from __future__ import annotations

import datetime as dt

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY, Scalar
from chuangwen.errors import RuleBroken
from chuangwen.services.placing import View
from chuangwen.services.statement import Heading, Listing, Part, Statement, Words
from chuangwen.services.what_if import Party, Preview, Transfer, WhatIf, recoded
from chuangwen.text import _

LISTED = ("issue", "site", "compound", "building", "shop", "worksite", "crossing")
"""What the list names one by one."""


def hand_over(what_if: WhatIf, preview: Preview) -> Edit:
    """The borders as they are now in `what_if` with what `preview` adds, and the zone code of open issues that changed zone, as one step.

    Nobody's unit is changed: issues in work keep theirs until both units consent (domain.md 8.3). Raises `RuleBroken` where the move is refused or
    nothing has moved.
    """
    if preview.refused:
        raise RuleBroken(preview.refused)
    zones, issues = what_if.zones, what_if.view.features("issue")
    shapes = what_if.shapes(preview.reshaped)
    changes = [
        Change("zone", zones.ids[row], {GEOMETRY: zones.geometry[row]}, {GEOMETRY: shape})
        for row, shape in sorted(shapes.items())
        if not shape.equals_exact(zones.geometry[row], 0)
    ]
    if not changes:
        raise RuleBroken(_("边界没有动过。"), hint=_("先拖动一个顶点或一段边界。"))
    column = issues.column("zone_code")
    changes += [
        Change("issue", row_id, {"zone_code": column[issues.index[row_id]]}, {"zone_code": code})
        for row_id, code in recoded(issues, preview.transfers).items()
        if column[issues.index[row_id]] != code
    ]
    names = "、".join(dict.fromkeys(party.code for one in preview.transfers for party in (one.giver, one.taker) if party.code))
    return Edit(_("调整网格边界：{names}").format(names=names or _("{count} 个网格").format(count=len(shapes))), tuple(changes))


def statement(view: View, campaign: Campaign, preview: Preview, day: dt.date) -> Statement:
    """The list for both sides: areas, metres, every issue, site, compound, building and shop, then issues for which consent is to be asked."""
    parts: list[Part] = [
        Words(_("自{year}年{month}月{day}日起，下列网格边界调整，随之移交的事项如下。").format(year=day.year, month=day.month, day=day.day)),
        _overview(preview),
        *(part for number, one in enumerate(preview.transfers, 1) for part in _of(view, number, one)),
        *_consent(preview),
    ]
    notes = (_("面积、长度按项目坐标系计算；未销号的问题只改所在网格，正在办理的责任单位不变，须双方同意后再改派。"),)
    title = _("{district}网格边界调整交接清单").format(district=campaign.district or "")
    return Statement(title, tuple(parts), notes, office=campaign.office or "", day=day)


def who(party: Party) -> str:
    """A zone with its unit, for a list: 文昌一网格（文昌街道办）."""
    name = f"{party.code} {party.name}" if party.name and party.name != party.code else party.code or party.name
    return f"{name}（{party.unit}）" if party.unit else name


def _overview(preview: Preview) -> Listing:
    header = (_("移交方"), _("接收方"), _("面积（m²）"), _("路段（m）"), _("道路（m）"), _("问题"), _("点位"), _("小区"), _("楼栋"), _("门店"))
    rows: list[tuple[Scalar, ...]] = [
        (who(one.giver), who(one.taker), round(one.area_m2, 2), round(one.section_m, 1), round(one.road_m, 1), *(one.count(name) for name in LISTED[:5]))
        for one in preview.transfers
    ]
    return Listing(_("移交汇总"), header, tuple(rows), (32, 32, 18, 15, 15, 10, 10, 10, 10, 10), _("移交汇总"), first=True)


def _of(view: View, number: int, one: Transfer) -> list[Part]:
    rows: list[tuple[Scalar, ...]] = []
    for layer in LISTED:
        for row_id in one.things.get(layer, ()):
            feature = view.features(layer).feature(row_id)
            if feature is not None:
                unit = str(feature.get("responsible_unit") or "") if view.layers[layer].has("responsible_unit") else ""
                rows.append((view.layers[layer].title, feature.code or "", feature.name, unit))
    if not rows:
        return []
    title = _("移交 {number}：{giver} → {taker}").format(number=number, giver=who(one.giver), taker=who(one.taker))
    sheet = _("移交 {number}").format(number=number)
    return [Heading(title), Listing(sheet, (_("类别"), _("编号"), _("名称"), _("现责任单位")), tuple(rows), (20, 35, 60, 45))]


def _consent(preview: Preview) -> list[Part]:
    rows = [
        (one.code, one.before or "—", one.after or "—", one.assigned or "—", _("须征求同意") if one.needs_consent else _("可直接改")) for one in preview.owners
    ]
    if not rows:
        return []
    header = (_("问题编号"), _("原按规则"), _("现按规则"), _("正在负责"), _("怎么办"))
    return [Heading(_("责任单位随边界改变的问题")), Listing(_("责任改变"), header, tuple(rows), (28, 38, 38, 38, 20))]
