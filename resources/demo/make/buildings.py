"""The 640 building outlines: known places first, then compounds, then works and the houses of the old town.

Every building stands on its block's ground, so it can touch neither a road nor water; within a block each new one must
keep its distance from those already there.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import footprints as fp
import numpy as np
import places
import plan
from blocks import Block, front_point
from chance import stream
from curves import heading
from greens import Green
from shapely import LinearRing, Point, Polygon, affinity, prepare
from shapely.geometry.base import BaseGeometry

TOTAL = 640
Wanted = tuple[str, str, int, Polygon]  # name, use, floors, shape at the origin


@dataclass(frozen=True)
class Building:
    """One outline."""

    name: str
    use: str  # 住宅, 学校, 医院, 商业, 市场, 办公, 文化, 交通, 厂房, 民居
    floors: int
    shape: Polygon
    compound: str = ""
    place: str = ""  # the place or compound it belongs to


@dataclass
class Lot:
    """A block being built on."""

    block: Block
    standing: list[Polygon] = field(default_factory=list)
    owner: str = ""

    def free(self, shape: Polygon, gap: float) -> bool:
        """Whether the shape fits on the ground and keeps `gap` metres from what stands."""
        return self.block.ground.contains(shape) and all(shape.distance(s) >= gap for s in self.standing)


@dataclass
class Built:
    """What has been built so far."""

    lots: list[Lot]
    buildings: list[Building] = field(default_factory=list)
    fields: list[Green] = field(default_factory=list)

    def nearest(self, anchor: BaseGeometry, area: float, most: float = 140_000.0, quarter: str | None = None) -> Lot:
        """The nearest block without an owner and with enough ground."""
        free = [lot for lot in self.lots if not lot.owner and area <= lot.block.ground.area <= most and (not quarter or lot.block.quarter == quarter)]
        return min(free, key=lambda lot: (lot.block.ground.distance(anchor), lot.block.number))


def _at(anchor: tuple[float, float]) -> Point:
    return Point(plan.bent([anchor])[0])


def _spots(lot: Lot, angle: float, step: float = 7.0) -> np.ndarray:
    """A grid of points over the lot, turned with its streets."""
    centre = lot.block.ground.centroid
    x0, y0, x1, y1 = affinity.rotate(lot.block.ground, -angle, origin=centre, use_radians=True).bounds
    xs, ys = np.meshgrid(np.arange(x0 + 4, x1, step), np.arange(y0 + 4, y1, step))
    dx, dy = xs.ravel() - centre.x, ys.ravel() - centre.y
    c, s = math.cos(angle), math.sin(angle)
    return np.column_stack([centre.x + dx * c - dy * s, centre.y + dx * s + dy * c])


def _arrange(built: Built, lot: Lot, wanted: Iterable[Wanted], place: str, gap: float = 11.0) -> bool:
    """Put up the wanted buildings: the first at the gate, the others as near to it as they fit. False if not even the first fits."""
    angle = lot.block.angle
    spots = _spots(lot, angle)
    target = front_point(lot.block)
    for name, use, floors, shape in wanted:
        order = np.argsort(np.hypot(spots[:, 0] - target.x, spots[:, 1] - target.y), kind="stable")
        for x, y in spots[order]:
            stood = fp.placed(shape, float(x), float(y), angle)
            if lot.free(stood, gap):
                lot.standing.append(stood)
                if use == "运动场":
                    built.fields.append(Green(name, use, stood))
                else:
                    built.buildings.append(Building(name, use, floors, stood, place=place))
                middle = lot.block.ground.centroid
                target = Point((stood.centroid.x + middle.x) / 2, (stood.centroid.y + middle.y) / 2)
                break
        else:
            if not lot.standing:
                return False
    return True


def _school(name: str) -> list[Wanted]:
    field_name = f"{name}运动场"
    return [
        (f"{name}教学楼", "学校", 5, fp.horseshoe(66, 12, 44)),
        (field_name, "运动场", 0, fp.running_track(118, 58) if "中学" in name else fp.running_track(82, 44)),
        (f"{name}综合楼", "学校", 5, fp.ell(46, 13, 34)),
        (f"{name}实验楼" if "中学" in name else f"{name}功能楼", "学校", 4, fp.rectangle(48, 14)),
        (f"{name}食堂", "学校", 2, fp.rectangle(30, 22)),
        *([(f"{name}学生公寓", "学校", 6, fp.rectangle(52, 14)), (f"{name}体育馆", "学校", 2, fp.hall(42, 28))] if "中学" in name else []),
    ]


def _hospital(name: str) -> list[Wanted]:
    return [
        (f"{name}门诊楼", "医院", 6, fp.ell(58, 18, 44)),
        (f"{name}住院楼", "医院", 12, fp.aitch(62, 16, 16)),
        (f"{name}医技楼", "医院", 5, fp.rectangle(44, 18)),
        (f"{name}行政楼", "医院", 4, fp.rectangle(32, 13)),
        (f"{name}感染科", "医院", 2, fp.rectangle(24, 12)),
    ]


def _wanted(place: places.Place) -> list[Wanted]:
    name = place.name
    if place.kind == "学校":
        return _school(name)
    if place.kind == "医院":
        return _hospital(name)
    if place.kind == "商场":
        size = (44, 30) if "超市" in name else (96, 62)
        return [(name, "商业", 2 if "超市" in name else 5, fp.podium(*size))]
    if place.kind == "市场":
        return [(f"{name}交易大厅", "市场", 2, fp.hall(54, 36)), (f"{name}附属楼", "市场", 3, fp.rectangle(40, 10))]
    if place.kind == "政务大厅":
        return [(f"{name}主楼", "办公", 8, fp.horseshoe(92, 18, 48)), (f"{name}附楼", "办公", 4, fp.rectangle(50, 16))]
    return [(name, "文化", 4, fp.podium(64, 46) if "体育馆" not in name else fp.running_track(92, 70))]


def _whole_blocks(built: Built) -> None:
    need = {"学校": 27_000, "医院": 16_000, "商场": 9_000, "市场": 7_000, "政务大厅": 16_000, "文化设施": 9_000}
    for place in places.WHOLE_BLOCKS:
        area = need[place.kind] * (1.25 if "中学" in place.name else 0.55 if "超市" in place.name else 1.0)
        while not any(b.place == place.name for b in built.buildings):
            lot = built.nearest(_at(place.anchor), area, most=90_000)
            lot.owner = place.name
            if not _arrange(built, lot, _wanted(place), place.name):
                lot.owner = "no place for a large building"
    for lot in built.lots:
        lot.owner = lot.owner.replace("no place for a large building", "")


def _stations(built: Built) -> None:
    for place in places.STATIONS:
        lot = min(built.lots, key=lambda lot: (lot.block.ground.distance(_at(place.anchor)), lot.block.number))
        hall = fp.podium(150, 34) if "火车" in place.name else fp.podium(78, 36)
        spots, angle = _spots(lot, lot.block.angle, 5.0), lot.block.angle
        anchor = _at(place.anchor)
        for i in np.argsort(np.hypot(spots[:, 0] - anchor.x, spots[:, 1] - anchor.y), kind="stable"):
            shape = fp.placed(hall, float(spots[i, 0]), float(spots[i, 1]), angle)
            if lot.free(shape, 8):
                lot.standing.append(shape)
                built.buildings.append(Building(f"{place.name}{'站房' if '火车' in place.name else '候车楼'}", "交通", 2, shape, place=place.name))
                break


def _small(built: Built, place: places.Place) -> None:
    """A single building with its face to the street, on a block that may hold others."""
    size = {"社区": (26, 13), "窗口": (24, 14), "文明实践": (28, 14), "街道": (40, 14)}[place.kind]
    anchor = _at(place.anchor)
    lots = sorted(built.lots, key=lambda lot: (lot.block.ground.distance(anchor), lot.block.number))
    for lot in lots[:12]:
        for shape in _frontage(lot, size, anchor):
            if lot.free(shape, 7):
                lot.standing.append(shape)
                built.buildings.append(Building(place.name, "办公", 3, shape, place=place.name))
                return
    msg = f"no room for {place.name}"
    raise ValueError(msg)


def _frontage(lot: Lot, size: tuple[float, float], anchor: Point | None = None, step: float = 9.0) -> list[Polygon]:
    """Boxes along the edge of the lot, each with its face to the street, nearest to the anchor first."""
    edge = lot.block.ground.exterior
    found: list[tuple[float, Polygon]] = []
    for d in np.arange(0, edge.length, step):
        here = edge.interpolate(float(d))
        angle = heading(edge, here)
        for side in (1, -1):
            off = size[1] / 2 + 1.2
            x, y = here.x - side * off * math.sin(angle), here.y + side * off * math.cos(angle)
            found.append(
                (here.distance(anchor) if anchor is not None else float(d), fp.placed(fp.rectangle(*size), x, y, angle + (0 if side == 1 else math.pi)))
            )
    return [shape for _, shape in sorted(found, key=lambda f: f[0])]


_MANNERS = {"old": (6, 12.0, 25.0, (38, 52, 66), 9.0), "mid": (11, 14.0, 33.0, (36, 52, 68), 12.0), "tower": (26, 23.0, 52.0, (28, 30), 26.0)}


def _compound(built: Built, name: str, anchor: tuple[float, float], manner: str) -> None:
    """Rows of slabs facing south, a light's distance apart, as the planning rules want them."""
    rng = stream(f"compound {name}")
    most = int(rng.integers(8, 12))
    rows_of_slabs(built, built.nearest(_at(anchor), 9_500 if manner == "old" else 17_000, most=36_000 if manner == "old" else 46_000), name, manner, most, rng)


def rows_of_slabs(built: Built, lot: Lot, name: str, manner: str, most: int, rng: np.random.Generator) -> None:
    """Put up to `most` buildings of a compound on a lot, in its manner (old, mid, tower)."""
    floors, depth, pitch, lengths, gap = _MANNERS[manner]
    lot.owner = name
    angle, centre, ground = lot.block.angle, lot.block.ground.centroid, lot.block.ground
    roomy = min(max((ground.area / 26_000) ** 0.5, 1.0), 1.35)
    pitch, gap = pitch * roomy, gap * roomy
    x0, y0, x1, y1 = affinity.rotate(ground, -angle, origin=centre, use_radians=True).bounds
    shapes: list[Polygon] = []
    y = y1 - depth / 2 - 3
    while y > y0 + depth / 2:
        x = x0 + 4 + rng.uniform(0, 9)
        while x < x1 - 20:
            length = float(lengths[int(rng.integers(len(lengths)))])
            for tried in (length, *(v for v in sorted(lengths, reverse=True) if v < length)):
                outline = fp.tower(tried, depth) if manner == "tower" else fp.slab(rng, tried, depth)
                px, py = x + tried / 2 - centre.x, y - centre.y
                shape = fp.placed(
                    outline, centre.x + px * math.cos(angle) - py * math.sin(angle), centre.y + px * math.sin(angle) + py * math.cos(angle), angle
                )
                if lot.free(shape, 8):
                    shapes.append(shape)
                    lot.standing.append(shape)
                    x += tried + gap
                    break
            else:
                x += 6
        y -= pitch
    for number, shape in enumerate(shapes[:most], start=1):
        built.buildings.append(Building(f"{name}{number}栋", "住宅", floors + int(rng.integers(0, 2)) * (manner != "old"), shape, compound=name, place=name))


def _sheds(built: Built, count: int) -> None:
    """Works halls along the eastern roads."""
    rng = stream("sheds")
    lots = [lot for lot in built.lots if lot.block.quarter == places.WORKS_QUARTER and not lot.owner and lot.block.ground.area < 200_000]
    lots.sort(key=lambda lot: (lot.block.ground.distance(_at((3000, -1900))), lot.block.number))
    firms = ("华昌", "鼎新", "精工", "云桥", "示江", "兴园", "恒立", "盛达", "宏远", "联创")
    for firm, lot in zip(firms, lots, strict=False):
        before = len(built.buildings)
        sizes = [(fp.rectangle(float(rng.integers(70, 105)), float(rng.integers(32, 48))), "厂房", 1) for _ in range(4)]
        wanted = [
            (f"{firm}公司办公楼", "办公", 5, fp.rectangle(42, 14)),
            *((f"{firm}公司{i}号厂房", use, n, shape) for i, (shape, use, n) in enumerate(sizes, 1)),
        ]
        lot.owner = f"{firm}公司"
        _arrange(built, lot, wanted[: 1 + int(rng.integers(3, 5))], f"{firm}公司", gap=14)
        if len(built.buildings) - before == 0:
            lot.owner = ""
        if sum(b.use == "厂房" for b in built.buildings) >= count:
            return


def _terraces(built: Built, until: int) -> None:
    """Rows of old houses and single courtyards along the lanes of the old town, outward from its heart, until there are enough."""
    rng = stream("terraces")
    heart = _at((-430, 560))
    lots = [lot for lot in built.lots if lot.block.quarter == places.TERRACE_QUARTER and not lot.owner and lot.block.ground.area < 40_000]
    for lot in sorted(lots, key=lambda lot: (lot.block.ground.distance(heart), lot.block.number)):
        edge = lot.block.ground.exterior
        along = float(rng.uniform(0, 12))
        while along < edge.length:
            if len(built.buildings) >= until:
                return
            single = rng.random() < 0.3
            length, depth = float(rng.uniform(15, 23)) if single else float(rng.uniform(32, 74)), float(rng.uniform(13, 18))
            shop = not single and lot.block.front.road.width > 15 and rng.random() < 0.6
            shape = _against(
                edge, along + length / 2, fp.courtyard(length, depth, float(rng.uniform(0.3, 0.42))) if single else fp.terrace(rng, length, depth), depth
            )
            if shape is not None and lot.free(shape, 1.2):
                lot.standing.append(shape)
                built.buildings.append(Building("", "商业" if shop else "民居", int(rng.integers(1, 4)), shape))
                along += length + float(rng.choice([2.0, 3.0, 6.0]))
            else:
                along += 6.0


def _against(edge: LinearRing, at: float, outline: Polygon, depth: float) -> Polygon | None:
    """The outline with its front on the edge (the ground lies to the left of a ring that runs counter-clockwise); None at a corner."""
    if at > edge.length:
        return None
    here = edge.interpolate(at)
    angle = heading(edge, here)
    side = 1 if edge.is_ccw else -1
    off = side * (depth / 2 + 1.0)
    return fp.placed(outline, here.x - off * math.sin(angle), here.y + off * math.cos(angle), angle + (0 if side == 1 else math.pi))


def make_buildings(blocks: list[Block]) -> Built:
    """All 640 buildings."""
    for block in blocks:
        prepare(block.ground)
    built = Built([Lot(block) for block in blocks])
    _stations(built)
    _whole_blocks(built)
    for name, x, y, manner in places.COMPOUNDS:
        _compound(built, name, (x, y), manner)
    for place in places.SMALL:
        _small(built, place)
    _sheds(built, 20)
    _terraces(built, TOTAL)
    if len(built.buildings) != TOTAL:
        msg = f"{len(built.buildings)} buildings instead of {TOTAL}"
        raise ValueError(msg)
    return built
