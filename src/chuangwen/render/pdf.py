"""A PDF made of parts: what Qt wrote, made smaller and searchable; then all parts with bookmarks, labels, tables and places on the ground.

The same data gives the same bytes: dates are the data's, ids are made from the content.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import pikepdf

from chuangwen.progress import Progress
from chuangwen.render.attachments import attach
from chuangwen.render.georeference import Ground, viewports
from chuangwen.render.halo import Glyphs, glyphs_of, labelled, marked_states
from chuangwen.render.repeats import compact
from chuangwen.text import _

_LEVEL = 5
"""Of compression: half the time of 6, one byte in a hundred more."""
_PRODUCER = "创文一张图"
_FAR = 1_000_000
_PHOTO_QUALITY = 82


@dataclass(frozen=True, slots=True)
class Leaf:
    """What a PDF says of one page beside what is drawn on it.

    `group`: the street of its bookmark, `name` the bookmark, `code` of its sheet, `part` 0 or the number of the continuation. `grounds`: its maps.
    `tables`: of the whole sheet, as rows of cells, on the sheet's first page; empty on the others.
    """

    group: str
    name: str
    code: str
    part: int
    grounds: tuple[Ground, ...] = ()
    tables: tuple[tuple[str, ...], ...] = ()


def tidied(raw: bytes, progress: Progress) -> bytes:
    """A PDF as Qt writes it, with real rims, searchable labels, nothing written twice and everything compressed."""
    with pikepdf.open(io.BytesIO(raw)) as document:
        read: dict[tuple[int, int], Glyphs] = {}
        contents = []
        for page in document.pages:
            progress.at(0)
            contents.append(_labelled(page, read))
        _name_fonts(document)
        _lighten_photos(document, progress)
        pages, runs = compact(contents)
        del contents
        forms = [_form(document, run) for run in runs]
        for page, (content, called) in zip(document.pages, pages, strict=True):
            progress.at(0)
            page.Contents = _packed(document, content)
            page.Resources.XObject = pikepdf.Dictionary({**page.Resources.get("/XObject", {}), **{f"/Run{number}": forms[number] for number in called}})
        made = io.BytesIO()
        document.save(made, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return made.getvalue()


def bound(parts: Sequence[bytes], leaves: Sequence[Leaf], title: str, moment: dt.datetime) -> memoryview:
    """The parts as one document. `moment`: the data's time, which is the document's too.

    In memory: where a disk is full, pikepdf ends the program instead of raising.
    """
    with pikepdf.new() as document:
        for part in parts:
            with pikepdf.open(io.BytesIO(part)) as one:
                document.pages.extend(one.pages)
        taken: set[str] = set()
        for page, leaf in zip(document.pages, leaves, strict=True):
            if leaf.grounds:
                page.obj.VP = viewports(leaf.grounds, float(page.mediabox[3]))
            if leaf.tables:
                attach(document, page, leaf.code, leaf.tables, moment, taken)
        _bookmarks(document, leaves)
        labels = [pikepdf.Dictionary(P=pikepdf.String(_label(leaf))) for leaf in leaves]
        document.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array([entry for number, label in enumerate(labels) for entry in (number, label)]))
        document.Root.PageMode = pikepdf.Name.UseOutlines
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        document.Root.Lang = pikepdf.String("zh-CN")
        stamp = f"D:{moment:%Y%m%d%H%M%S}+08'00'"
        for key, value in (("/Title", title), ("/Creator", _PRODUCER), ("/Producer", _PRODUCER), ("/CreationDate", stamp), ("/ModDate", stamp)):
            document.docinfo[key] = value
        made = io.BytesIO()
        document.save(made, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate, min_version="1.7")
        return made.getbuffer()


def _bookmarks(document: pikepdf.Pdf, leaves: Sequence[Leaf]) -> None:
    with document.open_outline() as outline:
        for group, run in groupby(enumerate(leaves), key=lambda entry: entry[1].group):
            rows = list(run)
            items = [pikepdf.OutlineItem(leaf.name, number) for number, leaf in rows]
            if group:
                head = pikepdf.OutlineItem(group, rows[0][0])
                head.children.extend(items)
                outline.root.append(head)
            else:
                outline.root.extend(items)


def _label(leaf: Leaf) -> str:
    """What a viewer shows as the page's number: the sheet's code finds its page."""
    return leaf.code if leaf.part == 0 else _("{name}（续 {part}）").format(name=leaf.code, part=leaf.part)


def _labelled(page: pikepdf.Page, read: dict[tuple[int, int], Glyphs]) -> bytes:
    """`read`: what was read of fonts so far."""
    states = marked_states(page)
    content = page.Contents.read_bytes()
    if not states:
        return content

    def glyphs(name: bytes) -> Glyphs:
        font = page.Resources.Font["/" + name.decode("ascii")]
        if font.objgen not in read:
            read[font.objgen] = glyphs_of(font)
        return read[font.objgen]

    made = labelled(content, states, glyphs)
    for name in states:
        del page.Resources.ExtGState["/" + name.decode("ascii")]
    return made


def _name_fonts(document: pikepdf.Pdf) -> None:
    """Subsets of fonts named by their content (9.6.4): Qt's names change from one start of the program to the next."""
    for page in document.pages:
        for font in page.Resources.get("/Font", {}).values():
            inner = font.DescendantFonts[0]
            if "/FontFile2" in inner.FontDescriptor:
                digest = hashlib.sha256(inner.FontDescriptor.FontFile2.read_raw_bytes()).digest()
                tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
                name = pikepdf.Name(f"/{tag}+{str(inner.BaseFont).rpartition('+')[2].lstrip('/')}")
                font.BaseFont = inner.BaseFont = inner.FontDescriptor.FontName = name


def _lighten_photos(document: pikepdf.Pdf, progress: Progress) -> None:
    """Qt writes JPEG of quality 94, twice as large as paper shows."""
    photos = [one for one in document.objects if isinstance(one, pikepdf.Stream) and one.get("/Filter") == pikepdf.Name.DCTDecode]
    if not photos:
        return
    from PIL import Image

    for photo in photos:
        progress.at(0)
        before, made = photo.read_raw_bytes(), io.BytesIO()
        Image.open(io.BytesIO(before)).save(made, "JPEG", quality=_PHOTO_QUALITY, optimize=True)
        if len(made.getvalue()) < len(before):
            photo.write(made.getvalue(), filter=pikepdf.Name.DCTDecode)


def _form(document: pikepdf.Pdf, run: bytes) -> pikepdf.Stream:
    box = pikepdf.Array([-_FAR, -_FAR, _FAR, _FAR])
    return _packed(document, run, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form, BBox=box, Resources=pikepdf.Dictionary())


def _packed(document: pikepdf.Pdf, data: bytes, **entries: object) -> pikepdf.Stream:
    return document.make_stream(zlib.compress(data, _LEVEL), Filter=pikepdf.Name.FlateDecode, **entries)
