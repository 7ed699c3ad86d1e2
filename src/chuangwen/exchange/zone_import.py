"""The zones of a file beside each other and beside those of the same kind that the project keeps: what is wrong at their borders, and the offered clean-up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import Scalar
from chuangwen.exchange.doubts import Answer, Answers, Doubt, settled
from chuangwen.exchange.findings import GAP, OVERLAP, Cleaning, Finding, Resized, count_by_kind
from chuangwen.exchange.incoming import Repaired
from chuangwen.exchange.reading import Read
from chuangwen.exchange.shapes import Shapes
from chuangwen.exchange.zone_check import Limits, Zones, check
from chuangwen.exchange.zone_clean import clean
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHECK, CLEAN = "check", "clean"
"""Keys of the doubts: whether a very large file is checked at all, whether the borders are put right."""
_MOST_ZONES, _MOST_NODES, _WIDEST_M = 20_000, 2_000_000, 1e6
"""Beyond these an import does not wait for the check. What is wider than a thousand kilometres is no district, and bent out of shape in its plane."""
_YES, _NO = "yes", "no"
_KIND = "kind"


@dataclass
class Checked:
    """What was found between zones. `geometry` (n) is the cleaned one where that was wanted."""

    geometry: NDArray[np.object_]
    findings: list[Finding] = field(default_factory=list)
    cleaning: Cleaning | None = None
    repaired: list[Repaired] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def check_zones(rows: Sequence[int], layer: Layer, read: Read, shapes: Shapes, existing: Features, limits: Limits, answers: Answers) -> Checked:
    """The taken rows of a file against each other and against what the layer holds and keeps. Only areas of one kind (创建网格, 社区网格…) are compared.

    Layers other than subject areas are not checked; nor is a very large or wide file unless asked for, which a doubt says.
    """
    found = Checked(shapes.geometry)
    if layer.kind != "subject" or layer.geometry != "polygon":
        return found
    taken = shapely.get_type_id(shapes.geometry) >= 0
    taken[[*read.rejected, *shapes.rejected]] = False
    if not _wanted(found, shapes.geometry[taken], answers):
        return found
    codes = _words(read.values, len(rows))
    kinds = _kinds(read.values.get(_KIND), layer, len(rows))
    kept = _kept(existing, read.values)
    held_kinds = _kinds(existing.column(_KIND), layer, len(existing))
    parts = []
    for kind in dict.fromkeys(kinds[at] for at in np.flatnonzero(taken).tolist()):
        mine = [at for at in np.flatnonzero(taken).tolist() if kinds[at] == kind]
        theirs = [at for at in kept if held_kinds[at] == kind]
        geometry = np.concatenate([shapes.geometry[mine], existing.geometry[theirs]])
        held = [str(existing.column("code")[at] or existing.column("name")[at] or "") for at in theirs]
        zones = Zones(geometry, [*(codes[at] for at in mine), *held], [*(rows[at] for at in mine), *([0] * len(theirs))])
        parts.append((zones, mine, [one for one in check(zones, limits) if one.rows]))
    found.findings = [one for _zones, _mine, findings in parts for one in findings]
    _offer(found, parts, limits, answers)
    return found


def _wanted(found: Checked, geometry: NDArray[np.object_], answers: Answers) -> bool:
    if not len(geometry):
        return False
    count, nodes = len(geometry), int(shapely.get_num_coordinates(geometry).sum())
    if not count:
        return False
    x0, y0, x1, y1 = shapely.total_bounds(geometry).tolist()
    wide = max(x1 - x0, y1 - y0)
    if count <= _MOST_ZONES and nodes <= _MOST_NODES and not wide > _WIDEST_M:
        return True
    possible = (Answer(_NO, _("不检查")), Answer(_YES, _("检查"), _("可能要几分钟")))
    answer = settled(CHECK, answers, possible, _NO)
    words = _("有 {count:,} 个面，分布在 {wide:,.0f} 公里范围内，没有检查它们之间的重叠和缝隙。要检查吗？")
    found.doubts.append(Doubt(CHECK, words.format(count=count, wide=wide / 1000), possible, answer))
    return answer == _YES


def _offer(found: Checked, parts: Sequence[tuple[Zones, list[int], list[Finding]]], limits: Limits, answers: Answers) -> None:
    """Work out the clean-up, offer it, and do it where the answer is yes."""
    cleaned = found.geometry.copy()
    resized: list[Resized] = []
    for zones, mine, findings in parts:
        result = clean(zones, findings, limits)
        if result is not None:
            cleaned[mine] = result.geometry[: len(mine)]
            resized += result.cleaning.resized
    if not resized:
        return
    found.cleaning = Cleaning(tuple(sorted(resized, key=lambda one: one.row)))
    counts = count_by_kind(found.findings)
    words = _("边界之间有 {overlaps} 处重叠、{gaps} 处缝隙。要把公共边界理顺吗？").format(overlaps=counts.get(OVERLAP, 0), gaps=counts.get(GAP, 0))
    note = _("改动 {count} 个面，共 {area:,.2f} 平方米；宽于 {snap:g} 米的缝隙、图形相同的面和项目里已有的边界不动")
    note = note.format(count=len(resized), area=found.cleaning.moved_area, snap=limits.snap)
    possible = (Answer(_NO, _("保持原样，以后再改")), Answer(_YES, _("理顺"), note))
    answer = settled(CLEAN, answers, possible, _NO)
    found.doubts.append(Doubt(CLEAN, words, possible, answer, tuple(one.row for one in found.cleaning.resized)))
    if answer == _YES:
        found.geometry = cleaned
        found.cleaning = replace(found.cleaning, done=True)
        words = _("公共边界已理顺：面积 {before:,.2f} → {after:,.2f} 平方米")
        found.repaired = [Repaired(one.row, words.format(before=one.before, after=one.after)) for one in found.cleaning.resized]


def _words(values: dict[str, list[Scalar]], count: int) -> list[str]:
    """What people call each row: its code, else its name, else nothing."""
    blank: list[Scalar] = [None] * count
    return [str(code or name or "") for code, name in zip(values.get("code", blank), values.get("name", blank), strict=True)]


def _kinds(given: Sequence[Scalar] | None, layer: Layer, count: int) -> list[Scalar]:
    """The kind of each area; blank means the layer's default, as it will when the row is written."""
    if not layer.has(_KIND):
        return [None] * count
    default = layer.field(_KIND).default or None
    return [one or default for one in given] if given is not None else [default] * count


def _kept(existing: Features, values: dict[str, list[Scalar]]) -> list[int]:
    """Positions of the features that this file does not replace: it has neither their code nor, where it has no codes, their name."""
    by = next((name for name in ("code", "name") if any(value is not None for value in values.get(name, ()))), "")
    given = {str(value) for value in values.get(by, ())}
    there = np.flatnonzero(existing.located).tolist()
    column = existing.column(by)
    return [at for at in there if str(column[at]) not in given] if by else there
