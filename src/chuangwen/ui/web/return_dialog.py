"""收巡查回传: what a patrol ticked, as proposals with their reasons. The planner ticks and accepts; nothing happens by itself."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from chuangwen.domain.values import plain
from chuangwen.errors import UserError
from chuangwen.exchange.web.returned import Returned
from chuangwen.services.web_returns import RESULTS, Proposal, accepted, read_return
from chuangwen.text import _
from chuangwen.ui.parts import button, flat_list, say_at, sentence, words
from chuangwen.ui.session import Session

_ENTRY = Qt.ItemDataRole.UserRole


class ReturnDialog(QDialog):
    """One returned file. What was accepted is listed as taken after the next look; a file that cannot be read is said in the window."""

    def __init__(self, session: Session, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._path = path
        self._returned: Returned | None = None
        self._taken = 0
        self.setWindowTitle(_("收巡查回传"))
        self.resize(980, 560)
        self.head = words(path.name)
        self.list = flat_list([_("编号"), _("内容"), _("巡查人勾选"), _("提议"), _("原因")], (150, 200, 90, 190, 0), 4)
        self.detail = words("", "dim")
        self.detail.setMinimumHeight(54)
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.said = words("", "dim")
        self.all = button(_("全选"))
        self.none = button(_("全不选"))
        self.close_button = button(_("关闭"))
        self.accept_button = button(_("采纳所选"), "main")
        row = QHBoxLayout()
        for made in (self.all, self.none):
            row.addWidget(made)
        row.addWidget(self.said, 1)
        for made in (self.close_button, self.accept_button):
            row.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.head)
        column.addWidget(self.list, 1)
        column.addWidget(self.detail)
        column.addLayout(row)
        self.all.clicked.connect(lambda: self._tick(on=True))
        self.none.clicked.connect(lambda: self._tick(on=False))
        self.close_button.clicked.connect(self.close)
        self.accept_button.clicked.connect(self.take)
        self.list.currentItemChanged.connect(lambda item, _old: self._show(item))
        self.list.itemChanged.connect(lambda _item, _column: self._enable())
        session.changed.connect(self._on_changed)  # a method: a closed window is let go of by itself
        session.closed.connect(self.close)
        self.refresh()

    def refresh(self) -> None:
        """Read the file anew against the project as it is now."""
        self._enable()
        self._session.ask("patrol-return", lambda own, _progress: read_return(own, self._path), self._heard, self._failed)

    def items(self) -> list[QTreeWidgetItem]:
        """The lines of the list."""
        found = (self.list.topLevelItem(number) for number in range(self.list.topLevelItemCount()))
        return [item for item in found if item is not None]

    def chosen(self) -> list[Proposal]:
        """The ticked proposals."""
        return [item.data(0, _ENTRY) for item in self.items() if item.checkState(0) == Qt.CheckState.Checked]

    def take(self) -> None:
        """Accept what is ticked, as one step."""
        project = self._session.project
        if project is None or self._returned is None:
            return
        try:
            edit = accepted(project, self._returned, self.chosen())
        except UserError as error:
            self._failed(error)
            return
        self._taken = len(self.chosen())
        self._session.commit(edit, self, self._on_taken, self._failed)

    def _on_changed(self, _touched: object, _source: object) -> None:
        self.refresh()

    def _on_taken(self) -> None:
        say_at(self.said, _("已采纳 {count} 条，按 Ctrl+Z 可以整步撤销。").format(count=self._taken))

    def _failed(self, error: UserError) -> None:
        say_at(self.said, sentence(error), "reason")

    def _heard(self, found: tuple[Returned, list[Proposal]]) -> None:
        returned, proposals = found
        self._returned = returned
        parts = [returned.subject, returned.patroller, _("保存于 {at:%Y-%m-%d %H:%M}").format(at=returned.saved_at)]
        parts += [_("网页数据截止 {at:%Y-%m-%d %H:%M}").format(at=returned.data_time), _("勾选 {count} 条").format(count=len(returned.entries))]
        self.head.setText("　".join(part for part in parts if part))
        self.list.blockSignals(True)
        self.list.clear()
        for one in proposals:
            self._add(one)
        self.list.blockSignals(False)
        self._enable()
        first = self.list.topLevelItem(0)
        self.detail.setText(_("点一行，地图上看它在哪里。") if first is not None else _("文件里没有勾选。"))

    def _add(self, one: Proposal) -> None:
        name = one.feature.name or one.code if one.feature is not None else ""
        result = RESULTS[one.entry.result] if one.entry is not None else ""
        doubt = _("（有疑问）") if one.doubts else ""
        item = QTreeWidgetItem(self.list, [one.code or "—", name, result, one.what + doubt, one.reason])
        item.setData(0, _ENTRY, one)
        for place in range(5):
            item.setToolTip(place, item.text(place))
        if one.can_accept:
            item.setCheckState(0, Qt.CheckState.Unchecked if one.doubts else Qt.CheckState.Checked)
        else:
            item.setDisabled(True)

    def _tick(self, *, on: bool) -> None:
        for item in self.items():
            if item.data(0, _ENTRY).can_accept:
                item.setCheckState(0, Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _enable(self) -> None:
        count = len(self.chosen())
        self.accept_button.setEnabled(bool(count))
        self.accept_button.setText(_("采纳所选（{count}）").format(count=count) if count else _("采纳所选"))

    def _show(self, item: QTreeWidgetItem | None) -> None:
        """What the patrol wrote, what speaks against it, and the place on the map."""
        if item is None:
            return
        one: Proposal = item.data(0, _ENTRY)
        entry = one.entry
        parts = [one.reason]
        if entry is not None:
            parts += [_("{at:%Y-%m-%d %H:%M} 勾选。").format(at=entry.at)]
            parts += [_("说明：{note}").format(note=entry.note)] if entry.note else []
            parts += [_("照片：{photo}（另发，请在属性面板里添加）").format(photo=entry.photo)] if entry.photo else []
        parts += [_("注意：{doubt}").format(doubt=doubt) for doubt in one.doubts]
        self.detail.setText("　".join(plain(part) for part in parts))
        if one.feature is not None:
            self._session.selection.set(one.feature.layer, [one.feature.id], self)
            self._session.zoom_to([one.feature])
