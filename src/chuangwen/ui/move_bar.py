"""The moves of an issue as buttons: the legal ones with a key each, those of another role grey with whose they are (domain.md 4.2, 8.5)."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QMenu, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.domain.lifecycle import STATES, Move, move_of, moves_from
from chuangwen.domain.moving import Context, refusal
from chuangwen.domain.roles import ROLES
from chuangwen.domain.values import Scalar
from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.services.evidence import Attached, attach, write_then
from chuangwen.services.moving import context_of, plan_move
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.field_editors import FieldEditor
from chuangwen.ui.move_card import MoveCard, asked_of
from chuangwen.ui.parts import plain_words, sentence
from chuangwen.ui.session import Session

_ACROSS = 2
_KEYS = 9


class MoveBar(QWidget):
    """Offers what `domain.lifecycle` allows for all the selected issues. A move that needs more than is filled asks for it on a card."""

    moved = Signal()
    asking = Signal(bool)  # a card is open and needs the room

    def __init__(self, session: Session, layer: Layer, after: QWidget, parent: QWidget | None = None) -> None:
        """`after`: what the Tab key comes from to the first button."""
        super().__init__(parent)
        self._session, self._layer, self._after = session, layer, after
        self.buttons: dict[str, QPushButton] = {}
        self.card: MoveCard | None = None
        self._context: Context | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 4, 12, 2)
        self._column.setSpacing(6)
        self._choices = QWidget()
        self._grid = QGridLayout(self._choices)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(5)
        self._column.addWidget(self._choices)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._said = QLabel(wordWrap=True)
        self._said.setProperty("reason", True)
        self._column.addWidget(self._said)
        self.role = QToolButton()
        self.role.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.role.setToolTip(_("办理时的角色，写进经过"))
        self.role.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.role.setProperty("quiet", True)
        self._role_menu()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.role)
        self._column.addLayout(row)
        self._column.addStretch(1)

    @property
    def editors(self) -> dict[str, FieldEditor]:
        """The editors of the card that is open."""
        return self.card.editors if self.card is not None else {}

    @property
    def words(self) -> str:
        """What it says beneath the buttons, '' for nothing."""
        return self._said.text() if not self._said.isHidden() else ""

    def show_features(self, features: list[Feature]) -> None:
        """Offer the moves that all of them may make."""
        project = self._session.project
        self._ask_no_more()
        self._clear()
        self._say("")
        if project is None:
            return
        self._context = context_of(project, [feature.id for feature in features])
        self._show_role()
        states = {str(feature.get("status") or "draft") for feature in features}
        common = [move for move in moves_from(next(iter(states), "void")) if all(move_of(state, move.target) for state in states)]
        grey = {move.target: next(filter(None, (self._reason(move, feature) for feature in features)), "") for move in common}
        for number, move in enumerate(sorted(common, key=lambda move: bool(grey[move.target]))):
            self._grid.addWidget(self._button(move, number + 1, grey[move.target]), number // _ACROSS, number % _ACROSS)
        for before, then in pairwise((self._after, *self.buttons.values(), self.role)):  # new buttons stand last in the window else
            QWidget.setTabOrder(before, then)
        if not common:
            self._say(_("所选问题的状态不同，没有共同的下一步。") if len(states) > 1 else _("此状态没有下一步。"))

    def start(self, move: Move) -> None:
        """Make the move, asking first for what it needs; one that cannot be made says why."""
        project = self._session.project
        features = self._session.selection.features()
        self._ask_no_more()
        if project is None or self._context is None or not features:
            return
        reason = next(filter(None, (self._reason(move, feature) for feature in features)), "")
        self._say(reason)
        if reason:
            return
        if not asked_of(move, features) and not move.photo:
            self._go(move, {}, [])
            return
        self.card = MoveCard(project, move, features, self._context)
        self.card.wanted.connect(lambda values, photos: self._go(move, values, photos))
        self.card.given_up.connect(self._ask_no_more)
        self._choices.hide()
        self.asking.emit(True)
        self._column.insertWidget(0, self.card)
        self.card.begin()

    def _reason(self, move: Move, feature: Feature) -> str:
        assert self._context is not None
        own = move_of(str(feature.get("status") or "draft"), move.target) or move
        return plain_words(refusal(own, feature, self._context))

    def _button(self, move: Move, number: int, reason: str) -> QPushButton:
        button = QPushButton(f"{move.button} ({number})")
        button.setShortcut(f"Ctrl+{number}" if number <= _KEYS else "")
        button.setProperty("grey", bool(reason))
        button.setToolTip(reason or _("改为“{state}”（Ctrl+{number}）").format(state=STATES[move.target], number=number))
        button.clicked.connect(lambda _on=False: self.start(move))
        self.buttons[move.target] = button
        return button

    def _go(self, move: Move, values: dict[str, Scalar], photos: list[Path]) -> None:
        project = self._session.project
        features = self._session.selection.features()
        if project is None:
            return
        if photos:
            self._session.run(
                lambda own, progress: _move_with_photos(own, progress, features, move, values, photos), lambda _answer: self._done(), self._refuse
            )
            return
        try:
            edit = plan_move(project, features, move.target, values)
        except UserError as broken:
            self._refuse(broken)
            return
        self._session.commit(edit, self, done=self._done, failed=self._refuse)

    def _done(self) -> None:
        self._ask_no_more()
        self.moved.emit()

    def _refuse(self, error: UserError) -> None:
        if self.card is not None:
            self.card.refuse(error)
        else:
            self._say(sentence(error))

    def _say(self, words: str) -> None:
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def _ask_no_more(self) -> None:
        if self.card is not None:
            self.card.hide()
            self.card.deleteLater()
            self.card = None
            self.asking.emit(False)
        self._choices.show()

    def _clear(self) -> None:
        while self._grid.count():
            item = self._grid.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()  # gone at once: `deleteLater` waits for the event loop
                widget.deleteLater()
        self.buttons.clear()

    def _role_menu(self) -> None:
        menu = QMenu(self.role)
        group = QActionGroup(menu)
        for role, title in ROLES.items():
            action = QAction(title, menu, checkable=True)
            action.setData(role)
            action.triggered.connect(lambda _on=False, wanted=role: self._act_as(wanted))
            group.addAction(action)
            menu.addAction(action)
        self.role.setMenu(menu)

    def _act_as(self, role: str) -> None:
        self._session.act_as(role)
        self.show_features(self._session.selection.features())

    def _show_role(self) -> None:
        role = self._session.settings.role
        self.role.setText(_("角色：{role} ▾").format(role=ROLES.get(role, role)))
        for action in self.role.menu().actions():
            action.setChecked(action.data() == role)


def _move_with_photos(project: Project, progress: Progress, issues: list[Feature], move: Move, values: dict[str, Scalar], photos: list[Path]) -> None:
    """Attach photos and move in one step; where the move is refused no file is left behind."""
    attached = Attached()
    for issue in issues:
        attached += attach(project.layers["photo"], issue, move.photo, photos, progress)
    edit = plan_move(project, issues, move.target, values, attached.changes)
    write_then(attached, project.files_folder, lambda: project.apply(edit))
