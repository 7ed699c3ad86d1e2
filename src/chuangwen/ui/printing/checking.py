"""When the pre-flight runs: in the background, once the user has paused, and out of the way of the page that is being looked at."""

from __future__ import annotations

from threading import Event

from PySide6.QtCore import QObject, QTimer, Signal

from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.services.paper.sheet import Request
from chuangwen.ui.printing.press import Line, Press
from chuangwen.ui.session import Session

PAUSE_MS = 1_500
"""After the last change, before the check begins."""
_WAIT_S = 0.4
"""How long one step waits at most for the page on screen to be drawn."""


class Checking(QObject):
    """`found` gives the lines of a finished check; `going` how many of how many pages are looked through."""

    found = Signal(object)
    going = Signal(int, int)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._press = Press(session)
        self._request: Request | None = None
        self._told: Progress | None = None
        self._free = Event()
        self._free.set()
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._start)

    def want(self, request: Request | None) -> None:
        """Check a run when there is time for it, in place of the one before; None: there is nothing to check."""
        self._cancel()
        self._request = request
        self._soon.stop()
        if request is not None:
            self._soon.start()

    def give_way(self, *, on: bool) -> None:
        """The page on screen is being drawn (or is done): it comes first."""
        (self._free.clear if on else self._free.set)()

    def close(self) -> None:
        """Stop for good."""
        self._soon.stop()
        self._cancel()
        self._press.close()

    def _cancel(self) -> None:
        if self._told is not None:
            self._told.cancel()
            self._told = None

    def _start(self) -> None:
        if self._request is None:
            return
        told = Progress(lambda done, total, _what: self._on_progress(told, done, total))
        self._told = told
        self._press.check(self._request, told, lambda lines: self._on_found(told, lines), self._on_refused)

    def _on_progress(self, told: Progress, done: int, total: int) -> None:
        """On the checking thread."""
        self._free.wait(_WAIT_S)
        self._session.jobs.tell(lambda: self.going.emit(done, total) if self._told is told else None)

    def _on_found(self, told: Progress, lines: list[Line]) -> None:
        if self._told is told:
            self._told = None
            self.found.emit(lines)

    def _on_refused(self, _error: UserError) -> None:
        """The run cannot be planned: its own plan has said so already."""
