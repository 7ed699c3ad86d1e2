"""Which step can be undone and which redone, from the log alone: so undo survives a restart."""

from __future__ import annotations

from collections.abc import Iterable

from chuangwen.domain.change import Step


def stacks(steps: Iterable[Step], by: str | None = None) -> tuple[list[Step], list[Step]]:
    """The steps that can be undone and those that can be redone, the next one last.

    `steps` come in the order they were written. With `by` only that person's own steps count: nobody takes back a colleague's work by
    accident; what a colleague took back of it by name (an import) is not offered again. A step in the redo list is the *undo* entry, whose inverse does the
    work again.
    """
    undo: list[Step] = []
    redo: list[Step] = []
    for step in steps:
        mine = by is None or step.by == by
        if step.kind == "do":
            if mine:
                undo.append(step)
                redo.clear()
            continue
        source, target = (undo, redo) if step.kind == "undo" else (redo, undo)
        at = next((at for at in reversed(range(len(source))) if source[at].number == step.of), None)
        if at is not None:
            del source[at]
        elif mine and source:
            source.pop()
        if mine:
            target.append(step)
    return undo, redo


def standing(steps: Iterable[Step]) -> set[int]:
    """The numbers of the steps whose work stands: done (or done again) and not taken back since. `steps` in the order they were written."""
    found: set[int] = set()
    origin: dict[int, int] = {}  # an undo or redo → the step whose work it takes back or does again
    for step in steps:
        if step.kind == "do" or step.of is None:
            found.add(step.number)
            continue
        origin[step.number] = first = origin.get(step.of, step.of)
        if step.kind == "undo":
            found.discard(first)
        else:
            found.add(first)
    return found
