"""The zones that a project holds, checked by kind."""

from __future__ import annotations

from pathlib import Path

import shapely

from chuangwen.domain.campaign import Campaign
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from chuangwen.services.zone_check import check
from tests.exchange.made import SQUARES, shapefile


def test_zones_of_a_project_are_checked_by_kind(tmp_path: Path) -> None:
    """Imported with an overlap; cleaned by importing again with consent; undone, it is back."""
    project = Project.create(tmp_path / "项目.gpkg", Campaign(title="测试"), 4548, "某某01")
    x, y, _x, _y = SQUARES[0].bounds
    shapes = [shapely.box(x, y, x + 100.5, y + 100), *SQUARES[1:]]
    file = shapefile(tmp_path / "网格.shp", {"网格编号": ["A-1", "A-2", "A-3", "A-4"]}, shapes)
    run_import(project, file, "zone")

    assert [("overlap", {"A-1", "A-2"}, 50.0)] == [(one.kind, set(one.codes), round(one.area, 6)) for one in check(project, "campaign")]
    assert [] == check(project, "community")
    report = run_import(project, file, "zone", ImportOptions(answers={"clean": "yes"}))
    assert (1, 50.0) == (report.changed, round(report.cleaning.moved_area, 6) if report.cleaning else None)
    assert [] == check(project, "campaign")
    project.undo()
    assert 1 == len(check(project, "campaign"))
    project.close()
