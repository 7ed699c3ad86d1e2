"""The second process of `sharing`: hears on standard input which pages to draw, gives each part back on standard output, ends when nobody talks to it."""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Sequence
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

from chuangwen.progress import Progress
from chuangwen.render.painting import Tally, part_of
from chuangwen.render.paper.page import Page
from chuangwen.render.sharing import FAILED, PAGE, PART, Job, PageOf, Said, mark_of
from chuangwen.services.project import Project
from chuangwen.settings import read_settings, resources_folder
from chuangwen.text import use_language


def main() -> None:
    """Serve until the input ends."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between
    heard: SimpleQueue[Any] = SimpleQueue()
    Thread(target=_listen, args=(heard,), daemon=True).start()
    settings, _problems = read_settings()
    use_language(resources_folder() / "locale", settings.language)
    try:
        _serve(heard, out)
    except Exception as error:  # noqa: BLE001 whatever it is, the first process draws the rest and logs why
        _say(out, (FAILED, f"{type(error).__name__}: {error}"))


def _listen(heard: SimpleQueue[Any]) -> None:
    """Reads ahead, so that the end of the other process ends this one at once, in the middle of a page."""
    while True:
        try:
            heard.put(pickle.load(sys.stdin.buffer))  # noqa: S301 a process of ours
        except (EOFError, OSError):
            os._exit(0)


def _serve(heard: SimpleQueue[Any], out: BinaryIO) -> None:
    job: Job = heard.get()
    project = Project.open(job.project, job.actor)
    for layer in project.layers.drawn():
        project.features(layer.id)
    if project.last_step != job.step or project.refresh():
        raise RuntimeError("the file says something else than the first process knows")
    pages = job.again(project)
    while True:
        wanted: Sequence[PageOf] = heard.get()
        _say(out, (PART, part_of([_page(pages, one) for one in wanted], _Told(out, len(wanted)))))


def _page(pages: Sequence[Page], wanted: PageOf) -> Page:
    if wanted.at >= len(pages) or mark_of(pages[wanted.at]) != wanted.mark:
        raise RuntimeError(f"page {wanted.at + 1} is another one here")
    return pages[wanted.at]


def _say(out: BinaryIO, said: Said) -> None:
    pickle.dump(said, out)
    out.flush()


class _Told(Tally):
    """Says each page over there."""

    def __init__(self, out: BinaryIO, total: int) -> None:
        super().__init__(Progress(), total)
        self._out = out

    def drawn(self, page: Page) -> None:
        _say(self._out, (PAGE, page.scenes))


if __name__ == "__main__":
    main()
