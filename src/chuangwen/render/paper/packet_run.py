"""巡查包: the sheets of a packet in the order in which they are handed out, with an index in front and white backs where both sides are printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from chuangwen.errors import FileProblem, UserError
from chuangwen.progress import Progress
from chuangwen.render.headless import start
from chuangwen.render.output import Booklet, pdf, pdfs
from chuangwen.render.paper.layout import Laid
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.products import PRODUCTS, sheets
from chuangwen.services.paper.file_names import file_name
from chuangwen.services.paper.index import INDEX, plan_index
from chuangwen.services.paper.packet import duplex, packet, page_range
from chuangwen.services.paper.printed import Standing, standings
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.services.seen_project import seen
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_BLANK = Laid((), ())
_TRIES = 3
"""An index whose list grows by a page moves all pages behind it once more."""


class NothingChanged(UserError):
    """None of the sheets differs from what last went out."""


@dataclass(frozen=True, slots=True)
class PacketOrder:
    """What is wanted of a packet. `order`: one of `services.paper.packet.ORDERS`; `index`: an index sheet first, where the sheets have maps; `both_sides`: each
    sheet begins on a front; `changed`: only sheets that differ from what last went out; `pages`: `1-5,8`, '' all.
    """

    request: Request
    order: str = "street"
    index: bool = True
    both_sides: bool = False
    changed: bool = False
    pages: str = ""

    def on(self, request: Request) -> PacketOrder:
        """The same packet of another request."""
        return replace(self, request=request)


@dataclass(frozen=True, slots=True)
class PacketRun:
    """The pages of a packet in order; `groups`: heading → its pages, the index under ''. `printed`: the sheets that go out whole, to be recorded."""

    pages: tuple[Page, ...]
    groups: tuple[tuple[str, tuple[Page, ...]], ...]
    printed: tuple[Standing, ...]


def packet_run(project: Project, asked: PacketOrder, *, halo: str = "outline", progress: Progress | None = None) -> PacketRun:
    """The pages of a packet. Raises `UserError` where nothing is to be printed, for what cannot be, and for page numbers that cannot be read."""
    start()
    progress = progress or Progress()
    project = seen(project, asked.request.reader)
    standing = standings(project, sheets(project, asked.request), mono=asked.request.mono)
    chosen = [one for one in standing if one.changed or not asked.changed]
    if not chosen:
        raise NothingChanged(_("选中的图都没有变化，不用重印。"), hint=_("要全印，请去掉“只印有变化的”。"))
    told = [replace(one.sheet, news=one.note if one.last is not None else "") for one in chosen]
    ordered = [replace(sheet, group=group.heading) for group in packet(told, asked.order).groups for sheet in group.sheets]
    run = _laid_out(project, asked, ordered, halo, progress)
    filled = both_sides(run) if asked.both_sides else run.pages
    kept = [filled[at] for at in page_range(asked.pages, len(filled))]
    whole = {(page.sheet.code, page.sheet.part) for page in filled} - {(page.sheet.code, page.sheet.part) for page in filled if page not in kept}
    printed = tuple(one for one in chosen if (one.sheet.code, one.sheet.part) in whole)
    return PacketRun(tuple(kept), _grouped(kept), printed)


def both_sides(run: Atlas) -> list[Page]:
    """The pages of a run for both sides of the paper: each sheet begins on a front."""
    return run.piled(_filled(duplex([page for page in run.pages if page.sheet is sheet] for sheet in run.sheets)))


def write_packet(project: Project, asked: PacketOrder, out: Path, progress: Progress | None = None) -> tuple[list[Path], PacketRun]:
    """Write one PDF, or one for each group into the folder `out`. Raises as `packet_run` does, and `FileProblem` for what cannot be written."""
    run = packet_run(project, asked, halo="marker", progress=progress)
    return write_pages(run, asked, out, progress), run


def write_pages(run: PacketRun, asked: PacketOrder, out: Path, progress: Progress | None = None) -> list[Path]:
    """The same of a packet that was put together before (with `halo="marker"`)."""
    progress = progress or Progress()
    made = run.pages[0].atlas
    title = _("{campaign} {product}巡查包").format(campaign=made.project.campaign.title, product=PRODUCTS[made.request.product].template.title).strip()
    if out.suffix.lower() == ".pdf":
        pdf(run.pages, out, title, progress, partial(_pages, asked))
        return [out]
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileProblem(_("无法建立文件夹 {folder}：{error}。").format(folder=out, error=error.strerror)) from error
    booklets: list[Booklet] = []
    for heading, pages in run.groups:
        name = file_name(pages[0].sheet.template.title, "", heading, pages[0].atlas.style.printed, taken=[one.path.name for one in booklets])
        booklets.append(Booklet(out / name, f"{title} {heading}".strip(), pages))
    pdfs(booklets, progress, partial(_pages_by_group, asked))
    return [booklet.path for booklet in booklets]


def _pages(asked: PacketOrder, project: Project) -> Sequence[Page]:
    return packet_run(project, asked, halo="marker").pages


def _pages_by_group(asked: PacketOrder, project: Project) -> Sequence[Page]:
    return [page for _heading, pages in packet_run(project, asked, halo="marker").groups for page in pages]


def _laid_out(project: Project, asked: PacketOrder, ordered: Sequence[Sheet], halo: str, progress: Progress) -> Atlas:
    """The run with its index in front; the index is planned for the pages as they lie behind it."""
    first = 0
    if not asked.index or not any(sheet.maps for sheet in ordered):
        return _atlas(project, asked, ordered, halo, progress)
    run = _atlas(project, asked, ordered, halo, progress)
    for _turn in range(_TRIES):
        taken = first or 1
        begins = _begins(run.pages, ordered, taken, both_sides=asked.both_sides)
        index = plan_index(project, ordered, begins, paper=_index_paper(asked.request.paper))
        made = _atlas(project, asked, [*index, *ordered], halo, progress)
        first = sum(page.sheet.product == INDEX for page in made.pages)
        if first == taken:
            break
    return made


def _atlas(project: Project, asked: PacketOrder, ordered: Sequence[Sheet], halo: str, progress: Progress) -> Atlas:
    made = Atlas(project, asked.request, ordered, lambda atlas, sheet: PRODUCTS[sheet.product].fill(atlas, sheet), halo=halo)
    made.prepare(progress)
    return made


def _index_paper(paper: str) -> str:
    papers = PRODUCTS[INDEX].template.papers
    return paper if paper in papers else papers[0]


def _begins(pages: Sequence[Page], ordered: Sequence[Sheet], before: int, *, both_sides: bool) -> list[int]:
    """On which page each sheet begins behind an index of `before` pages."""
    found, at = [], before
    for sheet in ordered:
        if both_sides:
            at += at % 2
        found.append(at + 1)
        at += sum((page.sheet.product, page.sheet.code, page.sheet.part) == (sheet.product, sheet.code, sheet.part) for page in pages)
    return found


def _filled(pages: Sequence[Page | None]) -> list[Page]:
    """White backs as pages of the sheet before; numbers count what lies in the pile."""
    found: list[Page] = []
    for page in pages:
        made = page if page is not None else replace(found[-1], part=found[-1].part + 1, laid=_BLANK)
        found.append(replace(made, number=len(found) + 1))
    return found


def _grouped(pages: Sequence[Page]) -> tuple[tuple[str, tuple[Page, ...]], ...]:
    groups: dict[tuple[str, str], list[Page]] = {}
    for page in pages:
        groups.setdefault((page.sheet.product, page.group), []).append(page)
    return tuple((heading, tuple(some)) for (_product, heading), some in groups.items())
