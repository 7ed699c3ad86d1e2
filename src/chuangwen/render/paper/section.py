"""路段责任表 (domain.md 6.3): what stands in its frames."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from chuangwen.domain.campaign import overdue
from chuangwen.domain.deadline import is_late
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.values import plain
from chuangwen.render.content import LayerContent
from chuangwen.render.paper import legend
from chuangwen.render.paper.block import Block
from chuangwen.render.paper.card import Card
from chuangwen.render.paper.foot import Foot
from chuangwen.render.paper.heading import Heading
from chuangwen.render.paper.layout import STACKED, Filling
from chuangwen.render.paper.legend_line import LegendLine
from chuangwen.render.paper.log import Log
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.page import Atlas
from chuangwen.render.paper.strip_marks import StripMarks
from chuangwen.render.paper.table import Column, Table
from chuangwen.render.paper.words import Words
from chuangwen.services.paper.chainage import chainage_text, compass_text, side_text
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sections import SectionSheet
from chuangwen.services.paper.sheet import Numbered, Sheet
from chuangwen.text import _

_ACROSS = {("A4", False): 3, ("A4", True): 1, ("A3", True): 2}
"""Paper and whether it lies across → crossings in a row of their table."""
_NARROW = (12, 15, 13, 42, 22, 16)
"""Shares of the columns of the rows where they go on in a narrow column."""
_FRONTAGE = 40.0  # metres from the section's line: buildings so near are what a patrol finds its way by
_UNDER = 42.0  # mm at a text of 2.5 mm: so much left under the rows is room for the log
_THREE = 230.0  # mm: a card narrower than that has three pairs a row, a wider one five


def fill(atlas: Atlas, sheet: Sheet) -> Filling:
    """Title and facts, who is responsible, strips, legend, what lies along the road, crossings, the patrol's log."""
    assert isinstance(sheet, SectionSheet)
    text = sheet.paper.text
    strips = _strips(atlas, sheet)
    blank = "＿" * (6 if sheet.paper.name == "A4" else 9)
    line = _("巡查人{blank}　巡查时间＿＿月＿＿日＿＿时＿＿分至＿＿时＿＿分　路长签字{blank}").format(blank=blank)
    where: list[Block] = [*strips] or [Words([_("本路段还没有画到图上，没有条图。请在“路段”图层画出或导入它的线。")], text)]
    filling: dict[str, Sequence[Block]] = {
        "title": [Heading(sheet.title, _facts(atlas, sheet), text)],
        "people": [_card(atlas, sheet)] if sheet.part <= 1 else [],
        "map": where,
        "legend": [LegendLine(lambda: _legend(atlas, sheet, strips), text)] if strips else [],
        "foot": [Foot(line, text)],
    }
    rows, met, log = _rows(atlas, sheet), _crossings(sheet), _log(sheet)
    return {**filling, **(_across(sheet, filling, rows, met, log) if sheet.landscape else {"tables": [rows, met, log]})}


def _across(sheet: SectionSheet, filling: Filling, rows: Table, met: Table, log: Log) -> Filling:
    """The lower part of a sheet that lies across. Where few rows leave room, the log stands under them and the shops get its column; where there are many,
    they go on in the column of the log.
    """
    gap = STACKED * sheet.template.scale(sheet.paper)

    def measure(name: str, width: float) -> float:
        blocks = filling.get(name, ())
        return sum(block.height(width) for block in blocks) + gap * max(len(blocks) - 1, 0)

    frames = sheet.template.frames("landscape", sheet.paper, landscape=True, measure=measure)
    place = next(place for frame, place in frames.items() if frame.name == "tables")
    if place.height - rows.height(place.width) >= _UNDER * sheet.template.scale(sheet.paper):
        return {"tables": [rows, log], "crossings": [met, _notes(sheet)], "log": [_shops(sheet)]}
    first, rest = rows.split(place.width, place.height)
    if first is None or rest is None:
        return {"tables": [rows], "crossings": [met], "log": [log]}
    narrow = tuple(replace(column, share=share) for column, share in zip(rows.columns, _NARROW, strict=True))
    return {"tables": [first], "crossings": [met], "log": [replace(rest, columns=narrow) if isinstance(rest, Table) else rest, log]}


def _strips(atlas: Atlas, sheet: SectionSheet) -> list[MapBlock]:
    assert sheet.subject is not None
    if sheet.road is None:
        return []
    place = Rect(0, 0, sheet.width, sheet.height)
    points = [row.feature.geometry.centroid for rows in sheet.rows.values() for row in rows if row.number and row.feature.geometry is not None]
    markers = [(point.x, point.y) for point in points]
    ends = (plain(sheet.subject.get("start_text")), plain(sheet.subject.get("end_text")))
    content = _content(atlas, sheet)
    found = []
    for number, (strip, part) in enumerate(zip(sheet.strips, sheet.maps, strict=True)):
        marks = StripMarks(strip, sheet.road, (sheet.width, sheet.height), sheet.paper.text, ends=ends, count=sheet.of, markers=markers)
        found.append(MapBlock(atlas, part, place, lambda: content, sheet.paper.text, bar=number == 0, north=False, overlays=(marks,)))
    return found


def _content(atlas: Atlas, sheet: SectionSheet) -> list[LayerContent]:
    """Base layers; of the sections this one strong and the others pale, without their codes; sites and issues of this sheet with their numbers."""
    assert sheet.subject is not None
    content = []
    for features in atlas.shown(sheet):
        layer = features.layer
        one = LayerContent(features, atlas.flat(features))
        if layer.id == "section":
            others = frozenset(features.ids) - {sheet.subject.id}
            one = LayerContent(own(features), atlas.flat(features), faded=others, labels=False)
        elif layer.id == "building_outline":
            content += _buildings(sheet, one)
            continue
        elif layer.id in sheet.rows:
            numbers = {row.feature.id: row.number for row in sheet.rows[layer.id] if row.number}
            one = replace(one, only=frozenset(numbers), numbers=numbers)
        content.append(replace(one, pinned=sheet.pinned.get(layer.id, {})))
    return content


def _buildings(sheet: SectionSheet, all_of_them: LayerContent) -> list[LayerContent]:
    """The buildings; the names of those that stand along the road are written even where they are longer than the building."""
    assert sheet.subject is not None
    features = all_of_them.features
    near = shapely.dwithin(features.geometry, sheet.subject.geometry, _FRONTAGE) & features.located
    along = frozenset(features.ids[at] for at in np.flatnonzero(near).tolist() if features.column("name")[at])
    named = replace(features.layer, kind="subject")
    beside = LayerContent(Features(named, features.ids, features.columns, features.geometry), all_of_them.prepared, only=along)
    return [replace(all_of_them, only=frozenset(features.ids) - along), beside]


def own(sections: Features) -> Features:
    """The sections under the name that a legend gives to the sheet's own one; solid on a black-and-white printer too."""
    looks = tuple(replace(symbol, title=_("本路段"), mono={"stroke": "#000000", "stroke_width": symbol.stroke_width}) for symbol in sections.layer.symbols)
    return Features(replace(sections.layer, symbols=looks), sections.ids, sections.columns, sections.geometry)


def _legend(atlas: Atlas, sheet: SectionSheet, strips: list[MapBlock]) -> list[legend.Entry]:
    """What the strips of a sheet show; sites and issues counted once, however many strips show them."""
    counts: dict[tuple[str, int], int] = {}
    for strip in strips:
        for key, count in strip.counts.items():
            counts[key] = max(counts.get(key, 0), count)
    for layer, rows in sheet.rows.items():
        features = atlas.project.features(layer)
        classes = atlas.flat(features).classes
        again = Counter(int(classes[features.index[row.feature.id]]) for row in rows if row.number)
        counts = {key: count for key, count in counts.items() if key[0] != layer} | {(layer, number): count for number, count in again.items()}
    layers = atlas.project.layers.plus(own(atlas.project.features("section")).layer)
    return legend.entries(layers, counts, sheet.template.map.unexplained)


def _facts(atlas: Atlas, sheet: SectionSheet) -> list[str]:
    section = sheet.subject
    assert section is not None
    facts = [_("路段编号 {code}").format(code=section.code)]
    if section.get("class"):
        facts.append(atlas.project.layers["section"].field("class").show(section.get("class")))
    counts = {"sites": sheet.whole.get("site", 0), "issues": sheet.whole.get("issue", 0)}
    if sheet.road is not None:
        facts.append(
            _("全路段共 {sites} 个点位、{issues} 个问题").format(**counts) if sheet.count > 1 else _("共 {sites} 个点位、{issues} 个问题").format(**counts)
        )
    return facts


def _card(atlas: Atlas, sheet: SectionSheet) -> Card:
    section = sheet.subject
    assert section is not None
    layer = atlas.project.layers["section"]

    def shown(name: str) -> str:
        value = section.get(name)
        return "" if value is None else layer.field(name).show(value)

    cleaning = shown("cleaning_per_day")
    pairs = [
        (_("一级路长"), plain(section.get("chief1"))),
        (_("二级路长"), plain(section.get("chief2"))),
        (_("三级路长"), plain(section.get("chief3"))),
        (_("责任单位"), atlas.short_unit(section)),
        (_("联系电话"), plain(section.get("phone"))),
        (_("联系社区"), plain(section.get("communities"))),
        (_("起　　点"), plain(section.get("start_text"))),
        (_("终　　点"), plain(section.get("end_text"))),
        (_("长　　度"), length_text(sheet)),
        (_("清扫频次"), _("{count} 次/日").format(count=cleaning) if cleaning else ""),
        (_("巡查时段"), plain(section.get("patrol_hours"))),
        (_("今日问题"), _today(atlas, sheet)),
        (_("门前三包"), _("沿街门店＿＿＿家　已签＿＿＿家　未签＿＿＿家")),
    ]
    across = 3 if sheet.paper.size(landscape=sheet.landscape)[0] < _THREE else 4
    return Card(pairs, sheet.paper.text, across)


def length_text(sheet: SectionSheet) -> str:
    """The declared length and that of the line on the map; a warning where they differ by more than a twentieth."""
    measured = None if sheet.road is None else round(sheet.road.length)
    if sheet.declared is None:
        return _("图上量得 {metres} 米").format(metres=measured) if measured is not None else ""
    declared = round(sheet.declared)
    if measured is None:
        return _("登记 {metres} 米").format(metres=declared)
    if sheet.doubtful:
        return _("登记 {declared} 米，图上量得 {measured} 米，相差 {share:.0%}，请核对").format(
            declared=declared, measured=measured, share=abs(declared - measured) / max(measured, 1)
        )
    return _("登记 {declared} 米，图上量得 {measured} 米").format(declared=declared, measured=measured)


def _today(atlas: Atlas, sheet: SectionSheet) -> str:
    """How many issues of the whole section were found today, and how many are past their deadline."""
    issues, now = atlas.project.features("issue"), atlas.project.campaign.now
    positions = sorted(issues.index[row_id] for row_id in sheet.issues)
    if sheet.road is None:
        return ""
    own_issues = issues.take(positions)
    found = sum(1 for day in own_issues.column("found_at") if isinstance(day, dt.date) and day == now.date())
    late = int(np.count_nonzero(overdue(own_issues, now)))
    return _("新增 {found}，待整改 {count}（逾期 {late}）").format(found=found, count=len(positions), late=late)


def _rows(atlas: Atlas, sheet: SectionSheet) -> Table:
    """Sites and issues of the sheet in the order in which a patrol comes by them."""
    columns = (
        Column(_("图号"), 11, "centre"),
        Column(_("桩号"), 14, "centre"),
        Column(_("侧"), 17, "centre"),
        Column(_("问题/点位"), 66),
        Column(_("责任单位"), 30),
        Column(_("时限"), 17, "centre"),
    )
    found = [(layer, row) for layer, rows in sheet.rows.items() for row in rows]
    found.sort(key=lambda one: sheet.beside[one[1].feature.id].metres)
    category = atlas.project.layers["site"].field("category")
    rows = [
        _row(atlas, sheet, row, _site(row.feature, category.show(row.feature.get("category"))) if layer == "site" else _issue(row.feature))
        for layer, row in found
    ]
    sites, issues = (len(sheet.rows.get(layer, ())) for layer in ("site", "issue"))
    title = _("沿线点位 {sites} 个、待整改问题 {issues} 个").format(sites=sites, issues=issues)
    title = _("本张") + title if sheet.count > 1 else title
    return Table(title, columns, tuple(rows), sheet.paper.text)


def _row(atlas: Atlas, sheet: SectionSheet, row: Numbered, words: str) -> tuple[str, ...]:
    assert sheet.road is not None
    place = sheet.beside[row.feature.id]
    side = side_text(place.offset)
    compass = compass_text(sheet.road, place.metres, place.offset)
    due = row.feature.get("due_at")
    limit = ""
    if isinstance(due, dt.date):
        limit = _("{month}月{day}日").format(month=due.month, day=due.day)
        limit += "\n" + _("已逾期") if is_late(row.feature.values, atlas.project.campaign.now) else ""
    where = _("{side}（{compass}）").format(side=side, compass=compass.removesuffix(_("侧"))) if side else _("路上")
    return (row.number or _("图外"), chainage_text(place.metres), where, words, atlas.short_unit(row.feature), limit)


def _site(site: Feature, category: str) -> str:
    return _("{name}（{category}）").format(name=site.name, category=category) if category else site.name


def _issue(issue: Feature) -> str:
    return f"{issue.code} {plain(issue.get('description')) or issue.name}".strip()


def _crossings(sheet: SectionSheet) -> Table:
    """As many crossings a row as the width of their table allows."""
    across = _ACROSS[sheet.paper.name, sheet.landscape]
    columns = (Column(_("桩号"), 15, "centre"), Column(_("相交道路"), 37), Column(_("方向"), 13, "centre")) * across
    cells = [(chainage_text(one.metres), one.name, one.side) for one in sheet.crossings]
    cells += [("", "", "")] * (-len(cells) % across)
    rows = tuple(tuple(word for cell in cells[first : first + across] for word in cell) for first in range(0, len(cells), across))
    return Table(_("沿线路口（{count} 处）").format(count=len(sheet.crossings)), columns, rows, sheet.paper.text)


def _log(sheet: SectionSheet) -> Log:
    """On the last sheet of a section there is one for certain, on the others where there is room."""
    columns = (Column(_("时间"), 16), Column(_("发现问题（桩号、侧）"), 60), Column(_("处理情况"), 50), Column(_("签字"), 20))
    return Log(_("巡查记录"), columns, sheet.paper.text, spare=sheet.part < sheet.count and sheet.count > 1)


def _notes(sheet: SectionSheet) -> Log:
    return Log(_("现场备注"), (Column(_("需协调事项、草图"), 1),), sheet.paper.text, spare=True)


def _shops(sheet: SectionSheet) -> Log:
    """Shops are no layer yet: their state is written down on the way."""
    columns = (Column(_("门店"), 40), Column(_("责任书"), 22), Column(_("问题"), 38))
    return Log(_("门前三包检查"), columns, sheet.paper.text, spare=True)
