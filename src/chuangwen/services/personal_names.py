"""Who stands in a project by name: all that its private fields hold, for the scan of what goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangwen.domain.personal import Names, persons
from chuangwen.domain.values import LIST_MARK, plain

if TYPE_CHECKING:
    from chuangwen.domain.audience import Audience
    from chuangwen.services.project import Project


def names_of(project: Project, audience: Audience) -> Names:
    """The names of persons in the private fields of all layers. Names of units, and what the reader's `not_names` lists, are none."""
    cells: set[str] = set()
    for layer in project.layers.values():
        private = [one for one in layer.fields if one.private and not one.name.endswith("phone")]
        if private:
            features = project.features(layer.id)
            cells.update(plain(value) for one in private for value in features.column(one.name) if value)
    units = project.features("unit")
    others = {part for name in ("name", "short_name", "aliases") for value in units.column(name) for part in plain(value).split(LIST_MARK)}
    return Names((name for cell in cells for name in persons(cell)), (*others, *audience.not_names))
