"""Step three: what will change, before anything is written. Conflicts are decided here, what is wrong with shapes is shown on the map."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QButtonGroup, QHBoxLayout, QHeaderView, QPushButton, QSplitter, QTableView, QVBoxLayout, QWidget
from shapely.geometry.base import BaseGeometry

from chuangwen.exchange import review
from chuangwen.exchange.doubts import Answer, Doubt
from chuangwen.exchange.findings import Cleaning
from chuangwen.text import _
from chuangwen.ui.importing.line_detail import LineDetail
from chuangwen.ui.importing.looking import Look
from chuangwen.ui.importing.map_content import marked, pale
from chuangwen.ui.importing.questions import Questions
from chuangwen.ui.importing.review_lines import CHIPS, CLEAN, FINDING, REJECTED, TITLES, Line, counts, kind_asked
from chuangwen.ui.importing.review_model import COLUMNS, ReviewModel
from chuangwen.ui.importing.small_map import SmallMap
from chuangwen.ui.parts import button, emptied, scrolled, words
from chuangwen.ui.session import Session

_ALWAYS = (review.ADDED, review.CHANGED, review.UNCHANGED, REJECTED)
_ALL = ""
_AROUND_ROW, _AROUND_FINDING = 400.0, 60.0
"""Metres of the ground that are seen around a line's shape at the least."""


class ReviewPage(QWidget):
    """Signals: `answered` (key, value) of a doubt."""

    answered = Signal(str, str)

    def __init__(self, session: Session, *, dark: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._look: Look | None = None
        self._kind = _ALL
        self.said = words("", "heading")
        self.chips: dict[str, QPushButton] = {}
        self._chips = QHBoxLayout()
        self._chips.setSpacing(6)
        self._group = QButtonGroup(self)
        self.questions = Questions(folds=False)
        self.questions.answered.connect(self.answered)
        self.model = ReviewModel(dark=dark)
        self.table = QTableView()
        self._lay_table()
        self.empty = words("", "dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.map = SmallMap(session)
        self.detail = LineDetail(dark=dark)
        self.detail.answered.connect(self.answered)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(22, 0, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.questions)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        self.aside = QSplitter(Qt.Orientation.Vertical)
        self._around_detail = scrolled(self.detail)
        self.aside.addWidget(self._around_detail)
        self.aside.addWidget(self.map)
        self.aside.setMinimumWidth(260)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        self.across.addWidget(left)
        self.across.addWidget(self.aside)
        self.across.setSizes([690, 410])
        self.aside.setSizes([320, 240])
        for one in (self.aside, self.across):
            one.setChildrenCollapsible(False)
        self.aside.setContentsMargins(0, 0, 18, 8)
        top = QVBoxLayout()
        top.setContentsMargins(22, 14, 18, 0)
        top.setSpacing(8)
        top.addWidget(self.said)
        top.addLayout(self._chips)
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.setSpacing(8)
        page.addLayout(top)
        page.addWidget(self.across, 1)

    def _lay_table(self) -> None:
        view = self.table
        view.setModel(self.model)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setAlternatingRowColors(True)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.verticalHeader().setDefaultSectionSize(26)
        view.verticalHeader().hide()
        head = view.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for number, (_title, width) in enumerate(COLUMNS):
            view.setColumnWidth(number, width)
        head.setSectionResizeMode(len(COLUMNS) - 1, QHeaderView.ResizeMode.Stretch)
        view.selectionModel().currentRowChanged.connect(lambda now, _before: self._on_line(now.row()))

    # --- a look

    def show_look(self, look: Look) -> None:
        """The review of a look. The chip and the line in hand stay."""
        kept = self.line
        self._look = look
        report = look.prepared.plan.report
        self.said.setText(_sentence(look))
        self._show_chips(counts(look.prepared.plan, look.lines))
        self.map.setVisible(look.shapes.extent is not None)
        self.model.show(look.lines, report.doubts, look.wish.answers)
        self.map.show_shapes(look.shapes.content)
        self.map.look_at(look.shapes.extent, home=True)
        self.show_kind(self._kind if self._kind in self.chips else _ALL, kept)

    def _show_chips(self, found: Mapping[str, int]) -> None:
        wanted = [_ALL, *(kind for kind in CHIPS if found.get(kind) or kind in _ALWAYS)]
        if wanted != list(self.chips):
            emptied(self._chips)
            self.chips = {}
            for kind in wanted:
                chip = button("", "chip")
                chip.setCheckable(True)
                chip.clicked.connect(lambda _on=False, kind=kind: self.show_kind(kind))
                self._group.addButton(chip)
                self.chips[kind] = chip
                self._chips.addWidget(chip)
            self._chips.addStretch(1)
        for kind, chip in self.chips.items():
            chip.setText(_("{title} {count}").format(title=TITLES[kind], count=found.get(kind, 0)) if kind else _("全部"))
            chip.setEnabled(not kind or found.get(kind, 0) > 0)

    def show_kind(self, kind: str, line: Line | None = None) -> None:
        """Only the lines of a kind ('' for all), with the questions about it."""
        look = self._look
        if look is None:
            return
        self._kind = kind
        self.chips[kind].setChecked(True)
        self.model.show_kind(kind)
        self.questions.show_doubts(self._doubts(look, kind), look.wish.answers)
        there_is = self.model.rowCount() > 0
        self.table.setVisible(there_is)
        self.empty.setVisible(not there_is)
        self.empty.setText(_nothing(look, kind))
        row = self.model.row_of(line) if line is not None else -1
        if there_is:
            self.table.selectionModel().blockSignals(True)
            self.table.selectionModel().setCurrentIndex(
                self.model.index(max(row, 0), 0), QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            )
            self.table.selectionModel().blockSignals(False)
        self._on_line(max(row, 0) if there_is else -1, zoom=bool(kind) or row >= 0)

    def _doubts(self, look: Look, kind: str) -> list[Doubt]:
        """The questions about all lines of a kind; those about one stand beside its line."""
        report = look.prepared.plan.report
        of_lines = {line.key for line in look.lines if line.key}
        found = [one for one in report.doubts if kind_asked(one.key) and one.key not in of_lines and ":" not in one.key]
        if report.cleaning is not None and not any(one.key == CLEAN for one in found):
            found.append(_clean_doubt(report.cleaning))
        return [one for one in found if (kind_asked(one.key) == kind if kind else one.asks)]

    # --- a line

    @property
    def line(self) -> Line | None:
        """The line in hand."""
        return self.model.line(self.table.currentIndex().row()) if self.table.currentIndex().isValid() else None

    def _on_line(self, row: int, *, zoom: bool = True) -> None:
        look, line = self._look, self.model.line(row)
        if look is None:
            return
        plan = look.prepared.plan
        cleaning = plan.report.cleaning if line is None or line.kind == FINDING else None
        doubt = next((one for one in plan.report.doubts if line is not None and line.key and one.key == line.key), None)
        self.detail.show_line(line, doubt, look.wish.answers, cleaning)
        has_detail = line is not None or cleaning is not None
        self._around_detail.setVisible(has_detail)
        self.aside.setVisible(has_detail or look.shapes.extent is not None)
        if line is None:
            self.map.show_shapes(look.shapes.content)
            self.map.look_at(look.shapes.extent)
            return
        marks = marked([self._shape_of(line, look)], rings=line.kind == FINDING)
        self.map.show_shapes([*pale(look.shapes.content), *marks.content], "" if marks.extent else _("这一条没有位置"))
        self.map.look_at(marks.extent if zoom else look.shapes.extent, around=_AROUND_FINDING if line.kind == FINDING else _AROUND_ROW)

    def _shape_of(self, line: Line, look: Look) -> BaseGeometry | None:
        """Where a line lies: what is wrong, the shape in the file, or that of the feature which the file no longer has."""
        if line.geometry is not None or line.at >= 0:
            return line.geometry if line.geometry is not None else look.prepared.plan.geometry[line.at]
        project = self._session.project
        feature = project.features(look.layer.id).feature(line.id) if project is not None and look.layer.id in project.layers else None
        return feature.geometry if feature is not None else None


def _clean_doubt(cleaning: Cleaning) -> Doubt:
    """The offered clean-up as a question, where nobody put it as one."""
    question = _("{count} 个面的边界可以顺手对齐，共约 {area:,.0f} 平方米换手。要整理吗？").format(count=len(cleaning.resized), area=cleaning.moved_area / 2)
    answers = Answer("no", _("保持原样"), _("问题只列出来，不改图形")), Answer("yes", _("整理"), _("改动写入这次导入，可以整步撤销"))
    return Doubt(CLEAN, question, answers, "yes" if cleaning.done else "no")


def _sentence(look: Look) -> str:
    report = look.prepared.plan.report
    if not look.prepared.plan.edit:
        return _("和项目里的完全一样，没有要改的。") if not report.rejected else _("没有能导入的行，请看下面的原因。")
    told = [_("新增 {count} 条").format(count=report.added)] if report.added else []
    told += [_("更新 {count} 条").format(count=report.changed)] if report.changed else []
    left = _("，{count} 行不能导入").format(count=len({one.row for one in report.rejected})) if report.rejected else ""
    return _("按“导入”以后，“{layer}”会{what}{left}。现在什么都还没有写。").format(layer=look.layer.title, what="、".join(told), left=left)


def _nothing(look: Look, kind: str) -> str:
    if kind == _ALL:
        return _("没有需要细看的。") if look.prepared.plan.edit else _("这份文件和项目里的一样。")
    return _("没有“{kind}”的明细。").format(kind=TITLES[kind])
