"""The two faces that every picture and page is written in, and how wide their text is.

Text is set in fonts of `UNITS` per millimetre (a font of Qt has a whole number of pixels), without hinting and kerning, so that it has the same
width on screen and in a PDF. `write` does the scaling; `font` is for callers who scale themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from unicodedata import category

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QGlyphRun, QPainter, QRawFont, QTextLayout

from chuangwen.errors import FileProblem
from chuangwen.settings import resources_folder
from chuangwen.text import _

UNITS = 100
"""Font pixels in a millimetre."""

FAMILY = "Chuangwen Sans"
CAP_HEIGHT = 0.73
"""Height of capitals and digits above the baseline, share of the em."""
ASCENT, DESCENT = 0.88, 0.12
"""The square of a Chinese character above and below the baseline, shares of the em (Noto Sans SC's own design box)."""

_NEVER_DRAWN = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Mn"})
"""Unicode categories without a shape of their own."""

_FILES = ("ChuangwenSans-Regular.ttf", "ChuangwenSans-Bold.ttf")
_EM = 1000  # advance widths are measured at this size and scaled: widths do not depend on the device
_loaded: list[int] = []


@dataclass(frozen=True, slots=True)
class Written:
    """A line of text that was written: `size` in mm; `whole`: what it was before it was shortened, '' where it was not; `box`: left, top, right, bottom
    in the painter's device, None for text of a map, which never leaves its frame.
    """

    text: str
    size: float
    whole: str = ""
    box: tuple[float, float, float, float] | None = None


_listener: ContextVar[Callable[[Written], None] | None] = ContextVar("listener", default=None)
_lock = Lock()


def load() -> None:
    """Make the bundled fonts known to Qt, once. Needs a QGuiApplication. Raises `FileProblem` where they are missing."""
    with _lock:
        if _loaded:
            return
        for name in _FILES:
            path = resources_folder() / "fonts" / name
            number = QFontDatabase.addApplicationFont(str(path))
            if number < 0:
                raise FileProblem(_("无法读取字体文件 {path}。").format(path=path), hint=_("请重新安装程序。"))
            _loaded.append(number)


@lru_cache(maxsize=256)
def _face(pixels: int, bold: bool) -> QFont:
    face = QFont(FAMILY)
    face.setPixelSize(max(pixels, 1))
    face.setBold(bold)
    face.setKerning(False)
    face.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    face.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    return face


def font(size: float, bold: bool = False) -> QFont:
    """The face for text of `size` mm (height of the em), for a painter of `UNITS` units per mm."""
    return QFont(_face(round(size * UNITS), bold))


@lru_cache(maxsize=20_000)
def _advance(character: str, bold: bool) -> float:
    """Advance of one character, share of the em."""
    return QFontMetricsF(_face(_EM, bold)).horizontalAdvance(character) / _EM


def width(text: str, size: float, bold: bool = False) -> float:
    """Advance width of `text`, mm. Without kerning and ligatures it is the sum of its characters."""
    pixels = round(size * UNITS) / UNITS
    return sum(_advance(character, bold) for character in text) * pixels


def ascent(size: float) -> float:
    """From the baseline up to the top of Chinese characters, mm."""
    return ASCENT * size


def descent(size: float) -> float:
    """From the baseline down to the foot of Chinese characters, mm."""
    return DESCENT * size


class Shortened(str):
    """The beginning of a text with …; remembers the whole."""

    __slots__ = ("whole",)

    def __new__(cls, text: str, whole: str) -> Shortened:
        made = super().__new__(cls, text)
        made.whole = whole
        return made

    whole: str


def shortened(text: str, size: float, room: float, bold: bool = False) -> str:
    """`text`, or its beginning with … (a `Shortened`) when it is wider than `room` mm."""
    if width(text, size, bold) <= room:
        return text
    whole = text
    while text and width(text + "…", size, bold) > room:
        text = text[:-1]
    return Shortened(text + "…", whole)


def wrapped(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """`text` in lines not wider than `room` mm: Chinese breaks anywhere but before closing marks, Latin words and numbers stay whole where they fit."""
    return list(_wrapped(text, size, room, bold))


@lru_cache(maxsize=20_000)
def _wrapped(text: str, size: float, room: float, bold: bool) -> tuple[str, ...]:
    """A table asks for each cell when it is measured, when it is divided and when it is drawn."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in _words(paragraph):
            if not line or width(line + word, size, bold) <= room or word in _NOT_FIRST:
                line += word
            else:
                lines.append(line.rstrip())
                line = word.lstrip()
            while width(line, size, bold) > room and len(line) > 1 and word not in _NOT_FIRST:
                head = next(count for count in range(len(line) - 1, 0, -1) if count == 1 or width(line[:count], size, bold) <= room)
                lines.append(line[:head])
                line = line[head:]
        lines.append(line.rstrip())
    return tuple(lines)


_NOT_FIRST = frozenset("，。、；：！？）》】”’%…·,.;:!?)")


def _words(text: str) -> list[str]:
    """Pieces that are not broken: a Latin word or number, or one Chinese character."""
    pieces: list[str] = []
    for character in text:
        joins = pieces and ord(character) < 0x250 and character not in " -/" and ord(pieces[-1][-1]) < 0x250 and pieces[-1][-1] not in " -/"
        if joins:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def write(
    painter: QPainter, x: float, y: float, text: str, size: float, colour: str = "#222222", bold: bool = False, align: str = "left", angle: float = 0.0
) -> None:
    """Write one line with its baseline at (x, y) mm on a painter in millimetres. `align`: left | centre | right. `angle`: degrees, clockwise."""
    wide = width(text, size, bold)
    shift = {"left": 0.0, "centre": 0.5, "right": 1.0}[align] * wide
    if (hears := _listener.get()) is not None:
        box = painter.combinedTransform().translate(x, y).rotate(angle).mapRect(QRectF(-shift, -ascent(size), wide, size))
        hears(Written(text, size, getattr(text, "whole", ""), (box.left(), box.top(), box.right(), box.bottom())))
        return
    painter.save()
    painter.translate(x, y)
    if angle:
        painter.rotate(angle)
    painter.scale(1 / UNITS, 1 / UNITS)
    painter.setPen(QColor(colour))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setFont(_face(round(size * UNITS), bold))
    painter.drawText(QPointF(-shift * UNITS, 0), text)
    painter.restore()


@contextmanager
def listening(callback: Callable[[Written], None]) -> Iterator[None]:
    """Within it, text of this thread is told to `callback` and nothing is painted but plain lines and fills: what a page says, without a picture of it."""
    token = _listener.set(callback)
    try:
        yield
    finally:
        _listener.reset(token)


def told(text: str, size: float) -> bool:
    """Whether somebody listens; then the text was told and need not be drawn."""
    hears = _listener.get()
    if hears is None:
        return False
    hears(Written(text, size))
    return True


def is_heard() -> bool:
    """Whether somebody listens in this thread."""
    return _listener.get() is not None


@lru_cache(maxsize=20_000)
def has(character: str) -> bool:
    """Whether the bundled font has a glyph for a character; blanks and marks that are never drawn it always has."""
    if category(character) in _NEVER_DRAWN:
        return True
    return QRawFont.fromFont(_face(_EM, False)).supportsCharacter(ord(character))


def substitute(character: str) -> str:
    """The font of this machine that Qt takes for a character the bundled one lacks; '' where none has it and a box is drawn."""
    layout = QTextLayout(character, _face(_EM, False))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    runs: list[QGlyphRun] = layout.glyphRuns()
    return "" if any(0 in run.glyphIndexes() for run in runs) or not runs else runs[0].rawFont().familyName()
