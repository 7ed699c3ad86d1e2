"""What a sheet of paper is before it is drawn: its subject, its part of the ground, its numbered rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import ROUND_SCALES, Extent
from chuangwen.errors import UserError
from chuangwen.services.paper.frames import Paper, Rect
from chuangwen.services.paper.templates import Template, template
from chuangwen.services.seen_project import Reader
from chuangwen.text import _

MARKS = {"site": _("点"), "issue": _("问")}
"""Before the running number of a sheet: 点1 is a site, 问1 an issue, on the map and in the tables."""


FIT = 0
"""Instead of the N of 1:N: the largest scale at which the subject fits with its margin, to two figures (1:7 300)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be printed. `codes`: of the subjects (None: all); `scale`: the N of 1:N, None the best standard one, `FIT`; `mono`: for a
    black-and-white printer. `reader`: for whom it is, None for the office itself.

    A plain value: another process plans the same sheets from it.
    """

    product: str
    codes: tuple[str, ...] | None = None
    paper: str = "A4"
    scale: int | None = None
    mono: bool = False
    reader: Reader | None = None

    def checked(self) -> Request:
        """Itself. Raises `UserError` for a paper that the product is not made for or an unusable scale."""
        made = template(self.product)
        if self.paper not in made.papers:
            hint = _("可用纸张：{papers}。").format(papers="、".join(made.papers))
            raise UserError(_("{product}不能打印在 {paper} 纸上。").format(product=made.title, paper=self.paper), hint=hint)
        if self.scale is not None and self.scale != FIT and not 100 <= self.scale <= 1_000_000:
            raise UserError(_("比例尺 1:{scale} 不能用。").format(scale=self.scale), hint=_("请用 100 到 1000000 之间的数，auto 或 fit。"))
        return self


@dataclass(frozen=True, slots=True)
class MapPart:
    """The ground in a map frame. `centre`: easting, northing, metres of the project's CRS; `denominator`: the N of 1:N; `rotation`: as in `MapView`."""

    centre: tuple[float, float]
    denominator: float
    rotation: float = 0.0


@dataclass(frozen=True, slots=True)
class Numbered:
    """A row of a sheet's table and its number on the map; '' where it has no place on the map."""

    number: str
    feature: Feature


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet with all that follows it where its tables run over. Products add fields of their own.

    `code`, `name`: of the subject; `group`: its street, for bookmarks and order; `number`: 图幅号 among all sheets of the product, whichever are printed;
    `part`: of a subject that needs several sheets, from 1 (0: it needs one). `maps`: the grounds of its map frames. `rows`: layer id → numbered rows.
    By hand (`handwork`): `hidden` layers that are not drawn on it, `pinned` layer id → feature id → where its label was moved to, as in `LayerContent`.
    `news`: what is new on it since it last went out (of a packet), in words for its foot.
    """

    product: str
    code: str
    name: str
    group: str = ""
    number: int = 0
    part: int = 0
    paper: Paper
    landscape: bool
    maps: tuple[MapPart, ...] = ()
    subject: Feature | None = None
    rows: Mapping[str, tuple[Numbered, ...]] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    pinned: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    news: str = ""

    @property
    def template(self) -> Template:
        """The division of its paper."""
        return template(self.product)

    @property
    def ways(self) -> tuple[bool, ...]:
        """Landscape or not: the ways in which it may be turned by hand."""
        return self.template.ways()

    @property
    def map(self) -> MapPart:
        """The ground of its first map frame."""
        return self.maps[0]

    @property
    def map_sizes(self) -> tuple[tuple[float, float], ...]:
        """Width and height of the frame of each map, mm."""
        if not self.maps:
            return ()
        place = self.template.map_frame(self.paper, landscape=self.landscape)
        return ((place.width, place.height),) * len(self.maps)

    @property
    def title(self) -> str:
        """The words on top of it."""
        return f"{self.name} {self.template.title}"

    @property
    def numbers(self) -> dict[str, str]:
        """Id → number on the map."""
        return {row.feature.id: row.number for rows in self.rows.values() for row in rows if row.number}

    def features(self, layer: str) -> tuple[tuple[str, str], ...]:
        """Layer and id of each row of a layer's table."""
        return tuple((layer, row.feature.id) for row in self.rows.get(layer, ()))


def chosen(features: Features, codes: tuple[str, ...] | None) -> list[Feature]:
    """The features of `codes` (or ids), None: all. Raises `UserError` for a code that the layer has not got, and for a layer without features."""
    if not len(features):
        raise UserError(_("项目里还没有{layer}。").format(layer=features.layer.title), hint=_("请先导入{layer}。").format(layer=features.layer.title))
    if codes is None:
        return list(features)
    found = []
    for code in codes:
        one = features.coded(code) or features.feature(code)
        if one is None:
            raise UserError(_("{layer}中没有编号 {code}。").format(layer=features.layer.title, code=code))
        found.append(one)
    return found


def ground(part: MapPart, width: float, height: float) -> BaseGeometry:
    """What a map frame of `width` × `height` mm shows, as a polygon in metres."""
    x, y = part.centre
    wide, high = (side * part.denominator / 2000 for side in (width, height))
    box = shapely.box(x - wide, y - high, x + wide, y + high)
    return affinity.rotate(box, part.rotation, origin=part.centre) if part.rotation else box


def fitting_scale(extent: Extent, place: Rect, free: float) -> float:
    """The N at which an extent (metres) just fits a frame (mm) with a `free` share on each side."""
    share = 1 - 2 * free
    return max(extent.width / (place.width * share), extent.height / (place.height * share), 0.1) * 1000


def chosen_scale(exact: float, asked: int | None, scales: tuple[int, ...] = ()) -> float:
    """The N of a map that would just fit at `exact`: as `asked` (`Request.scale`), among `scales` where it is to be a standard one."""
    if asked == FIT:
        step = 10 ** (len(str(int(exact))) - 2)
        return float(max(-(-exact // step) * step, 1))
    return float(asked) if asked is not None else standard_scale(exact, scales)


def standard_scale(exact: float, scales: tuple[int, ...] = ()) -> float:
    """The nearest allowed scale that shows at least as much ground; the smallest one where none does."""
    allowed = scales or ROUND_SCALES
    return float(next((one for one in allowed if one >= exact * (1 - 1e-9)), allowed[-1]))


def inside(area: BaseGeometry, code: str, features: Features) -> tuple[Numbered, ...]:
    """The features in an area, by code and numbered; those without a place that name the zone's `code` come last, with no number."""
    shapely.prepare(area)
    here = shapely.intersects(area, features.geometry) & features.located
    codes = features.column("code")
    order = sorted(np.flatnonzero(here).tolist(), key=lambda at: str(codes[at] or ""))
    mark = MARKS.get(features.layer.id, "")
    rows = [Numbered(f"{mark}{number}", features.at(at)) for number, at in enumerate(order, 1)]
    named = features.column("zone_code")
    lost = [at for at in np.flatnonzero(~features.located).tolist() if code and named[at] == code]
    return (*rows, *(Numbered("", features.at(at)) for at in sorted(lost, key=lambda at: str(codes[at] or ""))))
