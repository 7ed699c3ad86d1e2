"""Columns of units to the fields for them: who leads, who does it, who helps; a name that nobody knows is asked about and costs no row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chuangwen.domain.change import Change
from chuangwen.domain.edits import new_id
from chuangwen.domain.layer import Field, Layer
from chuangwen.domain.values import LIST_MARK, Scalar, Value, plain
from chuangwen.exchange.codes import Codes
from chuangwen.exchange.doubts import Answer, Answers, Doubt
from chuangwen.exchange.incoming import Column
from chuangwen.exchange.units import DOES, HELPS, LEAD, Cell, Part, Register, read_units, resolve
from chuangwen.text import _

if TYPE_CHECKING:
    import datetime as dt

    from chuangwen.exchange.reading import Read

KEEP, NEW = "keep", "new"
ALL = "*"
"""`unit:*` answers for every unknown unit that has no answer of its own."""
_MANY = 10


@dataclass
class _Homes:
    """Where the units of one cell go: field → names; `lost`: whether a word found no home."""

    names: dict[str, list[str]] = field(default_factory=dict)
    lost: bool = False

    def put(self, home: str, name: str | None) -> None:
        if name is None:
            self.lost = True
        else:
            self.names.setdefault(home, []).append(name)


def read_unit_columns(
    read: Read, columns: Sequence[tuple[Field, Column]], layer: Layer, register_of: Callable[[str], Register], answers: Answers, today: dt.date
) -> None:
    """Fill the fields that `columns` stand for, and those that roles in their cells name."""
    for to in dict.fromkeys(one.to for one, _column in columns):
        register, mine = register_of(to), [(one, column) for one, column in columns if one.to == to]
        if not register:
            for one, column in mine:
                text = {cell: resolve(one, one.read(cell), register) for cell in set(column.values)}
                read.values[one.name] = [text[cell] for cell in column.values]
                if any(value is not None for value in column.values):
                    read.warnings.append(_("{register}名册还是空的，{title}按原文导入，没有核对。").format(register=register.title, title=one.title))
            continue
        parsed = [{cell: read_units(plain(cell).strip(), register) for cell in set(column.values) if one.read(cell) is not None} for one, column in mine]
        unknown: dict[str, list[int]] = {}
        for (_one, column), units in zip(mine, parsed, strict=True):
            _unknown_words(unknown, column, units, read.rows)
        meant = _settled(read, unknown, register, to, answers, today)
        for (one, column), units in zip(mine, parsed, strict=True):
            _fill(read, one, column, units, meant, layer, register)


def _unknown_words(unknown: dict[str, list[int]], column: Column, parsed: Mapping[Scalar, Cell], rows: Sequence[int]) -> None:
    lacking = {cell: [part.word for part in found.parts if part.name is None] for cell, found in parsed.items()}
    lacking = {cell: words for cell, words in lacking.items() if words}
    if not lacking:
        return
    for position, cell in enumerate(column.values):
        for word in lacking.get(cell, ()):
            unknown.setdefault(word, []).append(rows[position])


def _settled(read: Read, unknown: Mapping[str, Sequence[int]], register: Register, to: str, answers: Answers, today: dt.date) -> dict[str, str]:
    """What the unknown words mean by the user's answers. Says the doubts; a name that was chosen becomes an alias, a new unit a row, both in the same edit."""
    meant: dict[str, str] = {}
    aliases: dict[str, list[str]] = {}
    new: list[str] = []
    doubts = []
    common = (Answer(KEEP, _("留空，原文记入备注")), Answer(NEW, _("登记为新{register}").format(register=register.title)))
    for word, rows in unknown.items():
        key = f"{to}:{word}"
        given = answers.get(key) or answers.get(f"{to}:{ALL}", "")
        possible = [Answer(name, name, _("相似 {score}%").format(score=score)) for name, score in register.closest(word)]
        name = register.find(given) if given not in (KEEP, NEW) else None
        if name and all(one.value != name for one in possible):
            possible.insert(0, Answer(name, name))
        if name:
            meant[word] = name
            aliases.setdefault(name, []).append(word)
        elif given == NEW:
            meant[word] = word
            new.append(word)
        elif given not in ("", KEEP):
            read.warnings.append(_("回答的“{name}”不在{register}名册中，“{word}”没有按它填。").format(name=given, register=register.title, word=word))
        question = _("“{word}”不在{register}名册中，是指哪个？").format(word=word, register=register.title)
        doubts.append(Doubt(key, question, (*possible, *common), name or (NEW if given == NEW else KEEP), tuple(dict.fromkeys(rows))))
    if len(unknown) > _MANY:
        question = _("有 {count} 个名称不在{register}名册中：没有单独回答的怎么办？").format(count=len(unknown), register=register.title)
        given = answers.get(f"{to}:{ALL}", "")
        read.doubts.append(Doubt(f"{to}:{ALL}", question, common, given if given == NEW else KEEP))
    read.doubts += doubts
    read.changes += [*_registered(new, register, today), *_aliased(aliases, register)]
    return meant


def _registered(words: Sequence[str], register: Register, today: dt.date) -> list[Change]:
    features = register.features
    codes = Codes(features.layer.id, {str(code) for code in features.column("code") if code is not None})
    changes = []
    for word in words:
        values: dict[str, Value] = {one.name: one.read(one.default) if one.default else None for one in features.layer.fields}
        changes.append(Change(features.layer.id, new_id(), None, values | {"code": codes.new(today), "name": word}))
    return changes


def _aliased(aliases: Mapping[str, Sequence[str]], register: Register) -> list[Change]:
    """The words as aliases of the units that were chosen for them, so that the next list asks no more."""
    features = register.features
    if not features.layer.has("aliases"):
        return []
    place = {name: position for position, name in reversed(list(enumerate(features.column("name"))))}
    changes = []
    for name, words in aliases.items():
        before = features.column("aliases")[place[name]]
        after = LIST_MARK.join(dict.fromkeys([*([str(before)] if before else []), *words]))
        changes.append(Change(features.layer.id, features.ids[place[name]], {"aliases": before}, {"aliases": after}))
    return changes


def _fill(read: Read, one: Field, column: Column, parsed: Mapping[Scalar, Cell], meant: Mapping[str, str], layer: Layer, register: Register) -> None:
    placed = {cell: _placed(one, found.parts, meant, layer) for cell, found in parsed.items()}
    values: list[Scalar] = []
    for position, cell in enumerate(column.values):
        homes = placed.get(cell)
        if homes is None:
            values.append(None)
            continue
        own = homes.names.get(one.name, ())
        values.append(LIST_MARK.join(dict.fromkeys(own)) if own else None)
        for home, names in homes.names.items():
            if home != one.name:
                read.beside(home, position, LIST_MARK.join(dict.fromkeys(names)), one.title, cell)
        found = parsed[cell]
        if homes.lost or found.aside:
            read.note(position, one.title, cell)
        unknown = [part.word for part in found.parts if part.name is None and part.word not in meant]
        if unknown:
            what = _("{title}“{words}”不在{register}名册中，没有填入，原文记入备注").format(
                title=one.title, words=LIST_MARK.join(unknown), register=register.title
            )
            read.say(position, what)
        elif len(found.parts) > 1 and (one.type == "ref" or any(part.role for part in found.parts)):
            shares = "；".join(f"{layer.field(home).title} {LIST_MARK.join(names)}" for home, names in homes.names.items())
            read.say(position, _("{title}“{cell}”有多个，分为：{shares}").format(title=one.title, cell=plain(cell), shares=shares))
    read.values[one.name] = values


def _placed(one: Field, parts: Sequence[Part], meant: Mapping[str, str], layer: Layer) -> _Homes:
    """Which field each unit of a cell goes to.

    A unit with a role goes where the role says; of those without, the first is the column's own, the others help. Where nobody is named as responsible, the
    leading unit is. An unknown first unit leaves the field empty: the second does not move up.
    """
    homes = _Homes()
    if one.type == "refs":
        for part in parts:
            homes.put(part.role if part.role and part.role != HELPS and layer.has(part.role) else one.name, part.name or meant.get(part.word))
        return homes
    leads = [part for part in parts if part.role == LEAD]
    own = [part for part in parts if part.role in ("", one.name)] or leads or list(parts)
    homes.put(one.name, own[0].name or meant.get(own[0].word))
    if leads and one.name == DOES and layer.has(LEAD):
        homes.put(LEAD, leads[0].name or meant.get(leads[0].word))
    for part in parts:
        if part is own[0] or (leads and part is leads[0] and one.name == DOES and layer.has(LEAD)):
            continue
        name = part.name or meant.get(part.word)
        if layer.has(HELPS):
            homes.put(HELPS, name)
        else:
            homes.lost = True
    return homes
