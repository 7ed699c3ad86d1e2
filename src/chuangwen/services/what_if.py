"""What changes hands when a border of zones is moved, told before anything is written (issue 5, boundary what-if).

Land, roads and things on it go from zone to zone; an issue changes its owner only where the rules of responsibility say another unit than before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Features
from chuangwen.domain.geo import extent_of
from chuangwen.domain.responsibility import Rules, code_key
from chuangwen.domain.shared_edges import NOBODY, Grip, Handle, Reshaped, SharedEdges
from chuangwen.domain.values import GEOMETRY
from chuangwen.domain.zones import CAMPAIGN, in_force
from chuangwen.errors import UserError
from chuangwen.services.nearby import Changed, Nearby
from chuangwen.services.placing import View
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

COUNTED = ("issue", "site", "compound", "building", "shop", "worksite", "crossing")
"""Layers whose features are handed over with the ground they stand on (areas and lines: with a point inside them)."""
ROADS = ("section", "road")
"""Layers of which metres are handed over."""
Pair = tuple[int, int]
"""Rows of the zone that gives and the zone that takes."""
_HALF_MM = 5e-4
_REACH_M = 1_100.0
"""No rule looks farther: an issue that is registered under a road may lie a kilometre from its point (resources/rules/responsibility.toml)."""


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
    """An open issue for which the rules name another unit: full names, None for nobody. `assigned`: whose it is now, and stays until somebody agrees."""

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

    `day`: whose zones (None: dates are not looked at). Raises `UserError` where no zone is on the map.
    """

    def __init__(self, view: View, day: dt.date | None = None, kind: str = CAMPAIGN) -> None:
        self.view = view
        self.day = day
        self.zones = view.features("zone")
        geometry = self.zones.geometry.copy()
        geometry[~in_force(self.zones, day, kind)] = None
        if not self.zones.located.any():
            raise UserError(_("地图上还没有网格。"), hint=_("先导入网格边界：文件 → 导入（Ctrl+I）。"))
        self.codes = [str(code or "") for code in self.zones.column("code")]
        self.mesh = SharedEdges(geometry, self.codes)
        self._rank = _ranks(self.codes)
        self._spots: dict[str, tuple[Features, NDArray[np.object_], shapely.STRtree]] = {}
        self._stations: dict[tuple[str, int], tuple[NDArray[np.float64], float]] = {}
        self._grip: Grip | None = None

    # --- what a hand does

    def nearest(self, x: float, y: float, reach_m: float) -> Handle | None:
        """What can be taken hold of near a place (metres)."""
        return self.mesh.nearest(x, y, reach_m)

    def take(self, handle: Handle) -> None:
        """Take hold of it: `drag` moves it. What the steps of a drag will ask for is read now."""
        for layer in (*COUNTED, *ROADS):
            if layer in self.view.layers:
                self._of(layer)
        _ = self._rules
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
        """The row of the zone that holds each point, `NOBODY` for none; on a common border the smaller code (8.4). `shapes`: zones in another shape."""
        changed = shapes or {}
        pairs = self.mesh.origin.holders(points, _HALF_MM)
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
        box = self._box(shapes)
        land: dict[Pair, list[shapely.Geometry]] = {}
        for piece in reshaped.pieces:
            land.setdefault((piece.giver, piece.taker), []).append(piece.geometry)
        things: dict[Pair, dict[str, list[str]]] = {}
        metres: dict[str, dict[Pair, float]] = {layer: {} for layer in ROADS}
        if box is not None:
            for layer in COUNTED:
                for row_id, pair in self._moved(layer, box, shapes):
                    things.setdefault(pair, {}).setdefault(layer, []).append(row_id)
            metres = {layer: self._metres(layer, box, shapes) for layer in ROADS}
        found = []
        for pair in dict.fromkeys((*land, *things, *metres["section"], *metres["road"])):
            own = tuple(land.get(pair, ()))
            area = sum(float(shapely.area(one)) for one in own)
            section_m, road_m = (metres[layer].get(pair, 0.0) for layer in ROADS)
            stands = {layer: tuple(ids) for layer, ids in things.get(pair, {}).items()}
            found.append(Transfer(self.party(pair[0]), self.party(pair[1]), area, section_m, road_m, stands, own))
        return found

    def _box(self, shapes: Mapping[int, shapely.Geometry]) -> shapely.Geometry | None:
        """The ground within which anything can have changed zone, None where no border differs."""
        rows = list(shapes)
        old = shapely.boundary(self.zones.geometry[rows])
        changed = shapely.symmetric_difference(old, shapely.boundary(np.array(list(shapes.values()), dtype=object)))
        changed = changed[~shapely.is_empty(changed)]
        return shapely.buffer(shapely.box(*shapely.total_bounds(changed)), 2 * _HALF_MM) if len(changed) else None

    def _moved(self, layer: str, box: shapely.Geometry, shapes: Mapping[int, shapely.Geometry]) -> list[tuple[str, Pair]]:
        """Ids of what changes zone, with giver and taker."""
        if layer not in self.view.layers:
            return []
        features, points, tree = self._of(layer)
        near = np.sort(tree.query(box))
        if not len(near):
            return []
        before, after = self.zones_of(points[near]), self.zones_of(points[near], shapes)
        return [(features.ids[row], (old, new)) for row, old, new in zip(near.tolist(), before, after, strict=True) if old != new]

    def _metres(self, layer: str, box: shapely.Geometry, shapes: Mapping[int, shapely.Geometry]) -> dict[Pair, float]:
        """Metres of the lines of a layer that change zone, by giver and taker: every metre of a line belongs to the zone that holds its middle."""
        found: dict[Pair, float] = {}
        if layer not in self.view.layers:
            return found
        _features, _lines, tree = self._of(layer)
        x0, y0, x1, y1 = shapely.bounds(box)
        for row in np.sort(tree.query(box)).tolist():
            places, each = self.stations(layer, row)
            near = places[(places[:, 0] >= x0) & (places[:, 0] <= x1) & (places[:, 1] >= y0) & (places[:, 1] <= y1)]
            points = shapely.points(near)
            for pair in zip(self.zones_of(points), self.zones_of(points, shapes), strict=True):
                if pair[0] != pair[1]:
                    found[pair] = found.get(pair, 0.0) + each
        return found

    def stations(self, layer: str, row: int) -> tuple[NDArray[np.float64], float]:
        """The middles (n, 2) of the metres of a line, and how long each of them really is: the line in n equal parts of a metre at most."""
        if (layer, row) not in self._stations:
            line = self._of(layer)[1][row]
            count = max(int(np.ceil(shapely.length(line))), 1)
            parts = shapely.get_parts(line)
            lengths = shapely.length(parts)
            at = (np.arange(count) + 0.5) * lengths.sum() / count
            ends = np.cumsum(lengths)
            part = np.minimum(np.searchsorted(ends, at), len(parts) - 1)
            places = shapely.get_coordinates(shapely.line_interpolate_point(parts[part], at - (ends - lengths)[part]))
            self._stations[layer, row] = places, float(lengths.sum() / count)
        return self._stations[layer, row]

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
        """Open issues on the land that changes hands for which the rules name another unit; the rules look only at what is near."""
        from chuangwen.services.responsibility import STANDING, Resolver

        ids = [row_id for one in transfers for row_id in one.things.get("issue", ())]
        if not ids:
            return []
        issues = self.view.features("issue").take([self.view.features("issue").index[row_id] for row_id in ids])
        extent = extent_of(issues.bounds)
        assert extent is not None
        near = Nearby(self.view, extent.grown(_REACH_M))
        moved = {self.zones.ids[row]: {GEOMETRY: shape} for row, shape in self.shapes(reshaped).items()}
        zones = near.features("zone")
        then = Changed(near, {"zone": zones.patched({row_id: values for row_id, values in moved.items() if row_id in zones.index})})
        before, after = (Resolver(view, self.day, self._rules).of_issues(issues) for view in (near, then))
        assigned, codes, bases = issues.column("responsible_unit"), issues.column("code"), issues.column("unit_basis")
        answers = [(before.unit_of(row), after.unit_of(row)) for row in range(len(issues))]
        return [
            OwnerChange(issues.ids[row], str(codes[row] or ""), old, new, str(assigned[row]) if assigned[row] else None)
            for row, (old, new) in enumerate(answers)
            if old != new and not (assigned[row] and bases[row] in STANDING)
        ]

    @cached_property
    def _rules(self) -> Rules:
        """The rules of the whole view: which of them look at all does not hang on what is near."""
        from chuangwen.services.responsibility import Resolver

        whole = Resolver(self.view, self.day)
        return replace(whole.rules, rules=whole.active, instead_of={})


def _ranks(codes: Sequence[str]) -> list[int]:
    order = sorted(range(len(codes)), key=lambda row: code_key(codes[row]))
    ranks = [0] * len(codes)
    for rank, row in enumerate(order):
        ranks[row] = rank
    return ranks
