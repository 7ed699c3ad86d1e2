"""Orders with their pictures: the map numbered as the list is, photos before the work, and the whole as a word processor shows it (domain.md 6.5)."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtWidgets import QApplication
from shapely.geometry import Point, box

from chuangwen.domain import edits
from chuangwen.domain.campaign import Campaign
from chuangwen.errors import FileProblem
from chuangwen.render.documents import illustrator
from chuangwen.services.order_draft import Request
from chuangwen.services.order_issuing import Issued, issue_orders
from chuangwen.services.orders import plan
from chuangwen.services.project import Project
from tests.office_paper import NAMES, pdf_of, wanted_tools

X, Y = 437_000.0, 3_093_000.0


@pytest.fixture
def project(qapp: QApplication, tmp_path: Path) -> Project:
    """A zone, a unit, three issues of it: two on the map, one with two photos."""
    campaign = Campaign("示范区创建全国文明城市一张图", "示范区", "示范区创建全国文明城市工作办公室", fixed_today=dt.date(2024, 5, 9))
    one = Project.create(tmp_path / "p.gpkg", campaign, 4548, "王", "planner")
    one.apply(edits.add(one.layers["unit"], {"code": "U1", "name": "示范区城市管理局", "head": "某某01", "office_phone": "8000001"}))
    one.apply(edits.add(one.layers["zone"], {"code": "A-01", "name": "第1网格", "kind": "campaign"}, box(X - 300, Y - 300, X + 300, Y + 300)))
    for number in range(1, 4):
        values = {"code": f"Q{number}", "name": "垃圾桶破损", "description": "公园南门西侧垃圾桶破损、脏污", "site_name": "人民公园", "measure": "更换垃圾桶"}
        more = {"status": "registered", "responsible_unit": "示范区城市管理局"}
        one.apply(edits.add(one.layers["issue"], {**values, **more}, Point(X + 60 * number, Y) if number < 3 else None, f"issue{number}"))
    for number, colour in enumerate(("grey", "olive"), 1):
        photo(one, f"issue{number}", f"{number}.jpg", picture(colour))
    return one


def picture(colour: str) -> bytes:
    """A photo."""
    content = io.BytesIO()
    image = Image.new("RGB", (1200, 900), colour)
    ImageDraw.Draw(image).ellipse((300, 200, 900, 700), fill="black")
    image.save(content, "JPEG")
    return content.getvalue()


def photo(project: Project, owner: str, name: str, content: bytes) -> None:
    """A photo before the work in the project's folder."""
    path = project.files_folder / "photos" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    values = {"name": name, "owner_layer": "issue", "owner_id": owner, "kind": "before", "path": f"photos/{name}", "sha256": name}
    project.apply(edits.add(project.layers["photo"], values))


def issued(project: Project, folder: Path, kind: str = "work") -> Issued:
    """One order for all issues."""
    drafts = plan(project, Request(kind, due=dt.date(2024, 5, 12), due_time="18:00"), list(project.features("issue")))
    return issue_orders(project, drafts, folder, illustrator(project))[0]


def media(path: Path) -> list[bytes]:
    """The pictures of a document."""
    with zipfile.ZipFile(path) as archive:
        return [archive.read(name) for name in sorted(archive.namelist()) if name.startswith("word/media/")]


def test_map_and_photos_are_in_the_document(project: Project, tmp_path: Path) -> None:
    """A map 150 mm wide at 200 dpi and the two photos; what has no place is said under the map."""
    import docx

    found = media(issued(project, tmp_path / "out").path)
    assert len(found) == 3
    with Image.open(io.BytesIO(found[0])) as image:
        assert image.format == "PNG"
        assert abs(image.width - 150 / 25.4 * 200) <= 1
        assert len(image.convert("RGB").getcolors(1_000_000) or []) > 20
    text = [one.text for one in docx.Document(str(next((tmp_path / "out").iterdir()))).paragraphs]
    assert "图中数字为问题清单的序号；第3项未定位" in text


def test_the_same_order_gives_the_same_bytes(project: Project, tmp_path: Path) -> None:
    """What was sent can be made again and compared: map, photos and text."""
    first = issued(project, tmp_path / "a").path.read_bytes()
    project.undo()
    assert issued(project, tmp_path / "b").path.read_bytes() == first


def test_a_photo_that_is_no_picture_is_named(project: Project, tmp_path: Path) -> None:
    """Issue 5, bad input: the message says which; nothing is dispatched. One whose file is gone is said before and left out."""
    photo(project, "issue2", "lost.jpg", b"")
    (project.files_folder / "photos" / "lost.jpg").unlink()
    drafts = plan(project, Request("work", due=dt.date(2024, 5, 12)), list(project.features("issue")))
    assert "Q2 的整改前照片 lost.jpg 不见了" in drafts[0].warnings
    (project.files_folder / "photos" / "1.jpg").write_bytes(b"not a picture")
    with pytest.raises(FileProblem, match=r"第1项 Q1 整改前.*不是能用的图片"):
        issued(project, tmp_path / "out")
    assert not len(project.features("order"))
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.parametrize("kind", ["work", "supervise", "rectify_notice"])
def test_three_documents_as_a_word_processor_shows_them(project: Project, tmp_path: Path, office_fonts: Path, kind: str) -> None:
    """LibreOffice: all faces of the form, type area kept on every page, the slip on one page, 版记 on the last."""
    wanted_tools()
    if kind == "supervise":
        issued(project, tmp_path / "first")
    path = issued(project, tmp_path / "out", kind).path
    pdf = pdf_of(path, office_fonts)
    fonts = subprocess.run(["pdffonts", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert all(name in fonts for name in NAMES.values() if name != "KaiTiOffice")
    pages = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True, encoding="utf-8").stdout.split("\f")[:-1]
    assert [one for one in pages if "承诺完成时间" in one and "接收人" in one]
    assert "2024 年 5 月 9 日印发" in pages[-1] or "2024年5月9日印发" in pages[-1].replace(" ", "")
    assert sum("印发" in one for one in pages) == 1
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True, encoding="utf-8").stdout
    lefts = [float(one.split('"')[0]) * 25.4 / 72 for one in boxes.split('<word xMin="')[1:]]
    assert 27 <= min(lefts) < 30
