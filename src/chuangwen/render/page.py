"""A zone's sheets laid out and drawn: the same drawing for preview, PDF and printer, all in millimetres."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import Extent, central_meridian, scale_text
from chuangwen.domain.layer import Symbol
from chuangwen.domain.values import plain
from chuangwen.render import fonts, furniture
from chuangwen.render.draw import draw
from chuangwen.render.geometry import FlatGeometry, flatten
from chuangwen.render.scene import LayerContent, Scene, build
from chuangwen.render.table import Column, Piece, Table, alone, cut, draw_piece
from chuangwen.render.view import MapView
from chuangwen.services.atlas import Rect, ZoneSheet
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

INK = furniture.INK
RED = "#c62828"
_PRINT_DOTS = 600 / 25.4
_ABOVE_SECTIONS = 65
"""A boundary often runs along a road section: it is drawn over it, narrower, so that both are seen; sites and issues lie on top."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a run is drawn. `halo` as in `MapView`; `office` and `data_time` stand in the foot."""

    mono: bool = False
    halo: str = "outline"
    office: str = ""
    data_time: str = ""
    printed: str = ""


class Atlas:
    """A run of sheets over one project: features and flat geometry are prepared once, pages are numbered over all."""

    def __init__(self, project: Project, sheets: Sequence[ZoneSheet], *, mono: bool = False, halo: str = "outline") -> None:
        self.project = project
        self.sheets = list(sheets)
        steps = project.store.steps()
        written = steps[-1].at if steps else dt.datetime.now()
        day = project.campaign.fixed_today
        data_time = dt.datetime.combine(day, written.time()) if day is not None else written
        self.style = Style(mono, halo, project.campaign.office or _("创建办"), f"{data_time:%Y-%m-%d %H:%M}", f"{project.campaign.today:%Y-%m-%d}")
        self._flat: dict[str, tuple[Features, FlatGeometry]] = {}

    @cached_property
    def pages(self) -> list[Page]:
        """All pages of the run, in order: a zone's map, then what did not fit on it."""
        found: list[Page] = []
        for sheet in self.sheets:
            cuts = _cut(self.project, sheet)
            found += [Page(self, sheet, number, cut) for number, cut in enumerate(cuts)]
        return found

    def outlined(self, zones: Features) -> Features:
        """The zones with the thick boundary of a patrol map (domain.md 6.2) in place of the dashed one of the screen."""
        look = Symbol(title=_("本网格界"), stroke=RED, stroke_width=0.8, mono={"stroke": "#000000"})
        layer = replace(zones.layer, symbols=(look,), order=_ABOVE_SECTIONS)
        return Features(layer, zones.ids, zones.columns, zones.geometry)

    def flat(self, features: Features) -> FlatGeometry:
        """The flat geometry of a layer, made once."""
        kept = self._flat.get(features.layer.id)
        if kept is None or kept[0] is not features:
            kept = (features, flatten(features))
            self._flat[features.layer.id] = kept
        return kept[1]


@dataclass(frozen=True, eq=False)
class Page:
    """One page. `part` 0 has the map; the others continue the tables. `placed`: pieces of tables and where they stand."""

    atlas: Atlas
    sheet: ZoneSheet
    part: int
    placed: tuple[tuple[Piece, Rect], ...]

    @property
    def width(self) -> float:
        """Of the paper, mm."""
        return self.sheet.frames.width

    @property
    def height(self) -> float:
        """Of the paper, mm."""
        return self.sheet.frames.height

    @property
    def name(self) -> str:
        """For bookmarks and lists."""
        words = f"{self.sheet.zone.code} {self.sheet.zone.name}".strip()
        return words if self.part == 0 else _("{name}（续 {part}）").format(name=words, part=self.part)

    @property
    def view(self) -> MapView:
        """What the map shows, true to scale."""
        plan = self.sheet.frames.map
        style = self.atlas.style
        return MapView(self.sheet.centre, self.sheet.denominator, plan.width, plan.height, _PRINT_DOTS, style.mono, halo=style.halo)

    @cached_property
    def scene(self) -> Scene:
        """The map, thought out once: preview and paper draw the same."""
        return build(self._content(), self.view)

    def _content(self) -> list[LayerContent]:
        project, sheet = self.atlas.project, self.sheet
        content = []
        for layer in project.layers.drawn():
            if layer.kind == "reference":
                continue
            features = project.features(layer.id)
            one = LayerContent(features, self.atlas.flat(features))
            if layer.id == "zone":
                one = LayerContent(self.atlas.outlined(features), only=sheet.neighbours | {sheet.zone.id}, faded=sheet.neighbours)
            elif layer.id in ("site", "issue"):
                rows = sheet.sites if layer.id == "site" else sheet.issues
                ids = {row.feature.id for row in rows}
                one = replace(one, only=frozenset(ids), numbers={row_id: number for row_id, number in sheet.numbers.items() if row_id in ids})
            content.append(one)
        return content


def draw_page(painter: QPainter, page: Page) -> None:
    """Paint a page on a painter in millimetres, origin at the paper's top left."""
    sheet, box = page.sheet, page.sheet.frames
    painter.fillRect(QRectF(0, 0, page.width, page.height), QColor("#ffffff"))
    _draw_title(painter, page)
    if page.part == 0:
        view, plan = page.view, box.map
        painter.save()
        painter.translate(plan.x, plan.y)
        draw(painter, page.scene, view)
        painter.restore()
        furniture.neat_line(painter, plan)
        furniture.north_arrow(painter, plan.right - 2.5, plan.y + 2.5, 9.0)
        furniture.scale_bar(painter, view, plan.x + 2.0, plan.bottom - 2.0, plan.width * 0.32, sheet.paper.text)
        _draw_strip(painter, page)
    for piece, place in page.placed:
        draw_piece(painter, piece, place)
    _draw_foot(painter, page)


def _draw_title(painter: QPainter, page: Page) -> None:
    sheet = page.sheet
    place, k = sheet.frames.title, sheet.paper.text / 2.5
    title = sheet.title if page.part == 0 else _("{title}（续 {part}）").format(title=sheet.title, part=page.part)
    size = 5.6 * k
    while fonts.width(title, size, True) > place.width and size > 3:
        size *= 0.94
    fonts.write(painter, place.x + place.width / 2, place.y + fonts.ascent(5.6 * k), title, size, INK, True, "centre")
    zone = sheet.zone
    assert zone.geometry is not None
    facts = [_("网格编号 {code}").format(code=zone.code), _("面积 {area}").format(area=_area(zone.geometry.area))]
    facts += [
        f"{word} {plain(zone.get(name))}{unit}"
        for name, word, unit in (("households", _("户数"), ""), ("population", _("人口"), ""))
        if zone.get(name) is not None
    ]
    facts.append(_("共 {sites} 个点位、{issues} 个问题").format(sites=len(sheet.sites), issues=len(sheet.issues)))
    if sheet.needed is not None:
        facts.append(_("图幅放不下整个网格，请改用 {scale}").format(scale=scale_text(sheet.needed)))
    fonts.write(painter, place.x + place.width / 2, place.y + 10.6 * k, "　".join(facts), sheet.paper.text * 1.08, "#333333", align="centre")


def _area(square_metres: float) -> str:
    if square_metres >= 1e6:
        return f"{square_metres / 1e6:.2f} km²"
    return _("{hectares} 公顷").format(hectares=f"{square_metres / 1e4:.1f}") if square_metres >= 1e4 else f"{square_metres:.0f} m²"


def _draw_strip(painter: QPainter, page: Page) -> None:
    """Who is responsible, where the zone lies, and the legend of what is on this sheet."""
    sheet, place, text = page.sheet, page.sheet.frames.strip, page.sheet.paper.text
    painter.setPen(QPen(QColor("#8a8a8a"), 0.15))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(place.x, place.y, place.width, place.height))
    inside = place.inset(1.6)
    wide = inside.width * (0.42 if sheet.landscape else 0.36)
    small = min(inside.height * 0.42, 24.0)
    zone = sheet.zone
    people = [
        (_("包联单位"), plain(zone.get("responsible_unit"))),
        (_("网格长"), plain(zone.get("chief"))),
        (_("网格员"), plain(zone.get("member"))),
        (_("问卷责任人"), plain(zone.get("questionnaire_person"))),
        (_("联系电话"), plain(zone.get("phone"))),
        (_("四至范围"), plain(zone.get("bounds_text"))),
    ]
    y = inside.y
    for word, value in people:
        lines = fonts.wrapped(f"{word}：{value or '—'}", text, wide - 1)
        for line in lines:
            if y + text * 1.3 > inside.bottom - (small + 1 if sheet.landscape else 0):
                break
            fonts.write(painter, inside.x, y + fonts.ascent(text), line, text, INK)
            y += text * 1.32
    if sheet.landscape:
        spot = Rect(inside.x, inside.bottom - small, wide - 2, small)
        legend = Rect(inside.x + wide + 1.5, inside.y, inside.width - wide - 1.5, inside.height)
    else:
        spot = Rect(inside.x + wide + 1, inside.y, inside.width * 0.17, inside.height)
        legend = Rect(spot.right + 3, inside.y, inside.right - spot.right - 3, inside.height)
    _draw_locator(painter, page, spot)
    zones = page.atlas.outlined(page.atlas.project.features("zone"))
    layers = page.atlas.project.layers.plus(zones.layer)
    entries = furniture.legend_entries(layers, page.scene.counts, frozenset({"district"}))
    furniture.legend(painter, entries, legend, text, mono=page.atlas.style.mono)


def _draw_locator(painter: QPainter, page: Page, place: Rect) -> None:
    """位置示意: all zones small, this one filled."""
    zones = page.atlas.project.features("zone")
    bounds = zones.bounds[zones.located]
    extent = Extent(bounds[:, 0].min(), bounds[:, 1].min(), bounds[:, 2].max(), bounds[:, 3].max())
    text = page.sheet.paper.text * 0.9
    frame = Rect(place.x, place.y, place.width, place.height - text * 1.3)
    view = MapView.showing(extent, frame.width, frame.height, margin=0.02)
    painter.save()
    painter.translate(frame.x, frame.y)
    painter.setPen(QPen(QColor("#8a8a8a"), 0.1))
    tolerance = view.metres_per_mm * 0.15
    for row_id, geometry in zip(zones.ids, zones.geometry, strict=True):
        if geometry is None or geometry.is_empty:
            continue
        mine = row_id == page.sheet.zone.id
        painter.setBrush(QColor((INK if page.atlas.style.mono else RED) if mine else "#f2f2f2"))
        path = QPainterPath()
        for part in getattr(geometry.simplify(tolerance), "geoms", [geometry.simplify(tolerance)]):
            if part.geom_type != "Polygon" or part.is_empty:
                continue
            paper = view.to_paper(part.exterior.coords)
            path.moveTo(*paper[0])
            for x, y in paper[1:]:
                path.lineTo(x, y)
        painter.drawPath(path)
    painter.restore()
    fonts.write(painter, place.x + place.width / 2, place.bottom - 0.4, _("位置示意"), text, "#444444", align="centre")


def _draw_foot(painter: QPainter, page: Page) -> None:
    sheet, place, style = page.sheet, page.sheet.frames.foot, page.atlas.style
    text = sheet.paper.text
    k = text / 2.5
    code = 14.0 * k
    room = place.width - code - 3
    blank = "＿" * (6 if sheet.paper.name == "A4" else 9)
    line = _("巡查人{blank}　巡查时间＿＿月＿＿日＿＿时＿＿分至＿＿时＿＿分　签字{blank}").format(blank=blank)
    fonts.write(painter, place.x, place.y + 6.0 * k, fonts.shortened(line, text * 1.12, room), text * 1.12, INK)
    painter.setPen(QPen(QColor("#8a8a8a"), 0.12))
    painter.drawLine(QPointF(place.x, place.y + 8.6 * k), QPointF(place.x + room, place.y + 8.6 * k))
    first = [
        _("制图单位：{office}").format(office=style.office),
        _("制图日期：{day}").format(day=style.printed),
        _("数据截止：{time}").format(time=style.data_time),
    ]
    pages = page.atlas.pages
    second = [
        _("坐标系：CGCS2000 三度带 中央经线{degrees}°").format(degrees=central_meridian(page.atlas.project.epsg)),
        _("内部资料　注意保管"),
        _("第 {number} 页　共 {count} 页").format(number=pages.index(page) + 1, count=len(pages)),
    ]
    for number, words in enumerate((first, second)):
        fonts.write(painter, place.x, place.y + (12.0 + number * 3.7) * k, "　　".join(words), text * 0.96, "#333333")
    says = _("{project} 网格巡查图 {code} {name} {time}").format(
        project=page.atlas.project.campaign.title, code=sheet.zone.code, name=sheet.zone.name, time=style.data_time
    )
    furniture.qr(painter, says, Rect(place.right - code, place.y + 1.5 * k, code, code))


def _site_table(project: Project, sheet: ZoneSheet) -> Table:
    field = project.layers["site"].field("category")
    columns = (Column(_("图号"), 9, "centre"), Column(_("点位名称"), 32), Column(_("类型"), 15), Column(_("责任单位"), 26), Column(_("责任人/电话"), 23))
    rows = []
    for row in sheet.sites:
        site = row.feature
        person = " ".join(word for word in (plain(site.get("chief")), plain(site.get("phone"))) if word)
        rows.append((row.number or _("未定位"), site.name, field.show(site.get("category")), _short(project, site), person))
    return Table(_("点位清单（{count} 个）").format(count=len(rows)), columns, tuple(rows), sheet.paper.text)


def _issue_table(project: Project, sheet: ZoneSheet) -> Table:
    columns = (
        Column(_("图号"), 10, "centre"),
        Column(_("问题编号"), 16),
        Column(_("位置"), 19),
        Column(_("问题"), 29),
        Column(_("责任单位"), 18),
        Column(_("时限"), 12.5, "centre"),
        Column(_("现场情况"), 13),
        Column(_("核查结果"), 15),
    )
    rows = []
    for row in sheet.issues:
        issue = row.feature
        due = issue.get("due_at")
        place = plain(issue.get("address")) or plain(issue.get("site_name"))
        words = (row.number or _("未定位"), issue.code, place, plain(issue.get("description")), _short(project, issue))
        rows.append((*words, _("{month}月{day}日").format(month=due.month, day=due.day) if isinstance(due, dt.date) else "", "", _("□已整改\n□未整改")))
    return Table(_("待整改问题（{count} 个）").format(count=len(rows)), columns, tuple(rows), sheet.paper.text)


def _short(project: Project, feature: Feature) -> str:
    """The responsible unit by its short name: the sheet has no room for the full one."""
    unit = plain(feature.get("responsible_unit"))
    units = project.features("unit")
    names = units.column("name")
    return str(units.column("short_name")[names.index(unit)] or unit) if unit in names else unit or _("待指定")


def _cut(project: Project, sheet: ZoneSheet) -> list[tuple[tuple[Piece, Rect], ...]]:
    """Both tables onto the map's sheet as far as they go, the rest onto continuation sheets; each page's pieces with their places."""
    pages: list[list[tuple[Piece, Rect]]] = [[]]
    room = sheet.frames.tables
    y = room.y
    for table in (_site_table(project, sheet), _issue_table(project, sheet)):
        first = 0
        while first < max(len(table.rows), 1):
            piece = cut(table, first, room.width, room.bottom - y)
            if piece is None and (room is sheet.frames.tables or y > room.y):
                pages.append([])
                room, y = sheet.frames.body, sheet.frames.body.y
                continue
            piece = piece or alone(table, first, room.width)
            pages[-1].append((piece, Rect(room.x, y, piece.width, piece.height)))
            y += piece.height + 2.5
            first = max(piece.last, first + 1)
    return [tuple(page) for page in pages]
