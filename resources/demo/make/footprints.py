"""The shapes of buildings, each drawn at the origin with its front to the south. Metres."""

from __future__ import annotations

import numpy as np
from shapely import Polygon, affinity, box, union_all


def rectangle(length: float, depth: float) -> Polygon:
    """A plain box."""
    return box(-length / 2, -depth / 2, length / 2, depth / 2)


def slab(rng: np.random.Generator, length: float, depth: float) -> Polygon:
    """A row of stair units side by side; now and then one stands a step forward, as in estates of the nineties."""
    units = max(2, round(length / 16))
    width, step = length / units, float(rng.choice([0.0, 0.0, 1.5, 2.4]))
    forward = [step * ((i // 2) % 2) for i in range(units)]
    shape = union_all(
        [box(-length / 2 + i * width, -depth / 2 + f, -length / 2 + (i + 1) * width, depth / 2 + f) for i, f in enumerate(forward)], grid_size=0.01
    )
    return shape.simplify(0.01)


def tower(width: float, depth: float) -> Polygon:
    """A point block: a core with wings to all sides."""
    core, wing = rectangle(width * 0.55, depth), rectangle(width, depth * 0.52)
    return union_all([core, affinity.translate(wing, 0, -depth * 0.08)])


def ell(length: float, depth: float, wing: float) -> Polygon:
    """An L: a front with one wing going back."""
    return union_all([box(-length / 2, -wing / 2, length / 2, -wing / 2 + depth), box(-length / 2, -wing / 2, -length / 2 + depth, wing / 2)])


def horseshoe(length: float, depth: float, wing: float) -> Polygon:
    """A U, open to the south."""
    back = box(-length / 2, wing / 2 - depth, length / 2, wing / 2)
    return union_all([back, box(-length / 2, -wing / 2, -length / 2 + depth, wing / 2), box(length / 2 - depth, -wing / 2, length / 2, wing / 2)])


def aitch(length: float, depth: float, gap: float) -> Polygon:
    """An H: two slabs and a corridor between them."""
    far = (gap + depth) / 2
    return union_all(
        [
            box(-length / 2, -far - depth / 2, length / 2, -far + depth / 2),
            box(-length * 0.42, far - depth / 2, length * 0.42, far + depth / 2),
            box(-depth * 0.45, -far, depth * 0.45, far),
        ]
    )


def courtyard(length: float, depth: float, well: float) -> Polygon:
    """An old house about a light well (天井)."""
    return rectangle(length, depth).difference(affinity.translate(rectangle(length * well, depth * well * 0.8), 0, depth * 0.06))


def terrace(rng: np.random.Generator, length: float, depth: float) -> Polygon:
    """Old houses wall to wall: one front line, backs as deep as each family could build, here and there a light well."""
    widths: list[float] = []
    while sum(widths) < length - 4:
        widths.append(float(rng.uniform(6.5, 11)))
    scale = length / sum(widths)
    houses: list[Polygon] = []
    x = -length / 2
    for width in widths:
        back = depth * float(rng.uniform(0.62, 1.0))
        house = box(x, -depth / 2, x + width * scale, -depth / 2 + back)
        if back > depth * 0.9 and rng.random() < 0.5:
            cx, cy = x + width * scale / 2, -depth / 2 + back * 0.55
            house = house.difference(box(cx - 1.6, cy - 1.6, cx + 1.6, cy + 1.6))
        houses.append(house)
        x += width * scale
    return union_all(houses, grid_size=0.01)


def hall(length: float, depth: float) -> Polygon:
    """A market hall or gymnasium: a big box with a porch."""
    return union_all([rectangle(length, depth), box(-length * 0.18, -depth / 2 - 6, length * 0.18, -depth / 2)])


def podium(length: float, depth: float) -> Polygon:
    """A department store: a box with its street corners cut and one side drawn in."""
    cut = min(length, depth) * 0.16
    x, y = length / 2, depth / 2
    return Polygon([(-x + cut, -y), (x - cut, -y), (x, -y + cut), (x, y), (x * 0.35, y), (x * 0.35, y * 0.72), (-x, y * 0.72), (-x, -y + cut)])


def running_track(length: float, width: float) -> Polygon:
    """A playing field with its track."""
    r = width / 2
    return box(-length / 2 + r, -0.01, length / 2 - r, 0.01).buffer(r, quad_segs=6)


def placed(shape: Polygon, x: float, y: float, angle: float) -> Polygon:
    """The shape turned by `angle` (radians) and moved to (x, y)."""
    return affinity.translate(affinity.rotate(shape, angle, origin=(0, 0), use_radians=True), x, y)
