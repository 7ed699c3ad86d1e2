"""The files that wait to be imported, one in hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Waiting:
    """A file of the queue and what became of it: '' still to do, `done`, `undone`."""

    path: Path
    state: str = ""


class Queue:
    """`now` is the number of the file in hand, -1 for none."""

    def __init__(self) -> None:
        self.files: list[Waiting] = []
        self.now = -1

    def add(self, paths: Sequence[Path]) -> int:
        """Put files behind the others, those that wait already only once; the number of the first of `paths`."""
        waiting = [one.path for one in self.files if not one.state]
        self.files += [Waiting(path) for path in paths if path not in waiting]
        return next(number for number, one in enumerate(self.files) if one.path == paths[0] and not one.state)

    @property
    def current(self) -> Waiting | None:
        """The file in hand."""
        return self.files[self.now] if 0 <= self.now < len(self.files) else None

    @property
    def following(self) -> int | None:
        """The number of the next file that is still to do, None where there is none."""
        return next((number for number, one in enumerate(self.files) if not one.state), None)
