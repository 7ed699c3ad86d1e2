"""Which column of a file goes into which field of a layer (domain.md 5.1–5.5, 5.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from chuangwen.domain.layer import Field, Layer, folded
from chuangwen.domain.values import LIST_MARK
from chuangwen.errors import DataProblem, UserError, nearest
from chuangwen.exchange.doubts import Answer, Answers, Doubt
from chuangwen.exchange.field_names import short_names
from chuangwen.exchange.incoming import MADE, SECTION, Column
from chuangwen.text import _

LON, LAT, EAST, NORTH, BOTH = "lon", "lat", "east", "north", "both"
COORDINATES = {
    LON: ("经度", "lon", "lng", "long", "longitude", "东经", "gps经度", "经度坐标"),
    LAT: ("纬度", "lat", "latitude", "北纬", "gps纬度", "纬度坐标"),
    EAST: ("x", "x坐标", "东坐标", "横坐标", "easting", "坐标x", "东坐标y", "东坐标x", "pointx", "point_x"),
    NORTH: ("y", "y坐标", "北坐标", "纵坐标", "northing", "坐标y", "北坐标x", "北坐标y", "pointy", "point_y"),
    BOTH: ("坐标", "经纬度", "位置坐标", "坐标位置", "gps坐标", "经纬度坐标", "地理坐标", "定位坐标", "定位", "wkt"),
}
"""Folded headers of coordinate columns. X and Y may be either axis: Chinese surveyors call north X. The detective of crs.py finds out by the numbers."""

SERIAL = frozenset({"序号", "号", "no.", "no", "序", "项目序号"})
_IGNORED = (
    frozenset({"objectid", "objectid_1", "fid", "fid_1", "id", "shape_leng", "shape_length", "shape_area", "shape_le_1", "gid", "ogc_fid", "geom", "geometry"})
    | SERIAL
)
_SEPARATORS = re.compile(r"[、;；/／，,\n]+")
_SHIFTED = {"gcj": "gcj02", "高德": "gcj02", "腾讯": "gcj02", "火星": "gcj02", "bd09": "bd09", "bd-09": "bd09", "百度": "bd09"}
_TRUE = ("cgcs2000", "国家2000", "2000国家", "wgs84", "wgs-84", "wgs 84", "4490", "4326")
_COLUMN_GEOMETRY = "geometry"

_BY_NAME, _BY_TITLE, _BY_SYNONYM, _PER_WAY = 100, 90, 80, 30
_NEAR = 15
"""Scores that lie nearer than this do not decide between two columns for a field, or two fields for a column."""
_ALIKE = 85  # of 100, by rapidfuzz: a header that is near a known one is proposed, never taken
_SHORTEST = 2
_EITHER = {
    "单位名称": ("site_name", "responsible_unit", "name"),
    "单位": ("responsible_unit", "unit", "site_name"),
    "名称": ("name", "site_name"),
    "类别": ("category", "kind", "class"),
    "类型": ("category", "kind", "class"),
    "时间": ("found_at", "due_at", "done_at"),
    "日期": ("found_at", "due_at", "done_at"),
    "编号": ("code", "site_code", "zone_code"),
    "姓名": ("person", "contact", "name"),
    "街道社区": ("street", "community"),
}
"""Folded headers that mean one thing here and another there: what each may be, asked about where no synonym decides (domain.md 5.1)."""
_UNUSED = ""


@dataclass(frozen=True)
class Matches:
    """What a file's columns mean. `fields`: column title → field name; `coordinates`: role → column title; the rest is `unmatched` or `ignored`."""

    fields: Mapping[str, str]
    coordinates: Mapping[str, str] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    shifted: str = ""  # gcj02 or bd09, where a coordinate header says so
    degrees: bool = False  # a header of 经度 says CGCS2000 or WGS 84
    doubts: tuple[Doubt, ...] = ()

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


def match(columns: Sequence[Column], layer: Layer, wanted: Mapping[str, str] | None = None, answers: Answers | None = None) -> Matches:
    """The columns matched to fields: one field a column, one column a field, the best fit first; `wanted` (column → field, '' for none) overrides.

    What scores do not decide, or what only resembles a known header, is a doubt `column:<title>`; `answers` count as `wanted`. Raises `UserError` for a column
    or field in `wanted` that is not there.
    """
    answered = {column.title: answers[key] for column in columns if answers and (key := f"column:{column.title}") in answers}
    demanded = _demanded(columns, layer, answered | dict(wanted or {}))
    fields = {title: name for title, name in demanded.items() if name != _UNUSED}
    free = [column for column in columns if column.title not in demanded]
    coordinates = coordinate_columns(free) if layer.geometry in ("point", "any") else {}
    said = "".join(column.title.lower() for column in free if column.title in coordinates.values())
    taken = set(fields.values()) - {""}
    short = short_names(layer.fields)
    offers = []
    for position, column in enumerate(columns):
        placed = column.title in coordinates.values() and layer.kind != "reference"  # an overlay keeps every column as it came
        if column.title in demanded or placed or (column.kind == SECTION and not column.names):
            continue
        offers += [(-score, position, one.name) for one in layer.fields if (score := _fit(column, one, short[one.name])) > 0 and _may_fill(column, one)]
    for _score, position, name in sorted(offers, key=lambda offer: offer[:2]):
        title = columns[position].title
        if title not in fields and name not in taken and not one_is_empty(columns[position], columns, name, offers):
            fields[title] = name
            taken.add(name)
    for column in columns:
        if column.kind == SECTION and column.title not in demanded and (home := _section_field(column, layer, taken)):
            fields[column.title] = home
    shifted = next((code for sign, code in _SHIFTED.items() if sign in said), "")
    rest = [column.title for column in columns if column.title not in fields and column.title not in coordinates.values()]
    ignored = tuple(title for title in rest if folded(title) in _IGNORED or demanded.get(title) == _UNUSED)
    unmatched = tuple(title for title in rest if title not in ignored)
    scores = {(position, name): -score for score, position, name in offers}
    return Matches(
        {title: name for title, name in fields.items() if name},
        coordinates,
        unmatched,
        ignored,
        shifted,
        LON in coordinates and any(sign in said for sign in _TRUE),
        tuple(_doubts(columns, layer, fields, unmatched, scores, demanded)),
    )


def _doubts(
    columns: Sequence[Column],
    layer: Layer,
    fields: Mapping[str, str],
    unmatched: Sequence[str],
    scores: Mapping[tuple[int, str], int],
    answered: Mapping[str, str],
) -> Iterator[Doubt]:
    """Columns whose field the scores do not decide: a second column that fits almost as well, a header of two meanings, one that only resembles a known word.

    Layers that take whatever comes (base, reference) are not asked about.
    """
    if layer.kind in ("base", "reference"):
        return
    holder = {name: title for title, name in fields.items()}
    place = {column.title: position for position, column in enumerate(columns)}
    for position, column in enumerate(columns):
        if not any(value is not None for value in column.values) or column.kind == SECTION:
            continue
        mine = {name: score for (at, name), score in scores.items() if at == position}
        if column.title in unmatched:
            rivals = [name for name, score in mine.items() if name in holder and scores.get((place[holder[name]], name), _BY_NAME) - score <= _NEAR]
            either = [name for word in column.words for name in _EITHER.get(folded(word), ()) if _is_possible(name, layer)]
            possible = list(dict.fromkeys([*rivals, *either, *([] if rivals or either else _alike(column, layer, set(holder)))]))
            if possible:
                lacks = [name for name in possible if layer.field(name).required and name not in holder and not layer.field(name).default_from]
                yield _doubt(column, layer, possible, _UNUSED, holder, asks=bool(lacks) and folded(column.title) in _EITHER)
        elif column.title in fields and column.title not in answered:
            name = fields[column.title]
            rivals = [other for other, score in mine.items() if other != name and other not in holder and mine.get(name, 0) - score <= _NEAR]
            if rivals:
                yield _doubt(column, layer, [name, *rivals], name, holder)


def _is_possible(name: str, layer: Layer) -> bool:
    """Whether a layer has the field; the name of an issue is its own, not that of its site."""
    return layer.has(name) and _importable(layer.field(name)) and not (name == "name" and layer.has("site_name"))


def _doubt(column: Column, layer: Layer, possible: Sequence[str], chosen: str, holder: Mapping[str, str], *, asks: bool = False) -> Doubt:
    answers = []
    for name in possible:
        other = holder.get(name, "")
        note = _("代替“{other}”列").format(other=other) if other and other != column.title else ""
        answers.append(Answer(name, layer.field(name).title, note))
    question = _("“{column}”列对应哪个字段？").format(column=column.title)
    return Doubt(f"column:{column.title}", question, (*answers, Answer(_UNUSED, _("不导入这一列"))), chosen, asks=asks)


def _alike(column: Column, layer: Layer, taken: set[str]) -> list[str]:
    """Free fields with a word that the header resembles, best first, at most three."""
    from rapidfuzz import fuzz

    found: dict[str, float] = {}
    for word in filter(None, map(folded, column.words)):
        for one in layer.fields:
            if one.name in taken or not _importable(one) or len(word) < _SHORTEST or folded(column.title) in _IGNORED:
                continue
            score = max((fuzz.WRatio(word, known) for known in map(folded, (one.title, *one.synonyms)) if len(known) >= _SHORTEST), default=0.0)
            if score >= _ALIKE:
                found[one.name] = max(found.get(one.name, 0.0), score)
    return sorted(found, key=lambda name: -found[name])[:3]


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
        fields[column.title] = layer.field(name).name if name.strip() else _UNUSED
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
    return _importable(one) and (folded(column.title) not in _IGNORED or column.words[0] == one.name)


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


def coordinate_columns(columns: Sequence[Column]) -> dict[str, str]:
    """The coordinate columns of a list by role: two of them, or one that holds both; empty where there are none."""
    found: dict[str, str] = {}
    for column in columns:
        for word in column.words:
            role = next((role for role, words in COORDINATES.items() if folded(word).replace("_", "") in words or folded(word) in words), None)
            if role and role not in found:
                found[role] = column.title
                break
    for first, second in ((LON, LAT), (EAST, NORTH)):
        if first in found and second in found:
            return {first: found[first], second: found[second]}
    return {BOTH: found[BOTH]} if BOTH in found else {}


def _importable(one: Field) -> bool:
    """What the program fills in is taken from a list only where its layer says what lists call it: counters of an office that kept its own books."""
    return not one.readonly or bool(one.synonyms)
