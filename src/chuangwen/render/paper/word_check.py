"""Listens to the pages: characters that the font lacks, text that is too small, was shortened, or runs over the edge of the paper."""

from __future__ import annotations

from collections.abc import Iterator
from unicodedata import category

from chuangwen.render import fonts
from chuangwen.render.draw import mm_painter, on_image
from chuangwen.render.fonts import Written
from chuangwen.render.paper.findings import Finding, holder, on_page, quoted, where
from chuangwen.render.paper.page import Page, draw_page
from chuangwen.services.paper.defects import ERROR, WARNING
from chuangwen.text import _

_MM_PER_POINT = 25.4 / 72
EDGE = 3.0
"""mm along the edge of the paper that no printer reaches."""

_Heard = dict[str, tuple[Page, str, set[int]]]
"""What → the first page, a text there, all pages."""


class WordCheck:
    """Asked page by page; what is the same on many pages is told once, at the end."""

    def __init__(self) -> None:
        self._lacking: _Heard = {}
        self._cut: _Heard = {}
        self._small: dict[int, tuple[float, str]] = {}
        self._small_on: Page | None = None
        self._device = on_image(1, 1, 1)

    def of(self, page: Page) -> Iterator[Finding]:
        """What is wrong on this page alone."""
        heard: list[Written] = []
        with fonts.listening(heard.append), mm_painter(self._device, 1) as painter:
            draw_page(painter, page)
        least = page.sheet.template.least(page.sheet.paper) * _MM_PER_POINT
        for one in heard:
            for character in set(one.text):
                if not fonts.has(character):
                    self._lacking.setdefault(character, (page, one.text, set()))[2].add(page.number)
            if one.whole:
                self._cut.setdefault(one.whole, (page, one.whole, set()))[2].add(page.number)
            if one.size < least - 0.01 and one.text.strip():
                self._small[page.number] = min(self._small.get(page.number, (one.size, one.text)), (one.size, one.text))
                self._small_on = self._small_on or page
        over = next((one.text for one in heard if one.box is not None and not _inside(one.box, page)), "")
        if over:
            words = _("{where}的文字超出了纸边：“{text}”。请改短，或用大一号的纸。").format(where=where(page), text=quoted(over))
            yield on_page(ERROR, "over_edge", words, page, holder(page.sheet, over))

    def summed(self) -> Iterator[Finding]:
        """What is wrong on several pages."""
        for character, (page, text, numbers) in self._lacking.items():
            instead = fonts.substitute(character)
            places = {"character": character, "text": quoted(text), "pages": _pages(numbers)}
            if instead:
                words = _("字体里没有“{character}”（{text}，{pages}），改用本机的 {font}，换一台电脑样子会不同。").format(font=instead, **places)
            else:
                words = _("字体里没有“{character}”（{text}，{pages}），只能印成方框：请换成常用字，或手写补上。").format(**places)
            severity = ERROR if not instead and _says_something(character) else WARNING
            yield on_page(severity, "glyph", words, page, holder(page.sheet, character))
        for whole, (page, text, numbers) in self._cut.items():
            words = _("{pages}地方不够，“{text}”没有写完：请改短，或用大一号的纸。").format(pages=_pages(numbers), text=quoted(text))
            yield on_page(WARNING, "shortened", words, page, holder(page.sheet, whole))
        if self._small_on is not None:
            page = self._small_on
            size, text = min(self._small.values())
            words = _("字太小：最小 {points} 磅（{text}，{pages}），印出来难认，{paper} 纸上不应小于 {least} 磅。请用大一号的纸。").format(
                points=f"{size / _MM_PER_POINT:.1f}",
                text=quoted(text),
                pages=_pages(set(self._small)),
                paper=page.sheet.paper.name,
                least=f"{page.sheet.template.least(page.sheet.paper):g}",
            )
            yield on_page(WARNING, "small_text", words, page)


def _says_something(character: str) -> bool:
    """A letter or a rare Chinese character (also of those that old fonts keep in the private area), not a smile."""
    return category(character)[0] == "L" or category(character) == "Co"


def _pages(numbers: set[int]) -> str:
    first = min(numbers)
    return _("第 {first} 页").format(first=first) if len(numbers) == 1 else _("第 {first} 页等 {count} 页").format(first=first, count=len(numbers))


def _inside(box: tuple[float, float, float, float], page: Page) -> bool:
    return box[0] >= EDGE and box[1] >= EDGE and box[2] <= page.width - EDGE and box[3] <= page.height - EDGE
