"""The minute hand of the window: whoever shows what follows from the time listens to `ticked`, once at the start of each minute."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QObject, QTimer, Signal

_MINUTE_MS = 60_000


class MinuteClock(QObject):
    """Runs while a project is open whose day is not fixed; one timer, set anew to the next full minute, so that midnight is not missed by a drift."""

    ticked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tick)

    @property
    def is_running(self) -> bool:
        """Whether another minute is waited for."""
        return self._timer.isActive()

    def start(self) -> None:
        """Wait for the next full minute, and for those after it."""
        now = dt.datetime.now()
        self._timer.start(_MINUTE_MS - now.second * 1000 - now.microsecond // 1000 + 1)

    def stop(self) -> None:
        """No more minutes."""
        self._timer.stop()

    def _tick(self) -> None:
        self.start()
        self.ticked.emit()
