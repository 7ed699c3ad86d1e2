"""盲区检查: run the checks, read what each found, go there, print the list."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QListWidget, QListWidgetItem, QProgressBar, QSplitter, QVBoxLayout, QWidget

from chuangwen.domain.geo import Extent
from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.services.checks.check import FOUND, Finding, Result
from chuangwen.services.checks.registry import run
from chuangwen.services.coverage_sheet import CoverageSheet, write
from chuangwen.services.duplicates import merge
from chuangwen.services.moving import context_of
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.canvas import MapCanvas
from chuangwen.ui.coverage.check_list import CheckList
from chuangwen.ui.coverage.shapes_on_map import on_map
from chuangwen.ui.parts import button, restyle, words
from chuangwen.ui.session import Session

_FINDING = Qt.ItemDataRole.UserRole
_SHOWN = 500
"""Findings of a check that are put into the list; the printed one and the workbook go on."""
MARK = "coverage"
"""The name under which the map keeps the shape that is shown."""
_DUPLICATES = "SR-09"


class CoveragePanel(QWidget):
    """The checks above, what the chosen one found below. What is found belongs to the moment of the check: an edit afterwards is told, not followed."""

    def __init__(self, session: Session, canvas: MapCanvas, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._canvas = session, canvas
        self.results: dict[str, Result] = {}
        self._work: Progress | None = None
        self.start = button(_("开始检查"), "main")
        self.start.clicked.connect(self.refresh)
        self.stop = button(_("取消"))
        self.stop.clicked.connect(self._cancel)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.said = words(mark="dim")
        self.list = CheckList()
        self.list.chosen.connect(lambda _check: self._show_check())
        self.about = words()
        self.more = words(mark="dim")
        self.found = QListWidget()
        self.found.setWordWrap(True)
        self.found.setAlternatingRowColors(True)
        self.found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.found.setAccessibleName(_("检查结果"))
        self.found.currentItemChanged.connect(lambda now, _before: self._show_finding(now))
        self.found.itemClicked.connect(self._show_finding)
        self.merge = button(_("合并这两个问题"))
        self.merge.setToolTip(_("保留前一个，后一个作废并注明重复；两个来源编号都保留。可以撤销。"))
        self.merge.clicked.connect(self._merge)
        self.print = button(_("打印检查表…"))
        self.print.clicked.connect(self._print)
        self._lay_out()
        session.opened.connect(self._forget)
        session.closed.connect(self._forget)
        session.changed.connect(lambda _touched, _source: self._on_changed())
        self._forget()

    def _lay_out(self) -> None:
        top = QWidget()
        head = QVBoxLayout(top)
        head.setContentsMargins(10, 8, 10, 6)
        head.setSpacing(6)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start)
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        buttons.addWidget(self.print)
        head.addLayout(buttons)
        head.addWidget(self.bar)
        head.addWidget(self.said)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(10, 8, 10, 6)
        column.setSpacing(4)
        column.addWidget(self.about)
        column.addWidget(self.more)
        column.addWidget(self.found, 1)
        column.addWidget(self.merge)
        column.addStretch(0)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.list)
        parts.addWidget(below)
        parts.setSizes([300, 320])
        parts.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(top)
        whole.addWidget(parts, 1)

    # --- running

    def refresh(self) -> None:
        """Run all checks on a worker, with a connection of its own."""
        project = self._session.project
        if project is None or self._work is not None:
            return
        path, actor = project.path, project.actor

        def work(progress: Progress) -> list[Result]:
            own = Project.open(path, actor)
            try:
                return run(own, own.campaign, progress=progress)
            finally:
                own.close()

        self._say(_("正在检查……"))
        self._work = self._session.jobs.read(work, self._on_done, self._on_failed, loud=True)
        self._session.jobs.shown.connect(self._on_shown)
        self._enable()

    def _cancel(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._end()
            self._say(_("已取消。") if not self.results else _("已取消，下面是上一次的结果。"))

    def _on_shown(self, done: int, total: int, _what: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _on_done(self, results: list[Result]) -> None:
        if self._work is None or self._work.cancelled:
            return
        self._end()
        self.results = {one.check.id: one for one in results}
        faulty = sum(one.state == FOUND for one in results)
        missing = sum(bool(one.missing) for one in results)
        said = _("共 {all} 项：有问题 {faulty}，没有数据 {missing}").format(all=len(results), faulty=faulty, missing=missing)
        self._say(said)
        self.list.show_results(self.results)
        if not self.list.current and results:
            self.list.choose(next((one.check.id for one in results if one.findings), results[0].check.id))
        self._show_check()
        self._enable()

    def _on_failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, UserError):
            raise error
        self._say(str(error), wrong=True)
        self._session.noticed.emit(error)

    def _end(self) -> None:
        self._work = None
        self._session.jobs.shown.disconnect(self._on_shown)
        self._enable()

    def _forget(self) -> None:
        if self._work is not None:
            self._work.cancel()
            self._end()
        self.results = {}
        self.list.show_results({})
        self._say(_("看看还有哪些地方、岗位、单位和问题没有覆盖到。"))
        self._show_check()
        self._enable()

    def _on_changed(self) -> None:
        if self.results:
            self._say(_("数据已改，下面是修改前的结果，请重新检查。"), wrong=True)

    def _say(self, text: str, *, wrong: bool = False) -> None:
        self.said.setText(text)
        restyle(self.said, "dim", not wrong)
        restyle(self.said, "amber", wrong)

    def _enable(self) -> None:
        busy = self._work is not None
        self.start.setText(_("重新检查") if self.results else _("开始检查"))
        self.start.setEnabled(self._session.project is not None and not busy)
        self.stop.setVisible(busy)
        self.bar.setVisible(busy)
        self.print.setEnabled(bool(self.results) and not busy)

    # --- reading

    def _show_check(self) -> None:
        self._canvas.mark(MARK, None)
        result = self.results.get(self.list.current)
        self.found.blockSignals(True)  # a list that is emptied walks through its rows
        self.found.clear()
        self.found.blockSignals(False)
        self.merge.setVisible(bool(result is not None and result.findings) and self.list.current == _DUPLICATES)
        self.about.setVisible(result is not None)
        self.more.setVisible(result is not None)
        self.found.setVisible(bool(result is not None and result.findings))
        if result is None:
            return
        self.about.setText(result.check.definition)
        notes = [result.words + (_("；{summary}").format(summary=result.summary) if result.summary else "")]
        notes += [_("未查的部分：没有{layers}数据").format(layers="、".join(result.unseen))] if result.unseen and not result.missing else []
        notes += [_("怎么办：{words}").format(words=result.check.remedy)] if result.findings else []
        notes += [_("只列出前 {count} 处，全部在检查表里。").format(count=_SHOWN)] if len(result.findings) > _SHOWN else []
        self.more.setText("\n".join(notes))
        self.found.blockSignals(True)
        for one in result.findings[:_SHOWN]:
            item = QListWidgetItem(one.text)
            item.setData(_FINDING, one)
            item.setToolTip(_("{words}\n责任单位：{unit}").format(words=one.text, unit=one.by) if one.by else one.text)
            self.found.addItem(item)
        self.found.blockSignals(False)

    def _show_finding(self, item: QListWidgetItem | None) -> None:
        """Select what it is about, and show the place: its own shape where it has one, else the features."""
        finding = item.data(_FINDING) if item is not None else None
        if not isinstance(finding, Finding):
            return
        self._canvas.mark(MARK, None if finding.geometry is None else on_map(finding.geometry))
        if finding.geometry is not None and not finding.geometry.area:
            self._session.selection.clear(self)  # the rim round the whole road would lie on the stretch that is meant
        elif finding.ids:
            self._session.selection.set(finding.layer, list(finding.ids), self)
        if finding.geometry is not None:
            self._session.zoom_asked.emit(Extent(*finding.geometry.bounds))
        elif finding.ids:
            self._session.zoom_to(self._session.selection.features())

    # --- acting

    def _merge(self) -> None:
        """Keep the first of the two that the chosen finding names, or the one that is closed."""
        project, item = self._session.project, self.found.currentItem()
        if project is None or item is None:
            self._say(_("先在下面选一处。"), wrong=True)
            return
        issues = project.features("issue")
        pair = [one for one in (issues.feature(row_id) for row_id in item.data(_FINDING).ids) if one is not None]
        pair.sort(key=lambda one: one.get("status") != "closed")
        try:
            edit = merge(project.layers["issue"], pair[0], pair[1:], context_of(project, [one.id for one in pair]))
        except UserError as broken:
            self._session.noticed.emit(broken)
            return
        self._session.commit(edit, self, lambda: self._struck(item))

    def _struck(self, item: QListWidgetItem) -> None:
        self.found.takeItem(self.found.row(item))

    def _print(self) -> None:
        project = self._session.project
        if project is None or not self.results:
            return
        kinds = _("Word 文档 (*.docx);;Excel 表格 (*.xlsx)")
        name, _kind = QFileDialog.getSaveFileName(self, _("盲区检查表"), _("盲区检查表.docx"), kinds)
        if name:
            self.write(Path(name))

    def write(self, path: Path) -> None:
        """Write what the last check found."""
        project = self._session.project
        if project is None:
            return
        source, actor, results = project.path, project.actor, list(self.results.values())

        def work(_progress: Progress) -> None:
            own = Project.open(source, actor)
            try:
                write(CoverageSheet(own, own.campaign, results), path)
            finally:
                own.close()

        def failed(error: Exception) -> None:
            if not isinstance(error, UserError):
                raise error
            self._session.noticed.emit(error)

        said = _("已写入 {file}。").format(file=path.name)
        self._session.jobs.read(work, lambda _answer: self._session.noticed.emit(said), failed, loud=True)
