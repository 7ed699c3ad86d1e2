"""The check of zones beside each other: ten thousand with a million vertices, sound and with faults in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.table import Row, median_of

_SIDE, _NODES, _ZONE_M = 100, 25, 500.0


def coverage() -> list[Row]:
    """The whole check as an import does it: snapped to a millimetre, invalid edges, holes; then with one zone in a hundred moved by half a metre."""
    from chuangwen.exchange.zone_check import Zones, check

    sound = Zones(zones_of_a_grid(), [f"G{n:05d}" for n in range(_SIDE**2)], range(1, _SIDE**2 + 1))
    faulty = Zones(_moved(sound.geometry), sound.codes, sound.rows)
    found = len(check(faulty))
    return [
        Row("check 10,000 zones, 1 M vertices", median_of(lambda: check(sound)), "≤ 1 s", None, "no faults"),
        Row("the same with faults", median_of(lambda: check(faulty)), "", None, f"{found} named"),
    ]


def zones_of_a_grid() -> Any:
    """A grid of zones with irregular corners; each side is one line of 25 nodes that both neighbours share."""
    import shapely

    rng = np.random.default_rng(0)
    corner = np.stack(np.meshgrid(np.arange(_SIDE + 1), np.arange(_SIDE + 1), indexing="ij"), -1) * _ZONE_M
    corner = corner + rng.uniform(-0.1, 0.1, corner.shape) * _ZONE_M + (500_000, 3_000_000)
    along = np.linspace(0, 1, _NODES + 1)[:-1, None]

    def sides(start: Any, end: Any) -> Any:
        nodes = start[..., None, :] * (1 - along) + end[..., None, :] * along
        nodes[..., 1:, :] += rng.uniform(-3, 3, nodes[..., 1:, :].shape)
        return nodes

    east, north = sides(corner[:-1], corner[1:]), sides(corner[:, :-1], corner[:, 1:])

    def back(side: Any, end: Any) -> Any:
        return np.concatenate([end[..., None, :], side[..., :0:-1, :]], axis=-2)

    rings = [east[:, :-1], north[1:], back(east[:, 1:], corner[1:, 1:]), back(north[:-1], corner[:-1, 1:]), corner[:-1, :-1, None]]
    return shapely.polygons(np.concatenate(rings, axis=-2).reshape(_SIDE**2, -1, 2))


def _moved(zones: Any) -> Any:
    import shapely

    moved = zones.copy()
    moved[::100] = shapely.transform(zones[::100], lambda points: points + np.array([0.5, 0.3]))
    return moved
