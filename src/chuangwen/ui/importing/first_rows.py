"""The first rows of a file as they will be stored, under the sender's own headers; what is refused or put right is marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar, plain
from chuangwen.exchange.importing import ImportPlan
from chuangwen.exchange.incoming import MADE

PLACE = "geometry"
"""What the report calls the home of coordinate columns."""
_SHOWN = 200


@dataclass(frozen=True)
class FirstRows:
    """`titles` (c) are the sender's columns, `fields` (c) where each goes ('' nowhere, `geometry` for coordinates), `rows` (r) the source's numbers.

    `cells` (r × c) is what will be stored as people read it, `raw` (r × c) what the file says. `bad` and `mended`: position → why.
    """

    titles: tuple[str, ...]
    fields: tuple[str, ...]
    rows: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]
    raw: tuple[tuple[str, ...], ...]
    bad: Mapping[int, str]
    mended: Mapping[int, str]


def first_rows(plan: ImportPlan, layer: Layer) -> FirstRows:
    """Made on the worker, of the first two hundred rows."""
    incoming, report = plan.incoming, plan.report
    columns = [column for column in incoming.columns if column.kind != MADE]
    fields = tuple(report.columns.get(column.title) or "" for column in columns)
    shown = range(min(len(incoming), _SHOWN))
    rows = tuple(int(incoming.rows[at]) for at in shown)
    raw = [[plain(column.values[at]) for at in shown] for column in columns]
    stored = [_stored(layer, name, plan.values.get(name, ()), texts) for name, texts in zip(fields, raw, strict=True)]
    return FirstRows(
        tuple(column.title for column in columns),
        fields,
        rows,
        tuple(tuple(column[at] for column in stored) for at in shown),
        tuple(tuple(column[at] for column in raw) for at in shown),
        _reasons(rows, [(one.row, one.reason) for one in report.rejected]),
        _reasons(rows, [(one.row, one.what) for one in report.repaired]),
    )


def _stored(layer: Layer, name: str, values: Sequence[Scalar], raw: Sequence[str]) -> list[str]:
    one = layer.field_by_name.get(name)
    if one is None or not values:
        return list(raw)
    return [one.show(values[at]) for at in range(len(raw))]


def _reasons(rows: Sequence[int], said: Sequence[tuple[int, str]]) -> dict[int, str]:
    position = {row: at for at, row in reversed(list(enumerate(rows)))}
    found: dict[int, str] = {}
    for row, why in said:
        if row in position:
            at = position[row]
            found[at] = f"{found[at]}；{why}" if at in found else why
    return found
