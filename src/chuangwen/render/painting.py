"""Pages on a device, one after the other: the loop of printer and PDF."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Sequence
from contextlib import suppress
from threading import Lock

from PySide6.QtCore import QBuffer, QMarginsF, QSizeF
from PySide6.QtGui import QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from chuangwen.errors import FileProblem
from chuangwen.progress import Progress
from chuangwen.render.paper.page import Page, draw_page
from chuangwen.render.pdf import tidied
from chuangwen.text import _

_DOTS_PER_INCH = 2540  # a dot is 1/100 mm, the grid on which scenes lie: coordinates are written as whole numbers


class Tally:
    """Counts the pages that are drawn, by whomever, and says so. `total` of the run; one step more is left for whoever binds them."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress = progress
        self._total = total
        self._done = 0
        self._lock = Lock()

    def say(self, what: str = "") -> None:
        """Report, and raise `Cancelled` when asked to stop."""
        self.progress.at(self._done, self._total + 1, what)

    def count(self, pages: int) -> None:
        """So many more are drawn."""
        with self._lock:
            self._done += pages

    def drawn(self, page: Page) -> None:
        """One more is drawn."""
        self.count(1)


def part_of(pages: Sequence[Page], tally: Tally) -> bytes:
    """Some pages as a PDF with nothing but what is drawn on them. Raises `Cancelled`."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    paint(writer, pages, tally)
    raw = bytes(buffer.data().data())
    del writer, buffer
    made = tidied(raw, tally.progress.silent())
    give_back_memory()
    return made


def give_back_memory() -> None:
    """glibc holds on to what was freed in small pieces: 80 MB after a hundred pages."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def paint(device: QPagedPaintDevice, pages: Sequence[Page], tally: Tally) -> None:
    """Draw pages. Raises `FileProblem` where the printer does not take them, `Cancelled` when asked to stop."""
    _set_page(device, pages[0])
    painter = QPainter()
    if not painter.begin(device):
        raise FileProblem(_("打印机没有响应，没有打印。"), hint=_("请检查打印机是否开机、是否连接。"))
    try:
        for number, page in enumerate(pages):
            tally.say(_("绘制 {name}").format(name=page.name))
            if number:
                _turn(device, page, number)
            page.prepare(tally.progress.silent())
            painter.save()
            dots = getattr(device, "resolution", lambda: _DOTS_PER_INCH)() / 25.4
            painter.scale(dots, dots)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_page(painter, page)
            painter.restore()
            page.forget()
            tally.drawn(page)
    except BaseException:
        abort = getattr(device, "abort", None)  # a printer's: what it has not printed yet shall not come out
        if abort is not None:
            abort()
        raise
    finally:
        painter.end()


def _turn(device: QPagedPaintDevice, page: Page, number: int) -> None:
    """Begin the next page."""
    _set_page(device, page)
    if not device.newPage():
        raise FileProblem(_("打印到第 {number} 页时出错。").format(number=number + 1), hint=_("请检查打印机。"))


def _set_page(device: QPagedPaintDevice, page: Page) -> None:
    """The exact size of the sheet, no margins: the layout keeps its own."""
    short, long = sorted((page.width, page.height))
    size = QPageSize(QSizeF(short, long), QPageSize.Unit.Millimeter, page.sheet.paper.name, QPageSize.SizeMatchPolicy.ExactMatch)
    turned = QPageLayout.Orientation.Landscape if page.width > page.height else QPageLayout.Orientation.Portrait
    device.setPageLayout(QPageLayout(size, turned, QMarginsF(0, 0, 0, 0)))
