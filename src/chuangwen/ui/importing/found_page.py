"""Step two: what was found. Where nothing is doubtful it says so and there is nothing to do but go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from chuangwen.exchange.doubts import Doubt, Unanswered
from chuangwen.exchange.importing import ImportReport
from chuangwen.exchange.source_crs import Placement
from chuangwen.text import _
from chuangwen.ui.importing.encoding_view import EncodingView, title_of
from chuangwen.ui.importing.first_rows import PLACE
from chuangwen.ui.importing.looking import Look, Refused
from chuangwen.ui.importing.place_view import CRS, PlaceView
from chuangwen.ui.importing.questions import Questions, unanswered
from chuangwen.ui.importing.review_lines import kind_asked
from chuangwen.ui.importing.rows_table import RowsTable
from chuangwen.ui.importing.small_map import SmallMap
from chuangwen.ui.parts import button, card, emptied, plain_words, restyle, scrolled, sentence, words
from chuangwen.ui.session import Session

_MOST_WARNINGS = 8
_LEFT = 340
_LONG, _LONGEST = 64, 100
_ONE_ENCODING = (".xlsx", ".xlsm", ".xls", ".ods", ".docx", ".geojson", ".gpkg", ".kml", ".kmz", ".fgb")
"""Files whose text can be read in one way only."""


class FoundPage(QWidget):
    """Signals: `answered` (key, value), `encoding_chosen`, `crs_chosen`, `mapped` (column, field), `view_changed`."""

    answered = Signal(str, str)
    encoding_chosen = Signal(str)
    crs_chosen = Signal(str)
    mapped = Signal(str, str)
    view_changed = Signal()

    def __init__(self, session: Session, *, dark: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._placements: tuple[Placement, ...] = ()
        self._crs_doubt: Doubt | None = None
        self._answers: Mapping[str, str] = {}
        self.verdict, verdict = card((14, 10, 14, 10), 2)
        self.verdict_line = words("", "heading")
        self.verdict_note = words("", "dim")
        verdict.addWidget(self.verdict_line)
        verdict.addWidget(self.verdict_note)
        self.ask_place, ask = card((14, 10, 14, 12), 8)
        self.ask_place.setProperty("asks", True)
        self.place_question = words("")
        self.place_question.setStyleSheet("font-weight: bold;")
        self.to_places = button(_("在地图上看一看，选一个(&M)"))
        self.to_places.clicked.connect(self.show_places)
        ask.addWidget(self.place_question)
        ask.addWidget(self.to_places, 0, Qt.AlignmentFlag.AlignLeft)
        self.questions = Questions()
        self.questions.answered.connect(self.answered)
        self.facts = QVBoxLayout()
        self.facts.setSpacing(6)
        self.buttons: dict[str, QPushButton] = {}
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(22, 14, 12, 10)
        column.setSpacing(10)
        column.addWidget(self.verdict)
        column.addWidget(self.ask_place)
        column.addWidget(self.questions)
        column.addLayout(self.facts)
        column.addStretch(1)
        self.map = SmallMap(session)
        self.table = RowsTable(dark=dark)
        self.table.mapped.connect(self.mapped)
        self.legend = words("", "dim")
        below = QWidget()
        rows = QVBoxLayout(below)
        rows.setContentsMargins(22, 6, 18, 6)
        rows.setSpacing(4)
        rows.addWidget(self.legend)
        rows.addWidget(self.table, 1)
        self._below = below
        self._beside = QWidget()
        beside = QVBoxLayout(self._beside)
        beside.setContentsMargins(0, 14, 18, 6)
        beside.addWidget(self.map)
        self.across = QSplitter(Qt.Orientation.Horizontal)
        around = scrolled(left)
        around.setMinimumWidth(_LEFT)
        self.across.addWidget(around)
        self.across.addWidget(self._beside)
        self.across.setSizes([520, 580])
        self.down = QSplitter(Qt.Orientation.Vertical)
        self.down.addWidget(self.across)
        self.down.addWidget(below)
        self.down.setSizes([360, 240])
        for one in (self.across, self.down):
            one.setChildrenCollapsible(False)
        self.encodings = EncodingView()
        self.encodings.chosen.connect(self._on_encoding)
        self.encodings.left.connect(self.show_overview)
        self.places = PlaceView(session)
        self.places.chosen.connect(self._on_place)
        self.places.left.connect(self.show_overview)
        self.stack = QStackedWidget()
        for view in (self.down, self.encodings, self.places):
            self.stack.addWidget(view)
        self.stack.currentChanged.connect(lambda _number: self.view_changed.emit())
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.stack)

    # --- what a look found

    def show_look(self, look: Look) -> None:
        """Everything of a look."""
        report = look.prepared.plan.report
        self._take(report.placements, report.doubts, look.wish.answers)
        doubts = self._own(report.doubts)
        waiting = [one for one in unanswered(report.doubts, look.wish.answers) if not kind_asked(one.key)]
        self.questions.show_doubts(doubts, look.wish.answers)
        self._judge(look, waiting)
        self._list_facts(look)
        has_map = look.shapes.extent is not None
        self._beside.setVisible(has_map)
        if has_map:
            self.map.show_shapes(look.shapes.content, _("红色：文件里的图形　灰色：项目里已有的"))
            self.map.look_at(look.shapes.extent, home=True)
        self._below.setVisible(True)
        self.table.show_rows(look.first, look.layer)
        self.legend.setText(_legend(look))
        self.encodings.show_candidates(report.candidates, report.encoding)
        if self.stack.currentWidget() is not self.down:
            self.show_overview()

    def show_refused(self, refused: Refused) -> None:
        """A look that came to nothing: its question, or its sentence beside the choices that may cure it."""
        error = refused.error
        self._below.setVisible(False)
        self._beside.setVisible(False)
        doubts = error.doubts if isinstance(error, Unanswered) else ()
        placements = tuple(one for one in getattr(error, "placements", ()) if isinstance(one, Placement))
        self._take(placements, doubts, refused.wish.answers)
        own = self._own(doubts)
        self.questions.show_doubts(own, refused.wish.answers)
        restyle(self.verdict, "state", "" if doubts else "bad")
        self.verdict_line.setText(_("有一件事要您来定") if doubts else _("这样读不了"))
        self.verdict_note.setText(error.message if doubts else sentence(error))
        emptied(self.facts)
        self.buttons = {}
        self._fact("crs", "!", _("位置"), _("还没有定"), "", _("选坐标系…")) if placements or self._crs_doubt else None
        self.encodings.show_candidates((), refused.wish.encoding)
        if self._crs_doubt is not None and self._crs_doubt.asks and not own:
            self.show_places()
        elif self.stack.currentWidget() is not self.down:
            self.show_overview()

    def _take(self, placements: Sequence[Placement], doubts: Sequence[Doubt], answers: Mapping[str, str]) -> None:
        self._placements, self._answers = tuple(placements), answers
        self._crs_doubt = next((one for one in doubts if one.key == CRS), None)
        waits = self._crs_doubt is not None and self._crs_doubt.asks and CRS not in answers and bool(placements)
        self.ask_place.setVisible(waits)
        self.place_question.setText(self._crs_doubt.question if self._crs_doubt is not None else "")

    def _own(self, doubts: Sequence[Doubt]) -> list[Doubt]:
        """The questions of this step: those about places have their map, those about the review the next step."""
        placed = bool(self._placements)
        return [one for one in doubts if not (one.key == CRS and placed) and not kind_asked(one.key)]

    def _judge(self, look: Look, waiting: Sequence[Doubt]) -> None:
        report = look.prepared.plan.report
        what = _("读到 {count} 条，放进“{layer}”。").format(count=report.read, layer=look.layer.title)
        if waiting:
            restyle(self.verdict, "state", "")
            self.verdict_line.setText(_("先回答 {count} 个问题").format(count=len(waiting)))
            self.verdict_note.setText(what)
        elif report.rejected or report.warnings:
            restyle(self.verdict, "state", "")
            self.verdict_line.setText(_("看懂了，有几处请留意"))
            bad = _("其中 {count} 行不能导入（红色），下一步会列出原因。").format(count=len(report.rejected)) if report.rejected else ""
            self.verdict_note.setText(what + bad)
        else:
            restyle(self.verdict, "state", "good")
            self.verdict_line.setText(_("✓ 都看懂了，直接按“下一步”"))
            self.verdict_note.setText(what)

    # --- facts, a line each

    def _list_facts(self, look: Look) -> None:
        report = look.prepared.plan.report
        emptied(self.facts)
        self.buttons = {}
        if report.candidates or (report.encoding and look.wish.path.suffix.lower() not in _ONE_ENCODING):
            self._fact("encoding", "✓", _("文字"), title_of(report.encoding) or _("正常"), report.encoding_evidence, _("换一种看看…"))
        if look.layer.has_geometry:
            asked = self._crs_doubt is not None and CRS not in self._answers
            mark = "!" if asked else "✓" if report.crs else "–"
            self._fact("crs", mark, _("位置"), _crs_title(report), report.crs_evidence, _("换一个坐标系…") if report.crs else "")
        used = [title for title, name in zip(look.first.titles, look.first.fields, strict=True) if name and name != PLACE]
        unused = [title for title, name in zip(look.first.titles, look.first.fields, strict=True) if not name]
        told = _("没有用到：{titles}。").format(titles="、".join(unused)) if unused else _("每一列都对上了。")
        self._fact("columns", "✓" if used else "!", _("列"), _("{all} 列对上 {used} 列").format(all=len(look.first.titles), used=len(used)), told, "")
        if look.prepared.plan.report.profile:
            self._fact("profile", "✓", _("来源"), report.profile, _("按以前记住的这个单位的表格样式读。"), "")
        for text in report.warnings[:_MOST_WARNINGS]:
            self._fact("", "!", _("留意"), plain_words(text) or text, "", "")
        if len(report.warnings) > _MOST_WARNINGS:
            self._fact("", "!", _("留意"), _("还有 {count} 条，见回执。").format(count=len(report.warnings) - _MOST_WARNINGS), "", "")

    def _fact(self, name: str, mark: str, title: str, value: str, why: str, change: str) -> None:
        frame = QFrame()
        row = QHBoxLayout(frame)
        row.setContentsMargins(2, 0, 0, 0)
        row.setSpacing(8)
        sign = words(mark, {"✓": "good", "!": "amber"}.get(mark, "dim"), wrap=False)
        sign.setFixedWidth(14)
        sign.setStyleSheet("font-weight: bold;")
        head = words(title, "dim", wrap=False)
        head.setFixedWidth(34)
        text = QVBoxLayout()
        text.setSpacing(1)
        head_line = words(value if len(value) <= _LONGEST else value[:_LONGEST] + "…")
        head_line.setToolTip(escape(value) if len(value) > _LONGEST else "")
        text.addWidget(head_line)
        if why:
            short = plain_words(why)
            note = words(short if len(short) <= _LONG else short[:_LONG] + "…", "dim")
            note.setToolTip(escape(why))
            text.addWidget(note)
        for widget in (sign, head):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        if change:
            link = button(change, "link")
            link.clicked.connect(self.show_encodings if name == "encoding" else self.show_places)
            self.buttons[name] = link
            row.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        self.facts.addWidget(frame)

    # --- the other two views

    @property
    def is_overview(self) -> bool:
        """Whether no question stands open over the page."""
        return self.stack.currentWidget() is self.down

    def show_overview(self) -> None:
        """Back to what was found."""
        self.stack.setCurrentWidget(self.down)

    def show_encodings(self) -> None:
        """The candidates side by side."""
        self.stack.setCurrentWidget(self.encodings)
        self.encodings.back.setFocus()

    def show_places(self) -> None:
        """The candidates on the map."""
        self.places.show_placements(self._placements, self._crs_doubt, self._answers.get(CRS, ""))
        self.stack.setCurrentWidget(self.places)
        checked = next((radio for radio in self.places.radios.values() if radio.isChecked()), None)
        (checked or self.places.back).setFocus()

    def _on_encoding(self, name: str) -> None:
        self.show_overview()
        self.encoding_chosen.emit(name)

    def _on_place(self, value: str) -> None:
        self.show_overview()
        if self._crs_doubt is not None and any(one.value == value for one in self._crs_doubt.answers):
            self.answered.emit(CRS, value)
        else:
            self.crs_chosen.emit(value)


def _crs_title(report: ImportReport) -> str:
    chosen = next((one.title for one in report.placements if one.chosen), "")
    return chosen or report.crs or _("没有坐标，导入后列为“未定位”，以后再放到地图上")


def _legend(look: Look) -> str:
    shown, read = len(look.first.rows), look.prepared.plan.report.read
    count = _("前 {shown} 条（共 {read} 条）").format(shown=shown, read=read) if shown < read else _("全部 {read} 条").format(read=read)
    return _("{count}，将这样存入。表头第一行是文件里的列名，第二行是放进哪一栏，点一下可以改。红色：不能导入；黄色：已处理。").format(count=count)
