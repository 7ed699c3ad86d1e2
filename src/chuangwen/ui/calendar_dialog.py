"""工作日历: which days the office works, month by month; a click changes a day, in this project only (decision 0008)."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget

from chuangwen.domain.calendar import Calendar, OwnDays, hours_text, read_hours
from chuangwen.errors import DataProblem, UserError
from chuangwen.services.project import Project
from chuangwen.services.timing import holiday_table, keep_own_days, own_days
from chuangwen.text import _
from chuangwen.ui.small_dialogs import FormDialog

_WEEK = (_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日"))
_ROWS, _DAYS = 6, 7
_FARTHEST = 15  # years that may be filled in by hand
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -_DAYS, Qt.Key.Key_Down: _DAYS}


class CalendarDialog(FormDialog):
    """The month, the office hours, and up to which year the holidays are known. Written to the project with 确定."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(_("工作日历"), parent, 560)
        self._store = project.store
        self._table = holiday_table(project.files_folder)
        try:
            self._own = own_days(project.store)
        except UserError as problem:
            self._own = OwnDays()
            self.refuse(str(problem))
        day = project.campaign.today
        self.month = (day.year, day.month)
        self._today = day
        self.title = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self.title.setProperty("heading", True)
        self.days: list[QPushButton] = []
        self.rows.addRow(self._head())
        self.rows.addRow(self._grid())
        self.note = QLabel(wordWrap=True)
        self.note.setProperty("dim", True)
        self.rows.addRow(self.note)
        self.hours = QLineEdit(hours_text(self._own.hours or self._table.hours))
        self.hours.setToolTip(_("一天分几段就写几段，用逗号隔开；只影响以后计算的时限"))
        self.rows.addRow(_("上班时间"), self.hours)
        self.last_year = QComboBox()
        for year in range(self._table.last_year, self._table.last_year + _FARTHEST):
            self.last_year.addItem(_("{year} 年").format(year=year), year)
        self.last_year.setCurrentIndex(max(self.last_year.findData(self._own.last_year), 0))
        self.last_year.setToolTip(_("国务院办公厅每年 11 月前后公布下一年的放假安排；逐日点好以后，把这里改成那一年"))
        self.last_year.currentIndexChanged.connect(self._show)
        self.rows.addRow(_("放假安排已补到"), self.last_year)
        default = QPushButton(_("恢复默认"))
        default.setAutoDefault(False)
        default.clicked.connect(self._forget)
        self.buttons.addButton(default, self.buttons.ButtonRole.ResetRole)
        self._show()
        next(button for button in self.days if button.property("date") == day).setFocus()

    @property
    def calendar(self) -> Calendar:
        """The calendar as it stands in the dialog, its hours aside."""
        return self._table.changed(replace(self._own, hours=(), last_year=self.last_year.currentData()))

    def turn(self, months: int) -> None:
        """Show a month earlier or later."""
        year, month = divmod(self.month[0] * 12 + self.month[1] - 1 + months, 12)
        self.month = (year, month + 1)
        self._show()

    def toggle(self, day: dt.date) -> None:
        """A day of work becomes one of rest, and back; back to what the table says is no change."""
        works = not self.calendar.works(day)
        days = {one: value for one, value in self._own.days.items() if one != day}
        if self._table.works(day) != works:
            days[day] = works
        self._own = replace(self._own, days=days)
        self._show()

    def accept(self) -> None:
        """Only with hours that are hours; kept in the project at once."""
        try:
            hours = read_hours(self.hours.text())
        except DataProblem as problem:
            self.hours.setFocus()
            self.refuse(f"{problem}{_('。')}")
            return
        last = self.last_year.currentData()
        own = OwnDays(self._own.days, () if hours == self._table.hours else hours, last if last > self._table.last_year else 0)
        try:
            keep_own_days(self._store, own)
        except UserError as problem:
            self.refuse(str(problem))
            return
        super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        focus = self.focusWidget()
        step = _STEPS.get(Qt.Key(event.key()))
        if isinstance(focus, QPushButton) and focus in self.days and step is not None:
            day = focus.property("date") + dt.timedelta(days=step)
            if (day.year, day.month) != self.month:
                self.turn(1 if step > 0 else -1)
            next(button for button in self.days if button.property("date") == day).setFocus()
        elif event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(1 if event.key() == Qt.Key.Key_PageDown else -1)
        else:
            super().keyPressEvent(event)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(0, 0, 0, 0)
        turns = ((_("上年"), _("上一年"), -12), (_("上月"), "PageUp", -1), ("", "", 0), (_("下月"), "PageDown", 1), (_("下年"), _("下一年"), 12))
        for words, tip, months in turns:
            if not months:
                row.addWidget(self.title, 1)
                continue
            button = QPushButton(words)
            button.setToolTip(tip)
            button.setAutoDefault(False)
            button.setFixedWidth(58)
            button.clicked.connect(partial(self.turn, months))
            row.addWidget(button)
        return head

    def _grid(self) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(4)
        for column, word in enumerate(_WEEK):
            grid.addWidget(QLabel(word, alignment=Qt.AlignmentFlag.AlignCenter), 0, column)
            grid.setColumnStretch(column, 1)
        for number in range(_ROWS * _DAYS):
            button = QPushButton()
            button.setAutoDefault(False)
            button.setMinimumHeight(42)
            button.clicked.connect(lambda _on=False, one=button: self.toggle(one.property("date")))
            grid.addWidget(button, 1 + number // _DAYS, number % _DAYS)
            self.days.append(button)
        return holder

    def _show(self) -> None:
        year, month = self.month
        first = dt.date(year, month, 1)
        first -= dt.timedelta(days=first.weekday())
        now = self.calendar
        for number, button in enumerate(self.days):
            self._dress(button, first + dt.timedelta(days=number), now)
        worked = sum(now.works(dt.date(year, month, day)) for day in range(1, calendar.monthrange(year, month)[1] + 1))
        self.title.setText(_("{year} 年 {month} 月　上班 {count} 天").format(year=year, month=month, count=worked))
        changed = _("本项目改了 {count} 天。").format(count=len(self._own.days)) if self._own.days else ""
        self.note.setText(now.beyond(first.replace(year=year, day=1)) or _("点某一天，在上班和休息之间切换，只影响本项目。") + changed)
        self.note.setProperty("reason", year > now.last_year)
        self.note.setProperty("dim", year <= now.last_year)
        _restyle(self.note)

    def _dress(self, button: QPushButton, day: dt.date, now: Calendar) -> None:
        works = now.works(day)
        own = day in self._own.days
        name = now.names.get(day, "")
        word = (_("改为上班") if works else _("改为休息")) if own else _("调休上班") if works and name else name.partition("、")[0]
        button.setText(f"{day.day}\n{word}" if word else f"{day.day}\n")
        said = [f"{day.isoformat()} {_('周')}{_WEEK[day.weekday()]}", _("上班") if works else _("休息"), name]
        button.setToolTip("　".join(one for one in said if one))
        button.setAccessibleName(button.toolTip())
        button.setProperty("date", day)
        button.setProperty("day", ("swap" if day.weekday() >= 5 else "work") if works else "rest")
        button.setProperty("own", own)
        button.setProperty("now", day == self._today)
        button.setEnabled((day.year, day.month) == self.month)
        _restyle(button)

    def _forget(self) -> None:
        self._own = OwnDays()
        self.hours.setText(hours_text(self._table.hours))
        self.last_year.setCurrentIndex(0)
        self.said.hide()
        self._show()


def _restyle(widget: QWidget) -> None:
    widget.style().unpolish(widget)
    widget.style().polish(widget)
