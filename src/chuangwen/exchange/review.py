"""What an import would change, row by row, as the user reviews it before anything is written."""

from __future__ import annotations

from dataclasses import dataclass

from chuangwen.text import _

ADDED, CHANGED, UNCHANGED, GONE, CONFLICT, DUPLICATE = "added", "changed", "unchanged", "gone", "conflict", "duplicate"
TITLES = {ADDED: _("新增"), CHANGED: _("更新"), UNCHANGED: _("不变"), GONE: _("消失"), CONFLICT: _("冲突"), DUPLICATE: _("疑似重复")}
"""conflict: the list says other than what was checked or typed here since the list was last imported. gone: the former list had it, this one does not.
duplicate: a new row that reads like a feature of another list."""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of one row, as people read it. `taken`: whether the import writes `after`."""

    field: str
    title: str
    before: str
    after: str
    taken: bool = True


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """One row of the review. `row` is the source's (0 for a gone one), `id` the feature's ('' for a new one), `key` that of the doubt which decides it
    ('' where there is nothing to decide), `note` why it is what it is."""

    kind: str
    row: int
    code: str
    name: str
    id: str = ""
    fields: tuple[FieldChange, ...] = ()
    key: str = ""
    note: str = ""
