"""Where a project comes from: a new one, a file, the demo."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from chuangwen.errors import UserError
from chuangwen.services.create import create_project
from chuangwen.services.demo import make_demo
from chuangwen.text import _
from chuangwen.ui.session import Session
from chuangwen.ui.small_dialogs import NewProjectDialog


class Beginning(QObject):
    """`chosen`: a file to open; `said`: a sentence or a `UserError` for whoever shows them."""

    chosen = Signal(object)
    said = Signal(object)

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window

    @property
    def work(self) -> dict[str, Callable[[], object]]:
        """What the commands new, open and demo do."""
        return {"new": self.new, "open": self.choose, "demo": self.demo}

    def new(self) -> None:
        """Ask for title, folder and CRS, and make the file."""
        dialog = NewProjectDialog(Path.home(), self._window)
        if not dialog.exec():
            return
        path, title, crs, arrival = dialog.chosen()
        try:
            create_project(path, title, crs, arrival, self._session.settings.who).close()
        except UserError as error:
            self.said.emit(error)
            return
        self.chosen.emit(path)

    def choose(self) -> None:
        """Ask for a file."""
        name, _kind = QFileDialog.getOpenFileName(self._window, _("打开项目"), "", _("项目 (*.gpkg)"))
        if name:
            self.chosen.emit(Path(name))

    def demo(self) -> None:
        """The demo of this user; made the first time."""
        folder = Path.home() / _("创文示范")
        target = folder / "demo.gpkg"
        if target.exists():
            self.chosen.emit(target)
            return
        self.said.emit(_("正在建立示范项目，约几秒钟……"))
        actor = self._session.settings.who

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            self.said.emit(error)

        self._session.jobs.write(lambda progress: make_demo(folder, actor, progress), lambda answer: self.chosen.emit(answer[0]), failed, loud=True)
