"""The responsibility map on the canvas, and beside it: which unit has which colour, where nobody or two are responsible, areas by categories."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QCloseEvent, QColor, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.geo import Extent
from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.render.view import MapView
from chuangwen.services.responsibility import Resolver
from chuangwen.services.responsibility_map import HOLE, ResponsibilityMap, Table, map_of, table_of, write_map
from chuangwen.text import _
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.session import Session

_MARK = "responsibility"
_AT = Qt.ItemDataRole.UserRole
_AROUND_M = 150.0
_GOLDEN = 0.618034
_NOBODY = QColor(198, 40, 40, 190)


class ResponsibilityWindow(QDialog):
    """Open beside the map: choose a category, the map is coloured by unit; a click on a finding shows its place. Closed, the map is as before."""

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._canvas = session, canvas
        self.found: ResponsibilityMap | None = None
        self.table: Table | None = None
        self.setWindowTitle(_("责任一张图"))
        self.resize(620, 600)
        column = QVBoxLayout(self)
        top = QHBoxLayout()
        top.addWidget(QLabel(_("按哪一类问题")))
        self.category = QComboBox()
        self.category.addItem(_("全部（不分类别）"), "")
        project = session.project
        assert project is not None
        for one in Resolver(project, project.campaign.today).rules.categories:
            if not one.parent:
                self.category.addItem(one.title, one.id)
        self.category.currentIndexChanged.connect(lambda _number: self._load())
        top.addWidget(self.category)
        top.addStretch(1)
        self.save = QPushButton(_("存为表格…"))
        self.save.clicked.connect(self._save)
        top.addWidget(self.save)
        column.addLayout(top)
        self.said = QLabel(wordWrap=True)
        self.said.setProperty("dim", True)
        column.addWidget(self.said)
        self.pages = QTabWidget()
        self.units = self._list([_("责任单位"), _("面积"), _("占比")])
        self.places = self._list([_("情况"), _("说明"), _("面积")])
        self.areas = QTableWidget()
        self.areas.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.places.header().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        self.places.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.places.currentItemChanged.connect(lambda item, _old: self._show(item))
        self.pages.addTab(self.places, _("空白和重复"))
        self.pages.addTab(self.units, _("图例：单位和面积"))
        self.pages.addTab(self.areas, _("网格 × 类别"))
        column.addWidget(self.pages, 1)
        session.closed.connect(self.close)
        session.changed.connect(lambda _touched, _source: self._load() if self.isVisible() else None)
        self._load()

    def _list(self, titles: list[str]) -> QTreeWidget:
        made = QTreeWidget()
        made.setHeaderLabels(titles)
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setAlternatingRowColors(True)
        made.header().setStretchLastSection(False)
        made.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        return made

    def _load(self) -> None:
        project = self._session.project
        if project is None:
            return
        day, category = project.campaign.today, str(self.category.currentData())
        for layer in project.layers:
            project.features(layer)  # read here: the worker looks only at what is in memory
        self.said.setText(_("正在推算……"))
        self.save.setEnabled(False)

        def work(progress: Progress) -> tuple[ResponsibilityMap, Table]:
            return map_of(project, day, category, progress), table_of(project, day, progress)

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            self.said.setText(str(error))

        self._session.jobs.latest(_MARK, work, self._fill, failed)

    def _fill(self, answer: tuple[ResponsibilityMap, Table]) -> None:
        found, table = self.found, self.table = answer
        holes = sum(one.kind == HOLE for one in found.places)
        counts = {"units": len(found.units), "holes": holes, "doubles": len(found.places) - holes, "step": f"{found.step:.0f}"}
        self.said.setText(
            _("{units} 个单位，空白 {holes} 处，重复 {doubles} 处（每 {step} m 推算一点）。重复处由规则定一家，最好由文件写明。").format(**counts)
        )
        self.save.setEnabled(True)
        whole = sum(area for _unit, area in found.areas()) or 1.0
        self.units.clear()
        for unit, area in found.areas():
            item = QTreeWidgetItem([unit or _("空白：没有责任单位"), _hectares(area), f"{area / whole:.1%}"])
            swatch = QPixmap(14, 14)
            swatch.fill(_colour(found.units.index(unit)) if unit else _NOBODY)
            item.setIcon(0, QIcon(swatch))
            item.setToolTip(0, unit or "")
            self.units.addTopLevelItem(item)
        self.places.clear()
        for one in found.places:
            item = QTreeWidgetItem([_("空白") if one.kind == HOLE else _("重复"), one.text, f"{one.area_m2:,.0f} m²"])
            item.setToolTip(1, one.text)
            item.setData(0, _AT, one.at)
            self.places.addTopLevelItem(item)
        self._fill_areas(table)
        self._canvas.mark(_MARK, Overlay(found))

    def _fill_areas(self, table: Table) -> None:
        self.areas.clear()
        self.areas.setRowCount(len(table.areas))
        self.areas.setColumnCount(len(table.categories))
        self.areas.setHorizontalHeaderLabels(list(table.categories))
        self.areas.setVerticalHeaderLabels(list(table.areas))
        for row, words in enumerate(table.cells):
            for number, text in enumerate(words):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                if table.blank_m2[row][number]:
                    item.setForeground(QColor("#c62828"))
                self.areas.setItem(row, number, item)
        self.areas.horizontalHeader().setDefaultSectionSize(230)

    def _show(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            x, y = item.data(0, _AT)
            self._session.zoom_asked.emit(Extent(x - _AROUND_M, y - _AROUND_M, x + _AROUND_M, y + _AROUND_M))

    def _save(self) -> None:
        if self.found is None or self.table is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, _("存为表格"), _("责任一张图.xlsx"), _("表格 (*.xlsx)"))
        if not name:
            return
        try:
            write_map(Path(name), self.found, self.table)
        except UserError as error:
            self._session.noticed.emit(error)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._canvas.mark(_MARK, None)
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes it as the cross does."""
        self.close()


class Overlay:
    """Paints a responsibility map over the canvas."""

    def __init__(self, found: ResponsibilityMap) -> None:
        rows, columns = found.cells.shape
        colours = np.zeros((len(found.units) + 2, 4), dtype=np.uint8)
        for number in range(len(found.units)):
            colours[number] = _rgba(_colour(number, 120))
        colours[-1] = _rgba(_NOBODY)  # -1: nobody; -2: outside, clear
        self._pixels = np.ascontiguousarray(colours[found.cells])
        self._image = QImage(self._pixels.data, columns, rows, columns * 4, QImage.Format.Format_RGBA8888)
        x, y = found.corner
        self._west, self._north, self._east, self._south = x, y, x + columns * found.step, y - rows * found.step

    def __call__(self, painter: QPainter, view: MapView) -> None:
        """In millimetres of the widget."""
        (x0, y0), (x1, y1) = view.to_paper(np.array([[self._west, self._north], [self._east, self._south]])).tolist()
        painter.drawImage(QRectF(x0, y0, x1 - x0, y1 - y0), self._image)


def _colour(number: int, alpha: int = 255) -> QColor:
    """Hues a golden step apart: neighbours in the list never look alike."""
    return QColor.fromHsvF((0.12 + number * _GOLDEN) % 1.0, 0.62 if number % 2 else 0.85, 0.85 if number % 3 else 0.65, alpha / 255)


def _rgba(colour: QColor) -> tuple[int, int, int, int]:
    return colour.red(), colour.green(), colour.blue(), colour.alpha()


def _hectares(area: float) -> str:
    return _("{hectares} 公顷").format(hectares=f"{area / 10_000:,.1f}")
