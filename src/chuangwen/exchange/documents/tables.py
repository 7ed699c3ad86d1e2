"""Tables of a document: lists with a header that comes again on each page, and forms to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chuangwen.exchange.documents.form import MM, POINT, Form
from chuangwen.exchange.documents.markup import borders, clean, edge, paragraph, run, run_properties, w
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.exchange.documents.markup import Element

_SIDE = 85  # twips between a rule and the text, on the left and right
_ABOVE = 40
_PITCH = 1.35  # of the size: from line to line in a cell
_MARKED = "C00000"


def table(
    form: Form,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths_mm: Sequence[float] | None,
    size: float,
    centred: frozenset[int],
    marked: frozenset[int],
) -> Element:
    """A list over the width of the type area (see `OfficialDocument.table`)."""
    widths = _widths(form, widths_mm or [1.0] * len(header), fill=widths_mm is None)
    line = round(size * POINT * _PITCH)
    lines = [[cell([_line(form, word, size, line, "center", "heading1")], wide, "center") for word, wide in zip(header, widths, strict=True)]]
    for number, row in enumerate(rows):
        cells = []
        for at, (words, wide) in enumerate(zip(row, widths, strict=True)):
            jc = "center" if at in centred else "left"
            inside = [_line(form, one, size, line, jc, "text", marked=number in marked) for one in clean(words).split("\n")]
            cells.append(cell(inside, wide, "center"))
        lines.append(cells)
    if not rows:
        lines.append([cell([_line(form, _("无"), size, line, "center", "text")], sum(widths), "center", span=len(header))])
    return grid_table(lines, widths, header=True)


def grid_table(
    rows: Sequence[Sequence[Element]], widths_mm: Sequence[float], *, header: bool = False, heights: Sequence[float] = (), keep_together: bool = False
) -> Element:
    """A table from cells, ruled. `header`: the first row comes again; `heights` of rows in mm, at least; `keep_together`: on one page."""
    thin = edge(size=4)
    properties = w(
        "tblPr",
        w("tblW", w=sum(_twips(one) for one in widths_mm), type="dxa"),
        w("jc", val="center"),
        borders("tblBorders", top=thin, left=thin, bottom=thin, right=thin, insideH=thin, insideV=thin),
        w("tblLayout", type="fixed"),
        w("tblCellMar", *(w(side, w=_SIDE if side in ("left", "right") else _ABOVE, type="dxa") for side in ("top", "left", "bottom", "right"))),
    )
    grid = w("tblGrid", *(w("gridCol", w=_twips(one)) for one in widths_mm))
    made = w("tbl", properties, grid)
    for number, cells in enumerate(rows):
        height = w("trHeight", val=_twips(heights[number]), hRule="atLeast") if heights else None
        made.append(w("tr", w("trPr", w("cantSplit"), height, w("tblHeader") if header and number == 0 else None), *cells))
        if keep_together and number < len(rows) - 1:
            _keep(made[-1])
    return made


def imprint_table(rows: Sequence[Element], width_mm: float) -> Element:
    """版记: rows between rules, the outer ones thicker."""
    outer, inner = edge(size=8), edge(size=6)
    properties = w(
        "tblPr",
        w("tblW", w=_twips(width_mm), type="dxa"),
        borders("tblBorders", top=outer, bottom=outer, insideH=inner),
        w("tblLayout", type="fixed"),
        w("tblCellMar", w("left", w=0, type="dxa"), w("right", w=0, type="dxa")),
    )
    lines = [w("tr", w("trPr", w("cantSplit")), cell([one], width_mm, "center")) for one in rows]
    return w("tbl", properties, w("tblGrid", w("gridCol", w=_twips(width_mm))), *lines)


def cell(paragraphs: Sequence[Element], width_mm: float, vertical: str = "top", span: int = 1) -> Element:
    """A cell `width_mm` wide over `span` columns."""
    properties = w(
        "tcPr",
        w("tcW", w=_twips(width_mm), type="dxa"),
        w("gridSpan", val=span) if span > 1 else None,
        w("vAlign", val=vertical),
    )
    return w("tc", properties, *paragraphs)


def _keep(row: Element) -> None:
    """On one page with the next row: Word reads it from the paragraphs."""
    for properties in row.iter(w("pPr").tag):
        if properties.find(w("keepNext").tag) is None:
            properties.insert(0, w("keepNext"))


def _line(form: Form, words: str, size: float, line: int, jc: str, face: str, *, marked: bool = False) -> Element:
    look = run_properties(form, face, size, bold=marked, colour=_MARKED if marked else "")
    return paragraph(run(words, look), line=line, jc=jc)


def _widths(form: Form, wanted: Sequence[float], *, fill: bool) -> list[float]:
    total = sum(wanted)
    share = form.text_width / total if fill or total > form.text_width else 1.0
    return [one * share for one in wanted]


def _twips(mm: float) -> int:
    return round(mm * MM)
