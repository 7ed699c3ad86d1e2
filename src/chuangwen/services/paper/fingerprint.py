"""The fingerprint of a sheet, taken from what is printed on it: the same as long as the sheet need not be printed again (docs/decisions/0057).

Not in it: the time of the data, the day of printing, page numbers, the countdown, and the small map that shows where a zone lies.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Layer
from chuangwen.domain.values import plain
from chuangwen.services.paper.facts import Facts, RowFacts, digest
from chuangwen.services.paper.ground import Ground, drawn_fields, shape_digest
from chuangwen.services.paper.sheet import Sheet

if TYPE_CHECKING:
    from chuangwen.services.project import Project

ROW_FIELDS: Mapping[str, tuple[str | tuple[str, ...], ...]] = {
    "issue": ("code", ("description", "name"), "responsible_unit", "due_at", ("address", "site_name")),
    "site": ("code", "name", "category", "responsible_unit"),
    "zone": ("code", "name"),
    "section": ("code", "name", "responsible_unit"),
}
"""What tables print of a row; several together: the first that says anything. Of other layers everything counts."""
_OF_PRODUCT: Mapping[tuple[str, str], tuple[str | tuple[str, ...], ...]] = {
    ("zone", "site"): (*ROW_FIELDS["site"], "chief", "phone"),
    ("street", "zone"): (*ROW_FIELDS["zone"], "chief", "responsible_unit"),
    ("street", "section"): (*ROW_FIELDS["section"], "chief1"),
}
_OF_UNIT = {"site": ("head", "liaison", "phone", "office_phone")}
"""What products print of the units that their subject names."""
_ON_THE_FIRST_ONLY = {"section"}
"""Products whose later parts say nothing of the subject but what is in the title and on the map."""
_NEVER = {"remark"}
_APART = {"status", "responsible_unit", "due_at"}  # of a row: told one by one
_KNOWN = {one.name for one in dataclasses.fields(Sheet)}


class Fingerprints:
    """Takes the fingerprints of a project's sheets; what they share is worked out once. Measured: 36 zone sheets of the demo in 0.1 s."""

    def __init__(self, project: Project, *, mono: bool = False) -> None:
        self._project = project
        self._ground = Ground(project)
        campaign, imprint = project.campaign, project.store.imprint
        layers = [repr(layer) for layer in project.layers.on_paper()]
        self._style = digest(mono, layers, campaign.title, campaign.district, campaign.office, dataclasses.astuple(imprint))
        units = project.features("unit")
        self._units = {unit.name: unit for unit in units}

    def facts(self, sheet: Sheet) -> Facts:
        """What is printed on a sheet."""
        subject = sheet.subject
        more = {one.name: self._told(getattr(sheet, one.name), sheet.product) for one in dataclasses.fields(sheet) if one.compare and one.name not in _KNOWN}
        maps = [(round(part.centre[0], 2), round(part.centre[1], 2), round(part.denominator, 3), round(part.rotation, 4)) for part in sheet.maps]
        parts = {
            "style": digest(self._style, sheet.template.source),
            "frame": digest(dataclasses.astuple(sheet.paper), sheet.landscape, maps),
            "shape": shape_digest(subject.geometry) if subject is not None else "",
            "ground": self._ground.digest(sheet),
            "hand": digest(sorted(sheet.hidden), self._told(sheet.pinned, sheet.product)),
            "words": digest(sheet.title, sheet.code, sheet.name, sheet.part, sorted(more.items())),
            "number": str(sheet.number),
        }
        rows = {layer: self._rows(layer, [(row.number, row.feature) for row in some], sheet.product) for layer, some in sheet.rows.items()}
        owned = {} if subject is None or (sheet.part > 1 and sheet.product in _ON_THE_FIRST_ONLY) else self._subject(subject, sheet.product)
        return Facts(parts, owned, rows)

    def _subject(self, subject: Feature, product: str) -> dict[str, str]:
        layer, more = self._project.layers[subject.layer], _OF_UNIT.get(product, ())
        return {one.name: self._value(layer, subject, one.name, more) for one in layer.fields if one.name not in _NEVER and subject.get(one.name) is not None}

    def _rows(self, layer_id: str, rows: Sequence[tuple[str, Feature]], product: str = "") -> dict[str, RowFacts]:
        layer = self._project.layers[layer_id]
        rest = self._printed(layer, product)
        found = {}
        for number, one in rows:
            words = [next((said for name in names if (said := self._value(layer, one, name))), "") for names in rest]
            unit = self._value(layer, one, "responsible_unit") if layer.has("responsible_unit") else ""
            found[one.id] = RowFacts(number, plain(one.get("status")), unit, plain(one.get("due_at")), digest(words, shape_digest(one.geometry)))
        return found

    def _printed(self, layer: Layer, product: str) -> list[tuple[str, ...]]:
        wanted = [(one,) if isinstance(one, str) else one for one in _OF_PRODUCT.get((product, layer.id)) or ROW_FIELDS.get(layer.id) or layer.field_by_name]
        names = dict.fromkeys([*wanted, *((name,) for name in drawn_fields(layer))])
        return [there for some in names if (there := tuple(name for name in some if layer.has(name) and name not in _NEVER | _APART))]

    def _value(self, layer: Layer, feature: Feature, name: str, more: Sequence[str] = ()) -> str:
        """A digest of what a field says, '' nothing; of a unit its short name too, which is what stands on the sheet, and `more` of its fields."""
        value = feature.get(name)
        if value is None or value == "":
            return ""
        if layer.field(name).to != "unit":
            return digest(plain(value))
        unit = self._units.get(str(value))
        return digest(plain(value), *([plain(unit.get(one)) for one in ("short_name", *more)] if unit else []))

    def _told(self, value: object, product: str) -> object:
        """A field that a product added to its sheet, as plain values in one order. Raises `TypeError` for what cannot be compared."""
        if isinstance(value, float):
            return round(value, 3)
        if value is None or isinstance(value, str | int | bytes):
            return value
        if isinstance(value, BaseGeometry):
            return shape_digest(value)
        if isinstance(value, Feature):
            return sorted(self._rows(value.layer, [("", value)], product).items())
        if isinstance(value, Sheet):  # listed on another: as the list names it
            unit = self._subject(value.subject, product).get("responsible_unit") if value.subject is not None else None
            return [value.product, value.code, value.name, value.group, value.number, value.part, unit]
        if isinstance(value, np.ndarray):
            return value.round(3).tolist()
        if isinstance(value, Mapping):
            return sorted((repr(key), self._told(one, product)) for key, one in value.items())
        if isinstance(value, frozenset | set):
            return sorted(repr(self._told(one, product)) for one in value)
        if isinstance(value, Sequence):
            return [self._told(one, product) for one in value]
        if dataclasses.is_dataclass(value):
            return [(one.name, self._told(getattr(value, one.name), product)) for one in dataclasses.fields(value)]
        if hasattr(value, "isoformat"):
            return value.isoformat()
        raise TypeError(type(value))
