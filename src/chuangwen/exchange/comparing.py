"""The rows of a file against the rows of a layer: what is new, what differs, what is gone, what is refused. Changes of one edit come out."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.change import Change
from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer, folded
from chuangwen.domain.values import GEOMETRY, LIST_MARK, Scalar, Value, plain
from chuangwen.exchange import reviewing
from chuangwen.exchange.codes import Codes
from chuangwen.exchange.doubts import Answers, Doubt
from chuangwen.exchange.incoming import SENDER, Incoming
from chuangwen.exchange.list_names import list_title
from chuangwen.exchange.matching import SERIAL
from chuangwen.exchange.outlines import same_codes, same_shapes, signatures
from chuangwen.exchange.pairing import Pairing, Pairs
from chuangwen.exchange.reading import Read
from chuangwen.exchange.review import ADDED, CHANGED, CONFLICT, DUPLICATE, GONE, UNCHANGED, FieldChange, Review, ReviewRow, Said
from chuangwen.exchange.shapes import Shapes
from chuangwen.exchange.three_way import ENDED
from chuangwen.exchange.updating import Bases, Outcome, Updating
from chuangwen.store.base import SourceRows
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

LOOSE = ("base", "reference")
"""Kinds of layers whose codes need not be unique."""
SOURCE_NUMBERS = "source_numbers"
"""The field that keeps the numbers under which other lists have an issue: 文昌街道问题清单:17."""
_ASKED_ONE_BY_ONE = 50
"""So many conflicts are questions of their own; the others are answered together, or one by one by the keys of the review."""
_START = 30  # characters of another field that make a name


class Comparison:
    """The rows of one import against what the layer holds: what is new, what differs, what is refused."""

    def __init__(self, incoming: Incoming, layer: Layer, read: Read, shapes: Shapes, today: dt.date, answers: Answers | None = None) -> None:
        self.incoming = incoming
        self.rows = incoming.rows
        self.count = len(incoming)
        self.layer = layer
        self.values = read.values
        self.given = [one.name for one in layer.fields if one.name in read.values]
        self.geometry: NDArray[np.object_] = shapes.geometry
        self.rejected = {position: list(reasons) for position, reasons in read.rejected.items()}
        for position, reason in shapes.rejected.items():
            self.rejected.setdefault(position, []).append(reason)
        self.today = today
        self.answers = answers or {}
        self.changes: list[Change] = []
        self.doubts: list[Doubt] = []
        self.review: Sequence[ReviewRow] = ()
        self.added = self.changed = self.unchanged = 0
        self._without_place = 0
        self._said: dict[str, Sequence[Scalar]] = {}
        self.ids: dict[int, str] = {}  # position of each taken row → the feature that it is
        self._codes: Sequence[Scalar] = list(self.values.get("code", ()))
        self._serials: Sequence[Scalar] = next((column.values for column in incoming.columns if folded(column.title) in SERIAL), ())
        self._former = SourceRows(layer.id)

    def compare(self, existing: Features, former: SourceRows | None = None, said_before: Callable[[], SourceRows] | None = None) -> None:
        """Fill `changes`, `review`, `doubts` and the counts. `former`: what the same list said when it was last imported; `said_before`: what any list did."""
        loose = self.layer.kind in LOOSE
        self._former = former or self._former
        self._number_parts()
        if not loose:
            self._keep_what_was_said()
        known = self._known(existing)
        merged = self._merged(known, existing)
        if not loose:
            self._refuse_repeated_codes()
        kept_out = self._deleted(known)
        paired = {**known.pairs, **merged}
        new = [position for position in range(self.count) if position not in paired and position not in self.rejected and position not in kept_out]
        self._complete(new, existing)
        new = [position for position in new if position not in self.rejected]
        self._add(new, known)
        old = {position: there for position, there in paired.items() if position not in self.rejected}
        said = {position: Said(note=note) for position, note in known.notes.items() if position not in self.rejected}
        said |= {position: Said(key=self._duplicate_key(position)) for position in known.possible if position not in paired}
        said |= dict.fromkeys(kept_out - set(self.rejected), Said(key=reviewing.DELETED, note=_("曾经导入，后来在本项目中删除")))
        self._update(old, merged, known, existing, said, said_before)
        again = set(paired.values())
        gone = [there for there in known.base if there not in again]
        self._say_gone(gone, existing, said)
        self.review = self._reviewed(old, gone, existing, said)

    def unlocated(self) -> int:
        """How many of the taken rows have no place, in a layer that has places."""
        return self._without_place if self.layer.has_geometry else 0

    def sources(self) -> SourceRows:
        """Which feature each taken row is, and what the row said of it."""
        taken = sorted(self.ids)
        everything = len(taken) == self.count

        def of(column: Sequence[Scalar]) -> Sequence[Scalar]:
            return column if everything or not len(column) else [column[at] for at in taken]

        parts, sheets = self.incoming.parts, self.incoming.sheets
        return SourceRows(
            self.layer.id,
            [self.ids[at] for at in taken],
            self.rows if everything else [self.rows[at] for at in taken],
            {name: of(column) for name, column in self._said.items()},
            parts if everything else [parts[at] for at in taken] if len(parts) else (),
            sheets if everything else [sheets[at] for at in taken] if len(sheets) else (),
            [self._given_number(at) for at in taken] if len(self._serials) or len(parts) else (),
        )

    def _given_number(self, position: int) -> str:
        """The sender's number of a row: 问题编号 where there is one, else 序号, '' for none."""
        code = self._codes[position] if len(self._codes) else None
        return plain(code if code is not None else self._serials[position] if len(self._serials) else None)

    def _number_parts(self) -> None:
        """The parts of a row that was split share its number: W1-1, W1-2. A code column that the splitting knew has them already."""
        codes = self.values.get("code")
        if codes is not None and len(self.incoming.parts):
            pairs = list(zip(codes, self.incoming.parts, strict=True))
            if not all(plain(code).endswith(f"-{part}") for code, part in pairs if code is not None and part):
                self.values["code"] = [f"{code}-{part}" if code is not None and part else code for code, part in pairs]

    def _keep_what_was_said(self) -> None:
        """Before defaults and running codes are filled in."""
        self._said = {name: list(self.values[name]) for name in self.given}
        if self.layer.has_geometry and (shapely.get_type_id(self.geometry) >= 0).any():
            self._said[GEOMETRY] = signatures(self.geometry)

    def _known(self, existing: Features) -> Pairing:
        """Which row is which feature."""
        if self.layer.kind == "reference":
            return Pairing()
        if self.layer.kind == "base":
            return Pairing(same_codes(self.values.get("code"), existing) or same_shapes(self.values, self.geometry, existing))
        found = Pairs(self.layer.id, self.values, self.count, existing, self._former).find()
        if found.foreign:
            self._renumber(found)
        return found

    def _renumber(self, found: Pairing) -> None:
        """Short numbers that another list has given to other issues: a running code instead, the sender's number beside it."""
        rows = tuple(self.rows[position] for position in sorted(found.foreign))
        doubt = reviewing.foreign_numbers(rows, self.answers)
        self.doubts.append(doubt)
        if doubt.chosen == reviewing.TAKE:
            found.pairs |= found.foreign
            found.foreign = {}
            return
        for position in found.foreign:
            self.values["code"][position] = None
            found.notes[position] = _("编号“{number}”在本项目中是另一问题的，另给编号").format(number=self._given_number(position))

    def _merged(self, known: Pairing, existing: Features) -> dict[int, int]:
        """The rows that the user says are features of another list; the other possible ones are asked."""
        if not known.possible:
            return {}
        merged: dict[int, int] = {}
        codes, texts = existing.column("code"), existing.column("description" if self.layer.has("description") else "name")
        every = reviewing.duplicates_all(len(known.possible), self.answers)
        for position, some in sorted(known.possible.items()):
            if position in self.rejected:
                continue
            mine = plain((self.values.get("description") or self.values.get("name") or [None] * self.count)[position])
            offered = [(plain(codes[there]), plain(texts[there])) for there in some]
            doubt = reviewing.duplicate(self._duplicate_key(position), self.rows[position], mine, offered, every, self.answers)
            self.doubts.append(doubt)
            there = next((one for one in some if plain(codes[one]) == doubt.chosen), None)
            if there is not None and there not in merged.values():
                merged[position] = there
        if self.doubts:
            self.doubts.insert(0, every)
        return merged

    def _duplicate_key(self, position: int) -> str:
        sheet = f"{self.incoming.sheets[position]}!" if len(self.incoming.sheets) else ""
        part = f".{self.incoming.parts[position]}" if len(self.incoming.parts) and self.incoming.parts[position] else ""
        return f"duplicate:{sheet}{self.rows[position]}{part}"

    def _deleted(self, known: Pairing) -> set[int]:
        """Rows whose feature was deleted here: the list does not bring them back unless the user says so."""
        rows = tuple(self.rows[position] for position in sorted(known.deleted))
        if not rows:
            return set()
        doubt = reviewing.deleted_here(rows, self.answers)
        self.doubts.append(doubt)
        return set() if doubt.chosen == reviewing.TAKE else known.deleted

    def _refuse_repeated_codes(self) -> None:
        first: dict[Scalar, int] = {}
        for position, code in enumerate(self.values.get("code", ())):
            if code is None or position in self.rejected:
                continue
            if code in first:
                reason = _("编号“{code}”与第 {row} 行重复").format(code=code, row=self.rows[first[code]])
                self.rejected.setdefault(position, []).append(reason)
            else:
                first[code] = position

    def _complete(self, new: Sequence[int], existing: Features) -> None:
        """Defaults, names made from other fields, running codes; then refuse rows that still lack what is required."""
        for one in self.layer.fields:
            if one.default:
                column, default = self._column(one.name), one.read(one.default)
                for position in new:
                    if column[position] is None:
                        column[position] = default
        required = {one.name: one for one in self.layer.fields if one.required}
        if "code" in required:
            self._number(new, existing)
        for one in self.layer.fields:
            if one.default_from:
                column, origin = self._column(one.name), self._column(one.default_from)
                for position in new:
                    if column[position] is None and origin[position] is not None:
                        column[position] = _start(str(origin[position]))
        for name, one in required.items():
            if one.default_from in required and one.default_from != "code":
                continue  # its origin is what is missing
            column = self._column(name)
            for position in new:
                if column[position] is None:
                    self.rejected.setdefault(position, []).append(_("缺少{title}").format(title=one.title))

    def _number(self, new: Sequence[int], existing: Features) -> None:
        column = self._column("code")
        lacking = [position for position in new if column[position] is None]
        if not lacking:
            return
        codes = Codes(self.layer.id, {str(code) for code in [*existing.column("code"), *column] if code is not None})
        found = self.values.get("found_at")
        for position in lacking:
            day = found[position] if found else None
            column[position] = codes.new(day if isinstance(day, dt.date) else self.today)

    def _column(self, name: str) -> list[Scalar]:
        if name not in self.values:
            self.values[name] = [None] * self.count
        return self.values[name]

    def _add(self, new: Sequence[int], known: Pairing) -> None:
        if self.layer.has(SOURCE_NUMBERS):
            column, codes = self._column(SOURCE_NUMBERS), self._column("code")
            for position in new:
                if column[position] is None and self._given_number(position) not in ("", plain(codes[position])):
                    column[position] = self._source_number(position)
        # A field that is blank throughout is left out: twenty empty values in each of a hundred thousand rows cost half a second.
        filled = {name: values for name, values in self.values.items() if values.count(None) < self.count}
        names = [one.name for one in self.layer.fields if one.name in filled]
        columns: list[Sequence[Value]] = [filled[name] for name in names]
        if self.layer.has_geometry:
            names.append(GEOMETRY)
            columns.append(self.geometry.tolist())
        ids = _new_ids(len(new))
        layer = self.layer.id
        everything = list(zip(*columns, strict=True)) if len(new) == self.count else [tuple(column[at] for column in columns) for at in new]
        self.changes += [Change(layer, row_id, None, dict(zip(names, row, strict=True))) for row_id, row in zip(ids, everything, strict=True)]
        self.ids.update(zip(new, ids, strict=True))
        self.added = len(new)
        if self.layer.has_geometry:
            self._without_place += sum(row[-1] is None for row in everything)

    def _source_number(self, position: int) -> str:
        return f"{self.incoming.meta.get(SENDER) or list_title(self.incoming.source)}:{self._given_number(position)}"

    def _update(
        self,
        old: Mapping[int, int],
        merged: Collection[int],
        known: Pairing,
        existing: Features,
        said: dict[int, Said],
        said_before: Callable[[], SourceRows] | None,
    ) -> None:
        """A change of only what the list gives, what differs, and what nobody here knows better. What is decided against is said."""
        updating = Updating(self.layer, self.given, self.values, self.geometry, existing)
        fills = {position for position in merged if old.get(position) not in known.base}
        bases = [(self._former, known.base)]
        if said_before is not None and any(there not in known.base for there in old.values()):
            before = said_before()
            bases.append((before, {existing.index[row_id]: at for at, row_id in enumerate(before.ids) if row_id in existing.index}))
        outcomes = updating.decide(old, fills, Bases(tuple(bases)))
        self.ids.update((position, existing.ids[there]) for position, there in old.items())
        codes = existing.column("code")
        torn: list[Doubt] = []
        for position, there in old.items():
            outcome = outcomes.get(position) or Outcome()
            code = plain(codes[there])
            key = ""
            if position in merged:
                key = self._duplicate_key(position)
                self._keep_number(outcome, position, there, existing)
                outcome.notes.append(_("并入 {code}").format(code=code))
            fields = outcome.fields
            if outcome.asked:
                key = reviewing.conflict_key(code)
                what = "；".join(f"{one.title}“{one.before}”→“{one.after}”" for one in fields if one.field in outcome.asked)
                torn.append(reviewing.conflict(code, what, self.rows[position], self.answers))
                if reviewing.takes(code, self.answers):
                    outcome.after |= outcome.asked
                    fields = [replace(one, taken=one.field in outcome.after) for one in fields]
            notes = [note for note in (said.get(position, Said()).note, *outcome.notes) if note]
            if fields or notes:
                said[position] = Said(tuple(fields), key, "；".join(notes))
            if outcome.after:
                self.changes.append(Change(self.layer.id, existing.ids[there], {name: outcome.before[name] for name in outcome.after}, outcome.after))
        self.changed = len(self.changes) - self.added
        self.unchanged = self.count - self.added - self.changed - len(self.rejected)
        if torn:
            self.doubts.append(reviewing.conflicts(len(torn), [row for doubt in torn for row in doubt.rows], self.answers))
            self.doubts += torn[:_ASKED_ONE_BY_ONE]
        if self.layer.has_geometry:
            self._without_place += sum(self.geometry[position] is None and existing.geometry[there] is None for position, there in old.items())

    def _keep_number(self, outcome: Outcome, position: int, there: int, existing: Features) -> None:
        """A feature of several lists keeps the number of each."""
        if not self.layer.has(SOURCE_NUMBERS):
            return
        number = self._given_number(position) or _("第{row}行").format(row=self.rows[position])
        held = plain(existing.column(SOURCE_NUMBERS)[there])
        whole = LIST_MARK.join(
            dict.fromkeys([*filter(None, held.split(LIST_MARK)), f"{self.incoming.meta.get(SENDER) or list_title(self.incoming.source)}:{number}"])
        )
        if whole != held:
            outcome.before[SOURCE_NUMBERS], outcome.after[SOURCE_NUMBERS] = held or None, whole
            title = self.layer.field(SOURCE_NUMBERS).title
            outcome.fields.append(FieldChange(SOURCE_NUMBERS, title, held, whole))

    def _say_gone(self, gone: Sequence[int], existing: Features, said: dict[int, Said]) -> None:
        """What the former list had stays as it is, with a note in 备注 if the user wants one."""
        if not gone:
            return
        doubt = reviewing.gone(len(gone), self.today, self.answers)
        self.doubts.append(doubt)
        note, title = reviewing.gone_note(self.today), self.layer.field("remark").title if self.layer.has("remark") else ""
        statuses, remarks = existing.column("status"), existing.column("remark")
        for number, there in enumerate(gone):
            ended = self.layer.id == "issue" and statuses[there] in ENDED
            fields: tuple[FieldChange, ...] = ()
            held = plain(remarks[there])
            if doubt.chosen == reviewing.NOTE and title and not ended and note not in held:
                remark = f"{held}；{note}" if held else note
                self.changes.append(Change(self.layer.id, existing.ids[there], {"remark": remarks[there]}, {"remark": remark}))
                fields = (FieldChange("remark", title, held, remark),)
            said[self.count + number] = Said(fields, reviewing.GONE, _("已了结，名单不再列出") if ended else "")

    def _reviewed(self, old: Mapping[int, int], gone: Sequence[int], existing: Features, said: Mapping[int, Said]) -> Review:
        """Every row that is not refused, in the order of the list; what is gone at the end."""
        kinds = [UNCHANGED if position in old else ADDED for position in range(self.count)]
        for position, more in said.items():
            if position >= self.count:
                continue
            if more.key.startswith("duplicate:"):
                kinds[position] = DUPLICATE
            elif more.key == reviewing.DELETED or (position in old and any(not one.taken for one in more.fields)) or more.key.startswith("conflict:"):
                kinds[position] = CONFLICT
            elif more.fields:
                kinds[position] = CHANGED
        blank: list[Scalar] = [None] * self.count
        codes, names = list(self.values.get("code") or blank), list(self.values.get("name") or blank)
        for position, there in old.items():
            codes[position], names[position] = existing.column("code")[there], existing.column("name")[there]
        shown = [position for position in range(self.count) if position not in self.rejected]
        place = {position: number for number, position in enumerate(shown)}
        place |= {self.count + number: len(shown) + number for number in range(len(gone))}
        held = [existing.ids[old[position]] if position in old else "" for position in shown]
        return Review(
            [*(kinds[position] for position in shown), *(GONE for _one in gone)],
            [*(self.rows[position] for position in shown), *(0 for _one in gone)],
            [*(codes[position] for position in shown), *(existing.column("code")[there] for there in gone)],
            [*(names[position] for position in shown), *(existing.column("name")[there] for there in gone)],
            [*held, *(existing.ids[there] for there in gone)],
            {place[position]: more for position, more in said.items() if position in place},
        )


def _start(text: str) -> str:
    """The first line of a text, cut at a sentence's end or after thirty characters."""
    line = text.strip().splitlines()[0] if text.strip() else ""
    for mark in "。；;":
        line = line.split(mark)[0] or line
    return line if len(line) <= _START else line[: _START - 1] + "…"


def _new_ids(count: int) -> list[str]:
    """Row ids like `edits.new_id`'s, many at once."""
    raw = np.frombuffer(os.urandom(16 * count), dtype=np.uint8).reshape(-1, 16).copy()
    raw[:, 6] = raw[:, 6] & 0x0F | 0x40
    raw[:, 8] = raw[:, 8] & 0x3F | 0x80
    text = raw.tobytes().hex()
    return [text[start : start + 32] for start in range(0, 32 * count, 32)]
