"""WordprocessingML (ECMA-376): the few elements that our documents are made of. Children are given in the order that the schema asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lxml import etree

from chuangwen.exchange.documents.form import Form

if TYPE_CHECKING:
    Element = Any  # lxml has no types

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
PIC = "http://schemas.openxmlformats.org/drawingml/2006/picture"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
NAMES = {"w": W, "r": R, "wp": WP, "a": A, "pic": PIC, "mc": MC, "wps": WPS}
EMU = 36_000
"""English metric units, in which drawings measure, of a millimetre."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """`text` without characters that XML forbids or that turn the direction of writing; a tab is a space. It is only ever text, never a field."""
    return _ILLEGAL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))


def w(tag: str, *children: Element | None, **attributes: object) -> Element:
    """An element of the main namespace; None among the children is left out, as is an attribute that is None."""
    return make(W, tag, children, {f"{{{W}}}{name}": value for name, value in attributes.items()})


def make(space: str, tag: str, children: Iterable[Element | None] = (), attributes: dict[str, object] | None = None) -> Element:
    """An element of the namespace `space`."""
    one = etree.Element(f"{{{space}}}{tag}", nsmap=NAMES)
    for name, value in (attributes or {}).items():
        if value is not None:
            one.set(name, str(value))
    one.extend(child for child in children if child is not None)
    return one


def run_properties(form: Form, face: str = "text", size: float | None = None, *, bold: bool = False, colour: str = "", scale: int = 100) -> Element:
    """How characters look: the Chinese face and the Latin one are said separately, since Word does not take the one for the other.

    `size` in points; None: the size of the text, 28 characters to a line. `scale`: width in per cent.
    """
    chinese = form.faces[face].name
    latin = chinese if face == "page_number" else form.latin
    half_points = round((size or form.sizes["text"]) * 2)
    spacing = form.character_spacing if size is None else 0
    return w(
        "rPr",
        w("rFonts", ascii=latin, hAnsi=latin, eastAsia=chinese, cs=latin, hint="eastAsia"),
        w("b") if bold else None,
        w("color", val=colour) if colour else None,
        w("spacing", val=spacing) if spacing else None,
        w("w", val=scale) if scale != 100 else None,
        w("sz", val=half_points),
        w("szCs", val=half_points),
    )


def run(text: str, properties: Element) -> Element:
    """Characters of one look; a line break inside is one on paper."""
    one = w("r", properties)
    for number, line in enumerate(clean(text).split("\n")):
        if number:
            one.append(w("br"))
        words = w("t")
        words.text = line
        words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        one.append(words)
    return one


def field(code: str, properties: Element) -> list[Element]:
    """A field of ours (the page number)."""
    from copy import deepcopy

    instruction = w("instrText")
    instruction.text = f" {code} "
    parts = [w("fldChar", fldCharType="begin"), instruction, w("fldChar", fldCharType="separate"), None, w("fldChar", fldCharType="end")]
    return [w("r", deepcopy(properties), part) if part is not None else run("1", deepcopy(properties)) for part in parts]


def paragraph(
    *runs: Element,
    line: int | None = None,
    jc: str = "both",
    indent: dict[str, object] | None = None,
    before: int = 0,
    after: int = 0,
    keep_next: bool = False,
    break_before: bool = False,
    frame: Element | None = None,
    borders: Element | None = None,
    tabs: Element | None = None,
    level: int | None = None,
) -> Element:
    """A paragraph; lengths in twips. `line`: fixed distance of its lines, None where a picture decides.

    The lines keep to the grid by their distance and the characters by theirs (`run_properties`), not by snapping, which LibreOffice does otherwise than Word.
    """
    spacing = w("spacing", before=before, after=after, line=line or 240, lineRule="exact" if line else "auto")
    properties = w(
        "pPr",
        w("keepNext") if keep_next else None,
        w("keepLines") if keep_next else None,
        w("pageBreakBefore") if break_before else None,
        frame,
        w("widowControl", val=0),
        borders,
        tabs,
        w("overflowPunct", val=0),
        w("autoSpaceDE", val=0),
        w("autoSpaceDN", val=0),
        w("adjustRightInd", val=0),
        w("snapToGrid", val=0),
        spacing,
        w("ind", **indent) if indent else None,
        w("jc", val=jc),
        w("outlineLvl", val=level) if level is not None else None,
    )
    return w("p", properties, *runs)


def edge(kind: str = "single", size: int = 4, space: int = 0, colour: str = "auto") -> dict[str, object]:
    """A border: `size` in eighths of a point, `space` to the text in points."""
    return {"val": kind, "sz": size, "space": space, "color": colour}


def borders(tag: str, **edges: dict[str, object]) -> Element:
    """Borders of a paragraph (`pBdr`) or a table (`tblBorders`), top, left, bottom, right, insideH, insideV in this order."""
    return w(tag, *(w(side, **look) for side, look in edges.items()))


def drawing(relation: str, number: int, width_mm: float, height_mm: float, words: str) -> Element:
    """A picture in the line; `words` describe it to those who cannot see it."""
    size: dict[str, object] = {"cx": round(width_mm * EMU), "cy": round(height_mm * EMU)}
    name: dict[str, object] = {"id": number, "name": f"picture{number}", "descr": clean(words)}
    blip = make(A, "blip", (), {f"{{{R}}}embed": relation})
    fill = make(PIC, "blipFill", (blip, make(A, "stretch", (make(A, "fillRect"),))))
    place = make(A, "xfrm", (make(A, "off", (), {"x": 0, "y": 0}), make(A, "ext", (), size)))
    shape = make(PIC, "spPr", (place, make(A, "prstGeom", (make(A, "avLst"),), {"prst": "rect"})))
    about = make(PIC, "nvPicPr", (make(PIC, "cNvPr", (), name), make(PIC, "cNvPicPr")))
    data = make(A, "graphicData", (make(PIC, "pic", (about, fill, shape)),), {"uri": PIC})
    locks = make(WP, "cNvGraphicFramePr", (make(A, "graphicFrameLocks", (), {"noChangeAspect": 1}),))
    parts = (make(WP, "extent", (), size), make(WP, "docPr", (), name), locks, make(A, "graphic", (data,)))
    return w("drawing", make(WP, "inline", parts, dict.fromkeys(("distT", "distB", "distL", "distR"), 0)))


def box_at_the_bottom(number: int, width_mm: float, height_mm: float, content: Iterable[Element]) -> Element:
    """A run with a box at the bottom of the type area of its page, text above it; what `content` needs less than `height_mm` stays free at its top.

    A box, since LibreOffice 7.4 takes neither a frame nor a floating table of this width out of the text.
    """
    size: dict[str, object] = {"cx": round(width_mm * EMU), "cy": round(height_mm * EMU)}
    places = []
    for axis, side in (("H", "left"), ("V", "bottom")):
        align = make(WP, "align")
        align.text = side
        places.append(make(WP, f"position{axis}", (align,), {"relativeFrom": "margin"}))
    place = make(A, "xfrm", (make(A, "off", (), {"x": 0, "y": 0}), make(A, "ext", (), size)))
    look = (place, make(A, "prstGeom", (make(A, "avLst"),), {"prst": "rect"}), make(A, "noFill"), make(A, "ln", (make(A, "noFill"),)))
    inside = make(WPS, "txbx", (w("txbxContent", *content),))
    body = make(WPS, "bodyPr", (make(A, "noAutofit"),), {**dict.fromkeys(("lIns", "tIns", "rIns", "bIns"), 0), "anchor": "b"})
    shape = make(WPS, "wsp", (make(WPS, "cNvSpPr", (), {"txBox": 1}), make(WPS, "spPr", look), inside, body))
    graphic = make(A, "graphic", (make(A, "graphicData", (shape,), {"uri": WPS}),))
    parts = (
        make(WP, "simplePos", (), {"x": 0, "y": 0}),
        *places,
        make(WP, "extent", (), size),
        make(WP, "effectExtent", (), dict.fromkeys(("l", "t", "r", "b"), 0)),
        make(WP, "wrapTopAndBottom"),
        make(WP, "docPr", (), {"id": number, "name": f"box{number}"}),
        make(WP, "cNvGraphicFramePr"),
        graphic,
    )
    facts: dict[str, object] = {**dict.fromkeys(("distT", "distB", "distL", "distR", "simplePos", "behindDoc", "locked", "allowOverlap"), 0)}
    anchor = make(WP, "anchor", parts, {**facts, "relativeHeight": 2, "layoutInCell": 1})
    return w("r", make(MC, "AlternateContent", (make(MC, "Choice", (w("drawing", anchor),), {"Requires": "wps"}),)))
