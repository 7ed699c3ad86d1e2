"""What the log knows of the issues' changes of state: when, into which state, and which unit was responsible until then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.history import standing
from chuangwen.domain.issue_facts import Moves
from chuangwen.domain.values import plain

if TYPE_CHECKING:
    from chuangwen.domain.feature import Features
    from chuangwen.services.project import Project


def moves_of(project: Project, issues: Features, last_step: int | None = None) -> Moves:
    """The changes of state of `issues` that stand (what was undone is left out), up to a step where one is given: for a past view."""
    steps = {step.number: step for step in project.store.steps() if last_step is None or step.number <= last_step}
    stand = standing(steps.values())
    units = {row_id: plain(unit) for row_id, unit in zip(issues.ids, issues.column("responsible_unit"), strict=True)}
    found: list[tuple[int, int, str, str]] = []
    for update in reversed(project.store.updates("issue", ("status", "responsible_unit"))):
        at = issues.index.get(update.row_id)
        if at is None or update.step not in steps:
            continue
        if "responsible_unit" in update.before:
            units[update.row_id] = plain(update.before["responsible_unit"])
        if "status" in update.after and update.step in stand:
            found.append((at, steps[update.step].at.toordinal(), plain(update.after["status"]), units[update.row_id]))
    found.reverse()
    return Moves(
        np.array([one[0] for one in found], dtype=np.int32),
        np.array([one[1] for one in found], dtype=np.int32),
        [one[2] for one in found],
        [one[3] for one in found],
    )
