"""Thirty-odd lists of the shapes in domain.md 5, made from clean rows with planted mess, read back cell by cell; those whose layer exists, into its fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from chuangwen.exchange.importing import Options, plan
from chuangwen.exchange.incoming import Incoming
from chuangwen.exchange.matching import known_words
from chuangwen.exchange.splitting import Splitting
from chuangwen.exchange.workbooks import read_workbook
from tests.build import layers
from tests.exchange import messy as m
from tests.exchange import office_files as o
from tests.exchange.made import View

SPLITTING = Splitting({"存在问题"}, {"问题编号"})
PARENTS = {"问题情况": ("存在问题", "问题类别"), "责任落实": ("责任单位", "责任人", "联系电话")}
GBK, UTF8, UTF16 = o.write_csv("gb18030"), o.write_csv("utf-8"), o.write_csv("utf-16", "\t")


@dataclass(frozen=True)
class Case:
    """A file to be: its name, who writes it, from what, with which mess."""

    file: str
    write: Callable[[Path, Sequence[o.Grid]], None]
    clean: m.Clean
    plants: tuple[m.Plant, ...] = ()


CASES = [
    Case("问题清单.xlsx", o.write_xlsx, m.ISSUES, (m.titled, m.varied)),
    Case("问题清单_两行表头.xlsx", o.write_xlsx, m.ISSUES, (m.titled, m.two_rows(PARENTS))),
    Case("问题清单_两行表头.xls", o.write_xls, m.ISSUES, (m.titled, m.two_rows(PARENTS))),
    Case("问题清单_两行表头.csv", GBK, m.ISSUES, (m.two_rows(PARENTS, merged=False),)),
    Case("问题清单_合并.xlsx", o.write_xlsx, m.ISSUES, (m.merged_down("街道", "责任单位"), m.titled)),
    Case("问题清单_合并.ods", o.write_ods, m.ISSUES, (m.merged_down("街道", "责任单位"), m.hidden)),
    Case("问题清单_假合并.xlsx", o.write_xlsx, m.ISSUES, (m.blank_below("街道", "责任单位"),)),
    Case("问题清单_同上.xls", o.write_xls, m.ISSUES, (m.dittoed("责任单位"), m.dittoed("街道", "〃"), m.varied)),
    Case("问题清单_同上.csv", UTF8, m.ISSUES, (m.dittoed("责任单位", '"'), m.titled)),
    Case("问题清单_分街道.xlsx", o.write_xlsx, m.ISSUES, (m.sectioned("街道"), m.restarted, m.titled)),
    Case("问题清单_多问题.xlsx", o.write_xlsx, m.ISSUES, (m.joined_problems, m.titled)),
    Case("问题清单_多问题.docx", o.write_docx, m.ISSUES, (m.joined_problems,)),
    Case("问题清单_筛选.xlsx", o.write_xlsx, m.ISSUES, (m.hidden, m.exampled)),
    Case("问题清单_系统导出.xls", o.write_html, m.ISSUES, (m.merged_down("街道"), m.titled)),
    Case("问题清单_旧系统.xls", o.write_spreadsheet_xml, m.ISSUES, (m.merged_down("街道"), m.two_rows(PARENTS))),
    Case("点位责任分工表.xlsx", o.write_xlsx, m.SITES, (m.sectioned("点位类型"), m.titled, m.totalled())),
    Case("点位责任分工表.xls", o.write_xls, m.SITES, (m.sectioned("点位类型", merged=False), m.restarted, m.shifted)),
    Case("点位责任分工表_合并.xlsx", o.write_xlsx, m.SITES, (m.merged_down("点位类型", "街道", "社区"), m.shifted, m.titled)),
    Case("点位责任分工表.docx", o.write_docx, m.SITES, (m.merged_down("点位类型", "牵头单位"),)),
    Case("点位责任分工表.csv", UTF16, m.SITES, (m.blank_below("点位类型", "社区"), m.blanks_between)),
    Case("网格划分表.xlsx", o.write_xlsx, m.ZONES, (m.titled, m.totalled("户数", "人口", "商铺数"))),
    Case("网格划分表.ods", o.write_ods, m.ZONES, (m.merged_down("所属街道"), m.titled, m.lettered)),
    Case("网格划分表.csv", GBK, m.ZONES, (m.titled, m.blank_below("所属街道"))),
    Case("路长制责任路段表.xlsx", o.write_xlsx, m.SECTIONS, (m.paged(3), m.titled)),
    Case("路长制责任路段表.xls", o.write_xls, m.SECTIONS, (m.sectioned("道路等级", style="（{numeral}）{title}"), m.titled)),
    Case("单位通讯录.xlsx", o.write_xlsx, m.UNITS, (m.titled, m.two_rows({"联系方式": ("办公电话", "手机")}))),
    Case("单位通讯录.docx", o.write_docx, m.UNITS, (m.titled, m.totalled())),
    Case("单位包小区干部包楼栋.xlsx", o.write_xlsx, m.ADOPTIONS, (m.merged_down("街道", "社区", "小区名称", "包联单位"), m.titled, m.totalled("户数"))),
    Case("单位包小区干部包楼栋.xls", o.write_xls, m.ADOPTIONS, (m.merged_down("街道", "小区名称"), m.lettered)),
    Case("路口执勤排班表.xlsx", o.write_xlsx, m.ROSTER, (m.merged_down("日期", "星期"), m.titled)),
    Case("路口执勤排班表_矩阵.xlsx", o.write_xlsx, m.MATRIX, ()),
    Case("路口执勤排班表_矩阵.csv", GBK, m.MATRIX, ()),
    Case("问卷结果.xlsx", o.write_xlsx, m.QUESTIONNAIRE, (m.merged_down("街道"), m.titled)),
    Case("问卷结果.ods", o.write_ods, m.QUESTIONNAIRE, (m.blank_below("街道"),)),
]  # fmt: skip
TEXTS = (".csv", ".docx")


def words_of(clean: m.Clean) -> frozenset[str]:
    """What the importer knows of such a list: its layer's headers; nothing where there is no layer yet."""
    return known_words(layers()[clean.kind]) if clean.kind else frozenset()


def matrix(planted: m.Planted) -> None:
    """6月3日 over 早 中 晚: the titles that were read as joined stand in two rows."""
    titles = planted.grid.cells[0]
    days = [title.split("/")[0] for title in titles]
    planted.grid.cells[0] = ["路口名称", *(day if position % 3 == 0 else None for position, day in enumerate(days[1:]))]
    planted.grid.cells.insert(1, [None, *(title.split("/")[1] for title in titles[1:])])
    planted.grid.records.insert(0, None)
    planted.grid.merges += [(0, 0, 1, 0), *((0, left, 0, left + 2) for left in (1, 4, 7))]


def made(case: Case, folder: Path) -> tuple[m.Planted, Incoming]:
    planted = m.mess(case.clean, *((matrix,) if case.clean is m.MATRIX else ()), *case.plants)
    if case.file.endswith(".csv"):
        planted.grid.merges = []
    case.write(folder / case.file, [planted.grid])
    splitting = SPLITTING if case.clean.kind == "issue" else None
    return planted, read_workbook(folder / case.file, words_of(case.clean), answers=planted.answers, splitting=splitting)


def test_there_are_thirty() -> None:
    assert len(CASES) >= 30
    assert len({case.file for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_read_back_cell_exact(case: Case, tmp_path: Path) -> None:
    """Every title, every value, every row number, and what is said about rows that are no records."""
    planted, incoming = made(case, tmp_path)
    textual = case.file.endswith(TEXTS) or case.write is o.write_html

    read = {column.title: column.values for column in incoming.columns}
    assert {title: m.as_text(values) if textual else values for title, values in planted.expected.items()} == read
    sources = list(dict.fromkeys(incoming.rows))
    assert planted.rows == sources
    for word in planted.warned:
        assert any(word in warning for warning in incoming.warnings), (word, incoming.warnings)
    assert planted.meta.items() <= incoming.meta.items()
    assert not [warning for warning in incoming.warnings if "请核对" in warning]


FIELDS = {
    "issue": {
        "code": "问题编号",
        "site_name": "点位名称",
        "description": "存在问题",
        "street": "街道",
        "person": "责任人",
        "phone": "联系电话",
        "remark": "备注",
    },
    "site": {"code": "点位编号", "name": "点位名称", "address": "详细地址", "chief": "点位长", "phone": "联系电话", "street": "街道", "community": "社区"},
    "zone": {"code": "网格编号", "name": "网格名称", "households": "户数", "population": "人口"},
    "section": {"name": "路段名称", "length": "长度"},
    "unit": {"name": "单位名称", "short_name": "简称"},
}
"""Layer → field → the clean column that it must hold, value by value. What cells mean beyond their text (dates, units, choices) is test_cells' business."""


@pytest.mark.parametrize("case", [case for case in CASES if case.clean.kind], ids=lambda case: case.file)
def test_taken_into_the_layers_fields(case: Case, tmp_path: Path) -> None:
    """The same files through the import: no row rejected, the fields hold what the clean rows say."""
    planted, incoming = made(case, tmp_path)
    layer = layers()[case.clean.kind]

    found = plan(incoming, layer, View(), Options(today=dt.date(2024, 6, 3), year=2024))

    assert () == found.report.rejected
    assert len(case.clean.rows) == found.report.added
    last = {key.split("/")[-1].split("（")[0] or key: values for key, values in planted.expected.items()}
    for name, title in FIELDS[case.clean.kind].items():
        if layer.has(name) and (title in last or "（分节）" in planted.expected):
            wanted = last.get(title, planted.expected.get("（分节）"))
            assert list(map(as_read, wanted)) == [as_read(change.after[name]) for change in found.edit.changes], name


def as_read(value: Any) -> Any:
    """Numbers that a text file gives as text are the same."""
    return f"{value:g}" if isinstance(value, int | float) else value


@pytest.mark.parametrize(("title", "layer"), [("街道", "issue"), ("责任单位", "issue"), ("点位类型", "site")])
def test_one_sheet_for_each_street_unit_or_kind(title: str, layer: str, tmp_path: Path) -> None:
    """Streets and units are read together, each row knows its sheet; sheets called otherwise are left to the user's answer."""
    clean = m.ISSUES if layer == "issue" else m.SITES
    grids, planted = m.by_sheet(clean, title, m.titled)
    o.write_xlsx(tmp_path / "a.xlsx", grids)

    given = {} if layer == "issue" else {"sheets": "all"}
    incoming = read_workbook(tmp_path / "a.xlsx", words_of(clean), answers=given)

    assert planted.expected == {column.title: column.values for column in incoming.columns}
    assert clean.column(title) == list(incoming.sheets)
    assert ["all"] == [doubt.chosen for doubt in incoming.doubts if doubt.key == "sheets"]
    fields = plan(incoming, layers()[layer], View(), Options(today=dt.date(2024, 6, 3), year=2024)).report.columns
    if layer == "issue":
        assert {"街道": "street", "责任单位": "responsible_unit"}[title] == fields["（工作表）"]
