"""Export from a real project."""

from __future__ import annotations

from pathlib import Path

import pytest

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import UserError
from chuangwen.services.exporting import ExportOptions, run_export
from chuangwen.services.importing import run_import
from chuangwen.services.project import Project
from tests.exchange.made import shapefile

NAMES = {"网格编号": ["A-1", "A-2", "A-3", "A-4"], "网格名称": ["一号网格", "二号网格", "三号网格", "四号网格"]}


@pytest.fixture
def project(tmp_path: Path):
    """Four zones."""
    made = Project.create(tmp_path / "项目.gpkg", Campaign(title="测试"), 4548, "某某01")
    run_import(made, shapefile(tmp_path / "网格.shp", NAMES), "zone")
    yield made
    made.close()


@pytest.mark.parametrize("name", ["出.shp", "出.gpkg", "出.geojson", "出.csv", "出.xlsx"])
def test_what_goes_out_comes_back(project: Project, tmp_path: Path, name: str) -> None:
    """Import of the export changes nothing."""
    assert 4 == run_export(project, project.layers["zone"], tmp_path / name).count

    report = run_import(project, tmp_path / name, "zone")

    assert (0, 0, 4) == (report.added, report.changed, report.unchanged)


def test_only_what_the_table_shows(project: Project, tmp_path: Path) -> None:
    """Filtered features."""
    zones = project.features("zone")

    assert 2 == run_export(project, project.layers["zone"], tmp_path / "出.csv", features=zones.take([0, 2])).count


def test_the_project_file_is_not_overwritten(project: Project) -> None:
    """A slip with the file dialog; a CRS nobody knows."""
    with pytest.raises(UserError, match="项目文件"):
        run_export(project, project.layers["zone"], project.path)
    with pytest.raises(UserError, match="不认识坐标系"):
        run_export(project, project.layers["zone"], project.path.with_name("a.shp"), ExportOptions(crs="EPSG:nope"))
