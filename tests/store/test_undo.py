"""Edit, undo and redo by one planner while a colleague writes in between: whatever the order, the project is what plain bookkeeping says."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import Conflict
from chuangwen.services.project import Project
from chuangwen.store.geopackage import GeoPackage
from tests.store.build import LAYERS, boxes, project, spot

Rows = dict[str, dict[str, Any]]
IDS = st.sampled_from([f"r{number}" for number in range(5)])
FIELDS = {"name": st.sampled_from([None, "甲", "乙", ""]), "visits": st.sampled_from([None, 0, 1]), GEOMETRY: st.sampled_from([None, spot(1, 2), spot(3, 4)])}
VALUES = st.fixed_dictionaries({}, optional=FIELDS).filter(bool)
ME, COLLEAGUE = "王", "李"


class Office(RuleBasedStateMachine):
    """Two people on one file, and a model: rows as dictionaries, and for each of my steps the rows that it touched, before and after."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = TemporaryDirectory()
        self.path = Path(self._folder.name) / "p.gpkg"
        project(self.path).close()
        self.mine = self._open(ME)
        self.theirs = self._open(COLLEAGUE)
        self.model: Rows = {}
        self.done: list[list[tuple[str, Any, Any]]] = []  # of each of my edits: (id, before, after) in order
        self.undone: list[list[tuple[str, Any, Any]]] = []
        self.past: dict[int, Rows] = {}  # last step → the model after it

    def _open(self, who: str) -> Project:
        return Project(GeoPackage.open(self.path, LAYERS), self.path, who)

    def teardown(self) -> None:
        self.mine.close()
        self.theirs.close()
        self._folder.cleanup()

    # what people do

    def _edit(self, wishes: list[tuple[str, dict[str, Any] | None]]) -> tuple[Edit, list[tuple[str, Any, Any]]]:
        """The edit of some wishes (None: remove), and what it does to the model's rows."""
        after, changes, notes = deepcopy(self.model), [], []
        for row_id, wish in wishes:
            was = after.get(row_id)
            if wish is None and was is not None:
                changes.append(Change("site", row_id, dict(was), None))
                notes.append((row_id, after.pop(row_id), None))
            elif wish is not None and was is None:
                changes.append(Change("site", row_id, None, dict(wish)))
                after[row_id] = dict.fromkeys((*(field.name for field in LAYERS["site"].fields), GEOMETRY)) | wish
                notes.append((row_id, None, dict(after[row_id])))
            elif wish is not None and was is not None:
                touched = {name: was[name] for name in wish}
                changes.append(Change("site", row_id, touched, dict(wish)))
                after[row_id] = was | wish
                notes.append((row_id, touched, dict(wish)))
        return Edit("改", tuple(changes)), notes

    def _take(self, notes: list[tuple[str, Any, Any]]) -> None:
        for row_id, before, after in notes:
            if after is None:
                self.model.pop(row_id)
            else:
                self.model[row_id] = (self.model[row_id] | after) if before is not None else dict(after)

    @rule(wishes=st.lists(st.tuples(IDS, st.none() | VALUES), min_size=1, max_size=4))
    def i_edit(self, wishes: list[tuple[str, dict[str, Any] | None]]) -> None:
        """One edit of several rows; one row may come several times."""
        edit, notes = self._edit(wishes)
        self.mine.refresh()
        if self.mine.apply(edit) is not None:
            self._take(notes)
            self.done.append(notes)
            self.undone.clear()

    @rule(wishes=st.lists(st.tuples(IDS, st.none() | VALUES), min_size=1, max_size=2))
    def a_colleague_edits(self, wishes: list[tuple[str, dict[str, Any] | None]]) -> None:
        """In the same file, through another connection."""
        edit, notes = self._edit(wishes)
        if self.theirs.apply(edit) is not None:
            self._take(notes)

    def _fits(self, notes: list[tuple[str, Any, Any]], *, back: bool) -> bool:
        """Whether a step can be taken back (or done again) on the rows as the model has them."""
        rows = deepcopy(self.model)
        for row_id, was, now in reversed(notes) if back else notes:
            holds, becomes = (now, was) if back else (was, now)
            row = rows.get(row_id)
            if holds is None:
                if row is not None:
                    return False
                rows[row_id] = dict(becomes)
                continue
            if row is None or any(row[name] != value for name, value in holds.items()):
                return False
            if becomes is None:
                rows.pop(row_id)
            else:
                rows[row_id] = row | becomes
        return True

    @precondition(lambda self: self.done)
    @rule()
    def i_undo(self) -> None:
        """Taken back, or refused where the colleague built on it; then nothing has changed."""
        self.mine.refresh()
        notes = self.done[-1]
        if not self._fits(notes, back=True):
            with pytest.raises(Conflict):
                self.mine.undo(ME)
            return
        self.mine.undo(ME)
        self._take([(row_id, now, was) for row_id, was, now in reversed(notes)])
        self.undone.append(self.done.pop())

    @precondition(lambda self: self.undone)
    @rule()
    def i_redo(self) -> None:
        """Done again, or refused."""
        self.mine.refresh()
        notes = self.undone[-1]
        if not self._fits(notes, back=False):
            with pytest.raises(Conflict):
                self.mine.redo(ME)
            return
        self.mine.redo(ME)
        self._take(notes)
        self.done.append(self.undone.pop())

    @rule()
    def i_start_the_program_anew(self) -> None:
        """Undo survives a restart."""
        self.mine.close()
        self.mine = self._open(ME)

    # what must hold

    @invariant()
    def the_file_says_what_the_model_says(self) -> None:
        """Rows and R-tree."""
        store = self.theirs.store
        features = store.features("site")
        assert self.model == {one.id: {**one.values, GEOMETRY: one.geometry} for one in features}
        assert isinstance(store, GeoPackage)
        placed = [one.geometry.bounds for one in features if one.geometry is not None]
        assert placed == [tuple(row[1:]) for row in boxes(store, "site")]

    @invariant()
    def the_past_is_what_it_was(self) -> None:
        """The log alone gives back the rows after the first step, the one half-way and the last."""
        steps = self.theirs.store.steps()
        self.past.setdefault(steps[-1].number if steps else 0, deepcopy(self.model))
        known = sorted(self.past)
        for number in {known[0], known[len(known) // 2], known[-1]}:
            assert self.past[number] == {one.id: {**one.values, GEOMETRY: one.geometry} for one in self.theirs.store.as_of("site", number)}

    @invariant()
    def my_window_says_so_too(self) -> None:
        """The rows in memory, kept up to date by record and refresh."""
        self.mine.refresh()
        assert self.model == {one.id: {**one.values, GEOMETRY: one.geometry} for one in self.mine.features("site")}


ANY = settings(stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
# To be seen failing is enough: no search for the smallest failure.
HUNT = settings(ANY, max_examples=300, phases=[Phase.generate], database=None, print_blob=False)


def test_undo_and_redo_with_a_colleague_writing_in_between() -> None:
    """Some days at the office."""
    run_state_machine_as_test(Office, settings=settings(ANY, max_examples=6))


@pytest.mark.slow
def test_undo_and_redo_through_a_whole_campaign() -> None:
    """Sixty days."""
    run_state_machine_as_test(Office, settings=settings(ANY, max_examples=60))


def _unordered(edit: Edit) -> Edit:
    return Edit(edit.label, tuple(change.inverse() for change in edit.changes), edit.import_id)


def _forgetful(change: Change) -> Change:
    return Change(change.layer, change.id, change.after, {**change.before, "name": None} if change.before else change.before)


@pytest.mark.parametrize(("kind", "broken"), [(Edit, _unordered), (Change, _forgetful)])
def test_the_office_notices_a_broken_inverse(monkeypatch: pytest.MonkeyPatch, kind: type[Any], broken: Any) -> None:
    """The guard is seen to fire: an inverse that keeps the order of the changes, one that forgets a name."""
    monkeypatch.setattr(kind, "inverse", broken)
    with pytest.raises((AssertionError, Conflict, ExceptionGroup)):
        run_state_machine_as_test(Office, settings=HUNT)
