"""What becomes of the fields of rows that are known again (docs/decisions/0049)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Field, Layer
from chuangwen.domain.values import GEOMETRY, Scalar, Value
from chuangwen.exchange.outlines import different, same_signature, signatures
from chuangwen.exchange.review import FieldChange
from chuangwen.exchange.three_way import ENDED, UNKNOWN, Unknown, Verdict, decide, decide_status
from chuangwen.store.base import SourceRows
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FIXED = ("status", "due_at")
"""What no list changes in an issue that is done with (domain.md 4.2)."""


@dataclass
class Outcome:
    """What a row would change: `before` and `after` of what is taken without a question, `asked` of what needs a word of the user (name → value);
    `fields` are all of them, and what is refused, as people read them."""

    before: dict[str, Value] = field(default_factory=dict)
    after: dict[str, Value] = field(default_factory=dict)
    asked: dict[str, Value] = field(default_factory=dict)
    fields: list[FieldChange] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bases:
    """What was said before: by this list, else by any. Each with the row of each feature."""

    several: tuple[tuple[SourceRows, Mapping[int, int]], ...]

    def said(self, name: str, there: int) -> Value | Unknown:
        """What was said last of a field of a feature, None for a blank; unknown where no list had the feature."""
        for some, rows in self.several:
            if (at := rows.get(there)) is not None:
                return some.said[name][at] if name in some.said else None
        return UNKNOWN

    def of(self, one: Field, there: int) -> Value | Unknown:
        """What an import made of it: a blank stood for the default."""
        said = self.said(one.name, there)
        if said is not None:
            return said
        return UNKNOWN if one.default_from else one.read(one.default) if one.default else None


class Updating:
    """Decides field by field. `given`: the fields that the list has."""

    def __init__(self, layer: Layer, given: Sequence[str], values: Mapping[str, Sequence[Scalar]], geometry: NDArray[np.object_], existing: Features) -> None:
        self._layer = layer
        self._given = [layer.field(name) for name in given if name != "code"]  # how a row was known, or a number of another list
        self._values = values
        self._geometry = geometry
        self._existing = existing
        self._is_issue = layer.id == "issue"

    def decide(self, pairs: Mapping[int, int], fills: Collection[int], bases: Bases) -> dict[int, Outcome]:
        """Row → what it would change, for the rows of `pairs` where list and project differ. The rows in `fills` only fill what is blank."""
        found: dict[int, Outcome] = {}
        for one in self._given:
            mine, theirs = self._values[one.name], self._existing.column(one.name)
            differing = [(row, there) for row, there in pairs.items() if mine[row] is not None and mine[row] != theirs[there]]
            for row, there in differing:
                if row not in fills:
                    self._field(found, row, there, one, bases)
                elif theirs[there] is None:
                    self._take(found, row, one.name, theirs[there], mine[row], _shown(one, theirs[there], mine[row], taken=True))
        if self._layer.has_geometry and pairs:
            self._shapes(found, pairs, fills, bases)
        return found

    def _field(self, found: dict[int, Outcome], row: int, there: int, one: Field, bases: Bases) -> None:
        now, says, was = self._existing.column(one.name)[there], self._values[one.name][row], bases.of(one, there)
        note = ""
        if self._is_issue and one.name == "status":
            verdict, note = decide_status(str(now or "registered"), str(says), was if was is UNKNOWN or was is None else str(was))
        else:
            verdict = self._ended(decide(now, says, was), one.name, there)
            note = _("已了结的问题，{title}不按名单改").format(title=one.title) if verdict is Verdict.REFUSE else ""
        if verdict is Verdict.LEAVE:
            return
        self._put(found, row, verdict, one.name, now, says, _shown(one, now, says, taken=verdict is Verdict.TAKE), note)

    def _ended(self, verdict: Verdict, name: str, there: int) -> Verdict:
        """A list edits no issue that is done with: it is asked, and refused where the trade forbids it."""
        if not self._is_issue or verdict is Verdict.LEAVE or self._existing.column("status")[there] not in ENDED:
            return verdict
        return Verdict.REFUSE if name in _FIXED else Verdict.ASK

    def _shapes(self, found: dict[int, Outcome], pairs: Mapping[int, int], fills: Collection[int], bases: Bases) -> None:
        rows, places = np.fromiter(pairs, dtype=int), np.fromiter(pairs.values(), dtype=int)
        moved = np.flatnonzero(different(self._geometry[rows], self._existing.geometry[places]))
        if not len(moved):
            return
        rows, places = rows[moved], places[moved]
        says, now = signatures(self._geometry[rows]), signatures(self._existing.geometry[places])
        for at, (row, there) in enumerate(zip(rows.tolist(), places.tolist(), strict=True)):
            was = bases.said(GEOMETRY, there)
            if row in fills:
                verdict = Verdict.TAKE if now[at] is None else Verdict.LEAVE
            elif was is not UNKNOWN and same_signature(was, says[at]):
                verdict = Verdict.LEAVE
            else:
                verdict = self._ended(Verdict.TAKE if was is UNKNOWN or same_signature(was, now[at]) else Verdict.ASK, GEOMETRY, there)
            if verdict is not Verdict.LEAVE:
                shape, held = self._geometry[row], self._existing.geometry[there]
                change = FieldChange(GEOMETRY, _("位置"), _position(held), _position(shape), verdict is Verdict.TAKE)
                self._put(found, row, verdict, GEOMETRY, held, shape, change, "")

    def _put(self, found: dict[int, Outcome], row: int, verdict: Verdict, name: str, now: Value, says: Value, change: FieldChange, note: str) -> None:
        if verdict is Verdict.TAKE:
            self._take(found, row, name, now, says, change)
            return
        outcome = found.setdefault(row, Outcome())
        outcome.fields.append(change)
        outcome.before[name] = now
        if verdict is Verdict.ASK:
            outcome.asked[name] = says
        if note:
            outcome.notes.append(note)

    def _take(self, found: dict[int, Outcome], row: int, name: str, now: Value, says: Value, change: FieldChange) -> None:
        outcome = found.setdefault(row, Outcome())
        outcome.fields.append(change)
        outcome.before[name], outcome.after[name] = now, says


def _shown(one: Field, now: Scalar, says: Scalar, *, taken: bool) -> FieldChange:
    return FieldChange(one.name, one.title, one.show(now), one.show(says), taken)


def _position(shape: object) -> str:
    centre = getattr(shape, "centroid", None)
    return _("未定位") if centre is None or centre.is_empty else f"{centre.x:.1f}, {centre.y:.1f}"
