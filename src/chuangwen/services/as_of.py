"""The project as it stood on a past day, and what differs between two days (issue 5, history)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.feature import Feature, Features
from chuangwen.domain.layer import Layer, Layers
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.services.project import Project
    from chuangwen.services.statement import Part

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
_WORDS = {CHANGED: _("修改"), ADDED: _("新增"), REMOVED: _("删除")}
_KINDS_IN_ORDER = ("subject", "record", "list", "base", "reference")
_CHANGED_MM = (26.0, 40.0, 24.0, 33.0, 33.0)
_NAMES_MM = (50.0, 106.0)


class PastView:
    """A `View` of a project at the end of a past day. Read only: it has no verb that writes. Belongs to the thread of its project."""

    def __init__(self, project: Project, day: dt.date) -> None:
        self._project = project
        self.day = day
        self.number = step_at(project, day)
        self._features: dict[str, Features] = {}

    @property
    def layers(self) -> Layers:
        """The layers as declared today: old rows are read with today's fields."""
        return self._project.layers

    @property
    def files_folder(self) -> Path:
        """The project's folder of files: its rules are read from there, as they are today."""
        return self._project.files_folder

    @property
    def campaign(self) -> Campaign:
        """The campaign with its clock set to that day, so that deadlines are measured against it."""
        return replace(self._project.campaign, fixed_today=self.day)

    def features(self, layer: str) -> Features:
        """All features of a layer as they stood that evening."""
        if layer not in self._features:
            self._features[layer] = self._project.store.as_of(layer, self.number)
        return self._features[layer]


def step_at(project: Project, day: dt.date) -> int:
    """The number of the last step written on `day` or before it. Raises `UserError` for a day to come, or one before the project was begun."""
    steps = project.store.steps()
    if day > max(project.campaign.today, dt.date.today()):
        raise UserError(_("{day} 还没有到。").format(day=day.isoformat()), hint=_("请选今天或以前的日期。"))
    numbers = [step.number for step in steps if step.at.date() <= day]
    if not numbers:
        first = steps[0].at.date().isoformat() if steps else _("（还没有内容）")
        raise UserError(_("{day} 时项目里还没有内容。").format(day=day.isoformat()), hint=_("项目的第一次修改在 {first}。").format(first=first))
    return numbers[-1]


@dataclass(frozen=True, slots=True)
class Difference:
    """One feature that differs: `kind` added, removed or changed; `fields`: title → (then, later), as the user reads them. `feature` is the later one."""

    kind: str
    layer: Layer
    feature: Feature
    fields: dict[str, tuple[str, str]]

    @property
    def sentence(self) -> str:
        """In one line: “Q-012 状态：整改中 → 已销号”."""
        name = self.feature.code or self.feature.name
        if self.kind != CHANGED:
            return _("新增 {name}").format(name=name) if self.kind == ADDED else _("删除 {name}").format(name=name)
        changes = "；".join(f"{title}：{old or _('空')} → {new or _('空')}" for title, (old, new) in self.fields.items())
        return f"{name} {changes}"

    def as_json(self) -> dict[str, Any]:
        """For scripts."""
        found = {"layer": self.layer.id, "id": self.feature.id, "code": self.feature.code, "name": self.feature.name, "kind": self.kind}
        return {**found, "fields": {title: {"from": old, "to": new} for title, (old, new) in self.fields.items()}}


def differences(project: Project, since: dt.date, until: dt.date, layers: tuple[str, ...] = (), progress: Progress | None = None) -> list[Difference]:
    """What the evening of `until` says otherwise than the evening of `since`, by layer; only `layers` where some are named.

    Something changed and changed back is no difference. Only rows that a step between the two touched are looked at. Raises `UserError` as `step_at` does.
    """
    if since > until:
        since, until = until, since
    then, later = PastView(project, since), PastView(project, until)
    touched = project.store.touched_since(then.number)
    wanted = [layer for layer in project.layers.values() if layer.id in touched and (not layers or layer.id in layers)]
    found: list[Difference] = []
    for layer in (progress or Progress()).each(wanted, len(wanted), _("比较")):
        before, after = then.features(layer.id), later.features(layer.id)
        ids = touched[layer.id]
        found += _of_layer(layer, before, after, [row_id for row_id in dict.fromkeys((*after.ids, *before.ids)) if row_id in ids])
    return found


def write_differences(path: Path, found: Sequence[Difference], since: dt.date, until: dt.date, campaign: Campaign) -> None:
    """The differences as a document to print, layer by layer, or as a workbook with a row for each changed field. Raises `FileProblem` as `write` does."""
    from chuangwen.services.statement import Listing, Statement, Words, write

    since, until = min(since, until), max(since, until)
    by_layer: dict[str, list[Difference]] = {}
    for one in sorted(found, key=lambda one: (_KINDS_IN_ORDER.index(one.layer.kind), -one.layer.order)):
        by_layer.setdefault(one.layer.title, []).append(one)
    parts: list[Part] = [Words(_("{count} 个对象有变化。").format(count=len(found)) if found else _("两天之间没有变化。"))]
    parts += [part for title, members in by_layer.items() for part in _on_paper(title, members)]
    header = (_("图层"), _("变化"), _("编号"), _("名称"), _("项目"), _("原来"), _("后来"))
    rows = [
        (title, _WORDS[one.kind], one.feature.code, one.feature.name, *change)
        for title, members in by_layer.items()
        for one in members
        for change in ([(name, *values) for name, values in one.fields.items()] or [("", "", "")])
    ]
    parts.append(Listing(_("变化"), header, tuple(rows)))
    title = _("{district}一张图变化清单").format(district=campaign.district)
    period = _("{since} 晚到 {until} 晚").format(since=since.isoformat(), until=until.isoformat())
    write(Statement(title, tuple(parts), (), subtitle=period), path)


def _on_paper(title: str, members: Sequence[Difference]) -> Iterator[Part]:
    """A layer: what changed field by field, a feature's name only where it begins; what came and went by name."""
    from chuangwen.services.statement import Heading, Listing

    of_kind = {kind: [one for one in members if one.kind == kind] for kind in _WORDS}
    said = "，".join(f"{_WORDS[kind]} {len(some)}" for kind, some in of_kind.items() if some)
    yield Heading(f"{title}（{said}）", 2)
    lines: list[tuple[str, ...]] = []
    for one in of_kind[CHANGED]:
        head = (one.feature.code, one.feature.name)
        lines += [(*(head if not number else ("", "")), name, *values) for number, (name, values) in enumerate(one.fields.items())]
    if lines:
        yield Listing("", (_("编号"), _("名称"), _("项目"), _("原来"), _("后来")), tuple(lines), _CHANGED_MM)
    for kind in (ADDED, REMOVED):
        names = tuple((one.feature.code, one.feature.name) for one in of_kind[kind])
        if names:
            yield Listing("", (_("{kind}：编号").format(kind=_WORDS[kind]), _("名称")), names, _NAMES_MM)


def _of_layer(layer: Layer, before: Features, after: Features, ids: list[str]) -> Iterator[Difference]:
    for row_id in ids:
        was, now = before.feature(row_id), after.feature(row_id)
        if was is None and now is not None:
            yield Difference(ADDED, layer, now, {})
        elif was is not None and now is None:
            yield Difference(REMOVED, layer, was, {})
        elif was is not None and now is not None:
            fields = dict(_fields(layer, was, now))
            if fields:
                yield Difference(CHANGED, layer, now, fields)


def _fields(layer: Layer, was: Feature, now: Feature) -> Iterator[tuple[str, tuple[str, str]]]:
    from chuangwen.services.editing import shown_changes

    names = [field.name for field in layer.fields if was.get(field.name) != now.get(field.name)]
    before: dict[str, Any] = {name: was.get(name) for name in names}
    after: dict[str, Any] = {name: now.get(name) for name in names}
    if was.geometry != now.geometry:
        before[GEOMETRY], after[GEOMETRY] = was.geometry, now.geometry
    yield from shown_changes(layer, before, after).items()
