"""Pages to a PDF, a picture or a printer: one loop, one drawing. A file is written beside its place and renamed: no half file under the right name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtGui import QImage, QPagedPaintDevice

from chuangwen.errors import FileProblem
from chuangwen.progress import Progress
from chuangwen.render.attachments import joined
from chuangwen.render.draw import mm_painter, on_image
from chuangwen.render.georeference import Ground
from chuangwen.render.painting import Tally, paint
from chuangwen.render.paper.page import Page, draw_page
from chuangwen.render.pdf import Leaf, bound
from chuangwen.render.sharing import drawn
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

_PART = 12
"""Pages that are drawn together: so many share their fonts, and a run is the same whoever draws which part."""


def pdf(pages: Sequence[Page], path: Path, title: str, progress: Progress | None = None) -> None:
    """One file with bookmarks. Raises `FileProblem` where it cannot be written, `Cancelled` when asked to stop; then nothing is left behind."""
    progress = progress or Progress()
    part = path.with_name(path.name + ".part")
    try:
        _open_for_writing(part, path)
        parts = drawn([pages[at : at + _PART] for at in range(0, len(pages), _PART)], progress)
        progress.at(len(pages), len(pages) + 1, _("写入 {file}").format(file=path.name))
        try:
            bound(parts, _leaves(pages), title, _moment(pages), part)
            part.replace(path)
        except OSError as error:
            raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def print_pages(device: QPagedPaintDevice, pages: Sequence[Page], progress: Progress | None = None) -> None:
    """The same pages to a printer (the caller's `QPrinter`). Raises `FileProblem` where the printer does not take them."""
    paint(device, pages, Tally(progress or Progress(), len(pages)))


def image(page: Page, dots_per_mm: float, part: Rect | None = None) -> QImage:
    """A page as a picture; `part` of it (mm) alone."""
    part = part or Rect(0.0, 0.0, page.width, page.height)
    made = on_image(part.width, part.height, dots_per_mm)
    with mm_painter(made, dots_per_mm) as painter:
        painter.translate(-part.x, -part.y)
        draw_page(painter, page)
    return made


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
