"""预检: what is wrong before anything is printed, each line with the page and the feature to go to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from chuangwen.services.paper.defects import ERROR, NOTE, WARNING
from chuangwen.text import _
from chuangwen.ui.printing.press import Key, Line

_SIGNS = {ERROR: ("×", "#b3261e"), WARNING: ("!", "#9a6700"), NOTE: ("i", "#5f6368")}
_FINDING = Qt.ItemDataRole.UserRole
_ROWS = 5


class FindingList(QListWidget):
    """`chosen`: go to the page of a finding and light its feature up; `opened`: show that in the main window."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.findings: list[Line] = []
        self.setWordWrap(True)
        self.setAccessibleName(_("预检结果"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_ROWS * 24 + 4)
        self.setIconSize(QSize(16, 16))
        self.itemClicked.connect(lambda item: self.chosen.emit(item.data(_FINDING)))
        self.itemActivated.connect(self._on_activated)
        self.currentItemChanged.connect(lambda now, _before: self._on_current(now))

    def show_findings(self, findings: Sequence[Line]) -> None:
        """List them, the gravest first."""
        self.blockSignals(True)
        self.clear()
        self.findings = list(findings)
        for one in self.findings:
            item = QListWidgetItem(_sign(one.severity, self.devicePixelRatioF()), one.words)
            item.setData(_FINDING, one)
            item.setToolTip(_("{words}\n单击到这一页，双击在地图上看").format(words=one.words))
            self.addItem(item)
        self.blockSignals(False)

    def _on_current(self, now: QListWidgetItem | None) -> None:
        if now is not None and self.hasFocus():
            self.chosen.emit(now.data(_FINDING))

    def _on_activated(self, item: QListWidgetItem) -> None:
        self.opened.emit(item.data(_FINDING))


def counted(findings: Sequence[Line]) -> str:
    """预检：2 处错误，5 处提醒."""
    errors, warnings = (sum(one.severity == kind for one in findings) for kind in (ERROR, WARNING))
    notes = len(findings) - errors - warnings
    parts = [_("{count} 处错误").format(count=errors)] if errors else []
    parts += [_("{count} 处提醒").format(count=warnings)] if warnings else []
    parts += [_("{count} 处说明").format(count=notes)] if notes else []
    return _("预检：{what}").format(what="，".join(parts) or _("没有问题"))


def on_pages(findings: Sequence[Line]) -> dict[Key, str]:
    """Page → the gravest thing that is wrong on it; what is only told is left out."""
    found: dict[Key, str] = {}
    for one in findings:
        if one.page is not None and one.severity != NOTE:
            found.setdefault(one.page, one.words)
    return found


def _sign(severity: str, ratio: float) -> QIcon:
    letter, colour = _SIGNS[severity]
    picture = QPixmap(round(16 * ratio), round(16 * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(1, 1, 14, 14)
    painter.setPen(QColor("#ffffff"))
    face = painter.font()
    face.setPixelSize(11)
    face.setBold(True)
    painter.setFont(face)
    painter.drawText(0, 0, 16, 16, Qt.AlignmentFlag.AlignCenter, letter)
    painter.end()
    return QIcon(picture)
