"""The wall map on paper: true sizes, readable from three metres, the numbers of map and table the same, few sites or many."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from pypdf import PdfReader
from shapely.geometry import LineString, Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.render import fonts
from chuangwen.render.draw import image_of
from chuangwen.render.output import image
from chuangwen.render.paper.band import Band
from chuangwen.render.paper.block import Block
from chuangwen.render.paper.key import Key
from chuangwen.render.paper.page import Page
from chuangwen.render.paper.panel import Panel
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.render.paper.roster import Roster
from chuangwen.render.paper.wall_map import WallMap
from chuangwen.render.scene import build
from chuangwen.render.symbols import line_items
from chuangwen.services.paper.colouring import neighbours
from chuangwen.services.paper.sheet import Request
from chuangwen.services.paper.wall import WallSheet
from chuangwen.services.project import Project
from tests.build import copied
from tests.golden import pixels

pytestmark = pytest.mark.window


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A demo of one's own."""
    found = Project.open(copied(demo_file, tmp_path, "demo.gpkg"), "甲")
    yield found
    found.close()


@pytest.fixture
def bare(tmp_path: Path, qapp: object) -> Iterator[Project]:
    """Four zones without streets, and nothing else."""
    campaign = Campaign("试验", district="试验区", arrival=dt.date(2024, 6, 24), fixed_today=dt.date(2024, 6, 3))
    found = Project.create(tmp_path / "p.gpkg", campaign, 4548, "甲")
    zones = [adding("zone", f"A-{n}", box(440_000 + 1500 * n, 3_093_000, 441_500 + 1500 * n, 3_096_000)) for n in range(4)]
    found.apply(Edit("x", tuple(zones)))
    yield found
    found.close()


def adding(layer: str, code: str, geometry: object = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


def pages(project: Project, paper: str = "A0", *, mono: bool = False) -> list[Page]:
    """The run's pages."""
    return atlas(project, Request("wall", paper=paper, mono=mono)).pages


def the_map(page: Page) -> WallMap:
    """The map of a page."""
    (found,) = (one.block for one in page.laid.placed if isinstance(one.block, WallMap))
    return found


def rosters(found: list[Page], title: str) -> list[Roster]:
    """The pieces of a list under a title, in order."""

    def inner(block: Block) -> Iterator[Roster]:
        if isinstance(block, Band):
            yield from inner(block.left)
        elif isinstance(block, Panel) and isinstance(block.inner, Roster) and block.title.startswith(title):
            yield block.inner

    return [roster for page in found for one in page.laid.placed for roster in inner(one.block)]


def written(page: Page) -> list[fonts.Written]:
    """Each text of a page, with its size."""
    heard: list[fonts.Written] = []
    with fonts.listening(heard.append):
        image(page, 0.5)
    return heard


@pytest.mark.parametrize(("paper", "size"), [("A0", (1189, 841)), ("A1", (841, 594))])
def test_one_sheet_of_true_size_with_nothing_under_eight_points(demo: Project, tmp_path: Path, paper: str, size: tuple[int, int]) -> None:
    """Measured in the file: page, letters, no picture in it, and what it has to say (domain.md 6.7)."""
    target = tmp_path / "wall.pdf"
    write(demo, Request("wall", paper=paper), target)

    reader = PdfReader(target)
    (page,) = reader.pages
    assert [float(side) / 72 * 25.4 for side in page.mediabox[2:]] == pytest.approx(size, abs=0.5)
    letters: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], _font: object, font_size: float) -> None:
        if text.strip():
            letters.append(font_size * abs((tm[0] * tm[3] - tm[1] * tm[2]) * (cm[0] * cm[3] - cm[1] * cm[2])) ** 0.5)

    text = re.sub(r"\s", "", page.extract_text(visitor_text=visit))
    assert min(letters) >= 8.0
    assert max(letters) > 60  # the title is read from the door
    for words in ("示范区创建全国文明城市迎检作战图", "内部使用", "数据截止2024-06-03", "距进驻还有21天", "关键数据", "指挥体系", "点位总表", "图例", "82.0%"):
        assert words in text
    for words in ("整改率1017/1240", "单位路段责任表", "文昌街道", "WC-01", "人民路", "区城管局"):
        assert words in text
    assert not any("/Image" in str(item.get_object().get("/Subtype")) for item in page["/Resources"].get("/XObject", {}).values())


def test_the_numbers_on_the_map_are_those_in_the_table(demo: Project) -> None:
    """Every located site on the map once with its number; those without a place are marked in the table and told."""
    found = pages(demo)
    labels = [label for label in the_map(found[0]).scene.labels if label.layer == "site"]
    on_map = {member: label.text for label in labels for member in (label.members or (label.id,))}
    alone = {label.id: label.text for label in labels if len(label.members) <= 1}
    in_table = [row.cells[:2] for roster in rosters(found, "点位总表") for row in roster.rows]

    sites = demo.features("site")
    assert set(on_map) == {row_id for row_id, located in zip(sites.ids, sites.located, strict=True) if located}
    assert len(in_table) == 132
    assert {number for number, _name in in_table if not number.endswith("*")} == {row.number for row in found[0].sheet.rows["site"] if row.number}
    names = dict(in_table)
    for row_id, text in on_map.items():
        site = sites.feature(row_id)
        assert site is not None
        assert text == site.code if row_id in alone else site.code in text
        assert names[site.code] == site.name
    assert [number for number, _name in in_table if number.endswith("*")] == [
        f"{code}*" for code, there in zip(sites.column("code"), sites.located, strict=True) if not there
    ]


def test_neighbouring_streets_are_seen_apart(demo: Project) -> None:
    """Sampled in the picture of the fills: zones that touch look different, of one street a little, of two streets more."""
    page = pages(demo)[0]
    block = the_map(page)
    fills = next(one for one in block.content if one.layer.id == "zone_fill")
    view = replace(block.view, dots_per_mm=1.0)
    picture = pixels(image_of(build([fills], view), view)).astype(int)
    zones = demo.features("zone")
    middles = view.to_paper(np.array([[one.x, one.y] for one in (shape.representative_point() for shape in zones.geometry)]))
    colours = [picture[int(y), int(x), :3] for x, y in middles.tolist()]

    for at, others in enumerate(neighbours(zones.geometry)):
        for other in others:
            assert np.abs(colours[at] - colours[other]).sum() >= 9
            if zones.column("street")[at] != zones.column("street")[other]:
                assert np.ptp(colours[at] - colours[other]) >= 6  # another hue, not a lighter shade


def test_in_black_and_white_nothing_is_coloured_and_streets_have_hatches(demo: Project) -> None:
    """Letters at the sections, hatches in the streets: no colour is needed to read it."""
    page = pages(demo, mono=True)[0]

    dots = pixels(image(page, 0.6)).astype(int)[..., :3]
    assert np.ptp(dots, axis=2).max() <= 2
    block = the_map(page)
    assert not [item for one in block.content if one.layer.id == "road" and one.labels for item in line_items(one, block.view)]  # names draw no lines
    fills = next(one for one in block.content if one.layer.id == "zone_fill")
    assert len({symbol.in_mono().hatch for symbol in fills.layer.symbols}) == 6


def test_sections_bear_their_unit_s_letter_and_their_code(demo: Project) -> None:
    """A LZ-41: the letter says the unit where colours cannot."""
    found = pages(demo)
    labels = {label.text for label in the_map(found[0]).scene.labels if label.layer == "section"}
    (roster,) = rosters(found, "单位路段责任表")

    first = roster.rows[0]
    assert first.cells[0] == "A"
    codes = [line.split()[0] for line in first.cells[2].split("\n")]
    assert labels & {f"A {code}" for code in codes}
    assert len([text for text in labels if "LZ-" in text]) >= 40


def test_the_legend_explains_what_is_drawn(demo: Project) -> None:
    """Each category with its number on the map, streets, boundaries, roads with lines that are seen."""
    (key,) = (one.block.inner for one in pages(demo)[0].laid.placed if isinstance(one.block, Panel) and one.block.title == "图例")
    assert isinstance(key, Key)
    words = {words: symbol for _layer, symbol, words in key.entries}

    located = Counter(code for code, there in zip(demo.features("site").column("category"), demo.features("site").located, strict=True) if there)
    field = demo.layers["site"].field("category")
    assert {f"{field.show(value)} {count}" for value, count in located.items()} <= set(words)
    assert {"文昌街道", "云桥镇", "网格界", "街道界", "路段（颜色见下表）", "水系", "绿地"} <= set(words)
    assert all(words[name].stroke for name in ("主干道", "支路", "网格界", "街道界"))


def test_zone_numbers_are_large_and_inside_their_zones(demo: Project) -> None:
    """All 36 stand where they are meant, larger than a centimetre's two thirds."""
    block = the_map(pages(demo)[0])
    zones = demo.features("zone")
    found = {label.id: label for label in block.scene.labels if label.layer == "zone"}

    assert set(found) == set(zones.ids)
    for row_id, label in found.items():
        (left, top, right, bottom), *_rest = label.boxes
        shape = shapely.transform(zones.geometry[zones.index[row_id]], block.view.to_paper)
        assert bottom - top > 6.5
        assert shape.intersects(Point((left + right) / 2, (top + bottom) / 2))


def test_small_zones_do_not_make_all_numbers_small(bare: Project) -> None:
    """Four large zones and three of 60 m: two sizes, each number inside its zone but for a stroke."""
    small = [box(440_100 + 400 * n, 3_092_700, 440_160 + 400 * n, 3_092_760) for n in range(3)]
    bare.apply(Edit("x", tuple(adding("zone", f"B-{n}", shape) for n, shape in enumerate(small))))
    block = the_map(pages(bare)[0])

    heights: dict[str, float] = {}
    for label in block.scene.labels:
        (left, top, right, bottom), *_rest = label.boxes
        heights[label.text] = bottom - top
        shape = bare.features("zone").feature(label.id)
        assert shape is not None
        assert shapely.transform(shape.geometry, block.view.to_paper).buffer(1.0).contains(box(left, top, right, bottom))
    assert len(heights) == 7
    assert min(heights[f"A-{n}"] for n in range(4)) > 1.2 * max(heights[f"B-{n}"] for n in range(3))


@pytest.mark.parametrize(("count", "sheets"), [(5, 1), (200, 1), (400, 1), (900, 2)])
def test_few_sites_and_many_find_room(bare: Project, count: int, sheets: int) -> None:
    """All rows of all pieces; nothing written beyond the paper; four hundred on one sheet, more go on on the next."""
    step = 5800 / count
    sites = [
        adding("site", f"{n:03d}", Point(440_100 + step * n, 3_093_100 + (n * 997) % 2800), name=f"示范点位{n}", responsible_unit="区住建局")
        for n in range(count)
    ]
    bare.apply(Edit("x", tuple(sites)))
    found = pages(bare)

    pieces = rosters(found, "点位总表")
    assert [row.cells[0] for roster in pieces for row in roster.rows] == [f"{n:03d}" for n in range(count)]
    assert len(found) == sheets
    for page in found:
        for one in page.laid.placed:
            assert one.place.bottom <= page.height + 1e-6
            assert one.block.height(one.place.width) <= one.place.height + 1e-6
        assert all(one.size >= 8 / 72 * 25.4 - 0.01 for one in written(page))


@pytest.mark.parametrize("paper", ["A0", "A1", "A3"])
def test_a_project_with_zones_alone_prints(bare: Project, paper: str) -> None:
    """No sites, sections, units, streets: 无 in the tables, the pen's lines beside them, figures of nought."""
    (page,) = pages(bare, paper)
    words = {one.text for one in written(page)}

    assert {"无", "作战动态", "今日任务", "21", "0", "—"} <= words
    assert page.sheet.title == "试验区创建全国文明城市迎检作战图"
    assert {"A-0", "A-1", "A-2", "A-3"} == {label.text for label in the_map(page).scene.labels}


def test_a_run_without_zones_shows_the_sites(tmp_path: Path, qapp: object) -> None:
    """Sites and a section are enough for a map."""
    project = Project.create(tmp_path / "p.gpkg", Campaign("试验"), 4548, "甲")
    project.apply(
        Edit(
            "x",
            (
                adding("site", "1", Point(440_000, 3_093_000), name="广场", category="square"),
                adding("site", "2", Point(441_000, 3_094_000), name="学校", category="school"),
                adding("section", "L-1", LineString([(440_000, 3_093_500), (441_000, 3_093_500)]), responsible_unit="区住建局"),
            ),
        )
    )
    (page,) = pages(project)

    assert page.sheet.title == "创建全国文明城市迎检作战图"
    assert {"1", "2", "A L-1"} <= {label.text for label in the_map(page).scene.labels}
    project.close()


@pytest.mark.parametrize(
    ("today", "words"), [(dt.date(2024, 6, 23), ("1", "天")), (dt.date(2024, 6, 24), ("测评组已进驻",)), (dt.date(2024, 7, 1), ("测评组已进驻",))]
)
def test_the_countdown_says_how_many_days_are_left(bare: Project, today: dt.date, words: tuple[str, ...]) -> None:
    """SR-01; the day on which it was made stands beneath."""
    bare.store.set_campaign(replace(bare.campaign, fixed_today=today))
    texts = {one.text for one in written(pages(bare)[0])}

    assert set(words) <= texts
    assert f"进驻日 2024-06-24　　制图日 {today}" in texts


def test_without_the_frame_for_notes_there_are_none(bare: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The boxes for a marker pen are an option of the template."""
    whole = pages(bare)[0].sheet.template
    kept = {name: tuple(frame for frame in frames if frame.name != "notes") for name, frames in whole.layouts.items()}
    monkeypatch.setattr(WallSheet, "template", property(lambda _self: replace(whole, layouts=kept)))

    texts = {one.text for one in written(pages(bare)[0])}
    assert not {"作战动态", "今日任务"} & texts


def test_the_same_data_gives_the_same_bytes(bare: Project, tmp_path: Path) -> None:
    """No chance in where words stand."""
    for name in ("a.pdf", "b.pdf"):
        write(bare, Request("wall", paper="A1"), tmp_path / name)

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()
