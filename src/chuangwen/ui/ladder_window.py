"""催督办 and 扣分: what the ladder proposes and the rules charge. The planner ticks and accepts; nothing happens by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from chuangwen.domain.deduction import Line
from chuangwen.domain.feature import Feature
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import UserError
from chuangwen.exchange.workbook_out import save_workbook
from chuangwen.progress import Progress
from chuangwen.services.deducting import deducted, due_lines, enter, read_scheme
from chuangwen.services.escalating import RECORDED, Proposal, proposals, read_ladder, record, transfer_list
from chuangwen.services.figures import ranked_units
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.parts import RIGHT, fit_to_screen, lay_columns, say_when_empty
from chuangwen.ui.session import Session

_ENTRY = Qt.ItemDataRole.UserRole
_Found = tuple[list[Proposal], list[Line], dict[str, Decimal], list[Feature]]
_NOTHING_DUE = _("现在没有该催、该督、该通报的问题。")
_NOTHING_CHARGED = _("现在没有该记的扣分。")
_NOTHING_LOST = _("没有主观原因丢分的问题，也没有问责记录。")


class LadderWindow(QDialog):
    """Three lists, counted anew after every edit. `order_asked`: kind of order, codes of its issues, the new deadline in words ('': none)."""

    order_asked = Signal(str, object, str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWindowTitle(_("催督办和扣分"))
        fit_to_screen(self, 980, 600)
        column = QVBoxLayout(self)
        self.tabs = QTabWidget()
        column.addWidget(self.tabs, 1)
        self.proposed = _List([_("编号"), _("问题"), _("单位"), _("原因"), _("签发")], (150, 300, 200, 170))
        self.lines = _List([_("日期"), _("单位"), _("扣分"), _("规则"), _("问题或事件")], (150, 230, 60, 260), numbers=(2,))
        self.transfer = _List([_("编号"), _("单位"), _("事由")], (150, 260))
        self.order = self._button(_("开单…"), self._ask_orders, main=True)
        self.note = self._button(_("记入通报、约谈、问责"), self._record)
        self.charge = self._button(_("记入扣分台账"), self._charge, main=True)
        self.tabs.addTab(_page(self.proposed, _("到了该催、该督、该通报的，按级别列在这里；勾选后开单或记录。"), [self.note, self.order]), _("催督办建议"))
        self.tabs.addTab(_page(self.lines, _("按扣分规则该记的，每条对应一个问题或事件。"), [self.charge]), _("扣分"))
        self.tabs.addTab(_page(self.transfer, _("主观原因丢分的，移交纪委监委；登记有误只能作废，不能删除。"), []), _("移交清单"))
        self._empty = [
            (say_when_empty(one), text) for one, text in ((self.proposed, _NOTHING_DUE), (self.lines, _NOTHING_CHARGED), (self.transfer, _NOTHING_LOST))
        ]
        row = QHBoxLayout()
        self.said = QLabel(wordWrap=True)
        self.said.setProperty("dim", True)
        row.addWidget(self.said, 1)
        row.addWidget(self._button(_("存为表格…"), self._save))
        column.addLayout(row)
        for one in (self.proposed, self.lines, self.transfer):
            one.currentItemChanged.connect(lambda item, _old: self._show(item))
            one.itemChanged.connect(lambda _item, _column: self._enable())
        session.changed.connect(self._on_changed)
        session.closed.connect(self.close)
        self.refresh()

    def refresh(self) -> None:
        """Ask anew what is due."""

        def work(own: Project, _progress: Progress) -> _Found:
            now = own.campaign.now
            due = proposals(own, now, read_ladder(own.files_folder), ranked_units(own, own.campaign, own.files_folder))
            return due, due_lines(own, now, read_scheme(own.files_folder)), deducted(own), transfer_list(own)

        self.said.setText(_("正在核对……"))
        self._session.ask("ladder", work, self._heard, self._failed)

    def _on_changed(self, _touched: object, _source: object) -> None:
        self.refresh()

    def _failed(self, error: UserError) -> None:
        self.said.setText(f"{error.message}{error.hint}")

    def _heard(self, found: _Found) -> None:
        due, lines, charged, transfer = found
        for label, text in self._empty:
            label.setText(text)
        self.proposed.fill(due, lambda one: f"{one.due.step.level} {one.due.step.name}", _proposal_row, ticks=True)
        self.lines.fill(lines, lambda one: one.event.unit, _line_row, ticks=True)
        self.transfer.fill(transfer, lambda one: _("问题") if one.layer == "issue" else _("问责记录"), _transfer_row, ticks=False)
        for number, (title, count) in enumerate(((_("催督办建议"), len(due)), (_("扣分"), len(lines)), (_("移交清单"), len(transfer)))):
            self.tabs.setTabText(number, f"{title} {count}")
        standing = _("台账已记 {points:g} 分，{units} 个单位。").format(points=sum(charged.values()), units=len(charged))
        self.said.setText(standing if charged else _("扣分台账还是空的。"))
        self._enable()

    @staticmethod
    def _button(words: str, work: Callable[[], object], *, main: bool = False) -> QPushButton:
        button = QPushButton(words)
        button.setProperty("main", main)
        button.setAutoDefault(False)
        button.clicked.connect(lambda _on=False: work())
        return button

    def _enable(self) -> None:
        chosen: list[Proposal] = self.proposed.ticked()
        kinds = {one.due.step.document for one in chosen}
        self.order.setEnabled(len(kinds) == 1 and not kinds & set(RECORDED))
        self.order.setToolTip(_("勾选同一种措施的问题") if len(kinds) > 1 else "")
        self.note.setEnabled(bool(kinds) and kinds <= set(RECORDED))
        self.charge.setEnabled(bool(self.lines.ticked()))

    def _ask_orders(self) -> None:
        chosen: list[Proposal] = self.proposed.ticked()
        project = self._session.project
        due = chosen[0].due_at(project.campaign.now) if project is not None else None
        self.order_asked.emit(chosen[0].due.step.document, [one.code for one in chosen], f"{due:%Y-%m-%d %H:%M}" if due is not None else "")

    def _record(self) -> None:
        project = self._session.project
        if project is not None:
            self._commit(lambda: record(project, self.proposed.ticked(), project.campaign.today))

    def _charge(self) -> None:
        project = self._session.project
        if project is not None:
            self._commit(lambda: enter(project, self.lines.ticked()))

    def _commit(self, make: Callable[[], Any]) -> None:
        try:
            self._session.commit(make(), self)
        except UserError as error:
            self.said.setText(f"{error.message}{error.hint}")

    def _show(self, item: QTreeWidgetItem | None) -> None:
        entry = item.data(0, _ENTRY) if item is not None else None
        project = self._session.project
        code = entry.event.subject if isinstance(entry, Line) else entry.code if isinstance(entry, Proposal | Feature) else ""
        issue = project.features("issue").coded(code) if project is not None and code else None
        if issue is not None:
            self._session.selection.set("issue", [issue.id], self)
            self._session.zoom_to([issue])

    def _save(self) -> None:
        shown = (self.proposed, self.lines, self.transfer)[self.tabs.currentIndex()]
        title = self.tabs.tabText(self.tabs.currentIndex()).rpartition(" ")[0]
        name, _kind = QFileDialog.getSaveFileName(self, _("存为表格"), f"{title}.xlsx", "Excel (*.xlsx)")
        if not name:
            return
        try:
            save_workbook(Path(name), title, title, shown.titles, shown.rows)
            self.said.setText(_("已写入 {file}。").format(file=name))
        except UserError as error:
            self.said.setText(f"{error.message}{error.hint}")


class _List(QTreeWidget):
    """Entries in groups, each with a tick; a group's tick takes all of it."""

    def __init__(self, titles: Sequence[str], widths: Sequence[int], numbers: Sequence[int] = ()) -> None:
        super().__init__()
        self.titles = list(titles)
        self.rows: list[list[Scalar]] = []
        self._numbers = numbers
        lay_columns(self, titles, widths, stretched=len(titles) - 1, numbers=numbers)

    def fill(self, entries: Sequence[Any], group: Callable[[Any], str], row: Callable[[Any], list[Scalar]], *, ticks: bool) -> None:
        """Show entries; what was ticked is ticked no more, for the list is another one."""
        self.blockSignals(True)
        self.clear()
        self.rows = [row(one) for one in entries]
        groups: dict[str, QTreeWidgetItem] = {}
        for one, cells in zip(entries, self.rows, strict=True):
            name = group(one)
            if name not in groups:
                groups[name] = QTreeWidgetItem(self, [name])
                groups[name].setFirstColumnSpanned(True)
                if ticks:
                    groups[name].setFlags(groups[name].flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsAutoTristate)
                    groups[name].setCheckState(0, Qt.CheckState.Unchecked)
            item = QTreeWidgetItem(groups[name], [plain(cell) for cell in cells])
            item.setData(0, _ENTRY, one)
            for number in self._numbers:
                item.setTextAlignment(number, RIGHT)
            if ticks:
                item.setCheckState(0, Qt.CheckState.Unchecked)
            for place, cell in enumerate(cells):
                item.setToolTip(place, plain(cell))
        for name, item in groups.items():
            item.setText(0, f"{name}　{item.childCount()}")
        self.expandAll()
        self.blockSignals(False)

    def ticked(self) -> list[Any]:
        """The ticked entries."""
        groups = [self.topLevelItem(number) for number in range(self.topLevelItemCount())]
        items = [group.child(number) for group in groups if group is not None for number in range(group.childCount())]
        return [item.data(0, _ENTRY) for item in items if item.checkState(0) == Qt.CheckState.Checked]


def _page(content: QTreeWidget, words: str, buttons: Sequence[QPushButton]) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 8, 0, 0)
    row = QHBoxLayout()
    label = QLabel(words, wordWrap=True)
    label.setProperty("dim", True)
    row.addWidget(label, 1)
    for button in buttons:
        row.addWidget(button)
    column.addLayout(row)
    column.addWidget(content, 1)
    return page


def _proposal_row(one: Proposal) -> list[Scalar]:
    return [one.code, one.name, one.unit or _("待指定"), one.due.reason, one.due.step.signed_by]


def _line_row(one: Line) -> list[Scalar]:
    return [
        one.event.date,
        one.event.unit,
        one.points,
        f"{one.rule.id} {one.rule.name}",
        " ".join(word for word in (one.event.subject, one.event.note) if word),
    ]


def _transfer_row(one: Feature) -> list[Scalar]:
    return [one.code, plain(one.get("responsible_unit") or one.get("unit")), plain(one.get("cause") or one.get("description"))]
