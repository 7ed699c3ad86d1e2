"""索引图: what stands in its frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.domain.geo import scale_text
from chuangwen.domain.layer import Field, Label, Layer, Symbol
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import flatten
from chuangwen.render.paper import legend, zone
from chuangwen.render.paper.foot import Foot
from chuangwen.render.paper.heading import Heading
from chuangwen.render.paper.large_words import LargeWords
from chuangwen.render.paper.layout import Filling
from chuangwen.render.paper.legend_line import LegendLine
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.page import Atlas
from chuangwen.render.paper.table import Column, Table
from chuangwen.render.view import MapView
from chuangwen.services.paper.index import LISTED, IndexSheet, Listed
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.text import _

_TAG = (Field("tag", "text", ""),)
_EVERY_SCALE = 1e9
_SHEET_ORDER, _ZONE_ORDER, _STREET_ORDER = 62, 63, 64
_NUMBER, _CODE, _STREET = 1.7, 0.86, 1.3  # of the text


def fill(atlas: Atlas, sheet: Sheet) -> Filling:
    """Title, the district with the outlines of the sheets, the list."""
    assert isinstance(sheet, IndexSheet)
    text = sheet.paper.text
    plan: MapBlock = MapBlock(atlas, sheet.map, sheet.plan, lambda: _content(atlas, sheet, plan.view), text)
    layers = atlas.project.layers
    for made in (_zones(atlas.project.features("zone"), text), _streets(sheet, text), _outlines(sheet)):
        layers = layers.plus(made.layer)
    hidden = sheet.template.map.unexplained
    return {
        "title": [Heading(sheet.title, _facts(atlas, sheet), text)],
        "map": [plan],
        "legend": [LegendLine(lambda: legend.entries(layers, plan.counts, hidden), text * 0.95, fixed=True)],
        "tables": [sheet_table(atlas, sheet)],
        "foot": [Foot("", text)],
    }


def _facts(atlas: Atlas, sheet: IndexSheet) -> list[str]:
    facts = [_("共 {count} 幅").format(count=len(sheet.listed)), scale_text(sheet.map.denominator), _("大号数字是图幅号，细线框是图幅范围")]
    if not sheet.pages:
        listed = sheet.listed[0].sheet
        facts.append(_("页码按 {paper} {product}单独成册计").format(paper=listed.paper.name, product=listed.template.title))
    return facts


def sheet_table(atlas: Atlas, sheet: IndexSheet) -> Table:
    """图幅号, 网格编号, 网格名称, 页码, 责任单位."""
    columns = (
        Column(_("图幅号"), 12, "centre"),
        Column(_("网格编号"), 16, "centre"),
        Column(_("网格名称"), 34),
        Column(_("页码"), 10, "centre"),
        Column(_("责任单位"), 26),
    )
    rows = []
    for one, page in zip(sheet.listed, sheet.pages or _counted(atlas, sheet.listed), strict=True):
        own = one.sheet
        unit = atlas.short_unit(own.subject) if own.subject else ""
        rows.append((one.number, own.code, own.name, str(page), unit))
    return Table(_("图幅目录"), columns, tuple(rows), sheet.paper.text)


def _counted(atlas: Atlas, listed: Sequence[Listed]) -> list[int]:
    """The page on which each sheet begins where they are printed as a book of their own."""
    sheets = [one.sheet for one in listed]
    run = Atlas(atlas.project, Request(LISTED, paper=sheets[0].paper.name, mono=atlas.style.mono), sheets, zone.fill)
    begins = {id(page.sheet): page.number for page in run.pages if page.part == 0}
    return [begins[id(one)] for one in sheets]


def _content(atlas: Atlas, sheet: IndexSheet, view: MapView) -> list[LayerContent]:
    """The numbers of the sheets come first, then the names of streets, then the codes of zones where there is room."""
    text, zones = sheet.paper.text, atlas.project.features("zone")
    words = LargeWords(view, np.empty((0, 2)), 0.0)
    numbers, streets = _numbers(sheet, text), _streets(sheet, text)
    numbered = words.write(numbers, flatten(numbers), _texts(numbers, "tag"), _NUMBER * text, _CODE * text, must=True)
    named = words.write(streets, flatten(streets), _texts(streets, "tag"), _STREET * text, text, must=False)
    coded = words.write(zones, atlas.flat(zones), _texts(zones, "code"), text, _CODE * text, must=False)
    content = [
        LayerContent(_zones(zones, coded.size), labels=False),
        LayerContent(_zones(zones, coded.size, bare=True), pinned=coded.pins),
        LayerContent(_streets(sheet, named.size / _STREET), pinned=named.pins),
        LayerContent(_outlines(sheet)),
        LayerContent(_numbers(sheet, numbered.size / _NUMBER), pinned=numbered.pins),
    ]
    content += [LayerContent(features, atlas.flat(features), labels=False) for features in atlas.shown(sheet)]
    return content


def _texts(features: Features, field: str) -> list[str]:
    return [str(text or "") for text in features.column(field)]


def _zones(zones: Features, size: float, *, bare: bool = False) -> Features:
    """The zones in the fills of their streets, or nothing but their codes, `size` mm."""
    look = Symbol() if bare else Symbol(title=_("网格界"), stroke="#c62828", stroke_width=0.35, mono={"stroke": "#000000", "stroke_width": 0.3})
    label = Label("{code}", size=size, colour="#444444", placement="inside", priority=7, max_denominator=_EVERY_SCALE)
    layer = replace(zones.layer, symbols=(look,), label=label, order=_ZONE_ORDER)
    if bare:
        layer = replace(layer, id="zone_code", palette=None)
    return Features(layer, zones.ids, zones.columns, zones.geometry)


def _streets(sheet: IndexSheet, text: float) -> Features:
    """Outlines and names of the streets."""
    look = Symbol(title=_("街道界"), stroke="#3a3340", stroke_width=0.55, dash=(3.6, 1.2, 0.8, 1.2), mono={"stroke": "#000000"})
    label = Label("{tag}", size=_STREET * text, colour="#6a6172", bold=True, placement="inside", priority=8, max_denominator=_EVERY_SCALE)
    layer = Layer("street_edge", _("街道界"), "subject", "polygon", _TAG, (look,), label=label, order=_STREET_ORDER)
    return _areas(layer, [name for name, _area in sheet.streets], [area for _name, area in sheet.streets])


def _outlines(sheet: IndexSheet) -> Features:
    """The frames of the sheets."""
    look = Symbol(title=_("图幅范围"), stroke="#7d9fce", stroke_width=0.2, mono={"stroke": "#000000", "stroke_width": 0.13, "dash": (1.0, 0.9)})
    layer = Layer("sheet_edge", _("图幅范围"), "base", "polygon", _TAG, (look,), order=_SHEET_ORDER)
    return _areas(layer, [one.number for one in sheet.listed], [one.outline for one in sheet.listed])


def _numbers(sheet: IndexSheet, text: float) -> Features:
    """Nothing but the numbers of the sheets, in what they show of their subject."""
    label = Label("{tag}", size=_NUMBER * text, colour="#a3161b", bold=True, placement="inside", priority=9, max_denominator=_EVERY_SCALE)
    layer = Layer("sheet_number", _("图幅号"), "subject", "polygon", _TAG, (Symbol(),), label=label, order=_SHEET_ORDER)
    return _areas(layer, [one.number for one in sheet.listed], [one.area for one in sheet.listed])


def _areas(layer: Layer, tags: list[str], areas: list[BaseGeometry]) -> Features:
    geometry = np.empty(len(areas), dtype=object)
    geometry[:] = areas
    return Features(layer, [f"{layer.id}-{number}" for number in range(len(areas))], {"tag": tags}, geometry)
