"""One thing on the map or in a list, and many of them in columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.domain.values import GEOMETRY, Scalar, Values

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from chuangwen.domain.layer import Layer


@dataclass(frozen=True, slots=True)
class Feature:
    """One row of a layer. `geometry` is in the project's CRS (metres, easting first); None: 未定位 or a list layer."""

    layer: str
    id: str
    values: Mapping[str, Scalar]
    geometry: BaseGeometry | None = None

    @property
    def code(self) -> str:
        """The code people use (点位编号, 问题编号), or ''."""
        return str(self.values.get("code") or "")

    @property
    def name(self) -> str:
        """The name, or ''."""
        return str(self.values.get("name") or "")

    def get(self, name: str) -> Scalar:
        """The value of a field, None where it is empty."""
        return self.values.get(name)


class Features:
    """The features of one layer in columns: `ids` (n), `columns` field → list of n, `geometry` object array (n,).

    Immutable by convention: an edit gives a new value by `patched`, which shares what did not change. Reading all of 20,000 issues is one query, a
    filter is one numpy mask, and drawing takes the geometry array as it is.
    """

    def __init__(self, layer: Layer, ids: Sequence[str], columns: Mapping[str, Sequence[Scalar]], geometry: NDArray[np.object_] | None = None) -> None:
        self.layer = layer
        self.ids = list(ids)
        self.columns: dict[str, list[Scalar]] = {name: values if isinstance(values, list) else list(values) for name, values in columns.items()}
        self.geometry: NDArray[np.object_] = np.full(len(self.ids), None, dtype=object) if geometry is None else geometry

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def index(self) -> dict[str, int]:
        """The position of each id."""
        return {row_id: number for number, row_id in enumerate(self.ids)}

    @cached_property
    def by_code(self) -> dict[str, int]:
        """The position of the first feature of each code."""
        found: dict[str, int] = {}
        for number, code in enumerate(self.columns.get("code", [])):
            if code is not None:
                found.setdefault(str(code), number)
        return found

    @cached_property
    def located(self) -> NDArray[np.bool_]:
        """Which features have a place on the map, (n,)."""
        return np.array([one is not None and not one.is_empty for one in self.geometry], dtype=bool)

    @cached_property
    def bounds(self) -> NDArray[np.float64]:
        """(n, 4) of minx, miny, maxx, maxy in metres; nan where there is no geometry."""
        import shapely

        return np.asarray(shapely.bounds(self.geometry), dtype=np.float64).reshape(-1, 4)

    def column(self, name: str) -> list[Scalar]:
        """The values of a field; all None where the project does not have it yet."""
        return self.columns.get(name) or [None] * len(self)

    def at(self, position: int) -> Feature:
        """The feature at a position."""
        return Feature(self.layer.id, self.ids[position], {name: values[position] for name, values in self.columns.items()}, self.geometry[position])

    def feature(self, row_id: str) -> Feature | None:
        """The feature of an id, None where there is none."""
        position = self.index.get(row_id)
        return None if position is None else self.at(position)

    def coded(self, code: str) -> Feature | None:
        """The first feature of a code, None where there is none."""
        position = self.by_code.get(code)
        return None if position is None else self.at(position)

    def __iter__(self) -> Iterator[Feature]:
        return (self.at(position) for position in range(len(self)))

    def take(self, mask: NDArray[np.bool_] | Sequence[int]) -> Features:
        """The features of a mask (n,) or of positions, in that order."""
        picked = np.flatnonzero(mask) if np.asarray(mask).dtype == bool else np.asarray(mask, dtype=int)
        positions = picked.tolist()
        return Features(
            self.layer,
            [self.ids[number] for number in positions],
            {name: [values[number] for number in positions] for name, values in self.columns.items()},
            self.geometry[picked],
        )

    def patched(self, changed: Mapping[str, Values | None]) -> Features:
        """A copy with rows changed: id → new values (only those given change; a new id is added at the end), None removes the row."""
        ids, columns, geometry = list(self.ids), dict(self.columns), self.geometry.copy()
        touched = {name for values in changed.values() if values for name in values if name != GEOMETRY}
        for name in touched | set(columns):
            columns[name] = list(columns.get(name) or [None] * len(ids))
        added: list[BaseGeometry | None] = []
        for row_id, values in changed.items():
            position = self.index.get(row_id)
            if values is None:
                continue
            if position is None:
                ids.append(row_id)
                for name, column in columns.items():
                    column.append(values.get(name))
                added.append(values.get(GEOMETRY))
                continue
            for name, value in values.items():
                if name == GEOMETRY:
                    geometry[position] = value
                else:
                    columns[name][position] = value
        if added:
            tail = np.empty(len(added), dtype=object)
            tail[:] = added
            geometry = np.concatenate([geometry, tail])
        gone = {self.index[row_id] for row_id, values in changed.items() if values is None and row_id in self.index}
        whole = Features(self.layer, ids, columns, geometry)
        return whole.take([number for number in range(len(ids)) if number not in gone]) if gone else whole
