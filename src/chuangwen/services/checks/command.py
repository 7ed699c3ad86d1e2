"""Who commands and who answers: CV-16 names not in the register, SR-57, SR-62, SR-65, SR-68 (domain.md 1.6)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import folded
from chuangwen.domain.validity import valid_on
from chuangwen.domain.values import LIST_MARK
from chuangwen.exchange.units import Register
from chuangwen.services.checks.check import Check, Finding, Look, called, listed, text
from chuangwen.text import _

_LEAVES = ("zone", "section", "compound")
_HOLDERS = ("site", "zone", "section", "compound", "territory", "worksite")


def register(look: Look) -> Register:
    """The register of units. Raises `NoData` where it is empty."""
    units = look.need("unit")
    found: Register = look.once("register", lambda: Register(units))
    return found


def _names(look: Look) -> list[Finding]:
    known = register(look)
    full = set(known.names)
    found = []
    for layer in look.view.layers.values():
        fields = [one for one in layer.fields if one.type in ("ref", "refs") and one.to == "unit"]
        if not fields:
            continue
        features = look.view.features(layer.id)
        words: dict[str, list[str]] = {}
        for one in fields:
            for row_id, value in zip(features.ids, features.column(one.name), strict=True):
                for word in str(value).split(LIST_MARK) if value else ():
                    if word.strip() and word.strip() not in full:
                        words.setdefault(word.strip(), []).append(row_id)
        for word, ids in sorted(words.items(), key=lambda pair: (-len(pair[1]), pair[0])):
            look.progress.at(0)
            said = f"{_misnamed(known, word)}{_('（{layer} {count} 处）').format(layer=layer.title, count=len(ids))}"
            found.append(Finding(said, layer.id, tuple(dict.fromkeys(ids)), float(len(ids)), _("处")))
    return found


def _misnamed(known: Register, word: str) -> str:
    """What is wrong with a name, and which is meant."""
    meant = known.find(word)
    if meant is not None:
        return _("“{word}”应写全称“{name}”").format(word=word, name=meant)
    close = known.closest(word)
    if close:
        return _("“{word}”不在单位名册中，最接近“{name}”").format(word=word, name=close[0][0])
    return _("“{word}”不在单位名册中").format(word=word)


def assigned(look: Look) -> dict[str, list[str]]:
    """Unit → what it answers for: 点位 3 个, 问题 12 件 (in force today, issues still open)."""

    def find() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for layer in (*_HOLDERS, "issue"):
            if layer not in look.view.layers:
                continue
            features = look.view.features(layer)
            there = is_open(features) if layer == "issue" else valid_on(features, look.today)
            units = text(features, "responsible_unit")
            counts: dict[str, int] = {}
            for at in np.flatnonzero(there).tolist():
                if units[at]:
                    counts[units[at]] = counts.get(units[at], 0) + 1
            for unit, count in counts.items():
                found.setdefault(unit, []).append(f"{look.title(layer)} {count}")
        return found

    result: dict[str, list[str]] = look.once("assigned", find)
    return result


def _units_without(look: Look, fields: tuple[tuple[str, str], ...]) -> list[Finding]:
    units = look.need("unit")
    names, busy = text(units, "name"), assigned(look)
    columns = [(text(units, name), title) for name, title in fields]
    found = []
    for at, name in enumerate(names):
        lacks = [title for column, title in columns if not column[at]]
        if lacks and name in busy:
            said = _("{name}：缺{what}（负责 {tasks}）").format(name=name, what="、".join(lacks), tasks="、".join(busy[name]))
            found.append(Finding(said, "unit", (units.ids[at],), by=name))
    return found


def _heads(look: Look) -> list[Finding]:
    return _units_without(look, (("head", _("一把手")),))


def _liaisons(look: Look) -> list[Finding]:
    return _units_without(look, (("liaison", _("联络员")), ("phone", _("联络电话"))))


def _tree(look: Look) -> list[Finding]:
    units = look.need("unit")
    known = register(look)
    names, parents = text(units, "name"), [known.find(word) or word for word in text(units, "parent")]
    above = dict(zip(names, parents, strict=True))
    found = []
    lost: dict[str, str] = {}
    for at, name in enumerate(names):
        why = _broken_path(name, above)
        if why:
            lost[name] = why
            found.append(Finding(f"{_('单位 {name}').format(name=called(units, at))}：{why}", "unit", (units.ids[at],), by=name))
    for layer in _LEAVES:
        features = look.use(layer)
        if features is not None:
            found += _orphans(look, features, known, lost)
    return found


def _broken_path(name: str, above: dict[str, str]) -> str:
    """Why a unit has no path to the creation office; '' where it has one. A unit without 上级单位 stands directly below the office."""
    seen = [name]
    while above.get(seen[-1]):
        parent = above[seen[-1]]
        if parent not in above:
            return _("上级单位“{name}”不在名册中").format(name=parent)
        if parent in seen:
            return _("上级单位绕成一圈（{names}）").format(names=" → ".join([*seen, parent]))
        seen.append(parent)
    return ""


def _orphans(look: Look, features: Features, known: Register, lost: dict[str, str]) -> Iterator[Finding]:
    units = text(features, "responsible_unit")
    for at in np.flatnonzero(valid_on(features, look.today)).tolist():
        meant = known.find(units[at]) if units[at] else None
        if not units[at]:
            why = _("没有责任单位")
        elif meant is None:
            why = _("责任单位“{name}”不在名册中").format(name=units[at])
        elif meant in lost:
            why = lost[meant]
        else:
            continue
        said = _("{layer} {name}：{why}").format(layer=features.layer.title, name=called(features, at), why=why)
        yield Finding(said, features.layer.id, (features.ids[at],), by=units[at])


def _joint_team(look: Look) -> list[Finding]:
    records = look.need("supervision")
    known = register(look) if look.use("unit") is not None else None
    groups = look.thresholds.joint_team
    found = []
    for at, value in enumerate(text(records, "team_units")):
        members = [word.strip() for word in value.split(LIST_MARK) if word.strip()]
        spelled = [folded(word) for member in members for word in (member, (known.find(member) if known else None) or "") if word]
        lacks = [group[0] for group in groups if not any(folded(word) in name for word in group for name in spelled)]
        if lacks:
            name = called(records, at) or _("第 {row} 条督查记录").format(row=at + 1)
            said = _("{name}：督查组缺{what}（现有 {members}）").format(name=name, what="、".join(lacks), members=listed(members) or _("无"))
            found.append(Finding(said, "supervision", (records.ids[at],)))
    return found


CHECKS = (
    Check(
        "CV-16",
        _("单位名称不在名册中"),
        _("各表里的单位名称与单位名册的全称不同：查不到的，给出最接近的名称；是简称或别名的，给出全称。"),
        "unit",
        _("改成全称，或把这个叫法登记为名册里的别名后改写。"),
        _names,
    ),
    Check("SR-57", _("单位没有一把手"), _("负有责任的单位在名册里没有登记一把手；没有一把手的单位不能印发文书。"), "unit", _("在单位名册里补登。"), _heads),
    Check(
        "SR-62",
        _("指挥体系断档"),
        _("网格、路段、小区没有责任单位，或责任单位不在名册中；单位的上级不在名册中或绕成一圈。没有登记上级的单位视为创建办直管。"),
        "unit",
        _("补登责任单位和上级单位，使每一个末端都能通到创建办。"),
        _tree,
    ),
    Check("SR-65", _("单位没有联络员电话"), _("负有责任的单位没有登记联络员或其电话。"), "unit", _("在单位名册里补登，并核实 24 小时能接通。"), _liaisons),
    Check(
        "SR-68",
        _("联合督查组不齐"),
        _("每条督查记录的督查组要有区委办、政府办、纪委监委、创建办四家。"),
        "supervision",
        _("补齐成员单位，或更正记录。"),
        _joint_team,
    ),
)
