"""盲区检查表: every check with its definition, its count and its list, as a document and as a workbook (domain.md 6.8; SR-13, SR-63)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from chuangwen.domain.campaign import Campaign
from chuangwen.domain.values import Scalar
from chuangwen.errors import FileProblem
from chuangwen.exchange.documents.official import OfficialDocument
from chuangwen.exchange.whole_file import whole_file
from chuangwen.exchange.workbook_out import AMBER, GREEN, ListSheet, new_book, save_book, widths
from chuangwen.services.checks.check import FOUND, PASS, Finding, Result
from chuangwen.services.placing import View
from chuangwen.text import _

_ADDED = {_("平方米"), _("米"), _("件"), _("处"), _("家"), _("小时")}
"""Amounts that may be added up over the findings of a check: not likenesses, nor heads counted twice."""
MOST = 60
"""Findings of one check that are put on paper; the workbook has them all."""
_OVERVIEW_MM = (16.0, 37.0, 25.0) * 2
_LIST_MM = (11.0, 101.0, 44.0)


@dataclass(frozen=True, slots=True)
class CoverageSheet:
    """What is printed: the results of a run, and whose they are. `view` names the features by their codes."""

    view: View
    campaign: Campaign
    results: Sequence[Result]

    @property
    def title(self) -> str:
        """××区创建全国文明城市盲区检查表."""
        return _("{district}创建全国文明城市盲区检查表").format(district=self.campaign.district)

    @property
    def subtitle(self) -> str:
        """The date of the data, and how many checks say what."""
        counts = {state: sum(one.state == state for one in self.results) for state in (PASS, FOUND)}
        return _("{day}　通过 {passed} 项，有问题 {found} 项，没有数据 {rest} 项").format(
            day=self.campaign.today.isoformat(), passed=counts[PASS], found=counts[FOUND], rest=len(self.results) - sum(counts.values())
        )

    def overview(self) -> list[list[str]]:
        """编号, 检查项, 结果 of every check, two side by side so that all stand on one page: the first half on the left."""
        rows = [[one.check.id, one.check.title, "\n".join(filter(None, (short_words(one), total(one))))] for one in self.results]
        half = (len(rows) + 1) // 2
        return [left + right for left, right in zip_longest(rows[:half], rows[half:], fillvalue=["", "", ""])]

    def codes(self, finding: Finding) -> list[str]:
        """The codes of the features of a finding, their names where they have none."""
        if not finding.layer:
            return []
        features = self.view.features(finding.layer)
        there = [features.index[row_id] for row_id in finding.ids if row_id in features.index]
        return [str(features.column("code")[at] or features.column("name")[at] or "") for at in there]


def short_words(result: Result) -> str:
    """通过, 有 3 处, 无数据."""
    return _("无数据") if result.missing else result.words


def total(result: Result) -> str:
    """What the findings of a check come to: 264,223 米; '' where nothing is measured or each finding measures itself."""
    amounts = [one.amount for one in result.findings if one.amount is not None]
    measures = {one.measure for one in result.findings if one.amount is not None}
    return f"{_('合计')} {sum(amounts):,.0f} {measures.pop()}" if len(measures) == 1 and measures <= _ADDED else ""


def notes(result: Result) -> list[str]:
    """The figures of a check, and what was not looked at."""
    said = [result.summary] if result.summary else []
    return said + ([_("未查的部分：没有{layers}数据").format(layers="、".join(result.unseen))] if result.unseen and not result.missing else [])


def write(sheet: CoverageSheet, path: Path) -> None:
    """Write `path`, .docx or .xlsx, whole or not at all. Raises `FileProblem`."""
    ending = path.suffix.lower()
    if ending not in (".docx", ".xlsx"):
        raise FileProblem(_("不能写成“{ending}”。").format(ending=ending or path.name), hint=_("可以用 .docx 和 .xlsx；要 PDF 的，用 Word 或 WPS 打开后另存。"))
    if not path.parent.is_dir():
        raise FileProblem(_("没有文件夹 {folder}。").format(folder=path.parent), hint=_("请先建立它。"))
    if ending == ".docx":
        _document(sheet).save(path)
    else:
        _write_workbook(sheet, path)


def _document(sheet: CoverageSheet) -> OfficialDocument:
    made = OfficialDocument()
    made.title(sheet.title).subtitle(sheet.subtitle)
    made.table((_("编号"), _("检查项"), _("结果")) * 2, sheet.overview(), _OVERVIEW_MM, small=True, centred=(0, 3))
    made.page_break()
    for one in sheet.results:
        made.heading(1, f"{one.check.id} {one.check.title}（{one.words}）")
        made.paragraph("\n".join([_("检查内容：{words}").format(words=one.check.definition), *notes(one)]))
        if not one.findings:
            continue
        made.paragraph(_("怎么办：{words}").format(words=one.check.remedy), keep_next=True)
        rows = [[str(number), finding.text, finding.by] for number, finding in enumerate(one.findings[:MOST], 1)]
        made.table((_("序号"), _("内容"), _("责任单位")), rows, _LIST_MM, small=True, centred=(0,))
        if len(one.findings) > MOST:
            made.paragraph(_("另有 {count} 处，见表格文件（xlsx）。").format(count=len(one.findings) - MOST))
    return made


def _write_workbook(sheet: CoverageSheet, path: Path) -> None:
    book = new_book((GREEN, AMBER))
    titles = [_("编号"), _("检查项"), _("检查内容"), _("结果"), _("处数"), _("怎么办")]
    rows: list[list[Scalar]] = [
        [
            one.check.id,
            one.check.title,
            one.check.definition,
            "\n".join([one.words, *notes(one)]),
            len(one.findings) if not one.missing else None,
            one.check.remedy,
        ]
        for one in sheet.results
    ]
    page = ListSheet(book, _("盲区检查"), widths(titles, rows), frozen_rows=3)
    page.heading(sheet.title)
    page.heading(sheet.subtitle, 10, bold=False)
    page.row(titles, head=True)
    for row, one in zip(rows, sheet.results, strict=True):
        page.row(row, fill={PASS: GREEN, FOUND: AMBER}.get(one.state, ""))
    titles = [_("检查编号"), _("检查项"), _("序号"), _("内容"), _("责任单位"), _("数量"), _("计量单位"), _("对象编号")]
    found: list[list[Scalar]] = [
        [
            one.check.id,
            one.check.title,
            number,
            finding.text,
            finding.by or None,
            round(finding.amount, 2) if finding.amount is not None else None,
            finding.measure or None,
            "、".join(sheet.codes(finding)) or None,
        ]
        for one in sheet.results
        for number, finding in enumerate(one.findings, 1)
    ]
    page = ListSheet(book, _("清单"), widths(titles, found), frozen_rows=2)
    page.heading(sheet.title)
    page.row(titles, head=True)
    for row in found:
        page.row(row)
    page.filtered(2, len(found) + 2)
    with whole_file(path) as part:
        save_book(book, part)
