"""网格巡查图 (domain.md 6.2): what stands in its frames."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Symbol
from chuangwen.domain.values import plain
from chuangwen.render.content import LayerContent
from chuangwen.render.paper import legend
from chuangwen.render.paper.edge_notes import EdgeNotes
from chuangwen.render.paper.foot import Foot
from chuangwen.render.paper.heading import Heading
from chuangwen.render.paper.layout import Filling
from chuangwen.render.paper.legend import Legend
from chuangwen.render.paper.locator import RED, Locator
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.overlay import InsetMap, MatchLines, Overlay
from chuangwen.render.paper.page import Atlas
from chuangwen.render.paper.table import Column, Table
from chuangwen.render.paper.words import Words, labelled
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.inset_place import CAPTION
from chuangwen.services.paper.sheet import Numbered, Sheet
from chuangwen.services.paper.zones import ZoneSheet
from chuangwen.text import _

_SMALL = 0.9  # of the text: notes on the map
_ABOVE_SECTIONS = 65
"""A boundary often runs along a road section: it is drawn over it, narrower, so that both are seen; sites and issues lie on top."""


def fill(atlas: Atlas, sheet: Sheet) -> Filling:
    """Title and facts, map, people, locator, legend, sites, issues, the patrol's line."""
    assert isinstance(sheet, ZoneSheet)
    zone = sheet.subject
    assert zone is not None
    assert zone.geometry is not None
    text = sheet.paper.text
    plan = MapBlock(atlas, sheet.map, sheet.plan, lambda: _content(atlas, sheet), text, overlays=_overlays(atlas, sheet))
    layers = atlas.project.layers.plus(outlined(atlas.project.features("zone")).layer)
    hidden = sheet.template.map.unexplained
    people = [
        (_("包联单位"), plain(zone.get("responsible_unit"))),
        (_("网格长"), plain(zone.get("chief"))),
        (_("网格员"), plain(zone.get("member"))),
        (_("问卷责任人"), plain(zone.get("questionnaire_person"))),
        (_("联系电话"), plain(zone.get("phone"))),
        (_("四至范围"), plain(zone.get("bounds_text"))),
    ]
    blank = "＿" * (6 if sheet.paper.name == "A4" else 9)
    line = _("巡查人{blank}　巡查时间＿＿月＿＿日＿＿时＿＿分至＿＿时＿＿分　签字{blank}").format(blank=blank)
    return {
        "title": [Heading(sheet.title, _facts(sheet), text)],
        "map": [plan],
        "people": [Words(labelled(people), text)],
        "locator": [Locator(atlas.project.features("zone"), zone.geometry, text)],
        "legend": [Legend(lambda: legend.entries(layers, plan.counts, hidden), text)],
        "tables": [site_table(atlas, sheet), issue_table(atlas, sheet)],
        "foot": [Foot(line, text)],
    }


def outlined(zones: Features) -> Features:
    """The zones with the thick boundary of a patrol map (domain.md 6.2) in place of the dashed one of the screen."""
    look = Symbol(title=_("本网格界"), stroke=RED, stroke_width=0.8, mono={"stroke": "#000000"})
    layer = replace(zones.layer, symbols=(look,), order=_ABOVE_SECTIONS)
    return Features(layer, zones.ids, zones.columns, zones.geometry)


def _content(atlas: Atlas, sheet: ZoneSheet, *, inset: bool = False) -> list[LayerContent]:
    """What the map shows; numbers that the inset bears are not written on the main map."""
    assert sheet.subject is not None
    content = []
    for features in atlas.shown(sheet):
        layer = features.layer
        one = LayerContent(features, atlas.flat(features))
        if layer.id == "zone":
            one = LayerContent(outlined(features), only=sheet.neighbours | {sheet.subject.id}, faded=sheet.neighbours)
        elif layer.id in sheet.rows:
            rows = sheet.rows[layer.id]
            again = frozenset(row.feature.id for row in rows if row.number and _in_inset(sheet, row)) if not inset else frozenset()
            if again:
                content.append(replace(one, only=again, labels=False))
            rows = tuple(row for row in rows if row.feature.id not in again)
            one = replace(one, only=frozenset(row.feature.id for row in rows), numbers={row.feature.id: row.number for row in rows if row.number})
        content.append(one)
    return content


def _in_inset(sheet: ZoneSheet, row: Numbered) -> bool:
    if sheet.inset is None or row.feature.geometry is None:
        return False
    ground, spot = sheet.inset.part, row.feature.geometry.representative_point()
    half = sheet.inset.place.width * ground.denominator / 2000, (sheet.inset.place.height - CAPTION) * ground.denominator / 2000
    return bool(abs(spot.x - ground.centre[0]) <= half[0] and abs(spot.y - ground.centre[1]) <= half[1])


def _overlays(atlas: Atlas, sheet: ZoneSheet) -> list[Overlay]:
    text = sheet.paper.text * _SMALL
    found: list[Overlay] = []
    if sheet.inset is not None:
        place = Rect(0, 0, sheet.inset.place.width, sheet.inset.place.height - CAPTION)
        block = MapBlock(atlas, sheet.inset.part, place, lambda: _content(atlas, sheet, inset=True), text, bar=False, north=False)
        found.append(InsetMap(sheet.inset, block, text))
    if sheet.part and sheet.sub is not None:
        words = {side: _("接分幅 {numbers}").format(numbers="、".join(map(str, numbers))) for side, numbers in sheet.sub.neighbours.items()}
        found.append(MatchLines(match_lines(sheet), words, text))
    return [*found, EdgeNotes(sheet.edges, text)]


def match_lines(sheet: ZoneSheet) -> dict[str, float]:
    """Side → where the match line runs in the map's frame, mm: the cutting knows frames without their free margin."""
    assert sheet.sub is not None
    core, part, plan = sheet.sub.core, sheet.map, sheet.plan
    x, y = part.centre
    metres = {"west": core.x0 - x, "east": core.x1 - x, "north": y - core.y1, "south": y - core.y0}
    room = {"west": plan.width, "east": plan.width, "north": plan.height, "south": plan.height}
    places = {side: room[side] / 2 + metres[side] * 1000 / part.denominator for side in sheet.sub.match}
    return {side: at for side, at in places.items() if 0 < at < room[side]}  # a map moved by hand may not reach it


def _facts(sheet: ZoneSheet) -> list[str]:
    zone = sheet.subject
    assert zone is not None
    assert zone.geometry is not None
    name = "" if zone.name in sheet.title else zone.name  # the title may say it with other words between: a search for the name shall find the sheet
    facts = [
        _("第 {number} 幅").format(number=sheet.number),
        _("网格编号 {code} {name}").format(code=zone.code, name=name).strip(),
        _("面积 {area}").format(area=area_text(zone.geometry.area)),
    ]
    facts += [f"{word} {plain(zone.get(name))}" for name, word in (("households", _("户数")), ("population", _("人口"))) if zone.get(name) is not None]
    facts.append(_("共 {sites} 个点位、{issues} 个问题").format(sites=len(sheet.rows["site"]), issues=len(sheet.rows["issue"])))
    return facts


def area_text(square_metres: float) -> str:
    """2.31 km², 12.4 公顷 or 800 m²."""
    if square_metres >= 1e6:
        return f"{square_metres / 1e6:.2f} km²"
    return _("{hectares} 公顷").format(hectares=f"{square_metres / 1e4:.1f}") if square_metres >= 1e4 else f"{square_metres:.0f} m²"


def site_table(atlas: Atlas, sheet: Sheet) -> Table:
    """点位清单: 图号, name, category, unit, person."""
    field = atlas.project.layers["site"].field("category")
    columns = (Column(_("图号"), 9, "centre"), Column(_("点位名称"), 32), Column(_("类型"), 15), Column(_("责任单位"), 26), Column(_("责任人/电话"), 23))
    rows = []
    for row in sheet.rows["site"]:
        site = row.feature
        person = " ".join(word for word in (plain(site.get("chief")), plain(site.get("phone"))) if word)
        rows.append((row.number or _("未定位"), site.name, field.show(site.get("category")), atlas.short_unit(site), person))
    return Table(_("点位清单（{count} 个）").format(count=len(rows)), columns, tuple(rows), sheet.paper.text, of=sheet.features("site"))


def issue_table(atlas: Atlas, sheet: Sheet) -> Table:
    """待整改问题: 图号, code, place, what, unit, deadline, and boxes for the patrol's pen."""
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
    for row in sheet.rows["issue"]:
        issue = row.feature
        due = issue.get("due_at")
        place = plain(issue.get("address")) or plain(issue.get("site_name"))
        words = (row.number or _("未定位"), issue.code, place, plain(issue.get("description")), atlas.short_unit(issue))
        rows.append((*words, _("{month}月{day}日").format(month=due.month, day=due.day) if isinstance(due, dt.date) else "", "", _("□已整改\n□未整改")))
    return Table(_("待整改问题（{count} 个）").format(count=len(rows)), columns, tuple(rows), sheet.paper.text, of=sheet.features("issue"))
