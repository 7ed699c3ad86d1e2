"""What an order is to be: kind, issues, deadline, meeting, and what a designation needs besides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QHBoxLayout, QLineEdit, QWidget

from chuangwen.domain.orders import KINDS, Template
from chuangwen.domain.values import LIST_MARK, Scalar, parse
from chuangwen.errors import DataProblem
from chuangwen.services.order_draft import PER_ISSUE, PER_UNIT, Request
from chuangwen.services.order_templates import Wording
from chuangwen.text import _
from chuangwen.ui.parts import restyle, words
from chuangwen.ui.session import Session
from chuangwen.ui.unit_picker import UnitPicker

SELECTED, SHOWN, DUE, PICKED = "selected", "shown", "due", "picked"


class AskingForm(QWidget):
    """`changed` after every change. `request` raises `DataProblem` for a date that is none."""

    changed = Signal()

    def __init__(self, session: Session, wording: Wording, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        project = session.project
        assert project is not None
        self._wording = wording
        self.kind = QComboBox()
        for one in KINDS:
            self.kind.addItem(wording.templates[one].title, one)
        self.kind.setCurrentIndex(KINDS.index(kind))
        self.which = QComboBox()
        self.per = QComboBox()
        self.per.addItem(_("每个单位一份"), PER_UNIT)
        self.per.addItem(_("每个问题一份"), PER_ISSUE)
        self.due = QLineEdit(placeholderText=_("各问题自己的；或 2024-06-05 18:00"))
        self.unit = UnitPicker(project.features("unit"))
        self.basis = QLineEdit(placeholderText=_("例如：没有明确划分职责"))
        self.approver = QLineEdit()
        self.meeting = QLineEdit(placeholderText=_("例如：全区创建工作推进会，可不填"))
        self.meeting_date = QLineEdit(placeholderText="2024-06-02")
        self.meeting_date.setMaximumWidth(110)
        self.copies = QLineEdit(placeholderText=_("无"))
        self.contact = QLineEdit(placeholderText=_("姓名"))
        self.phone = QLineEdit(placeholderText=_("电话"))
        self.headless = QCheckBox(_("没有登记一把手的单位也开单"))
        self.rows = QFormLayout(self)
        self.rows.setContentsMargins(16, 14, 16, 14)
        self.rows.setHorizontalSpacing(10)
        self.rows.setVerticalSpacing(8)
        self.rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.rows.addRow(_("文种"), self.kind)
        self.rows.addRow(_("问题"), self.which)
        self.rows.addRow(_("份数"), self.per)
        self.rows.addRow(_("时限"), self.due)
        self.rows.addRow(_("指定给"), self.unit)
        self.rows.addRow(_("依据"), self.basis)
        self.rows.addRow(_("批准人"), self.approver)
        self.rows.addRow(rule())
        self.rows.addRow(_("会议"), self.meeting)
        self.rows.addRow(_("会议日期"), self.meeting_date)
        self.rows.addRow(_("抄送"), self.copies)
        self.rows.addRow(_("联系人"), _side_by_side(self.contact, self.phone))
        self.rows.addRow("", self.headless)
        self.said = words("", "reason")
        self.said.hide()
        self.rows.addRow(self.said)
        self.kind.currentIndexChanged.connect(lambda _number: self._on_kind())
        for box in (self.which, self.per):
            box.currentIndexChanged.connect(lambda _number: self.changed.emit())
        for line in (self.due, self.basis, self.approver, self.meeting, self.meeting_date, self.copies, self.contact, self.phone):
            line.textChanged.connect(lambda _text: self.changed.emit())
        self.unit.picked.connect(lambda _name: self.changed.emit())
        self.headless.toggled.connect(lambda _on: self.changed.emit())
        self._on_kind()

    @property
    def template(self) -> Template:
        """The words of the chosen kind."""
        return self._wording.templates[self.kind.currentData()]

    def offer(self, choices: Sequence[tuple[str, str]], chosen: str) -> None:
        """Which issues may be taken: (what, its words)."""
        self.which.blockSignals(True)
        self.which.clear()
        for what, title in choices:
            self.which.addItem(title, what)
        self.which.setCurrentIndex(max(self.which.findData(chosen), 0))
        self.which.blockSignals(False)

    def request(self) -> Request:
        """What was filled in."""
        due, due_time = self._moment()
        kind = self.kind.currentData()
        return Request(
            kind,
            self.per.currentData(),
            self.unit.text().strip() if kind in ("designate", "cascade") else "",
            due,
            due_time,
            self.basis.text().strip(),
            self.approver.text().strip(),
            self.meeting.text().strip(),
            self._day(self.meeting_date),
            copies=tuple(part.strip() for part in self.copies.text().replace("，", LIST_MARK).split(LIST_MARK) if part.strip()),
            contact=self.contact.text().strip(),
            phone=self.phone.text().strip(),
            headless=self.headless.isChecked(),
        )

    def refuse(self, reason: str) -> None:
        """Say what is wrong, or take it back with ''."""
        self.said.setText(reason)
        self.said.setVisible(bool(reason))

    def _moment(self) -> tuple[dt.date | None, str]:
        found = self._read(self.due, "datetime")
        if not isinstance(found, dt.datetime):
            return None, ""
        return found.date(), f"{found:%H:%M}" if found.time() != dt.time() else ""

    def _day(self, line: QLineEdit) -> dt.date | None:
        found = self._read(line, "date")
        return found if isinstance(found, dt.date) else None

    def _read(self, line: QLineEdit, kind: str) -> Scalar:
        try:
            found = parse(line.text(), kind)
        except DataProblem:
            restyle(line, "wrong", value=True)
            raise
        restyle(line, "wrong", value=False)
        return found

    def _on_kind(self) -> None:
        kind, template = self.kind.currentData(), self.template
        for field, shown in (
            (self.unit, kind in ("designate", "cascade")),
            (self.basis, "basis" in template.asks),
            (self.approver, "approver" in template.asks),
            (self.which, kind != "cascade"),
            (self.per, kind != "cascade"),
        ):
            self.rows.setRowVisible(field, shown)
        self.copies.blockSignals(True)
        self.copies.setText(LIST_MARK.join(template.copies))
        self.copies.setCursorPosition(0)
        self.copies.blockSignals(False)
        self.changed.emit()


def rule(*, upright: bool = False) -> QFrame:
    """A thin line between parts of a window."""
    line = QFrame()
    line.setAutoFillBackground(True)
    line.setBackgroundRole(QPalette.ColorRole.Mid)
    line.setFixedWidth(1) if upright else line.setFixedHeight(1)
    return line


def _side_by_side(*widgets: QWidget) -> QWidget:
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    for one in widgets:
        row.addWidget(one)
    return both
