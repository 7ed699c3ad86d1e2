"""The map: the last picture moves at once under the mouse, a sharp one follows from a worker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from chuangwen.domain.derived import badges
from chuangwen.domain.feature import Features
from chuangwen.domain.geo import Extent, extent_of
from chuangwen.progress import Progress
from chuangwen.render.draw import draw_highlight, image_of
from chuangwen.render.scene import LayerContent, Scene, build, pick, pick_box
from chuangwen.render.view import SCREEN_DOTS_PER_MM, MapView
from chuangwen.ui.session import Session
from chuangwen.ui.tools import Tool

_PAPER = QColor("#ffffff")
_NEAR_MM = 1.6
_SOON_MS = 25
_AFTER_WHEEL_MS = 90
_CROWD, _DOT_MM = 20_000, 1.0
"""With more features than this, areas smaller than a millimetre are drawn as dots: a quarter of the time (decision 0041)."""

Marks = Callable[[QPainter, MapView], None]
"""Paints over the map in millimetres of the widget; `view` takes the ground there."""


class MapCanvas(QWidget):
    """Shows the project's layers. Signals: `moved` (the view changed), `pointed` (easting, northing under the mouse), `tool_changed`, `add_asked`,
    `spot_asked` (easting, northing: who is responsible there)."""

    moved = Signal()
    pointed = Signal(float, float)
    tool_changed = Signal(object)
    add_asked = Signal(str, object)
    spot_asked = Signal(float, float)
    drawn = Signal(object)  # the Scene that is shown now

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.view = MapView((0.0, 0.0), 10_000.0, 100.0, 100.0, SCREEN_DOTS_PER_MM)
        self.tool: Tool = Tool(self)
        self.hidden: set[str] = set()
        self.unlabelled: set[str] = set()
        self.scene: Scene | None = None
        self._content: dict[str, LayerContent] = {}
        self._worn: dict[str, tuple[Features, dt.datetime, NDArray[np.int64] | None]] = {}
        self._instead: dict[str, Features] = {}
        self._marks: dict[str, Marks] = {}
        self._picture: QImage | None = None
        self._pictured = self.view
        self._cycle: tuple[QPointF, int] = (QPointF(-99, -99), 0)
        self._fitted = False
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._ask)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(200, 150)
        session.opened.connect(self._on_opened)
        session.closed.connect(self._on_closed)
        session.changed.connect(self._on_changed)
        session.filtered.connect(lambda _layer: self.redraw())
        session.selection.changed.connect(lambda _source: self.update())
        session.zoom_asked.connect(self.show_extent)
        session.minute.ticked.connect(self._on_minute)

    # --- what is shown

    def content(self) -> list[LayerContent]:
        """The layers as they are shown now, lowest first. Flat geometry is kept while the features stay the same."""
        project = self.session.project
        if project is None:
            return []
        found = []
        for layer in project.layers.drawn():
            features = self._instead[layer.id] if layer.id in self._instead else project.features(layer.id)
            mask = self.session.mask(layer.id) if layer.id not in self._instead else None
            only = None if mask is None else frozenset(features.ids[number] for number in np.flatnonzero(mask))
            old = self._content.get(layer.id)
            worn = self._badges(features)
            wanted = (layer.id not in self.hidden, layer.id not in self.unlabelled, only)
            if old is None or old.features is not features or (old.visible, old.labels, old.only) != wanted or old.badges is not worn:
                kept = old.flat if old is not None and old.features is features and "flat" in old.__dict__ else None
                self._content[layer.id] = LayerContent(features, kept, *wanted[:2], only=only, badges=worn)
            found.append(self._content[layer.id])
        return found

    def _badges(self, features: Features) -> NDArray[np.int64] | None:
        """What the features wear now: worked out anew when they or the minute changed. Those of a past day wear nothing."""
        project = self.session.project
        layer = features.layer
        if project is None or not layer.badges or layer.id in self._instead:
            return None
        minute = project.campaign.now.replace(second=0)
        old = self._worn.get(layer.id)
        if old is None or old[0] is not features or old[1] != minute:
            found = badges(features, minute)
            same = old is not None and old[0] is features and np.array_equal(old[2], found)  # type: ignore[arg-type]
            self._worn[layer.id] = old = (features, minute, old[2] if same and old is not None else found)
        return old[2]

    def _on_minute(self) -> None:
        """A new picture only where a badge, or what passes the filter, changed with the minute."""
        before = dict(self._content)
        if any(one is not before.get(one.layer.id) for one in self.content()):
            self.redraw()

    def redraw(self) -> None:
        """Something to be shown changed: a new picture as soon as the window has time."""
        self._soon.start(_SOON_MS)

    def show_instead(self, features: Mapping[str, Features]) -> None:
        """Show these features in place of the project's, by layer: a past day, a layer coloured by a figure. An empty mapping: the project as it is."""
        self._instead = dict(features)
        self.redraw()
        self.update()

    def mark(self, name: str, marks: Marks | None) -> None:
        """Paint something over the map, under the selection, until it is taken away by None: findings, a preview. `marks(painter, view)` paints in mm."""
        if marks is None:
            self._marks.pop(name, None)
        else:
            self._marks[name] = marks
        self.update()

    def set_visible(self, layer: str, *, on: bool) -> None:
        """Switch a layer on or off."""
        (self.hidden.discard if on else self.hidden.add)(layer)
        self.redraw()

    def set_labelled(self, layer: str, *, on: bool) -> None:
        """Switch a layer's labels on or off."""
        (self.unlabelled.discard if on else self.unlabelled.add)(layer)
        self.redraw()

    def _ask(self) -> None:
        content = self.content()
        if not content or self.width() < 2:
            return
        crowded = sum(len(one.features) for one in content if one.visible) > _CROWD
        view = replace(self.view, min_feature=_DOT_MM if crowded else 0.0)

        def work(progress: Progress) -> tuple[Scene, MapView, QImage]:
            scene = build(content, view, progress)
            progress.at(1, 1)
            return scene, view, image_of(scene, view)

        self.session.jobs.latest("map", work, self._on_drawn)

    def _on_drawn(self, answer: tuple[Scene, MapView, QImage]) -> None:
        self.scene, self._pictured, self._picture = answer
        self._picture.setDevicePixelRatio(self.devicePixelRatioF())
        self.update()
        self.drawn.emit(self.scene)

    def _on_opened(self) -> None:
        project = self.session.project
        assert project is not None
        self._content.clear()
        self._picture, self._fitted = None, False
        self.hidden = {layer.id for layer in project.layers.drawn() if not layer.visible}
        self.unlabelled.clear()
        self.use(Tool(self))
        self.show_all()

    def _on_closed(self) -> None:
        self._content.clear()
        self._worn.clear()
        self._instead, self._marks = {}, {}
        self._picture = self.scene = None
        self.update()

    def _on_changed(self, touched: dict[str, set[str]], _source: object) -> None:
        if not self._fitted:
            self.show_all()
        project = self.session.project
        if project is not None and any(name in project.layers and project.layers[name].has_geometry for name in touched):
            self.redraw()
        self.update()

    # --- moving about

    def _look(self, view: MapView, wait_ms: int = _SOON_MS) -> None:
        self.view = view
        self.update()
        self._soon.start(wait_ms)
        self.moved.emit()

    def drag(self, by: QPointF) -> None:
        """Move the picture by so many pixels."""
        self._look(self.view.moved(by.x() / SCREEN_DOTS_PER_MM, by.y() / SCREEN_DOTS_PER_MM))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer (factor over 1) or farther; what lies at `at` stays there."""
        self._look(self.view.zoomed(factor, self._mm(at) if at is not None else None), _AFTER_WHEEL_MS)

    def set_denominator(self, denominator: float) -> None:
        """The scale 1:denominator."""
        self._look(self.view.at_scale(denominator))

    def show_extent(self, extent: Extent, margin: float = 0.12) -> None:
        """Show a rectangle of the ground; a single point at 1:2 000 or the present scale, whichever is nearer."""
        view = MapView.showing(extent, self.view.width, self.view.height, self.view.dots_per_mm, margin)
        if extent.width < 1 and extent.height < 1:
            view = view.at_scale(min(self.view.denominator, 2_000.0))
        self._fitted = True
        self._look(view)

    def show_all(self) -> None:
        """Show everything there is; the district alone where it is known."""
        extent = whole_extent([one.features for one in self.content()])
        if extent is not None:
            self.show_extent(extent, 0.04)

    def show_layer(self, layer: str) -> None:
        """Show all of a layer."""
        if layer in self._content or self.session.project is not None:
            extent = extent_of(self.session.project.features(layer).bounds) if self.session.project else None
            if extent is not None:
                self.show_extent(extent, 0.05)

    def show_selection(self) -> None:
        """Show what is selected."""
        self.session.zoom_to(self.session.selection.features())

    # --- places

    def _mm(self, at: QPointF) -> tuple[float, float]:
        return at.x() / SCREEN_DOTS_PER_MM, at.y() / SCREEN_DOTS_PER_MM

    def ground(self, at: QPointF) -> tuple[float, float]:
        """Easting and northing (metres) under a pixel."""
        return self.view.to_ground(*self._mm(at))

    def pixel(self, x: float, y: float) -> QPointF:
        """Where a place of the ground lies in the widget."""
        paper = self.view.to_paper(np.array([[x, y]]))[0]
        return QPointF(paper[0] * SCREEN_DOTS_PER_MM, paper[1] * SCREEN_DOTS_PER_MM)

    # --- selecting

    def select_at(self, at: QPointF, *, add: bool = False) -> None:
        """Select the topmost feature here; clicked again at the same place, the one beneath it."""
        hits = pick(self.content(), self.view, *self._mm(at), _NEAR_MM)
        if not hits:
            if not add:
                self.session.selection.clear(self)
            return
        place, number = self._cycle
        number = number + 1 if (at - place).manhattanLength() < 4 and not add else 0
        self._cycle = (at, number)
        layer, row_id = hits[number % len(hits)]
        chosen = self.session.selection
        if add and chosen.layer:
            mine = [hit for hit in hits if hit[0] == chosen.layer]
            if mine:
                row_id = mine[0][1]
                ids = [one for one in chosen.ids if one != row_id] if row_id in chosen.ids else [*chosen.ids, row_id]
                chosen.set(chosen.layer, ids, self)
            return
        chosen.set(layer, [row_id], self)

    def select_in(self, box: QRectF, *, add: bool = False) -> None:
        """Select the features of one layer that meet a box."""
        (x0, y0), (x1, y1) = self._mm(box.topLeft()), self._mm(box.bottomRight())
        hits = pick_box(self.content(), self.view, x0, y0, x1, y1)
        chosen = self.session.selection
        layers = [layer for layer, _row in hits]
        if not hits:
            if not add:
                chosen.clear(self)
            return
        layer = chosen.layer if chosen.layer in layers else layers[0]
        ids = [row_id for name, row_id in hits if name == layer]
        chosen.set(layer, list(dict.fromkeys([*(chosen.ids if add else ()), *ids])), self)

    def hold_point(self, at: QPointF) -> tuple[str, str] | None:
        """The point feature under a pixel that may be dragged."""
        hits = pick(self.content(), self.view, *self._mm(at), _NEAR_MM)
        project = self.session.project
        points = [hit for hit in hits if project is not None and project.layers[hit[0]].geometry == "point"]
        chosen = [hit for hit in points if hit[0] == self.session.selection.layer and hit[1] in self.session.selection.ids]
        found = chosen or points
        return found[0] if found else None

    # --- tools and events

    def use(self, tool: Tool) -> None:
        """Take another tool."""
        self.tool = tool
        self.setCursor(tool.cursor)
        self.update()
        self.tool_changed.emit(tool)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus()
        self.tool.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.tool.move(event)
        self.pointed.emit(*self.ground(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.tool.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.tool.double_click(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(1.25 ** (event.angleDelta().y() / 120), event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.tool.key(event):
            return
        step = 60.0
        arrows = {Qt.Key.Key_Left: (step, 0), Qt.Key.Key_Right: (-step, 0), Qt.Key.Key_Up: (0, step), Qt.Key.Key_Down: (0, -step)}
        if event.key() in arrows:
            self.drag(QPointF(*arrows[Qt.Key(event.key())]))
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.5)
        elif event.key() in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom(1 / 1.5)
        elif event.key() == Qt.Key.Key_Escape:
            if self.tool.id != "browse":
                self.use(Tool(self))
            else:
                self.session.selection.clear(self)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self._words_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def _words_at(self, at: QPointF) -> str:
        hits = pick(self.content(), self.view, *self._mm(at), _NEAR_MM)
        project = self.session.project
        if not hits or project is None:
            return ""
        layer = project.layers[hits[0][0]]
        feature = self._content[layer.id].features.feature(hits[0][1])
        if feature is None:
            return ""
        words = [f"{layer.title}  {feature.code}", feature.name]
        words += [f"{layer.field(name).title}：{layer.field(name).show(feature.get(name))}" for name in ("status", "responsible_unit") if layer.has(name)]
        return "\n".join(word for word in dict.fromkeys(words) if word)

    def resizeEvent(self, event: QResizeEvent) -> None:
        ratio = self.devicePixelRatioF()
        self.view = MapView(
            self.view.centre,
            self.view.denominator,
            max(self.width(), 1) / SCREEN_DOTS_PER_MM,
            max(self.height(), 1) / SCREEN_DOTS_PER_MM,
            SCREEN_DOTS_PER_MM * ratio,
        )
        if not self._picture and self.session.project is not None:
            self.show_all()
        self._soon.start(_SOON_MS)
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(900, 600)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), _PAPER)
        if self._picture is not None:
            painter.drawImage(self._where(self._pictured), self._picture)
            for marks in self._marks.values():
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.scale(SCREEN_DOTS_PER_MM, SCREEN_DOTS_PER_MM)
                marks(painter, self.view)
                painter.restore()
            if self.session.selection.ids:
                painter.save()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painter.scale(SCREEN_DOTS_PER_MM, SCREEN_DOTS_PER_MM)
                draw_highlight(painter, self.content(), [(self.session.selection.layer, row_id) for row_id in self.session.selection.ids], self.view)
                painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.tool.paint(painter)
        painter.end()

    def _where(self, view: MapView) -> QRectF:
        """Where a picture made for `view` lies in the widget now."""
        extent = view.extent
        return QRectF(self.pixel(extent.x0, extent.y1), self.pixel(extent.x1, extent.y0))


def whole_extent(tables: Sequence[Features]) -> Extent | None:
    """The extent of all there is: of the district where it is known, else of everything."""
    district = next((table for table in tables if table.layer.id == "district"), None)
    if district is not None and len(district):
        return extent_of(district.bounds)
    found: Extent | None = None
    for table in tables:
        extent = extent_of(table.bounds)
        if extent is not None:
            found = extent if found is None else found.joined(extent)
    return found
