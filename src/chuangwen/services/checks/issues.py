"""Issues that nobody has, that are not answered, that will not be done, or that came twice: CV-13, SR-05, SR-09, SR-11, SR-18."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.campaign import is_open
from chuangwen.domain.feature import Features
from chuangwen.services.checks.check import Check, Finding, Look, NoData, called, text
from chuangwen.services.checks.thresholds import Thresholds
from chuangwen.services.duplicates import proposals
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

ANSWERS = ("responsible_unit", "due_at", "measure", "status")
"""What every issue must have (SR-05); 整改措施 and the others under the titles of the layer."""


def unanswered(issues: Features) -> list[tuple[int, list[str]]]:
    """Position of each issue that lacks an answer, with the fields that are empty (SR-05). Void ones need none; a 挂账 one has 复查日期 for its deadline."""
    columns = {name: issues.column(name) for name in (*ANSWERS, "review_at")}
    found = []
    for at in range(len(issues)):
        status = columns["status"][at]
        if status == "void":
            continue
        lacks = [name for name in ANSWERS if columns[name][at] in (None, "")]
        if status == "long_term" and "due_at" in lacks and columns["review_at"][at]:
            lacks.remove("due_at")
        if lacks:
            found.append((at, lacks))
    return found


def at_sites(issues: Features, sites: Features, limits: Thresholds) -> NDArray[np.bool_]:
    """Which issues belong to a site or its surroundings (SR-17, SR-18): they name one, are noted so, or lie within its radius, border included, (n,).

    The radius is the site's own, else that of its category, else 50 m.
    """
    found = np.array([bool(code) for code in text(issues, "site_code")], dtype=bool)
    found |= np.array([bool(value) for value in issues.column("in_surroundings")], dtype=bool)
    away, there = np.flatnonzero(~found & issues.located), np.flatnonzero(sites.located)
    if len(away) and len(there):
        own, kinds = sites.column("surround_radius_m"), text(sites, "category")
        usual = [limits.site_radii.get(kind, limits.surroundings_m) for kind in kinds]
        radii = np.array([float(r) if isinstance(r := own[at], int | float) else usual[at] for at in there.tolist()])
        tree = shapely.STRtree(sites.geometry[there])
        mine, near = tree.query(issues.geometry[away], predicate="dwithin", distance=float(radii.max()))
        close = shapely.distance(issues.geometry[away[mine]], sites.geometry[there[near]]) <= radii[near] + 1e-6
        found[np.unique(away[mine[close]])] = True
    return found


def uncleared(look: Look) -> list[tuple[str, list[int]]]:
    """Unit → positions of its open issues at sites and around them (SR-18), the most first; '' for those without a unit."""
    issues = look.need("issue")
    sites = look.use("site")
    mask = is_open(issues)
    if sites is not None:
        mask &= at_sites(issues, sites, look.thresholds)
    else:
        mask &= np.array([bool(code) for code in text(issues, "site_code")], dtype=bool)
    units = text(issues, "responsible_unit")
    found: dict[str, list[int]] = {}
    for at in np.flatnonzero(mask).tolist():
        found.setdefault(units[at], []).append(at)
    return sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))


def _uncleared(look: Look) -> list[Finding]:
    issues = look.need("issue")
    found = []
    for unit, members in uncleared(look):
        said = _("{unit}：{count} 件未清零").format(unit=unit or _("没有责任单位"), count=len(members))
        found.append(Finding(said, "issue", tuple(issues.ids[at] for at in members), float(len(members)), _("件"), by=unit))
    arrival = look.campaign.arrival
    total = sum(int(one.amount or 0) for one in found)
    last = _("，进驻日 {day} 前一天必须为 0").format(day=arrival.isoformat()) if arrival else ""
    look.summary = _("点位及周边未销号 {total} 件{last}").format(total=total, last=last)
    return found


def _without_unit(look: Look) -> list[Finding]:
    issues = look.need("issue")
    units, statuses = text(issues, "responsible_unit"), text(issues, "status")
    found = []
    for at in np.flatnonzero(is_open(issues)).tolist():
        if statuses[at] == "unassigned":
            found.append(Finding(_("{name}：待指定").format(name=called(issues, at)), "issue", (issues.ids[at],)))
        elif not units[at]:
            found.append(Finding(_("{name}：没有责任单位").format(name=called(issues, at)), "issue", (issues.ids[at],)))
    return found


def _unanswered(look: Look) -> list[Finding]:
    issues = look.need("issue")
    units = text(issues, "responsible_unit")
    found = []
    for at, lacks in unanswered(issues):
        what = "、".join(issues.layer.field(name).title for name in lacks)
        found.append(Finding(_("{name}：缺{what}").format(name=called(issues, at), what=what), "issue", (issues.ids[at],), by=units[at]))
    return found


def _standards(look: Look) -> list[Finding]:
    issues = look.need("issue")
    items = text(issues, "checklist_item")
    if not any(items):
        raise NoData(issues.layer.field("checklist_item").title)
    found: dict[str, list[int]] = {}
    for at in np.flatnonzero(is_open(issues)).tolist():
        if items[at]:
            found.setdefault(items[at], []).append(at)
    return [
        Finding(
            _("{item}：{count} 件未销号").format(item=item, count=len(members)), "issue", tuple(issues.ids[at] for at in members), float(len(members)), _("件")
        )
        for item, members in sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    ]


def _duplicates(look: Look) -> list[Finding]:
    issues = look.need("issue")
    limits = look.thresholds
    sites = look.use("site")
    code_of = [code or called(issues, at) for at, code in enumerate(text(issues, "code"))]
    found = []
    for one in proposals(issues, sites, limits.duplicate_likeness, limits.duplicate_distance_m, look.progress):
        said = _("{first} 与 {second} 相似 {likeness:.0f}%：{words}").format(
            first=code_of[one.first], second=code_of[one.second], likeness=one.likeness, words=str(issues.column("description")[one.first] or "")
        )
        ids = (issues.ids[one.first], issues.ids[one.second])
        found.append(Finding(said, "issue", ids, round(one.likeness, 1), "%"))
    return found


CHECKS = (
    Check(
        "CV-13",
        _("问题没有责任单位"),
        _("未销号的问题没有责任单位，或处于待指定。"),
        "issue",
        _("由创建办指定责任单位。"),
        _without_unit,
    ),
    Check(
        "SR-05",
        _("未答项"),
        _("问题缺责任单位、整改时限、整改措施或状态；作废的不算，挂账的以复查日期代替时限。进驻日前一天应为 0。"),
        "issue",
        _("由责任单位补报措施，由创建办定单位和时限。"),
        _unanswered,
    ),
    Check(
        "SR-18",
        _("进驻前未清零"),
        _("点位及其周边未销号的问题，按责任单位列出。点位没有登记周边半径的按其类型的半径（responsibility.toml），再没有的按 50 米。"),
        "issue",
        _("限时办结；确需长期整改的，按挂账办理。"),
        _uncleared,
    ),
    Check(
        "SR-09",
        _("可能重复的问题"),
        _("同一点位、相距 50 米以内、描述相似 80% 以上的两个问题（不比较作废的和都已销号的；一个销号以后才发现的另一个是反弹，也不算）。"),
        "issue",
        _("核对后合并：保留一个，另一个作废并注明重复，两个来源编号都保留。"),
        _duplicates,
    ),
    Check(
        "SR-11",
        _("有未销号问题的测评标准"),
        _("测评标准项下还有未销号的问题，按标准项列出。"),
        "issue",
        _("对照标准逐项整改。"),
        _standards,
    ),
)
