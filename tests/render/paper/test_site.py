"""点位一页表 on paper: one page, true scale, the same numbers on map and in the table, photos that stay small, and honest empty frames."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from shapely.geometry import LineString, Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.render.paper.page import Page
from chuangwen.render.paper.photo import loaded
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project
from chuangwen.store.photos import kept_as, write_kept

pytestmark = pytest.mark.window

X, Y = 437_000.0, 3_093_000.0
LONG_NAME = "示范区文昌街道状元坊社区第一百二十三创建网格暨老旧小区改造提升示范片区及其周边道路背街小巷综合整治试点区域广场"


def adding(layer: str, code: str, geometry: object = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A square with issues, a school with nothing, one without a place, one with a very long name and very many issues."""
    campaign = Campaign("试验区", office="试验区创建办", fixed_today=dt.date(2024, 6, 28))
    found = Project.create(tmp_path / "区.gpkg", campaign, 4548, "甲")
    unit = {"short_name": "区城管局", "head": "某某11", "liaison": "某某12", "phone": "13800000012", "office_phone": "8000010"}
    rows = [
        adding("unit", "U1", name="示范区城市管理局", **unit),
        adding("zone", "A-1", box(X - 500, Y - 500, X + 500, Y + 500), name="东街第1网格"),
        adding("road", "1", LineString([(X - 900, Y + 40), (X + 900, Y + 40)]), name="人民路"),
        adding("road", "2", LineString([(X + 50, Y - 900), (X + 50, Y + 900)]), name="中山路"),
        adding("site", "001", Point(X, Y), name="人民广场", category="square", street="东街", responsible_unit="示范区城市管理局", address="人民路1号"),
        adding("site", "002", Point(X + 300, Y), name="第一小学", category="school", chief="某某21", unit_head="某某22"),
        adding("site", "003", None, name="没有坐标的点位", address="找不到路9号"),
        adding("site", "004", Point(X, Y + 300), name=LONG_NAME, category="main_road"),
    ]
    rows += [adding("issue", f"2024-{n}", Point(X + 5 * n, Y + 4 * n), description=f"路面破损{n}处", status="in_progress", site_code="001") for n in range(4)]
    rows += [adding("issue", f"2025-{n}", Point(X + n, Y + 300), description=f"果皮箱破损{n}个", status="dispatched", site_code="004") for n in range(60)]
    found.apply(Edit("数据", tuple(rows)))
    yield found
    found.close()


def pages_of(project: Project, *codes: str, **more: object) -> list[Page]:
    """The pages of some sites."""
    return atlas(project, Request("site", codes or None, **more)).pages  # type: ignore[arg-type]


def printed(project: Project, target: Path, *codes: str) -> list[str]:
    """The text of each page, without blanks."""
    write(project, Request("site", codes or None), target)
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(target).pages]


def test_an_ordinary_site_is_one_a4_page_that_says_everything(project: Project, tmp_path: Path) -> None:
    """All blocks, the people from the list of units, and a foot to fill in."""
    (text,) = printed(project, tmp_path / "s.pdf", "001")

    (sheet,) = PdfReader(tmp_path / "s.pdf").pages
    assert [float(side) / 72 * 25.4 for side in sheet.mediabox[2:]] == pytest.approx([210, 297], abs=0.5)
    for words in ("人民广场点位一页表", "点位编号001/4", "广场", "人民路1号", "A-1东街第1网格", "区城管局", "某某11", "某某12", "13800000012"):
        assert words in text
    for words in ("责任", "对照测评要点", "公益广告", "志愿服务站", "材料清单", "巡查记录", "填表人", "审核人", "中山路与人民路路口"):
        assert words in text
    assert [f"{day}" in text for day in ("6月28日周五", "7月1日周一", "7月4日周四", "7月5日")] == [True, True, True, False]


def test_what_the_site_says_of_its_people_comes_before_the_list_of_units(project: Project, tmp_path: Path) -> None:
    """And the list is asked for what it does not say; nothing at all is a dash."""
    (text,) = printed(project, tmp_path / "s.pdf", "002")

    assert "某某22" in text
    assert "某某21" in text
    assert "待指定" in text


def test_the_scale_is_true(project: Project) -> None:
    """1:2 000 within 0.1 %, the site in the middle; another scale where it is asked for."""
    for asked, scale in ((None, 2000), (500, 500)):
        ((_place, block),) = pages_of(project, "001", scale=asked)[0].map_blocks
        view = block.view
        corners = view.to_paper(np.array([[X, Y], [X + 100, Y]]))
        assert np.hypot(*(corners[1] - corners[0])) * scale / 1000 == pytest.approx(100, rel=0.001)
        assert corners[0] == pytest.approx([view.width / 2, view.height / 2])


def test_map_and_table_bear_the_same_numbers(project: Project) -> None:
    """Each issue of the table that has a number is on the map with that number, and no other is."""
    page = pages_of(project, "001")[0]
    ((_place, block),) = page.map_blocks

    on_map = {label.id: label.text for label in block.scene.labels if label.layer == "issue"}
    assert on_map == page.sheet.numbers
    assert len(on_map) == 4
    table = next(one for one in page.tables if one.title.startswith("待整改问题"))
    assert [row[0] for row in table.rows] == list(page.sheet.numbers.values())
    assert len([label for label in block.scene.labels if label.text == "人民广场"]) == 1


def test_no_issues_are_said_to_be_none(project: Project) -> None:
    """无, not a blank."""
    table = next(one for one in pages_of(project, "002")[0].tables if one.title.startswith("待整改问题（0 个"))

    assert table.rows == ()


def test_a_site_nobody_has_placed_has_its_address_instead_of_a_map(project: Project, tmp_path: Path) -> None:
    """One page, no map, no crossings."""
    (page,) = pages_of(project, "003")
    assert page.map_blocks == []

    (text,) = printed(project, tmp_path / "s.pdf", "003")
    assert "未定位地址：找不到路9号" in text
    assert "最近路口" not in text


def test_many_issues_and_a_long_name_go_on_with_the_header_repeated(project: Project, tmp_path: Path) -> None:
    """All sixty are there once; the visits stand on the first page."""
    texts = printed(project, tmp_path / "s.pdf", "004")

    assert len(texts) > 1
    assert "巡查记录" in texts[0]
    assert all(LONG_NAME in text and "问题编号" in text for text in texts)
    assert sum(text.count(f"果皮箱破损{n}个") for n in range(60) for text in texts) == 60


def test_a_volunteer_station_is_there_where_it_is_required_or_where_there_is_one(project: Project, tmp_path: Path) -> None:
    """Squares need one; a school has one if it says so."""
    assert ["志愿服务站人员" in printed(project, tmp_path / "s.pdf", code)[0] for code in ("001", "002")] == [True, False]

    school = project.features("site").coded("002")
    assert school is not None
    project.apply(Edit("x", (Change("site", school.id, {"has_volunteer_station": None}, {"has_volunteer_station": True}),)))
    assert "志愿服务站人员" in printed(project, tmp_path / "t.pdf", "002")[0]


def taken(project: Project, code: str, *files: Path) -> None:
    """Photos of a site, kept as the window keeps them."""
    site = project.features("site").coded(code)
    assert site is not None
    rows = []
    for number, file in enumerate(files, 1):
        kept = kept_as(file.name, file.read_bytes(), dt.datetime(2024, 6, number))
        write_kept(kept, file.read_bytes(), project.files_folder)
        values = {
            "owner_layer": "site",
            "owner_id": site.id,
            "kind": "site",
            "path": kept.path,
            "sha256": kept.sha256,
            "taken_at": dt.datetime(2024, 6, number),
        }
        rows.append(adding("photo", f"{code}-{number}", None, name=file.name, **values))
    project.apply(Edit("照片", tuple(rows)))


def picture(path: Path, width: int, height: int, **options: object) -> Path:
    """A noisy picture, that does not compress to nothing."""
    noise = np.random.default_rng(1).integers(0, 255, (height // 4, width // 4, 3), dtype=np.uint8)
    Image.fromarray(noise).resize((width, height)).save(path, **options)
    return path


def test_photos_stay_jpeg_and_small(project: Project, tmp_path: Path) -> None:
    """Twelve million pixels become some hundred thousand; the proportions are kept; captions say kind and day."""
    taken(project, "001", picture(tmp_path / "大.jpg", 4000, 3000, quality=95), picture(tmp_path / "竖.png", 900, 1200))

    (text,) = printed(project, tmp_path / "s.pdf", "001")

    (sheet,) = PdfReader(tmp_path / "s.pdf").pages
    images = [one.get_object() for one in sheet["/Resources"]["/XObject"].values() if one.get_object()["/Subtype"] == "/Image"]
    assert [one["/Filter"] for one in images] == ["/DCTDecode"] * 2
    assert {round(one["/Width"] / one["/Height"], 2) for one in images} == {0.75, 1.33}
    assert all(one["/Width"] <= 60 / 25.4 * 200 + 1 for one in images)
    assert (tmp_path / "s.pdf").stat().st_size < 400_000
    assert text.count("点位2024-06-0") == 2
    assert "待拍" not in text


def test_a_missing_photo_is_an_empty_frame_and_a_broken_one_says_so(project: Project, tmp_path: Path) -> None:
    """Nobody has taken one; the file does not open; the file is gone."""
    (text,) = printed(project, tmp_path / "a.pdf", "002")
    assert text.count("照片（待拍）") == 2

    broken = tmp_path / "坏.jpg"
    broken.write_bytes(b"\xff\xd8\xff" + b"no picture" * 20)
    gone = picture(tmp_path / "没了.jpg", 80, 60)
    taken(project, "001", broken, gone)
    for path in project.files_folder.rglob("*没了.jpg"):
        path.unlink()

    (text,) = printed(project, tmp_path / "b.pdf", "001")
    assert "照片文件已损坏或不能识别" in text
    assert "坏.jpg" in text
    assert "找不到照片文件" in text


def test_a_photo_is_turned_as_the_camera_was(tmp_path: Path, qapp: object) -> None:
    """EXIF 6: a quarter to the right. The red edge, left in the file, is on top; no finer than 200 dpi either way."""
    pixels = np.zeros((600, 1200, 3), dtype=np.uint8)
    pixels[:, :100, 0] = 255
    turned = Image.Exif()
    turned[0x0112] = 6
    Image.fromarray(pixels).save(tmp_path / "t.jpg", exif=turned, quality=95)

    found = loaded(tmp_path / "t.jpg", 60, 33)

    assert found is not None
    assert (found.width(), found.height()) == (130, 260)  # 33 mm at 200 dpi
    assert found.pixelColor(65, 5).red() > 200
    assert found.pixelColor(65, 200).red() < 60


@pytest.mark.parametrize("kind", ["GIF", "BMP", "PNG"])
def test_other_kinds_of_pictures_are_read(tmp_path: Path, qapp: object, kind: str) -> None:
    """By content, whatever the file is called; what is transparent is white."""
    written = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "P", (40, 30)).save(written, kind)
    (tmp_path / "x.jpg").write_bytes(written.getvalue())

    found = loaded(tmp_path / "x.jpg", 60, 33)

    assert found is not None
    assert (found.width(), found.height()) == (40, 30)
    if kind == "PNG":
        assert found.pixelColor(3, 3).name() == "#ffffff"
