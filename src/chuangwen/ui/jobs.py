"""Long work off the GUI thread: plain functions of a `Progress` that get data and return data. Workers own no QObject (exemplars.md 15)."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from shiboken6 import isValid

from chuangwen.errors import Cancelled
from chuangwen.progress import Progress

Work = Callable[[Progress], Any]
Heard = Callable[[Any], None]


class JobRunner(QObject):
    """Runs functions on worker threads and brings every answer back to the GUI thread. Writes go through one lane, so they land in order."""

    shown = Signal(int, int, str)  # done, total, what: of the work that said it last
    idle = Signal()

    _said = Signal(object)  # the only Qt object that a worker thread touches

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._readers = ThreadPoolExecutor(2, "reader")
        self._writer = ThreadPoolExecutor(1, "writer")
        self._lanes: dict[str, ThreadPoolExecutor] = {}
        self._running: dict[Future[None], Progress] = {}
        self._latest: dict[str, Progress] = {}
        self._loud: set[Progress] = set()
        self._said.connect(lambda answer: answer(), Qt.ConnectionType.QueuedConnection)

    def read(self, work: Work, done: Heard | None = None, failed: Heard | None = None, *, loud: bool = False) -> Progress:
        """Run work that changes nothing. `loud`: show its progress in the status bar."""
        return self._start(self._readers, work, done, failed, loud=loud)

    def write(self, work: Work, done: Heard | None = None, failed: Heard | None = None, *, loud: bool = False) -> Progress:
        """Run work that writes, after all writes asked for before."""
        return self._start(self._writer, work, done, failed, loud=loud)

    def on_lane(self, lane: str, work: Work, done: Heard | None = None, failed: Heard | None = None) -> Progress:
        """Run work one after the other on the one thread of a lane: for things that belong to a thread, as an open file does."""
        return self._start(self._lane(lane), work, done, failed, loud=False)

    def latest(self, key: str, work: Work, done: Heard | None = None, failed: Heard | None = None, *, lane: str = "") -> Progress:
        """Run work whose older requests of the same `key` no longer matter: they are cancelled and their answers dropped. `lane` as in `on_lane`."""
        if key in self._latest:
            self._latest[key].cancel()

        def heard(answer: Any) -> None:
            if self._latest.get(key) is progress and done is not None and is_there(done):
                done(answer)

        progress = self._start(self._lane(lane) if lane else self._readers, work, heard, failed, loud=False)
        self._latest[key] = progress
        return progress

    def end_lane(self, lane: str) -> None:
        """Let the thread of a lane end when its work is done."""
        pool = self._lanes.pop(lane, None)
        if pool is not None:
            pool.shutdown(wait=False)

    def _lane(self, name: str) -> ThreadPoolExecutor:
        if name not in self._lanes:
            self._lanes[name] = ThreadPoolExecutor(1, name)
        return self._lanes[name]

    def tell(self, words: Callable[[], None]) -> None:
        """Run `words` on the GUI thread; may be called from any thread."""
        self._said.emit(words)

    def cancel_loud(self) -> None:
        """Stop what the status bar shows."""
        for progress in list(self._loud):
            progress.cancel()

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return bool(self._running)

    def wait_idle(self, seconds: float = 10.0) -> bool:
        """Wait for all work, without bringing its answers; for the end of the program and for tests."""
        return not wait(list(self._running), timeout=seconds).not_done

    def shutdown(self, seconds: float = 5.0) -> bool:
        """Cancel what can be cancelled, let writes finish, end the threads."""
        writes = set()
        for future, progress in list(self._running.items()):
            if progress in self._loud or not future.running():
                progress.cancel()
            writes.add(future)
        over = not wait(writes, timeout=seconds).not_done
        for pool in (self._readers, *self._lanes.values()):
            pool.shutdown(wait=over, cancel_futures=True)
        self._writer.shutdown(wait=over, cancel_futures=False)
        return over

    def _start(self, pool: ThreadPoolExecutor, work: Work, done: Heard | None, failed: Heard | None, *, loud: bool) -> Progress:
        progress = Progress(self._tell if loud else None)
        if loud:
            self._loud.add(progress)

        def body() -> None:
            try:
                answer = work(progress)
            except Cancelled:
                self._said.emit(lambda: self._over(future, progress))
            except Exception as error:  # noqa: BLE001 - the job body is one of three places that may
                caught = error
                self._said.emit(lambda: self._over(future, progress, failed or _unheard, caught))
            else:
                self._said.emit(lambda: self._over(future, progress, done, answer))

        future: Future[None] = pool.submit(body)
        self._running[future] = progress
        return progress

    def _tell(self, done: int, total: int, what: str) -> None:
        self._said.emit(lambda: self.shown.emit(done, total, what))

    def _over(self, future: Future[None], progress: Progress, heard: Heard | None = None, answer: Any = None) -> None:
        self._running.pop(future, None)
        if progress in self._loud:
            self._loud.discard(progress)
            if not self._loud:
                QTimer.singleShot(0, self.idle.emit)
        if heard is not None and is_there(heard):
            heard(answer)


def is_there(heard: Heard) -> bool:
    """Whether who asked is still there: a closed window hears nothing. Holds for methods; a function that closes over a window must see to it itself."""
    owner = getattr(heard, "__self__", None)
    return not isinstance(owner, QObject) or isValid(owner)


def _unheard(error: BaseException) -> None:
    """An error that nobody asked to hear of reaches the same hook as any other."""
    sys.excepthook(type(error), error, error.__traceback__)
