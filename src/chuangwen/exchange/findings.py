"""What is wrong with shapes: found before anything is repaired, listed, and shown on the map (domain.md 7.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely

from chuangwen.text import _

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

BOWTIE, RING, DUPLICATE_NODES, SLIVER, OUTSIDE, EMPTY, LINES, MERGED = "bowtie", "ring", "nodes", "sliver", "outside", "empty", "lines", "merged"
SPIKE, TINY, HUGE, APART = "spike", "tiny", "huge", "apart"
GAP, OVERLAP, SAME, BLANK = "gap", "overlap", "same", "blank"
"""Kinds of findings. The last row: between neighbouring zones; a blank is ground that no zone covers, which may be meant so."""

TITLES: Mapping[str, str] = {
    BOWTIE: _("图形自相交"),
    RING: _("边界线不规范"),
    DUPLICATE_NODES: _("重复的节点"),
    SLIVER: _("细条"),
    OUTSIDE: _("坐标无效"),
    EMPTY: _("没有图形"),
    LINES: _("用线画的面"),
    MERGED: _("多块合成一个"),
    SPIKE: _("毛刺"),
    TINY: _("面积极小"),
    HUGE: _("面积极大"),
    APART: _("各块相距很远"),
    GAP: _("缝隙"),
    OVERLAP: _("重叠"),
    SAME: _("图形重复"),
    BLANK: _("空白"),
}
_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `title` is a sentence for people; `rows` are rows of the source (none: a feature that the project holds already), `codes`
    the codes of the features concerned; `area` in m², 0 where it means nothing; `geometry` where it is, in the project's CRS (None: nowhere)."""

    kind: str
    title: str
    rows: tuple[int, ...] = ()
    codes: tuple[str, ...] = ()
    area: float = 0.0
    geometry: BaseGeometry | None = None


@dataclass(frozen=True, slots=True)
class Resized:
    """What a clean-up would do to one area: m² before and after."""

    row: int
    code: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Cleaning:
    """An offered clean-up: which areas would change and how much. Done only on consent (the answer `clean`: `yes`)."""

    resized: tuple[Resized, ...]
    done: bool = False

    @property
    def moved_area(self) -> float:
        """All that changes hands, in m²."""
        return sum(abs(one.after - one.before) for one in self.resized)

    def as_json(self) -> dict[str, Any]:
        """What `import --json` prints of it."""
        areas = [{"row": one.row, "code": one.code, "before": round(one.before, 2), "after": round(one.after, 2)} for one in self.resized]
        return {"done": self.done, "moved_area": round(self.moved_area, 2), "resized": areas}


def count_by_kind(findings: Sequence[Finding]) -> dict[str, int]:
    """Kind → how many, in the order of their first appearance."""
    found: dict[str, int] = {}
    for one in findings:
        found[one.kind] = found.get(one.kind, 0) + 1
    return found


def placed(findings: Sequence[Finding], rows: Sequence[int], geometry: NDArray[np.object_]) -> list[Finding]:
    """Findings that were made before the file had a place, each with the shapes (n,) of its rows."""
    if not findings:
        return []
    at: dict[int, list[int]] = {}
    for position, row in enumerate(rows):
        at.setdefault(row, []).append(position)
    found = []
    for one in findings:
        shapes = [geometry[position] for row in one.rows for position in at.get(row, ()) if geometry[position] is not None]
        found.append(replace(one, geometry=shapely.geometrycollections(shapes) if shapes else None))
    return found


def shortened(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """At most a thousand of a kind; what is beyond that stands in one finding with all its rows."""
    if len(findings) <= _MOST:
        return tuple(findings)
    found: list[Finding] = []
    rest: dict[str, list[Finding]] = {}
    counts = dict.fromkeys(TITLES, 0)
    for one in findings:
        counts[one.kind] += 1
        (found if counts[one.kind] <= _MOST else rest.setdefault(one.kind, [])).append(one)
    for kind, more in rest.items():
        rows = tuple(dict.fromkeys(row for one in more for row in one.rows))
        title = _("{kind}：还有 {count} 处，没有逐一列出").format(kind=TITLES[kind], count=len(more))
        found.append(Finding(kind, title, rows, area=sum(one.area for one in more)))
    return tuple(found)
