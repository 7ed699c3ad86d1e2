"""One line of the review in full: its fields before and after with the difference in colour, the choice where there is one, what a clean-up would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from chuangwen.exchange.doubts import Doubt
from chuangwen.exchange.findings import Cleaning
from chuangwen.exchange.review import FieldChange
from chuangwen.text import _
from chuangwen.ui.importing.questions import Questions
from chuangwen.ui.importing.review_lines import Line
from chuangwen.ui.parts import words
from chuangwen.ui.theme import colours

_MOST_AREAS = 40


class LineDetail(QWidget):
    """`answered` (key, value): the choice for this line."""

    answered = Signal(str, str)

    def __init__(self, *, dark: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = colours(dark=dark)
        self.title = words("", "heading")
        self.note = words("")
        self.choice = Questions(folds=False)
        self.choice.answered.connect(self.answered)
        self.fields = QLabel()
        self.fields.setTextFormat(Qt.TextFormat.RichText)
        self.fields.setWordWrap(True)
        self.fields.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.areas = QLabel()
        self.areas.setTextFormat(Qt.TextFormat.RichText)
        self.areas.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 0, 10, 6)
        column.setSpacing(8)
        for part in (self.title, self.note, self.choice, self.fields, self.areas):
            column.addWidget(part)
        column.addStretch(1)

    def show_line(self, line: Line | None, doubt: Doubt | None, answers: Mapping[str, str], cleaning: Cleaning | None) -> None:
        """A line and what can be decided about it."""
        self.title.setText("" if line is None else "　".join(part for part in (line.title, line.code) if part))
        if line is not None and line.fields and doubt is not None:
            doubt = replace(doubt, question=_("这一条怎么办？"), rows=())  # the fields below say the rest
        told = "" if line is None else "\n".join(part for part in (line.name, line.note if line.fields else line.what) if part)
        rows = _("文件第 {rows} 行。").format(rows=line.rows_text) if line is not None and line.rows else ""
        self.note.setText("\n".join(part for part in (told, rows) if part))
        self.note.setVisible(bool(self.note.text()))
        self.choice.show_doubts([doubt] if doubt is not None else [], answers)
        self.fields.setText(self._table(line.fields) if line is not None and line.fields else "")
        self.fields.setVisible(bool(self.fields.text()))
        self.areas.setText(self._areas(cleaning) if cleaning is not None and cleaning.resized else "")
        self.areas.setVisible(bool(self.areas.text()))

    def _table(self, fields: Sequence[FieldChange]) -> str:
        dim = self._now["dim"]
        rows = "".join(
            f"<tr><td style='color:{dim}; padding:3px 10px 3px 0; white-space:nowrap'>{escape(one.title)}</td>"
            f"<td style='padding:3px 10px 3px 0'>{self._before(one)}</td><td style='padding:3px 0'>{self._after(one)}</td></tr>"
            for one in fields
        )
        head = "".join(f"<td style='color:{dim}; padding-right:10px'>{escape(title)}</td>" for title in ("", _("现在"), _("文件里")))
        return f"<table cellspacing='0'><tr>{head}</tr>{rows}</table>"

    def _before(self, one: FieldChange) -> str:
        return _coloured(one.before, one.after, self._now["bad"]) or f"<i>{escape(_('（空）'))}</i>"

    def _after(self, one: FieldChange) -> str:
        text = _coloured(one.after, one.before, self._now["good_ground"]) or f"<i>{escape(_('（空）'))}</i>"
        return text if one.taken else f"{text}<br><span style='color:{self._now['dim']}'>{escape(_('不采用'))}</span>"

    def _areas(self, cleaning: Cleaning) -> str:
        def cell(text: str, look: str = "") -> str:
            return f"<td {look} style='padding:2px 12px 2px 0'>{escape(text)}</td>"

        right = "align='right'"
        rows = "".join(
            f"<tr>{cell(one.code or str(one.row))}{cell(f'{one.before:,.1f}', right)}{cell(f'{one.after:,.1f}', right)}"
            f"{cell(f'{one.after - one.before:+,.1f}', right)}</tr>"
            for one in cleaning.resized[:_MOST_AREAS]
        )
        head = "".join(cell(title) for title in (_("编号"), _("整理前"), _("整理后"), _("差")))
        more = len(cleaning.resized) - _MOST_AREAS
        tail = f"<p>{escape(_('……还有 {count} 个').format(count=more))}</p>" if more > 0 else ""
        title = escape(_("整理会改变的面积（平方米）"))
        return f"<p><b>{title}</b></p><table cellspacing='0'><tr style='color:{self._now['dim']}'>{head}</tr>{rows}</table>{tail}"


def _coloured(text: str, other: str, ground: str) -> str:
    """`text` with what `other` does not have on coloured ground."""
    if not other:
        return f"<span style='background:{ground}'>{escape(text)}</span>" if text else ""
    parts = SequenceMatcher(None, text, other, autojunk=False).get_opcodes() if len(text) * len(other) < 250_000 else [("replace", 0, len(text), 0, 0)]
    found = []
    for kind, start, end, _other_start, _other_end in parts:
        piece = escape(text[start:end]).replace("\n", "<br>")
        found.append(piece if kind == "equal" else f"<span style='background:{ground}'>{piece}</span>" if piece else "")
    return "".join(found)
