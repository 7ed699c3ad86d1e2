"""How the symbol of a class looks: larger, paler, in black and white."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chuangwen.domain.layer import Symbol

PLAIN = Symbol(fill="#e0e0e0", stroke="#606060")
"""For a feature that no symbol of its layer fits."""

_FADED_INK, _FADED_FILL = "#b4b4b4", "#f4f4f4"
_FADED_LINE, _FADED_DASH = 0.12, (0.5, 1.0)  # mm: in black and white
_DARK = 160  # of 256: darker colours are printed black


def symbol_at(symbols: Sequence[Symbol], number: int) -> Symbol:
    """The symbol of a class."""
    return symbols[number] if number >= 0 else PLAIN


def enlarged(symbol: Symbol, factor: float) -> Symbol:
    """The symbol with all its millimetres multiplied: for wall maps that are read from two metres away."""
    larger = {name: _times(getattr(symbol, name), factor) for name in _IN_MM}
    return replace(symbol, **larger, mono={name: _times(value, factor) if name in _IN_MM else value for name, value in symbol.mono.items()})


_IN_MM = ("size", "stroke_width", "dash", "casing_width", "hatch_spacing")


def _times(value: Any, factor: float) -> Any:
    return tuple(part * factor for part in value) if isinstance(value, tuple | list) else value * factor


def look(symbol: Symbol, mono: bool = False, faded: bool = False, fill: str = "") -> Symbol:
    """The symbol as it is drawn: with a palette's `fill`, for a black-and-white printer, or paled for neighbours.

    Greys come out of a laser printer as coarse dots. So in mono every colour becomes black or white, but for those the symbol's own `mono` table asks for.
    """
    if faded:
        return _pale(symbol, mono)
    if not mono:
        return replace(symbol, fill=fill) if fill else symbol
    inks = {name: grey(getattr(symbol.in_mono(), name)) if name in symbol.mono else ink(getattr(symbol, name)) for name in _COLOURS}
    return replace(symbol.in_mono(), **inks)  # type: ignore[arg-type]


_COLOURS = ("fill", "stroke", "casing", "hatch_colour", "glyph_colour")


def _pale(symbol: Symbol, mono: bool) -> Symbol:
    if mono:
        symbol = symbol.in_mono()
        thin = {"fill": "#ffffff" if symbol.glyph else "", "stroke": "#000000", "stroke_width": min(symbol.stroke_width, _FADED_LINE), "dash": _FADED_DASH}
        return replace(symbol, **thin, casing="", hatch="", glyph_colour="#000000")  # type: ignore[arg-type]
    return replace(
        symbol,
        fill=_FADED_FILL if symbol.glyph else "",
        stroke=_FADED_INK,
        stroke_width=min(symbol.stroke_width, 0.3),
        casing="",
        hatch="",
        glyph_colour=_FADED_INK,
    )


def ink(colour: str) -> str:
    """Black for dark colours, white for light ones, '' stays ''."""
    return ("#000000" if int(grey(colour)[1:3], 16) < _DARK else "#ffffff") if colour else ""


def grey(colour: str) -> str:
    """The grey of the same lightness (ITU-R BT.709 weights), '' stays ''."""
    if not colour:
        return ""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    level = round(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return f"#{level:02x}{level:02x}{level:02x}"
