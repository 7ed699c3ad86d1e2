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
from chuangwen.exchange.coordinate_ranges import CM, WORLD, ZONE3, Reading, readings, usable
from chuangwen.exchange.coordinates import points_of
from chuangwen.exchange.crs_choices import KEY, alternatives, placements
from chuangwen.exchange.doubts import Answer, Answers, Doubt, Unanswered
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.exchange.matching import Matches
from chuangwen.exchange.shapes import Shapes, fitted, sample_points
from chuangwen.exchange.source_crs import BD09, FITTED, GCJ02, LOCAL, NO_CRS, Home, Placement, SourceCrs, project_crs
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

POINTS = "points:"
_PLACES = ("district", "zone", "section", "site", "building_outline", "road", "issue")
_INSIDE = 0.95  # of the shapes must lie in the district (domain.md 7.3)
_EDGE_M = 300.0  # and this far around it still counts: districts are drawn roughly
_SAME_PLACE_M, _SHIFTED_M = 60.0, 150.0
_ENOUGH = 3


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
    word = wanted.strip()
    if word.lower() in ("", "auto"):
        word = answers.get(KEY, "") or (matches.shifted if geometry is None else "") or "auto"
    source, asked = _source(declared, points, home, word, layer)
    if word == "auto" and geometry is None and matches.degrees:
        source = replace(source, evidence=_("表头写明坐标来源。") + source.evidence)
    if geometry is None and matches.shifted and word == matches.shifted:
        source = replace(source, evidence=_("表头写明坐标来源。") + source.evidence.replace(_("由用户指定为"), _("按")))
    _check_answers(source, answers, matches)
    _check_twice(source, points, incoming, layer, matches, view, answers)
    epsg = home.epsg or (0 if source.code == LOCAL else crs.home_epsg(source, points))
    if geometry is None:
        shapes = _of_points(points, incoming, layer, source, epsg, notes)
    else:
        geometry, odd = _straightened(geometry, incoming.rows, source)
        shapes = fitted(geometry, incoming.rows, layer, source, epsg, incoming.source, answers)
        shapes.repaired += odd
    found = Located(source, epsg, shapes, doubts=[*source.doubts, *asked, *shapes.doubts])
    others = alternatives(points, home) if found.doubts or len(points) < 1 else []
    found.placements = placements(source, others, points, home)
    _check_district(found, layer, view, home, answers)
    return found


def _source(declared: str, points: Points, home: Home, word: str, layer: Layer) -> tuple[SourceCrs, list[Doubt]]:
    """The CRS, and the questions that a reference layer leaves open."""
    if word.lower().startswith(POINTS):
        return _fitted_source(word[len(POINTS) :], home), []
    try:
        return crs.find(declared, points, home, word), []
    except Unanswered as error:
        if layer.kind != "reference":
            error.placements = placements(None, alternatives(points, home), points, home)
            raise
        doubts = [replace(one, chosen=LOCAL) for one in error.doubts]
        return crs.as_drawn(points, error.message), doubts


def _fitted_source(file: str, home: Home) -> SourceCrs:
    from chuangwen.exchange.control_table import fit_from_file

    if not home.epsg:
        raise DataProblem(_("项目还没有坐标系，不能按控制点放置。"), hint=_("请先导入区界或网格，再导入这份图。"))
    found = fit_from_file(Path(file), home.epsg)
    return SourceCrs(FITTED, NO_CRS, found.sentence(), (_("按控制点放置：{fit}").format(fit=found.sentence()),), fit=found)


def _check_answers(source: SourceCrs, answers: Answers, matches: Matches) -> None:
    if crs.is_old(source) and answers.get("old_datum") == "stop":
        raise DataProblem(_("按您的选择，没有导入西安80/北京54 坐标的文件。"), hint=_("请索取国家2000坐标的数据，或给出控制点（--crs points:文件）。"))
    if source.code in (GCJ02, BD09) and matches.degrees:
        raise DataProblem(
            _("表头写明是 CGCS2000/WGS 84，不再按 {code} 纠偏：纠偏两次位置就错了。").format(code=source.code), hint=_("请用 --crs auto，或先核对表头。")
        )


def _check_twice(source: SourceCrs, points: Points, incoming: Incoming, layer: Layer, matches: Matches, view: Places, answers: Answers) -> None:
    """Coordinates that already lie where the project has the same features are not shifted again without a word."""
    column = next((one for one in incoming.columns if matches.fields.get(one.title) == "code"), None)
    if source.code not in (GCJ02, BD09) or column is None or len(points) != len(incoming) or answers.get("shift_twice") == "shift":
        return
    existing = view.features(layer.id)
    pairs = [(at, existing.by_code[str(code)]) for at, code in enumerate(column.values) if code is not None and str(code) in existing.by_code]
    pairs = [(at, there) for at, there in pairs if existing.geometry[there] is not None and np.isfinite(points[at]).all()]
    if len(pairs) < _ENOUGH:
        return
    mine = points[[at for at, _there in pairs]]
    theirs = shapely.get_coordinates(shapely.centroid(existing.geometry[[there for _at, there in pairs]]))
    plain = replace(source, code=f"EPSG:{GEOGRAPHIC}")
    unshifted, shifted = (float(np.median(np.hypot(*(one.to(mine, view.epsg) - theirs).T))) for one in (plain, source))
    if unshifted < _SAME_PLACE_M and shifted > _SHIFTED_M:
        words = _("这些坐标不纠偏就和项目里的同一批对得上（差 {near:.0f} 米），纠偏后反而差 {far:.0f} 米：可能已经纠偏过。怎么办？")
        answers_ = (Answer("keep", _("不再纠偏")), Answer("shift", _("仍然纠偏")))
        doubt = Doubt("shift_twice", words.format(near=unshifted, far=shifted), answers_, "keep", asks=True)
        raise Unanswered(doubt.question, _("请去掉 --crs {code}，或回答 shift。").format(code=source.code), [doubt])


def _of_points(points: Points, incoming: Incoming, layer: Layer, source: SourceCrs, epsg: int, notes: list[Repaired]) -> Shapes:
    points, _odd, swapped = _each(points, source)
    notes += [Repaired(incoming.rows[at], _("坐标的两个轴与别的行相反，已对调")) for at in swapped]
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
    """Shapes whose axes are exchanged, or that lack the prefix which all others have, put right; listed."""
    there = np.flatnonzero(shapely.get_type_id(geometry) >= 0)
    full = np.full((len(geometry), 2), np.nan)
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    first = np.flatnonzero(np.diff(owner, prepend=-1))
    full[owner[first]] = coordinates[first]
    _points, odd, swapped = _each(full, source)
    if not len(odd) and not len(swapped):
        return geometry, []
    found = geometry.copy()
    notes = []
    for position in swapped:
        found[position] = shapely.transform(geometry[position], lambda points: points[:, ::-1])
        notes.append(Repaired(rows[position], _("坐标的两个轴与别的行相反，已对调")))
    for position in odd:
        if position in there:
            found[position] = None
            notes.append(Repaired(rows[position], _("坐标与其他图形不是一类（{x:g}, {y:g}），按未定位处理").format(x=full[position, 0], y=full[position, 1])))
    return found, notes


def _each(points: Points, source: SourceCrs) -> tuple[Points, list[int], list[int]]:
    """`points` (n, 2) with those straightened whose axes are exchanged; positions of those that are of no kind with the others; and of the straightened."""
    way = source.reading or next(iter(readings(points)), None)
    if way is None or (way.kind in (WORLD, CM) and source.code == LOCAL) or way.share < 0.5 or (way.share == 1.0 and source.reading is None):
        return points, [], []
    fits, good = way.fits(points), usable(points)
    if way.kind == WORLD or bool((fits | ~good).all()):
        return points, [], []
    other = Reading(way.kind, not way.swap, way.factor, way.zone)
    turned = good & ~fits & other.fits(points)
    found = points.copy()
    found[turned] = points[turned][:, ::-1]
    odd = good & ~fits & ~turned
    if way.kind == ZONE3:
        odd &= ~Reading(CM, way.swap, way.factor).fits(points)
    return found, np.flatnonzero(odd).tolist(), np.flatnonzero(turned).tolist()


def _check_district(found: Located, layer: Layer, view: Places, home: Home, answers: Answers) -> None:
    """At least 95 % of what a subject layer takes must lie in the district, where that is known (domain.md 7.3)."""
    if layer.kind != "subject" or not home.epsg or "district" not in view.layers or answers.get("outside") == "keep":
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
    hint = _("请核对坐标系（--crs），或回答 keep。")
    error = Unanswered(doubt.question, hint, [doubt, *[one for one in found.doubts if one.key == KEY]])
    error.placements = found.placements
    raise error
