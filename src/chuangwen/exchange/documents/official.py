"""A document in the form of GB/T 9704-2012 (domain.md 6.5): build it from above to below, then `save`."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Self

from chuangwen.exchange.documents.form import MM, POINT, Form, form
from chuangwen.exchange.documents.lines import balanced, width
from chuangwen.exchange.documents.markup import borders, box_at_the_bottom, clean, drawing, edge, paragraph, run, run_properties, w
from chuangwen.exchange.documents.package import Picture, relation_of, write
from chuangwen.exchange.documents.pictures import prepared
from chuangwen.exchange.documents.tables import cell, grid_table, imprint_table, table
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.documents.markup import Element

_RULE = 8  # eighths of a point
_INDENT: dict[str, object] = {"firstLineChars": 200}
_TALLEST = 0.86  # of the type area: a picture leaves room for its caption


class OfficialDocument:
    """The parts of a document in the order in which they are called; each call gives the document itself.

    Sizes are in millimetres on paper. Texts are put down as texts: control characters are dropped, nothing becomes a field. The same calls give the same
    bytes. `head` is the 发文机关标志, red (formal) or black (an internal slip), with the number below it; without it the document begins with its title.
    """

    def __init__(self, head: str = "", number: str = "", *, red: bool = True, folder: Path | None = None) -> None:
        self._form: Form = form(folder)
        self._body: list[Element] = []
        self._pictures: list[Picture] = []
        self._drawings = 0
        self._break = False
        self._line = self._form.line_pitch
        self._size = self._form.sizes["text"]
        if head:
            self._head(head, number, red=red)
        elif number:
            self._put(paragraph(run(number, self._look()), line=self._line, jc="center"))

    def title(self, text: str) -> Self:
        """The title: 2号 小标宋 in the middle, over as few lines as it needs, about equally long."""
        most = self._form.text_width * MM / POINT / self._form.sizes["title"]
        pitch = round(self._form.sizes["title_pitch"] * POINT)
        for line in balanced(clean(text).replace("\n", ""), int(most * 2) / 2, *self._form.breaks):
            self._put(paragraph(run(line, self._look("title", self._form.sizes["title"])), line=pitch, jc="center", keep_next=True, level=0))
        return self.blank()

    def addressee(self, text: str) -> Self:
        """主送机关: flush left, ended by a full-width colon."""
        return self._text(text.rstrip(":：") + "：", indent=None)

    def paragraph(self, text: str, *, indented: bool = True, bold: bool = False, keep_next: bool = False) -> Self:
        """A paragraph of the text, its first line two characters in; a line break in `text` begins another."""
        for line in clean(text).split("\n"):
            self._text(line, indent=_INDENT if indented else None, bold=bold, keep_next=keep_next)
        return self

    def heading(self, level: int, text: str) -> Self:
        """A heading inside the text: level 1 一、 黑体, 2 （一） 楷体, 3 `1.` and 4 `（1）` as the text. The number is part of `text`."""
        face = {1: "heading1", 2: "heading2"}.get(level, "text")
        self._text(text, indent=_INDENT, face=face, keep_next=True, level=level)
        return self

    def subtitle(self, text: str) -> Self:
        """A line in the middle under the title, or over a part of an attachment: 楷体."""
        self._put(paragraph(run(text, self._look("heading2")), line=self._line, jc="center", keep_next=True))
        return self

    def blank(self, count: int = 1) -> Self:
        """Empty lines."""
        for _number in range(count):
            self._put(paragraph(run("", self._look()), line=self._line))
        return self

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths_mm: Sequence[float] | None = None,
        *,
        small: bool = False,
        centred: Collection[int] = (),
        marked: Collection[int] = (),
    ) -> Self:
        """A list: the header comes again on every page, no row is torn; an empty one says 无. 小四, or 五号 where `small`.

        `widths_mm` of the columns (None: alike), made narrower in proportion where they are wider than the type area. `centred`: columns in the middle.
        `marked`: rows in bold and red, which paper without colour still shows.
        """
        size = self._form.sizes["small_table" if small else "table"]
        self._put(table(self._form, header, rows, widths_mm, size, frozenset(centred), frozenset(marked)))
        return self.gap()

    def picture(self, content: bytes, width_mm: float, caption: str = "") -> Self:
        """A picture (PNG, JPEG, BMP, GIF …) in the middle with its caption below. Raises `FileProblem` for bytes that are none."""
        self._put(paragraph(w("r", self._drawing(content, min(width_mm, self._form.text_width), caption)), jc="center", keep_next=bool(caption)))
        if caption:
            self._put(self._caption(caption))
        return self

    def pair(self, before: bytes | None, after: bytes | None, captions: tuple[str, str] = ("", "")) -> Self:
        """Two pictures side by side (整改前后对比) with what stands below each; one that is missing leaves its place empty and says so."""
        column = self._form.text_width / 2
        tall = column * 0.75
        pictures = []
        for content, words in zip((before, after), captions, strict=True):
            if content is None:
                blank = run(_("（无照片）"), self._look("text", self._form.sizes["table"]))
                pictures.append(cell([paragraph(blank, jc="center", before=round(tall / 2 * MM), after=round(tall / 2 * MM))], column, "center"))
            else:
                inside = paragraph(w("r", self._drawing(content, column - 6, words, tallest=tall)), jc="center", before=60, after=60)
                pictures.append(cell([inside], column, "center"))
        rows = [pictures]
        if any(captions):
            rows.append([cell([self._caption(one)], column, "center") for one in captions])
        self._put(grid_table(rows, [column, column], keep_together=True))
        return self.gap()

    def attachments(self, names: Sequence[str]) -> Self:
        """附件说明: one line below the text, numbered where there are several."""
        if not names:
            return self
        self._put(paragraph(run("", self._look()), line=self._line, keep_next=True))
        word, char = _("附件："), round(self._size * POINT)
        for number, name in enumerate(names, 1):
            text = f"{number}.{clean(name)}" if len(names) > 1 else clean(name)
            if number == 1:
                indent: dict[str, object] = {"leftChars": 500, "left": 5 * char, "hangingChars": 300, "hanging": 3 * char}
                self._text(word + text, indent=indent, keep_next=True)
            else:
                self._text(text, indent={"leftChars": 500, "left": 5 * char}, keep_next=True)
        return self

    def signed(self, office: str, day: dt.date) -> Self:
        """Who signs, and the date below: four characters from the right, the office in the middle above it (the seal lies over both)."""
        date = _("{year}年{month}月{day}日").format(year=day.year, month=day.month, day=day.day)
        middle = 4 + width(date) / 2
        self._put(paragraph(run("", self._look()), line=self._line, keep_next=True))
        self._put(paragraph(run("", self._look()), line=self._line, keep_next=True))
        for text, right, more in ((office, max(middle - width(office) / 2, 0.0), True), (date, 4.0, False)):
            indent: dict[str, object] = {"rightChars": round(right * 100), "right": round(right * self._size * POINT)}
            self._put(paragraph(run(text, self._look()), line=self._line, jc="right", indent=indent, keep_next=more))
        return self

    def cut_line(self) -> Self:
        """✂ and dashes over the whole width: what follows is torn off and comes back."""
        tabs = w("tabs", w("tab", val="right", leader="hyphen", pos=round(self._form.text_width * MM)))
        scissors = run("✂ ", self._look("text", self._form.sizes["table"]))
        leader = w("r", self._look("text", self._form.sizes["table"]), w("tab"))
        self._put(paragraph(scissors, leader, line=self._line, jc="left", tabs=tabs, keep_next=True))
        return self

    def slip(self, title: str, rows: Sequence[Sequence[tuple[str, str]]], height_mm: float = 11, heights_mm: Sequence[float] = ()) -> Self:
        """A form to fill in (回执, 整改反馈单): in each row one or more labels with what is known already beside them. `heights_mm` of single rows."""
        if title:
            self._put(paragraph(run(title, self._look("title", self._form.sizes["title"] - 4)), line=round(30 * POINT), jc="center", after=120, keep_next=True))
        most = max(len(row) for row in rows)
        label, size = 32.0, self._form.sizes["table"]
        value = (self._form.text_width - label * most) / most
        lines, heights = [], []
        for number, row in enumerate(rows):
            cells = []
            for at, (name, known) in enumerate(row):
                last = at == len(row) - 1
                span = 2 * (most - len(row)) + 1 if last else 1
                wide = value + (most - len(row)) * (label + value) if last else value
                cells.append(cell(self._cell_lines(name, size, "center", face="heading1"), label, "center"))
                cells.append(cell(self._cell_lines(known, size, "left"), wide, "center", span=span))
            lines.append(cells)
            heights.append(heights_mm[number] if number < len(heights_mm) else height_mm)
        self._put(grid_table(lines, [label, value] * most, heights=heights, keep_together=True))
        return self.gap()

    def foot(self, copies: str, office: str, day: dt.date) -> Self:
        """版记 at the foot of the last page, between rules: 抄送, and who printed it when. Called last."""
        size = self._form.sizes["imprint"]
        char, line = round(size * POINT), round(size * POINT * 1.6)
        printed = _("{year}年{month}月{day}日印发").format(year=day.year, month=day.month, day=day.day)
        wide = self._form.text_width
        tabs = w("tabs", w("tab", val="right", pos=round(wide * MM) - char))
        runs = [run(office, self._look("text", size)), w("r", self._look("text", size), w("tab")), run(printed, self._look("text", size))]
        rows = [paragraph(*runs, line=line, jc="left", tabs=tabs, indent={"leftChars": 100, "left": char})]
        lines = 1
        if copies:
            hanging: dict[str, object] = {"leftChars": 400, "left": 4 * char, "hangingChars": 300, "hanging": 3 * char, "rightChars": 100, "right": char}
            text = _("抄送：{names}。").format(names=clean(copies).rstrip("。"))
            rows.insert(0, paragraph(run(text, self._look("text", size)), line=line, indent=hanging))
            lines += math.ceil(width(text) / (wide * MM / char - 5.5))
        table_of_it = [imprint_table(rows, wide), paragraph(run("", self._look("text", 1)), line=20)]
        self._drawings += 1
        self._put(paragraph(box_at_the_bottom(self._drawings, wide, lines * line / MM + 2, table_of_it), line=20))
        return self

    def page_break(self) -> Self:
        """The next part begins on a new page."""
        self._break = True
        return self

    def gap(self) -> Self:
        """A little space below a table, which otherwise touches what follows."""
        self._put(paragraph(run("", self._look("text", 6)), line=120))
        return self

    def save(self, path: Path) -> None:
        """Write the document to `path`, whole or not at all. Raises `FileProblem`."""
        write(path, self._form, self._body, self._pictures)

    def _head(self, office: str, number: str, *, red: bool) -> None:
        colour = self._form.red if red else ""
        points = self._form.text_width * MM / POINT
        sizes = self._form.head_sizes
        size = next((one for one in sizes if width(office) * one <= points), sizes[-1])
        scale = min(100, int(points / (width(office) * size) * 98))
        top = round(self._form.head["below_top"] * MM) if red else 0
        look = run_properties(self._form, "title", size, colour=colour, scale=scale)
        self._put(paragraph(run(office, look), line=round(size * POINT * 1.2), jc="center", before=top))
        self.blank(2 if red else 1)
        rule = edge(size=2 * _RULE if red else _RULE, space=round(self._form.head["rule_below"] * MM / POINT), colour=colour or "auto")
        self._put(paragraph(run(number, self._look()), line=self._line, jc="center", borders=borders("pBdr", bottom=rule)))
        self.blank(2 if red else 1)

    def _text(
        self, text: str, *, indent: dict[str, object] | None, face: str = "text", bold: bool = False, keep_next: bool = False, level: int | None = None
    ) -> Self:
        if indent is _INDENT:
            indent = {**_INDENT, "firstLine": round(2 * self._size * POINT)}
        look = run_properties(self._form, face, bold=bold)
        self._put(paragraph(run(text, look), line=self._line, indent=indent, keep_next=keep_next, level=level))
        return self

    def _put(self, one: Element) -> None:
        if self._break:
            self._break = False
            if one.tag == w("p").tag:
                one.find(w("pPr").tag).find(w("widowControl").tag).addprevious(w("pageBreakBefore"))
            else:
                self._body.append(paragraph(run("", self._look("text", 1)), line=20, break_before=True))
        self._body.append(one)

    def _look(self, face: str = "text", size: float | None = None) -> Element:
        return run_properties(self._form, face, size)

    def _caption(self, words: str) -> Element:
        size = self._form.sizes["small_table"]
        return paragraph(run(words, self._look("text", size)), line=round(size * POINT * 1.4), jc="center")

    def _cell_lines(self, words: str, size: float, jc: str, face: str = "text") -> list[Element]:
        return [paragraph(run(line, self._look(face, size)), line=round(size * POINT * 1.4), jc=jc) for line in clean(words).split("\n")]

    def _drawing(self, content: bytes, width_mm: float, words: str, tallest: float | None = None) -> Element:
        """A picture no larger than `width_mm` and `tallest`, no finer than print needs, without what a telephone wrote into it."""
        one, (wide, tall) = prepared(content, words)
        if one not in self._pictures:
            self._pictures.append(one)
        relation = relation_of(self._pictures.index(one))
        limit = tallest or self._form.text_height * _TALLEST
        width_mm = min(width_mm, limit * wide / tall)
        self._drawings += 1
        return drawing(relation, self._drawings, width_mm, width_mm * tall / wide, words)
