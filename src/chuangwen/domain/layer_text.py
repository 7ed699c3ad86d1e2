"""Reading a layer's declaration. A mistake is a `UserError` that names file, key and the nearest right spelling."""

from __future__ import annotations

import re
import tomllib
from dataclasses import MISSING, fields
from functools import lru_cache
from typing import Any, TypeVar, cast

from chuangwen.domain.derived import DERIVATIONS
from chuangwen.domain.layer import FIELD_TYPES, GEOMETRY_KINDS, HATCHES, LAYER_KINDS, SHAPES, Badge, Choice, Field, Label, Layer, Layers, Palette, Symbol
from chuangwen.errors import UserError, nearest
from chuangwen.text import _

Made = TypeVar("Made")

_KEYS = {
    Layer: {"field", "symbol", "badge", "label", "palette", "form", "table", "search", *(one.name for one in fields(Layer))}
    - {"fields", "symbols", "badges", "groups", "columns"},
    Field: {"choice", *(one.name for one in fields(Field))} - {"choices"},
}
_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_COLOUR = re.compile(r"^#[0-9a-fA-F]{6}$")
_RESERVED = {"id", "fid", "geom", "geometry", "rowid"}


class _Place:
    """Where in which file we are, for messages."""

    def __init__(self, file: str, path: str = "") -> None:
        self.file, self.path = file, path

    def at(self, key: str) -> _Place:
        return _Place(self.file, f"{self.path}.{key}" if self.path else key)

    def wrong(self, what: str, hint: str = "") -> UserError:
        return UserError(_("图层文件 {file}，{key}：{what}。").format(file=self.file, key=self.path or _("开头"), what=what), hint=hint)


@lru_cache(maxsize=256)  # nine tenths of opening a project were this, each time on the same words
def parse_layer(text: str, file: str) -> Layer:
    """The layer that the TOML `text` declares. `file` is used in messages only. The same words give the same layer: nobody changes it."""
    place = _Place(file)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise place.wrong(_("不是正确的 TOML（{error}）").format(error=error)) from error
    _known(table, _KEYS[Layer], place)
    if "id" not in table or "title" not in table:
        raise place.wrong(_("缺少 id 或 title"))
    columns = tuple(_field(entry, place.at(f"field[{number + 1}]")) for number, entry in enumerate(_list(table, "field", place)))
    layer = Layer(
        id=_identifier(table["id"], place.at("id")),
        title=table["title"],
        kind=_one_of(table.get("kind", "subject"), LAYER_KINDS, place.at("kind")),
        geometry=_one_of(table.get("geometry", "none"), GEOMETRY_KINDS, place.at("geometry")),
        fields=columns,
        derived=tuple(_field(entry, place.at(f"derived[{number + 1}]")) for number, entry in enumerate(_list(table, "derived", place))),
        badges=tuple(_badge(entry, place.at(f"badge[{number + 1}]")) for number, entry in enumerate(_list(table, "badge", place))),
        symbols=tuple(_symbol(entry, place.at(f"symbol[{number + 1}]")) for number, entry in enumerate(_list(table, "symbol", place))) or (Symbol(),),
        label=_made(Label, table["label"], place.at("label")) if "label" in table else None,
        palette=_made(Palette, table["palette"], place.at("palette")) if "palette" in table else None,
        groups=tuple(table.get("form", {}).get("groups", ())),
        columns=tuple(table.get("table", {}).get("columns", ())),
        search=tuple(table.get("search", {}).get("fields", ("code", "name"))),
        order=int(table.get("order", 0)),
        visible=bool(table.get("visible", True)),
        max_denominator=float(table.get("max_denominator", 0)),
    )
    _check_names(layer, place)
    return layer


def check_references(layers: Layers, file_of: dict[str, str]) -> None:
    """Every `to` of a field names a layer there is. Raises `UserError`."""
    for layer in layers.values():
        for one in layer.fields:
            if one.to and one.to not in layers:
                place = _Place(file_of.get(layer.id, layer.id), f"field {one.name}.to")
                raise place.wrong(_("没有图层“{name}”").format(name=one.to), hint=_close(one.to, list(layers)))


def _field(entry: dict[str, Any], place: _Place) -> Field:
    _known(entry, _KEYS[Field], place)
    for key in ("name", "title", "type"):
        if key not in entry:
            raise place.wrong(_("缺少 {key}").format(key=key))
    place = _Place(place.file, f"field {entry['name']}")
    choices = tuple(_made(Choice, choice, place.at(f"choice[{number + 1}]")) for number, choice in enumerate(_list(entry, "choice", place)))
    made = _made(Field, {key: value for key, value in entry.items() if key != "choice"} | {"choices": choices}, place)
    _identifier(made.name, place.at("name"))
    if made.name in _RESERVED:
        raise place.at("name").wrong(_("“{name}”由程序自己使用，请换一个名字").format(name=made.name))
    _one_of(made.type, FIELD_TYPES, place.at("type"))
    if made.type == "choice" and not choices:
        raise place.wrong(_("类型 choice 需要至少一个 [[field.choice]]"))
    if made.unknown and not made.choice(made.unknown):
        raise place.at("unknown").wrong(_("没有取值“{name}”").format(name=made.unknown), hint=_close(made.unknown, [choice.value for choice in choices]))
    if made.type in ("ref", "refs") and not made.to:
        raise place.wrong(_("类型 {type} 需要 to").format(type=made.type))
    return made


def _badge(entry: dict[str, Any], place: _Place) -> Badge:
    symbol = _symbol(entry.get("symbol", {}), place.at("symbol"))
    return _made(Badge, {**entry, "when": _when(entry), "symbol": symbol}, place)


def _when(entry: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(value) if isinstance(value, list) else (value,) for key, value in entry.get("when", {}).items()}


def _symbol(entry: dict[str, Any], place: _Place) -> Symbol:
    entry = {**entry, "when": _when(entry)}
    symbol = _made(Symbol, entry, place)
    _made(Symbol, dict(symbol.mono), place.at("mono"))
    for one in (symbol, symbol.in_mono()):
        _one_of(one.shape, SHAPES, place.at("shape"))
        _one_of(one.hatch, HATCHES, place.at("hatch"))
        for key in ("fill", "stroke", "casing", "hatch_colour", "glyph_colour"):
            colour = getattr(one, key)
            if colour and not _COLOUR.match(colour):
                raise place.at(key).wrong(_("颜色“{value}”应写成 #rrggbb").format(value=colour))
    return symbol


def _check_names(layer: Layer, place: _Place) -> None:
    names = [one.name for one in layer.fields]
    for name in {"code", "name"} - set(names):
        raise place.wrong(_("每个图层都要有字段 {name}").format(name=name))
    for name in names:
        if names.count(name) > 1:
            raise place.wrong(_("字段 {name} 出现了两次").format(name=name))
    used = [("search.fields", name) for name in layer.search]
    used += [(f"symbol[{number + 1}].when", name) for number, symbol in enumerate(layer.symbols) for name in symbol.when]
    used += [("label.text", name) for name in (re.findall(r"{(\w+)}", layer.label.text) if layer.label else [])]
    used += [("palette.field", layer.palette.field)] if layer.palette else []
    used += [(f"field {one.name}.default_from", one.default_from) for one in layer.fields if one.default_from]
    derived = [one.name for one in layer.derived]
    worked_out = [("derived", name, [*DERIVATIONS]) for name in derived]
    worked_out += [(f"badge[{number + 1}].when", name, derived) for number, badge in enumerate(layer.badges) for name in badge.when]
    worked_out += [("table.columns", name, [*names, *derived]) for name in layer.columns]
    for key, name, known in [*((key, name, names) for key, name in used), *worked_out]:
        if name not in known:
            raise place.at(key).wrong(_("没有字段“{name}”").format(name=name), hint=_close(name, known))
    for one in layer.fields:
        if one.group and layer.groups and one.group not in layer.groups:
            raise place.at(f"field {one.name}.group").wrong(_("没有分组“{name}”").format(name=one.group), hint=_close(one.group, list(layer.groups)))
    conditions = [(f"symbol[{number + 1}]", symbol.when) for number, symbol in enumerate(layer.symbols)]
    conditions += [(f"badge[{number + 1}]", badge.when) for number, badge in enumerate(layer.badges)]
    for where, when in conditions:
        for name, values in when.items():
            choices = [choice.value for choice in layer.column(name).choices]
            for value in values:
                if choices and value not in choices:
                    raise place.at(f"{where}.when.{name}").wrong(_("没有取值“{name}”").format(name=value), hint=_close(value, choices))


def _made(kind: type[Made], entry: dict[str, Any], place: _Place) -> Made:
    """A dataclass from a table: keys must be known, types must be those of the declaration."""
    declared = {one.name: one for one in fields(cast("Any", kind))}
    _known(entry, set(declared), place)
    values: dict[str, Any] = {}
    for key, value in entry.items():
        default = declared[key].default
        if isinstance(value, list):
            value = tuple(value)
        if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
            value = float(value)
        if default is not MISSING and not isinstance(value, type(default)):
            raise place.at(key).wrong(_("应为 {wanted}，而不是 {value!r}").format(wanted=type(default).__name__, value=value))
        values[key] = value
    try:
        return kind(**values)
    except TypeError as error:
        raise place.wrong(_("不完整（{error}）").format(error=error)) from error


def _known(entry: dict[str, Any], known: set[str], place: _Place) -> None:
    for key in entry:
        if key not in known:
            raise place.at(key).wrong(_("不认识的键"), hint=_close(key, sorted(known)))


def _list(table: dict[str, Any], key: str, place: _Place) -> list[dict[str, Any]]:
    entries = table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise place.at(key).wrong(_("应写成 [[{key}]]").format(key=key))
    return entries


def _one_of(value: Any, known: tuple[str, ...], place: _Place) -> str:
    if value not in known:
        raise place.wrong(_("不认识“{value}”").format(value=value), hint=_close(str(value), list(known)))
    return cast("str", value)


def _identifier(value: Any, place: _Place) -> str:
    if not isinstance(value, str) or not _NAME.match(value):
        raise place.wrong(_("“{value}”应由小写字母、数字和下划线组成").format(value=value))
    return value


def _close(word: str, known: list[str]) -> str:
    close = nearest(word, known)
    return _("是不是“{close}”？").format(close=close) if close else ""
