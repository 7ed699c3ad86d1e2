"""A local drawing laid on the project by control points: similarity or affine by least squares, with a residual for every point (domain.md 7.5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from chuangwen.errors import DataProblem
from chuangwen.text import _

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Points = NDArray[np.float64]

SIMILARITY, AFFINE = "similarity", "affine"
LIMIT_M = 5.0
"""The largest residual that is accepted, in metres, unless the user says otherwise."""
_AFFINE_FROM = 4  # with three points an affine fit has no residual left that could warn
_EXACT_M = 0.05  # a similarity as good as this needs no other
_FLAT = 1e-3  # the narrow side of the points' spread against its long side: below it they lie on a line


@dataclass(frozen=True, slots=True)
class Residual:
    """How far one point lies from where the fit puts it, in metres: east, north, and both. `alone`: how far from where the other points alone put it
    (nan where they are too few): a wrong point pulls the fit towards itself, but not that one."""

    name: str
    dx: float
    dy: float
    alone: float = float("nan")

    @property
    def distance(self) -> float:
        """√(dx² + dy²)."""
        return float(np.hypot(self.dx, self.dy))


@dataclass(frozen=True, slots=True)
class Fit:
    """matrix @ (point - origin) + target: from the drawing to EPSG `epsg` in metres. `matrix` (2, 2), `origin` and `target` (2).

    `radius`: of the control points about their middle, in the drawing's units.
    """

    kind: str
    epsg: int
    matrix: Points
    origin: Points
    target: Points
    residuals: tuple[Residual, ...]
    radius: float

    def apply(self, points: Points) -> Points:
        """`points` (n, 2) of the drawing in EPSG `epsg`."""
        return (points - self.origin) @ self.matrix.T + self.target

    @property
    def _least(self) -> int:
        return 3 if self.kind == AFFINE else 2

    @property
    def rms(self) -> float:
        """Root of the mean square of the residuals, in metres."""
        return float(np.sqrt(np.mean([one.distance**2 for one in self.residuals])))

    @property
    def worst(self) -> Residual:
        """The point with the largest residual."""
        return max(self.residuals, key=lambda one: one.distance)

    @property
    def suspect(self) -> Residual:
        """The point that the others speak against most, where there are enough of them to tell; else the worst."""
        told = [one for one in self.residuals if np.isfinite(one.alone)]
        return max(told, key=lambda one: one.alone) if len(told) == len(self.residuals) else self.worst

    def reach(self, points: Points) -> float:
        """How far the farthest of `points` (n, 2; the drawing's units) lies from the middle of the control points, as a multiple of theirs."""
        return float(np.max(np.hypot(*(points - self.origin).T)) / self.radius) if len(points) else 0.0

    @property
    def scale(self) -> float:
        """Metres on the ground for one unit of the drawing."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix))))

    def sentence(self) -> str:
        """For the report and the record."""
        kind = _("相似变换") if self.kind == SIMILARITY else _("仿射变换")
        words = _("用 {count} 个控制点做{kind}：中误差 {rms:.2f} 米，最大残差 {worst:.2f} 米（{name}），比例 {scale:.6g}。").format(
            count=len(self.residuals), kind=kind, rms=self.rms, worst=self.worst.distance, name=self.worst.name, scale=self.scale
        )
        return words + _("没有多余的点可以检核。") if len(self.residuals) <= self._least else words


def fit(names: Sequence[str], drawn: Points, there: Points, epsg: int, kind: str = "auto", limit: float = LIMIT_M) -> Fit:
    """The transformation from `drawn` (n, 2; the drawing's units) to `there` (n, 2; metres of EPSG `epsg`).

    `kind`: similarity (2 points at the least), affine (3), or auto: affine from four points on where it halves the error of points left out. Least squares
    about the centres (numbers of eight digits lose nothing). Raises `DataProblem` for too few points, doubled or collinear ones, a mirrored drawing, or a
    residual above `limit`.
    """
    needed = 3 if kind == AFFINE else 2
    if len(drawn) < needed:
        raise DataProblem(_("控制点只有 {count} 个，至少要 {needed} 个。").format(count=len(drawn), needed=needed), hint=_("请再补几个点，最好分布在四周。"))
    for points, what in ((drawn, _("图上坐标")), (there, _("实地坐标"))):
        if len(np.unique(points, axis=0)) < len(points):
            raise DataProblem(_("有两个控制点的{what}相同。").format(what=what), hint=_("请核对控制点表。"))
    if kind == AFFINE and (_collinear(drawn) or _collinear(there)):
        raise DataProblem(_("控制点几乎在一条直线上，不能做仿射变换。"), hint=_("请补一个不在这条线上的点，或改用相似变换。"))
    found = _fitted(kind if kind == AFFINE else SIMILARITY, names, drawn, there, epsg)
    if kind == "auto" and len(drawn) >= _AFFINE_FROM and found.rms > _EXACT_M and not _collinear(drawn):
        affine = _fitted(AFFINE, names, drawn, there, epsg)
        better = affine.rms < found.rms / 2 if len(drawn) == _AFFINE_FROM else _left_out(affine) < _left_out(found) / 2
        found = affine if better else found
    if np.linalg.det(found.matrix) < 0 or (found.worst.distance > limit and len(drawn) > 2 and _mirrored(names, drawn, there)):
        raise DataProblem(_("图与实地左右相反：控制点的两个坐标可能写反了（先北后东）。"), hint=_("请把图上坐标的两列对调后再试。"))
    if found.worst.distance > limit:
        message = _("控制点残差太大：{name} 差 {distance:.1f} 米，超过 {limit:g} 米。")
        message = message.format(name=found.worst.name, distance=found.worst.distance, limit=limit)
        if found.suspect.name != found.worst.name:
            message += _("最可疑的是 {name}：按其余各点推算，它差 {alone:.1f} 米。").format(name=found.suspect.name, alone=found.suspect.alone)
        raise DataProblem(message, hint=_("请核对这个点；若图纸本身变形，可放宽限差（--answer points_limit=米数）。"))
    return found


def _fitted(kind: str, names: Sequence[str], drawn: Points, there: Points, epsg: int) -> Fit:
    """One fit with the residual of each point, and how far each lies off a fit of the others."""
    matrix, origin, target = _solved(kind, drawn, there)
    off = there - ((drawn - origin) @ matrix.T + target)
    alone = np.full(len(drawn), np.nan)
    for at in range(len(drawn)) if len(drawn) > (3 if kind == AFFINE else 2) else ():
        others = np.arange(len(drawn)) != at
        if kind == SIMILARITY or not _collinear(drawn[others]):
            turn, middle, there_middle = _solved(kind, drawn[others], there[others])
            alone[at] = np.hypot(*(there[at] - (turn @ (drawn[at] - middle) + there_middle)))
    residuals = tuple(Residual(name, float(dx), float(dy), float(far)) for name, (dx, dy), far in zip(names, off, alone, strict=True))
    return Fit(kind, epsg, matrix, origin, target, residuals, float(np.max(np.hypot(*(drawn - origin).T))))


def _solved(kind: str, drawn: Points, there: Points) -> tuple[Points, Points, Points]:
    """Matrix, origin, target. A similarity in closed form, w = a z + b of complex numbers; an affine by least squares."""
    origin, target = drawn.mean(axis=0), there.mean(axis=0)
    if kind == AFFINE:
        solved, *_rest = np.linalg.lstsq(drawn - origin, there - target, rcond=None)
        return solved.T, origin, target
    z, w = (drawn - origin) @ np.array([1, 1j]), (there - target) @ np.array([1, 1j])
    a = np.vdot(z, w) / np.vdot(z, z).real
    return np.array([[a.real, -a.imag], [a.imag, a.real]]), origin, target


def _left_out(found: Fit) -> float:
    """Root of the mean square of how far the points lie off fits of the others; infinite where that cannot be told."""
    alone = np.array([one.alone for one in found.residuals])
    return float(np.sqrt(np.mean(alone**2))) if np.isfinite(alone).all() else float("inf")


def _collinear(points: Points) -> bool:
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(spread[0] == 0 or spread[-1] / spread[0] < _FLAT)


def _mirrored(names: Sequence[str], drawn: Points, there: Points) -> bool:
    """Whether the drawing with its axes exchanged fits, where it does not as it is."""
    return _fitted(SIMILARITY, names, drawn[:, ::-1], there, 0).worst.distance <= LIMIT_M
