"""索引图 on paper: its numbers and pages are those of the sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from shapely.geometry import Polygon, box

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.render.paper.preflight import check
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.index import IndexSheet
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from tests.build import copied

pytestmark = pytest.mark.window


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A demo of one's own."""
    found = Project.open(copied(demo_file, tmp_path, "demo.gpkg"), "甲")
    yield found
    found.close()


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_table_names_the_pages_of_the_zone_sheets(demo: Project, paper: str) -> None:
    """As a run of all of them on the same paper counts them; each number stands on the map."""
    run = atlas(demo, Request("zone", paper=paper))
    begins = {(page.sheet.code, page.sheet.part): page.number for page in run.pages if page.part == 0}

    pages = atlas(demo, Request("index", paper=paper)).pages
    sheet = pages[0].sheet
    assert isinstance(sheet, IndexSheet)
    rows = [row for page in pages for table in page.tables for row in table.rows]
    assert [(row[0], row[1], int(row[3])) for row in rows] == [(one.number, one.sheet.code, begins[one.sheet.code, one.sheet.part]) for one in sheet.listed]
    assert len(rows) == len(run.sheets)
    ((_place, block),) = pages[0].map_blocks
    assert sorted(label.text for label in block.scene.labels if label.layer == "sheet_number") == sorted(row[0] for row in rows)


@pytest.mark.parametrize("mono", [False, True])
def test_the_index_of_the_demo_is_one_clean_page(demo: Project, tmp_path: Path, mono: bool) -> None:
    """Streets, codes and numbers can be searched; nothing is cut, no number stands on another."""
    target = tmp_path / "i.pdf"

    write(demo, Request("index", mono=mono), target)

    (page,) = PdfReader(target).pages
    text = re.sub(r"\s", "", page.extract_text())
    assert "索引图" in text
    assert all(zone.code in text and zone.name in text for zone in demo.features("zone"))
    assert all(str(street) in text for street in set(demo.features("zone").column("street")))
    assert [one.words for one in check(atlas(demo, Request("index", mono=mono))) if one.severity != "note"] == []


def test_where_the_district_has_no_name_the_index_still_has_one(tmp_path: Path, qapp: object) -> None:
    """Its bookmark is not blank."""
    bare = Project.create(tmp_path / "区.gpkg", Campaign("演练"), 4548, "甲")
    bare.apply(Edit("x", (Change("zone", "1", None, {"code": "A-1", "name": "A-1", GEOMETRY: box(437000, 3093000, 437500, 3093400)}),)))

    write(bare, Request("index"), tmp_path / "i.pdf")

    assert [one.title for one in PdfReader(tmp_path / "i.pdf").outline] == ["索引图"]
    bare.close()


@pytest.mark.parametrize("product", ["zone", "street", "index"])
def test_a_boundary_that_crosses_itself_stops_no_run(tmp_path: Path, qapp: object, product: str) -> None:
    """Its sheet, its neighbour's and all others are there."""
    bare = Project.create(tmp_path / "区.gpkg", Campaign("演练"), 4548, "甲")
    x, y = 437_000.0, 3_093_000.0
    shapes = {"A-1": Polygon([(x, y), (x + 400, y + 300), (x + 400, y), (x, y + 300)]), "A-2": box(x + 400, y, x + 900, y + 300)}
    rows = [Change("zone", code, None, {"code": code, "name": code, "street": "东街", GEOMETRY: shape}) for code, shape in shapes.items()]
    bare.apply(Edit("x", tuple(rows)))

    write(bare, Request(product), tmp_path / "x.pdf")

    text = re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(tmp_path / "x.pdf").pages))
    assert "A-1" in text
    assert "A-2" in text
    bare.close()
