"""What the program tells the user: a bar above the map for what he can act on, one box for a bug of ours."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMessageBox, QPushButton, QSizePolicy, QToolButton, QWidget

from chuangwen.errors import Cancelled, UserError
from chuangwen.text import _
from chuangwen.ui.icons import icon

_GOES_AFTER_MS = 8_000


@dataclass(frozen=True, slots=True)
class Question:
    """A sentence with its answers: title → what happens, None for nothing. It stays until one is chosen or the bar is closed."""

    words: str
    answers: tuple[tuple[str, Callable[[], object] | None], ...]


class NoticeBar(QFrame):
    """One sentence with its remedy, until the user closes it; good news goes by itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("bar", True)
        self._words = QLabel(wordWrap=True)
        self._words.setTextInteractionFlags(self._words.textInteractionFlags().TextSelectableByMouse)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = QToolButton()
        close.setIcon(icon("close"))
        close.setToolTip(_("关闭"))
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._words, 1)
        self._answers = QHBoxLayout()
        row.addLayout(self._answers)
        row.addWidget(close)
        self.answers: list[QPushButton] = []
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self.hide)
        self.hide()

    def say(self, what: object) -> None:
        """Show a `UserError`, a `Question`, or a plain sentence of good news."""
        self._clock.stop()
        for button in self.answers:
            button.hide()
            button.deleteLater()
        self.answers = [self._answer(title, work) for title, work in what.answers] if isinstance(what, Question) else []
        if isinstance(what, Question):
            self._words.setText(what.words)
        elif isinstance(what, UserError):
            self._words.setText(f"{what.message}{what.hint}")
        else:
            self._words.setText(str(what))
            self._clock.start(_GOES_AFTER_MS)
        self.show()

    def _answer(self, title: str, work: Callable[[], object] | None) -> QPushButton:
        button = QPushButton(title)

        def chosen() -> None:
            self.hide()
            if work is not None:
                work()

        button.clicked.connect(chosen)
        self._answers.addWidget(button)
        return button

    @property
    def words(self) -> str:
        """What it says, '' while it is hidden."""
        return self._words.text() if not self.isHidden() else ""


def install(bar: NoticeBar) -> None:
    """Send every error that nobody caught to the user: sentences to the bar, bugs to a box (once each) and the log."""
    told: set[str] = set()

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, Cancelled):
            return
        if isinstance(error, UserError):
            bar.say(error)
            return
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        logging.getLogger("chuangwen").error("unexpected", exc_info=(kind, error, trace))
        details = "".join(traceback.format_exception(kind, error, trace))
        if details not in told:
            told.add(details)
            _show_bug(bar, error, details)

    sys.excepthook = hook
    threading.excepthook = lambda told_of: hook(told_of.exc_type, told_of.exc_value or told_of.exc_type(), told_of.exc_traceback)


def _show_bug(parent: QWidget, error: BaseException, details: str) -> None:
    box = QMessageBox(QMessageBox.Icon.Warning, _("程序出错"), _("程序遇到没有预料到的情况，已经保存的内容不受影响。"), parent=parent.window())
    box.setInformativeText(f"{type(error).__name__}: {error}")
    box.setDetailedText(details)
    copy = box.addButton(_("复制详情"), QMessageBox.ButtonRole.ActionRole)
    box.addButton(_("关闭"), QMessageBox.ButtonRole.AcceptRole)
    copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(details))
    box.open()
