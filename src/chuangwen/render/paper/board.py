"""路长公示牌: what stands in its frames. Public: nothing internal, large print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from chuangwen.domain.feature import Features
from chuangwen.domain.values import plain
from chuangwen.render import fonts
from chuangwen.render.content import LayerContent
from chuangwen.render.paper import furniture
from chuangwen.render.paper.block import INK, Block
from chuangwen.render.paper.card import Card
from chuangwen.render.paper.layout import Filling
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.overlay import Overlay
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.section import own
from chuangwen.render.paper.signboard import Call, Imprint, NameBand
from chuangwen.render.paper.table import Column, Table
from chuangwen.render.paper.words import Words
from chuangwen.render.view import MapView
from chuangwen.services.paper.boards import BoardSheet
from chuangwen.services.paper.chainage import Alignment
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sections import road_name
from chuangwen.services.paper.sheet import Sheet
from chuangwen.text import _

_CHIEFS, _PEOPLE, _DUTIES = 1.5, 1.35, 1.4  # of the sheet's text
_GAPS = 9.0  # mm between the blocks of the left column, together, at a text of 2.5 mm
_SHRUNK = (1.0, 0.93, 0.86, 0.8, 0.74, 0.65, 0.55, 0.45)
"""Shares of the full size that are tried; down to 0.74 nothing is smaller than the sheet's text."""


def fill(atlas: Atlas, sheet: Sheet) -> Filling:
    """Name of the road, chiefs, unit, duties, a map, whom to call."""
    assert isinstance(sheet, BoardSheet)
    section = sheet.subject
    assert section is not None
    text = sheet.paper.text
    start, end = plain(section.get("start_text")), plain(section.get("end_text"))
    facts = [_("{start} 至 {end}").format(start=start, end=end)] if start or end else []
    facts += [_("全长 {metres} 米").format(metres=length)] if (length := _length(sheet)) else []
    return {
        "title": [NameBand(sheet.template.title, road_name(section) or section.code, "　　".join(facts), text)],
        **_left(sheet),
        "map": [_map(atlas, sheet) if sheet.maps else Words([_("（位置示意图：本路段尚未上图）")], text)],
        "call": [Call(_("监督电话"), sheet.phone, section.code, text)],
        "foot": [Imprint(text)],
    }


def _left(sheet: BoardSheet) -> dict[str, list[Block]]:
    """The left column, in print as large as one page allows: only names of sixty characters make it smaller."""
    frames = sheet.template.frames("landscape", sheet.paper, landscape=True, measure=lambda _name, _width: 0.0)
    room = next(place for frame, place in frames.items() if frame.name == "duties")
    free = room.height - _GAPS * sheet.template.scale(sheet.paper)
    for share in _SHRUNK:
        found = _column(sheet, sheet.paper.text * share)
        if sum(block.height(room.width) for blocks in found.values() for block in blocks) <= free:
            break
    return found


def _column(sheet: BoardSheet, text: float) -> dict[str, list[Block]]:
    """Chiefs, unit and times, duties."""
    columns = (Column(_("路长"), 22, "centre"), Column(_("姓名"), 22, "centre"), Column(_("单位及职务"), 56))
    rows = tuple((one.level, one.name, f"{one.unit} {one.post}".strip()) for one in sheet.chiefs)
    duties = [f"{number}. {line}" for number, line in enumerate(sheet.template.words.get("duties", ()), 1)]
    return {
        "chiefs": [Table("", columns, rows, text * _CHIEFS, least=text * 3.4)],
        "people": [Card(_people(sheet), text * _PEOPLE, 1, least=text * 2.9)],
        "duties": [Words([_("路长职责")], text * _DUTIES, bold=True), Words(duties, text * _DUTIES)],
    }


def _length(sheet: BoardSheet) -> int | None:
    """The declared length, else that of the map; metres."""
    declared = sheet.subject.get("length_m") if sheet.subject else None
    if isinstance(declared, int | float) and declared > 0:
        return round(declared)
    return None if sheet.road is None else round(sheet.road.length)


def _people(sheet: BoardSheet) -> list[tuple[str, str]]:
    section = sheet.subject
    assert section is not None
    cleaning = section.get("cleaning_per_day")
    pairs = [(_("责任单位"), sheet.unit), (_("联系社区"), plain(section.get("communities")))]
    times = [_("清扫 {count} 次/日").format(count=plain(cleaning))] if cleaning else []
    times += [_("巡查 {hours}").format(hours=plain(section.get("patrol_hours")))] if section.get("patrol_hours") else []
    return [*pairs, (_("清扫巡查"), "　".join(times))]


def _map(atlas: Atlas, sheet: BoardSheet) -> MapBlock:
    place = sheet.template.map_frame(sheet.paper, landscape=True)
    assert sheet.road is not None
    ends = BoardSigns(sheet.road, sheet.paper.text)
    return MapBlock(atlas, sheet.map, place, lambda: _content(atlas, sheet), sheet.paper.text, bar=False, north=False, overlays=(ends,))


def _content(atlas: Atlas, sheet: BoardSheet) -> list[LayerContent]:
    """Roads, the section's own and those that meet it with their names, water, green, buildings. Nothing that the office works with."""
    assert sheet.subject is not None
    text = sheet.paper.text
    content = []
    for features in atlas.shown(sheet):
        layer = features.layer
        flat = atlas.flat(features)
        one = LayerContent(features, flat, labels=False, symbol_scale=text / 2.5)
        if layer.id == "section":
            one = replace(one, features=own(features), only=frozenset({sheet.subject.id}))
        elif layer.id == "road" and layer.label is not None:
            label = replace(layer.label, size=text, max_denominator=sheet.map.denominator)
            one = replace(one, features=_named(features, {*sheet.met, road_name(sheet.subject)}), labels=True, label=label)
        content.append(replace(one, pinned=sheet.pinned.get(layer.id, {})))
    return content


def _named(roads: Features, names: set[str]) -> Features:
    """The roads, those of other names without a name."""
    shown = [name if name in names else None for name in roads.column("name")]
    return Features(roads.layer, roads.ids, {**roads.columns, "name": shown}, roads.geometry)


class BoardSigns(Overlay):
    """起 and 终 in discs at the ends of a road, and a north arrow as large as the rest; `text` mm."""

    def __init__(self, road: Alignment, text: float) -> None:
        self._road, self._radius, self._arrow = road, text * 0.72, text * 3.0

    def boxes(self, view: MapView, taken: Sequence[Rect]) -> list[Rect]:
        r = self._radius
        north = furniture.north_place(view.width - 2.0, 2.0, self._arrow)
        return [north, *(Rect(x - r, y - r, 2 * r, 2 * r) for _letter, (x, y) in self._places(view))]

    def draw(self, painter: QPainter, view: MapView, taken: Sequence[Rect], page: Page) -> None:
        size = self._radius * 1.25
        for letter, (x, y) in self._places(view):
            painter.setPen(QPen(QColor("#ffffff"), self._radius * 0.12))
            painter.setBrush(QColor(INK))
            painter.drawEllipse(QPointF(x, y), self._radius, self._radius)
            fonts.write(painter, x, y + (fonts.ASCENT - 0.5) * size, letter, size, "#ffffff", True, "centre")
        painter.setBrush(Qt.BrushStyle.NoBrush)
        furniture.north_arrow(painter, view.width - 2.0, 2.0, self._arrow)

    def _places(self, view: MapView) -> list[tuple[str, tuple[float, float]]]:
        (x0, y0), (x1, y1) = view.to_paper(np.array([self._road.xy[0], self._road.xy[-1]])).tolist()
        near = abs(x1 - x0) + abs(y1 - y0) < 2 * self._radius
        return [(_("起"), (x0 - self._radius * near, y0)), (_("终"), (x1 + self._radius * near, y1))]
