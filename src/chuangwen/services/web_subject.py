"""What a page or a list for a reader is about: everything, one unit, one zone or one section; and which features belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from chuangwen.domain.audience import OF_PLACE, OF_UNIT, Audience
from chuangwen.domain.issue_facts import Facts
from chuangwen.domain.validity import valid_on
from chuangwen.domain.values import LIST_MARK, plain
from chuangwen.errors import UserError, nearest
from chuangwen.services.grouping import BYS
from chuangwen.services.paper.figures import campaign_zones
from chuangwen.text import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from chuangwen.domain.feature import Feature, Features
    from chuangwen.services.project import Project

KINDS = ("unit", "zone", "section")
"""Layers of which one feature can be what a page is about."""
_BESIDE_M = 30.0
"""metres from a road-chief section within which sites and the like are shown with it."""
_ANSWERS = ("responsible_unit", "lead_unit")


@dataclass(frozen=True)
class Subject:
    """What it is about. `layer` '': the whole project."""

    project: Project
    layer: str = ""
    feature: Feature | None = None
    counted: dict[str, tuple[Features, Sequence[Sequence[str]]]] = field(default_factory=dict, compare=False, repr=False)  # shared by those of one run

    @property
    def title(self) -> str:
        """How people call it."""
        if self.feature is None:
            return self.project.campaign.district or self.project.campaign.title
        return self.feature.name or self.feature.code

    @property
    def code(self) -> str:
        """Its code, '' for the whole project."""
        return self.feature.code if self.feature is not None else ""

    @cached_property
    def area(self) -> BaseGeometry | None:
        """The ground that belongs to it, metres; None where it has none of its own."""
        shape = self.feature.geometry if self.feature is not None else None
        if shape is None or shape.is_empty:
            return None
        return shape.buffer(_BESIDE_M) if self.layer == "section" else shape

    def rows(self, features: Features) -> NDArray[np.bool_]:
        """(n,) which features belong to it. Issues are counted for it as in all figures (`services.grouping`); of what carries dates only what is in force."""
        layer = features.layer
        everything = valid_on(features, self.project.campaign.today)
        if layer.id == "zone" and len(features):
            everything &= np.isin(features.ids, campaign_zones(features).ids)
        if self.feature is None or layer.kind == "base":
            return everything
        if layer.id == self.layer:
            return np.array([row_id == self.feature.id for row_id in features.ids], dtype=bool)
        if layer.id == "issue":
            return self._issues(features)
        return everything & (self._of_unit(features) if self.layer == "unit" else self._at_place(features))

    def _issues(self, issues: Features) -> NDArray[np.bool_]:
        assert self.feature is not None
        known = self.counted.get(self.layer)
        if known is None or known[0] is not issues:
            known = self.counted[self.layer] = issues, BYS[self.layer].keys(self.project, Facts(issues, self.project.campaign.now))
        wanted = self.feature.name if self.layer == "unit" else self.feature.code
        return np.array([wanted in of for of in known[1]], dtype=bool)

    def _of_unit(self, features: Features) -> NDArray[np.bool_]:
        """A unit named in the features: what it is responsible for, and what it leads."""
        assert self.feature is not None
        found = np.zeros(len(features), dtype=bool)
        for name in _ANSWERS:
            if features.layer.has(name):
                found |= np.array([self.feature.name in plain(value).split(LIST_MARK) for value in features.column(name)], dtype=bool)
        return found

    def _at_place(self, features: Features) -> NDArray[np.bool_]:
        """On its ground, a border that is only touched not counted; without a place, what names the zone."""
        assert self.feature is not None
        found = np.zeros(len(features), dtype=bool)
        if self.area is not None and len(features):
            shapely.prepare(self.area)
            found = shapely.intersects(self.area, features.geometry) & features.located
            areas = shapely.get_dimensions(features.geometry) == 2
            found &= ~(areas & shapely.touches(self.area, features.geometry))
        if self.layer == "zone" and features.layer.has("zone_code"):
            named = np.array([value == self.feature.code for value in features.column("zone_code")], dtype=bool)
            found |= named & ~features.located
        return found


def whole(project: Project) -> Subject:
    """The whole project."""
    return Subject(project)


def subject_of(project: Project, audience: Audience, words: dict[str, str]) -> Subject:
    """What a page for `audience` is about, from the words of the user: layer of `KINDS` → code or name ('' not said).

    Raises `UserError` where it says more than one, nothing though the audience needs it, or something that there is not.
    """
    said = {layer: word.strip() for layer, word in words.items() if word.strip()}
    if len(said) > 1:
        raise UserError(_("一次只能是一个单位、网格或路段。"), hint=_("--unit、--zone、--section 只给一个。"))
    for layer, word in said.items():
        _check_kind(audience, layer)
        return Subject(project, layer, _named(project, layer, word))
    if audience.subject:
        ask = _("请用 --unit 写出单位。") if audience.subject == OF_UNIT else _("请用 --zone 或 --section 写出网格或路段的编号。")
        raise UserError(_("“{title}”要说明给谁、看哪里。").format(title=audience.title), hint=ask)
    return whole(project)


def kinds_for(audience: Audience) -> tuple[str, ...]:
    """The layers of `KINDS` that a page for an audience may be about."""
    return {OF_UNIT: ("unit",), OF_PLACE: ("zone", "section")}.get(audience.subject, KINDS)


def _check_kind(audience: Audience, layer: str) -> None:
    if layer not in kinds_for(audience):
        words = {OF_UNIT: _("一个单位（--unit）"), OF_PLACE: _("一个网格或路段（--zone、--section）")}
        raise UserError(_("“{title}”只能是{what}。").format(title=audience.title, what=words[audience.subject]))


def _named(project: Project, layer: str, word: str) -> Feature:
    """The feature of a code, name, short name or id."""
    features = project.features(layer)
    found = features.coded(word) or features.feature(word)
    if found is None:
        for name in ("name", "short_name"):
            at = next((at for at, value in enumerate(features.column(name)) if value == word), None)
            if at is not None:
                return features.at(at)
    if found is not None:
        return found
    close = nearest(word, [plain(one) for name in ("name", "code") for one in features.column(name) if one])
    hint = _("是不是“{close}”？").format(close=close) if close else ""
    raise UserError(_("{layer}里没有“{word}”。").format(layer=features.layer.title, word=word), hint=hint)


def subjects(project: Project, layer: str) -> list[Subject]:
    """One for each feature of a layer of `KINDS` that is in force: units that have to do with something on the map only. By code."""
    features = project.features(layer)
    rows = np.flatnonzero(valid_on(features, project.campaign.today))
    if layer == "zone":
        ours = set(campaign_zones(features).ids)
        rows = np.array([at for at in rows.tolist() if features.ids[at] in ours], dtype=int)
    if layer == "unit":
        named = {
            part
            for name in ("issue", "site", "zone", "section")
            for field in _ANSWERS
            for value in project.features(name).column(field)
            for part in plain(value).split(LIST_MARK)
        }
        rows = np.array([at for at in rows.tolist() if features.column("name")[at] in named], dtype=int)
    codes = features.column("code")
    shared: dict[str, tuple[Features, Sequence[Sequence[str]]]] = {}
    return [Subject(project, layer, features.at(at), shared) for at in sorted(rows.tolist(), key=lambda at: plain(codes[at]))]
