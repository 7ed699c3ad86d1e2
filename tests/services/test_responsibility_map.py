"""The responsibility map before any issue falls in: who has what, holes and doubles, areas × categories (CV-01, CV-16; SR-46, SR-64)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from chuangwen.cli.commands import main
from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import UserError
from chuangwen.services.project import Project
from chuangwen.services.responsibility import Resolver
from chuangwen.services.responsibility_map import DOUBLE, HOLE, Reading, map_of
from chuangwen.services.responsibility_table import STREET, table_of
from chuangwen.services.responsible_claims import Claims
from chuangwen.settings import Settings
from tests.exchange.made import features
from tests.services.responsible_town import ZONES, town

X, Y = 500_000.0, 3_000_000.0
GROUND = features("district", {"code": "Q", "name": "区", "geometry": shapely.box(0, 0, 2200, 1500)})
TOWN = town(district=GROUND)
RESOLVER = Resolver(TOWN)
CLAIMS = Claims(RESOLVER)


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
    assert [(one.kind, one.area_m2) for one in found.places] == [(HOLE, pytest.approx(100_000)), (DOUBLE, pytest.approx(100_000))]
    assert found.places[1].claims == ("A", "B")
    assert found.places[1].settled == "code"
    assert "甲局" in found.places[1].text
    assert dict(found.areas()) == {"甲局": pytest.approx(500_000), "乙局": pytest.approx(400_000), None: pytest.approx(100_000)}
    x, y = found.places[0].at
    assert X + 900 < x < X + 1000
    assert Y < y < Y + 1000
    with pytest.raises(UserError, match="没有类别"):
        map_of(project, None, "没有这一类")


def test_what_is_narrower_than_a_cell_is_measured(project: Project) -> None:
    """A gap of 3.7 m × 250 m and an overlap of 1.3 m × 1 km, finer than the raster, are found with their exact area."""
    zone = project.layers["zone"]
    rows = project.features("zone")
    shapes = {
        "A": shapely.difference(shapely.box(X, Y, X + 451.3, Y + 1000), shapely.box(X + 100, Y + 100, X + 103.7, Y + 350)),
        "B": shapely.box(X + 450, Y, X + 1000, Y + 1000),
    }
    for code, shape in shapes.items():
        one = rows.feature(rows.ids[rows.column("code").index(code)])
        assert one is not None
        project.apply(edits.place(zone, one, shape))
    found = map_of(project, None)
    assert [(one.kind, one.area_m2) for one in found.places] == [(HOLE, pytest.approx(3.7 * 250)), (DOUBLE, pytest.approx(1.3 * 1000))]


def test_what_a_rule_before_decides_is_no_double(project: Project) -> None:
    """Where a compound lies on half of the overlap of two zones it is the compound's: only the other half is 重复."""
    compound = project.layers["compound"]
    project.apply(edits.add(compound, {"code": "X", "name": "小区", "responsible_unit": "乙局"}, shapely.box(X + 400, Y, X + 500, Y + 500)))
    found = map_of(project, None)
    assert [one.area_m2 for one in found.places if one.kind == DOUBLE] == [pytest.approx(50_000)]


def test_a_category_changes_the_map() -> None:
    """8.4, rule 6: a crossing counts only for traffic; the owner of a part has it wherever it lies, so that nothing is 空白 or 重复."""
    plain, traffic, water = (map_of(TOWN, None, one) for one in ("", "traffic", "manhole_water"))
    said = [dict(one.areas()) for one in (plain, traffic, water)]
    assert "示范区交警大队" not in said[0]
    assert said[1]["示范区交警大队"] == pytest.approx(np.pi * 50**2, rel=0.05)
    assert said[2] == {"示江供水公司": pytest.approx(2200 * 1500)}
    assert water.places == ()
    for one in said:
        assert sum(one.values()) == pytest.approx(2200 * 1500)


def test_two_parks_are_told_by_size_and_two_roads_by_nearness() -> None:
    """SR-46: sections that share ground and sites that lie in each other are named with what decides between them."""
    settled = {frozenset(one.claims): one.settled for one in map_of(TOWN, None).places if one.kind == DOUBLE}
    assert settled[frozenset(("001", "002"))] == "distance"  # most of it is the surroundings of the small one
    assert settled[frozenset(("003", "004"))] == "distance"
    assert frozenset(("L-2", "L-3")) not in settled  # one has the left side, the other the right


@settings(max_examples=300, deadline=None)
@given(
    x=st.floats(0.5, 2199.5, allow_nan=False),
    y=st.floats(0.5, 1499.5, allow_nan=False),
    category=st.sampled_from([None, "traffic", "environment", "manhole_water"]),
)
def test_shapes_say_of_a_spot_what_the_rules_say(x: float, y: float, category: str | None) -> None:
    """SR-64: a spot is in what nobody has exactly where `explain` names nobody; in a double two of one rule are in reach, and that rule decides."""
    agree(TOWN, RESOLVER, CLAIMS, x, y, category)


NOBODYS: dict[str | None, Any] = {}


def agree(view: Any, resolver: Resolver, claims: Claims, x: float, y: float, category: str | None) -> None:
    if category not in NOBODYS:
        book = resolver.rules.categories
        chain = book.chain(book.named(category)) if category else ()
        ground = shapely.union_all(view.features("district").geometry)
        NOBODYS[category] = claims.uncovered(ground, chain), claims.overlaps(ground, chain, 1.0)
    nobody, doubles = NOBODYS[category]
    point = shapely.Point(x, y)
    told = resolver.explain(x, y, category)
    edges = [nobody, *(one.shape for one in doubles)]
    if any(shapely.dwithin(shapely.boundary(edge), point, 0.1) for edge in edges):
        return  # arcs are drawn to 6 cm
    assert (told.unit is None) == bool(shapely.intersects(nobody, point))
    for one in doubles:
        if shapely.intersects(one.shape, point):
            in_reach = {candidate.code for candidate in told.candidates if candidate.rule == one.rule.id and candidate.in_reach}
            assert set(one.codes) <= in_reach
            assert told.winner is not None
            assert told.winner.rule == one.rule.id


def test_the_map_says_what_the_single_spot_says() -> None:
    """Two hundred cells of three maps against `explain` at their middles."""
    random = np.random.default_rng(66)
    for category in ("", "traffic", "manhole_water"):
        found = map_of(TOWN, None, category)
        rows, columns = np.nonzero(found.cells > -2)
        for at in random.choice(len(rows), 200, replace=False).tolist():
            x = found.corner[0] + (int(columns[at]) + 0.5) * found.step
            y = found.corner[1] - (int(rows[at]) + 0.5) * found.step
            unit = int(found.cells[rows[at], columns[at]])
            assert RESOLVER.explain(x, y, category or None).unit == (found.units[unit] if unit >= 0 else None)


def test_names_stand_inside_what_a_unit_has() -> None:
    """Each spot for a name lies as deep in the land of its unit as it says."""
    found = map_of(TOWN, None)
    assert {one.unit for one in found.names} >= {found.units.index("单位10"), found.units.index("单位9")}
    for one in found.names:
        column, row = int((one.x - found.corner[0]) / found.step), int((found.corner[1] - one.y) / found.step)
        deep = int(one.room / found.step) - 1
        assert (found.cells[row, column - deep : column + deep + 1] == one.unit).all()
        assert (found.cells[row - deep : row + deep + 1, column] == one.unit).all()


def test_areas_by_categories_in_the_workbook(project: Project, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A row a zone and one for the land without a zone, a column a category; on the command line, too, for several categories."""
    table = table_of(project, None)
    assert table.areas == ("A A", "B B", "无网格")
    assert table.cells[0][0].words == "甲局 100%；重复 100,000 m²"
    assert table.cells[2][0].words == "空白 100,000 m²"
    assert sum(area for row in table.cells for _unit, area in row[0].units) == pytest.approx(900_000)
    out = tmp_path / "责任.xlsx"
    asked = ["report", "responsibility", str(project.path), "--out", str(out), "--category", "交通类", "--category", "environment", "--json"]
    assert main(asked, Settings(actor="王")) == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["category"], one["kind"]) for one in told["places"]] == [(title, kind) for title in ("交通类", "环境类") for kind in (HOLE, DOUBLE)]
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == ["网格和类别", "街道和类别", "空白和重复", "各单位面积", "各网格各单位面积"]
    assert [cell.value for cell in book["空白和重复"][3]][:5] == ["交通类", "空白", "不在任何网格内，没有责任单位", None, 100_000]


def test_areas_by_street_add_up() -> None:
    """By street: the zones of one street are one row, and what nobody has is in it."""
    table = table_of(TOWN, None, by=STREET)
    whole = {row: sum(area for _unit, area in cells[0].units) + cells[0].blank_m2 for row, cells in zip(table.areas, table.cells, strict=True)}
    assert table.areas == ("文昌街道", "无网格")
    assert sum(whole.values()) == pytest.approx(2200 * 1500)
    assert whole["文昌街道"] == pytest.approx(2_500_000)  # the zone without a unit lies half outside the district


def test_a_zone_without_a_unit_is_a_hole_of_its_own() -> None:
    """SR-64: where a zone has no unit and no street stands behind it, it is named as 空白."""
    rows = [dict(zip(("code", "name", "kind"), values, strict=True)) for values in zip(*(ZONES.column(name) for name in ("code", "name", "kind")), strict=True)]
    zones = features("zone", *({**row, "geometry": shape} for row, shape in zip(rows, ZONES.geometry, strict=True)))
    read = Reading(town(district=GROUND, zone=zones), None)
    found = map_of(read.resolver.view, None, reading=read)
    assert any(one.text == "网格 A-8 内没有责任单位" for one in found.places if one.kind == HOLE)
