"""指挥体系: from the district's leaders to the zone chiefs, as far as the project says who they are (domain.md 6.7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from chuangwen.domain.feature import Features
from chuangwen.domain.values import plain
from chuangwen.text import _

_MOST_CHIEFS = 80
"""So many chiefs at most are named; more are counted by street."""


@dataclass(frozen=True, slots=True)
class Post:
    """One who is responsible, and for how much: 区城管局 38."""

    name: str
    load: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the command: `title` with its number, the posts, those of most first."""

    title: str
    posts: tuple[Post, ...]


def levels(zones: Features, sites: Features, short: Callable[[str], str]) -> list[Level]:
    """区领导, 牵头单位, 责任单位, 网格长; a level that nobody has entered is left out. `short`: a unit's name for narrow places."""
    leaders = Counter(_names(sites, "district_leader"))
    leaders.update(dict.fromkeys(set(_names(zones, "district_leader")) - set(leaders), 0))
    found = [
        _level(_("区领导 {count} 人"), leaders, str, _("{count} 点位")),
        _level(_("牵头单位 {count} 个"), Counter(_names(sites, "lead_unit")), short, _("{count} 点位")),
        _level(_("责任单位 {count} 个"), Counter(_names(sites, "responsible_unit")), short, "{count}"),
        _chiefs(zones),
    ]
    return [one for one in found if one.posts]


def _names(features: Features, field: str) -> list[str]:
    return [name for name in map(plain, features.column(field)) if name]


def _level(title: str, counted: Counter[str], short: Callable[[str], str], load: str) -> Level:
    order = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return Level(title.format(count=len(order)), tuple(Post(short(name), load.format(count=count) if count else "") for name, count in order))


def _chiefs(zones: Features) -> Level:
    """By zone while that can be read, else counted by street."""
    codes, chiefs, streets = (list(map(plain, zones.column(name))) for name in ("code", "chief", "street"))
    named = [(street, code, chief) for street, code, chief in zip(streets, codes, chiefs, strict=True) if chief]
    title = _("网格长 {count} 人").format(count=len({chief for _street, _code, chief in named}))
    if len(named) <= _MOST_CHIEFS:
        return Level(title, tuple(Post(chief, code) for _street, code, chief in sorted(named)))
    counted = Counter(street or _("未分街道") for street, _code, _chief in named)
    return Level(title, tuple(Post(street, _("{count} 人").format(count=count)) for street, count in sorted(counted.items())))
