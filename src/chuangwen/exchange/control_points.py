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
    """How far one point lies from where the fit puts it, in metres: east, north, and both."""

    name: str
    dx: float
    dy: float

    @property
    def distance(self) -> float:
        """√(dx² + dy²)."""
        return float(np.hypot(self.dx, self.dy))


@dataclass(frozen=True, slots=True)
class Fit:
    """matrix @ (point - origin) + target: from the drawing to EPSG `epsg` in metres. `matrix` (2, 2), `origin` and `target` (2)."""

    kind: str
    epsg: int
    matrix: Points
    origin: Points
    target: Points
    residuals: tuple[Residual, ...]

    def apply(self, points: Points) -> Points:
        """`points` (n, 2) of the drawing in EPSG `epsg`."""
        return (points - self.origin) @ self.matrix.T + self.target

    @property
    def rms(self) -> float:
        """Root of the mean square of the residuals, in metres."""
        return float(np.sqrt(np.mean([one.distance**2 for one in self.residuals])))

    @property
    def worst(self) -> Residual:
        """The point that fits worst."""
        return max(self.residuals, key=lambda one: one.distance)

    @property
    def scale(self) -> float:
        """Metres on the ground for one unit of the drawing."""
        return float(np.sqrt(abs(np.linalg.det(self.matrix))))

    def sentence(self) -> str:
        """For the report and the record."""
        kind = _("相似变换") if self.kind == SIMILARITY else _("仿射变换")
        return _("用 {count} 个控制点做{kind}：中误差 {rms:.2f} 米，最大残差 {worst:.2f} 米（{name}），比例 {scale:.6g}。").format(
            count=len(self.residuals), kind=kind, rms=self.rms, worst=self.worst.distance, name=self.worst.name, scale=self.scale
        )


def fit(names: Sequence[str], drawn: Points, there: Points, epsg: int, kind: str = "auto", limit: float = LIMIT_M) -> Fit:
    """The transformation from `drawn` (n, 2; the drawing's units) to `there` (n, 2; metres of EPSG `epsg`).

    `kind`: similarity (2 points at the least), affine (3), or auto: affine from four points on where it halves the error. Least squares about the centres
    (numbers of eight digits lose nothing). Raises `DataProblem` for too few points, doubled or collinear ones, a mirrored drawing, or a residual above `limit`.
    """
    needed = 3 if kind == AFFINE else 2
    if len(drawn) < needed:
        raise DataProblem(_("控制点只有 {count} 个，至少要 {needed} 个。").format(count=len(drawn), needed=needed), hint=_("请再补几个点，最好分布在四周。"))
    for points, what in ((drawn, _("图上坐标")), (there, _("实地坐标"))):
        if len(np.unique(points, axis=0)) < len(points):
            raise DataProblem(_("有两个控制点的{what}相同。").format(what=what), hint=_("请核对控制点表。"))
    found = _similarity(names, drawn, there, epsg)
    if kind == AFFINE or (kind == "auto" and len(drawn) >= _AFFINE_FROM and not _collinear(drawn)):
        if _collinear(drawn):
            raise DataProblem(_("控制点几乎在一条直线上，不能做仿射变换。"), hint=_("请补一个不在这条线上的点，或改用相似变换。"))
        affine = _affine(names, drawn, there, epsg)
        if kind == AFFINE or (found.rms > _EXACT_M and affine.rms < found.rms / 2):
            found = affine
    if found.worst.distance > limit:
        if len(drawn) >= _AFFINE_FROM - 1 and _mirrored(drawn, there):
            raise DataProblem(_("图与实地左右相反：控制点的两个坐标可能写反了。"), hint=_("请把图上坐标的两列对调后再试。"))
        message = _("控制点残差太大：{name} 差 {distance:.1f} 米，超过 {limit:g} 米。")
        raise DataProblem(
            message.format(name=found.worst.name, distance=found.worst.distance, limit=limit), hint=_("请核对这个点；若图纸本身变形，可放宽限差。")
        )
    return found


def _similarity(names: Sequence[str], drawn: Points, there: Points, epsg: int) -> Fit:
    """Turning, scaling and shifting, in closed form: w = a z + b of complex numbers."""
    origin, target = drawn.mean(axis=0), there.mean(axis=0)
    z = (drawn - origin) @ np.array([1, 1j])
    w = (there - target) @ np.array([1, 1j])
    alpha = np.vdot(z, w) / np.vdot(z, z).real
    matrix = np.array([[alpha.real, -alpha.imag], [alpha.imag, alpha.real]])
    return _made(SIMILARITY, names, drawn, there, epsg, matrix, origin, target)


def _affine(names: Sequence[str], drawn: Points, there: Points, epsg: int) -> Fit:
    origin, target = drawn.mean(axis=0), there.mean(axis=0)
    solved, *_rest = np.linalg.lstsq(drawn - origin, there - target, rcond=None)
    return _made(AFFINE, names, drawn, there, epsg, solved.T, origin, target)


def _made(kind: str, names: Sequence[str], drawn: Points, there: Points, epsg: int, matrix: Points, origin: Points, target: Points) -> Fit:
    off = there - ((drawn - origin) @ matrix.T + target)
    residuals = tuple(Residual(name, float(dx), float(dy)) for name, (dx, dy) in zip(names, off, strict=True))
    return Fit(kind, epsg, matrix, origin, target, residuals)


def _collinear(points: Points) -> bool:
    spread = np.linalg.svd(points - points.mean(axis=0), compute_uv=False)
    return bool(spread[0] == 0 or spread[-1] / spread[0] < _FLAT)


def _mirrored(drawn: Points, there: Points) -> bool:
    """Whether the drawing with its axes exchanged fits, where it does not as it is."""
    swapped = _similarity([""] * len(drawn), drawn[:, ::-1], there, 0)
    return swapped.worst.distance <= LIMIT_M
