"""What is noted of an order that went out: who received it; that it is void, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.reach import Target
from chuangwen.domain.values import parse
from chuangwen.errors import DataProblem
from chuangwen.services.order_returns import Receipt
from chuangwen.text import _
from chuangwen.ui.parts import words
from chuangwen.ui.small_dialogs import FormDialog

_METHODS = {"paper": _("纸质"), "wechat": _("微信"), "phone": _("电话"), "oa": _("办公系统")}


class ReceiptDialog(FormDialog):
    """Who, when, how, until when they promise to be done."""

    def __init__(self, order: Feature, targets: Sequence[Target], now: dt.datetime, parent: QWidget | None = None) -> None:
        super().__init__(_("签收 {code}").format(code=order.code), parent, 420)
        self.target = QComboBox()
        for one in targets:
            self.target.addItem(one.name if one.layer == "unit" else f"{one.code} {one.name}", one)
        self.who = QLineEdit()
        self.at = QLineEdit(f"{now:%Y-%m-%d %H:%M}")
        self.method = QComboBox()
        for value, title in _METHODS.items():
            self.method.addItem(title, value)
        self.promised = QLineEdit(placeholderText=_("例如：2024-06-05，可不填"))
        self.rows.addRow(_("接收单位"), self.target)
        self.rows.addRow(_("接收人"), self.who)
        self.rows.addRow(_("接收时间"), self.at)
        self.rows.addRow(_("接收方式"), self.method)
        self.rows.addRow(_("承诺完成时间"), self.promised)
        self.who.setFocus()

    def accept(self) -> None:
        """Only with a name and dates that are some."""
        if not self.who.text().strip():
            self.refuse(_("请填写接收人。"))
            return
        try:
            self.receipt()
        except DataProblem as problem:
            self.refuse(str(problem))
        else:
            super().accept()

    def receipt(self) -> Receipt:
        """What was filled in. Raises `DataProblem` for a date that is none."""
        at, promised, target = parse(self.at.text(), "datetime"), parse(self.promised.text(), "date"), self.target.currentData()
        place = (target.layer, target.code) if target is not None and target.layer != "unit" else None
        return Receipt(
            self.who.text().strip(),
            at if isinstance(at, dt.datetime) else None,
            self.method.currentData(),
            promised if isinstance(promised, dt.date) else None,
            place,
        )


class VoidDialog(FormDialog):
    """Why a document is void. Its number stays used."""

    def __init__(self, order: Feature, parent: QWidget | None = None) -> None:
        super().__init__(_("作废 {code}").format(code=order.code), parent, 420)
        self.reason = QLineEdit(placeholderText=_("例如：主送单位写错"))
        self.rows.addRow("", words(_("文号保留，不再使用。还没有签收的问题退回交办以前。"), "dim"))
        self.rows.addRow(_("原因"), self.reason)
        self.ok.setText(_("作废"))
        self.reason.setFocus()

    def accept(self) -> None:
        """Only with a reason."""
        if self.reason.text().strip():
            super().accept()
        else:
            self.refuse(_("请写明原因。"))
