"""An open project: its features in memory, and the one way to change them.

The window writes on a worker and records on its own thread (`write` + `record`); scripts and the command line do both at once (`apply`).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Edit, Step
from chuangwen.domain.checklist import VERSION_FIELD, stamped, version_of
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.history import stacks, standing
from chuangwen.domain.layer import Layer, Layers
from chuangwen.domain.roles import PLANNER
from chuangwen.domain.values import GEOMETRY, Scalar, Values
from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.settings import layers_folder
from chuangwen.store.base import ImportRecord, SourceRows, Store, newest_of
from chuangwen.store.geopackage import Clock, GeoPackage
from chuangwen.store.layer_files import read_layers
from chuangwen.text import _

_LOOKED_BACK = 20
"""How many imports are asked what they said of a feature that the list at hand did not have last time."""

Listener = Callable[[dict[str, set[str]], object], None]
"""Hears `changed(touched, source)`: layer → ids, and who made the change (None: undo, a colleague, an import)."""


class Project:
    """One project file, open. Belongs to one thread but for `write`, which may run on the writer's."""

    def __init__(self, store: Store, path: Path, actor: str, role: str = PLANNER) -> None:
        self.store = store
        self.path = path
        self.actor = actor
        self.role = role
        self.listeners: list[Listener] = []
        self._features: dict[str, Features] = {}
        self._steps = store.steps()

    @staticmethod
    def create(path: Path, campaign: Campaign, epsg: int, actor: str, role: str = PLANNER, clock: Clock = dt.datetime.now) -> Project:
        """Make the file and open it. Raises `FileProblem` where it exists already or cannot be written."""
        GeoPackage.create(path, read_layers(layers_folder()), epsg, campaign).close()
        return Project.open(path, actor, role, clock)

    @staticmethod
    def open(path: Path, actor: str, role: str = PLANNER, clock: Clock = dt.datetime.now) -> Project:
        """Open a project file. `role` (domain.md 8.5) is noted with every step, `clock` gives the steps their time.

        Raises `FileProblem` with cause and remedy.
        """
        return Project(GeoPackage.open(path, read_layers(layers_folder()), clock), path, actor, role)

    def close(self) -> None:
        """Let go of the file. Nothing is left to save."""
        self.store.close()

    @property
    def layers(self) -> Layers:
        """The declared layers and the reference layers of this project."""
        return self.store.layers

    @property
    def campaign(self) -> Campaign:
        """Title and dates."""
        return self.store.campaign

    @property
    def epsg(self) -> int:
        """The project's CRS."""
        return self.store.epsg

    @property
    def last_step(self) -> int:
        """Number of the last step that is in memory; 0 where nothing was ever done."""
        return self._steps[-1].number if self._steps else 0

    @property
    def files_folder(self) -> Path:
        """The folder beside the project for photos and documents (design.md, decision 1); may not exist yet."""
        return self.path.with_name(self.path.stem + ".files")

    @property
    def data_time(self) -> dt.datetime:
        """数据截止时间: when something was last written, on the fixed day of a project that has one; the campaign's moment where nothing ever was."""
        written = self._steps[-1].at if self._steps else self.campaign.now
        day = self.campaign.fixed_today
        return dt.datetime.combine(day, written.time()) if day is not None else written

    @property
    def identifier(self) -> str:
        """The same for this project and its copies, whatever they are called, and for no other: a digest of the first step of the log; '' before it."""
        if not self._steps:
            return ""
        first = self._steps[0]
        return hashlib.sha256(f"{first.at.isoformat()} {first.by} {first.label}".encode()).hexdigest()[:24]

    def features(self, layer: str) -> Features:
        """All features of a layer, read once and kept up to date by `record`."""
        if layer not in self._features:
            self._features[layer] = self.store.features(layer)
        return self._features[layer]

    def feature(self, layer: Layer, code: str) -> Feature:
        """The feature of a code. Raises `UserError` where there is none."""
        found = self.features(layer.id).coded(code) or self.features(layer.id).feature(code)
        if found is None:
            raise UserError(_("{layer}中没有编号 {code}。").format(layer=layer.title, code=code))
        return found

    def former(self, layer: str, list_key: str) -> SourceRows | None:
        """What the same list said of a layer's features when it was last imported; an import that was undone does not count."""
        found = next((one.id for one in self.store.imports() if one.list_key == list_key and one.layer == layer and not one.undone), None)
        return None if found is None else self.store.source_rows(found)

    def said_before(self, layer: str) -> SourceRows:
        """What the last imports of a layer said of each feature, the newest word of each; undone ones do not count."""
        records = [one for one in self.store.imports() if one.layer == layer and not one.undone]
        return newest_of(layer, [self.store.source_rows(one.id) for one in records[:_LOOKED_BACK]])

    def apply(
        self,
        edit: Edit,
        source: object = None,
        imported: ImportRecord | None = None,
        progress: Progress | None = None,
        sources: Sequence[SourceRows] = (),
    ) -> Step | None:
        """Write an edit and tell the listeners. An edit that changes nothing writes nothing and gives None."""
        if not edit and imported is None:
            return None
        edit = self.stamped(edit)
        step = self.write(edit, imported=imported, progress=progress, sources=sources)
        if imported is not None:
            for layer in {change.layer for change in edit.changes}:
                self.forget(layer)  # whoever looks next reads a hundred thousand rows faster than they are patched in, and most imports have nobody looking
        self.record(edit, step, source)
        return step

    def stamped(self, edit: Edit) -> Edit:
        """A new edit with the campaign's version of the checklist beside the results that it sets (SR-15). What is undone and redone has its own."""
        return stamped(edit, version_of(self.campaign.checklist), self._checked_by)

    def _checked_by(self, layer: str, row_id: str) -> Scalar:
        features = self.features(layer)
        return features.column(VERSION_FIELD)[features.index[row_id]] if row_id in features.index else None

    def write(
        self,
        edit: Edit,
        kind: str = "do",
        of: int | None = None,
        imported: ImportRecord | None = None,
        progress: Progress | None = None,
        store: Store | None = None,
        sources: Sequence[SourceRows] = (),
    ) -> Step:
        """Only write: one transaction, on disk when it returns. `store`: the caller's own connection, on a worker."""
        return (store or self.store).write(edit, self.actor, kind, of, imported, progress, sources, self.role)

    def record(self, edit: Edit, step: Step, source: object = None) -> None:
        """Take a written edit into memory and tell the listeners."""
        self._steps.append(step)
        for layer in {change.layer for change in edit.changes}:
            if layer in self._features:
                rows: dict[str, Values | None] = {}
                for change in edit.changes:
                    if change.layer == layer:
                        # A row taken out and added again in one edit keeps nothing of what it was.
                        held = (rows[change.id] or dict.fromkeys((*self.layers[layer].field_by_name, GEOMETRY))) if change.id in rows else {}
                        rows[change.id] = None if change.after is None else {**held, **change.after}
                self._features[layer] = self._features[layer].patched(rows)
        if self.listeners:
            self._tell({layer: set(ids) for layer, ids in edit.touched.items()}, source)

    def forget(self, layer: str) -> None:
        """Read a layer anew at the next look."""
        self._features.pop(layer, None)

    def refresh(self) -> bool:
        """Take in what others wrote to the file since we last looked; whether there was anything."""
        last = self.last_step
        news = self.store.steps(since=last)
        if not news:
            return False
        self._steps.extend(news)
        touched = self.store.touched_since(last)
        for layer in touched:
            self.forget(layer)
        self._tell(touched, None)
        return True

    def undo_step(self, by: str | None = None) -> Step | None:
        """The step that `undo` would take back, for the menu."""
        undo, _redo = stacks(self._steps, by)
        return undo[-1] if undo else None

    def redo_step(self, by: str | None = None) -> Step | None:
        """The step that `redo` would do again."""
        _undo, redo = stacks(self._steps, by)
        return redo[-1] if redo else None

    def undo(self, by: str | None = None) -> Step:
        """Take back the last step (of `by`). Raises `UserError` where there is none, `Conflict` where somebody built on it."""
        step = self.undo_step(by)
        if step is None:
            raise UserError(_("没有可以撤销的操作。"))
        return self._take_back(step, "undo")

    def redo(self, by: str | None = None) -> Step:
        """Do the last undone step again."""
        step = self.redo_step(by)
        if step is None:
            raise UserError(_("没有可以重做的操作。"))
        return self._take_back(step, "redo")

    def steps(self) -> list[Step]:
        """All that was ever written, oldest first."""
        return list(self._steps)

    def undo_number(self, number: int) -> Step:
        """Take back one step, whatever was done after it elsewhere. Raises `UserError` as `standing_step` does, `Conflict` where somebody built on it."""
        return self._take_back(self.standing_step(number), "undo")

    def standing_step(self, number: int) -> Step:
        """The step of a number that was not taken back. Raises `UserError` where there is none such."""
        step = next((one for one in self._steps if one.number == number and one.kind == "do"), None)
        if step is None:
            raise UserError(_("没有第 {number} 步。").format(number=number), hint=_("“修改经过”里有每一步的编号。"))
        if number not in standing(self._steps):
            raise UserError(_("第 {number} 步“{label}”已经撤销。").format(number=number, label=step.label))
        return step

    def undo_import(self, import_id: str) -> Step:
        """Take back one import, whatever was done after it elsewhere. Raises `UserError` where it changed nothing, `Conflict` where somebody built on it."""
        step = self.store.step_of(import_id)
        if step is None:
            raise UserError(_("这次导入没有改动，或已经撤销。"))
        return self._take_back(step, "undo")

    def _take_back(self, step: Step, kind: str) -> Step:
        edit = self.store.edit_of(step.number).inverse()
        written = self.write(edit, kind, step.number)
        self.record(edit, written)
        return written

    def _tell(self, touched: dict[str, set[str]], source: object) -> None:
        for listener in list(self.listeners):
            listener(touched, source)
