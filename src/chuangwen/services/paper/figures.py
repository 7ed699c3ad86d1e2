"""关键数据: what the whole campaign comes to in a few numbers (domain.md 6.7, SR-08)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.domain.campaign import TODOS, overdue, rate_text, rectification_rate
from chuangwen.domain.feature import Features
from chuangwen.domain.zones import in_force

if TYPE_CHECKING:
    from chuangwen.services.project import Project


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of a project. `issues` and `closed`: denominator and numerator of the rate, void issues left out."""

    sites: int
    zones: int
    sections: int
    issues: int
    closed: int
    overdue: int
    unassigned: int

    @property
    def rate(self) -> str:
        """整改率 in words."""
        return rate_text(self.closed, self.issues)


def campaign_zones(zones: Features) -> Features:
    """创建网格 where there are any, else all: a project may hold the community's and the unit grids too."""
    ours = in_force(zones)
    return zones.take(ours) if ours.any() else zones


def figures(project: Project, zones: Features) -> Figures:
    """The numbers of a project whose campaign zones are `zones`."""
    return counted(len(project.features("site")), len(zones), len(project.features("section")), project.features("issue"), project.campaign.now)


def counted(sites: int, zones: int, sections: int, issues: Features, now: dt.datetime) -> Figures:
    """The numbers of some `issues`, beside how many sites, zones and sections they belong to."""
    closed, whole = rectification_rate(issues)
    unassigned = next(one for one in TODOS if one.id == "unassigned")
    return Figures(sites, zones, sections, whole, closed, int(overdue(issues, now).sum()), int(unassigned.mask(issues, now).sum()))
