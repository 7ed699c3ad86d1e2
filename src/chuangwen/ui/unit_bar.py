"""What can be done with a unit in the panel: its card, and a note of what it said (SR-03)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QFrame, QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import parse
from chuangwen.errors import DataProblem
from chuangwen.progress import Progress
from chuangwen.services.notes import KINDS, Note, noted, notes_of
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.parts import button, words
from chuangwen.ui.session import Session
from chuangwen.ui.small_dialogs import FormDialog

_SHOWN = 5


class UnitBar(QFrame):
    """Two buttons and the newest note of the selected unit. `card_asked`: the user wants the card of what is selected."""

    card_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.card = button(_("单位责任卡…"))
        self.note = button(_("记一条…"))
        self.newest = QLabel()
        self.newest.setProperty("dim", True)
        self.newest.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 12, 6)
        for widget in (self.card, self.note):
            row.addWidget(widget)
        row.addWidget(self.newest, 1)
        self.card.clicked.connect(self.card_asked)
        self.note.clicked.connect(self._write)

    def show_features(self, layer: Layer, features: Sequence[Feature]) -> None:
        """Shown for units only; notes are of one."""
        self.setVisible(layer.id == "unit")
        one = features[0] if layer.id == "unit" and len(features) == 1 else None
        self.note.setVisible(one is not None)
        found = notes_of(self._project, one) if one is not None else []
        self.newest.setText(_("记事 {count}").format(count=len(found)) if found else "")
        self.newest.setToolTip("\n".join(map(_line, found)))

    @property
    def _project(self) -> Project:
        project = self._session.project
        assert project is not None
        return project

    def _write(self) -> None:
        units = self._session.selection.features()
        if len(units) != 1 or units[0].layer != "unit":
            return
        dialog = NoteDialog(self._project, units[0], self.window())
        if dialog.exec():
            kind, day, text = dialog.chosen()
            self._session.commit(noted(self._project, units[0], kind, day, text))


class NoteDialog(FormDialog):
    """Kind, day and words of a note, under those that are there."""

    def __init__(self, project: Project, unit: Feature, parent: QWidget | None = None) -> None:
        super().__init__(_("{unit}：记一条").format(unit=unit.name), parent, 480)
        field = project.layers["note"].field("kind")
        found = notes_of(project, unit)
        for one in found[:_SHOWN]:
            self.rows.addRow(words(_line(one), "dim"))
        if len(found) > _SHOWN:
            self.rows.addRow(words(_("另有较早的 {count} 条").format(count=len(found) - _SHOWN), "dim"))
        self.kind = QComboBox()
        for value in KINDS:
            self.kind.addItem(field.show(value), value)
        self.day = QLineEdit(project.campaign.today.isoformat())
        self.text = QPlainTextEdit(placeholderText=_("例如：6月5日前主次干道问题全部见底"))
        self.text.setFixedHeight(84)
        self.text.setTabChangesFocus(True)
        self.rows.addRow(_("类别"), self.kind)
        self.rows.addRow(_("日期"), self.day)
        self.rows.addRow(_("内容"), self.text)
        self.text.setFocus()

    def accept(self) -> None:
        """Only with words and a day."""
        if not self.text.toPlainText().strip():
            self.refuse(_("请写明内容。"))
            return
        try:
            self.chosen()
        except DataProblem as problem:
            self.refuse(str(problem))
        else:
            super().accept()

    def chosen(self) -> tuple[str, dt.date, str]:
        """Kind, day, words. Raises `DataProblem` for a day that is none."""
        day = parse(self.day.text(), "date")
        if not isinstance(day, dt.date):
            raise DataProblem(_("日期请写成 2024-06-24 的样子。"))
        return self.kind.currentData(), day, self.text.toPlainText().strip()


class CardDialog(FormDialog):
    """Whose cards, and for whom. `chosen` gives ids of units."""

    def __init__(self, project: Project, selected: Sequence[Feature], parent: QWidget | None = None) -> None:
        super().__init__(_("单位责任卡"), parent)
        units = project.features("unit")
        self.units = QComboBox()
        if len(selected) > 1:
            self.units.addItem(_("选中的 {count} 个单位").format(count=len(selected)), tuple(one.id for one in selected))
        self.units.addItem(_("全部单位（{count} 个）").format(count=len(units)), tuple(units.ids))
        for row_id, name in zip(units.ids, units.column("name"), strict=True):
            self.units.addItem(str(name), (row_id,))
        self.units.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        if len(selected) == 1:
            self.units.setCurrentIndex(1 + units.index[selected[0].id])
        self.without_persons = QCheckBox(_("不印单位名录里的人名和手机"))
        self.rows.addRow(_("哪些单位"), self.units)
        self.rows.addRow("", self.without_persons)
        self.rows.addRow("", words(_("每个单位一页 A4，存成 Word 文档。"), "dim"))

    def chosen(self) -> tuple[tuple[str, ...], bool]:
        """Ids of the units, and whether the cards name persons."""
        return self.units.currentData(), not self.without_persons.isChecked()


def write_unit_cards(parent: QWidget, session: Session) -> None:
    """Ask whose cards and where to, and write them off the GUI thread."""
    project = session.project
    if project is None:
        return
    selected = session.selection.features() if session.selection.layer == "unit" else []
    dialog = CardDialog(project, selected, parent)
    if not dialog.exec():
        return
    ids, persons = dialog.chosen()
    called = project.features("unit").column("name")[project.features("unit").index[ids[0]]] if len(ids) == 1 else _("{count}个单位").format(count=len(ids))
    usual = project.path.parent / _("单位责任卡_{units}_{day}.docx").format(units=called, day=project.campaign.today.isoformat())
    name, _kind = QFileDialog.getSaveFileName(parent, _("单位责任卡"), str(usual), _("Word 文档 (*.docx)"))
    if not name:
        return

    def work(own: Project, _progress: Progress) -> int:
        from chuangwen.services.unit_card_paper import write_cards

        units = [one for one in map(own.features("unit").feature, ids) if one is not None]
        write_cards(own, units, Path(name), persons=persons)
        return len(units)

    def done(count: int) -> None:
        session.noticed.emit(_("已写入 {file}：{count} 个单位。").format(file=Path(name).name, count=count))

    session.ask("unit cards", work, done)


def _line(note: Note) -> str:
    return f"{note.day or '—'}　{note.kind}　{note.text}"
