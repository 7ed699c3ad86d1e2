"""Which sheets a run of 路段责任表 has: strips, scale, paper turned, what stands beside the road by chainage (domain.md 6.1, 6.3)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Feature, Features
from chuangwen.services.paper.chainage import Alignment
from chuangwen.services.paper.crossings import Crossing, crossings
from chuangwen.services.paper.frames import Paper
from chuangwen.services.paper.sheet import MARKS, Numbered, Request, Sheet, chosen
from chuangwen.services.paper.strip import Strip, on_paper, strips
from chuangwen.services.paper.templates import Template, template
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_BESIDE = 30.0  # metres: what lies so near the line belongs to the section (half a main road and its frontage)
_BEYOND = 15.0  # metres past the two ends
_SEEN = 2.0  # mm: what is nearer to the frame's edge than that counts as not seen
_SHARE = 0.75  # of the room between title and foot: the most that strips take
_GAP = 2.5  # mm between strips at a text of 2.5 mm
_LANDSCAPE_ONLY = frozenset({"A3"})
_DOUBTFUL = 0.05  # share by which the declared length may differ from the map's


@dataclass(frozen=True, slots=True)
class Beside:
    """Where something lies along a road: `metres` from its start, `offset` metres from its line, positive to the left."""

    metres: float
    offset: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSheet(Sheet):
    """A sheet of one section: its strips, or none where the section is not on the map. `width`, `height`: of a strip's frame, mm.

    `count`: sheets of the section, `of`: strips of the section. `rows`: what lies beside these strips, a number of '' where no strip shows it (at a
    scale that the user asked for). `beside`: id → where. Of the whole section: `whole` layer → how many lie beside it, and on the first sheet the ids of its
    `issues`.
    """

    road: Alignment | None = field(default=None, compare=False)
    strips: tuple[Strip, ...] = ()
    width: float = 0.0
    height: float = 0.0
    count: int = 1
    of: int = 0
    crossings: tuple[Crossing, ...] = ()
    beside: Mapping[str, Beside] = field(default_factory=dict)
    whole: Mapping[str, int] = field(default_factory=dict)
    issues: frozenset[str] = frozenset()

    @property
    def map_sizes(self) -> tuple[tuple[float, float], ...]:
        """One size for all strips."""
        return ((self.width, self.height),) * len(self.maps)

    @property
    def title(self) -> str:
        """路段名称 路段责任表, with the sheet's number where there are several."""
        name = self.name or self.code
        title = _("{name}路段责任表").format(name=name.removesuffix(_("路段")))
        return _("{title}（{part}/{count}）").format(title=title, part=self.part, count=self.count) if self.count > 1 else title

    @property
    def ways(self) -> tuple[bool, ...]:
        """As it was planned: its strips are as wide as the paper."""
        return (self.landscape,)

    @property
    def declared(self) -> float | None:
        """Metres that the list says, None where it says nothing."""
        length = self.subject.get("length_m") if self.subject else None
        return float(length) if isinstance(length, int | float) and length > 0 else None

    @property
    def doubtful(self) -> bool:
        """Whether the declared length and that of the line on the map differ by more than a twentieth."""
        if self.road is None or self.declared is None:
            return False
        return abs(self.declared - self.road.length) > _DOUBTFUL * self.road.length


@dataclass(frozen=True, slots=True)
class _Cut:
    """One way to divide a road: how the paper is turned, the frame of a strip in mm, how many of them a sheet takes."""

    landscape: bool
    width: float
    height: float
    strips: tuple[Strip, ...]
    most: int
    room: float

    @property
    def cost(self) -> tuple[int, float, float]:
        """The less the better."""
        return _cost(len(self.strips), self.most, self.height / self.room, self.strips[0].map.denominator)

    def shows(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(strips, points): which strip shows which point."""
        found = np.zeros((len(self.strips), len(points)), dtype=bool)
        for at, one in enumerate(self.strips):
            x, y = on_paper(one.map, self.width, self.height, points).T
            found[at] = (x > _SEEN) & (x < self.width - _SEEN) & (y > _SEEN) & (y < self.height - _SEEN)
        return found


def plan(project: Project, request: Request) -> list[Sheet]:
    """The sheets of the sections asked for, by code. Raises `UserError` for an unknown code, a project without sections, an unusable scale or paper."""
    request.checked()
    sections = project.features("section")
    wanted = {section.id for section in chosen(sections, request.codes)}
    order = sorted(sections, key=lambda section: (section.code, section.name))
    issues = project.features("issue")
    layers = (project.features("site"), issues.take(is_open(issues)))
    made = template(request.product)
    paper = made.paper(request.paper)
    found: list[Sheet] = []
    for number, section in enumerate(order, 1):
        if section.id in wanted:
            found += _sheets(section, number, layers, project.features("road"), made, paper, request.scale or None)
    return found


def road_name(section: Feature) -> str:
    """The name of the road that a section is part of: 人民路（解放西路—站前大道） is part of 人民路."""
    return str(section.get("road_name") or "").strip() or section.name.replace("(", "（").split("（")[0].strip()


def alignment(section: Feature) -> Alignment | None:
    """The line of a section; None where it has none of any length."""
    try:
        return Alignment.of(section.geometry)
    except ValueError:
        return None


def _sheets(
    section: Feature, number: int, layers: Sequence[Features], roads: Features, made: Template, paper: Paper, scale: int | None
) -> Iterator[SectionSheet]:
    road = alignment(section)
    base = SectionSheet(
        product=made.id, code=section.code, name=section.name, number=number, paper=paper, landscape=_ways(made, paper)[0], subject=section, road=road
    )
    if road is None:
        yield base
        return
    assert section.geometry is not None
    rows, beside = _along(road, section, layers)
    flat = [row for found in rows.values() for row in found]
    points = np.array([_point(row.feature) for row in flat]).reshape(-1, 2)
    cut = _best(road, points, made, paper, scale)
    owner = _owners(cut, points, np.array([beside[row.feature.id].metres for row in flat]))
    strip_of = {row.feature.id: int(at) for row, at in zip(flat, owner, strict=True)}
    met = crossings(road, section.geometry, roads, road_name(section))
    pieces = [cut.strips[first : first + cut.most] for first in range(0, len(cut.strips), cut.most)]
    for part, piece in enumerate(pieces, 1):
        first, last = piece[0].number, piece[-1].number
        here = {layer: tuple(_seen(row, strip_of) for row in found if first <= max(strip_of[row.feature.id], 1) <= last) for layer, found in rows.items()}
        start, end = piece[0].start, piece[-1].end if part < len(pieces) else np.inf
        yield replace(
            base,
            part=part if len(pieces) > 1 else 0,
            count=len(pieces),
            of=len(cut.strips),
            landscape=cut.landscape,
            width=cut.width,
            height=cut.height,
            maps=tuple(one.map for one in piece),
            strips=piece,
            rows=here,
            crossings=tuple(one for one in met if start <= one.metres < end),
            beside={row.feature.id: beside[row.feature.id] for found in here.values() for row in found},
            issues=frozenset(row.feature.id for row in rows.get("issue", ())) if part == 1 else frozenset(),
            whole={layer: len(found) for layer, found in rows.items()},
        )


def _along(road: Alignment, section: Feature, layers: Sequence[Features]) -> tuple[dict[str, tuple[Numbered, ...]], dict[str, Beside]]:
    """Layer → what lies beside a section, numbered from its start to its end; id → where."""
    rows: dict[str, tuple[Numbered, ...]] = {}
    beside: dict[str, Beside] = {}
    width = section.get("width_m")
    reach = max(_BESIDE, float(width) / 2 + _BEYOND if isinstance(width, int | float) else 0.0)
    for features in layers:
        near = np.flatnonzero(shapely.dwithin(features.geometry, section.geometry, reach) & features.located)
        points = np.array([_point(features.at(at)) for at in near.tolist()]).reshape(-1, 2)
        metres, offsets = road.locate(points)
        past = np.maximum(((road.xy[0] - points) * road.direction(0.0)).sum(axis=1), 0) * (metres < 1e-6)
        past += np.maximum(((points - road.xy[-1]) * road.direction(road.length)).sum(axis=1), 0) * (metres > road.length - 1e-6)
        kept = [at for at in np.argsort(metres, kind="stable").tolist() if past[at] <= _BEYOND]
        mark = MARKS.get(features.layer.id, "")
        rows[features.layer.id] = tuple(Numbered(f"{mark}{count}", features.at(int(near[at]))) for count, at in enumerate(kept, 1))
        beside.update({features.ids[int(near[at])]: Beside(float(metres[at]), float(offsets[at])) for at in kept})
    return rows, beside


def _point(feature: Feature) -> tuple[float, float]:
    assert feature.geometry is not None
    middle = feature.geometry.centroid
    return middle.x, middle.y


def _ways(made: Template, paper: Paper) -> tuple[bool, ...]:
    return (True,) if paper.name in _LANDSCAPE_ONLY else (False, *(way for way in made.ways() if way))


def _best(road: Alignment, points: NDArray[np.float64], made: Template, paper: Paper, scale: int | None) -> _Cut:
    """The fewest sheets that show all `points`, and of equally many the one that leaves most room for tables; the largest scale that allows both.

    Ways are tried by what a straight road of that size would cost, which no road undercuts.
    """
    scales = made.map.scales if scale is None else (scale,)
    size = _size(road)
    tried = [way for turned in _ways(made, paper) for way in _layouts(size, made, paper, turned, scales)]
    tried.sort(key=lambda one: one.least)
    best, rank = None, (0, tried[0].least)
    for way in tried:
        if best is not None and rank <= (0, way.least):
            break
        cut = way.cut(road)
        found = (int((~cut.shows(points).any(axis=0)).sum()), cut.cost)
        if best is None or found < rank:
            best, rank = cut, found
    assert best is not None
    return best


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to divide a road, not tried yet; `least`: what it costs at least."""

    landscape: bool
    width: float
    height: float
    most: int
    room: float
    scale: float
    least: tuple[int, float, float]

    def cut(self, road: Alignment) -> _Cut:
        return _Cut(self.landscape, self.width, self.height, tuple(strips(road, self.width, self.height, (self.scale,))), self.most, self.room)


def _layouts(size: float, made: Template, paper: Paper, landscape: bool, scales: Sequence[int]) -> Iterator[_Way]:
    """The heights of strips that leave room for tables, each with each scale, for a road that reaches `size` metres."""
    frames = made.frames("landscape" if landscape else "portrait", paper, landscape=landscape, measure=lambda name, _width: 1e6 if name == "map" else 0.0)
    room = next(place for frame, place in frames.items() if frame.name == "map")
    grown = made.scale(paper)
    for high, scale in product(made.map.heights, scales):
        height = high * grown
        most = int((room.height * _SHARE + _GAP * grown) // (height + _GAP * grown))
        if most:
            count = max(math.ceil(size / math.hypot(room.width, height) / scale * 1000), 1)
            yield _Way(landscape, room.width, height, most, room.height, scale, _cost(count, most, height / room.height, scale))


def _size(road: Alignment) -> float:
    """How far a road reaches from one side to the other, metres (within a hundredth, never too much)."""
    turns = np.linspace(0, np.pi, 24, endpoint=False)
    return float(np.ptp(road.xy @ np.array([np.cos(turns), np.sin(turns)]), axis=0).max())


def _cost(count: int, most: int, share: float, scale: float) -> tuple[int, float, float]:
    """Sheets, share of the first one that strips take, scale: the less the better."""
    return -(-count // most), min(count, most) * share, scale


def _owners(cut: _Cut, points: NDArray[np.float64], metres: NDArray[np.float64]) -> NDArray[np.int64]:
    """The number of the strip on which each row stands: the one of its chainage where that shows it, else any that does; 0 where none does."""
    shown = cut.shows(points)
    ends = np.array([one.end for one in cut.strips])
    own = np.minimum(np.searchsorted(ends, metres, side="right"), len(ends) - 1)
    if not len(points):
        return np.empty(0, dtype=np.int64)
    at = np.arange(len(points))
    other = shown.argmax(axis=0)
    return np.where(shown[own, at], own + 1, np.where(shown[other, at], other + 1, 0))


def _seen(row: Numbered, strip_of: Mapping[str, int]) -> Numbered:
    return row if strip_of[row.feature.id] else Numbered("", row.feature)
