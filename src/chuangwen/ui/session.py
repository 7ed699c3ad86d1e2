"""What all parts of the window share: the open project, the one selection, the filter, and the one way to change data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from chuangwen.domain.change import Edit, Step
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.filter import Filter
from chuangwen.domain.geo import Extent, extent_of
from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.services.paper.handwork import Handwork, keep
from chuangwen.services.paper.printed import Standing, record
from chuangwen.services.project import Project
from chuangwen.settings import Settings, write_settings
from chuangwen.store.base import SheetKey
from chuangwen.store.geopackage import GeoPackage
from chuangwen.ui.clock import MinuteClock
from chuangwen.ui.jobs import JobRunner, is_there
from chuangwen.ui.owners import Owners

_LOOK_EVERY_MS = 5_000


class Selection(QObject):
    """The selected features: of one layer, the same on map, table, tree and panel."""

    changed = Signal(object)  # who changed it

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self.layer = ""
        self.ids: tuple[str, ...] = ()

    def set(self, layer: str, ids: tuple[str, ...] | list[str], source: object = None) -> None:
        """Select these features."""
        wanted = (layer if ids else "", tuple(ids))
        if wanted != (self.layer, self.ids):
            self.layer, self.ids = wanted
            self.changed.emit(source)

    def clear(self, source: object = None) -> None:
        """Select nothing."""
        self.set("", (), source)

    def features(self) -> list[Feature]:
        """The selected features as they are now."""
        if self._session.project is None or not self.layer:
            return []
        table = self._session.project.features(self.layer)
        return [feature for feature in map(table.feature, self.ids) if feature is not None]


class Session(QObject):
    """The open project and everybody who shows it. Every edit goes through `commit`: on disk before it is shown as accepted."""

    opened = Signal()
    closing = Signal()  # the project is still there; work on it is to be given up
    closed = Signal()
    changed = Signal(object, object)  # layer → ids, source
    filtered = Signal(str)
    zoom_asked = Signal(object)  # Extent
    place_asked = Signal(str, str)  # layer, id: a click on the map shall place it
    noticed = Signal(object)  # a UserError or a sentence
    history_changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.project: Project | None = None
        self.jobs = JobRunner(self)
        self.minute = MinuteClock(self)
        self.selection = Selection(self)
        self.owners = Owners(self)
        self._filters: dict[str, tuple[Filter, str]] = {}
        self._masks: dict[str, Callable[[Features], Any]] = {}
        self._writer_store: GeoPackage | None = None
        self._look = QTimer(self, interval=_LOOK_EVERY_MS)
        self._look.timeout.connect(self.look)

    # --- the project

    def open(self, path: Path) -> None:
        """Open a project in place of the one that is open. Raises `FileProblem`; then the old one stays."""
        project = Project.open(path, self.settings.who, self.settings.role)
        self.close()
        self.project = project
        project.listeners.append(self._on_project_changed)
        self._look.start()
        self.follow_the_clock()
        self.opened.emit()
        self.history_changed.emit()

    def close(self) -> None:
        """Let go of the project."""
        if self.project is None:
            return
        self._look.stop()
        self.minute.stop()
        self.closing.emit()
        self.jobs.write(lambda _progress: self._close_writer())
        self.jobs.wait_idle()
        self.selection.clear()
        self._filters.clear()
        self._masks.clear()
        self.project.close()
        self.project = None
        self.closed.emit()
        self.history_changed.emit()

    def follow_the_clock(self) -> None:
        """Let what follows from the time be shown anew each minute; a project whose day is fixed stands still."""
        if self.project is not None and self.project.campaign.fixed_today is None:
            self.minute.start()
        else:
            self.minute.stop()

    def act_as(self, role: str) -> None:
        """Take another role (domain.md 8.5), here and at the next start: every step from now on says so."""
        self.settings = replace(self.settings, role=role)
        if self.project is not None:
            self.project.role = role
        try:
            write_settings(self.settings)
        except UserError as error:
            self.noticed.emit(error)

    def look(self) -> None:
        """Take in what a colleague wrote to the file."""
        if self.project is None or self.jobs.busy:
            return
        try:
            if self.project.refresh():
                self.history_changed.emit()
        except UserError as error:  # the file is locked for a moment or gone: said once by whoever writes
            self._look.stop()
            self.noticed.emit(error)

    # --- changing data

    def commit(self, edit: Edit, source: object = None, done: Callable[[], None] | None = None, failed: Callable[[UserError], None] | None = None) -> None:
        """Write an edit on the writer's lane, then show it. `failed` hears a `UserError`; without it the message bar does."""
        project = self.project
        if project is None or not edit:
            if done is not None:
                done()
            return

        edit = project.stamped(edit)

        def written(step: Step) -> None:
            project.record(edit, step, source)
            self.history_changed.emit()
            if done is not None:
                done()

        self.jobs.write(
            lambda progress: project.write(edit, progress=progress, store=self._writer()), written, self._failed(failed), loud=len(edit.changes) > 500
        )

    def keep_handwork(self, key: SheetKey, hand: Handwork, done: Callable[[], None], failed: Callable[[UserError], None]) -> None:
        """Write what was changed on a sheet by hand, on the writer's lane."""
        self.jobs.write(lambda _progress: keep(self._writer(), key, hand), lambda _answer: done(), self._failed(failed))

    def record_packet(self, printed: Sequence[Standing], done: Callable[[], None]) -> None:
        """Note on the writer's lane which sheets went out."""
        packet = f"{dt.datetime.now():%Y%m%d-%H%M%S}"
        actor = self.settings.who
        self.jobs.write(lambda _progress: record(self._writer(), printed, packet, actor), lambda _answer: done(), self._failed(None))

    def undo(self) -> None:
        """Take back the last own step."""
        self._step_back("undo")

    def redo(self) -> None:
        """Do the last undone step again."""
        self._step_back("redo")

    def _step_back(self, kind: str) -> None:
        project = self.project
        if project is None:
            return
        step = project.undo_step(project.actor) if kind == "undo" else project.redo_step(project.actor)
        if step is not None:
            self._take_back(project, step, kind)

    def undo_number(self, number: int) -> None:
        """Take back one step of the history; refused in the message bar where somebody built on it."""
        project = self.project
        if project is not None:
            self._take_back(project, project.standing_step(number), "undo")

    def _take_back(self, project: Project, step: Step, kind: str) -> None:
        def work(progress: Progress) -> tuple[Edit, Step]:
            store = self._writer()
            edit = store.edit_of(step.number).inverse()
            return edit, project.write(edit, kind, step.number, progress=progress, store=store)

        def written(answer: tuple[Edit, Step]) -> None:
            project.record(*answer)
            self.history_changed.emit()

        self.jobs.write(work, written, self._failed(None), loud=step.rows > 500)

    def run(
        self, work: Callable[[Project, Progress], Any], done: Callable[[Any], None] | None = None, failed: Callable[[UserError], None] | None = None
    ) -> Progress:
        """Run a service that writes by itself (an import) with a project of its own on the writer's lane; then take in what it wrote."""
        project = self.project
        if project is None:
            raise RuntimeError("no project is open")

        def body(progress: Progress) -> Any:
            own = Project.open(project.path, project.actor, project.role)
            try:
                return work(own, progress)
            finally:
                own.close()

        def heard(answer: Any) -> None:
            project.refresh()
            self.history_changed.emit()
            if done is not None and is_there(done):
                done(answer)

        return self.jobs.write(body, heard, self._failed(failed), loud=True)

    def ask(self, key: str, work: Callable[[Project, Progress], Any], heard: Callable[[Any], None], failed: Callable[[UserError], None] | None = None) -> None:
        """Ask a question on a worker, of the file as it is now with a project of its own; an older question of the same `key` no longer matters."""
        project = self.project
        if project is None:
            return
        path, actor, role = project.path, project.actor, project.role

        def body(progress: Progress) -> Any:
            own = Project.open(path, actor, role)
            try:
                return work(own, progress)
            finally:
                own.close()

        def told(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            if failed is None or is_there(failed):
                (failed or self.noticed.emit)(error)

        self.jobs.latest(key, body, heard, told)

    def _writer(self) -> GeoPackage:
        """The writer's own connection, opened by the writer's thread."""
        project = self.project
        assert project is not None
        if self._writer_store is None:
            self._writer_store = Project.open(project.path, project.actor, project.role).store  # type: ignore[assignment]
        assert self._writer_store is not None
        return self._writer_store

    def _close_writer(self) -> None:
        if self._writer_store is not None:
            self._writer_store.close()
            self._writer_store = None

    def _failed(self, failed: Callable[[UserError], None] | None) -> Callable[[Any], None]:
        def heard(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            if self.project is not None:
                self.project.refresh()
            (failed if failed is not None and is_there(failed) else self.noticed.emit)(error)

        return heard

    def _on_project_changed(self, touched: dict[str, set[str]], source: object) -> None:
        project = self.project
        if project is None:
            return
        if self.selection.layer in touched:
            index = project.features(self.selection.layer).index
            self.selection.set(self.selection.layer, [row_id for row_id in self.selection.ids if row_id in index], source)
        self.changed.emit(touched, source)

    # --- what is shown

    def set_filter(self, layer: str, wanted: Filter | None, title: str = "", mask: Callable[[Features], Any] | None = None) -> None:
        """Show only some features of a layer, in table and map. None: all again. `mask` adds a condition that no `Filter` can say."""
        if wanted is None and mask is None:
            self._filters.pop(layer, None)
            self._masks.pop(layer, None)
        else:
            self._filters[layer] = (wanted or Filter(), title)
            self._masks.pop(layer, None)
            if mask is not None:
                self._masks[layer] = mask
        self.filtered.emit(layer)

    def filter_title(self, layer: str) -> str:
        """What the layer is filtered by, '' for nothing."""
        return self._filters[layer][1] if layer in self._filters else ""

    def mask(self, layer: str) -> Any:
        """(n,) which features of a layer are shown, None for all."""
        if self.project is None or layer not in self._filters:
            return None
        features = self.project.features(layer)
        mask = self._filters[layer][0].mask(features)
        return mask & self._masks[layer](features) if layer in self._masks else mask

    def zoom_to(self, features: list[Feature]) -> None:
        """Ask the map to show features."""
        there = [feature.geometry.bounds for feature in features if feature.geometry is not None and not feature.geometry.is_empty]
        if there:
            import numpy as np

            extent = extent_of(np.array(there, dtype=float))
            if extent is not None:
                self.zoom_asked.emit(Extent(extent.x0, extent.y0, extent.x1, extent.y1))
