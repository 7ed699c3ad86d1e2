"""Places that lack what every place must have: CV-03 and SR-16, SR-19 sites, CV-06 compounds and buildings (SR-51), CV-08 shops, CV-10 zones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.validity import valid_on
from chuangwen.services.checks.areas import campaign_zones, compound_of
from chuangwen.services.checks.check import Check, Finding, Look, NoData, called, text
from chuangwen.services.checks.roads import sections_today
from chuangwen.text import _


def zones_at(look: Look, features: Features) -> list[str | None]:
    """The code of the campaign zone in which each feature lies, the smaller one on a shared border (domain.md 8.4); None: nowhere, or not on the map."""
    zones = campaign_zones(look)
    there = np.flatnonzero(features.located)
    mine, near = shapely.STRtree(zones.geometry).query(shapely.point_on_surface(features.geometry[there]), predicate="intersects")
    codes = [code or name for code, name in zip(text(zones, "code"), text(zones, "name"), strict=True)]
    found: list[str | None] = [None] * len(features)
    for at, zone in zip(there[mine].tolist(), near.tolist(), strict=True):
        held = found[at]
        found[at] = codes[zone] if held is None else min(held, codes[zone])
    return found


def _sites(look: Look) -> list[Finding]:
    sites = look.need("site")
    try:
        lying: list[str | None] | None = zones_at(look, sites)
        zones = campaign_zones(look)
        known = {word: code or word for field in ("name", "code") for word, code in zip(text(zones, field), text(zones, "code"), strict=True) if word}
    except NoData:
        look.use("zone")
        lying, known = None, {}
    units, leaders, named, located = text(sites, "responsible_unit"), text(sites, "district_leader"), text(sites, "zone_code"), sites.located
    found = []
    for at in range(len(sites)):
        lacks = [title for title, there in ((_("责任单位"), units[at]), (_("区领导"), leaders[at]), (_("位置"), located[at])) if not there]
        wrong = ""
        if lying is not None:
            wrong = _zone_fault(named[at], known, lying[at], on_map=bool(located[at]))
        said = [_("缺{what}").format(what="、".join(lacks))] if lacks else []
        said += [wrong] if wrong else []
        if said:
            found.append(Finding(f"{called(sites, at)}：{'；'.join(said)}", "site", (sites.ids[at],), by=units[at]))
    return found


def _zone_fault(named: str, known: dict[str, str], lying: str | None, *, on_map: bool) -> str:
    """What is wrong with a site's zone: the one that it names, and the one in which it lies."""
    if named and named not in known:
        return _("登记的网格“{named}”不存在").format(named=named)
    if on_map and lying is None:
        return _("不在任何创建网格里")
    if on_map and named and known[named] != lying:
        return _("登记网格 {named}，实际落在 {lying}").format(named=named, lying=lying)
    return "" if on_map or named else _("没有登记网格")


def _site_count(look: Look) -> list[Finding]:
    sites = look.need("site")
    units, located, target = text(sites, "responsible_unit"), sites.located, look.thresholds.site_target
    places, nobody = int(located.sum()), [at for at, unit in enumerate(units) if not unit]
    look.summary = _("点位 {count}/{target}：已定位 {places}，未定位 {away}，没有责任单位 {nobody}").format(
        count=len(sites), target=target or "—", places=places, away=len(sites) - places, nobody=len(nobody)
    )
    found = []
    if target and len(sites) != target:
        words = (
            _("上报点位应为 {target} 个，现有 {count} 个，少 {less} 个")
            if len(sites) < target
            else _("上报点位应为 {target} 个，现有 {count} 个，多 {less} 个")
        )
        said = words.format(target=target, count=len(sites), less=abs(len(sites) - target))
        found.append(Finding(said, "site", amount=float(abs(len(sites) - target)), measure=_("个")))
    found += [Finding(_("{name}：未定位").format(name=called(sites, at)), "site", (sites.ids[at],), by=units[at]) for at in np.flatnonzero(~located).tolist()]
    return found + [Finding(_("{name}：没有责任单位").format(name=called(sites, at)), "site", (sites.ids[at],)) for at in nobody]


def _leaders(look: Look) -> list[Finding]:
    sites = look.need("site")
    return lacking(sites, (("district_leader", _("区领导")), ("unit_head", _("单位一把手"))), range(len(sites)))


def lacking(features: Features, fields: Sequence[tuple[str, str]], positions: Sequence[int]) -> list[Finding]:
    """A finding for each of `positions` where one of the fields (name, title) is empty."""
    columns = [(text(features, name), title) for name, title in fields]
    units = text(features, "responsible_unit")
    found = []
    for at in positions:
        lacks = [title for column, title in columns if not column[at]]
        if lacks:
            said = _("{name}：缺{what}").format(name=called(features, at), what="、".join(lacks))
            found.append(Finding(said, features.layer.id, (features.ids[at],), by=units[at]))
    return found


def _compounds(look: Look) -> list[Finding]:
    compounds, buildings = look.use("compound"), look.use("building")
    if compounds is None and buildings is None:
        raise NoData(look.title("compound"))
    found = []
    if compounds is not None:
        now = np.flatnonzero(valid_on(compounds, look.today)).tolist()
        found += lacking(compounds, (("responsible_unit", _("责任单位")), ("person", _("责任人")), ("phone", _("联系电话"))), now)
    if buildings is not None:
        inherited = text(compounds, "responsible_unit") if compounds is not None else []
        owner = compound_of(look, buildings).tolist()
        units, cadres, phones = (text(buildings, name) for name in ("responsible_unit", "cadre", "phone"))
        for at in range(len(buildings)):
            unit = units[at] or (inherited[owner[at]] if owner[at] >= 0 else "")
            lacks = [title for title, there in ((_("责任单位"), unit), (_("包栋干部"), cadres[at]), (_("联系电话"), phones[at])) if not there]
            if lacks:
                said = _("{name}：缺{what}").format(name=_building(compounds, owner[at], buildings, at), what="、".join(lacks))
                found.append(Finding(said, "building", (buildings.ids[at],), by=unit))
    return found


def _building(compounds: Features | None, owner: int, buildings: Features, at: int) -> str:
    name = called(buildings, at)
    compound = str(compounds.column("name")[owner] or "") if compounds is not None and owner >= 0 else ""
    return name if not compound or compound in name else f"{compound} {name}"


def _shops(look: Look) -> list[Finding]:
    shops = look.need("shop")
    try:
        sections = sections_today(look)
    except NoData:
        look.use("section")
        near, known = np.zeros(len(shops), dtype=bool), set()
    else:
        known = {word for field in ("code", "name", "road_name") for word in text(sections, field) if word}
        near = np.zeros(len(shops), dtype=bool)
        there = np.flatnonzero(shops.located)
        tree = shapely.STRtree(sections.geometry)
        hits = tree.query(shops.geometry[there], predicate="dwithin", distance=look.thresholds.shop_near_m)[0]
        near[there[np.unique(hits)]] = True
    named, signed, units = text(shops, "section_code"), shops.column("letter_signed"), text(shops, "responsible_unit")
    found = []
    for at in range(len(shops)):
        lacks = [] if signed[at] else [_("没有签责任书")]
        if named[at] and named[at] not in known:
            lacks.append(_("登记的路段“{named}”不存在").format(named=named[at]))
        elif not named[at] and not near[at]:
            lacks.append(_("没有责任路段"))
        if lacks:
            found.append(Finding(f"{called(shops, at)}：{'；'.join(lacks)}", "shop", (shops.ids[at],), by=units[at]))
    return found


def _questionnaire(look: Look) -> list[Finding]:
    zones = campaign_zones(look)
    return lacking(zones, (("questionnaire_person", _("问卷责任人")),), range(len(zones)))


CHECKS = (
    Check(
        "CV-03",
        _("点位缺单位、领导、网格或位置"),
        _("点位没有责任单位、没有区领导、没有定位、不在任何创建网格里，或登记的网格与实际落在的网格不同。"),
        "site",
        _("在属性里补上；位置用“放到地图上”。"),
        _sites,
    ),
    Check(
        "CV-06",
        _("小区、楼栋没有单位或责任人"),
        _("小区缺责任单位、责任人或电话；楼栋缺包栋干部或电话。楼栋没有登记单位的随小区的单位，责任人不随小区。"),
        "compound",
        _("由包联单位报送责任人和电话。"),
        _compounds,
    ),
    Check(
        "CV-08",
        _("门店没有责任书或路段"),
        _("没有签“门前三包”责任书；没有登记路段，20 米以内也没有责任路段；或登记的路段不存在。"),
        "shop",
        _("补签责任书；登记所属路段。"),
        _shops,
    ),
    Check("CV-10", _("网格没有问卷责任人"), _("在用的创建网格没有登记问卷责任人。"), "zone", _("由网格单位明确问卷责任人。"), _questionnaire),
    Check(
        "SR-16",
        _("上报点位个数"),
        _("点位个数与上报的 132 个相同，个个已定位、有责任单位。"),
        "site",
        _("核对点位责任分工表，补登缺的，定位未定位的。"),
        _site_count,
    ),
    Check("SR-19", _("点位没有区领导或一把手"), _("每个点位都要登记挂点区领导和责任单位一把手。"), "site", _("按责任分工表补登。"), _leaders),
)
