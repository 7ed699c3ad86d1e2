"""Which boards a run of 路长公示牌 has: a public notice for each section, with what the public may know (decision 0059)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.geo import Extent
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import plain
from chuangwen.services.paper.chainage import Alignment
from chuangwen.services.paper.crossings import crossings
from chuangwen.services.paper.sections import alignment, road_name
from chuangwen.services.paper.sheet import MapPart, Request, Sheet, chosen, fitting_scale
from chuangwen.services.paper.templates import template
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_CLOSEST = 1_500.0
"""The N of the largest scale: a lane of 20 m is shown with what is around it."""
LEVELS = (("chief1", _("一级路长")), ("chief2", _("二级路长")), ("chief3", _("三级路长")))
_POSTS = (("head", _("主要负责人")), ("deputy", _("分管负责人")), ("liaison", _("联络员")))


@dataclass(frozen=True, slots=True)
class Chief:
    """A chief of the section: 一级路长 and so on; `unit` and `post` '' where nobody knows them."""

    level: str
    name: str
    unit: str = ""
    post: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSheet(Sheet):
    """One board. `phone`: that the public may call, '' none is known; `met`: names of the roads that cross the section or join it."""

    road: Alignment | None = field(default=None, compare=False)
    chiefs: tuple[Chief, ...] = ()
    unit: str = ""
    phone: str = ""
    met: frozenset[str] = frozenset()


def plan(project: Project, request: Request) -> list[Sheet]:
    """The boards of the sections asked for, by code. Raises `UserError` for an unknown code, a project without sections, an unusable scale or paper."""
    request.checked()
    sections = project.features("section")
    wanted = {section.id for section in chosen(sections, request.codes)}
    made = template(request.product)
    paper = made.paper(request.paper)
    frame = made.map_frame(paper, landscape=True)
    found: list[Sheet] = []
    for number, section in enumerate(sorted(sections, key=lambda section: (section.code, section.name)), 1):
        if section.id not in wanted:
            continue
        road = alignment(section)
        maps: tuple[MapPart, ...] = ()
        met: frozenset[str] = frozenset()
        if road is not None and section.geometry is not None:
            met = frozenset(one.name for one in crossings(road, section.geometry, project.features("road"), road_name(section)))
            extent = Extent(*road.xy.min(axis=0).tolist(), *road.xy.max(axis=0).tolist())
            maps = (MapPart(extent.centre, float(request.scale or max(fitting_scale(extent, frame, made.map.free), _CLOSEST))),)
        found.append(
            BoardSheet(
                product=made.id,
                code=section.code,
                name=section.name,
                number=number,
                paper=paper,
                landscape=True,
                maps=maps,
                subject=section,
                road=road,
                chiefs=_chiefs(project, section),
                unit=plain(section.get("responsible_unit")),
                phone=public_phone(project, section),
                met=met,
            )
        )
    return found


def public_phone(project: Project, section: Feature) -> str:
    """The telephone of the section or of its unit that is no person's own: the first that stands in a field not marked as private; '' none."""
    units = project.features("unit")
    unit = _named(units, plain(section.get("responsible_unit")))
    places: list[tuple[Feature, Layer, tuple[str, ...]]] = [(section, project.layers["section"], ("phone",))]
    if unit is not None:
        places.append((unit, units.layer, ("office_phone", "phone")))
    for feature, layer, names in places:
        for name in names:
            known = layer.field_by_name.get(name)
            if known is not None and not known.private and plain(feature.get(name)):
                return plain(feature.get(name))
    return ""


def _named(units: Features, name: str) -> Feature | None:
    names = units.column("name")
    return next((units.at(at) for at, one in enumerate(names) if name and one == name), None)


def _chiefs(project: Project, section: Feature) -> tuple[Chief, ...]:
    """Name, unit and post of the three; from the list of persons, else from what the units say of their own people."""
    unit = plain(section.get("responsible_unit"))
    known = [(person.name, plain(person.get("unit")), plain(person.get("post"))) for person in project.features("person")]
    known += [(plain(one.get(role)), one.name, post) for one in project.features("unit") for role, post in _POSTS]
    return tuple(_chief(level, plain(section.get(name)), unit, known) for name, level in LEVELS)


def _chief(level: str, name: str, unit: str, known: list[tuple[str, str, str]]) -> Chief:
    """Of several people of one name that of the section's unit, else none: names are never unique (domain.md 8.1)."""
    same = [one for one in known if name and one[0] == name]
    own = [one for one in same if one[1] == unit]
    if own or len({one[1] for one in same}) == 1:
        return Chief(level, *(own or same)[0])
    return Chief(level, name)
