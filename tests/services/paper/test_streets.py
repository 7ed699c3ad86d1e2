"""A street's figures are the project's counts; every site and issue belongs to one street; neighbours differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from shapely.geometry import Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign, is_open, rectification_rate
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import UserError
from chuangwen.services.paper.sheet import Request
from chuangwen.services.paper.streets import MOST_NUMBERED, NO_STREET, StreetSheet, plan
from chuangwen.services.project import Project

X, Y = 437_000.0, 3_093_000.0


def adding(layer: str, code: str, geometry: object = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two streets and a zone without one; a zone without a boundary."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区"), 4548, "甲")
    rows = [
        adding("zone", "A-1", box(X, Y, X + 500, Y + 500), street="东街"),
        adding("zone", "A-2", box(X + 500, Y, X + 1000, Y + 500), street="东街"),
        adding("zone", "A-3", None, street="东街"),
        adding("zone", "B-1", box(X + 1000, Y, X + 1500, Y + 500), street="西街"),
        adding("zone", "C-1", box(X, Y + 500, X + 500, Y + 900)),
        adding("site", "001", Point(X + 500, Y + 100), name="在边上"),
        adding("site", "002", None, name="没有坐标", zone_code="B-1"),
        adding("site", "003", Point(X + 5000, Y), name="在外面", street="西街"),
        adding("site", "004", Point(X + 5000, Y), name="哪儿都不是"),
        adding("site", "005", None, name="网格没有边界", zone_code="A-3", street="东街"),
        *(
            adding("issue", f"i-{at}", Point(X + 10 + at, Y + 10), description="坑", status=status)
            for at, status in enumerate(["closed", "in_progress", "void", "closed"])
        ),
    ]
    found.apply(Edit("数据", tuple(rows)))
    yield found
    found.close()


def sheets(project: Project, *codes: str) -> dict[str, StreetSheet]:
    """Street → its sheet."""
    return {one.code: one for one in plan(project, Request("street", codes or None, "A3")) if isinstance(one, StreetSheet)}


def test_every_zone_stands_in_its_street_and_those_of_none_in_a_group(project: Project) -> None:
    """By name, the group last; a zone without a boundary is listed all the same."""
    found = sheets(project)

    assert list(found) == ["东街", "西街", NO_STREET]
    assert [row.zone.code for row in found["东街"].zones] == ["A-1", "A-2", "A-3"]
    assert [one.number for one in found.values()] == [1, 2, 3]


def test_a_site_belongs_to_one_street(project: Project) -> None:
    """Where it lies, on an edge the zone of the smaller code; else the zone it names, else the street; else none."""
    found = sheets(project)

    assert {name: [row.feature.code for row in one.rows["site"]] for name, one in found.items()} == {
        "东街": ["001", "005"],
        "西街": ["002", "003"],
        NO_STREET: ["004"],
    }
    assert [(row.zone.code, row.sites) for row in found["东街"].zones] == [("A-1", 1), ("A-2", 0), ("A-3", 1)]
    assert [(row.feature.code, row.number) for row in found["西街"].rows["site"]] == [("002", ""), ("003", "")]


def test_the_rate_has_a_numerator_and_a_denominator(project: Project) -> None:
    """Void issues do not count (SR-08); a street without issues has no rate."""
    found = sheets(project)

    assert (found["东街"].figures.closed, found["东街"].figures.issues, found["东街"].figures.rate) == (2, 3, "66.6%")
    assert (found["东街"].unfinished, [row.open for row in found["东街"].zones]) == (1, [1, 0, 0])
    assert found["西街"].figures.rate == "—"


def test_more_open_issues_than_can_be_read_bear_no_numbers(project: Project) -> None:
    """80 are numbered, 81 are not."""
    for count, numbered in ((MOST_NUMBERED - 1, True), (MOST_NUMBERED, False)):
        have = sheets(project)["东街"].unfinished
        more = [adding("issue", f"n-{at}", Point(X + at, Y + 30), description="坑", status="dispatched") for at in range(have, count + 1)]
        project.apply(Edit("x", tuple(more)))
        found = sheets(project)["东街"]
        assert (found.unfinished, found.numbered) == (count + 1, numbered)
        assert len({row.number for row in found.rows["issue"] if row.number}) == (count + 1 if numbered else 0)


def test_what_cannot_be_printed_is_said(project: Project, tmp_path: Path) -> None:
    """A street that is not there, with those that are; one whose zones have no boundary; no zones at all."""
    with pytest.raises(UserError, match="南街"):
        sheets(project, "南街")
    project.apply(Edit("x", (adding("zone", "D-1", None, street="北街"),)))
    with pytest.raises(UserError, match="边界"):
        sheets(project, "北街")
    empty = Project.create(tmp_path / "空.gpkg", Campaign("空"), 4548, "甲")
    with pytest.raises(UserError, match="还没有网格"):
        sheets(empty)
    empty.close()


def test_the_figures_of_the_demo_add_up(demo: Project) -> None:
    """All sites, zones and issues of the project, none twice; the zones' open issues are the street's that lie in a zone."""
    found = sheets(demo)
    issues = demo.features("issue")

    assert len(found) == 6
    assert sum(one.figures.sites for one in found.values()) == len(demo.features("site")) == 132
    assert sum(one.figures.zones for one in found.values()) == len(demo.features("zone")) == 36
    assert (sum(one.figures.closed for one in found.values()), sum(one.figures.issues for one in found.values())) == rectification_rate(issues)
    assert sum(one.unfinished for one in found.values()) == int(is_open(issues).sum())
    for one in found.values():
        assert len({row.feature.id for row in one.rows["site"]}) == one.figures.sites == sum(row.sites for row in one.zones)
        assert one.unfinished == sum(row.open for row in one.zones)


def test_neighbours_have_different_fills(demo: Project) -> None:
    """By counting those that touch, in every street; no fill is used for all."""
    for one in sheets(demo).values():
        zones = [row.zone for row in one.zones]
        pairs = [(a, b) for at, a in enumerate(zones) for b in zones[at + 1 :] if shapely.dwithin(a.geometry, b.geometry, 1.0)]
        assert pairs
        assert all(one.tints[a.id] != one.tints[b.id] for a, b in pairs)
        assert len(Counter(one.tints.values())) > 1
