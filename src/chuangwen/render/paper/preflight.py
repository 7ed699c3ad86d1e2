"""Pre-flight: what is wrong with a run before it is printed, each finding with a page and a feature to go to (issue 4).

The pages are gone through as they would be drawn, but only their words are looked at; maps thought out here are drawn from the same scenes afterwards.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unicodedata import category

import shapely
from PySide6.QtGui import QColor

from chuangwen.domain.feature import Feature
from chuangwen.progress import Progress
from chuangwen.render import fonts
from chuangwen.render.draw import mm_painter, on_image
from chuangwen.render.fonts import Written
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.page import Atlas, Page, draw_page
from chuangwen.render.paper.products import PRODUCTS
from chuangwen.render.primitives import Dots, Item, Pen, Shapes, Stamps
from chuangwen.services.paper.checks import defects
from chuangwen.services.paper.defects import ERROR, NOTE, SEVERITIES, WARNING, Defect, called
from chuangwen.services.paper.sheet import Sheet
from chuangwen.services.paper.targets import target_defects
from chuangwen.text import _

_MM_PER_POINT = 25.4 / 72
_MOST_PAGES = 5  # continuation pages of one sheet
_EDGE = 3.0  # mm of the paper that no printer reaches
_SEEN = 0.5  # metres: that much outside a frame is rounding
_SHOWN = 18  # characters of a text that a sentence quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Defect):
    """A defect with the `page` where it is seen; None: it is none of a page."""

    page: Page | None = None

    @property
    def code(self) -> str:
        """Of the sheet, '' for the run."""
        return self.sheet.code if self.sheet is not None else ""


def check(run: Atlas, *, target: Path | None = None, printer: bool = False, progress: Progress | None = None) -> list[Finding]:
    """All findings, the gravest first, then by page. `target`: the file or folder to be written; `printer`: the pages go to a printer.

    Raises `Cancelled` when asked to stop.
    """
    progress = progress or Progress()
    pages = run.pages
    first: dict[int, Page] = {}
    for page in pages:
        first.setdefault(id(page.sheet), page)
    subject = PRODUCTS[run.request.product].subject
    data_time = dt.datetime.strptime(run.style.data_time, "%Y-%m-%d %H:%M")
    found = [*defects(run.project, run.request, run.sheets, subject, data_time)]
    if target is not None:
        found += target_defects(target, run.sheets, run.style.printed)
    findings = [_on(one, first.get(id(one.sheet))) for one in found]
    words = _Words(run)
    for page in pages:
        progress.at(page.number - 1, len(pages) + 1, _("检查 {name}").format(name=page.name))
        findings += _over_the_edge(page)
        findings += words.of(page)
        if printer:
            findings += _glassy(page)
    findings += words.summed()
    findings += _numbers(pages)
    findings += _cut_off(pages)
    findings += _names(run, pages)
    findings += _long(run.sheets, pages)
    progress.at(len(pages) + 1, len(pages) + 1)
    return sorted(findings, key=lambda one: (SEVERITIES.index(one.severity), one.page.number if one.page else 0))


def _on(defect: Defect, page: Page | None) -> Finding:
    return Finding(severity=defect.severity, kind=defect.kind, words=defect.words, feature=defect.feature, sheet=defect.sheet, page=page)


def _finding(severity: str, kind: str, words: str, page: Page, feature: Feature | tuple[str, str] | None = None) -> Finding:
    where = (feature.layer, feature.id) if isinstance(feature, Feature) else feature
    if where and where[0] not in page.atlas.project.layers:  # made for this sheet alone: 街道界, numbers of sheets
        where = None
    return Finding(severity=severity, kind=kind, words=words, page=page, sheet=page.sheet, feature=where or subject_of(page.sheet))


def subject_of(sheet: Sheet) -> tuple[str, str] | None:
    """(layer id, row id) of what a sheet is about."""
    return (sheet.subject.layer, sheet.subject.id) if sheet.subject is not None else None


def _quoted(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


class _Words:
    """Listens to the pages: missing glyphs, too small, shortened, over the edge of the paper."""

    def __init__(self, run: Atlas) -> None:
        self._run = run
        self._lacking: dict[str, tuple[Page, str, set[int]]] = {}
        self._small: dict[float, tuple[Page, str, set[int]]] = {}
        self._device = on_image(1, 1, 1)

    def of(self, page: Page) -> Iterator[Finding]:
        """What is wrong on this page alone; the rest is kept for `summed`."""
        heard: list[Written] = []
        with fonts.listening(heard.append), mm_painter(self._device, 1) as painter:
            draw_page(painter, page)
        least = page.sheet.template.least(page.sheet.paper) * _MM_PER_POINT
        cut: set[str] = set()
        over = ""
        for one in heard:
            for character in set(one.text):
                if not fonts.has(character):
                    self._lacking.setdefault(character, (page, one.text, set()))[2].add(page.number)
            if one.size < least - 0.01 and one.text.strip():
                self._small.setdefault(round(one.size, 2), (page, one.text, set()))[2].add(page.number)
            if one.whole:
                cut.add(one.whole)
            if one.box is not None and not over and not _inside(one.box, page):
                over = one.text
        for whole in sorted(cut):
            words = _("第 {number} 页（{name}）地方不够，“{text}”没有写完：请改短，或用大一号的纸。").format(
                number=page.number, name=page.name, text=_quoted(whole)
            )
            yield _finding(WARNING, "shortened", words, page, _holder(page.sheet, whole))
        if over:
            words = _("第 {number} 页（{name}）的文字超出了纸边：“{text}”。请改短，或用大一号的纸。").format(
                number=page.number, name=page.name, text=_quoted(over)
            )
            yield _finding(ERROR, "over_edge", words, page, _holder(page.sheet, over))

    def summed(self) -> Iterator[Finding]:
        """What is the same on many pages, told once."""
        for character, (page, text, numbers) in self._lacking.items():
            instead = fonts.substitute(character)
            grave = category(character)[0] == "L" or category(character) == "Co"
            where = {"character": character, "text": _quoted(text), "pages": _pages(numbers)}
            if instead:
                words = _("字体里没有“{character}”（{text}，{pages}），改用本机的 {font}，换一台电脑样子会不同。").format(font=instead, **where)
            else:
                words = _("字体里没有“{character}”（{text}，{pages}），只能印成方框：请换成常用字，或手写补上。").format(**where)
            yield _finding(ERROR if grave and not instead else WARNING, "glyph", words, page, _holder(page.sheet, character))
        for size, (page, text, numbers) in sorted(self._small.items()):
            words = _("字太小：{size} 磅（{text}，{pages}），印出来难认，这种纸上不应小于 {least} 磅。").format(
                size=f"{size / _MM_PER_POINT:.1f}", text=_quoted(text), pages=_pages(numbers), least=f"{page.sheet.template.least(page.sheet.paper):g}"
            )
            yield _finding(WARNING, "small_text", words, page)


def _pages(numbers: set[int]) -> str:
    first = min(numbers)
    return _("第 {first} 页").format(first=first) if len(numbers) == 1 else _("第 {first} 页等 {count} 页").format(first=first, count=len(numbers))


def _inside(box: tuple[float, float, float, float], page: Page) -> bool:
    return box[0] >= _EDGE and box[1] >= _EDGE and box[2] <= page.width - _EDGE and box[3] <= page.height - _EDGE


def _holder(sheet: Sheet, text: str) -> Feature | None:
    """The feature on a sheet whose values hold a text."""
    rows = [row.feature for rows in sheet.rows.values() for row in rows]
    for one in [*([sheet.subject] if sheet.subject is not None else []), *rows]:
        if any(text in str(value) for value in one.values.values() if isinstance(value, str)):
            return one
    return None


def _over_the_edge(page: Page) -> Iterator[Finding]:
    if any(one.place.bottom > page.height - _EDGE or one.place.right > page.width - _EDGE for one in page.laid.placed):
        words = _("第 {number} 页（{name}）的内容超出了纸边：请用大一号的纸。").format(number=page.number, name=page.name)
        yield _finding(ERROR, "over_edge", words, page)


def _glassy(page: Page) -> Iterator[Finding]:
    """Half-transparent colours: a Windows printer driver turns the page into a picture (facts.md 5)."""
    for _place, block in page.map_blocks:
        colours = {colour for scene in block.scenes for item in scene.items for colour in _colours(item) if colour and QColor(colour).alpha() not in (0, 255)}
        if colours or block.view.halo == "marker":
            words = _("第 {number} 页（{name}）用了半透明颜色，打印机会把整页变成图片，又慢又糊：请把图层颜色改成不透明，或先存 PDF 再打印。").format(
                number=page.number, name=page.name
            )
            yield _finding(WARNING, "alpha", words, page)
            return


def _colours(item: Item) -> tuple[str, ...]:
    if isinstance(item, Shapes):
        return item.fill, _pen(item.pen)
    if isinstance(item, Stamps):
        return item.mark.fill, _pen(item.mark.pen), item.mark.glyph_colour
    return (item.colour,) if isinstance(item, Dots) else (item.colour, item.halo)


def _pen(pen: Pen | None) -> str:
    return pen.colour if pen is not None else ""


def _about(pages: Sequence[Page]) -> list[list[Page]]:
    """The pages of each subject together: its sub-sheets and what continues them."""
    found: dict[tuple[str, str], list[Page]] = {}
    for page in pages:
        found.setdefault((page.sheet.code, str(subject_of(page.sheet))), []).append(page)
    return list(found.values())


def _numbers(pages: Sequence[Page]) -> Iterator[Finding]:
    """Numbers of the tables that are on none of the maps of their subject."""
    for together in _about(pages):
        blocks = [block for page in together for _place, block in page.map_blocks]
        if not blocks:
            continue
        written = {(label.layer, row_id) for block in blocks for scene in block.scenes for label in scene.labels for row_id in (label.members or (label.id,))}
        told: set[str] = set()
        for page in together:
            for layer, rows in page.sheet.rows.items():
                for row in rows:
                    if row.number and (layer, row.feature.id) not in written and row.feature.id not in told:
                        told.add(row.feature.id)
                        words = _("第 {page} 页（{name}）的图上没有 {number}（{code}），表里有：请换更大的纸或比例尺。").format(
                            page=page.number, name=page.name, number=row.number, code=called(row.feature)
                        )
                        yield _finding(ERROR, "number_missing", words, page, row.feature)


def _cut_off(pages: Sequence[Page]) -> Iterator[Finding]:
    """Subjects that the maps about them do not show whole."""
    for together in _about(pages):
        subject = together[0].sheet.subject
        views = [block.view for page in together for _place, block in page.map_blocks]
        if subject is None or subject.geometry is None or not views:
            continue
        unseen = subject.geometry.difference(shapely.union_all([view.frame.buffer(_SEEN) for view in views]))
        if not unseen.is_empty:
            words = _("{name}：地图没有把 {code} 画全。请改用更小的比例尺（更大的数）或更大的纸，或在预览里恢复图幅位置。").format(
                name=together[0].name, code=called(subject)
            )
            yield _finding(WARNING, "cut_off", words, together[0], subject)


def _names(run: Atlas, pages: Sequence[Page]) -> Iterator[Finding]:
    """Labels that found no place, and those written across others: of the sheet's own subject and numbers, of the other layers, of the base map."""
    base: dict[tuple[str, str], tuple[Page, str]] = {}
    for page in pages:
        own = subject_of(page.sheet)
        for _place, block in page.map_blocks:
            yield from _crowded(page, block)
            others = []
            for fault in block.scene.unplaced:
                if (fault.layer, fault.id) == own:
                    words = _("第 {page} 页（{name}）的图上写不下它自己的名字“{text}”：请换更大的纸或比例尺。").format(
                        page=page.number, name=page.name, text=fault.text
                    )
                    yield _finding(WARNING, "unplaced", words, page, own)
                elif fault.layer not in run.project.layers or run.project.layers[fault.layer].kind == "subject":
                    others.append(fault)
                else:
                    base.setdefault((fault.layer, fault.text), (page, fault.id))
            if others:
                words = _("第 {page} 页（{name}）的图上有 {count} 个名称写不下：{texts}。").format(
                    page=page.number, name=page.name, count=len(others), texts=_some([one.text for one in others])
                )
                yield _finding(NOTE, "unplaced", words, page, (others[0].layer, others[0].id))
    if base:
        words = _("底图上有 {count} 个路名、楼名等写不下：{texts}。").format(count=len(base), texts=_some([text for _layer, text in base]))
        (layer, _text), (page, row_id) = next(iter(base.items()))
        yield _finding(NOTE, "unplaced", words, page, (layer, row_id))


def _crowded(page: Page, block: MapBlock) -> Iterator[Finding]:
    main, *insets = block.scenes
    clear = {(label.layer, label.id) for scene in insets for label in scene.labels} - {(one.layer, one.id) for scene in insets for one in scene.crowded}
    found = [one for one in main.crowded if (one.layer, one.id) not in clear]
    if found:
        words = _("第 {page} 页（{name}）的图上太挤，{texts} 与别的字重叠：请换更大的纸或比例尺，或在预览里把它移开。").format(
            page=page.number, name=page.name, texts=_some([one.text for one in found])
        )
        yield _finding(WARNING, "crowded", words, page, (found[0].layer, found[0].id))


def _some(texts: Sequence[str]) -> str:
    words = "、".join(texts[:5])
    return words if len(texts) <= 5 else _("{words} 等").format(words=words)


def _long(sheets: Sequence[Sheet], pages: Sequence[Page]) -> Iterator[Finding]:
    """Sheets with so many continuation pages that nobody carries them."""
    for sheet in sheets:
        mine = [page for page in pages if page.sheet is sheet]
        if len(mine) - 1 > _MOST_PAGES:
            words = _("{name} 的表格续了 {count} 页：请用大一号的纸，或先办结一些问题、把网格分小。").format(name=mine[0].name, count=len(mine) - 1)
            yield _finding(WARNING, "long_table", words, mine[1])
