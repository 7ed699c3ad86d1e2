"""记事: what a unit said and what was said of it, with its day: 表态, 异议, what was sent (SR-03, SR-56)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chuangwen.domain import edits
from chuangwen.domain.change import Edit
from chuangwen.domain.values import Scalar, plain
from chuangwen.text import _

if TYPE_CHECKING:
    from chuangwen.domain.feature import Feature
    from chuangwen.services.placing import View

KINDS = ("pledge", "other")
"""What is written by hand; objections and decisions on responsibility come with what they are about."""


@dataclass(frozen=True, slots=True)
class Note:
    """One note. `kind` as it is read; `day` None where nobody said one."""

    id: str
    day: dt.date | None
    kind: str
    text: str


def notes_of(view: View, owner: Feature) -> list[Note]:
    """The notes of a feature, newest first; of one day the one written last first, those without a day at the end."""
    notes = view.features("note")
    kind = notes.layer.field("kind")
    owners, layers = notes.column("owner_id"), notes.column("owner_layer")
    found = []
    for at in range(len(notes) - 1, -1, -1):
        if owners[at] == owner.id and layers[at] == owner.layer:
            day = notes.column("date")[at]
            said = plain(notes.column("text")[at])
            found.append(Note(notes.ids[at], day if isinstance(day, dt.date) else None, kind.show(notes.column("kind")[at]), said))
    return sorted(found, key=lambda one: one.day or dt.date.min, reverse=True)


def noted(view: View, owner: Feature, kind: str, day: dt.date, text: str) -> Edit:
    """Note something of a feature (`kind`: a value of the layer `note`). Raises `RuleBroken` where it says nothing."""
    layer = view.layers["note"]
    title = layer.field("kind").show(kind)
    values: dict[str, Scalar] = {"owner_layer": owner.layer, "owner_id": owner.id, "kind": kind, "date": day, "text": text.strip() or None}
    values["name"] = _("{owner}{kind}").format(owner=owner.name, kind=title)
    return Edit(_("记下{owner}的{kind}").format(owner=owner.name, kind=title), edits.add(layer, values).changes)
