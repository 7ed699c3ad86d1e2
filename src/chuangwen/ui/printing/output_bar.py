"""The foot of the print window: what becomes of the pages, how far it is, and how to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from chuangwen.errors import UserError
from chuangwen.progress import Progress
from chuangwen.text import _
from chuangwen.ui.parts import button, restyle, sentence, words

ONE, EACH, PACKET, PRINTER = "one", "each", "packet", "printer"


class OutputBar(QFrame):
    """`asked` gives one of the four; while one runs there is a bar and a button that stops it. `findings_asked`: the list of the pre-flight, or not."""

    asked = Signal(str)
    headings_asked = Signal()
    findings_asked = Signal(bool)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("foot", True)
        self.running: Progress | None = None
        self._ready = False
        self._stopped = ""
        self.buttons: dict[str, QPushButton] = {}
        for name, title in ((PACKET, _("巡查包…")), (EACH, _("每个一份 PDF…")), (PRINTER, _("打印…")), (ONE, _("存为一个 PDF…"))):
            made = button(title, "main" if name == ONE else "")
            made.clicked.connect(lambda _on=False, name=name: self.asked.emit(name))
            self.buttons[name] = made
        self.headings = button(_("抬头和落款…"))
        self.headings.clicked.connect(self.headings_asked.emit)
        self.findings = button("")
        self.findings.setCheckable(True)
        self.findings.setToolTip(_("打印前检查出的问题；单击列出（F4）"))
        self.findings.toggled.connect(self.findings_asked.emit)
        self.findings.hide()
        self.said = words("", wrap=True)
        self.bar = QProgressBar()
        self.bar.setFormat("%v / %m")
        self.bar.setFixedWidth(150)
        self.cancel = button(_("取消"))
        self.cancel.clicked.connect(self.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 7, 10, 7)
        row.setSpacing(7)
        row.addWidget(self.headings)
        row.addWidget(self.findings)
        row.addWidget(self.said, 1)
        row.addWidget(self.bar)
        row.addWidget(self.cancel)
        for made in self.buttons.values():
            row.addWidget(made)
        self._show()

    def set_ready(self, *, on: bool) -> None:
        """Whether there are pages to be put out."""
        self._ready = on
        self._show()

    def show_check(self, words_now: str, *, can_open: bool) -> None:
        """What the pre-flight says; '' nothing yet."""
        self.findings.setText(words_now)
        self.findings.setVisible(bool(words_now))
        self.findings.setEnabled(can_open)
        if not can_open:
            self.findings.setChecked(False)

    def begin(self, progress: Progress, stopped: str) -> None:
        """Something runs; `stop` cancels it and says `stopped`."""
        self.running, self._stopped = progress, stopped
        self.bar.setRange(0, 0)
        self.say("")
        self._show()

    def on_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def end(self, said: str | UserError = "") -> None:
        """It is over."""
        self.running = None
        self._show()
        self.say(said)

    def stop(self) -> None:
        """Cancel what runs; it stops at the next page, and what it wrote of a file goes."""
        if self.running is not None:
            self.running.cancel()
            self.stopped.emit()
            self.end(self._stopped)

    def say(self, said: str | UserError) -> None:
        """A sentence, or what went wrong and what to do."""
        wrong = isinstance(said, UserError)
        restyle(self.said, "reason", wrong)
        self.said.setText(sentence(said) if isinstance(said, UserError) else said)
        self.said.setToolTip(self.said.text())

    def _show(self) -> None:
        runs = self.running is not None
        self.bar.setVisible(runs)
        self.cancel.setVisible(runs)
        for made in self.buttons.values():
            made.setVisible(not runs)
            made.setEnabled(self._ready and not runs)
