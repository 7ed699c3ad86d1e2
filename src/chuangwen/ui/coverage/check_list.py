"""The checks as a list: a mark that differs by shape and colour, what is checked, how many."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from chuangwen.services.checks.check import FOUND, NO_DATA, PASS, Result
from chuangwen.services.checks.registry import CHECKS
from chuangwen.text import _
from chuangwen.ui.parts import RIGHT

_ID = Qt.ItemDataRole.UserRole
_MARKS = {PASS: ("✓", "#2e7d32"), FOUND: ("!", "#b3261e"), NO_DATA: ("–", "#80868b"), "": ("", "#80868b")}
_SIDE = 16


class CheckList(QTreeWidget):
    """`chosen` gives the id of a check. Until it has run a check stands without mark and number."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setIconSize(QSize(_SIDE, _SIDE))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("检查项"))
        head = self.header()
        head.setStretchLastSection(False)
        head.setMinimumSectionSize(20)
        head.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.rows: dict[str, QTreeWidgetItem] = {}
        for check in CHECKS:
            row = QTreeWidgetItem([f"{check.id}  {check.title}", ""])
            row.setData(0, _ID, check.id)
            row.setToolTip(0, check.definition)
            row.setTextAlignment(1, RIGHT)
            self.addTopLevelItem(row)
            self.rows[check.id] = row
        self.currentItemChanged.connect(lambda now, _before: self.chosen.emit(now.data(0, _ID) if now is not None else ""))

    @property
    def current(self) -> str:
        """The id of the check that is chosen, '' for none."""
        row = self.currentItem()
        return str(row.data(0, _ID)) if row is not None else ""

    def choose(self, check: str) -> None:
        """Choose a check."""
        self.setCurrentItem(self.rows[check])

    def show_results(self, results: Mapping[str, Result]) -> None:
        """Mark and count; nothing for what did not run."""
        dim = self.palette().placeholderText()
        for check, row in self.rows.items():
            result = results.get(check)
            state = result.state if result is not None else ""
            row.setIcon(0, _mark(state, self.devicePixelRatioF()))
            row.setText(1, "" if result is None else _("无数据") if state == NO_DATA else f"{len(result.findings):,}".replace(",", " "))
            row.setForeground(1, dim if state in (NO_DATA, PASS) else QBrush(self.palette().text()))
            face = row.font(1)
            face.setBold(state == FOUND)
            row.setFont(1, face)
            row.setToolTip(1, result.words if result is not None else _("还没有检查"))


def _mark(state: str, ratio: float) -> QIcon:
    letter, colour = _MARKS[state]
    picture = QPixmap(round(_SIDE * ratio), round(_SIDE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    if not state:
        return QIcon(picture)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    (painter.drawRoundedRect if state == NO_DATA else painter.drawEllipse)(1, 1, 14, 14, *((4, 4) if state == NO_DATA else ()))
    painter.setPen(QColor("#ffffff"))
    face = painter.font()
    face.setPixelSize(11)
    face.setBold(True)
    painter.setFont(face)
    painter.drawText(0, 0, _SIDE, _SIDE, Qt.AlignmentFlag.AlignCenter, letter)
    painter.end()
    return QIcon(picture)
