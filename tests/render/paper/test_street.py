"""分街道作战图 on paper: the right sheets, codes and names there, numbers alike, figures printed as counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from pypdf import PdfReader

from chuangwen.render.classes import look
from chuangwen.render.output import image
from chuangwen.render.paper.findings import on_page
from chuangwen.render.paper.preflight import check
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.render.paper.street_layers import fills
from chuangwen.services.paper.sheet import Request
from chuangwen.services.paper.streets import FILLS, StreetSheet
from chuangwen.services.project import Project
from tests.build import copied
from tests.golden import pixels

pytestmark = pytest.mark.window

STREET = "文昌街道"


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A demo of one's own."""
    found = Project.open(copied(demo_file, tmp_path, "demo.gpkg"), "甲")
    yield found
    found.close()


@pytest.mark.parametrize("paper", ["A3", "A4"])
def test_one_sheet_a_street_of_the_right_size_with_its_figures(demo: Project, tmp_path: Path, paper: str) -> None:
    """Words and figures are found by a text search; the bookmark is the street's name."""
    target = tmp_path / "s.pdf"

    write(demo, Request("street", (STREET,), paper), target)

    reader = PdfReader(target)
    sides = {"A3": [297, 420], "A4": [210, 297]}[paper]
    assert all(sorted(float(side) / 72 * 25.4 for side in page.mediabox[2:]) == pytest.approx(sides, abs=0.5) for page in reader.pages)
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
    (sheet,) = atlas(demo, Request("street", (STREET,), paper)).sheets
    assert isinstance(sheet, StreetSheet)
    assert f"已销号{sheet.figures.closed}/{sheet.figures.issues}" in text
    assert f"{sheet.figures.rate}" in text
    assert all(row.zone.code in text and row.zone.name in text for row in sheet.zones)
    assert all(row.feature.name in text for row in sheet.rows["site"])
    assert next(iter(reader.outline)).title == STREET


def test_map_and_tables_bear_the_same_numbers(demo: Project) -> None:
    """Sites and issues; every zone's code stands once on the map, in its zone."""
    page = atlas(demo, Request("street", (STREET,), "A3")).pages[0]
    ((_place, block),) = page.map_blocks

    on_map = {row_id: label.text for label in block.scene.labels if label.layer in ("site", "issue") for row_id in (label.members or (label.id,))}
    assert set(on_map) == set(page.sheet.numbers)
    rows = {row[0] for one in page.atlas.pages for table in one.tables for row in table.rows if row[0][0] in "点问"}
    assert rows == set(page.sheet.numbers.values())
    codes = [label.text for label in block.scene.labels if label.layer == "zone"]
    assert sorted(codes) == sorted(row.zone.code for row in page.sheet.zones)  # type: ignore[attr-defined]


def test_codes_of_zones_keep_clear_of_each_other(demo: Project) -> None:
    """On all streets, on the smaller paper."""
    for page in atlas(demo, Request("street", None, "A4")).pages:
        for _place, block in page.map_blocks:
            boxes = [label.boxes[0] for label in block.scene.labels if label.layer == "zone"]
            for one, other in ((a, b) for at, a in enumerate(boxes) for b in boxes[at + 1 :]):
                assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_the_preflight_finds_nothing_that_is_wrong(demo: Project) -> None:
    """No word cut, no number missing; names that find no place are notes."""
    for paper in ("A3", "A4"):
        assert [one.words for one in check(atlas(demo, Request("street", None, paper))) if one.severity != "note"] == []


def test_fills_of_neighbours_differ_as_printed(demo: Project) -> None:
    """The commonest colour inside each zone of a street: the same for the same tint alone."""
    page = atlas(demo, Request("street", (STREET,), "A3")).pages[0]
    sheet = page.sheet
    assert isinstance(sheet, StreetSheet)
    ((place, block),) = page.map_blocks
    dots = 6.0
    picture = pixels(image(page, dots))
    looks = {}
    for row in sheet.zones:
        ring = row.zone.geometry.buffer(-40)
        x0, y0, x1, y1 = ring.bounds
        near = np.array([(x, y) for x in np.linspace(x0, x1, 60) for y in np.linspace(y0, y1, 60)])
        spots = block.view.to_paper(near[shapely.contains_xy(ring, near)]) + np.array([place.x, place.y])
        seen = picture[(spots[:, 1] * dots).astype(int), (spots[:, 0] * dots).astype(int)][:, :3]
        values, counts = np.unique(seen, axis=0, return_counts=True)
        looks[row.zone.id] = tuple(values[int(np.argmax(counts))].tolist())
    assert len(set(looks.values())) > 2
    assert {(looks[a] == looks[b]) == (sheet.tints[a] == sheet.tints[b]) for a in looks for b in looks} == {True}


def test_fills_differ_without_colour_too(demo: Project) -> None:
    """By their hatch, each from each other, in black and white alone: grey comes out as coarse dots."""
    (sheet,) = atlas(demo, Request("street", (STREET,), "A3", mono=True)).sheets
    assert isinstance(sheet, StreetSheet)
    symbols = fills(demo.features("zone"), sheet).layer.symbols

    found = [look(symbol, mono=True) for symbol in symbols]
    assert len({(one.fill, one.hatch) for one in found}) == len(found) == FILLS
    assert {colour for one in found for colour in (one.fill, one.hatch_colour)} == {"#ffffff", "#000000"}


def test_a_finding_about_a_layer_of_the_sheet_alone_is_about_the_sheet(demo: Project) -> None:
    """Whoever follows it must find a feature of the project, or nothing."""
    page = atlas(demo, Request("street", (STREET,), "A3")).pages[0]

    assert on_page("note", "unplaced", "x", page, ("zone_name", "1")).feature is None
    assert on_page("note", "unplaced", "x", page, ("site", "1")).feature == ("site", "1")
