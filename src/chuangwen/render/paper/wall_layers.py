"""The layers of a wall map as they are drawn there: streets in light fills, sections in their unit's colour, symbols read from three metres."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field, Label, Layer, Symbol
from chuangwen.domain.values import plain
from chuangwen.render.classes import enlarged
from chuangwen.render.content import LayerContent
from chuangwen.render.geometry import single_edges
from chuangwen.services.paper.wall import FILLS, LETTERS, TINTS, Street, UnitSections, WallSheet
from chuangwen.text import _

_HUES = (
    ("#fbe6d4", "#fdf1e6", "#f6d8bf", "#f1caa9"),
    ("#e8f0cf", "#f2f7e2", "#dbe6b8", "#cddc9d"),
    ("#e0e6f8", "#edf1fc", "#cfd8f2", "#bdc9ec"),
    ("#fcf3c6", "#fdf8e0", "#f5e8a6", "#eedc88"),
    ("#eee0f3", "#f6edf9", "#e2cfeb", "#d5bce2"),
    ("#d6efe9", "#e7f6f2", "#c1e3da", "#abd8cd"),
)
"""Of each street's colour the shades for its zones."""
_GREYS = ("#f4f4f4", "#ffffff", "#e9e9e9", "#dedede")
_HATCHES = ("", "/", "\\", "-", ".", "|")
_HATCH = "#c4c4c4"
_NAMES = ("#d9a679", "#a9bd6b", "#93a5d8", "#d1b64a", "#b892c9", "#6fb5a5")
"""Of the large names, pale against their own street."""
_UNITS = ("#1f5fae", "#e06c00", "#2e7d32", "#7b1fa2", "#d81b60", "#795548", "#37474f", "#c62828", "#827717", "#039be5")
"""Colours of `LETTERS`, told apart by the colour-blind together with the letter."""
_OTHERS = "#4f9aa0"
_SHORT = 8  # characters of a name that is written instead of a code
_TAG = Field("tag", "text", "")
_UNDER_GREEN, _UNDER_ROADS, _UNDER_SECTIONS = 10, 25, 57
NAMES_ORDER = 45
"""The large names lie over roads and buildings, under the sections."""


def fills(zones: Features, sheet: WallSheet) -> Features:
    """The zones as light fills by street and shade."""
    symbols = tuple(
        Symbol(
            title="",
            when={"tag": (f"{hue}-{shade}",)},
            fill=_HUES[hue][shade],
            mono={"fill": _GREYS[shade], "hatch": _HATCHES[hue], "hatch_colour": _HATCH, "hatch_spacing": 3.2},
        )
        for hue in range(FILLS)
        for shade in range(TINTS)
    )
    layer = Layer("zone_fill", _("街道"), "base", "polygon", (_TAG,), symbols, order=_UNDER_GREEN)
    picked = [at for at, row_id in enumerate(zones.ids) if row_id in sheet.paints]
    tags = ["-".join(map(str, sheet.paints[zones.ids[at]])) for at in picked]
    return Features(layer, [zones.ids[at] for at in picked], {"tag": tags}, zones.geometry[picked])


def fill_of(layer: Layer, street: Street) -> Symbol:
    """The symbol that the legend shows for a street."""
    return replace(layer.symbols[street.colour * TINTS], stroke="#8a8a8a", stroke_width=0.15)


def name_colour(street: Street, mono: bool) -> str:
    """Of a street's large name."""
    return "#9c9c9c" if mono else _NAMES[street.colour]


def zone_numbers(zones: Features, size: float) -> Features:
    """The zones with nothing but their numbers, `size` mm."""
    label = Label("{tag}", size, "#a3161b", bold=True, halo_width=0.07 * size, priority=9, max_denominator=1e9)
    layer = replace(zones.layer, fields=(*zones.layer.fields, _TAG), symbols=(Symbol(),), label=label, palette=None)
    return Features(layer, zones.ids, {**zones.columns, "tag": zone_names(zones)}, zones.geometry)


def zone_names(zones: Features) -> list[str]:
    """What is written in each zone: its code; its name, if that is short, where the zones are the streets themselves."""
    codes, names = (list(map(plain, zones.column(field))) for field in ("code", "name"))
    by_name = len(set(zones.column("street"))) <= 1 and all(0 < len(name) <= _SHORT for name in names)
    return names if by_name else [code or name for code, name in zip(codes, names, strict=True)]


def zone_edges(zones: Features, streets: tuple[Street, ...], factor: float) -> Features:
    """Boundaries of zones in red, each once, where they are not their street's too."""
    symbol = Symbol(_("网格界"), stroke="#c62828", stroke_width=0.45, dash=(2.2, 1.0), mono={"stroke": "#000000", "stroke_width": 0.35})
    areas = zones.geometry[zones.located]
    return _lines("zone_edge", symbol, factor, _UNDER_SECTIONS, single_edges(areas, _areas(streets)) if len(areas) else areas)


def street_edges(streets: tuple[Street, ...], factor: float) -> list[Features]:
    """街道界: black, dash and dot (domain.md 6.9), on a broad pale band that is seen beside a section too."""
    band = Symbol(stroke="#c3aecb", stroke_width=2.0, mono={"stroke": "#d0d0d0"})
    line = Symbol(_("街道界"), stroke="#3a3340", stroke_width=0.6, dash=(4.2, 1.4, 1.0, 1.4), mono={"stroke": "#000000", "stroke_width": 0.7})
    lines = single_edges(_areas(streets))
    return [_lines("street_band", band, factor, _UNDER_ROADS, lines), _lines("street_edge", line, factor, _UNDER_SECTIONS + 1, lines)]


def _areas(streets: tuple[Street, ...]) -> NDArray[np.object_]:
    found = np.empty(len(streets), dtype=object)
    found[:] = [street.area for street in streets]
    return np.asarray(shapely.get_parts(found), dtype=object)


def _lines(name: str, symbol: Symbol, factor: float, order: int, lines: NDArray[np.object_]) -> Features:
    layer = Layer(name, symbol.title, "base", "line", (), (enlarged(symbol, factor),), order=order)
    return Features(layer, [str(number) for number in range(len(lines))], {}, lines)


def sections(found: Features, units: tuple[UnitSections, ...], factor: float, size: float) -> Features:
    """Road sections in their units' colours, marked with the unit's letter and their code."""
    letter_of = {one.id: unit.letter for unit in units for one in unit.sections}
    symbols = (*(unit_symbol(letter, factor) for letter in LETTERS), unit_symbol("", factor))
    codes = [" ".join(filter(None, (letter_of.get(row_id, ""), plain(code)))) for row_id, code in zip(found.ids, found.column("code"), strict=True)]
    fields = (*found.layer.fields, _TAG, Field("unit_letter", "text", ""))
    label = Label("{tag}", size, "#12363a", bold=True, placement="along", priority=7, max_denominator=1e9)
    layer = replace(found.layer, fields=fields, symbols=symbols, label=label)
    letters = [letter_of.get(row_id, "") for row_id in found.ids]
    return Features(layer, found.ids, {**found.columns, "tag": codes, "unit_letter": letters}, found.geometry)


def unit_symbol(letter: str, factor: float) -> Symbol:
    """The line of a unit's sections; '' of all others."""
    colour = _UNITS[LETTERS.index(letter)] if letter else _OTHERS
    dash = (4.0, 1.0) if letter else (2.0, 1.0)
    return enlarged(
        Symbol(
            title=_("路长制路段（其他单位）"),
            when={"unit_letter": (letter,)} if letter else {},
            stroke=colour,
            stroke_width=1.1,
            casing="#ffffff",
            casing_width=1.6,
            mono={"stroke": "#000000", "stroke_width": 0.9, "dash": () if letter else dash},
        ),
        factor,
    )


def road_names(roads: Features, classes: Collection[str], size: float) -> Features:
    """Only the names of the roads of some classes, `size` mm: nothing is drawn of them."""
    names = [plain(name) if plain(kind) in classes else "" for name, kind in zip(roads.column("name"), roads.column("class"), strict=True)]
    label = Label("{tag}", size, "#3f3f3f", placement="along", priority=4, max_denominator=1e9)
    unseen = tuple(replace(symbol, stroke="", casing="", mono={}) for symbol in roads.layer.symbols)
    layer = replace(roads.layer, fields=(*roads.layer.fields, _TAG), symbols=unseen, label=label)
    return Features(layer, roads.ids, {**roads.columns, "tag": names}, roads.geometry)


def command_post(found: tuple[str, float, float], factor: float, grown: float) -> LayerContent:
    """指挥部: its name, easting and northing as a star larger than all sites, its name beneath. `grown`: against becoming smaller on overviews."""
    name, x, y = found
    symbol = Symbol(_("指挥部"), shape="star", size=9.0, fill="#d50000", stroke="#ffffff", stroke_width=0.4, mono={"fill": "#000000", "stroke": "#ffffff"})
    label = Label("{name}", 3.2 * factor, "#b00020", bold=True, priority=20, max_denominator=1e9)
    looks = (enlarged(symbol, factor * grown),)
    layer = Layer("command_post", _("指挥部"), "base", "point", (Field("name", "text", ""),), looks, label, order=90)
    place = np.empty(1, dtype=object)
    place[0] = shapely.Point(x, y)
    return LayerContent(Features(layer, ["0"], {"name": [name]}, place), pinned={"0": (0.0, (0.6 * symbol.size + 0.6 * label.size / factor) * factor)})
