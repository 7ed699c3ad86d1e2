"""The 900 shops (沿街门店) along the road-chief sections, on both sides, each with its door (门前三包, domain.md 5.7)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from chance import pick, stream
from curves import heading
from sections import Section
from shapely import Point
from town import Town

COUNT = 900
UNSIGNED = (211, 463, 700)  # positions of the shops that did not sign
_BUSY = {"商业街": 5.0, "次干道": 1.6, "主干道": 1.0, "支路": 2.0, "背街小巷": 2.2}
_TRADES = {
    "餐饮": ("面馆", "小吃店", "早餐店", "饭庄", "火锅店"),
    "零售": ("便利店", "百货店", "五金店", "文具店", "粮油店"),
    "水果蔬菜": ("果蔬店", "鲜果行"),
    "理发美容": ("理发店", "美容店"),
    "服装鞋帽": ("服装店", "鞋店"),
    "药店": ("大药房",),
    "汽修": ("汽修店", "洗车行"),
    "通讯": ("手机店", "电脑店"),
}
_WORDS = ["福", "顺", "兴", "旺", "佳", "美", "康", "乐", "祥", "和", "源", "丰", "泰", "宏", "盛", "隆", "瑞", "金", "香", "春"]


@dataclass(frozen=True)
class Shop:
    """One shop. `state`: 三包状况."""

    code: str
    name: str
    trade: str
    door: str
    section: Section
    point: Point
    signed: bool
    state: str


def make_shops(town: Town) -> list[Shop]:
    """Shops stand closer on busy streets; none stands in the water or on another road."""
    rng = stream("shops")
    weights = [s.line.length * _BUSY[s.road.rank] for s in town.sections]
    counts = [int(COUNT * w / sum(weights)) for w in weights]
    for n in range(COUNT - sum(counts)):
        counts[n % len(counts)] += 1
    surface = town.network.surface(1.0)
    found: list[Shop] = []
    for section, count in zip(town.sections, counts, strict=True):
        spots = _doors(section, count, town, surface)
        for spot in spots:
            n = len(found)
            trade = pick(rng, list(_TRADES))
            name = f"{pick(rng, _WORDS)}{pick(rng, _WORDS)}{pick(rng, _TRADES[trade])}"
            state = "履行差" if rng.random() < 0.06 else "拒不履行" if rng.random() < 0.004 else "履行好"
            found.append(Shop(f"MD-{n + 1:04d}", name, trade, town.address(spot), section, spot, n not in UNSIGNED, state))
    return found


def _doors(section: Section, count: int, town: Town, surface: object) -> list[Point]:
    """`count` doors, evenly along the section, now left, now right, two metres behind the pavement's edge."""
    found: list[Point] = []
    tries = count * 3
    while len(found) < count:
        found = []
        for n in range(tries):
            on = section.line.interpolate((n + 0.5) / tries, normalized=True)
            side = 1 if n % 2 else -1
            angle, off = heading(section.line, on) + math.pi / 2, section.road.width / 2 + 3.0
            door = Point(on.x + side * off * math.cos(angle), on.y + side * off * math.sin(angle))
            if not town.land.water.contains(door) and not surface.contains(door):  # type: ignore[attr-defined]
                found.append(door)
        tries *= 2
    return [found[int((n + 0.5) * len(found) / count)] for n in range(count)]
