"""The ways to documents of a main window: write orders, look at the register, split the list by unit."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from chuangwen.domain.feature import Features
from chuangwen.errors import UserError
from chuangwen.services.project import Project
from chuangwen.services.unit_lists import export_split
from chuangwen.text import _
from chuangwen.ui.orders.register import RegisterWindow
from chuangwen.ui.orders.writing import OrderWindow
from chuangwen.ui.session import Session

_Window = TypeVar("_Window", bound=QDialog)


class OrderDoor:
    """Each window is opened anew and lets the map be used beside it."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session = session
        self._parent = parent

    def write(self, kind: str = "work", codes: Sequence[str] = (), due: str = "") -> OrderWindow | None:
        """开单 for the issues `codes`, the selection, or what is due; `due`: one deadline for all, in words. A faulty template is said in the message bar."""
        if self._session.project is None:
            return None
        try:
            window = OrderWindow(self._session, kind, codes, self._parent)
        except UserError as error:
            self._session.noticed.emit(error)
            return None
        window.form.due.setText(due)
        return self._shown(window)

    def register(self, code: str = "") -> RegisterWindow | None:
        """The register, at one order where one is named."""
        return None if self._session.project is None else self._shown(RegisterWindow(self._session, code, self._parent))

    def split(self) -> None:
        """Ask for a folder and write the list of issues, as it is filtered, into one workbook for each unit."""
        project = self._session.project
        if project is None:
            return
        name = QFileDialog.getExistingDirectory(self._parent, _("各单位的问题清单写到哪个文件夹"), str(project.path.parent))
        if name:
            self.split_to(Path(name))

    def split_to(self, folder: Path) -> None:
        """Write them off the GUI thread."""
        project = self._session.project
        mask = self._session.mask("issue")
        if project is None:
            return
        codes = None if mask is None else {str(code) for code in project.features("issue").take(mask).column("code")}

        def said(count: int) -> None:
            self._session.noticed.emit(_("已按单位写出 {count} 份问题清单，在 {folder}。").format(count=count, folder=folder))

        self._session.run(lambda own, progress: len(export_split(own, _of(own, codes), folder, progress)), said)

    def _shown(self, window: _Window) -> _Window:
        window.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        window.show()
        return window


def _of(project: Project, codes: set[str] | None) -> Features:
    """The issues of these codes, all for None."""
    issues = project.features("issue")
    return issues if codes is None else issues.take([at for at, code in enumerate(issues.column("code")) if code in codes])
