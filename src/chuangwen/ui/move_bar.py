"""The legal moves of an issue as buttons. One that needs more than is filled asks for it on the spot."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.domain.lifecycle import STATES, Move, moves_from
from chuangwen.domain.values import Scalar
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.moving import plan_move
from chuangwen.text import _
from chuangwen.ui.field_editors import FieldEditor
from chuangwen.ui.session import Session

_ASKED_AGAIN = {"status_note", "checker"}
"""Said anew at each move, even where an older word stands in the field."""


class MoveBar(QWidget):
    """Offers what `domain.lifecycle` allows for all the selected issues, and nothing else."""

    moved = Signal()

    def __init__(self, session: Session, layer: Layer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._layer = session, layer
        self.buttons: dict[str, QPushButton] = {}
        self._card: QFrame | None = None
        self.editors: dict[str, FieldEditor] = {}
        self._values: dict[str, Scalar] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 12, 2)
        self._column.setSpacing(6)
        self._grid = QGridLayout()
        self._grid.setSpacing(5)
        self._column.addLayout(self._grid)
        self._said = QLabel(wordWrap=True)
        self._said.setProperty("dim", True)
        self._column.addWidget(self._said)

    def show_features(self, features: list[Feature]) -> None:
        """Offer the moves that all of them may make."""
        self._ask_no_more()
        while self._grid.count():
            item = self._grid.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()  # gone at once: `deleteLater` waits for the event loop
                widget.deleteLater()
        self.buttons.clear()
        states = {str(feature.get("status") or "draft") for feature in features}
        reachable = [{move.target for move in moves_from(state)} for state in states]
        common: list[Move] = [move for move in moves_from(next(iter(states), "void")) if all(move.target in targets for targets in reachable)]
        for number, move in enumerate(common):
            button = QPushButton(move.button)
            button.setToolTip(_("改为“{state}”").format(state=STATES[move.target]))
            button.clicked.connect(lambda _on=False, wanted=move: self.start(wanted))
            self.buttons[move.target] = button
            self._grid.addWidget(button, number // 3, number % 3)
        self._said.setVisible(not common)
        self._said.setText(_("所选问题的状态不同，没有共同的下一步。") if len(states) > 1 else _("此状态没有下一步。"))

    def start(self, move: Move) -> None:
        """Make the move, asking first for what it needs."""
        features = self._session.selection.features()
        missing = [name for name in move.needs if name in _ASKED_AGAIN or any(feature.get(name) in (None, "") for feature in features)]
        self._ask_no_more()
        if missing:
            self._ask(move, missing)
        else:
            self._go(move, {})

    def _ask(self, move: Move, names: list[str]) -> None:
        project = self._session.project
        assert project is not None
        card = QFrame()
        card.setProperty("card", True)
        column = QVBoxLayout(card)
        column.setContentsMargins(10, 8, 10, 8)
        head = QLabel(_("{button}：请填写").format(button=move.button))
        column.addWidget(head)
        rows = QFormLayout()
        for name in names:
            field = self._layer.field(name)
            editor = FieldEditor(field, project.features(field.to) if field.type == "ref" else None)
            editor.show_value(self._session.settings.who if name == "checker" else None)
            if name == "checker":
                self._values[name] = self._session.settings.who
            editor.edited.connect(lambda value, wanted=name: self._on_filled(wanted, value))
            self.editors[name] = editor
            rows.addRow(field.title, editor)
        column.addLayout(rows)
        row = QHBoxLayout()
        row.addStretch(1)
        back = QPushButton(_("取消"))
        back.clicked.connect(self._ask_no_more)
        go = QPushButton(move.button)
        go.setProperty("main", True)
        go.clicked.connect(lambda: self._go(move, dict(self._values)))
        row.addWidget(back)
        row.addWidget(go)
        column.addLayout(row)
        self._card = card
        self._column.addWidget(card)
        next(iter(self.editors.values())).input.setFocus()

    def _on_filled(self, name: str, value: Scalar) -> None:
        self._values[name] = value
        self.editors[name].show_value(value)

    def _ask_no_more(self) -> None:
        if self._card is not None:
            self._card.hide()
            self._card.deleteLater()
            self._card = None
        self.editors.clear()
        self._values.clear()

    def _go(self, move: Move, values: dict[str, Scalar]) -> None:
        assert self._session.project is not None
        try:
            edit = plan_move(self._session.project, self._session.selection.features(), move.target, values)
        except RuleBroken as broken:
            self._refuse(broken)
            return
        self._session.commit(edit, self, done=self.moved.emit, failed=self._refuse)

    def _refuse(self, error: UserError) -> None:
        reasons = error.reasons if isinstance(error, RuleBroken) else {}
        for name, reason in reasons.items():
            if name in self.editors:
                self.editors[name].refuse(reason)
        if not set(reasons) & set(self.editors):
            self._said.setText(str(error))
            self._said.show()
