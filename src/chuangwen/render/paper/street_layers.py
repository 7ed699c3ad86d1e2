"""The layers of a street's map as they are drawn there: its zones in light fills, its sections with their codes, the streets around named."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field, Label, Layer, Symbol
from chuangwen.services.paper.streets import StreetSheet
from chuangwen.text import _

_TINTS = ("#fbe3cf", "#e6efcb", "#dfe7f7", "#fbf1bf", "#ecdff1")
_HATCHES = (("", 4.0), ("/", 4.5), (".", 2.4), ("\\", 4.5), ("|", 4.0))
"""In black alone, for a printer that makes coarse dots of grey: the hatch and its spacing in mm."""
_TAG = (Field("tag", "text", ""),)
_UNDER_ROADS, _ABOVE_SECTIONS = 10, 65
_EVERY_SCALE = 1e9
_OTHERS = "#8d8d8d"


def _areas(layer: Layer, names: list[str], areas: list[BaseGeometry], tags: list[str]) -> Features:
    geometry = np.empty(len(areas), dtype=object)
    geometry[:] = areas
    return Features(layer, names, {"tag": tags}, geometry)


def fills(zones: Features, sheet: StreetSheet) -> Features:
    """The street's zones, neighbours in different fills; in mono by hatch."""
    symbols = tuple(
        Symbol(when={"tag": (str(number),)}, fill=fill, mono={"fill": "#ffffff", "hatch": hatch, "hatch_colour": "#000000", "hatch_spacing": apart})
        for number, (fill, (hatch, apart)) in enumerate(zip(_TINTS, _HATCHES, strict=True))
    )
    layer = Layer("zone_fill", _("网格"), "base", "polygon", _TAG, symbols, order=_UNDER_ROADS)
    picked = [at for at, row_id in enumerate(zones.ids) if row_id in sheet.tints]
    ids = [zones.ids[at] for at in picked]
    return _areas(layer, ids, [zones.geometry[at] for at in picked], [str(sheet.tints[row_id]) for row_id in ids])


def edges(zones: Features, size: float) -> Features:
    """The boundaries of the zones with their codes, `size` mm."""
    look = Symbol(title=_("网格界"), stroke="#c62828", stroke_width=0.5, dash=(2.4, 1.0), mono={"stroke": "#000000", "stroke_width": 0.4})
    label = Label("{code}", size=size, colour="#a3161b", halo_width=0.45, bold=True, placement="inside", priority=9, max_denominator=_EVERY_SCALE)
    layer = replace(zones.layer, symbols=(look,), label=label, palette=None, order=_ABOVE_SECTIONS)
    return Features(layer, zones.ids, zones.columns, zones.geometry)


def names(zones: Features, sheet: StreetSheet, size: float) -> Features:
    """Nothing but the names of the street's zones, what they have in common with the street left out; '' where the code says it all."""
    label = Label("{tag}", size=size, colour="#5c1014", halo_width=0.4, placement="inside", priority=8, max_denominator=_EVERY_SCALE)
    layer = Layer("zone_name", _("网格名称"), "subject", "polygon", _TAG, (Symbol(),), label=label, order=_ABOVE_SECTIONS)
    own = [at for at, row_id in enumerate(zones.ids) if row_id in sheet.tints]
    tags = []
    for at in own:
        zone = zones.at(at)
        tags.append("" if zone.name == zone.code else zone.name.removeprefix(sheet.code))
    return _areas(layer, [zones.ids[at] for at in own], [zones.geometry[at] for at in own], tags)


def outline(sheet: StreetSheet) -> Features:
    """街道界: dash and dot (domain.md 6.9)."""
    look = Symbol(title=_("街道界"), stroke="#2b2430", stroke_width=0.9, dash=(5.0, 1.4, 1.0, 1.4), mono={"stroke": "#000000"})
    return _areas(Layer("street_edge", _("街道界"), "base", "polygon", _TAG, (look,), order=_ABOVE_SECTIONS + 1), [sheet.code], [sheet.area], [sheet.code])


def others(sheet: StreetSheet, size: float) -> Features:
    """The streets around: a pale outline and their name."""
    label = Label("{tag}", size=size, colour=_OTHERS, halo_width=0.4, bold=True, placement="inside", priority=2, max_denominator=_EVERY_SCALE)
    look = Symbol(title=_("相邻街道"), stroke="#a8a8a8", stroke_width=0.4, mono={"stroke": "#000000", "stroke_width": 0.15})
    layer = Layer("other_street", _("相邻街道"), "subject", "polygon", _TAG, (look,), label=label, order=_UNDER_ROADS)
    return _areas(layer, [name for name, _area in sheet.others], [area for _name, area in sheet.others], [name for name, _area in sheet.others])


def sections(found: Features) -> Features:
    """Road sections with their codes, which the table names."""
    label = Label("{code}", size=2.3, colour="#00565b", bold=True, placement="along", priority=8, max_denominator=_EVERY_SCALE)
    return Features(replace(found.layer, label=label), found.ids, found.columns, found.geometry)
