"""How features look, as a page's canvas reads it: symbols and labels with short keys and nothing that is as always.

Lengths stay millimetres of paper; the page makes pixels of them (`resources/web/looks.js`, which names the same keys).
"""

from __future__ import annotations

from typing import Any

from chuangwen.domain.layer import Label, Symbol

_KEYS = {
    "shape": "sh",
    "size": "sz",
    "fill": "f",
    "stroke": "s",
    "stroke_width": "w",
    "dash": "d",
    "casing": "c",
    "casing_width": "cw",
    "ground_width": "gw",
    "hatch": "h",
    "hatch_colour": "hc",
    "hatch_spacing": "hs",
    "glyph": "g",
    "glyph_colour": "gc",
}
_USUAL = Symbol()


def look(symbol: Symbol) -> dict[str, Any]:
    """The symbol; under `m` what is different on a black-and-white printer."""
    made = {key: _plain(getattr(symbol, name)) for name, key in _KEYS.items() if getattr(symbol, name) != getattr(_USUAL, name)}
    if symbol.mono:
        plain = symbol.in_mono()
        made["m"] = {key: _plain(getattr(plain, name)) for name, key in _KEYS.items() if getattr(plain, name) != getattr(symbol, name)}
    return made


def lettering(label: Label) -> dict[str, Any]:
    """How the labels of a layer are written."""
    return {
        "sz": label.size,
        "c": label.colour,
        "h": label.halo,
        "hw": label.halo_width,
        "b": label.bold,
        "at": label.placement,
        "p": label.priority,
        "n": label.max_denominator,
    }


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
