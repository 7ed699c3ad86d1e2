"""What a move asks for, on a card: the right editor for each field, photos by dialog or dropped, and the reasons where it is refused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from chuangwen.domain.evidence import of_this_round
from chuangwen.domain.feature import Feature
from chuangwen.domain.layer import Field, Layer
from chuangwen.domain.lifecycle import LOCATION, SOURCE, Move
from chuangwen.domain.moving import Context
from chuangwen.domain.roles import DIRECTOR
from chuangwen.domain.values import Scalar
from chuangwen.errors import RuleBroken, UserError
from chuangwen.services.project import Project
from chuangwen.text import _
from chuangwen.ui.field_editors import FieldEditor
from chuangwen.ui.icons import icon
from chuangwen.ui.parts import plain_words, sentence

PICTURES = _("照片 (*.jpg *.jpeg *.png *.bmp *.gif *.webp *.heic)")
_PASSED = _("现场核查，已整改到位")
_KINDS = {"after": _("整改后"), "relapse": _("反弹")}


class MoveCard(QFrame):
    """Asks for what `move` needs of all of `issues`. `wanted` says that it shall be made, with what was filled in and the photos."""

    wanted = Signal(object, object)  # field → value, paths of photos
    given_up = Signal()

    def __init__(self, project: Project, move: Move, issues: Sequence[Feature], context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._project, self._layer, self.move_ = project, project.layers["issue"], move
        self.editors: dict[str, FieldEditor] = {}
        self.photos: list[Path] = []
        self._values: dict[str, Scalar] = {}
        self._rows = QGridLayout()  # a form layout squeezes paragraphs when a reason needs room
        self._rows.setHorizontalSpacing(10)
        self._rows.setVerticalSpacing(6)
        self._rows.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        top = QHBoxLayout()
        head = QLabel(move.button)
        head.setProperty("heading", True)
        keys = QLabel(_("Ctrl+Enter · Esc"))
        keys.setProperty("dim", True)
        top.addWidget(head, 1)
        top.addWidget(keys)
        column.addLayout(top)
        column.addLayout(self._rows)
        asked = asked_of(move, issues)
        proposed = proposals(move, issues, context)
        for name in asked:
            self._add(name, proposed.get(name))
        self._photo_rows(column, issues, context)
        self._said = QLabel(wordWrap=True)
        self._said.setProperty("reason", True)
        self._said.hide()
        column.addWidget(self._said)
        row = QHBoxLayout()
        row.addStretch(1)
        back = QPushButton(_("取消"))
        back.clicked.connect(self.given_up)
        self.go = QPushButton(move.button)
        self.go.setProperty("main", True)
        self.go.clicked.connect(self._on_go)
        row.addWidget(back)
        row.addWidget(self.go)
        column.addLayout(row)
        for keys_of, slot in (("Ctrl+Return", self._on_go), ("Ctrl+Enter", self._on_go), ("Esc", self.given_up.emit)):
            QShortcut(QKeySequence(keys_of), self, slot, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def begin(self) -> None:
        """Put the cursor where the first word is wanted."""
        empty = next((editor for name, editor in self.editors.items() if self._values.get(name) is None and self._needs(name)), None)
        if empty is not None:
            empty.input.setFocus()
        else:
            (self.add_photos if self.add_photos is not None and not self._there else self.go).setFocus()

    @property
    def words(self) -> str:
        """What it says beside no field, '' for nothing."""
        return self._said.text() if not self._said.isHidden() else ""

    def refuse(self, error: UserError) -> None:
        """Say beside each field why it will not do; a field that was not asked for is asked for now."""
        reasons = dict(error.reasons) if isinstance(error, RuleBroken) else {}
        for name, reason in reasons.items():
            if name not in self.editors and self._layer.has(name) and name != "status":
                self._add(name, None)
            if name in self.editors:
                self.editors[name].refuse(plain_words(reason))
                _keep_height(self.editors[name])
        rest = [reason for name, reason in reasons.items() if name not in self.editors]
        words = plain_words("".join(rest)) if reasons else sentence(error)
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def _add(self, name: str, value: Scalar) -> None:
        field = editable(self._layer, name)
        editor = FieldEditor(field, self._project.features(field.to) if field.type == "ref" else None)
        if value is not None:
            self._values[name] = value
        editor.show_value(value)
        editor.edited.connect(lambda value, wanted=name: self._on_filled(wanted, value))
        self.editors[name] = editor
        _keep_height(editor)
        label = QLabel(f"{field.title}{' *' if self._needs(name) else ''}")
        label.setContentsMargins(0, 5, 0, 0)
        label.setBuddy(editor.input)
        row = self._rows.rowCount()
        self._rows.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        self._rows.addWidget(editor, row, 1)

    def _needs(self, name: str) -> bool:
        return name in self.move_.needs and name != "order_number"  # a dispatch without a number gets the next one

    def _photo_rows(self, column: QVBoxLayout, issues: Sequence[Feature], context: Context) -> None:
        self._photo_word = QLabel(wordWrap=True)
        self._kind = _KINDS.get(self.move_.photo, "")
        self._there = 0
        self.add_photos: QPushButton | None = None
        if not self.move_.photo or len(issues) != 1:
            if self.move_.photo:
                self._photo_word.setText(_("照片各归各的问题：请先逐个添加“{kind}”照片。").format(kind=self._kind))
                self._photo_word.setProperty("dim", True)
                column.addWidget(self._photo_word)
            return
        self.setAcceptDrops(True)
        self._there = len(of_this_round(context.photos.get(issues[0].id, ()), self.move_.photo, issues[0].values))
        add = self.add_photos = QPushButton(icon("photo"), _("“{kind}”照片…").format(kind=self._kind))
        add.clicked.connect(self._choose)
        row = QHBoxLayout()
        row.addWidget(add)
        row.addWidget(self._photo_word, 1)
        column.addLayout(row)
        self.take([])

    def take(self, files: Sequence[Path]) -> None:
        """Photos to attach with the move."""
        self.photos += [file for file in files if file not in self.photos]
        names = "、".join(file.name for file in self.photos)
        if self.photos:
            self._photo_word.setText(_("将添加：{names}").format(names=names))
        elif self._there:
            self._photo_word.setText(_("本轮已有 {count} 张").format(count=self._there))
        else:
            self._photo_word.setText(_("必需，可拖到这里"))
        self._photo_word.setProperty("dim", True)

    def _choose(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, _("选择照片"), "", PICTURES)
        self.take([Path(name) for name in names])

    def _on_filled(self, name: str, value: Scalar) -> None:
        self._values[name] = value
        self.editors[name].show_value(value)

    def _on_go(self) -> None:
        for editor in self.editors.values():
            editor.refuse("")
            editor.take_typed()
        if any(editor.reason for editor in self.editors.values()):
            return  # what was typed is no date, no unit
        self.wanted.emit({name: value for name, value in self._values.items() if value is not None}, list(self.photos))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])


def _keep_height(editor: FieldEditor) -> None:
    """A paragraph is as high as it is: a style sheet makes Qt forget its least height, and a narrow panel would squeeze it."""
    if isinstance(editor.input, QPlainTextEdit):
        reason = editor.fontMetrics().lineSpacing() + 4 if editor.reason else 0
        editor.setMinimumHeight(editor.input.maximumHeight() + reason)


def asked_of(move: Move, issues: Sequence[Feature]) -> list[str]:
    """The fields that the card shows: what is to be said anew, what some issue lacks, what may be said; a reason for a late deadline only once it is wanted."""
    needed = [name for name in move.needs if name in move.fresh or any(issue.get(name) in (None, "") for issue in issues)]
    stated = {LOCATION: (), SOURCE: ("source_level", "source_name")}
    names = [one for name in needed for one in stated.get(name, (name,))]
    if LOCATION in needed and any(issue.geometry is None for issue in issues):
        names.append("site_code")
    found = [name for name in dict.fromkeys((*names, *move.offers)) if name != "late_reason"]
    if "source_level" in found and all(issue.get("source_level") or issue.get("source_name") for issue in issues):
        found = [name for name in found if not name.startswith("source_")]
    if {"due_at", "due_time"} <= set(found):
        found.remove("due_time")
        found.insert(found.index("due_at") + 1, "due_time")
    return found


def proposals(move: Move, issues: Sequence[Feature], context: Context) -> Mapping[str, Scalar]:
    """What stands in the card to begin with: names and days of today, the deadline by the rules where it is the same for all."""
    today = context.now.date()
    found: dict[str, Scalar] = {}
    if move.id in ("close", "fail", "relapse"):
        found["checker"] = context.actor
    if move.id == "close":
        found |= {"check_result": _PASSED, "checked_at": today}
    if move.id == "receive":
        found["received_at"] = context.now
    if move.photo == "after" and move.id != "close":
        found["done_at"] = today
    if context.role == DIRECTOR and "approver" in (*move.needs, *move.offers):
        found |= {"approver": context.actor, "approved_at": today}
    due = {_due(issue, context) for issue in issues} if {"due_at"} & {*move.needs, *move.offers} and move.id not in ("defer", "resume") else set()
    if len(due) == 1 and (moment := due.pop()) is not None:
        found |= {"due_at": moment.date(), "due_time": f"{moment:%H:%M}"}
    return found


def _due(issue: Feature, context: Context) -> dt.datetime | None:
    return context.keeper.due(issue.values, context.now).at if context.keeper is not None else None


def editable(layer: Layer, name: str) -> Field:
    """A field as it is filled with a move, also one that is never filled otherwise."""
    return replace(layer.field(name), readonly=False)
