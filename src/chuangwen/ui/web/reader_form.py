"""For whom a page is and about what: the reader with a sentence, the subject, and what that reader's page needs besides."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QCompleter,
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.audience import Audience
from chuangwen.errors import UserError
from chuangwen.services.project import Project
from chuangwen.services.web_map import WebOptions, expiry
from chuangwen.services.web_subject import KINDS, Subject, kinds_for, subject_of, subjects
from chuangwen.text import _
from chuangwen.ui.parts import button, card, words

_USUAL_DAYS = 30
"""Where the reader's page is good for ever and the user wants an end."""
EACH = "each:"
"""Before the layer in the data of a choice: one file for each of its features."""
_KINDS = {"unit": _("单位"), "zone": _("网格"), "section": _("路段")}


class ReaderForm(QWidget):
    """`changed` when another reader or subject was chosen. A choice that cannot be used is said by `subject` and `options` when they are asked.

    `pages`: it asks for web pages; else for a list, which has no password, no end, no base map and is one file.
    """

    changed = Signal()

    def __init__(self, project: Project, known: dict[str, Audience], chosen: tuple[str, str], *, pages: bool = True) -> None:
        super().__init__()
        self._pages = pages
        self._project = project
        self._known = known
        self._chosen = chosen  # layer and code of what is selected on the map
        self.readers: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(6)
        for name, one in known.items():
            made = button(one.title)
            made.setCheckable(True)
            made.setMinimumWidth(84)
            made.clicked.connect(lambda _on=False, name=name: self.choose(name))
            self._group.addButton(made)
            self.readers[name] = made
            row.addWidget(made)
        row.addStretch(1)
        frame, inside = card()
        self.says = words("", "")
        self.sees = words("", "dim")
        inside.addWidget(self.says)
        inside.addWidget(self.sees)
        self.about = QComboBox()
        self.about.currentIndexChanged.connect(lambda _at: self._show_subjects())
        self.which = QComboBox()
        self.which.setEditable(True)
        self.which.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.which.setMinimumContentsLength(24)
        self.which.currentTextChanged.connect(lambda _text: self.changed.emit())
        self.masked = QCheckBox(_("遮盖电话中间四位（138****0000）"))
        self.receiver = QLineEdit(placeholderText=_("写在水印里；不填则是单位、网格或路段的名称"))
        self.password = QLineEdit(placeholderText=_("不填则不加密"))
        self.own_passwords = QCheckBox(_("每个文件一个密码，写在网页清单里"))
        self.own_passwords.toggled.connect(self.password.setDisabled)
        self.expires = QCheckBox(_("有效期至"))
        self.until = QDateEdit()
        self.until.setCalendarPopup(True)
        self.until.setDisplayFormat("yyyy-MM-dd")
        self.expires.toggled.connect(self.until.setEnabled)
        self.base_map = QLineEdit(placeholderText=_("不填则不联网；填瓦片地址，含 {z}、{x}、{y}，如天地图"))
        self.review = QLineEdit(placeholderText=_("如：赣S（2024）001号"))
        self.consent = QCheckBox(_("我确认可以公开，并记入修改经过"))
        self.rows = QFormLayout()
        self.rows.setHorizontalSpacing(12)
        self.rows.setVerticalSpacing(8)
        self.rows.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        self.rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self.rows.addRow(_("内容"), _beside(self.about, self.which))
        self.rows.addRow("", self.masked)
        self.rows.addRow(_("接收人"), self.receiver)
        locks, ends = _beside(self.password, self.own_passwords), _beside(self.expires, self.until, stretch=True)
        self.rows.addRow(_("密码"), locks)
        self.rows.addRow(_("期限"), ends)
        self.rows.addRow(_("在线底图"), self.base_map)
        for row_of_pages in (locks, ends, self.base_map):
            self.rows.setRowVisible(row_of_pages, pages)
        self.rows.addRow(_("审图号"), self.review)
        self.rows.addRow("", self.consent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(row)
        column.addWidget(frame)
        column.addLayout(self.rows)
        self.choose(next(iter(known)))

    @property
    def audience(self) -> Audience:
        """The chosen reader."""
        return next(self._known[name] for name, one in self.readers.items() if one.isChecked())

    @property
    def packets(self) -> str:
        """The layer of which each feature gets a file; '' for one file."""
        data = str(self.about.currentData() or "")
        return data.removeprefix(EACH) if data.startswith(EACH) else ""

    @property
    def subject(self) -> Subject:
        """What the one page is about. Raises `UserError` where nothing that there is was chosen."""
        layer = str(self.about.currentData() or "")
        if not layer:
            return subject_of(self._project, self.audience, {})
        at = self.which.findText(self.which.currentText().strip(), Qt.MatchFlag.MatchFixedString)
        if at < 0 and not self.which.currentText().strip():
            raise UserError(_("请选一个{kind}。").format(kind=_KINDS[layer]))
        word = str(self.which.itemData(at)) if at >= 0 else self.which.currentText()
        return subject_of(self._project, self.audience, {layer: word})

    @property
    def options(self) -> WebOptions:
        """What was said of the page."""
        audience = self.audience
        date = self.until.date()
        return WebOptions(
            masked=self.masked.isChecked() and not audience.masks,
            password="" if self.packets and self.own_passwords.isChecked() else self.password.text(),
            review_number=self.review.text() if audience.needs_review_number else "",
            until=dt.date(date.year(), date.month(), date.day()) if self._pages and self.expires.isChecked() else None,
            consent=audience.needs_consent and self.consent.isChecked(),
            receiver=self.receiver.text(),
            base_map=self.base_map.text(),
        )

    def choose(self, name: str) -> None:
        """Take a reader; what it does not need is not shown."""
        self.readers[name].setChecked(True)
        audience = self._known[name]
        self.says.setText(audience.says)
        layers = [
            layer.title
            for layer in self._project.layers.values()
            if layer.has_geometry and layer.id not in audience.context and audience.share(layer) is not None
        ]
        shown = _("全部图层") if audience.all_layers else "、".join(layers)
        fields = _("姓名和电话在内") if audience.persons else _("没有姓名和电话")
        self.sees.setText(_("图层：{layers}。{fields}。").format(layers=shown, fields=fields))
        self.masked.setChecked(audience.masks)
        self.masked.setEnabled(not audience.masks)
        today = self._project.campaign.today
        until = expiry(audience, WebOptions(), today) or dt.date.today() + dt.timedelta(days=_USUAL_DAYS)
        self.expires.setChecked(bool(audience.days))
        self.until.setDate(QDate(until.year, until.month, until.day))
        self.until.setEnabled(bool(audience.days))
        self.rows.setRowVisible(self.review, audience.needs_review_number)
        self.rows.setRowVisible(self.consent, audience.needs_consent)
        self._show_kinds(audience)
        self.changed.emit()

    def _show_kinds(self, audience: Audience) -> None:
        kinds = kinds_for(audience)
        self.about.blockSignals(True)
        self.about.clear()
        if not audience.subject:
            self.about.addItem(_("全部"), "")
        for kind in KINDS:
            if kind in kinds:
                self.about.addItem(_("一个{kind}").format(kind=_KINDS[kind]), kind)
        for kind in KINDS:
            if kind in kinds and self._pages:
                self.about.addItem(_("每个{kind}一个文件").format(kind=_KINDS[kind]), EACH + kind)
        selected = self.about.findData(self._chosen[0]) if self._chosen[0] and audience.subject else -1
        self.about.setCurrentIndex(max(selected, 0))
        self.about.blockSignals(False)
        self._show_subjects()

    def _show_subjects(self) -> None:
        data = str(self.about.currentData() or "")
        one = data if data in KINDS else ""
        self.which.setVisible(bool(one))
        self.own_passwords.setVisible(bool(self.packets))
        self.rows.setRowVisible(
            self.receiver, self._pages and not self.packets and any("{receiver}" in text for text in (*self.audience.notes, self.audience.watermark))
        )
        self.password.setDisabled(bool(self.packets) and self.own_passwords.isChecked())
        if one:
            self.which.blockSignals(True)
            self.which.clear()
            for subject in subjects(self._project, one):
                self.which.addItem(f"{subject.code} {subject.title}".strip(), subject.code or subject.title)
            chosen = self.which.findData(self._chosen[1]) if self._chosen[0] == one else -1
            self.which.setCurrentIndex(max(chosen, 0))
            completer = QCompleter(self.which.model(), self.which)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            self.which.setCompleter(completer)
            self.which.blockSignals(False)
        self.changed.emit()


def _beside(*widgets: QWidget, stretch: bool = False) -> QWidget:
    whole = QWidget()
    row = QHBoxLayout(whole)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    for number, one in enumerate(widgets):
        row.addWidget(one, 0 if stretch or number != 0 else 1)
    if stretch:
        row.addStretch(1)
    return whole
