"""Takes the tool in hand, shows its card, and writes what was decided."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from chuangwen.errors import UserError
from chuangwen.services.hand_over import hand_over, statement
from chuangwen.services.statement import Statement, write
from chuangwen.services.what_if import Preview, WhatIf
from chuangwen.text import _
from chuangwen.ui.boundary.card import Card, HandOverDialog
from chuangwen.ui.boundary.tool import BoundaryTool
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.session import Session
from chuangwen.ui.tools import Tool


class BoundaryDoor:
    """One for a main window."""

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget) -> None:
        self._session, self._canvas, self._parent = session, canvas, parent
        self.card = Card(canvas)
        self.card.hide()
        self.card.confirmed.connect(self.confirm)
        self.card.given_up.connect(lambda: self.tool.give_up() if self.tool is not None else None)
        self.tool: BoundaryTool | None = None
        self.dialog: HandOverDialog | None = None
        canvas.tool_changed.connect(self._on_tool)
        session.changed.connect(self._on_changed)

    def start(self) -> None:
        """Take the tool; refused in the message bar where there are no zones."""
        project = self._session.project
        if project is None:
            return
        try:
            what_if = WhatIf(project)
        except UserError as error:
            self._session.noticed.emit(error)
            self._canvas.use(Tool(self._canvas))
            return
        self.tool = BoundaryTool(self._canvas, what_if, self._tell, self.confirm)
        self._canvas.use(self.tool)
        self._tell(None)

    def confirm(self) -> None:
        """Ask once more, with everything that is handed over."""
        if self.tool is None or not self.tool.what_if.mesh.touched:
            return
        preview = self.tool.what_if.standing()
        self.dialog = HandOverDialog(preview, self._parent)
        self.dialog.alone.clicked.connect(lambda: self._write(preview, None))
        self.dialog.with_list.clicked.connect(lambda: self._ask_where(preview))
        self.dialog.open()

    def _ask_where(self, preview: Preview) -> None:
        project = self._session.project
        if project is None:
            return
        usual = project.path.parent / _("交接清单_{day}.docx").format(day=project.campaign.today.isoformat())
        name, _kind = QFileDialog.getSaveFileName(self._parent, _("交接清单（同名的 xlsx 写在旁边）"), str(usual), _("Word 文件 (*.docx)"))
        if name:
            self._write(preview, Path(name))

    def _write(self, preview: Preview, path: Path | None) -> None:
        """One edit; the list, made before it, is written when the edit is on disk."""
        project = self._session.project
        if project is None or self.tool is None or self.dialog is None:
            return
        try:
            edit = hand_over(self.tool.what_if, preview)
            made = statement(project, project.campaign, preview, project.campaign.today) if path is not None else None
        except UserError as error:
            self.dialog.reject()
            self._session.noticed.emit(error)
            return
        self.dialog.accept()
        self._session.commit(edit, self, lambda: self._save(made, path))

    def _save(self, made: Statement | None, path: Path | None) -> None:
        if made is None or path is None:
            return
        try:
            for ending in (".docx", ".xlsx"):
                write(made, path.with_suffix(ending))
        except UserError as error:
            self._session.noticed.emit(error)
            return
        self._session.noticed.emit(_("已移交，交接清单已写入 {file} 和同名的 xlsx。").format(file=path.with_suffix(".docx")))

    def _tell(self, preview: Preview | None) -> None:
        if self.tool is not None:
            self.card.show_preview(preview, changed=bool(self.tool.what_if.mesh.touched))

    def _on_tool(self, tool: Tool) -> None:
        if tool is not self.tool:
            self.tool = None
            self.card.hide()

    def _on_changed(self, _touched: object, _source: object) -> None:
        """The data are others now: what was tried on the old ones is dropped."""
        if self.tool is not None:
            self.start()
