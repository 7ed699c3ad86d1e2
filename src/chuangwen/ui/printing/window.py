"""The print window: holds its parts together and carries what one says to the others. It stands beside the main window, so that both can be looked at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSplitter, QVBoxLayout, QWidget
from shiboken6 import isValid

from chuangwen.errors import UserError
from chuangwen.render.paper.page import Atlas, Page
from chuangwen.services.paper.defects import ERROR
from chuangwen.services.paper.handwork import key_of as key_of_sheet
from chuangwen.services.paper.sheet import Request, Sheet
from chuangwen.store.base import SheetKey
from chuangwen.text import _
from chuangwen.ui.parts import fit_to_screen, scrolled
from chuangwen.ui.printing.adjust_bar import AdjustBar
from chuangwen.ui.printing.by_hand import ByHand
from chuangwen.ui.printing.checking import Checking
from chuangwen.ui.printing.choice import Choice
from chuangwen.ui.printing.finding_list import FindingList, counted, on_pages
from chuangwen.ui.printing.found_bar import FoundBar
from chuangwen.ui.printing.headings import HeadingsDialog
from chuangwen.ui.printing.output_bar import OutputBar
from chuangwen.ui.printing.outputs import Outputs
from chuangwen.ui.printing.page_bar import PageBar
from chuangwen.ui.printing.page_list import Marks, PageList
from chuangwen.ui.printing.page_view import PageView
from chuangwen.ui.printing.press import Key, Line, News, Press, key_of
from chuangwen.ui.printing.put_out import PutOut
from chuangwen.ui.printing.subjects import Said
from chuangwen.ui.session import Session

_SOON_MS = 60
_AFTER_EDIT_MS = 500


def _kept() -> QSettings:
    """Where the window stood last."""
    return QSettings(QSettings.defaultFormat(), QSettings.Scope.UserScope, "chuangwen", "printing")


class PrintWindow(QDialog):
    """Left: what is printed. Middle: its pages. Right: the page. `place_asked` gives layer and id of what the main window shall show; `left`: it is
    closed."""

    place_asked = Signal(str, str)
    left = Signal()

    def __init__(self, session: Session, chosen: tuple[str, tuple[str, ...]] = ("", ())) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._session = session
        self._run: Atlas | None = None
        self._stale = True
        self._lines: list[Line] = []
        self._differing: dict[SheetKey, str] = {}
        self._wanted: Key | None = None
        self._feature: tuple[str, str] | None = None
        self.press = Press(session)
        self.choice = Choice(session)
        self.list = PageList(self.press)
        self.found = FoundBar()
        self.view = PageView(self.press)
        self.bar = PageBar(self.view)
        self.adjusting = AdjustBar()
        self.hands = ByHand(session, self._on_hand, self._on_refused)
        self.output = OutputBar()
        self.outputs = Outputs(session, self)
        self.findings = FindingList()
        self.checking = Checking(session, self)
        self.put_out = PutOut(self.choice, self.outputs, self._errors, lambda: self.output.findings.setChecked(True), self)
        self.setWindowTitle(_("打印"))
        self.setMinimumSize(760, 420)
        fit_to_screen(self, 1280, 700)
        self._lay_out()
        kept = _kept().value("geometry")
        if kept is not None:
            self.restoreGeometry(kept)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self.refresh)
        self._connect()
        self.choice.start(*chosen)

    def _lay_out(self) -> None:
        left = scrolled(self.choice)
        left.setMinimumWidth(220)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.adjusting)
        column.addWidget(self.view, 1)
        column.addWidget(self.findings)
        self.findings.hide()
        pages = QWidget()
        rows = QVBoxLayout(pages)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(self.found)
        rows.addWidget(self.list, 1)
        pages.setMinimumWidth(132)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        for part in (left, pages, page):
            self.split.addWidget(part)
        self.split.setStretchFactor(2, 1)
        self.split.setSizes([270, 150, 860])
        self.split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        middle = QHBoxLayout()
        middle.addWidget(self.split)
        whole.addLayout(middle, 1)
        whole.addWidget(self.output)

    def _connect(self) -> None:
        self.choice.changed.connect(lambda: self._soon.start(_SOON_MS))
        self.choice.product_changed.connect(self._want_news)
        self.choice.restyled.connect(self._want_news)
        self.list.chosen.connect(self.show_page)
        self.found.cleared.connect(lambda: self._list_found(None, []))
        self.bar.turn_asked.connect(self.turn)
        self.view.turned.connect(self.turn)
        self.view.shown.connect(self._on_shown)
        self.view.opened.connect(self._on_opened)
        self.bar.map_asked.connect(lambda: self._on_opened(self.view.feature))
        self._connect_hands()
        self.output.asked.connect(self._put_out)
        self.output.headings_asked.connect(self._headings)
        self.output.stopped.connect(self.outputs.cancel)
        self.outputs.begun.connect(self.output.begin)
        self.outputs.went.connect(self.output.on_progress)
        self.outputs.over.connect(self.output.end)
        self.outputs.recorded.connect(self._look_at_subjects)
        self.output.findings_asked.connect(self.findings.setVisible)
        self.checking.found.connect(self._on_checked)
        self.checking.going.connect(self._on_checking)
        self.findings.chosen.connect(self._go_to_finding)
        self.findings.opened.connect(lambda line: self._on_opened(line.feature))
        QShortcut(QKeySequence("F4"), self, self.output.findings.click)
        self._session.changed.connect(self._on_edited)
        self._session.closing.connect(self.close)

    def _connect_hands(self) -> None:
        view, bar, hands = self.view, self.adjusting, self.hands

        def on_page(work: Callable[..., None]) -> Callable[..., None]:
            return lambda *asked: work(view.page, *asked) if view.page is not None else None

        self.bar.adjust_asked.connect(lambda on: self._adjust(on=on))
        view.ground_moved.connect(on_page(hands.drag_ground))
        view.label_moved.connect(on_page(hands.move_label))
        view.scale_stepped.connect(bar.step)
        bar.scale_asked.connect(on_page(hands.set_scale))
        bar.layer_asked.connect(on_page(lambda page, layer, on: hands.show_layer(page, layer, on=on)))
        bar.turn_asked.connect(on_page(lambda page, landscape: hands.turn(page, landscape=landscape)))
        bar.reset_asked.connect(on_page(hands.reset))
        bar.undo_asked.connect(hands.undo)
        QShortcut(QKeySequence.StandardKey.Undo, self, hands.undo)

    # --- what is printed

    def request(self) -> Request | None:
        """What is asked for, None where nothing is ticked."""
        return self.choice.request()

    def codes(self) -> list[str]:
        """The codes of the subjects that are printed."""
        return [one.asked for one in self.choice.subjects.printed()]

    @property
    def pages(self) -> list[Page]:
        """The pages of the run."""
        return self._run.pages if self._run is not None else []

    def refresh(self) -> None:
        """Plan the run anew; what is shown stays until the new pages are there."""
        request = self.request()
        if request is None:
            self._on_planned(None, self.choice.why_nothing())
            return
        if not self.pages:
            self.view.show_page(None, _("正在排版……"))
        self.press.plan(request, self._on_planned, lambda error: self._on_planned(None, f"{error.message}{error.hint}"))

    def _on_planned(self, run: Atlas | None, note: str = "") -> None:
        self._take(run, note)
        if self._stale:
            self._look_at_subjects()

    def _take(self, run: Atlas | None, note: str) -> None:
        self._run = run
        self._lines = []
        self.findings.show_findings([])
        self.output.show_check("", can_open=False)
        self.checking.want(run.request if run is not None else None)
        self.list.show_pages(self.pages, self._marks())
        self._find()
        self.output.set_ready(on=bool(self.pages))
        if not self.pages:
            self.bar.show_page(None, 0)
            self.view.show_page(None, note)
            return
        self.show_page(next((page for page in self.pages if key_of(page) == self._wanted), self.pages[0]))

    def _marks(self) -> dict[int, Marks]:
        wrong, differing = on_pages(self._lines), self._differing
        return {
            page.number: Marks(
                wrong.get(key_of(page), ""),
                page.part == 0 and bool(self.hands.of(page.sheet)),
                differing.get(key_of_sheet(page.sheet), "") if page.part == 0 else "",
            )
            for page in self.pages
        }

    # --- the pre-flight

    def _on_checking(self, done: int, total: int) -> None:
        self.output.show_check(_("预检 {done}/{total}").format(done=done, total=total), can_open=False)

    def _on_checked(self, lines: list[Line]) -> None:
        self._lines = lines
        self.findings.show_findings(lines)
        self.output.show_check(counted(lines), can_open=bool(lines))
        self.list.pages.remark(self._marks())

    def _errors(self) -> int:
        return sum(line.severity == ERROR for line in self._lines)

    def _go_to_finding(self, line: Line) -> None:
        page = next((page for page in self.pages if key_of(page) == line.page), None)
        if page is not None:
            self.show_page(page)
        self.view.pick(line.feature)

    # --- by hand

    def _adjust(self, *, on: bool) -> None:
        """The mouse takes hold of the map, or looks."""
        self.adjusting.setVisible(on)
        self.view.adjust(on=on)
        self.view.setFocus()

    def _on_hand(self, sheet: Sheet) -> None:
        if isValid(self) and self._run is not None:
            self.press.exchange(self._run, sheet, self._on_exchanged, self._on_refused)

    def _on_exchanged(self, _pages: list[Page]) -> None:
        self._take(self._run, "")

    def _on_refused(self, error: UserError) -> None:
        if isValid(self):
            self.output.say(error)

    def _want_news(self) -> None:
        """With the next plan: it comes first."""
        self._stale = True

    def _look_at_subjects(self) -> None:
        """Which subjects have sheets, what lies on them, and what is new."""
        self._stale = False
        everything, run = self.choice.everything(), self._run
        self.press.news(everything, run if run is not None and run.request == everything else None, self._on_news, lambda _error: None)

    def _on_news(self, news: Sequence[News]) -> None:
        if not news or news[0].product != self.choice.made.id:
            return
        self._differing = {one.key: one.differs for one in news if one.differs}
        self.choice.can_narrow_by_change(on=any(one.differs is not None for one in news))
        before = self.codes()
        said: dict[str, Said] = {}
        for one in news:
            known = said.get(one.subject, Said())
            said[one.subject] = Said(known.issues | one.issues, known.changed or bool(one.differs))
        self.choice.subjects.say(said)
        if self.codes() != before:
            self._soon.start(0)
        else:
            self.list.pages.remark(self._marks())

    def _on_edited(self, touched: object, _source: object) -> None:
        self.choice.show_again()
        self._want_news()
        self._soon.start(_AFTER_EDIT_MS)

    # --- the page

    def show_page(self, page: Page) -> None:
        """Show a page; the one before stays until it is drawn."""
        self._wanted = key_of(page)
        self.list.go_to(page)
        self.list.pause(on=True)
        self.checking.give_way(on=True)
        self.view.show_page(page)

    def turn(self, by: int) -> None:
        """Another page of those that are listed."""
        pages = self.list.pages.pages
        at = next((number for number, page in enumerate(pages) if key_of(page) == self._wanted), 0)
        if pages and 0 <= at + by < len(pages):
            self.show_page(pages[at + by])

    def show_where(self, layer: str, row_id: str) -> None:
        """List only the pages that have a feature, and light it up."""
        self._feature = (layer, row_id)
        self._find()

    def _find(self) -> None:
        feature, run = self._feature, self._run
        if feature is not None and run is not None:
            self.press.where(run, feature, lambda pages: self._list_found(feature, pages))

    def _list_found(self, feature: tuple[str, str] | None, pages: list[Page]) -> None:
        self._feature = feature
        self.found.setVisible(feature is not None)
        self.list.show_pages(pages or self.pages, self._marks())
        if feature is not None:
            self.found.show_found(self._called(*feature), len(pages))
            self.view.pick(feature)
        shown = next((page for page in pages if key_of(page) == self._wanted), pages[0] if pages else self.view.page)
        if shown is not None:
            self.show_page(shown)

    def _called(self, layer: str, row_id: str) -> str:
        project = self._session.project
        found = project.features(layer).feature(row_id) if project is not None and layer in project.layers else None
        return " ".join(dict.fromkeys(word for word in (found.code, found.name) if word)) if found is not None else ""

    def _on_shown(self, page: Page) -> None:
        self.bar.show_page(page, len(self.pages))
        self.adjusting.show_page(page, self.hands.of(page.sheet), can_undo=self.hands.can_undo)
        pages = self.list.pages.pages
        at = next((number for number, one in enumerate(pages) if one is page), -1)
        self.press.ahead([pages[near] for near in (at + 1, at - 1) if at >= 0 and 0 <= near < len(pages)])
        self.list.pause(on=False)
        self.checking.give_way(on=False)

    def _on_opened(self, feature: tuple[str, str] | None) -> None:
        if feature is not None:
            self.place_asked.emit(*feature)

    # --- output

    def save(self, out: Path) -> None:
        """Write what is asked for to a file, or a file each to a folder."""
        request = self.request()
        if request is not None:
            self.outputs.save(request, out)

    def _put_out(self, kind: str) -> None:
        if self._run is not None:
            self.put_out.ask(kind, self._run)

    def _headings(self) -> None:
        project = self._session.project
        if project is not None and HeadingsDialog(project, self).exec():
            self._soon.start(0)

    # --- the window

    def reject(self) -> None:
        """Escape goes back one step: stops what runs, lists all pages again, puts the hand down; then it closes the window."""
        if self.output.running is not None:
            self.output.stop()
        elif self._feature is not None:
            self._list_found(None, [])
        elif self.view.adjusting:
            self.bar.adjust.click()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        _kept().setValue("geometry", self.saveGeometry())
        self.output.stop()
        self.checking.close()
        self.press.close()
        self._session.changed.disconnect(self._on_edited)
        self._session.closing.disconnect(self.close)
        self.left.emit()
        event.accept()
