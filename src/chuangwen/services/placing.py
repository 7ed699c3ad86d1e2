"""Where a row without coordinates may lie: proposals from its words, each with the sentence that says why. Nobody is moved without being asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.layer import Layer, Layers, folded
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry import Point
    from shapely.geometry.base import BaseGeometry

_TEXTS = ("site_name", "address", "name", "description", "zone_code", "remark")
"""Fields whose words may name a place, the most telling first."""
_SHORTEST = 2
_HOUSE = ("building_outline", "site", "section", "road", "zone")


class View(Protocol):
    """What is needed of a project; `services.project.Project` is one."""

    @property
    def layers(self) -> Layers:
        """The layers."""

    def features(self, layer: str) -> Features:
        """All features of a layer."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place in the project's CRS and why: “详细地址含点位名称：文昌公园”."""

    geometry: Point
    basis: str
    certainty: int = 0  # larger is surer


def propose(project: View, feature: Feature) -> list[Proposal]:
    """Places for `feature`, the surest first: the site that a code names, then what its words name: sites, buildings, sections, roads, zones."""
    found = [*_by_code(project, feature, "site_code", "site"), *_by_name(project, feature), *_by_code(project, feature, "zone_code", "zone")]
    found.sort(key=lambda proposal: -proposal.certainty)
    seen: set[tuple[float, float]] = set()
    unique = []
    for proposal in found:
        key = (round(proposal.geometry.x, 2), round(proposal.geometry.y, 2))
        if key not in seen:
            seen.add(key)
            unique.append(proposal)
    return unique


def _by_code(project: View, feature: Feature, field: str, layer: str) -> Iterator[Proposal]:
    text = str(feature.get(field) or "").strip()
    if not text or layer not in project.layers or feature.layer == layer:
        return
    features = project.features(layer)
    named = features.coded(text) or next((one for one in features if one.name == text), None)
    if named is not None and named.geometry is not None and not named.geometry.is_empty:
        title = project.layers[layer].title
        certainty = 1000 if layer == "site" else 100
        yield Proposal(_point(named.geometry), _("{title}编号为 {code}（{name}）").format(title=title, code=named.code or text, name=named.name), certainty)


def _by_name(project: View, feature: Feature) -> Iterator[Proposal]:
    own = project.layers[feature.layer]
    for layer_id in _HOUSE:
        if layer_id not in project.layers or layer_id == feature.layer:
            continue
        layer = project.layers[layer_id]
        for rank, (field, text) in enumerate(_words(feature, own)):
            match = _longest(project.features(layer_id), text)
            if match is not None and match.geometry is not None:
                basis = _("{field}含{layer}名称：{name}").format(field=field, layer=layer.title, name=match.name)
                yield Proposal(_point(match.geometry), basis, _certainty(layer_id, match.name, rank))


def _words(feature: Feature, layer: Layer) -> Iterator[tuple[str, str]]:
    for name in _TEXTS:
        text = str(feature.get(name) or "")
        if layer.has(name) and len(text.strip()) >= _SHORTEST:
            yield layer.field(name).title, text


def _certainty(layer: str, name: str, rank: int) -> int:
    """A site or building says more than a road, a road more than a zone; a longer name more than a short one."""
    return {"site": 800, "building_outline": 750, "section": 500, "road": 400, "zone": 200}[layer] + 2 * min(len(name), 20) - 40 * rank


def _longest(features: Features, text: str) -> Feature | None:
    """The located feature with the longest name that `text` contains; of several of one name (a road in pieces) the first."""
    key = folded(text)
    best, best_length = -1, 1
    for position, name in enumerate(features.column("name")):
        if name is None:
            continue
        word = folded(str(name))
        if len(word) > best_length and len(word) >= _SHORTEST and word in key and features.located[position]:
            best, best_length = position, len(word)
    return features.at(best) if best >= 0 else None


def _point(geometry: BaseGeometry) -> Point:
    """A point on the feature: itself, half-way along a line, surely inside an area."""
    import shapely

    if geometry.geom_type == "Point":
        return geometry
    if geometry.length and not geometry.area:
        longest = max(shapely.get_parts(geometry), key=lambda part: part.length)
        return longest.interpolate(0.5, normalized=True)
    return geometry.representative_point()
