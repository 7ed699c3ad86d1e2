"""What the wall map shows is what the project holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import UserError
from chuangwen.services.paper.colouring import neighbours
from chuangwen.services.paper.figures import Figures
from chuangwen.services.paper.sheet import Request
from chuangwen.services.paper.wall import WallSheet, plan
from chuangwen.services.project import Project


def adding(layer: str, code: str, geometry: object = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


def wall(project: Project, paper: str = "A0", scale: int | None = None) -> WallSheet:
    """The sheet."""
    (sheet,) = plan(project, Request("wall", paper=paper, scale=scale))
    assert isinstance(sheet, WallSheet)
    return sheet


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Project]:
    """A project with nothing in it."""
    found = Project.create(tmp_path / "p.gpkg", Campaign("试验", district="试验区"), 4548, "甲")
    yield found
    found.close()


def test_neighbouring_streets_and_zones_of_one_street_differ(demo: Project) -> None:
    """Six streets in at most six colours; within a street the shades differ."""
    sheet, zones = wall(demo), demo.features("zone")

    touching = neighbours(zones.geometry)
    for at, others in enumerate(touching):
        for other in others:
            mine, theirs = sheet.paints[zones.ids[at]], sheet.paints[zones.ids[other]]
            assert mine != theirs
            same = zones.column("street")[at] == zones.column("street")[other]
            assert (mine[0] == theirs[0]) == same
    assert {street.name for street in sheet.streets} == set(zones.column("street"))
    assert len({colour for colour, _shade in sheet.paints.values()}) >= 4


def test_key_figures_are_the_project_s(demo: Project) -> None:
    """Counted here by other means; 82.0 % with its numerator and denominator (SR-08)."""
    statuses = Counter(demo.features("issue").column("status"))
    found = wall(demo).figures

    assert (found.sites, found.zones, found.sections) == (132, 36, 48)
    assert (found.issues, found.closed, found.unassigned) == (1240 - statuses["void"], statuses["closed"], statuses["unassigned"])
    late = [
        due
        for due, status in zip(demo.features("issue").column("due_at"), demo.features("issue").column("status"), strict=True)
        if due and due < demo.campaign.today and status not in ("closed", "void", "rectified", "long_term", "deferred", "registered")  # type: ignore[operator]
    ]
    assert found.overdue >= len(late) > 0
    assert found.rate == "82.0%"


def test_a_rate_is_never_rounded_up() -> None:
    """9 999 of 10 000 is not yet all; nothing to rectify is no rate."""
    assert Figures(0, 0, 0, 10_000, 9_999, 0, 0).rate == "99.9%"
    assert Figures(0, 0, 0, 10, 10, 0, 0).rate == "100.0%"
    assert Figures(0, 0, 0, 0, 0, 0, 0).rate == "—"


def test_every_site_has_its_number_and_only_those_on_the_map_bear_it(demo: Project) -> None:
    """132 rows by code; the code itself is the number where it is short."""
    rows = wall(demo).rows["site"]

    assert [row.feature.code for row in rows] == sorted(demo.features("site").column("code"))  # type: ignore[type-var]
    assert all(row.number == (row.feature.code if row.feature.geometry is not None else "") for row in rows)
    assert len({row.number for row in rows if row.number}) == sum(bool(row.number) for row in rows)


def test_long_codes_give_way_to_running_numbers(bare: Project) -> None:
    """Nobody reads 110108-SC07-0012 beside a symbol."""
    bare.apply(Edit("x", tuple(adding("site", f"110108-SC07-{n:04d}", shapely.Point(440_000 + 90 * n, 3_093_000 + 50 * n)) for n in range(12))))

    assert [row.number for row in wall(bare).rows["site"]] == [str(n) for n in range(1, 13)]


def test_units_of_most_sections_have_letters_and_every_section_stands_once(demo: Project) -> None:
    """The colours go to those who have most to do."""
    units = wall(demo).units

    assert [unit.letter for unit in units[:10]] == list("ABCDEFGHIJ")
    assert not any(unit.letter for unit in units[10:])
    assert [len(unit.sections) for unit in units] == sorted((len(unit.sections) for unit in units), reverse=True)
    assert sorted(one.code for unit in units for one in unit.sections) == sorted(map(str, demo.features("section").column("code")))


def test_the_command_goes_from_leaders_to_zone_chiefs(demo: Project) -> None:
    """As far as the project says who they are, with what each is responsible for."""
    leaders, leads, units, chiefs = wall(demo).levels

    assert "12" in leaders.title
    assert sum(int(post.load.split()[0]) for post in leaders.posts) == 132
    assert leads.posts[0].name == "区城管局"
    assert sum(int(post.load) for post in units.posts) == sum(unit is not None for unit in demo.features("site").column("responsible_unit"))
    assert {post.load for post in chiefs.posts} == set(demo.features("zone").column("code"))


def test_levels_that_nobody_has_entered_are_left_out(bare: Project) -> None:
    """No empty boxes."""
    bare.apply(Edit("x", (adding("zone", "1", shapely.box(440_000, 3_093_000, 441_000, 3_094_000), chief="甲"),)))

    assert [level.title for level in wall(bare).levels] == ["网格长 1 人"]


def test_the_whole_district_is_in_the_frame_and_a_wrong_place_does_not_shrink_it(demo: Project) -> None:
    """A site with coordinates of another province is off the map and has no number there."""
    before = wall(demo)
    demo.apply(Edit("x", (adding("site", "999", shapely.Point(440_000 + 900_000, 3_093_000)),)))
    after = wall(demo)

    assert after.map == before.map
    assert {row.feature.code: row.number for row in after.rows["site"]}["999"] == ""
    bounds, (x, y), plan_ = demo.features("zone").bounds, after.map.centre, after.plan
    half = np.array([plan_.width, plan_.height]) * after.map.denominator / 2000
    assert (bounds[:, :2] >= np.array([x, y]) - half).all()
    assert (bounds[:, 2:] <= np.array([x, y]) + half).all()
    # Large: more than four fifths of the frame one way.
    extent = np.array([np.ptp(bounds[:, [0, 2]]), np.ptp(bounds[:, [1, 3]])])
    assert (extent / (2 * half)).max() > 0.8


def test_the_streets_of_one_district_are_coloured_each_for_itself(bare: Project) -> None:
    """Zones that are the streets themselves all name the district as their street: it is the title's name, not a colour."""
    rows = [
        adding("zone", f"Z{n}", shapely.box(440_000 + 1000 * n, 3_093_000, 441_000 + 1000 * n, 3_094_000), name=f"街{n}", street="海淀区") for n in range(4)
    ]
    bare.apply(Edit("x", tuple(rows)))
    sheet = wall(bare)

    assert not sheet.streets
    assert len({colour for colour, _shade in sheet.paints.values()}) > 1
    assert sheet.title == "试验区创建全国文明城市迎检作战图"


def test_the_command_post_is_found_by_its_name(demo: Project) -> None:
    """A site called 指挥部; none where there is none."""
    assert wall(demo).command_post is None
    demo.apply(Edit("x", (adding("site", "133", shapely.Point(437_000, 3_093_000), name="区创城指挥部"),)))

    assert wall(demo).command_post == ("区创城指挥部", 437_000.0, 3_093_000.0)


def test_a_given_scale_is_kept_and_what_cannot_be_printed_is_said(demo: Project, bare: Project) -> None:
    """A4 is no wall; a project with nothing in it has no map."""
    assert wall(demo, scale=15_000).map.denominator == 15_000
    with pytest.raises(UserError, match="A4"):
        wall(demo, paper="A4")
    with pytest.raises(UserError, match="还没有"):
        wall(bare)
