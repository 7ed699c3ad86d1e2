"""The panel at the right: what is selected, its fields, its next moves, its photos and its history."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.services.placing import propose
from chuangwen.text import _
from chuangwen.ui.feature_form import FeatureForm
from chuangwen.ui.history_view import HistoryView
from chuangwen.ui.icons import icon
from chuangwen.ui.move_bar import MoveBar
from chuangwen.ui.orders.of_feature import LAYERS as ORDERED
from chuangwen.ui.orders.of_feature import OrdersView
from chuangwen.ui.photo_strip import PhotoStrip
from chuangwen.ui.session import Session
from chuangwen.ui.time_line import TimeLine
from chuangwen.ui.unit_bar import UnitBar
from chuangwen.ui.why_view import WhyView

_PROPOSALS = 3
_ROOM_FOR_BOTH = 780  # px: a card of eight fields above, the form below


class AttributePanel(QStackedWidget):
    """Empty until something is selected. One form a layer, made when it is first needed and kept."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.forms: dict[str, FeatureForm] = {}
        self.setMinimumWidth(290)
        self._nothing = QLabel(wordWrap=True)
        self._nothing.setProperty("dim", True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setMargin(24)
        self.addWidget(self._nothing)
        self.head = QLabel(wordWrap=True)
        self.head.setProperty("heading", True)
        self.sub = QLabel(wordWrap=True)
        self.sub.setProperty("dim", True)
        self.state = QLabel()
        titles = QHBoxLayout()
        titles.addWidget(self.head, 1)
        titles.addWidget(self.state, 0, Qt.AlignmentFlag.AlignTop)
        self.time = TimeLine(session)
        top = QVBoxLayout()
        top.setContentsMargins(12, 10, 12, 0)
        top.setSpacing(1)
        top.addLayout(titles)
        top.addWidget(self.sub)
        top.addWidget(self.time)
        self.moves: MoveBar | None = None
        self._moves_place = QVBoxLayout()
        self.unit = UnitBar(session)
        self.unplaced = QFrame()
        self.unplaced.setProperty("bar", True)
        self._unplaced_rows = QVBoxLayout(self.unplaced)
        self._unplaced_rows.setContentsMargins(12, 6, 12, 6)
        self._unplaced_rows.setSpacing(4)
        self._form_area = QScrollArea(widgetResizable=True)
        self._form_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.photos = PhotoStrip(session)
        self.history = HistoryView(session)
        self.tabs = QTabWidget()
        self.why = WhyView(session)
        self.spot = WhyView(session)
        self.tabs.addTab(self._form_area, _("属性"))
        self.tabs.addTab(self.why, _("为什么是它？"))
        self.tabs.addTab(self.photos, _("照片"))
        self.tabs.addTab(self.history, _("经过"))
        self.orders = OrdersView(session)
        self.tabs.addTab(self.orders, _("文书"))
        self.tabs.currentChanged.connect(lambda _number: self.refresh())
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.back = QPushButton()
        self.back.setProperty("link", True)
        self.back.clicked.connect(self._go_back)
        self.back.hide()
        column.addWidget(self.back)
        column.addLayout(top)
        column.addLayout(self._moves_place)
        column.addWidget(self.unit)
        column.addWidget(self.unplaced)
        column.addWidget(self.tabs, 1)
        self.addWidget(page)
        self.addWidget(self._spot_page())
        self._from: tuple[str, str] | None = None
        for view in (self.why, self.spot):
            view.source_asked.connect(self._show_source)
        session.opened.connect(self._on_opened)
        session.closed.connect(self._on_closed)
        session.selection.changed.connect(self._on_selected)
        session.changed.connect(self._on_changed)
        self._on_closed()

    def refresh(self) -> None:
        """Show what is selected as it is now."""
        features = self._session.selection.features()
        project = self._session.project
        if not features or project is None:
            self._nothing.setText(_("在地图、表格或网格树里选中一个对象，\n这里可以查看和修改。") if project is not None else _("还没有打开项目。"))
            self.setCurrentIndex(0)
            return
        layer = project.layers[self._session.selection.layer]
        self._show_head(layer, features)
        self._show_moves(layer, features)
        self.unit.show_features(layer, features)
        self._show_unplaced(layer, features)
        self._show_back(features)
        one = features[0] if len(features) == 1 else None
        self.tabs.setTabVisible(self.tabs.indexOf(self.why), layer.id == "issue")
        self.tabs.setTabVisible(self.tabs.indexOf(self.photos), layer.kind == "subject")
        self.tabs.setTabVisible(self.tabs.indexOf(self.orders), layer.id in ORDERED)
        self.time.show_feature(one)
        photos = sum(owner == one.id for owner in project.features("photo").column("owner_id")) if one is not None else 0
        self.tabs.setTabText(self.tabs.indexOf(self.photos), _("照片 {count}").format(count=photos) if photos else _("照片"))
        if self.tabs.currentWidget() is self._form_area:
            form = self._form(layer)
            if self._form_area.widget() is not form:
                self._form_area.takeWidget()
                self._form_area.setWidget(form)
            form.show_features(features)
        elif self.tabs.currentWidget() is self.why:
            self.why.show_issue(one)
        elif self.tabs.currentWidget() is self.photos:
            self.photos.show_feature(one)
        elif self.tabs.currentWidget() is self.orders:
            self.orders.show_feature(one)
        else:
            self.history.show_feature(one)
        self.setCurrentIndex(1)

    def show_spot(self, x: float, y: float) -> None:
        """Who is responsible for a place of the map (metres)."""
        self._session.selection.clear(self)
        self._spot_at.setText(_("东 {x:.1f}　北 {y:.1f}").format(x=x, y=y))
        self.spot.show_spot(x, y)
        self.setCurrentIndex(2)

    def _spot_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 10, 0, 0)
        column.setSpacing(1)
        heading = QLabel(_("此处谁负责"))
        heading.setProperty("heading", True)
        self._spot_at = QLabel()
        self._spot_at.setProperty("dim", True)
        for label in (heading, self._spot_at):
            label.setContentsMargins(12, 0, 12, 0)
            column.addWidget(label)
        column.addWidget(self.spot, 1)
        return page

    def _show_source(self, layer: str, row_id: str) -> None:
        """Select what an explanation names, and show it beside the issue; the way back is kept."""
        session = self._session
        project = session.project
        if project is None:
            return
        asked = session.selection.features()
        feature = project.features(layer).feature(row_id)
        if feature is None:
            return
        self._from = (asked[0].layer, asked[0].id) if len(asked) == 1 else None
        session.selection.set(layer, [row_id], self)
        session.zoom_to([*asked, feature])

    def _show_back(self, features: list[Feature]) -> None:
        """The way back to the issue from which its source was looked at; gone once something else is selected."""
        project = self._session.project
        origin = project.features(self._from[0]).feature(self._from[1]) if project is not None and self._from is not None else None
        if origin is None or features[0].id == origin.id:
            self._from = None
            self.back.hide()
            return
        self.back.setText(_("← 回到 {code}").format(code=origin.code or origin.name))
        self.back.show()

    def _go_back(self) -> None:
        if self._from is not None:
            self._session.selection.set(self._from[0], [self._from[1]], self)

    def _form(self, layer: Layer) -> FeatureForm:
        if layer.id not in self.forms:
            self.forms[layer.id] = FeatureForm(self._session, layer)
        return self.forms[layer.id]

    def _show_head(self, layer: Layer, features: list[Feature]) -> None:
        first = features[0]
        if len(features) > 1:
            self.head.setText(_("{count} 个{title}").format(count=len(features), title=layer.title))
            self.sub.setText(_("改一栏，所选的一起改"))
        else:
            name = first.name if len(first.name) <= 40 else first.name[:40] + "…"
            self.head.setText(name or first.code or layer.title)
            self.sub.setText("  ·  ".join(word for word in (layer.title, first.code if first.code != name else "", str(first.get("street") or "")) if word))
        status = layer.field_by_name.get("status")
        states = {feature.get("status") for feature in features} if status else set()
        choice = status.choice(next(iter(states))) if status and len(states) == 1 else None
        self.state.setVisible(choice is not None)
        if choice is not None:
            self.state.setText(choice.title)
            colour = choice.colour or "#777777"  # the state's own, from the layer file
            self.state.setStyleSheet(f"background:{colour}; color:#ffffff; border-radius:9px; padding:3px 9px; font-weight:bold;")

    def _show_moves(self, layer: Layer, features: list[Feature]) -> None:
        if self.moves is None:
            project = self._session.project
            assert project is not None
            self.moves = MoveBar(self._session, project.layers["issue"], self.back)
            self.moves.asking.connect(self._on_asking)
            self._moves_place.addWidget(self.moves)
        self.moves.setVisible(layer.id == "issue")
        if layer.id == "issue":
            self.moves.show_features(features)

    def _show_unplaced(self, layer: Layer, features: list[Feature]) -> None:
        """未定位: where the words say it is, and the way to put it there."""
        missing = layer.geometry == "point" and len(features) == 1 and features[0].geometry is None
        self.unplaced.setVisible(missing)
        while self._unplaced_rows.count():
            item = self._unplaced_rows.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        project = self._session.project
        if not missing or project is None:
            return
        feature = features[0]
        self._unplaced_rows.addWidget(QLabel(_("<b>未定位</b>：不在地图上，不会印在图里。")))
        for proposal in propose(project, feature)[:_PROPOSALS]:
            button = QPushButton(icon("place"), proposal.basis)
            button.setToolTip(_("放到这个位置"))
            button.setStyleSheet("text-align:left;")
            button.clicked.connect(lambda _on=False, at=proposal.geometry: self._session.owners.put(layer, feature, at, self, self._go_there))
            self._unplaced_rows.addWidget(button)
        click = QPushButton(icon("place"), _("放到地图上…"))
        click.clicked.connect(lambda: self._session.place_asked.emit(layer.id, feature.id))
        self._unplaced_rows.addWidget(click)

    def _on_asking(self, asking: bool) -> None:
        """What a move asks for comes first; in a low window the rest waits."""
        self.unplaced.setVisible(not asking and bool(self._unplaced_rows.count()))
        self.tabs.setVisible(not asking or self.height() > _ROOM_FOR_BOTH)

    def _go_there(self) -> None:
        self._session.zoom_to(self._session.selection.features())

    def _on_selected(self, source: object) -> None:
        if source is not self:
            self._from = None
        self.refresh()

    def _on_opened(self) -> None:
        self._on_closed()

    def _on_closed(self) -> None:
        self._form_area.takeWidget()
        for form in self.forms.values():
            form.deleteLater()
        self.forms.clear()
        if self.moves is not None:
            self._moves_place.removeWidget(self.moves)
            self.moves.hide()  # gone at once: `deleteLater` waits for the event loop
            self.moves.deleteLater()
            self.moves = None
        self.refresh()

    def _on_changed(self, touched: dict[str, set[str]], _source: object) -> None:
        if "unit" in touched:  # the forms hold the old list of units
            self._on_closed()
        elif self._session.selection.layer in touched or {"photo", "order", "note"} & touched.keys():
            self.refresh()
