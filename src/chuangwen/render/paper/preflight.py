"""Pre-flight: what is wrong with a run before it is printed, each finding with a page and a feature to go to (issue 4).

The pages are gone through as they would be drawn, but only their words are listened to; the maps of a short run are kept, and drawn from what was thought
out here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from chuangwen.progress import Progress
from chuangwen.render.paper.findings import Finding, of_run, on_page, where
from chuangwen.render.paper.map_check import MapCheck
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.products import PRODUCTS
from chuangwen.render.paper.word_check import EDGE, WordCheck
from chuangwen.services.paper.checks import defects
from chuangwen.services.paper.defects import ERROR, SEVERITIES, WARNING
from chuangwen.services.paper.sheet import Sheet
from chuangwen.services.paper.targets import target_defects
from chuangwen.text import _

__all__ = ["Finding", "check"]

_MOST_PAGES = 5  # continuation pages of one sheet
_KEPT = 60  # sheets: the maps of a longer run are let go of, a small computer does not hold them


def check(run: Atlas, *, target: Path | None = None, printer: bool = False, progress: Progress | None = None) -> list[Finding]:
    """All findings, the gravest first, then by page. `target`: the file or folder to be written; `printer`: the pages go to a printer.

    Raises `Cancelled` when asked to stop.
    """
    progress = progress or Progress()
    pages = run.prepare(progress.silent())
    first: dict[int, Page] = {}
    for page in pages:
        first.setdefault(id(page.sheet), page)
    data_time = dt.datetime.strptime(run.style.data_time, "%Y-%m-%d %H:%M")
    found = [*defects(run.project, run.request, run.sheets, PRODUCTS[run.request.product].subject, data_time)]
    if target is not None:
        found += target_defects(target, run.sheets, run.style.printed)
    findings = [of_run(one, first.get(id(one.sheet))) for one in found]
    words, maps = WordCheck(), MapCheck(run.project.layers)
    for page in pages:
        progress.at(page.number - 1, len(pages), _("检查 {name}").format(name=page.name))
        if printer or not page.is_known:
            page.prepare(progress.silent())
        findings += [*_over_the_edge(page), *words.of(page), *maps.of(page, printer)]
        if len(run.sheets) > _KEPT:
            page.forget()
    findings += [*words.summed(), *maps.summed(), *_long(run.sheets, pages)]
    progress.at(len(pages), len(pages))
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.page.number if one.page else 0))


def _over_the_edge(page: Page) -> Iterator[Finding]:
    if any(one.place.bottom > page.height - EDGE or one.place.right > page.width - EDGE for one in page.laid.placed):
        yield on_page(ERROR, "over_edge", _("{where}的内容超出了纸边：请用大一号的纸。").format(where=where(page)), page)


def _long(sheets: Sequence[Sheet], pages: Sequence[Page]) -> Iterator[Finding]:
    """Sheets with so many continuation pages that nobody carries them."""
    of_sheet: dict[int, list[Page]] = {}
    for page in pages:
        of_sheet.setdefault(id(page.sheet), []).append(page)
    for sheet in sheets:
        mine = of_sheet[id(sheet)]
        if len(mine) - 1 > _MOST_PAGES:
            words = _("{name} 的表格续了 {count} 页：请用大一号的纸，或先办结一些问题、把网格分小。").format(name=mine[0].name, count=len(mine) - 1)
            yield on_page(WARNING, "long_table", words, mine[1])
