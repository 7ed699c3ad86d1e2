"""文书台账: every document with its state and whom it has reached; receipts, 作废, the file, the issues on the map (SR-02, SR-58, SR-59)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QLineEdit, QTreeWidgetItem, QVBoxLayout, QWidget

from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.orders import day_words, issue_codes
from chuangwen.domain.reach import Reach, received
from chuangwen.domain.values import plain
from chuangwen.errors import UserError
from chuangwen.services.order_issuing import file_of, void_order
from chuangwen.services.order_returns import reach_of, receive, write_call_list
from chuangwen.text import _
from chuangwen.ui import theme
from chuangwen.ui.orders.noting import ReceiptDialog, VoidDialog
from chuangwen.ui.parts import RIGHT, button, fit_to_screen, flat_list, say_when_empty, sentence, words
from chuangwen.ui.session import Session

_ID = Qt.ItemDataRole.UserRole
_WIDTHS = (0, 100, 190, 60, 125, 130, 70)
_UNREACHED = 8
"""Targets named in the line below the list; the tip has them all."""


class RegisterWindow(QDialog):
    """Newest first. The line below says who has not received the order that is chosen."""

    def __init__(self, session: Session, code: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("文书台账"))
        fit_to_screen(self, 1060, 580)
        self.search = QLineEdit(placeholderText=_("文号、单位、问题编号或会议"))
        self.search.setText(code)
        self.search.setClearButtonEnabled(True)
        self.kind = QComboBox()
        self.kind.addItem(_("全部文种"), "")
        self.state = QComboBox()
        self.state.addItem(_("全部状态"), "")
        project = session.project
        assert project is not None
        for box, name in ((self.kind, "kind"), (self.state, "status")):
            for choice in project.layers["order"].field(name).choices:
                box.addItem(choice.title, choice.value)
        titles = (_("文号"), _("文种"), _("主送单位"), _("问题"), _("印发"), _("期限"), _("状态"), _("送达"))
        self.list = flat_list(titles, _WIDTHS, stretched=7, numbers=(3,))
        say_when_empty(self.list, _("没有符合条件的文书。"))
        self.count = words("", "dim", wrap=False)
        self.said = words("", "dim")
        self.refused = words("", "reason")
        self.refused.hide()
        self.receive = button(_("签收…"), "main")
        self.file = button(_("打开文件"))
        self.map = button(_("在地图上看"))
        self.void = button(_("作废…"))
        self.calls = button(_("未签收名单…"))
        self._place_parts()
        self.search.textChanged.connect(self.refresh)
        self.kind.currentIndexChanged.connect(lambda _number: self.refresh())
        self.state.currentIndexChanged.connect(lambda _number: self.refresh())
        self.list.currentItemChanged.connect(lambda _item, _old: self._on_chosen())
        self.list.itemDoubleClicked.connect(lambda _item, _column: self._open())
        self.receive.clicked.connect(self._receive)
        self.void.clicked.connect(self._void)
        self.file.clicked.connect(self._open)
        self.map.clicked.connect(self._show)
        self.calls.clicked.connect(self._save_calls)
        session.changed.connect(self._on_changed)
        session.closing.connect(self.close)
        self.refresh()

    def _place_parts(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.search, 1)
        top.addWidget(self.kind)
        top.addWidget(self.state)
        top.addSpacing(8)
        top.addWidget(self.count)
        foot = QHBoxLayout()
        foot.addWidget(self.said, 1)
        for one in (self.map, self.file, self.calls, self.void, self.receive):
            foot.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(9)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        column.addWidget(self.refused)
        column.addLayout(foot)

    def refresh(self) -> None:
        """Show the register as it is now."""
        project = self._session.project
        if project is None:
            return
        chosen = self._chosen_id()
        layer = project.layers["order"]
        dim = QColor(theme.colours(dark=theme.is_dark(self._session.settings.theme))["dim"])
        kind, state, wanted = self.kind.currentData(), self.state.currentData(), self.search.text().strip()
        self.list.clear()
        got = received(project.features("receipt"))
        whole = 0
        for order in reversed(list(project.features("order"))):
            whole += 1
            if (kind and order.get("kind") != kind) or (state and order.get("status") != state) or not _matches(order, wanted):
                continue
            reached = reach_of(project, order, got)
            item = QTreeWidgetItem(
                [
                    order.code,
                    layer.field("kind").show(order.get("kind")),
                    plain(order.get("unit")) or _("各责任单位"),
                    str(len(issue_codes(order)) or ""),
                    plain(order.get("issued_at")),
                    _due(order),
                    layer.field("status").show(order.get("status")),
                    _reached(order, reached),
                ]
            )
            item.setData(0, _ID, order.id)
            item.setTextAlignment(3, RIGHT)
            if order.get("status") == "void":
                for column in range(8):
                    item.setForeground(column, dim)
                item.setToolTip(6, plain(order.get("void_reason")))
            self.list.addTopLevelItem(item)
            if order.id == chosen:
                self.list.setCurrentItem(item)
        if self.list.currentItem() is None and self.list.topLevelItemCount():
            self.list.setCurrentItem(self.list.topLevelItem(0))
        shown = self.list.topLevelItemCount()
        self.count.setText(_("{shown} / {whole} 份").format(shown=shown, whole=whole))
        self._on_chosen()

    def _chosen_id(self) -> str:
        item = self.list.currentItem()
        return str(item.data(0, _ID)) if item is not None else ""

    def _chosen(self) -> Feature | None:
        project = self._session.project
        return project.features("order").feature(self._chosen_id()) if project is not None else None

    def _on_chosen(self) -> None:
        project, order = self._session.project, self._chosen()
        self._refuse("")
        put_out = order is not None and order.get("status") in ("printed", "sent", "received")
        self.receive.setEnabled(put_out)
        self.void.setEnabled(order is not None and order.get("status") != "void")
        self.file.setEnabled(order is not None and bool(order.get("path")))
        self.map.setEnabled(order is not None and bool(order.get("issues")))
        self.said.setToolTip("")
        self.calls.setEnabled(False)
        if order is None or project is None:
            empty = _("还没有文书。用“督办 → 开单…”把问题交办出去。") if not self.list.topLevelItemCount() and not self.search.text() else ""
            self.said.setText(empty)
            return
        if order.get("status") == "void":
            self.said.setText(_("已作废：{reason}").format(reason=plain(order.get("void_reason"))))
            return
        reached = reach_of(project, order)
        self.receive.setEnabled(put_out and bool(reached.unreached))
        self.calls.setEnabled(put_out and bool(reached.unreached))
        names = [f"{one.code} {one.name}" if one.layer != "unit" else one.name for one in reached.unreached]
        late = _("，其中 {count} 个迟于 {due}").format(count=len(reached.late), due=_due(order)) if reached.late else ""
        got = _("{got}/{all} 已签收{late}。").format(got=len(reached.received), all=len(reached.targets), late=late)
        more = _(" 等 {count} 个").format(count=len(names)) if len(names) > _UNREACHED else ""
        self.said.setText(got + (_("未签收：{names}{more}").format(names="、".join(names[:_UNREACHED]), more=more) if names else ""))
        self.said.setToolTip("\n".join(names[:100]))

    def _receive(self) -> None:
        project, order = self._session.project, self._chosen()
        if project is None or order is None:
            return
        dialog = ReceiptDialog(order, reach_of(project, order).unreached, project.campaign.now, self)
        if dialog.exec():
            self._commit(lambda: receive(project, order.code, dialog.receipt()))

    def _void(self) -> None:
        project, order = self._session.project, self._chosen()
        if project is None or order is None:
            return
        dialog = VoidDialog(order, self)
        if dialog.exec():
            self._commit(lambda: void_order(project, order.code, dialog.reason.text()))

    def _save_calls(self) -> None:
        project, order = self._session.project, self._chosen()
        if project is None or order is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, _("未签收名单"), _("未签收名单.xlsx"), _("Excel 表格 (*.xlsx)"))
        if not name:
            return
        try:
            write_call_list(project, order, Path(name))
        except UserError as error:
            self._refuse(sentence(error))

    def _commit(self, make: Callable[[], Edit]) -> None:
        try:
            edit = make()
        except UserError as error:
            self._refuse(sentence(error))
            return
        self._session.commit(edit, self, failed=lambda error: self._refuse(sentence(error)))

    def _refuse(self, reason: str) -> None:
        self.refused.setText(reason)
        self.refused.setVisible(bool(reason))

    def _open(self) -> None:
        project, order = self._session.project, self._chosen()
        path = file_of(project, order) if project is not None and order is not None else None
        if path is None:
            return
        if not path.exists():
            self._refuse(_("文件不在了：{path}。").format(path=path))
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _show(self) -> None:
        project, order = self._session.project, self._chosen()
        if project is None or order is None:
            return
        found = [one for one in map(project.features("issue").coded, issue_codes(order)) if one is not None]
        self._session.selection.set("issue", [one.id for one in found], self)
        self._session.zoom_to(found)

    def _on_changed(self, touched: dict[str, Sequence[str]], _source: object) -> None:
        if {"order", "receipt", "zone", "site", "post"} & touched.keys():
            self.refresh()


def _matches(order: Feature, wanted: str) -> bool:
    return not wanted or any(wanted in plain(order.get(name)) for name in ("code", "unit", "issues", "source_meeting", "name"))


def _due(order: Feature) -> str:
    day = order.get("due_at")
    return day_words(day, plain(order.get("due_time"))) if isinstance(day, dt.date) else ""


def _reached(order: Feature, reached: Reach) -> str:
    if order.get("status") in ("void", "draft") or not reached.targets:
        return "—"
    late = _("，迟 {count}").format(count=len(reached.late)) if reached.late else ""
    return _("{got}/{all}（{rate}）{late}").format(got=len(reached.received), all=len(reached.targets), rate=reached.rate, late=late)
