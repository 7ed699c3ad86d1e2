"""Where the print window's pages are planned, laid out and drawn: one thread with a project of its own, so that nothing waits for anything else's file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtGui import QImage

from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.render.output import image
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.preflight import check
from chuangwen.render.paper.products import PRODUCTS, atlas, sheets
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.handwork import key_of as key_of_sheet
from chuangwen.services.paper.printed import standings
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.services.project import Project
from chuangwen.services.seen_project import seen
from chuangwen.store.base import SheetKey
from chuangwen.ui.printing.spots import speaks_of
from chuangwen.ui.session import Session

Key = tuple[str, str, int, int]
"""What a page is, however often the run is planned anew: product, subject, part of the subject, part of the sheet."""

_SHOWN_LATELY = 6
"""Pages whose maps stay thought out: going back and forth shows them at once."""


def key_of(page: Page) -> Key:
    """The key of a page."""
    product, subject, part = key_of_sheet(page.sheet)
    return product, subject, part, page.part


@dataclass(frozen=True, slots=True)
class Line:
    """A finding of the pre-flight without the pages it was made on, which would keep all their maps. `page`: None for one of the whole run."""

    severity: str
    words: str
    page: Key | None
    feature: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class News:
    """A sheet before it is laid out. `subject`: id, or the sheet's code where it is about none; `issues`: ids of open ones on it; `differs`: what is new on it
    since it last went out, '' nothing, None where nothing ever went out.
    """

    product: str
    key: SheetKey
    subject: str
    issues: frozenset[str]
    differs: str | None


def _news(sheet: Sheet, differs: str | None) -> News:
    subject = sheet.subject.id if sheet.subject is not None else sheet.code
    issues = frozenset(row.feature.id for row in sheet.rows.get("issue", ()))
    return News(sheet.product, key_of_sheet(sheet), subject, issues, differs)


class Press:
    """Asked by the window, answers on its thread. Newer requests of one kind replace older ones that are still waiting."""

    def __init__(self, session: Session) -> None:
        project = session.project
        assert project is not None
        self._jobs = session.jobs
        self._path, self._actor = project.path, project.actor
        self._lane = f"paper-{id(self):x}"
        self._own: Project | None = None
        self._lately: list[Page] = []
        self._asked: dict[str, Progress] = {}
        self._open = True

    def plan(self, request: Request, done: Callable[[Atlas], None], failed: Callable[[UserError], None]) -> None:
        """The run of a request with its pages laid out."""

        def work(progress: Progress) -> Atlas:
            run = atlas(self._project(), request)
            run.prepare(progress)
            return run

        self.ask("plan", work, done, failed)

    def check(self, request: Request, told: Progress, done: Callable[[list[Line]], None], failed: Callable[[UserError], None]) -> None:
        """The pre-flight of a request, on pages of its own."""

        def work(_progress: Progress) -> list[Line]:
            run = atlas(self._project(), request)
            run.prepare(told)
            found = check(run, progress=told)
            return [Line(one.severity, one.words, None if one.page is None else key_of(one.page), one.feature) for one in found]

        self.ask("check", work, done, failed)

    def exchange(self, run: Atlas, sheet: Sheet, done: Callable[[list[Page]], None], failed: Callable[[UserError], None]) -> None:
        """One sheet of a run anew, as the project says now; all pages."""
        subject = sheet.subject
        request = replace(run.request, codes=(subject.id,)) if PRODUCTS[run.request.product].subject and subject is not None else run.request

        def work(_progress: Progress) -> list[Page]:
            for one in sheets(self._project(), request):
                if key_of_sheet(one) == key_of_sheet(sheet):
                    run.exchange(one)
            return run.pages

        self.ask(f"exchange {key_of_sheet(sheet)}", work, done, failed)

    def news(self, request: Request, run: Atlas | None, done: Callable[[list[News]], None], failed: Callable[[UserError], None]) -> None:
        """Which sheets a request has: what can be printed, what lies on it, what is new on it. `run`: the sheets of that request, where they are planned."""

        def work(progress: Progress) -> list[News]:
            project = seen(self._project(), request.reader)
            planned = sheets(project, request) if run is None else run.sheets
            progress.at(0)
            if not project.store.printed():
                return [_news(sheet, None) for sheet in planned]
            return [_news(one.sheet, one.note if one.changed else "") for one in standings(project, planned, mono=request.mono)]

        self.ask("news", work, done, failed)

    def where(self, run: Atlas, feature: tuple[str, str], done: Callable[[list[Page]], None]) -> None:
        """The pages of a run that have a feature on a map or in a row, or are about it."""

        def work(progress: Progress) -> list[Page]:
            return [page for page in progress.each(run.pages, len(run.pages)) if speaks_of(page, feature)]

        self.ask("where", work, done)

    def picture(self, page: Page, dots_per_mm: float, part: Rect, done: Callable[[QImage], None]) -> None:
        """A part of a page (mm), sharp."""

        def work(progress: Progress) -> QImage:
            self._remember(page)
            page.prepare(progress)
            return image(page, dots_per_mm, part)

        self.cancel("ahead")
        self.ask("picture", work, done)

    def ahead(self, pages: Sequence[Page]) -> None:
        """Think out the maps of pages that are likely to be looked at next."""

        def work(progress: Progress) -> None:
            for page in pages:
                self._remember(page)
                page.prepare(progress)

        self.ask("ahead", work, lambda _nothing: None)

    def cancel(self, kind: str) -> None:
        """What was asked of a kind is wanted no more."""
        if kind in self._asked:
            self._asked[kind].cancel()

    def thumbnail(self, page: Page, dots_per_mm: float, done: Callable[[QImage], None]) -> None:
        """A small picture of a page, whose maps are forgotten afterwards."""

        def work(progress: Progress) -> QImage:
            page.prepare(progress)
            made = image(page, dots_per_mm)
            if page not in self._lately:
                page.forget()
            return made

        self.ask("thumbnail", work, done)

    def ask(self, kind: str, work: Callable[[Progress], Any], done: Callable[[Any], None], failed: Callable[[UserError], None] | None = None) -> None:
        """Run `work` on the press's thread. Nothing is heard any more once it is closed."""

        def body(progress: Progress) -> Any:
            progress.at(0)
            return work(progress)

        def heard(answer: Any) -> None:
            if self._open:
                done(answer)

        def refused(error: Exception) -> None:
            if not isinstance(error, UserError) or failed is None:
                raise error
            if self._open:
                failed(error)

        self._asked[kind] = self._jobs.latest(f"{self._lane} {kind}", body, heard, refused, lane=self._lane)

    def close(self) -> None:
        """Stop what waits, let go of the file, end the thread."""
        self._open = False
        for progress in self._asked.values():
            progress.cancel()
        self._jobs.on_lane(self._lane, lambda _progress: self._let_go())
        self._jobs.end_lane(self._lane)

    def _project(self) -> Project:
        """The project as the file says now; used by the press's thread alone."""
        if self._own is None:
            self._own = Project.open(self._path, self._actor)
        else:
            self._own.refresh()
        return self._own

    def _remember(self, page: Page) -> None:
        self._lately = [page, *(one for one in self._lately if one is not page)]
        for old in self._lately[_SHOWN_LATELY:]:
            old.forget()
        del self._lately[_SHOWN_LATELY:]

    def _let_go(self) -> None:
        self._lately.clear()
        if self._own is not None:
            self._own.close()
            self._own = None
