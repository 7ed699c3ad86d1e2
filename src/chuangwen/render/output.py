"""Pages to a PDF, a picture or a printer: one loop, one drawing. A file is written beside its place and renamed: no half file under the right name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage, QPagedPaintDevice

from chuangwen.errors import Cancelled
from chuangwen.exchange.whole_file import beside, unwritable, whole_file
from chuangwen.progress import Progress
from chuangwen.render.attachments import joined
from chuangwen.render.draw import mm_painter, on_image
from chuangwen.render.georeference import Ground
from chuangwen.render.painting import Tally, give_back_memory, paint
from chuangwen.render.paper.page import Page, draw_page
from chuangwen.render.pdf import Leaf, bound
from chuangwen.render.sharing import Again, drawn
from chuangwen.services.paper.frames import Rect
from chuangwen.text import _

_PART = 12
"""Pages that are drawn together: so many share their fonts, and a run is the same whoever draws which part."""


@dataclass(frozen=True, slots=True)
class Booklet:
    """Pages that become one PDF file, and its title."""

    path: Path
    title: str
    pages: Sequence[Page]


def pdf(pages: Sequence[Page], path: Path, title: str, progress: Progress | None = None, again: Again | None = None) -> None:
    """One file with bookmarks. Raises `FileProblem` where it cannot be written, `Cancelled` when asked to stop; then nothing is left behind.

    `again`: makes the same pages anew from the project file, so that a second process can draw some of a long run; None: this one draws them all.
    """
    pdfs([Booklet(path, title, pages)], progress, again)


def pdfs(booklets: Sequence[Booklet], progress: Progress | None = None, again: Again | None = None) -> None:
    """Several files in one go, each written as soon as its last page is drawn. Raises as `pdf`; files that are finished by then stay.

    `again` makes the pages of all of them, one booklet after the other.
    """
    progress = progress or Progress()
    for booklet in booklets:
        _check_writable(booklet.path)
    parts = [(number, booklet.pages[at : at + _PART]) for number, booklet in enumerate(booklets) for at in range(0, len(booklet.pages), _PART)]
    total = sum(len(pages) for _number, pages in parts)
    left = len(parts)
    made: dict[int, dict[int, bytes]] = {number: {} for number in range(len(booklets))}
    with closing(drawn([pages for _number, pages in parts], progress, again)) as run:
        for at, part in run:
            number = parts[at][0]
            made[number][at] = part
            left -= 1
            if not left:  # room for the last file
                for atlas in {id(page.atlas): page.atlas for page in booklets[number].pages}.values():
                    atlas.forget()
                give_back_memory()
            if len(made[number]) == sum(one == number for one, _pages in parts):
                progress.silent().at(0)
                _write(booklets[number], [data for _at, data in sorted(made.pop(number).items())])
    with suppress(Cancelled):  # too late: everything is written
        progress.at(total + 1, total + 1, _("已写好"))


def _write(booklet: Booklet, parts: Sequence[bytes]) -> None:
    with whole_file(booklet.path) as part:
        part.write_bytes(bound(parts, _leaves(booklet.pages), booklet.title, _moment(booklet.pages)))


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
        told = [listing for one in pages[at:] if one.sheet is page.sheet for listing in one.listings] if first else []
        rows = joined((one.title, one.header, one.rows, one.goes_on) for one in told)
        leaves.append(Leaf(page.group, page.name, page.sheet.code or page.name, page.part, grounds, tuple(rows)))
    return leaves


def _moment(pages: Sequence[Page]) -> dt.datetime:
    return dt.datetime.strptime(pages[0].atlas.style.data_time, "%Y-%m-%d %H:%M")


def _check_writable(path: Path) -> None:
    """Find out before the work whether the folder takes the file, and whether the target is held open elsewhere."""
    part = beside(path)
    try:
        part.write_bytes(b"")
        if path.exists():
            with path.open("r+b"):
                pass
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
