"""The same issue twice (SR-09): which are proposed, and one made of two without losing where each came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.layer import Layer
from chuangwen.domain.moving import Context
from chuangwen.domain.values import LIST_MARK
from chuangwen.errors import RuleBroken
from chuangwen.progress import Progress
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

_VOID, _CLOSED = "void", "closed"
_MOST = 3_000  # issues of one site that are compared at a time: 70 MB of distances


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two issues that may be one: positions in the issues, the earlier one first; `likeness` of their descriptions, 0–100."""

    first: int
    second: int
    likeness: float


def proposals(issues: Features, sites: Features | None, least_likeness: float, within_m: float, progress: Progress | None = None) -> list[Duplicate]:
    """Pairs at the same site, at most `within_m` metres apart, whose descriptions are alike by `least_likeness` (0–100) or more, the likest first.

    Void issues are left out, pairs of which both are closed, and what was found after the other was closed: that is a relapse. An issue that is not on the
    map is taken to be at its site.
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
        for first, second, likeness in _alike(members, words, places, least_likeness, within_m):
            if not _settled(issues, first, second):
                found.append(Duplicate(first, second, likeness))
    return sorted(found, key=lambda one: (-one.likeness, one.first, one.second))


def merge(layer: Layer, kept: Feature, others: Sequence[Feature], context: Context) -> Edit:
    """Make one of issues that are the same: `others` become void as duplicates of `kept`, which keeps the numbers of all of them (SR-09).

    Raises `RuleBroken` where one may not become void: a closed one is kept, and the other made void.
    """
    others = [one for one in others if one.id != kept.id]
    if not others:
        raise RuleBroken(_("要合并的是同一个问题。"), hint=_("请选两个问题。"))
    if kept.get("status") == _VOID:
        raise RuleBroken(_("{code} 已作废，不能作为保留的一个。").format(code=kept.code), hint=_("请保留另一个。"))
    closed = next((one for one in others if one.get("status") == _CLOSED), None)
    if closed is not None:
        raise RuleBroken(_("已销号的问题 {code} 不能作废。").format(code=closed.code), hint=_("请保留它，把另一个作废。"))
    numbers = edits.set_values(layer, [kept], {"source_numbers": LIST_MARK.join(source_lines(layer, [kept, *others]))})
    values = {"void_kind": "duplicate", "duplicate_of": kept.code, "status_note": _("与 {code} 重复，已合并").format(code=kept.code)}
    voided = edits.move(layer, others, _VOID, values, context)
    codes = LIST_MARK.join(one.code for one in others)
    return edits.joined(_("把 {others} 合并到 {kept}").format(others=codes, kept=kept.code), [numbers, voided])


def source_lines(layer: Layer, issues: Sequence[Feature]) -> list[str]:
    """来源名:编号 of each issue and of those that were merged into it before, each once: what 来源编号 holds."""
    found: dict[str, None] = {}
    for one in issues:
        name = str(one.get("source_name") or layer.field("source_level").show(one.get("source_level")) or _("未注明来源"))
        found.setdefault(f"{_plain(name)}:{one.code}")
        for line in str(one.get("source_numbers") or "").split(LIST_MARK):
            if line.strip():
                found.setdefault(line.strip())
    return list(found)


def _plain(name: str) -> str:
    """A name without the marks that separate name, number and lines."""
    return name.replace(LIST_MARK, " ").replace(":", " ").strip()


def _alike(members: Sequence[int], words: Sequence[str], places: NDArray[np.float64], least: float, within_m: float) -> Iterator[tuple[int, int, float]]:
    """Pairs of `members` that are near each other, or of which one is nowhere, and alike; the earlier one first."""
    from rapidfuzz import fuzz, process

    for start in range(0, len(members), _MOST):
        part = members[start : start + _MOST]
        here = places[part]
        apart = np.hypot(here[:, None, 0] - here[None, :, 0], here[:, None, 1] - here[None, :, 1])
        ones, others = np.nonzero(np.triu(~(apart > within_m + 1e-6), 1))  # not a number where nobody knows: that may be near
        if not len(ones):
            continue
        texts = [words[at] for at in part]
        likeness = process.cpdist([texts[at] for at in ones], [texts[at] for at in others], scorer=fuzz.ratio, score_cutoff=least, dtype=np.float32)
        for at in np.flatnonzero(likeness > 0).tolist():
            yield part[int(ones[at])], part[int(others[at])], float(likeness[at])


def _places(issues: Features, sites: Features | None, codes: Sequence[str]) -> NDArray[np.float64]:
    """Easting and northing of each issue, else of its site, (n, 2); not a number where nobody knows."""
    found = np.column_stack([shapely.get_x(issues.geometry), shapely.get_y(issues.geometry)])
    if sites is not None:
        for at in np.flatnonzero(~issues.located).tolist():
            there = sites.by_code.get(codes[at])
            if there is not None and sites.located[there]:
                middle = sites.geometry[there].centroid
                found[at] = middle.x, middle.y
    return found


def _settled(issues: Features, one: int, other: int) -> bool:
    """Whether both are closed, or one was closed before the other was found."""
    closed = [at for at in (one, other) if issues.column("status")[at] == _CLOSED]
    if len(closed) != 1:
        return len(closed) == 2
    ended = issues.column("checked_at")[closed[0]] or issues.column("done_at")[closed[0]]
    found = issues.column("found_at")[other if closed[0] == one else one]
    return isinstance(ended, dt.date) and isinstance(found, dt.date) and _day(ended) < _day(found)


def _day(value: dt.date) -> dt.date:
    return value.date() if isinstance(value, dt.datetime) else value
