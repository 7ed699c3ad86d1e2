"""Every product that can be printed, on every paper it is made for, from the demo district: what holds for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from pypdf import PdfReader

from chuangwen.errors import UserError
from chuangwen.render.paper.page import Page
from chuangwen.render.paper.preflight import check
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import PRODUCTS, atlas
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project

pytestmark = [pytest.mark.window, pytest.mark.slow]

ASKED = [(product, paper) for product in PRODUCTS for paper in PRODUCTS[product].template.papers]
NUMBER = re.compile(r"^[点问]\d+$")
RANGE = re.compile(r"([点问])(\d+)[–-][点问]?(\d+)")
FEW = 3


@pytest.fixture(scope="module")
def project(demo_file: Path, qapp: object) -> Iterator[Project]:
    """The demo district."""
    found = Project.open(demo_file, "甲")
    yield found
    found.close()


def few(project: Project, product: str, paper: str) -> Request:
    """A run of some sheets: the first, one of the middle, the last."""
    subject = PRODUCTS[product].subject
    if not subject:
        return Request(product, None, paper)
    sheets = PRODUCTS[product].plan(project, Request(product, None, paper))
    codes = list(dict.fromkeys(sheet.code for sheet in sheets if sheet.code))
    if not codes:
        return Request(product, None, paper)
    return Request(product, tuple(dict.fromkeys((codes[0], codes[len(codes) // 2], codes[-1])))[:FEW], paper)


def numbers_on_map(pages: list[Page]) -> set[str]:
    """The numbers written on the maps of a sheet's pages, brackets of several read out."""
    found = set()
    for page in pages:
        for _place, block in page.map_blocks:
            for scene in block.scenes:
                for label in scene.labels:
                    bracket = RANGE.search(label.text)
                    if bracket:
                        found |= {f"{bracket[1]}{number}" for number in range(int(bracket[2]), int(bracket[3]) + 1)}
                    found |= {word for word in re.split(r"[、，\s]", label.text) if NUMBER.match(word)}
    return found


@pytest.mark.parametrize(("product", "paper"), ASKED)
def test_sheets_have_their_size_their_words_and_no_pictures(project: Project, tmp_path: Path, product: str, paper: str) -> None:
    """Exact paper, embedded fonts, words that a search finds, no raster image, the same bytes again."""
    request = few(project, product, paper)
    write(project, request, tmp_path / "a.pdf")
    write(project, request, tmp_path / "b.pdf")

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
    reader = PdfReader(tmp_path / "a.pdf")
    pages = atlas(project, request).pages
    assert len(reader.pages) == len(pages)
    for printed, page in zip(reader.pages, pages, strict=True):
        size = [float(side) / 72 * 25.4 for side in printed.mediabox[2:]]
        assert size == pytest.approx([page.width, page.height], abs=0.5)
        assert sorted(size) == pytest.approx(sorted((page.sheet.paper.short, page.sheet.paper.long)), abs=0.5)
        words = re.sub(r"\s", "", printed.extract_text())
        assert any(re.sub(r"\s", "", title) in words for title in (page.sheet.title, PRODUCTS[product].template.title))
        assert not any("/Image" in str(item.get_object().get("/Subtype")) for item in printed["/Resources"].get("/XObject", {}).values())


@pytest.mark.parametrize(("product", "paper"), ASKED)
def test_the_number_on_the_map_is_the_number_in_the_table(project: Project, product: str, paper: str) -> None:
    """Each way: no number on the map without its row, none in a table without its place on the map."""
    run = atlas(project, few(project, product, paper))
    for sheet in run.sheets:
        pages = [page for page in run.pages if page.sheet is sheet]
        listed = {row[0] for page in pages for table in page.tables for row in table.rows if NUMBER.match(row[0])}
        assert numbers_on_map(pages) == listed


@pytest.mark.parametrize(("product", "paper"), ASKED)
def test_the_clean_demo_has_nothing_to_mend(project: Project, product: str, paper: str) -> None:
    """Notes there may be; no warning and no error."""
    found = [one for one in check(atlas(project, few(project, product, paper))) if one.severity != "note"]

    assert [(one.kind, one.words) for one in found] == []


@pytest.mark.parametrize(("product", "paper"), [one for one in ASKED if one[0] != "wall"])
def test_black_and_white_is_black_and_white(project: Project, tmp_path: Path, product: str, paper: str) -> None:
    """No grey that a laser printer would make dots of: words, lines, grounds and maps. (A wall map goes to a plotter: its streets keep light greys.)"""
    write(project, replace(few(project, product, paper), mono=True), tmp_path / "m.pdf")

    colours = set()
    with pikepdf.open(tmp_path / "m.pdf") as document:
        for page in document.pages:
            for values, operator in pikepdf.parse_content_stream(page):
                if str(operator) in ("scn", "SCN"):
                    colours.add(tuple(float(value) for value in values))
    assert colours == {(0.0, 0.0, 0.0), (1.0, 1.0, 1.0)}


@pytest.mark.parametrize("product", list(PRODUCTS))
def test_a_paper_that_a_product_is_not_made_for_is_refused(project: Project, product: str) -> None:
    """With the papers that it is made for."""
    with pytest.raises(UserError, match="纸"):
        atlas(project, Request(product, None, "A2" if "A2" not in PRODUCTS[product].template.papers else "A9"))
