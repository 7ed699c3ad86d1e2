"""Where the shapes would lie with each coordinate system that is possible, drawn over the district: whoever knows the place sees which is right."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QComboBox, QFileDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from chuangwen.domain.geo import Extent, central_meridian
from chuangwen.exchange.doubts import Answer, Doubt
from chuangwen.exchange.source_crs import Placement
from chuangwen.text import _
from chuangwen.ui.canvas import whole_extent
from chuangwen.ui.importing.map_content import COLOURS, Drawn, ground_layers, placed
from chuangwen.ui.importing.small_map import SmallMap
from chuangwen.ui.parts import button, emptied, plain_words, scrolled, words
from chuangwen.ui.session import Session

CRS = "crs"
"""The doubt that this view answers."""
_NEAR_KM = 30.0
_POINTS = "points"


class PlaceView(QWidget):
    """One line a candidate, the map beside it. `chosen` gives what `--crs` takes; `left` asks for the way back."""

    chosen = Signal(str)
    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._placements: dict[str, Placement] = {}
        self._drawn: dict[str, tuple[Drawn, Drawn]] = {}
        self.radios: dict[str, QRadioButton] = {}
        self.question = words("", "title")
        self.note = words("", "dim")
        self.map = SmallMap(session)
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(self._list)
        column.addStretch(1)
        self.others = QComboBox()
        self.others.activated.connect(self._other)
        self.take = button(_("就放在这里(&T)"), "main")
        self.take.clicked.connect(self._take)
        self.back = button(_("返回(&R)"))
        self.back.clicked.connect(self.left)
        foot = QHBoxLayout()
        foot.addWidget(self.take)
        foot.addWidget(self.back)
        foot.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.question)
        left.addWidget(self.note)
        left.addWidget(scrolled(inside), 1)
        left.addWidget(words(_("都不对？问清楚是什么坐标系，在这里选："), "dim"))
        left.addWidget(self.others)
        left.addLayout(foot)
        page = QHBoxLayout(self)
        page.setContentsMargins(22, 16, 18, 12)
        page.setSpacing(16)
        page.addLayout(left, 5)
        page.addWidget(self.map, 7)

    def show_placements(self, placements: Sequence[Placement], doubt: Doubt | None, answer: str) -> None:
        """The candidates of a look. Answers of the doubt that have no place (放在原处) are offered without one."""
        project = self._session.project
        epsg = project.epsg if project is not None else 0
        self._placements = {one.value: one for one in placements}
        self.question.setText(doubt.question if doubt is not None else _("这些图形应该落在哪里？"))
        far = any(one.distance_km > _NEAR_KM for one in placements)
        self.note.setText(
            _("点一下某一种，右边地图上就显示它会落在哪里。") + (_("离本区很远的多半不对。") if far else "") if placements else _("没有可以画出来的候选。")
        )
        offers = {one.value: Answer(one.value, one.title, one.evidence) for one in placements}
        for answer_ in doubt.answers if doubt is not None else ():
            offers.setdefault(answer_.value, answer_)
        chosen = answer or next((one.value for one in placements if one.chosen), doubt.chosen if doubt is not None else "")
        self._drawn = {}
        for number, one in enumerate(placements):
            colour = COLOURS[number % len(COLOURS)]
            self._drawn[one.value] = (placed(one, epsg, colour, strong=False), placed(one, epsg, colour, strong=True)) if epsg else (Drawn(), Drawn())
        self._fill(offers, chosen)
        self._fill_others(epsg)
        self._preview(chosen)

    def _fill(self, offers: dict[str, Answer], chosen: str) -> None:
        emptied(self._list)
        self.radios = {}
        group = QButtonGroup(self)
        for number, (value, offer) in enumerate(offers.items()):
            radio = QRadioButton(offer.title.replace("&", "&&"))
            if value in self._placements:
                radio.setIcon(_dot(COLOURS[number % len(COLOURS)]))
            radio.setChecked(value == chosen)
            radio.toggled.connect(lambda on, value=value: self._preview(value) if on else None)
            group.addButton(radio)
            self.radios[value] = radio
            self._list.addWidget(radio)
            note = plain_words(offer.note)
            told = note if _("离本区") in note else " ".join(part for part in (self._distance(value), note) if part)
            if told:
                line = words(told, "dim")
                line.setContentsMargins(24, 0, 0, 4)
                self._list.addWidget(line)
        self.take.setEnabled(chosen in self.radios)

    def _distance(self, value: str) -> str:
        one = self._placements.get(value)
        if one is None:
            return ""
        return _("离本区约 {km:.0f} 公里。").format(km=one.distance_km) if one.distance_km >= 1 else _("落在本区。")

    def _fill_others(self, epsg: int) -> None:
        self.others.clear()
        self.others.setPlaceholderText(_("其他坐标系……"))
        self.others.addItem(_("让程序自己判断"), "auto")
        if epsg:
            self.others.addItem(_("和本项目相同（中央经线 {degrees}°）").format(degrees=central_meridian(epsg)), f"EPSG:{epsg}")
        self.others.addItem(_("经纬度（国家2000、GPS）"), "EPSG:4490")
        self.others.addItem(_("高德、腾讯、微信的经纬度（GCJ-02）"), "gcj02")
        self.others.addItem(_("百度的经纬度（BD-09）"), "bd09")
        for code in range(4534, 4555):
            self.others.addItem(_("国家2000 三度带，中央经线 {degrees}°").format(degrees=central_meridian(code)), f"EPSG:{code}")
        self.others.addItem(_("地方坐标：按控制点表放置…"), _POINTS)
        self.others.setCurrentIndex(-1)

    def _other(self, number: int) -> None:
        value = self.others.itemData(number)
        if value == _POINTS:
            name, _kind = QFileDialog.getOpenFileName(self, _("控制点表"), "", _("控制点表 (*.csv *.xlsx *.txt);;所有文件 (*)"))
            value = f"points:{name}" if name else ""
        if value:
            self.chosen.emit(value)

    def _preview(self, value: str) -> None:
        self.take.setEnabled(value in self.radios)
        pairs = [pair[1 if one == value else 0] for one, pair in self._drawn.items()]
        content = [item for drawn in pairs for item in drawn.content]
        one = self._placements.get(value)
        self.map.show_shapes(content, one.title if one is not None else "")
        extent = self._drawn[value][1].extent if value in self._drawn else None
        home = self._home()
        if extent is not None and home is not None and one is not None and one.distance_km < _NEAR_KM:
            extent = extent.joined(home)
        self.map.look_at(extent or home, home=True)

    def _home(self) -> Extent | None:
        project = self._session.project
        tables = [project.features(name) for name in ground_layers() if name in project.layers] if project is not None else []
        return whole_extent(tables)

    def _take(self) -> None:
        for value, radio in self.radios.items():
            if radio.isChecked():
                self.chosen.emit(value)


def _dot(colour: str) -> QIcon:
    picture = QPixmap(24, 24)
    picture.setDevicePixelRatio(2)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor("#ffffff"))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(1, 1, 10, 10)
    painter.end()
    return QIcon(picture)
