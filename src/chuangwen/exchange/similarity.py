"""Texts that read alike: only rows at one place are compared, so that twenty thousand against twenty thousand stay quick."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from chuangwen.exchange.telling import Columns, Telling, contradict, marks, placed, sentence

SAME, POSSIBLE = 90.0, 75.0
"""From here on two descriptions at one place are the same one; from here on one is asked whether they are. Percent of equal characters in order."""
_WHOLE = 4_000_000
"""So many pairs of one place are compared all with all."""
_RUN, _RAREST, _AT_MOST = 3, 3, 20
"""In larger places: the length of a run of characters, how many of the rarest of a text count, and how many texts may share one to be compared."""


@dataclass(frozen=True, slots=True)
class Alike:
    """A row that reads like one of the others. `sure`: enough to be the same."""

    score: float
    row: int
    there: int
    sure: bool


def alike(telling: Telling, mine: Columns, rows: Sequence[int], theirs: Columns, others: Sequence[int], fits: Callable[[int, int], bool]) -> list[Alike]:
    """The pairs of one place that read alike, best first; `fits` has the last word."""
    if telling.text not in mine or telling.text not in theirs:
        return []
    here = {at: sentence(mine[telling.text][at]) for at in rows}
    there = {at: sentence(theirs[telling.text][at]) for at in others}
    found: dict[tuple[int, int], Alike] = {}
    for some, more in _blocks(telling, mine, [at for at in rows if here[at]], theirs, [at for at in others if there[at]]):
        for one, other, score in _scores([here[at] for at in some], [there[at] for at in more]):
            pair = some[one], more[other]
            if pair not in found and not contradict(telling, mine, pair[0], theirs, pair[1]) and fits(*pair):
                sure = score >= SAME and marks(here[pair[0]]) == marks(there[pair[1]])
                found[pair] = Alike(score, *pair, sure)
    return sorted(found.values(), key=lambda one: (-one.score, one.row, one.there))


def _blocks(telling: Telling, mine: Columns, rows: Sequence[int], theirs: Columns, others: Sequence[int]) -> Iterator[tuple[list[int], list[int]]]:
    """Rows and others that name the same place, where it is the nearest that both may name; at the end those that name none."""
    earlier: list[str] = []
    for name in telling.places:
        if name not in mine or name not in theirs:
            continue
        homes: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, columns, positions in ((0, mine, rows), (1, theirs, others)):
            for at in positions:
                if columns[name][at]:
                    homes[columns[name][at]][side].append(at)
        for some, more in homes.values():
            nearer = {at for at in some if any(mine[one][at] for one in earlier)}
            yield [at for at in some if at not in nearer], more
            yield [at for at in some if at in nearer], [at for at in more if not any(theirs[one][at] for one in earlier)]
        earlier.append(name)
    yield [at for at in rows if not placed(telling, mine, at)], [at for at in others if not placed(telling, theirs, at)]


def _scores(some: Sequence[str], more: Sequence[str]) -> Iterator[tuple[int, int, float]]:
    if not some or not more:
        return
    if len(some) * len(more) > _WHOLE:
        pairs = list(_sharing(some, more))
        scores = process.cpdist(
            [some[one] for one, _other in pairs], [more[other] for _one, other in pairs], scorer=fuzz.ratio, score_cutoff=POSSIBLE, workers=-1
        )
        yield from ((*pairs[at], float(scores[at])) for at in np.flatnonzero(scores).tolist())
        return
    workers = -1 if len(some) * len(more) > _WHOLE // 100 else 1
    table = process.cdist(some, more, scorer=fuzz.ratio, score_cutoff=POSSIBLE, dtype=np.float32, workers=workers)
    yield from ((one, other, float(table[one, other])) for one, other in np.argwhere(table).tolist())


def _sharing(some: Sequence[str], more: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Pairs of texts that share one of the rarest runs of characters of the first."""
    held: dict[str, list[int]] = defaultdict(list)
    for at, text in enumerate(more):
        for run in _runs_of(text):
            held[run].append(at)
    often = {run: len(positions) for run, positions in held.items()}
    for at, text in enumerate(some):
        rarest = sorted(often.keys() & _runs_of(text), key=lambda run: (often[run], run))[:_RAREST]
        yield from ((at, other) for other in {other for run in rarest for other in held[run][:_AT_MOST]})


def _runs_of(text: str) -> set[str]:
    return {text[at : at + _RUN] for at in range(max(1, len(text) - _RUN + 1))}
