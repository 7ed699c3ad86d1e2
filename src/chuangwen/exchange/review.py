"""What an import would change, row by row, as the user reviews it before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

from chuangwen.domain.values import Scalar, plain
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


@dataclass(frozen=True, slots=True)
class Said:
    """What there is to say of one row beyond its kind."""

    fields: tuple[FieldChange, ...] = ()
    key: str = ""
    note: str = ""


@dataclass(frozen=True)
class Review(Sequence[ReviewRow]):
    """The rows of a review in columns of n, made when somebody looks at them: a hundred thousand new zones cost nothing. `said`: position → the rest."""

    kinds: Sequence[str]
    rows: Sequence[int]
    codes: Sequence[Scalar]
    names: Sequence[Scalar]
    ids: Sequence[str]
    said: Mapping[int, Said] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.kinds)

    @overload
    def __getitem__(self, at: int) -> ReviewRow: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[ReviewRow, ...]: ...

    def __getitem__(self, at: int | slice) -> ReviewRow | tuple[ReviewRow, ...]:
        if isinstance(at, slice):
            return tuple(self[one] for one in range(*at.indices(len(self))))
        more = self.said.get(at % len(self) if at < 0 else at, Said())
        return ReviewRow(self.kinds[at], self.rows[at], plain(self.codes[at]), plain(self.names[at]), self.ids[at], more.fields, more.key, more.note)


def counts(review: Sequence[ReviewRow]) -> dict[str, int]:
    """Kind → how many, in the order of their first appearance."""
    return dict(Counter(review.kinds if isinstance(review, Review) else (one.kind for one in review)))
