"""Section sheets on paper: true size and scale, the same numbers on map and table, chainage where it belongs, odd roads printed all the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from pypdf import PdfReader
from shapely.geometry import LineString, MultiLineString, Point, box
from shapely.geometry.base import BaseGeometry

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.render.paper.card import Card
from chuangwen.render.paper.log import Log
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.render.paper.strip_marks import StripMarks
from chuangwen.services.paper.frames import Rect
from chuangwen.services.paper.sections import SectionSheet
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project

pytestmark = pytest.mark.window

X, Y = 437_000.0, 3_093_000.0


def adding(layer: str, code: str, geometry: BaseGeometry | None = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A main road of 900 m with side roads, houses, sites and issues; sections of every odd kind."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区", office="试验区创建办"), 4548, "甲")
    road = LineString([(X, Y), (X + 500, Y + 40), (X + 900, Y + 40)])
    rows = [
        adding(
            "section",
            "LZ-01",
            road,
            name="人民路（西街—东街）",
            road_name="人民路",
            start_text="西街",
            end_text="东街",
            length_m=1000.0,
            chief1="某某01",
            chief2="某某02",
            phone="13800000277",
            responsible_unit="区住建局",
            communities="和平社区",
            cleaning_per_day=4,
            patrol_hours="07:00-22:00",
            **{"class": "main"},
        ),
        adding("section", "LZ-02", None, name="没有线的路段"),
        adding("section", "LZ-03", LineString([(X, Y + 900), (X + 12, Y + 916)]), name="二十米巷"),
        adding("section", "LZ-04", MultiLineString([[(X, Y + 2000), (X + 300, Y + 2000)], [(X + 5000, Y + 2000), (X + 5200, Y + 2100)]]), name="两段路"),
        adding(
            "section", "LZ-05", LineString(np.column_stack([X + 80 * np.cos(np.linspace(0, 7, 60)), Y - 900 + 80 * np.sin(np.linspace(0, 7, 60))])), name="环路"
        ),
        adding("section", "LZ-06", LineString([(X, Y + 3000), (X + 6000, Y + 3300)]), name="六公里大道" * 8),
        adding("road", "1", road, name="人民路", **{"class": "main"}),
        adding("road", "2", LineString([(X, Y - 300), (X, Y + 300)]), name="西街", **{"class": "branch"}),
        adding("road", "3", LineString([(X + 300, Y - 300), (X + 300, Y + 24)]), name="南巷", **{"class": "alley"}),
        adding("site", "001", Point(X + 250, Y + 40), name="第一小学", category="school", responsible_unit="区教体局"),
        adding("building_outline", "b", box(X + 150, Y + 40, X + 200, Y + 70), name="和平楼"),
        adding("building_outline", "c", box(X + 420, Y + 60, X + 426, Y + 66), name="人民路综合服务中心"),
        adding("building_outline", "d", box(X + 420, Y + 95, X + 426, Y + 100), name="后院综合服务中心"),
    ]
    for n in range(20):
        along = 10.0 + 45 * n
        spot = Point(X + along, Y + min(along * 0.08, 40) + (18 if n % 2 else -18))
        rows.append(adding("issue", f"2024-{n:03d}", spot, description=f"路面破损{n}处", status="in_progress"))
    rows.append(adding("issue", "2024-900", Point(X + 300, Y + 20), description="已经好了", status="closed"))
    found.apply(Edit("数据", tuple(rows)))
    yield found
    found.close()


def run(project: Project, *codes: str, paper: str = "A4", mono: bool = False) -> Atlas:
    """The pages of some sections."""
    return atlas(project, Request("section", codes or None, paper, mono=mono))


def marks_of(block: MapBlock) -> StripMarks:
    """What is written over a strip."""
    (found,) = [one for one in block._overlays if isinstance(one, StripMarks)]
    return found


def numbers_on(page: Page) -> set[str]:
    """The numbers of sites and issues that the maps of a page bear."""
    return {label.text for _place, block in page.map_blocks for label in block.scene.labels if label.layer in ("site", "issue")}


def words(path: Path) -> str:
    """All text of a PDF without blanks."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(path).pages))


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_every_section_has_its_sheets_of_exact_size(project: Project, tmp_path: Path, paper: str) -> None:
    """Half a millimetre; A3 lies across; the words of the template are there to be searched."""
    write(project, Request("section", None, paper), tmp_path / "s.pdf")

    reader = PdfReader(tmp_path / "s.pdf")
    wanted = [210, 297] if paper == "A4" else [297, 420]
    for page in reader.pages:
        width, height = (float(side) / 72 * 25.4 for side in page.mediabox[2:])
        assert sorted((width, height)) == pytest.approx(wanted, abs=0.5)
        assert paper == "A4" or width > height
    text = words(tmp_path / "s.pdf")
    for word in ("路段责任表", "人民路（西街—东街）", "LZ-01", "一级路长", "某某01", "13800000277", "和平社区", "4次/日", "07:00-22:00"):
        assert word in text
    for word in ("门前三包", "已签", "未签", "巡查记录", "沿线路口", "K0+100", "起点", "终点", "接第2幅", "没有线的路段", "二十米巷", "还没有画到图上"):
        assert word in text
    assert "登记1000米，图上量得902米，相差11%，请核对" in text


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_every_open_issue_is_in_the_table_and_on_the_map_under_one_number(project: Project, paper: str) -> None:
    """On the same sheet; none that is closed, none twice in the tables."""
    pages = run(project, "LZ-01", paper=paper).pages
    listed: dict[str, str] = {}
    for page in pages:
        for table in page.tables:
            if table.columns[0].title == "图号":
                for row in table.rows:
                    assert row[0] not in listed
                    listed[row[0]] = row[3]
    assert {number for number in listed if number.startswith("问")} == {f"问{n}" for n in range(1, 21)}
    assert {code for text in listed.values() for code in re.findall(r"2024-\d+", text)} == {f"2024-{n:03d}" for n in range(20)}
    assert set().union(*(numbers_on(page) for page in pages)) == set(listed)
    for page in pages:
        assert isinstance(page.sheet, SectionSheet)
        if page.part == 0:
            assert numbers_on(page) == {row.number for rows in page.sheet.rows.values() for row in rows}
    assert [listed[f"问{n + 1}"][:8] for n in range(20)] == [f"2024-{n:03d}" for n in range(20)]


def test_maps_are_turned_with_the_road_and_true_to_scale(project: Project) -> None:
    """Start and end lie level on a straight strip; 100 m between two posts are 100 m on paper (0.1 %); the strip is as wide as its frame."""
    pages = run(project, "LZ-03", "LZ-06").pages
    assert len(pages) > 3
    for page in pages:
        for place, block in page.map_blocks:
            assert (place.width, place.height) == pytest.approx((block.view.width, block.view.height))
            sheet = page.sheet
            assert isinstance(sheet, SectionSheet)
            strip = next(one for one in sheet.strips if one.map.centre == block.view.centre)
            assert sheet.road is not None
            ends = block.view.to_paper(sheet.road.point(np.array([strip.start, strip.end])))
            assert ends[1][0] > ends[0][0]
            assert abs(ends[1][1] - ends[0][1]) < 0.03 * (ends[1][0] - ends[0][0])
            assert np.hypot(*(ends[1] - ends[0])) * block.view.metres_per_mm == pytest.approx(strip.end - strip.start, rel=0.001)


def test_posts_stand_where_they_say(project: Project) -> None:
    """Within half a metre; each has its words on white; words cover neither each other nor a marker, bar or arrow."""
    for page in run(project, "LZ-01").pages:
        for _place, block in page.map_blocks:
            marks, signs = marks_of(block).placed(block.view, [])
            said = {line: sign for sign in signs for line in sign.lines if re.fullmatch(r"K\d\+\d{3}", line)}
            assert len(said) >= 4
            sheet = page.sheet
            assert isinstance(sheet, SectionSheet)
            assert sheet.road is not None
            spots = shapely.MultiPoint([mark.place for mark in marks])
            for text in said:
                metres = int(text[1]) * 1000 + int(text[3:])
                ((x, y),) = block.view.to_paper(sheet.road.point(float(metres))[None]).tolist()
                assert spots.distance(Point(x, y)) * block.view.metres_per_mm < 0.5
            boxes = [_shape(sign.box) for sign in signs]
            assert all(one.intersection(other).area < 1e-6 for at, one in enumerate(boxes) for other in boxes[:at])
            frame = shapely.box(0, 0, block.view.width, block.view.height)
            assert all(frame.contains(one) for one in boxes)


def test_labels_keep_clear_of_what_is_written_over_the_map(project: Project) -> None:
    """Road names and numbers stand beside posts, tag, arrow, bar and match lines, not under them."""
    for page in run(project, "LZ-01").pages:
        for _place, block in page.map_blocks:
            overlay = marks_of(block)
            marks, signs = overlay.placed(block.view, [])
            lines = [LineString(line.ends).buffer(0.2) for line in overlay._matches(block.view)]
            covered = shapely.union_all([*(_shape(sign.box) for sign in signs), *(Point(mark.place).buffer(1.0) for mark in marks), *lines])
            for label in block.scene.labels:
                for left, top, right, bottom in label.boxes:
                    assert shapely.box(left, top, right, bottom).intersection(covered).area < 0.3, label.text


def test_buildings_along_the_road_bear_their_names(project: Project) -> None:
    """Even where the name is longer than the house; one behind, only where it fits."""
    blocks = [block for page in run(project, "LZ-01").pages for _place, block in page.map_blocks]
    said = {label.text for block in blocks for label in block.scene.labels if label.layer == "building_outline"}
    assert said == {"和平楼", "人民路综合服务中心"}
    assert all(block.counts[("building_outline", 0)] >= 1 for block in blocks[:1])


def _shape(place: Rect) -> BaseGeometry:
    return shapely.box(place.x, place.y, place.right, place.bottom)


def test_crossings_are_listed_with_chainage_and_side(project: Project) -> None:
    """西街 at the start to both sides, 南巷 at 300 m to the right; the road itself is none."""
    tables = [table for page in run(project, "LZ-01").pages for table in page.tables if table.columns[1].title == "相交道路"]
    rows = [cell for table in tables for row in table.rows for cell in _cells(row)]
    assert rows == [("K0+000", "西街", "两侧"), ("K0+301", "南巷", "右侧")]


def _cells(row: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [row[first : first + 3] for first in range(0, len(row), 3) if row[first].startswith("K")]


def test_an_empty_table_says_so_and_there_is_always_room_to_write(project: Project, tmp_path: Path) -> None:
    """无; and one log at least for each section, of three rows or more."""
    for code in ("LZ-01", "LZ-02", "LZ-03", "LZ-05"):
        pages = run(project, code).pages
        logs = [one for page in pages for one in page.laid.placed if isinstance(one.block, Log)]
        assert max(one.place.height for one in logs) > 3 * 7
    write(project, Request("section", ("LZ-03",)), tmp_path / "s.pdf")
    assert "沿线点位0个、待整改问题0个" in words(tmp_path / "s.pdf")
    assert "无" in words(tmp_path / "s.pdf")


def test_blocks_of_a_page_do_not_meet(project: Project) -> None:
    """Strips, card, legend, tables, log: each has its own place on the paper."""
    for paper in ("A4", "A3"):
        for page in run(project, paper=paper).pages:
            places = [_shape(one.place) for one in page.laid.placed]
            assert all(one.intersection(other).area < 0.01 for at, one in enumerate(places) for other in places[:at])
            sheet = shapely.box(0, 0, page.width, page.height)
            assert all(sheet.contains(one) for one in places)


def test_responsibility_stands_on_the_first_sheet_only(project: Project) -> None:
    """The others have the room for their tables."""
    pages = run(project, "LZ-06").pages
    cards = [any(isinstance(one.block, Card) for one in page.laid.placed) for page in pages]
    assert cards == [True] + [False] * (len(pages) - 1)


def test_the_same_data_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    """No chance in the placing of words."""
    for name in ("a.pdf", "b.pdf"):
        write(project, Request("section", ("LZ-01",)), tmp_path / name)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
