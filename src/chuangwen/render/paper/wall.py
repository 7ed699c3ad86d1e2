"""作战图 (domain.md 6.7): what stands in its frames."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chuangwen.domain.classes import classify
from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layers
from chuangwen.render.classes import enlarged, symbol_at
from chuangwen.render.paper import legend, wall_layers
from chuangwen.render.paper.band import Band
from chuangwen.render.paper.banner import Banner
from chuangwen.render.paper.block import Block
from chuangwen.render.paper.command_tree import CommandTree
from chuangwen.render.paper.countdown import Countdown, FigureTiles
from chuangwen.render.paper.foot import Foot
from chuangwen.render.paper.key import Key, KeyEntry
from chuangwen.render.paper.layout import STACKED, Filling
from chuangwen.render.paper.marker_boxes import MarkerBoxes
from chuangwen.render.paper.page import Atlas
from chuangwen.render.paper.panel import Panel
from chuangwen.render.paper.roster import Roster, Row
from chuangwen.render.paper.table import Column
from chuangwen.render.paper.wall_map import WallMap, least_text
from chuangwen.services.paper.sheet import Sheet
from chuangwen.services.paper.wall import LONGEST_CODE, WallSheet
from chuangwen.text import _

_FOOT = 1.14
"""Of the least text: the foot writes some of its words smaller than the rest."""


_NOTES = 14.0
"""Of the text: so much room for the marker pen before the command is drawn larger."""
_TREES = (
    *((1.3, 99, _NOTES, letters) for letters in (1.6, 1.3, 1.0)),
    (1.15, 99, _NOTES, 1.0),
    (1.0, 99, _NOTES, 1.0),
    *((1.0, rows, 0.0, 1.0) for rows in (99, 5, 4, 3, 2)),
)
"""(size of the command's text, rows of one of its levels, room kept for the pen, size of the sites' text): the first that leaves room for all sites."""
_BESIDE = 0.7
"""Of the band: a list of sections that is narrower shares it with lines for the pen."""


def fill(atlas: Atlas, sheet: Sheet) -> Filling:
    """Title, map, countdown and key figures, command, sites, legend, lines for a marker pen, units and their sections."""
    assert isinstance(sheet, WallSheet)
    project, text = atlas.project, sheet.paper.text
    zones = project.features("zone")
    shown = zones.take([at for at, row_id in enumerate(zones.ids) if row_id in sheet.paints])
    plan = WallMap(atlas, sheet, shown)
    columns = (Column(_("日期"), 1.0), Column(_("重点事项"), 3.6), Column(_("责任单位"), 1.5), Column(_("完成"), 0.8))
    boxes = MarkerBoxes(columns, text)
    found: dict[str, Sequence[Block]] = {
        "title": [Banner(sheet.title, text)],
        "map": [plan],
        "count": [Countdown(project.campaign, text), Panel(_("关键数据"), FigureTiles(sheet.figures, text), text)],
        "legend": [Panel(_("图例"), Key(lambda: _key(sheet, plan), text), text)],
        "notes": [Panel(_("作战动态"), boxes, text, _("白板笔填写"))],
        "band": [_band(atlas, sheet, Panel(_("今日任务"), boxes, text, _("白板笔填写")))],
        "foot": [Foot("", max(text, least_text(sheet) * _FOOT))],
    }
    return found | _side(atlas, sheet, [*found["count"], *found["legend"]])


def _side(atlas: Atlas, sheet: WallSheet, others: Sequence[Block]) -> dict[str, Sequence[Block]]:
    """The command and the sites, as large as they find room beside the `others`; where there is none even so, the sites go on on further sheets."""
    text = sheet.paper.text
    frames = sheet.template.frames("landscape", sheet.paper, landscape=sheet.landscape)
    side = next((place for frame, place in frames.items() if frame.name == "side"), sheet.plan)
    gaps = sum(frame.gap for frame in sheet.template.layouts["landscape"] if frame.within == "side" and frame.edge != "rest") + STACKED
    taken = sum(one.height(side.width) for one in others) + gaps * sheet.template.scale(sheet.paper)
    least = min(least_text(sheet), text)
    found: dict[str, Sequence[Block]] = {}
    for size, rows, spare, letters in (*_TREES, (1.0, 2, 0.0, least / text)):
        tree = Panel(_("指挥体系"), CommandTree(atlas.style.office, sheet.levels, text * size, rows), text)
        sites = Panel(_("点位总表"), site_roster(atlas, sheet, letters * text), text, _site_note(sheet))
        found = {"command": [tree] if sheet.levels else [], "sites": [sites]}
        if taken + spare * text + sum(one.height(side.width) for blocks in found.values() for one in blocks) <= side.height:
            break
    return found


def _band(atlas: Atlas, sheet: WallSheet, notes: Block) -> Block:
    """Units and their sections; few of them leave room for the marker pen."""
    text, wide = sheet.paper.text, sheet.plan.width
    roster = unit_roster(atlas, sheet)
    units = Panel(_("单位路段责任表"), roster, text, _("共 {count} 条路段").format(count=sheet.figures.sections))
    natural = roster.natural(wide)
    marked = any(frame.name == "notes" for frame in sheet.template.layouts["landscape"])
    return units if natural > _BESIDE * wide or not marked else Band(units, notes, natural / wide, 4 * sheet.template.scale(sheet.paper))


def site_roster(atlas: Atlas, sheet: WallSheet, text: float) -> Roster:
    """编号, 名称, 责任单位, each with its symbol; a site without a place on the map says so."""
    sites = atlas.project.features("site")
    looks = {row_id: symbol_at(sites.layer.symbols, number) for row_id, number in zip(sites.ids, classify(sites, sites.layer.symbols).tolist(), strict=True)}
    columns = (Column(_("编号"), 2.85), Column(_("名称"), 8.5), Column(_("责任单位"), 6.55))
    rows = []
    for place, row in enumerate(sheet.rows["site"], 1):
        site = row.feature
        number = row.number or f"{site.code if len(site.code) <= LONGEST_CODE else place}*"
        rows.append(Row((number, site.name, atlas.short_unit(site)), (sites.layer, looks[site.id])))
    return Roster(columns, rows, text)


def _site_note(sheet: WallSheet) -> str:
    rows = sheet.rows["site"]
    lost = sum(not row.number for row in rows)
    note = _("共 {count} 个").format(count=len(rows))
    return note + _("，带 * 的 {count} 个在图上没有位置").format(count=lost) if lost else note


def unit_roster(atlas: Atlas, sheet: WallSheet) -> Roster:
    """单位 with the letter and the line of its sections, and the sections one under the other."""
    found = atlas.project.features("section")
    layer = replace(found.layer, geometry="line")
    columns = (Column("", 1.1), Column(_("责任单位"), 6.6), Column(_("路段"), 16.5))
    rows = []
    for unit in sheet.units:
        name = atlas.short_unit(unit.sections[0])
        rows.append(Row((unit.letter, name, "\n".join(map(_section_words, unit.sections))), (layer, wall_layers.unit_symbol(unit.letter, 1.0))))
    return Roster(columns, rows, sheet.paper.text, swatch=2.6)


def _section_words(section: Feature) -> str:
    return f"{section.code} {section.name}".strip()


_BASE = ("road", "water", "green", "building_outline", "district")


def _key(sheet: WallSheet, plan: WallMap) -> list[KeyEntry]:
    """What is on the map: sites by category with their number, boundaries, streets in their colours, sections, the base map."""
    layers = Layers({one.layer.id: one.layer for one in reversed(plan.content)})  # of roads the first draws them, the others only name them
    shown = legend.entries(layers, plan.counts)
    found: list[KeyEntry] = [one[:3] for one in shown if one[0].id == "command_post"]
    found += [(layer, symbol, f"{words} {count}") for layer, symbol, words, count in shown if layer.id == "site"]
    found += [(layer, enlarged(symbol, 0.5), words) for layer, symbol, words, _count in shown if layer.id in ("street_edge", "zone_edge")]
    if "zone_fill" in layers:
        found += [(layers["zone_fill"], wall_layers.fill_of(layers["zone_fill"], street), street.name) for street in sheet.streets]
    if sheet.units and "section" in layers:
        found.append((layers["section"], wall_layers.unit_symbol("", 1.0), _("路段（颜色见下表）")))
    base = [one[:3] for one in shown if one[0].id in _BASE]
    return [*found, *((layer, enlarged(symbol, 0.5) if layer.geometry == "polygon" else symbol, words) for layer, symbol, words in base)]
