"""Whether text in a font is found again in a PDF: a font of the user's system may write 网 so that a search finds ⽹, or digits so that it finds nothing."""

from __future__ import annotations

import io
import re
import unicodedata
from functools import lru_cache

import pikepdf
from PySide6.QtCore import QBuffer, QPointF
from PySide6.QtGui import QFont, QPainter, QPdfWriter

from chuangwen.render.halo import glyphs_of, said

# Characters that share their glyphs with CJK radicals (facts.md 6): those of the radicals block are known to Unicode, the supplement's are not.
_RADICALS = "".join(unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6))
_SUPPLEMENT = "母民网羊见角贝车长门青韦页风飞食马骨鬼鱼鸟麦黄黾齐齿龙龟王示竹四肉虎西足邑川日月"
USUAL = "".join(dict.fromkeys("".join(map(chr, range(0x21, 0x7F))) + "，。：；（）、—…·㎡①②③第街道路网格点位问题责任单位高面" + _RADICALS + _SUPPLEMENT))
"""What is tried: Latin, digits, marks, and the Chinese characters that fonts are known to lose."""
_TEXT = re.compile(rb"BT\n.*?Tm\n(-?\d+)[\d.]* .*?ET\n", re.DOTALL)


@lru_cache(maxsize=64)
def _lost(family: str, text: str) -> tuple[str, ...]:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    painter = QPainter(writer)
    face = QFont(family)
    face.setPixelSize(100)
    painter.setFont(face)
    characters = [one for one in dict.fromkeys(text) if not one.isspace()]
    for number, one in enumerate(characters):
        painter.drawText(QPointF(number, 0), one)
    painter.end()
    with pikepdf.open(io.BytesIO(bytes(buffer.data().data()))) as document:
        (page,) = document.pages
        fonts = {name.lstrip("/").encode("ascii"): glyphs_of(font) for name, font in page.Resources.get("/Font", {}).items()}
        found = {int(block[1]): said(block[0], lambda name: fonts[name]) for block in _TEXT.finditer(page.Contents.read_bytes())}
    return tuple(one for number, one in enumerate(characters) if found.get(number) != one.encode("utf-16-be").hex().upper())


def extracts(family: str, text: str = USUAL) -> list[str]:
    """The characters of `text` that a PDF in this font does not give back when it is searched or copied; empty: all is well. Tried once, then remembered.

    Needs a QGuiApplication, and `fonts.load()` for our own family.
    """
    return list(_lost(family, text))
