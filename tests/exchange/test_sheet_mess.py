"""The mess table of domain.md 5.8, row by row, as far as it is a matter of sheets, rows and columns (what stands inside a cell: test_cells)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from chuangwen.errors import FileProblem
from chuangwen.exchange.doubts import Answers, Unanswered
from chuangwen.exchange.importing import Options, plan
from chuangwen.exchange.incoming import Incoming, sheet_of
from chuangwen.exchange.matching import known_words, match
from chuangwen.exchange.splitting import Splitting, loose_parts, numbered_parts
from chuangwen.exchange.workbooks import read_workbook
from tests.build import layers
from tests.exchange import office_files as o
from tests.exchange.made import View, table, workbook

SITES, ISSUES = known_words(layers()["site"]), known_words(layers()["issue"])
SPLITTING = Splitting({"存在问题", "问题描述"}, {"问题编号"})
HEAD = ["序号", "点位名称", "存在问题", "责任单位", "街道"]


def read(path: Path, rows: Sequence[Sequence[Any]], merges: Sequence[str] = (), *, answers: Answers = {}, splitting: Splitting | None = None) -> Incoming:  # noqa: B006
    return read_workbook(workbook(path / "a.xlsx", rows, merges), ISSUES, answers=answers, splitting=splitting)


def values(incoming: Incoming, title: str) -> list[Any]:
    column = incoming.column(title)
    assert column is not None, [one.title for one in incoming.columns]
    return column.values


def doubt(incoming: Incoming, key: str) -> Any:
    return next((one for one in incoming.doubts if one.key == key), None)


def test_what_stands_above_the_header_is_kept(tmp_path: Path) -> None:
    """附件1, the title, two pairs in one cell, a value in the cell behind its key; 填表人 below."""
    rows = [["附件 1"], ["××区点位问题明细表（132个）"], ["填报单位：区创建办　　填报时间：2024年6月3日"], ["督查领导：", "某某01"], HEAD,
            [1, "甲", "积水", "城管局", "东风街道"], ["填表人：某某02"]]  # fmt: skip
    incoming = read(tmp_path, rows, ["A2:E2", "A3:E3"])

    assert {
        "标题": "××区点位问题明细表（132个）", "附件": "附件1", "填报单位": "区创建办", "填报时间": "2024年6月3日", "督查领导": "某某01", "填表人": "某某02",
    } == incoming.meta  # fmt: skip
    assert [6] == list(incoming.rows)


def test_a_header_of_three_rows(tmp_path: Path) -> None:
    """整改情况 over 责任 over 单位｜责任人; other columns merged over all three."""
    rows = [
        ["序号", "点位名称", "整改情况", None, None],
        [None, None, "责任落实", None, "完成情况"],
        [None, None, "责任单位", "责任人", None],
        [1, "甲", "城管局", "某某01", "已整改"],
    ]
    incoming = read(tmp_path, rows, ["A1:A3", "B1:B3", "C1:E1", "C2:D2", "E2:E3"])

    assert ["序号", "点位名称", "整改情况/责任落实/责任单位", "整改情况/责任落实/责任人", "整改情况/完成情况"] == [column.title for column in incoming.columns]
    assert {"site_name", "responsible_unit", "person", "status"} == set(match(incoming.columns, layers()["issue"]).fields.values())


def test_a_header_centred_over_its_columns_without_a_merge(tmp_path: Path) -> None:
    """跨列居中 leaves blanks beside the parent although the title above is merged."""
    rows = [["点位问题明细表"], ["序号", "点位名称", "问题情况", None, "责任单位"], [None, None, "存在问题", "问题类别", None]]
    rows.append([1, "甲", "积水", "设施", "城管局"])
    incoming = read(tmp_path, rows, ["A1:E1"])

    assert ["序号", "点位名称", "问题情况/存在问题", "问题情况/问题类别", "责任单位"] == [column.title for column in incoming.columns]
    assert [4] == list(incoming.rows)


def test_a_header_in_other_words_is_asked(tmp_path: Path) -> None:
    """Two words known of six: taken, and asked. None known: the question offers the rows, the answer decides."""
    rows = [["台账"], ["序号", "点位名称", "病灶", "谁家的孩子", "几时好", "甲方"], [1, "甲", "积水", "城管局", "6月", "x"]]
    nearly = read(tmp_path, rows)
    assert ("2", ["2"]) == (doubt(nearly, "header").chosen, [answer.value for answer in doubt(nearly, "header").answers][:1])
    assert ["积水"] == values(nearly, "病灶")

    strange = [["填报", "说明"], ["甲方", "乙方", "丙方"], ["a", "b", 3]]
    with pytest.raises(Unanswered, match="找不到表头") as caught:
        read(tmp_path, strange)
    assert [("header", ["1", "2"])] == [(one.key, [answer.value for answer in one.answers]) for one in caught.value.doubts]
    assert ["b"] == values(read(tmp_path, strange, answers={"header": "2"}), "乙方")


def test_fake_merges_are_filled_where_a_group_is_typed_once(tmp_path: Path) -> None:
    """街道 once a group: filled, asked, each row listed; answered no, it stays blank. 责任人 reads the same but is only offered."""
    head = ["序号", "点位名称", "街道", "责任人", "备注"]
    rows = [
        head,
        [1, "甲", "东风街道", "某某01", None],
        [2, "乙", None, None, None],
        [3, "丙", None, None, "夜查"],
        [4, "丁", "文昌街道", "某某02", None],
        [5, "戊"],
    ]

    filled = read(tmp_path, rows)
    kept = read(tmp_path, rows, answers={"fill:街道": "no", "fill:责任人": "yes"})

    assert ["东风街道"] * 3 + ["文昌街道"] * 2 == values(filled, "街道")
    assert ["某某01", None, None, "某某02", None] == values(filled, "责任人")
    assert ("yes", (3, 4, 6)) == (doubt(filled, "fill:街道").chosen, doubt(filled, "fill:街道").rows)
    assert "已用上面的内容填写" in doubt(filled, "fill:街道").question
    assert ("no", None) == (doubt(filled, "fill:责任人").chosen, doubt(filled, "fill:备注"))
    assert [3, 4, 6] == [one.row for one in filled.repaired]
    assert ["东风街道", None, None, "文昌街道", None] == values(kept, "街道")
    assert ["某某01"] * 3 + ["某某02"] * 2 == values(kept, "责任人")


def test_blanks_of_a_list_that_repeats_its_values_are_meant(tmp_path: Path) -> None:
    """城管局 written twice in a row: whoever does so means his blanks. Nor is anything filled where real merges stand, or across a section."""
    repeated = read(tmp_path, [HEAD[:4], *([n, f"点{n}", "积水", unit] for n, unit in enumerate(["城管局", "城管局", None, None, None], 1))])
    merged = read(tmp_path, [HEAD, *([n, f"点{n}", "积水", "城管局", "东风街道" if n == 1 else None] for n in range(1, 7))], ["E2:E4"])
    section = read(
        tmp_path,
        [
            HEAD,
            ["一、公园"],
            [1, "甲", "积水", "甲局", "东风街道"],
            [2, "乙", "积水"],
            [3, "丙", "积水"],
            ["二、广场"],
            [4, "丁", "积水"],
            [5, "戊", "积水", "乙局", "文昌街道"],
            [6, "己", "积水"],
        ],
    )

    assert ["城管局", "城管局", None, None, None] == values(repeated, "责任单位")
    assert ["东风街道"] * 3 + [None] * 3 == values(merged, "街道")
    assert ["甲局", "甲局", "甲局", None, "乙局", "乙局"] == values(section, "责任单位")


@pytest.mark.parametrize("mark", ["同上", "〃", "〞", '"', "″", "同前", "（同上）"])
def test_ditto_marks_take_the_value_above_and_are_listed(tmp_path: Path, mark: str) -> None:
    """In any column, one after another; the first row has nothing above it."""
    incoming = read(tmp_path, [HEAD, [1, "甲", mark, "城管局", "东风街道"], [2, "乙", "积水", mark, mark], [3, "丙", "占道", mark, "文昌街道"]])

    assert ["城管局"] * 3 == values(incoming, "责任单位")
    assert [None, "积水", "占道"] == values(incoming, "存在问题")
    assert sorted([2, 3, 3, 4]) == sorted(one.row for one in incoming.repaired)
    assert any("上面没有内容" in one.what for one in incoming.repaired)


def test_nested_sections_become_a_column_a_level(tmp_path: Path) -> None:
    """一、公园 over （一）东风街道 and （二）文昌街道; counts of both levels are checked; the streets go into the street."""
    head = ["序号", "点位编号", "点位名称", "详细地址"]
    rows = [
        head,
        ["一、公园（3个）"],
        ["（一）东风街道（2个）"],
        [1, "001", "甲", "x"],
        [2, "002", "乙", "x"],
        ["（二）文昌街道（2个）"],
        [1, "003", "丙", "x"],
        ["二、广场"],
        ["（一）东风街道"],
        [1, "004", "丁", "x"],
    ]
    incoming = read_workbook(workbook(tmp_path / "a.xlsx", rows), SITES)

    assert ["公园", "公园", "公园", "广场"] == values(incoming, "（分节）")
    assert ["东风街道", "东风街道", "文昌街道", "东风街道"] == values(incoming, "（分节2）")
    assert ["“文昌街道”标明 2 个，实际读到 1 个，请核对。"] == [warning for warning in incoming.warnings if "标明" in warning]
    assert {"（分节）": "category", "（分节2）": "street"}.items() <= match(incoming.columns, layers()["site"]).fields.items()
    assert ["1", "2", "1", "1"] == [f"{serial:g}" for serial in values(incoming, "序号")]


def test_full_width_merged_rows_without_a_number_are_sections(tmp_path: Path) -> None:
    """文昌街道 merged over the whole width; a long merged sentence is a note, and so is a numbered line behind the last record."""
    rows = [
        HEAD,
        ["东风街道"],
        [1, "甲", "积水"],
        ["文昌街道"],
        [2, "乙", "占道"],
        ["说明：以上问题请各单位于6月5日前完成整改并报送照片，逾期未完成的将予以通报。"],
        ["一、请按时报送"],
    ]
    incoming = read(tmp_path, rows, ["A2:E2", "A4:E4", "A6:E6"])

    assert ["东风街道", "文昌街道"] == values(incoming, "（分节）")
    assert 2 == len(incoming)
    assert any("第 6 行“说明" in warning and "请按时报送" in warning for warning in incoming.warnings)


def test_sections_whose_numeral_stands_in_its_own_cell(tmp_path: Path) -> None:
    """一 in 序号, 主次干道 in the next cell, 2个 behind it; where all serials are numerals they are records."""
    head = ["序号", "点位名称", "详细地址", "责任单位"]
    rows = [head, ["一", "主次干道", "2个"], [1, "甲", "x", "y"], [2, "乙", "x", "y"], ["二", "公园：1个"], [3, "丙", "x", "y"]]
    numerals = [head, ["一", "甲"], ["二", "乙", "x", "y"]]

    incoming = read_workbook(workbook(tmp_path / "a.xlsx", rows), SITES)

    assert ["主次干道", "主次干道", "公园"] == values(incoming, "（分节）")
    assert not [warning for warning in incoming.warnings if "标明" in warning]
    assert ["甲", "乙"] == values(read_workbook(workbook(tmp_path / "b.xlsx", numerals), SITES), "点位名称")


def test_totals_may_stand_above_what_they_sum(tmp_path: Path) -> None:
    """合计 in the first row, 小计 before each street: right ones are not reproached, a wrong one is."""
    head = ["序号", "网格编号", "网格名称", "户数"]
    rows = [head, ["合计", None, None, 60], ["东风街道小计", None, None, 30], [1, "Z1", "甲", 10], [2, "Z2", "乙", 20]]
    rows += [["文昌街道小计", None, None, 31], [3, "Z3", "丙", 30]]
    incoming = read_workbook(workbook(tmp_path / "a.xlsx", rows), known_words(layers()["zone"]))

    assert ["第 6 行“文昌街道小计”"] == [warning.split("的")[0] for warning in incoming.warnings if "算是" in warning]
    assert 3 == len(incoming)


def test_totals_are_compared_with_what_was_read(tmp_path: Path) -> None:
    """小计 of a section, 合计 of all, one of them wrong; a rate in the total row is no sum."""
    head = ["序号", "网格编号", "网格名称", "户数", "人口", "入户率"]
    rows = [
        head,
        [1, "Z1", "甲", 10, 30, 0.5],
        [2, "Z2", "乙", 20, 50, 0.7],
        ["小 计", None, None, 30, 80, 0.6],
        [3, "Z3", "丙", 5, 9, 0.9],
        ["合计", 3, None, 36, 89, 0.7],
    ]
    incoming = read_workbook(workbook(tmp_path / "a.xlsx", rows), known_words(layers()["zone"]))

    assert [2, 3, 5] == list(incoming.rows)
    assert ["第 6 行“合计”的“户数”写的是 36，按读到的行算是 35，请核对。"] == [warning for warning in incoming.warnings if "算是" in warning]


def test_what_repeats_or_counts_the_header_is_no_record(tmp_path: Path) -> None:
    """Title and header again on the second page, 栏次 under the header, a sample row: left out, and said."""
    rows = [
        ["点位问题明细表"],
        HEAD,
        ["（1）", "（2）", "（3）", "（4）", "（5）"],
        ["示例", "某某公园", "路灯损坏", "城管局", "东风街道"],
        [1, "甲", "积水"],
        ["点位问题明细表"],
        HEAD,
        [2, "乙", "占道"],
    ]
    incoming = read(tmp_path, rows, ["A1:E1", "A6:E6"])

    assert [5, 8] == list(incoming.rows)
    assert any("2 行" in warning and "重复" in warning for warning in incoming.warnings)
    assert any("第 3 行" in warning and "第 4 行“示例”" in warning for warning in incoming.warnings)


def test_hidden_rows_columns_and_sheets_are_said(tmp_path: Path) -> None:
    """Rows and columns are read, sheets are not."""
    grid = o.Grid([HEAD, [1, "甲", "积水", "城管局", "东风街道"], [2, "乙", "占道", "城管局", "东风街道"]], [], "清单", hidden_rows=[2], hidden_columns=[3])
    away = o.Grid([HEAD, [1, "丙", "积水", "城管局", "东风街道"]], [], "旧清单", hidden=True)
    for ending, write in ((".xlsx", o.write_xlsx), (".xls", o.write_xls)):
        write(tmp_path / f"a{ending}", [away, grid])
        incoming = read_workbook(tmp_path / f"a{ending}", ISSUES)

        assert ["甲", "乙"] == values(incoming, "点位名称")
        assert "有 1 行是隐藏或筛选掉的，也已读取：第 3 行。" in incoming.warnings
        assert "有 1 列是隐藏的，也已读取：责任单位。" in incoming.warnings
        assert "隐藏的工作表没有读取：旧清单。" in incoming.warnings
        assert ["丙"] == values(read_workbook(tmp_path / f"a{ending}", ISSUES, answers={"sheets": "旧清单"}), "点位名称")


def test_formulas_error_cells_and_shown_zeros(tmp_path: Path) -> None:
    """No result saved, another workbook, #REF!, and 001 that is 1 with a format."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["点位编号", "点位名称", "详细地址", "责任单位"])
    sheet.append([1, "=B3&C3", "x", "#REF!"])
    sheet.append([2, "乙", "=[1]Sheet1!$A$1", "城管局"])
    sheet["D2"].data_type = "e"
    sheet["A2"].number_format = sheet["A3"].number_format = "000"
    book.save(tmp_path / "a.xlsx")
    incoming = read_workbook(tmp_path / "a.xlsx", SITES)

    assert ["001", "002"] == values(incoming, "点位编号")
    assert [None, "乙"] == values(incoming, "点位名称")
    assert {"“责任单位”是错误值 #REF!，按空白处理", "“点位名称”是公式，没有保存计算结果，按空白处理"} == {one.what for one in incoming.repaired if one.row == 2}
    assert any("第 3 行的公式取自别的工作簿" in warning for warning in incoming.warnings)
    assert any("打开保存一次" in warning for warning in incoming.warnings)


def test_error_cells_of_an_old_workbook(tmp_path: Path) -> None:
    """#N/A as BIFF stores it."""
    o.write_xls(tmp_path / "a.xls", [o.Grid([["点位编号", "点位名称", "责任单位"], ["001", "甲", o.NOT_AVAILABLE]], [])])

    assert [(2, "“责任单位”是错误值 #N/A，按空白处理")] == [(one.row, one.what) for one in read_workbook(tmp_path / "a.xls", SITES).repaired]


def test_a_workbook_that_counts_days_from_1904_says_so(tmp_path: Path) -> None:
    """Real dates are right; bare day numbers are for whoever reads cells."""
    from openpyxl import Workbook
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["问题编号", "存在问题", "发现时间"])
    book.active.append(["1", "积水", dt.datetime(2024, 6, 3)])
    book.save(tmp_path / "a.xlsx")
    incoming = read_workbook(tmp_path / "a.xlsx", ISSUES)

    assert [dt.date(2024, 6, 3)] == values(incoming, "发现时间")
    assert "1" == incoming.meta["date1904"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1.入口公平秤损坏；2.熟食摊无防蝇罩；3.消防通道堆放杂物。", ["入口公平秤损坏", "熟食摊无防蝇罩", "消防通道堆放杂物"]),
        ("（1）路灯损坏（2）积水", ["路灯损坏", "积水"]),
        ("(1)路灯损坏\n(2)积水", ["路灯损坏", "积水"]),
        ("①路灯损坏②积水；③占道", ["路灯损坏", "积水", "占道"]),
        ("一是路灯损坏；二是积水", ["路灯损坏", "积水"]),
        ("1、路灯损坏2处\n2、积水3处", ["路灯损坏2处", "积水3处"]),
        ("1）路灯损坏 2）积水", ["路灯损坏", "积水"]),
        ("一、路灯损坏\n二、积水", ["路灯损坏", "积水"]),
        ("文昌路：1.占道；2.积水", ["文昌路：占道", "文昌路：积水"]),
        ("1.占道（1）水果摊（2）早餐车；2.积水", ["占道（1）水果摊（2）早餐车", "积水"]),
        ("井盖破损1.5米，深2.3米", []),
        ("文昌小区1、2、3号楼堆放杂物", []),
        ("6月1日、2日夜间占道", []),
        ("1.路灯损坏", []),
        ("路灯损坏；积水", []),
        ("2.积水；3.占道", []),
    ],
)
def test_numbered_problems_in_a_text(text: str, parts: list[str]) -> None:
    assert parts == numbered_parts(text)


def test_several_problems_in_a_cell_become_several_records(tmp_path: Path) -> None:
    """Rows stay the source's, parts are numbered, codes get the part, a parallel list is dealt out, other cells are repeated."""
    head = ["问题编号", "点位名称", "存在问题", "整改措施", "责任单位"]
    rows = [head, ["17", "农贸市场", "1.公平秤损坏；2.通道堆物", "1.更换；2.清理", "城管局"], ["18", "公园", "路灯损坏；草坪裸露", "修", "住建局"]]
    incoming = read(tmp_path, rows, splitting=SPLITTING)
    whole = read(tmp_path, rows, splitting=SPLITTING, answers={"split:存在问题": "no"})
    loose = read(tmp_path, rows, splitting=SPLITTING, answers={"split:存在问题": "semicolons"})

    assert [2, 2, 3] == list(incoming.rows)
    assert [1, 2, 0] == list(incoming.parts)
    assert ["17-1", "17-2", "18"] == values(incoming, "问题编号")
    assert ["公平秤损坏", "通道堆物", "路灯损坏；草坪裸露"] == values(incoming, "存在问题")
    assert ["更换", "清理", "修"] == values(incoming, "整改措施")
    assert ["农贸市场", "农贸市场", "公园"] == values(incoming, "点位名称")
    assert ("numbers", (2, 3)) == (doubt(incoming, "split:存在问题").chosen, doubt(incoming, "split:存在问题").rows)
    assert 2 == len(whole)
    assert ["公平秤损坏", "通道堆物", "路灯损坏", "草坪裸露"] == values(loose, "存在问题")
    assert ["路灯损坏", "草坪裸露"] == loose_parts("路灯损坏；\n草坪裸露。")
    assert [] == loose_parts("路灯；草坪裸露")  # too short to be a problem


def test_split_records_are_taken_one_by_one(tmp_path: Path) -> None:
    """Through the plan: two issues of one source row, none called a double."""
    rows = [["问题编号", "点位名称", "存在问题"], ["17", "农贸市场", "1.公平秤损坏；2.通道堆物"]]
    found = plan(read(tmp_path, rows, splitting=SPLITTING), layers()["issue"], View(), Options(today=dt.date(2024, 6, 3), year=2024))

    assert (2, 2, ()) == (found.report.read, found.report.added, found.report.rejected)
    assert ["17-1", "17-2"] == [change.after["code"] for change in found.edit.changes]


def test_sheets_of_days_are_one_list(tmp_path: Path) -> None:
    """6月3日, 6月4日: read together with the day as a column; a message about a row names its sheet. One answer takes one of them."""
    head = ["序号", "点位名称", "存在问题", "责任单位"]
    grids = [o.Grid([head, [1, f"点{day}", "积水", "同上"]], [], f"6月{day}日") for day in (3, 4)]
    o.write_xlsx(tmp_path / "a.xlsx", [*grids, o.Grid([["填写说明"], ["请每日17时前报送"]], [], "说明")])

    incoming = read_workbook(tmp_path / "a.xlsx", ISSUES)
    one = read_workbook(tmp_path / "a.xlsx", ISSUES, answers={"sheets": "6月4日"})

    assert ["6月3日", "6月4日"] == values(incoming, "（工作表）") == list(incoming.sheets)
    assert [(2, "6月3日"), (2, "6月4日")] == [(int(each.row), sheet_of(each.row)) for each in incoming.repaired]
    assert "2（6月3日）" == f"{incoming.repaired[0].row}"
    assert "found_at" == match(incoming.columns, layers()["issue"]).fields["（工作表）"]
    assert any("没有读取的工作表：说明" in warning for warning in incoming.warnings)
    assert ["点4"] == values(one, "点位名称")
    assert () == one.sheets


def test_a_sheet_that_sums_the_others_is_taken_alone(tmp_path: Path) -> None:
    """汇总 holds what the units' sheets hold; nothing comes in twice."""
    head = ["序号", "点位名称", "存在问题", "责任单位"]
    parts = [o.Grid([head, [1, f"点{unit}", "积水", unit]], [], unit) for unit in ("城管局", "住建局")]
    whole = o.Grid([head, [1, "点城管局", "积水", "城管局"], [2, "点住建局", "积水", "住建局"]], [], "汇总")
    o.write_xlsx(tmp_path / "a.xlsx", [whole, *parts])

    incoming = read_workbook(tmp_path / "a.xlsx", ISSUES)

    assert 2 == len(incoming)
    assert "汇总" == doubt(incoming, "sheets").chosen
    assert ["汇总", "城管局", "住建局", "all"] == [answer.value for answer in doubt(incoming, "sheets").answers]


def test_tables_of_a_document(tmp_path: Path) -> None:
    """The table that is a list is chosen, the form beside it is said."""
    form = o.Grid([["事由", "关于报送点位的函"], ["经办", "某某01"]], [], "审批单")
    sites = o.Grid([["点位编号", "点位名称", "责任单位"], ["001", "甲", "城管局"], ["002", "乙", None]], [], "点位名单", merges=[(1, 2, 2, 2)])
    o.write_docx(tmp_path / "a.docx", [form, sites])

    incoming = read_workbook(tmp_path / "a.docx", SITES)

    assert ["城管局", "城管局"] == values(incoming, "责任单位")
    assert "点位名单" == incoming.sheet
    assert any("审批单" in warning for warning in incoming.warnings)


def test_numbers_that_word_counts_by_itself(tmp_path: Path) -> None:
    """序号 as an automatic list; a cell with two numbered paragraphs reads as 1. 2."""
    from docx import Document
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    def numbered(paragraph: Any, list_id: int) -> None:
        numbering = OxmlElement("w:numPr")
        for name, value in (("w:ilvl", "0"), ("w:numId", str(list_id))):
            one = OxmlElement(name)
            one.set(qn("w:val"), value)
            numbering.append(one)
        paragraph._p.get_or_add_pPr().append(numbering)

    document = Document()
    grid = document.add_table(3, 3)
    for cell, title in zip(grid.rows[0].cells, ("序号", "点位名称", "存在问题"), strict=True):
        cell.text = title
    for row, name in zip(grid.rows[1:], ("甲", "乙"), strict=True):
        numbered(row.cells[0].paragraphs[0], 5)
        row.cells[1].text = name
        row.cells[2].text = "路灯损坏"
        numbered(row.cells[2].paragraphs[0], 7)
        numbered(row.cells[2].add_paragraph("积水"), 7)
    document.save(str(tmp_path / "a.docx"))

    incoming = read_workbook(tmp_path / "a.docx", ISSUES)

    assert ["1", "2"] == values(incoming, "序号")
    assert ["1. 路灯损坏\n2. 积水"] * 2 == values(incoming, "存在问题")


def test_et_and_doc_by_what_is_inside(tmp_path: Path) -> None:
    """An .et that is BIFF inside is read; another, and a .doc, are refused with what to do."""
    o.write_xls(tmp_path / "a.et", [o.Grid([["点位编号", "点位名称"], ["001", "甲"]], [])])
    (tmp_path / "b.et").write_bytes(o.compound({"WpsWorkbook": b"x"}))
    (tmp_path / "c.doc").write_bytes(o.compound({"WordDocument": b"x"}))

    assert ["甲"] == values(read_workbook(tmp_path / "a.et", SITES), "点位名称")
    with pytest.raises(FileProblem, match="另存为 xlsx"):
        read_workbook(tmp_path / "b.et", SITES)
    with pytest.raises(FileProblem, match="另存为 docx"):
        read_workbook(tmp_path / "c.doc", SITES)


def test_text_tables_are_not_fooled(tmp_path: Path) -> None:
    """Chinese commas and semicolons in prose, one column, an open quote, a longer row, NULs, UTF-16 without its mark, sep=."""
    head = ["点位编号", "点位名称", "详细地址"]
    prose = [head, *[[f"00{n}", "甲，乙，丙；丁；戊", "a;b|c"] for n in range(9)]]
    assert ["甲，乙，丙；丁；戊"] * 9 == values(read_workbook(table(tmp_path / "a.csv", prose, delimiter="\t"), SITES), "点位名称")

    (tmp_path / "b.csv").write_text("点位名称\n甲，乙\n丙", "utf-8")
    assert ["甲，乙", "丙"] == values(read_workbook(tmp_path / "b.csv", SITES), "点位名称")

    (tmp_path / "c.csv").write_text('点位编号,点位名称,详细地址\n001,"甲,x\n002,乙,y\n003,丙,z\n', "utf-8")
    quoted = read_workbook(tmp_path / "c.csv", SITES)
    assert ["001", "002", "003"] == values(quoted, "点位编号")
    assert any("引号不成对" in warning for warning in quoted.warnings)

    (tmp_path / "d.csv").write_text("点位编号,点位名称,详细地址\n001,甲,x\n002,乙,y,z,\n003\n", "utf-8")
    long = read_workbook(tmp_path / "d.csv", SITES)
    assert [None, "z", None] == values(long, "列4")
    assert any("第 3 行的格数比表头多" in warning for warning in long.warnings)

    (tmp_path / "e.csv").write_bytes("点位编号,点位名称\n001,甲\x00\n".encode("gb18030"))
    assert ["甲"] == values(read_workbook(tmp_path / "e.csv", SITES), "点位名称")

    (tmp_path / "f.txt").write_bytes("点位编号\t点位名称\n001\t甲\n".encode("utf-16-le"))
    assert ["甲"] == values(read_workbook(tmp_path / "f.txt", SITES), "点位名称")

    (tmp_path / "g.csv").write_text("sep=;\n点位编号;点位名称\n001;甲,乙\n", "utf-8")
    assert ["甲,乙"] == values(read_workbook(tmp_path / "g.csv", SITES), "点位名称")


def test_an_indented_ods_is_read(tmp_path: Path) -> None:
    """As KSpread writes it: blanks between all tags, at which calamine stops."""
    import zipfile

    o.write_ods(tmp_path / "a.ods", [o.Grid([["点位编号", "点位名称"], ["001", "甲 乙"]], [])])
    with zipfile.ZipFile(tmp_path / "a.ods") as archive, zipfile.ZipFile(tmp_path / "b.ods", "w") as target:
        for name in archive.namelist():
            content = archive.read(name)
            target.writestr(name, content.replace(b"><", b">\n  <") if name == "content.xml" else content)

    assert ["甲 乙"] == values(read_workbook(tmp_path / "b.ods", SITES), "点位名称")


def test_numbers_without_a_header_still_come_as_columns(tmp_path: Path) -> None:
    """Where no words are known, nothing is lost: the columns are called by their place."""
    incoming = read_workbook(workbook(tmp_path / "a.xlsx", [[1, 2.5, "x"], [2, 3.5, "y"]]), frozenset())

    assert ["列1", "列2", "列3"] == [column.title for column in incoming.columns]
    assert [1, 2] == list(incoming.rows)


def test_a_list_laid_out_in_two_halves_is_one(tmp_path: Path) -> None:
    """单位｜电话 twice side by side: the right half goes below the left, its blank end left out."""
    head = ["序号", "点位名称", "责任单位", "序号", "点位名称", "责任单位"]
    rows = [head, [1, "甲", "城管局", 3, "丙", "住建局"], [2, "乙", "城管局", None, None, None]]
    incoming = read(tmp_path, rows)

    assert {"序号": [1, 2, 3], "点位名称": ["甲", "乙", "丙"], "责任单位": ["城管局", "城管局", "住建局"]} == {
        one.title: one.values for one in incoming.columns
    }
    assert [2, 3, 2] == list(incoming.rows)
    assert any("并排" in warning for warning in incoming.warnings)


def test_parts_of_a_sheet_below_each_other(tmp_path: Path) -> None:
    """The same header under the next street's title goes on; another header ends the list, and that is said."""
    rows = [["东风街道"], HEAD[:4], [1, "甲", "积水", "城管局"], ["文昌街道"], HEAD[:4], [1, "乙", "占道", "城管局"], [2], [3], ["单位通讯录"],
            ["责任单位", "责任人", "联系电话"], ["城管局", "某某01", "13800000000"]]  # fmt: skip
    incoming = read(tmp_path, rows)

    assert ["甲", "乙"] == values(incoming, "点位名称")
    assert [None, "文昌街道"] == values(incoming, "（分节）")
    assert any("第 10 行起是另一张表" in warning for warning in incoming.warnings)
    assert any("只有序号的空行（2 行）" in warning for warning in incoming.warnings)


def test_the_command_line_takes_answers_and_names_sheets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--answer`: a docx list with two problems in a cell, unsplit; sheets of two streets with a row that is rejected."""
    import json

    from chuangwen.app import main

    project = tmp_path / "p.gpkg"
    assert main(["new", str(project), "--title", "试"]) == 0
    o.write_docx(tmp_path / "a.docx", [o.Grid([HEAD, ["1", "甲", "1.路灯损坏；2.积水", None, None]], [])])
    capsys.readouterr()
    assert main(["import", str(project), str(tmp_path / "a.docx"), "--layer", "issue", "--dry-run", "--json", "--answer", "split:存在问题=no"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (1, "no") == (told["added"], next(one["chosen"] for one in told["doubts"] if one["key"] == "split:存在问题"))

    grids = [o.Grid([HEAD[:4], [1, "甲", problem, None]], [], street) for street, problem in (("东风街道", "积水"), ("文昌街道", None))]
    o.write_xlsx(tmp_path / "b.xlsx", grids)
    assert main(["import", str(project), str(tmp_path / "b.xlsx"), "--layer", "issue", "--dry-run", "--json"]) == 3
    told = json.loads(capsys.readouterr().out)
    assert [("文昌街道", 2)] == [(one["sheet"], one["row"]) for one in told["rejected"]]
    assert "street" == told["columns"]["（工作表）"]
