"""The readers of a project: `audiences.toml` read and checked, and what a reader's page is about (one unit, zone or section)."""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from chuangwen.domain.audience import ANY, OF_PLACE, OF_UNIT, PUBLIC, Audience, Share
from chuangwen.domain.layer import Layers
from chuangwen.domain.lifecycle import STATES
from chuangwen.errors import UserError, nearest
from chuangwen.services.rule_files import RuleFile, read_rules
from chuangwen.settings import layers_folder
from chuangwen.store.layer_files import read_layers
from chuangwen.text import _

WORDS = ("receiver", "office", "day", "until", "review")
"""What notes and watermark may say."""
_KEYS = (*(one.name for one in fields(Audience) if one.name != "shares"), "layer")
_SHARE_KEYS = ("id", *(one.name for one in fields(Share)))
_DEFAULTS = Audience("", "", "")


def audiences(files_folder: Path | None = None) -> dict[str, Audience]:
    """The readers by id, in the order of the file. Raises `UserError` that names file, place and remedy of a mistake, `FileProblem` where it cannot be read."""
    rules = read_rules("audiences", files_folder)
    layers = read_layers(layers_folder())
    found: dict[str, Audience] = {}
    for number, entry in enumerate(rules.entries("audience", _KEYS, ("id", "title", "says")), 1):
        place = f"audience[{number}]"
        made = _audience(rules, place, entry, layers)
        if made.id in found:
            raise rules.wrong(f"{place}.id", _("“{id}”写了两次").format(id=made.id))
        found[made.id] = made
    return found


def audience(name: str, files_folder: Path | None = None) -> Audience:
    """The reader of an id or title. Raises `UserError` with the nearest right word, and as `audiences` does."""
    known = audiences(files_folder)
    for one in known.values():
        if name in (one.id, one.title):
            return one
    close = nearest(name, [*known, *(one.title for one in known.values())])
    hint = _("是不是“{close}”？").format(close=close) if close else _("有：{names}").format(names="、".join(known))
    raise UserError(_("没有“{name}”这种读者。").format(name=name), hint=hint)


def _audience(rules: RuleFile, place: str, entry: Mapping[str, Any], layers: Layers) -> Audience:
    values: dict[str, Any] = {name: _value(rules, f"{place}.{name}", name, value) for name, value in entry.items() if name != "layer"}
    made = Audience(**values, shares=_shares(rules, f"{place}.layer", entry.get("layer", []), layers))
    if made.subject not in (ANY, OF_UNIT, OF_PLACE):
        raise rules.wrong(f"{place}.subject", _("应为 unit、place 或空"))
    for name in ("context", "ticks"):
        _known(rules, f"{place}.{name}", getattr(made, name), layers)
    for text in (*made.notes, made.watermark):
        _template(rules, place, text)
    is_safe = not made.persons and made.is_scanned and made.needs_review_number and made.needs_consent and not made.all_layers and made.grid_m >= 1
    if made.id == PUBLIC and not is_safe:
        wanted = "persons = false, all_layers = false, is_scanned = true, needs_review_number = true, needs_consent = true, grid_m ≥ 1"
        raise rules.wrong(place, _("公开的读者必须是 {wanted}").format(wanted=wanted))
    return made


def _value(rules: RuleFile, place: str, name: str, value: object) -> object:
    """A value of the type that the audience's own default has."""
    default = getattr(_DEFAULTS, name)
    if isinstance(default, bool):
        if not isinstance(value, bool):
            raise rules.wrong(place, _("应为 true 或 false"))
        return value
    if isinstance(default, tuple):
        return _texts(rules, place, value)
    if isinstance(default, int | float):
        number = rules.number(value, place)
        return int(number) if isinstance(default, int) else number
    if not isinstance(value, str):
        raise rules.wrong(place, _("应为文字"))
    return value


def _texts(rules: RuleFile, place: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise rules.wrong(place, _('应写成 ["…", "…"]'))
    return tuple(value)


def _shares(rules: RuleFile, key: str, entries: object, layers: Layers) -> dict[str, Share]:
    found: dict[str, Share] = {}
    for number, entry in enumerate(RuleFile(rules.path, {key: entries}).entries(key, _SHARE_KEYS, ("id",)), 1):
        place = f"{key}[{number}]"
        _known(rules, f"{place}.id", (entry["id"],), layers)
        layer = layers[entry["id"]]
        lists = {name: _texts(rules, f"{place}.{name}", entry.get(name, [])) for name in ("fields", "without", "states_out")}
        for name in ("fields", "without"):
            _known(rules, f"{place}.{name}", lists[name], layer.field_by_name)
        if layer.id == "issue":
            _known(rules, f"{place}.states_out", lists["states_out"], STATES)
        if layer.id in found:
            raise rules.wrong(f"{place}.id", _("“{id}”写了两次").format(id=layer.id))
        found[layer.id] = Share(**lists, grid_m=rules.number(entry.get("grid_m", 0), f"{place}.grid_m"))
    return found


def _known(rules: RuleFile, place: str, names: Collection[str], known: Collection[str]) -> None:
    for name in names:
        if name not in known:
            close = nearest(name, list(known))
            raise rules.wrong(place, _("没有“{name}”").format(name=name), _("是不是“{close}”？").format(close=close) if close else "")


def _template(rules: RuleFile, place: str, text: str) -> None:
    try:
        names = [name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name is not None]
    except ValueError:
        names = [text]
    for name in names:
        if name not in WORDS:
            raise rules.wrong(place, _("“{text}”里只能用 {words}").format(text=text, words=" ".join(f"{{{one}}}" for one in WORDS)))
