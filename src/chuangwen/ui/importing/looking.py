"""One look at a file with what the user has said so far, on a worker. Only the newest look counts; nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from chuangwen.domain.layer import Layer
from chuangwen.errors import Cancelled, UserError
from chuangwen.progress import Progress
from chuangwen.services.importing import ImportOptions, Prepared, prepare
from chuangwen.services.layer_guess import guess_layer
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.importing.first_rows import FirstRows, first_rows
from chuangwen.ui.importing.map_content import Drawn, drawn_shapes
from chuangwen.ui.importing.review_lines import Line, lines_of
from chuangwen.ui.session import Session

_SETTLE_MS = 250


@dataclass(frozen=True, slots=True)
class Wish:
    """What the user wants of a file. `layer` '' lets the program guess; `columns`: source column → field, '' for one that is not to be used."""

    path: Path
    layer: str = ""
    encoding: str = "auto"
    crs: str = "auto"
    columns: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)

    def answered(self, key: str, value: str) -> Wish:
        """With one more answer."""
        return replace(self, answers={**self.answers, key: value})

    def mapped(self, column: str, field_name: str) -> Wish:
        """With a column sent elsewhere; whichever column was sent there by hand before goes its own way again."""
        others = {source: name for source, name in self.columns.items() if not name or name != field_name}
        return replace(self, columns={**others, column: field_name})

    @property
    def options(self) -> ImportOptions:
        """As the service takes it."""
        return ImportOptions(encoding=self.encoding, crs=self.crs, columns=dict(self.columns), answers=dict(self.answers))


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found, ready to be shown. `wish` names the layer that was taken, `why` how it was guessed ('' where the user chose it)."""

    wish: Wish
    why: str
    layer: Layer
    prepared: Prepared
    first: FirstRows
    shapes: Drawn
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A look that ended with a sentence. `error` may be `Unanswered`: then there is something to answer."""

    wish: Wish
    error: UserError


class Looker(QObject):
    """Runs looks one after the other; a newer one cancels the older. Signals: `began`, `moved` (done, total, words), `found`, `refused`, `stopped`."""

    began = Signal()
    moved = Signal(int, int, str)
    found = Signal(object)
    refused = Signal(object)
    stopped = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._running: Progress | None = None
        self._wanted: Wish | None = None
        self._done: tuple[Wish, object] | None = None
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self._start)

    @property
    def busy(self) -> bool:
        """Whether a look runs or waits."""
        return self._running is not None or self._clock.isActive()

    def look(self, wish: Wish, *, soon: bool = False) -> bool:
        """Look with `wish`; `soon`: after a moment in which more answers may come. False where just that was looked at already."""
        if self._done == (wish, _stamp(wish.path)) and not self.busy:
            return False
        self._wanted = wish
        self._cancel()
        self._clock.start(_SETTLE_MS if soon else 0)
        self.began.emit()
        return True

    def stop(self) -> None:
        """Give up what runs; its answer is not heard."""
        was_busy = self.busy
        self._clock.stop()
        self._cancel()
        self._wanted = None
        if was_busy:
            self.stopped.emit()

    def forget(self) -> None:
        """Look anew next time, even where nothing changed: the project did."""
        self._done = None

    def _cancel(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _start(self) -> None:
        wish, project = self._wanted, self._session.project
        if wish is None or project is None:
            return
        where, actor = project.path, project.actor
        tell = self._session.jobs.tell
        told = Progress(lambda done, total, words: tell(lambda: self._tell(told, done, total, words)))
        self._running = told
        stamp = _stamp(wish.path)

        def work(_progress: Progress) -> Look:
            own = Project.open(where, actor)
            try:
                return look(own, wish, told)
            finally:
                own.close()

        def done(answer: Look) -> None:
            if self._ends(told):
                self._done = (answer.wish, stamp)
                self.found.emit(answer)

        def failed(error: Exception) -> None:
            if not self._ends(told) or isinstance(error, Cancelled):
                return
            if not isinstance(error, UserError):
                self.refused.emit(Refused(wish, _bug()))
                raise error
            self._done = (wish, stamp)
            self.refused.emit(Refused(wish, error))

        self._session.jobs.read(work, done, failed)

    def _ends(self, told: Progress) -> bool:
        if not isValid(self) or self._running is not told:
            return False
        self._running = None
        return True

    def _tell(self, told: Progress, done: int, total: int, words: str) -> None:
        if isValid(self) and self._running is told:
            self.moved.emit(done, total, words)


def look(project: Project, wish: Wish, progress: Progress) -> Look:
    """Read, plan, and get ready what is shown. For a worker; raises as `services.importing.prepare` does."""
    why = ""
    if not wish.layer:
        guess = guess_layer(project, wish.path, wish.options)
        wish, why = replace(wish, layer=guess.layer), guess.why
    prepared = prepare(project, wish.path, wish.layer, wish.options, progress)
    progress.at(0, 0)
    plan = prepared.plan
    layer = prepared.reference or project.layers[plan.report.layer]
    return Look(wish, why, layer, prepared, first_rows(plan, layer), drawn_shapes(plan), lines_of(plan))


def _stamp(path: Path) -> object:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _bug() -> UserError:
    return UserError(_("读取时程序出错。"), _("请换一个文件，并把出错详情告诉维护人员。"))
