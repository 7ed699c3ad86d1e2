"""Progress of long work, and the only way to stop it.

Report and check are one call, so no loop can forget to check: `progress.at(done, total, what)`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from threading import Event
from typing import TypeVar

from chuangwen.errors import Cancelled

Item = TypeVar("Item")
Listener = Callable[[int, int, str], None]


class Progress:
    """Told by the work how far it is, read by whoever waits. Thread-safe: `cancel` may come from any thread.

    `listener(done, total, what)` hears at most ten times a second; `total` 0 means unknown.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        self._listener = listener
        self._stop = Event()
        self._said_at = 0.0

    def at(self, done: int, total: int = 0, what: str = "") -> None:
        """Report, and raise `Cancelled` when asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        if self._listener is None:
            return
        now = time.monotonic()
        if now - self._said_at >= 0.1 or (total and done >= total):
            self._said_at = now
            self._listener(done, total, what)

    def silent(self) -> Progress:
        """For a step of the work: says nothing, but stops with it."""
        step = Progress()
        step._stop = self._stop
        return step

    def each(self, items: Iterable[Item], total: int, what: str = "") -> Iterator[Item]:
        """Walk `items`, reporting before each."""
        for number, item in enumerate(items):
            self.at(number, total, what)
            yield item
        self.at(total, total, what)

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked to stop."""
        return self._stop.is_set()
