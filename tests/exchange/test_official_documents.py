"""Documents in the form of GB/T 9704-2012 (domain.md 6.5): what the file says, and how it comes out of a word processor."""

from __future__ import annotations

import datetime as dt
import io
import re
import subprocess
import zipfile
from itertools import pairwise
from pathlib import Path

import docx
import pytest
from docx.shared import Mm
from lxml import etree
from PIL import Image

from chuangwen.errors import FileProblem
from chuangwen.exchange.documents.form import form
from chuangwen.exchange.documents.lines import balanced, width
from chuangwen.exchange.documents.official import OfficialDocument
from tests.office_paper import NAMES, pdf_of, wanted_tools

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
DAY = dt.date(2024, 5, 9)


def picture(kind: str = "JPEG", size: tuple[int, int] = (80, 60), **more: object) -> bytes:
    """A picture file."""
    content = io.BytesIO()
    Image.new("RGB", size, "grey").save(content, kind, **more)
    return content.getvalue()


def whole() -> OfficialDocument:
    """A document with everything in it."""
    document = OfficialDocument("××区创建全国文明城市工作领导小组办公室文件", "×创建办交〔2024〕15号")
    document.title("关于交办实地考察点位问题并限期整改到位的通知").addressee("区城市管理局:")
    document.paragraph("现将实地考察点位及其周边存在的问题交办你单位。\n请认真对照问题抓好整改。")
    document.heading(1, "一、存在的问题").heading(2, "（一）市容环境").heading(3, "1.垃圾")
    document.table(["序号", "问题"], [[str(number), "垃圾桶破损"] for number in range(1, 41)], [14, 142], centred={0})
    document.attachments(["位置图", "回执"]).signed("区创建办", DAY)
    document.page_break().picture(picture("PNG"), 100, "图1").pair(picture(), None, ("整改前", "整改后"))
    document.cut_line().slip("回执", [[("文号", "15号")], [("接收人", ""), ("接收时间", "")]])
    return document.foot("区委办，区政府办", "区创建办", DAY)


def body(path: Path, part: str = "word/document.xml") -> etree._Element:
    """The XML of a part."""
    with zipfile.ZipFile(path) as archive:
        return etree.fromstring(archive.read(part))


def paragraph_with(path: Path, words: str) -> etree._Element:
    """The first paragraph whose text is or begins with `words`."""
    return next(one for one in body(path).iter(f"{W}p") if "".join(one.itertext()).startswith(words))


def fonts_of(path: Path, words: str) -> tuple[str, str, float]:
    """Chinese and Latin face and size in points of the paragraph with `words`."""
    look = paragraph_with(path, words).find(f".//{W}rPr")
    faces = look.find(f"{W}rFonts")
    return faces.get(f"{W}eastAsia"), faces.get(f"{W}ascii"), int(look.find(f"{W}sz").get(f"{W}val")) / 2


def test_page_grid_and_margins(tmp_path: Path) -> None:
    """A4, margins 37/28/26/35 mm, 22 lines of 28 characters: 28.99 pt and 15.79 pt, of which the last line must still fit."""
    whole().save(tmp_path / "a.docx")

    section = docx.Document(str(tmp_path / "a.docx")).sections[0]
    sides = section.page_width, section.page_height, section.top_margin, section.left_margin, section.right_margin, section.bottom_margin
    for found, wanted in zip(sides, (210, 297, 37, 28, 26, 35), strict=True):
        assert abs(found - Mm(wanted)) < Mm(0.05)
    grid = body(tmp_path / "a.docx").find(f".//{W}docGrid")
    pitch = int(grid.get(f"{W}linePitch"))
    assert grid.get(f"{W}type") == "linesAndChars"
    assert abs(pitch / 20 - 28.99) < 0.05
    assert 22 * pitch <= round(225 / 25.4 * 1440) < 23 * pitch
    spaced = 320 + form().character_spacing
    assert abs(spaced / 20 - 15.79) < 0.1
    for cell in (spaced, 320 + int(grid.get(f"{W}charSpace")) / 4096 * 20):
        assert 28 * cell <= 156 / 25.4 * 1440 < 29 * cell


def test_faces_and_sizes_are_the_table_s(tmp_path: Path) -> None:
    """3号仿宋, title 2号小标宋, 一、 黑体, （一） 楷体, digits in Times; Chinese and Latin faces are said apart, with what may stand in."""
    whole().save(tmp_path / "a.docx")

    assert fonts_of(tmp_path / "a.docx", "关于交办") == ("方正小标宋简体", "Times New Roman", 22)
    assert fonts_of(tmp_path / "a.docx", "区城市管理局：") == ("仿宋_GB2312", "Times New Roman", 16)
    assert fonts_of(tmp_path / "a.docx", "一、")[0] == "黑体"
    assert fonts_of(tmp_path / "a.docx", "（一）")[0] == "楷体_GB2312"
    assert fonts_of(tmp_path / "a.docx", "1.垃圾") == ("仿宋_GB2312", "Times New Roman", 16)
    assert fonts_of(tmp_path / "a.docx", "垃圾桶破损")[2] == 12
    assert fonts_of(tmp_path / "a.docx", "抄送：") == ("仿宋_GB2312", "Times New Roman", 14)
    fonts = body(tmp_path / "a.docx", "word/fontTable.xml")
    named = {one.get(f"{W}name"): [other.get(f"{W}val") for other in one] for one in fonts}
    assert named["仿宋_GB2312"] == ["仿宋,FangSong"]
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        assert not [name for name in archive.namelist() if "font" in name and name != "word/fontTable.xml"]  # none is bundled


def test_places_of_the_parts(tmp_path: Path) -> None:
    """Indents, date four characters from the right, page numbers outside, header of a list on each page and no row torn, red head."""
    whole().save(tmp_path / "a.docx")
    path = tmp_path / "a.docx"

    def indent(words: str) -> dict[str, str]:
        found = paragraph_with(path, words).find(f".//{W}ind")
        return {} if found is None else {name.removeprefix(W): value for name, value in found.items()}

    assert indent("区城市管理局：") == {}
    assert indent("现将")["firstLineChars"] == indent("请认真")["firstLineChars"] == "200"
    assert indent("2024年5月9日")["rightChars"] == "400"
    assert indent("附件：1.位置图") == {"leftChars": "500", "left": "1600", "hangingChars": "300", "hanging": "960"}
    rows = next(body(path).iter(f"{W}tbl")).findall(f"{W}tr")
    assert [row.find(f".//{W}tblHeader") is not None for row in rows] == [True, *[False] * 40]
    assert all(row.find(f".//{W}cantSplit") is not None for row in rows)
    for part, side in (("footer1", "right"), ("footer2", "left")):
        foot = body(path, f"word/{part}.xml")
        assert "".join(one.text or "" for one in foot.iter(f"{W}t")) == "— 1 —"
        assert foot.find(f".//{W}jc").get(f"{W}val") == side
        assert foot.find(f".//{W}ind").get(f"{W}{side}Chars") == "100"
        assert foot.find(f".//{W}rFonts").get(f"{W}ascii") == "宋体"
        assert foot.find(f".//{W}sz").get(f"{W}val") == "28"
    assert body(path, "word/settings.xml").find(f"{W}evenAndOddHeaders") is not None
    head = paragraph_with(path, "××区创建全国")
    assert head.find(f".//{W}color").get(f"{W}val") == "FF0000"
    assert head.find(f".//{W}spacing").get(f"{W}before") == str(round(35 / 25.4 * 1440))
    assert paragraph_with(path, "×创建办交〔2024〕15号").find(f".//{W}bottom").get(f"{W}color") == "FF0000"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("关于交办人民公园问题的通知", ["关于交办人民公园问题的通知"]),
        ("关于交办实地考察点位问题并限期整改到位的通知", ["关于交办实地考察点位问题", "并限期整改到位的通知"]),
        ("关于印发《××区创建全国文明城市迎检工作方案》的通知", ["关于印发《××区创建全国文明城市", "迎检工作方案》的通知"]),
    ],
)
def test_titles_break_between_words(text: str, lines: list[str]) -> None:
    """回行时词意完整、排列对称、长短适宜."""
    assert balanced(text, 20, *form().breaks) == lines


def test_a_long_title_keeps_numbers_and_brackets_whole() -> None:
    """Lines are never too long, nothing is lost, no line begins with a closing sign or inside a number."""
    text = "关于2024年5月全市创建全国文明城市实地考察点位及其周边存在的20240509号问题清单（第一批）整改情况的督办通知"
    lines = balanced(text, 20, *form().breaks)

    assert "".join(lines) == text
    assert all(width(line) <= 20 for line in lines)
    assert max(map(width, lines)) - min(map(width, lines)) <= 8
    assert not any(re.search(r"\d$", left) and re.match(r"\d", right) for left, right in pairwise(lines))
    assert not any(line[0] in "）》。，" for line in lines)


def test_the_same_content_gives_the_same_bytes_without_names_or_times(tmp_path: Path) -> None:
    """A document can be compared with what was sent; it tells neither who wrote it nor when nor where."""
    for name in ("a.docx", "b.docx"):
        whole().save(tmp_path / name)

    content = (tmp_path / "a.docx").read_bytes()
    assert content == (tmp_path / "b.docx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in archive.namelist() if name.startswith("docProps")]
        assert all(str(tmp_path).encode() not in archive.read(name) for name in archive.namelist())


def test_what_stands_in_a_cell_is_text(tmp_path: Path) -> None:
    """Markup, formulas, field codes and control characters of an imported cell neither break the document nor do anything."""
    nasty = '<w:t>&amp;</w:t> =HYPERLINK("x") { INCLUDEPICTURE "c:\\\\a" } \x00\x07\x0b\ud800\u202e末'
    OfficialDocument().title("题").table(["问题"], [[nasty]]).paragraph(nasty).save(tmp_path / "a.docx")

    found = docx.Document(str(tmp_path / "a.docx"))
    shown = '<w:t>&amp;</w:t> =HYPERLINK("x") { INCLUDEPICTURE "c:\\\\a" } 末'
    assert found.tables[0].cell(1, 0).text == shown
    assert shown in [one.text for one in found.paragraphs]
    assert not list(body(tmp_path / "a.docx").iter(f"{W}instrText"))


def test_an_empty_list_says_so(tmp_path: Path) -> None:
    """domain.md 6.1: an empty table prints 无."""
    OfficialDocument().table(["序号", "问题"], []).save(tmp_path / "a.docx")

    assert [one.text for one in docx.Document(str(tmp_path / "a.docx")).tables[0].rows[1].cells] == ["无", "无"]


def test_photos_lose_what_the_telephone_wrote(tmp_path: Path) -> None:
    """Upright, at most 1600 pixels, without place and time inside; the same picture twice is in the file once."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "PHONE-MAKER"
    photo = picture(size=(3000, 2000), exif=exif)
    OfficialDocument().pair(photo, photo).save(tmp_path / "a.docx")

    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        media = [name for name in archive.namelist() if name.startswith("word/media/")]
        content = archive.read(media[0])
    assert len(media) == 1
    assert b"PHONE-MAKER" not in content
    with Image.open(io.BytesIO(content)) as image:
        assert image.size == (1067, 1600)


def test_a_picture_that_is_none_is_named_and_nothing_written(tmp_path: Path) -> None:
    """The message names the picture; a file that was there stays as it was."""
    document = OfficialDocument()
    with pytest.raises(FileProblem, match=r"整改前 A-17.*不是能用的图片"):
        document.picture(b"no picture", 80, "整改前 A-17")


def test_a_folder_that_cannot_be_written_keeps_the_old_file(tmp_path: Path) -> None:
    """Written beside and renamed: where that fails nothing half-written lies about."""
    taken = tmp_path / "a.docx"
    taken.mkdir()
    with pytest.raises(FileProblem, match=r"a\.docx"):
        whole().save(taken)

    assert [one.name for one in tmp_path.iterdir()] == ["a.docx"]


def test_a_damaged_form_is_named(tmp_path: Path) -> None:
    """Who edits the table of sizes reads what is wrong and where."""
    (tmp_path / "documents.toml").write_text("[page]\nwidth = -1\n", encoding="utf-8")

    with pytest.raises(FileProblem, match=r"documents\.toml"):
        form(tmp_path)


def test_a_word_processor_shows_what_the_standard_asks(tmp_path: Path, office_fonts: Path) -> None:
    """LibreOffice turns it into PDF: margins within 1 mm, 22 lines a page, 28 characters a line, every face in use, 版记 at the foot of the last page."""
    wanted_tools()
    text = OfficialDocument().paragraph("整" * 28 * 50, indented=False)
    text.save(tmp_path / "text.docx")
    whole().save(tmp_path / "a.docx")

    pages = _words(pdf_of(tmp_path / "text.docx", office_fonts))
    left, top, right, bottom = (round(value, 1) for value in _area(pages[0]))
    assert abs(left - 28) < 1
    assert abs(210 - right - 26) < 1
    assert 37 <= top < 37 + 5  # the first line stands in the middle of its pitch
    assert 35 <= 297 - bottom < 35 + 5
    assert [len(page) for page in pages] == [22, 22, 6]
    assert {len(line[4]) for page in pages for line in page} == {28}

    pdf = pdf_of(tmp_path / "a.docx", office_fonts)
    fonts = subprocess.run(["pdffonts", str(pdf)], check=True, capture_output=True, text=True).stdout
    assert set(NAMES.values()) <= set(re.findall(r"\+(\w+)", fonts))
    last = _words(pdf)[-1]
    assert "印发" in last[-1][4]  # the page number is left out
    assert 0 <= 297 - 35 - last[-1][3] < 4


def _words(pdf: Path) -> list[list[tuple[float, float, float, float, str]]]:
    """The lines of each page but the page number: left, top, right, bottom in mm, text."""
    out = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], check=True, capture_output=True, text=True, encoding="utf-8").stdout
    pages = []
    for page in out.split("<page ")[1:]:
        lines = []
        for line in page.split("<line ")[1:]:
            sides = [float(re.search(rf'{side}="([\d.]+)"', line)[1]) * 25.4 / 72 for side in ("xMin", "yMin", "xMax", "yMax")]
            words = "".join(re.findall(r">([^<]+)</word>", line))
            if "—" not in words:
                lines.append((*sides, words))
        pages.append(sorted(lines, key=lambda one: one[1]))
    return pages


def _area(lines: list[tuple[float, float, float, float, str]]) -> tuple[float, float, float, float]:
    return min(one[0] for one in lines), min(one[1] for one in lines), max(one[2] for one in lines), max(one[3] for one in lines)
