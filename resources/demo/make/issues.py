"""The 1,240 issues (问题) of the campaign so far, as they stand on 2024-06-03.

1,017 are closed (82.0 %); how many stand in each other state is fixed, which ones is chance, weighted so that the late
ones and those of a few troubled sites are still open. Issues lie where inspectors walk: at the sites, along the
sections, in the compounds.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from buildings import Building
from chance import pick, stream
from curves import heading
from people import Person
from problem_texts import PROBLEMS, SPOTS, Problem
from sections import Section
from shapely import LineString, Point, Polygon
from sites import Site
from town import Town
from units import Register, Unit
from zones import Zone

TODAY, ARRIVAL = dt.date(2024, 6, 3), dt.date(2024, 6, 24)
FIRST_DAY = dt.date(2024, 4, 8)
TOTAL = 1_240
CLOSED = "已销号"
OPEN = {
    "已登记·待交办": 18,
    "待指定": 12,
    "已交办·待签收": 38,
    "整改中": 72,
    "退回待改派": 9,
    "已整改·待核查": 40,
    "返工": 14,
    "延期(已批)": 12,
    "挂账·长期整改": 8,
}
_SOURCES = [
    ("市", "市创建办督查", 46),
    ("区", "区联合督查组", 33),
    ("省", "省级模拟测评", 6),
    ("单位自查", "责任单位自查", 7),
    ("群众", "12345热线", 6),
    ("媒体", "电视问政", 2),
]
_NOTES = {
    "退回待改派": ["不属本单位管辖，建议由属地街道处理", "该处产权属供电部门，建议改派", "该路段已移交，建议改派市政养护单位"],
    "延期(已批)": ["材料定制周期长，批准延期", "涉及管线迁改，批准延期", "连续降雨无法施工，批准延期"],
    "挂账·长期整改": ["纳入老旧小区改造计划，先行设置警示和围挡", "需列入年度财政预算，先行临时修补", "涉及历史遗留产权问题，已采取临时措施"],
    "返工": ["核查发现仍有残留，限期返工", "整改不彻底，照片与现场不符", "整改后反弹，重新整改"],
}


@dataclass(frozen=True)
class Issue:
    """One row of the issue list."""

    code: str
    category: str
    site: Site | None
    place: str  # what stands under 点位名称
    address: str
    point: Point
    with_point: bool
    zone: Zone
    problem: Problem
    description: str
    source_level: str
    source: str
    found: dt.date
    due: dt.date | None
    status: str
    done: dt.date | None
    checked: dt.date | None
    checker: str
    lead: Unit
    responsible: str  # as the sender wrote it; may be empty
    supporting: str
    person: Person | None
    note: str


@dataclass(frozen=True)
class _Scene:
    """Where an issue was found, before it is one."""

    category: str
    site: Site | None
    place: str
    spot_words: str
    stair: str
    point: Point
    owner: Unit
    lead: Unit


class _Finder:
    """Finds scenes: sites by their troubles, sections by their length, compounds that are no site."""

    def __init__(self, town: Town, sites: list[Site], register: Register, section_units: dict[str, Unit], rng: np.random.Generator) -> None:
        self.town, self.sites, self.register, self.rng = town, sites, register, rng
        self.section_units = section_units
        weight = {"主次干道": 1.7, "小区": 1.9, "农贸市场": 2.4, "背街小巷": 1.3, "商业大街": 2.2, "学校": 1.2}
        trouble = np.array([weight.get(s.spot.category, 0.7) for s in sites]) * rng.lognormal(0, 0.75, len(sites))
        self.site_weights = trouble / trouble.sum()
        lengths = np.array([s.line.length for s in town.sections])
        self.section_weights = lengths / lengths.sum()
        reported = {s.spot.name for s in sites}
        self.homes = [b for b in town.built.buildings if b.compound and b.compound not in reported]

    def find(self) -> _Scene:
        """One scene."""
        kind = self.rng.random()
        if kind < 0.70:
            return self._at_site(self.sites[int(self.rng.choice(len(self.sites), p=self.site_weights))])
        if kind < 0.90:
            return self._on_section(self.town.sections[int(self.rng.choice(len(self.town.sections), p=self.section_weights))])
        return self._at_home(pick(self.rng, self.homes))

    def _at_site(self, site: Site) -> _Scene:
        spot = site.spot
        if not isinstance(spot.extent, Polygon):
            point, words = self._beside_road(spot.extent, 9.0)
            return _Scene(spot.category, site, spot.name, words, "", point, site.responsible, site.lead)
        buildings = [b for b in self.town.built.buildings if b.place == spot.name]
        building = pick(self.rng, buildings) if buildings else None
        point = self._about(spot.extent, [building.shape] if building else [])
        n = int(building.name.removeprefix(spot.name).removesuffix("栋")) if building and building.compound else 1
        words = pick(self.rng, SPOTS.get(spot.category, SPOTS["*"])).format(n=n)
        return _Scene(spot.category, site, spot.name, words, f"{n}栋{self.rng.integers(1, 4)}单元", point, site.responsible, site.lead)

    def _on_section(self, section: Section) -> _Scene:
        point, words = self._beside_road(section.line, section.road.width / 2)
        category = {"背街小巷": "背街小巷", "商业街": "商业大街"}.get(section.road.rank, "主次干道")
        return _Scene(category, None, section.road.name, words, "", point, self.section_units[section.code], self.register["区城管局"])

    def _at_home(self, building: Building) -> _Scene:
        point = self._about(building.shape.buffer(9), [])
        number, street = building.name.removeprefix(building.compound), self.town.zone_at(point).street
        stair = f"{number}{self.rng.integers(1, 4)}单元"
        return _Scene("小区", None, building.compound, f"{number}楼下", stair, point, self.register[street], self.register["区住建局"])

    def _about(self, area: Polygon, buildings: list[Polygon]) -> Point:
        """A point in the area: mostly by the door of a building, sometimes anywhere."""
        if buildings and self.rng.random() < 0.7:
            edge = pick(self.rng, buildings).buffer(3.0).exterior
            point = edge.interpolate(float(self.rng.uniform(0, edge.length)))
            if area.buffer(20).contains(point):
                return point
        x0, y0, x1, y1 = area.bounds
        while True:
            point = Point(float(self.rng.uniform(x0, x1)), float(self.rng.uniform(y0, y1)))
            if area.contains(point) and not self.town.land.water.contains(point):
                return point

    def _beside_road(self, line: LineString, most: float) -> tuple[Point, str]:
        """A point within `most` metres of a road, more often near its crossings, never on a bridge; and words that say so."""
        while True:
            d = float(self.rng.beta(0.7, 0.7)) * line.length
            on = line.interpolate(d)
            angle = heading(line, on) + math.pi / 2
            off = float(self.rng.uniform(-most, most))
            point = Point(on.x + off * math.cos(angle), on.y + off * math.sin(angle))
            if not self.town.land.water.contains(point):
                break
        side = "南北"[math.sin(angle) * off > 0] if abs(math.sin(angle)) > 0.7 else "西东"[math.cos(angle) * off > 0]
        near = [r.name for r in self.town.network.roads if r.line.dwithin(on, 45) and not r.line.dwithin(on, 1)]
        return point, f"与{near[0]}交叉口{side}侧" if near else f"{self.town.address(point)}门前" if self.rng.random() < 0.5 else f"{side}侧人行道"


def _found_days(rng: np.random.Generator) -> list[dt.date]:
    """The days on which the issues were found, in order: more every week, few at week-ends."""
    days = [FIRST_DAY + dt.timedelta(days=i) for i in range((TODAY - FIRST_DAY).days)]
    weight = np.array([(1 + i / len(days)) * (0.25 if d.weekday() >= 5 else 1.0) for i, d in enumerate(days)])
    return sorted(days[int(i)] for i in rng.choice(len(days), TOTAL, p=weight / weight.sum()))


def _statuses(rng: np.random.Generator, found: list[dt.date], scenes: list[_Scene]) -> list[str]:
    """Who is still open: late finds, and more of them at some places than at others."""
    burden = {name: float(rng.lognormal(0, 0.5)) for name in sorted({s.place for s in scenes})}
    age = np.array([(TODAY - d).days for d in found], float)
    weight = np.exp(-age / 13) * np.array([burden[s.place] for s in scenes]) + 0.012
    still_open = [int(i) for i in rng.choice(TOTAL, sum(OPEN.values()), replace=False, p=weight / weight.sum())]
    states = [CLOSED] * TOTAL
    fresh = ("已登记·待交办", "已交办·待签收", "待指定", "整改中", "退回待改派", "已整改·待核查", "返工", "延期(已批)", "挂账·长期整改")
    by_freshness = sorted(still_open, key=lambda i: age[i] + rng.normal(0, 3))
    for state in fresh:
        for _ in range(OPEN[state]):
            states[by_freshness.pop(0)] = state
    return states


def _spelling(rng: np.random.Generator, unit: Unit) -> str:
    """How a sender writes a unit: mostly its full or short name, now and then an old one."""
    way = rng.random()
    return unit.name if way < 0.55 else unit.short if way < 0.93 else pick(rng, unit.aliases.split("、"))


def handed_over(found: dt.date) -> dt.date:
    """The day of the order: every Tuesday and Friday; what was found since the last one, at once."""
    day = found
    while day.weekday() not in (1, 4):
        day += dt.timedelta(days=1)
    return day if day < TODAY else found


def _dates(rng: np.random.Generator, found: dt.date, status: str) -> tuple[dt.date | None, dt.date | None, dt.date | None]:
    """Deadline, day of the rectification and day of the check, counted from the day on which the issue was handed over."""
    sent = handed_over(found)
    due: dt.date | None = min(sent + dt.timedelta(days=pick(rng, [3, 3, 5, 7, 7, 10])), ARRIVAL - dt.timedelta(days=1))
    if status == "挂账·长期整改" or status in ("已登记·待交办", "待指定"):
        due = None
    if status == "延期(已批)":
        due = TODAY + dt.timedelta(days=int(rng.integers(4, 18)))
    if status == "返工":
        due = TODAY + dt.timedelta(days=int(rng.integers(-1, 4)))
    yesterday = TODAY - dt.timedelta(days=1)
    if status == CLOSED:
        done = max(min(sent + dt.timedelta(days=(int(rng.integers(1, 9)) + 1) // 2), yesterday), sent)
        return due, done, min(done + dt.timedelta(days=int(rng.integers(0, 4))), TODAY)
    if status == "已整改·待核查":
        return due, max(sent, yesterday - dt.timedelta(days=int(rng.integers(0, 4)))), None
    return due, None, None


def make_issues(town: Town, sites: list[Site], register: Register, section_units: dict[str, Unit], checkers: list[Person]) -> list[Issue]:
    """All issues in the order of their numbers."""
    rng = stream("issues")
    finder = _Finder(town, sites, register, section_units, rng)
    found = _found_days(rng)
    scenes = [finder.find() for _ in found]
    states = _statuses(rng, found, scenes)
    source_weights = np.array([w for *_, w in _SOURCES], float)
    issues: list[Issue] = []
    serial: dict[dt.date, int] = {}
    blank_left = 6
    for day, scene, status in zip(found, scenes, states, strict=True):
        serial[day] = serial.get(day, 0) + 1
        zone = town.zone_at(scene.point)
        problem = pick(rng, PROBLEMS[scene.category])
        owner = register[problem.owner] if problem.owner and rng.random() < 0.8 else scene.owner
        blank = status == "待指定" or (status == "已登记·待交办" and blank_left > 0)
        blank_left -= status == "已登记·待交办"
        due, done, checked = _dates(rng, day, status)
        level, source, _ = _SOURCES[int(rng.choice(len(_SOURCES), p=source_weights / source_weights.sum()))]
        others = [u for u in (scene.owner, register[zone.street]) if u.code != owner.code]
        on_road = scene.category in ("主次干道", "背街小巷", "商业大街")
        where = scene.spot_words if scene.spot_words.endswith("门前") else scene.place + scene.spot_words
        measured = status not in ("已登记·待交办", "待指定", "已交办·待签收", "退回待改派")
        issues.append(
            Issue(
                code=f"{day:%Y%m%d}-{serial[day]:03d}",
                category=scene.category,
                site=scene.site,
                place=scene.place,
                address=where if on_road else town.address(scene.point),
                point=scene.point,
                with_point=bool(rng.random() < 0.9),
                zone=zone,
                problem=problem if measured else Problem(problem.kind, problem.text, "", problem.owner),
                description=problem.text.format(spot=where if on_road else scene.spot_words, stair=scene.stair),
                source_level=level,
                source=source,
                found=day,
                due=due,
                status=status,
                done=done,
                checked=checked,
                checker=pick(rng, checkers).name if checked else "",
                lead=scene.lead,
                responsible="" if blank else _spelling(rng, owner),
                supporting="、".join(dict.fromkeys(u.short for u in others)) if rng.random() < 0.45 else "",
                person=None if blank else owner.liaison,
                note=pick(rng, _NOTES[status]) if status in _NOTES else "",
            )
        )
    return issues
