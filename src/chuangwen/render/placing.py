"""Where there is still room on the sheet: a fine raster of what is taken, so that asking is one look at a small rectangle."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, hypot

import numpy as np
from numpy.typing import NDArray

from chuangwen.render.view import MapView

Floats = NDArray[np.float64]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in mm."""

Line = tuple[float, float, float, float]
"""From (x, y) to (x, y) in mm."""

INSIDE = 0.6
"""mm that labels keep away from the frame."""

_CELLS = 4  # a millimetre
_CLEAR = 0.3  # mm between fanned labels and others
_MARK_COST = 0.5  # of covering a cell of a less important symbol
_LINE_COST = 0.15  # of covering a cell of a boundary or section


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a label on one straight baseline: it begins at (x, y) mm, turned clockwise by `angle` degrees."""

    text: str
    x: float
    y: float
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to write a label. `boxes` cover its characters; `cost` is what is bad about it from the start; `leader`: a line to its feature.

    `least`: what each of the following ways costs at least.
    """

    pieces: tuple[Piece, ...]
    boxes: tuple[Box, ...]
    cost: float = 0.0
    leader: Line | None = None
    least: float = 0.0


class Sheet:
    """The frame of a view, with what stands on it already."""

    def __init__(self, view: MapView) -> None:
        self.width, self.height = view.width, view.height
        shape = (ceil(view.height * _CELLS) + 1, ceil(view.width * _CELLS) + 1)
        self._labels = np.zeros(shape, dtype=bool)
        self._marks = np.zeros(shape, dtype=np.uint8)  # 1 + the priority of the symbol's layer
        self._lines = np.zeros(shape, dtype=bool)
        self._leaders = np.zeros(shape, dtype=bool)

    def inside(self, boxes: tuple[Box, ...]) -> bool:
        """Whether nothing of a label would be cut by the frame."""
        return all(x0 >= INSIDE and y0 >= INSIDE and x1 <= self.width - INSIDE and y1 <= self.height - INSIDE for x0, y0, x1, y1 in boxes)

    def cost(self, boxes: tuple[Box, ...], priority: int, clear: float = 0.0) -> float | None:
        """What it costs to write here: None where an equally or more important symbol or, within `clear` mm, another label is in the way."""
        total = 0.0
        for box in boxes:
            cells = _cells(box)
            if self._labels[_cells((box[0] - clear, box[1] - clear, box[2] + clear, box[3] + clear)) if clear else cells].any():
                return None
            marks = self._marks[cells]
            if marks.any():
                if marks.max() > priority:
                    return None
                total += _MARK_COST * float(np.count_nonzero(marks))
            total += _LINE_COST * float(np.count_nonzero(self._lines[cells]))
        return total

    def free(self, boxes: Floats, clear: float = _CLEAR) -> NDArray[np.bool_]:
        """(k,) which of the boxes (k, 4) lie in the frame, `clear` mm from all labels, and cover no symbol."""
        good = (boxes[:, :2] >= INSIDE).all(axis=1) & (boxes[:, 2] <= self.width - INSIDE) & (boxes[:, 3] <= self.height - INSIDE)
        if not good.any():
            return np.asarray(good)
        low = np.maximum(np.floor((boxes[good, :2].min(axis=0) - clear) * _CELLS).astype(np.int64), 0)
        high = np.ceil((boxes[good, 2:].max(axis=0) + clear) * _CELLS).astype(np.int64)
        window = (slice(low[1], high[1]), slice(low[0], high[0]))
        for taken, margin in ((self._labels[window], clear), (self._marks[window] > 0, 0.0)):
            sums = np.zeros((taken.shape[0] + 1, taken.shape[1] + 1), dtype=np.int32)
            np.cumsum(np.cumsum(taken, axis=0, dtype=np.int32), axis=1, out=sums[1:, 1:])
            x0, y0 = np.clip((np.floor((boxes[:, :2] - margin) * _CELLS).astype(np.int64) - low).T, 0, np.array(taken.shape)[::-1, None])
            x1, y1 = np.clip((np.ceil((boxes[:, 2:] + margin) * _CELLS).astype(np.int64) - low).T, 0, np.array(taken.shape)[::-1, None])
            good &= sums[y1, x1] - sums[y0, x1] - sums[y1, x0] + sums[y0, x0] == 0
        return np.asarray(good)

    def through(self, starts: Floats, ends: Floats) -> NDArray[np.bool_]:
        """(n, m) whether a line from each of `starts` (n, 2) to each of `ends` (m, 2) would run through a label or along a leader."""
        longest = float(np.hypot(*(starts[:, None] - ends[None]).reshape(-1, 2).T).max(initial=0.0))
        share = np.linspace(0.0, 0.96, max(ceil(longest * _CELLS / 2), 2))[:, None, None, None]
        at = np.rint((starts[:, None] + share * (ends[None] - starts[:, None])) * _CELLS).astype(np.int64)
        rows, columns = self._labels.shape
        at[..., 0].clip(0, columns - 1, out=at[..., 0])
        at[..., 1].clip(0, rows - 1, out=at[..., 1])
        hit = self._labels[at[..., 1], at[..., 0]] | self._leaders[at[..., 1], at[..., 0]]
        return np.asarray(hit.any(axis=0))

    def draw_leader(self, line: Line) -> None:
        """A leader line runs here; later labels rather stand beside it."""
        cells = self._cells_of(line)
        self._lines[cells] = True
        self._leaders[cells] = True

    def _cells_of(self, line: Line) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        share = np.linspace(0.0, 0.96, max(ceil(hypot(line[2] - line[0], line[3] - line[1]) * _CELLS), 2))
        rows, columns = self._labels.shape
        across = np.rint((line[0] + share * (line[2] - line[0])) * _CELLS).astype(np.int64).clip(0, columns - 1)
        down = np.rint((line[1] + share * (line[3] - line[1])) * _CELLS).astype(np.int64).clip(0, rows - 1)
        return down, across

    def is_taken(self, x: float, y: float) -> bool:
        """Whether a label stands at a place; False beyond the frame."""
        column, row = int(x * _CELLS), int(y * _CELLS)
        rows, columns = self._labels.shape
        return 0 <= row < rows and 0 <= column < columns and bool(self._labels[row, column])

    def taken(self, boxes: tuple[Box, ...]) -> bool:
        """Whether a label stands here."""
        return any(bool(self._labels[_cells(box)].any()) for box in boxes)

    def overlap(self, boxes: tuple[Box, ...]) -> float:
        """How many cells are taken: for labels that have to stand somewhere."""
        return float(sum(np.count_nonzero(self._labels[_cells(box)]) * 4 + np.count_nonzero(self._marks[_cells(box)]) for box in boxes))

    def take(self, boxes: tuple[Box, ...]) -> None:
        """Write a label here."""
        for box in boxes:
            self._labels[_cells(box)] = True

    def put_marks(self, places: Floats, reach: float, priority: int) -> None:
        """Point symbols stand at `places` (n, 2) mm; labels of their priority and below keep clear of them."""
        rows, columns = self._marks.shape
        around = np.arange(round(2 * reach * _CELLS))
        corner = np.rint((places - reach) * _CELLS).astype(np.int64)
        y = (corner[:, 1, None, None] + around[None, :, None]).clip(0, rows - 1)
        x = (corner[:, 0, None, None] + around[None, None, :]).clip(0, columns - 1)
        self._marks[y, x] = np.maximum(self._marks[y, x], min(priority + 1, 255))

    def put_lines(self, points: Floats) -> None:
        """Lines run through these points (n, 2) mm; labels rather stand beside them."""
        at = np.rint(points * _CELLS).astype(np.int64)
        rows, columns = self._lines.shape
        good = (at[:, 0] >= 0) & (at[:, 1] >= 0) & (at[:, 0] < columns) & (at[:, 1] < rows)
        self._lines[at[good, 1], at[good, 0]] = True


def _cells(box: Box) -> tuple[slice, slice]:
    """All cells that a box touches."""
    x0, y0, x1, y1 = box
    return (
        slice(max(floor(y0 * _CELLS), 0), max(ceil(y1 * _CELLS), 0)),
        slice(max(floor(x0 * _CELLS), 0), max(ceil(x1 * _CELLS), 0)),
    )
