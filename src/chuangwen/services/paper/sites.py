"""Which sheets a run of 点位一页表 has, one for each site (domain.md 6.4, 一点一档)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.campaign import is_open
from chuangwen.domain.checklist import Checklist
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.values import plain
from chuangwen.services.checklists import in_force
from chuangwen.services.paper.frames import Paper, Rect
from chuangwen.services.paper.landmarks import Crossing, crossings, nearest
from chuangwen.services.paper.sheet import MARKS, MapPart, Numbered, Request, Sheet, chosen, ground
from chuangwen.services.paper.templates import Template, template

if TYPE_CHECKING:
    from chuangwen.services.project import Project

NEAR = 60.0
"""metres: an open issue so near to a site is on its sheet, boundary inclusive (SR-17)."""
_SCALE = 2_000.0
_PHOTOS = 2
_PHOTO_KINDS = ("site", "before", "after")
"""Photos of these kinds come first; others fill what is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSheet(Sheet):
    """One site's sheet. `total`: sites in all; `zone`: where it lies; `photos`: rows of the layer `photo`, newest first; `away`: id of an issue that
    names another site, or none → metres to it; `asked`: what its category is measured by, `standard`: the title of that version of the checklist.
    """

    total: int
    asked: Checklist
    standard: str
    zone: Feature | None = None
    crossings: tuple[Crossing, ...] = ()
    photos: tuple[Feature, ...] = ()
    away: Mapping[str, float] = field(default_factory=dict)

    @property
    def plan(self) -> Rect:
        """The map's frame."""
        return self.template.map_frame(self.paper, landscape=self.landscape)


def plan(project: Project, request: Request) -> list[Sheet]:
    """The sheets of the sites asked for, by street and code.

    Raises `UserError` for an unknown code, a project without sites, an unusable scale or paper.
    """
    request.checked()
    sites = project.features("site")
    wanted = chosen(sites, request.codes)
    order = sorted(sites, key=lambda site: (plain(site.get("street")), site.code, site.id))
    numbers = {site.id: number for number, site in enumerate(order, 1)}
    made = template(request.product)
    work = _Work(project, made, made.paper(request.paper), float(request.scale or _SCALE))
    return [work.sheet(site, numbers[site.id], len(sites)) for site in sorted(wanted, key=lambda site: numbers[site.id])]


class _Work:
    """What all sheets of a run are made from, looked up once."""

    def __init__(self, project: Project, made: Template, paper: Paper, scale: float) -> None:
        issues = project.features("issue")
        self._made, self._paper, self._scale = made, paper, scale
        self._standard = in_force(project)
        self._zones = project.features("zone")
        self._issues = issues.take(is_open(issues))
        self._named = _by_site(self._issues)
        self._crossings = crossings(project.features("road"))
        self._photos: dict[str, list[Feature]] = {}
        for photo in project.features("photo"):
            if photo.get("owner_layer") == "site":
                self._photos.setdefault(plain(photo.get("owner_id")), []).append(photo)

    def sheet(self, site: Feature, number: int, total: int) -> SiteSheet:
        place = None if site.geometry is None or site.geometry.is_empty else site.geometry.representative_point()
        part = () if place is None else (MapPart((place.x, place.y), self._scale),)
        own = self._own(site)
        away = self._near(site, own)
        return SiteSheet(
            product=self._made.id,
            code=site.code,
            name=site.name,
            group=plain(site.get("street")),
            number=number,
            paper=self._paper,
            landscape=False,
            maps=part,
            subject=site,
            rows={"issue": self._rows(own, away, part)},
            total=total,
            asked=self._standard.of(plain(site.get("category"))),
            standard=self._standard.title,
            zone=self._zone(site),
            crossings=() if place is None else nearest(self._crossings, place.x, place.y),
            photos=_newest(self._photos.get(site.id, ())),
            away=away,
        )

    def _zone(self, site: Feature) -> Feature | None:
        """The zone that the site names, where it lies in or near it; else the one it lies in, on an edge that of the smaller code."""
        zones = self._zones
        named = zones.coded(plain(site.get("zone_code")))
        if site.geometry is None or site.geometry.is_empty:
            return named
        if named is not None and named.geometry is not None and shapely.distance(named.geometry, site.geometry) <= NEAR:
            return named
        here = np.flatnonzero(shapely.intersects(zones.geometry, site.geometry)).tolist()
        return min((zones.at(at) for at in here), key=lambda zone: zone.code, default=None)

    def _near(self, site: Feature, own: Set[int]) -> dict[str, float]:
        """Open issues within `NEAR` metres that are not the site's `own`, and how far away they are."""
        if site.geometry is None or site.geometry.is_empty or not len(self._issues):
            return {}
        away = shapely.distance(self._issues.geometry, site.geometry)
        return {self._issues.ids[at]: float(away[at]) for at in np.flatnonzero(away <= NEAR).tolist() if at not in own}

    def _own(self, site: Feature) -> set[int]:
        """Positions of the open issues that say they belong to the site: by code, or without one by name."""
        by_code, by_name = self._named
        return {*(by_code.get(site.code, ()) if site.code else ()), *(by_name.get(site.name, ()) if site.name else ())}

    def _rows(self, own: Set[int], away: Mapping[str, float], part: Sequence[MapPart]) -> tuple[Numbered, ...]:
        """Those on the map by code, the site's own before those nearby, numbered; then those off the map and those without a place."""
        place = self._made.map_frame(self._paper, landscape=False)
        seen = ground(part[0], place.width, place.height) if part else None
        rows = [self._issues.at(at) for at in sorted({*own, *(self._issues.index[row_id] for row_id in away)})]
        rows.sort(key=lambda issue: (not _shown(issue, seen), issue.geometry is None, issue.id in away, issue.code))
        return tuple(Numbered(f"{MARKS['issue']}{number}" if _shown(issue, seen) else "", issue) for number, issue in enumerate(rows, 1))


def _by_site(issues: Features) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    """Site code → positions of the issues that name it; site name → positions of those that give no code."""
    by_code: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for at, (code, name) in enumerate(zip(issues.column("site_code"), issues.column("site_name"), strict=True)):
        if code:
            by_code.setdefault(plain(code), []).append(at)
        elif name:
            by_name.setdefault(plain(name), []).append(at)
    return by_code, by_name


def _shown(issue: Feature, seen: BaseGeometry | None) -> bool:
    return seen is not None and issue.geometry is not None and bool(seen.covers(issue.geometry)) and not issue.geometry.is_empty


def _newest(photos: Sequence[Feature]) -> tuple[Feature, ...]:
    """The newest two, those of the place and of its rectification before others; one without a date counts as old."""
    rows = sorted(photos, key=lambda photo: (plain(photo.get("taken_at")), photo.id), reverse=True)
    return tuple(sorted(rows, key=lambda photo: photo.get("kind") not in _PHOTO_KINDS)[:_PHOTOS])
