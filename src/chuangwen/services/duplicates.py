"""The same issue twice (SR-09): which are proposed, and one made of two without losing where each came from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.progress import Progress

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VOID, _CLOSED = "void", "closed"
_MOST = 5_000  # issues of one site that are compared at a time: 100 MB of likenesses


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two issues that may be one: positions in the issues, the earlier one first; `likeness` of their descriptions, 0–100."""

    first: int
    second: int
    likeness: float


def proposals(issues: Features, sites: Features | None, least_likeness: float, within_m: float, progress: Progress | None = None) -> list[Duplicate]:
    """Pairs at the same site, at most `within_m` metres apart, whose descriptions are alike by `least_likeness` (0–100) or more, the likest first.

    Void issues are left out, and pairs of which both are closed. An issue that is not on the map is taken to be at its site.
    """
    progress = progress or Progress()
    statuses = issues.column("status")
    codes = [str(code or "") for code in issues.column("site_code")]
    words = [str(one or "").strip() for one in issues.column("description")]
    places = _places(issues, sites, codes)
    groups: dict[str, list[int]] = {}
    for at, code in enumerate(codes):
        if statuses[at] != _VOID and words[at] and code:
            groups.setdefault(code, []).append(at)
    found: list[Duplicate] = []
    for number, members in enumerate(groups.values()):
        progress.at(number, len(groups))
        for first, second, likeness in _alike(members, words, least_likeness):
            if not (statuses[first] == statuses[second] == _CLOSED) and _near(places, first, second, within_m):
                found.append(Duplicate(first, second, likeness))
    return sorted(found, key=lambda one: (-one.likeness, one.first, one.second))


def _alike(members: Sequence[int], words: Sequence[str], least: float) -> Iterator[tuple[int, int, float]]:
    from rapidfuzz import fuzz, process

    for start in range(0, len(members), _MOST):
        part = members[start : start + _MOST]
        texts = [words[at] for at in part]
        likeness = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=least, dtype=np.float32)
        for one, other in np.argwhere(np.triu(likeness, 1) > 0).tolist():
            yield part[one], part[other], float(likeness[one, other])


def _places(issues: Features, sites: Features | None, codes: Sequence[str]) -> NDArray[np.object_]:
    """Where each issue is, else where its site is; None where nobody knows, (n,)."""
    found = issues.geometry.copy()
    if sites is not None:
        for at in np.flatnonzero(~issues.located).tolist():
            there = sites.by_code.get(codes[at])
            found[at] = sites.geometry[there] if there is not None else None
    return found


def _near(places: NDArray[np.object_], one: int, other: int, within_m: float) -> bool:
    if places[one] is None or places[other] is None:
        return True
    return bool(shapely.distance(places[one], places[other]) <= within_m + 1e-6)
