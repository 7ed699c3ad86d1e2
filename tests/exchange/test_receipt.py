"""The receipt goes back to the sender: their rows, their columns, and what became of each."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from chuangwen.domain.campaign import Campaign
from chuangwen.errors import FileProblem
from chuangwen.services.importing import ImportOptions, run_import
from chuangwen.services.project import Project
from tests.exchange.made import shapefile, workbook

ROWS = [
    ["××区点位表"],
    ["序号", "点位编号", "点位名称", "点位类型", "联系电话", "经度", "纬度", "本单位备考"],
    [1, "001", "甲公园", "公园", "13800000000", 116.36, 27.95, "+cmd"],
    [2, "001", "乙公园", "公园", "13800000001", 116.37, 27.95, "重号"],
    [3, "003", "丙公园", "公园", "13800000002", "读不懂", 27.95, None],
]


@pytest.fixture
def project(tmp_path: Path):
    """An empty project."""
    made = Project.create(tmp_path / "项目.gpkg", Campaign(title="测试"), 4548, "某某01")
    yield made
    made.close()


def test_every_row_says_what_became_of_it(project: Project, tmp_path: Path) -> None:
    """Row numbers of the sender's file, their own columns, 结果 and 原因; nothing runs."""
    source = workbook(tmp_path / "来表.xlsx", ROWS)
    report = run_import(project, source, "site", ImportOptions(receipt=tmp_path / "回执.xlsx"))

    book = openpyxl.load_workbook(tmp_path / "回执.xlsx")
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert "来表.xlsx 导入回执" == rows[0][0]
    assert f"未导入 {len(report.rejected)}" in rows[1][0]
    assert ("行号", "序号", "点位编号", "点位名称", "点位类型", "联系电话", "经度", "纬度", "本单位备考", "结果", "原因和处理") == rows[2]
    assert [3, 4, 5] == [row[0] for row in rows[3:]]
    assert ["已导入", "未导入", "已处理"] == [row[-2] for row in rows[3:]]
    assert "与第 3 行重复" in rows[4][-1]
    assert "读不懂" in rows[5][-1]
    assert "'+cmd" == rows[3][8]
    assert "s" == book.worksheets[0]["I4"].data_type
    assert "A3:K6" == book.worksheets[0].auto_filter.ref
    assert (4, "未导入") == next(row[:2] for row in book.worksheets[1].iter_rows(values_only=True) if row[1] == "未导入")


def test_a_trial_gives_the_receipt_and_writes_nothing(project: Project, tmp_path: Path) -> None:
    """What would be refused can be sent back before anything is taken."""
    run_import(project, workbook(tmp_path / "来表.xlsx", ROWS), "site", ImportOptions(dry_run=True, receipt=tmp_path / "回执.xlsx"))

    assert (tmp_path / "回执.xlsx").exists()
    assert 0 == len(project.features("site"))


def test_a_vector_file_has_one_too(project: Project, tmp_path: Path) -> None:
    """Attributes stand for the row."""
    source = shapefile(tmp_path / "网格.shp", {"网格编号": ["A-1", "A-1", "A-3", "A-4"], "网格名称": ["一", "二", "三", "四"]})
    run_import(project, source, "zone", ImportOptions(receipt=tmp_path / "回执.xlsx"))

    rows = list(openpyxl.load_workbook(tmp_path / "回执.xlsx").worksheets[0].iter_rows(values_only=True))
    assert (2, "A-1", "二", "未导入") == rows[4][:4]


def test_a_folder_that_is_not_there(project: Project, tmp_path: Path) -> None:
    """Said; nothing half-written."""
    with pytest.raises(FileProblem, match=r"没有文件夹.*无"):
        run_import(project, workbook(tmp_path / "来表.xlsx", ROWS), "site", ImportOptions(dry_run=True, receipt=tmp_path / "无" / "回执.xlsx"))
