"""The 132 reported sites (点位), each lying where such a place is, with the units that answer for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import places
import plan
from chance import pick, shuffled, stream
from people import People, Person
from roads import RANK_ORDER
from shapely import Point
from shapely.geometry.base import BaseGeometry
from town import Town
from units import COMPANY, DEPARTMENT, Register, Unit
from zones import Zone

COUNTS = {
    "主次干道": 14,
    "背街小巷": 14,
    "商业大街": 4,
    "公园": 6,
    "广场": 4,
    "社区": 12,
    "小区": 24,
    "农贸市场": 8,
    "商场超市": 5,
    "医院": 5,
    "学校": 10,
    "车站": 2,
    "公交站台": 6,
    "政务大厅": 2,
    "窗口单位": 5,
    "公共文化设施": 4,
    "文明实践中心": 1,
    "文明实践所": 3,
    "文明实践站": 3,
}
# Names without coordinates in the list: what an office has not got round to yet.
UNLOCATED = {
    "月湖花园",
    "镜湖花园",
    "桃李园",
    "和平社区",
    "锦绣社区",
    "学府小学",
    "示江供电营业厅",
    "邮政人民路营业所",
    "云桥村新时代文明实践站",
}
_UNLOCATED_ALLEYS, _UNLOCATED_STOPS = 2, 1

_PLACE_KINDS = {
    "市场": "农贸市场",
    "商场": "商场超市",
    "医院": "医院",
    "学校": "学校",
    "政务大厅": "政务大厅",
    "文化设施": "公共文化设施",
    "社区": "社区",
    "窗口": "窗口单位",
}
_LEAD = {
    "主次干道": "区城管局",
    "背街小巷": "区城管局",
    "商业大街": "区商务局",
    "公园": "区城管局",
    "广场": "区城管局",
    "社区": "区民政局",
    "小区": "区住建局",
    "农贸市场": "区市场监管局",
    "商场超市": "区商务局",
    "医院": "区卫健委",
    "学校": "区教体局",
    "车站": "区交通运输局",
    "公交站台": "区交通运输局",
    "政务大厅": "区行政审批局",
    "窗口单位": "区工信局",
    "公共文化设施": "区文广新旅局",
    "文明实践中心": "区委宣传部",
    "文明实践所": "区委宣传部",
    "文明实践站": "区委宣传部",
}


@dataclass(frozen=True)
class Spot:
    """A place before anybody is made responsible for it: the point reported, and the ground its problems lie on."""

    category: str
    name: str
    point: Point
    extent: BaseGeometry


@dataclass(frozen=True)
class Site:
    """One reported site."""

    code: str
    spot: Spot
    located: bool
    address: str
    zone: Zone
    community: str
    lead: Unit
    responsible: Unit
    leader: Person
    chief: Person
    contact: Person
    volunteers: bool


def _roads(town: Town) -> Iterator[Spot]:
    """Main roads by their longest section, alleys spread over the old town and the north, the commercial streets."""
    longest: dict[str, BaseGeometry] = {}
    for s in town.sections:
        if s.road.rank in (plan.MAIN, plan.SECONDARY) and s.line.length > getattr(longest.get(s.road.name), "length", 0):
            longest[s.road.name] = s.line
    for name, line in list(longest.items())[: COUNTS["主次干道"]]:
        yield Spot("主次干道", name, line.interpolate(0.5, normalized=True), line)
    heart = Point(plan.bent([(-250, 800)])[0])
    alleys = [r for r in town.network.roads if r.rank == plan.ALLEY and r.line.geom_type == "LineString" and r.line.length > 150]
    alleys.sort(key=lambda r: (round(r.line.distance(heart)), r.name))
    for road in alleys[:: len(alleys) // COUNTS["背街小巷"]][: COUNTS["背街小巷"]]:
        yield Spot("背街小巷", road.name, road.line.interpolate(0.5, normalized=True), road.line)
    commercial = {r.name: r.line for r in town.network.roads if r.rank == plan.COMMERCIAL}
    main_street = [s.line for s in town.sections if s.road.name == "中山路"]
    for name, line in (
        ("中山路商业街西段", main_street[0]),
        ("中山路商业街东段", main_street[-1]),
        ("东风路商业街", commercial["东风路"]),
        ("镜湖商业街", commercial["镜湖商业街"]),
    ):
        yield Spot("商业大街", name, line.interpolate(0.5, normalized=True), line)


def _stops(town: Town) -> Iterator[Spot]:
    """Bus stops stand at the kerb, some way after a crossing."""
    wanted = {
        "人民路": "人民路解放路口站",
        "解放东路": "解放东路站",
        "学府大道": "学府大道站",
        "滨江大道": "滨江大道站",
        "示山大道": "示山大道站",
        "市民大道": "市民大道站",
    }
    for road, name in wanted.items():
        section = next(s for s in town.sections if s.road.name == road)
        kerb = section.line.offset_curve(-(section.road.width / 2 - 2.0))
        point = kerb.interpolate(70.0)
        yield Spot("公交站台", f"{name}公交站台", point, point.buffer(18))


def _built(town: Town) -> Iterator[Spot]:
    """Places with buildings."""
    lots = {lot.owner: lot.block.ground for lot in town.built.lots if lot.owner}
    for name, *_ in places.COMPOUNDS[: COUNTS["小区"]]:
        yield Spot("小区", name, lots[name].representative_point(), lots[name])
    for place in [*places.WHOLE_BLOCKS, *places.SMALL, *places.STATIONS]:
        if place.kind == "街道":
            continue
        category = _PLACE_KINDS.get(place.kind, place.kind)
        if category == "文明实践":  # 中心, 所, 站
            category = place.name[place.name.index("文明实践") :]
        shape = max((b.shape for b in town.built.buildings if b.place == place.name), key=lambda s: s.area)
        yield Spot(category, place.name, shape.representative_point(), lots.get(place.name, shape.buffer(15)))


def _spots(town: Town) -> list[Spot]:
    parks = [Spot(g.kind, g.name, g.shape.representative_point(), g.shape) for g in town.greens if g.kind in ("公园", "广场")]
    found = [*_roads(town), *parks, *_built(town), *_stops(town)]
    ordered = [s for category in COUNTS for s in found if s.category == category]
    counted = {category: sum(s.category == category for s in ordered) for category in COUNTS}
    if counted != COUNTS:
        msg = f"sites by category: {counted}"
        raise ValueError(msg)
    return ordered


def _responsible(spot: Spot, zone: Zone, register: Register, section_units: dict[str, Unit], adopters: Iterator[Unit]) -> Unit:
    """Who answers for a site: itself if it is a unit, else whom such places belong to."""
    own = register.find(spot.name)
    if own is not None:
        return own
    if spot.category == "主次干道":
        return section_units[spot.name]
    if spot.category == "小区":
        return next(adopters)
    if spot.category in ("背街小巷", "商业大街", "文明实践所", "文明实践站"):
        return register[zone.street]
    if spot.name == "示江供水公司营业厅":
        return register["示江供水公司"]
    companies = {"公园": "示江园林公司", "广场": "示江园林公司", "农贸市场": "示江市场公司", "公交站台": "示江公交公司"}
    return register[companies.get(spot.category, _LEAD[spot.category])]


def make_sites(town: Town, register: Register, people: People, leaders: list[Person], section_units: dict[str, Unit]) -> list[Site]:
    """All 132, numbered by category as the responsibility table lists them."""
    rng = stream("sites")
    adopters = iter(shuffled(rng, register.of_kind(DEPARTMENT, COMPANY)))
    sites: list[Site] = []
    alleys = stops = 0
    for number, spot in enumerate(_spots(town), start=1):
        zone = town.zone_at(spot.point)
        named = [c for c in zone.communities.split("、") if c in spot.name or spot.name in c]
        located = spot.name not in UNLOCATED
        if spot.category == "背街小巷":
            alleys += 1
            located = alleys > _UNLOCATED_ALLEYS
        if spot.category == "公交站台":
            stops += 1
            located = stops > _UNLOCATED_STOPS
        responsible = _responsible(spot, zone, register, section_units, adopters)
        on_road = spot.category in ("主次干道", "背街小巷", "商业大街")
        sites.append(
            Site(
                code=f"{number:03d}",
                spot=spot,
                located=located,
                zone=zone,
                community=named[0] if named else zone.communities.split("、")[0],
                address=_stretch(town, spot) if on_road else town.address(spot.point),
                lead=register[_LEAD[spot.category]],
                responsible=responsible,
                leader=leaders[number % len(leaders)],
                chief=people.next(),
                contact=people.next(),
                volunteers=spot.category not in ("主次干道", "背街小巷", "公交站台", "公园") and pick(rng, [True, True, True, False]),
            )
        )
    return sites


def _stretch(town: Town, spot: Spot) -> str:
    """`人民路（解放西路至站前大道）`: where the reported piece of a road begins and ends."""
    section = next((s for s in town.sections if s.line == spot.extent), None)
    if section:
        return f"{section.road.name}（{section.start}至{section.end}）"
    name = spot.name.removesuffix("商业街") if spot.name == "东风路商业街" else spot.name
    ends = []
    for xy in (spot.extent.coords[0], spot.extent.coords[-1]):
        crossing = sorted((RANK_ORDER[r.rank], r.name) for r in town.network.roads if r.name != name and r.line.dwithin(Point(xy), 0.05))
        ends.append(crossing[0][1] if crossing else "路尽头")
    return f"{name}（{ends[0]}至{ends[1]}）"
