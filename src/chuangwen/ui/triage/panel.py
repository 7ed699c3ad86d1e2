"""待办箱: the list, the card of the current item, and the keys. It works by keys alone; the map follows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from chuangwen.domain.lifecycle import move_of
from chuangwen.domain.moving import refusal
from chuangwen.errors import UserError
from chuangwen.services.inbox import NOWHERE, OVERDUE, TWIN, UNASSIGNED, Inbox, Item, inbox, twins
from chuangwen.services.inbox_card import HANDED, Card, Choice, accepted, card, merged
from chuangwen.services.moving import context_of, plan_move
from chuangwen.services.order_issuing import Issued, papers_folder
from chuangwen.text import _
from chuangwen.ui.move_card import MoveCard
from chuangwen.ui.parts import restyle, sentence
from chuangwen.ui.triage.dispatching import Planned, dispatched, planned
from chuangwen.ui.triage.face import TriageFace
from chuangwen.ui.unit_picker import UnitPicker

if TYPE_CHECKING:
    from chuangwen.domain.change import Edit
    from chuangwen.services.project import Project
    from chuangwen.ui.session import Session

_KEYS = {
    Qt.Key.Key_Return: "accept", Qt.Key.Key_Enter: "accept", Qt.Key.Key_U: "unit", Qt.Key.Key_T: "due", Qt.Key.Key_M: "merge", Qt.Key.Key_S: "skip",
    Qt.Key.Key_Z: "undo", Qt.Key.Key_D: "dispatch", Qt.Key.Key_W: "why", Qt.Key.Key_J: "next", Qt.Key.Key_Down: "next", Qt.Key.Key_K: "previous",
    Qt.Key.Key_Up: "previous", Qt.Key.Key_Escape: "escape",
}  # fmt: skip
_MOST_AHEAD = 20  # keys pressed while a step is written


class TriagePanel(TriageFace):
    """Has the keys itself: a letter is a command only while the cursor stands in no field."""

    why_asked = Signal()
    orders_asked = Signal(str, list)  # kind, codes of issues

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._session = session
        self.found = Inbox()
        self.current: Card | None = None
        self.planned: Planned | None = None
        self.asking: MoveCard | None = None
        self._alike: dict[str, tuple[str, float]] = {}
        self._choices: dict[str, Choice] = {}
        self._skipped: dict[str, None] = {}
        self._handled: dict[str, str] = {}  # id → label of the step
        self._back = ""  # id of the item that an undo brings back
        self._busy = False
        self._ahead: deque[str] = deque(maxlen=_MOST_AHEAD)
        self._work: dict[str, Callable[[], None]] = {
            "accept": self.accept, "unit": self._ask_unit, "due": self._ask_due, "merge": self._merge, "skip": self._skip, "undo": self._undo,
            "dispatch": self._dispatch, "why": self.why_asked.emit, "next": lambda: self._step(1), "previous": lambda: self._step(-1), "escape": self._give_up,
        }  # fmt: skip
        self.pressed.connect(self._press)
        self.list.clicked.connect(self._on_clicked)
        self.view.why_asked.connect(self.why_asked)
        self.due.wanted.connect(self._on_due)
        self.folder.clicked.connect(self._open_folder)
        session.changed.connect(lambda touched, _source: self.refresh() if {"issue", "order", "photo"} & set(touched) else None)
        session.minute.ticked.connect(self.refresh)
        session.closed.connect(self._forget)

    # --- what is shown

    def begin(self) -> None:
        """Show the first item; who may be a duplicate is asked on a worker."""
        self.say("")
        self.current = None
        self.refresh()
        self._session.ask("inbox", twins, self._on_twins)
        self.setFocus()

    def refresh(self) -> None:
        """Look anew at what wants the planner; the current item stays, where it is gone the next takes its place."""
        project = self._session.project
        if project is None or not self.isVisible():
            return
        before, at = self.current.item.id if self.current is not None else "", self._row()
        self.found = inbox(project, project.campaign, self._alike)
        last = [one for one in self.found.items if one.id in self._skipped]
        items = [one for one in self.found.items if one.id not in self._skipped] + last
        self.model.set_items(items)
        rows = {one.id: row for row, one in enumerate(items)}
        done = sum(row_id not in rows for row_id in self._handled)
        counted = _("还有 {left} 件 · 已处理 {done}") if items else _("全部处理完 · 已处理 {done}") if done else _("没有要处理的问题")
        self.count.setText(counted.format(left=len(items), done=done))
        self.staged.setText(_("{count} 件已定单位和时限，待开单").format(count=len(self.found.staged)) if self.found.staged else _("没有待开单的"))
        self.send.setEnabled(bool(self.found.staged))
        restyle(self.send, "main", value=not items and bool(self.found.staged))
        if self._back in rows:
            before, self._back = self._back, ""
        self._show(rows.get(before, min(max(at, 0), len(items) - 1)))

    def _row(self) -> int:
        index = self.list.currentIndex()
        return index.row() if index.isValid() else 0

    def _show(self, row: int) -> None:
        """Show the card of a row; the map follows when it is another item than before."""
        project = self._session.project
        if project is None:
            return
        before = self.current.issue.id if self.current is not None else ""
        self.current = None
        if 0 <= row < len(self.model.items):
            self.list.setCurrentIndex(self.model.index(row))
            self.list.scrollTo(self.model.index(row), self.list.ScrollHint.PositionAtCenter)
            self.current = self._card(project, self.model.items[row])
        now = self.current.issue.id if self.current is not None else ""
        if now != before:
            self._close_fields()
        self.view.show_card(project, self.current)
        self._enable()
        if self.current is not None and now != before:
            self._session.selection.set("issue", [now], self)
            self._session.zoom_to([self.current.issue] if self.current.place is None else [replace(self.current.issue, geometry=self.current.place.geometry)])

    def _card(self, project: Project, item: Item) -> Card | None:
        try:
            return card(project, self._session.owners.resolver(), item, self._choices.get(item.id))
        except UserError as error:
            self._choices.pop(item.id, None)
            self.say(sentence(error), bad=True)
            return None

    def _enable(self) -> None:
        shown = self.current
        self.buttons["accept"].setText(f"{shown.accept if shown is not None else _('接受')} Enter")
        handed = shown is not None and shown.item.kind in HANDED
        self.buttons["skip"].setEnabled(shown is not None)
        self.buttons["accept"].setEnabled(shown is not None and shown.item.kind != TWIN)
        for name in ("unit", "due"):
            self.buttons[name].setEnabled(handed)
        self.buttons["merge"].setEnabled(shown is not None and shown.twin is not None)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    # --- keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = _KEYS.get(Qt.Key(event.key()), "")
        if not self.hasFocus():  # a key that a field did not want
            if name == "escape":
                self._give_up()
            return
        if not name or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        self._press(name)

    def _press(self, name: str) -> None:
        if self._busy:
            self._ahead.append(name)
            return
        if name not in ("dispatch", "escape"):
            self.planned = None
        self._work[name]()

    def _step(self, by: int) -> None:
        self.say("")
        self._show(min(max(self._row() + by, 0), len(self.model.items) - 1))

    def _skip(self) -> None:
        if self.current is not None:
            self.say("")
            self._skipped.pop(self.current.item.id, None)
            self._skipped[self.current.item.id] = None
            self.current = None
            self.refresh()

    def _give_up(self) -> None:
        self.planned = None
        self.say("")
        self._close_fields()
        self.setFocus()

    def _close_fields(self) -> None:
        self.unit.hide()
        self.due.hide()
        if self.asking is not None:
            self.asking.hide()
            self.asking.deleteLater()
            self.asking = None

    # --- the choices

    def _ask_unit(self) -> None:
        project = self._session.project
        if project is None or not self._may_choose(_("这一件不在这里换单位。")):
            return
        if self.picker is not None:
            self.picker.deleteLater()
        self.picker = UnitPicker(project.features("unit"))
        self.picker.picked.connect(self._on_unit)
        self.picker.refused.connect(lambda text: self.say(_("没有“{text}”这个单位，请从列表里选。").format(text=text), bad=True))
        self.unit_place.addWidget(self.picker)
        self.unit.show()
        self.picker.setFocus()

    def _ask_due(self) -> None:
        if self._may_choose(_("这一件不在这里改时限。")):
            self.due.clear()
            self.due.show()
            self.due.setFocus()

    def _may_choose(self, otherwise: str) -> bool:
        may = self.current is not None and self.current.item.kind in HANDED
        self.say("" if may else otherwise, bad=not may)
        self._close_fields()
        return may

    def _on_unit(self, name: str) -> None:
        if name and self.current is not None:
            self._choose(replace(self._choice(), unit=name))
        self._close_fields()
        self.setFocus()

    def _on_due(self) -> None:
        project, text = self._session.project, self.due.text().strip()
        if project is None or self.current is None or not text:
            return
        wanted = replace(self._choice(), due=text)
        try:
            card(project, self._session.owners.resolver(), self.current.item, wanted)
        except UserError as error:
            self.say(sentence(error), bad=True)
            return
        self._choose(wanted)
        self._close_fields()
        self.setFocus()

    def _choice(self) -> Choice:
        return self._choices.get(self.current.item.id, Choice()) if self.current is not None else Choice()

    def _choose(self, wanted: Choice) -> None:
        assert self.current is not None
        self._choices[self.current.item.id] = wanted
        self.say("")
        self._show(self._row())

    # --- the work

    def accept(self) -> None:
        """Enter: what the card proposes is done, or asked for where it needs more words."""
        project, shown = self._session.project, self.current
        if project is None or shown is None:
            return
        kind = shown.item.kind
        if kind == UNASSIGNED:
            self._designate(project, shown)
        elif kind == OVERDUE:
            unit = shown.issue.get("responsible_unit")
            late = [project.features("issue").feature(one.id) for one in self.found.items if one.kind == OVERDUE]
            self.orders_asked.emit("remind", [one.code for one in late if one is not None and one.get("responsible_unit") == unit])
        elif kind == NOWHERE and shown.place is None:
            self.say(_("请在地图上点一下它的位置。"))
            self._session.place_asked.emit("issue", shown.issue.id)
        else:
            self._commit(shown, lambda: accepted(project, shown, self._choice()))

    def _merge(self) -> None:
        project, shown = self._session.project, self.current
        if project is not None and shown is not None:
            self._commit(shown, lambda: merged(project, shown))

    def _commit(self, shown: Card, make: Callable[[], Edit]) -> None:
        try:
            edit = make()
        except UserError as error:
            self._refuse(error)
            return

        def done() -> None:
            self._handled[shown.item.id] = edit.label
            self._choices.pop(shown.item.id, None)
            self._skipped.pop(shown.item.id, None)
            self._close_fields()
            self.refresh()
            self.say(_("{label}。").format(label=edit.label), good=True)
            self._go_on()

        self._busy = True
        self._session.commit(edit, self, done, self._refuse)

    def _go_on(self) -> None:
        """The keys that were pressed meanwhile."""
        self._busy = False
        self.setFocus()
        while self._ahead and not self._busy:
            self._press(self._ahead.popleft())

    def _refuse(self, error: UserError) -> None:
        self._busy = False
        self._ahead.clear()
        if self.asking is not None:
            self.asking.refuse(error)
        else:
            self.say(sentence(error), bad=True)

    def _designate(self, project: Project, shown: Card) -> None:
        """The card of 指定: unit, basis, who approved; of another role it says whose it is."""
        move = move_of("unassigned", "designate")
        assert move is not None
        context = context_of(project, [shown.issue.id])
        reason = refusal(move, shown.issue, context)
        if reason:
            self.say(reason.replace(_("请在办理按钮下面换角色"), _("请在属性面板的办理按钮下面换角色，或按 S 跳过")), bad=True)
            return
        self._close_fields()
        self.say("")
        self.asking = MoveCard(project, move, [shown.issue], context)
        self.asking.wanted.connect(lambda values, _photos: self._commit(shown, lambda: plan_move(project, [shown.issue], "designate", values)))
        self.asking.given_up.connect(self._give_up)
        self.asking_place.addWidget(self.asking)
        self.asking.begin()

    def _undo(self) -> None:
        project = self._session.project
        step = project.undo_step(project.actor) if project is not None else None
        if step is None or not self._handled:
            self.say(_("待办箱里还没有办过什么，没有可以撤销的。"), bad=True)
        elif step.label != next(reversed(self._handled.values())):
            self.say(_("上一步“{label}”不是在这里一件一件办的，要撤销请按 Ctrl+Z。").format(label=step.label), bad=True)
        else:
            self._back = self._handled.popitem()[0]
            self.say(_("已撤销：{label}。").format(label=step.label))
            self._session.undo()

    # --- dispatch

    def _dispatch(self) -> None:
        if self.planned is not None and self.planned.drafts:
            self._write(self.planned)
            return
        ids = self.found.staged
        self.say(_("正在看有几份交办单……"))
        self._session.ask("inbox-orders", lambda own, _progress: planned(own, ids), self._on_planned, self._refuse)

    def _on_planned(self, found: Planned) -> None:
        self.planned = found
        self.say(found.words + (_("再按一次 D 写出，Esc 不写。") if found.drafts else ""), bad=not found.drafts)

    def _write(self, wanted: Planned) -> None:
        project = self._session.project
        if project is None:
            return
        folder = papers_folder(project)
        self.planned, self._busy = None, True
        self.say(_("正在写 {count} 份交办单……").format(count=len(wanted.drafts)))

        def written(issued: list[Issued]) -> None:
            count = sum(len(one.issues) for one in issued)
            self.refresh()
            self.say(_("已写出 {count} 份交办单，交办 {issues} 件，在“{folder}”。").format(count=len(issued), issues=count, folder=folder), good=True)
            self.folder.show()
            self._go_on()

        self._session.run(lambda own, progress: dispatched(own, wanted.drafts, folder, progress), written, self._refuse)

    def _open_folder(self) -> None:
        if self._session.project is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(papers_folder(self._session.project))))

    # --- coming and going

    def _on_clicked(self, index: QModelIndex) -> None:
        self.say("")
        self._show(index.row())
        self.setFocus()

    def _on_twins(self, alike: dict[str, tuple[str, float]]) -> None:
        self._alike = alike
        self.refresh()

    def _forget(self) -> None:
        self.found, self.current, self.planned = Inbox(), None, None
        for kept in (self._alike, self._choices, self._skipped, self._handled, self._ahead):
            kept.clear()
        self._busy = False
        self._close_fields()
        self.model.set_items([])
