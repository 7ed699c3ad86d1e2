"""What a map shows of the layers around its numbered rows: a digest of the features in its frame, to the centimetre."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from chuangwen.domain.feature import Features
from chuangwen.domain.layer import Layer
from chuangwen.services.paper.facts import digest
from chuangwen.services.paper.sheet import Sheet, ground

if TYPE_CHECKING:
    from chuangwen.services.project import Project

_BEYOND = 1.5  # mm: symbols that stand so far outside the frame still show in it
_FIELD = re.compile(r"\{(\w+)")


class Ground:
    """The layers of a project, digested once and asked for each sheet."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._layers: dict[str, _Digested] = {}

    def digest(self, sheet: Sheet) -> str:
        """Of all that the sheet's maps show beside its own rows: where it lies, what it is called, how it is drawn."""
        found = []
        for part, frame in zip(sheet.maps, frames(sheet), strict=True):
            for layer in self._project.layers.on_paper():
                limit = layer.max_denominator
                there = layer.id not in sheet.template.map.hide | sheet.hidden and layer.id not in sheet.rows
                if there and not (limit and part.denominator > limit):
                    found.append((layer.id, self._of(layer).within(frame)))
        return digest(found)

    def _of(self, layer: Layer) -> _Digested:
        features = self._project.features(layer.id)
        kept = self._layers.get(layer.id)
        if kept is None or kept.features is not features:
            kept = self._layers[layer.id] = _Digested(features)
        return kept


class _Digested:
    """One layer: a digest of how each feature is drawn and one of its geometry."""

    def __init__(self, features: Features) -> None:
        self.features = features
        self._tree = shapely.STRtree(features.geometry)
        self._looks = _looks(features)
        self._shapes: NDArray[np.object_] | None = None

    def within(self, frame: BaseGeometry) -> str:
        """Of the features in a frame; of those that reach beyond it, only what is inside counts."""
        here = np.sort(self._tree.query(frame, predicate="intersects"))
        if not len(here):
            return ""
        if self._shapes is None:
            self._shapes = _shape_digests(self.features.geometry)
        box = frame.bounds
        bounds = self.features.bounds[here]
        across = (bounds[:, :2] < box[:2]).any(axis=1) | (bounds[:, 2:] > box[2:]).any(axis=1)
        shapes = self._shapes[here]
        shapes[across] = _shape_digests(shapely.clip_by_rect(self.features.geometry[here[across]], *box))
        return blake2b(b"".join(sorted(look + shape for look, shape in zip(self._looks[here], shapes, strict=True))), digest_size=8).hexdigest()


def frames(sheet: Sheet) -> list[BaseGeometry]:
    """The ground in each map frame of a sheet, a little larger."""
    return [ground(part, width + 2 * _BEYOND, height + 2 * _BEYOND) for part, (width, height) in zip(sheet.maps, sheet.map_sizes, strict=True)]


def drawn_fields(layer: Layer) -> tuple[str, ...]:
    """The fields that decide how a feature is drawn and what is written at it."""
    names = {name for symbol in layer.symbols for name in symbol.when}
    names |= set(_FIELD.findall(layer.label.text)) if layer.label else set()
    return tuple(sorted(names & set(layer.field_by_name)))


def shape_digest(shape: BaseGeometry | None) -> str:
    """Of one geometry, to the centimetre."""
    (found,) = _shape_digests(np.array([shape], dtype=object)).tolist()
    return str(found.hex())


def _looks(features: Features) -> NDArray[np.object_]:
    columns = [features.column(name) for name in drawn_fields(features.layer)]
    if features.layer.palette:
        values = features.column(features.layer.palette.field)
        order = {value: at for at, value in enumerate(sorted({str(value) for value in values if value is not None}))}
        columns.append([order.get(str(value)) for value in values])
    found = np.empty(len(features), dtype=object)
    found[:] = [blake2b(repr(row).encode("utf-8", "surrogatepass"), digest_size=8).digest() for row in zip(features.ids, *columns, strict=True)]
    return found


def _shape_digests(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    rounded = shapely.transform(shapely.force_2d(shapes), lambda xy: np.rint(xy * 100) + 0.0)
    found = np.empty(len(shapes), dtype=object)
    found[:] = [blake2b(content or b"", digest_size=8).digest() for content in shapely.to_wkb(rounded)]
    return found
