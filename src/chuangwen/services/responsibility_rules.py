"""The rule files of responsibility (`resources/rules/`, or a project's own): checked, units by full name. A mistake names file, key and remedy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

from chuangwen.domain.categories import Categories, Category
from chuangwen.domain.layer import Layers
from chuangwen.domain.responsibility import EXISTING, FORCED, ORDERS, Rule, Rules, SiteKind
from chuangwen.domain.values import LIST_MARK
from chuangwen.errors import UserError, nearest
from chuangwen.exchange.units import Register
from chuangwen.services.rule_files import RuleFile, read_rules
from chuangwen.settings import resources_folder
from chuangwen.text import _

_FURTHEST_M = 5_000.0
_SURE = 99
"""The likeness from which a shipped file's word for a department is taken for a unit: equal but for the district's name before it."""
_UNITS = ("lead_unit", "responsible_unit")
_OWN_KEYS = {"instead_of"}
_LENGTHS = ("reach_m", "margin_m", "named_reach_m")
_TEXTS = ("id", "title", "basis", "layer", "reach_field", "width_field", "side_field", "compound_field", "named_field")


@dataclass
class _Source:
    """One file, and what was left out of it. Every unit must be known that is the project's own word, not one copied from the shipped file."""

    file: RuleFile
    notes: list[str] = field(default_factory=list)

    @property
    def own(self) -> bool:
        """Whether it is the project's own file, not the shipped one."""
        return self.file.path.parent != resources_folder() / "rules"

    def forgives(self, words: Sequence[str]) -> bool:
        """Whether a unit may be unknown: it stands so in the shipped file, which an office copies whole and changes where it wants."""
        return not self.own or tuple(words) in self._shipped

    @cached_property
    def _shipped(self) -> set[tuple[str, ...]]:
        return set(_unit_words(read_rules(self.file.path.stem).table))

    @property
    def found(self) -> Mapping[str, Any]:
        """What it holds."""
        return self.file.table

    def wrong(self, key: str, what: str, remedy: str) -> UserError:
        """The refusal of this file."""
        return self.file.wrong(key, what, hint=remedy)


def read_responsibility(files_folder: Path | None, layers: Layers, register: Register) -> Rules:
    """responsibility.toml and categories.toml, the project's own (`files_folder`/rules) or the shipped ones.

    Raises `UserError` naming file, key and remedy for a unit that the register does not know, a layer or field that does not exist, a bad distance, a cycle
    of supporting units; an unknown unit that stands so in the shipped files is left out and noted instead.
    """
    categories = _categories(_Source(read_rules("categories", files_folder)), register)
    source = _Source(read_rules("responsibility", files_folder))
    rules = tuple(_rule(source, number, row, layers, categories[0], register) for number, row in enumerate(_rows(source, "rule"), 1))
    _check_order(source, rules)
    replaced = {str(row["id"]): str(row["instead_of"]) for row in _rows(source, "rule") if "instead_of" in row}
    for rule_id, layer in replaced.items():
        _known(source, f"rule.{rule_id}.instead_of", layer, list(layers), _("图层"))
    near = _length(source, "near_m", source.found.get("near_m", 50.0))
    covers = source.found.get("site_covers_surroundings", True)
    if not isinstance(covers, bool):
        raise source.wrong("site_covers_surroundings", _("“{value}”应为 true 或 false").format(value=covers), _("请改为 true 或 false。"))
    return Rules(
        rules,
        categories[0],
        _sites(source, layers, register),
        _supports(source, register),
        covers,
        near,
        (*categories[1], *source.notes),
        replaced,
    )


def _rows(source: _Source, key: str) -> Sequence[Mapping[str, Any]]:
    rows = source.found.get(key, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise source.wrong(key, _("应为若干个 [[{key}]] 段").format(key=key), _("请照程序自带的文件改。"))
    return rows


def _categories(source: _Source, register: Register) -> tuple[Categories, tuple[str, ...]]:
    made: dict[str, Category] = {}
    for number, row in enumerate(_rows(source, "category"), 1):
        name = str(row.get("id") or number)
        key = f"category.{name}"
        _check_keys(source, key, row, {"id", "title", "parent", "synonyms", "lead_unit", "responsible_unit", "parts"}, ("id", "title"))
        parent = str(row.get("parent", ""))
        if name in made:
            raise source.wrong(key, _("编号重复"), _("请给其中一个换编号。"))
        if parent and (parent not in made or made[parent].parent):
            raise source.wrong(f"{key}.parent", _("“{parent}”不是前面的大类").format(parent=parent), _("类别只有两级：parent 要写已经列出的大类。"))
        made[name] = Category(
            name,
            str(row["title"]),
            parent,
            _texts(source, f"{key}.synonyms", row.get("synonyms", [])),
            _unit(source, f"{key}.lead_unit", row.get("lead_unit"), register),
            _unit(source, f"{key}.responsible_unit", row.get("responsible_unit"), register),
            _texts(source, f"{key}.parts", row.get("parts", [])),
        )
    return Categories(made.values()), tuple(source.notes)


def _rule(source: _Source, number: int, row: Mapping[str, Any], layers: Layers, categories: Categories, register: Register) -> Rule:
    name = str(row.get("id") or number)
    key = f"rule.{name}"
    _check_keys(source, key, row, {one.name for one in fields(Rule)} | _OWN_KEYS, ("id", "title", "basis"))
    values: dict[str, Any] = {one: str(row[one]) for one in _TEXTS if one in row}
    values |= {one: _length(source, f"{key}.{one}", row[one]) for one in _LENGTHS if one in row}
    if not isinstance(row.get("on", True), bool):
        raise source.wrong(f"{key}.on", _("“{value}”应为 true 或 false").format(value=row["on"]), _("请改为 true 或 false。"))
    values["on"] = row.get("on", True)
    for one in ("valid_from", "valid_to"):
        if one in row and not (isinstance(row[one], dt.date) and not isinstance(row[one], dt.datetime)):
            raise source.wrong(f"{key}.{one}", _("“{value}”不是日期").format(value=row[one]), _("请写成 2024-06-03，不加引号。"))
        values[one] = row.get(one)
    for one, known in (("order", ORDERS), ("categories", [each.id for each in categories])):
        if one in row:
            values[one] = _texts(source, f"{key}.{one}", row[one])
            for word in values[one]:
                _known(source, f"{key}.{one}", word, list(known), _("次序") if one == "order" else _("类别"))
    choices = [choice.value for choice in layers["issue"].field("unit_basis").choices]
    _known(source, f"{key}.basis", values["basis"], choices, _("责任依据"))
    if name not in (EXISTING, FORCED):
        _check_layer(source, key, values, row, layers)
        values["units"] = _ways(source, key, row, layers, values["layer"])
        values["where"] = {str(one): _texts(source, f"{key}.where.{one}", wanted) for one, wanted in dict(row.get("where", {})).items()}
    values["lead_unit"] = _unit(source, f"{key}.lead_unit", row.get("lead_unit"), register)
    return Rule(**values)


def _check_layer(source: _Source, key: str, values: Mapping[str, Any], row: Mapping[str, Any], layers: Layers) -> None:
    placed = [one.id for one in layers.drawn()]
    _known(source, f"{key}.layer", values.get("layer", ""), placed, _("图层"))
    layer = layers[values["layer"]]
    own = [one.name for one in layer.fields]
    for one in ("reach_field", "width_field", "side_field", "compound_field"):
        if values.get(one):
            _known(source, f"{key}.{one}", values[one], own, _("{layer}的字段").format(layer=layer.title))
    if values.get("named_field"):
        _known(source, f"{key}.named_field", values["named_field"], [one.name for one in layers["issue"].fields], _("问题的字段"))
    for one in dict(row.get("where", {})):
        _known(source, f"{key}.where", str(one), own, _("{layer}的字段").format(layer=layer.title))


def _ways(source: _Source, key: str, row: Mapping[str, Any], layers: Layers, layer: str) -> tuple[str, ...]:
    ways = _texts(source, f"{key}.units", row.get("units", ["responsible_unit"]))
    for way in ways:
        own, _mark, target = way.partition(">")
        _known(source, f"{key}.units", own, [one.name for one in layers[layer].fields], _("{layer}的字段").format(layer=layers[layer].title))
        if target:
            _known(source, f"{key}.units", target, [one for one in layers if one == "unit" or layers[one].has("responsible_unit")], _("图层"))
    return ways


def _check_order(source: _Source, rules: Sequence[Rule]) -> None:
    names = [one.id for one in rules]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise source.wrong(f"rule.{repeated}", _("编号重复"), _("请给其中一条换编号。"))
    if not rules or rules[0].id != EXISTING or not rules[0].on:
        raise source.wrong(f"rule.{EXISTING}", _("人工和指定的责任单位必须排在第一、不能停用"), _('请把 id = "existing" 的一段放在最前面，不写 on = false。'))


def _sites(source: _Source, layers: Layers, register: Register) -> dict[str, SiteKind]:
    known = [choice.value for choice in layers["site"].field("category").choices]
    found = {}
    for name, row in dict(source.found.get("site", {})).items():
        key = f"site.{name}"
        _known(source, key, name, known, _("点位类型"))
        _check_keys(source, key, row, {"radius_m", "named_reach_m", "lead_unit"}, ("radius_m",))
        named = _length(source, f"{key}.named_reach_m", row["named_reach_m"]) if "named_reach_m" in row else None
        radius = _length(source, f"{key}.radius_m", row["radius_m"])
        found[name] = SiteKind(radius, _unit(source, f"{key}.lead_unit", row.get("lead_unit"), register), named)
    return found


def _supports(source: _Source, register: Register) -> dict[str, tuple[str, ...]]:
    """Unit → all who support it, also through others. Raises `UserError` that names the units of a cycle."""
    direct: dict[str, list[str]] = {}
    for number, row in enumerate(_rows(source, "support"), 1):
        key = f"support.{number}"
        _check_keys(source, key, row, {"unit", "by"}, ("unit", "by"))
        unit = _unit(source, f"{key}.unit", row["unit"], register)
        direct.setdefault(unit, []).extend(_unit(source, f"{key}.by", one, register) for one in _texts(source, f"{key}.by", row["by"]))

    def followed(unit: str, path: tuple[str, ...]) -> Iterable[str]:
        if unit in path:
            chain = " → ".join((*path[path.index(unit) :], unit))
            raise source.wrong("support", _("配合关系绕回了自己：{chain}").format(chain=chain), _("请去掉其中一段 [[support]]。"))
        for one in direct.get(unit, []):
            yield one
            yield from followed(one, (*path, unit))

    return {unit: tuple(dict.fromkeys(one for one in followed(unit, ()) if one)) for unit in direct if unit}


def _unit(source: _Source, key: str, words: object, register: Register) -> str:
    """The full name of the first word that the register knows, '' for none and where the project has no register yet."""
    if words is None:
        return ""
    tried = [words] if isinstance(words, str) else list(_texts(source, key, words))
    if not register:
        return tried[0] if tried and not source.forgives(tried) else ""
    for word in tried:
        known = register.find(word)
        if known is None and source.forgives(tried):
            close = register.closest(word)
            sure = [name for name, score in close if score >= _SURE]
            known = sure[0] if len(sure) == 1 else None
        if known is not None:
            return known
    if not source.forgives(tried):
        close = register.closest(tried[0]) if tried else []
        remedy = _("是不是“{name}”？").format(name=close[0][0]) if close else ""
        raise source.wrong(
            key, _("单位“{unit}”不在单位名册中").format(unit=LIST_MARK.join(tried)), remedy + _("请改成名册里的名称、简称或别名，或先在单位名册中登记。")
        )
    source.notes.append(_("{file} 的 {key}：单位名册里没有“{unit}”，这一项不起作用").format(file=source.file.path.name, key=key, unit=LIST_MARK.join(tried)))
    return ""


def _unit_words(found: object) -> Iterable[tuple[str, ...]]:
    """All that a rule file says of units, as `_unit` is asked for it."""
    if isinstance(found, list):
        for one in found:
            yield from _unit_words(one)
    if isinstance(found, Mapping):
        for name, value in found.items():
            if name in _UNITS:
                yield (value,) if isinstance(value, str) else tuple(value)
            else:
                yield from _unit_words(value)


def _length(source: _Source, key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _FURTHEST_M:
        raise source.wrong(key, _("距离“{value}”应为 0 到 {most} 之间的米数").format(value=value, most=f"{_FURTHEST_M:.0f}"), _("请改成数字，不加引号和单位。"))
    return float(value)


def _texts(source: _Source, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise source.wrong(key, _("“{value}”应为方括号里的若干个词").format(value=value), _('请写成 ["甲", "乙"] 的样子。'))
    return tuple(value)


def _known(source: _Source, key: str, word: str, known: Sequence[str], what: str) -> None:
    if word in known:
        return
    close = nearest(word, known)
    remedy = _("是不是“{close}”？").format(close=close) if close else _("可用：{names}。").format(names=LIST_MARK.join(known))
    raise source.wrong(key, _("没有{what}“{word}”").format(what=what, word=word), remedy)


def _check_keys(source: _Source, key: str, row: object, known: set[str], needed: Sequence[str]) -> None:
    if not isinstance(row, dict):
        raise source.wrong(key, _("写法不对"), _("请照程序自带的文件改。"))
    for one in row:
        if one not in known:
            _known(source, f"{key}.{one}", one, sorted(known), _("这一项"))
    for one in needed:
        if row.get(one) in (None, ""):
            raise source.wrong(f"{key}.{one}", _("缺少这一项"), _("请补上。"))
