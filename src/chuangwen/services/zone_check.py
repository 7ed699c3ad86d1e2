"""Gaps and overlaps between the areas that a project holds."""

from __future__ import annotations

from chuangwen.domain.feature import Features
from chuangwen.exchange import zone_check
from chuangwen.exchange.findings import Finding
from chuangwen.exchange.zone_check import Limits, Zones
from chuangwen.services.project import Project

ZONE = "zone"


def check(project: Project, kind: str, layer: str = ZONE, limits: Limits | None = None) -> list[Finding]:
    """What is wrong between the areas of `kind` (campaign, community, unit) in a layer: doubles, overlaps, gaps, blanks, named by their codes."""
    return zone_check.check(zones_of(project.features(layer), kind), limits)


def zones_of(features: Features, kind: str) -> Zones:
    """The features of one kind as areas to check; each numbered by its position from 1, for they come from no file."""
    column = features.column("kind")
    default = features.layer.field("kind").default
    taken = [at for at in range(len(features)) if (column[at] or default) == kind]
    codes = [str(features.column("code")[at] or features.column("name")[at] or "") for at in taken]
    return Zones(features.geometry[taken], codes, [at + 1 for at in taken])
