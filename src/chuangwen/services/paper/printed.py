"""Which sheets have changed since they last went out, and the record of what goes out (docs/decisions/0057)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.domain.values import plain
from chuangwen.services.paper.changes import note
from chuangwen.services.paper.facts import Facts, read_facts
from chuangwen.services.paper.fingerprint import Fingerprints
from chuangwen.services.paper.handwork import key_of
from chuangwen.services.paper.sheet import Sheet
from chuangwen.store.base import PrintedSheet, Store

if TYPE_CHECKING:
    from chuangwen.services.project import Project


@dataclass(frozen=True, slots=True)
class Standing:
    """A sheet beside its last printing on the same paper (None: never). `note`: what is new on it, '' nothing."""

    sheet: Sheet
    facts: Facts
    last: PrintedSheet | None
    note: str

    @property
    def changed(self) -> bool:
        """Whether it has to be printed again."""
        return self.last is None or self.last.fingerprint != self.facts.fingerprint


def standings(project: Project, sheets: Sequence[Sheet], *, mono: bool = False) -> list[Standing]:
    """How each sheet compares with what is out there."""
    fingerprints, printed = Fingerprints(project, mono=mono), project.store.printed()
    issues = project.features("issue")
    now = {row_id: plain(status) for row_id, status in zip(issues.ids, issues.column("status"), strict=True)}
    found = []
    for sheet in sheets:
        facts = fingerprints.facts(sheet)
        last = printed.get((key_of(sheet), sheet.paper.name))
        same = last is not None and last.fingerprint == facts.fingerprint
        found.append(Standing(sheet, facts, last, "" if same else note(read_facts(last.facts) if last is not None else None, facts, now)))
    return found


def changed_since_last_packet(project: Project, sheets: Sequence[Sheet], *, mono: bool = False) -> list[Sheet]:
    """The sheets that would not look as they were last printed, and those that never were."""
    return [one.sheet for one in standings(project, sheets, mono=mono) if one.changed]


def record(store: Store, printed: Sequence[Standing], packet: str, by: str, at: dt.datetime | None = None) -> None:
    """Note what went out with a packet (its id), in one transaction. For when the file is written: a run that failed is no packet."""
    when = at or dt.datetime.now()
    sheets = [
        PrintedSheet(key_of(one.sheet), one.sheet.paper.name, one.sheet.code, one.facts.fingerprint, one.facts.to_json(), packet, when, by) for one in printed
    ]
    if sheets:
        store.note_packet(sheets)
