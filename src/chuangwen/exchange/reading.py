"""Columns of a file to values of a layer's fields, a whole column at a time; what cannot be taken is said row by row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from chuangwen.domain.layer import Field, Layer
from chuangwen.domain.values import LIST_MARK, Scalar
from chuangwen.errors import DataProblem
from chuangwen.exchange.cells import read_cell
from chuangwen.exchange.incoming import Incoming, Repaired
from chuangwen.exchange.matching import Matches, Register, resolve
from chuangwen.text import _

_SHARED = {"responsible_unit": "supporting_units"}
"""Where several units stand in a cell for one, the first is taken and the others go here."""


@dataclass
class Read:
    """`values`: field → list (n). `rejected`: position → reasons; `repaired`: what was left out or moved."""

    values: dict[str, list[Scalar]] = field(default_factory=dict)
    rejected: dict[int, list[str]] = field(default_factory=dict)
    repaired: list[Repaired] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def read_columns(incoming: Incoming, layer: Layer, matches: Matches, register_of: Callable[[str], Register], year: int) -> Read:
    """The matched columns as values. `register_of` gives the names that a `ref` field may hold; `year` stands for a year left out in dates.

    A word that is no choice, or a unit that nobody knows, rejects its row. An optional date or number that cannot be read is left empty, said, and kept in
    备注.
    """
    read = Read()
    for column in incoming.columns:
        name = matches.fields.get(column.title)
        if name is None:
            continue
        one = layer.field(name)
        if one.type == "text" and _all_text(column.values):
            read.values[name] = _texts(column.values)
        else:
            _read_cells(read, incoming.rows, one, column.values, register_of(one.to) if one.to else None, layer, year)
    return read


def _all_text(values: Sequence[Scalar]) -> bool:
    return all(value is None or isinstance(value, str) for value in values)


def _texts(values: Sequence[Scalar]) -> list[Scalar]:
    """What `Field.read` makes of texts, without a call for each of a hundred thousand."""
    return [
        (value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value).strip() or None if isinstance(value, str) else None for value in values
    ]


def _read_cells(read: Read, rows: Sequence[int], one: Field, cells: Sequence[Scalar], register: Register | None, layer: Layer, year: int) -> None:
    seen: dict[object, tuple[Scalar, str, str]] = {}
    found: list[Scalar] = []
    others: dict[int, str] = {}
    for position, cell in enumerate(cells):
        key = cell if isinstance(cell, str) else (type(cell), cell)
        if key not in seen:
            seen[key] = _read_one(one, cell, register, year, shares=_SHARED.get(one.name, "") if layer.has(_SHARED.get(one.name, "")) else "")
        value, rest, problem = seen[key]
        if rest:
            others[position] = rest
        if problem:
            _problem(read, rows, position, one, cell, problem, layer)
        found.append(value)
    read.values[one.name] = found
    if register is not None and not register and any(value is not None for value in found):
        warning = _("{register}名册还是空的，{title}按原文导入，没有核对。").format(register=register.title, title=one.title)
        if warning not in read.warnings:
            read.warnings.append(warning)
    if others:
        _share(read, rows, one, layer.field(_SHARED[one.name]), others)


def _read_one(one: Field, cell: Scalar, register: Register | None, year: int, shares: str) -> tuple[Scalar, str, str]:
    """The value, the names beyond the first where a cell for one has several, and what is wrong with the cell."""
    try:
        if register is None:
            return read_cell(one, cell, year), "", ""
        value = one.read(cell)
        if shares and register and isinstance(value, str) and register.find(value) is None:
            names = resolve(Field(one.name, "refs", one.title, to=one.to), value, register)
            first, _mark, rest = str(names).partition(LIST_MARK)
            return first, rest, ""
        return resolve(one, value, register), "", ""
    except DataProblem as problem:
        return None, "", str(problem)


def _problem(read: Read, rows: Sequence[int], position: int, one: Field, cell: Scalar, problem: str, layer: Layer) -> None:
    if one.required or one.type in ("choice", "ref", "refs"):
        read.rejected.setdefault(position, []).append(problem)
        return
    read.repaired.append(Repaired(rows[position], _("{problem}；{title}留空，原文记入备注").format(problem=problem, title=one.title)))
    if layer.has("remark"):
        note = f"{one.title}：{cell}"
        remarks = read.values.setdefault("remark", [None] * len(rows))
        remarks[position] = f"{remarks[position]}；{note}" if remarks[position] else note


def _share(read: Read, rows: Sequence[int], one: Field, home: Field, others: Mapping[int, str]) -> None:
    column = read.values.setdefault(home.name, [None] * len(rows))
    for position, rest in others.items():
        names = [*str(column[position] or "").split(LIST_MARK), *rest.split(LIST_MARK)]
        column[position] = LIST_MARK.join(dict.fromkeys(name for name in names if name))
        read.repaired.append(
            Repaired(rows[position], _("{title}有多个：取第一个，其余（{rest}）记入{home}").format(title=one.title, rest=rest, home=home.title))
        )
