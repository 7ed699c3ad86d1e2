"""The pictures of a sheet by the cell they belong to: floating ones by their middle, those that WPS (`=DISPIMG`) or Excel put in a cell, those of Word."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from chuangwen.exchange.incoming import Picture
from chuangwen.exchange.office_zip import Package
from chuangwen.exchange.sheet_extras import Place
from chuangwen.exchange.sheets import Book, Sheet
from chuangwen.text import _

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_DISPIMG = re.compile(r'DISPIMG\(\s*"(?P<id>[^"]+)"', re.IGNORECASE)
_XDR = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TOTAL = 300 << 20  # bytes of pictures a sheet
_FARTHEST = 1e12  # EMU: a thousand kilometres
_EMU_PER_POINT, _EMU_PER_PIXEL = 12_700, 9_525
_SIGNATURES = ((b"\xff\xd8\xff", ".jpg"), (b"\x89PNG\r\n\x1a\n", ".png"), (b"GIF8", ".gif"), (b"BM", ".bmp"))


@dataclass(frozen=True, slots=True)
class _Box:
    """A rectangle in EMU from the sheet's top left."""

    left: float
    top: float
    width: float
    height: float


def take_pictures(book: Book, sheet: Sheet) -> tuple[dict[Place, tuple[Picture, ...]], list[str]]:
    """Place → pictures, and sentences on those that were not taken. The cells that only show a picture are emptied."""
    if book.package is None:
        return {}, []
    wanted: list[tuple[Place, str]] = [(place, member) for place, members in sheet.pictures.items() for member in members]
    if sheet.part:
        wanted += [*_in_cells_by_wps(book.package, sheet), *_in_cells_by_excel(book.package, sheet), *_floating(book.package, sheet)]
    if not wanted:
        return {}, []
    content: dict[str, bytes] = {}
    taken = 0
    for name, one in book.package.contents(dict.fromkeys(member for _place, member in wanted)):
        taken += len(one)
        if taken > _TOTAL:
            break
        content[name] = one
    found: dict[Place, tuple[Picture, ...]] = {}
    foreign: list[str] = []
    for place, member in wanted:
        kind = kind_of(content.get(member, b""))
        if kind:
            found[place] = (*found.get(place, ()), Picture(PurePosixPath(member).stem + kind, content[member]))
        else:
            foreign.append(_("第 {row} 行（{name}）").format(row=place[0] + 1, name=PurePosixPath(member).name))
    if foreign:
        return found, [
            _("{count} 张图片没有读取（不是 jpg、png 等常见图片，或已缺失、过大）：{rows}。").format(count=len(foreign), rows="、".join(foreign[:10]))
        ]
    return found, []


def kind_of(content: bytes) -> str:
    """The ending of a picture by what it begins with; '' for what is none that anybody can show (emf, wmf, text)."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    return next((ending for sign, ending in _SIGNATURES if content.startswith(sign)), "")


def _in_cells_by_wps(package: Package, sheet: Sheet) -> Iterator[tuple[Place, str]]:
    """`=DISPIMG("ID_…",1)`: the ids are names of pictures in xl/cellimages.xml."""
    part = next(iter(package.named("xl/cellimages", ".xml")), "")
    if not part and not sheet.extras.shown:
        return
    cells = {**sheet.extras.shown, **{(row, column): found["id"] for row, column, found in _formulas(sheet)}}
    root = package.xml(part) if part else None
    relations = package.relations(part) if part else {}
    members = {}
    for picture in root.iter(f"{_XDR}pic") if root is not None else ():
        named, blip = picture.find(f"{_XDR}nvPicPr/{_XDR}cNvPr"), picture.find(f".//{_A}blip")
        if named is not None and blip is not None:
            members[named.get("name", "")] = relations.get(blip.get(f"{_R}embed", ""), "")
    for (row, column), name in cells.items():
        if row < len(sheet.cells) and column < len(sheet.cells[row]):
            sheet.cells[row][column] = None
        yield (row, column), members.get(name) or name


def _formulas(sheet: Sheet) -> list[tuple[int, int, re.Match[str]]]:
    return [
        (at, column, found)
        for at, row in enumerate(sheet.cells)
        for column, cell in enumerate(row)
        if isinstance(cell, str) and "DISPIMG" in cell and (found := _DISPIMG.search(cell))
    ]


def _in_cells_by_excel(package: Package, sheet: Sheet) -> Iterator[tuple[Place, str]]:
    """Excel 365: the cell is #VALUE! with a number that leads by metadata.xml and richData to a relation."""
    if not sheet.extras.rich:
        return
    metadata, values = package.xml("xl/metadata.xml"), package.xml("xl/richData/rdrichvalue.xml")
    links = package.xml("xl/richData/richValueRel.xml")
    if metadata is None or values is None or links is None:
        return
    relations = package.relations("xl/richData/richValueRel.xml")
    records = [one for block in _all(metadata, "valueMetadata") for one in _all(block, "rc")]
    rich = [one.get("i", "-1") for one in metadata.iter() if one.tag.endswith("}rvb")]
    firsts = [next((one.text or "" for one in value if one.tag.endswith("}v")), "") for value in _all(values, "rv")]
    members = [relations.get(one.get(f"{_R}id", ""), "") for one in links]
    for place, number in sheet.extras.rich.items():
        try:
            member = members[int(firsts[int(rich[int(records[number - 1].get("v", "-1"))])])]
        except (IndexError, ValueError):
            member = ""
        yield place, member or "#VALUE!"


def _all(root: Element, name: str) -> list[Element]:
    return [one for one in root.iter() if one.tag.rpartition("}")[2] == name]


def _floating(package: Package, sheet: Sheet) -> Iterator[tuple[Place, str]]:
    """Pictures over cells, also in groups: each belongs to the cell that lies under its middle."""
    drawings = [part for part in package.relations(sheet.part).values() if "/drawings/" in part.lower() and part.lower().endswith(".xml")]
    if not drawings:
        return
    grid = _Grid(package.read(sheet.part))
    for part in drawings:
        root = package.xml(part)
        relations = package.relations(part)
        for anchor in root if root is not None else ():
            box = grid.box(anchor)
            for blip, place in _blips(anchor, box):
                member = relations.get(blip.get(f"{_R}embed", "") or blip.get(f"{_R}link", ""))
                if member:
                    yield grid.place(place.left + place.width / 2, place.top + place.height / 2), member


def _blips(parent: Element, box: _Box) -> Iterator[tuple[Element, _Box]]:
    for one in parent:
        if one.tag == f"{_XDR}pic":
            blip = one.find(f".//{_A}blip")
            if blip is not None:
                yield blip, box
        elif one.tag == f"{_XDR}grpSp":
            for child, inner in _children(one, box):
                yield from _blips(child, inner)
        elif one.tag.endswith(("}AlternateContent", "}Choice")):
            yield from _blips(one, box)


def _children(group: Element, box: _Box) -> Iterator[tuple[Element, _Box]]:
    """The members of a group, each alone in a parent of its own, with its place inside `box`."""
    from xml.etree.ElementTree import Element

    frame = group.find(f"{_XDR}grpSpPr/{_A}xfrm")
    offset, size = _pair(frame, "chOff", ("x", "y")), _pair(frame, "chExt", ("cx", "cy"))
    for one in group:
        own = one.find(f"{_XDR}spPr/{_A}xfrm") if one.tag == f"{_XDR}pic" else one.find(f"{_XDR}grpSpPr/{_A}xfrm")
        holder = Element(group.tag)
        holder.append(one)
        if one.tag not in (f"{_XDR}pic", f"{_XDR}grpSp"):
            continue
        if own is None or not size[0] or not size[1]:
            yield holder, box
            continue
        (x, y), (wide, high) = _pair(own, "off", ("x", "y")), _pair(own, "ext", ("cx", "cy"))
        across, down = box.width / size[0], box.height / size[1]
        yield holder, _Box(box.left + (x - offset[0]) * across, box.top + (y - offset[1]) * down, wide * across, high * down)


def _pair(frame: Element | None, name: str, attributes: tuple[str, str]) -> tuple[float, float]:
    one = frame.find(f"{_A}{name}") if frame is not None else None
    return (_length(one.get(attributes[0])), _length(one.get(attributes[1]))) if one is not None else (0.0, 0.0)


def _length(text: str | None) -> float:
    try:
        number = float(text or 0)
    except ValueError:
        return 0.0
    return number if abs(number) < _FARTHEST else 0.0


class _Grid:
    """Where the rows and columns of a sheet lie, in EMU: heights in points, widths in characters of about 7 pixels."""

    def __init__(self, xml: bytes) -> None:
        default = re.search(rb"\bdefaultRowHeight=[\"'](\d{1,6}(?:\.\d{1,9})?)", xml)
        self._row = float(default[1]) * _EMU_PER_POINT if default else 15 * _EMU_PER_POINT
        wide = re.search(rb"\bdefaultColWidth=[\"'](\d{1,6}(?:\.\d{1,9})?)", xml)
        self._column = (float(wide[1]) * 7 + 5) * _EMU_PER_PIXEL if wide else 64 * _EMU_PER_PIXEL
        heights = {}
        for text in re.findall(rb"<(?:\w+:)?row\b([^<>]*)>", xml):
            number, height = re.search(rb"\br=[\"'](\d{1,7})", text), re.search(rb"\bht=[\"'](\d{1,6}(?:\.\d{1,9})?)", text)
            if number:
                heights[int(number[1]) - 1] = 0.0 if b'hidden="1"' in text else float(height[1]) * _EMU_PER_POINT if height else self._row
        widths: dict[int, float] = {}
        for text in re.findall(rb"<(?:\w+:)?col\b([^<>]*)>", xml):
            first, last, width = (re.search(rb"\b" + name + rb"=[\"'](\d{1,6}(?:\.\d{1,9})?)", text) for name in (b"min", b"max", b"width"))
            if first and last and width:
                each = 0.0 if b'hidden="1"' in text else (float(width[1]) * 7 + 5) * _EMU_PER_PIXEL
                widths |= dict.fromkeys(range(int(float(first[1])) - 1, min(int(float(last[1])), 1_000)), each)
        self._tops = _edges(heights, self._row)
        self._lefts = _edges(widths, self._column)

    def box(self, anchor: Element) -> _Box:
        """The rectangle of a one-cell, two-cell or absolute anchor."""
        begin, end = self._corner(anchor.find(f"{_XDR}from")), self._corner(anchor.find(f"{_XDR}to"))
        size = anchor.find(f"{_XDR}ext")
        if begin is None:
            at = anchor.find(f"{_XDR}pos")
            begin = (_length(at.get("x")), _length(at.get("y"))) if at is not None else (0.0, 0.0)
        if end is not None:
            return _Box(*begin, end[0] - begin[0], end[1] - begin[1])
        return _Box(*begin, _length(size.get("cx")), _length(size.get("cy"))) if size is not None else _Box(*begin, 0, 0)

    def place(self, x: float, y: float) -> Place:
        """The cell at a point."""
        return _within(self._tops, self._row, y), _within(self._lefts, self._column, x)

    def _corner(self, mark: Element | None) -> tuple[float, float] | None:
        if mark is None:
            return None
        column, right, row, down = (_length(mark.findtext(f"{_XDR}{name}")) for name in ("col", "colOff", "row", "rowOff"))
        left, top = _edge(self._lefts, self._column, int(column)), _edge(self._tops, self._row, int(row))
        return left + min(right, _edge(self._lefts, self._column, int(column) + 1) - left), top + min(down, _edge(self._tops, self._row, int(row) + 1) - top)


def _edges(sizes: Mapping[int, float], default: float) -> list[float]:
    """Where each row begins, up to the last one whose size is known."""
    edges = [0.0]
    for number in range(min(max(sizes, default=-1) + 1, 1 << 20)):
        edges.append(edges[-1] + sizes.get(number, default))
    return edges


def _edge(edges: Sequence[float], default: float, number: int) -> float:
    number = max(number, 0)
    return edges[number] if number < len(edges) else edges[-1] + (number - len(edges) + 1) * default


def _within(edges: Sequence[float], default: float, at: float) -> int:
    if at >= edges[-1]:
        return len(edges) - 1 + int((at - edges[-1]) / default) if default else len(edges) - 1
    return max(bisect.bisect_right(edges, at) - 1, 0)
