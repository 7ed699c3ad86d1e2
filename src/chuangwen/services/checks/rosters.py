"""Rosters: CV-09 police at crossings (SR-49), CV-14 hours that nobody covers (SR-41, SR-47), SR-60 posts that lack something."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from chuangwen.domain.feature import Features
from chuangwen.domain.validity import as_day, valid_on
from chuangwen.services.checks.areas import campaign_zones
from chuangwen.services.checks.check import Check, Finding, Look, NoData, called, listed, text
from chuangwen.services.checks.thresholds import minutes
from chuangwen.text import _

_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Shift:
    """One row of the roster. `day` None: every day; `begin` and `end` in minutes from midnight, the end beyond 24 h where it goes on into the next day."""

    at: int
    kind: str
    place: tuple[str, str]  # layer, code
    day: dt.date | None
    begin: int | None
    end: int | None
    count: int

    @property
    def clock(self) -> str:
        """07:30–09:00."""
        return "" if self.begin is None or self.end is None else f"{_clock(self.begin)}–{_clock(self.end)}"


def shifts(posts: Features, titles: dict[str, str]) -> list[Shift]:
    """The roster; `titles`: what layers are called → their ids, for lists that name the kind of place in words."""
    layers, codes, kinds, units = (text(posts, name) for name in ("place_layer", "place_code", "kind", "persons"))
    begins, ends = text(posts, "shift_start"), text(posts, "shift_end")
    planned, days = posts.column("planned_count"), posts.column("date")
    found = []
    for at in range(len(posts)):
        begin, end = minutes(begins[at]), minutes(ends[at])
        if begin is not None and end is not None and end <= begin:
            end += _DAY
        number = planned[at]
        count = int(number) if isinstance(number, int | float) else len([one for one in units[at].replace("，", "、").replace(" ", "、").split("、") if one])
        day = days[at]
        found.append(Shift(at, kinds[at], (titles.get(layers[at], layers[at]), codes[at]), as_day(day) if day else None, begin, end, count))
    return found


def roster(look: Look) -> list[Shift]:
    """The roster, read once a run. Raises `NoData` where there is none."""
    posts = look.need("post")
    found: list[Shift] = look.once("roster", lambda: shifts(posts, {layer.title: layer.id for layer in look.view.layers.values()}))
    return found


def _police(look: Look) -> list[Finding]:
    crossings, limits = look.need("crossing"), look.thresholds
    codes, names = text(crossings, "code"), text(crossings, "name")
    least = [int(value) if isinstance(value, int | float) else limits.police_min for value in crossings.column("police_min")]
    most = [int(value) if isinstance(value, int | float) else limits.police_max for value in crossings.column("police_max")]
    at_word = {word: at for column in (names, codes) for at, word in enumerate(column) if word}
    found = []
    if limits.police_pool < sum(least):
        said = _("要排的路口 {count} 个，最少共 {need} 人，警力不足 {less} 人")
        said = said.format(count=len(crossings), need=sum(least), less=sum(least) - limits.police_pool)
        found.append(Finding(said, "crossing", amount=float(sum(least) - limits.police_pool), measure=_("人")))
    whole = roster(look) if look.use("post") is not None else []
    rows = [one for one in whole if one.kind == "police" and (one.day is None or one.day >= look.today)]
    there: dict[tuple[dt.date | None, str], dict[int, int]] = {}
    for one in rows:
        crossing = at_word.get(one.place[1], -1) if one.place[0] in ("crossing", "") else -1
        counts = there.setdefault((one.day, one.clock), {})
        counts[crossing] = counts.get(crossing, 0) + one.count
    for (day, clock), counts in sorted(there.items(), key=lambda pair: (pair[0][0] or dt.date.min, pair[0][1])):
        found += _shift_faults(look, crossings, _when(day, clock), counts, least, most)
    on_duty = {at for counts in there.values() for at in counts}
    found += [
        Finding(_("{name}：没有排警力").format(name=called(crossings, at)), "crossing", (crossings.ids[at],))
        for at in range(len(crossings))
        if at not in on_duty
    ]
    return found


def _shift_faults(look: Look, crossings: Features, when: str, counts: dict[int, int], least: list[int], most: list[int]) -> list[Finding]:
    found = []
    for at, count in sorted(counts.items()):
        if at >= 0 and not least[at] <= count <= most[at]:
            said = _("{when} {name}：{count} 人，应为 {least}–{most} 人").format(
                when=when, name=called(crossings, at), count=count, least=least[at], most=most[at]
            )
            found.append(Finding(said.strip(), "crossing", (crossings.ids[at],), float(count), _("人")))
    total, pool = sum(counts.values()), look.thresholds.police_pool
    if total > pool:
        said = _("{when} 一个班次共排 {total} 人，可派 {pool} 人，警力不足 {less} 人").format(when=when, total=total, pool=pool, less=total - pool)
        found.append(Finding(said.strip(), "crossing", tuple(crossings.ids[at] for at in sorted(counts) if at >= 0), float(total - pool), _("人")))
    return found


def _hours(look: Look) -> list[Finding]:
    rows = [one for one in roster(look) if one.day is None or one.day >= look.today - dt.timedelta(days=1)]
    limits = look.thresholds
    found: list[Finding] = []
    looked = False
    standby = [one for one in rows if one.kind == "standby"]
    if standby or _assessing(look):
        zones = campaign_zones(look)
        looked = True
        words = {code: [code, name, unit] for code, name, unit in zip(text(zones, "code"), text(zones, "name"), text(zones, "responsible_unit"), strict=True)}
        hours = [(minutes(limits.standby_from) or 0, minutes(limits.standby_to) or _DAY)] * len(zones)
        found += _uncovered(look, zones, list(words.values()), hours, standby, _("值守"), _posts_units(look))
    patrols = [one for one in rows if one.kind == "patrol" and one.place[0] in ("section", "")]
    if patrols:
        sections = look.need("section").take(valid_on(look.need("section"), look.today))
        looked = True
        keys = [[code, name] for code, name in zip(text(sections, "code"), text(sections, "name"), strict=True)]
        hours = [_patrol_hours(look, one) for one in text(sections, "patrol_hours")]
        found += _uncovered(look, sections, keys, hours, patrols, _("巡查"), {})
    if not looked:
        raise NoData(_("值守、巡查岗位"))
    return found


def _posts_units(look: Look) -> dict[int, str]:
    """Row of the roster → the unit that sends it: a zone's standby may be kept at the unit's own door."""
    return dict(enumerate(text(look.need("post"), "unit")))


def _patrol_hours(look: Look, words: str) -> tuple[int, int]:
    """07:00–22:00 as a section has it, else as the thresholds have it, in minutes."""
    for mark in ("——", "—", "–", "-", "~", "～", "至", "到"):
        begin, found, end = words.partition(mark)
        first, last = minutes(begin), minutes(end)
        if found and first is not None and last is not None and first < last:
            return first, last
    return minutes(look.thresholds.patrol_from) or 0, minutes(look.thresholds.patrol_to) or _DAY


def _uncovered(
    look: Look, places: Features, keys: list[list[str]], hours: list[tuple[int, int]], rows: list[Shift], duty: str, units: dict[int, str]
) -> list[Finding]:
    """A finding for each place that has hours without anybody on a day of the roster. `keys`: code, name (and unit) by which the roster may name it."""
    by_key: dict[str, list[Shift]] = {}
    for one in rows:
        word = one.place[1] or units.get(one.at, "")
        by_key.setdefault(word, []).append(one)
    days = _days(look, rows)
    responsible = text(places, "responsible_unit")
    found = []
    for at, words in enumerate(keys):
        look.progress.at(at, len(keys))
        mine = [one for word in dict.fromkeys(words) if word for one in by_key.get(word, ())]
        gaps = []
        minutes_short = 0
        for day in days:
            holes = _holes(_on_day(mine, day), *hours[at])
            minutes_short += sum(end - begin for begin, end in holes)
            if holes:
                gaps.append(f"{day:%m-%d} " + "、".join(f"{_clock(begin)}–{_clock(end)}" for begin, end in holes))
        if gaps:
            said = _("{name}：无人{duty} {gaps}").format(name=called(places, at), duty=duty, gaps=listed(gaps, 3))
            found.append(Finding(said, places.layer.id, (places.ids[at],), round(minutes_short / 60, 1), _("小时"), by=responsible[at]))
    return found


def _days(look: Look, rows: list[Shift]) -> list[dt.date]:
    """The days to be covered: those of the roster from today on, and during the assessment every day that is left of it."""
    found = {one.day for one in rows if one.day is not None and one.day >= look.today}
    if any(one.day is None for one in rows):
        found.add(look.today)
    if _assessing(look):
        last = look.campaign.end or look.today
        found |= {look.today + dt.timedelta(days=number) for number in range((last - look.today).days + 1)}
    return sorted(found)


def _assessing(look: Look) -> bool:
    """Whether the inspectors are here: from the day of their arrival to the end."""
    arrival, end = look.campaign.arrival, look.campaign.end
    return arrival is not None and arrival <= look.today and (end is None or look.today <= end)


def _on_day(rows: Iterable[Shift], day: dt.date) -> list[tuple[int, int]]:
    """From when to when somebody is there on a day, in minutes; a shift of the night before reaches into it."""
    found = []
    for one in rows:
        if one.begin is None or one.end is None or one.count < 1:
            continue
        if one.day is None or one.day == day:
            found.append((one.begin, min(one.end, _DAY)))
        if one.end > _DAY and (one.day is None or one.day + dt.timedelta(days=1) == day):
            found.append((0, one.end - _DAY))
    return sorted(found)


def _holes(covered: list[tuple[int, int]], begin: int, end: int) -> list[tuple[int, int]]:
    found, at = [], begin
    for first, last in covered:
        if first > at and at < end:
            found.append((at, min(first, end)))
        at = max(at, last)
    return [*found, (at, end)] if at < end else found


def _posts(look: Look) -> list[Finding]:
    posts = look.need("post")
    known = _known_places(look)
    units, duties, persons = text(posts, "unit"), text(posts, "duty_text"), text(posts, "persons")
    found = []
    for one in roster(look):
        at = one.at
        lacks = [] if one.place[1] else [_("地点")]
        if not persons[at] and one.count < 1:
            lacks.append(_("人员"))
        lacks += [] if duties[at] else [_("职责")]
        lacks += [] if one.begin is not None and one.end is not None else [_("班次时间")]
        said = [_("缺{what}").format(what="、".join(lacks))] if lacks else []
        if one.place[1] and one.place[0] in known and one.place[1] not in known[one.place[0]]:
            said.append(_("地点“{place}”不存在").format(place=one.place[1]))
        if said:
            name = called(posts, at) or _("第 {row} 个岗位").format(row=at + 1)
            found.append(Finding(f"{name}：{'；'.join(said)}", "post", (posts.ids[at],), by=units[at]))
    return found


def _known_places(look: Look) -> dict[str, set[str]]:
    """Layer → codes and names of its features."""
    layers = {one.place[0] for one in roster(look)} & set(look.view.layers)
    return {layer: {word for name in ("code", "name") for word in text(look.view.features(layer), name) if word} for layer in layers}


def _clock(minute: int) -> str:
    return "24:00" if minute == _DAY else f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _when(day: dt.date | None, clock: str) -> str:
    return " ".join(part for part in (f"{day:%m-%d}" if day else "", clock) if part)


CHECKS = (
    Check(
        "CV-09",
        _("路口警力不合规定"),
        _("今天起的每个班次，每个路口应有 3–5 名民警；一个班次合计不超过 300 人，超过即警力不足；没有排警力的路口也列出。"),
        "crossing",
        _("调整排班；警力不足时减少路口或分班。"),
        _police,
    ),
    Check(
        "CV-14",
        _("值守、巡查有空档"),
        _("排班表里今天起的每一天，网格值守要连续覆盖 00:00–24:00，路段巡查要覆盖 07:00–22:00（路段登记了时段的按登记的），任何时刻至少 1 人。"),
        "post",
        _("在空档时间补排人员。"),
        _hours,
    ),
    Check(
        "SR-60",
        _("岗位不完整"),
        _("每个岗位要有地点（并且存在）、至少 1 人、职责和班次时间。"),
        "post",
        _("在岗位表里补齐。"),
        _posts,
    ),
)
