"""Which row of a list is which feature: by number, by what the same list said last time, by place and text. One row, one feature, the best first."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz import fuzz

from chuangwen.domain.feature import Features
from chuangwen.domain.values import Scalar
from chuangwen.exchange.similarity import alike
from chuangwen.exchange.telling import TELLING, Columns, Telling, columns_of, contradict, folded_text
from chuangwen.exchange.three_way import ENDED
from chuangwen.store.base import SourceRows
from chuangwen.text import _

_RENAMED = 0.7
"""From this share of rows known by place and text on, a list without numbers is one that we have, whatever its file is called."""
_COUNTED_ON = 0.1
"""From this share of short numbers on that stand beside the text of another number, the numbers are counted anew in each list."""
_PROPOSED = 3
_SERIAL, _QUITE_ANOTHER = 4, 50.0
"""Digits: a number as short as this is no name, every sender has a 17. Percent: texts less alike than this speak of other things."""

Fits = Callable[[int, int], bool]


@dataclass
class Pairing:
    """`pairs`: row → feature, certain. `notes`: why, where it is not plain. `possible`: row → features that it may be, best first. `deleted`: rows whose
    feature came from this list and was deleted here. `foreign`: rows whose number another list gave to something else. `base`: feature → row of the
    former import."""

    pairs: dict[int, int] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    possible: dict[int, list[int]] = field(default_factory=dict)
    deleted: set[int] = field(default_factory=set)
    foreign: dict[int, int] = field(default_factory=dict)
    base: dict[int, int] = field(default_factory=dict)


class Pairs:
    """Finds the features of the rows of one list."""

    def __init__(self, layer: str, values: Mapping[str, Sequence[Scalar]], count: int, existing: Features, former: SourceRows | None) -> None:
        self._telling = TELLING.get(layer)
        self._values = values
        self._count = count
        self._existing = existing
        self._former = former or SourceRows(layer)
        self._codes = list(values.get("code") or [None] * count)
        self._claimed: set[int] = set()
        self._is_issue = layer == "issue"
        self.found = Pairing()

    def find(self) -> Pairing:
        """All that can be known."""
        if not len(self._existing) and not len(self._former):
            return self.found
        for at, row_id in enumerate(self._former.ids):
            if (there := self._existing.index.get(row_id)) is not None:
                self.found.base.setdefault(there, at)
        telling = self._telling if self._telling and self._telling.text in self._values else None
        mine = columns_of(telling, self._values) if telling else {}
        held = columns_of(telling, {name: self._existing.column(name) for name in mine}) if telling else {}
        if any(code is not None for code in self._codes):
            self._by_number(telling, mine, held)
        if telling:
            self._by_text(telling, mine, held)
        self.found.foreign = {row: there for row, there in self.found.foreign.items() if row not in self.found.pairs}
        return self.found

    def _open(self) -> list[int]:
        return [at for at in range(self._count) if at not in self.found.pairs and at not in self.found.deleted]

    def _claim(self, row: int, there: int) -> None:
        self.found.pairs[row] = there
        self._claimed.add(there)

    def _by_number(self, telling: Telling | None, mine: Columns, held: Columns) -> None:
        """The number that the list gave last time, else the feature's own. The sender's 序号 is no number (domain.md 5.8)."""
        given = {str(code): row_id for code, row_id in zip(self._former.said.get("code", ()), self._former.ids, strict=False) if code is not None}
        own = self._existing.by_code
        folded: dict[str, int] = {}
        for code, there in own.items():
            folded.setdefault(folded_text(code), there)
        known: dict[int, int] = {}
        for row, number in enumerate(self._codes):
            if number is None:
                continue
            listed = given.get(str(number), "")
            found = self._existing.index.get(listed)
            if found is None:
                found = own.get(str(number), folded.get(folded_text(number)))
            if found is not None:
                known[row] = found
            elif listed:
                self.found.deleted.add(row)
        others = self._of_others(telling, mine, held, known) if telling and self._is_issue else set()
        for row, there in known.items():
            if row not in others:
                self._claim(row, there)
                continue
            if (taken := own.get(str(self._codes[row]))) is not None:
                self.found.foreign[row] = taken
            self._codes[row] = None  # the text and the place must tell

    def _of_others(self, telling: Telling, mine: Columns, held: Columns, known: Mapping[int, int]) -> set[int]:
        """Rows whose number is a mere serial and means something else here: 17 of 文昌街道 is not 17 of 住建局, and a list that lost its row 5 counts on
        from there. Those at another place with other words; all of them where the texts stand under other numbers."""
        serials = [row for row in known if (code := str(self._codes[row])).isdecimal() and len(code) <= _SERIAL]
        names = [name for name in telling.levels[0] if name in mine and name in held]
        there_are = {_key(telling, held, names, there) for there in range(len(self._existing))} if serials else set()
        keys = {row: _key(telling, mine, names, row) for row in serials}
        moved = [row for row, key in keys.items() if key[0] and key in there_are and key != _key(telling, held, names, known[row])]
        if len(moved) > 1 and len(moved) >= _COUNTED_ON * len(serials):
            return set(serials)
        return {row for row in serials if self._is_another(telling, mine, row, held, known[row])}

    def _is_another(self, telling: Telling, mine: Columns, row: int, held: Columns, there: int) -> bool:
        text, other = mine[telling.text][row], held[telling.text][there]
        return bool(text and other) and contradict(telling, mine, row, held, there) and fuzz.ratio(text, other) < _QUITE_ANOTHER

    def _by_text(self, telling: Telling, mine: Columns, held: Columns) -> None:
        said = columns_of(telling, self._former.said)
        uncoded = [at for at in range(self._count) if self._codes[at] is None]
        if len(self._former):
            self._as_last_time(telling, mine, said)
        exact = list(self._by_levels(telling, mine, held, [at for at in self._open() if self._codes[at] is None], self._free(), self._fits))
        again = sum(at in self.found.pairs for at in uncoded) + len(exact)
        renamed = bool(uncoded) and again >= _RENAMED * len(uncoded)
        for row, there in exact:
            if not self._is_issue or renamed or there in self.found.base:
                self._claim(row, there)
            else:
                self.found.possible[row] = [there]
        if self._is_issue:
            self._by_likeness(telling, mine, said, held, renamed=renamed)
        else:
            self._namesakes(telling, mine, held)

    def _free(self) -> list[int]:
        return [there for there in range(len(self._existing)) if there not in self._claimed]

    def _as_last_time(self, telling: Telling, mine: Columns, said: Columns) -> None:
        """By what the list said last time, whatever has been changed here since. A row that has a number now may be one that had none."""
        codes = self._former.said.get("code", ())
        ids = self._former.ids

        def free(*, numbered: bool) -> list[int]:
            taken = {self.found.base.get(there) for there in self._claimed}
            return [at for at in range(len(ids)) if at not in taken and (numbered or not codes or codes[at] is None)]

        def fits(row: int, at: int) -> bool:
            there = self._existing.index.get(ids[at])
            return there is None or (there not in self._claimed and self._fits(row, there))

        for numbered in (False, True):
            rows = [at for at in self._open() if (self._codes[at] is None) == numbered]
            for row, at in list(self._by_levels(telling, mine, said, rows, free(numbered=numbered), fits, in_order=True)):
                there = self._existing.index.get(ids[at])
                if there is None:
                    self.found.deleted.add(row)
                elif there not in self._claimed:
                    self._claim(row, there)

    def _fits(self, row: int, there: int) -> bool:
        """What was found after an issue had been closed is another one, whatever it is called."""
        if not self._is_issue or self._existing.column("status")[there] not in ENDED or "found_at" not in self._values:
            return True
        found, known = self._values["found_at"][row], self._existing.column("found_at")[there]
        return not (isinstance(found, dt.date) and isinstance(known, dt.date) and found > known)

    def _by_levels(
        self, telling: Telling, mine: Columns, theirs: Columns, rows: Iterable[int], others: Iterable[int], fits: Fits, *, in_order: bool = False
    ) -> Iterable[tuple[int, int]]:
        """Pairs with the same text and the same fields of a level, in the order in which they stand. Where only a text tells them, and there are more of it
        on one side, the order says nothing, unless the others are this same list (`in_order`)."""
        if telling.text not in theirs:
            return
        left = [at for at in rows if mine[telling.text][at]]
        rest = [at for at in others if theirs[telling.text][at]]
        for number, level in enumerate((*telling.levels, ())):
            names = [name for name in level if name in mine and name in theirs]
            if level and number and not names:
                continue
            homes: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for at in rest:
                homes[_key(telling, theirs, names, at)].append(at)
            keys = {row: _key(telling, mine, names, row) for row in left}
            wanted = Counter(keys.values())
            unclear = {key for key, count in wanted.items() if not any(key[1:]) and (not telling.alone or (count != len(homes.get(key, ())) and not in_order))}
            taken: dict[int, int] = {}
            for row, key in keys.items():
                home = homes.get(key, [])
                if not home or key in unclear or (number and "" in key) or (number and not level and wanted[key] > 1):
                    continue
                anywhere = not number or (not level and in_order and not self._is_issue)  # a site of this list that got another address
                found = next((at for at in home if (anywhere or not contradict(telling, mine, row, theirs, at)) and fits(row, at)), None)
                if found is not None:
                    home.remove(found)
                    taken[row] = found
            yield from taken.items()
            left = [row for row in left if row not in taken]
            used = set(taken.values())
            rest = [at for at in rest if at not in used]

    def _by_likeness(self, telling: Telling, mine: Columns, said: Columns, held: Columns, *, renamed: bool) -> None:
        """Descriptions that were worded anew: those of this same list that are near enough are the same, all others are asked."""
        rows = [at for at in self._open() if at not in self.found.possible]
        codes = self._former.said.get("code", ())
        numbered = {there for there, at in self.found.base.items() if codes and codes[at] is not None}
        there_of = {at: there for there, at in self.found.base.items() if there not in self._claimed}
        last_time = alike(telling, mine, rows, said, list(there_of), lambda row, at: self._fits(row, there_of[at]))
        candidates = [(replace(one, there=there_of[one.there]), True) for one in last_time]
        names = [name for name in telling.levels[0] if name in said and name in held]
        as_said = {there for at, there in there_of.items() if telling.text in said and _key(telling, said, names, at) == _key(telling, held, names, there)}
        edited = [there for there in self._free() if there not in as_said]
        candidates += [(one, renamed or one.there in self.found.base) for one in alike(telling, mine, rows, held, edited, self._fits)]
        for one, ours in sorted(candidates, key=lambda pair: (-pair[0].score, pair[0].row, pair[0].there)):
            if one.row in self.found.pairs or one.there in self._claimed or (self._codes[one.row] is not None and one.there in numbered):
                continue
            if one.sure and ours and self._codes[one.row] is None:
                self._claim(one.row, one.there)
                self.found.possible.pop(one.row, None)
                self.found.notes[one.row] = _("同一地点，描述相近（{score}%），按同一问题").format(score=round(one.score))
            else:
                known = self.found.possible.setdefault(one.row, [])
                if one.there not in known and len(known) < _PROPOSED:
                    known.append(one.there)
        self.found.possible = {row: left for row, some in self.found.possible.items() if (left := [one for one in some if one not in self._claimed])}

    def _namesakes(self, telling: Telling, mine: Columns, held: Columns) -> None:
        """A row with the name of something here but another number or place: asked, for two offices number one site, and two streets have one name."""
        if not telling.alone:
            return
        homes: dict[str, list[int]] = defaultdict(list)
        for there in self._free():
            homes[held[telling.text][there]].append(there)
        for row in self._open():
            some = homes.get(mine[telling.text][row], [])
            if row not in self.found.foreign and some and mine[telling.text][row]:
                near = [there for there in some if not contradict(telling, mine, row, held, there)] or (some if telling.nearest and len(some) == 1 else [])
                if near:
                    self.found.possible[row] = near[:_PROPOSED]


def _key(telling: Telling, columns: Columns, names: Sequence[str], at: int) -> tuple[str, ...]:
    return (columns[telling.text][at], *(columns[name][at] for name in names))
