"""A photo in its frame, or an empty frame that says what belongs there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPen

from chuangwen.render import fonts
from chuangwen.render.paper.block import INK, Block, rect, thin
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.render.paper.page import Page

_DOTS_PER_MM = 200 / 25.4
_CAPTION = 1.5  # of the text: height of a caption
_LARGEST = 512  # MB that one picture may take while it is read


class Photo(Block):
    """`path`: the file, None where nobody has taken the photo; `caption` beneath; `high` mm with its caption."""

    def __init__(self, path: Path | None, caption: str, high: float, text: float) -> None:
        self._path, self._caption, self._high, self._text = path, caption, high, text

    def height(self, width: float) -> float:
        return self._high

    def draw(self, painter: QPainter, place: Rect, page: Page) -> None:
        text = self._text
        frame = Rect(place.x, place.y, place.width, place.height - text * _CAPTION)
        picture = None if self._path is None else loaded(self._path, frame.width, frame.height)
        if picture is not None:
            if page.atlas.style.mono:
                picture = picture.convertToFormat(QImage.Format.Format_Grayscale8)
            frame = _fitted(picture, frame)
            painter.drawImage(rect(frame), picture)
        self._outline(painter, frame, page, empty=picture is None)
        if picture is None:
            self._say(painter, frame)
        caption = fonts.shortened(self._caption, text * 0.92, place.width)
        fonts.write(painter, place.x + place.width / 2, place.bottom - text * 0.35, caption, text * 0.92, INK, align="centre")

    def _outline(self, painter: QPainter, frame: Rect, page: Page, *, empty: bool) -> None:
        pen = QPen(thin(page), 0.2)
        if empty:
            pen.setDashPattern([6, 4])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect(frame))

    def _say(self, painter: QPainter, frame: Rect) -> None:
        if self._path is None:
            words = _("照片（待拍）")
        elif self._path.is_file():
            words = _("照片文件已损坏或不能识别：{file}").format(file=self._path.name)
        else:
            words = _("找不到照片文件：{file}").format(file=self._path.name)
        text = self._text
        lines = fonts.wrapped(words, text, frame.width - 4)
        y = frame.y + (frame.height - len(lines) * text * 1.4) / 2
        for number, line in enumerate(lines):
            fonts.write(painter, frame.x + frame.width / 2, y + number * text * 1.4 + fonts.ascent(text), line, text, INK, align="centre")


def loaded(path: Path, width: float, height: float) -> QImage | None:
    """The picture of a file, turned as its EXIF says, no finer than 200 dpi in a place of so many mm; None for what cannot be read."""
    QImageReader.setAllocationLimit(_LARGEST)
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    turned = reader.transformation().value & 4  # rotated by a quarter: the file's width is the picture's height
    box = QSize(round(width * _DOTS_PER_MM), round(height * _DOTS_PER_MM))
    size = reader.size()
    if turned:
        box.transpose()
    if size.isValid() and (size.width() > box.width() or size.height() > box.height()):
        reader.setScaledSize(size.scaled(box, Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    if picture.isNull():
        return None
    return _on_white(picture)


def _on_white(picture: QImage) -> QImage:
    """Without transparency: what is opaque is kept as JPEG in a PDF."""
    made = QImage(picture.size(), QImage.Format.Format_RGB32)
    made.fill(Qt.GlobalColor.white)
    painter = QPainter(made)
    painter.drawImage(0, 0, picture)
    painter.end()
    return made


def _fitted(picture: QImage, frame: Rect) -> Rect:
    share = min(frame.width / picture.width(), frame.height / picture.height())
    wide, high = picture.width() * share, picture.height() * share
    return Rect(frame.x + (frame.width - wide) / 2, frame.y + (frame.height - high) / 2, wide, high)
