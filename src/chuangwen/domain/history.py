"""Which step can be undone and which redone, from the log alone: so undo survives a restart."""

from __future__ import annotations

from collections.abc import Iterable

from chuangwen.domain.change import Step


def stacks(steps: Iterable[Step], by: str | None = None) -> tuple[list[Step], list[Step]]:
    """The steps that can be undone and those that can be redone, the next one last.

    `steps` come in the order they were written. With `by` only that person's own steps count: nobody takes back a colleague's work by
    accident. A step in the redo list is the *undo* entry, whose inverse does the work again.
    """
    undo: list[Step] = []
    redo: list[Step] = []
    for step in steps:
        if by is not None and step.by != by:
            continue
        if step.kind == "do":
            undo.append(step)
            redo.clear()
        elif step.kind == "undo":
            if undo:
                undo.pop()
            redo.append(step)
        else:
            if redo:
                redo.pop()
            undo.append(step)
    return undo, redo
