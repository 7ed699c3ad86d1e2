"""A figure on the map: each zone in the shade of its class, with the number written in it (分级设色).

Shades run from light to dark in one hue, so that they are read without colours too; what is bad is dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

import numpy as np

from chuangwen.domain.feature import Features
from chuangwen.domain.figure import Figure
from chuangwen.domain.layer import Field, Label, Symbol
from chuangwen.domain.values import Scalar, plain
from chuangwen.services.figures import Table
from chuangwen.text import _

_FIELD_OF = {"zone": "code", "street": "street", "unit": "responsible_unit"}
"""Division of a table → the field of a zone that names its line."""
SHADES = ("#fff6d5", "#fedf8f", "#fdb24a", "#e8701a", "#8f2f06")
"""Light to dark; luminance falls by steps that a mono print keeps apart."""
NOTHING = "#f2f2f2"
_RATE_BREAKS = (Fraction(60, 100), Fraction(80, 100), Fraction(90, 100), Fraction(1))
_BAD_RATE_BREAKS = (Fraction(1, 1000), Fraction(5, 100), Fraction(10, 100), Fraction(20, 100))
_ORDER = 12
"""Beneath water, roads and buildings, so that the map stays readable."""
_CLASS, _TEXT = "class_of_figure", "text_of_figure"


@dataclass(frozen=True, slots=True)
class Shade:
    """One class: its colour, what it means, how many zones are in it."""

    colour: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Choropleth:
    """The zones to be shown in place of the project's, and the legend; `title` says figure, division and period."""

    features: Features
    shades: tuple[Shade, ...]
    title: str


def can_show(found: Table) -> bool:
    """Whether the lines of a table lie on the map."""
    return found.by in _FIELD_OF


def choropleth(zones: Features, found: Table, indicator: str) -> Choropleth:
    """The zones shaded by one indicator of a table by zone, street or unit. Raises `KeyError` for another division."""
    keys = [plain(value) for value in zones.column(_FIELD_OF[found.by])]
    one = found.indicators[found.column(indicator)]
    cells = [found.figure(key, indicator) if key else None for key in keys]
    values = [cell.value if cell is not None else None for cell in cells]
    breaks = (_RATE_BREAKS if one.rising else _BAD_RATE_BREAKS) if one.is_rate else _quantiles(values)
    classes = [-1 if value is None else int(sum(value >= limit for limit in breaks)) for value in values]
    last = len(breaks)
    colours = [_shade(last - number if one.rising else number, last) for number in range(last + 1)]
    names = _names(breaks, is_rate=one.is_rate)
    symbols = [
        Symbol(names[number], {_CLASS: (str(number),)}, fill=colours[number], stroke="#5f6368", stroke_width=0.25, mono={"stroke": "#000000"})
        for number in range(last + 1)
    ]
    symbols.append(Symbol(_("无数据"), fill=NOTHING, stroke="#5f6368", stroke_width=0.25, hatch="/", hatch_colour="#bdbdbd"))
    label = zones.layer.label or Label("{code}")
    shown = replace(
        zones.layer,
        fields=(*zones.layer.fields, Field(_CLASS, "text", _("级别")), Field(_TEXT, "text", one.title)),
        symbols=tuple(symbols),
        palette=None,
        order=_ORDER,
        label=replace(label, text=f"{{code}} {{{_TEXT}}}", colour="#1c1c1c", size=max(label.size, 2.8)),
    )
    columns: dict[str, list[Scalar]] = dict(zones.columns)
    columns |= {_CLASS: [None if number < 0 else str(number) for number in classes], _TEXT: [_text(cell) for cell in cells]}
    shades = [Shade(colours[number], names[number], classes.count(number)) for number in range(last + 1)]
    shades += [Shade(NOTHING, _("无数据"), classes.count(-1))] if -1 in classes else []
    title = _("{indicator}（{by}，{period}）").format(indicator=one.title, by=found.title, period=found.period.title)
    return Choropleth(Features(shown, zones.ids, columns, zones.geometry), tuple(shades), title)


def _text(cell: Figure | None) -> str:
    return "" if cell is None else cell.text


def _quantiles(values: Sequence[Fraction | None]) -> tuple[Fraction, ...]:
    """Up to four limits that divide the counts above nought evenly; nought is a class of its own."""
    held = sorted(value for value in values if value)
    if not held:
        return ()
    points = np.quantile([float(value) for value in held], [0.0, 0.25, 0.5, 0.75])
    return tuple(dict.fromkeys(Fraction(max(1, round(point))) for point in points))


def _shade(number: int, last: int) -> str:
    return SHADES[round(number * (len(SHADES) - 1) / last)] if last else SHADES[0]


def _names(breaks: Sequence[Fraction], *, is_rate: bool) -> list[str]:
    """What each class means: 低于 60%, 60% 至 80%, …, 100%; or counts: 0, 1–3, 4 以上."""
    if is_rate:
        said = [f"{float(limit) * 100:g}%" for limit in breaks]
        if breaks[0] < Fraction(1, 100):
            said[0] = "0%"
        first = _("0%") if said[0] == "0%" else _("低于 {limit}").format(limit=said[0])
        middle = [_("{low} 至 {high}").format(low=low, high=high) for low, high in pairwise(said)]
        return [first, *middle, said[-1] if breaks[-1] == 1 else _("{limit} 以上").format(limit=said[-1])]
    whole = [int(limit) for limit in breaks]
    middle = [f"{low}" if high - low == 1 else f"{low}–{high - 1}" for low, high in pairwise(whole)]
    return ["0", *middle, *([_("{limit} 以上").format(limit=whole[-1])] if whole else [])]
