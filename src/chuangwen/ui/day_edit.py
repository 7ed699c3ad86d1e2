"""A day with a calendar to choose it from."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QWidget


class DayEdit(QDateEdit):
    """A date edit that speaks in `datetime.date`."""

    def __init__(self, day: dt.date | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCalendarPopup(True)
        self.setDisplayFormat("yyyy-MM-dd")
        if day is not None:
            self.set_day(day)

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
