"""Who has been where: CV-11 and SR-61 sites to be visited every day, CV-15 worksites to be inspected, CV-12 orders to be received (SR-58, SR-59)."""

from __future__ import annotations

import datetime as dt

from chuangwen.domain.feature import Features
from chuangwen.domain.validity import as_day
from chuangwen.services.checks.areas import campaign_zones
from chuangwen.services.checks.check import Check, Finding, Look, NoData, called, listed, text
from chuangwen.text import _

_SENT = ("printed", "sent", "received")
_CASCADE = "cascade"


def visited(look: Look, layer: str) -> dict[dt.date, set[str]]:
    """Day → ids of the features of `layer` that were visited on it. Raises `NoData` where no visit was ever recorded."""
    visits = look.need("visit")

    def find() -> dict[dt.date, set[str]]:
        places = look.need(layer)
        words = {word: row_id for name in ("name", "code") for row_id, word in zip(places.ids, text(places, name), strict=True) if word}
        names = {layer, look.title(layer)}
        found: dict[dt.date, set[str]] = {}
        for kind, code, at in zip(text(visits, "place_layer"), text(visits, "place_code"), visits.column("arrived_at"), strict=True):
            if at is not None and (kind in names or not kind) and code in words:
                found.setdefault(as_day(at), set()).add(words[code])
        return found

    result: dict[dt.date, set[str]] = look.once(f"visited {layer}", find)
    return result


def _today(look: Look) -> list[Finding]:
    sites = look.need("site")
    there = visited(look, "site").get(look.today, set())
    units = text(sites, "responsible_unit")
    look.summary = _("今日已到 {there}/{all}").format(there=len(there), all=len(sites))
    return [
        Finding(_("{name}：今日未到").format(name=called(sites, at)), "site", (row_id,), by=units[at])
        for at, row_id in enumerate(sites.ids)
        if row_id not in there
    ]


def _every_day(look: Look) -> list[Finding]:
    sites, days = look.need("site"), visited(look, "site")
    start = look.campaign.start
    if start is None:
        raise NoData(_("战役开始日期"))
    last = min(look.today, look.campaign.end) if look.campaign.end else look.today
    units, codes = text(sites, "responsible_unit"), text(sites, "code")
    found = []
    done = 0
    count = (last - start).days + 1
    for back in range(count):
        look.progress.at(back, count)
        day = last - dt.timedelta(days=back)
        there = days.get(day, set())
        done += len(there)
        missed: dict[str, list[int]] = {}
        for at, row_id in enumerate(sites.ids):
            if row_id not in there:
                missed.setdefault(units[at], []).append(at)
        for unit, members in sorted(missed.items()):
            names = listed([codes[at] or sites.ids[at] for at in members])
            said = _("{day} {unit}：{count} 个点位未到（{names}）").format(day=day.isoformat(), unit=unit or _("没有责任单位"), count=len(members), names=names)
            found.append(Finding(said, "site", tuple(sites.ids[at] for at in members), float(len(members)), _("个"), by=unit))
    if count > 0:
        wanted = count * len(sites)
        look.summary = _("{start} 至 {last}，应到 {wanted} 点次，已到 {done} 点次").format(
            start=start.isoformat(), last=last.isoformat(), wanted=wanted, done=done
        )
    return found


def _worksites(look: Look) -> list[Finding]:
    worksites = look.need("worksite")
    units, codes, names = text(worksites, "responsible_unit"), text(worksites, "code"), text(worksites, "name")
    last: dict[str, dt.date] = {row_id: as_day(day) for row_id, day in zip(worksites.ids, worksites.column("last_inspected_at"), strict=True) if day}
    try:
        for day, there in visited(look, "worksite").items():
            for row_id in there:
                last[row_id] = max(day, last.get(row_id, day))
    except NoData:
        pass
    ordered = _ordered(look, "worksite")
    found = []
    for at, row_id in enumerate(worksites.ids):
        since = max([day for word in (codes[at], names[at]) for day in ordered.get(word, ())], default=look.campaign.start)
        seen = last.get(row_id)
        if seen is None:
            said = _("{name}：没有检查记录")
        elif since is not None and seen < since:
            said = _("{name}：{since} 下达以来没有检查，上次检查 {seen}")
        else:
            continue
        words = said.format(name=called(worksites, at), since=since.isoformat() if since else "", seen=seen.isoformat() if seen else "")
        found.append(Finding(words, "worksite", (row_id,), by=units[at]))
    look.summary = _("已检查 {done}/{all}").format(done=len(worksites) - len(found), all=len(worksites))
    return found


def _ordered(look: Look, layer: str) -> dict[str, list[dt.date]]:
    """Code or name of a place → days on which an order for it was issued, by the receipts that name it."""
    orders, receipts = look.view.features("order"), look.view.features("receipt")
    issued = {
        code: as_day(at)
        for code, at, status in zip(text(orders, "code"), orders.column("issued_at"), text(orders, "status"), strict=True)
        if at and status != "void"
    }
    found: dict[str, list[dt.date]] = {}
    for kind, place, code in zip(text(receipts, "target_layer"), text(receipts, "target_code"), text(receipts, "order_code"), strict=True):
        if kind in (layer, look.title(layer)) and code in issued:
            found.setdefault(place, []).append(issued[code])
    return found


def _unreceived(look: Look) -> list[Finding]:
    orders = look.need("order")
    receipts = look.view.features("receipt")
    got: dict[str, set[str]] = {}
    for code, unit, target, at in zip(
        text(receipts, "order_code"), text(receipts, "unit"), text(receipts, "target_code"), receipts.column("received_at"), strict=True
    ):
        if at is not None:
            got.setdefault(code, set()).update(word for word in (unit, target) if word)
        elif target or unit:
            got.setdefault(code, set())
    targets = _targets(receipts)
    codes, units, kinds, statuses = (text(orders, name) for name in ("code", "unit", "kind", "status"))
    found = []
    issued = [at for at in range(len(orders)) if statuses[at] in _SENT]
    if not issued:
        raise NoData(_("已印发的文书"))
    for at in issued:
        received = got.get(codes[at], set())
        wanted = list(dict.fromkeys([*([units[at]] if units[at] else []), *targets.get(codes[at], ())]))
        if kinds[at] == _CASCADE:
            wanted += _zones(look, received)
        if statuses[at] == "received":
            wanted = [word for word in wanted if word != units[at]]
        missing = [word for word in wanted if word not in received]
        if missing:
            name = called(orders, at)
            said = _("{name}：{who} 未签收").format(name=name, who=listed(missing))
            found.append(Finding(said, "order", (orders.ids[at],), float(len(missing)), _("家"), by=units[at]))
    return found


def _targets(receipts: Features) -> dict[str, list[str]]:
    """Code of an order → the codes of the targets that were noted for it, received or not."""
    found: dict[str, list[str]] = {}
    for code, target in zip(text(receipts, "order_code"), text(receipts, "target_code"), strict=True):
        if target:
            found.setdefault(code, []).append(target)
    return found


def _zones(look: Look, received: set[str]) -> list[str]:
    """The zones that have no receipt, under their own code or their unit's name: a cascade goes to every zone (SR-59)."""
    try:
        zones = campaign_zones(look)
    except NoData:
        return []
    named = zip(text(zones, "code"), text(zones, "responsible_unit"), strict=True)
    return [code for code, unit in named if code not in received and unit not in received]


CHECKS = (
    Check(
        "CV-11",
        _("今日未到的点位"),
        _("今天没有巡查记录的点位。"),
        "site",
        _("安排今天的巡查，到后登记巡查记录。"),
        _today,
    ),
    Check(
        "CV-12",
        _("文书未签收"),
        _("已印发的文书，主送单位或登记的对象没有签收；传达通知要每个创建网格（或其单位）都签收。"),
        "order",
        _("电话催收，登记签收人和时间。"),
        _unreceived,
    ),
    Check(
        "CV-15",
        _("工地未检查"),
        _("在建工地自最近一次下达文书之日起没有检查；没有下达过文书的，自战役开始之日起。"),
        "worksite",
        _("由住建部门逐个检查，登记检查日期。"),
        _worksites,
    ),
    Check(
        "SR-61",
        _("每天到每个点位"),
        _("从战役开始到今天（不晚于结束日），每天每个点位至少有一次巡查；缺的按日期和责任单位列出。"),
        "site",
        _("补登巡查记录；今后的按日安排。"),
        _every_day,
    ),
)
