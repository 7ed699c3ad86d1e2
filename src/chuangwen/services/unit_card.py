"""What a 单位责任卡 says: who the unit is, what it answers for, what is still open, what it pledged (SR-03, domain.md 6.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from chuangwen.domain.checklist import VERSION_FIELD, version_of
from chuangwen.domain.deadline import due_text, left_text, minutes_left
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.personal import masked
from chuangwen.domain.ranking import score_text
from chuangwen.domain.validity import valid_on
from chuangwen.domain.values import LIST_MARK, plain
from chuangwen.domain.zones import in_force
from chuangwen.errors import DataProblem, UserError
from chuangwen.services.bulletin_facts import short_names
from chuangwen.services.checklists import read_version
from chuangwen.services.figures import RANKING, Table, ranking_rules, table
from chuangwen.services.issue_moves import moves_of
from chuangwen.services.notes import Note, notes_of
from chuangwen.services.report_lists import about_issue
from chuangwen.services.search import units_like
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_WHO = ("kind", "office_phone", "head", "deputy", "liaison", "phone", "parent", "briefed_at")
_HELD = (
    ("zone", "responsible_unit", ""),
    ("section", "responsible_unit", ""),
    ("site", "responsible_unit", ""),
    ("site", "lead_unit", _("牵头")),
    ("compound", "responsible_unit", ""),
    ("building", "responsible_unit", ""),
    ("worksite", "responsible_unit", ""),
    ("shop", "responsible_unit", ""),
    ("crossing", "responsible_unit", ""),
    ("territory", "responsible_unit", ""),
)
"""Layer, field that names the unit, and as what where it is not the responsible one."""
_ALWAYS = 3
"""Zones, sections and sites stand on every card, with a 0 too."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What the unit has of one layer: `title` (点位, 点位（牵头）), codes and names; of a site its last score by the checklist too."""

    layer: str
    title: str
    names: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.names)


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """An issue that the unit has still to rectify: `minutes` until it is due, negative where it is late, None where no clock runs."""

    code: str
    what: str
    state: str
    due: str
    minutes: int | None

    @property
    def left(self) -> str:
        """还剩 3 小时, 逾期 2 天."""
        return "" if self.minutes is None else left_text(float(self.minutes))

    @property
    def late(self) -> bool:
        """Whether the deadline has passed."""
        return self.minutes is not None and self.minutes <= 0


@dataclass(frozen=True, slots=True)
class UnitCard:
    """One unit. `who`: title and words of what its row in the register says; `figures`: title and words of its indicators;
    `remark` of the register; telephones in texts are masked.
    """

    unit: Feature
    who: tuple[tuple[str, str], ...]
    figures: tuple[tuple[str, str], ...]
    holdings: tuple[Holding, ...]
    issues: tuple[OpenIssue, ...]
    notes: tuple[Note, ...]
    remark: str = ""

    @property
    def late(self) -> int:
        """How many open issues are overdue."""
        return sum(one.late for one in self.issues)

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "unit": self.unit.name,
            "code": self.unit.code,
            "who": dict(self.who),
            "remark": self.remark,
            "figures": dict(self.figures),
            "holdings": [{"layer": one.layer, "title": one.title, "count": one.count, "names": one.names} for one in self.holdings],
            "open": len(self.issues),
            "overdue": self.late,
            "issues": [{"code": one.code, "what": one.what, "state": one.state, "due": one.due, "minutes_left": one.minutes} for one in self.issues],
            "notes": [{"date": one.day, "kind": one.kind, "text": one.text} for one in self.notes],
        }


def unit_named(project: Project, word: str) -> Feature:
    """The unit of a full name, short name, alias or code. Raises `UserError` with the nearest names."""
    units = project.features("unit")
    for one in units:
        names = (one.name, one.code, plain(one.get("short_name")), *plain(one.get("aliases")).split(LIST_MARK))
        if word in filter(None, names):
            return one
    near = units_like(units, word, 3)
    hint = _("是不是{names}？").format(names="、".join(near)) if near else _("单位名录里有 {count} 个单位。").format(count=len(units))
    raise UserError(_("没有单位“{word}”。").format(word=word), hint=hint)


def unit_cards(project: Project, units: Sequence[Feature], *, persons: bool = True) -> list[UnitCard]:
    """The cards of some units, counted once for all. `persons` False: without the private fields of the register; no public document for all that
    (decision 0070), as its notes stay.

    Raises `UserError` for a rule file, or a version of the checklist that a result names, which is missing or broken.
    """
    work = _Work(project, persons=persons)
    return [work.card(unit) for unit in units]


class _Work:
    """What all cards share, looked up once."""

    def __init__(self, project: Project, *, persons: bool) -> None:
        self._project, self._persons = project, persons
        issues = project.features("issue")
        rules = ranking_rules(project.files_folder)
        self._table: Table = table(project, project.campaign, "unit", indicators=RANKING, moves=moves_of(project, issues), rules=rules)
        self._minutes = minutes_left(issues, project.campaign.now)
        self._short = short_names(project)
        self._scores = _scores(project)
        self._held = [(layer, field, role, *self._owners(layer, field)) for layer, field, role in _HELD]

    def card(self, unit: Feature) -> UnitCard:
        remark = masked(plain(unit.get("remark")))
        return UnitCard(unit, self._who(unit), self._figures(unit), tuple(self._holdings(unit)), tuple(self._open(unit)), tuple(self._notes(unit)), remark)

    def _who(self, unit: Feature) -> tuple[tuple[str, str], ...]:
        layer = self._project.layers["unit"]
        fields = [layer.field(name) for name in _WHO]
        return tuple((one.title, one.show(unit.get(one.name)) or "—") for one in fields if self._persons or not one.private)

    def _figures(self, unit: Feature) -> tuple[tuple[str, str], ...]:
        found = self._table
        line = found.line(unit.name)
        if line is None:
            return tuple((one.title, "—") for one in found.indicators)
        figures = [(one.title, cell.text) for one, cell in zip(found.indicators, line.figures, strict=True)]
        ranked = sum(one.place is not None for one in found.lines)
        place = _("无交办") if line.place is None else f"{line.place}/{ranked}"
        return (*figures, (_("排名"), place), (_("扣分"), f"{line.points or 0:g}"))

    def _owners(self, layer: str, field: str) -> tuple[Features, dict[str, list[int]]]:
        """The features in force today, and unit → positions."""
        features = self._project.features(layer)
        today = self._project.campaign.today
        there = in_force(features, today) if layer == "zone" else valid_on(features, today)
        owned: dict[str, list[int]] = {}
        for at in np.flatnonzero(there).tolist():
            for name in plain(features.column(field)[at]).split(LIST_MARK):
                owned.setdefault(name.strip(), []).append(at)
        return features, owned

    def _holdings(self, unit: Feature) -> list[Holding]:
        found = []
        for number, (layer, field, role, features, owned) in enumerate(self._held):
            rows = owned.get(unit.name, [])
            if field == "lead_unit":
                rows = [at for at in rows if unit.name != plain(features.column("responsible_unit")[at])]
            if not rows and number >= _ALWAYS:
                continue
            title = features.layer.title + (_("（{role}）").format(role=role) if role else "")
            found.append(Holding(layer, title, tuple(self._called(features, at) for at in rows)))
        return found

    def _called(self, features: Features, at: int) -> str:
        code, name = plain(features.column("code")[at]), plain(features.column("name")[at])
        called = name if not code or code == name else f"{code} {name}".strip()
        score = self._scores.get(features.ids[at]) if features.layer.id == "site" else None
        return f"{called}（{score}）" if score else called

    def _open(self, unit: Feature) -> list[OpenIssue]:
        """The issues that the indicator 未销号数 counts, the most urgent first, those without a clock last."""
        issues, figure = self._project.features("issue"), self._table.figure(unit.name, "open")
        status = issues.layer.field("status")
        found = []
        for row in () if figure is None else figure.rows.counted.tolist():
            minutes = float(self._minutes[row])
            code, what, _unit = about_issue(issues, row, self._short)
            due = due_text({name: issues.column(name)[row] for name in ("due_at", "due_time")})
            found.append(OpenIssue(code, masked(what), status.show(issues.column("status")[row]), due, None if np.isnan(minutes) else int(minutes)))
        return sorted(found, key=lambda one: (one.minutes is None, one.minutes or 0, one.code))

    def _notes(self, unit: Feature) -> list[Note]:
        return [Note(one.id, one.day, one.kind, masked(one.text)) for one in notes_of(self._project, unit)]


def _scores(project: Project) -> dict[str, str]:
    """Site → what its last visit with results came to, by the version they were made with; another than the campaign's is named (SR-15)."""
    visits, sites = project.features("visit"), project.features("site")
    named = {word: row_id for name in ("name", "code") for row_id, word in zip(sites.ids, map(plain, sites.column(name)), strict=True) if word}
    kinds = {"", "site", sites.layer.title}
    rows: dict[str, tuple[str, int]] = {}
    for at, results in enumerate(visits.column("checklist_result")):
        site = named.get(plain(visits.column("place_code")[at]))
        if not results or site is None or plain(visits.column("place_layer")[at]) not in kinds:
            continue
        rows[site] = max(rows.get(site, ("", -1)), (plain(visits.column("arrived_at")[at]), at))
    now = version_of(project.campaign.checklist)
    found = {}
    for site, (_when, at) in rows.items():
        version = read_version(version_of(visits.column(VERSION_FIELD)[at]), project.files_folder)
        try:
            score: Fraction | None = version.score(visits.column("checklist_result")[at])
        except DataProblem:
            found[site] = _("测评结果看不懂")
            continue
        if score is not None:
            found[site] = _("{score}分").format(score=score_text(score)) + ("" if version.id == now else f"·{version.title}")
    return found
