"""The responsibility map on the canvas, and beside it: which unit has which colour, where nobody or two are responsible, areas by categories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import shapely
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QCloseEvent, QIcon, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.geo import Extent
from chuangwen.errors import UserError
from chuangwen.exchange.whole_file import whole_file
from chuangwen.progress import Progress
from chuangwen.services.bulletin_facts import short_names
from chuangwen.services.responsibility import Resolver
from chuangwen.services.responsibility_map import HOLE, Reading, ResponsibilityMap, map_of
from chuangwen.services.responsibility_table import STREET, ZONE, Table, settled_words, table_of, write_map
from chuangwen.text import _
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.parts import RIGHT, fit_to_screen, flat_list
from chuangwen.ui.responsibility_overlay import Overlay, hectares, paint_hatch, picture, unit_colour
from chuangwen.ui.session import Session

_MARK = "responsibility"
_AT = Qt.ItemDataRole.UserRole
_AROUND_M = 100.0
_TOLD = 8
_PICTURE_DOTS = 8.0  # a millimetre: about 200 dpi


class ResponsibilityWindow(QDialog):
    """Open beside the map: choose a category, the map is coloured by unit; a click on a finding shows its place. Closed, the map is as before."""

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._canvas = session, canvas
        self.found: ResponsibilityMap | None = None
        self.tables: tuple[Table, ...] = ()
        self._progress: Progress | None = None
        self.setWindowTitle(_("责任一张图"))
        fit_to_screen(self, 860, 600)
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
        self.save_picture = QPushButton(_("存为图片…"))
        self.save_picture.clicked.connect(self._save_picture)
        top.addWidget(self.save_picture)
        column.addLayout(top)
        self.said = QLabel(wordWrap=True)
        self.said.setProperty("dim", True)
        column.addWidget(self.said)
        self.pages = QTabWidget()
        self.units = flat_list((_("责任单位"), _("面积"), _("占比")), (0, 120, 90), stretched=0, numbers=(1, 2))
        self.places = flat_list((_("情况"), _("说明"), _("由谁定"), _("面积")), (0, 0, 0, 0), stretched=1, numbers=(3,))
        self.areas = {by: QTableWidget() for by in (ZONE, STREET)}
        for table in self.areas.values():
            table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.places.currentItemChanged.connect(lambda item, _old: self._show(item))
        self.pages.addTab(self.places, _("空白和重复"))
        self.pages.addTab(self.units, _("图例：单位和面积"))
        self.pages.addTab(self.areas[ZONE], _("网格 × 类别"))
        self.pages.addTab(self.areas[STREET], _("街道 × 类别"))
        column.addWidget(self.pages, 1)
        session.closed.connect(self.close)
        session.changed.connect(lambda _touched, _source: self._load() if self.isVisible() else None)
        self._load()

    def _load(self) -> None:
        project = self._session.project
        if project is None:
            return
        day, category = project.campaign.today, str(self.category.currentData())
        for layer in project.layers:
            project.features(layer)  # read here: the worker looks only at what is in memory
        self.said.setText(_("正在推算……"))
        self._may_save(on=False)

        def work(progress: Progress) -> tuple[ResponsibilityMap, tuple[Table, ...]]:
            read = Reading(project, day)
            found = map_of(project, day, category, progress.silent(), read)
            return found, tuple(table_of(project, day, progress.silent(), read, by) for by in (ZONE, STREET))

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            self.said.setText(str(error))

        self._progress = self._session.jobs.latest(_MARK, work, self._fill, failed)

    def _may_save(self, *, on: bool) -> None:
        for button in (self.save, self.save_picture):
            button.setEnabled(on)

    def _fill(self, answer: tuple[ResponsibilityMap, tuple[Table, ...]]) -> None:
        found, tables = self.found, self.tables = answer
        project = self._session.project
        assert project is not None
        holes = sum(one.kind == HOLE for one in found.places)
        near = sum(one.settled == "distance" for one in found.places)
        counts = {"units": len(found.units), "holes": holes, "doubles": len(found.places) - holes, "near": near, "step": f"{found.step:.0f}"}
        words = _(
            "{units} 个单位；空白 {holes} 处（红色网线），重复 {doubles} 处（紫色斜线），其中 {near} 处近者负责。"
            "空白和重复是准确面积，着色每 {step} m 推算一点。"
        )
        self.said.setText(words.format(**counts))
        self._may_save(on=True)
        whole = sum(area for _unit, area in found.areas()) or 1.0
        self.units.clear()
        for unit, area in found.areas():
            item = QTreeWidgetItem([unit or _("空白：没有责任单位"), hectares(area), f"{area / whole:.1%}"])
            swatch = QPixmap(14, 14)
            if unit:
                swatch.fill(unit_colour(found.units.index(unit)))
            else:
                painter = QPainter(swatch)
                paint_hatch(painter, QRectF(0, 0, 14, 14), HOLE)
                painter.end()
            item.setIcon(0, QIcon(swatch))
            for column in (1, 2):
                item.setTextAlignment(column, RIGHT)
            item.setToolTip(0, unit or "")
            self.units.addTopLevelItem(item)
        self.places.clear()
        settled = settled_words()
        for one in found.places:
            kind = _("空白") if one.kind == HOLE else _("重复")
            item = QTreeWidgetItem([kind, one.text, settled.get(one.settled, ""), f"{one.area_m2:,.0f} m²"])
            item.setTextAlignment(3, RIGHT)
            item.setToolTip(1, one.text)
            item.setData(0, _AT, one)
            self.places.addTopLevelItem(item)
        if not found.places:
            item = QTreeWidgetItem(["", _("没有空白，也没有重复"), "", ""])
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.places.addTopLevelItem(item)
        for table in tables:
            self._fill_areas(self.areas[table.by], table)
        self._canvas.mark(_MARK, Overlay(found, short_names(project)))

    def _fill_areas(self, shown: QTableWidget, table: Table) -> None:
        shown.clear()
        shown.setRowCount(len(table.areas))
        shown.setColumnCount(len(table.categories))
        shown.setHorizontalHeaderLabels(list(table.categories))
        shown.setVerticalHeaderLabels(list(table.areas))
        for row, cells in enumerate(table.cells):
            for number, cell in enumerate(cells):
                item = QTableWidgetItem(cell.words)
                item.setToolTip("\n".join([*(f"{unit}  {area:,.0f} m²" for unit, area in cell.units[:_TOLD]), cell.words]))
                if cell.blank_m2 >= 1:
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                shown.setItem(row, number, item)
        shown.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        shown.resizeColumnsToContents()

    def _show(self, item: QTreeWidgetItem | None) -> None:
        place = item.data(0, _AT) if item is not None else None
        if place is not None:
            x0, y0, x1, y1 = shapely.bounds(place.shape).tolist()
            self._session.zoom_asked.emit(Extent(x0, y0, x1, y1).grown(_AROUND_M))

    def _save(self) -> None:
        if self.found is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, _("存为表格"), _("责任一张图.xlsx"), _("表格 (*.xlsx)"))
        if name:
            found, tables = self.found, self.tables
            self._written(Path(name), lambda _progress: write_map(Path(name), [found], tables))

    def _save_picture(self) -> None:
        project = self._session.project
        if self.found is None or project is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, _("存为图片"), _("责任一张图.png"), "PNG (*.png)")
        if not name:
            return
        found, content, short = self.found, self._canvas.content(), short_names(project)
        view = replace(self._canvas.view, dots_per_mm=_PICTURE_DOTS)
        title = _("责任一张图（{category}）").format(category=found.category)
        self._written(Path(name), lambda _progress: _save_png(Path(name), picture(content, view, found, short, title)))

    def _written(self, path: Path, work: Callable[[Progress], None]) -> None:
        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            self._session.noticed.emit(error)

        self._session.jobs.read(work, lambda _none: self._session.noticed.emit(_("已写入 {file}。").format(file=path.name)), failed, loud=True)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._progress is not None:
            self._progress.cancel()
        self._canvas.mark(_MARK, None)
        super().closeEvent(event)

    def reject(self) -> None:
        """Escape closes it as the cross does."""
        self.close()


def _save_png(path: Path, image: QImage) -> None:
    """Raises `FileProblem`; then there is no half file."""
    with whole_file(path) as part:
        if not image.save(str(part), "PNG"):  # type: ignore[call-overload]
            raise OSError(_("图片没有写成"))
