"""分街道作战图 (domain.md 6.7): what stands in its frames."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import shapely

from chuangwen.domain.geo import scale_text
from chuangwen.domain.values import plain
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import flatten
from chuangwen.render.paper import legend, street_layers
from chuangwen.render.paper.block import Block
from chuangwen.render.paper.foot import Foot
from chuangwen.render.paper.heading import Heading
from chuangwen.render.paper.key_figures import KeyFigures
from chuangwen.render.paper.large_words import LargeWords
from chuangwen.render.paper.layout import Filling
from chuangwen.render.paper.legend_grid import LegendGrid
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.page import Atlas
from chuangwen.render.paper.table import Column, Table
from chuangwen.render.paper.zone import area_text
from chuangwen.render.view import MapView
from chuangwen.services.paper.sheet import Sheet
from chuangwen.services.paper.streets import StreetSheet
from chuangwen.text import _

_CODE, _NAME, _STREET = 2.1, 1.35, 1.7  # of the text: codes and names of zones, names of the streets around
_REACH = 2.4  # mm: half a symbol with what stands beside it
_UNEXPLAINED = frozenset({"zone_fill", "zone_name", "other_street"})
"""Layers that tell zones and streets apart and mean nothing more."""


def fill(atlas: Atlas, sheet: Sheet) -> Filling:
    """Title and facts, map, key figures, legend, zones, sites, and the open issues where they are few enough to bear numbers."""
    assert isinstance(sheet, StreetSheet)
    text = sheet.paper.text
    plan: MapBlock = MapBlock(atlas, sheet.map, sheet.plan, lambda: _content(atlas, sheet, plan.view), text)
    layers, zones = atlas.project.layers, atlas.project.features("zone")
    for made in (street_layers.edges(zones, text), street_layers.outline(sheet)):
        layers = layers.plus(made.layer)
    hidden = sheet.template.map.unexplained | _UNEXPLAINED
    tables: list[Block] = [zone_table(atlas, sheet), site_table(atlas, sheet), section_table(atlas, sheet)]
    if sheet.numbered:
        tables.append(issue_table(atlas, sheet))
    return {
        "title": [Heading(sheet.title, _facts(sheet), text)],
        "map": [plan],
        "figures": [key_figures(sheet)],
        "legend": [LegendGrid(lambda: legend.entries(layers, plan.counts, hidden), text)],
        "tables": tables,
        "foot": [Foot("", text)],
    }


def _facts(sheet: StreetSheet) -> list[str]:
    facts = [_("面积 {area}").format(area=area_text(sheet.area.area)), scale_text(sheet.map.denominator)]
    if not sheet.numbered:
        facts.append(_("待整改问题 {count} 个，图上只标位置").format(count=sheet.unfinished))
    return facts


def key_figures(sheet: StreetSheet) -> KeyFigures:
    """点位数, 网格数, 问题数, 整改率 with numerator and denominator (SR-08), and what is left to do."""
    found = sheet.figures
    rate = _("已销号 {closed} / {issues}").format(closed=found.closed, issues=found.issues)
    boxes = [
        (str(found.sites), _("点位数"), ""),
        (str(found.zones), _("网格数"), ""),
        (str(found.issues), _("问题数"), ""),
        (found.rate, _("整改率"), rate),
        (str(sheet.unfinished), _("待整改"), _("逾期 {count}").format(count=found.overdue)),
    ]
    return KeyFigures(boxes, sheet.paper.text)


def _content(atlas: Atlas, sheet: StreetSheet, view: MapView) -> list[LayerContent]:
    text = sheet.paper.text
    content = [
        *_zones(atlas, sheet, view),
        LayerContent(street_layers.others(sheet, _STREET * text)),
        LayerContent(street_layers.outline(sheet)),
    ]
    for features in atlas.shown(sheet):
        layer = features.layer
        if layer.id == "zone":
            continue
        one = LayerContent(features, atlas.flat(features), labels=layer.id != "building_outline")
        if layer.id in sheet.rows:
            rows = sheet.rows[layer.id]
            own = frozenset(row.feature.id for row in rows)
            numbers = {row.feature.id: row.number for row in rows if row.number}
            one = LayerContent(street_layers.sections(features), only=own) if layer.id == "section" else replace(one, only=own, numbers=numbers, labels=False)
        content.append(one)
    return content


def _zones(atlas: Atlas, sheet: StreetSheet, view: MapView) -> list[LayerContent]:
    """The fills; the boundaries with their codes, each at a place of its own; and the names where there is room for them."""
    text, zones = sheet.paper.text, atlas.project.features("zone")
    own = frozenset(sheet.tints)
    marks = [row.feature.geometry for layer in ("site", "issue") for row in sheet.rows[layer]]
    words = LargeWords(view, shapely.get_coordinates(shapely.point_on_surface(marks)), _REACH)
    codes = [str(code or "") if row_id in own else "" for row_id, code in zip(zones.ids, zones.column("code"), strict=True)]
    coded = words.write(zones, atlas.flat(zones), codes, _CODE * text, text, must=True)
    names = street_layers.names(zones, sheet, text)
    named = words.write(names, flatten(names), [str(tag) for tag in names.column("tag")], _NAME * text, text, must=False)
    return [
        LayerContent(street_layers.fills(zones, sheet)),
        LayerContent(street_layers.edges(zones, coded.size), only=own, pinned=coded.pins),
        LayerContent(street_layers.names(zones, sheet, named.size), pinned=named.pins),
    ]


def zone_table(atlas: Atlas, sheet: StreetSheet) -> Table:
    """The street's zones and what lies in them."""
    columns = (
        Column(_("编号"), 15),
        Column(_("网格名称"), 30),
        Column(_("网格长"), 15),
        Column(_("责任单位"), 24),
        Column(_("点位数"), 13, "centre"),
        Column(_("待整改问题"), 19, "centre"),
    )
    rows = [
        (one.zone.code, one.zone.name, plain(one.zone.get("chief")) or "—", atlas.short_unit(one.zone), str(one.sites), str(one.open)) for one in sheet.zones
    ]
    return Table(_("网格（{count} 个）").format(count=len(rows)), columns, tuple(rows), sheet.paper.text)


def site_table(atlas: Atlas, sheet: StreetSheet) -> Table:
    """The street's sites: number on the map, code, name, category, unit."""
    field = atlas.project.layers["site"].field("category")
    columns = (
        Column(_("图号"), 13, "centre"),
        Column(_("点位编号"), 16, "centre"),
        Column(_("点位名称"), 40),
        Column(_("类型"), 19),
        Column(_("责任单位"), 25),
    )
    rows = []
    for row in sheet.rows["site"]:
        site = row.feature
        nowhere = _("未定位") if site.geometry is None else _("图外")
        rows.append((row.number or nowhere, site.code, site.name, field.show(site.get("category")), atlas.short_unit(site)))
    return Table(_("点位（{count} 个）").format(count=len(rows)), columns, tuple(rows), sheet.paper.text)


def section_table(atlas: Atlas, sheet: StreetSheet) -> Table:
    """The road sections that run through the street."""
    columns = (Column(_("路段编号"), 19, "centre"), Column(_("路段"), 46), Column(_("路长"), 18), Column(_("责任单位"), 30))
    rows = []
    for row in sheet.rows["section"]:
        one = row.feature
        rows.append((one.code, one.name, plain(one.get("chief1")) or "—", atlas.short_unit(one)))
    return Table(_("路长制路段（{count} 条）").format(count=len(rows)), columns, tuple(rows), sheet.paper.text)


def issue_table(atlas: Atlas, sheet: StreetSheet) -> Table:
    """The street's open issues with their numbers on the map."""
    columns = (Column(_("图号"), 14, "centre"), Column(_("问题编号"), 24), Column(_("问题"), 46), Column(_("责任单位"), 22), Column(_("时限"), 15, "centre"))
    rows = []
    for row in sheet.rows["issue"]:
        issue = row.feature
        due = issue.get("due_at")
        day = _("{month}月{day}日").format(month=due.month, day=due.day) if isinstance(due, dt.date) else ""
        nowhere = _("未定位") if issue.geometry is None else _("图外")
        rows.append((row.number or nowhere, issue.code, plain(issue.get("description")) or issue.name, atlas.short_unit(issue), day))
    return Table(_("待整改问题（{count} 个）").format(count=len(rows)), columns, tuple(rows), sheet.paper.text)
