"""From resolutions to edits: who is proposed for an issue, what is kept without being asked, and what a point that moves takes with it (domain.md 8.3, 8.4)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from chuangwen.domain import edits
from chuangwen.domain.categories import joined_units
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.domain.lifecycle import NEEDS_OWNER, OPEN, STATES
from chuangwen.domain.responsibility import Candidate, Resolution
from chuangwen.domain.values import GEOMETRY, LIST_MARK, Scalar
from chuangwen.domain.why_not import what
from chuangwen.progress import Progress
from chuangwen.services.placing import View
from chuangwen.services.responsibility import STANDING, Resolver
from chuangwen.text import _

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SET, KEEP, UNASSIGNED, NONE = "set", "keep", "unassigned", "none"
"""What applying a proposal does: the unit is set; what stands is kept; the issue goes to 待指定 (SR-64); nothing can be said (not on the map)."""

_FREE = ("draft", "registered")
_CODES = {"site": "site_code", "road": "section_code", "grid": "zone_code", "compound": "compound_code"}
"""Rule → the field of an issue that says which of its features the issue belongs to."""
_PLACE = (*_CODES.values(), "in_surroundings")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rules say of an issue and what becomes of it. `why`: the sentence for what is kept; `values`: what applying it sets."""

    issue: Feature
    found: Resolution
    action: str
    why: str = ""
    values: Mapping[str, Scalar] = field(default_factory=dict)


def derived(found: Resolution) -> dict[str, Scalar]:
    """The codes of what an issue lies in or is registered under, whether or not that has a unit; `in_surroundings`: within a site's ring (SR-17)."""
    codes: dict[str, Scalar] = dict.fromkeys(_PLACE)
    for one in found.candidates:
        name = _CODES.get(one.rule)
        if name and codes[name] is None and (one.in_reach or (one.rule == "site" and one.distance_m <= one.reach_m)):
            codes[name] = one.code or None
            if one.rule == "site":
                codes["in_surroundings"] = not one.named and 0 < one.distance_m <= one.reach_m
    return codes


def propose(issue: Feature, resolver: Resolver, *, consent: bool = False) -> Proposal:
    """What the rules say of an issue. An active assignment changes only with `consent`, one by hand or designation not even then (8.4, rule 1)."""
    found = resolver.of_issue(issue)
    status = str(issue.get("status") or "draft")
    if status not in OPEN:
        return Proposal(issue, found, KEEP, _("{state}，不再改").format(state=STATES.get(status, status)))
    place = {name: value for name, value in derived(found).items() if value is not None and issue.get(name) is None}
    kept = _kept(issue, found, status, consent=consent)
    if kept:
        same = found.unit is not None and found.unit == issue.get("responsible_unit") and issue.get("unit_basis") is None
        return Proposal(issue, found, KEEP, kept, {**place, "unit_basis": found.basis} if same else place)
    if found.unit is None and not _has_place(issue, found):
        return Proposal(issue, found, NONE, _("不在地图上，也没有写点位、路段或网格：请先定位"), place)
    if found.unit is None and status != "registered":
        return Proposal(issue, found, NONE, _("按规则没有责任单位；登记以后转待指定"), place)
    values: dict[str, Scalar] = {**place, "responsible_unit": found.unit, "unit_basis": found.basis}
    if found.unit is None:
        values["status"] = "unassigned"
    helpers = joined_units(found.supporting_units)
    values |= {name: value for name, value in (("lead_unit", found.lead_unit), ("supporting_units", helpers)) if value and not issue.get(name)}
    return Proposal(issue, found, UNASSIGNED if found.unit is None else SET, "", values)


def _kept(issue: Feature, found: Resolution, status: str, *, consent: bool) -> str:
    """Why what stands is kept, '' where it may be replaced."""
    unit, basis = issue.get("responsible_unit"), issue.get("unit_basis")
    if unit and basis in STANDING:
        return _("创建办指定，不按规则改") if basis == "designated" else _("人工确定，不按规则改")
    if status == "unassigned":
        return _("待指定，由创建办指定")
    if unit and unit == found.unit and basis in (None, found.basis):
        return _("与规则一致")
    if consent and found.unit is not None:
        return ""
    if status == "returned" and found.unit in str(issue.get("returned_by") or "").split(LIST_MARK):
        return _("{state}，{unit}退回过它，请改派别的单位").format(state=STATES[status], unit=found.unit)
    if status in NEEDS_OWNER or status == "returned":
        return _("{state}，未经同意不改").format(state=STATES[status])
    return _("来表已写明责任单位，未经同意不改") if unit and basis is None else ""


def _has_place(issue: Feature, found: Resolution) -> bool:
    return issue.geometry is not None or any(one.in_reach for one in found.candidates)


def propose_all(issues: Iterable[Feature], resolver: Resolver, *, consent: bool = False, progress: Progress | None = None) -> list[Proposal]:
    """`propose` for many."""
    wanted = list(issues)
    return [propose(issue, resolver, consent=consent) for issue in (progress or Progress()).each(wanted, len(wanted), _("责任判定"))]


def assign(view: View, proposals: Iterable[Proposal]) -> Edit:
    """One edit that applies proposals, with the record of each decision as a note of the issue: so the log holds who was chosen and why nobody else."""
    changes: list[Change] = []
    done: list[Proposal] = []
    for one in proposals:
        before = {name: one.issue.get(name) for name, value in one.values.items() if one.issue.get(name) != value}
        if not before:
            continue
        changes.append(Change(one.issue.layer, one.issue.id, before, {name: one.values[name] for name in before}))
        if "responsible_unit" in before or "status" in before:
            changes.append(_note(view, one.issue, one.found))
        done.append(one)
    return Edit(_label(done), tuple(changes))


def _label(done: list[Proposal]) -> str:
    if len(done) == 1:
        one = done[0]
        if one.action == SET and one.found.winner is not None:
            words = _("{code}的责任单位定为{unit}（{rule}：{what}）")
            return words.format(code=one.issue.code, unit=one.found.unit, rule=_rule(one.found), what=what(one.found.winner))
        if one.action == UNASSIGNED:
            return _("{code}转待指定：按规则没有责任单位").format(code=one.issue.code)
        return _("补填{code}的位置和责任依据").format(code=one.issue.code)
    counts = {action: sum(one.action == action for one in done) for action in (SET, UNASSIGNED)}
    if not any(counts.values()):
        return _("补填 {count} 个问题的位置和责任依据").format(count=len(done))
    return _("按规则提出责任单位：{set} 个定了单位，{none} 个转待指定").format(set=counts[SET], none=counts[UNASSIGNED])


def _rule(found: Resolution) -> str:
    return next((one.title for one in found.rules if found.winner is not None and one.id == found.winner.rule), "")


def _note(view: View, issue: Feature, found: Resolution) -> Change:
    values: dict[str, Scalar] = {
        "owner_layer": issue.layer,
        "owner_id": issue.id,
        "kind": "resolution",
        "date": found.day,
        "name": _("{code} 责任判定").format(code=issue.code),
        "text": found.record(),
    }
    return edits.add(view.layers["note"], values).changes[0]


def where_it_lies(edit: Edit, resolver: Resolver) -> Edit:
    """An edit that adds issues, with the codes of what each lies in (点位周边, too: SR-18 counts them), where nothing else was said."""
    changes = []
    for one in edit.changes:
        if one.layer == "issue" and one.before is None and one.after is not None:
            values = {name: value for name, value in one.after.items() if name != GEOMETRY}
            codes = derived(resolver.of_issue(Feature(one.layer, one.id, values, one.after.get(GEOMETRY))))
            changes.append(replace(one, after={**one.after, **{name: code for name, code in codes.items() if one.after.get(name) is None}}))
        else:
            changes.append(one)
    return replace(edit, changes=tuple(changes))


@dataclass(frozen=True, slots=True)
class Placed:
    """A feature put at another place. `said`: what that means for its unit, '' for nothing; `consent`: the edit that follows the new place, None where there is
    nothing to ask; `kept`, `proposed`: the unit that stays and the one the new place has.
    """

    edit: Edit
    said: str = ""
    consent: Edit | None = None
    kept: str = ""
    proposed: str = ""


def placed(view: View, layer: Layer, feature: Feature, geometry: BaseGeometry | None, resolver: Resolver | None = None, given: Collection[str] = ()) -> Placed:
    """Put a feature at another place. An issue's codes of what it lies in follow (unless somebody wrote others; `given`: fields set by hand in the same step).

    Its unit follows only while it was proposed by rule and is not active yet; an active one stays. Where the move changes who would be proposed, that is
    said, and may be taken by `consent` (domain.md 8.3, 8.7 check 11).
    """
    moved = edits.place(layer, feature, geometry)
    if layer.id != "issue" or feature.get("status") not in OPEN:
        return Placed(moved)
    resolver = resolver or Resolver(view)
    was = resolver.of_issue(_free(feature)) if feature.geometry is not None else None
    former = derived(was) if was is not None else dict.fromkeys(_PLACE)
    loose = [name for name in _PLACE if name not in given and feature.get(name) in (None, former[name])]
    there = replace(feature, geometry=geometry, values={**feature.values, **dict.fromkeys(loose)})
    found = resolver.of_issue(there)
    codes = derived(found)
    values: dict[str, Scalar] = {name: codes[name] for name in loose}
    unit, basis, status = feature.get("responsible_unit"), feature.get("unit_basis"), str(feature.get("status"))
    if status in _FREE and unit and basis not in (*STANDING, None) and "responsible_unit" not in given:
        values |= {"responsible_unit": found.unit, "unit_basis": found.basis}
        said = _("责任单位改为 {unit}").format(unit=found.unit or _("空（待指定）")) if found.unit != unit else ""
        return Placed(_with(view, moved, feature, values, found, said), said)
    if not unit:
        return Placed(_with(view, moved, feature, values, found, ""))
    by_place = resolver.of_issue(_free(there)) if basis in STANDING else found
    if by_place.unit == unit or (was is not None and by_place.unit == was.unit):
        return Placed(_with(view, moved, feature, values, found, ""))
    winner = by_place.winner
    new = _("{unit}（{what}）").format(unit=winner.unit, what=what(winner)) if winner is not None else _("没有单位")
    if basis in STANDING:
        why = _("创建办指定") if basis == "designated" else _("人工确定")
        said = _("责任单位仍为 {unit}（{why}），按新位置是 {new}").format(unit=unit, why=why, new=new)
    else:
        said = _("责任单位仍为 {unit}，按新位置应为 {new}").format(unit=unit, new=new)
    consent = _consent(view, feature, there, by_place) if basis not in STANDING and winner is not None and "responsible_unit" not in given else None
    return Placed(_with(view, moved, feature, values, found, said), said, consent, str(unit), by_place.unit or "")


def _free(issue: Feature) -> Feature:
    """An issue as if nobody had been assigned by hand or designated."""
    return replace(issue, values={**issue.values, "unit_basis": None})


def _with(view: View, moved: Edit, feature: Feature, values: Mapping[str, Scalar], found: Resolution, said: str) -> Edit:
    """The move with what follows from it, in one step; the label says what became of the unit."""
    [place] = moved.changes
    before = {name: feature.get(name) for name, value in values.items() if feature.get(name) != value}
    change = Change(place.layer, place.id, {**(place.before or {}), **before}, {**(place.after or {}), **{name: values[name] for name in before}})
    notes = (_note(view, feature, found),) if "responsible_unit" in before else ()
    return Edit(_("{moved}；{said}").format(moved=moved.label, said=said) if said else moved.label, (change, *notes))


def _consent(view: View, feature: Feature, there: Feature, found: Resolution) -> Edit:
    values = {"responsible_unit": found.unit, "unit_basis": found.basis}
    before = {name: feature.get(name) for name, value in values.items() if feature.get(name) != value}
    label = _("{code}的责任单位按新位置改为{unit}").format(code=feature.code, unit=found.unit)
    return Edit(label, (Change(feature.layer, feature.id, before, {name: values[name] for name in before}), _note(view, there, found)))


def open_issues(view: View) -> list[Feature]:
    """The issues that somebody still works on."""
    issues = view.features("issue")
    return [issues.at(at) for at, status in enumerate(issues.column("status")) if status in OPEN]


def as_json(one: Proposal) -> dict[str, Any]:
    """A proposal for scripts (design.md §9), with what stands now and the record that can be weighed again."""
    found = one.found
    return {
        "code": one.issue.code,
        "unit": found.unit,
        "basis": found.basis,
        "lead_unit": found.lead_unit,
        "lead_why": found.lead.why if found.lead is not None else None,
        "supporting_units": list(found.supporting_units),
        "category": found.category.id if found.category is not None else None,
        "source": _source(found.winner) if found.winner is not None else None,
        "assigned": {"unit": one.issue.get("responsible_unit"), "basis": one.issue.get("unit_basis"), "status": one.issue.get("status")},
        "action": one.action,
        "why": one.why,
        "place": derived(found),
        "candidates": [{"unit": loser.unit, "basis": loser.basis, "why_not": loser.why_not, **_source(loser)} for loser in found.losers],
        "record": found.record().splitlines(),
    }


def _source(one: Candidate) -> dict[str, Any]:
    distance = None if one.distance_m != one.distance_m else one.distance_m
    return {"rule": one.rule, "layer": one.layer or None, "code": one.code or None, "name": one.name, "distance_m": distance}
