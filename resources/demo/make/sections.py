"""The 48 road-chief sections (路长制责任路段).

A section is a run of edges of one road between two crossings with larger roads. Its line is taken from the network as
it is, so it lies on its road exactly.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import plan
from curves import parts
from roads import RANK_ORDER, Edge, Network, Node, Road
from shapely import LineString, Point, line_merge, union_all

COUNT = 48
_SHARE = {plan.MAIN: 21, plan.SECONDARY: 15, plan.COMMERCIAL: 4, plan.BRANCH: 3, plan.ALLEY: 5}
_LONG_ENOUGH = {plan.MAIN: 650.0, plan.SECONDARY: 600.0, plan.COMMERCIAL: 450.0, plan.BRANCH: 350.0, plan.ALLEY: 180.0}


@dataclass(frozen=True)
class Section:
    """One section."""

    code: str
    road: Road
    start: str
    end: str
    line: LineString


def _crossing_roads(edges: list[Edge]) -> dict[Node, list[Road]]:
    """The roads at every node: once if they end there, twice if they go through."""
    at: dict[Node, list[Road]] = defaultdict(list)
    for e in edges:
        for end in e.ends:
            at[end].append(e.road)
    return at


def _runs(edges: list[Edge], at: dict[Node, list[Road]]) -> list[tuple[Road, LineString, str, str]]:
    """The road's pieces between crossings with roads that matter to it; short ones are joined to the next."""
    road = edges[0].road
    runs: list[tuple[Road, LineString, str, str]] = []
    for whole in parts(line_merge(union_all([e.line for e in edges])), LineString):
        if whole.coords[0][0] + whole.coords[0][1] * 0.3 > whole.coords[-1][0] + whole.coords[-1][1] * 0.3:
            whole = whole.reverse()  # sections are named from west to east
        reach = RANK_ORDER[road.rank] + (1 if road.rank in (plan.MAIN, plan.SECONDARY) else 2)
        stops = [(0.0, whole.coords[0])]
        crossed = (xy for xy in whole.coords[1:-1] if any(r.name != road.name and RANK_ORDER[r.rank] <= reach for r in at.get(xy, [])))
        stops += [(whole.project(Point(xy)), xy) for xy in crossed]
        stops.append((whole.length, whole.coords[-1]))
        begin = 0
        for k in range(1, len(stops)):
            rest = stops[-1][0] - stops[k][0]
            if stops[k][0] - stops[begin][0] >= _LONG_ENOUGH[road.rank] and (k == len(stops) - 1 or rest >= _LONG_ENOUGH[road.rank] * 0.6):
                piece = _between(whole, stops[begin][1], stops[k][1])
                runs.append((road, piece, _other(at, stops[begin][1], road), _other(at, stops[k][1], road)))
                begin = k
    return runs


def _between(line: LineString, first: Node, last: Node) -> LineString:
    coords = list(line.coords)
    return LineString(coords[coords.index(first) : len(coords) - coords[::-1].index(last)])


def _other(at: dict[Node, list[Road]], xy: Node, road: Road) -> str:
    """What a road meets at a node: by preference a road that goes through there, not one that carries this one on under another name."""
    here = at.get(xy, [])
    others = sorted((r for r in here if r.name != road.name), key=lambda r: (here.count(r) < 2, RANK_ORDER[r.rank], r.name))
    return others[0].name if others else "区界" if RANK_ORDER[road.rank] < 2 else "路尽头"


def _apart(runs: list[tuple[Road, LineString, str, str]], metres: float) -> list[tuple[Road, LineString, str, str]]:
    """Of small streets those that are not next to one taken already."""
    taken: list[tuple[Road, LineString, str, str]] = []
    for run in runs:
        if all(run[1].distance(other[1]) > metres for other in taken):
            taken.append(run)
    return taken


def make_sections(network: Network) -> list[Section]:
    """The 48 sections: most main and secondary roads, and some of the small streets in the middle of town."""
    at = _crossing_roads(network.edges)
    by_road: dict[str, list[Edge]] = defaultdict(list)
    for e in network.edges:
        by_road[e.road.name].append(e)
    runs = [run for group in by_road.values() for run in _runs(group, at)]
    heart = Point(plan.bent([(-200, -100)])[0])
    chosen: list[tuple[Road, LineString, str, str]] = []
    for rank, share in _SHARE.items():
        of_rank = [r for r in runs if r[0].rank == rank and "区界" not in r[2:]]
        of_rank.sort(key=lambda r: (round(r[1].interpolate(0.5, normalized=True).distance(heart)), r[0].name))
        if rank in (plan.BRANCH, plan.ALLEY):
            of_rank = _apart(of_rank, 480.0)
        chosen += of_rank[:share]
    if len(chosen) != COUNT:
        msg = f"{len(chosen)} sections instead of {COUNT}: {[sum(r[0].rank == k for r in runs) for k in _SHARE]} runs"
        raise ValueError(msg)
    order = {name: i for i, name in enumerate(by_road)}
    chosen.sort(key=lambda r: (RANK_ORDER[r[0].rank], order[r[0].name], r[1].centroid.x))
    return [Section(f"LZ-{n:02d}", road, start, end, line) for n, (road, line, start, end) in enumerate(chosen, start=1)]
