"""A day with a calendar to choose it from."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate, QLocale, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QDateEdit, QToolButton, QWidget

from chuangwen.ui.icons import icon


class DayEdit(QDateEdit):
    """A date edit that speaks in `datetime.date`."""

    def __init__(self, day: dt.date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        self._dress_calendar()
        if day is not None:
            self.set_day(day)

    def _dress_calendar(self) -> None:
        """Chinese whatever the language of the desk, arrows and weekends in the colours of the window."""
        calendar = self.calendarWidget()
        calendar.setLocale(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
        arrow: QToolButton
        for side, name in (("prev", "previous"), ("next", "next")):
            for arrow in calendar.findChildren(QToolButton, f"qt_calendar_{side}month"):
                arrow.setIcon(icon(name))
        weekend = QTextCharFormat()
        weekend.setForeground(self.palette().link())
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(weekday, weekend)

    @property
    def day(self) -> dt.date:
        """The chosen day."""
        chosen = self.date()
        return dt.date(chosen.year(), chosen.month(), chosen.day())

    def set_day(self, day: dt.date) -> None:
        """Choose a day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def step(self, days: int) -> None:
        """So many days on."""
        self.setDate(self.date().addDays(days))

    def set_range(self, first: dt.date, last: dt.date) -> None:
        """The days that may be chosen."""
        self.setDateRange(QDate(first.year, first.month, first.day), QDate(last.year, last.month, last.day))
