"""A sheet changed by hand prints so, and its edges and neighbours follow the ground that it shows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chuangwen.render.paper.page import Page
from chuangwen.render.paper.products import atlas, sheets
from chuangwen.services.paper.handwork import Handwork, keep, key_of
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.services.paper.zones import ZoneSheet
from chuangwen.services.project import Project
from tests.build import copied

pytestmark = pytest.mark.window


@pytest.fixture
def project(demo_file: Path, tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A copy of the demo."""
    found = Project.open(copied(demo_file, tmp_path), "测试员")
    yield found
    found.close()


def sheet_of(project: Project, code: str) -> ZoneSheet:
    """A zone's sheet as it is printed."""
    (found,) = sheets(project, Request("zone", (code,)))
    assert isinstance(found, ZoneSheet)
    return found


def first(project: Project, code: str) -> Page:
    """Its page."""
    return atlas(project, Request("zone", (code,))).pages[0]


def worked(project: Project, sheet: Sheet, hand: Handwork) -> None:
    """Keep what was changed."""
    keep(project.store, key_of(sheet), hand)


def test_a_map_moved_by_hand_shows_other_ground_with_its_neighbours(project: Project) -> None:
    """400 m east at a larger scale: neighbours and edge notes are those of the new frame, and of no other sheet."""
    planned = sheet_of(project, "WC-01")
    other = sheet_of(project, "WC-02")
    worked(project, planned, Handwork(denominator=4000.0, shift=(900.0, 0.0)))

    now = sheet_of(project, "WC-01")
    assert now.map.centre == pytest.approx((planned.map.centre[0] + 900.0, planned.map.centre[1]))
    assert now.map.denominator == 4000.0
    assert now.neighbours != planned.neighbours
    zones = project.features("zone")
    frame = first(project, "WC-01").map_blocks[0][1].view.frame
    there = {row_id for row_id, shape in zip(zones.ids, zones.geometry, strict=True) if shape is not None and shape.intersects(frame)}
    assert now.neighbours == there - {zones.coded("WC-01").id}  # type: ignore[union-attr]
    assert sheet_of(project, "WC-02") == other


def test_a_layer_hidden_on_a_sheet_is_in_neither_map_nor_legend(project: Project) -> None:
    """Sites are gone from the map; their table stays."""
    planned = sheet_of(project, "WC-01")
    assert any(layer == "site" for layer, _kind in first(project, "WC-01").map_blocks[0][1].counts)
    worked(project, planned, Handwork(hidden=frozenset({"site"})))

    block = first(project, "WC-01").map_blocks[0][1]
    assert not any(layer == "site" for layer, _kind in block.counts)
    assert not any(label.layer == "site" for label in block.scene.labels)
    assert sheet_of(project, "WC-01").rows["site"] == planned.rows["site"]


def test_a_label_moved_by_hand_stands_there(project: Project) -> None:
    """20 mm to the right of its site, on the page that is printed."""
    planned = sheet_of(project, "WC-01")
    label = next(one for one in first(project, "WC-01").map_blocks[0][1].scene.labels if one.layer == "site")
    worked(project, planned, Handwork(labels={("site", label.id): (20.0, 4.0)}))

    moved = next(one for one in first(project, "WC-01").map_blocks[0][1].scene.labels if one.id == label.id)
    assert moved.pinned
    assert moved.middle == pytest.approx((label.anchor[0] + 20.0, label.anchor[1] + 4.0), abs=0.05)


def test_one_sheet_is_exchanged_and_the_others_stay_as_they_are(project: Project) -> None:
    """The pages of all others are the very same; a sheet on A3 would be a run of its own, so sizes stay."""
    run = atlas(project, Request("zone"))
    before = list(run.pages)
    sheet = next(one for one in run.sheets if one.code == "WC-02")
    worked(project, sheet, Handwork(denominator=12_000.0))

    pages = run.exchange(sheet_of(project, "WC-02"))
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert next(page for page in pages if page.sheet.code == "WC-02").map_blocks[0][1].view.denominator == 12_000.0
    assert [page for page in before if page.sheet.code < "WC-02"] == [page for page in pages if page.sheet.code < "WC-02"]
    assert {page.sheet.code for page in pages} == {page.sheet.code for page in before}
