"""Which unit, zone, street, source, category, site or section an issue is counted for; one that belongs to several counts once in each (SR-04, SR-09)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from chuangwen.domain.categories import Categories, Category
from chuangwen.domain.feature import Features
from chuangwen.domain.issue_facts import NOT_WITH_A_UNIT, Facts
from chuangwen.domain.layer import folded
from chuangwen.domain.values import LIST_MARK, Scalar, plain
from chuangwen.services.rule_files import read_rules
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.placing import View

_SECTION_M = 20.0
"""metres: an issue so near to a road-chief section belongs to it (domain.md 8.4)."""
_SPLIT = ("/", "／", "-", "—", "·", "：", ":", ">")
"""What stands between the two levels of a category."""
_CATEGORY_KEYS = ("id", "title", "parent", "synonyms", "lead_unit", "responsible_unit", "parts")


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a table of figures. `key` is '' for issues that belong nowhere; `layer` and `id` name the feature it is, where it is one."""

    key: str
    title: str
    layer: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Groups, and who belongs to them: pairs of issue and group in two arrays of m, ordered by group."""

    groups: tuple[Group, ...]
    rows: NDArray[np.int64]
    of: NDArray[np.int64]

    def members(self, number: int) -> NDArray[np.int64]:
        """The issues of one group, positions in ascending order."""
        start, end = np.searchsorted(self.of, [number, number + 1])
        return self.rows[start:end]


@dataclass(frozen=True, slots=True)
class By:
    """One way to divide the issues. `nowhere` is what the issues without a group are called, `layer` the layer that its groups are features of ('': none)."""

    id: str
    title: str
    nowhere: str
    keys: Callable[[View, Facts], Sequence[Sequence[str]]]
    layer: str = ""


def grouping(view: View, facts: Facts, by: By) -> Grouping:
    """The issues divided. The features of the layer come first, all of them; then what only the issues name; issues that belong nowhere last."""
    keys = by.keys(view, facts)
    groups: list[Group] = []
    if by.layer and by.layer in view.layers:
        features = _in_force(view, facts, by.layer)
        named = "name" if by.layer == "unit" else "code"
        groups = [
            Group(key, key if named == "name" else f"{key} {plain(name)}".strip(), by.layer, row_id)
            for row_id, key, name in zip(features.ids, map(plain, features.column(named)), features.column("name"), strict=True)
            if key
        ]
        groups = list({one.key: one for one in reversed(groups)}.values())[::-1]
    number = {one.key: at for at, one in enumerate(groups)}
    pairs_of: list[int] = []
    rows: list[int] = []
    for row, several in enumerate(keys):
        for key in several or ("",):
            at = number.get(key)
            if at is None:
                at = number[key] = len(groups)
                groups.append(Group(key, key or by.nowhere))
            pairs_of.append(at)
            rows.append(row)
    order = {at: place for place, at in enumerate(sorted(range(len(groups)), key=lambda at: groups[at].key == ""))}  # the homeless stand last
    of = np.array([order[at] for at in pairs_of], dtype=np.int64)
    sorting = np.argsort(of, kind="stable")
    return Grouping(tuple(groups[at] for at in order), np.array(rows, dtype=np.int64)[sorting], of[sorting])


def moved_by(view: View, facts: Facts, plan: Grouping, target: str) -> Grouping:
    """The issues by the unit that moved them into a state, as the log has it: a returned issue is charged to the unit that returned it, not to the next."""
    if facts.moves is None:
        return plan
    number = {one.key: at for at, one in enumerate(plan.groups)}
    wanted = [at for at in range(len(facts.moves.targets)) if facts.moves.targets[at] == target]
    known = {int(facts.moves.rows[at]) for at in wanted}
    pairs = {(number.get(facts.moves.units[at], number.get("", -1)), int(facts.moves.rows[at])) for at in wanted}
    pairs |= {(int(of), int(row)) for of, row in zip(plan.of, plan.rows, strict=True) if int(row) not in known}
    held = sorted(pair for pair in pairs if pair[0] >= 0)
    return Grouping(plan.groups, np.array([row for _of, row in held], dtype=np.int64), np.array([of for of, _row in held], dtype=np.int64))


def _one(column: Sequence[Scalar], show: Callable[[Scalar], str] = plain) -> list[tuple[str, ...]]:
    """The key of each value, read once for each that there is."""
    known = {value: (text,) if (text := show(value).strip()) else () for value in set(column)}
    return [known[value] for value in column]


def _units(_view: View, facts: Facts) -> list[tuple[str, ...]]:
    """A unit answers for what it was given: what waits at the creation office is charged to nobody."""
    known: dict[Scalar, tuple[str, ...]] = {None: ()}
    column = facts.issues.column("responsible_unit")
    for value in set(column):
        known[value] = tuple(dict.fromkeys(part.strip() for part in plain(value).split(LIST_MARK) if part.strip()))
    waiting = facts.within(*NOT_WITH_A_UNIT).tolist()
    return [() if waits else known[value] for value, waits in zip(column, waiting, strict=True)]


def _zones(view: View, facts: Facts) -> list[tuple[str, ...]]:
    """By place; an issue without one, or outside all zones, by the zone that it names."""
    import shapely

    issues = facts.issues
    keys = _one(issues.column("zone_code"))
    zones = _in_force(view, facts, "zone")
    codes = [plain(code) for code in zones.column("code")]
    held = [at for at in range(len(zones)) if codes[at] and zones.located[at]]
    held.sort(key=lambda at: codes[at], reverse=True)  # of two that share an edge the smaller code is written last
    areas, places = shapely.STRtree(issues.geometry).query(zones.geometry[held], predicate="intersects")
    for at, place in zip(areas.tolist(), places.tolist(), strict=True):
        keys[place] = (codes[held[at]],)
    return keys


def _in_force(view: View, facts: Facts, layer: str) -> Features:
    """The features of a layer that stand today; of zones those of the campaign."""
    from chuangwen.domain.validity import valid_on
    from chuangwen.services.paper.figures import campaign_zones

    features = view.features(layer)
    features = campaign_zones(features) if layer == "zone" else features
    return features.take(valid_on(features, facts.now.date())) if features.layer.has("valid_from") else features


def _streets(view: View, facts: Facts) -> list[tuple[str, ...]]:
    """As the issue says, else that of its zone."""
    keys = _one(facts.issues.column("street"))
    if all(keys):
        return keys
    zones = view.features("zone")
    street = {plain(code): plain(name) for code, name in zip(zones.column("code"), zones.column("street"), strict=True)}
    zone = _zones(view, facts)
    return [key or ((street[code[0]],) if code and street.get(code[0]) else ()) for key, code in zip(keys, zone, strict=True)]


def _sections(view: View, facts: Facts) -> list[tuple[str, ...]]:
    """As the issue says, else the nearest section within reach."""
    import shapely

    keys = _one(facts.issues.column("section_code"))
    sections = _in_force(view, facts, "section")
    held = np.flatnonzero(sections.located)
    open_rows = np.flatnonzero(facts.issues.located & np.array([not key for key in keys], dtype=bool))
    if len(held) and len(open_rows):
        codes = sections.column("code")
        places, there = shapely.STRtree(sections.geometry[held]).query_nearest(facts.issues.geometry[open_rows], max_distance=_SECTION_M, all_matches=False)
        for place, at in zip(open_rows[places].tolist(), held[there].tolist(), strict=True):
            keys[place] = (plain(codes[at]),)
    return keys


def _sources(field: str) -> Callable[[View, Facts], list[tuple[str, ...]]]:
    """Every source an issue has: its own, those whose numbers it keeps, and those of issues that were voided as its duplicates (SR-09)."""

    def keys(_view: View, facts: Facts) -> list[tuple[str, ...]]:
        issues = facts.issues
        layer_field = issues.layer.field_by_name.get(field)
        own = _one(issues.column(field), layer_field.show if layer_field else plain)
        merged: dict[int, list[str]] = {}
        if field == "source_name":
            for row, text in enumerate(issues.column("source_numbers")):
                if text:
                    merged[row] = [part.rpartition(":")[0].strip() for part in str(text).split(LIST_MARK) if ":" in part]
        originals, void = issues.column("duplicate_of"), facts.within("void")
        for row in np.flatnonzero(void).tolist():
            original = issues.by_code.get(plain(originals[row])) if originals[row] else None
            if original is not None:
                merged.setdefault(original, []).extend(own[row])
        for row, more in merged.items():
            own[row] = _distinct([*own[row], *more])
        return own

    return keys


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Once each, whatever blanks and widths they are written with."""
    found: dict[str, str] = {}
    for name in names:
        if name:
            found.setdefault(folded(name), name)
    return tuple(found.values())


def _categories(view: View, facts: Facts) -> list[tuple[str, ...]]:
    """The first level, as `categories.toml` knows the words; a word that it does not know stands for itself, up to a mark between two levels."""
    known = _two_levels(view)

    def first(value: Scalar) -> str:
        found = known.named(value)
        return _first_level(plain(value)) if found is None else known.chain(found)[-1].title

    return _one(facts.issues.column("category"), first)


def _subcategories(view: View, facts: Facts) -> list[tuple[str, ...]]:
    """Both levels where the category, the part's code or the words of the problem tell the second."""
    known = _two_levels(view)
    told: dict[tuple[Scalar, Scalar, Scalar], tuple[str, ...]] = {}
    columns = [facts.issues.column(name) for name in ("category", "description", "part_code")]
    keys = []
    for words in zip(*columns, strict=True):
        key = told.get(words)
        if key is None:
            found = known.recognise(*words)
            text = plain(words[0]).strip() if found is None else "/".join(one.title for one in reversed(known.chain(found.category)))
            key = told[words] = (text,) if text else ()
        keys.append(key)
    return keys


def _two_levels(view: View) -> Categories:
    """The categories of the project's own file where it has one, else of the shipped one; units are of no concern here."""
    rows = read_rules("categories", getattr(view, "files_folder", None)).entries("category", _CATEGORY_KEYS, ("id", "title"))
    return Categories(
        Category(row["id"], row["title"], row.get("parent", ""), tuple(row.get("synonyms", ())), part_codes=tuple(row.get("parts", ()))) for row in rows
    )


def _first_level(text: str) -> str:
    return min((text.partition(mark)[0].strip() for mark in _SPLIT if mark in text), key=len, default=text) or text


BYS: Mapping[str, By] = {
    one.id: one
    for one in (
        By("unit", _("责任单位"), _("（尚未交办到单位）"), _units, "unit"),
        By("zone", _("网格"), _("（不在网格内）"), _zones, "zone"),
        By("street", _("街道"), _("（未填街道）"), _streets),
        By("source", _("问题来源"), _("（未填来源）"), _sources("source_name")),
        By("level", _("来源级别"), _("（未填级别）"), _sources("source_level")),
        By("category", _("问题大类"), _("（未填类别）"), _categories),
        By("subcategory", _("问题类别"), _("（未填类别）"), _subcategories),
        By("site", _("点位"), _("（不在点位）"), lambda _view, facts: _one(facts.issues.column("site_code")), "site"),
        By("section", _("路段"), _("（不在路段）"), _sections, "section"),
    )
}
"""Identifier → how the issues are divided."""
