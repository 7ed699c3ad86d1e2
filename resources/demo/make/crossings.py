"""The 80 crossings (路口) at which police and volunteers stand: where the large roads of the town meet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import plan
from roads import RANK_ORDER, Node, Road
from shapely import Point
from town import Town

COUNT = 80
_APART = 60.0  # metres: the two halves of one crossing count once


@dataclass(frozen=True)
class Crossing:
    """One crossing; `roads` from the largest."""

    code: str
    name: str
    roads: tuple[str, ...]
    level: str
    point: Point


def make_crossings(town: Town) -> list[Crossing]:
    """The crossings of the largest roads, the nearest to the middle of town first among equals; numbered from west to east."""
    at: dict[Node, set[Road]] = defaultdict(set)
    for e in town.network.edges:
        for end in e.ends:
            at[end].add(e.road)
    heart = Point(plan.bent([(-200, 200)])[0])

    def weight(node: Node) -> tuple[int, int]:
        ranks = sorted(RANK_ORDER[r.rank] for r in at[node])
        return ranks[0] + ranks[1], round(heart.distance(Point(node)))

    taken: list[Node] = []
    names: set[frozenset[str]] = set()
    for node in sorted((n for n, roads in at.items() if len(roads) > 1 and min(RANK_ORDER[r.rank] for r in roads) < 2), key=lambda n: (weight(n), n)):
        pair = frozenset(r.name for r in _largest(at[node]))
        if pair not in names and all(Point(node).distance(Point(other)) > _APART for other in taken):
            taken.append(node)
            names.add(pair)
        if len(taken) == COUNT:
            break
    taken.sort()
    found = []
    for n, node in enumerate(taken, start=1):
        first, second = _largest(at[node])
        level = {0: "一级", 1: "二级"}.get(weight(node)[0], "三级")
        roads = tuple(r.name for r in sorted(at[node], key=lambda r: (RANK_ORDER[r.rank], r.name)))
        found.append(Crossing(f"LK-{n:03d}", f"{first.name}与{second.name}交叉口", roads, level, Point(node)))
    return found


def _largest(roads: set[Road]) -> list[Road]:
    return sorted(roads, key=lambda r: (RANK_ORDER[r.rank], r.name))[:2]
