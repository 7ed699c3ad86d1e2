"""The import dialog: four steps, a way back at each, nothing written before 导入 is pressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from chuangwen.errors import Conflict, UserError
from chuangwen.exchange.doubts import Unanswered
from chuangwen.services.importing import write
from chuangwen.services.layer_guess import guess_by_name
from chuangwen.text import _
from chuangwen.ui import theme
from chuangwen.ui.importing.afterwards import can_undo, save_receipt, show_on_map
from chuangwen.ui.importing.done_page import DonePage
from chuangwen.ui.importing.file_page import FilePage, to_import
from chuangwen.ui.importing.foot import Foot
from chuangwen.ui.importing.found_page import FoundPage
from chuangwen.ui.importing.going_on import DONE, FILE, FOUND, REVIEW, Standing
from chuangwen.ui.importing.looking import Look, Looker, Refused, Wish
from chuangwen.ui.importing.queue import Queue
from chuangwen.ui.importing.review_page import ReviewPage
from chuangwen.ui.importing.steps_bar import StepsBar
from chuangwen.ui.parts import button, fit_to_screen, sentence, words
from chuangwen.ui.session import Session

_SIZE = QSize(1120, 700)
_SMALLEST = QSize(760, 430)
_FOLDER = "import/folder"


class ImportDialog(QDialog):
    """Files in a queue, one look at a time. The state is a `Wish` (what the user said) and the `Look` that came of it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        project = session.project
        assert project is not None
        self._session = session
        self._queue = Queue()
        self._wish: Wish | None = None
        self._kept: Wish | None = None  # the last wish that could be read, to come back to
        self._why = ""
        self._writing = False
        self.look: Look | None = None
        self.refused: Refused | None = None
        self.setWindowTitle(_("导入"))
        self.setAcceptDrops(True)
        self.setSizeGripEnabled(True)
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        dark = theme.is_dark(session.settings.theme)
        self.looker = Looker(session, self)
        self.steps = StepsBar((_("文件"), _("发现了什么"), _("会改变什么"), _("完成")))
        self.file_page = FilePage(project.layers)
        self.found_page = FoundPage(session, dark=dark)
        self.review_page = ReviewPage(session, dark=dark)
        self.done_page = DonePage()
        self.pages = QStackedWidget()
        for page in (self.file_page, self.found_page, self.review_page, self.done_page):
            self.pages.addWidget(page)
        self.foot = Foot()
        self.next, self.back, self.close_button, self.stop = self.foot.next, self.foot.back, self.foot.close_button, self.foot.stop
        self._notice = QFrame()
        self._notice.setProperty("bar", True)
        self.notice = words("")
        self.restore = button(_("恢复上一次的选择"))
        self.restore.clicked.connect(self._restore)
        bar = QHBoxLayout(self._notice)
        bar.setContentsMargins(22, 6, 12, 6)
        bar.addWidget(self.notice, 1)
        bar.addWidget(self.restore)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.steps)
        whole.addWidget(self._notice)
        whole.addWidget(self.pages, 1)
        whole.addWidget(self.foot)
        self._connect()
        self._fit()
        self._say("")
        self.show_step(FILE)

    def _connect(self) -> None:
        self.back.clicked.connect(self.go_back)
        self.stop.clicked.connect(self._stop)
        self.close_button.clicked.connect(self.reject)
        self.next.clicked.connect(self.go_on)
        self.steps.asked.connect(self.show_step)
        self.file_page.dropped.connect(self.take_all)
        self.file_page.turned.connect(self._turn)
        self.file_page.layer_chosen.connect(self._on_layer)
        found = self.found_page
        found.answered.connect(self.answer)
        found.encoding_chosen.connect(lambda name: self._wish_for(encoding=name))
        found.crs_chosen.connect(lambda word: self._wish_for(crs=word))
        found.mapped.connect(self._on_mapped)
        found.view_changed.connect(self._enable)
        self.review_page.answered.connect(self.answer)
        self.done_page.undo_asked.connect(self._undo)
        self.done_page.map_asked.connect(self._to_map)
        self.done_page.receipt_asked.connect(self._ask_receipt)
        self._session.history_changed.connect(self._on_history)
        looker = self.looker
        looker.began.connect(self._on_began)
        looker.moved.connect(self._on_moved)
        looker.found.connect(self._on_found)
        looker.refused.connect(self._on_refused)
        looker.stopped.connect(self._on_stopped)

    def _fit(self) -> None:
        """As large as is comfortable, and never larger than the screen of a small or magnified desk."""
        fit_to_screen(self, _SIZE.width(), _SIZE.height())
        self.setMinimumSize(_SMALLEST.boundedTo(self.size()))

    # --- files

    def take(self, path: Path) -> None:
        """Choose a file, as if it had been dropped here."""
        self.take_all([path])

    def take_all(self, paths: Sequence[Path]) -> None:
        """Put files into the queue and begin with the first of them."""
        files = to_import(paths)
        if not files or self._writing:
            return
        QSettings().setValue(_FOLDER, str(files[0].absolute().parent))
        self._turn(self._queue.add(files))

    def _turn(self, number: int) -> None:
        """Take a file of the queue in hand."""
        self._queue.now = number
        path = self._queue.files[number].path
        project = self._session.project
        assert project is not None
        guess = guess_by_name(path, project.layers)
        self.look = self.refused = self._kept = None
        self._why = guess.why if guess is not None else ""
        self._wish = Wish(path, guess.layer if guess is not None else "")
        self.steps.file.setText(path.name)
        self.file_page.show_queue(self._queue)
        self.file_page.show_layer(self._wish.layer, self._why)
        self._say("")
        self.show_step(FILE)
        self.looker.look(self._wish)

    def _on_layer(self, layer: str) -> None:
        if self._wish is not None and layer != self._wish.layer:
            self._why = ""
            self.file_page.show_layer(layer, "")
            self._ask(Wish(self._wish.path, layer, self._wish.encoding, self._wish.crs))

    # --- what the user says about a file

    def answer(self, key: str, value: str) -> None:
        """Answer a doubt, and look again."""
        if self._wish is not None:
            self._ask(self._wish.answered(key, value), soon=True)

    def _on_mapped(self, column: str, name: str) -> None:
        if self._wish is not None:
            self._ask(self._wish.mapped(column, name))

    def _wish_for(self, *, encoding: str = "", crs: str = "") -> None:
        if self._wish is not None:
            answers = {key: value for key, value in self._wish.answers.items() if key != ("encoding" if encoding else "crs")}
            wish = replace(self._wish, answers=answers)
            self._ask(replace(wish, encoding=encoding) if encoding else replace(wish, crs=crs))

    def _ask(self, wish: Wish, *, soon: bool = False) -> None:
        self._wish = wish
        self._say("")
        self.looker.look(wish, soon=soon)
        self._enable()

    def _restore(self) -> None:
        if self._kept is not None:
            self._ask(self._kept)

    # --- looking

    def _on_began(self) -> None:
        self.foot.show_work(_("正在读取……"))
        self._enable()

    def _on_moved(self, done: int, total: int, what: str) -> None:
        self.foot.show_work(f"{what}……" if what else _("正在读取……"), done, total)

    def _on_found(self, look: Look) -> None:
        self.look, self.refused = look, None
        self._wish = self._kept = look.wish
        self._why = look.why or self._why
        self.file_page.show_layer(look.wish.layer, self._why)
        report = look.prepared.plan.report
        self.file_page.say(_("✓ 读到 {count} 条。按“下一步”，看读得对不对。").format(count=report.read), "good")
        self.found_page.show_look(look)
        self.review_page.show_look(look)
        self._enable()

    def _on_refused(self, refused: Refused) -> None:
        self.refused = refused
        error = refused.error
        asks = isinstance(error, Unanswered) and bool(error.doubts)
        if asks:
            self.look = None
            self.file_page.say(_("读到了，有一件事要您来定。按“下一步”回答。"))
            self.found_page.show_refused(refused)
            if self._step == REVIEW:
                self.show_step(FOUND)
        elif self.look is None or self._step == FILE:
            self.look = None
            self.file_page.say(sentence(error), "bad")
            self.found_page.show_refused(refused)
        else:
            self._say(sentence(error), can_restore=self._kept is not None and self._kept != refused.wish)
        self._enable()

    def _on_stopped(self) -> None:
        self._enable()

    def _stop(self) -> None:
        self.looker.stop()
        self.looker.forget()
        if self.look is None:
            self.file_page.say(_("没有读完就停下了。换一个文件，或按“重新读取”。"))
        else:
            self._wish = self.look.wish
            self._say(_("已停下，显示的是上一次读到的。"))
        self._enable()

    # --- steps

    @property
    def _step(self) -> int:
        return self.pages.currentIndex()

    def show_step(self, step: int) -> None:
        """Go to a step."""
        self.pages.setCurrentIndex(step)
        if step == FOUND and self.look is not None:
            self.found_page.show_overview()
        self.steps.show_step(step, over=step == DONE)
        self._enable()
        if self.isVisible():
            (self.next if self.next.isEnabled() else self.close_button if self._step == DONE else self.file_page.browse).setFocus()

    def go_back(self) -> None:
        """One step back, or out of a view that lies over the step."""
        if self._step == FOUND and not self.found_page.is_overview:
            self.found_page.show_overview()
        elif FILE < self._step < DONE:
            self.show_step(self._step - 1)

    def go_on(self) -> None:
        """What the large button does at this step."""
        if self._standing.reads_again and self._wish is not None:
            self._say("")
            self.looker.look(self._wish)
        elif self._step in (FILE, FOUND):
            self.show_step(self._step + 1)
        elif self._step == REVIEW:
            self.write()
        else:
            self._next_file()

    def _enable(self) -> None:
        """Buttons as they can be used now."""
        step, busy = self._step, self.looker.busy
        self.foot.show_busy(reading=busy, writing=self._writing)
        self.back.setVisible(step in (FOUND, REVIEW))
        self.back.setEnabled(not self._writing)
        self.close_button.setEnabled(not self._writing)
        self.close_button.setText(_("关闭") if step == DONE else _("取消"))
        is_asking = step == FOUND and not self.found_page.is_overview
        self.next.setVisible(not is_asking)
        self.next.setText(self._standing.words)
        self.next.setEnabled(self._standing.may_go_on)
        if self.next.isEnabled() and self.focusWidget() in (None, self, self.file_page.browse, self.stop, self.close_button) and step != DONE:
            self.next.setFocus()
        if busy and self.look is None and self.refused is None:
            self.file_page.say(_("正在读取……"))

    @property
    def _standing(self) -> Standing:
        busy = self.looker.busy or self._writing
        return Standing(self._step, self._wish, self.look, self.refused, busy, self._queue.following is not None)

    def _say(self, text: str, *, can_restore: bool = False) -> None:
        self.notice.setText(text)
        self._notice.setVisible(bool(text))
        self.restore.setVisible(can_restore)

    # --- writing

    def write(self) -> None:
        """Write exactly what was reviewed, on the writer's lane."""
        look = self.look
        if look is None or self._writing:
            return
        self._writing = True
        self.foot.show_work(_("正在写入……"))
        self._enable()
        self._session.run(lambda project, progress: write(project, look.prepared, progress), lambda _answer: self._on_written(look), self._on_not_written)

    def _on_written(self, look: Look) -> None:
        self._writing = False
        self._mark("done")
        self.looker.forget()
        for small in (self.found_page.map, self.review_page.map, self.found_page.places.map):
            small.forget_ground()
        self.done_page.show_done(look, can_undo=can_undo(self._session, look))
        self.show_step(DONE)

    def _on_not_written(self, error: UserError) -> None:
        self._writing = False
        self._enable()
        if isinstance(error, Conflict):
            self._say(_("刚才有人改了项目：{error}什么都没有写入，已经重新核对，请再看一遍。").format(error=error.message))
            self.looker.forget()
            if self._wish is not None:
                self.looker.look(self._wish)
        else:
            self._say(sentence(error))

    # --- afterwards

    def _undo(self) -> None:
        if self.look is not None and can_undo(self._session, self.look):
            self._session.undo()

    def _mark(self, state: str) -> None:
        if self._queue.current is not None:
            self._queue.current.state = state
        self.file_page.show_queue(self._queue)

    def _on_history(self) -> None:
        """The step was taken back, here or elsewhere."""
        current, look = self._queue.current, self.look
        if self._step != DONE or current is None or current.state != "done" or look is None:
            return
        if look.prepared.plan.edit and not can_undo(self._session, look):
            self._mark("undone")
            self.done_page.show_undone()
            self.looker.forget()

    def _to_map(self) -> None:
        if self.look is not None:
            self.accept()
            show_on_map(self._session, self.look)

    def _ask_receipt(self) -> None:
        if self._wish is None:
            return
        source = self._wish.path
        name, _kind = QFileDialog.getSaveFileName(
            self, _("保存回执"), str(source.with_name(_("{name}_导入回执.xlsx").format(name=source.stem))), _("Excel 表格 (*.xlsx)")
        )
        if name:
            self.save_receipt(Path(name if name.lower().endswith(".xlsx") else f"{name}.xlsx"))

    def save_receipt(self, path: Path) -> None:
        """Write the sender's rows with what became of each."""
        if self.look is not None:
            save_receipt(self._session, self.look, path, self.done_page.say)

    def _next_file(self) -> None:
        number = self._queue.following
        if number is not None:
            self._turn(number)
            return
        self.look = self.refused = self._wish = self._kept = None
        self._queue.now = -1
        self.steps.file.clear()
        self.file_page.show_queue(self._queue)
        self.show_step(FILE)

    # --- the dialog itself

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.looker.busy:
            self._stop()
        elif event.key() == Qt.Key.Key_Escape and FILE < self._step < DONE:
            self.go_back()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            held = self.focusWidget()
            is_asking = self._step == FOUND and not self.found_page.is_overview  # its own button answers
            (held if isinstance(held, QPushButton) else self.found_page.places.take if is_asking else self.next).click()
        else:
            super().keyPressEvent(event)

    def reject(self) -> None:
        """Leave; what is being read is given up, what is being written is not."""
        if not self._writing:
            self.looker.stop()
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._writing:
            event.ignore()
            return
        self.looker.stop()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls() and self._step in (FILE, DONE):
            self.file_page.hover(over=True)
            event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.file_page.hover(over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.file_page.hover(over=False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            self.take_all(paths)
