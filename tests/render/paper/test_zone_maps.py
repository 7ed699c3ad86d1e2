"""Zone maps on paper: true sizes, true scale, the same numbers on map and tables, searchable text, and no half file."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import shapely
from pypdf import PdfReader
from PySide6.QtGui import QImage, QPdfWriter
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.geo import ROUND_SCALES
from chuangwen.domain.imprint import Imprint
from chuangwen.domain.values import GEOMETRY
from chuangwen.errors import Cancelled, FileProblem, UserError
from chuangwen.progress import Progress
from chuangwen.render.output import image, print_pages
from chuangwen.render.paper.furniture import bar_length
from chuangwen.render.paper.map_block import MapBlock
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import PRODUCTS, atlas
from chuangwen.services.paper.sheet import FIT, Request
from chuangwen.services.paper.zones import ZoneSheet, plan
from chuangwen.services.project import Project
from tests.golden import compare, pixels

pytestmark = pytest.mark.window

LONG_NAME = "示范区文昌街道状元坊社区第一百二十三创建网格暨老旧小区改造提升示范片区及其周边道路背街小巷综合整治试点区域网格"


def adding(layer: str, code: str, geometry: object = None, **values: object) -> Change:
    """A row of a project."""
    full = {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry}
    return Change(layer, edits.new_id(), None, full)  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    """Four zones of different shape, sites and issues; the town of 1 km squares near E 437 000."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区", office="试验区创建办"), 4548, "甲")
    x, y = 437_000.0, 3_093_000.0
    ring = Polygon(box(x, y + 1000, x + 900, y + 1700).exterior.coords, [list(box(x + 300, y + 1200, x + 500, y + 1400).exterior.coords)])
    rows = [
        adding("zone", "A-1", box(x, y, x + 1500, y + 600), name="东街第1网格", street="东街", responsible_unit="区住建局", chief="某某01"),
        adding("zone", "A-2", box(x + 1500, y, x + 2000, y + 1600), name="东街第2网格", street="东街"),
        adding("zone", "B/1:*", ring, name=LONG_NAME, street="西街"),
        adding("zone", "B-2", MultiPolygon([box(x + 3000, y, x + 3100, y + 100), box(x + 7000, y, x + 7100, y + 100)]), name="两块网格", street="西街"),
        adding("road", "1", LineString([(x - 500, y + 300), (x + 2500, y + 320)]), name="人民路"),
        adding("site", "001", Point(x + 100, y + 100), name="人民广场", category="square", responsible_unit="区住建局"),
        adding("site", "002", Point(x + 700, y + 300), name="第一小学", category="school"),
        adding("site", "003", None, name="没有坐标的点位", zone_code="A-1"),
        adding("site", "004", Point(x + 1700, y + 300), name="别处的点位"),
    ]
    for n in range(60):
        place = Point(x + 20 + 24 * n, y + 50 + 8 * n)
        rows.append(adding("issue", f"2024-{n:03d}", place, name="坑", description=f"路面破损{n}处，影响通行", status="in_progress"))
    rows += [adding("issue", "2024-900", Point(x + 300, y + 200), name="好", description="已经好了", status="closed")]
    rows += [adding("issue", "2024-901", None, name="无", description="没有坐标的问题", status="dispatched", zone_code="A-1")]
    found.apply(Edit("数据", tuple(rows)))
    yield found
    found.close()


def run(project: Project, *codes: str) -> Atlas:
    """The pages of some zones."""
    return atlas(project, Request("zone", codes))


def sheets(project: Project, *codes: str, scale: int | None = None) -> list[ZoneSheet]:
    """The sheets of some zones, all where none is named."""
    return [sheet for sheet in plan(project, Request("zone", codes or None, scale=scale)) if isinstance(sheet, ZoneSheet)]


def run_at(project: Project, scale: int) -> Atlas:
    """A-1 at a scale."""
    return atlas(project, Request("zone", ("A-1",), scale=scale))


def view_of(page: Page) -> MapBlock:
    """The map of a page."""
    return page.map_blocks[0][1]


def words(path: Path) -> str:
    """All text of a PDF without blanks."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(path).pages))


def test_a_run_of_all_zones_is_one_file_of_exact_sheets(project: Project, tmp_path: Path) -> None:
    """Sizes within half a millimetre, both orientations in one file, bookmarks by street and zone, fonts inside, no picture in it."""
    target = tmp_path / "zones.pdf"

    assert write(project, Request("zone"), target) == [target]

    reader = PdfReader(target)
    sizes = {tuple(round(float(side) / 72 * 25.4, 1) for side in page.mediabox[2:]) for page in reader.pages}
    assert all(sorted(size) == pytest.approx([210, 297], abs=0.5) for size in sizes)
    assert len(sizes) == 2
    titles = [one.title if not isinstance(one, list) else [child.title for child in one] for one in reader.outline]
    assert titles[0] == "东街"
    assert titles[1][0] == "A-1 东街第1网格"
    assert not any("/Image" in str(item.get_object().get("/Subtype")) for page in reader.pages for item in page["/Resources"].get("/XObject", {}).values())
    text = words(target)
    for name in ("网格", "东街第1", "东街第2", "两块", "A-1", "人民广场", "人民路", "内部资料"):
        assert name in text
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="pdffonts (Debian package poppler-utils) is not installed")
def test_all_fonts_are_embedded(project: Project, tmp_path: Path) -> None:
    """The copy shop has none of them."""
    write(project, Request("zone", ("A-1",)), tmp_path / "z.pdf")

    listed = subprocess.run(["pdffonts", str(tmp_path / "z.pdf")], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert len(listed) >= 2
    assert all(line.split()[-5] == "yes" for line in listed)


def test_numbers_of_map_tables_and_count_line_are_the_same(project: Project) -> None:
    """Open issues and sites inside, by code; closed ones not; those without a place are listed with no number."""
    sheet = sheets(project, "A-1")[0]
    page = run(project, "A-1").pages[0]

    assert [(row.number, row.feature.code) for row in sheet.rows["site"]] == [("点1", "001"), ("点2", "002"), ("", "003")]
    inside = [row for row in sheet.rows["issue"] if row.number]
    assert [row.number for row in inside] == [f"问{n}" for n in range(1, len(inside) + 1)]
    assert "2024-900" not in [row.feature.code for row in sheet.rows["issue"]]
    assert sheet.rows["issue"][-1].feature.code == "2024-901"
    on_map = {label.text for scene in view_of(page).scenes for label in scene.labels if label.layer in ("site", "issue")}
    assert on_map <= {row.number for row in (*sheet.rows["site"], *sheet.rows["issue"])}
    assert {row.number for row in sheet.rows["site"] if row.number} <= on_map
    assert sum(len(table.rows) for one in run(project, "A-1").pages for table in one.tables) == len(sheet.rows["site"]) + len(sheet.rows["issue"])


def test_a_long_table_goes_on_with_its_header_and_the_pages_are_counted(project: Project, tmp_path: Path) -> None:
    """Sixty issues do not fit on one A4 sheet."""
    write(project, Request("zone", ("A-1",)), tmp_path / "z.pdf")

    pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(tmp_path / "z.pdf").pages]
    assert len(pages) >= 2
    assert all("核查结果" in page for page in pages)
    assert all(f"第{number}页共{len(pages)}页" in page for number, page in enumerate(pages, 1))
    assert all(f"2024-{n:03d}" in "".join(pages) for n in range(60))


def test_an_empty_table_says_so(project: Project, tmp_path: Path) -> None:
    """无, not a blank (domain.md 6.1)."""
    write(project, Request("zone", ("B-2",)), tmp_path / "z.pdf")

    text = words(tmp_path / "z.pdf")
    assert "点位清单（0个）" in text
    assert "无" in text


def test_the_scale_is_round_and_true(project: Project) -> None:
    """The bar's length times N is its metres; two places are as far apart on paper as they should be (0.1 %)."""
    for paper in ("A4", "A3"):
        for page in atlas(project, Request("zone", paper=paper)).pages:
            if page.part:
                continue
            view = view_of(page).view
            length, millimetres = bar_length(view, 60)
            assert millimetres * view.denominator / 1000 == pytest.approx(length, rel=0.005)
            corners = view.to_paper(np.array([[437_000.0, 3_093_000.0], [438_000.0, 3_093_000.0]]))
            assert np.hypot(*(corners[1] - corners[0])) * view.denominator / 1000 == pytest.approx(1000, rel=0.001)
            extent, zone = view.extent, page.sheet.subject.geometry.bounds  # type: ignore[union-attr]
            assert extent.x0 <= zone[0]
            assert extent.x1 >= zone[2]
            assert extent.y0 <= zone[1]
            assert extent.y1 >= zone[3]


def test_the_form_follows_the_zone_and_a_given_scale_is_kept(project: Project) -> None:
    """The sheet is turned the way that shows the zone larger."""
    turned = {sheet.code: sheet for sheet in sheets(project, scale=5000)}

    assert turned["A-1"].landscape != turned["A-2"].landscape
    assert {sheet.map.denominator for sheet in turned.values()} == {5000.0}


def test_a_zone_too_large_for_the_scale_asked_for_is_cut(project: Project, tmp_path: Path) -> None:
    """Sub-sheets that together show all of it, each with match lines to the next; every row on one of them with the zone's own number."""
    whole = sheets(project, "A-1")[0]
    parts = sheets(project, "A-1", scale=2000)
    assert whole.part == 0
    assert len(parts) > 1
    assert [sheet.part for sheet in parts] == list(range(1, len(parts) + 1))
    assert {sheet.map.denominator for sheet in parts} == {2000.0}
    assert {row.feature.code: row.number for row in whole.rows["issue"]} == {row.feature.code: row.number for sheet in parts for row in sheet.rows["issue"]}
    grounds = [view_of(page).view.extent for page in run_at(project, 2000).pages if page.part == 0]
    assert shapely.union_all([box(one.x0, one.y0, one.x1, one.y1) for one in grounds]).covers(whole.subject.geometry)  # type: ignore[union-attr]

    write(project, Request("zone", ("A-1",), scale=2000), tmp_path / "z.pdf")
    assert "接分幅2" in words(tmp_path / "z.pdf")
    assert f"分幅1/{len(parts)}" in words(tmp_path / "z.pdf")


def test_a_scale_that_would_give_a_pile_of_paper_is_refused(project: Project) -> None:
    """1:100 is a slip of the pen."""
    with pytest.raises(UserError, match="幅"):
        sheets(project, "A-1", scale=100)


def test_a_crowded_corner_is_shown_again_larger(project: Project) -> None:
    """Its numbers stand in the inset and not on the main map, each once; the inset covers none of them."""
    place = Point(438_700.0, 3_093_900.0)
    near = [Point(place.x + 25 * (n % 4), place.y + 25 * (n // 4)) for n in range(12)]
    project.apply(Edit("密", tuple(adding("issue", f"Z-{n:02d}", spot, description="坑", status="in_progress") for n, spot in enumerate(near))))
    sheet = sheets(project, "A-2")[0]
    assert sheet.inset is not None
    block = view_of(run(project, "A-2").pages[0])
    written = [label.text for scene in block.scenes for label in scene.labels if label.layer == "issue"]
    assert sorted(written) == sorted({row.number for row in sheet.rows["issue"] if row.number})
    crowd = {row.number for row in sheet.rows["issue"] if row.feature.code.startswith("Z-")}
    assert crowd <= {label.text for label in block.scenes[1].labels}


def test_the_same_pages_go_to_a_printer(project: Project, tmp_path: Path) -> None:
    """Any paged device takes them: here one that writes down what it is given, at a laser printer's resolution."""
    device = QPdfWriter(str(tmp_path / "printer.pdf"))
    device.setResolution(600)
    pages = atlas(project, Request("zone", ("A-1",), mono=True)).pages

    print_pages(device, pages)
    del device

    printed = PdfReader(tmp_path / "printer.pdf")
    assert len(printed.pages) == len(pages)
    assert [float(side) / 72 * 25.4 for side in printed.pages[0].mediabox[2:]] == pytest.approx([pages[0].width, pages[0].height], abs=0.5)


def test_neighbours_are_pale_and_named(project: Project) -> None:
    """The zone next door is there with its code, and counts for nothing in the legend."""
    page = run(project, "A-1").pages[0]

    assert "A-2" in {label.text for label in view_of(page).scene.labels if label.layer == "zone"}
    assert view_of(page).scene.counts[("zone", 0)] == 1


def test_the_same_data_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    """No time of day, no chance in the file."""
    write(project, Request("zone", ("A-1",)), tmp_path / "a.pdf")
    write(project, Request("zone", ("A-1",)), tmp_path / "b.pdf")

    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_file_a_zone_with_names_that_every_system_takes(project: Project, tmp_path: Path) -> None:
    """`/ : *` are left out, sixty characters are not too many."""
    files = write(project, Request("zone"), tmp_path / "每格")

    assert len(files) == 4
    assert all(path.exists() and not re.search(r'[\\/:*?"<>|]', path.name) for path in files)
    assert "网格巡查图_B1_" in " ".join(path.name for path in files)


def test_cancelled_or_refused_leaves_nothing(project: Project, tmp_path: Path) -> None:
    """No half file; an older file stays as it was."""
    target = tmp_path / "z.pdf"
    target.write_bytes(b"older")
    progress = Progress()
    progress.cancel()

    with pytest.raises(Cancelled):
        write(project, Request("zone"), target, progress)
    with pytest.raises(FileProblem, match="文件夹"):
        write(project, Request("zone"), tmp_path / "nowhere" / "z.pdf")
    assert target.read_bytes() == b"older"
    assert not list(tmp_path.rglob("*.part"))


def test_what_cannot_be_printed_is_said(project: Project, tmp_path: Path) -> None:
    """An unknown code, a zone without boundary, a project without zones, a scale of nonsense."""
    project.apply(Edit("x", (adding("zone", "C-1"),)))
    for codes in (("X-9",), ("C-1",)):
        with pytest.raises(UserError, match=codes[0]):
            write(project, Request("zone", codes), tmp_path / "z.pdf")
    with pytest.raises(UserError, match="比例尺"):
        sheets(project, scale=3)
    empty = Project.create(tmp_path / "空.gpkg", Campaign("空"), 4548, "甲")
    with pytest.raises(UserError, match="还没有网格"):
        write(empty, Request("zone"), tmp_path / "z.pdf")
    empty.close()


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (Debian package poppler-utils) is not installed")
def test_preview_and_paper_are_one_picture(project: Project, tmp_path: Path) -> None:
    """The preview's page and the rasterised PDF differ by no more than the edges of letters."""
    write(project, Request("zone", ("A-2",)), tmp_path / "z.pdf")
    subprocess.run(["pdftoppm", "-r", "100", "-png", "-f", "1", "-l", "1", str(tmp_path / "z.pdf"), str(tmp_path / "p")], check=True)
    printed = QImage(str(next(tmp_path.glob("p*.png")))).convertToFormat(QImage.Format.Format_RGB32)
    shown = image(run(project, "A-2").pages[0], 100 / 25.4)

    width, height = min(printed.width(), shown.width()), min(printed.height(), shown.height())
    found = compare(pixels(shown.copy(0, 0, width, height)), pixels(printed.copy(0, 0, width, height)), far=96)
    assert found.share < 0.02


def test_the_edges_say_on_which_sheet_the_map_goes_on(project: Project) -> None:
    """Each neighbour in the frame with the number that its own sheet bears, whichever zones are printed; no label stands beneath."""
    own = {sheet.code: sheet.number for sheet in sheets(project)}
    sheet = sheets(project, "A-1")[0]

    assert {note.code: note.number for note in sheet.edges} == {"A-2": own["A-2"], "B/1:*": own["B/1:*"]}
    assert {note.code: note.side for note in sheet.edges} == {"A-2": "right", "B/1:*": "top"}
    block = view_of(run(project, "A-1").pages[0])
    for x0, y0, x1, y1 in (one for label in block.scene.labels for one in label.boxes):
        for place in block.covered:
            assert not (x0 < place.right and place.x < x1 and y0 < place.bottom and place.y < y1)


def test_the_offices_own_words_stand_on_every_page(project: Project, tmp_path: Path) -> None:
    """Heading, issuing office, foot and mark from the project's settings; a title keeps clear of them."""
    project.store.set_imprint(Imprint("试验区精神文明建设委员会", "区创建办巡查组", footer="仅供巡查使用", mark="内部使用"))

    write(project, Request("zone", ("A-1", "B/1:*")), tmp_path / "z.pdf")

    pages = [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(tmp_path / "z.pdf").pages]
    assert all("仅供巡查使用" in page and "内部使用" in page and "制图单位：区创建办巡查组" in page for page in pages)
    assert all("试验区精神文明建设委员会" in page for page in pages)


def test_a_logo_is_printed_and_a_broken_one_is_left_out(project: Project, tmp_path: Path) -> None:
    """A picture in the project's folder; one that cannot be read stops no printing."""
    project.files_folder.mkdir()
    logo = QImage(400, 200, QImage.Format.Format_RGB32)
    logo.fill("#cc0000")
    logo.save(str(project.files_folder / "标志.png"))
    (project.files_folder / "坏.png").write_bytes(b"no picture")
    for name, expected in (("标志.png", True), ("坏.png", False)):
        project.store.set_imprint(Imprint(logo=name))
        page = run(project, "A-1").pages[0]
        corner = image(page, 4).pixelColor(round((page.sheet.paper.margin + 1) * 4), round((page.sheet.paper.margin + 1) * 4))
        assert (corner.red() > 150 and corner.green() < 60) == expected


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (Debian package zbar-tools) is not installed")
def test_a_reader_takes_the_code_off_the_paper(project: Project, tmp_path: Path) -> None:
    """Project, product, code, name and time as plain text, from a scan at 200 dpi of every sheet."""
    for number, page in enumerate(atlas(project, Request("zone")).pages):
        scan = tmp_path / f"{number}.png"
        image(page, 200 / 25.4).save(str(scan))
        read = subprocess.run(["zbarimg", "--quiet", "--raw", str(scan)], capture_output=True, text=True, encoding="utf-8", check=True).stdout.strip()
        assert read == page.identity
        assert page.sheet.code in read


def test_a_map_that_is_to_fit_fills_its_frame(project: Project) -> None:
    """1:N to two figures, larger than the standard scale, with the margin kept; a zone too large for a sheet still has standard ones for its sub-sheets."""
    standard, fitting = sheets(project, "A-1")[0], sheets(project, "A-1", scale=FIT)[0]
    assert fitting.map.denominator < standard.map.denominator
    assert len(str(int(fitting.map.denominator)).rstrip("0")) <= 2
    view, bounds = view_of(atlas(project, Request("zone", ("A-1",), scale=FIT)).pages[0]).view, fitting.subject.geometry.bounds  # type: ignore[union-attr]
    shares = ((bounds[2] - bounds[0]) / view.extent.width, (bounds[3] - bounds[1]) / view.extent.height)
    assert 0.8 < max(shares) <= 0.88 + 1e-9
    assert {sheet.map.denominator for sheet in sheets(project, "B-2", scale=FIT)} <= set(map(float, ROUND_SCALES)) | {fitting.map.denominator}


def test_tables_within_other_blocks_are_attached(project: Project, tmp_path: Path) -> None:
    """What stands side by side on a site's sheet, and the list of sites of a wall map."""
    for product, words in (("site", "志愿服务"), ("wall", "人民广场")):
        write(project, Request(product, None, PRODUCTS[product].template.papers[0]), tmp_path / f"{product}.pdf")
        attached = b"".join(data for rows in PdfReader(tmp_path / f"{product}.pdf").attachments.values() for data in rows).decode("utf-8")
        assert words in attached


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm (Debian package poppler-utils) is not installed")
def test_a_distance_measured_on_the_paper_is_the_distance_on_the_ground(project: Project, tmp_path: Path) -> None:
    """Two symbols 1,312.4 m apart, measured in the printed file as with a ruler (0.1 %): drawing, PDF and scale together."""
    places = [(437_150.0, 3_093_500.0), (438_400.0, 3_093_100.0)]
    marks = tuple(adding("site", f"M-{number}", Point(place), category="worksite") for number, place in enumerate(places))
    project.apply(Edit("两点", marks))
    page = run(project, "A-1").pages[0]
    frame, block = page.map_blocks[0]
    write(project, Request("zone", ("A-1",)), tmp_path / "z.pdf")
    subprocess.run(["pdftoppm", "-r", "600", "-png", "-f", "1", "-l", "1", str(tmp_path / "z.pdf"), str(tmp_path / "p")], check=True)

    dots = 600 / 25.4
    whole = pixels(QImage(str(next(tmp_path.glob("p*.png")))).convertToFormat(QImage.Format.Format_RGB32))
    map_only = whole[round(frame.y * dots) : round(frame.bottom * dots), round(frame.x * dots) : round(frame.right * dots)].astype(int)
    yellow = np.argwhere(np.abs(map_only - (0xE0, 0xB4, 0x00)).max(axis=2) < 12)[:, ::-1]
    left = yellow[:, 0] < yellow[:, 0].mean()
    middles = [(some.min(axis=0) + some.max(axis=0)) / 2 for some in (yellow[left], yellow[~left])]
    measured = float(np.hypot(*(middles[1] - middles[0]))) / dots * block.view.denominator / 1000
    assert measured == pytest.approx(float(np.hypot(1250.0, 400.0)), rel=0.001)
