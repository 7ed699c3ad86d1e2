"""Which column of a file goes into which field of a layer, and which unit a word in a cell means (domain.md 5.8)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field, Layer, folded
from chuangwen.domain.values import LIST_MARK, Scalar
from chuangwen.errors import DataProblem, UserError, nearest
from chuangwen.exchange.field_names import short_names
from chuangwen.exchange.incoming import MADE, SECTION, Column
from chuangwen.text import _

LON, LAT, EAST, NORTH, BOTH = "lon", "lat", "east", "north", "both"
COORDINATES = {
    LON: ("经度", "lon", "lng", "long", "longitude", "东经", "gps经度", "经度坐标"),
    LAT: ("纬度", "lat", "latitude", "北纬", "gps纬度", "纬度坐标"),
    EAST: ("x", "x坐标", "东坐标", "横坐标", "easting", "坐标x", "东坐标y", "东坐标x", "pointx", "point_x"),
    NORTH: ("y", "y坐标", "北坐标", "纵坐标", "northing", "坐标y", "北坐标x", "北坐标y", "pointy", "point_y"),
    BOTH: ("坐标", "经纬度", "位置坐标", "坐标位置", "gps坐标", "经纬度坐标", "地理坐标", "定位坐标", "定位"),
}
"""Folded headers of coordinate columns. X and Y may be either axis: Chinese surveyors call north X. The detective of crs.py finds out by the numbers."""

SERIAL = frozenset({"序号", "号", "no.", "no", "序", "项目序号"})
_IGNORED = (
    frozenset({"objectid", "objectid_1", "fid", "fid_1", "id", "shape_leng", "shape_length", "shape_area", "shape_le_1", "gid", "ogc_fid", "geom", "geometry"})
    | SERIAL
)
_SEPARATORS = re.compile(r"[、;；/／，,\n]+")
_ROLE = re.compile(r"[（(][^）)]*[）)]")
_SHIFTED = {"gcj": "gcj02", "高德": "gcj02", "腾讯": "gcj02", "火星": "gcj02", "bd09": "bd09", "bd-09": "bd09", "百度": "bd09"}
_TRUE = ("cgcs2000", "国家2000", "2000国家", "wgs84", "wgs-84", "wgs 84", "4490", "4326")
_COLUMN_GEOMETRY = "geometry"

_BY_NAME, _BY_TITLE, _BY_SYNONYM, _PER_WAY = 100, 90, 80, 30


@dataclass(frozen=True)
class Matches:
    """What a file's columns mean. `fields`: column title → field name; `coordinates`: role → column title; the rest is `unmatched` or `ignored`."""

    fields: Mapping[str, str]
    coordinates: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    shifted: str = ""  # gcj02 or bd09, where a coordinate header says so
    degrees: bool = False  # a header of 经度 says CGCS2000 or WGS 84

    def as_json(self, columns: Sequence[Column]) -> dict[str, str | None]:
        """Column title → field, `geometry` for coordinates, None for what is not taken."""
        placed = dict.fromkeys(self.coordinates.values(), _COLUMN_GEOMETRY)
        return {column.title: self.fields.get(column.title) or placed.get(column.title) for column in columns if column.kind != MADE}

    @cached_property
    def column_of(self) -> dict[str, str]:
        """Field name → column title."""
        return {name: title for title, name in self.fields.items()}


def known_words(layer: Layer) -> frozenset[str]:
    """The folded headers that a list for `layer` may have: its fields, coordinates, a serial number."""
    words = {folded(word) for one in layer.fields for word in (one.name, one.title, *one.synonyms)}
    if layer.geometry in ("point", "any"):
        words |= {word for some in COORDINATES.values() for word in some}
    return frozenset(words | SERIAL)


def match(columns: Sequence[Column], layer: Layer, wanted: Mapping[str, str] | None = None) -> Matches:
    """The columns matched to fields: one field a column, one column a field, the best fit first; `wanted` (column → field) overrides.

    Raises `UserError` for a column or field in `wanted` that is not there.
    """
    fields = _demanded(columns, layer, wanted or {})
    coordinates, said = _coordinates([column for column in columns if column.title not in fields], layer)
    taken = set(fields.values())
    short = short_names(layer.fields)
    offers = []
    for position, column in enumerate(columns):
        if column.title in fields or column.title in coordinates.values() or (column.kind == SECTION and not column.names):
            continue
        offers += [(-score, position, one.name) for one in layer.fields if (score := _fit(column, one, short[one.name])) > 0 and _may_fill(column, one)]
    for _score, position, name in sorted(offers, key=lambda offer: offer[:2]):
        title = columns[position].title
        if title not in fields and name not in taken and not one_is_empty(columns[position], columns, name, offers):
            fields[title] = name
            taken.add(name)
    for column in columns:
        if column.kind == SECTION and column.title not in fields and (home := _section_field(column, layer, taken)):
            fields[column.title] = home
    shifted = next((code for sign, code in _SHIFTED.items() if sign in said), "")
    rest = [column.title for column in columns if column.title not in fields and column.title not in coordinates.values()]
    ignored = tuple(title for title in rest if folded(title) in _IGNORED)
    return Matches(
        fields,
        coordinates,
        tuple(title for title in rest if title not in ignored),
        ignored,
        shifted,
        LON in coordinates and any(sign in said for sign in _TRUE),
    )


def one_is_empty(column: Column, columns: Sequence[Column], name: str, offers: Sequence[tuple[int, int, str]]) -> bool:
    """Whether `column` is blank throughout while another that fits the field is not."""
    if any(value is not None for value in column.values):
        return False
    return any(offered == name and any(value is not None for value in columns[position].values) for _score, position, offered in offers)


def _demanded(columns: Sequence[Column], layer: Layer, wanted: Mapping[str, str]) -> dict[str, str]:
    fields = {}
    for source, name in wanted.items():
        column = next((one for one in columns if source == one.title or source in one.words or folded(source) == folded(one.title)), None)
        if column is None:
            titles = [one.title for one in columns]
            close = nearest(source, titles)
            raise UserError(
                _("文件中没有列“{source}”。").format(source=source),
                hint=_("是不是“{close}”？").format(close=close) if close else _("有：{titles}").format(titles=LIST_MARK.join(titles)),
            )
        fields[column.title] = layer.field(name).name
    return fields


def _fit(column: Column, one: Field, short: str) -> int:
    """How well a column's words name a field; 0: not at all. An earlier way (child before joined before parent) counts more.

    `short` is the field's name in a shapefile of ours.
    """
    best = 0
    for way, word in enumerate(column.words):
        key = folded(word)
        if not key:
            continue
        plain_key = folded(word.split("_")[0]) if re.search(r"_\d+$", word) else key
        if key in (folded(one.name), short):
            fit = _BY_NAME
        elif key == folded(one.title):
            fit = _BY_TITLE
        else:
            place = next((number for number, synonym in enumerate(one.synonyms) if folded(synonym) in (key, plain_key)), None)
            if place is None:
                continue
            fit = _BY_SYNONYM - place
        best = max(best, fit - _PER_WAY * way)
    return best


def _may_fill(column: Column, one: Field) -> bool:
    """序号, OBJECTID and Shape_Area are nobody's field, unless a reference layer was made for just this column."""
    return not one.readonly and (folded(column.title) not in _IGNORED or column.words[0] == one.name)


def _section_field(column: Column, layer: Layer, taken: set[str]) -> str | None:
    """The choice field that can read every section title (一、主次干道 → 点位类型)."""
    titles = {value for value in column.values if value is not None}
    for one in layer.fields:
        if one.type == "choice" and one.name not in taken and not one.unknown:
            try:
                for title in titles:
                    one.read(title)
            except DataProblem:
                continue
            return one.name
    return None


def _coordinates(columns: Sequence[Column], layer: Layer) -> tuple[dict[str, str], str]:
    """The coordinate columns by role, and all that their headers say in lower case."""
    if layer.geometry not in ("point", "any"):
        return {}, ""
    found: dict[str, str] = {}
    said = ""
    for column in columns:
        for word in column.words:
            role = next((role for role, words in COORDINATES.items() if folded(word).replace("_", "") in words or folded(word) in words), None)
            if role and role not in found:
                found[role] = column.title
                said += column.title.lower()
                break
    if LON in found and LAT in found:
        return {LON: found[LON], LAT: found[LAT]}, said
    if EAST in found and NORTH in found:
        return {EAST: found[EAST], NORTH: found[NORTH]}, said
    return ({BOTH: found[BOTH]}, said) if BOTH in found else ({}, "")


class Register:
    """The names that a `ref` field may hold: full name, short name and aliases of the features of the referred layer."""

    def __init__(self, features: Features) -> None:
        self.title = features.layer.title
        self._canonical: dict[str, str] = {}
        names = [str(name) if name is not None else "" for name in features.column("name")]
        for column in ("name", "short_name", "aliases"):
            if not features.layer.has(column):
                continue
            for name, words in zip(names, features.column(column), strict=True):
                for word in [str(words)] if column != "aliases" and words else _SEPARATORS.split(str(words or "")):
                    if folded(word) and name:
                        self._canonical.setdefault(folded(word), name)
        self.names = [name for name in names if name]

    def __bool__(self) -> bool:
        return bool(self.names)

    def find(self, word: str) -> str | None:
        """The full name that `word` means, None for nobody's."""
        return self._canonical.get(folded(word))

    def one(self, text: str, title: str) -> str:
        """The full name of a cell. Raises `DataProblem` with the nearest name."""
        found = self.find(text)
        if found is not None:
            return found
        close = nearest(text, self.names)
        raise DataProblem(
            _("{title}“{value}”不在{register}名册中").format(title=title, value=text, register=self.title),
            hint=_("，是不是“{close}”？").format(close=close) if close else _("，请先在{register}名册中登记").format(register=self.title),
        )

    def several(self, text: str, title: str) -> str:
        """The full names in a cell, joined by 、. Blanks separate only where every part is known: names may hold blanks themselves."""
        parts = [part.strip() for part in _SEPARATORS.split(text) if part.strip()]
        found: list[str] = []
        for part in parts:
            words = part.split()
            pieces = words if len(words) > 1 and self.find(part) is None and all(self.find(word) for word in words) else [part]
            found += [self.one(piece, title) for piece in pieces]
        return LIST_MARK.join(dict.fromkeys(found))


def resolved(one: Field, value: Scalar, features: Features) -> Scalar:
    """The canonical name or names for a `ref` or `refs` value. An empty register takes the text as it is. Raises `DataProblem`."""
    return resolve(one, value, Register(features))


def resolve(one: Field, value: Scalar, register: Register) -> Scalar:
    """As `resolved`, with the register made once for many rows."""
    if value is None:
        return None
    text = str(value).strip()
    bare = _ROLE.sub("", text).strip() or text
    if not register:
        return bare
    return register.several(bare, one.title) if one.type == "refs" else register.one(bare, one.title)
