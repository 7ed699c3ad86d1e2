"""Pages to a PDF, a picture or a printer: one loop, one drawing. A file is written beside its place and renamed: no half file under the right name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QSizeF
from PySide6.QtGui import QImage, QPagedPaintDevice, QPageLayout, QPageSize, QPainter, QPdfWriter

from chuangwen.errors import FileProblem
from chuangwen.progress import Progress
from chuangwen.render.attachments import joined
from chuangwen.render.draw import mm_painter, on_image
from chuangwen.render.georeference import Ground
from chuangwen.render.paper.page import Page, draw_page
from chuangwen.render.pdf import Leaf, bound, tidied
from chuangwen.text import _

_DOTS_PER_INCH = 2540  # a dot is 1/100 mm, the grid on which scenes lie: coordinates are written as whole numbers
_PART = 12
"""Pages that are drawn together: so many share their fonts, and a run is the same whoever draws which part."""


def pdf(pages: Sequence[Page], path: Path, title: str, progress: Progress | None = None) -> None:
    """One file with bookmarks. Raises `FileProblem` where it cannot be written, `Cancelled` when asked to stop; then nothing is left behind."""
    progress = progress or Progress()
    part = path.with_name(path.name + ".part")
    try:
        _open_for_writing(part, path)
        parts = [part_of(pages[at : at + _PART], progress) for at in range(0, len(pages), _PART)]
        progress.at(len(pages), len(pages) + 1, _("写入 {file}").format(file=path.name))
        try:
            bound(parts, _leaves(pages), title, _moment(pages), part)
            part.replace(path)
        except OSError as error:
            raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def part_of(pages: Sequence[Page], progress: Progress) -> bytes:
    """Some pages as a PDF with nothing but what is drawn on them."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DOTS_PER_INCH)
    _paint(writer, pages, progress)
    del writer
    return tidied(bytes(buffer.data().data()), progress.silent())


def print_pages(device: QPagedPaintDevice, pages: Sequence[Page], progress: Progress | None = None) -> None:
    """The same pages to a printer (the caller's `QPrinter`). Raises `FileProblem` where the printer does not take them."""
    _paint(device, pages, progress or Progress())


def image(page: Page, dots_per_mm: float) -> QImage:
    """A page as a picture."""
    made = on_image(page.width, page.height, dots_per_mm)
    with mm_painter(made, dots_per_mm) as painter:
        draw_page(painter, page)
    return made


def _paint(device: QPagedPaintDevice, pages: Sequence[Page], progress: Progress) -> None:
    _set_page(device, pages[0])
    painter = QPainter()
    if not painter.begin(device):
        raise FileProblem(_("打印机没有响应，没有打印。"), hint=_("请检查打印机是否开机、是否连接。"))
    try:
        for number, page in enumerate(pages):
            progress.at(number, len(pages) + 1, _("绘制 {name}").format(name=page.name))
            if number:
                _set_page(device, page)
                if not device.newPage():
                    raise FileProblem(_("打印到第 {number} 页时出错。").format(number=number + 1), hint=_("请检查磁盘空间或打印机。"))
            painter.save()
            dots = getattr(device, "resolution", lambda: _DOTS_PER_INCH)() / 25.4
            painter.scale(dots, dots)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            page.prepare(progress.silent())
            draw_page(painter, page)
            page.forget()
            painter.restore()
    finally:
        painter.end()


def _set_page(device: QPagedPaintDevice, page: Page) -> None:
    """The exact size of the sheet, no margins: the layout keeps its own."""
    short, long = sorted((page.width, page.height))
    size = QPageSize(QSizeF(short, long), QPageSize.Unit.Millimeter, page.sheet.paper.name, QPageSize.SizeMatchPolicy.ExactMatch)
    turned = QPageLayout.Orientation.Landscape if page.width > page.height else QPageLayout.Orientation.Portrait
    device.setPageLayout(QPageLayout(size, turned, QMarginsF(0, 0, 0, 0)))


def _leaves(pages: Sequence[Page]) -> list[Leaf]:
    leaves = []
    for at, page in enumerate(pages):
        grounds = tuple(Ground(place, block.view, page.atlas.project.epsg) for place, block in page.map_blocks)
        first = not at or pages[at - 1].sheet is not page.sheet
        tables = [table for one in pages[at:] if one.sheet is page.sheet for table in one.tables] if first else []
        rows = joined((table.title, [column.title for column in table.columns], table.rows, table.goes_on) for table in tables)
        leaves.append(Leaf(page.group, page.name, page.sheet.code or page.name, page.part, grounds, tuple(rows)))
    return leaves


def _moment(pages: Sequence[Page]) -> dt.datetime:
    return dt.datetime.strptime(pages[0].atlas.style.data_time, "%Y-%m-%d %H:%M")


def _open_for_writing(part: Path, path: Path) -> None:
    """Find out before the work whether the folder takes the file, and whether the target is held open elsewhere."""
    try:
        part.write_bytes(b"")
        if path.exists():
            with path.open("r+b"):
                pass
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> FileProblem:
    if isinstance(error, PermissionError):
        return FileProblem(_("无法写入 {file}：文件正被另一程序打开，或文件夹不可写。").format(file=path.name), hint=_("请关闭它或换一个文件夹后重试。"))
    if not path.parent.is_dir():
        return FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))
    return FileProblem(_("无法写入 {file}：{error}。").format(file=path, error=error.strerror), hint=_("请检查磁盘空间。"))
