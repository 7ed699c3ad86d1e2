"""What a day's bulletin is made from: tables of figures, visits and typical issues, all read at one moment (domain.md 6.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.feature import Features
from chuangwen.domain.figure import Figure, figure
from chuangwen.domain.indicators import BY_ID
from chuangwen.domain.issue_facts import Facts, Moves, Period
from chuangwen.domain.ranking import RankingRules
from chuangwen.domain.values import plain
from chuangwen.errors import FileProblem
from chuangwen.services.checks.check import Look, NoData
from chuangwen.services.checks.thresholds import thresholds_of
from chuangwen.services.checks.visits import visited
from chuangwen.services.figures import RANKING, Table, ranking_rules, table_of
from chuangwen.services.rule_files import RuleFile, read_rules
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.placing import View

_COUNTS = ("last", "overdue", "unreceived", "unassigned", "days")


@dataclass(frozen=True, slots=True)
class BulletinRules:
    """What `resources/rules/bulletin.toml` says; see there."""

    title: str
    copies: str
    demands: tuple[str, ...]
    most_pairs: int
    most_sites: int
    look_back_days: int


@dataclass(frozen=True, slots=True)
class DayFacts:
    """Everything a bulletin says, before words. `tables`: by unit, street, source, category and site. `visited`: ids of the sites visited that day, None where
    no visit was ever recorded. `names`: unit → how it is called on paper. `files`: the project's folder, where its photos are."""

    view: View
    campaign: Campaign
    day: dt.date
    facts: Facts
    rules: BulletinRules
    tables: Mapping[str, Table]
    visited: frozenset[str] | None
    photo_rows: Mapping[tuple[str, str], list[int]]
    names: Mapping[str, str]
    files: Path | None = None

    @property
    def units(self) -> Table:
        """The ranking of units."""
        return self.tables["unit"]

    @property
    def issues(self) -> Features:
        """The issues."""
        return self.facts.issues

    def total(self, indicator: str) -> Figure:
        """An indicator of the whole district until now."""
        return figure(BY_ID[indicator], self.facts)

    def today(self, indicator: str) -> Figure:
        """An indicator of the day alone."""
        return figure(BY_ID[indicator], self.facts, Period(self.day, self.day))

    def text(self, field: str, at: int) -> str:
        """A field of an issue as it is printed."""
        layer = self.issues.layer
        return layer.field_by_name[field].show(self.issues.column(field)[at]) if layer.has(field) else ""

    def unit(self, at: int) -> str:
        """The responsible unit of an issue by its short name; several as they stand."""
        name = self.text("responsible_unit", at)
        return self.names.get(name, name)

    def place(self, at: int) -> str:
        """Where an issue is, in words: its site, else its address."""
        return self.text("site_name", at) or self.text("address", at) or self.text("street", at)

    def photos(self, at: int, kind: str) -> bytes | None:
        """The newest photo of an issue of one kind (before, after), made small for print; None where there is none that can be read."""
        from chuangwen.exchange.documents.pictures import prepared

        for row in reversed(self.photo_rows.get((self.issues.ids[at], kind), [])):
            path = plain(self.view.features("photo").column("path")[row])
            if self.files is None or not path or Path(path).is_absolute() or ".." in Path(path).parts:
                continue
            try:
                return prepared((self.files / path).read_bytes(), path)[0].content
            except (OSError, FileProblem):
                continue  # a picture that was lost or broken must not keep the bulletin from being printed
        return None


def photo_rows(view: View) -> dict[tuple[str, str], list[int]]:
    """Owner and kind → rows of the photos of issues, the oldest first."""
    photos = view.features("photo")
    taken = photos.column("taken_at")
    found: dict[tuple[str, str], list[int]] = {}
    for row, (owner, layer, kind) in enumerate(zip(photos.column("owner_id"), photos.column("owner_layer"), photos.column("kind"), strict=True)):
        if layer == "issue":
            found.setdefault((plain(owner), plain(kind)), []).append(row)
    for rows in found.values():
        rows.sort(key=lambda row: plain(taken[row]))
    return found


def day_facts(view: View, campaign: Campaign, now: dt.datetime, moves: Moves | None, files: Path | None, ranking: RankingRules | None = None) -> DayFacts:
    """Count everything for the day of `now`. Raises `UserError` for a rule file that is wrong."""
    facts = Facts(view.features("issue"), now, moves)
    ranking = ranking or ranking_rules(files)

    def by(name: str) -> Table:
        return table_of(view, facts, name, indicators=RANKING, rules=ranking)

    there = seen(view, campaign, now.date())
    tables = {name: by(name) for name in ("unit", "street", "source", "category", "site")}
    return DayFacts(view, campaign, now.date(), facts, bulletin_rules(files), tables, there, photo_rows(view), short_names(view), files)


def short_names(view: View) -> dict[str, str]:
    """Unit → its 简称, where it has one that no other unit has: sixty full names do not fit a ranking."""
    units = view.features("unit")
    short = [plain(one).strip() for one in units.column("short_name")]
    return {plain(name): one for name, one in zip(units.column("name"), short, strict=True) if one and short.count(one) == 1}


def seen(view: View, campaign: Campaign, day: dt.date) -> frozenset[str] | None:
    """Ids of the sites that were visited on a day (SR-61); None where no visit was ever recorded."""
    try:
        return frozenset(visited(Look(view, campaign, thresholds_of(view)), "site").get(day, set()))
    except NoData:
        return None


def bulletin_rules(files: Path | None = None) -> BulletinRules:
    """The words of the bulletin. Raises `UserError` that names file, key and remedy."""
    file = read_rules("bulletin", files)
    demands = file.table.get("demands", [])
    if not isinstance(demands, list) or not all(isinstance(one, str) for one in demands):
        raise file.wrong("demands", _("应是一列文字"))
    for number, one in enumerate(demands, 1):
        try:
            one.format(**dict.fromkeys(_COUNTS, ""))
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise file.wrong(f"demands[{number}]", _("花括号里只能是 {names}").format(names="、".join(_COUNTS))) from error
    numbers = {name: _whole(file, name, usual) for name, usual in (("most_pairs", 3), ("most_sites", 10), ("look_back_days", 7))}
    return BulletinRules(str(file.table.get("title") or _("创建全国文明城市工作每日通报")), str(file.table.get("copies", "")), tuple(demands), **numbers)


def _whole(file: RuleFile, name: str, usual: int) -> int:
    return int(file.number(file.table.get(name, usual), name))


def demands(found: DayFacts, last: str) -> list[str]:
    """The demands of the day: one about a count that is nought is left out."""
    left = found.campaign.days_left
    values: Mapping[str, Any] = {
        "last": last,
        "days": "" if left is None or left <= 0 else left,
        **{name: found.total(name).numerator or "" for name in ("overdue", "unreceived", "unassigned")},
    }
    return [one.format(**values) for one in found.rules.demands if all(values[name] != "" for name in _COUNTS if f"{{{name}}}" in one)]


def newest_closed(found: DayFacts) -> list[int]:
    """Issues closed lately of which both photos are there, the newest first, one of each unit before a second of any."""
    first = found.day.toordinal() - found.rules.look_back_days
    ended = found.facts.ended
    shown = found.photo_rows
    recent = np.flatnonzero(found.facts.closed & (ended > first)).tolist()
    at_hand = [at for at in recent if all((found.issues.ids[at], kind) in shown for kind in ("before", "after"))]
    at_hand.sort(key=lambda at: (-int(ended[at]), found.text("code", at)))
    met: dict[str, int] = {}
    order: list[tuple[int, int, int]] = []
    for at in at_hand:
        unit = found.text("responsible_unit", at)
        met[unit] = met.get(unit, 0) + 1
        order.append((met[unit], len(order), at))
    return [at for _turn, _number, at in sorted(order)]


def longest_overdue(found: DayFacts) -> list[int]:
    """Overdue issues, the longest first."""
    late = np.flatnonzero(found.facts.overdue).tolist()
    return sorted(late, key=lambda at: (int(found.facts.due[at]), found.text("code", at)))
