"""A reference layer made for a file: its own columns as fields, shown as an overlay, or as a table where the file has no places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from chuangwen.domain.layer import Field, Layer, Layers, Symbol, folded
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import DataProblem
from chuangwen.exchange.incoming import MADE, Column, Incoming
from chuangwen.exchange.matching import coordinate_columns
from chuangwen.exchange.shapes import kind_of
from chuangwen.text import _

_NAME_WORDS = ("name", "名称", "名", "标注", "label", "title")
_CODE_WORDS = ("code", "编号", "编码", "代码")
_ORDER = 45  # above buildings, below zones


def reference_layer(incoming: Incoming, name: str, layers: Layers) -> tuple[Layer, Incoming]:
    """A layer that holds what `incoming` has, titled `name`, and the same content with a `code` and a `name` column that the layer needs.

    A list with coordinate columns becomes points, one without a table; a vector file without a shape has room for any. Raises `DataProblem` for an empty one.
    """
    kind = _kind(incoming)
    if kind == "none" and not incoming.columns:
        raise DataProblem(_("{file} 中没有数据。").format(file=incoming.source), hint=_("请核对是否选错了文件。"))
    title, number = name, 2
    while any(title == layer.title for layer in layers.values()):
        title, number = f"{name} {number}", number + 1
    taken = [int(layer.id.removeprefix("reference_")) for layer in layers.values() if layer.id.startswith("reference_")]
    fields = [Field("code", "text", _("编号")), Field("name", "text", _("名称"))]
    fields += [Field(f"f{position + 1}", _type(column.values), _shown(column)) for position, column in enumerate(incoming.columns)]
    made = Layer(
        id=f"reference_{max(taken, default=0) + 1}",
        title=title,
        kind="reference",
        geometry=kind,
        fields=tuple(fields),
        symbols=(Symbol(title=title, fill="", stroke="#7a3e9d", stroke_width=0.35),),
        columns=tuple(one.name for one in fields),
        order=_ORDER,
    )
    own = tuple(Column(column.title, column.values, (f"f{position + 1}", *column.words)) for position, column in enumerate(incoming.columns))
    added = tuple(Column(f"({word})", _copied(incoming, words), (word,), MADE) for word, words in (("code", _CODE_WORDS), ("name", _NAME_WORDS)))
    return made, replace(incoming, columns=(*own, *added))


def _kind(incoming: Incoming) -> str:
    if incoming.geometry is not None:
        kind = kind_of(incoming.geometry)
        return "any" if kind == "none" else kind
    return "point" if coordinate_columns(incoming.columns) else "none"


def _shown(column: Column) -> str:
    """The column's title, or what a shortened one stands for (`field_repair`)."""
    return column.words[0] if column.title in column.words[1:] else column.title


def _copied(incoming: Incoming, words: Sequence[str]) -> list[Scalar]:
    """The values of the column whose title says it best; empty where none does."""
    ranked = [
        (folded(column.title) != word, place, column) for place, word in enumerate(words) for column in incoming.columns if folded(column.title).endswith(word)
    ]
    for _inexact, _place, column in sorted(ranked, key=lambda one: one[:2])[:1]:
        return [None if value is None else plain(value) for value in column.values]
    return [None] * len(incoming)


def _type(values: Sequence[Scalar]) -> str:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {bool}:
        return "boolean"
    if kinds == {int}:
        return "integer"
    if kinds and kinds <= {int, float}:
        return "real"
    if kinds == {dt.date}:
        return "date"
    return "datetime" if kinds and kinds <= {dt.datetime, dt.date} else "text"
