"""What an xlsx sheet holds beside its values and calamine does not give: hidden rows, formulas without a result, error cells, zeros that a format shows.

The member's bytes are searched for the few tags that matter: a parser in Python takes a second and more for 20,000 rows, this takes a tenth of it
(docs/decisions/0045).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from chuangwen.exchange.office_zip import Package

Place = tuple[int, int]
"""Row and column, from 0."""

_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]{0,300})>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b([^<>]{0,300})>")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^<>]{0,300}?\br=[\"'](\d{1,7})[\"']")
_LETTERS = re.compile(rb"\sr=[\"']([A-Z]{1,3})\d")
_VALUED = re.compile(rb"<(?:\w+:)?c\b[^<>]{0,300}?\br=[\"']([A-Z]{1,3})(\d{1,7})[\"'](?:[^<>/]|/(?!>)){0,300}>(?!\s*</)")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^<>]{0,300}\bt=[\"']e[\"'][^<>]{0,300})>\s*(?:<(?:\w+:)?f\b[^<>]{0,300}(?:/>|>[^<]*</(?:\w+:)?f>)\s*)?<(?:\w+:)?v>([^<]*)<"
)
_FORMULA = re.compile(rb"<(?:\w+:)?c\b([^<>]{0,300})>\s*<(?:\w+:)?f\b([^<>]{0,300}?)(?:/>|>([^<]*)</(?:\w+:)?f>)\s*(<(?:\w+:)?v\b[^>/]*>[^<]+|<(?:\w+:)?is>)?")
_DISPIMG = re.compile(rb"DISPIMG\((?:&quot;|\")([^\"&]+)")
_LINK = re.compile(rb"\[\d+\]")
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_PADDED = re.compile(r'^(?:"(?P<head>[^"]*)")?(?P<zeros>0{2,})(?:;.*)?$')
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@dataclass(frozen=True, slots=True)
class Extras:
    """Rows and columns are counted from 0. `errors`: place → `#N/A`; `uncached`: formulas without a result; `linked`: formulas on other workbooks.

    `padded`: place → the format's head and width (`001` is 1 with the format 000). `rich`: place → number of a picture that Excel placed in the cell;
    `shown`: place → id of one that WPS placed there.
    """

    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    errors: Mapping[Place, str] = field(default_factory=dict)
    uncached: tuple[Place, ...] = ()
    linked: tuple[Place, ...] = ()
    padded: Mapping[Place, tuple[str, int]] = field(default_factory=dict)
    rich: Mapping[Place, int] = field(default_factory=dict)
    shown: Mapping[Place, str] = field(default_factory=dict)


def place_of(letters: bytes | str, number: bytes | str) -> Place:
    """`("B", "3")` → (2, 1)."""
    column = 0
    for letter in letters if isinstance(letters, bytes) else letters.encode():
        column = column * 26 + letter - 64
    return int(number) - 1, column - 1


def extent(xml: bytes) -> Place:
    """How many rows and columns the cells with a value span. A stray one at XFD1048576 would make calamine ask for 400 GB."""
    rows, letters = [int(number) for number in _ROW_NUMBER.findall(xml)], set(_LETTERS.findall(xml))
    quick = (max(rows, default=0), max((place_of(some, b"1")[1] + 1 for some in letters), default=0))
    return quick if rows and letters and quick[0] * quick[1] <= 1_000_000 else _span(xml, _VALUED)


def _span(xml: bytes, pattern: re.Pattern[bytes]) -> Place:
    cells = set(pattern.findall(xml))
    if cells:
        return max(int(number) for _letters, number in cells), max(place_of(letters, b"1")[1] + 1 for letters in {letters for letters, _number in cells})
    lines = re.split(rb"<(?:\w+:)?row\b", xml)  # cells without addresses stand one behind the other
    return len(lines) - 1, max(len(re.findall(rb"<(?:\w+:)?c\b", line)) for line in lines)


def extras_of(xml: bytes, formats: Mapping[int, tuple[str, int]]) -> Extras:
    """What the XML of a sheet says. `formats`: style number → head and width of a format that pads with zeros (`padding_formats`)."""
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    if b"hidden=" in xml:
        hidden_rows = tuple(_number(found[1], b"r") - 1 for found in _ROW.finditer(xml) if _is_on(found[1], b"hidden"))
        columns = [found[1] for found in _COLUMN.finditer(xml) if _is_on(found[1], b"hidden")]
        hidden_columns = tuple(at for one in columns for at in range(_number(one, b"min") - 1, min(_number(one, b"max"), 16_384)))
    errors, rich = {}, {}
    for found in _ERROR.finditer(xml) if b't="e"' in xml or b"t='e'" in xml else ():
        place = _place(found[1])
        if place and (number := _number(found[1], b"vm")):
            rich[place] = number
        elif place:
            errors[place] = found[2].decode("utf-8", "replace")
    uncached, linked, shown = [], [], {}
    for found in _FORMULA.finditer(xml) if any(tag in xml for tag in (b"<f>", b"<f ", b":f>", b":f ")) else ():
        place = _place(found[1])
        if place is None:
            continue
        if picture := _DISPIMG.search(found[3] or b""):
            shown[place] = picture[1].decode("utf-8", "replace")
        elif found[4] is None and not re.search(rb"\bt=[\"'](?:str|e)[\"']", found[1]):
            uncached.append(place)
        if _LINK.search(found[3] or b""):
            linked.append(place)
    return Extras(hidden_rows, hidden_columns, errors, tuple(uncached), tuple(linked), _padded(xml, formats), rich, shown)


def _padded(xml: bytes, formats: Mapping[int, tuple[str, int]]) -> dict[Place, tuple[str, int]]:
    if not formats:
        return {}
    styles = b"|".join(b"%d" % style for style in formats)
    cells = re.compile(rb"<(?:\w+:)?c\b([^<>]{0,300}\bs=[\"'](?:" + styles + rb")[\"'][^<>]{0,300})>\s*<(?:\w+:)?v")
    return {place: formats[_number(found[1], b"s")] for found in cells.finditer(xml) if (place := _place(found[1])) is not None}


def padding_formats(package: Package) -> dict[int, tuple[str, int]]:
    """The styles of a workbook whose number format shows leading zeros: style number → what stands before, how many digits."""
    if b"formatCode" not in package.read("xl/styles.xml"):
        return {}
    root = package.xml("xl/styles.xml")
    assert root is not None
    padding = {}
    for one in root.iterfind(f"{_MAIN}numFmts/{_MAIN}numFmt"):
        if found := _PADDED.match(one.get("formatCode", "").replace("\\", "")):
            padding[one.get("numFmtId")] = (found["head"] or "", len(found["zeros"]))
    styles = root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
    return {number: padding[one.get("numFmtId")] for number, one in enumerate(styles) if one.get("numFmtId") in padding}


def _place(attributes: bytes) -> Place | None:
    found = _PLACE.search(attributes)
    return place_of(found[1], found[2]) if found else None


def _number(attributes: bytes, name: bytes) -> int:
    found = re.search(rb"\b" + name + rb"=[\"'](\d{1,9})[\"']", attributes)
    return int(found[1]) if found else 0


def _is_on(attributes: bytes, name: bytes) -> bool:
    return re.search(rb"\b" + name + rb"=[\"'](?:1|true)[\"']", attributes) is not None
