"""The 18 worksites (在建工地): a hoarding around a part of a block on which nothing stands yet."""

from __future__ import annotations

from dataclasses import dataclass

from buildings import Lot
from chance import pick, stream
from shapely import Polygon, affinity
from town import Town
from zones import Zone

COUNT = 18
_NAMES = [
    "和悦安置房一期",
    "和悦安置房二期",
    "创新中心",
    "道路提升改造",
    "科创园",
    "公办幼儿园",
    "第六中学新建",
    "绿道驿站",
    "商业综合体",
    "人才公寓",
    "标准厂房三期",
    "停车场建设",
    "雨污管网改造",
    "数据中心",
    "邻里中心",
    "农贸市场新建",
    "棚户区改造",
    "污水泵站",
]
_FIRMS = ("示江一建公司", "华昌建设公司", "鼎新路桥公司", "恒立建工公司", "宏远市政公司", "盛达建筑公司")
_QUARTERS = ("crescent", "campus", "works", "east", "west", "north")


@dataclass(frozen=True)
class Worksite:
    """One worksite. `owner`: the unit of the register that answers for it."""

    code: str
    name: str
    builder: str
    contractor: str
    supervisor: str
    public: bool
    owner: str
    shape: Polygon
    zone: Zone
    hoarding: str


def _plot(lot: Lot) -> Polygon:
    """A rectangle with the streets' direction in the middle of a block."""
    ground, middle = lot.block.ground, lot.block.ground.representative_point()
    for half in (55, 45, 36, 28, 20, 14):
        box = affinity.rotate(Polygon([(-half, -half * 0.7), (half, -half * 0.7), (half, half * 0.7), (-half, half * 0.7)]), lot.block.angle, use_radians=True)
        box = affinity.translate(box, middle.x, middle.y)
        if ground.contains(box):
            return box
    return ground


def make_worksites(town: Town) -> list[Worksite]:
    """All worksites, after the compounds have taken their blocks."""
    rng = stream("worksites")
    lots = [lot for lot in town.built.lots if not lot.owner and not lot.standing and lot.block.quarter in _QUARTERS and lot.block.ground.area > 6_000]
    lots.sort(key=lambda lot: lot.block.number)
    found = []
    for n, name in enumerate(_NAMES):
        lot = lots[int((n + 0.5) * len(lots) / COUNT)]
        lot.owner = name
        shape = _plot(lot)
        public = n % 3 != 2
        owner = "示江城投公司" if public and n % 2 == 0 else "区住建局" if public else "区工信局"
        state = "破损" if n in (4, 13) else "缺失" if n == 9 else "完好"
        builder = "示江城投公司" if public else f"{name[:2]}置业公司"
        supervisor = pick(rng, ("示江监理公司", "方正监理公司", "中信监理公司"))
        zone = town.zone_at(shape.representative_point())
        found.append(Worksite(f"GD-{n + 1:02d}", f"{name}项目", builder, pick(rng, _FIRMS), supervisor, public, owner, shape, zone, state))
    return found
