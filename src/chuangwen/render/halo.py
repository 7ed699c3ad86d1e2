"""Light rims of labels in a PDF: the label's own text again, stroked wide beneath it. Crisp, a tenth of the bytes of outlined glyphs, still searchable.

Qt cannot stroke text as text. So halo text is drawn as ordinary text that is not quite opaque (`draw.HALO_ALPHA`), the only such thing in our pages; here
those text objects are given the stroking mode (ISO 32000-1, 9.3.6). Measured on 55 A4 pages: 37 MB and 13 s with outlines, 2.2 MB and 5.6 s so.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import pikepdf

_WIDTH = 70
"""Of the stroke, in hundredths of a millimetre: a rim of 0.35 mm."""
_TEXT = re.compile(rb"/CSp cs\n([\d.]+ [\d.]+ [\d.]+) scn\n/(\w+) gs\nBT\n(.*?ET\n)", re.DOTALL)


def stroke_halos(document: pikepdf.Pdf) -> None:
    """Turn the marked text of every page into strokes of its colour, and make it opaque."""
    for page in document.pages:
        marked = _marked(page)
        if marked:
            content = page.Contents.read_bytes()
            page.Contents = document.make_stream(_TEXT.sub(partial(_stroked, marked), content))
            for name in marked:
                del page.Resources.ExtGState["/" + name.decode("ascii")]


def _marked(page: Any) -> set[bytes]:
    """Names of the graphics states that are not quite opaque."""
    states = page.Resources.get("/ExtGState", {})
    return {name.lstrip("/").encode("ascii") for name, state in states.items() if 0.99 < float(state.get("/ca", 1)) < 1}


def _stroked(marked: set[bytes], found: re.Match[bytes]) -> bytes:
    colour, state, text = found.groups()
    if state not in marked:
        return found.group(0)
    return b"/CSp CS\n" + colour + b" SCN\n" + str(_WIDTH).encode("ascii") + b" w 1 j 1 J []0 d\n/GSa gs\nBT\n1 Tr\n" + text
