"""Whether degrees are those of a Chinese web map, and never to be shifted twice: by what the file says, and by where the project has the same features."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely
from pyproj import CRS

from chuangwen.domain.feature import Features
from chuangwen.domain.geo import GEOGRAPHIC
from chuangwen.domain.values import Scalar
from chuangwen.errors import DataProblem
from chuangwen.exchange.coordinate_ranges import DEGREES
from chuangwen.exchange.crs_choices import KEY, question, shifts, title
from chuangwen.exchange.doubts import Answer, Answers, Doubt, Unanswered
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.matching import Matches
from chuangwen.exchange.source_crs import BD09, GCJ02, SourceCrs
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from chuangwen.exchange.coordinate_ranges import Points

TWICE = "shift_twice"
_SHIFTED = (GCJ02, BD09)
_DONE = re.compile(r"已纠偏|纠偏后|已去偏|已转换|转换后|已换算|已改正|[转为到](?:wgs|cgcs|国家)", re.IGNORECASE)
_SAME_PLACE_M, _ELSEWHERE_M = 60.0, 150.0
"""Features of the same code nearer than this are the same place; farther than that they are not. The shift is 20–693 m (facts.md 12)."""
_ENOUGH = 3


def check_shift(source: SourceCrs, incoming: Incoming, points: Points, matches: Matches, existing: Features, epsg: int, answers: Answers) -> SourceCrs:
    """`source`; without its shift where the user wants no second one; with a question where the project's own features say that it lacks one.

    `points` (n, 2): the coordinate columns of a list, as they are. `existing` lies in EPSG `epsg`. Raises `Unanswered` before a shift that seems to be the
    second, `DataProblem` before one that is.
    """
    shifted = source.code in _SHIFTED
    if shifted and matches.degrees:
        raise DataProblem(
            _("表头写明是 CGCS2000/WGS 84，不再按 {code} 纠偏：纠偏两次位置就错了。").format(code=source.code), hint=_("请用 --crs auto，或先核对表头。")
        )
    is_plain = source.epsg in (GEOGRAPHIC, 4326) and source.reading is not None and source.reading.kind == DEGREES
    if not shifted and not (is_plain or any(one.key == KEY for one in source.doubts)):
        return source
    if shifted and answers.get(TWICE) != "shift" and (said := _DONE.search(" ".join((incoming.source, incoming.sheet, *matches.coordinates.values())))):
        return _once(source, answers, _("文件里写着“{said}”，可能已经纠偏过，再纠偏一次位置就错了。怎么办？").format(said=said[0]))
    mine, theirs = _pairs(incoming, points, matches, existing)
    if len(mine) < _ENOUGH or not epsg:
        return source
    plain = _unshifted(source)
    ways = {one.code: one for one in (plain, *shifts(plain))}
    off = {code: float(np.nanmedian(np.hypot(*(one.to(mine, epsg) - theirs).T))) for code, one in ways.items()}
    if shifted and off[plain.code] < _SAME_PLACE_M and off[source.code] > _ELSEWHERE_M and answers.get(TWICE) != "shift":
        words = _("这些坐标不纠偏就和项目里的同一批对得上（差 {near:.0f} 米），纠偏后反而差 {far:.0f} 米：可能已经纠偏过。怎么办？")
        return _once(source, answers, words.format(near=off[plain.code], far=off[source.code]))
    best = min(off, key=lambda code: off[code])
    if shifted or KEY in answers or best == plain.code or off[best] > _SAME_PLACE_M or off[plain.code] < _ELSEWHERE_M:
        return source
    words = _("这些坐标和项目里的同一批差 {far:.0f} 米；按{name}纠偏就对得上（差 {near:.0f} 米）。是从网络地图上取的吗？")
    words = words.format(far=off[plain.code], name=title(ways[best]), near=off[best])
    doubts = [one for one in source.doubts if one.key != KEY] + [question(words, source, shifts(plain), asks=True)]
    return replace(source, warnings=(*source.warnings, words), doubts=tuple(doubts))


def _once(source: SourceCrs, answers: Answers, words: str) -> SourceCrs:
    possible = (Answer("keep", _("不再纠偏")), Answer("shift", _("仍然纠偏")))
    doubt = Doubt(TWICE, words, possible, "keep", asks=True)
    if answers.get(TWICE) == "keep":
        return replace(_unshifted(source), evidence=_("已纠偏过，不再纠偏。"), doubts=(*source.doubts, doubt))
    raise Unanswered(words, _("请回答 {key}=keep（不再纠偏）或 {key}=shift（仍然纠偏）。").format(key=TWICE), [doubt])


def _unshifted(source: SourceCrs) -> SourceCrs:
    return replace(source, code=f"EPSG:{GEOGRAPHIC}", crs=CRS.from_epsg(GEOGRAPHIC))


def _pairs(incoming: Incoming, points: Points, matches: Matches, existing: Features) -> tuple[Points, NDArray[np.float64]]:
    """Places in the file and in the project of the rows that both have: by code, else by a name that is unique on either side."""
    for field in ("code", "name"):
        column = next((one for one in incoming.columns if matches.fields.get(one.title) == field), None)
        if column is None or not len(existing):
            continue
        place = _unique(existing.column(field))
        rows = [(at, place[text]) for text, at in _unique(column.values).items() if text in place]
        mine, theirs = [at for at, _there in rows], [there for _at, there in rows]
        here = points[mine] if incoming.geometry is None else _middles(incoming.geometry[mine])
        there = _middles(existing.geometry[theirs])
        both = np.isfinite(here).all(axis=1) & np.isfinite(there).all(axis=1)
        if both.sum() >= _ENOUGH:
            return here[both], there[both]
    return np.empty((0, 2)), np.empty((0, 2))


def _middles(geometry: NDArray[np.object_]) -> Points:
    middle = shapely.centroid(geometry)
    return np.column_stack([shapely.get_x(middle), shapely.get_y(middle)])


def _unique(values: Sequence[Scalar]) -> dict[str, int]:
    """Text → position, those that occur twice left out."""
    found: dict[str, int] = {}
    twice: set[str] = set()
    for position, value in enumerate(values):
        if value is not None:
            twice.update([str(value)] if str(value) in found else [])
            found[str(value)] = position
    return {text: position for text, position in found.items() if text not in twice}
