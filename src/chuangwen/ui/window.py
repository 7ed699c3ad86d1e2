"""The main window: where everything stands (design.md §6), and what each command does."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QMessageBox,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QToolBar,
    QVBoxLayout,
    QWidget,
)
from shapely.geometry.base import BaseGeometry

from chuangwen.domain import edits
from chuangwen.domain.feature import Features
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.checklists import choices
from chuangwen.services.timing import limit_rules
from chuangwen.settings import Settings, write_settings
from chuangwen.text import _
from chuangwen.ui import theme
from chuangwen.ui.actions import COMMANDS, fill, make_actions
from chuangwen.ui.attribute_panel import AttributePanel
from chuangwen.ui.beginning import Beginning
from chuangwen.ui.border_tool import MoveBorder
from chuangwen.ui.calendar_dialog import CalendarDialog
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.changes_window import ChangesWindow
from chuangwen.ui.countdown import Countdown
from chuangwen.ui.coverage.dock import CoverageDock
from chuangwen.ui.dashboard.door import DashboardDoor
from chuangwen.ui.help_pages import show_about, show_keys
from chuangwen.ui.importing.dialog import ImportDialog
from chuangwen.ui.ladder_window import LadderWindow
from chuangwen.ui.layer_panel import LayerPanel
from chuangwen.ui.notices import NoticeBar
from chuangwen.ui.orders.door import OrderDoor
from chuangwen.ui.past_bar import PastBar
from chuangwen.ui.printing.door import PrintDoor
from chuangwen.ui.reporting import reports
from chuangwen.ui.responsibility_window import ResponsibilityWindow
from chuangwen.ui.search_box import SearchBox
from chuangwen.ui.session import Session
from chuangwen.ui.small_dialogs import AddDialog, CampaignDialog, SettingsDialog
from chuangwen.ui.status import Status
from chuangwen.ui.tables import TablePanel
from chuangwen.ui.taking_out import export_layer, save_picture
from chuangwen.ui.todo_bar import TodoBar
from chuangwen.ui.tools import AddPoint, AskWho, BoxSelect, BoxZoom, Measure, MovePoint, PlaceFeature, Tool
from chuangwen.ui.triage.dock import TriageDock
from chuangwen.ui.web.door import WebDoor
from chuangwen.ui.welcome import Welcome
from chuangwen.ui.zone_tree import ZoneTree

_RECENT = 8


class MainWindow(QMainWindow):
    """Holds the parts together; each listens to the session by itself."""

    settled = Signal(object)  # Settings that were changed

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = Session(settings, self)
        self.canvas = MapCanvas(self.session)
        self.notice = NoticeBar()
        self.panel = AttributePanel(self.session)
        self.tables = TablePanel(self.session)
        self.todo = TodoBar(self.session)
        self.zones = ZoneTree(self.session)
        self.layers = LayerPanel(self.session, self.canvas)
        self.welcome = Welcome(settings)
        self.countdown = Countdown(self.session)
        self.printing = PrintDoor(self.session, self)
        self.orders = OrderDoor(self.session, self)
        self.search = SearchBox(self.session)
        self.past = PastBar(self.session)
        self.beginning = Beginning(self.session, self)
        self.figures = DashboardDoor(self.session, self.canvas, self)
        self.setWindowTitle(_("创文一张图"))
        self.setAcceptDrops(True)
        self.setMinimumSize(1180, 620)
        self.setDockOptions(QMainWindow.DockOption.AnimatedDocks)
        self.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.LeftDockWidgetArea)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self._place_parts()
        self.actions_by_id = make_actions(self, self._work())
        self._fill_bars()
        self.setStatusBar(Status(self.session, self.canvas))
        self._connect()
        self._on_closed()

    # --- building

    def _place_parts(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.past)
        column.addWidget(self.canvas, 1)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.welcome)
        self.stack.addWidget(middle)
        self.setCentralWidget(self.stack)
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.layers)
        left.addWidget(self.zones)
        left.setSizes([300, 330])
        self.docks = {
            "left": self._dock(_("图层和网格"), left, Qt.DockWidgetArea.LeftDockWidgetArea),
            "right": self._dock(_("属性"), self.panel, Qt.DockWidgetArea.RightDockWidgetArea),
        }
        self.inbox = TriageDock(self.session, self.orders, self.panel, self.docks["right"], self)
        self.web = WebDoor(self.session, self, self.docks["right"])
        self.coverage = CoverageDock(self.session, self.canvas, self, self.docks["left"])
        below = QWidget()
        rows = QVBoxLayout(below)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.todo)
        rows.addWidget(self.tables, 1)
        self.docks["bottom"] = self._dock("", below, Qt.DockWidgetArea.BottomDockWidgetArea)
        self.docks["bottom"].setTitleBarWidget(QWidget())

    def _dock(self, title: str, content: QWidget, side: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title)
        dock.setObjectName(f"dock-{side.name}")
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setWidget(content)
        self.addDockWidget(side, dock)
        return dock

    def _fill_bars(self) -> None:
        bar = QToolBar(_("工具栏"))
        bar.setObjectName("toolbar")
        bar.setMovable(False)
        bar.setIconSize(QSize(22, 22))
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.addToolBar(bar)
        fill(self.menuBar(), bar, self.actions_by_id)
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(gap)
        bar.addWidget(self.search)
        bar.addWidget(self.countdown)

    def _connect(self) -> None:
        session = self.session
        session.opened.connect(self._on_opened)
        session.closed.connect(self._on_closed)
        session.changed.connect(lambda _touched, _source: self._on_edited())
        session.selection.changed.connect(lambda _source: self._enable())
        session.history_changed.connect(self._enable)
        session.noticed.connect(self.notice.say)
        session.place_asked.connect(self._place)
        self.printing.place_asked.connect(self.show_place)
        self.panel.orders.asked.connect(self.orders.register)
        self.panel.unit.card_asked.connect(self.actions_by_id["unit_card"].trigger)
        self.beginning.chosen.connect(self.open)
        for hears in (self.welcome.say, self.notice.say):
            self.beginning.said.connect(hears)
        self.past.shown.connect(self._show_past)
        self.past.differences_asked.connect(self._compare)
        self.canvas.tool_changed.connect(self._on_tool)
        self.canvas.add_asked.connect(self._add)
        self.canvas.spot_asked.connect(self.panel.show_spot)
        self.countdown.dates_asked.connect(self._campaign)
        self.todo.issues_asked.connect(lambda: self.tables.show_layer("issue"))
        self.welcome.open_asked.connect(self.open)
        for name in ("new", "open", "demo"):
            self.welcome.asked[name].connect(self.actions_by_id[name].trigger)

    def _work(self) -> dict[str, Callable[[], object]]:
        canvas, session = self.canvas, self.session
        return {
            **self.beginning.work,
            "import": lambda: self.import_file(None),
            "export": lambda: export_layer(self, session, self.tables.in_front),
            "picture": lambda: save_picture(canvas, session),
            "project_settings": self._campaign,
            "calendar": self._calendar,
            "settings": self._settings,
            "quit": self.close,
            "undo": session.undo,
            "redo": session.redo,
            "find": self._find,
            "clear_filter": lambda: session.set_filter("issue", None),
            "browse": lambda: canvas.use(Tool(canvas)),
            "box": lambda: canvas.use(BoxSelect(canvas)),
            "zoom_box": lambda: canvas.use(BoxZoom(canvas)),
            "measure": lambda: canvas.use(Measure(canvas)),
            "who": lambda: canvas.use(AskWho(canvas)),
            "zoom_in": lambda: canvas.zoom(1.5),
            "zoom_out": lambda: canvas.zoom(1 / 1.5),
            "whole": canvas.show_all,
            "show_selection": canvas.show_selection,
            "labels": self._toggle_labels,
            "map_focus": canvas.setFocus,
            "table_focus": self._to_table,
            "panel_focus": self._to_panel,
            "add_site": lambda: canvas.use(AddPoint(canvas, "site")),
            "add_issue": lambda: canvas.use(AddPoint(canvas, "issue")),
            "move": lambda: canvas.use(MovePoint(canvas)),
            "border": self._border,
            "responsibility": self._responsibility,
            "place": lambda: self._place(session.selection.layer, session.selection.ids[0]),
            "delete": self._delete,
            "check": self.coverage.open,
            "print": self.printing.open,
            "where_printed": self.printing.where,
            "inbox": self.inbox.toggle,
            "orders": self.orders.write,
            "register": self.orders.register,
            "split": self.orders.split,
            "ladder": self._ladder,
            "dashboard": self.figures.open,
            **reports(self, session),
            **self.web.work,
            "export_for": lambda: self.web.export_list(self.tables.in_front),
            "past": self.past.toggle,
            "changes": lambda: self._compare(None, None),
            "keys": lambda: show_keys(self),
            "about": lambda: show_about(self),
        }

    # --- the project

    def open(self, path: Path) -> None:
        """Open a project; a refusal stands in the bar, or on the first page where nothing is open."""
        try:
            self.session.open(path)
        except UserError as error:
            self.notice.say(error)
            self.welcome.say(error)
            return
        recent = tuple(dict.fromkeys([str(path.absolute()), *self.session.settings.recent]))[:_RECENT]
        self._keep(replace(self.session.settings, recent=recent))

    def _on_opened(self) -> None:
        project = self.session.project
        assert project is not None
        self.stack.setCurrentIndex(1)
        for dock in self.docks.values():
            dock.show()
        self.resizeDocks([self.docks["left"], self.docks["right"]], [250, 320], Qt.Orientation.Horizontal)
        self.resizeDocks([self.docks["bottom"]], [max(self.height() * 3 // 10, 190)], Qt.Orientation.Vertical)
        self.setWindowTitle(f"{project.campaign.title or project.path.stem} — {_('创文一张图')}")
        self._enable()
        self.canvas.setFocus()
        if not any(len(project.features(layer.id)) for layer in project.layers.drawn()):
            self.notice.say(UserError(_("项目还是空的。"), hint=_("先导入网格边界：文件 → 导入（Ctrl+I），或把文件拖进窗口。")))

    def _on_closed(self) -> None:
        self.stack.setCurrentIndex(0)
        for dock in self.docks.values():
            dock.hide()
        self.setWindowTitle(_("创文一张图"))
        self._enable()

    def _on_edited(self) -> None:
        self._enable()
        if isinstance(self.canvas.tool, AddPoint | MovePoint):
            self.canvas.setFocus()

    def _show_past(self, features: Mapping[str, Features]) -> None:
        self.canvas.use(Tool(self.canvas))
        self.canvas.show_instead(features)
        self._enable()

    def _compare(self, since: dt.date | None, until: dt.date | None) -> None:
        project = self.session.project
        if project is None:
            return
        if not project.steps():
            self.notice.say(UserError(_("项目里还没有改过什么，没有变化可比。")))
            return
        last = until or project.steps()[-1].at.date()
        window = ChangesWindow(self.session, since or last - dt.timedelta(days=1), last, self)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()

    def _ladder(self) -> None:
        window = LadderWindow(self.session, self)
        window.order_asked.connect(self.orders.write)
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()

    def _campaign(self) -> None:
        project = self.session.project
        if project is None:
            return
        dialog = CampaignDialog(project.campaign, limit_rules(project.files_folder).tables, choices(project.files_folder, project.campaign.checklist), self)
        if dialog.exec():
            project.store.set_campaign(dialog.chosen())
            self.setWindowTitle(f"{project.campaign.title or project.path.stem} — {_('创文一张图')}")
            self._time_changed()

    def _time_changed(self) -> None:
        """Another day, phase or calendar: all that follows from it is shown anew."""
        self.session.follow_the_clock()
        self.session.minute.ticked.emit()

    def _calendar(self) -> None:
        project = self.session.project
        if project is not None and CalendarDialog(project, self).exec():
            self._time_changed()

    def _settings(self) -> None:
        dialog = SettingsDialog(self.session.settings, self)
        if dialog.exec():
            self._keep(dialog.chosen())
            app = QApplication.instance()
            if isinstance(app, QApplication):
                theme.apply(app, self.session.settings.theme)
            if self.session.project is not None:
                self.session.project.actor = self.session.settings.who
                self.session.project.role = self.session.settings.role
            self.layers.refresh()

    def _keep(self, settings: Settings) -> None:
        self.session.settings = settings
        self.welcome.show_recent(settings)
        try:
            write_settings(settings)
        except UserError as error:
            self.notice.say(error)
        self.settled.emit(settings)

    # --- files out and in

    def import_file(self, path: Path | None) -> None:
        """Open the import dialog, with a file where there is one."""
        self.import_files([] if path is None else [path])

    def import_files(self, paths: Sequence[Path]) -> None:
        """Open the import dialog with some files in its queue."""
        if self.session.project is None:
            return
        dialog = ImportDialog(self.session, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.take_all(paths)

    def show_place(self, layer: str, row_id: str) -> None:
        """Select a feature and show it on the map."""
        self.session.selection.set(layer, [row_id], self)
        self.session.zoom_to(self.session.selection.features())
        self.raise_()
        self.activateWindow()
        self.canvas.setFocus()

    # --- objects

    def _add(self, layer_id: str, at: BaseGeometry) -> None:
        project = self.session.project
        if project is None:
            return
        layer = project.layers[layer_id]
        dialog = AddDialog(project, layer, at, self)
        if dialog.exec() and dialog.edit is not None:
            row_id = dialog.edit.changes[0].id
            self.session.owners.add(dialog.edit, self, lambda: self.session.selection.set(layer_id, [row_id], self))

    def _responsibility(self) -> None:
        try:
            window = ResponsibilityWindow(self.session, self.canvas, self)
        except UserError as error:
            self.notice.say(error)
            return
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()

    def _border(self) -> None:
        try:
            self.canvas.use(MoveBorder(self.canvas))
        except UserError as error:
            self.notice.say(error)
        self.canvas.setFocus()

    def _place(self, layer: str, row_id: str) -> None:
        self.canvas.use(PlaceFeature(self.canvas, layer, row_id))
        self.canvas.setFocus()

    def _delete(self) -> None:
        features = self.session.selection.features()
        project = self.session.project
        if not features or project is None:
            return
        layer = project.layers[self.session.selection.layer]
        try:
            edit = edits.remove(layer, features)
        except RuleBroken as broken:
            self.notice.say(broken)
            return
        question = _("删除{what}？按 Ctrl+Z 可以恢复。").format(what=edits.described(layer, features))
        if QMessageBox.question(self, _("删除"), question) == QMessageBox.StandardButton.Yes:
            self.session.commit(edit, self)

    def _toggle_labels(self) -> None:
        project = self.session.project
        if project is None:
            return
        self.canvas.unlabelled = set() if self.canvas.unlabelled else {layer.id for layer in project.layers.drawn()}
        self.canvas.redraw()

    def _find(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _to_table(self) -> None:
        page = self.tables.currentWidget()
        if page is not None:
            getattr(page, "view", page).setFocus()

    def _to_panel(self) -> None:
        form = self.panel.forms.get(self.session.selection.layer)
        (next(iter(form.editors.values())).input if form is not None else self.panel).setFocus()

    # --- keeping up

    def _enable(self) -> None:
        project = self.session.project
        chosen = self.session.selection
        point = project is not None and len(chosen.ids) == 1 and project.layers[chosen.layer].geometry == "point"
        there = {"": True, "project": project is not None, "selection": bool(chosen.ids), "point": point}
        for command in COMMANDS:
            self.actions_by_id[command.id].setEnabled(there[command.needs] and not (command.writes and self.past.isVisible()))
        if project is None:
            return
        for name, step, word in (
            ("undo", project.undo_step(project.actor), _("撤销：{label}")),
            ("redo", project.redo_step(project.actor), _("重做：{label}")),
        ):
            action = self.actions_by_id[name]
            action.setEnabled(step is not None)
            plain = next(command.title for command in COMMANDS if command.id == name)
            action.setText(word.format(label=step.label) if step is not None else plain)
            action.setToolTip(f"{action.text()}（{action.shortcut().toString()}）")

    def _on_tool(self, tool: Tool) -> None:
        for command in COMMANDS:
            if command.tool:
                self.actions_by_id[command.id].setChecked(command.id == tool.id)

    # --- the window itself

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        kept = QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "chuangwen", "window").value("geometry")
        if kept is not None and not self.property("placed"):
            self.restoreGeometry(kept)
        self.setProperty("placed", True)
        QTimer.singleShot(0, self.canvas.redraw)

    def closeEvent(self, event: QCloseEvent) -> None:
        QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "chuangwen", "window").setValue("geometry", self.saveGeometry())
        self.printing.close()
        self.figures.close()
        self.session.close()
        self.session.jobs.shutdown()
        event.accept()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            return
        if self.session.project is None:
            self.open(paths[0])
        else:
            self.import_files(paths)
