"""The index names the sheets of a run by their own numbers and pages, wherever they come from."""

from __future__ import annotations

import pytest
import shapely

from chuangwen.domain.geo import Extent
from chuangwen.errors import UserError
from chuangwen.services.paper import zones
from chuangwen.services.paper.index import IndexSheet, plan, plan_index
from chuangwen.services.paper.sheet import Request, ground
from chuangwen.services.paper.sites import plan as plan_sites
from chuangwen.services.project import Project


def index(found: object) -> IndexSheet:
    """The one sheet."""
    (sheet,) = found  # type: ignore[misc]
    assert isinstance(sheet, IndexSheet)
    return sheet


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_numbers_are_those_of_the_zone_sheets(demo: Project, paper: str) -> None:
    """In their order, sub-sheets with their part; the map shows all of them and all of the district."""
    sheets = zones.plan(demo, Request("zone", paper=paper))

    found = index(plan(demo, Request("index", paper=paper)))

    assert [one.sheet.code for one in found.listed] == [sheet.code for sheet in sheets]
    assert [one.number for one in found.listed] == [f"{sheet.number}-{sheet.part}" if sheet.part else str(sheet.number) for sheet in sheets]
    assert len({one.number for one in found.listed}) == len(sheets)
    shown = shapely.box(*bounds(found))
    assert all(shown.contains(one.outline) for one in found.listed)
    assert all(shown.contains(zone.geometry) for zone in demo.features("zone"))


def bounds(sheet: IndexSheet) -> tuple[float, float, float, float]:
    """The ground of its map."""
    return ground(sheet.map, sheet.plan.width, sheet.plan.height).bounds  # type: ignore[no-any-return]


def test_outlines_are_the_grounds_of_the_maps(demo: Project) -> None:
    """Width on the ground = width on paper × scale; the zone's own ground lies in it."""
    for one in index(plan(demo, Request("index"))).listed:
        place = one.sheet.template.map_frame(one.sheet.paper, landscape=one.sheet.landscape)
        extent = Extent(*one.outline.bounds)
        assert extent.width == pytest.approx(place.width * one.sheet.map.denominator / 1000)
        assert extent.height == pytest.approx(place.height * one.sheet.map.denominator / 1000)
        assert one.outline.contains(one.area.representative_point())


def test_an_index_of_a_few_sheets_with_given_pages(demo: Project) -> None:
    """As a packet asks for it; sheets of another product too, those without a map are left out with their pages."""
    sheets = plan_sites(demo, Request("site"))[:20]
    assert any(not sheet.maps for sheet in sheets)

    found = index(plan_index(demo, sheets, [3 * at for at in range(20)]))

    assert [(one.sheet, page) for one, page in zip(found.listed, found.pages, strict=True)] == [
        (sheet, 3 * at) for at, sheet in enumerate(sheets) if sheet.maps
    ]
    assert "点位一页表" in found.title
    with pytest.raises(UserError, match="图幅"):
        plan_index(demo, [sheet for sheet in sheets if not sheet.maps], ())


def test_a_single_zone_has_an_index_too_and_an_unknown_one_is_refused(demo: Project) -> None:
    """As the zone sheets themselves."""
    assert [one.sheet.code for one in index(plan(demo, Request("index", ("WC-01",)))).listed] == ["WC-01"]
    with pytest.raises(UserError, match="X-9"):
        plan(demo, Request("index", ("X-9",)))
