"""The responsibility map before any issue falls in: who has what, holes and doubles, areas × categories (CV-01, CV-16; SR-46)."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
import shapely

from chuangwen.cli.commands import main
from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import UserError
from chuangwen.services.project import Project
from chuangwen.services.responsibility_map import DOUBLE, HOLE, map_of, table_of
from chuangwen.settings import Settings

X, Y = 500_000.0, 3_000_000.0


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A square kilometre: two zones, of which the east one has a strip beyond it that nobody has; a third that overlaps the west one by 100 m × 1 km."""
    one = Project.create(tmp_path / "p.gpkg", Campaign("示范"), 4548, "王")
    unit, zone, district = one.layers["unit"], one.layers["zone"], one.layers["district"]
    for name in ("甲局", "乙局"):
        one.apply(edits.add(unit, {"code": name, "name": name}))
    one.apply(edits.add(district, {"code": "Q", "name": "区"}, shapely.box(X, Y, X + 1000, Y + 1000)))
    for code, owner, x0, x1 in (("A", "甲局", 0, 500), ("B", "乙局", 400, 900)):
        one.apply(edits.add(zone, {"code": code, "name": code, "kind": "campaign", "responsible_unit": owner}, shapely.box(X + x0, Y, X + x1, Y + 1000)))
    return one


def test_holes_and_doubles_have_their_area(project: Project) -> None:
    """The strip of 100 m × 1 km is 空白, the overlap 重复 with both zones and units named; the smaller code decides it."""
    found = map_of(project, None)
    assert [(one.kind, round(one.area_m2)) for one in found.places] == [(HOLE, 100_000), (DOUBLE, 100_000)]
    assert found.places[1].claims == ("A", "B")
    assert "甲局" in found.places[1].text
    assert dict(found.areas()) == {"甲局": 500_000, "乙局": 400_000, None: 100_000}
    x, y = found.places[0].at
    assert X + 900 < x < X + 1000
    assert Y < y < Y + 1000
    with pytest.raises(UserError, match="没有类别"):
        map_of(project, None, "没有这一类")


def test_areas_by_categories_in_the_workbook(project: Project, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A row a zone and one for the land without a zone, a column a category; on the command line, too."""
    table = table_of(project, None)
    assert table.areas == ("A A", "B B", "无网格")
    assert table.cells[0][0] == "甲局 100%"
    assert table.cells[2][0].startswith("空白")
    out = tmp_path / "责任.xlsx"
    assert main(["report", "responsibility", str(project.path), "--out", str(out), "--json"], Settings(actor="王")) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in told["places"]] == [HOLE, DOUBLE]
    assert openpyxl.load_workbook(out).sheetnames == ["网格和类别", "空白和重复", "各单位面积"]
