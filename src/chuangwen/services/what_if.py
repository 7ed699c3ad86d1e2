"""What changes hands when a border of zones is moved, told before anything is written (issue 5, boundary what-if).

Land, roads and things on it go from zone to zone; an issue changes its owner only where the rules of responsibility say another unit than before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Features
from chuangwen.domain.shared_edges import NOBODY, Grip, Handle, Piece, Reshaped, SharedEdges
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import UserError
from chuangwen.services.placing import View
from chuangwen.services.responsibility import STANDING, Resolver
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray


COUNTED = ("issue", "site", "compound", "building", "shop", "worksite", "crossing")
"""Layers whose features are handed over with the ground they stand on (areas and lines: with a point inside them)."""
ROADS = ("section", "road")
"""Layers of which metres are handed over."""
KIND = "campaign"
"""The zones that responsibility is counted by (domain.md 8.4)."""
_HALF_MM = 5e-4
_AROUND_M = 200.0
"""No rule reaches farther from a zone than this."""


@dataclass(frozen=True, slots=True)
class Party:
    """A zone that gives or takes: `row` in the table of zones (`NOBODY`: land that no zone holds), its code, name and unit."""

    row: int
    code: str = ""
    name: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """What goes from one zone to another: m², metres of road-chief sections and of roads, and layer → ids of what stands there."""

    giver: Party
    taker: Party
    area_m2: float = 0.0
    section_m: float = 0.0
    road_m: float = 0.0
    things: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    pieces: tuple[shapely.Geometry, ...] = ()

    def count(self, layer: str) -> int:
        """How many of a layer."""
        return len(self.things.get(layer, ()))


@dataclass(frozen=True, slots=True)
class OwnerChange:
    """An open issue for which the rules name another unit: `before`, `after` full names, None for nobody. `assigned`: the unit it has, kept until asked."""

    issue: str
    code: str
    before: str | None
    after: str | None
    assigned: str | None

    @property
    def needs_consent(self) -> bool:
        """Whether somebody works on it now who would lose it (domain.md 8.3: never without consent)."""
        return bool(self.assigned) and self.assigned != self.after


@dataclass(frozen=True, slots=True)
class Preview:
    """`reshaped` as the mesh gave it; `refused` why it may not be; what goes from where to where, the largest area first; issues that change owner."""

    reshaped: Reshaped
    transfers: tuple[Transfer, ...] = ()
    owners: tuple[OwnerChange, ...] = ()

    @property
    def refused(self) -> str:
        """Why not, '' where it may be done."""
        return self.reshaped.refused

    def total(self, layer: str) -> int:
        """How many features of a layer change zone."""
        return sum(one.count(layer) for one in self.transfers)


class WhatIf:
    """The zones of a view as a mesh, and what stands on them. Belongs to the thread of its view; the view may not change while it is used.

    `day`: whose zones (None: the campaign's today, where the view has a campaign). Raises `UserError` where no zone is on the map.
    """

    def __init__(self, view: View, day: dt.date | None = None, kind: str = KIND) -> None:
        self.view = view
        self.resolver = Resolver(view, day)
        self.day = self.resolver.day
        self.zones = view.features("zone")
        geometry = self.zones.geometry.copy()
        geometry[~self._wanted(kind)] = None
        if not self.zones.located.any():
            raise UserError(_("地图上还没有网格。"), hint=_("先导入网格边界：文件 → 导入（Ctrl+I）。"))
        self.codes = [str(code or "") for code in self.zones.column("code")]
        self.mesh = SharedEdges(geometry, self.codes)
        self._rank = _ranks(self.codes)
        self._spots: dict[str, tuple[Features, NDArray[np.object_], shapely.STRtree]] = {}
        self._grip: Grip | None = None

    def _wanted(self, kind: str) -> NDArray[np.bool_]:
        kinds = self.zones.column("kind")
        froms, tos = self.zones.column("valid_from"), self.zones.column("valid_to")
        wanted = np.array([(one or KIND) == kind for one in kinds], dtype=bool) & self.zones.located
        if self.day is not None:
            valid = [
                (not isinstance(start, dt.date) or start <= self.day) and (not isinstance(end, dt.date) or end >= self.day)
                for start, end in zip(froms, tos, strict=True)
            ]
            wanted &= np.array(valid, dtype=bool)
        return wanted

    # --- what a hand does

    def nearest(self, x: float, y: float, reach_m: float) -> Handle | None:
        """What can be taken hold of near a place (metres)."""
        return self.mesh.nearest(x, y, reach_m)

    def take(self, handle: Handle) -> None:
        """Take hold of it: `drag` moves it."""
        self._grip = self.mesh.grip(handle)

    def drag(self, dx: float, dy: float) -> Preview:
        """What would change if what is held moved by so many metres; against the zones as the view has them, with all that was kept before."""
        if self._grip is None:
            raise RuntimeError("nothing is held")
        return self.preview(self._grip.moved(dx, dy))

    def preview(self, reshaped: Reshaped) -> Preview:
        """What a change of the mesh hands over."""
        if reshaped.refused:
            return Preview(reshaped)
        transfers = self._transfers(reshaped)
        return Preview(reshaped, tuple(sorted(transfers, key=lambda one: -one.area_m2)), tuple(self._owners(reshaped, transfers)))

    def keep(self, preview: Preview) -> None:
        """Go on from there: the next drag starts with these borders. Raises `RuleBroken` for what was refused."""
        self.mesh = self.mesh.accepted(preview.reshaped)
        self._grip = None

    def standing(self) -> Preview:
        """All that was kept so far."""
        return self.preview(self.mesh.judged({zone: self.mesh.geometry[zone] for zone in self.mesh.touched}, outer=True))

    def start_over(self) -> None:
        """As the view has it."""
        self.mesh, self._grip = self.mesh.origin, None

    def shapes(self, reshaped: Reshaped) -> dict[int, shapely.Geometry]:
        """All zones that differ from the view once this is done, by row."""
        return {zone: self.mesh.geometry[zone] for zone in self.mesh.touched} | dict(reshaped.shapes)

    # --- whose is what

    def zones_of(self, points: NDArray[np.object_], shapes: Mapping[int, shapely.Geometry] | None = None) -> list[int]:
        """The row of the zone that holds each point, `NOBODY` for none; on a common border the smaller code (8.4). `shapes`: zones that differ."""
        changed = shapes or {}
        holding = self.mesh.origin
        pairs = holding.holders(points, _HALF_MM)
        best = [NOBODY] * len(points)

        def offer(point: int, zone: int) -> None:
            if best[point] == NOBODY or self._rank[zone] < self._rank[best[point]]:
                best[point] = zone

        for point, zone in pairs:
            if zone not in changed:
                offer(point, zone)
        for zone, shape in changed.items():
            for point in np.flatnonzero(shapely.dwithin(points, shape, _HALF_MM)).tolist():
                offer(point, zone)
        return best

    def party(self, row: int) -> Party:
        """Who a zone is."""
        if row == NOBODY:
            return Party(NOBODY, "", _("无网格"), "")
        text = [str(self.zones.column(name)[row] or "") for name in ("code", "name", "responsible_unit")]
        return Party(row, *text)

    def _transfers(self, reshaped: Reshaped) -> list[Transfer]:
        shapes = self.shapes(reshaped)
        by_pair: dict[tuple[int, int], list[Piece]] = {}
        for piece in reshaped.pieces:
            by_pair.setdefault((piece.giver, piece.taker), []).append(piece)
        things: dict[tuple[int, int], dict[str, list[str]]] = {}
        for layer in COUNTED:
            for row_id, pair in self._moved(layer, reshaped.pieces, shapes):
                things.setdefault(pair, {}).setdefault(layer, []).append(row_id)
        found = []
        for pair in dict.fromkeys((*by_pair, *things)):
            land = [one.geometry for one in by_pair.get(pair, [])]
            area_m2 = sum(float(shapely.area(one)) for one in land)
            section_m, road_m = (self._metres(layer, land) for layer in ROADS)
            here = {layer: tuple(ids) for layer, ids in things.get(pair, {}).items()}
            found.append(Transfer(self.party(pair[0]), self.party(pair[1]), area_m2, section_m, road_m, here, tuple(land)))
        return found

    def _moved(self, layer: str, pieces: Iterable[Piece], shapes: Mapping[int, shapely.Geometry]) -> list[tuple[str, tuple[int, int]]]:
        """Ids of what changes zone, with giver and taker."""
        land = [one.geometry for one in pieces]
        if layer not in self.view.layers or not land:
            return []
        features, points, tree = self._of(layer)
        near = np.unique(tree.query(np.array(land, dtype=object), predicate="dwithin", distance=1e-3)[1])
        if not len(near):
            return []
        spots = points[near]
        before, after = self.zones_of(spots), self.zones_of(spots, shapes)
        return [(features.ids[int(row)], (old, new)) for row, old, new in zip(near, before, after, strict=True) if old != new]

    def _metres(self, layer: str, land: Sequence[shapely.Geometry]) -> float:
        """Metres of the lines of a layer on some land; what runs along its edge counts half, so that both sides together have it once."""
        if layer not in self.view.layers or not land:
            return 0.0
        _features, lines, tree = self._of(layer)
        piece, row = tree.query(np.array(land, dtype=object), predicate="intersects")
        if not len(row):
            return 0.0
        ground = np.array(land, dtype=object)[piece]
        inside = shapely.length(shapely.intersection(lines[row], ground))
        edge = shapely.length(shapely.intersection(lines[row], shapely.boundary(ground)))
        return float((inside - edge / 2).sum())

    def _of(self, layer: str) -> tuple[Features, NDArray[np.object_], shapely.STRtree]:
        """The features of a layer as they are counted: lines for metres, else points; only issues that are open."""
        if layer not in self._spots:
            features = self.view.features(layer)
            shapes = features.geometry.copy()
            if layer == "issue":
                shapes[~is_open(features)] = None
            if layer not in ROADS:
                types = shapely.get_type_id(shapes)
                inside = np.isin(types, (3, 6))
                shapes[inside] = shapely.point_on_surface(shapes[inside])
                lines = np.isin(types, (1, 5))
                shapes[lines] = shapely.line_interpolate_point(shapely.line_merge(shapes[lines]), 0.5, normalized=True)
            self._spots[layer] = features, shapes, shapely.STRtree(shapes)
        return self._spots[layer]

    def _owners(self, reshaped: Reshaped, transfers: Sequence[Transfer]) -> list[OwnerChange]:
        """Issues for which the rules name another unit. What was assigned by hand or designated stands whatever the border (8.4, rule 1)."""
        zone_of = {row_id: one.taker.code or None for one in transfers for row_id in one.things.get("issue", ())}
        if not zone_of:
            return []
        issues = self.view.features("issue")
        was = issues.take([issues.index[row_id] for row_id in zone_of])
        codes = recoded(was, transfers)
        now = was.patched({row_id: {"zone_code": code} for row_id, code in codes.items()})
        before = self._units(self.resolver, was)
        after = self._units(self.resolver.with_table("zone", self._zones_near(now, self.shapes(reshaped))), now)
        said = zip(was.ids, *(was.column(name) for name in ("code", "responsible_unit", "unit_basis")), strict=True)
        return [
            OwnerChange(row_id, str(code or ""), old, new, str(assigned) if assigned else None)
            for (row_id, code, assigned, basis), old, new in zip(said, before, after, strict=True)
            if old != new and not (assigned and basis in STANDING)
        ]

    def _units(self, resolver: Resolver, issues: Features) -> list[str | None]:
        found = resolver.of_issues(issues)
        return [found.unit_of(number) for number in range(len(issues))]

    def _zones_near(self, issues: Features, shapes: Mapping[int, shapely.Geometry]) -> Features:
        """The zones that can decide for some issues, in their new shapes: those around, and those that an issue names."""
        x0, y0, x1, y1 = shapely.total_bounds(issues.geometry)
        bounds = self.zones.bounds
        reach = _AROUND_M
        with np.errstate(invalid="ignore"):
            near = (bounds[:, 2] >= x0 - reach) & (bounds[:, 0] <= x1 + reach) & (bounds[:, 3] >= y0 - reach) & (bounds[:, 1] <= y1 + reach)
        named = {str(code) for code in issues.column("zone_code") if code}
        rows = sorted({*np.flatnonzero(near).tolist(), *shapes, *(self.zones.by_code[code] for code in named if code in self.zones.by_code)})
        some = self.zones.take(rows)
        return some.patched({self.zones.ids[row]: {GEOMETRY: shape} for row, shape in shapes.items()})


def recoded(issues: Features, transfers: Sequence[Transfer]) -> dict[str, str | None]:
    """Issue → the code of its new zone, for those that were registered under the giver or under no zone; another code that somebody wrote stays."""
    column = issues.column("zone_code")
    found: dict[str, str | None] = {}
    for one in transfers:
        for row_id in one.things.get("issue", ()):
            if column[issues.index[row_id]] in (None, "", one.giver.code):
                found[row_id] = one.taker.code or None
    return found


def _ranks(codes: Sequence[str]) -> list[int]:
    order = sorted(range(len(codes)), key=lambda row: codes[row])
    ranks = [0] * len(codes)
    for rank, row in enumerate(order):
        ranks[row] = rank
    return ranks
