"""统计: the figures a leader asks for, each opening its rows in the main window, on the map in shades, frozen and written out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QInputDialog, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from chuangwen.domain.figure import DASH, Figure, figure
from chuangwen.domain.indicators import BY_ID, INDICATORS
from chuangwen.domain.issue_facts import ALWAYS, Facts, Period
from chuangwen.domain.values import Scalar, plain
from chuangwen.errors import UserError
from chuangwen.exchange.workbook_out import save_workbook
from chuangwen.progress import Progress
from chuangwen.services.choropleth import Choropleth, can_show, choropleth
from chuangwen.services.figures import RANKING, Table, ranking_rules, table_of
from chuangwen.services.frozen import freeze
from chuangwen.services.grouping import BYS
from chuangwen.services.issue_moves import moves_of
from chuangwen.services.project import Project
from chuangwen.services.trend import Trend, trend
from chuangwen.text import _
from chuangwen.ui import theme
from chuangwen.ui.dashboard.charts import GroupChart, TrendChart
from chuangwen.ui.dashboard.figure_table import FigureTable
from chuangwen.ui.dashboard.tiles import Tile
from chuangwen.ui.day_edit import DayEdit
from chuangwen.ui.parts import fit_to_screen
from chuangwen.ui.session import Session

_TILES = ("rectification", "on_time", "overdue", "unassigned", "to_check", "unreceived")
_BARS = 12
_TREND_DAYS = 30
_OWN = "own"


@dataclass(frozen=True, slots=True)
class _Found:
    """One reading: the tiles and the trend of all issues, the table of the chosen period and division."""

    tiles: tuple[Figure, ...]
    visits: str
    trend: Trend
    table: Table
    shades: Choropleth | None


class DashboardWindow(QWidget):
    """`rows_asked`: ids of issues and what they are; `shades_asked`: a `Choropleth` for the map, None to take it away."""

    rows_asked = Signal(object, str)
    shades_asked = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.found: _Found | None = None
        self.setWindowTitle(_("统计"))
        fit_to_screen(self, 1240, 760)
        column = QVBoxLayout(self)
        column.addLayout(self._head())
        column.addLayout(self._tiles())
        now = theme.colours(dark=theme.is_dark(session.settings.theme))
        self.days = TrendChart(now["text"], now["base"], now["line"])
        self.bars = GroupChart(now["text"], now["base"], now["line"])
        self.bars.chosen = self._open_group
        self.table = FigureTable()
        self.table.asked.connect(self._open)
        charts = QSplitter()
        charts.addWidget(self._titled(_("近 {days} 天").format(days=_TREND_DAYS), self.days))
        self.bars_title = QLabel()
        charts.addWidget(self._titled(self.bars_title, self.bars))
        charts.setSizes([600, 600])
        column.addWidget(charts, 5)
        column.addWidget(self.table, 5)
        self.said = QLabel(wordWrap=True)
        self.said.setProperty("dim", True)
        column.addWidget(self.said)
        session.changed.connect(self._on_changed)
        session.closed.connect(self.close)
        self.refresh()

    # --- building

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self.period = QComboBox()
        for name, title in (("all", _("累计")), ("day", _("今天")), ("7", _("近 7 天")), ("30", _("近 30 天")), (_OWN, _("自定日期"))):
            self.period.addItem(title, name)
        today = self._today()
        self.first, self.last = DayEdit(today - dt.timedelta(days=6)), DayEdit(today)
        self.by = QComboBox()
        for one in BYS.values():
            self.by.addItem(one.title, one.id)
        self.indicator = QComboBox()
        for indicator in INDICATORS:
            self.indicator.addItem(indicator.title, indicator.id)
        self.indicator.setCurrentIndex(self.indicator.findData("rectification"))
        self.on_map = QPushButton(_("在地图上显示"))
        self.on_map.setCheckable(True)
        self.on_map.toggled.connect(lambda _on: self._shade())
        self.until = QLabel(_("至"))
        for words, widget in ((_("时间"), self.period), ("", self.first), ("", self.until), ("", self.last), (_("分组"), self.by), (_("指标"), self.indicator)):
            if words:
                row.addWidget(QLabel(words))
            row.addWidget(widget)
        row.addWidget(self.on_map)
        row.addStretch(1)
        for words, work in ((_("定格…"), self._freeze), (_("存为表格…"), self._save)):
            button = QPushButton(words)
            button.clicked.connect(work)
            row.addWidget(button)
        for box in (self.period, self.by, self.indicator):
            box.currentIndexChanged.connect(lambda _at: self.refresh())
        for day in (self.first, self.last):
            day.dateChanged.connect(lambda _day: self.refresh())
        return row

    def _tiles(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        self.tiles = {name: Tile(BY_ID[name].title) for name in _TILES}
        self.visited = Tile(_("今日到访点位"))
        for at, (name, tile) in enumerate(self.tiles.items()):
            tile.setToolTip(_("{title}＝{formula}").format(title=BY_ID[name].title, formula=BY_ID[name].formula))
            tile.clicked.connect(lambda _on=False, wanted=name: self._open_tile(wanted))
            grid.addWidget(tile, 0, at)
        grid.addWidget(self.visited, 0, len(self.tiles))
        return grid

    @staticmethod
    def _titled(title: str | QLabel, content: QWidget) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(title if isinstance(title, QLabel) else QLabel(title))
        column.addWidget(content, 1)
        return box

    # --- what is shown

    def _today(self) -> dt.date:
        project = self._session.project
        return project.campaign.today if project is not None else dt.date.today()

    def _period(self) -> Period:
        today, chosen = self._today(), self.period.currentData()
        if chosen == _OWN:
            first, last = sorted((self.first.day, self.last.day))
            return Period(first, last)
        days = {"day": 1, "7": 7, "30": 30}.get(chosen)
        return ALWAYS if days is None else Period(today - dt.timedelta(days=days - 1), today)

    def refresh(self) -> None:
        """Count anew, on a worker."""
        period, by, indicator = self._period(), str(self.by.currentData()), str(self.indicator.currentData())
        for day in (self.first, self.until, self.last):
            day.setVisible(self.period.currentData() == _OWN)

        def work(own: Project, _progress: Progress) -> _Found:
            issues = own.features("issue")
            facts = Facts(issues, own.campaign.now, moves_of(own, issues))
            shown = tuple(dict.fromkeys((*RANKING, indicator)))
            table = table_of(own, facts, by, period, shown, ranking_rules(own.files_folder))
            tiles = tuple(figure(BY_ID[name], facts) for name in _TILES)
            shades = choropleth(own.features("zone"), table, indicator) if can_show(table) else None
            return _Found(tiles, _visited(own), trend(facts, own.campaign.today, _TREND_DAYS), table, shades)

        self._session.ask("dashboard", work, self._heard, self._failed)

    def _failed(self, error: UserError) -> None:
        self.said.setText(f"{error.message}{error.hint}")

    def _heard(self, found: _Found) -> None:
        self.found = found
        for name, one in zip(_TILES, found.tiles, strict=True):
            note = f"{one.numerator} / {one.denominator}" if one.denominator is not None else _("件")
            warn = (not BY_ID[name].rising and one.numerator > 0) or one.below(found.table.rules.line)
            self.tiles[name].show_figure(one.text, note, warn=warn)
        self.visited.show_figure(*found.visits.split(" ", 1))
        self.days.show_trend(found.trend)
        self.table.show_table(found.table)
        indicator = BY_ID[self.indicator.currentData()]
        at = found.table.column(indicator.id)
        lines = [line for line in found.table.lines if line.figures[at].value is not None and line.group.key]
        lines.sort(key=lambda line: (line.figures[at].value or 0, line.figures[at].numerator), reverse=not indicator.rising)
        more = _("，列出最差的 {count} 个").format(count=_BARS) if len(lines) > _BARS else ""
        self.bars_title.setText(_("{indicator}，按{by}{more}").format(indicator=indicator.title, by=found.table.title, more=more))
        self.bars.show_groups([(one.group.key, one.group.title, float(one.figures[at].value or 0), one.figures[at].words, one.red) for one in lines[:_BARS]])
        formula = _("{title}＝{formula}。数据时间 {now}。").format(title=indicator.title, formula=indicator.formula, now=plain(found.table.now))
        self.said.setText(" ".join(word for word in (formula, found.table.total.figures[at].note) if word))
        self.on_map.setEnabled(found.shades is not None)
        self.on_map.setToolTip("" if found.shades is not None else _("按网格、街道或责任单位分组时可以上图"))
        self._shade()

    def _shade(self) -> None:
        self.shades_asked.emit(self.found.shades if self.found is not None and self.on_map.isChecked() else None)

    # --- rows, freezing, writing

    def _open_tile(self, name: str) -> None:
        if self.found is not None:
            one = self.found.tiles[_TILES.index(name)]
            self._open(one, BY_ID[name].title)

    def _open_group(self, key: str) -> None:
        if self.found is not None:
            indicator = str(self.indicator.currentData())
            one = self.found.table.figure(key, indicator)
            if one is not None:
                self._open(one, f"{key} {BY_ID[indicator].title}")

    def _open(self, one: Figure, words: str) -> None:
        """The rows of a count; of a rate those that are missing to the whole, which is what is asked about."""
        if one.text == DASH:
            self.said.setText(one.note or _("没有可以列出的问题。"))
            return
        missing = one.denominator is not None and one.rows.rest
        self.rows_asked.emit(missing or one.rows.numerator, _("{words}：未达到的").format(words=words) if missing else words)

    def _freeze(self) -> None:
        project = self._session.project
        if project is None or self.found is None:
            return
        usual = _("{day} {period}").format(day=self._today().isoformat(), period=self.found.table.period.title)
        name, agreed = QInputDialog.getText(self, _("定格统计"), _("给这份统计取个名称，以后照原样可查："), text=usual)
        if not agreed:
            return
        try:
            edit = freeze(project, self.found.table, name)
        except UserError as error:
            self.said.setText(f"{error.message}{error.hint}")
            return
        self._session.commit(edit, self, lambda: self.said.setText(_("已定格“{name}”。").format(name=name)))

    def _save(self) -> None:
        if self.found is None:
            return
        found = self.found.table
        usual = _("统计_{by}_{day}.xlsx").format(by=found.title, day=self._today().isoformat())
        name, _kind = QFileDialog.getSaveFileName(self, _("存为表格"), usual, "Excel (*.xlsx)")
        if not name:
            return
        titles = [_("排名"), found.title, *(one.title for one in found.indicators), _("扣分")]
        rows: list[list[Scalar]] = [
            [line.place, line.group.title, *(one.text for one in line.figures), None if line.points is None else float(line.points)]
            for line in (*found.lines, found.total)
        ]
        try:
            save_workbook(Path(name), _("{by}统计（{period}）").format(by=found.title, period=found.period.title), found.title, titles, rows)
            self.said.setText(_("已写入 {file}。").format(file=name))
        except UserError as error:
            self.said.setText(f"{error.message}{error.hint}")

    def _on_changed(self, touched: dict[str, set[str]], _source: object) -> None:
        if touched.keys() & {"issue", "zone", "unit", "visit", "deduction"}:
            self.refresh()


def _visited(project: Project) -> str:
    """How many sites were visited today, of all: “61 / 132 个” (SR-61)."""
    today, sites = project.campaign.today, {plain(code) for code in project.features("site").column("code") if code}
    visits = project.features("visit")
    places = zip(visits.column("place_layer"), visits.column("place_code"), visits.column("arrived_at"), strict=True)
    seen = {plain(code) for layer, code, at in places if layer in (None, "site") and isinstance(at, dt.datetime) and at.date() == today}
    return _("{seen} 共 {all} 个").format(seen=len(seen & sites), all=len(sites))
