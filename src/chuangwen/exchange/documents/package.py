"""A Word file from its parts: the same bytes for the same content (no times, no names, no paths), written beside and renamed."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from lxml import etree

from chuangwen.exchange.documents.form import MM, POINT, Form
from chuangwen.exchange.documents.markup import R, field, paragraph, run, run_properties, w
from chuangwen.exchange.whole_file import whole_file

if TYPE_CHECKING:
    from chuangwen.exchange.documents.markup import Element

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_ENDINGS = {"png": "image/png", "jpg": "image/jpeg"}
_PARTS = {"styles": "styles", "settings": "settings", "fontTable": "fontTable", "footer1": "footer", "footer2": "footer"}
_THEN = (1980, 1, 1, 0, 0, 0)
_FIRST_PICTURE = 100


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in the file: its bytes and the ending of their kind (png, jpg)."""

    content: bytes
    ending: str


def relation_of(picture: int) -> str:
    """The name by which the text refers to the picture of this number."""
    return f"rId{_FIRST_PICTURE + picture}"


def write(path: Path, form: Form, body: Sequence[Element], pictures: Sequence[Picture]) -> None:
    """Write the document. Raises `FileProblem` when `path` cannot be written; then nothing is left there and an older file is as it was."""
    with whole_file(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(form, body, pictures):
            about = zipfile.ZipInfo(name, _THEN)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o600 << 16
            archive.writestr(about, content)


def _files(form: Form, body: Sequence[Element], pictures: Sequence[Picture]) -> Iterable[tuple[str, bytes]]:
    yield "[Content_Types].xml", _content_types().encode()
    yield "_rels/.rels", _relations([("rId1", "officeDocument", "word/document.xml")]).encode()
    media = [(relation_of(number), "image", f"media/image{number}.{one.ending}") for number, one in enumerate(pictures)]
    parts = [(f"rId{number}", kind, f"{name}.xml") for number, (name, kind) in enumerate(_PARTS.items(), 1)]
    yield "word/_rels/document.xml.rels", _relations([*parts, *media]).encode()
    names = {name: relation for relation, _kind, name in parts}
    yield "word/document.xml", _bytes(w("document", w("body", *body, _section(form, names["footer1.xml"], names["footer2.xml"]))))
    yield "word/styles.xml", _bytes(_styles(form))
    yield "word/settings.xml", _bytes(_settings())
    yield "word/fontTable.xml", _bytes(_fonts(form))
    yield "word/footer1.xml", _bytes(_footer(form, "right"))
    yield "word/footer2.xml", _bytes(_footer(form, "left"))
    for number, one in enumerate(pictures):
        yield f"word/media/image{number}.{one.ending}", one.content


def _bytes(root: Element) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r", "wps"])
    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


def _content_types() -> str:
    kinds = {"document": "document.main", **_PARTS}
    lines = [f'<Default Extension="{ending}" ContentType="{kind}"/>' for ending, kind in _ENDINGS.items()]
    lines.append('<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>')
    lines.append('<Default Extension="xml" ContentType="application/xml"/>')
    lines += [f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}{kind}+xml"/>' for name, kind in kinds.items()]
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Types xmlns="{_TYPES}">{"".join(lines)}</Types>'


def _relations(wanted: Iterable[tuple[str, str, str]]) -> str:
    lines = [f'<Relationship Id="{one}" Type="{R}/{kind}" Target={quoteattr(target)}/>' for one, kind, target in wanted]
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{_RELATIONS}">{"".join(lines)}</Relationships>'


def _section(form: Form, odd: str, even: str) -> Element:
    page = {name: round(value * MM) for name, value in form.page.items()}
    number_size = form.sizes["page_number"] * POINT
    below = page["bottom"] - round(form.page["page_number_below"] * MM + number_size / 2)
    references = [w("footerReference", type=kind) for kind in ("default", "even")]
    for one, relation in zip(references, (odd, even), strict=True):
        one.set(f"{{{R}}}id", relation)
    return w(
        "sectPr",
        *references,
        w("pgSz", w=page["width"], h=page["height"]),
        w("pgMar", top=page["top"], right=page["right"], bottom=page["bottom"], left=page["left"], header=851, footer=below, gutter=0),
        w("docGrid", type="linesAndChars", linePitch=form.line_pitch, charSpace=form.character_space),
    )


def _styles(form: Form) -> Element:
    language = w("lang", val="en-US", eastAsia="zh-CN", bidi="ar-SA")
    look = run_properties(form)
    look.append(language)
    defaults = w("docDefaults", w("rPrDefault", look), w("pPrDefault", w("pPr")))
    normal = w(
        "style", w("name", val="Normal"), w("qFormat"), w("pPr", w("widowControl", val=0), w("jc", val="both")), type="paragraph", default=1, styleId="a"
    )
    edges = (w(side, w=0 if side in ("top", "bottom") else 108, type="dxa") for side in ("top", "left", "bottom", "right"))
    cells = w("tblPr", w("tblInd", w=0, type="dxa"), w("tblCellMar", *edges))
    table = w("style", w("name", val="Normal Table"), w("uiPriority", val=99), w("semiHidden"), cells, type="table", default=1, styleId="a1")
    return w("styles", defaults, normal, table)


def _settings() -> Element:
    modern = w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val=15)
    return w(
        "settings",
        w("zoom", percent=100),
        w("removePersonalInformation"),
        w("bordersDoNotSurroundHeader"),
        w("bordersDoNotSurroundFooter"),
        w("defaultTabStop", val=420),
        w("evenAndOddHeaders"),
        w("characterSpacingControl", val="compressPunctuation"),
        w("compat", w("useFELayout"), modern),
    )


def _fonts(form: Form) -> Element:
    """The faces with the names that may stand in: Word and WPS look here when a face is missing."""
    found = {face.name: face.instead for face in form.faces.values()}
    fonts = [w("font", w("altName", val=",".join(instead)) if instead else None, name=name) for name, instead in found.items()]
    return w("fonts", *fonts, w("font", name=form.latin))


def _footer(form: Form, side: str) -> Element:
    """— 1 — on the outer side, one character in."""
    size = form.sizes["page_number"]
    look = run_properties(form, "page_number", size)
    runs = [run("— ", look), *field("PAGE", look), run(" —", run_properties(form, "page_number", size))]
    indent: dict[str, object] = {f"{side}Chars": 100, side: round(size * POINT)}
    line = round(size * POINT * 1.15)
    return w("ftr", paragraph(*runs, line=line, jc=side, indent=indent))
