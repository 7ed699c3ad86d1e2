"""Areas joined by the value of a column: community zones to campaign zones (domain.md 3.1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.layer import Layer, folded
from chuangwen.domain.values import LIST_MARK, Scalar, is_empty, plain
from chuangwen.errors import UserError, nearest
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.incoming import Column, Incoming, Repaired
from chuangwen.exchange.matching import match
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

DISSOLVE = "dissolve"
_WORDS = ("创建网格", "所属网格", "大网格", "网格", "创建片区", "片区", "网格编号", "网格名称", "网格号", "创建网格编号", "创建网格名称", "所属创建网格")
_COUNTS = ("户数", "人口", "人数", "面积", "栋", "数量", "数", "households", "population", "area")
_NO = "no"
_ROWS, _FEWER, _FILLED, _MEET = 4, 2, 0.9, 0.5
_SHOWN = 12
_LONGEST = 200


def dissolved(incoming: Incoming, layer: Layer, columns: Mapping[str, str], answers: Answers, wanted: str) -> Incoming:
    """`incoming` with the areas of one value of the column `wanted`, or of the answer to the doubt `dissolve`, joined to one; a zone file in which such a
    column repeats itself gets the doubt. Rows without a value stay single. Raises `UserError` for a column that is not there."""
    title = _found(incoming, wanted) if wanted else ""
    if not title:
        offered = _offered(incoming) if layer.id == "zone" else []
        if not offered:
            return incoming
        matches = match(incoming.columns, layer, columns)
        possible = (
            Answer(_NO, _("不合并，一行一个")),
            *(Answer(one, _("按“{title}”合并成 {count} 个").format(title=one, count=count)) for one, count in offered),
        )
        answer = settled(DISSOLVE, answers, possible, _NO)
        words = _("列“{title}”的值重复，相同的挨在一起：{rows} 行只有 {count} 种。要把相同的合并成一个{layer}吗？")
        question = words.format(title=offered[0][0], rows=len(incoming), count=offered[0][1], layer=layer.title)
        asks = any(matches.fields.get(one) == "code" for one, _count in offered)  # otherwise all rows but the first of each are refused
        incoming = replace(incoming, doubts=(*incoming.doubts, Doubt(DISSOLVE, question, possible, answer, asks=asks)))
        if answer == _NO:
            return incoming
        title = answer
    return _joined(incoming, layer, columns, title)


def _found(incoming: Incoming, wanted: str) -> str:
    column = next((one for one in incoming.columns if folded(wanted) in {folded(word) for word in (one.title, *one.words)}), None)
    if column is not None:
        return column.title
    titles = [one.title for one in incoming.columns]
    close = nearest(wanted, titles)
    hint = _("是不是“{close}”？").format(close=close) if close else _("有：{titles}").format(titles=LIST_MARK.join(titles))
    raise UserError(_("文件中没有列“{source}”。").format(source=wanted), hint=hint)


def _offered(incoming: Incoming) -> list[tuple[str, int]]:
    """Columns that name a larger zone: far fewer values than rows, and most rows lie beside another of the same value."""
    geometry = incoming.geometry
    if geometry is None or len(incoming) < _ROWS:
        return []
    found = []
    for column in incoming.columns:
        if not any(folded(word) in _WORDS for word in column.words):
            continue
        keys = _keys(column.values)
        given = [key for key in keys if key]
        count = len(set(given))
        if count and count * _FEWER <= len(given) and len(given) >= _FILLED * len(keys) and _meet(geometry, keys):
            found.append((column.title, count))
    return found


def _keys(values: Sequence[Scalar]) -> list[str]:
    texts = [plain(value).strip() for value in values]
    return ["" if is_empty(text) else text for text in texts]


def _meet(geometry: NDArray[np.object_], keys: Sequence[str]) -> bool:
    """Whether most areas touch another of the same key."""
    areas = np.flatnonzero(np.isin(shapely.get_type_id(geometry), (3, 6)))
    number = {key: at for at, key in enumerate(dict.fromkeys(keys))}
    code = np.array([number[key] for key in keys])[areas]
    shapes = geometry[areas]
    bounds = shapely.box(*shapely.bounds(shapes).T)
    one, other = shapely.STRtree(bounds).query(bounds, predicate="intersects")
    alike = (one != other) & (code[one] == code[other])
    return len(np.unique(one[alike])) >= _MEET * len(areas)


def _joined(incoming: Incoming, layer: Layer, wanted: Mapping[str, str], title: str) -> Incoming:
    geometry = incoming.geometry
    assert geometry is not None
    column = next(one for one in incoming.columns if one.title == title)
    groups: dict[str, list[int]] = {}
    for at, key in enumerate(_keys(column.values)):
        groups.setdefault(key or f"\0{at}", []).append(at)
    members = list(groups.values())
    matches = match(incoming.columns, layer, wanted)
    # the column names the new zones: it is their code, unless the user or its header says that it is their name
    home = matches.fields.get(title)
    names = column.names or (title,)
    made: list[Column] = []
    unlike: list[str] = []
    for one in incoming.columns:
        field = matches.fields.get(one.title, "")
        if one.title == title:
            made.append(replace(one, values=[one.values[group[0]] for group in members], names=names if home in ("code", "name") else ("code", *names)))
            continue
        values = [_value(one, field, layer, [one.values[at] for at in group]) for group in members]
        if field in ("code", "name"):
            single = [value if len({one.values[at] for at in group}) == 1 else None for value, group in zip(values, members, strict=True)]
            unlike += [one.title] if single != values else []
            values = single
        made.append(replace(one, values=values))
    shapes = np.empty(len(members), dtype=object)
    shapes[:] = [_union(geometry[group]) for group in members]
    notes = [Repaired(incoming.rows[group[0]], _note(incoming, matches.column_of.get("code", ""), title, group)) for group in members if len(group) > 1]
    warnings = [_("按“{title}”合并：{rows} 行合成 {count} 个。").format(title=title, rows=len(incoming), count=len(members))]
    if unlike:
        warnings.append(_("合并的各行“{titles}”不同，没有取用，见修复清单。").format(titles=LIST_MARK.join(unlike)))
    taken = incoming.take([group[0] for group in members])
    return replace(taken, columns=tuple(made), geometry=shapes, repaired=(*taken.repaired, *notes), warnings=(*taken.warnings, *warnings))


def _value(column: Column, field: str, layer: Layer, values: Sequence[Scalar]) -> Scalar:
    """One value for several rows: what they agree on, else the sum of counts, the most frequent of choices, else all of them."""
    given = [value for value in values if value is not None]
    distinct = list(dict.fromkeys(given))
    if len(distinct) < 2 and not (given and _counts(column, field, layer) and len(values) > 1):
        return distinct[0] if distinct else None
    if _counts(column, field, layer):
        numbers = [_number(value) for value in given]
        if None not in numbers:
            total = sum(number for number in numbers if number is not None)
            return int(total) if total == int(total) else total
    if field and layer.field(field).type == "choice":
        return Counter(given).most_common(1)[0][0]
    return LIST_MARK.join(plain(value) for value in distinct)


def _counts(column: Column, field: str, layer: Layer) -> bool:
    """Whether a column counts something (户数, 人口, 面积): such values add up."""
    if field:
        return layer.field(field).type in ("integer", "real")
    words = [folded(word) for word in column.words]
    return any(word.endswith(_COUNTS) for word in words) and all(value is None or _number(value) is not None for value in column.values)


def _number(value: Scalar) -> float | None:
    try:
        return float(str(value).replace(",", "").strip())
    except ValueError:
        return None


def _union(shapes: NDArray[np.object_]) -> shapely.Geometry | None:
    """The areas as one: by their common borders where those meet, else by computing."""
    there = shapes[np.isin(shapely.get_type_id(shapes), (3, 6))]
    if len(there) < 2:
        return there[0] if len(there) else shapes[0]
    there = np.where(shapely.is_valid(there), there, shapely.make_valid(there))
    if bool(shapely.coverage_is_valid(there)):
        return shapely.coverage_union_all(there)
    return shapely.union_all(there)


def _note(incoming: Incoming, code: str, title: str, group: Sequence[int]) -> str:
    rows = LIST_MARK.join(str(incoming.rows[at]) for at in group[:_SHOWN]) + ("…" if len(group) > _SHOWN else "")
    column = incoming.column(code) if code and code != title else None
    codes = LIST_MARK.join(plain(column.values[at]) for at in group if column.values[at] is not None) if column else ""
    named = _("（原编号 {codes}）").format(codes=codes[:_LONGEST]) if codes else ""
    return _("由第 {rows} 行共 {count} 个合并而成{named}").format(rows=rows, count=len(group), named=named)
