"""点位一页表 (domain.md 6.4): what stands in its frames."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from chuangwen.domain.checklist import Checklist
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.layer import Field, Label, Layer, Symbol
from chuangwen.domain.values import plain
from chuangwen.render.content import LayerContent
from chuangwen.render.paper import legend
from chuangwen.render.paper.beside import Beside
from chuangwen.render.paper.block import Block
from chuangwen.render.paper.foot import Foot
from chuangwen.render.paper.heading import Heading
from chuangwen.render.paper.layout import Filling
from chuangwen.render.paper.legend_line import LegendLine
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.notice import Notice
from chuangwen.render.paper.page import Atlas
from chuangwen.render.paper.photo import Photo
from chuangwen.render.paper.site_tables import advert_table, check_table, issue_table, material_table, people_table, station_table, visit_table
from chuangwen.render.paper.words import Words
from chuangwen.render.paper.zone import outlined
from chuangwen.services.paper.landmarks import bearing
from chuangwen.services.paper.sheet import Sheet
from chuangwen.services.paper.sites import SiteSheet
from chuangwen.text import _

_RED = "#c62828"
_CIRCLED = "①②③④⑤"
_GAP = 2.5
_CODE = (Field("code", "text", ""),)


def fill(atlas: Atlas, sheet: Sheet) -> Filling:
    """Title and facts, map, photos, responsibility, checklist, adverts, volunteer station, materials, issues, visits, who filled it in."""
    assert isinstance(sheet, SiteSheet)
    site = sheet.subject
    assert site is not None
    text = sheet.paper.text
    asked = sheet.asked
    width = sheet.paper.short - 2 * sheet.paper.margin
    half = (width - _GAP) / 2
    adverts = [advert_table(asked, text), Words([_advert_note(asked)], text * 0.92)]
    side: list[Block] = [material_table(asked, text, half)]
    if asked.station or site.get("has_volunteer_station"):
        side.insert(0, station_table(text))
    blocks = [
        people_table(atlas, site, text),
        check_table(asked, sheet.standard, text, width),
        Beside(((1.0, adverts), (1.0, side)), _GAP),
        issue_table(atlas, sheet),
    ]
    line = _("填表人{blank}　审核人{blank}　填表日期＿＿＿＿年＿＿月＿＿日").format(blank="＿" * 7)
    return {
        "title": [Heading(_title(sheet), _facts(atlas, sheet), text)],
        **_place(atlas, sheet),
        "photos": _photos(atlas, sheet),
        "blocks": blocks,
        "visits": [visit_table(atlas.project.campaign.today, text)],
        "foot": [Foot(line, text)],
    }


def _advert_note(asked: Checklist) -> str:
    return _("注：{notes}。").format(notes="；".join(note for note in (asked.advert_note, asked.advert_forms) if note))


def _title(sheet: SiteSheet) -> str:
    return _("{name} 点位一页表").format(name=sheet.name or sheet.code)


def _facts(atlas: Atlas, sheet: SiteSheet) -> list[str]:
    site = sheet.subject
    assert site is not None
    zone = sheet.zone
    category = atlas.project.layers["site"].field("category").show(site.get("category"))
    inside = f"{zone.code} {zone.name}" if zone and zone.name != zone.code else plain(site.get("zone_code")) if zone is None else zone.code
    pairs = [(_("点位编号"), f"{sheet.code}/{sheet.total}"), (_("类型"), category), (_("街道"), sheet.group), (_("网格"), inside)]
    return [f"{word} {value or '—'}" for word, value in pairs] + [_("地址 {address}").format(address=plain(site.get("address")) or "—")]


def _place(atlas: Atlas, sheet: SiteSheet) -> dict[str, list[Block]]:
    """The map and what is said of it; a frame with the address where nobody knows the place."""
    text = sheet.paper.text
    if not sheet.maps:
        assert sheet.subject is not None
        address = plain(sheet.subject.get("address")) or _("没有地址")
        return {"map": [Notice(_("未定位"), [_("地址：{address}").format(address=address), _("在程序里给点位定位后，这里印位置图。")], text)]}
    plan = MapBlock(atlas, sheet.map, sheet.plan, lambda: _content(atlas, sheet), text)
    layers = atlas.project.layers
    for layer in (_edges(atlas.project.features("zone")).layer, _here(sheet).layer, _crossings(sheet).layer):
        layers = layers.plus(layer)
    hidden = sheet.template.map.unexplained | {"crossing"}  # named in words
    shown = LegendLine(lambda: legend.entries(layers, plan.counts, hidden), text * 0.95, fixed=True)
    return {"map": [plan], "beneath": [Words([_way(sheet)], text)], "legend": [shown]}


def _way(sheet: SiteSheet) -> str:
    """最近路口：①…, with direction and distance."""
    x, y = sheet.map.centre
    found = [f"{mark}{one.name}（{bearing(x, y, one.x, one.y)}）" for mark, one in zip(_CIRCLED, sheet.crossings, strict=False)]
    return _("最近路口：{crossings}").format(crossings="　".join(found) or _("800 米内没有路名齐全的路口"))


def _content(atlas: Atlas, sheet: SiteSheet) -> list[LayerContent]:
    site = sheet.subject
    assert site is not None
    content = [LayerContent(_here(sheet)), LayerContent(_crossings(sheet))]
    numbers = sheet.numbers
    for features in atlas.shown(sheet):
        layer = features.layer
        one = LayerContent(features, atlas.flat(features))
        if layer.id == "zone":
            others = frozenset(features.ids) - ({sheet.zone.id} if sheet.zone else set())
            one = LayerContent(_edges(features), faded=others)
        elif layer.id == "site":
            others = frozenset(features.ids) - {site.id}
            content.append(replace(one, only=frozenset({site.id}), labels=False))
            one = replace(one, only=others, faded=others)
        elif layer.id == "issue":
            one = replace(one, only=frozenset(numbers), numbers=numbers)
        content.append(one)
    return content


def _edges(zones: Features) -> Features:
    """The boundaries alone: so near, the fill of a street is a flood of colour."""
    drawn = outlined(zones)
    return Features(replace(drawn.layer, palette=None), drawn.ids, drawn.columns, drawn.geometry)


def _points(layer: Layer, codes: Sequence[str], places: Sequence[tuple[float, float]]) -> Features:
    return Features(layer, codes, {"code": list(codes)}, np.array(shapely.points(np.array(places).reshape(-1, 2)), dtype=object))


def _here(sheet: SiteSheet) -> Features:
    """A ring around the site, with its name."""
    ring = Symbol(title=_("本点位"), shape="circle", size=7.0, stroke=_RED, stroke_width=0.6, mono={"stroke": "#000000"})
    name = Label("{code}", size=2.9, colour=_RED, bold=True, priority=9)
    layer = Layer("here", _("本点位"), kind="base", geometry="point", order=79, fields=_CODE, symbols=(ring,), label=name)
    return _points(layer, [sheet.name or sheet.code], [sheet.map.centre])


def _crossings(sheet: SiteSheet) -> Features:
    """The crossings that the words name, with their numbers."""
    looks = tuple(
        Symbol(
            when={"code": (str(number),)},
            shape="circle",
            size=3.2,
            fill="#ffffff",
            stroke="#333333",
            stroke_width=0.25,
            glyph=str(number),
            glyph_colour="#333333",
        )
        for number in range(1, len(sheet.crossings) + 1)
    )
    layer = Layer("crossing", _("路口"), geometry="point", order=78, fields=_CODE, symbols=looks or (Symbol(),))
    return _points(layer, [str(number) for number in range(1, len(sheet.crossings) + 1)], [(one.x, one.y) for one in sheet.crossings])


def _photos(atlas: Atlas, sheet: SiteSheet) -> list[Block]:
    """Two frames, one over the other."""
    text = sheet.paper.text
    place = next(place for frame, place in sheet.template.frames("portrait", sheet.paper, landscape=False).items() if frame.name == "photos")
    high = (place.height - _GAP) / 2
    empty = [_("点位全景"), _("整改前后对比")]
    found: list[Block] = [Photo(atlas.project.files_folder / plain(one.get("path")), _caption(atlas, one), high, text) for one in sheet.photos]
    return [*found, *(Photo(None, words, high, text) for words in empty[len(found) :])]


def _caption(atlas: Atlas, photo: Feature) -> str:
    taken = photo.get("taken_at")
    day = f"{taken:%Y-%m-%d}" if isinstance(taken, dt.date) else ""
    kind = atlas.project.layers["photo"].field("kind").show(photo.get("kind"))
    return "　".join(word for word in (kind, day, plain(photo.get("caption"))) if word)
