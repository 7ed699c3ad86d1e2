"""Where the rows of a file lie: its CRS found or asked, its shapes or coordinate columns brought into the project, what does not fit named row by row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.geo import GEOGRAPHIC, Extent
from chuangwen.domain.layer import Layer, Layers
from chuangwen.errors import DataProblem
from chuangwen.exchange import crs
from chuangwen.exchange.control_points import LIMIT_M
from chuangwen.exchange.coordinate_ranges import usable
from chuangwen.exchange.coordinates import number, points_of
from chuangwen.exchange.crs_by_numbers import as_drawn
from chuangwen.exchange.crs_choices import KEY, alternatives, placements, question, shifts
from chuangwen.exchange.doubts import Answer, Answers, Doubt, Unanswered
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.exchange.matching import Matches
from chuangwen.exchange.odd_rows import odd_rows
from chuangwen.exchange.shapes import Shapes, fitted, sample_points
from chuangwen.exchange.shift_check import check_shift
from chuangwen.exchange.source_crs import BD09, FITTED, GCJ02, LOCAL, NO_CRS, Home, Placement, SourceCrs, project_crs
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

POINTS = "points:"
LIMIT = "points_limit"
"""The answer that says how many metres a control point may be off."""
_PLACES = ("district", "zone", "section", "site", "building_outline", "road", "issue")
_INSIDE = 0.95  # of the shapes must lie in the district (domain.md 7.3)
_FAR_OUT = 3.0
_EDGE_M = 300.0  # and this far around it still counts: districts are drawn roughly


class Places(Protocol):
    """What must be known of a project to place a file in it."""

    @property
    def layers(self) -> Layers:
        """The layers."""

    @property
    def epsg(self) -> int:
        """The project's CRS."""

    def features(self, layer: str) -> Features:
        """All features of a layer."""


@dataclass
class Located:
    """The shapes in EPSG `epsg` (0: the project has no CRS and gets none from this), how that was found, and what may be asked."""

    source: SourceCrs | None
    epsg: int
    shapes: Shapes
    warnings: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    placements: tuple[Placement, ...] = ()


def home_of(view: Places, *, epsg_is_open: bool) -> Home:
    """Where the project lies, by the first layer that holds anything with a place."""
    if epsg_is_open:
        return Home()
    for name in _PLACES:
        if name in view.layers:
            features = view.features(name)
            if features.located.any():
                bounds = features.bounds
                corners = np.array([np.nanmin(bounds[:, :2], axis=0), np.nanmax(bounds[:, 2:], axis=0)])
                (x0, y0), (x1, y1) = project_crs(view.epsg).to_degrees(corners).tolist()
                return Home(view.epsg, Extent(x0, y0, x1, y1))
    return Home(view.epsg)


def locate(incoming: Incoming, layer: Layer, matches: Matches, view: Places, home: Home, wanted: str, answers: Answers) -> Located:
    """Place every row. `wanted`: auto, EPSG:N, gcj02, bd09, local, points:FILE; an answer to the doubt `crs` counts where it is auto.

    Raises `Unanswered` where nobody can tell (a reference layer is then shown as drawn), or where what comes lies outside the district.
    """
    count = len(incoming)
    nowhere = Located(None, home.epsg, Shapes(np.full(count, None, dtype=object)))
    if not layer.has_geometry:
        there = incoming.geometry is not None and bool((shapely.get_type_id(incoming.geometry) >= 0).any())
        nowhere.warnings = [_("“{layer}”没有图形，文件中的图形没有导入。").format(layer=layer.title)] if there else []
        return nowhere
    notes: list[Repaired] = []
    if incoming.geometry is not None:
        points, declared, geometry = sample_points(incoming.geometry), incoming.declared_crs, incoming.geometry
        if not len(points):
            return nowhere
    elif matches.coordinates:
        points, unread = points_of(incoming.columns, matches.coordinates)
        notes = [Repaired(incoming.rows[position], _("坐标“{text}”读不懂，按未定位处理").format(text=text)) for position, text in unread.items()]
        if not np.isfinite(points).any():
            nowhere.shapes.repaired = notes
            return nowhere
        declared, geometry = (f"EPSG:{GEOGRAPHIC}" if matches.degrees else ""), None
    else:
        return nowhere
    word, is_answer = wanted.strip(), False
    if word.lower() in ("", "auto"):
        is_answer = answers.get(KEY, "auto") not in ("", "auto")
        word = answers.get(KEY, "") or (matches.shifted if geometry is None and not matches.degrees else "") or "auto"
    source, asked = _source(declared, points, home, word, layer, answers, is_answer=is_answer)
    if word == "auto" and geometry is None and matches.degrees:
        source = replace(source, evidence=_("表头写明坐标来源。") + source.evidence)
        if matches.shifted:  # 高德转WGS84
            words = _("表头既写着网络地图，又写着 CGCS2000/WGS 84。按已经纠偏的真实坐标处理，对吗？")
            source = replace(source, doubts=(*source.doubts, question(words, source, shifts(source), asks=True)))
    if geometry is None and matches.shifted and word == matches.shifted:
        source = replace(source, evidence=_("表头写明坐标来源。") + source.evidence.replace(_("由用户指定为"), _("按")))
    _check_answers(source, answers)
    if source.code in (GCJ02, BD09) or source.crs.is_geographic:
        source = check_shift(source, incoming, points, matches, view.features(layer.id), home.epsg, answers)
    epsg = home.epsg or (0 if source.code == LOCAL else crs.home_epsg(source, points))
    if geometry is None:
        shapes = _of_points(points, incoming, layer, source, epsg, notes)
    else:
        geometry, odd = _straightened(geometry, incoming.rows, source)
        shapes = fitted(geometry, incoming.rows, layer, source, epsg, incoming.source, answers)
        shapes.repaired += odd
    found = Located(source, epsg, shapes, doubts=[*source.doubts, *asked, *shapes.doubts])
    others = alternatives(points, home) if any(one.key == KEY for one in found.doubts) else []
    found.placements = placements(source, others, points, home)
    if source.fit is not None:
        found.placements = tuple(replace(one, value=word) if one.chosen else one for one in found.placements)
    _check_district(found, layer, view, home, answers)
    return found


def _source(declared: str, points: Points, home: Home, word: str, layer: Layer, answers: Answers, *, is_answer: bool) -> tuple[SourceCrs, list[Doubt]]:
    """The CRS, and the questions that it leaves open (a reference layer), or that `word` has answered: they can be answered anew."""
    if not is_answer:
        return _found(declared, points, home, word, layer, answers)
    try:
        doubts: Sequence[Doubt] = crs.find(declared, points, home).doubts
    except Unanswered as error:
        doubts = error.doubts
    return _found(declared, points, home, word, layer, answers)[0], [replace(one, chosen=word) for one in doubts if one.key == KEY]


def _found(declared: str, points: Points, home: Home, word: str, layer: Layer, answers: Answers) -> tuple[SourceCrs, list[Doubt]]:
    if word.lower().startswith(POINTS):
        return _fitted_source(word[len(POINTS) :], points, home, answers), []
    try:
        return crs.find(declared, points, home, word), []
    except Unanswered as error:
        if layer.kind != "reference":
            error.placements = placements(None, alternatives(points, home), points, home)
            raise
        doubts = [replace(one, chosen=LOCAL) for one in error.doubts]
        return as_drawn(points, error.message), doubts


def _fitted_source(file: str, points: Points, home: Home, answers: Answers) -> SourceCrs:
    from chuangwen.exchange.control_table import fit_from_file

    if not home.epsg:
        raise DataProblem(_("项目还没有坐标系，不能按控制点放置。"), hint=_("请先导入区界或网格，再导入这份图。"))
    found = fit_from_file(Path(file), home.epsg, number(answers.get(LIMIT)) or LIMIT_M)
    warnings = [_("按控制点放置：{fit}").format(fit=found.sentence())]
    reach = found.reach(points[usable(points)])
    if reach > _FAR_OUT:
        warnings.append(_("有图形远在控制点之外（到控制点中心的距离是控制点的 {times:.0f} 倍），那里的误差会放大，请在那边补控制点。").format(times=reach))
    return SourceCrs(FITTED, NO_CRS, found.sentence(), tuple(warnings), fit=found)


def _check_answers(source: SourceCrs, answers: Answers) -> None:
    asked = next((one for one in source.doubts if one.key == crs.OLD_DATUM), None)
    if asked is not None and answers.get(crs.OLD_DATUM) == crs.BY_POINTS:
        raise Unanswered(
            _("西安80/北京54 坐标要用控制点校正，还没有给出控制点。"), _("请用 --crs points:文件 给出控制点（点名、原X、原Y、目标经度、目标纬度）。"), [asked]
        )


def _of_points(points: Points, incoming: Incoming, layer: Layer, source: SourceCrs, epsg: int, notes: list[Repaired]) -> Shapes:
    turns, _lost = odd_rows(points, source)
    points = points.copy()
    for turn in turns:
        points[turn.positions] = turn.apply(points[turn.positions])
        notes += [Repaired(incoming.rows[at], turn.what) for at in turn.positions.tolist()]
    fits = source.fits(points)
    given = np.isfinite(points).all(axis=1)
    for position in np.flatnonzero(given & ~fits).tolist():
        text = f"{points[position, 0]:g}, {points[position, 1]:g}"
        notes.append(Repaired(incoming.rows[position], _("坐标“{text}”不在合理范围，按未定位处理").format(text=text)))
    geometry = np.full(len(points), None, dtype=object)
    geometry[fits] = shapely.points(points[fits])
    shapes = fitted(geometry, incoming.rows, layer, source, epsg, incoming.source)
    shapes.repaired += notes
    return shapes


def _straightened(geometry: NDArray[np.object_], rows: Sequence[int], source: SourceCrs) -> tuple[NDArray[np.object_], list[Repaired]]:
    """Shapes that are written otherwise than the others put right or left without a place; listed."""
    points = np.full((len(geometry), 2), np.nan)
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    points[owner[first]] = coordinates[first]
    turns, lost = odd_rows(points, source)
    if not turns and not len(lost):
        return geometry, []
    found, notes = geometry.copy(), []
    for turn in turns:
        found[turn.positions] = shapely.transform(geometry[turn.positions], turn.apply)
        notes += [Repaired(rows[at], turn.what) for at in turn.positions.tolist()]
    for at in lost.tolist():
        found[at] = None
        notes.append(Repaired(rows[at], _("坐标与其他图形不是一类（{x:g}, {y:g}），按未定位处理").format(x=points[at, 0], y=points[at, 1])))
    return found, notes


def _check_district(found: Located, layer: Layer, view: Places, home: Home, answers: Answers) -> None:
    """At least 95 % of what a subject layer takes must lie in the district, where that is known (domain.md 7.3)."""
    if layer.kind != "subject" or not home.epsg or "district" not in view.layers:
        return
    district = view.features("district")
    there = found.shapes.geometry[shapely.get_type_id(found.shapes.geometry) >= 0]
    if not district.located.any() or not len(there):
        return
    area = shapely.buffer(shapely.union_all(district.geometry[district.located]), _EDGE_M)
    shapely.prepare(area)
    inside = float(shapely.intersects(area, there).mean())
    if inside >= _INSIDE:
        return
    outside = round(len(there) * (1 - inside))
    words = _("{count} 条里有 {outside} 条在区界外面（{share:.0%}）。坐标系可能不对，也可能这份名单就有外区的。怎么办？")
    doubt = Doubt(
        "outside",
        words.format(count=len(there), outside=outside, share=1 - inside),
        (Answer("stop", _("先停下，核对坐标系")), Answer("keep", _("没有错，照样导入"))),
        "stop",
        asks=True,
    )
    if answers.get(doubt.key) == "keep":
        found.doubts.append(replace(doubt, chosen="keep"))
        return
    hint = _("请核对坐标系（--crs），或回答 keep。")
    error = Unanswered(doubt.question, hint, [doubt, *[one for one in found.doubts if one.key == KEY]])
    error.placements = found.placements
    raise error
