"""整改前后对比: the before and the after photo side by side, or an empty frame that says what is missing (domain.md 4.3)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chuangwen.domain.evidence import Photo
from chuangwen.text import _

_HIGH = 132  # px of a picture
_GAP = 8
_WORDS = 36  # px beneath


class PhotoPair(QWidget):
    """Two frames. What is shown is read once, at twice the size of the frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._frames: list[tuple[str, str, QImage | None]] = []

    def show_pair(self, before: Photo | None, after: Photo | None, files: dict[str, Path]) -> None:
        """Show two photos; `files`: photo's id → where it lies."""
        titles = ((_("整改前"), before), (_("整改后"), after))
        self._frames = [(title, _told(photo), _picture(files.get(photo.id)) if photo is not None else None) for title, photo in titles]
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, _HIGH + _WORDS)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        colours = self.palette()
        wide = (self.width() - _GAP) / 2
        for number, (title, told, picture) in enumerate(self._frames):
            frame = QRectF(number * (wide + _GAP), 0, wide, _HIGH)
            painter.fillRect(frame, colours.alternateBase())
            if picture is not None:
                size = picture.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
                place = QRectF(frame.center().x() - size.width() / 2, frame.center().y() - size.height() / 2, size.width(), size.height())
                painter.drawImage(place, picture)
            painter.setPen(colours.mid().color())
            painter.drawRect(frame.adjusted(0.5, 0.5, -0.5, -0.5))
            if picture is None:
                painter.setPen(colours.placeholderText().color())
                painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, _("没有照片") if not told else _("打不开"))
            painter.setPen(colours.windowText().color())
            painter.drawText(QRectF(frame.left(), _HIGH + 2, wide, 17), Qt.AlignmentFlag.AlignHCenter, title)
            painter.setPen(colours.placeholderText().color())
            painter.drawText(QRectF(frame.left(), _HIGH + 18, wide, 17), Qt.AlignmentFlag.AlignHCenter, told)
        painter.end()


def _told(photo: Photo | None) -> str:
    if photo is None:
        return ""
    return f"{photo.taken_at:%Y-%m-%d %H:%M}" if photo.taken_at is not None else _("拍摄时间不详")


def _picture(path: Path | None) -> QImage | None:
    if path is None or not path.exists():
        return None
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        reader.setScaledSize(size.scaled(QSize(_HIGH, _HIGH) * 3, Qt.AspectRatioMode.KeepAspectRatio))
    picture = reader.read()
    return None if picture.isNull() else picture
