"""Which issues, photos, zone and crossings belong on a site's sheet."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from shapely.geometry import LineString, Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import UserError
from chuangwen.services.paper.sheet import Request
from chuangwen.services.paper.sites import SiteSheet, plan
from chuangwen.services.project import Project

X, Y = 437_000.0, 3_093_000.0


def adding(layer: str, code: str, geometry: object = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two sites with a place, one without; issues about them; two zones whose edge runs through the first site."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区"), 4548, "甲")
    here = Point(X, Y)
    rows = [
        adding("zone", "A-1", box(X - 500, Y - 500, X, Y + 500)),
        adding("zone", "A-2", box(X, Y - 500, X + 500, Y + 500)),
        adding("road", "1", LineString([(X - 900, Y + 100), (X + 900, Y + 100)]), name="人民路"),
        adding("road", "2", LineString([(X + 50, Y - 900), (X + 50, Y + 900)]), name="中山路"),
        adding("site", "001", here, name="人民广场", street="东街", zone_code="A-2"),
        adding("site", "002", Point(X + 300, Y), name="第一小学", street="东街", zone_code="Z-9"),
        adding("site", "003", None, name="没有坐标", street="西街", zone_code="A-1"),
    ]
    issues = [
        ("i-code", Point(X + 300, Y + 5), {"site_code": "001", "site_name": "第一小学"}),
        ("i-name", Point(X + 10, Y), {"site_name": "人民广场"}),
        ("i-other", Point(X, Y + 20), {"site_code": "002"}),
        ("i-near", Point(X + 60, Y), {}),
        ("i-far", Point(X + 60.5, Y), {}),
        ("i-off", Point(X + 5000, Y), {"site_code": "001"}),
        ("i-lost", None, {"site_code": "001"}),
        ("i-done", Point(X + 1, Y), {"site_code": "001", "status": "closed"}),
    ]
    rows += [adding("issue", code, place, description="问题", **{"status": "in_progress", **values}) for code, place, values in issues]
    found.apply(Edit("数据", tuple(rows)))
    yield found
    found.close()


def sheet(project: Project, code: str) -> SiteSheet:
    """The sheet of one site."""
    (found,) = plan(project, Request("site", (code,)))
    assert isinstance(found, SiteSheet)
    return found


def test_issues_by_code_then_by_name_then_within_sixty_metres(project: Project) -> None:
    """Closed ones are done; one that names another site counts as nearby; 60 m is in, 60.5 m is out; what is off the map or nowhere has no number."""
    found = sheet(project, "001")

    rows = {row.feature.code: row.number for row in found.rows["issue"]}
    assert set(rows) == {"i-name", "i-other", "i-near", "i-code", "i-off", "i-lost"}
    assert [rows["i-off"], rows["i-lost"], rows["i-code"]] == ["", "", ""]
    assert sorted(number for number in rows.values() if number) == ["问1", "问2", "问3"]
    assert rows["i-name"] == "问1"  # its own before those nearby
    assert {project.features("issue").feature(row_id).code: round(away) for row_id, away in found.away.items()} == {"i-other": 20, "i-near": 60}  # type: ignore[union-attr]


def test_the_zone_is_the_one_named_if_the_site_is_there_else_the_one_it_lies_in(project: Project) -> None:
    """On an edge the list decides; a code that is not there does not count; without a place only the list knows."""
    assert [sheet(project, code).zone.code for code in ("001", "002", "003")] == ["A-2", "A-2", "A-1"]  # type: ignore[union-attr]


def test_crossings_lie_where_the_roads_do(project: Project) -> None:
    """人民路 × 中山路, 112 m away; a site without a place has none, and no map."""
    assert [one.name for one in sheet(project, "001").crossings] == ["中山路与人民路路口"]
    assert sheet(project, "003").crossings == ()
    assert sheet(project, "003").maps == ()


def test_the_newest_two_photos_of_the_place_come_first(project: Project) -> None:
    """Photos of the site and of its rectification before others, a photo of another site not at all."""
    sites = project.features("site")
    own, other = (sites.coded(code).id for code in ("001", "002"))  # type: ignore[union-attr]

    def photo(code: str, owner: str, kind: str, day: int | None) -> Change:
        taken = None if day is None else dt.datetime(2024, 6, day, 8)
        return adding("photo", code, owner_layer="site", owner_id=owner, kind=kind, path=f"photos/{code}.jpg", sha256=code, taken_at=taken)

    rows = [photo("a", own, "site", 1), photo("b", own, "after", 3), photo("c", own, "psa", 9), photo("d", other, "site", 9), photo("e", own, "before", None)]
    project.apply(Edit("照片", tuple(rows)))
    assert [one.code for one in sheet(project, "001").photos] == ["b", "a"]
    assert [one.code for one in sheet(project, "002").photos] == ["d"]
    assert sheet(project, "003").photos == ()


def test_sheets_come_by_street_and_code_and_know_how_many_there_are(project: Project) -> None:
    """And a code that is not there is refused."""
    found = plan(project, Request("site"))

    assert [(one.code, one.group, one.number) for one in found] == [("001", "东街", 1), ("002", "东街", 2), ("003", "西街", 3)]
    assert {one.total for one in found if isinstance(one, SiteSheet)} == {3}
    with pytest.raises(UserError, match="999"):
        plan(project, Request("site", ("999",)))


def test_all_sites_of_the_demo_have_a_sheet(demo: Project) -> None:
    """132; the numbers on the maps are those of the tables, without gaps."""
    found = plan(demo, Request("site"))

    assert len(found) == 132
    for one in found:
        numbers = [row.number for row in one.rows["issue"] if row.number]
        assert numbers == [f"问{number}" for number in range(1, len(numbers) + 1)]
        if one.maps:
            assert one.map.denominator == 2000
