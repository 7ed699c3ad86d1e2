"""为什么是它？ — who is responsible for an issue or a spot, on what basis, who leads and supports, and why nobody else (domain.md 8.4)."""

from __future__ import annotations

import math
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from chuangwen.domain.feature import Feature
from chuangwen.domain.responsibility import Candidate, Help, Resolution
from chuangwen.domain.why_not import what
from chuangwen.errors import UserError
from chuangwen.services.assigning import SET, UNASSIGNED, Proposal, assign, propose
from chuangwen.text import _
from chuangwen.ui.session import Session


class WhyView(QScrollArea):
    """A card for who is it, and a list of who is not. What a name in it refers to can be shown on the map."""

    source_asked = Signal(str, str)  # layer, id

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.found: Resolution | None = None
        self.buttons: list[QPushButton] = []
        self._page = QWidget()
        self._new_page()

    def show_issue(self, issue: Feature | None) -> None:
        """Explain an issue; None: several are selected."""
        self._new_page()
        if issue is None:
            self._say(_("只选中一个问题时，这里说明该归谁。"))
            return
        try:
            proposal = propose(issue, self._session.owners.resolver())
        except UserError as error:
            self._say(str(error))
            return
        self._show(proposal.found, proposal)

    def show_spot(self, x: float, y: float) -> None:
        """Explain a place of the map (metres)."""
        self._new_page()
        try:
            found = self._session.owners.resolver().explain(x, y)
        except UserError as error:
            self._say(str(error))
            return
        self._show(found, None)

    @property
    def words(self) -> str:
        """All that is written, for tests and for copying."""
        return "\n".join(label.text() for label in self._labels())

    def _labels(self) -> list[QLabel]:
        return list[QLabel](self._page.findChildren(QLabel))

    # --- building

    def _new_page(self) -> None:
        self.found = None
        self.buttons = []
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(12, 10, 12, 12)
        self._column.setSpacing(6)
        self.setWidget(self._page)  # deletes the page before

    def _say(self, words: str) -> None:
        self._column.addWidget(_label(words, dim=True))
        self._column.addStretch(1)

    def _show(self, found: Resolution, proposal: Proposal | None) -> None:
        self.found = found
        self._column.addWidget(self._card(found, proposal))
        if found.losers:
            head = QLabel(_("为什么不是它"))
            head.setProperty("section", True)
            self._column.addWidget(head)
            for number, loser in enumerate(found.losers):
                if number:
                    line = QFrame(frameShape=QFrame.Shape.HLine)
                    line.setProperty("rule", True)
                    self._column.addWidget(line)
                self._column.addWidget(self._loser(loser))
        self._column.addSpacing(6)
        self._column.addWidget(_label(self._terms(found), dim=True))
        self._column.addStretch(1)

    def _card(self, found: Resolution, proposal: Proposal | None) -> QFrame:
        card = QFrame()
        card.setProperty("card", True)
        card.setProperty("state", "good" if found.unit else "bad")
        rows = QVBoxLayout(card)
        rows.setContentsMargins(12, 9, 12, 10)
        rows.setSpacing(3)
        winner = found.winner
        heading = QLabel(found.unit or _("没有责任单位（待指定）"), wordWrap=True)
        heading.setProperty("heading", True)
        rows.addWidget(heading)
        if winner is not None:
            basis = self._session.project.layers["issue"].field("unit_basis").show(winner.basis) if self._session.project else winner.basis
            rows.addWidget(self._linked(f"{basis} · {{link}}{self._apart(winner)}", winner))
        else:
            rows.addWidget(_label(_("没有一条规则在此处找到单位。请由创建办指定，或补上缺的网格和责任单位。"), dim=True))
        help_rows = QGridLayout()
        help_rows.setContentsMargins(0, 5, 0, 0)
        help_rows.setHorizontalSpacing(10)
        help_rows.setVerticalSpacing(3)
        help_rows.setColumnStretch(1, 1)
        for title, one in [*([(_("牵头"), found.lead)] if found.lead is not None else []), *((_("配合"), one) for one in found.supporting)]:
            self._help(help_rows, title, one)
        rows.addLayout(help_rows)
        if proposal is not None:
            self._now(rows, proposal)
        return card

    def _help(self, rows: QGridLayout, title: str, one: Help) -> None:
        at = rows.rowCount()
        rows.addWidget(_label(title, dim=True), at, 0, Qt.AlignmentFlag.AlignTop)
        rows.addWidget(_label(one.unit), at, 1)
        rows.addWidget(_label(one.why, dim=True), at + 1, 1)

    def _now(self, rows: QVBoxLayout, proposal: Proposal) -> None:
        """What stands now where it differs, and the button that follows the rules."""
        issue, found = proposal.issue, proposal.found
        unit = issue.get("responsible_unit")
        if proposal.why and (unit != found.unit or issue.get("unit_basis") in ("manual", "designated")):
            rows.addSpacing(4)
            now = _("现在：{unit}").format(unit=unit) if unit else _("现在没有责任单位")
            rows.addWidget(_label(f"{now}（{proposal.why}）"))
        wanted = proposal
        if proposal.action not in (SET, UNASSIGNED):
            wanted = propose(issue, self._session.owners.resolver(), consent=True)
        project = self._session.project
        if wanted.action not in (SET, UNASSIGNED) or project is None:
            return
        change = _("按规则定为此单位") if wanted is proposal else _("同意改为此单位")
        button = QPushButton(_("转待指定") if wanted.action == UNASSIGNED else change)
        button.setProperty("main", wanted is proposal)
        button.clicked.connect(lambda: self._session.commit(assign(project, [wanted]), self))
        self.buttons.append(button)
        rows.addSpacing(4)
        rows.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _loser(self, one: Candidate) -> QWidget:
        row = QWidget()
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 1, 0, 1)
        column.setSpacing(1)
        column.addWidget(_label(one.unit or _("（没有单位）")))
        column.addWidget(self._linked(f"{self._rule(one)} · {{link}}", one))
        column.addWidget(_label(one.why_not, dim=True))
        return row

    def _linked(self, words: str, one: Candidate) -> QLabel:
        """Words with the name of what they are about as a link to it."""
        name = escape(what(one))
        link = f"<a href='go' style='text-decoration:none'>{name}</a>" if one.layer and one.layer != "issue" else name
        label = QLabel(words.format(link=link), wordWrap=True, textFormat=Qt.TextFormat.RichText)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard)
        label.setToolTip(_("选中它，在地图上看") if link != name else "")
        label.linkActivated.connect(lambda _href: self.source_asked.emit(one.layer, one.id))
        return label

    def _rule(self, one: Candidate) -> str:
        project = self._session.project
        return escape(project.layers[one.layer].title) if project is not None and one.layer in project.layers else escape(one.name)

    @staticmethod
    def _apart(one: Candidate) -> str:
        if math.isnan(one.distance_m):
            return escape(_("（登记在它名下）"))
        return escape(_("（相距 {metres:.1f} 米）").format(metres=one.distance_m)) if one.distance_m else ""

    @staticmethod
    def _terms(found: Resolution) -> str:
        """What the decision went by."""
        day = found.day.isoformat() if found.day is not None else ""
        words = [_("按 {day} 的规则和界线").format(day=day) if day else _("不论日期")]
        if found.category is not None:
            by = _("类别：{category}（从描述看出）") if found.told_by == "description" else _("类别：{category}")
            words.append(by.format(category=found.category.title))
        return "；".join(words) + "。"


def _label(words: str, *, dim: bool = False) -> QLabel:
    label = QLabel(words, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setProperty("dim", dim)
    return label
