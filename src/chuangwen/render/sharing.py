"""The pages of a long run drawn by two processes, where the computer has two cores.

The second process opens the project file for itself (opening changes no byte), makes the same pages from it and draws whole parts of the run;
which part consists of which pages does not depend on who draws it, so the file is the same, byte for byte. It is given up, and everything drawn here, where it
dies, or where the file says something else than what is in memory.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import zlib
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING, Any

import chuangwen
from chuangwen.progress import Progress
from chuangwen.render.painting import Tally, part_of
from chuangwen.render.paper.page import Page

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_LEAST_PAGES = 36
"""Fewer are drawn sooner than a second process has started."""
_PATIENCE = 0.05  # seconds between two looks at whether to stop
_log = logging.getLogger(__name__)

Said = tuple[str, Any]
"""A message of the second process: PAGE and what is known of its maps for each page drawn, PART and its bytes, FAILED and why."""
PAGE, PART, FAILED = "page", "part", "failed"


Again = Callable[["Project"], Sequence[Page]]
"""Makes the pages of a run from the project file; a function of a module, or a `functools.partial` of one with plain values: another process is given it."""


@dataclass(frozen=True, slots=True)
class Job:
    """What the second process is told first. `step`: the last edit that the project in memory knows; `again` makes all pages of the run anew."""

    project: Path
    actor: str
    step: int
    again: Again


@dataclass(frozen=True, slots=True)
class PageOf:
    """A page of the run: the how-manieth from 0; `mark` is the same where the page is the same."""

    at: int
    mark: int


def mark_of(page: Page) -> int:
    """A number from what a page shows, but for the drawing of its maps."""
    shown = (page.name, len(page.atlas.pages), page.atlas.style, page.sheet.maps, page.sheet.news, page.listings)
    return zlib.crc32(repr(shown).encode("utf-8", "surrogatepass"))


def drawn(parts: Sequence[Sequence[Page]], progress: Progress, again: Again | None = None) -> Generator[tuple[int, bytes], None, None]:
    """Each part with its number and as a PDF, as they are finished. Raises `Cancelled`; when it is closed, no process is left behind.

    `again`: gives the pages of all parts, in order, in another process; None: they are drawn in this one.
    """
    tally = Tally(progress, sum(map(len, parts)))
    todo = deque(range(len(parts)))
    made: SimpleQueue[tuple[int, bytes]] = SimpleQueue()
    second = _Second(parts, again, todo, made, tally) if again is not None and _worth_sharing(parts) else None
    missing = len(parts)
    try:
        for atlas in {id(page.atlas): page.atlas for part in parts for page in part if page.map_blocks}.values():
            atlas.read(progress.silent())  # while the other process does the same
        while missing:
            try:
                found = made.get_nowait() if second is not None else None
            except Empty:
                found = None
            if found is None and todo:
                with suppress(IndexError):  # the last one was taken over there in this moment
                    at = todo.popleft()
                    found = (at, part_of(parts[at], tally))
            if found is not None:
                missing -= 1
                yield found
            elif second is not None:
                second.wait(_PATIENCE)
                tally.say()
    finally:
        if second is not None:
            second.stop()


def _worth_sharing(parts: Sequence[Sequence[Page]]) -> bool:
    return sum(map(len, parts)) >= _LEAST_PAGES and len(parts) > 1 and (os.cpu_count() or 1) > 1 and not getattr(sys, "frozen", False)


class _Second:
    """The other process, seen from here: takes parts from the end of `todo`, lays them down in `made`."""

    def __init__(self, parts: Sequence[Sequence[Page]], again: Again, todo: deque[int], made: SimpleQueue[tuple[int, bytes]], tally: Tally) -> None:
        self._todo, self._made, self._tally = todo, made, tally
        self._stopping = False
        project = parts[0][0].atlas.project
        self._pages = parts
        self._job = Job(project.path, project.actor, project.last_step, again)
        counted = count()
        self._asked = [[PageOf(next(counted), mark_of(page)) for page in part] for part in parts]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "chuangwen.render.second"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows would show a black one
        )
        self._thread = Thread(target=self._serve, name="second process", daemon=True)
        self._thread.start()

    def wait(self, seconds: float) -> None:
        """Until it has nothing more to do, or so long."""
        self._thread.join(seconds)

    def stop(self) -> None:
        """End it, whatever it is doing."""
        self._stopping = True
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not sent yet has nobody to hear it
                assert pipe is not None
                pipe.close()

    def _serve(self) -> None:
        at = None
        counted = 0
        try:
            self._tell(self._job)
            while self._todo:
                at, counted = self._todo.pop(), 0
                self._tell(self._asked[at])
                while (said := self._heard())[0] == PAGE:
                    self._pages[at][counted].recall(iter(said[1]))
                    self._tally.count(1)
                    counted += 1
                self._made.put((at, said[1]))
                at = None
        except (OSError, EOFError, pickle.UnpicklingError, IndexError, RuntimeError) as error:
            if not self._stopping:
                _log.warning("the second process is given up: %s", error)
        finally:
            if at is not None:
                self._tally.count(-counted)
                self._todo.append(at)

    def _tell(self, message: object) -> None:
        assert self._process.stdin is not None
        pickle.dump(message, self._process.stdin)
        self._process.stdin.flush()

    def _heard(self) -> Said:
        """What it says. Raises `RuntimeError` with its reason where it cannot."""
        assert self._process.stdout is not None
        kind, what = pickle.load(self._process.stdout)  # noqa: S301 a process of ours
        if kind == FAILED:
            raise RuntimeError(what)
        return kind, what


def _environment() -> dict[str, str]:
    """The same program, drawing off screen."""
    source = str(Path(chuangwen.__file__).parents[1])
    platform = {} if sys.platform in ("win32", "darwin") else {"QT_QPA_PLATFORM": "offscreen"}
    return {**os.environ, **platform, "PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))}
