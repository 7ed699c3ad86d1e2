"""Boards on paper: large print, public words only, one page each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.domain.change import Change, Edit
from chuangwen.domain.values import GEOMETRY
from chuangwen.render import fonts
from chuangwen.render.output import image
from chuangwen.render.paper.printing import write
from chuangwen.render.paper.products import atlas
from chuangwen.services.paper.sheet import Request
from chuangwen.services.project import Project

pytestmark = pytest.mark.window

X, Y = 437_000.0, 3_093_000.0


def adding(layer: str, code: str, geometry: BaseGeometry | None = None, **values: object) -> Change:
    """A row of a project."""
    return Change(layer, edits.new_id(), None, {"code": code, "name": values.pop("name", code), **values, GEOMETRY: geometry})  # type: ignore[arg-type]


@pytest.fixture
def project(tmp_path: Path, qapp: object) -> Iterator[Project]:
    """A section with everything, one with nothing, an issue and a site beside the road."""
    found = Project.create(tmp_path / "区.gpkg", Campaign("试验区", office="试验区创建办"), 4548, "甲")
    road = LineString([(X, Y), (X + 900, Y + 40)])
    named = {"chief1": "某某01", "chief2": "某某02", "chief3": "某某03", "phone": "13800000277", "responsible_unit": "区住建局", "communities": "和平社区"}
    rows = [
        adding("unit", "U1", name="区住建局", head="某某02", phone="13800000001", office_phone="8000001"),
        adding("section", "LZ-01", road, name="人民路（西街—东街）", road_name="人民路", start_text="西街", end_text="东街", length_m=902.0, **named),
        adding("section", "LZ-02", None, name="很长的路名" * 9, responsible_unit="很长的单位名称" * 9, chief1="很长的姓名" * 6),
        adding("road", "1", road, name="人民路", **{"class": "main"}),
        adding("road", "2", LineString([(X + 300, Y - 300), (X + 300, Y + 300)]), name="南北街", **{"class": "branch"}),
        adding("issue", "2024-001", Point(X + 300, Y + 20), description="内部问题", status="in_progress"),
        adding("site", "001", Point(X + 350, Y + 20), name="内部点位", category="school"),
    ]
    found.apply(Edit("数据", tuple(rows)))
    yield found
    found.close()


def words(path: Path) -> str:
    """All text of a PDF without blanks."""
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(path).pages))


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_a_board_is_one_page_across_with_all_that_the_public_may_know(project: Project, tmp_path: Path, paper: str) -> None:
    """And nothing else: no private telephone, no issue, no mark of internal use."""
    write(project, Request("board", ("LZ-01",), paper), tmp_path / "b.pdf")

    reader = PdfReader(tmp_path / "b.pdf")
    (page,) = reader.pages
    wanted = [297, 210] if paper == "A4" else [420, 297]
    assert [float(side) / 72 * 25.4 for side in page.mediabox[2:]] == pytest.approx(wanted, abs=0.5)
    text = words(tmp_path / "b.pdf")
    for word in (
        "路长公示牌",
        "人民路",
        "西街至东街",
        "全长902米",
        "某某01",
        "某某02",
        "主要负责人",
        "某某03",
        "区住建局",
        "和平社区",
        "监督电话",
        "8000001",
        "试验区创建办",
    ):
        assert word in text
    for word in ("13800000", "2024-001", "内部", "注意保管", "点1", "问1"):
        assert word not in text
    assert text.count("路长职责") == 1
    assert "4." in text


def test_nothing_on_an_a3_board_is_smaller_than_five_millimetres(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Labels of the map too."""
    sizes: dict[str, float] = {}
    plain = fonts.write

    def noting(painter: object, x: float, y: float, text: str, size: float, *more: object, **named: object) -> None:
        sizes[text] = min(size, sizes.get(text, size))
        plain(painter, x, y, text, size, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(fonts, "write", noting)
    page = atlas(project, Request("board", ("LZ-01",), "A3")).pages[0]
    image(page, 2)

    assert {"人民路", "8000001", "LZ-01"} <= set(sizes)
    letters = {text: size for text, size in sizes.items() if text not in ("起", "终", "N")}
    assert min(letters.values()) >= 5 - 1e-6, letters
    for _place, block in page.map_blocks:
        assert {label.text for label in block.scene.labels} == {"人民路", "南北街"}
        assert all(box[3] - box[1] >= 4.5 or box[2] - box[0] >= 4.5 for label in block.scene.labels for box in label.boxes)


def test_a_board_with_nothing_on_it_has_lines_for_the_pen(project: Project, tmp_path: Path) -> None:
    """Sixty characters of name are written smaller or on two lines, on one page."""
    write(project, Request("board", ("LZ-02",), "A4", mono=True), tmp_path / "b.pdf")

    assert len(PdfReader(tmp_path / "b.pdf").pages) == 1
    text = words(tmp_path / "b.pdf")
    assert "很长的路名" * 9 in text
    assert "位置示意图：本路段尚未上图" in text
    assert "＿＿＿＿" in text or "____" in text
