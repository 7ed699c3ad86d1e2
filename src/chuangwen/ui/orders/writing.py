"""开单: what the orders will say, one line each, before they are written; then the files and the moves in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QCloseEvent, QColor, QDesktopServices
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.feature import Feature
from chuangwen.domain.orders import day_words
from chuangwen.domain.values import LIST_MARK
from chuangwen.errors import DataProblem, UserError
from chuangwen.progress import Progress
from chuangwen.render.documents import illustrator
from chuangwen.services.order_choice import due_for
from chuangwen.services.order_draft import OrderDraft
from chuangwen.services.order_issuing import Issued, issue_orders, papers_folder
from chuangwen.services.order_templates import read_wording
from chuangwen.services.orders import plan
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui import theme
from chuangwen.ui.orders.asking import DUE, PICKED, SELECTED, SHOWN, AskingForm, rule
from chuangwen.ui.parts import RIGHT, button, fit_to_screen, flat_list, restyle, scrolled, sentence, words
from chuangwen.ui.session import Session

_WAIT_MS = 250
_DRAFT = Qt.ItemDataRole.UserRole


class OrderWindow(QDialog):
    """Stays open beside the map. `codes`: the issues that somebody else picked (the ladder); without them the selection, the filter, or what is due."""

    def __init__(self, session: Session, kind: str = "work", codes: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        project = session.project
        assert project is not None
        self._session = session
        self._codes = tuple(codes)
        self.drafts: list[OrderDraft] = []
        self.issued: list[Issued] = []
        self._running: Progress | None = None
        self.setWindowTitle(_("开单"))
        fit_to_screen(self, 1080, 660)
        self.form = AskingForm(session, read_wording(project.files_folder), kind)
        self.list = flat_list((_("文号"), _("主送单位"), _("问题"), _("时限"), _("提示")), (0, 168, 44, 132), stretched=4, numbers=(2,))
        self.preview = QPlainTextEdit(readOnly=True)
        self.preview.setPlaceholderText(_("选中一份，这里显示它的文字。"))
        self.count = words("", "title", wrap=False)
        self.note = words("", "dim")
        self.folder = QLineEdit(str(papers_folder(project)))
        self.choose = button(_("选择…"))
        self.choose.clicked.connect(self._choose)
        self.progress = words("", "dim", wrap=False)
        self.cancel = button(_("停止"))
        self.cancel.clicked.connect(self._stop)
        self.cancel.hide()
        self.show_folder = button(_("打开文件夹"))
        self.show_folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(self.folder.text())))
        self.show_folder.hide()
        self.write = button(_("写出并交办"), "main")
        self.write.clicked.connect(self._write)
        self._place_parts()
        self._later = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._later.timeout.connect(self.plan)
        self.form.changed.connect(self._on_asked)
        self.list.currentItemChanged.connect(lambda item, _old: self._show(item))
        session.selection.changed.connect(self._on_selection)
        session.changed.connect(self._on_changed)
        session.jobs.shown.connect(self._on_progress)
        session.closing.connect(self.close)
        self._offer(PICKED if self._codes else SELECTED if self._selected() else DUE)
        self.plan()

    def _place_parts(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(16, 14, 16, 10)
        column.setSpacing(6)
        column.addWidget(self.count)
        column.addWidget(self.note)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.list)
        parts.addWidget(self.preview)
        parts.setSizes([250, 260])
        parts.setChildrenCollapsible(False)
        column.addWidget(parts, 1)
        left = scrolled(self.form)
        left.setFixedWidth(330)
        middle = QHBoxLayout()
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(left)
        middle.addWidget(rule(upright=True))
        middle.addWidget(right, 1)
        foot = QFrame()
        foot.setProperty("foot", True)
        row = QHBoxLayout(foot)
        row.setContentsMargins(16, 9, 16, 9)
        row.setSpacing(8)
        row.addWidget(words(_("写到"), wrap=False))
        row.addWidget(self.folder, 1)
        row.addWidget(self.choose)
        row.addSpacing(12)
        row.addWidget(self.progress)
        row.addWidget(self.cancel)
        row.addWidget(self.show_folder)
        row.addWidget(self.write)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(middle, 1)
        whole.addWidget(foot)

    def plan(self) -> None:
        """Work out the orders anew from what is asked and from the file as it is."""
        if self._running is not None:
            return
        try:
            request = self.form.request()
        except DataProblem as problem:
            self._refuse(problem)
            return
        codes, kind = self._wanted(), self.form.kind.currentData()

        def work(own: Project, _progress: Progress) -> list[OrderDraft]:
            issues = _issues(own, kind, codes)
            return plan(own, request, issues) if issues or kind == "cascade" else []

        self._session.ask("orders", work, self._heard, self._refuse)

    def _wanted(self) -> Sequence[str] | None:
        """Codes of the issues, None: what the kind is due for."""
        which = self.form.which.currentData()
        if which == PICKED:
            return self._codes
        if which == SELECTED:
            return self._selected()
        if which == SHOWN:
            project = self._session.project
            mask = self._session.mask("issue")
            if project is None or mask is None:
                return []
            return [str(code) for code in project.features("issue").take(mask).column("code")]
        return None

    def _selected(self) -> list[str]:
        return [one.code for one in self._session.selection.features() if one.layer == "issue"]

    def _offer(self, chosen: str = "") -> None:
        picked = len(self._selected())
        choices = [(PICKED, _("交来的 {count} 个").format(count=len(self._codes)))] if self._codes else []
        choices += [(DUE, _("所有该开{title}的").format(title=self.form.template.title)), (SELECTED, _("选中的 {count} 个").format(count=picked))]
        mask = self._session.mask("issue")
        if mask is not None:
            choices.append((SHOWN, _("表格里筛选出的 {count} 个").format(count=int(mask.sum()))))
        self.form.offer(choices, chosen or self.form.which.currentData())

    def _on_asked(self) -> None:
        self._offer()
        self._later.start()

    def _on_changed(self, _touched: object, _source: object) -> None:
        self._later.start()

    def _on_selection(self, _source: object) -> None:
        self._offer()
        if self.form.which.currentData() == SELECTED:
            self._later.start()

    def _heard(self, drafts: list[OrderDraft]) -> None:
        self.drafts = drafts
        self.form.refuse("")
        issues, stopped = sum(len(one.lines) for one in drafts), sum(bool(one.problems) for one in drafts)
        title = self.form.template.title
        if not drafts:
            self.list.clear()
            self.preview.clear()
            chosen = self.form.which.currentData() == SELECTED
            self.count.setText(_("没有选中问题") if chosen else _("没有该开{title}的问题").format(title=title))
            self.note.setText(_("在地图上或者表格里选中，可以多选。") if chosen else "")
            restyle(self.note, "amber", value=False)
            self._enable()
            return
        self.count.setText(_("{count} 份{title}，{issues} 个问题").format(count=len(drafts), title=title, issues=issues))
        numbers = drafts[0].code if len(drafts) == 1 else _("{first} 至 {last}").format(first=drafts[0].code, last=drafts[-1].code)
        self.note.setText(_("将用文号 {numbers}。").format(numbers=numbers) + (_("有 {count} 份还不能开。").format(count=stopped) if stopped else ""))
        restyle(self.note, "amber", value=bool(stopped))
        _fill(self.list, drafts, theme.colours(dark=theme.is_dark(self._session.settings.theme)))
        self._enable()

    def _refuse(self, error: UserError) -> None:
        self.drafts = []
        self.list.clear()
        self.preview.clear()
        self.count.setText(_("还不能开单"))
        self.note.setText("")
        self.form.refuse(sentence(error))
        self._enable()

    def _show(self, item: QTreeWidgetItem | None) -> None:
        draft = item.data(0, _DRAFT) if item is not None else None
        self.preview.setPlainText("" if draft is None else draft.preview())

    def _enable(self) -> None:
        busy = self._running is not None
        self.write.setEnabled(not busy and bool(self.drafts) and not any(one.problems for one in self.drafts))
        moves = self.form.template.kind in ("work", "designate", "rectify_notice")
        count = _(" {count} 份").format(count=len(self.drafts)) if self.drafts else ""
        self.write.setText((_("写出{count}并交办") if moves else _("写出{count}")).format(count=count))
        self.cancel.setVisible(busy)
        self.form.setEnabled(not busy)
        self.choose.setEnabled(not busy)

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, _("文书写到哪个文件夹"), self.folder.text())
        if name:
            self.folder.setText(name)

    def _write(self) -> None:
        drafts, folder = list(self.drafts), Path(self.folder.text().strip())

        def work(own: Project, progress: Progress) -> list[Issued]:
            return issue_orders(own, drafts, folder, illustrator(own), progress)

        self.progress.setText(_("正在写文书……"))
        self.show_folder.hide()
        self._running = self._session.run(work, self._written, self._not_written)
        self._enable()

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel()
            self._over(_("已停止，什么也没有写。"))

    def _on_progress(self, done: int, total: int, what: str) -> None:
        if self._running is not None and total:
            self.progress.setText(_("{what} {done}/{total}").format(what=what, done=done, total=total))

    def _written(self, issued: list[Issued]) -> None:
        self.issued = issued
        self._codes = ()
        self._offer()
        self._over(_("已写出 {count} 份：{first} 起。").format(count=len(issued), first=issued[0].code))
        self.show_folder.show()
        self._later.start()

    def _not_written(self, error: UserError) -> None:
        self._over("")
        self.form.refuse(sentence(error))

    def _over(self, said: str) -> None:
        self._running = None
        self.progress.setText(said)
        self._enable()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        event.accept()


def _issues(project: Project, kind: str, codes: Sequence[str] | None) -> list[Feature]:
    if kind == "cascade":
        return []
    if codes is None:
        return due_for(project, kind)
    return [project.feature(project.layers["issue"], code) for code in codes]


def _fill(tree: QTreeWidget, drafts: Sequence[OrderDraft], colours: Mapping[str, str]) -> None:
    at = tree.indexOfTopLevelItem(tree.currentItem()) if tree.currentItem() is not None else 0
    tree.clear()
    for draft in drafts:
        said = LIST_MARK.join((*draft.problems, *draft.warnings))
        deadline = day_words(draft.due, draft.due_time) or _("各自的")
        item = QTreeWidgetItem([draft.code, draft.unit or _("各责任单位"), str(len(draft.lines)), deadline, said])
        item.setData(0, _DRAFT, draft)
        item.setTextAlignment(2, RIGHT)
        for column in (1, 4):
            item.setToolTip(column, item.text(column).replace(LIST_MARK, "\n"))
        if said:
            item.setForeground(4, QColor(colours["accent" if draft.problems else "amber"]))
        tree.addTopLevelItem(item)
    tree.setCurrentItem(tree.topLevelItem(min(max(at, 0), len(drafts) - 1)))
