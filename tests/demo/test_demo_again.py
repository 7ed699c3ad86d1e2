"""Made again, the demo files come out the same: what the tests and the manual's pictures rest on does not drift."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import shapely

from .conftest import MADE, SHAPEFILES, WORKBOOKS, layer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    environment = {"PYTHONHASHSEED": "7", "PATH": ""}  # not the seed of the run that made the committed files
    subprocess.run([sys.executable, ROOT / "resources" / "demo" / "make", "--out", folder], check=True, env=environment, capture_output=True)
    return folder


@pytest.mark.slow
def test_the_same_files(again: Path) -> None:
    assert sorted(p.name for p in again.iterdir()) == sorted(p.name for p in MADE.iterdir())
    photos = list((MADE / "照片").iterdir())
    assert sorted(p.name for p in (again / "照片").iterdir()) == sorted(p.name for p in photos)
    assert sum(p.stat().st_size for p in MADE.iterdir() if p.is_file()) < 2_000_000
    assert sum(p.stat().st_size for p in photos) < 1_000_000
    assert max(p.stat().st_size for p in photos) < 60_000


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SHAPEFILES, "建筑物", "楼栋"])
def test_the_same_map(name: str, again: Path) -> None:
    old, new = layer(name), layer(name, again)
    assert old.drop(columns="geometry").equals(new.drop(columns="geometry"))
    assert np.array_equal(shapely.get_num_coordinates(old.geometry), shapely.get_num_coordinates(new.geometry))
    # another build of GEOS may round otherwise in the last digit
    assert np.abs(shapely.get_coordinates(old.geometry) - shapely.get_coordinates(new.geometry)).max() < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("name", WORKBOOKS)
def test_the_same_cells(name: str, again: Path) -> None:
    old, new = (openpyxl.load_workbook(folder / f"{name}.xlsx").worksheets[0] for folder in (MADE, again))
    assert [[c.value for c in line] for line in old.iter_rows()] == [[c.value for c in line] for line in new.iter_rows()]
    assert {str(m) for m in old.merged_cells.ranges} == {str(m) for m in new.merged_cells.ranges}
