"""What differs between two days, as a list that leads to the map and goes out as a workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QPushButton, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from chuangwen.errors import UserError
from chuangwen.services.as_of import ADDED, REMOVED, Difference, differences, write_differences
from chuangwen.text import _
from chuangwen.ui.day_edit import DayEdit
from chuangwen.ui.parts import fit_to_screen, lay_columns
from chuangwen.ui.session import Session

_PLACE = Qt.ItemDataRole.UserRole
_SHOWN = 5_000
"""Rows put into the list; the workbook has them all."""


class ChangesWindow(QDialog):
    """Two days, the differences by layer; a click shows the feature on the map."""

    def __init__(self, session: Session, since: dt.date, until: dt.date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.found: list[Difference] = []
        self.setWindowTitle(_("两天之间的变化"))
        fit_to_screen(self, 860, 560)
        column = QVBoxLayout(self)
        top = QHBoxLayout()
        self.since, self.until = DayEdit(since), DayEdit(until)
        for one in (self.since, self.until):
            one.dateChanged.connect(lambda _day: self._load())
        top.addWidget(QLabel(_("从")))
        top.addWidget(self.since)
        top.addWidget(QLabel(_("晚上到")))
        top.addWidget(self.until)
        top.addWidget(QLabel(_("晚上")))
        top.addStretch(1)
        self.save = QPushButton(_("存为文档或表格…"))
        self.save.clicked.connect(self._save)
        top.addWidget(self.save)
        column.addLayout(top)
        self.said = QLabel(wordWrap=True)
        self.said.setProperty("dim", True)
        column.addWidget(self.said)
        self.list = QTreeWidget()
        lay_columns(self.list, (_("编号"), _("名称"), _("项目"), _("原来"), _("后来")), (150, 190, 110, 170), stretched=4)
        self.list.currentItemChanged.connect(lambda item, _old: self._show(item))
        column.addWidget(self.list, 1)
        session.closed.connect(self.close)
        self._load()

    def _days(self) -> tuple[dt.date, dt.date]:
        return self.since.day, self.until.day

    def _load(self) -> None:
        days = self._days()
        self.said.setText(_("正在比较……"))
        self._session.ask("changes", lambda own, progress: differences(own, *days, progress=progress), self._heard, self._failed)

    def _heard(self, found: list[Difference]) -> None:
        self.found = found
        self.list.clear()
        kinds = {ADDED: _("新增"), REMOVED: _("删除")}
        groups: dict[str, QTreeWidgetItem] = {}
        counts: dict[str, int] = {}
        for one in found:
            counts[one.layer.title] = counts.get(one.layer.title, 0) + 1
        for one in found[:_SHOWN]:
            title = one.layer.title
            if title not in groups:
                groups[title] = QTreeWidgetItem(self.list, [f"{title} {counts[title]}"])
                groups[title].setFirstColumnSpanned(True)
            rows = list(one.fields.items()) or [(kinds[one.kind], ("", ""))]
            for number, (field, (old, new)) in enumerate(rows):
                words = [one.feature.code, one.feature.name] if not number else ["", ""]
                item = QTreeWidgetItem(groups[title], [*words, field, old, new])
                item.setData(0, _PLACE, (one.layer.id, one.feature.id))
                for place in (1, 3, 4):
                    item.setToolTip(place, item.text(place))
        self.list.expandAll()
        more = _("，这里列出前 {shown} 个").format(shown=_SHOWN) if len(found) > _SHOWN else ""
        self.said.setText(_("{count} 个对象有变化{more}。").format(count=len(found), more=more) if found else _("两天之间没有变化。"))
        self.save.setEnabled(bool(found))

    def _failed(self, error: UserError) -> None:
        self.list.clear()
        self.save.setEnabled(False)
        self.said.setText(f"{error.message}{error.hint}")

    def _show(self, item: QTreeWidgetItem | None) -> None:
        place = item.data(0, _PLACE) if item is not None else None
        project = self._session.project
        if place is not None and project is not None and project.features(place[0]).feature(place[1]) is not None:
            self._session.selection.set(place[0], [place[1]], self)
            self._session.zoom_to(self._session.selection.features())

    def _save(self) -> None:
        since, until = self._days()
        name, _kind = QFileDialog.getSaveFileName(
            self, _("存为文档或表格"), _("变化_{since}_{until}.docx").format(since=since, until=until), "Word (*.docx);;Excel (*.xlsx)"
        )
        project = self._session.project
        if not name or project is None:
            return
        try:
            write_differences(Path(name), self.found, since, until, project.campaign)
        except UserError as error:
            self.said.setText(f"{error.message}{error.hint}")
            return
        self.said.setText(_("已写入 {file}。").format(file=name))
