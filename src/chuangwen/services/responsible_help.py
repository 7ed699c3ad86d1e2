"""Who leads and who supports beside the responsible unit, and why (domain.md 4.5, 8.4; SR-12)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chuangwen.domain.responsibility import FORCED, Candidate, Help, Resolution, Rules, applies
from chuangwen.domain.why_not import what
from chuangwen.text import _

CATCH_ALL = "catch_all"
"""The basis of the rules of streets and communities."""


def lead_of(found: Resolution, rules: Rules) -> Help | None:
    """The department whose trade it is: of the rule (SR-28: 住建局 for a worksite), of the category, else of the site, else of what decides."""
    winner = found.winner
    if winner is not None and winner.lead_unit and winner.rule in rules.by_id and rules.by_id[winner.rule].lead_unit:
        return Help(winner.lead_unit, _("“{rule}”由它牵头").format(rule=rules.by_id[winner.rule].title))
    trade = rules.categories.lead_unit(found.category)
    if trade and found.category is not None:
        words = _("按描述归为“{category}”，行业主管") if found.told_by == "description" else _("“{category}”的行业主管")
        return Help(trade, words.format(category=found.category.title))
    site = _at(found, "site")
    for one in (site, winner):
        if one is not None and one.lead_unit:
            return Help(one.lead_unit, _("{what} 的牵头单位").format(what=what(one)))
    return None


def supporting_of(found: Resolution, rules: Rules, helpers: Callable[[Candidate], list[str]]) -> tuple[Help, ...]:
    """Who helps: the units that a site's list names (`helpers`: what was found → the further units it names), the unit of the place where a category forced
    another, street and community (属地) with its road-chief unit (SR-46), and who always supports the responsible unit. Neither the responsible unit nor the
    lead is among them; each stands once.
    """
    taken = {found.unit, found.lead_unit, None, ""}
    made: list[Help] = []
    for one in _all(found, rules, helpers):
        if one.unit not in taken:
            taken.add(one.unit)
            made.append(one)
    return tuple(made)


def _all(found: Resolution, rules: Rules, helpers: Callable[[Candidate], list[str]]) -> Iterator[Help]:
    site = _at(found, "site")
    if site is not None:
        yield from (Help(name, _("{what} 的配合单位").format(what=what(site))) for name in helpers(site))
    if found.winner is not None and found.winner.rule == FORCED:
        place = next((one for one in found.losers if one.in_reach and one.unit and one.rule in _speaking(found)), None)
        if place is not None:
            yield Help(place.unit or "", _("此处归 {what}").format(what=what(place)))
    for one in found.candidates:
        if one.basis == CATCH_ALL and one.in_reach and one.unit:
            yield Help(one.unit, _("属地：{what}").format(what=what(one)))
        if one.basis == CATCH_ALL and one.in_reach and one.layer == "territory":
            yield from (Help(name, _("{what} 的联系路长单位").format(what=what(one))) for name in helpers(one))
    yield from (Help(name, _("一向配合 {unit}").format(unit=found.unit or "")) for name in rules.supports.get(found.unit or "", ()))


def _at(found: Resolution, rule: str) -> Candidate | None:
    """The feature that a rule in force found here, whether or not it decides."""
    return next((one for one in found.candidates if one.rule == rule and one.in_reach and rule in _speaking(found)), None)


def _speaking(found: Resolution) -> set[str]:
    return {one.id for one in found.rules if one.in_force(found.day) and applies(one, found.chain)}
