"""A local drawing lies where its control points say, or is refused with the point that is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangwen.errors import DataProblem, FileProblem
from chuangwen.exchange.control_points import AFFINE, SIMILARITY, fit
from chuangwen.exchange.control_table import fit_from_file
from chuangwen.exchange.source_crs import project_crs
from tests.exchange.made import table, workbook

DRAWN = np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 800.0], [0.0, 800.0], [400.0, 300.0]])
NAMES = list("甲乙丙丁戊")


def turned(angle: float, scale: float, east: float, north: float, points: np.ndarray = DRAWN) -> np.ndarray:
    a, b = scale * np.cos(angle), scale * np.sin(angle)
    return points @ np.array([[a, b], [-b, a]]) + [east, north]


@given(st.floats(-3, 3), st.floats(0.001, 1000), st.floats(3e5, 7e5), st.floats(2e6, 5e6))
def test_a_similarity_is_found_exactly(angle: float, scale: float, east: float, north: float) -> None:
    """Whatever the turn, the scale and the shift: eight-digit numbers lose nothing."""
    found = fit(NAMES, DRAWN, turned(angle, scale, east, north), 4548)

    assert SIMILARITY == found.kind
    assert found.apply(DRAWN) == pytest.approx(turned(angle, scale, east, north), abs=1e-6)
    assert found.scale == pytest.approx(scale)
    assert found.rms < 1e-6


def test_two_points_are_enough_for_a_similarity() -> None:
    """And one is not."""
    there = turned(0.3, 1.0, 437_000, 3_093_000)

    assert fit(NAMES[:2], DRAWN[:2], there[:2], 4548).apply(DRAWN) == pytest.approx(there, abs=1e-6)
    with pytest.raises(DataProblem, match="至少要 2 个"):
        fit(NAMES[:1], DRAWN[:1], there[:1], 4548)


def test_a_stretched_drawing_is_affine() -> None:
    """Paper that shrank one way."""
    there = turned(0.3, 1.0, 437_000, 3_093_000, DRAWN * [1.02, 1.0])

    found = fit(NAMES, DRAWN, there, 4548, limit=5)

    assert AFFINE == found.kind
    assert found.apply(DRAWN) == pytest.approx(there, abs=1e-6)


def test_the_wrong_point_is_named() -> None:
    """12 m off at 丙: refused above 5 m, taken with a wider limit, its residual in the table."""
    there = turned(0.0, 1.0, 437_000, 3_093_000)
    there[2] += [0, 12]

    with pytest.raises(DataProblem, match="丙"):
        fit(NAMES, DRAWN, there, 4548, kind=SIMILARITY)
    found = fit(NAMES, DRAWN, there, 4548, kind=SIMILARITY, limit=20)
    assert "丙" == found.worst.name
    assert len(found.residuals) == 5
    assert "丙" in found.sentence()


@pytest.mark.parametrize(
    ("drawn", "there", "kind", "match"),
    [
        (DRAWN[[0, 0]], DRAWN[[0, 1]], "auto", "相同"),
        (np.array([[0.0, 0], [1, 1], [2, 2.0]]), np.array([[0.0, 0], [1, 1], [2, 2.0]]), AFFINE, "一条直线"),
        (DRAWN[:3], DRAWN[:3, ::-1] + 1e6, SIMILARITY, "左右相反"),
        (DRAWN, DRAWN[:, ::-1] + 1e6, "auto", "左右相反"),
        (DRAWN * [1, -1], DRAWN * [1.0, 1.02] + 1e6, AFFINE, "左右相反"),
    ],
)
def test_points_that_cannot_be_used(drawn: np.ndarray, there: np.ndarray, kind: str, match: str) -> None:
    """Doubled, on a line, mirrored."""
    with pytest.raises(DataProblem, match=match):
        fit(["p"] * len(drawn), drawn, there, 4548, kind=kind)


@pytest.mark.parametrize("degrees", [True, False])
def test_a_table_of_points(tmp_path: Path, degrees: bool) -> None:
    """csv or xlsx; degrees or metres of the project."""
    there = turned(0.2, 1.0, 437_000, 3_093_000)
    shown = project_crs(4548).to_degrees(there) if degrees else there
    head = ["点名", "原X", "原Y", *(("目标经度", "目标纬度") if degrees else ("目标X", "目标Y"))]
    rows = [head, *([name, *map(float, point), *map(float, place)] for name, point, place in zip(NAMES, DRAWN, shown, strict=True))]

    found = fit_from_file(workbook(tmp_path / "点.xlsx", rows), 4548)

    assert found.apply(DRAWN) == pytest.approx(there, abs=1e-3)


def test_a_table_that_lacks_something(tmp_path: Path) -> None:
    """The file, the column, the row."""
    with pytest.raises(FileProblem, match="找不到"):
        fit_from_file(tmp_path / "无.csv", 4548)
    with pytest.raises(DataProblem, match="缺少列"):
        fit_from_file(table(tmp_path / "a.csv", [["点名", "原X"], ["甲", "1"]]), 4548)
    with pytest.raises(DataProblem, match="第 3 行"):
        fit_from_file(table(tmp_path / "b.csv", [["原X", "原Y", "目标X", "目标Y"], ["1", "2", "3", "4"], ["1", "?", "3", "4"]]), 4548)


def test_the_point_that_the_others_speak_against(tmp_path: Path) -> None:
    """A blunder at the rim pulls the fit to itself: its own residual is small, left out it is not."""
    there = turned(0.1, 1.0, 437_000, 3_093_000)
    there[2] += [30, -20]
    found = fit(NAMES, DRAWN, there, 4548, limit=100)

    assert "丙" == found.suspect.name
    assert found.suspect.alone > 1.5 * found.suspect.distance
    with pytest.raises(DataProblem, match="丙"):
        fit(NAMES, DRAWN, there, 4548)


@pytest.mark.parametrize("written", ["north first", "prefix", "swapped degrees"])
def test_targets_as_surveyors_write_them(tmp_path: Path, written: str) -> None:
    """X is north, the zone stands before the easting, latitude comes first: the place is the same."""
    there = turned(0.2, 1.0, 437_000, 3_093_000)
    shown = {"north first": there[:, ::-1], "prefix": there + np.array([39e6, 0]), "swapped degrees": project_crs(4548).to_degrees(there)[:, ::-1]}[written]
    head = ["点名", "原X", "原Y", *(("目标经度", "目标纬度") if "degrees" in written else ("目标X", "目标Y"))]
    rows = [head, *([name, *map(float, point), *map(float, place)] for name, point, place in zip(NAMES, DRAWN, shown, strict=True))]

    assert fit_from_file(workbook(tmp_path / "点.xlsx", rows), 4548).apply(DRAWN) == pytest.approx(there, abs=1e-3)


def test_targets_that_are_no_places(tmp_path: Path) -> None:
    """Not metres of the project, not degrees."""
    rows = [["点名", "原X", "原Y", "目标X", "目标Y"], ["甲", 0, 0, 5.5, 9.5], ["乙", 1, 0, 6.5, 9.5]]

    with pytest.raises(DataProblem, match="不像项目坐标"):
        fit_from_file(workbook(tmp_path / "点.xlsx", rows), 4548)
