"""Bad input on paper (issue 4): each is printed right, or the pre-flight says what is wrong; nothing stops the run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from shapely.geometry import MultiPolygon, Point, Polygon, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import UserError
from chuangwen.render import fonts
from chuangwen.render.paper.preflight import check
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project

pytestmark = pytest.mark.window

EAST, NORTH = 437_000.0, 3_093_000.0
SQUARE = box(EAST, NORTH, EAST + 500, NORTH + 400)
SIXTY = "示范区文昌街道状元坊社区第一百二十三创建网格暨老旧小区改造提升示范片区及其周边道路背街小巷综合整治试点区域东部网格一组二"


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    """An empty one."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区", office="试验区创建办"), 4548, "甲")
    yield found
    found.close()


def add(project: Project, *rows: tuple[str, str, object, dict[str, object]]) -> None:
    """Layer, code, geometry, values."""
    made = [Change(layer, edits.new_id(), None, {"code": code, "name": code, **values, GEOMETRY: place}) for layer, code, place, values in rows]  # type: ignore[arg-type]
    project.apply(Edit("数据", tuple(made)))


def add_zone(project: Project, shape: object, code: str = "A-1", **values: object) -> None:
    """A zone with somebody responsible."""
    add(project, ("zone", code, shape, {"chief": "某某1", "street": "东街", **values}))


def printed(project: Project, tmp_path: Path, *codes: str) -> list[str]:
    """The text of each page, without blanks, of what was written."""
    target = tmp_path / "z.pdf"
    write(project, Request("zone", codes or None), target)
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(target).pages]


def found(project: Project, *codes: str) -> list[tuple[str, str]]:
    """Severity and kind of what the pre-flight says, notes left out."""
    return [(one.severity, one.kind) for one in check(atlas(project, Request("zone", codes or None))) if one.severity != "note"]


def test_a_zone_with_no_geometry_is_left_out_and_named(project: Project, tmp_path: Path) -> None:
    """Of a run of all; asked for alone it is refused with the remedy."""
    add_zone(project, SQUARE)
    add_zone(project, None, "A-2")

    pages = printed(project, tmp_path)

    assert len(pages) == 1
    assert "A-2" not in pages[0]
    assert found(project) == [("warning", "not_printed")]
    with pytest.raises(UserError, match=r"A-2.*边界"):
        printed(project, tmp_path, "A-2")


def test_a_sliver(project: Project, tmp_path: Path) -> None:
    """A metre wide: there is a sheet, and a word about it."""
    add_zone(project, box(EAST, NORTH, EAST + 1, NORTH + 400))

    assert "面积400m²" in printed(project, tmp_path)[0]
    assert found(project) == [("warning", "shape")]


def test_a_hole(project: Project, tmp_path: Path) -> None:
    """Issues in the hole are not the zone's; nobody's hole is told, a neighbour's is not."""
    hole = box(EAST + 200, NORTH + 100, EAST + 300, NORTH + 300)
    add_zone(project, Polygon(SQUARE.exterior.coords, [list(hole.exterior.coords)]))
    add(project, ("issue", "I-1", hole.centroid, {"description": "洞里", "status": "in_progress"}))

    assert "共0个点位、0个问题" in printed(project, tmp_path, "A-1")[0]
    assert found(project, "A-1") == [("warning", "shape")]
    assert sorted(found(project)) == [("warning", "on_no_sheet"), ("warning", "shape")]

    add_zone(project, hole, "A-2")
    assert found(project) == []


def test_two_parts_five_kilometres_apart(project: Project, tmp_path: Path) -> None:
    """Each has a sub-sheet at a scale that can be read."""
    add_zone(project, MultiPolygon([SQUARE, box(EAST + 5500, NORTH, EAST + 5900, NORTH + 300)]))

    pages = printed(project, tmp_path)

    assert ["分幅1/2" in pages[0], "分幅2/2" in pages[1]] == [True, True]
    assert found(project) == [("warning", "shape")]
    assert all(page.map_blocks[0][1].view.denominator <= 5_000 for page in atlas(project, Request("zone")).pages)


def test_a_name_of_sixty_characters(project: Project, tmp_path: Path) -> None:
    """In two lines of about equal length, no character lost; the file has a name that every system takes."""
    assert len(SIXTY) == 60
    add_zone(project, SQUARE, name=SIXTY)
    title = f"东街{SIXTY}网格巡查图"

    assert title in printed(project, tmp_path)[0]
    assert found(project) == []
    (path,) = write(project, Request("zone"), tmp_path / "每格")
    assert len(path.name.encode()) <= 255
    heard: list[fonts.Written] = []
    page = atlas(project, Request("zone")).pages[0]
    from chuangwen.render.draw import mm_painter, on_image
    from chuangwen.render.paper.page import draw_page

    with fonts.listening(heard.append), mm_painter(on_image(1, 1, 1), 1) as painter:
        draw_page(painter, page)
    lines = [one.text for one in heard if one.text and one.text in title and len(one.text) > 5]
    assert "".join(lines) == title
    assert max(map(len, lines)) - min(map(len, lines)) <= 3


def test_four_hundred_issues_in_one_zone(project: Project, tmp_path: Path) -> None:
    """All are in the table and, each with its number or in a bracket, on the map."""
    add_zone(project, SQUARE)
    places = [Point(EAST + 20 + 23 * (n % 20), NORTH + 20 + 18 * (n // 20)) for n in range(400)]
    add(project, *(("issue", f"M-{n:03d}", place, {"description": f"第{n}处", "status": "in_progress"}) for n, place in enumerate(places)))

    pages = printed(project, tmp_path)

    assert "共0个点位、400个问题" in pages[0]
    text = "".join(pages)
    assert all(f"M-{n:03d}" in text for n in range(400))
    says = found(project)
    assert ("warning", "long_table") in says
    assert ("error", "number_missing") not in says


def test_no_issues_at_all(project: Project, tmp_path: Path) -> None:
    """无, and nothing to say."""
    add_zone(project, SQUARE)

    assert "待整改问题（0个）" in printed(project, tmp_path)[0]
    assert "无" in printed(project, tmp_path)[0]
    assert found(project) == []


def test_a_code_with_characters_that_no_file_name_takes(project: Project, tmp_path: Path) -> None:
    """On the sheet as it is; in the file's name without them, and two such codes do not become one file."""
    add_zone(project, SQUARE, "A/1:*", name="一")
    add_zone(project, box(EAST + 500, NORTH, EAST + 900, NORTH + 400), "A1", name="一")

    files = write(project, Request("zone"), tmp_path / "每格")

    assert len({path.name.casefold() for path in files}) == 2
    assert all(path.exists() and not re.search(r'[\\/:*?"<>|]', path.name) for path in files)
    assert "网格编号A/1:*" in "".join(printed(project, tmp_path))
    notes = [one for one in check(atlas(project, Request("zone")), target=tmp_path / "每格") if one.kind == "file_name"]
    assert [one.sheet.code for one in notes if one.sheet] == ["A/1:*"]


def test_characters_that_no_font_has(project: Project, tmp_path: Path) -> None:
    """A rare name is an error, for the box that is printed in its place says nothing; a smile in a description is not."""
    add_zone(project, SQUARE, name="\U0002a6a5街第1网格")
    add(project, ("issue", "I-1", SQUARE.centroid, {"description": "垃圾未清\U0001fae8", "status": "in_progress"}))

    assert "街第1网格巡查图" in printed(project, tmp_path)[0]
    assert found(project) == [("error", "glyph"), ("warning", "glyph")]
