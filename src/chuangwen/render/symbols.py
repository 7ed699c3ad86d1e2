"""The features of one layer → things to draw: areas, lines and points with the looks of their classes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.layer import Symbol
from chuangwen.render import hatch, marks
from chuangwen.render.classes import look, symbol_at
from chuangwen.render.clipping import cut, enclosed, framed, points_framed, within
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import Parts, Rings, rings_of, simpler
from chuangwen.render.paths import GRID, on_grid, path, paths, polygon
from chuangwen.render.primitives import Dots, Item, Pen, Shapes, Stamps
from chuangwen.render.view import MapView

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_UNSEEN = 0.4  # of a dot: vertices that move an edge by less are left out
_THIN_OUTLINE = 0.25  # mm: outlines up to this are drawn with their area, thicker ones after all areas of the layer
_SINGLE_EDGES = 3_000  # so many areas at most have their shared boundaries merged
_STAMPS = 2_500  # more points of a layer in view are drawn as plain dots
_HATCH_PEN = 0.13  # mm
_HATCH_DOT = 0.32  # mm
_BEYOND = 8.0  # mm around the frame that is still drawn, so that no cut edge is seen
_TURN = np.linspace(0, 2 * np.pi, 11)
_ROUND = np.stack([np.sin(_TURN), np.cos(_TURN)], axis=1) * 0.51
_SQUARE = np.array([[-0.45, -0.45], [0.45, -0.45], [0.45, 0.45], [-0.45, 0.45], [-0.45, -0.45]])
_FULL_SIZE = 10_000.0  # denominator up to which symbols have their declared size


def scaled(symbol: Symbol, view: MapView, lines: bool) -> Symbol:
    """The symbol in its size at the view's scale: lines as wide as the ground where that is more, everything finer on overviews."""
    overview = max(view.denominator / _FULL_SIZE, 1.0)
    if not lines:
        share = max(overview**-0.3, 0.5)
        return replace(symbol, size=symbol.size * share, stroke_width=symbol.stroke_width * share) if share < 1 else symbol
    share = max(overview**-0.5, 0.3)
    width = symbol.stroke_width * share
    ground = symbol.ground_width / view.metres_per_mm
    rim = max(symbol.casing_width - symbol.stroke_width, 0.0) * max(share, 0.6)
    width = max(width, ground)
    return replace(symbol, stroke_width=width, casing_width=width + rim if symbol.casing else 0.0)


@dataclass(frozen=True, slots=True)
class Group:
    """Parts of one layer that look alike: `number` of the class, `pale` neighbours, `paint` number in the palette; `picked` positions."""

    number: int
    pale: bool
    paint: int
    picked: Ints


def groups(content: LayerContent, owner: Ints, mask: Bools, by_paint: bool = True) -> list[Group]:
    """The parts of `mask` by their looks, in drawing order: pale ones first, then the classes from the last declared to the first."""
    flat = content.flat
    picked = np.flatnonzero(mask)
    of = owner[picked]
    strong = np.ones(len(of), dtype=np.int64) if content.pale is None else 1 - content.pale[of].astype(np.int64)
    classes = len(content.layer.symbols) + 1
    paints = flat.paints[of] if by_paint else np.full(len(of), -1, dtype=np.int64)
    # One whole number says pale or not, then the class from the last to the first, then the paint.
    keys = (strong * classes + (classes - 2 - flat.classes[of])) * (len(flat.palette) + 1) + paints + 1
    found = []
    for key in np.unique(keys).tolist():
        rest, paint = divmod(key, len(flat.palette) + 1)
        found.append(Group(classes - 2 - rest % classes, rest < classes, paint - 1, picked[keys == key]))
    return found


def allowed(content: LayerContent, owner: Ints) -> Bools:
    """(m,) which parts belong to features that may be shown."""
    return np.ones(len(owner), dtype=bool) if content.shown is None else content.shown[owner]


def _looked(content: LayerContent, group: Group, view: MapView, lines: bool) -> Symbol:
    flat = content.flat
    fill = flat.palette[group.paint][1] if group.paint >= 0 else ""
    return scaled(look(symbol_at(content.layer.symbols, group.number), view.mono, group.pale, fill), view, lines)


def _rings(parts: Parts, picked: Ints, view: MapView) -> Rings:
    """The vertices of the parts, those that reach far beyond the frame cut off."""
    tolerance = _UNSEEN * view.dot * view.metres_per_mm
    roomy = view.extent.grown(max(view.extent.width, view.extent.height) / 2)
    far = ~within(parts.bounds[picked], roomy)
    if not far.any():
        return parts.rings(picked, tolerance)
    return _joined(parts.rings(picked[~far], tolerance), rings_of(_cut(simpler(parts.geometry[picked[far]], tolerance), view)))


def _cut(geometry: NDArray[np.object_], view: MapView) -> NDArray[np.object_]:
    kind = shapely.get_type_id(geometry[0])
    found = shapely.get_parts(cut(geometry, view, _BEYOND))
    found = shapely.get_parts(found)  # a collection may hold multi-parts
    found = found[(shapely.get_type_id(found) == kind) & ~shapely.is_empty(found)]
    return np.asarray(shapely.orient_polygons(found), dtype=object)


def _joined(one: Rings, other: Rings) -> Rings:
    return Rings(
        np.concatenate([one.coords, other.coords]),
        np.concatenate([one.starts, other.starts[1:] + one.starts[-1]]),
        np.concatenate([one.parts, other.parts[1:] + one.parts[-1]]),
    )


def area_items(content: LayerContent, view: MapView) -> tuple[list[Item], list[Item]]:
    """The areas of a layer: palette fills, which lie at the palette's order; and fills, hatches, thick and dashed outlines in this order.

    Outlines come last so that no neighbour covers half of a boundary.
    """
    parts = content.flat.areas
    mask = allowed(content, parts.owner)
    seen = mask & framed(parts.bounds, view, _BEYOND)
    washes: list[Item] = []
    fills: list[Item] = []
    hatches: list[Item] = []
    edges: list[Item] = []
    for group in groups(content, parts.owner, seen):
        symbol = _looked(content, group, view, lines=False)
        pen = Pen(symbol.stroke, symbol.stroke_width, symbol.dash) if symbol.stroke and symbol.stroke_width > 0 else None
        below = washes if group.paint >= 0 and not group.pale else fills
        together = below is fills and pen is not None and not pen.dash and pen.width <= _THIN_OUTLINE
        picked = group.picked
        if view.min_feature > 0:
            size = (parts.bounds[picked, 2:] - parts.bounds[picked, :2]).max(axis=1) / view.metres_per_mm
            below += _tiny(parts.bounds[picked[size < view.min_feature]], symbol.fill, pen, view)
            picked = picked[size >= view.min_feature]
        if len(picked):
            rings = _rings(parts, picked, view)
            points = on_grid(rings.coords, view)
            made = tuple(paths(rings, points))
            if symbol.fill or together:
                below.append(Shapes(made, symbol.fill, pen if together else None))
            if symbol.hatch:
                hatches += hatched(symbol, rings, points, _anchor(view, symbol.hatch_spacing))
            if pen and not together and not pen.dash:
                edges.append(Shapes(made, "", pen))
    if any(symbol.dash or (view.mono and symbol.mono.get("dash")) for symbol in content.layer.symbols):
        edges += _dashed_edges(content, view, mask)
    return washes, fills + hatches + edges


def _dashed_edges(content: LayerContent, view: MapView, mask: Bools) -> Iterator[Item]:
    """Dashed boundaries, worked out for all areas in view or not and kept between frames: dashes do not crawl when the map is moved."""
    parts = content.flat.areas
    found = groups(content, parts.owner, mask, by_paint=False)
    strong = np.concatenate([group.picked for group in found if not group.pale] or [np.empty(0, dtype=np.int64)])
    for group in found:
        symbol = _looked(content, group, view, lines=False)
        if not (symbol.dash and symbol.stroke and symbol.stroke_width > 0):
            continue
        pen = Pen(symbol.stroke, symbol.stroke_width, symbol.dash)
        if len(group.picked) <= _SINGLE_EDGES:
            lines = parts.edges(group.picked, strong if group.pale else strong[:0])
            picked = np.flatnonzero(framed(lines.bounds, view, _BEYOND))
        else:  # so many are a texture: boundaries drawn twice do not matter
            lines = parts
            picked = group.picked[framed(parts.bounds[group.picked], view, _BEYOND)]
        if len(picked):
            rings = _rings(lines, picked, view)
            yield Shapes(tuple(paths(rings, on_grid(rings.coords, view))), "", pen)


def _tiny(bounds: Floats, fill: str, pen: Pen | None, view: MapView) -> Iterator[Item]:
    """Areas too small to show their shape, as squares of about their size: two calls for thousands."""
    if not len(bounds):
        return
    side = np.sqrt(np.prod(bounds[:, 2:] - bounds[:, :2], axis=1)) / view.metres_per_mm * 0.9
    step = view.dot / 2
    classes = np.maximum(np.rint(side / step), 1).astype(np.int64)
    middle = on_grid((bounds[:, :2] + bounds[:, 2:]) / 2, view)
    for number in np.unique(classes).tolist():
        places = polygon(middle[classes == number])
        size = number * step
        if pen:
            yield Dots(places, pen.colour, size + pen.width, round=False)
        if fill:
            yield Dots(places, fill, max(size - pen.width, step) if pen else size, round=False)


def _anchor(view: MapView, spacing: float) -> tuple[float, float]:
    """A place of the ground that hatches hang on, in grid steps near the frame."""
    (x, y), (c, s) = view.centre, view.axes
    step = spacing * view.metres_per_mm * 2  # two: dots stand in every second row
    along, across = (x * c + y * s) % step, (y * c - x * s) % step
    column, row = on_grid(np.array([[x - along * c + across * s, y - along * s - across * c]]), view)[0].tolist()
    return column, row


def hatched(symbol: Symbol, rings: Rings, points: Floats, origin: tuple[float, float]) -> Iterator[Item]:
    """The hatch of a symbol inside areas (`points` in grid steps), hung on `origin`."""
    spacing = symbol.hatch_spacing * GRID
    for angle in hatch.ANGLES[symbol.hatch]:
        pieces = hatch.lines(rings, points, angle, spacing, origin)
        if symbol.hatch == ".":
            yield Dots(polygon(np.rint(hatch.dots(pieces, spacing, origin))), symbol.hatch_colour, _HATCH_DOT)
        elif len(pieces):
            ends = np.rint(pieces.reshape(-1, 2))
            cuts = [*range(0, len(ends), 128), len(ends)]
            made = tuple(path(ends[a:b], np.arange(0, b - a + 1, 2)) for a, b in pairwise(cuts))
            yield Shapes(made, "", Pen(symbol.hatch_colour, _HATCH_PEN))


def line_items(content: LayerContent, view: MapView) -> list[Item]:
    """The lines of a layer: first the casings of all classes, then their middles, so that crossings open into each other."""
    parts = content.flat.lines
    seen = allowed(content, parts.owner) & framed(parts.bounds, view, _BEYOND)
    casings: list[Item] = []
    middles: list[Item] = []
    for group in groups(content, parts.owner, seen):
        symbol = _looked(content, group, view, lines=True)
        rings = _rings(parts, group.picked, view)
        made = tuple(paths(rings, on_grid(rings.coords, view)))
        if symbol.casing and symbol.casing_width > symbol.stroke_width:
            casings.append(Shapes(made, "", Pen(symbol.casing, symbol.casing_width)))
        if symbol.stroke and symbol.stroke_width > 0:
            middles.append(Shapes(made, "", Pen(symbol.stroke, symbol.stroke_width, symbol.dash)))
    return casings + middles


def point_items(content: LayerContent, view: MapView) -> list[Item]:
    """The points of a layer, those farther south over those behind them; very many of them as plain dots."""
    points = content.flat.points
    seen = allowed(content, points.owner) & points_framed(points.xy, view, _BEYOND)
    many = int(seen.sum()) > _STAMPS
    made: list[Item] = []
    for group in groups(content, points.owner, seen):
        symbol = _looked(content, group, view, lines=False)
        places = on_grid(points.xy[group.picked], view)
        if many or symbol.size < view.min_feature:
            made += _plain(symbol, places)
            continue
        made.append(_stamps(symbol, places))
    return [*made, *_badges(content, view, seen, many)]


def _stamps(symbol: Symbol, places: Floats) -> Stamps:
    order = np.lexsort((places[:, 0], places[:, 1]))
    return Stamps(marks.mark_of(symbol), tuple(map(tuple, places[order].tolist())))


def _badges(content: LayerContent, view: MapView, seen: Bools, many: bool) -> Iterator[Item]:
    """What is worn over the symbols: pale neighbours wear nothing, and where the points are plain dots so are their badges."""
    if content.badges is None:
        return
    points = content.flat.points
    worn = np.where(seen, content.badges[points.owner], -1)
    if content.pale is not None:
        worn[content.pale[points.owner]] = -1
    for number in range(len(content.layer.badges) - 1, -1, -1):
        picked = np.flatnonzero(worn == number)
        if not len(picked):
            continue
        badge = content.layer.badges[number]
        symbol = scaled(look(badge.symbol, view.mono), view, lines=False)
        apart = symbol.size / badge.symbol.size * GRID
        places = np.rint(on_grid(points.xy[picked], view) + np.array([badge.dx, badge.dy]) * apart)
        if many or symbol.size < view.min_feature:
            yield from _plain(symbol, places)
        else:
            yield _stamps(symbol, places)


def _plain(symbol: Symbol, places: Floats) -> Iterator[Item]:
    """The points as simple many-cornered dots, several in one path."""
    corners = _ROUND if symbol.shape not in ("square", "diamond", "house", "flag") else _SQUARE
    vertices = np.rint((places[:, None] + corners * symbol.size * GRID).reshape(-1, 2))
    starts = np.arange(0, len(vertices) + 1, len(corners))
    rings = Rings(vertices, starts, np.arange(len(starts)))
    pen = Pen(symbol.stroke, symbol.stroke_width) if symbol.stroke and symbol.stroke_width > 0 else None
    yield Shapes(tuple(paths(rings, vertices)), symbol.fill, pen)


def counted(content: LayerContent, view: MapView) -> dict[int, int]:
    """Number of the class → features (not the pale ones) of which some part lies inside the frame; badges are counted on after the classes."""
    flat, frame = content.flat, view.frame
    inside = np.zeros(len(content.features), dtype=bool)
    inside[flat.points.owner[points_framed(flat.points.xy, view)]] = True
    shapely.prepare(frame)
    for parts in (flat.lines, flat.areas):
        meets = framed(parts.bounds, view)
        unsure = np.flatnonzero(meets & ~enclosed(parts.bounds, view))
        meets[unsure] = shapely.intersects(frame, parts.geometry[unsure])
        inside[parts.owner[meets]] = True
    if content.shown is not None:
        inside &= content.shown
    if content.pale is not None:
        inside &= ~content.pale
    counts = {number - 1: count for number, count in enumerate(np.bincount(flat.classes[inside] + 1).tolist()) if count}
    if content.badges is not None:
        worn = np.bincount(content.badges[inside] + 1, minlength=1)[1:]
        counts |= {len(content.layer.symbols) + number: count for number, count in enumerate(worn.tolist()) if count}
    return counts
