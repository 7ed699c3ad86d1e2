"""Labels in a PDF: light rims without outlined glyphs, and names that are found whole though their characters stand along a bend.

Qt cannot stroke text as text. So halo text is drawn as ordinary text that is not quite opaque (`draw.HALO_ALPHA`), the only such thing in our pages; here
those text objects are given the stroking mode (ISO 32000-1, 9.3.6). Measured on 55 A4 pages: 37 MB and 13 s with outlines, 2.2 MB and 5.6 s so.

A label is then its rims followed by its text. The rims are marked as saying nothing, and text that is turned or of several pieces as one word (ActualText,
14.9.4): copying and searching finds 人民路 once, not 人, 民 and 路 twice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from chuangwen.render.draw import HALO_ALPHA, JOINED_ALPHA

_WIDTH = 70
"""Of the stroke, in hundredths of a millimetre: a rim of 0.35 mm."""
_TEXT = re.compile(rb"/CSp cs\n([\d.]+ [\d.]+ [\d.]+) scn\n/(\w+) gs\nBT\n(.*?ET\n)", re.DOTALL)
_CODES = re.compile(rb"/(\w+) [\d.]+ Tf|<(\w+)> Tj")
_RANGES = re.compile(rb"<(\w+)> <(\w+)> (?:\[([^]]*)\]|<(\w+)>)")
_NEAR = 400  # bytes before a text in which its transformation stands
_NOTHING = b"/Span <</ActualText ()>> BDC\n"
_END = b"EMC\n"

Glyphs = Mapping[bytes, str]
"""Code of a glyph as written in the content (hexadecimal) → its text in UTF-16, hexadecimal."""


def labelled(content: bytes, states: Mapping[bytes, int], glyphs: Callable[[bytes], Glyphs]) -> bytes:
    """A page's content with its marked text made rims. `states`: names of graphics states of marked text → alpha of 255; `glyphs`: of a font by its name."""
    parts: list[bytes] = []
    at = 0
    rims = pieces = 0  # of the label at hand: how many rims it has, how many pieces of its text are still to come
    told = False  # whether its text is marked
    texts = list(_TEXT.finditer(content))
    for number, found in enumerate(texts):
        alpha = states.get(found[2])
        if alpha is not None:
            rims = rims + 1 if alpha == JOINED_ALPHA else 1
            pieces = rims
            told = rims > 1 or _is_turned(content, found.start())
            parts += (content[at : found.start()], _rim(found))
            at = found.end()
        elif pieces:
            if told and pieces == rims:
                words = "".join(said(one[3], glyphs) for one in texts[number : number + rims])
                parts += (content[at : found.start()], b"/Span <</ActualText <FEFF" + words.encode("ascii") + b">>> BDC\n")
                at = found.start()
            pieces -= 1
            if told and not pieces:
                parts += (content[at : found.end()], _END)
                at = found.end()
    return b"".join((*parts, content[at:]))


def _is_turned(content: bytes, at: int) -> bool:
    """Whether the last transformation before a place turns. Readers take turned text apart."""
    end = content.rfind(b" cm\n", max(at - _NEAR, 0), at)
    return end >= 0 and float(content[content.rfind(b"\n", 0, end) + 1 : end].split()[1]) != 0


def _rim(found: re.Match[bytes]) -> bytes:
    stroke = b"/CSp CS\n" + found[1] + b" SCN\n" + str(_WIDTH).encode("ascii") + b" w 1 j 1 J []0 d\n/GSa gs\n"
    return stroke + _NOTHING + b"BT\n1 Tr\n" + found[3] + _END


def said(text: bytes, glyphs: Callable[[bytes], Glyphs]) -> str:
    """What a text object says, in UTF-16, hexadecimal."""
    known: Glyphs = {}
    words = ""
    for font, code in _CODES.findall(text):
        if font:
            known = glyphs(font)
        else:
            words += "".join(known.get(code[at : at + 4], "FFFD") for at in range(0, len(code), 4))
    return words


def marked_states(page: Any) -> dict[bytes, int]:
    """Names of the page's graphics states that are not quite opaque → their alpha of 255."""
    states = page.Resources.get("/ExtGState", {})
    alphas = {name.lstrip("/").encode("ascii"): round(float(state.get("/ca", 1)) * 255) for name, state in states.items()}
    return {name: alpha for name, alpha in alphas.items() if alpha in (HALO_ALPHA, JOINED_ALPHA)}


def glyphs_of(font: Any) -> dict[bytes, str]:
    """What a font of Qt's says of its glyphs (9.10.3)."""
    found: dict[bytes, str] = {}
    for first, last, several, start in _RANGES.findall(font.ToUnicode.read_bytes() if "/ToUnicode" in font else b""):
        codes = range(int(first, 16), int(last, 16) + 1)
        # A list of texts, or the text of the first code, from which the others count on.
        texts = re.findall(rb"<(\w+)>", several) if several else [b"%0*X" % (len(start), int(start, 16) + step) for step in range(len(codes))]
        found |= {b"%04X" % code: text.decode("ascii") for code, text in zip(codes, texts, strict=False)}
    return found
