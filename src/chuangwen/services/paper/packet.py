"""A packet for the patrols: which sheets, in which order, under whose heading (domain.md 0.2, 6.1). Pure; pages are made elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from chuangwen.domain.campaign import overdue
from chuangwen.domain.values import half_width, plain
from chuangwen.errors import UserError, nearest
from chuangwen.services.paper.route import tour
from chuangwen.services.paper.sheet import Numbered, Sheet
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

ORDERS = {"street": _("按街道"), "unit": _("按责任单位"), "patroller": _("按巡查人"), "route": _("按巡查路线")}
"""How a packet may be put together, and what the choice is called."""
_Page = TypeVar("_Page")
_RANGE = re.compile(r"(\d*)(-?)(\d*)")


@dataclass(frozen=True, slots=True)
class Group:
    """Sheets that one person takes along; `heading`: a street, a unit, a person, '' all in one."""

    heading: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which sheets of all. Empty: no limit of that kind; several values of one kind: any of them; several kinds: all must hold."""

    streets: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    with_issues: bool = False
    with_overdue: bool = False

    def chosen(self, project: Project, sheets: Sequence[Sheet]) -> list[Sheet]:
        """The sheets that it wants, in their order. Raises `UserError` for a street, unit or code that none of them has."""
        for wanted, there, title in (
            (self.streets, {sheet.group for sheet in sheets}, _("街道")),
            (self.units, {unit_of(sheet) for sheet in sheets}, _("责任单位")),
            (self.codes, {sheet.code for sheet in sheets}, _("编号")),
        ):
            _check(wanted, there, title)
        issues = project.features("issue")
        late = {issues.ids[at] for at in np.flatnonzero(overdue(issues, project.campaign.now)).tolist()} if self.with_overdue else set()
        return [sheet for sheet in sheets if self._wants(sheet, late)]

    def _wants(self, sheet: Sheet, late: set[str]) -> bool:
        issues = {row.feature.id for row in sheet.rows.get("issue", ())}
        return (
            (not self.streets or sheet.group in self.streets)
            and (not self.units or unit_of(sheet) in self.units)
            and (not self.codes or sheet.code in self.codes)
            and (not self.with_issues or bool(issues))
            and (not self.with_overdue or bool(issues & late))
        )


@dataclass(frozen=True, slots=True)
class Packet:
    """What goes out: `index` sheets first, then the groups."""

    groups: tuple[Group, ...]
    index: tuple[Sheet, ...] = ()

    @property
    def sheets(self) -> list[Sheet]:
        """All sheets in order."""
        return [*self.index, *(sheet for group in self.groups for sheet in group.sheets)]


def packet(sheets: Sequence[Sheet], order: str = "street", index: Sequence[Sheet] = (), start: tuple[float, float] | None = None) -> Packet:
    """The sheets collated. `order`: one of `ORDERS`; `start`: easting, northing where a route begins (the command post), metres.

    street: by street, then 图幅号. unit, patroller: a group for each, by name, those without last. route: one group, by a short way from sheet to sheet.
    The parts of one subject always follow each other.
    """
    if order not in ORDERS:
        raise ValueError(order)
    if order == "route":
        groups: tuple[Group, ...] = (Group("", tuple(along_route(sheets, start))),) if sheets else ()
    else:
        groups = _collated(sheets, {"street": lambda sheet: sheet.group, "unit": unit_of, "patroller": patroller_of}[order], order)
    return Packet(groups, tuple(index))


def along_route(sheets: Sequence[Sheet], start: tuple[float, float] | None = None) -> list[Sheet]:
    """The sheets in the order of a short way through the middles of their subjects; those without a place last."""
    by_subject: dict[str, list[Sheet]] = {}
    for sheet in sorted(sheets, key=_turn):
        by_subject.setdefault(_subject_key(sheet), []).append(sheet)
    several = list(by_subject.values())
    places = [(_middle(some[0]), some) for some in several]
    located = [(place, some) for place, some in places if place is not None]
    way = tour(np.array([place for place, _some in located]).reshape(-1, 2), start)
    rest = [some for place, some in places if place is None]
    return [sheet for some in [*(located[at][1] for at in way), *rest] for sheet in some]


def stops(sheet: Sheet, start: tuple[float, float] | None = None) -> list[Numbered]:
    """巡查路线: the numbered sites and issues of a sheet in the order of a short way; those on one spot follow each other. `start`: where it begins."""
    rows = [row for some in sheet.rows.values() for row in some if row.number and row.feature.geometry is not None]
    places = [row.feature.geometry.representative_point() for row in rows if row.feature.geometry is not None]
    return [rows[at] for at in tour(np.array([(place.x, place.y) for place in places]).reshape(-1, 2), start)]


def unit_of(sheet: Sheet) -> str:
    """The unit that its subject belongs to, '' none."""
    return plain(sheet.subject.get("responsible_unit")) if sheet.subject is not None else ""


def patroller_of(sheet: Sheet) -> str:
    """Who walks with it: 网格员, else 网格长, else the lowest 路长; '' nobody is named."""
    names = ("member", "chief", "chief3", "chief2", "chief1")
    return next((word for name in names if sheet.subject is not None and (word := plain(sheet.subject.get(name)))), "")


def duplex(runs: Iterable[Sequence[_Page]]) -> list[_Page | None]:
    """The pages of all sheets for both sides of the paper: each sheet begins on a front. None: a back that stays white; none at the very end."""
    pages: list[_Page | None] = []
    for run in runs:
        if len(pages) % 2 and run:
            pages.append(None)
        pages.extend(run)
    return pages


def page_range(text: str, count: int) -> list[int]:
    """Positions (from 0) of the pages that `1-5,8,11-` names among `count`, in the order given, each once; '' all.

    Commas, dashes and digits may be full width. Raises `UserError` that names the piece which cannot be read or lies beyond the last page.
    """
    tidy = half_width(text).replace("、", ",").replace("—", "-").replace("–", "-").replace("~", "-").replace(_("至"), "-").replace(" ", "")
    if not tidy:
        return list(range(count))
    found: dict[int, None] = {}
    for piece in tidy.split(","):
        match = _RANGE.fullmatch(piece)
        if not match or piece in ("", "-"):
            raise UserError(_("页码“{piece}”看不懂。").format(piece=piece or text), hint=_("请写成 1-5,8,11- 的样子。"))
        first = int(match[1] or 1)
        last = int(match[3] or count) if match[2] else first
        if first > last and match[1] and match[3]:
            raise UserError(_("页码“{piece}”前大后小。").format(piece=piece), hint=_("请写成 {last}-{first}。").format(first=first, last=last))
        if first < 1 or max(first, last) > count:
            raise UserError(_("没有第 {page} 页，一共 {count} 页。").format(page=first if first < 1 else max(first, last), count=count), hint=_("请改页码。"))
        found.update(dict.fromkeys(range(first - 1, last)))
    return list(found)


def _collated(sheets: Sequence[Sheet], heading: Callable[[Sheet], str], order: str) -> tuple[Group, ...]:
    nobody = {"street": "", "unit": _("没有责任单位"), "patroller": _("没有指定巡查人")}[order]
    groups: dict[str, list[Sheet]] = {}
    for sheet in sorted(sheets, key=_turn):
        groups.setdefault(heading(sheet), []).append(sheet)
    return tuple(Group(name or nobody, tuple(groups[name])) for name in sorted(groups, key=lambda name: (not name, name)))


def _turn(sheet: Sheet) -> tuple[str, int, str, int]:
    return sheet.group, sheet.number, sheet.code, sheet.part


def _subject_key(sheet: Sheet) -> str:
    return sheet.subject.id if sheet.subject is not None else f"{sheet.code} {sheet.number}"


def _middle(sheet: Sheet) -> tuple[float, float] | None:
    """A place inside its subject, or the middle of its map."""
    shape = sheet.subject.geometry if sheet.subject is not None else None
    if shape is not None and not shape.is_empty:
        spot = shape.representative_point()
        return spot.x, spot.y
    return sheet.map.centre if sheet.maps else None


def _check(wanted: frozenset[str], there: set[str], title: str) -> None:
    for word in sorted(wanted - there):
        close = nearest(word, sorted(there - {""}))
        hint = _("是不是“{close}”？").format(close=close) if close else ""
        raise UserError(_("要打印的图中没有{title}“{word}”。").format(title=title, word=word), hint=hint)
