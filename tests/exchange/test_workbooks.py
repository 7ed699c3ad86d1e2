"""Lists as offices pass them around: the header is found, merges are filled inside the merge, what is no data is left out and said."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest

from chuangwen.errors import DataProblem, FileProblem, UserError
from chuangwen.exchange.matching import known_words, match
from chuangwen.exchange.workbooks import read_workbook
from tests.build import layers
from tests.exchange.made import CORPUS, table, workbook

SITES = known_words(layers()["site"])
ISSUES = known_words(layers()["issue"])
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus lies in ../shared/data, which is absent")


def test_title_rows_stand_above_the_header(tmp_path: Path) -> None:
    """domain.md 5.1: a merged title, 填报单位 in two merged cells, then the header; rows are numbered as Excel shows them."""
    rows = [
        ["××区实地考察点位问题明细表"],
        ["填报单位：区创建办", None, "填报时间：2024年6月3日"],
        ["序号", "点位名称", "存在问题", "责任单位"],
        [1, "文昌公园", "路灯损坏", "城管局"],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, ["A1:D1", "A2:B2", "C2:D2"])

    incoming = read_workbook(path, ISSUES)

    assert ["序号", "点位名称", "存在问题", "责任单位"] == [column.title for column in incoming.columns]
    assert [4] == list(incoming.rows)


def test_a_two_row_header_joins_parent_and_child(tmp_path: Path) -> None:
    """责任单位 over 单位｜责任人｜电话: the child is matched first, the parent stands for the first child."""
    rows = [
        ["点位问题明细表"],
        ["序号", "点位名称", "问题情况", None, "责任单位", None, None],
        [None, None, "问题描述", "问题类别", "单位", "责任人", "电话"],
        [1, "文昌公园", "路灯损坏", "设施", "城管局", "某某01", "13800000000"],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, ["A1:G1", "A2:A3", "B2:B3", "C2:D2", "E2:G2"])

    incoming = read_workbook(path, ISSUES)
    fields = match(incoming.columns, layers()["issue"]).fields

    assert ["序号", "点位名称", "问题情况/问题描述", "问题情况/问题类别", "责任单位/单位", "责任单位/责任人", "责任单位/电话"] == [
        column.title for column in incoming.columns
    ]
    assert {
        "点位名称": "site_name",
        "问题情况/问题描述": "description",
        "问题情况/问题类别": "category",
        "责任单位/单位": "responsible_unit",
        "责任单位/责任人": "person",
        "责任单位/电话": "phone",
    } == fields
    assert [4] == list(incoming.rows)


def test_the_same_two_row_header_saved_as_csv(tmp_path: Path) -> None:
    """Merges leave only blanks in a text table."""
    rows = [["序号", "点位名称", "问题情况", "", "责任单位"], ["", "", "问题描述", "问题类别", ""], ["1", "文昌公园", "路灯损坏", "设施", "城管局"]]

    incoming = read_workbook(table(tmp_path / "a.csv", rows, "gb18030"), ISSUES)

    assert ["序号", "点位名称", "问题情况/问题描述", "问题情况/问题类别", "责任单位"] == [column.title for column in incoming.columns]
    assert 1 == len(incoming)


def test_merged_cells_fill_down_inside_the_merge_only(tmp_path: Path) -> None:
    """点位类型 merged over three rows; the fourth stays blank."""
    rows = [["点位编号", "点位类型", "点位名称"], ["001", "公园", "甲"], ["002", None, "乙"], ["003", None, "丙"], ["004", None, "丁"]]
    incoming = read_workbook(workbook(tmp_path / "a.xlsx", rows, ["B2:B4"]), SITES)

    assert ["公园", "公园", "公园", None] == incoming.column("点位类型").values


def test_section_rows_become_a_column_and_their_totals_are_checked(tmp_path: Path) -> None:
    """一、公园（2个） over two sites, 二、广场（3个） over one: the second is said to be short."""
    rows = [
        ["点位编号", "点位名称", "详细地址", "联系人"],
        ["一、公园（2个）"],
        ["001", "甲", "x", "a"],
        ["002", "乙", "x", "a"],
        ["二、广场（3个）"],
        ["003", "丙", "x", "a"],
    ]
    incoming = read_workbook(workbook(tmp_path / "a.xlsx", rows, ["A2:D2", "A5:D5"]), SITES)

    assert ["公园", "公园", "广场"] == incoming.columns[-1].values
    assert [3, 4, 6] == list(incoming.rows)
    assert any("“广场”标明 3 个，实际读到 1 个" in warning for warning in incoming.warnings)
    assert "category" == match(incoming.columns, layers()["site"]).fields["（分节）"]


def test_totals_and_signatures_are_no_data(tmp_path: Path) -> None:
    """They are left out and listed."""
    rows = [
        ["序号", "点位编号", "点位名称", "责任单位"],
        [1, "001", "甲", "城管局"],
        ["合计", 1, None, None],
        [None, None, None, None],
        ["填表人：某某", None, "审核人：某某", None],
    ]
    incoming = read_workbook(workbook(tmp_path / "a.xlsx", rows), SITES)

    assert [2] == list(incoming.rows)
    assert any("第 3 行“合计”" in warning and "第 5 行" in warning for warning in incoming.warnings)


def test_headers_with_blanks_breaks_and_brackets(tmp_path: Path) -> None:
    """domain.md 5.8: 备 注, 责任单位 with a line break and （盖章）."""
    rows = [["点位编号", "点位 名称 ", "责任单位\n（盖章）", "备　注"], ["001", "甲", "城管局", "无"]]
    fields = match(read_workbook(workbook(tmp_path / "a.xlsx", rows), SITES).columns, layers()["site"]).fields

    assert {"code", "name", "responsible_unit", "remark"} == set(fields.values())


def test_the_best_sheet_is_taken_and_the_others_named(tmp_path: Path) -> None:
    """A cover sheet before the list; --sheet picks another."""
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "封面"
    book.active.append(["××区创建办"])
    for name, who in (("点位", "甲"), ("备份", "乙")):
        sheet = book.create_sheet(name)
        sheet.append(["点位编号", "点位名称", "责任单位"])
        sheet.append(["001", who, "城管局"])
    book.save(tmp_path / "a.xlsx")

    assert "点位" == read_workbook(tmp_path / "a.xlsx", SITES).sheet
    assert ["乙"] == read_workbook(tmp_path / "a.xlsx", SITES, sheet="备份").column("点位名称").values
    with pytest.raises(DataProblem, match="没有工作表"):
        read_workbook(tmp_path / "a.xlsx", SITES, sheet="没有")


@pytest.mark.parametrize(("encoding", "delimiter"), [("gb18030", ","), ("utf-8", ";"), ("utf-8-sig", ","), ("gb18030", "\t")])
def test_text_tables(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """GBK and UTF-8, commas, semicolons, tabs; a comma and a line break inside a cell."""
    rows = [["点位编号", "点位名称", "责任单位"], ["001", "甲，乙\n丙", "城管局"]]
    incoming = read_workbook(table(tmp_path / "a.csv", rows, encoding, delimiter), SITES)

    assert ["001", "甲，乙\n丙", "城管局"] == [column.values[0] for column in incoming.columns]


def test_dates_and_numbers_stay_what_they_are(tmp_path: Path) -> None:
    """A real date cell, a code stored as text."""
    rows = [["问题编号", "存在问题", "发现时间"], ["007", "路灯损坏", dt.datetime(2024, 6, 3)]]
    incoming = read_workbook(workbook(tmp_path / "a.xlsx", rows), ISSUES)

    assert ["007", "路灯损坏", dt.date(2024, 6, 3)] == [column.values[0] for column in incoming.columns]


def test_no_header_is_refused_with_a_remedy(tmp_path: Path) -> None:
    """A letter, not a list."""
    with pytest.raises(DataProblem, match="找不到表头") as caught:
        read_workbook(workbook(tmp_path / "a.xlsx", [["通知"], ["请各单位……"], ["特此通知"]]), SITES)
    assert "--map" in caught.value.hint


def test_an_archive_bomb_is_not_opened(tmp_path: Path) -> None:
    """A sheet of zeros that unpacks to hundreds of megabytes."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (120 << 20))
    (tmp_path / "a.xlsx").write_bytes(sink.getvalue())

    with pytest.raises(FileProblem, match="异常大"):
        read_workbook(tmp_path / "a.xlsx", SITES)


@needs_corpus
@pytest.mark.parametrize("name", ["empty.csv", "empty.xlsx", "password.xlsx", "truncated.xlsx"])
def test_what_cannot_be_read_is_refused(name: str) -> None:
    """A sentence that names the file and what to do."""
    with pytest.raises(UserError) as caught:
        read_workbook(CORPUS / "excel" / name, ISSUES)
    assert name in caught.value.message
    assert caught.value.hint


@needs_corpus
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("plain.xlsx", 40),
        ("title_rows_and_total.xlsx", 40),
        ("two_row_header_merged.xlsx", 40),
        ("header_with_newlines.xlsx", 40),
        ("header_only.xlsx", 0),
        ("merged_value_cells.xlsx", 40),
        ("xlsx_named.xls", 40),
        ("tsv_named.xls", 40),
        ("html_table_named.xls", 40),
        ("utf8_bom.csv", 40),
        ("semicolon.csv", 40),
        ("gbk_one_bad_byte.csv", 40),
        ("quotes_newlines.csv", 1),
    ],
)
def test_the_corpus_is_read_whole(name: str, rows: int) -> None:
    """As many rows as there are, code and description found."""
    incoming = read_workbook(CORPUS / "excel" / name, ISSUES)

    assert rows == len(incoming)
    assert {"code", "description", "street", "address", "status"} <= set(match(incoming.columns, layers()["issue"]).fields.values())
