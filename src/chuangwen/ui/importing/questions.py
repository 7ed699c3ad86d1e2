"""Doubts as questions in plain words: those that must be answered first, the others folded away with what was done by custom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QRadioButton, QVBoxLayout, QWidget

from chuangwen.exchange.doubts import Doubt
from chuangwen.text import _
from chuangwen.ui.parts import button, emptied, restyle, words

_RADIOS = 6
_ROWS = 8
_MOST = 40


class QuestionCard(QFrame):
    """One question. `answered` gives its key and the value of the answer."""

    answered = Signal(str, str)

    def __init__(self, doubt: Doubt, given: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.doubt = doubt
        self.setProperty("card", True)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(3)
        question = words(doubt.question)
        question.setStyleSheet("font-weight: bold;")
        column.addWidget(question)
        if doubt.rows:
            column.addWidget(words(_rows(doubt.rows), "dim"))
        self.radios: dict[str, QRadioButton] = {}
        self.box: QComboBox | None = None
        if len(doubt.answers) > _RADIOS:
            self._as_box(column)
        else:
            self._as_radios(column)
        self.show_answer(given)

    def _as_radios(self, column: QVBoxLayout) -> None:
        group = QButtonGroup(self)
        for answer in self.doubt.answers:
            radio = QRadioButton(answer.title.replace("&", "&&"))
            radio.clicked.connect(lambda _on=False, value=answer.value: self.answered.emit(self.doubt.key, value))
            group.addButton(radio)
            self.radios[answer.value] = radio
            column.addWidget(radio)
            if answer.note:
                note = words(answer.note, "dim")
                note.setContentsMargins(22, 0, 0, 2)
                column.addWidget(note)

    def _as_box(self, column: QVBoxLayout) -> None:
        self.box = QComboBox()
        self.box.setPlaceholderText(_("请选择"))
        for answer in self.doubt.answers:
            self.box.addItem(f"{answer.title}　{answer.note}" if answer.note else answer.title, answer.value)
        self.box.activated.connect(lambda number: self.answered.emit(self.doubt.key, self.box.itemData(number) if self.box else ""))
        column.addWidget(self.box)

    def show_answer(self, given: str | None) -> None:
        """Mark the answer: the user's, or, where the question does not wait for him, the one that was used."""
        waits = self.doubt.asks and given is None
        value = given if given is not None else None if waits else self.doubt.chosen
        restyle(self, "asks", waits)
        if self.box is not None:
            self.box.setCurrentIndex(-1 if value is None else self.box.findData(value))
        for one, radio in self.radios.items():
            if one == value:
                radio.setChecked(True)


class Questions(QWidget):
    """Several questions under each other; `folds`: those that need no answer are folded away. `answered` as of a card.

    Cards stay while their questions stay, so that the focus does not jump.
    """

    answered = Signal(str, str)

    def __init__(self, *, folds: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folds = folds
        self.cards: dict[str, QuestionCard] = {}
        self._first = QVBoxLayout()
        self._others = QWidget()
        self._folded = QVBoxLayout(self._others)
        self._folded.setContentsMargins(0, 0, 0, 0)
        self.fold = button("", "link")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._unfold)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for layout in (self._first, self._folded):
            layout.setSpacing(8)
        column.addLayout(self._first)
        column.addWidget(self.fold)
        column.addWidget(self._others)
        self._shown: tuple[object, ...] = ()
        self.show_doubts((), {})

    def show_doubts(self, doubts: Sequence[Doubt], answers: Mapping[str, str]) -> None:
        """The questions of a look, and what the user answered so far. Of hundreds that need no answer only the first are shown."""
        others = [one for one in doubts if not one.asks]
        self._unshown = max(len(others) - _MOST, 0)
        left = {id(one) for one in others[_MOST:]}
        doubts = [one for one in doubts if id(one) not in left]
        shape = tuple((one.key, one.question, one.answers, one.asks, one.rows) for one in doubts)
        if shape != self._shown:
            self._build(doubts, answers)
            self._shown = shape
        self.setVisible(bool(doubts))
        for one in doubts:
            self.cards[one.key].doubt = one
            self.cards[one.key].show_answer(answers.get(one.key))

    def _build(self, doubts: Sequence[Doubt], answers: Mapping[str, str]) -> None:
        for layout in (self._first, self._folded):
            emptied(layout)
        self.cards = {}
        others = [one for one in doubts if self._folds and not one.asks]
        for one in sorted(doubts, key=lambda one: not one.asks):
            made = QuestionCard(one, answers.get(one.key))
            made.answered.connect(self.answered)
            self.cards[one.key] = made
            (self._folded if one in others else self._first).addWidget(made)
        self._count = len(others) + self._unshown
        if self._unshown:
            self._folded.addWidget(words(_("还有 {count} 处，处理方法相同，回执里都有。").format(count=self._unshown), "dim"))
        self.fold.setVisible(bool(others))
        self._unfold(self.fold.isChecked())

    def _unfold(self, is_open: bool) -> None:
        self.fold.setText(
            _("▾ 收起按惯例处理的 {count} 处").format(count=self._count) if is_open else _("▸ 还有 {count} 处按惯例处理，可改").format(count=self._count)
        )
        self._others.setVisible(is_open and bool(self._count))


def unanswered(doubts: Sequence[Doubt], answers: Mapping[str, str]) -> list[Doubt]:
    """The questions that wait."""
    return [one for one in doubts if one.asks and one.key not in answers]


def _rows(rows: Sequence[int]) -> str:
    shown = "、".join(str(row) for row in rows[:_ROWS])
    if len(rows) > _ROWS:
        return _("第 {rows} 行等，共 {count} 行").format(rows=shown, count=len(rows))
    return _("第 {rows} 行").format(rows=shown)
