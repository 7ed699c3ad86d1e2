"""Hostile and broken files: a sentence that the user can act on, within 5 s and 500 MB, each in a process of its own; nothing is run, fetched or written."""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from chuangwen.errors import FileProblem, UserError
from chuangwen.exchange.matching import known_words
from chuangwen.exchange.workbooks import read_workbook
from tests.build import ROOT, layers
from tests.exchange import office_files as o
from tests.exchange.made import workbook

SITES = known_words(layers()["site"])
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
ROWS = [["点位编号", "点位名称", "责任单位"], ["001", "甲", "城管局"]]
READ = """
import json, sys, time
from pathlib import Path
from chuangwen.errors import UserError
from chuangwen.exchange.workbooks import read_workbook
start, said, rows = time.process_time(), "", -1
try:
    rows = len(read_workbook(Path(sys.argv[1]), frozenset()))
except UserError as error:
    said = error.message + "|" + error.hint
peak = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))  # ru_maxrss is inherited from the parent
print(json.dumps({"said": said, "rows": rows, "seconds": time.process_time() - start, "mb": peak / 1024}))
"""


def xlsx(path: Path, members: dict[str, str | bytes]) -> None:
    """A healthy workbook with some members replaced."""
    workbook(path, ROWS)
    with zipfile.ZipFile(path) as archive:
        there = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (there | members).items():
            archive.writestr(name, content)


def sheet(cells: str, before: str = "") -> str:
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>'


SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + "&a;" * 50 + '"><!ENTITY c "' + "&b;" * 50 + '"><!ENTITY d "' + "&c;" * 50 + '">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY d SYSTEM "file:///etc/passwd">]>'
ONE = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


def lying_size(path: Path) -> None:
    """A member that says 100 bytes and unpacks to 60 MB."""
    xlsx(path, {SHEET: b"<" + b" " * (60 << 20)})
    raw = bytearray(path.read_bytes())
    size = (1 + (60 << 20)).to_bytes(4, "little")
    while (at := raw.find(size)) >= 0:
        raw[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(raw)


def long_strings(path: Path) -> None:
    """Shared strings of 150 MB that pack to a bearable share."""
    line = "".join(f"<si><t>{os.urandom(9).hex()}{'文明创建' * 300}</t></si>" for _number in range(100))
    xlsx(path, {STRINGS: f'<sst xmlns="{MAIN}">{line * (150_000_000 // len(line.encode()))}</sst>'})


def repeated(path: Path) -> None:
    o.write_ods(path, [o.Grid([["x"]], [])])
    with zipfile.ZipFile(path) as archive:
        there = {name: archive.read(name) for name in archive.namelist()}
    cell, row = b"<table:table-cell office", b"<table:table-row>"
    content = there["content.xml"].replace(cell, b'<table:table-cell table:number-columns-repeated="16384" office')
    there["content.xml"] = content.replace(row, b'<table:table-row table:number-rows-repeated="1048576">', 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in there.items():
            archive.writestr(name, content)


def ring(path: Path) -> None:
    """An xls whose sector table leads back to itself."""
    o.write_xls(path, [o.Grid(ROWS, [])])
    raw = bytearray(path.read_bytes())
    table = int.from_bytes(raw[76:80], "little")
    raw[(table + 1) * 512 + 8 : (table + 1) * 512 + 12] = (1).to_bytes(4, "little")
    path.write_bytes(raw)


def endless_tables(path: Path) -> None:
    """An xls whose list of sector tables goes on in its own first sector, four billion times."""
    o.write_xls(path, [o.Grid(ROWS, [])])
    raw = bytearray(path.read_bytes())
    raw[68:76] = (0).to_bytes(4, "little") + (0xFFFFFFFF).to_bytes(4, "little")
    raw[512:1024] = bytes(512)
    path.write_bytes(raw)


def nested(path: Path) -> None:
    o.write_docx(path, [o.Grid(ROWS, [])])
    with zipfile.ZipFile(path) as archive:
        there = {name: archive.read(name) for name in archive.namelist()}
    there["word/document.xml"] = there["word/document.xml"].replace(b"<w:r>", b"<w:r>" * 50_000 + b"</w:r>" * 49_999, 1)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in there.items():
            archive.writestr(name, content)


FAR = '<Row ss:Index="900000"><Cell><Data ss:Type="String">x</Data></Cell></Row></Table></Worksheet></Workbook>'
SPREADSHEET = (
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="x"><Table>'
)
BAD: dict[str, Callable[[Path], object]] = {
    "密码.xlsx": lambda path: path.write_bytes(o.compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"})),
    "截断.xlsx": lambda path: (workbook(path, ROWS), path.write_bytes(path.read_bytes()[:-900])),
    "炸弹.xlsx": lambda path: xlsx(path, {SHEET: b"0" * (200 << 20)}),
    "谎报大小.xlsx": lying_size,
    "实体炸弹.xlsx": lambda path: xlsx(path, {SHEET: sheet(ONE.format("&d;" * 50), LAUGHS)}),
    "外部实体.xlsx": lambda path: xlsx(path, {SHEET: sheet(ONE.format("&d;"), OUTSIDE)}),
    "外部实体_目录.xlsx": lambda path: xlsx(path, {"xl/workbook.xml": f'{OUTSIDE}<workbook xmlns="{MAIN}"><sheets>&d;</sheets></workbook>'}),
    "远处一格.xlsx": lambda path: xlsx(path, {SHEET: sheet(ONE.format("a") + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')}),
    "没有地址的格.xlsx": lambda path: xlsx(path, {SHEET: sheet("<row>" + "<c><v>1</v></c>" * 16_000 + "</row>" + "<row><c><v>1</v></c></row>" * 60_000)}),
    "开了不关的标记.xlsx": lambda path: xlsx(path, {SHEET: sheet('<row r="1">' + '<c t="e" ' * 500_000)}),
    "重复.ods": repeated,
    "环.xls": ring,
    "无尽.xls": endless_tables,
    "乱码.xls": lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + os.urandom(20_000)),
    "乱码.xlsx": lambda path: path.write_bytes(os.urandom(20_000)),
    "嵌套.docx": nested,
    "实体.docx": lambda path: zipfile.ZipFile(path, "w").writestr("word/document.xml", LAUGHS + "<w>&d;</w>"),
    "跨列.xls": lambda path: path.write_text("<html><table>" + "<tr>" + "<td colspan=1000 rowspan=60000>x</td>" * 3_000 + "</tr></table></html>", "utf-8"),
    "远处一行.xls": lambda path: path.write_text(SPREADSHEET + FAR, "utf-8"),
    "实体.xls": lambda path: path.write_text(LAUGHS + SPREADSHEET + "<Row><Cell><Data>&d;</Data></Cell></Row></Table></Worksheet></Workbook>", "utf-8"),
    "二进制.csv": lambda path: path.write_bytes(bytes(range(256)) * 100),
    "空.csv": lambda path: path.write_bytes(b"\r\n\x00"),
}  # fmt: skip


def outcome(path: Path) -> dict[str, object]:
    """What reading `path` in a fresh process says, how long its processor took, how much memory."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], capture_output=True, text=True, timeout=60, check=False, env=os.environ | {"PYTHONPATH": str(ROOT / "src")}
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", BAD)
def test_refused_with_a_sentence_in_time(name: str, tmp_path: Path) -> None:
    """The file is named, a remedy follows; 5 s of processor, 500 MB."""
    BAD[name](tmp_path / name)

    found = outcome(tmp_path / name)

    message, _bar, hint = str(found["said"]).partition("|")
    assert name in message
    assert hint
    assert found["seconds"] < 5
    assert found["mb"] < 500


def test_what_lies_about_its_size_but_holds_little_is_read(tmp_path: Path) -> None:
    """A dimension of 17 billion cells, styles down to the last row: a list of one record."""
    cells = '<row r="1"><c r="A1" t="inlineStr"><is><t>点位名称</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c></row>'
    xml = sheet(cells + '<row r="1048576"><c r="XFD1048576" s="1"/></row>').replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    xlsx(tmp_path / "a.xlsx", {SHEET: xml})

    assert 1 == outcome(tmp_path / "a.xlsx")["rows"]


def test_a_workbook_of_very_many_texts_stays_within_bounds(tmp_path: Path) -> None:
    """Read or refused, but neither slowly nor out of memory."""
    long_strings(tmp_path / "a.xlsx")

    found = outcome(tmp_path / "a.xlsx")

    assert found["seconds"] < 5
    assert found["mb"] < 500


WRITERS = {".xlsx": o.write_xlsx, ".xls": o.write_xls, ".ods": o.write_ods, ".csv": o.write_csv("gb18030"), ".docx": o.write_docx, ".html": o.write_html}


@pytest.mark.parametrize("ending", WRITERS)
def test_damaged_files_answer_or_refuse(ending: str, tmp_path: Path) -> None:
    """Bytes changed, cut and doubled at random (seeded), inside members too: rows or a sentence, never a traceback."""
    WRITERS[ending](tmp_path / f"a{ending}", [o.Grid([["附件1"], *ROWS, ["合计", 1]], [], merges=[(0, 0, 0, 2)], hidden_rows=[2])])
    raw = (tmp_path / f"a{ending}").read_bytes()
    chance = random.Random(ending)
    for number in range(60):
        path = tmp_path / f"b{number}{ending}"
        if raw.startswith(b"PK") and number % 6:
            with zipfile.ZipFile(tmp_path / f"a{ending}") as archive, zipfile.ZipFile(path, "w") as target:
                unlucky = chance.choice(archive.namelist())
                for name in archive.namelist():
                    target.writestr(name, spoilt(archive.read(name), chance) if name == unlucky else archive.read(name))
        else:
            path.write_bytes(spoilt(raw, chance))
        with contextlib.suppress(UserError):
            assert len(read_workbook(path, SITES)) >= 0


def spoilt(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content or b"x")
    for _number in range(chance.randint(1, 6)):
        at = chance.randrange(len(found))
        match chance.randrange(3):
            case 0:
                found[at] = chance.randrange(256)
            case 1:
                del found[at : at + chance.randint(1, 100)]
            case _:
                found[at:at] = found[: chance.randint(1, 300)]
        found = found or bytearray(b"x")
    return bytes(found)


def test_nothing_that_looks_like_a_command_is_run(tmp_path: Path) -> None:
    """A formula's text stays a text, an external link is not followed."""
    path = tmp_path / "a.csv"
    path.write_text("点位编号,点位名称,详细地址\n001,\"=cmd|'/c calc'!A1\",@SUM(1)\n", "utf-8")

    assert ["=cmd|'/c calc'!A1"] == [column.values[0] for column in read_workbook(path, SITES).columns if column.title == "点位名称"]


def test_a_panic_of_the_reader_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Calamine is Rust: what it did not expect comes as a BaseException, which must not reach the user as a traceback."""
    import python_calamine

    class PanicException(BaseException):
        pass

    class Book:
        @staticmethod
        def from_filelike(_file: object) -> None:
            raise PanicException

    monkeypatch.setattr(python_calamine, "CalamineWorkbook", Book)
    with pytest.raises(FileProblem, match="无法打开"):
        read_workbook(workbook(tmp_path / "a.xlsx", ROWS), SITES)
