"""Pages to files and printers, off the GUI thread, each with a project of its own: what is written is what the file says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtPrintSupport import QPrinter
from shiboken6 import isValid

from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.render.output import print_pages
from chuangwen.render.paper.packet_run import PacketOrder, both_sides, packet_run, write_packet
from chuangwen.render.paper.page import Page
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.packet import page_range
from chuangwen.services.paper.printed import Standing
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.printing.printers import Order
from chuangwen.ui.session import Session

_NO_FILE = _("已取消，没有留下半个文件。")
_SOME_PAGES = _("已取消。已经送到打印机的几页可能还会打出来。")

Done = tuple[str, Sequence[Standing]]
"""What is said when it is over, and the sheets of a packet to be recorded."""


class Outputs(QObject):
    """One at a time. `begun` gives its Progress and what is to be said when it is cancelled; `went` how far; `over` a sentence or the error; `recorded` when
    a packet was noted.
    """

    begun = Signal(object, str)
    went = Signal(int, int)
    over = Signal(object)
    recorded = Signal()

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._told: Progress | None = None

    def save(self, request: Request, out: Path) -> None:
        """Sheets to a file, or a file each to a folder."""

        def work(project: Project, told: Progress) -> Done:
            files = write(project, request, out, told)
            return _("已写入 {count} 个文件：{name}").format(count=len(files), name=out), ()

        self._run(work, _NO_FILE)

    def save_packet(self, asked: PacketOrder, out: Path) -> None:
        """A packet to a file, or a file for each group to a folder; then it is recorded."""

        def work(project: Project, told: Progress) -> Done:
            files, run = write_packet(project, asked, out, told)
            words = _("巡查包已写入 {count} 个文件：{name}").format(count=len(files), name=out)
            return words, run.printed

        self._run(work, _NO_FILE)

    def print_run(self, request: Request, order: Order, printer: QPrinter) -> None:
        """Sheets to a printer."""

        def work(project: Project, told: Progress) -> Done:
            run = atlas(project, request)
            run.prepare(told)
            pages = both_sides(run) if order.duplex and order.fresh else run.pages
            return self._sent(printer, order, [pages[at] for at in page_range(order.pages, len(pages))], told), ()

        self._run(work, _SOME_PAGES)

    def print_packet(self, asked: PacketOrder, order: Order, printer: QPrinter) -> None:
        """A packet to a printer; then it is recorded."""

        def work(project: Project, told: Progress) -> Done:
            run = packet_run(project, asked, progress=told)
            pages = [run.pages[at] for at in page_range(order.pages, len(run.pages))]
            words = self._sent(printer, order, pages, told)
            return words, run.printed if len(pages) == len(run.pages) else ()

        self._run(work, _SOME_PAGES)

    def cancel(self) -> None:
        """Nothing more is heard of what runs; it stops at its next page."""
        if self._told is not None:
            self._told.cancel()
            self._told = None

    def _sent(self, printer: QPrinter, order: Order, pages: Sequence[Page], told: Progress) -> str:
        several = order.copies > 1 and not printer.supportsMultipleCopies()
        print_pages(printer, [*pages] * (order.copies if several else 1), told)
        return _("已送到打印机“{device}”：{count} 页，{copies} 份").format(device=order.device, count=len(pages), copies=order.copies)

    def _run(self, work: Callable[[Project, Progress], Done], stopped: str) -> None:
        project = self._session.project
        assert project is not None
        where, actor = project.path, project.actor
        told = Progress(lambda done, total, _what: self._session.jobs.tell(lambda: self._on_progress(told, done, total)))
        self._told = told
        self.begun.emit(told, stopped)

        def body(_progress: Progress) -> Done:
            own = Project.open(where, actor)
            try:
                return work(own, told)
            finally:
                own.close()

        def heard(answer: Done) -> None:
            words, printed = answer
            if printed:
                self._session.record_packet(printed, lambda: self.recorded.emit() if isValid(self) else None)
            if self._told is told:
                self._told = None
                self.over.emit(words)

        self._session.jobs.read(body, heard, lambda error: self._on_failed(told, error))

    def _on_progress(self, told: Progress, done: int, total: int) -> None:
        if self._told is told:
            self.went.emit(done, total)

    def _on_failed(self, told: Progress, error: Exception) -> None:
        if self._told is told:
            self._told = None
            self.over.emit(error if isinstance(error, UserError) else "")
        if not isinstance(error, UserError):
            raise error
