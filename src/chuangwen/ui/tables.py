"""The tables beneath the map: sites, zones, sections, issues, units. One selection with the map."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QStackedWidget,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.filter import Filter
from chuangwen.text import _
from chuangwen.ui.session import Session
from chuangwen.ui.table_model import FeatureTable, as_text

_WIDTHS = {
    "code": 116,
    "name": 190,
    "description": 240,
    "status": 126,
    "time_left": 84,
    "due_at": 92,
    "due_time": 80,
    "responsible_unit": 180,
    "address": 200,
    "aliases": 180,
    "phone": 105,
}


class LayerTable(QWidget):
    """One layer: a filter line, the count, the rows."""

    def __init__(self, session: Session, layer: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self.layer = session, layer
        project = session.project
        assert project is not None
        self.model = FeatureTable(project.features(layer), lambda: project.campaign.now)
        if layer == "issue":
            self.model.explained = session.owners.tip
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.view.setAlternatingRowColors(True)
        self.view.setShowGrid(False)
        self.view.setSortingEnabled(True)
        self.view.setWordWrap(False)
        self.view.setTabKeyNavigation(False)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._menu)
        self.view.doubleClicked.connect(lambda _index: self._show())
        head = self.view.verticalHeader()
        head.setDefaultSectionSize(25)
        head.hide()
        self.view.horizontalHeader().setHighlightSections(False)
        self.view.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.view.horizontalHeader().setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.horizontalHeader().customContextMenuRequested.connect(self._columns_menu)
        for number, field in enumerate(self.model.fields):
            self.view.setColumnWidth(number, _WIDTHS.get(field.name, 100))
        self.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.view.selectionModel().selectionChanged.connect(self._on_picked)
        self.words = QLineEdit()
        self.words.setPlaceholderText(_("在表中筛选"))
        self.words.setClearButtonEnabled(True)
        self.words.setMaximumWidth(220)
        self._clock = QTimer(self, singleShot=True, interval=150)
        self._clock.timeout.connect(self.refresh)
        self.words.textChanged.connect(lambda _text: self._clock.start())
        self.count = QLabel()
        self.count.setProperty("dim", True)
        self.by = QLabel()
        self.corner = QWidget()
        row = QHBoxLayout(self.corner)
        row.setContentsMargins(8, 2, 8, 2)
        row.addWidget(self.by)
        row.addWidget(self.count)
        row.addWidget(self.words)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.view, 1)
        self._on_key(QKeySequence(QKeySequence.StandardKey.Copy), self.copy)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_key(QKeySequence(key), self._show)
        self._following = False
        session.minute.ticked.connect(self._on_minute)
        self.refresh()

    def _on_minute(self) -> None:
        """Rows stay where they are unless others belong to the filter now (逾期)."""
        if self._session.project is not None and not self.model.shows(self._mask()):
            self.refresh()
        else:
            self.model.on_minute()

    def _mask(self) -> Any:
        project = self._session.project
        assert project is not None
        mask = self._session.mask(self.layer)
        if self.words.text().strip():
            mine = Filter(text=self.words.text()).mask(project.features(self.layer))
            mask = mine if mask is None else mask & mine
        return mask

    def refresh(self) -> None:
        """Show the features as they are, filtered as the session and this table's own line say."""
        project = self._session.project
        if project is None:
            return
        features = project.features(self.layer)
        mask = self._mask()
        self._following = True
        at = self.view.verticalScrollBar().value()
        self.model.show(features, mask)
        self.view.verticalScrollBar().setValue(at)
        self._following = False
        shown, there = self.model.rowCount(), len(features)
        self.count.setText(
            _("共 {count} 条").format(count=f"{there:,}".replace(",", " "))
            if shown == there
            else _("显示 {shown} / {count} 条").format(shown=shown, count=there)
        )
        title = self._session.filter_title(self.layer)
        self.by.setText(_("筛选：{title}").format(title=title) if title else "")
        self.follow(scroll=False)

    def follow(self, *, scroll: bool = True) -> None:
        """Mark the rows that are selected elsewhere."""
        chosen = self._session.selection
        rows = self.model.rows_of(chosen.ids) if chosen.layer == self.layer else []
        picked = QItemSelection()
        for row in rows:
            picked.select(self.model.index(row, 0), self.model.index(row, self.model.columnCount() - 1))
        self._following = True
        self.view.selectionModel().select(picked, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            self.view.selectionModel().setCurrentIndex(self.model.index(rows[0], 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            if scroll:
                self.view.scrollTo(self.model.index(rows[0], 0), QAbstractItemView.ScrollHint.EnsureVisible)
        self._following = False

    def _on_key(self, keys: QKeySequence, work: Callable[[], None]) -> None:
        """A shortcut of the rows alone: Return in a form is the form's (the context must be set, PySide drops it from the constructor)."""
        shortcut = QShortcut(keys, self.view)
        shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        shortcut.activated.connect(work)

    def _show(self) -> None:
        self._session.zoom_to(self._session.selection.features())

    def copy(self) -> None:
        """The marked rows to the clipboard."""
        rows = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
        QGuiApplication.clipboard().setText(as_text(self.model, [int(self.model.positions[row]) for row in rows]))

    def _on_picked(self) -> None:
        if not self._following:
            rows = sorted({index.row() for index in self.view.selectionModel().selectedRows()})
            self._session.selection.set(self.layer, [self.model.row_id(row) for row in rows], self)

    def _menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        there = self._session.selection.layer == self.layer and bool(self._session.selection.ids)
        located = any(feature.geometry is not None for feature in self._session.selection.features()) if there else False
        menu.addAction(_("在地图上显示"), lambda: self._session.zoom_to(self._session.selection.features())).setEnabled(located)
        if self.model.features.layer.geometry == "point" and len(self._session.selection.ids) == 1:
            menu.addAction(_("放到地图上…"), lambda: self._session.place_asked.emit(self.layer, self._session.selection.ids[0])).setEnabled(there)
        menu.addAction(_("复制"), self.copy).setEnabled(there)
        menu.exec(self.view.viewport().mapToGlobal(at))

    def _columns_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        for number, field in enumerate(self.model.fields):
            action = menu.addAction(field.title)
            action.setCheckable(True)
            action.setChecked(not self.view.isColumnHidden(number))
            action.toggled.connect(lambda on, column=number: self.view.setColumnHidden(column, not on))
        menu.exec(self.view.horizontalHeader().mapToGlobal(at))


class TablePanel(QTabWidget):
    """A tab for every layer that has a table."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.tables: dict[str, LayerTable] = {}
        self._listed: list[str] = []
        session.opened.connect(self._on_opened)
        session.closed.connect(self._on_closed)
        session.changed.connect(self._on_changed)
        session.filtered.connect(self._on_filtered)
        session.selection.changed.connect(self._on_selected)
        self.currentChanged.connect(lambda _number: self._fill())
        self._corners = QStackedWidget()  # the filter line and count of the table in front stand beside the tabs: a row more for the table
        self.setCornerWidget(self._corners)

    def show_layer(self, layer: str) -> None:
        """Bring a layer's table to the front."""
        names = list(self._names())
        if layer in names:
            self.setCurrentIndex(names.index(layer))

    @property
    def in_front(self) -> str:
        """The layer whose table is shown, '' for none."""
        names = self._names()
        return names[self.currentIndex()] if 0 <= self.currentIndex() < len(names) else ""

    def table(self, layer: str) -> LayerTable:
        """The table of a layer, made at the first look."""
        self.show_layer(layer)
        self._fill()
        return self.tables[layer]

    def _names(self) -> list[str]:
        project = self._session.project
        if project is None:
            return []
        order = {"issue": 0, "site": 1, "zone": 2, "section": 3, "unit": 4, "person": 5}
        layers = [layer for layer in project.layers.values() if layer.kind in ("subject", "list", "reference")]
        layers = [layer for layer in layers if layer.always_listed or len(project.features(layer.id))]
        return [layer.id for layer in sorted(layers, key=lambda layer: order.get(layer.id, 9))]

    def _on_opened(self) -> None:
        self._on_closed()
        project = self._session.project
        assert project is not None
        self._listed = self._names()
        for name in self._listed:
            self.addTab(QWidget(), project.layers[name].title)
        self._fill()

    def _on_closed(self) -> None:
        self.blockSignals(True)
        while self.count():
            page = self.widget(0)
            self.removeTab(0)
            page.deleteLater()
        for table in self.tables.values():
            self._corners.removeWidget(table.corner)
            table.corner.deleteLater()
        self.tables.clear()
        self.blockSignals(False)

    def _fill(self) -> None:
        names = self._names()
        number = self.currentIndex()
        if not 0 <= number < len(names):
            return
        name = names[number]
        if name in self.tables:
            self._corners.setCurrentWidget(self.tables[name].corner)
            return
        table = LayerTable(self._session, name)
        title = self.tabText(number)
        self.tables[name] = table
        self._corners.addWidget(table.corner)
        self._corners.setCurrentWidget(table.corner)
        self.blockSignals(True)
        old = self.widget(number)
        self.removeTab(number)
        self.insertTab(number, table, title)
        self.setCurrentIndex(number)
        self.blockSignals(False)
        old.deleteLater()
        table.follow()

    def _on_changed(self, touched: dict[str, set[str]], _source: object) -> None:
        names = self._names()
        if names != self._listed:  # a reference layer came, or a layer got its first features
            before = self.in_front
            self._on_opened()
            self.show_layer(before)
        for name in touched:
            if name in self.tables:
                self.tables[name].refresh()

    def _on_filtered(self, layer: str) -> None:
        if layer in self.tables:
            self.tables[layer].refresh()

    def _on_selected(self, source: object) -> None:
        layer = self._session.selection.layer
        if layer and layer not in self.tables and layer in self._names():
            self.show_layer(layer)
        for table in self.tables.values():
            if table is not source:
                table.follow()
        if layer and source is not self.tables.get(layer):
            self.show_layer(layer)
