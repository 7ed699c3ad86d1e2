"""The 86 residential compounds (小区) and their 640 buildings (楼栋): 单位包小区、干部包楼栋 (domain.md 5.5).

The compounds of the base map keep their buildings. To them come the courtyards of the old town, named after their lane, and compounds that the survey
of buildings left out: those are built here, on blocks that are still free.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from buildings import Building, Built, Lot, rows_of_slabs
from chance import stream
from curves import parts
from shapely import Polygon, union_all
from town import Town
from zones import Zone

COMPOUNDS, BUILDINGS = 86, 640
_NEW = [
    "桂苑小区",
    "百合花园",
    "翠湖名邸",
    "枫林小区",
    "金色家园",
    "兰亭苑",
    "阳光花园",
    "康宁小区",
    "教师新村",
    "供电宿舍",
    "粮食宿舍",
    "水利宿舍",
    "纺织新村",
    "春晖苑",
    "碧水湾",
    "天和家园",
    "育才小区",
    "明珠花园",
    "新世纪花园",
    "凤凰小区",
    "银杏苑",
    "梧桐苑",
    "龙泉小区",
    "富民小区",
    "祥和家园",
    "北苑小区",
    "西苑小区",
    "东湖小区",
    "和顺苑",
    "民主新村",
    "光明小区",
    "长青苑",
    "玉兰苑",
    "福康小区",
    "运输宿舍",
    "邮电宿舍",
    "山水人家",
    "景秀苑",
    "永安小区",
    "安居苑",
    "鹤鸣小区",
    "望湖名苑",
    "荷塘小区",
    "松鹤苑",
    "邻里家园",
    "新华小区",
    "水岸名都",
    "书苑小区",
]
_QUARTERS = ("north", "crescent", "campus", "east", "west")
_FENCE = 9.0  # metres from the walls to the fence


STRAYS = ("和平新村", "紫薇花苑")
"""Compounds whose last building stands outside the fence and is on nobody's list: planted for the coverage checks."""


@dataclass(frozen=True)
class Home:
    """One compound."""

    code: str
    name: str
    kind: str  # 有物业, 无物业, 老旧, 单位宿舍
    shape: Polygon
    zone: Zone
    community: str
    buildings: tuple[Building, ...]
    stray: Building | None = None

    @property
    def households(self) -> int:
        """Of all its buildings."""
        return sum(households(b) for b in self.buildings)


def stairs(building: Building) -> int:
    """单元数: a stair for some twenty metres of wall."""
    return max(1, round(building.shape.minimum_rotated_rectangle.length / 2 / 24))


def households(building: Building) -> int:
    """Two flats on each floor of a stair; one family in a room or two of an old house."""
    return stairs(building) * building.floors * 2


def _fence(lot: Lot, buildings: list[Building], kept_out: Building | None) -> Polygon:
    """The compound's ground: what of the block lies within reach of its buildings."""
    reach = union_all([b.shape for b in buildings]).convex_hull.buffer(_FENCE, join_style="mitre").intersection(lot.block.ground)
    if kept_out is not None:
        reach = reach.difference(kept_out.shape.buffer(2.0, join_style="mitre"))
    return max(parts(reach, Polygon), key=lambda p: p.area).simplify(0.2)


def _surveyed(town: Town) -> list[tuple[str, Lot, list[Building]]]:
    """The compounds of the base map."""
    by_name: dict[str, list[Building]] = defaultdict(list)
    for b in town.built.buildings:
        if b.compound:
            by_name[b.compound].append(b)
    lots = {lot.owner: lot for lot in town.built.lots}
    return [(name, lots[name], some) for name, some in by_name.items()]


def _courtyards(town: Town) -> list[tuple[str, Lot, list[Building]]]:
    """Old houses that stand on one block, under the name of the lane in front."""
    found: list[tuple[str, Lot, list[Building]]] = []
    names: dict[str, int] = {}
    for lot in town.built.lots:
        houses = [b for b in town.built.buildings if b.use == "民居" and lot.block.ground.contains(b.shape)]
        if len(houses) < 2:
            continue
        road = lot.block.front.road.name
        names[road] = names.get(road, 0) + 1
        name = f"{road}楼院" if names[road] == 1 else f"{road}{names[road]}号楼院"
        found.append((name, lot, [Building(f"{name}{n}栋", b.use, b.floors, b.shape, compound=name, place=name) for n, b in enumerate(houses, 1)]))
    return found


def _unsurveyed(town: Town, compounds: int, buildings: int) -> list[tuple[str, Lot, list[Building]]]:
    """As many compounds with as many buildings as are still lacking, spread over the quarters."""
    lots = [lot for lot in town.built.lots if not lot.owner and not lot.standing and lot.block.quarter in _QUARTERS and 10_000 < lot.block.ground.area < 40_000]
    lots.sort(key=lambda lot: lot.block.number)
    step, found, left = len(lots) / compounds, [], buildings
    for n in range(compounds):
        lot, name = lots[int(n * step)], _NEW[n]
        manner = "old" if n % 3 == 0 or "宿舍" in name else "mid"
        most = -(-left // (compounds - n)) + (1 if n < compounds - 3 else 0)
        built = Built([lot])
        rows_of_slabs(built, lot, name, manner, min(most, left - (compounds - n - 1)), stream(f"compound {name}"))
        left -= len(built.buildings)
        found.append((name, lot, built.buildings))
    if left:
        msg = f"{left} buildings too few"
        raise ValueError(msg)
    return found


def _kind(name: str, buildings: list[Building]) -> str:
    if "宿舍" in name:
        return "单位宿舍"
    if "楼院" in name:
        return "无物业"
    return "老旧" if max(b.floors for b in buildings) <= 6 else "有物业"


def make_homes(town: Town) -> list[Home]:
    """All compounds, by zone."""
    found = [*_surveyed(town), *_courtyards(town)]
    found += _unsurveyed(town, COMPOUNDS - len(found), BUILDINGS - sum(len(some) for *_, some in found))
    homes = []
    for name, lot, some in found:
        stray = some[-1] if name in STRAYS else None
        own = tuple(b for b in some if b is not stray)
        shape = _fence(lot, list(own), stray)
        zone = town.zone_at(shape.representative_point())
        homes.append(Home("", name, _kind(name, some), shape, zone, zone.communities.split("、")[0], own, stray))
    homes.sort(key=lambda h: (h.zone.code, h.name))
    return [replace(home, code=f"XQ-{n:03d}") for n, home in enumerate(homes, 1)]
