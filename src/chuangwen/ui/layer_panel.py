"""Layers with their legend: on and off, labels, zoom to. The swatches are drawn by the map's own code."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from chuangwen.domain.classes import badge_title, symbol_title
from chuangwen.domain.layer import Layer, Symbol
from chuangwen.render.draw import draw_swatch
from chuangwen.render.scene import Scene
from chuangwen.render.view import SCREEN_DOTS_PER_MM
from chuangwen.text import _
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.session import Session

_ID = Qt.ItemDataRole.UserRole
_SWATCH = QSize(22, 18)


class LayerPanel(QTreeWidget):
    """Topmost first. A layer's classes stand beneath it, with how many of each are in view."""

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._canvas = session, canvas
        self._classes: dict[tuple[str, int], QTreeWidgetItem] = {}
        self._filling = False
        self.setHeaderHidden(True)
        self.setColumnCount(2)
        self.setIconSize(_SWATCH)
        self.setIndentation(16)
        self.setMinimumSize(200, 150)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._menu)
        self.itemChanged.connect(self._on_changed)
        session.opened.connect(self.refresh)
        session.closed.connect(self.clear)
        session.changed.connect(lambda _touched, _source: self.refresh() if self._listed() != self._shown else self._recount())
        canvas.drawn.connect(self._on_drawn)
        self._shown: list[str] = []

    def refresh(self) -> None:
        """Build the list of layers."""
        project = self._session.project
        if project is None:
            return
        expanded = {self.topLevelItem(number).data(0, _ID) for number in range(self.topLevelItemCount()) if self.topLevelItem(number).isExpanded()}
        self._filling = True
        self.clear()
        self._classes.clear()
        self._shown = self._listed()
        for layer in map(project.layers.__getitem__, self._shown):
            top = QTreeWidgetItem([layer.title, self._count(layer)])
            top.setData(0, _ID, layer.id)
            top.setFlags(top.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            top.setCheckState(0, Qt.CheckState.Unchecked if layer.id in self._canvas.hidden else Qt.CheckState.Checked)
            self.addTopLevelItem(top)
            if len(layer.symbols) + len(layer.badges) == 1:
                top.setIcon(0, swatch(layer, layer.symbols[0], self.devicePixelRatioF()))
                continue
            classes = [(symbol, symbol_title(layer, symbol)) for symbol in layer.symbols]
            classes += [(badge.symbol, badge_title(layer, badge)) for badge in layer.badges]
            for number, (symbol, title) in enumerate(classes):
                item = QTreeWidgetItem([title, ""])
                item.setIcon(0, swatch(layer, symbol, self.devicePixelRatioF()))
                item.setFlags(Qt.ItemFlag.ItemIsEnabled)
                top.addChild(item)
                self._classes[layer.id, number] = item
            top.setExpanded(layer.id in expanded if expanded else layer.id == "issue")
        self._filling = False
        if self._canvas.scene is not None:
            self._on_drawn(self._canvas.scene)

    def _listed(self) -> list[str]:
        """The layers of the list, topmost first: of those that are off at first and of records only what has features."""
        project = self._session.project
        if project is None:
            return []
        return [layer.id for layer in reversed(project.layers.drawn()) if layer.always_listed or len(project.features(layer.id))]

    def _recount(self) -> None:
        project = self._session.project
        for number in range(self.topLevelItemCount() if project else 0):
            top = self.topLevelItem(number)
            assert project is not None
            top.setText(1, self._count(project.layers[top.data(0, _ID)]))

    def _count(self, layer: Layer) -> str:
        assert self._session.project is not None
        count = len(self._session.project.features(layer.id))
        return f"{count:,}".replace(",", " ") if count else ""

    def _on_drawn(self, scene: Scene) -> None:
        """The legend of what is in view: classes that are not, are hidden."""
        for (layer, number), item in self._classes.items():
            count = scene.counts.get((layer, number), 0)
            item.setText(1, str(count) if count else "")
            item.setHidden(not count)

    def _on_changed(self, item: QTreeWidgetItem, column: int) -> None:
        layer = item.data(0, _ID)
        if not self._filling and column == 0 and layer:
            self._canvas.set_visible(layer, on=item.checkState(0) == Qt.CheckState.Checked)

    def _menu(self, at: QPoint) -> None:
        item = self.itemAt(at)
        layer = item.data(0, _ID) if item is not None else None
        if not layer:
            return
        menu = QMenu(self)
        menu.addAction(_("缩放到图层"), lambda: self._canvas.show_layer(layer))
        labels = menu.addAction(_("显示名称标注"))
        labels.setCheckable(True)
        labels.setChecked(layer not in self._canvas.unlabelled)
        labels.toggled.connect(lambda on: self._canvas.set_labelled(layer, on=on))
        menu.exec(self.viewport().mapToGlobal(at))


def swatch(layer: Layer, symbol: Symbol, ratio: float) -> QIcon:
    """A class as a little picture on paper."""
    picture = QPixmap(round(_SWATCH.width() * ratio), round(_SWATCH.height() * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(SCREEN_DOTS_PER_MM, SCREEN_DOTS_PER_MM)
    width, height = _SWATCH.width() / SCREEN_DOTS_PER_MM, _SWATCH.height() / SCREEN_DOTS_PER_MM
    room = QRectF(0.3, 0.3, width - 0.6, height - 0.6) if layer.geometry != "polygon" else QRectF(0.5, 0.7, width - 1.0, height - 1.4)
    draw_swatch(painter, layer, symbol, room)
    painter.end()
    return QIcon(picture)
