"""Lists that were laid out in two or three columns of print: 姓名｜电话｜姓名｜电话. The halves are one list."""

from __future__ import annotations

from dataclasses import replace

from chuangwen.domain.layer import folded
from chuangwen.domain.values import Scalar
from chuangwen.exchange.headers import Header
from chuangwen.exchange.incoming import Column, Incoming, Picture
from chuangwen.text import _


def halves(header: Header) -> list[list[str]]:
    """The titles of each half where the header says the same two or more times over, one half behind the other; else []."""
    titled = [(title, folded(names[0])) for title, names in zip(header.titles, header.names, strict=True) if names]
    words = [word for _title, word in titled]
    for size in range(2, len(words) // 2 + 1):
        if len(words) % size == 0 and words == words[:size] * (len(words) // size) and len(set(words[:size])) == size:
            return [[title for title, _word in titled[start : start + size]] for start in range(0, len(words), size)]
    return []


def stacked(incoming: Incoming, blocks: list[list[str]], breaks: list[int]) -> tuple[Incoming, list[int]]:
    """The halves one below the other, each half's blank rows left out; and the breaks of the rows so ordered."""
    values = {column.title: column.values for column in incoming.columns}
    if any(title not in values for block in blocks for title in block):
        return incoming, breaks
    order = [
        (position, number)
        for number, block in enumerate(blocks)
        for position in range(len(incoming))
        if any(values[title][position] is not None for title in block)
    ]
    base = {title: at for at, title in enumerate(blocks[0])}
    others = {title for block in blocks[1:] for title in block}
    columns = tuple(_ordered(column, base, blocks, values, order) for column in incoming.columns if column.title not in others)
    home = {title: (number, blocks[0][at]) for number, block in enumerate(blocks) for at, title in enumerate(block)}
    pictures: dict[int, tuple[Picture, ...]] = {}
    for new, (position, number) in enumerate(order):
        some = [(one, *home.get(one.column, (0, one.column))) for one in incoming.pictures.get(position, ())]
        if own := tuple(replace(one, column=title) for one, half, title in some if half == number):
            pictures[new] = own
    warning = _("左右并排的 {count} 栏已按上下接成一份。").format(count=len(blocks))
    rows = [incoming.rows[position] for position, _number in order]
    made = replace(incoming, columns=columns, rows=rows, pictures=pictures, warnings=(*incoming.warnings, warning))
    return made, [breaks[position] + number * (max(breaks, default=0) + 1) for position, number in order]


def _ordered(column: Column, base: dict[str, int], blocks: list[list[str]], values: dict[str, list[Scalar]], order: list[tuple[int, int]]) -> Column:
    if column.title not in base:
        return replace(column, values=[column.values[position] for position, _number in order])
    at = base[column.title]
    return replace(column, values=[values[blocks[number][at]][position] for position, number in order])
