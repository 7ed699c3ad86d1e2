"""The ways to web maps of a main window: write pages for readers, look at what a patrol sent back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from chuangwen.errors import UserError
from chuangwen.text import _
from chuangwen.ui.session import Session
from chuangwen.ui.web.export_dialog import ExportDialog
from chuangwen.ui.web.return_dialog import ReturnDialog


class WebDoor:
    """Each window is opened anew and lets the map be used beside it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session = session
        self._parent = parent

    @property
    def work(self) -> dict[str, Callable[[], object]]:
        """Command → what it does."""
        return {"web": self.export, "web_return": self.take_back}

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
