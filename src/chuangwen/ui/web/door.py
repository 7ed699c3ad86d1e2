"""The ways to web maps of a main window: the page beside the map, pages for readers, what a patrol sent back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDockWidget, QFileDialog, QMainWindow

from chuangwen.domain.audience import INTERNAL
from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.services.audiences import audience
from chuangwen.services.project import Project
from chuangwen.services.web_map import write_web_map
from chuangwen.text import _
from chuangwen.ui.session import Session
from chuangwen.ui.web.dock import WebDock
from chuangwen.ui.web.export_dialog import ExportDialog
from chuangwen.ui.web.list_dialog import ListDialog
from chuangwen.ui.web.return_dialog import ReturnDialog


class WebDoor:
    """Each window is opened anew and lets the map be used beside it; the page beside the map is one."""

    def __init__(self, session: Session, parent: QMainWindow, beside: QDockWidget) -> None:
        self._session = session
        self._parent = parent
        self.dock = WebDock(session, _own_page, parent, beside)
        self.dock.export_asked.connect(self.export)

    @property
    def work(self) -> dict[str, Callable[[], object]]:
        """Command → what it does."""
        return {"web_view": self.dock.open, "web": self.export, "web_return": self.take_back}

    def export(self) -> ExportDialog | None:
        """导出网页地图, about the selected zone, section or unit where one is selected. A faulty audiences.toml is said in the message bar."""
        if self._session.project is None:
            return None
        try:
            window = ExportDialog(self._session, self._parent)
        except UserError as error:
            self._session.noticed.emit(error)
            return None
        self._show(window)
        return window

    def export_list(self, layer_id: str) -> ListDialog | None:
        """导出给别人: a table as a reader may see it. A faulty audiences.toml is said in the message bar."""
        project = self._session.project
        if project is None or not layer_id:
            return None
        try:
            window = ListDialog(self._session, project.layers[layer_id], self._parent)
        except UserError as error:
            self._session.noticed.emit(error)
            return None
        self._show(window)
        return window

    def take_back(self) -> None:
        """Ask for a returned file and show what it proposes."""
        project = self._session.project
        if project is None:
            return
        kinds = _("巡查回传文件 (*.json);;所有文件 (*)")
        name, _kind = QFileDialog.getOpenFileName(self._parent, _("收巡查回传"), str(project.path.parent), kinds)
        if name:
            self.look_at(Path(name))

    def look_at(self, path: Path) -> ReturnDialog:
        """Show what a returned file proposes."""
        window = ReturnDialog(self._session, path, self._parent)
        self._show(window)
        return window

    @staticmethod
    def _show(window: QDialog) -> None:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()


def _own_page(project: Project, path: Path, progress: Progress) -> None:
    """The page of the whole project as its own office may see it."""
    write_web_map(project, path, audience(INTERNAL, project.files_folder), progress=progress)
